"""What a test can still tell, in the words of every answer: ended, succeeded, saturated; why it gives nothing newer."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import DEFAULT
from core.questions.reasons import LEVELS, STANDING, why_not
from core.questions.shared_facts import count_fact, iso, of_board, stated
from core.words import and_list, day, levels, score

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, IntArray
    from core.gap.board_life import BoardLife

_ON_SEVERAL = {
    "": "newer results on {0}, too few families of tests for a figure",
    "saturated": "{0} saturated",
    "unmatched": "only closed models have reached the levels left on {0}",
    "open-ahead": "only open models have reached the levels left on {0}",
    "no-level": "no level between the best scores on {0}",
    "no-newer": "no newer model on {0} (the last of {1})",
    "few-open": "too few open models on {0}",
    "no-closed": "no score of a closed model on {0}",
    "no-open": "no score of these open models on {0}",
    "no-score": "no score by the day on {0}",
}
"""Why several tests give nothing newer: {0} are the tests, {1} the day of the newest model on any of them."""
STAGE_LINE = Line("Stage", "{stage}")


def stage_fact(evidence: "Evidence", life: "BoardLife") -> Fact:
    """State what a test has become (active, saturated, succeeded, ended), and why it gives nothing newer."""
    board, newest, since = evidence.boards[life.board], life.state.newest_day, life.newest_result
    parts = ["active"] if life.stage == "active" else []
    if life.successor is not None:
        successor = evidence.boards[life.successor]
        parts.append(f"succeeded by {successor.name} (known since {day(successor.joins)})")
    if life.has_ended and newest is not None:
        parts.append(f"ended: no model since {day(newest)}, so in no standing gap")
    if life.is_saturated:
        parts.append(f"saturated: {_no_level(board, life)}")
    elif not life.has_ended:
        why = nothing_newer(evidence, life, since or 0)
        if since and since == newest:
            parts.append(f"its newest model, of {day(newest)}, gave the newest result")
        else:
            parts.append(f"no result since {day(since)}: {why}" if since else why)
    shown = "; ".join(parts)
    return stated("stage", life.stage, "", shown, "note", f"the stage of {board.name}", **of_board(board))


def lives_of(evidence: "Evidence", boards: "IntArray", as_of: date) -> "dict[int, BoardLife]":
    """Look at what some tests (indices) have become by a day, at the levels of the default method."""
    from core.gap.board_life import find_board_lives
    from core.gap.crossings import find_crossings

    found = find_crossings(evidence, boards, as_of.toordinal(), DEFAULT)
    return find_board_lives(evidence, boards.tolist(), found, as_of.toordinal(), DEFAULT)


def nothing_newer(evidence: "Evidence", life: "BoardLife", since: int) -> str:
    """Say why a test gives no result of a day (ordinal) later than this; empty where it gives one."""
    board, reason, newest = evidence.boards[life.board], life.nothing_since(since), life.state.newest_day
    if reason == "no-newer" and newest is not None:
        return f"no newer model than of {day(newest)}"
    if reason in ("unmatched", "open-ahead"):
        side = "closed" if reason == "unmatched" else "open"
        return f"only {side} models have reached {levels(life.levels_left[0], life.levels_left[-1], board.unit)}"
    if reason in ("saturated", "no-level"):
        return f"{'saturated: ' if reason == 'saturated' else ''}{_no_level(board, life)}"
    return why_not(reason, life.state) if reason in LEVELS or reason == "few-open" else STANDING[reason]


def _no_level(board: "Board", life: "BoardLife") -> str:
    best = (("open", life.best_open), ("closed", life.best_closed))
    shown = " and ".join(f"{side} {score(value, board.unit)}" for side, value in best if value is not None)
    return f"no level left between the best scores ({shown})"


def nothing_newer_on(evidence: "Evidence", lives: "Iterable[BoardLife]", since: int) -> str:
    """Say why several tests give no figure of a day (ordinal) later than this, those of one reason together."""
    groups: dict[str, list[BoardLife]] = {reason: [] for reason in _ON_SEVERAL}
    for life in lives:
        groups[life.nothing_since(since)].append(life)
    said = []
    for reason, of_reason in groups.items():
        if of_reason:
            names = and_list([evidence.boards[life.board].name for life in of_reason])
            newest = max(life.state.newest_day or 0 for life in of_reason)
            said.append(_ON_SEVERAL[reason].format(names, day(newest) if newest else ""))
    return "; ".join(said)


def saturated_facts(evidence: "Evidence", lives: "dict[str, list[BoardLife]]") -> list[Fact]:
    """State which tests of each class are saturated."""
    facts = []
    for access, of_class in lives.items():
        names = [evidence.boards[life.board].name for life in of_class if life.is_saturated]
        if names:
            shown = f"{and_list(names)} ({access})"
            facts.append(count_fact(f"saturated.{access}", len(names), "tests", shown, "saturated", access=access))
    return facts


def life_data(evidence: "Evidence", life: "BoardLife") -> dict[str, Any]:
    """Return a test's stage, its successor, the levels left between the best scores, and why it gives nothing newer."""
    return {
        "stage": life.stage,
        "succeeded_by": None if life.successor is None else evidence.boards[life.successor].version,
        "levels_left": list(life.levels_left),
        "newest_result": iso(life.newest_result),
        "nothing_newer": nothing_newer(evidence, life, life.newest_result or 0),
    }
