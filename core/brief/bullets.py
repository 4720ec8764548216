"""The sentences of a brief, as tables of templates; the facts decide which sentences are used."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from core.answer import Fact
from core.brief.verdicts import CANT_SAY
from core.questions.shared_facts import CATCH_UP, INDEX
from core.text import known_parts
from core.words import CLASSES, and_list

_PERIODS = ((2, "day"), (14, "week"), (45, "month"))
"""Names for the time since the last brief, with the maximum number of days for each name."""
_MATCHED = ("within.6", "within.12", "unmatched")
"""The keys of the facts in a class's bullet on matches."""
_STALE_DAYS = 30
"""A brief says that its data are out of date if they are older than this on its day."""


@dataclass(frozen=True)
class Bullet:
    """One idea, as words or templates; `remark` is shown below it (None: no remark)."""

    text: str
    remark: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the text, and the remark if there is one."""
        return (self.text, self.remark) if self.remark else (self.text,)


@dataclass(frozen=True)
class Draft(Bullet):
    """A bullet as templates. The weights decide the order in which bullets and remarks are dropped to save room.

    The largest weight is dropped first.
    """

    weight: int = 0
    remark_weight: int = 0


Sentences = tuple[tuple[str, str, str], ...]
"""The part that a sentence belongs to, its signs, and its template.

A sentence is used if a brief has all its signs, and none of those with a minus. Signs are the keys of the brief's
facts and of `_derive_signs`. A part in brackets is used if its own facts exist."""

# ---- the title and the deck

_TITLES: Sentences = (
    ("turned", "verdict.is-state", "The gap is now {verdict} than in {start}"),
    ("turned", "-verdict.is-state", "The gap is no longer {turned} than in {start}"),
    ("news.open", "news.tests", "{news.open} sets open records on {news.tests}"),
    ("news.open", "is-behind", "{news.open} matches {news.closed} at {news.level} on {news.test}, {news.after}"),
    ("news.open", "", "{news.open} is the first open model at {news.level} on {news.test}"),
    ("news.open", "", "{news.open}, an open model, reaches {news.level} on {news.test}"),
    ("news.open", "", "{news.open} reaches {news.level} on {news.test}"),
    ("news.open", "", "{news.open} sets an open record"),
    ("raised.closed", "raised.tests", "{raised.closed} sets new records on {raised.tests}"),
    ("raised.closed", "", "{raised.closed} reaches {raised.level} on {raised.test}; no open model has"),
    ("raised.closed", "", "{raised.closed} reaches {raised.level} on {raised.test}"),
    ("raised.closed", "", "{raised.closed} sets a new record"),
    ("corrected", "corrected.is-state", "With corrected data the gap was {corrected} than in {start} already"),
    ("corrected", "-corrected.is-state", "With corrected data the gap was not {corrected.stated} than in {start}"),
    ("is-silent", "scores", "{scores}, no open record among them"),
    ("is-silent", "-scores has-days", "No open record from {since} to {newest.day}"),
    ("is-silent", "-scores -has-days", "No new data since {newest.day}"),
    ("last.day", "scores", "A quiet PERIOD: {scores}, no open record since {last.month}"),
    ("last.day", "", "A quiet PERIOD: no open record since {last.open} in {last.month}"),
    ("last.day", "", "A quiet PERIOD: no open record since {last.day}"),
    ("", "", "A quiet PERIOD: no open model has set a record"),
)
"""Titles by the sign that leads a brief; the first sign that a brief has wins. Titles with the same sign are sorted
from the fullest.

