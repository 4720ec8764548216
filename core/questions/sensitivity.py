"""What the gap rests on: what moves it most when left out, and the gap under other choices (method.md, E9).

Also the stage of each test. Several questions and the brief share these facts, lines, tables and data.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Fact, Line, Table
from core.dataclass import dataclass
from core.gap.parameters import DEFAULT
from core.questions.result import Keys, table
from core.questions.shared_facts import (
    INDEX,
    LEVEL_REASONS,
    STANDING_REASONS,
    board_fields,
    change_fact,
    count_fact,
    iso,
    lag_fact,
    make_fact,
    name_fact,
    why_not,
)
from core.words import and_list, cell, count, day, lag_text, levels, months, score

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, IntArray
    from core.gap.analysis import Analysis
    from core.gap.board_life import BoardLife
    from core.gap.robust import Influence, Robust

INFLUENCE_LINE = Line("Rests most on", "{leans.on}; without {leans.them} {leans.without}", ("sure",))
"""The line on what moves a figure most."""
_WHO = {"third-party": "a third party", "registry": "one kind of register"}
_LEAST = 0.05
"""A smaller move, in months, is ignored: it would be written as 0.0."""
NAMES = {
    "openness": "well-evidenced models alone",
    "disputed": "disputed models on their other side",
    "scores": "no self-reported scores",
    "open-models": "China's open models alone",
    "prior-line": "all open models drawn to one line",
    "prior-both": "frontier models apart on both sides",
    "frontier-narrow": "fewer models counted as frontier",
    "frontier-wide": "more models counted as frontier",
    "no-offsets": "no test harder for open models than another",
    "ranks": "ranks instead of scores",
    "ceiling": "tests that end at 97 %",
}
"""The name of each choice, as its difference from the default."""
ROBUST_LINE = Line("Choices", "<{choices.@}[, moved most {choices.@.most}]|; >", ("choices", "sure"))
"""The line on the gap under other choices of data and of the fit."""


def influence_facts(analysis: "Analysis") -> Iterator[Fact]:
    """State what moves any figure most, and for each figure the influence of each kind that moves it most."""
    for n, part in enumerate(analysis.influences):
        name, at = name_of(part), iso(analysis.classes[part.access].headline.at) or ""
        of: dict[str, Any] = {"access": part.access}
        if len(part.boards) == 1:
            of["benchmark"] = part.boards[0].name
        elif part.kind == "model":
            of["model"] = part.models[0].name
        lag_of = {**of, "day": at, "measure": f"{INDEX} without {name}"}
        if n == 0:
            them = "them" if part.kind == "grade" or len(part.boards) > 1 else "it"
            subject, whose = f"{part.access} tests without {name}", f"the gap on {part.access} tests"
            shown = f"{whose} could not be told" if part.months is None else f"{whose} would be {lag_text(part.months)}"
            yield name_fact("leans.on", name, **of)
            yield make_fact("leans.them", part.kind, "", them, "name", name, **of)
            yield lag_fact("leans.without", part.months, shown, subject, **lag_of)
        shown = f"{'no figure' if part.months is None else lag_text(part.months)} without {name}"
        yield lag_fact(f"without.{part.access}.{part.kind}", part.months, shown, name, **lag_of)


@dataclass(frozen=True, eq=False)
class LeftOut:
    """A family of tests, a model or a grade of evidence, the figure of a class without it, and how much that moves."""

    json_keys: ClassVar[Keys] = {
        "part": {
            "access": "access", "benchmarks": "boards", "family": "family", "model": "model", "grade": "grade",
            "months_without": "months", "moved": "moved",
        }
    }  # fmt: skip

    kind: str
    name: str
    part: "Influence"


def name_of(part: "Influence") -> str:
    """Name what is left out: the boards of a family, a model, or the models of a grade of evidence."""
    if part.kind == "family":
        if len(part.boards) <= 2:
            return and_list([board.name for board in part.boards])
        first = next((board for board in part.boards if board.benchmark_id == board.family), part.boards[0])
        return f"the {len(part.boards)} tests of {first.name}"
    if part.kind == "model":
        return part.models[0].called
    sides = {model.side for model in part.models}
    return f"models that only {_WHO[part.grade]} calls {sides.pop() if len(sides) == 1 else 'open or closed'}"


def robust_facts(robust: "Sequence[Robust]") -> Iterator[Fact]:
    """State each class's gap over all choices, and the choice that moves it most."""
    for figures in robust:
        key, number = f"choices.{figures.access}", len(figures.combinations) - 1
        of: dict[str, Any] = {"access": figures.access, "measure": f"{INDEX} under other choices"}
        ends = f"{cell(figures.low)} to {cell(figures.high)}"
        shown = f"{ends} months on {figures.access} tests under {number} other choices"
        yield lag_fact(key, figures.median, shown, low=figures.low, high=figures.high, **of)
        yield count_fact(f"{key}.count", number, "choices", count(number, "choice"))
        if figures.moves and abs(figures.moves[0].months) >= _LEAST:
            move = figures.moves[0]
            by = f"{months(move.months)} {'more' if move.months > 0 else 'less'}"
            yield change_fact(f"{key}.most", move.months, f"by {NAMES[move.choice]} ({by})", **of)


