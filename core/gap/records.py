"""Who was first: the records of each side on a benchmark, the lag of one model, and both sides level by level."""

from dataclasses import field

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, IntArray, Model
from core.gap.crossings import (
    NOBODY,
    OFF_GRID,
    ONLY_OPEN,
    BoardState,
    counted_open,
    find_crossings,
    first_crossers,
    rows_until,
)
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.quantiles import percentile
from core.gap.score_noise import NoisyLag


@dataclass(frozen=True)
class Record:
    """A model and its score, which was the best of its side when the model was released."""

    model: Model
    score: float


@dataclass(frozen=True)
class Frontier:
    """Both sides' records on one board, in order, up to `newest_day`, the release of the board's newest model.

    `leader` is closed, open or neither (if they are level). `since` is the day (ordinal) on which that began; for a
    side without the other, its first record. `matched` is the first closed model at or above the best open score, with
    the model's own best score on the board, or None. `between` is the months from the release of `matched` to the best
    open model's release (negative if the open model came first).
    """

    board: Board
    closed: tuple[Record, ...]
    open: tuple[Record, ...]
    newest_day: int
    leader: str
    since: int
    matched: Record | None
    between: float | None

    @property
    def months(self) -> float | None:
        """Return the months since the first closed model reached the best open score; 0 if both sides are level."""
        if self.matched is None:
            return None
        return 0.0 if self.leader == "neither" else self.standing_months(self.matched)

    def standing_months(self, record: Record) -> float:
        """Return how many months a record had been unbeaten when the board's newest model was released."""
        return (self.newest_day - record.model.day) / MONTH_DAYS

    @property
    def is_floor(self) -> bool:
        """Whether `months` is a lower bound: the board tested no closed model before `matched`."""
        return self.matched is not None and self.matched.model == self.closed[0].model

    @property
    def records(self) -> dict[str, tuple[Record, ...]]:
        """Return the records by side."""
        return {"closed": self.closed, "open": self.open}

    @property
    def best(self) -> dict[str, Record]:
        """Return the best model of each side that has one."""
        return {side: records[-1] for side, records in self.records.items() if records}

    @property
    def best_closed(self) -> Record | None:
        """Return the best closed model, or None."""
        return self.best.get("closed")

    @property
    def best_open(self) -> Record | None:
        """Return the best open model, or None."""
        return self.best.get("open")

    @property
    def difference(self) -> float | None:
        """Return the best closed score minus the best open score, in the board's unit; None if a side has no score."""
        return self.closed[-1].score - self.open[-1].score if self.closed and self.open else None


def frontiers(evidence: Evidence, boards: IntArray, as_of: int, open_models: BoolArray | None = None) -> list[Frontier]:
    """Find both sides' records on all boards that have a score by the day `as_of` (ordinal)."""
    lines = (frontier(evidence, board, as_of, open_models) for board in boards.tolist())
    return [line for line in lines if line is not None]


def frontier(evidence: Evidence, board: int, as_of: int, open_models: BoolArray | None = None) -> Frontier | None:
    """Find both sides' records on a board as of the day `as_of` (ordinal); None if it has no score by the day.

    `open_models` (one flag per model) narrows the open side; the board's newest model stays that of all.
    """
    start, stop = rows_until(evidence, board, as_of)
    if start == stop:
        return None
    sides = ~evidence.is_open[start:stop], counted_open(evidence, start, stop, open_models)
    closed, open_ = (_records(evidence, start, side) for side in sides)
    leader, since = _leader(closed, open_)
    matched = between = None
    if open_:
        first_closed, _ = first_crossers(evidence, start, stop, np.array([open_[-1].score]))
        row = int(first_closed[0])
        if row >= 0:
            of_model = np.flatnonzero(evidence.model[start:stop] == evidence.model[row])
            best = float(evidence.score[start:stop][of_model].max())
            matched = Record(evidence.models[evidence.model[row]], best)
            between = (open_[-1].model.day - matched.model.day) / MONTH_DAYS
    return Frontier(evidence.boards[board], closed, open_, int(evidence.day[stop - 1]), leader, since, matched, between)


def _records(evidence: Evidence, start: int, side: BoolArray) -> tuple[Record, ...]:
    """Return the records of a side: only the best of a day, and the first in source order if scores are equal."""
    rows = np.flatnonzero(side) + start
    best = np.maximum.accumulate(evidence.score[rows])
    higher = rows[np.flatnonzero(np.diff(best, prepend=-np.inf) > 0)].tolist()
    records = (Record(evidence.models[evidence.model[row]], float(evidence.score[row])) for row in higher)
    return tuple({record.model.day: record for record in records}.values())


def _leader(closed: tuple[Record, ...], open_: tuple[Record, ...]) -> tuple[str, int]:
    """Return who leads after the last record, and since which day; "" if neither side has a record."""
    scores = {side: {record.model.day: record.score for record in records}
              for side, records in (("closed", closed), ("open", open_))}  # fmt: skip
    best = dict.fromkeys(scores, -np.inf)
    leader, since = "", 0
    for day in sorted({day for of_side in scores.values() for day in of_side}):
        best |= {side: of_side[day] for side, of_side in scores.items() if day in of_side}
        now = "neither" if best["closed"] == best["open"] else max(best, key=best.__getitem__)
        if now != leader:
            leader, since = now, day
    return leader, since


