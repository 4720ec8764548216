"""The sentences of a brief, as templates: which are said follows from the facts that there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.answer import Fact
from core.questions.shared_facts import CATCH_UP, STANDING
from core.words import CLASSES, sentence

_WHICH = {"private": "whose questions are secret", "public": "which developers can train towards"}

_STALE = "The newest complete data is of {newest.day}, {stale}: the figures below may be out of date."

_VENDORS = {
    "arc": ("{vendors.arc} {vendors.arc.share} of private catch-up time. AI labs may see the questions during tests."),
    "frontiermath": (
        "{vendors.frontiermath} {vendors.frontiermath.share} of private catch-up time. OpenAI funded it and has seen"
        " questions from it."
    ),
}
"""Why labs may see the questions of a family of tests."""


_KNOWN_SINCE = {
    "news.scored": "Its score has been known since {news.scored}.",
    "news.opened": "It has been listed as open since {news.opened}.",
}

MUCH = 1.0
"""A move of less than a month is told as none: the ranges are much wider."""


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


def titles(known: Collection[str], is_news: bool) -> list[str]:
    """Return templates for the title, the fullest first: the shown one is the first that is short enough."""
    name = next(name for name in CLASSES if f"title.{name}" in known)
    first, when = f"open models {{title.{name}}}", f"{{title.{name}.month}}"
    is_old = f"title.{name}.month" in known
    alone = f"{first} on {name} tests" + (f" ({when})" if is_old else "")
    if not is_news:
        short = [f"No news: {first} ({name} tests, {when})"] if is_old else []
        return [f"No news: {alone}", *short, sentence(alone)]
    second = next((other for other in CLASSES if f"title.{other}.short" in known), None)
    if second is None:
        return [sentence(alone)]
    if not is_old and f"title.{second}.month" not in known:
        return [f"{sentence(alone)}, {{title.{second}.short}} on {second}", sentence(alone)]
    then = f" ({{title.{second}.month}})" if f"title.{second}.month" in known else ""
    now = f"{first} ({when})" if is_old else first
    both = f"{name.capitalize()} tests: {now}; {second}: {{title.{second}.short}}{then}"
    return [both, sentence(alone)]


def drafts(facts: Mapping[str, Fact], is_news: bool) -> list[Draft]:
    """Return the bullets in order: what is new, how it stands, what may be wrong, what to watch.

    Without news there are five at most, and old news is not dressed up.
    """
    turned = _turned(facts)
    news = None if turned and not {"news.open", "raised.closed", "scores"} & facts.keys() else _news(facts)
    found = [
        news or turned,
        _age(facts) if is_news else None,
        turned if news else None,
        *(_class(name, facts) for name in CLASSES if f"gap.{name}" in facts),
        _direction(facts) if is_news else None,
        _waiting(facts),
        *((_caution(facts), _leans(facts), _watch(facts)) if is_news else (_watch(facts) or _leans(facts),)),
    ]
    return [each for each in found if each is not None]


def _turned(known: Mapping[str, Fact]) -> Draft | None:
    """Say that the verdict on a direction is another than the last brief's, class by class."""
    told = [
        f"On {name} tests “{{turned.{name}}}” became “{{verdict.{name}}}”."
        for name in CLASSES
        if f"turned.{name}" in known
    ]
    if not told:
        return None
    when = "between {turned.day} and {as_of}"
    if known["turned.day"].value == known["as_of"].value:
        when = "with newer data, both as of {as_of}"
    elif "turned.corrected" in known:
        told.append("By what is now known of who is open, that was so on {turned.day} already, on {turned.corrected}.")
    return Draft(f"The verdict on the gap since {{start}} changed {when}. {' '.join(told)}", 1)


def _news(known: Collection[str]) -> Draft:
    if "news.open" in known:
        text = (
            "{news.open} came out on {news.day}. It is the first open model to reach {news.level} on {news.test}, a"
            " {news.kind} test. The closed model {news.closed} got there {news.lag}."
        )
        remarks = [said for key, said in _KNOWN_SINCE.items() if key in known]
        remarks += ["Only {news.doubt}."] if "news.doubt" in known else []
        if "news.count" in known:
            remarks.append("In all, {news.count} came since {since}, {news.lags}.")
        if not remarks:
            return Draft(text, 1, "It is the only such result since {since}.", 11)
        return Draft(text, 1, " ".join(remarks), 6)
    if "raised.closed" in known:
        text = (
            "Since {since} no open model has matched a score that only closed ones had reached. {raised.closed} moved"
            " further: out on {raised.day}, it is the first to reach {raised.level} on {raised.test}."
        )
        more = "In all, closed models reached {raised.count} in that time." if "raised.count" in known else None
        return Draft(text, 1, more, 11)
    if "scores" in known:
        return Draft("No model has reached a new level since {since}. But {scores} came into the data.", 1)
    text = "Nothing new has come into our data since {since}: no model, no score."
    if "released" in known or not {"age", "stale"} & set(known):
        text = "No model in the data has reached a new level since {since}. The figures below stand as they did."
    if "stale" in known:
        text += f" {_STALE}"
    elif "age" in known:
        text += " The newest complete data is of {newest.day}, {age}."
    return Draft(text, 1)


def _age(known: Collection[str]) -> Draft | None:
    """Say that the data is old, which no news of later scores may hide."""
    return Draft(_STALE, 1) if "stale" in known else None


