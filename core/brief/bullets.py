"""The sentences of a brief, as templates: which are said follows from the facts that there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from core.answer import Fact
from core.brief.verdicts import CANT_SAY
from core.questions.shared_facts import CATCH_UP, INDEX
from core.text import known_parts
from core.words import CLASSES, and_list

_PERIODS = ((2, "day"), (14, "week"), (45, "month"))
"""Days up to which a time since the last brief is called so."""
_STALE_DAYS = 30
"""Data that is older than this on the brief's day is said to be."""
_AGE = "The newest complete data is of {newest.day}, {age}"
_STALE = f"{_AGE}: the figures below may be out of date."
_RECORD = (
    "{who}[ ({who.maker})] came out on {at.day}. It set {records} on {at.tests}{alone}. On {at.test}, a {at.kind} test"
    "[ of {at.asks}], it reached {at.level}."
)
_FIRST = (
    "{who}[ ({who.maker})] came out on {at.day}. It is the first {model} to reach {at.level} on {at.test}, a {at.kind}"
    " test[ of {at.asks}]."
)
_LAGS = "Across the {news.count} since {since}, the typical catch-up took {news.lags}."
_VIEW = "{view.source} published another view on {view.day}. It measures {view.measures}. It says {view.figure}."
_VENDORS = {
    "arc": "The secret questions pass through labs' servers, which can make {vendor-access.effect}.",
    "frontiermath": "OpenAI funded it and has seen questions from it, which can make {vendor-access.effect}.",
}
"""Why labs may see the questions of a family of tests."""


@dataclass(frozen=True)
class Draft:
    """A bullet as templates; `weight` says how early it is dropped where room is short, the largest first."""

    text: str
    weight: int
    remark: str | None = None
    remark_weight: int = 0

    @property
    def parts(self) -> tuple[str, ...]:
        """Return its text, and its remark where it has one."""
        return (self.text, self.remark) if self.remark else (self.text,)


# ---- title and deck


def titles(facts: Mapping[str, Fact]) -> list[str]:
    """Return templates for the title, the fullest first: the shown one is the first that is short enough.

    A verdict that changed is the biggest news there is; one that was corrected leads where nothing else does.
    """
    if "turned" in facts:
        is_entered = facts["verdict"].value != CANT_SAY
        return [f"The gap is {'now {verdict}' if is_entered else 'no longer {turned}'} than in {{start}}"]
    if "news.open" in facts:
        at, is_behind = "{news.level} on {news.test}", float(facts["news.lag"].value or 0.0) > 0
        return [
            *(["{news.open} sets open records on {news.tests}"] if "news.tests" in facts else []),
            *([f"{{news.open}} matches {{news.closed}} at {at}, {{news.after}}"] if is_behind else []),
            f"{{news.open}} is the first open model at {at}",
            f"{{news.open}}, an open model, reaches {at}",
            f"{{news.open}} reaches {at}",
            "{news.open} sets an open record",
        ]
    if "raised.closed" in facts:
        return [
            *(["{raised.closed} sets new records on {raised.tests}"] if "raised.tests" in facts else []),
            "{raised.closed} reaches {raised.level} on {raised.test}; no open model has",
            "{raised.closed} reaches {raised.level} on {raised.test}",
            "{raised.closed} sets a new record",
        ]
    if "corrected" in facts:
        was = "{corrected} than in {start} already" if facts["corrected"].value != CANT_SAY else (
            "not {corrected.stated} than in {start}")  # fmt: skip
        return [f"With corrected data the gap was {was}"]
    return _quiet_titles(facts)


