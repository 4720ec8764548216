"""Who leads on a benchmark: each side's records in order; and where one model stands on each benchmark."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import Board, BoolArray, Evidence, IntArray, Model
from core.gap.crossings import BELOW_FLOOR, first_crossers, rows_until
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.quantiles import percentile


@dataclass(frozen=True)
class Record:
    """A model, and its score: the best of its side from the model's release on."""

    model: Model
    score: float


@dataclass(frozen=True)
class Frontier:
    """Both sides' records on one board, in order, up to `newest_day`, the release of the board's newest model.

    `leader` is closed, open or neither (where they are level); `since` the day (ordinal) from which it has been so,
    for a side that is alone its first. `matched` is the first closed model at or above the best open score, with its
    own best score on the board, None where no closed model is; `between` how long before the best open
    model's release it was (negative: after it).
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
        """Return how far the best open model stands behind: since the first closed one at its score, level 0."""
        if self.matched is None:
            return None
        return 0.0 if self.leader == "neither" else self.stood(self.matched)

    def stood(self, record: Record) -> float:
        """Return for how many months a record had stood when the board's newest model was released."""
        return (self.newest_day - record.model.day) / MONTH_DAYS

    @property
    def records(self) -> dict[str, tuple[Record, ...]]:
        """Return the records by their side."""
        return {"closed": self.closed, "open": self.open}

    @property
    def best(self) -> dict[str, Record]:
        """Return the best model of each side that has one."""
        return {side: records[-1] for side, records in self.records.items() if records}

    @property
    def best_closed(self) -> Record | None:
        """Return the best closed model, None where there is none."""
        return self.best.get("closed")

    @property
    def best_open(self) -> Record | None:
        """Return the best open model, None where there is none."""
        return self.best.get("open")

    @property
    def difference(self) -> float | None:
        """Return the best closed score minus the best open one, in the board's unit."""
        return self.closed[-1].score - self.open[-1].score if self.closed and self.open else None


def frontiers(evidence: Evidence, boards: IntArray, as_of: int) -> list[Frontier]:
    """Find both sides' records on each of the boards that has a score by the day `as_of` (ordinal)."""
    return [line for board in boards.tolist() if (line := frontier(evidence, board, as_of)) is not None]


def frontier(evidence: Evidence, board: int, as_of: int) -> Frontier | None:
    """Find both sides' records on a board as of the day `as_of` (ordinal); None where it has no score by then."""
    start, stop = rows_until(evidence, board, as_of)
    if start == stop:
        return None
    is_open = evidence.is_open[start:stop]
    closed, open_ = (_records(evidence, start, side) for side in (~is_open, is_open))
    leader, since = _leader(closed, open_)
    matched = between = None
    if open_:
        row = int(first_crossers(evidence, start, stop, np.array([open_[-1].score])).closed[0])
        if row >= 0:
            of_model = np.flatnonzero(evidence.model[start:stop] == evidence.model[row])
            best = float(evidence.score[start:stop][of_model].max())
            matched = Record(evidence.models[evidence.model[row]], best)
            between = (open_[-1].model.day - matched.model.day) / MONTH_DAYS
    return Frontier(evidence.boards[board], closed, open_, int(evidence.day[stop - 1]), leader, since, matched, between)


def _records(evidence: Evidence, start: int, side: BoolArray) -> tuple[Record, ...]:
    """Return a side's records; of several on one day the best, of equal scores the first in the source's order."""
    rows = np.flatnonzero(side) + start
    best = np.maximum.accumulate(evidence.score[rows])
    higher = rows[np.flatnonzero(np.diff(best, prepend=-np.inf) > 0)].tolist()
    records = (Record(evidence.models[evidence.model[row]], float(evidence.score[row])) for row in higher)
    return tuple({record.model.day: record for record in records}.values())


def _leader(closed: tuple[Record, ...], open_: tuple[Record, ...]) -> tuple[str, int]:
    """Return who leads after the last record, and the day since when; one side at least has a record."""
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

    Models are indices, days ordinals. `months` is how far an open model stands behind at `newest_day`, the release of
    the board's newest model: since the first closed model had its score (method.md, H3), 0 where no closed score is
    higher; None where none is as high, and for closed models. `between` is the open model's release minus the closed
    one's, whichever of the two was asked for: negative where open led, None where the other side has no such score by
    then. `first_at` are the levels that the model reached first of its side. `reason` says why the score does not
    count, if so.
    """

    board: int
    score: float
    other: int | None
    other_day: int | None
    months: float | None
    between: float | None
    newest_day: int
    first_at: tuple[float, ...]
    reason: str


def model_lags(
    evidence: Evidence, model: int, boards: IntArray, as_of: int, parameters: Parameters
) -> tuple[ModelLag, ...]:
    """Place a model (an index) on each of the boards that has a score of it, as of the day `as_of` (ordinal)."""
    return tuple(
        lag for board in boards.tolist() if (lag := _model_lag(evidence, model, board, as_of, parameters)) is not None
    )


def _model_lag(evidence: Evidence, model: int, board: int, as_of: int, parameters: Parameters) -> ModelLag | None:
    start, stop = rows_until(evidence, board, as_of)
    mine = np.flatnonzero(evidence.model[start:stop] == model)
    if not len(mine):
        return None
    score = float(evidence.score[start:stop][mine].max())
    grid = np.array(evidence.boards[board].levels)
    reached = first_crossers(evidence, start, stop, np.append(grid, score))
    known, newest = evidence.models[model], int(evidence.day[stop - 1])
    own, others = (reached.open, reached.closed) if known.is_open else (reached.closed, reached.open)
    other = int(others[-1])
    other_day = int(evidence.day[other]) if other >= 0 else None
    months = between = None
    if other_day is not None:
        is_closed = ~evidence.is_open[start:stop]
        is_level = evidence.score[start:stop][is_closed].max(initial=-np.inf) <= score + 1e-9 * max(1.0, abs(score))
        months = None if not known.is_open else 0.0 if is_level else (newest - other_day) / MONTH_DAYS
        between = (1 if known.is_open else -1) * (known.day - other_day) / MONTH_DAYS
    floor = percentile(evidence.score[start:stop], parameters.floor_percentile)
    return ModelLag(
        board,
        score,
        int(evidence.model[other]) if other >= 0 else None,
        other_day,
        months,
        between,
        newest,
        tuple(grid[(own[:-1] >= 0) & (evidence.model[own[:-1]] == model)].tolist()),
        "" if score > floor else BELOW_FLOOR,
    )
