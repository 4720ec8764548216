"""What `model` says of one model: how far behind it stands, test by test, its licence, doubts and versions."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from core.answer import Aspect, Fact, Line, details
from core.gap.parameters import MONTH_DAYS
from core.names.names import without_version
from core.questions.noise_wording import NOISE
from core.questions.shared_facts import (
    BETWEEN,
    CLOCK_LINE,
    STANDING,
    as_of_lines,
    day_fact,
    iso,
    lag_fact,
    model_fact,
    name_fact,
    of_board,
    release_text,
    score_fact,
    stated,
)
from core.words import ACCESS, and_list, count, day, lag_text, levels, months, quote, score

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Model
    from core.gap.model_index import ModelIndex
    from core.gap.records import ModelLag

_DOUBTED = {"third-party": "a third party's word", "registry": "the word of registries"}
"""The grades of evidence on open or closed that a reader is told of: neither an audit nor an index has it."""


def model_facts(
    evidence: "Evidence", model: int, lags: "tuple[ModelLag, ...]", as_of: int, *, is_single: bool
) -> list[Fact]:
    """State everything that the text may say of one model (an index) on its tests, as of a day (ordinal).

    `is_single` adds how it does on the first of them, which was asked for. How far an open model stands behind is held
    against other tests only where these go on: on one that ended the months stopped.
    """
    from core.gap.standing import has_ended

    known, counted = evidence.models[model], [lag for lag in lags if not lag.reason]
    is_open, fact = known.is_open, partial(stated, model=known.name, side=known.side)
    facts = [
        model_fact("model", known),
        day_fact("model.day", known.day, f"release of {known.name}"),
        fact("tests", len(lags), "tests", count(len(lags), "test"), "count"),
    ]
    for access in ACCESS:
        of_class = [lag for lag in lags if evidence.boards[lag.board].access == access]
        if of_class:
            where = of_board(evidence.boards[lags[0].board]) if is_single else {"access": access}
            tests = count(len(of_class), "test")
            facts.append(fact(f"tests.{access}", len(of_class), "tests", tests, "count", **where))
            facts += [] if is_open else _match_facts(partial(fact, **where), of_class, access)
    reached = sorted((lag for lag in counted if lag.between is not None), key=_distance)
    ranked = [lag for lag in reached if not (is_open and has_ended(lag.newest_day, as_of))] or reached
    for key, ends in (("nearest", ranked[:1]), ("farthest", ranked[1:][-1:])):
        for lag in ends:
            facts += _lag_facts(evidence, key, model, lag)
    beyond = [_beyond_text(evidence, model, lag) for lag in counted if lag.between is None]
    if beyond:
        facts.append(fact("beyond", len(beyond), "tests", and_list(beyond), "count"))
    if not is_open:
        tests = count(len(counted), "test")
        facts.append(fact("matched", len(reached), "tests", f"{len(reached)} of {tests}", "count"))
        facts += _last_facts(evidence, reached)
    facts += _aside_facts(evidence, model, lags, as_of)
    if is_single:
        facts += _lag_facts(evidence, "asked", model, lags[0])
    return facts


def _distance(lag: "ModelLag") -> float:
    """Return how far an open model stands behind, how much later a closed one was matched: what tests are sorted by."""
    return (lag.between if lag.months is None else lag.months) or 0.0


def _match_facts(fact: "partial[Fact]", of_class: "Sequence[ModelLag]", access: str) -> list[Fact]:
    """State on how many tests of a class open models matched a closed one, and from when to when."""
    counted = [lag for lag in of_class if not lag.reason]
    if not counted:
        return [fact(f"none.{access}", 0, "tests", "no score above the floor from which a level counts", "count")]
    waits = sorted(lag.between for lag in counted if lag.between is not None)
    shown = f"matched on {len(waits)} of {count(len(counted), 'test')}"
    facts = [fact(f"matched.{access}", len(waits), "tests", shown, "count")]
    if waits:
        low, high = waits[0], waits[-1]
        shown = (
            f"from {lag_text(low, 'later')} to {lag_text(high, 'later')}"
            if low < 0
            else f"{low:.1f} to {months(high)} later"
        )
        shown = lag_text(low, "later") if len(waits) == 1 else shown
        ends: dict[str, Any] = {"unit": "months", "kind": "lag", "measure": BETWEEN, "low": low, "high": high}
        facts.append(fact(f"range.{access}", f"{low:.1f} to {high:.1f}", shown=shown, **ends))
    return facts


def _last_facts(evidence: "Evidence", reached: "Sequence[ModelLag]") -> list[Fact]:
    """State where and when a closed model was matched last."""
    if not reached:
        return []
    last, board = reached[-1], evidence.boards[reached[-1].board]
    facts = [
        name_fact("last.board", board.name, **of_board(board)),
        day_fact("last.day", last.other_day or 0, f"match on {board.name}"),
    ]
    if (last.between or 0.0) < 0:
        shown = "before it, the last time" if len(reached) > 1 else "before it"
        facts.append(lag_fact("last.before", last.between, shown, measure=BETWEEN, **of_board(board)))
    return facts


def _lag_facts(evidence: "Evidence", key: str, model: int, lag: "ModelLag") -> list[Fact]:
    """State a model's score on one test, the first model of the other side that had as much, and the months to it."""
    board, known = evidence.boards[lag.board], evidence.models[model]
    of: dict[str, Any] = {"model": known.name, **of_board(board)}
    facts = [
        name_fact(f"{key}.board", board.name, **of_board(board)),
        score_fact(f"{key}.score", lag.score, board, known.name),
        day_fact(f"{key}.newest", lag.newest_day, f"newest model on {board.name}"),
    ]
    if lag.other is None or lag.other_day is None or lag.between is None:
        return facts
    facts += [
        model_fact(f"{key}.other", evidence.models[lag.other]),
        day_fact(f"{key}.other.day", lag.other_day, evidence.models[lag.other].name),
    ]
    if lag.months is None:
        return [*facts, lag_fact(f"{key}.months", lag.between, lag_text(lag.between, "later"), measure=BETWEEN, **of)]
    return [
        *facts,
        lag_fact(
            f"{key}.months", lag.months, lag_text(lag.months, "behind"), measure=STANDING, day=iso(lag.newest_day), **of
        ),
        lag_fact(f"{key}.release", lag.between, release_text(lag.between), measure=BETWEEN, **of),
    ]