def _quiet_titles(facts: Mapping[str, Fact]) -> list[str]:
    """Return titles of a time without a record: past the last day of complete data nothing is said to be absent."""
    if _is_silent(facts):
        if "scores" in facts:
            return ["{scores}, no open record among them"]
        if _day(facts["since"]) >= _day(facts["newest.day"]):
            return ["No new data since {newest.day}"]
        return ["No open record from {since} to {newest.day}"]
    quiet = f"A quiet {_period(facts)}: "
    since = [f"{quiet}no open record since {end}" for end in ("{last.open} in {last.month}", "{last.day}")]
    scores = [f"{quiet}{{scores}}, no open record since {{last.month}}"] if "scores" in facts else []
    return [*scores, *since] if "last.day" in facts else [f"{quiet}no open model has set a record"]


def _is_silent(facts: Mapping[str, Fact]) -> bool:
    """Whether there are no complete data of the brief's last days."""
    return _day(facts["newest.day"]) < _day(facts["published"])


def _period(facts: Mapping[str, Fact]) -> str:
    days = (_day(facts["published"]) - _day(facts["since"])).days
    return next((name for most, name in _PERIODS if days <= most), "time")


def _day(fact: Fact) -> date:
    return date.fromisoformat(fact.day)


def deck(facts: Mapping[str, Fact]) -> str:
    """Return the template of how things stand: each class's figure with its range, and up to which month."""
    known = [name for name in CLASSES if f"deck.{name}" in facts]
    months = {name: facts[f"month.{name}"].shown for name in known if f"month.{name}" in facts}
    is_one = len(set(months.values())) == 1 and len(months) == len(known)
    parts = []
    for number, name in enumerate(known):
        asides = [f"{{range.{name}}}"] if f"range.{name}" in facts else []
        asides += [f"to {{month.{name}}}"] if name in months and not is_one else []
        aside = f" ({', '.join(asides)})" if asides else ""
        parts.append(f"{{deck.{name}}} on {name} {'ones' if number else 'tests'}{aside}")
    measure = facts[f"deck.{known[0]}"].measure if known else ""
    begin = "By catch-up time open models are" if measure.endswith(CATCH_UP) else "Open models stand"
    if measure == INDEX:
        end = f", on average over {{average}} to {{month.{known[0]}}}." if is_one else ", on average over {average}."
    else:
        end = f", up to {{month.{known[0]}}}." if is_one else "."
    return f"{begin} {and_list(parts)}{end}"


# ---- bullets


def drafts(facts: Mapping[str, Fact], is_news: bool) -> list[Draft]:
    """Return the bullets in order: what is new, why it matters, how it stands, what may be wrong, what to watch.

    Without news there are five at most, and old news is not dressed up.
    """
    view = _VIEW if "view.source" in facts else None
    classes = [_class(name, facts) for name in CLASSES if f"gap.{name}" in facts]
    if not is_news:
        quiet = replace(_quiet(facts), remark=view, remark_weight=5)
        return [each for each in (quiet, *classes, _matches(facts), _watch(facts)) if each]
    way = _direction(facts)
    found = [
        _turned(facts),
        _records(facts),
        _corrected(facts),
        Draft(_STALE, 1) if _is_stale(facts) else None,
        *classes,
        replace(way, remark=view, remark_weight=5) if way else Draft(view, 5) if view else None,
        _matches(facts),
        _caution(facts),
        _watch(facts),
    ]
    return [each for each in found if each is not None]


def _records(known: Mapping[str, Fact]) -> Draft | None:
    """Say who set which records, how long after whom, and who else did."""
    also = [_LAGS] if "news.count" in known else []
    also += ["Other open models set records too: {also.open}."] if "also.open" in known else []
    also += ["Closed models moved on too: {also.closed}."] if "also.closed" in known else []
    if "news.open" in known:
        text = _led("news", "news.open", ("open records", "", "open model"), known)
        text += " The closed model {news.closed}[ ({news.closed.maker})] got there {news.lag}."
        remark = [said for key, said in _KNOWN_SINCE.items() if key in known]
        remark += ["That {news.doubt} rests on one outside list."] if "news.doubt" in known else []
    elif "raised.closed" in known:
        text = _led("raised", "raised.closed", ("records", " that no open model has matched", "model"), known)
        text += "[ {raised.near}][ ({raised.near.maker})][ has {raised.best}, the best open score there.]"
        remark = [] if "news.count" in known or "also.open" in known else _none_since(known)
    else:
        return None
    return Draft(known_parts(text, known), 1, " ".join([*remark, *also]) or None, 3)


