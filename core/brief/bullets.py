"""The sentences of a brief, as tables of templates; the facts decide which sentences are used."""

from collections.abc import Collection, Mapping

from core.answer import Fact
from core.brief.prose import count_words
from core.brief.verdicts import CANT_SAY
from core.dataclass import dataclass
from core.questions.shared_facts import SHORTEST
from core.text import known_parts, render

_STALE_DAYS = 30
"""A brief says that its data are old if they are older than this on its day."""
MOST_BULLET_WORDS = 30
_PAYS = 0.75
"""Patience pays if open models match at least this share of scores within a year."""


@dataclass(frozen=True)
class Bullet:
    """One idea, as words or templates; a story may show a `remark` below it (None: no remark)."""

    text: str
    remark: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the text, and the remark if there is one."""
        return (self.text, self.remark) if self.remark else (self.text,)


@dataclass(frozen=True)
class Draft(Bullet):
    """A bullet as a template, with its role in the brief and the rank of the role: the highest is dropped first."""

    role: str = ""
    rank: int = 0


Sentences = tuple[tuple[str, str, str], ...]
"""The part that a sentence belongs to, its signs, and its template.

A sentence is used if a brief has all its signs, and none of those with a minus. Signs are the keys of the brief's
facts and of `_derive_signs`. A part in brackets is used if its own facts exist."""

# ---- the title and the deck

_TITLES: Sentences = (
    ("turned", "slips", "Open models slip: the gap is {verdict}"),
    ("turned", "gains", "Open models gain: the gap is {verdict}"),
    ("turned", "-is-new-state", "It is no longer clear that the gap is {turned}"),
    ("news.open", "records is-behind", "{news.open} takes {records} open records, and open models still trail"),
    ("news.open", "records", "{news.open} takes {records} open records"),
    ("news.open", "is-late is-behind",
     "{news.open} matches {first} at {news.open.level} on {news.open.test}, and open models still trail"),
    ("news.open", "is-late", "{news.open} matches {first} at {news.open.level} on {news.open.test}"),
    ("news.open", "", "{news.open} sets an open record on {news.open.test}"),
    ("raised.closed", "records", "{raised.closed} takes {records} records that no open model has matched"),
    ("raised.closed", "", "{raised.closed} sets a record on {raised.closed.test} that no open model has matched"),
    ("raised.closed", "", "{raised.closed} sets a record on {raised.closed.test}"),
    ("corrected", "", "A correction: the gap was {corrected} on {turn.day}"),
    ("is-silent", "scores", "{scores}, no catch-up among them"),
    ("is-silent", "", "No new data since {newest.day}"),
    ("last", "", "A quiet {period}: no catch-up since {last}[ {last.month}]"),
    ("", "", "A quiet {period}: no catch-up was counted"),
)  # fmt: skip
"""Titles by the sign that leads a brief; the first sign that a brief has wins. Titles with the same sign are sorted
from the fullest.

