"""Who leads on a benchmark: each side's records in order, and how old the closed level is that open has reached."""

from dataclasses import dataclass, replace

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, IntArray
from core.gap.crossings import first_crossers, rows_until
from core.gap.parameters import MONTH_DAYS


@dataclass(frozen=True)
class Record:
    """The best score of a side from a day (ordinal) on, and the model (an index) that set it."""

    model: int
    day: int
    score: float
    is_open: bool


@dataclass(frozen=True)
class Frontier:
    """Both sides' records on one board, in order, up to `newest_day`, the release of the board's newest model.

    `leader` is closed, open or neither (where they are level); `since` the day (ordinal) from which it has been so,
    for a side that is alone its first. `matched` is the first closed model at or above the best open score, with its
    own best score on the board, None where no closed model is; `between` how long before the best open
    model's release it was (negative: after it).
    """

    board: int
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
        return (self.newest_day - record.day) / MONTH_DAYS

    @property
    def difference(self) -> float | None:
        """Return the best closed score minus the best open one, in the board's unit."""
        return self.closed[-1].score - self.open[-1].score if self.closed and self.open else None


def frontiers(evidence: Evidence, boards: IntArray, as_of: int) -> list[Frontier]:
    """Find both sides' records on each of the boards that has a score by the day `as_of` (ordinal)."""
    return [found for board in boards.tolist() if (found := frontier(evidence, board, as_of)) is not None]


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
            matched = replace(_record(evidence, row), score=best)
            between = (open_[-1].day - matched.day) / MONTH_DAYS
    return Frontier(board, closed, open_, int(evidence.day[stop - 1]), leader, since, matched, between)


def _record(evidence: Evidence, row: int) -> Record:
    return Record(
        int(evidence.model[row]), int(evidence.day[row]), float(evidence.score[row]), bool(evidence.is_open[row])
    )


def _records(evidence: Evidence, start: int, side: BoolArray) -> tuple[Record, ...]:
    """Return a side's records; of several on one day the best, of equal scores the first in the source's order."""
    rows = np.flatnonzero(side) + start
    best = np.maximum.accumulate(evidence.score[rows])
    higher = rows[np.flatnonzero(np.diff(best, prepend=-np.inf) > 0)]
    return tuple({int(evidence.day[row]): _record(evidence, row) for row in higher.tolist()}.values())


def _leader(closed: tuple[Record, ...], open_: tuple[Record, ...]) -> tuple[str, int]:
    """Return who leads after the last record, and the day since when; one side at least has a record."""
    best = {False: -np.inf, True: -np.inf}
    leader, since = "", 0
    by_day: dict[int, list[Record]] = {}
    for record in (*closed, *open_):
        by_day.setdefault(record.day, []).append(record)
    for day in sorted(by_day):
        for record in by_day[day]:
            best[record.is_open] = record.score
        now = _ahead(best[False], best[True])
        if now != leader:
            leader, since = now, day
    return leader, since


def _ahead(closed: float, open_: float) -> str:
    if closed == open_:
        return "neither"
    return "closed" if closed > open_ else "open"
