"""Who first reached each level of a benchmark, level by level: the rows behind the gap's points (method.md, E1)."""

from dataclasses import dataclass, replace

import numpy as np

from core.evidence.evidence import Evidence
from core.gap.crossings import BoardState, Reached, crossings, first_crossers, rows_until
from core.gap.parameters import MONTH_DAYS, Parameters

ONLY_OPEN, OFF_GRID, NOBODY = "only-open", "off-grid", "nobody"
"""Why the gap does not count a level that was asked for, beside the reasons of its crossings."""


@dataclass(frozen=True)
class Level:
    """One level of a board and the first model of each side at or above it; None where there is none.

    Models are indices, days ordinals. `months` is the lag (negative where open led), None unless both sides have
    reached the level; `age_months` is how long one that only closed models have reached had waited on the day of
    the board's newest model. `accepted` says whether the gap counts it, if not, `reason` why.
    """

    threshold: float
    closed: int | None
    closed_day: int | None
    open: int | None
    open_day: int | None
    months: float | None
    age_months: float | None
    accepted: bool
    reason: str

    @property
    def state(self) -> str:
        """Say which sides have reached the level: both, closed only, open only, or neither."""
        if self.closed is None:
            return "neither" if self.open is None else "open only"
        return "closed only" if self.open is None else "both"


@dataclass(frozen=True)
class FirstCrossings:
    """The levels of one board, upwards: those of its grid that a side has reached, and the one that was asked for."""

    board: int
    state: BoardState
    levels: tuple[Level, ...]

    def at(self, threshold: float) -> Level | None:
        """Return one level."""
        return next((level for level in self.levels if level.threshold == threshold), None)

    def merged(self) -> tuple[tuple[Level, ...], ...]:
        """Return the levels in runs of the same two models, upwards: each run is one result of the gap."""
        runs: list[list[Level]] = []
        for level in self.levels:
            if runs and (runs[-1][-1].closed, runs[-1][-1].open) == (level.closed, level.open):
                runs[-1].append(level)
            else:
                runs.append([level])
        return tuple(tuple(run) for run in runs)


def first_crossings(
    evidence: Evidence, board: int, as_of: int, parameters: Parameters, asked: float | None = None
) -> FirstCrossings:
    """Find who first reached each level of a board by the day `as_of` (ordinal).

    `asked` is one more level, any, in the board's unit; on the grid or not. Whether a level counts in the gap is
    read from the gap's own crossings. Cost is linear in the board's scores.
    """
    start, stop = rows_until(evidence, board, as_of)
    grid = evidence.boards[board].levels
    thresholds = np.array(sorted({*grid, *(() if asked is None else (asked,))}))
    reached = first_crossers(evidence, start, stop, thresholds)
    found = crossings(evidence, np.array([board]), as_of, parameters)
    state = found.states[board]
    reasons = found.reasons
    levels = []
    for number in range(len(thresholds)):
        threshold = float(thresholds[number])
        level = _level(evidence, threshold, reached, number, state.newest_day or 0)
        if level.state == "neither" and threshold != asked:
            continue
        reason = state.reason or ("" if threshold in grid else OFF_GRID)
        levels.append(_judged(level, reasons, reason))
    return FirstCrossings(board, state, tuple(levels))


def _level(evidence: Evidence, threshold: float, reached: Reached, number: int, newest: int) -> Level:
    closed, open_ = (int(rows[number]) for rows in (reached.closed, reached.open))
    closed_day, open_day = (int(evidence.day[row]) if row >= 0 else None for row in (closed, open_))
    months = age = None
    if closed_day is not None:
        if open_day is None:
            age = (newest - closed_day) / MONTH_DAYS
        else:
            months = (open_day - closed_day) / MONTH_DAYS
    closed_model, open_model = (int(evidence.model[row]) if row >= 0 else None for row in (closed, open_))
    return Level(threshold, closed_model, closed_day, open_model, open_day, months, age, False, "")


def _judged(level: Level, reasons: dict[tuple[int | None, int | None], str], reason: str) -> Level:
    if level.closed is None:
        reason = ONLY_OPEN if level.open is not None else NOBODY
    elif not reason:
        reason = reasons[level.closed, level.open]
    return replace(level, accepted=not reason, reason=reason)