A changed verdict is the biggest news; a corrected one leads only if there is no other news. After the last day of
complete data, no title says that something is absent."""
_STAND = "models that anyone can download {} closed ones, which stay with their makers"
_DECKS: Sentences = (
    ("deck", "is-new-state",
     "On {turn.day} the data could not say so. Open models are those that anyone can download; closed ones stay with"
     " their makers."),
    ("deck", "-is-new-state then -is-over", f"On {{then.tests}}, {_STAND.format('are where')}, were around {{then}}."),
    ("deck", "-is-new-state then is-over",
     f"By {{newest.day}}, on {{then.tests}}, {_STAND.format('were where')}, were around {{then}}."),
    ("deck", "-is-new-state then.tests -then", f"On {{then.tests}}, {_STAND.format('are ahead of')}."),
)  # fmt: skip
"""The deck says what the title means, and in passing what open, closed and private are."""


def draft_titles(facts: Mapping[str, Fact]) -> list[str]:
    """Return the templates of the title, the fullest first: the first that is short enough is shown."""
    signs = _find_signs(facts)
    lead = next(lead for lead, _, _ in _TITLES if lead in signs or not lead)
    return _select_sentences(_TITLES, lead, signs)


def draft_deck(facts: Mapping[str, Fact]) -> str:
    """Return the template of the deck, the line under the title."""
    return " ".join(_select_sentences(_DECKS, "deck", _find_signs(facts)))


# ---- the bullets

_PUBLIC = "[ ({range.public})][, {training-to-test}]."
"""What flatters open models on public tests is in the same sentence as their figure."""
_BULLETS: Sentences = (
    ("turned", "is-new-state", "Across {tests} the gap is {change} than in {start}[ ({change.range})]."),
    ("turned", "is-new-state year", "Over the past year {year}."),
    ("turned", "turned -is-new-state", "On {turn.day} the gap was {turned}. Now it is {verdict}."),
    ("quiet", "-is-silent", "No catch-up has been counted since {since}."),
    ("quiet", "is-silent scores", "None of {scores} is a catch-up."),
    ("quiet", "last", "The latest catch-up was [{last.whose} ]{last} at {last.level} on {last.test}[, {last.what}]."),
    ("records", "news.open.from", "{news.open.from} released {news.open} on {news.open.day}."),
    ("records", "news.open -news.open.from", "{news.open} came out on {news.open.day}."),
    ("records", "news.open records.tests", "It set open records on {records.tests}."),
    ("records", "news.open -records",
     "It is the first open model to reach {news.open.level} on {news.open.test}[, {news.open.what}]."),
    ("records", "records late", "This became known on {late}."),
    ("records", "raised.closed.from", "{raised.closed.from} released {raised.closed} on {raised.closed.day}."),
    ("records", "raised.closed -raised.closed.from", "{raised.closed} came out on {raised.closed.day}."),
    ("records", "raised.closed records.tests", "It set records on {records.tests} that no open model has matched."),
    ("records", "raised.closed -records",
     "It is the first model to reach {raised.closed.level} on {raised.closed.test}[, {raised.closed.what}]."),
    ("sharpest", "news.open records",
     "Its sharpest result is {news.open.level} on {news.open.test}[, {news.open.what}]."),
    ("sharpest", "first", "[{first.whose} ]{first}, a closed model, got there {first.lag}."),
    ("sharpest", "-records late", "The match became known on {late}."),
    ("sharpest", "raised.closed records",
     "Its sharpest result is {raised.closed.level} on {raised.closed.test}[, {raised.closed.what}]."),
    ("sharpest", "near", "The best open score there, by [{near.whose} ]{near}, is {near.score}."),
    ("wait", "wait", "That wait is {wait}: across {wait.others}, {wait.spread}."),
    ("also", "also", "Also new: [{also.whose} ]{also}, {also.news}."),
    ("also", "is-alone", "No catch-up has been counted since {since}."),
    ("corrected", "corrected",
     "A correction: on {turn.day} we called the gap {corrected.stated}. By corrected data it was {corrected}."),
    ("overall", "deck.private",
     "Overall[, {measure}], open models {deck.private} on private tests[ ({range.private})]."),
    ("overall", "deck.private deck.public is-both-behind", f"Public tests say {{deck.public}}{_PUBLIC}"),
    ("overall", "deck.private deck.public -is-both-behind", f"On public tests they {{deck.public}}{_PUBLIC}"),
    ("overall", "-deck.private deck.public",
     f"Overall[, {{measure}}], open models {{deck.public}} on public tests{_PUBLIC}"),
    ("overall", "none.private", "Private tests, whose questions are secret, give no figure."),
    ("overall", "none.public", "Public tests, whose questions anyone can read, give no figure."),
    ("direction", "growing -is-new-state change",
     "Is the gap growing? {growing}: across {tests} it is {change} than in {start}[ ({change.range})]."),
    ("direction", "growing -is-new-state change.either",
     "Is the gap growing? {growing}: across {tests} it may be {change.either} than in {start}."),
    ("direction", "growing -is-new-state -change -change.either", "Is the gap growing? {growing}."),
    ("direction", "year -is-new-state -is-quiet", "Over the past year {year}."),
    ("direction", "year.unsure change -is-new-state -is-quiet", "Over the past year it is {year.unsure}."),
    ("direction", "year.unsure -change -is-new-state -is-quiet", "Nor is the past year clear."),
    ("plain", "is-new-state then",
     "In plain terms: on {then.tests}, open models now do what closed ones did around {then}."),
    ("matches", "within pays",
     "Patience pays: open models match {within.6} of the closed scores on {within} within {time.6}, and {within.12}"
     " within {time.12}."),
    ("matches", "within -pays",
     "In plain terms: open models match {within.6} of the closed scores on {within} within {time.6}, and {within.12}"
     " within {time.12}."),
    ("caution", "doubt", "A caution: that {doubt} rests on one outside list."),
    ("caution", "-doubt is-stale", "A caution: the newest complete data are {age} old."),
    ("caution", "-doubt -is-stale vendors",
     "A caution: {vendors} {vendors.share} of the weight in catch-ups on private tests. {vendors.why}."),
    ("watch", "watch", "To watch: {watch.test}[, {watch.what}]."),
    ("watch", "watch", "[{watch.whose} ]{watch} reached {watch.level}[ {watch.month}]."),
    ("watch", "watch.near", "The best open score, by [{watch.near.whose} ]{watch.near}, is {watch.near.score}."),
    ("watch", "-watch", "To watch: the next closed record. Open models have matched all that count here."),
)  # fmt: skip
"""The sentences of each bullet."""
_RANKS = {
    "turned": 1, "quiet": 1, "records": 1, "corrected": 1, "overall": 1, "sharpest": 2, "direction": 3, "plain": 3,
    "watch": 4, "wait": 5, "caution": 6, "also": 7, "matches": 8,
}  # fmt: skip
"""The ranks of the bullets: the highest is dropped first if a brief is too long."""
_WITH_NEWS = (
    "turned", "records", "sharpest", "wait", "also", "corrected", "overall", "direction", "plain", "matches",
    "caution", "watch",
)  # fmt: skip
_WITHOUT_NEWS = ("quiet", "overall", "direction", "matches", "watch")
"""The bullets in order: the result, whether its wait is typical, how large the gap is, whether it grows, what that
means, what may be wrong, what to watch."""


def draft_bullets(facts: Mapping[str, Fact], is_news: bool) -> list[Draft]:
    """Return the bullets that have facts, in order, including those that may not fit."""
    signs = _find_signs(facts)
    bullets = []
    for role in _WITH_NEWS if is_news else _WITHOUT_NEWS:
        text = " ".join(_select_sentences(_BULLETS, role, signs))
        if count_words(render(text, facts.values())) > MOST_BULLET_WORDS:  # it goes without what the test is
            text = " ".join(_select_sentences(_BULLETS, role, {sign for sign in signs if not sign.endswith(".what")}))
        if text:
            bullets.append(Draft(text, None, role, _RANKS[role]))
    return bullets


def draft_foot(*, is_late: bool, is_complete: bool) -> str:
    """Return the template of the last line: the days and tests of the data, and what the brief was written from."""
    complete = "" if is_complete else ", complete to {newest_data}"
    known = "" if is_late else ", as known on {published}"
    later = " Written later, on {today}, with scores not known on {published}." if is_late else ""
    return (
        f"Data to {{newest_score}}{complete}{known}, {{boards}}; figures average {{average}}; likely = {{interval}};"
        f" method {{method}}.{later}"
    )


# ---- which sentences are used


def _find_signs(facts: Mapping[str, Fact]) -> set[str]:
    """Return the signs that decide which sentences are used: the facts' keys, and signs derived from values."""
    return {*facts, *(sign for sign, holds in _derive_signs(facts).items() if holds)}