def _beyond_text(evidence: "Evidence", model: int, lag: "ModelLag") -> str:
    """Write a test on which the other side has no such score: open is ahead there, or a closed model unmatched."""
    board, known = evidence.boards[lag.board], evidence.models[model]
    age = "" if known.is_open else f"{months((lag.newest_day - known.day) / MONTH_DAYS)} "
    return f"{board.name} ({score(lag.score, board.unit)}, {age}to {day(lag.newest_day)})"


def _aside_facts(evidence: "Evidence", model: int, found: "tuple[ModelLag, ...]", as_of: int) -> list[Fact]:
    """State what else a reader should know: all scores, levels it was first at, its licence, doubts, its versions."""
    known, boards = evidence.models[model], evidence.boards
    fact = partial(stated, model=known.name, side=known.side)
    scores = {each.board: score(each.score, boards[each.board].unit) for each in found}
    first = [
        f"{levels(each.first_at[0], each.first_at[-1], boards[each.board].unit)} on {boards[each.board].name}"
        for each in found
        if each.first_at and not each.reason
    ]
    left = [f"{boards[each.board].name} ({scores[each.board]})" for each in found if each.reason]
    others = [evidence.models[number].name for number in versions(evidence, model, as_of)]
    told = and_list([f"{shown} on {boards[board].name}" for board, shown in scores.items()], most=6)
    facts = [fact("scores", len(found), "tests", told, "count"), _licence(fact, known)]
    for key, unit, named in (("first", "tests", first), ("left_out", "tests", left), ("versions", "models", others)):
        if named:
            facts.append(fact(key, len(named), unit, and_list(named, most=6), "count"))
    if known.openness_grade in _DOUBTED:
        doubt = f"{known.name} is {known.side} by {_DOUBTED[known.openness_grade]} alone"
        facts.append(fact("doubt", known.openness_grade, "", doubt, "note"))
    return facts


def _licence(fact: "partial[Fact]", known: "Model") -> Fact:
    """State the licence of a model's weights in its sources' own words; what they don't say is said to be missing."""
    if not known.is_open:
        shown = f"{known.name} is closed: no licence for its weights is in the data"
    elif known.licences:
        said = and_list([quote(each) for each in known.licences])
        shown = f"the licence of {known.name} is, in its sources' words, {said}"
    else:
        shown = f"the licence of {known.name} is not in the data, which has only that its weights are open"
    return fact("licence", ", ".join(known.licences) or None, "", shown, "note")


def versions(evidence: "Evidence", model: int, as_of: int) -> list[int]:
    """Return the other models (indices) that bear a model's name, released by a day (ordinal), the earliest first."""
    name = without_version(evidence.models[model].name)
    same = [
        number
        for number, each in enumerate(evidence.models)
        if number != model and each.day <= as_of and without_version(each.name) == name
    ]
    return sorted(same, key=lambda number: evidence.models[number].day)


# ---- the lines