def robust_table(robust: "Sequence[Robust]") -> Table:
    """List how many months each choice moves the gap of each class."""
    moved: dict[str, dict[str, float]] = {}
    for figures in robust:
        for move in figures.moves:
            moved.setdefault(move.choice, {})[figures.access] = move.months
    classes = [figures.access for figures in robust]
    rows = ((NAMES[choice], *map(of_class.get, classes)) for choice, of_class in moved.items())
    columns = " | ".join(("Choice", *(access.capitalize() for access in classes)))
    return table("By choice, how many months it moves the gap", columns, rows)


# ---- the stage of a test: ended, succeeded, saturated; why it gives no newer result

STAGE_LINE = Line("Stage", "{stage}")


def stage_fact(life: "BoardLife", *, is_brief: bool = False) -> Fact:
    """State a test's stage (active, saturated, succeeded, ended); unless brief, also why it gives no newer result."""
    parts, about = _stage_parts(life), f"the stage of {life.board.name}"
    key, shown = ("stage.brief", parts[0].partition(" (")[0]) if is_brief else ("stage", "; ".join(parts))
    return make_fact(key, life.stage, "", shown, "note", about, **board_fields(life.board))


def _stage_parts(life: "BoardLife") -> list[str]:
    newest, since = life.state.newest_day, life.newest_result
    parts = ["active"] if life.stage == "active" else []
    if life.successor is not None:
        parts.append(f"succeeded by {life.successor.name} (known since {day(life.successor.joins)})")
    if life.has_ended and newest is not None:
        parts.append(f"ended: no model since {day(newest)}, so in no standing gap")
    if life.is_saturated:
        parts.append(f"saturated: {_no_level(life)}")
    elif not life.has_ended:
        why = nothing_newer(life, since or 0)
        if since and since == newest:
            parts.append(f"its newest model, of {day(newest)}, gave the newest result")
        else:
            parts.append(f"no result since {day(since)}: {why}" if since else why)
    return parts


def lives_of(evidence: "Evidence", boards: "IntArray", as_of: date) -> "dict[Board, BoardLife]":
    """Return the life of each test as of a day, at the levels of the default method."""
    from core.gap.board_life import find_board_lives
    from core.gap.crossings import find_crossings

    crossings = find_crossings(evidence, boards, as_of.toordinal(), DEFAULT)
    return find_board_lives(evidence, boards.tolist(), crossings, as_of.toordinal(), DEFAULT)


def nothing_newer(life: "BoardLife", since: int) -> str:
    """Say why a test gives no result after the day `since` (ordinal); empty if it gives one."""
    reason, newest = life.nothing_since(since), life.state.newest_day
    if reason == "no-newer" and newest is not None:
        return f"no newer model than of {day(newest)}"
    if reason in ("unmatched", "open-ahead"):
        side = "closed" if reason == "unmatched" else "open"
        return f"only {side} models have reached {levels(life.levels_left[0], life.levels_left[-1], life.board.unit)}"
    if reason in ("saturated", "no-level"):
        return f"{'saturated: ' if reason == 'saturated' else ''}{_no_level(life)}"
    return why_not(reason, life.state) if reason in LEVEL_REASONS or reason == "few-open" else STANDING_REASONS[reason]


def _no_level(life: "BoardLife") -> str:
    best = (("open", life.best_open), ("closed", life.best_closed))
    shown = " and ".join(f"{side} {score(value, life.board.unit)}" for side, value in best if value is not None)
    return f"no level left between the best scores ({shown})"