A changed verdict is the biggest news; a corrected one leads only if there is no other news. After the last day of
complete data, no title says that something is absent."""


def draft_titles(facts: Mapping[str, Fact]) -> list[str]:
    """Return the templates of the title, the fullest first: the first that is short enough is shown."""
    signs = _find_signs(facts)
    lead = next(lead for lead, _, _ in _TITLES if lead in signs or not lead)
    since, published = (date.fromisoformat(facts[key].day) for key in ("since", "published"))
    period = next((name for most, name in _PERIODS if (published - since).days <= most), "time")
    return [title.replace("PERIOD", period) for title in _select_sentences(_TITLES, lead, signs)]


def draft_deck(facts: Mapping[str, Fact]) -> str:
    """Return the template of the deck: each class's figure with its range, and its last month."""
    known = [name for name in CLASSES if f"deck.{name}" in facts]
    months = {facts[f"month.{name}"].shown if f"month.{name}" in facts else None for name in known}
    is_one = len(months) == 1 and None not in months
    parts: list[str] = []
    for name in known:
        tests = "ones" if parts else "tests"
        asides = [f"{{range.{name}}}"] if f"range.{name}" in facts else []
        asides += [f"to {{month.{name}}}"] if f"month.{name}" in facts and not is_one else []
        parts.append(f"{{deck.{name}}} on {name} {tests}" + (f" ({', '.join(asides)})" if asides else ""))
    measure = facts[f"deck.{known[0]}"].measure if known else ""
    begin = "By catch-up time open models are" if measure.endswith(CATCH_UP) else "Open models stand"
    if measure == INDEX:
        end = ", on average over {average}" + (f" to {{month.{known[0]}}}" if is_one else "")
    else:
        end = f", up to {{month.{known[0]}}}" if is_one else ""
    return f"{begin} {and_list(parts)}{end}."


# ---- the bullets

