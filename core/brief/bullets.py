"""The sentences of a brief, as templates: which are said follows from the facts that there are."""

from collections.abc import Collection
from dataclasses import dataclass

from core.words import CLASSES, sentence

_WHICH = {"private": "whose questions are secret", "public": "which developers can train towards"}

_STALE = "The newest complete data is of {newest.day}, {stale}: the figures below may be out of date."

_VENDORS = {
    "arc": ("{vendors.arc} {vendors.arc.share} of the private figure. AI labs may see the questions during tests."),
    "frontiermath": (
        "{vendors.frontiermath} {vendors.frontiermath.share} of the private figure. OpenAI funded it and has seen"
        " questions from it."
    ),
}
"""Why labs may see the questions of a family of tests."""


@dataclass(frozen=True)
class Draft:
    """A bullet as templates; `weight` says how early it is dropped where room is short, the largest first."""

    text: str
    weight: int
    remark: str | None = None
    remark_weight: int = 0


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


def drafts(known: Collection[str], is_news: bool) -> list[Draft]:
    """Return the bullets in order: what is new, how it stands, what may be wrong, what to watch.

    Without news there are five at most, and old news is not dressed up.
    """
    found = [
        _news(known),
        _age(known) if is_news else None,
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
            "Since {since} no open model has matched a score that only closed ones had reached. {raised.closed} moved"
            " further: out on {raised.day}, it is the first to reach {raised.level} on {raised.test}."
        )
        more = "In all, closed models set {raised.count} in that time." if "raised.count" in known else None
        return Draft(text, 1, more, 11)
    if "scores" in known:
        return Draft("No model has set a new mark since {since}. But {scores} came into the data.", 1)
    text = "Nothing new has come into our data since {since}: no model, no score."
    if "released" in known or not {"age", "stale"} & set(known):
        text = "No model in the data has set a new mark since {since}. The figures below stand as they did."
    if "stale" in known:
        text += f" {_STALE}"
    elif "age" in known:
        text += " The newest complete data is of {newest.day}, {age}."
    return Draft(text, 1)


def _age(known: Collection[str]) -> Draft | None:
    """Say that the data is old, which no news of later scores may hide."""
    return Draft(_STALE, 1) if "stale" in known else None


def _class(name: str, known: Collection[str]) -> Draft:
    """Say where a class stands, and what it is; on public tests, why it is a figure of its own."""
    if f"nothing.{name}" in known:
        return Draft(f"{name.capitalize()} tests, {_WHICH[name]}, give no figure as yet: {{nothing.{name}}}.", 3)
    remark = None
    if f"ends.{name}" in known:
        remark = "It can't be read for a later month: too few of these tests have newer models."
    if name == "private":
        text = f"On private tests, {_WHICH[name]}, open-weights models {{stand.private}}, {{likely.private}}."
        return Draft(text, 2, remark, 10)
    caution = " Such training can make {training-to-test.effect}." if "training-to-test.effect" in known else ""
    return Draft(f"On public tests, {_WHICH[name]}, {{size.public}}, {{likely.public}}.{caution}", 3, remark, 10)


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
    unclear = f"Since {{since}} no change is certain. {moves[0]}"
    if clear:
        unclear = moves[0]
    elif doubtful and not told:
        move = f"{moves[0][0].lower()}{moves[0][1:]}".replace("; the", ". The")
        unclear = f"Since {{start}} no change is certain. Nor since {{since}}: {move}"
    return Draft(" ".join(sentences), 4, unclear, 5) if sentences else Draft(unclear, 4)


def _move(name: str, known: Collection[str]) -> str:
    """Say a figure's move that its interval leaves in doubt."""
    true = f"the true change is {{move.{name}}}"
    if f"little.{name}" in known:
        return f"The {name} figure moved by {{little.{name}}}; {true}."
    return f"The {name} figure went from {{then.{name}}} to {{now.{name}}}; {true}."


def _waiting(known: Collection[str]) -> Draft | None:
    if "wait.closed" not in known:
        return Draft("Open models have matched every score that counts here and that closed ones have reached.", 5)
    text = (
        "{wait.closed}, out on {wait.day}, reached {wait.level} on {wait.test}. Up to {wait.until}, {wait.age}, no open"
        " model tried there has matched that."
    )
    remark = "No open model has matched {waiting} that closed models set." + (
        " {wait.half}." if "wait.half" in known else ""
    )
    return Draft(text, 5, remark, 10)


def _caution(known: Collection[str]) -> Draft | None:
    """Say the caveat that matters most this time, with its direction."""
    families = [name for name in _VENDORS if f"vendors.{name}" in known]
    if families and "vendor-access.effect" in known:
        parts = [_VENDORS[name] for name in families]
        both = "Both" if len(parts) > 1 else "That"
        return Draft(f"{' '.join(parts)} {both} can make {{vendor-access.effect}}.", 7)
    if "tested.open" in known and "coverage.effect" in known:
        return Draft(
            "The average test has tried {tested.closed} of closed models but {tested.open} of open ones. That can make"
            " {coverage.effect}.",
            7,
        )
    return None


def _leans(known: Collection[str]) -> Draft | None:
    if "leans.little" in known:
        return Draft(
            "No single test decides these figures: leaving out any of them moves a figure by {leans.little}.", 9
        )
    if "leans.test" not in known:
        return None
    return Draft(
        "The {leans.access} figure depends most on {leans.test}: without that test it would be {leans.months}.", 9
    )


def _watch(known: Collection[str]) -> Draft | None:
    """Say what would move a figure next."""
    if "older" in known:
        text = (
            "To watch: closed models set {older} on {older.access} tests longer ago than the gap, still unmatched."
            " A match would push it up."
        )
        return Draft(text, 8)
    ends = next((name for name in CLASSES if f"ends.{name}" in known), None)
    if ends is None:
        return None
    return Draft(f"To watch: newer models on {ends} tests. Without them that figure stays at {{ends.{ends}}}.", 8)


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
