"""Whether a board can still give new results, and if not, why: ended, succeeded, saturated, or levels unmatched.

Only its data retire a board, never a person (method.md, "Clusters, caps, ends, successors").
"""

from collections.abc import Iterable

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, IntArray
from core.gap.cache import cached
from core.gap.crossings import BoardState, Crossings, counted_open, levels_at, lowest_reaching, rows_until
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.standing import ENDED, ENDED_AFTER_MONTHS, NO_OPEN, NO_SCORE, enough_from, has_ended

SUCCEEDED, SATURATED, ACTIVE = "succeeded", "saturated", "active"
"""The stages of a board, besides ended: a new version is known; no level is left between the best scores, near the top;
the board can still give new results."""
NO_NEWER, UNMATCHED, OPEN_AHEAD, NO_LEVEL = "no-newer", "unmatched", "open-ahead", "no-level"
"""Why a board gives no newer result: there is no newer model; only closed models have reached the levels left; only
open models have; or no level lies between the best scores, which are far from the top."""
NEAR_TOP_PERCENT = 80.0
"""A board without a level left is saturated if its best score is at least this high. This is our assumption: MMLU, at
88 % for both sides, can't measure more; CritPt, at 1 and 2 % in July 2025, had not begun."""


@dataclass(frozen=True)
class BoardLife:
    """A board as of a day: both best scores, the `levels_left` between them, and the day of its newest result.

    `newest_result` is the open model's release (ordinal) in the newest accepted crossing, or None. `successor` is the
    board that succeeds it, if known by the day. `has_ended` is true if its newest model is over 6 months old.
    """

    board: Board
    state: BoardState
    best_closed: float | None
    best_open: float | None
    levels_left: tuple[float, ...]
    newest_result: int | None
    successor: Board | None
    has_ended: bool
    is_saturated: bool

    @property
    def stage(self) -> str:
        """Return the stage: ended or succeeded if it is retired; otherwise too few models, saturated or active."""
        if self.has_ended:
            return ENDED
        if self.successor is not None:
            return SUCCEEDED
        if self.state.reason:
            return self.state.reason
        return SATURATED if self.is_saturated else ACTIVE

    @property
    def succeeded_by(self) -> str | None:
        """Return the version that succeeds the board, or None."""
        return None if self.successor is None else self.successor.version

    def nothing_since(self, day: int) -> str:
        """Return the code for why the board has no result after a day (ordinal); empty if it has one."""
        if self.newest_result is not None and self.newest_result > day:
            return ""
        newest = self.state.newest_day
        if newest is None or self.state.reason:
            return self.state.reason or NO_SCORE
        if newest <= day:
            return NO_NEWER
        if self.best_open is None or self.best_closed is None:
            return NO_OPEN
        if self.levels_left:
            return UNMATCHED if self.best_closed > self.best_open else OPEN_AHEAD
        return SATURATED if self.is_saturated else NO_LEVEL


def live_on(evidence: Evidence, boards: IntArray, days: IntArray, parameters: Parameters) -> BoolArray:
    """Return which boards are live on each day (ordinals, sorted): (days, boards).

    A live board has a closed model, enough open models, some model at most six months old, no successor known by the
    day, and a level between the best scores of the two sides (method.md, H1).
    """
    live = np.zeros((len(days), len(boards)), dtype=np.bool_)
    for place, board in enumerate(boards.tolist()):
        start, stop = rows_until(evidence, board, int(days[-1]) if len(days) else 0)
        day, is_open = evidence.day[start:stop], evidence.is_open[start:stop]
        enough = enough_from(day, is_open, evidence.model[start:stop], parameters.min_open_models)
        if enough is None:
            continue
        newest = np.maximum(np.searchsorted(day, days, side="right") - 1, 0)
        best = [
            np.maximum.accumulate(np.where(side, evidence.score[start:stop], -np.inf)) for side in (is_open, ~is_open)
        ]
        ends = np.sort(np.stack([side[newest] for side in best]), axis=0)
        levels = lowest_reaching(np.array(levels_at(evidence.boards[board], parameters)))
        below_low, below_high = (np.searchsorted(levels, end, side="right") for end in ends)
        successor = _successor(evidence, board, int(days[-1]))
        until = np.inf if successor is None else successor.joins
        is_young = (days - day[newest]) / MONTH_DAYS <= ENDED_AFTER_MONTHS
        live[:, place] = (days >= enough) & is_young & (below_high > below_low) & (days < until)
    return live