def model_lines(
    facts: Sequence[Fact], placed: "dict[str, ModelIndex]", *, is_open: bool, is_single: bool
) -> list[Line]:
    """Return the lines on one model as templates, the first with how far behind it is or when it was matched.

    `placed` is where it stands on the index of each class.
    """
    known = {fact.key for fact in facts}
    side, other = ("open", "closed") if is_open else ("closed", "open")
    title = _closed_title(known, is_single=is_single)
    if is_open:
        title = _open_test_title(known) if is_single else _open_title(placed)
    lines, behind = [title], [Line("Noise", NOISE.format(key="asked"), ("sure",), sentence=True)]
    if not is_single:
        lines += _class_lines(is_open=is_open)
        stand = "{index.@}" if is_open else "where closed models first stood {index.@}"
        beyond = f"no {other} model in the data is at or above it on {{beyond}}"
        behind = [
            Line("Index", f"<@ {{index.@.points}}, {stand}[ ({{index.@.range}})]|; > · {{index.unit}}", ("level",)),
            Line("Scores", "{scores}", ("scores",)),
            Line("Ahead" if is_open else "Unmatched", beyond),
        ]
    cant_tell = (
        "behind is how long ago a closed model was first where it stands; closed models are tested more often, which"
        " makes that look longer"
        if is_open
        else "open models are tested less often, so that they may have been there before; a match is a score on a test,"
        " not all that a model can do"
    )
    newest = ["the board's newest model by then: {asked.newest}"] if is_single else []
    behind += [
        Line("Was first", f"of the {side} models in the data at {{first}}"),
        Line("Low score" if is_single else "Left out", "{left_out}: below the floor, where a score says little"),
        Line("Licence", "{licence}", ("licence",), sentence=True),
        Line("In doubt", "{doubt}", ("sure",), sentence=True),
        Line("Version", "this is {model}; others of that name: {versions}"),
        Line("Can't tell", cant_tell, ("sure", "explain"), sentence=True),
    ]
    return [*lines, *as_of_lines(*newest, aspects=()), *details(behind)]


_OF_SINGLE: tuple[Aspect, ...] = ("level", "scores", "when", "who")
_OPEN = "{model}, open weights of {model.day},"


def _open_test_title(known: set[str]) -> Line:
    """Say how far behind an open model is on one test."""
    behind = ", {asked.months}: {asked.other} was first there on {asked.other.day}; at its release {asked.release}"
    nobody = "; no closed model in the data to {asked.newest} is at or above that"
    stand = behind if "asked.other" in known else nobody
    return Line("", f"{_OPEN} has {{asked.score}} on {{asked.board}}{stand}", _OF_SINGLE)


def _open_title(placed: "dict[str, ModelIndex]") -> Line:
    """Say how far behind an open model stands on each class of tests, and stood at its release."""
    if not placed:
        text = f"{_OPEN} has scores on {{tests}}, too few to place it on one scale[; closest on {{nearest.board}}:"
        return Line("", f"{text} {{nearest.months}}]", ("level", "when"))
    first, *others = placed
    whom = "" if placed[first].months is None else " closed models"
    parts = [f"{{index.{first}}}{whom} on {first} tests[ ({{index.{first}.range}})]"]
    release = f"{{index.{first}.release}}"
    for name in others:
        are_numbers = placed[first].months is not None and placed[name].months is not None
        parts.append(f"{{index.{name}{'.short' if are_numbers else ''}}} on {name}[ ({{index.{name}.range}})]")
        are_numbers = bool(placed[first].at_release and placed[name].at_release)
        release = f"{{index.{first}.release{'.short' if are_numbers else ''}}} and {{index.{name}.release}}"
    return Line("", f"{_OPEN} stands {' and '.join(parts)}; at its release {release}", ("level", "when"))


def _closed_title(known: set[str], *, is_single: bool) -> Line:
    """Say for a closed model how many tests open models have matched it on, and since when."""
    whose = "{model}, a closed model of {model.day},"
    if is_single:
        nobody = "no open model in the data to {asked.newest} is at or above that"
        first = "the first open model at or above that was {asked.other} on {asked.other.day}, {asked.months}"
        match = first if "asked.other" in known else nobody
        return Line("", f"{whose} has {{asked.score}} on {{asked.board}}; {match}", _OF_SINGLE)
    if not {"matched.private", "matched.public"} & known:
        return Line("", f"{whose} scores too low on {{tests}} to say when open models matched it", ("level", "when"))
    last = "[, the last of them {last.board} on {last.day}]"
    if "last.before" in known:
        last = "; they had been there {last.before}, on {last.board} on {last.day}"
    return Line("", f"Open models have matched {whose} on {{matched}}{last}", ("level", "when"))


def _class_lines(*, is_open: bool) -> list[Line]:
    """Return a line for each access class, and those for the nearest and the farthest test."""
    if is_open:
        row = "{%s.board}, {%s.score}, {%s.months}: {%s.other} was first there"
        text, labels = "[first there: {index.%s.first}; ]{tests.%s}", ("Closest", "Farthest")
    else:
        row = "{%s.other} on {%s.board} ({%s.score}) on {%s.other.day}, {%s.months}"
        text, labels = "{matched.%s}[, {range.%s}]", ("Soonest", "Latest")
    lines = [Line(name.capitalize(), text.replace("%s", name)) for name in ACCESS]
    if not is_open:
        lines += [Line(f"{name.capitalize()} tests", f"{{none.{name}}}", detail=True) for name in ACCESS]
    closest, farthest = (
        Line(label, row.replace("%s", key), ("who",), detail=not is_open or key == "farthest")
        for label, key in zip(labels, ("nearest", "farthest"), strict=True)
    )
    return [*lines, closest, *([CLOCK_LINE] if is_open else []), farthest]