def _led(at: str, who: str, words: tuple[str, str, str], known: Collection[str]) -> str:
    """Return the sentences on the model that leads the news."""
    text = _RECORD if f"{at}.tests" in known else _FIRST
    for name, said in zip(("{records}", "{alone}", "{model}"), words, strict=True):
        text = text.replace(name, said)
    return text.replace("{who", f"{{{who}").replace("{at.", f"{{{at}.")


_KNOWN_SINCE = {
    "news.scored": "Its score has been known since {news.scored}.",
    "news.opened": "It has been listed as open since {news.opened}.",
}


def _none_since(facts: Mapping[str, Fact]) -> list[str]:
    """Say that no open model set a record, of the days of which there are complete data."""
    if not _is_silent(facts):
        return ["No open model set one since {since}."]
    has_days = _day(facts["since"]) < _day(facts["newest.day"])
    return ["No open model set one from {since} to {newest.day}."] if has_days else []


def _quiet(facts: Mapping[str, Fact]) -> Draft:
    """Say that there is no news, with the last there was and its date, and how old the data is."""
    last = (
        "{last.open}[ ({last.open.maker})], out on {last.day}. It reached {last.level} on {last.test}, a {last.kind}"
        " test[ of {last.asks}]."
    )
    came, age = "{scores} of {scores.models} came into the data", _STALE if _is_stale(facts) else f"{_AGE}."
    has_days = _day(facts["since"]) < _day(facts["newest.day"])
    if not _is_silent(facts):
        text = "No model has set a record since {since}."
    elif has_days:
        text = f"From {{since}} to {{newest.day}} no model set a record. {age}"
    elif "scores" in facts:
        text = f"{came}, no record among them. {age}"
    else:
        text = "No new data since {newest.day}: the figures below are {age}. The brief of that day has the last news."
    text += f" The last open record was of {last}" if "last.open" in facts else ""
    text += f" {came}." if "scores" in facts and came not in text else ""
    return Draft(known_parts(text, facts), 1)


def _is_stale(facts: Mapping[str, Fact]) -> bool:
    return "age" in facts and float(facts["age"].value or 0.0) > _STALE_DAYS


def _class(name: str, facts: Mapping[str, Fact]) -> Draft:
    """Say where a class stands, and what it is; on public tests what flatters, in the same sentence."""
    which = {"private": "whose questions are secret", "public": "which developers can train towards"}[name]
    if f"deck.{name}" not in facts:
        return Draft(f"{name.capitalize()} tests, {which}, give no figure yet: {{why.{name}}}.", 3)
    range_ = f", {{range.{name}}}" if f"range.{name}" in facts else ""
    who = "open models" if name == "private" or "deck.private" not in facts else "they"
    stands = not facts[f"deck.{name}"].measure.endswith(CATCH_UP)
    of_catch_up = f"catch-up time puts {'them' if who == 'they' else who}"
    text = f"On {name} tests{f', {which},' * (name == 'private')} {f'{who} stand' if stands else of_catch_up}"
    text += f" {{deck.{name}}}{range_}"
    effect = name == "public" and "training-to-test.effect" in facts
    text += "; training towards these can make {training-to-test.effect}." if effect else "."
    return Draft(text, 2 if name == "private" else 3)


def _turned(facts: Mapping[str, Fact]) -> Draft | None:
    """Say that the verdict on the direction is another than the last brief's."""
    if "turned" not in facts:
        return None
    if facts["verdict"].value == CANT_SAY:
        return Draft("On {turned.day} the gap was {turned} than in {start}; now it is too close to call.", 1)
    then = "it was too close to call" if facts["turned"].value == CANT_SAY else "it was {turned}"
    return Draft(f"The gap is now {{verdict}} than in {{start}}: {{direction.range}}. On {{turned.day}} {then}.", 1)