def live_families(evidence: Evidence, boards: IntArray, days: IntArray, parameters: Parameters) -> IntArray:
    """Count the families with a live board on each day (ordinals, sorted): (days,)."""
    return count_families(evidence, boards, live_on(evidence, boards, days, parameters))


def count_families(evidence: Evidence, boards: IntArray, live: BoolArray) -> IntArray:
    """Count the families with a live board on each day: (days,), from the flags `live` (days, boards)."""
    family, counts = evidence.families[boards], np.zeros(len(live), dtype=np.int64)
    for code in sorted(set(family.tolist())):
        counts += live[:, family == code].any(axis=1)
    return counts


def last_complete_day(evidence: Evidence, parameters: Parameters) -> int:
    """Return the last day (ordinal) up to which two thirds of the live headline boards are complete (method.md, H1).

    A supposed score does not change the day.
    """
    if evidence.assumed is not None:
        real = np.arange(len(evidence.score)) != evidence.assumed
        return last_complete_day(evidence.select(real), parameters)

    def measure() -> int:
        newest = evidence.newest_data.toordinal()
        headline = np.array([n for n, board in enumerate(evidence.boards) if board.headline], dtype=np.int64)
        live = headline[live_on(evidence, headline, np.array([newest]), parameters)[0]]
        complete = np.sort(evidence.complete_until[live])[::-1]
        return min(newest, int(complete[-(-2 * len(live) // 3) - 1])) if len(live) else newest

    return cached(evidence, measure, "last complete day", parameters.min_open_models)


def continuing_boards(evidence: Evidence, boards: IntArray, as_of: int) -> frozenset[Board]:
    """Return the boards that have neither ended by a day (ordinal) nor have a successor."""
    stops = {board: rows_until(evidence, board, as_of) for board in boards.tolist()}
    return frozenset(
        evidence.boards[board]
        for board, (start, stop) in stops.items()
        if start < stop
        and not has_ended(int(evidence.day[stop - 1]), as_of)
        and _successor(evidence, board, as_of) is None
    )


def find_board_lives(
    evidence: Evidence,
    boards: Iterable[int],
    crossings: Crossings,
    as_of: int,
    parameters: Parameters,
    open_models: BoolArray | None = None,
) -> dict[Board, BoardLife]:
    """Return what each board can still measure as of the day `as_of` (ordinal); `crossings` are the boards'.

    `open_models` (one flag per model) narrows the open side.
    """
    lives = {}
    until = min(as_of, evidence.newest_data.toordinal())  # after the newest data a board is silent, not ended
    points = crossings.points.accepted_only()
    for number in boards:
        board = evidence.boards[number]
        state = crossings.states[board]
        closed, open_ = _best_scores(evidence, number, as_of, open_models)
        levels_left: tuple[float, ...] = ()
        is_saturated = False
        if closed is not None and open_ is not None:
            low, high = sorted((closed, open_))
            levels = np.array(levels_at(board, parameters))
            lowest = lowest_reaching(levels)
            levels_left = tuple(levels[(low < lowest) & (lowest <= high)].tolist())
            is_saturated = not state.reason and not levels_left and high >= _near_top(board)
        days = points.open_day[points.board == number]
        newest_result = int(days.max()) if len(days) else None
        ended = state.newest_day is not None and has_ended(state.newest_day, until)
        successor = _successor(evidence, number, as_of)
        lives[board] = BoardLife(
            board, state, closed, open_, levels_left, newest_result, successor, ended, is_saturated
        )
    return lives


def _near_top(board: Board) -> float:
    """Return the best score from which a board without a level left is saturated.

    Scales other than percent have no end, so it is their last level.
    """
    return NEAR_TOP_PERCENT if board.unit == "percent" else board.levels[-1]


def _best_scores(
    evidence: Evidence, board: int, as_of: int, open_models: BoolArray | None
) -> tuple[float | None, float | None]:
    """Return the best closed and the best open score by a day; None for a side without a score."""
    start, stop = rows_until(evidence, board, as_of)
    sides, score = (~evidence.is_open[start:stop], counted_open(evidence, start, stop, open_models)), evidence.score
    closed, open_ = (float(score[start:stop][side].max()) if side.any() else None for side in sides)
    return closed, open_


def _successor(evidence: Evidence, board: int, as_of: int) -> Board | None:
    """Return the version that succeeds a board, or None if none was known by the day."""
    old = evidence.boards[board]
    newer = (
        other
        for other in evidence.boards
        if (other.benchmark_id, other.succeeds) == (old.benchmark_id, old.version) and other.joins <= as_of
    )
    return next(newer, None)
