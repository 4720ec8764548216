"""E1: when each side first reached each level, and the lag between the sides (method.md, E1)."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, FloatArray, IntArray, Model
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.quantiles import percentile
from core.words import ACCESS

NOT_ON_LIST, BELOW_FLOOR, LEFT_CENSORED = "not-on-list", "below-floor", "left-censored"
"""Why a level does not count."""
ONLY_OPEN, OFF_GRID, NOBODY = "only-open", "off-grid", "nobody"
"""More reasons why the gap does not count a level that was asked for."""
FEW_OPEN, NO_CLOSED = "few-open", "no-closed"
"""Why a board gives no crossings."""


@dataclass(frozen=True)
class Points:
    """Levels that both sides have reached; one row per pair of models and board.

    Shape: all (n,). `board`, `closed` and `open` are indices, `cluster` is a code (clusters are independent of each
    other), days are ordinals. `months` is the lag (negative if open led), `threshold` the highest level of the pair in
    the board's unit. `reason` is empty if the row is accepted.
    """

    board: IntArray
    cluster: IntArray
    threshold: FloatArray
    closed: IntArray
    closed_day: IntArray
    open: IntArray
    open_day: IntArray
    months: FloatArray
    accepted: BoolArray
    reason: tuple[str, ...]

    def select(self, mask: BoolArray) -> "Points":
        """Return the rows of a mask."""
        reason = tuple(reason for reason, keep in zip(self.reason, mask.tolist(), strict=True) if keep)
        return Points(**{name: getattr(self, name)[mask] for name in _COLUMNS}, reason=reason)

    def accepted_only(self) -> "Points":
        """Return the accepted rows."""
        return self.select(self.accepted)


_COLUMNS = tuple(field.name for field in fields(Points) if field.name != "reason")


@dataclass(frozen=True)
class Crossing:
    """A level of a board that both sides have reached, with the first model of each side."""

    board: Board
    threshold: float
    closed: Model
    open: Model

    @property
    def months(self) -> float:
        """Return the months from the closed model's release to the open model's release."""
        return (self.open.day - self.closed.day) / MONTH_DAYS


@dataclass(frozen=True)
class Unmatched:
    """A level that only closed models have reached; `age_months` runs up to the board's newest model.

    `cluster` is the code of the board's cluster.
    """

    board: Board
    threshold: float
    closed: Model
    age_months: float
    newest_day: int
    cluster: int
    accepted: bool
    reason: str


@dataclass(frozen=True)
class OpenOnly:
    """A level that only open models have reached."""

    board: Board
    threshold: float
    open: Model


@dataclass(frozen=True)
class BoardState:
    """A board as of a day: its models, the open models it needs, its newest release, and why it has no crossings."""

    open_models: int
    closed_models: int
    newest_day: int | None
    needed: int
    reason: str


@dataclass(frozen=True)
class Crossings:
    """The result of E1: points, unmatched levels, levels that only open models have reached, and the boards' states."""

    points: Points
    unmatched: tuple[Unmatched, ...]
    open_only: tuple[OpenOnly, ...]
    states: dict[Board, BoardState]

    def accepted(self, evidence: Evidence) -> tuple[Crossing, ...]:
        """Return the accepted crossings, with the boards and models of the evidence that they were found in."""
        return tuple(list_crossings(evidence, self.points.accepted_only()))

    def reasons(self, evidence: Evidence) -> dict[tuple[Model | None, Model | None], str]:
        """Return why the level of a closed and an open model (None: nobody) does not count; empty if it counts."""
        crossings = zip(list_crossings(evidence, self.points), self.points.reason, strict=True)
        reasons: dict[tuple[Model | None, Model | None], str]
        reasons = {(crossing.closed, crossing.open): reason for crossing, reason in crossings}
        return reasons | {(level.closed, None): level.reason for level in self.unmatched}


def list_crossings(evidence: Evidence, points: Points) -> Iterator[Crossing]:
    """Yield points as crossings, with the boards and models of the evidence that they were found in."""
    columns = (column.tolist() for column in (points.board, points.threshold, points.closed, points.open))
    for board, threshold, closed, open_ in zip(*columns, strict=True):
        yield Crossing(evidence.boards[board], threshold, evidence.models[closed], evidence.models[open_])


Crossers = tuple[IntArray, IntArray]
"""First crossers of one board: the row of the first closed and the first open model per level, or -1."""