def _derive_signs(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """Return every sign that is not a fact's key, and whether it holds."""
    verdict = facts["verdict"].value
    is_new_state = "turned" in facts and verdict != CANT_SAY
    is_silent = facts["newest.day"].day < facts["published"].day
    is_quiet = not {"news.open", "raised.closed", "turned", "corrected"} & facts.keys()
    deck = [float(facts[key].value or 0.0) for key in ("deck.private", "deck.public") if key in facts]
    age, lag, year = (
        float(facts[key].value or 0.0) if key in facts else 0.0 for key in ("age", "first.lag", "within.12")
    )
    return {
        "is-silent": is_silent,  # no complete data for the brief's last days
        "is-quiet": is_quiet,  # no news
        "is-over": is_silent and is_quiet,
        "is-stale": age > _STALE_DAYS,
        "is-late": lag > 0 and "records" not in facts,
        "is-behind": bool(deck) and deck[0] >= SHORTEST,
        "is-both-behind": len(deck) > 1 and min(deck) >= SHORTEST,
        "is-alone": "raised.closed" in facts and "also" not in facts and not is_silent,
        "is-new-state": is_new_state,  # the gap became wider or narrower
        "slips": is_new_state and verdict == "wider",
        "gains": is_new_state and verdict == "narrower",
        "pays": year >= _PAYS,
    }


def _select_sentences(sentences: Sentences, part: str, signs: Collection[str]) -> list[str]:
    """Return the templates of a part whose signs hold."""
    return [
        known_parts(text, signs)
        for of, needed, text in sentences
        if of == part and all((sign.removeprefix("-") in signs) != sign.startswith("-") for sign in needed.split())
    ]
