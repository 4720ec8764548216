"""The sentences of a brief, as templates: which are said follows from the facts that there are."""

from collections.abc import Collection
from dataclasses import dataclass

from core.gap.analysis import CLASSES

_WHICH = {"private": "whose questions are secret", "public": "which developers can train towards"}


@dataclass(frozen=True)
class Draft:
    """A bullet as templates; `weight` says how early it is dropped where room is short, the largest first."""

    text: str
    weight: int
    remark: str | None = None
    remark_weight: int = 0


def titles(known: Collection[str], is_news: bool) -> list[str]:
    """Return templates for the title, the fullest first: the shown one is the first that is short enough."""
    first = next(f"{{title.{name}}}" for name in CLASSES if f"title.{name}" in known)
    whole = [f"Open models {first}"]
    second = next((f"{{title.{name}.short}}" for name in CLASSES if f"title.{name}.short" in known), None)
    if second is not None:
        whole.insert(0, f"Open models {first}, {second}")
    return whole if is_news else [f"No news: open models {first}", *whole]


def drafts(known: Collection[str], is_news: bool) -> list[Draft]:
    """Return the bullets in order: what is new, how it stands, what may be wrong, what to watch.

    Without news there are five at most, and old news is not dressed up.
    """
    found = [
        _news(known),
        *(_class(name, known) for name in CLASSES if f"stand.{name}" in known or f"nothing.{name}" in known),
        _direction(known) if is_news else None,
        _waiting(known),
        *((_caution(known), _leans(known), _watch(known)) if is_news else (_watch(known) or _leans(known),)),
    ]
    return [each for each in found if each is not None]


def _news(known: Collection[str]) -> Draft:
    if "news.open" in known:
        text = (
            "{news.open} came out on {news.day}. It is the first open model to reach {news.level} on {news.test}, a"
            " {news.kind} test. The closed model {news.closed} got there {news.lag}."
        )
        remarks = ["Only {news.doubt}."] if "news.doubt" in known else []
        if "news.count" in known:
            remarks.append("In all, {news.count} came since {since}, {news.lags}.")
        if not remarks:
            return Draft(text, 1, "It is the only such result since {since}.", 11)
        return Draft(text, 1, " ".join(remarks), 6)
    if "raised.closed" in known:
        text = (
            "No open model has matched a new level since {since}, but closed models moved on. {raised.closed} came out"
            " on {raised.day} and is the first to reach {raised.level} on {raised.test}."
        )
        more = "In all, closed models set {raised.count} in that time." if "raised.count" in known else None
        return Draft(text, 1, more, 11)
    if "scores" in known:
        return Draft("No model has set a new mark since {since}. But {scores} came into the data.", 1)
    if "released" in known or "age" not in known:
        return Draft("No model in the data has set a new mark since {since}. The figures below stand as they did.", 1)
    text = (
        "Nothing new has come into our data since {since}: no model, no score. The newest data is of {newest.day},"
        " {age}, so the figures below may be out of date."
    )
    return Draft(text, 1)


def _class(name: str, known: Collection[str]) -> Draft:
    """Say where a class stands, and what it is; on public tests, why it is a figure of its own."""
    if f"nothing.{name}" in known:
        return Draft(f"{name.capitalize()} tests, {_WHICH[name]}, give no figure as yet: {{nothing.{name}}}.", 3)
    if name == "private":
        return Draft(f"On private tests, {_WHICH[name]}, open-weights models {{stand.private}}, {{likely.private}}.", 2)
    caution = " Such training can make {training-to-test.effect}." if "training-to-test.effect" in known else ""
    return Draft(f"On public tests, {_WHICH[name]}, {{size.public}}, {{likely.public}}.{caution}", 3)


def _direction(known: Collection[str]) -> Draft | None:
    """Say how the figures moved, no stronger than their intervals: against January 2025, and the last brief."""
    told = [name for name in CLASSES if f"long.{name}" in known]
    doubtful = [name for name in CLASSES if f"long.{name}.unclear" in known]
    clear = [name for name in CLASSES if f"clear.{name}" in known]
    moves = [_move(name, known) for name in CLASSES if f"move.{name}" in known]
    sentences = [f"Compared with {{start}}, the gap on {name} tests is {{long.{name}}}." for name in told]
    if told and doubtful:
        sentences.append(f"On {doubtful[0]} tests the data can't tell.")
    elif doubtful and not moves:
        sentences.append("Whether the gap is wider or narrower than in {start}, the data can't tell.")
    sentences += [f"Since {{since}}, the gap on {name} tests has become {{clear.{name}}}." for name in clear]
    if "still" in known:
        sentences.append("{still} has moved a figure since {since}.")
    if not moves:
        return Draft(" ".join(sentences), 4) if sentences else None
    also = ", and since {start}," if doubtful and not told else ""
    unclear = f"Since {{since}}{also} no change is certain. {moves[0]}"
    if clear:
        unclear = moves[0]
    return Draft(" ".join(sentences), 4, unclear, 5) if sentences else Draft(unclear, 4)


def _move(name: str, known: Collection[str]) -> str:
    """Say a figure's move that its interval leaves in doubt."""
    if f"same.{name}" in known:
        return f"The {name} figure stayed at {{same.{name}}} ({{move.{name}}})."
    return f"The {name} figure went from {{then.{name}}} to {{now.{name}}} ({{move.{name}}})."


def _waiting(known: Collection[str]) -> Draft | None:
    if "wait.closed" not in known:
        return Draft("Open models have matched every level that counts and that closed ones have reached.", 5)
    text = (
        "{wait.closed}, out on {wait.day}, reached {wait.level} on {wait.test}. By {wait.until}, {wait.age}, no"
        " open model in the data had followed."
    )
    remark = "{waiting} still wait for an open model" + ("; {wait.half}." if "wait.half" in known else ".")
    return Draft(text, 5, remark, 10)


def _caution(known: Collection[str]) -> Draft | None:
    """Say the caveat that matters most this time, with its direction."""
    if "through-vendors" in known and "vendor-access.effect" in known:
        return Draft(
            "OpenAI funded FrontierMath and has seen questions from it; ARC's questions pass through labs' computers."
            " Carrying {through-vendors} of the private figure, these can make {vendor-access.effect}.",
            7,
        )
    if "tested.open" in known and "coverage.effect" in known:
        return Draft(
            "The average test has tried {tested.closed} of closed models but {tested.open} of open ones. That can make"
            " {coverage.effect}.",
            7,
        )
    return None


def _leans(known: Collection[str]) -> Draft | None:
    if "leans.test" not in known:
        return None
    return Draft(
        "The {leans.access} figure depends most on {leans.test}: without that test it would be {leans.months}.", 9
    )


def _watch(known: Collection[str]) -> Draft | None:
    """Say what would move a figure next."""
    ends = [name for name in CLASSES if f"ends.{name}" in known]
    stops = None
    if ends:
        stops = f"The {ends[0]} figure stops at {{ends.{ends[0]}}}: too few of its tests have newer models."
    if "older" in known:
        text = "To watch: {older} waited longer than the gap; a match would push it up."
        return Draft(text, 8, stops, 12)
    return Draft(f"To watch: new scores. {stops}", 8) if stops else None


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