_VIEW = "{view.source} published another view on {view.day}. It measures {view.measures}. It says {view.figure}."
_AGE = "The newest complete data is of {newest.day}, {age}"
_STALE = f"{_AGE}: the figures below may be out of date."
_FLATTERED = "{deck.public}[, {range.public}][; training towards these can make {training-to-test.effect}]."
"""The caveat on what flatters open models on public tests is in the same sentence as their figure."""
_BULLETS: Sentences = (
    ("quiet", "-is-silent", "No model has set a record since {since}."),
    ("quiet", "is-silent has-days", "From {since} to {newest.day} no model set a record."),
    ("quiet", "-has-days scores", "{scores} of {scores.models} came into the data, no record among them."),
    ("quiet", "is-silent -is-empty is-stale", _STALE),
    ("quiet", "is-silent -is-empty -is-stale", f"{_AGE}."),
    ("quiet", "is-empty", "No new data since {newest.day}: the figures below are {age}."),
    ("quiet", "is-empty", "The brief of that day has the last news."),
    ("quiet", "last.open", "The last open record was of {last.open}[ ({last.open.maker})], out on {last.day}."),
    ("quiet", "last.open", "It reached {last.level} on {last.test}, a {last.kind} test[ of {last.asks}]."),
    ("quiet", "has-days scores", "{scores} of {scores.models} came into the data."),
    ("quiet, remark", "view.source", _VIEW),
    ("turned", "is-new-state", "The gap is now {verdict} than in {start}: {direction.range}."),
    ("turned", "is-new-state turned.is-state", "On {turned.day} it was {turned}."),
    ("turned", "is-new-state -turned.is-state", "On {turned.day} it was too close to call."),
    ("turned", "turned -is-new-state",
     "On {turned.day} the gap was {turned} than in {start}; now it is too close to call."),
    ("records", "news.open", "{news.open}[ ({news.open.maker})] came out on {news.day}."),
    ("records", "news.tests", "It set open records on {news.tests}."),
    ("records", "news.tests", "On {news.test}, a {news.kind} test[ of {news.asks}], it reached {news.level}."),
    ("records", "news.open -news.tests",
     "It is the first open model to reach {news.level} on {news.test}, a {news.kind} test[ of {news.asks}]."),
    ("records", "news.open", "The closed model {news.closed}[ ({news.closed.maker})] got there {news.lag}."),
    ("records", "raised.closed", "{raised.closed}[ ({raised.closed.maker})] came out on {raised.day}."),
    ("records", "raised.tests", "It set records on {raised.tests} that no open model has matched."),
    ("records", "raised.tests",
     "On {raised.test}, a {raised.kind} test[ of {raised.asks}], it reached {raised.level}."),
    ("records", "raised.closed -raised.tests",
     "It is the first model to reach {raised.level} on {raised.test}, a {raised.kind} test[ of {raised.asks}]."),
    ("records", "raised.near", "{raised.near}[ ({raised.near.maker})] has {raised.best}, the best open score there."),
    ("records, remark", "news.scored", "Its score has been known since {news.scored}."),
    ("records, remark", "news.opened", "It has been listed as open since {news.opened}."),
    ("records, remark", "news.doubt", "That {news.doubt} rests on one outside list."),
    ("records, remark", "is-alone -is-silent", "No open model set one since {since}."),
    ("records, remark", "is-alone is-silent has-days", "No open model set one from {since} to {newest.day}."),
    ("records, remark", "news.count", "Across the {news.count} since {since}, the typical catch-up took {news.lags}."),
    ("records, remark", "also.open", "Other open models set records too: {also.open}."),
    ("records, remark", "also.closed", "Closed models moved on too: {also.closed}."),
    ("corrected", "corrected.stated.is-state",
     "A correction: on {corrected.day} we called the gap {corrected.stated} than in {start}."),
    ("corrected", "corrected -corrected.stated.is-state",
     "A correction: on {corrected.day} we found the gap too close to call."),
    ("corrected", "corrected.is-state", "With corrected data it was already {corrected} than in {start}."),
    ("corrected", "corrected -corrected.is-state", "With corrected data it was too close to call."),
    ("stale", "is-stale", _STALE),
    ("private", "deck.private -is-catch-up",
     "On private tests, whose questions are secret, open models stand {deck.private}[, {range.private}]."),
    ("private", "deck.private is-catch-up",
     "On private tests, whose questions are secret, catch-up time puts open models {deck.private}[,"
     " {range.private}]."),
    ("no private", "gap.private -deck.private",
     "Private tests, whose questions are secret, give no figure yet: {why.private}."),
    ("public", "gap.public -deck.public",
     "Public tests, which developers can train towards, give no figure yet: {why.public}."),
    ("public", "deck.public -is-catch-up deck.private", f"On public tests they stand {_FLATTERED}"),
    ("public", "deck.public -is-catch-up -deck.private", f"On public tests open models stand {_FLATTERED}"),
    ("public", "deck.public is-catch-up deck.private", f"On public tests catch-up time puts them {_FLATTERED}"),
    ("public", "deck.public is-catch-up -deck.private", f"On public tests catch-up time puts open models {_FLATTERED}"),
    ("direction", "-is-new-state",
     "Is the gap growing? {growing}[: on all tests together it is {direction.range} than in {start}]."),
    ("direction", "-is-new-state growing.year", "{growing.year}."),
    ("direction, remark", "view.source", _VIEW),
    ("view", "is-new-state view.source", _VIEW),
    ("matches", "matches.private",
     "On private tests open models match {within.6.private} of closed scores within {time.6} and {within.12.private}"
     " within {time.12}."),
    ("matches", "matches.public -matches.private",
     "On public tests open models match {within.6.public} of closed scores within {time.6} and {within.12.public}"
     " within {time.12}."),
    ("matches", "matches.public matches.private", "On public tests it is {within.6.public} and {within.12.public}."),
    ("matches", "matches.private matches.public", "Still unmatched: {unmatched.private} and {unmatched.public}."),
    ("matches", "matches.private -matches.public", "Still unmatched: {unmatched.private}."),
    ("matches", "matches.public -matches.private", "Still unmatched: {unmatched.public}."),
    ("caution", "vendor-access.effect vendors.arc is-mostly-arc",
     "{vendors.arc} {vendors.arc.share} of private catch-up time. The secret questions pass through labs' servers,"
     " which can make {vendor-access.effect}."),
    ("caution", "vendor-access.effect vendors.frontiermath -is-mostly-arc",
     "{vendors.frontiermath} {vendors.frontiermath.share} of private catch-up time. OpenAI funded it and has seen"
     " questions from it, which can make {vendor-access.effect}."),
    ("watch", "-wait.closed",
     "Open models have matched every score that counts here and that closed ones have reached."),
    ("watch", "wait.closed",
     "To watch: {wait.test}[ ({wait.asks})] at {wait.level}. {wait.closed}[ ({wait.closed.maker})] got there on"
     " {wait.day}."),
    ("watch", "wait.near",
     "By {wait.until}, {wait.age}, {wait.near}[ ({wait.near.maker})] has {wait.best}, the best open score there."),
    ("watch", "wait.closed -wait.near", "By {wait.until}, {wait.age}, no open model tried there has matched it."),
    ("watch, remark", "wait.slow", "A match would {wait.slow}."),
)  # fmt: skip
"""The sentences of each bullet and of its remark."""
_WEIGHTS = {
    "turned": 1, "records": 1, "records, remark": 3, "corrected": 1, "stale": 1, "quiet": 1, "quiet, remark": 5,
    "private": 2, "no private": 3, "public": 3, "direction": 4, "direction, remark": 5, "view": 5, "matches": 6,
    "caution": 7, "watch": 5, "watch, remark": 10,
}  # fmt: skip
"""The weights of bullets and remarks: the largest is dropped first if there is no room."""
_WITH_NEWS = (
    "turned", "records", "corrected", "stale", "private", "no private", "public", "direction", "view", "matches",
    "caution", "watch",
)  # fmt: skip
_WITHOUT_NEWS = ("quiet", "private", "no private", "public", "matches", "watch")
"""The bullets in order: what is new, why it matters, how large the gap is, what may be wrong, what to watch.

Without news there are at most five, and old news is not dressed up."""