@dataclass(frozen=True)
class ModelLag:
    """A model on one board: its best score, and the first model of the other side at or above it.

    `months` is how far an open model is behind at `newest_day` (ordinal), the release of the board's newest model: the
    time since the first closed model had its score (method.md, H3). It is 0 if no closed score is higher; None if no
    closed score is as high, and for closed models; `is_floor` if it is a lower bound, because the board tested no
    closed model before `other`. `between` is the open model's release minus the closed model's:
    negative if open led, None if the other side has no such score by the day. `noise` is the lag with redrawn scores,
    if it was measured. `first_at` holds the levels that the model was the first of its side to reach.
    """

    board: Board
    score: float
    other: Model | None
    months: float | None
    between: float | None
    noise: NoisyLag | None = field(default=None, kw_only=True)
    newest_day: int
    first_at: tuple[float, ...]
    accepted: bool
    is_floor: bool

    @property
    def reason(self) -> str | None:
        """Return why the score does not count; None if it counts."""
        return None if self.accepted else "below the floor"

    @property
    def distance(self) -> float:
        """Return how far an open model is behind, or how much later a closed model was matched; 0 if neither."""
        return (self.between if self.months is None else self.months) or 0.0


def model_lag(evidence: Evidence, model: int, board: int, as_of: int, parameters: Parameters) -> ModelLag | None:
    """Measure the lag of a model on a board (indices) as of the day `as_of` (ordinal); None without a score by then."""
    start, stop = rows_until(evidence, board, as_of)
    mine = np.flatnonzero(evidence.model[start:stop] == model)
    if not len(mine):
        return None
    score = float(evidence.score[start:stop][mine].max())
    grid = np.array(evidence.boards[board].levels)
    crossers = first_crossers(evidence, start, stop, np.append(grid, score))
    own_model, newest = evidence.models[model], int(evidence.day[stop - 1])
    own, other_rows = crossers[::-1] if own_model.is_open else crossers
    other = evidence.models[evidence.model[other_rows[-1]]] if other_rows[-1] >= 0 else None
    months, between, is_floor = None, None, False
    if other is not None:
        between = (1 if own_model.is_open else -1) * (own_model.day - other.day) / MONTH_DAYS
        if own_model.is_open:
            closed_scores = evidence.score[start:stop][~evidence.is_open[start:stop]]
            is_level = closed_scores.max() <= score + 1e-9 * max(1.0, abs(score))
            months = 0.0 if is_level else (newest - other.day) / MONTH_DAYS
            is_floor = bool(other_rows[-1] == start + np.flatnonzero(~evidence.is_open[start:stop])[0])
    is_first = (own[:-1] >= 0) & (evidence.model[own[:-1]] == model)
    floor = percentile(evidence.score[start:stop], parameters.floor_percentile)
    first_at = tuple(grid[is_first].tolist())
    return ModelLag(evidence.boards[board], score, other, months, between, newest, first_at, score > floor, is_floor)


@dataclass(frozen=True)
class FirstCrossing:
    """One level of a board and the first model of each side at or above it, or None.

    `state` is which sides have reached the level: both, closed only, open only, or neither. `months` is the lag
    (negative if open led); None unless both sides have reached it. `age_months` is the age of a level that only closed
    models have reached, on the day of the board's newest model. `accepted` is whether the gap counts the level,
    `reason` why not. `noise` is the lag with redrawn scores, if it was measured.
    """

    threshold: float
    closed: Model | None
    open: Model | None
    state: str
    months: float | None
    age_months: float | None
    accepted: bool
    reason: str | None
    noise: NoisyLag | None = None


def find_first_crossings(
    evidence: Evidence, board: int, as_of: int, parameters: Parameters, level: float | None = None
) -> tuple[BoardState, tuple[FirstCrossing, ...]]:
    """Find who first reached each level of a board by the day `as_of` (ordinal).

    Returns the board's state, and in ascending order the levels of its grid that a side has reached, and `level`
    (any level in the board's unit, on the grid or not). The crossings of the gap decide whether a level counts.
    Cost is linear in the board's scores.
    """
    start, stop = rows_until(evidence, board, as_of)
    grid = evidence.boards[board].levels
    thresholds = np.array(sorted({*grid, *(() if level is None else (level,))}))
    first_rows = (side.tolist() for side in first_crossers(evidence, start, stop, thresholds))
    in_gap = find_crossings(evidence, np.array([board]), as_of, parameters)
    [state], reasons = in_gap.states.values(), in_gap.reasons(evidence)
    levels = []
    for threshold, *rows in zip(thresholds.tolist(), *first_rows, strict=True):
        closed, open_ = (evidence.models[evidence.model[row]] if row >= 0 else None for row in rows)
        if closed is not None:
            reason = state.reason or (reasons[closed, open_] if threshold in grid else OFF_GRID)
        elif open_ is not None:
            reason = ONLY_OPEN
        elif threshold == level:
            reason = NOBODY
        else:
            continue
        levels.append(_build_level(threshold, closed, open_, reason, state.newest_day or 0))
    return state, tuple(levels)


def _build_level(
    threshold: float, closed: Model | None, open_: Model | None, reason: str, newest: int
) -> FirstCrossing:
    state, months, age = "neither", None, None
    if closed and open_:
        state, months = "both", (open_.day - closed.day) / MONTH_DAYS
    elif closed:
        state, age = "closed only", (newest - closed.day) / MONTH_DAYS
    elif open_:
        state = "open only"
    return FirstCrossing(threshold, closed, open_, state, months, age, accepted=not reason, reason=reason or None)