def _corrected(facts: Mapping[str, Fact]) -> Draft | None:
    """Say that revised data change what an earlier brief stated."""
    if "corrected" not in facts:
        return None
    could_say = facts["corrected.stated"].value != CANT_SAY
    then = "called the gap {corrected.stated} than in {start}" if could_say else "found the gap too close to call"
    is_state = facts["corrected"].value != CANT_SAY
    now = "it was already {corrected} than in {start}" if is_state else "it was too close to call"
    return Draft(f"A correction: on {{corrected.day}} we {then}. With corrected data {now}.", 1)


def _direction(facts: Mapping[str, Fact]) -> Draft | None:
    """Answer whether the gap grows, in the words of `gap`, with the change since January 2025 and its range."""
    if "growing" not in facts or ("turned" in facts and facts["verdict"].value != CANT_SAY):
        return None
    text = "Is the gap growing? {growing}[: on all tests together it is {direction.range} than in {start}]."
    return Draft(known_parts(f"{text}[ {{growing.year}}.]", facts), 4)


def _matches(known: Collection[str]) -> Draft | None:
    """Say which share of levels open models match in time, each class's in a sentence of its own."""
    names = [name for name in CLASSES if {f"within.6.{name}", f"within.12.{name}", f"unmatched.{name}"} <= set(known)]
    if not names:
        return None
    said = [f"On {name} tests it is {{within.6.{name}}} and {{within.12.{name}}}." for name in names]
    said[0] = (
        f"On {names[0]} tests open models match {{within.6.{names[0]}}} of closed scores within {{time.6}} and"
        f" {{within.12.{names[0]}}} within {{time.12}}."
    )
    return Draft(f"{' '.join(said)} Still unmatched: {' and '.join(f'{{unmatched.{name}}}' for name in names)}.", 6)


def _caution(known: Mapping[str, Fact]) -> Draft | None:
    """Say the caveat that matters most this time, with its direction."""
    families = [name for name in _VENDORS if f"vendors.{name}" in known]
    family = max(families, key=lambda name: float(known[f"vendors.{name}.share"].value or 0.0), default="")
    if family and "vendor-access.effect" in known:
        begin = f"{{vendors.{family}}} {{vendors.{family}.share}} of private catch-up time. "
        return Draft(begin + _VENDORS[family], 7)
    return None


def _watch(known: Collection[str]) -> Draft:
    """Name the level that has waited longest on a test that is up to date."""
    if "wait.closed" not in known:
        return Draft("Open models have matched every score that counts here and that closed ones have reached.", 5)
    text = (
        "To watch: {wait.test}[ ({wait.asks})] at {wait.level}. {wait.closed}[ ({wait.closed.maker})] got there on"
        " {wait.day}. By {wait.until}, {wait.age}, [{wait.near}][ ({wait.near.maker})][ has {wait.best}, the"
        " best open score there.]"
    )
    if "wait.near" not in known:
        text += "no open model tried there has matched it."
    return Draft(known_parts(text, known), 5, "A match would {wait.slow}." if "wait.slow" in known else None, 10)


def foot(known: Collection[str], *, is_late: bool) -> str:
    """Return the template of the last line: on which data the figures stand, and with what of hindsight."""
    basis = "".join(f" {name.capitalize()} tests: {{basis.{name}}}." for name in CLASSES if f"basis.{name}" in known)
    late = (
        " Written on {today} with today's data: it uses scores that were not known on {published}." if is_late else ""
    )
    return (
        "Figures as of {as_of}; newest complete data {newest_data}." + basis
        + " “Likely” gives a range that is meant to hold in {interval} of cases. Method {method}." + late
    )  # fmt: skip