def _class(name: str, known: Mapping[str, Fact]) -> Draft:
    """Say where a class stands, and what it is; on public tests, why it is a figure of its own."""
    if f"about.{name}" not in known:
        return Draft(f"{name.capitalize()} tests, {_WHICH[name]}, give no figure as yet. So far: {{gap.{name}}}.", 3)
    is_lead = float(known[f"about.{name}"].value or 0.0) <= -0.05
    stands = known[f"about.{name}"].measure.startswith(STANDING)
    verb = f"stand {'ahead of' if is_lead else 'behind'}" if stands else "lead" if is_lead else "trail"
    figure = f"{{about.{name}}}, {_WHICH[name]}, {{range.{name}}}."
    remark = None
    if f"title.{name}.month" in known:
        late = f"ends.{name}.why" in known and known[f"about.{name}"].measure == CATCH_UP
        why = f"It can't be read for a later month: {{ends.{name}.why}}."
        remark = why if late else "None of these tests has a newer model."
    if name == "private":
        return Draft(f"Open-weights models {verb} closed ones by {figure}", 2, remark, 10)
    what = "Open models lead by" if is_lead else "Open models stand behind by" if stands else "The gap is"
    caution = " Such training can make {training-to-test.effect}." if "training-to-test.effect" in known else ""
    return Draft(f"{what} {figure}{caution}", 3, remark, 10)


def _direction(facts: Mapping[str, Fact]) -> Draft | None:
    """Say which way the gap went since January 2025, no stronger than its interval; what was told before may hold."""
    changes = {name: facts[f"change.{name}"] for name in CLASSES if f"change.{name}" in facts}
    clear = [name for name in changes if f"change.{name}.clear" in facts]
    ranged = [name for name in changes if f"change.{name}.range" in facts]
    held = [name for name in ranged if f"verdict.day.{name}" in facts]
    if clear or held:
        said = [f"The gap is {{change.{name}}}." for name in clear]
        said += _held(facts, held)
        said += [f"On {name} tests the data can't tell." for name in changes if name not in (*clear, *held)]
        return Draft(" ".join(said), 4)
    if not ranged:
        return None
    ranges = ". And ".join(f"{{change.{name}.range}}" for name in ranged)
    return Draft(f"Which way the gap went since {{start}}, nobody can tell. The ranges: {ranges}.", 4)


def _held(facts: Mapping[str, Fact], names: list[str]) -> list[str]:
    """Say what was told before and still holds; in one sentence where that is the same of both classes."""
    told = {(facts[f"verdict.{name}"].value, facts[f"verdict.day.{name}"].value) for name in names}
    if len(names) > len(told):
        ranges = "; ".join(f"{{change.{name}.range}}" for name in names)
        return [
            f"On {{verdict.day.{names[0]}}} the gap on both kinds of tests read {{verdict.{names[0]}}} than in"
            f" {{start}}, and the newest figures still lie in the ranges of then: {ranges}."
        ]
    return [
        f"On {{verdict.day.{name}}} the gap on {name} tests read {{verdict.{name}}} than in {{start}}, and the newest"
        f" figure still lies in the range of then: {{change.{name}.range}}."
        for name in names
    ]


def _waiting(known: Collection[str]) -> Draft | None:
    if "wait.closed" not in known:
        return Draft("Open models have matched every score that counts here and that closed ones have reached.", 5)
    text = (
        "{wait.closed}, out on {wait.day}, reached {wait.level} on {wait.test}. Up to {wait.until}, {wait.age}, no open"
        " model tried there has matched that."
    )
    half = " For a match, {waiting.median}." if "waiting.median" in known else ""
    return Draft(text, 5, f"Open models have not matched {{waiting}} that closed ones reached.{half}", 10)


def _caution(known: Collection[str]) -> Draft | None:
    """Say the caveat that matters most this time, with its direction."""
    families = [name for name in _VENDORS if f"vendors.{name}" in known]
    if families and "vendor-access.effect" in known:
        parts = [_VENDORS[name] for name in families]
        both = "Both" if len(parts) > 1 else "That"
        return Draft(f"{' '.join(parts)} {both} can make {{vendor-access.effect}}.", 6)
    if "tested.open" in known and "coverage.effect" in known:
        return Draft(
            "The average test has tried {tested.closed} of closed models but {tested.open} of open ones. That can make"
            " {coverage.effect}.",
            6,
        )
    return None


def _leans(facts: Mapping[str, Fact]) -> Draft | None:
    """Say what moves a figure most when it is left out, or that nothing moves one by a month."""
    if "leans.without" not in facts:
        return None
    without = facts["leans.without"]
    of_catch_up = "leans.share" in facts
    whole = facts[f"{'catch_up' if of_catch_up else 'index'}.{without.access}"]
    direction = ", and {leans.direction}" if "leans.direction" in facts else ""
    rest = "Without {leans.them} {leans.without}" + direction + "."
    if direction or without.value is None or abs(float(without.value) - float(whole.value or 0.0)) >= MUCH:
        begin = (
            "{leans.share} of {leans.access} catch-up time rests on {leans.on}."
            if of_catch_up
            else ("Nothing moves these figures more than {leans.on}.")
        )
        return Draft(f"{begin} {rest}", 7)
    return Draft(
        "No single test, model or kind of source moves these figures by {leans.much}."
        " Without {leans.on} {leans.without}.",
        9,
    )


def _watch(known: Collection[str]) -> Draft | None:
    """Say what would move a figure next."""
    if "older" in known:
        text = (
            "To watch: closed models reached {older} on {older.access} tests longer ago than catch-up took of late,"
            " still unmatched. A match would raise catch-up time."
        )
        return Draft(text, 8)
    ends = next((name for name in CLASSES if f"title.{name}.month" in known), None)
    if ends is None:
        return None
    return Draft(f"To watch: new results on {ends} tests. Without them that figure stays at {{title.{ends}.month}}.", 8)


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