def find_crossings(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> Crossings:
    """Find the crossings of the given boards, as of the day `as_of` (ordinal).

    `open_models` (one flag per model) narrows the open side, by country or lab; whether a board has enough open models
    is checked before. On a new version of a benchmark, the levels that its first open model reaches are left-censored:
    nobody knows when an open model first reached them, so they are not accepted. A supposed score can be first at a
    level but does not count for the floor, the number of models or the board's newest day. Cost is linear in the
    scores, because each board's rows are sorted by day.
    """
    rows: list[tuple[int, float, int, int, int, int, bool, str]] = []
    unmatched: list[Unmatched] = []
    open_only: list[OpenOnly] = []
    states: dict[Board, BoardState] = {}
    clusters = evidence.families if parameters.clusters == "family" else np.arange(len(evidence.boards))
    for board in boards.tolist():
        start, stop = rows_until(evidence, board, as_of)
        state = states[evidence.boards[board]] = board_state(evidence, start, stop, parameters)
        if state.newest_day is None or state.open_models < parameters.min_open_models:
            continue
        levels = np.array(levels_at(evidence.boards[board], parameters))
        real = _real_rows(evidence, start, stop)
        floor = percentile(evidence.score[real], parameters.floor_percentile)
        crossers = first_crossers(evidence, start, stop, levels, open_models)
        censored = censored_day(evidence, start, stop, open_models)
        rows.extend(_pairs(evidence, board, levels, crossers, floor, censored, parameters))
        unmatched.extend(_unmatched(evidence, board, levels, crossers, floor, state.newest_day, int(clusters[board])))
        open_only.extend(_open_only(evidence, board, levels, crossers))
    return Crossings(_points(rows, clusters), tuple(unmatched), tuple(open_only), states)


def by_class(evidence: Evidence, boards: IntArray) -> dict[str, IntArray]:
    """Group boards (indices) by access class; classes without a board are omitted."""
    access = np.array([evidence.boards[board].access for board in boards.tolist()], dtype=np.str_)
    return {name: boards[access == name] for name in ACCESS if name in access}


def levels_at(board: Board, parameters: Parameters) -> tuple[float, ...]:
    """Return the levels of a board that a method uses."""
    return board.study_levels if parameters.levels == "study" else board.levels


def board_state(evidence: Evidence, start: int, stop: int, parameters: Parameters) -> BoardState:
    """Count the models among the rows `start` to `stop` of one board, and check whether the board can have a gap."""
    rows = _real_rows(evidence, start, stop)
    is_open, model = evidence.is_open[rows], evidence.model[rows]
    n_open, n_closed = (_distinct(model[side], len(evidence.models)) for side in (is_open, ~is_open))
    newest = int(evidence.day[rows][-1]) if len(model) else None
    reason = ""
    if n_open < parameters.min_open_models:
        reason = FEW_OPEN
    elif n_closed == 0:
        reason = NO_CLOSED
    return BoardState(n_open, n_closed, newest, parameters.min_open_models, reason)


def _real_rows(evidence: Evidence, start: int, stop: int) -> slice | IntArray:
    """Return the rows from `start` to `stop` without a supposed score."""
    if evidence.assumed is None or not start <= evidence.assumed < stop:
        return slice(start, stop)
    return np.delete(np.arange(start, stop), evidence.assumed - start)


def _distinct(models: IntArray, n_models: int) -> int:
    is_present = np.zeros(n_models, dtype=np.bool_)
    is_present[models] = True
    return int(is_present.sum())


def rows_until(evidence: Evidence, board: int, as_of: int) -> tuple[int, int]:
    """Return the start and stop of a board's rows for models released by a day (ordinal).

    A new version of a benchmark has no rows before the day on which it was known.
    """
    start, stop = released_by(evidence, board, as_of)
    return (start, start) if as_of < evidence.boards[board].joins else (start, stop)


def released_by(evidence: Evidence, board: int, day: int) -> tuple[int, int]:
    """Return the start and stop of a board's rows for models released by a day (ordinal), even if not yet known."""
    start, stop = int(evidence.bounds[board]), int(evidence.bounds[board + 1])
    return start, start + int(np.searchsorted(evidence.day[start:stop], day, side="right"))


def first_crossers(
    evidence: Evidence, start: int, stop: int, levels: FloatArray, open_models: BoolArray | None = None
) -> Crossers:
    """Find who first reached each level (any, in the board's unit) among the rows `start` to `stop` of one board."""
    sides = ~evidence.is_open[start:stop], counted_open(evidence, start, stop, open_models)
    closed, open_ = (first_reached(evidence, start, side, levels) for side in sides)
    return closed, open_


def first_reached(evidence: Evidence, start: int, side: BoolArray, levels: FloatArray) -> IntArray:
    """Find the row that first reached each level (any, in the board's unit), among the rows from `start` on.

    `side` flags the rows that count. The row is -1 if none reached the level.
    """
    rows = np.flatnonzero(side) + start
    if not len(rows):
        return np.full(len(levels), -1, dtype=np.int64)
    best = np.maximum.accumulate(evidence.score[rows])
    first = np.searchsorted(best, lowest_reaching(levels), side="left")
    return np.where(first < len(rows), rows[np.minimum(first, len(rows) - 1)], -1)


def lowest_reaching(levels: FloatArray) -> FloatArray:
    """Return the lowest score that reaches each level: a little lower, because 0.35 * 100 must reach 35."""
    return np.asarray(levels - 1e-9 * np.maximum(1.0, np.abs(levels)))


def counted_open(evidence: Evidence, start: int, stop: int, open_models: BoolArray | None) -> BoolArray:
    """Return which of the rows `start` to `stop` of one board are of the open models that count."""
    is_open = evidence.is_open[start:stop]
    return is_open if open_models is None else is_open & open_models[evidence.model[start:stop]]


def censored_day(evidence: Evidence, start: int, stop: int, open_models: BoolArray | None = None) -> int | None:
    """Return the day of the first open model on a new version of a benchmark; its levels are left-censored."""
    if start == stop or not evidence.boards[evidence.board[start]].joins:
        return None
    is_counted_open = counted_open(evidence, start, stop, open_models)
    return int(evidence.day[start + is_counted_open.argmax()]) if is_counted_open.any() else None


def _pairs(
    evidence: Evidence,
    board: int,
    levels: FloatArray,
    crossers: Crossers,
    floor: float,
    censored: int | None,
    parameters: Parameters,
) -> list[tuple[int, float, int, int, int, int, bool, str]]:
    """Pair the first crossers; one pair's levels become one row at the highest level, accepted if any level is."""
    accepted_levels = evidence.boards[board].accepted
    binds_until = parameters.list_binds_until.toordinal()
    by_pair: dict[tuple[int, int], tuple[int, float, int, int, int, int, bool, str]] = {}
    both = np.flatnonzero((crossers[0] >= 0) & (crossers[1] >= 0))
    rows = [side[both] for side in crossers]
    columns = (levels[both], *(column[side] for column in (evidence.model, evidence.day) for side in rows))
    for level, closed, open_, closed_day, open_day in zip(*(column.tolist() for column in columns), strict=True):
        reason = ""
        if open_day == censored:
            reason = LEFT_CENSORED
        elif accepted_levels is not None and max(closed_day, open_day) <= binds_until:
            reason = "" if level in accepted_levels else NOT_ON_LIST
        elif level <= floor:
            reason = BELOW_FLOOR
        key = closed, open_
        before = by_pair.get(key)
        is_accepted = not reason or (before is not None and before[6])
        by_pair[key] = (board, level, closed, closed_day, open_, open_day, is_accepted, "" if is_accepted else reason)
    return list(by_pair.values())


def _unmatched(
    evidence: Evidence, board: int, levels: FloatArray, crossers: Crossers, floor: float, newest: int, cluster: int
) -> list[Unmatched]:
    by_model: dict[int, Unmatched] = {}
    closed, open_ = crossers
    for number in np.flatnonzero((closed >= 0) & (open_ < 0)).tolist():
        level, row = float(levels[number]), closed[number]
        model, age = int(evidence.model[row]), float(newest - evidence.day[row]) / MONTH_DAYS
        before = by_model.get(model)
        is_accepted = level > floor or (before is not None and before.accepted)
        reason = "" if is_accepted else BELOW_FLOOR
        by_model[model] = Unmatched(
            evidence.boards[board], level, evidence.models[model], age, newest, cluster, is_accepted, reason
        )
    return list(by_model.values())


def _open_only(evidence: Evidence, board: int, levels: FloatArray, crossers: Crossers) -> list[OpenOnly]:
    by_model: dict[int, OpenOnly] = {}
    closed, open_ = crossers
    for number in np.flatnonzero((closed < 0) & (open_ >= 0)).tolist():
        model = int(evidence.model[open_[number]])
        by_model[model] = OpenOnly(evidence.boards[board], float(levels[number]), evidence.models[model])
    return list(by_model.values())


def _points(rows: list[tuple[int, float, int, int, int, int, bool, str]], clusters: IntArray) -> Points:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 8
    board, closed, closed_day, open_, open_day = (np.array(columns[n], dtype=np.int64) for n in (0, 2, 3, 4, 5))
    months = (open_day - closed_day) / MONTH_DAYS
    threshold = np.array(columns[1], dtype=np.float64)
    is_accepted = np.array(columns[6], dtype=np.bool_)
    return Points(
        board, clusters[board], threshold, closed, closed_day, open_, open_day, months, is_accepted, tuple(columns[7])
    )