def draft_bullets(facts: Mapping[str, Fact], is_news: bool) -> list[Draft]:
    """Return the bullets that have facts, in order, including those that may not fit."""
    signs = _find_signs(facts)
    bullets = []
    for role in _WITH_NEWS if is_news else _WITHOUT_NEWS:
        text, remark = (" ".join(_select_sentences(_BULLETS, part, signs)) for part in (role, f"{role}, remark"))
        if text:
            bullets.append(Draft(text, remark or None, _WEIGHTS[role], _WEIGHTS.get(f"{role}, remark", 0)))
    return bullets


def draft_foot(known: Collection[str], *, is_late: bool) -> str:
    """Return the template of the last line: the data behind the figures, and whether they include hindsight."""
    late = " Written on {today} with today's data: it uses scores that were not known on {published}."
    return known_parts(
        "Figures as of {as_of}; newest complete data {newest_data}.[ Private tests: {basis.private}.]"
        "[ Public tests: {basis.public}.] “Likely” gives a range that is meant to hold in {interval} of cases."
        f" Method {{method}}.{late if is_late else ''}",
        known,
    )


# ---- which sentences are used


def _find_signs(facts: Mapping[str, Fact]) -> set[str]:
    """Return the signs that decide which sentences are used: the facts' keys, and signs derived from values."""
    return {*facts, *(sign for sign, holds in _derive_signs(facts).items() if holds)}


def _derive_signs(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """Return every sign that is not a fact's key, and whether it holds."""
    since, complete_to, published = (facts[key].day for key in ("since", "newest.day", "published"))
    is_state = {  # wider or narrower
        key: key in facts and facts[key].value != CANT_SAY
        for key in ("verdict", "turned", "corrected", "corrected.stated")
    }
    numbers = ("age", "news.lag", "vendors.arc.share", "vendors.frontiermath.share")
    age, lag, arc, frontiermath = (float(facts[key].value or 0.0) if key in facts else 0.0 for key in numbers)
    return {
        "is-silent": complete_to < published,  # no complete data for the brief's last days
        "has-days": since < complete_to,  # complete data for some days since the last brief
        "is-empty": since >= complete_to and "scores" not in facts,
        "is-stale": age > _STALE_DAYS,
        "is-behind": lag > 0,
        # a closed model's record, but no open one
        "is-alone": "raised.closed" in facts and not {"news.count", "also.open"} & facts.keys(),
        "is-new-state": "turned" in facts and is_state["verdict"],  # the gap became wider or narrower
        "is-mostly-arc": arc >= frontiermath,  # among the private tests whose questions labs may see
        "is-catch-up": any(fact.key.startswith("deck.") and fact.measure.endswith(CATCH_UP) for fact in facts.values()),
        **{f"{key}.is-state": holds for key, holds in is_state.items()},
        **{f"matches.{name}": all(f"{key}.{name}" in facts for key in _MATCHED) for name in CLASSES},
    }


def _select_sentences(sentences: Sentences, part: str, signs: Collection[str]) -> list[str]:
    """Return the templates of a part whose signs hold."""
    return [
        known_parts(text, signs)
        for of, needed, text in sentences
        if of == part and all((sign.removeprefix("-") in signs) != sign.startswith("-") for sign in needed.split())
    ]
