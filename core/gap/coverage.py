"""E5: what share of the models each test has tested, by side, and which tests carry the headline figure."""

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, Evidence, IntArray
from core.gap.analysis import ClassGap
from core.gap.crossings import rows_until
from core.gap.parameters import Parameters


@dataclass(frozen=True)
class Share:
    """Numbers of models on one side: `tested` out of `eligible`."""

    tested: int
    eligible: int

    @property
    def fraction(self) -> float | None:
        """Return the share as a fraction; None if no model is eligible."""
        return self.tested / self.eligible if self.eligible else None


@dataclass(frozen=True)
class Coverage:
    """The share of each side that one board, or several together, has tested."""

    open: Share
    closed: Share


def coverage(evidence: Evidence, boards: IntArray, as_of: int) -> dict[Board, Coverage]:
    """Count the models that each board has tested, and the models that it could have tested (E5).

    A model is eligible if it was released by the day `as_of` (ordinal), is known to be open or closed, was tested on at
    least one benchmark, and came out between the board's first and last release. A board without a row by the day has
    no eligible models.
    """
    field = evidence.day <= as_of
    model, first = np.unique(evidence.model[field], return_index=True)
    is_open, days = evidence.is_open[field][first], evidence.day[field][first]
    sides = {True: np.sort(days[is_open]), False: np.sort(days[~is_open])}
    side_of = np.zeros(len(evidence.models), dtype=np.bool_)
    side_of[model] = is_open
    coverages = {}
    for board in boards.tolist():
        start, stop = rows_until(evidence, board, as_of)
        is_tested = np.zeros(len(evidence.models), dtype=np.bool_)
        is_tested[evidence.model[start:stop]] = True
        shares = [
            Share(
                int((is_tested & (side_of == side)).sum()),
                _count_between(sides[side], evidence.day[start], evidence.day[stop - 1]) if stop > start else 0,
            )
            for side in (True, False)
        ]
        coverages[evidence.boards[board]] = Coverage(*shares)
    return coverages


def overall(coverages: dict[Board, Coverage]) -> Coverage:
    """Add boards up: a model counts once for every board that tested it or could have tested it."""
    boards = coverages.values()
    sides = [
        Share(sum(share.tested for share in side), sum(share.eligible for share in side))
        for side in ([board.open for board in boards], [board.closed for board in boards])
    ]
    return Coverage(*sides)


def weight_shares(gap: ClassGap, parameters: Parameters) -> dict[Board, float]:
    """Return each board's share of the kernel weight at the date of the figure, largest first.

    The fractions sum to 1; empty if there is no figure.
    """
    at, points = gap.catch_up.figure.at, gap.points
    if at is None or not len(points.months):
        return {}
    weight = np.exp(-0.5 * ((at - points.open_day) / parameters.bandwidth_days) ** 2)
    by_board = np.bincount(points.board, weights=weight / weight.sum())
    by_weight = sorted(np.flatnonzero(by_board).tolist(), key=lambda board: (-by_board[board], board))
    return {gap.scope.evidence.boards[board]: float(by_board[board]) for board in by_weight}


def _count_between(days: IntArray, first: int, last: int) -> int:
    return int(np.searchsorted(days, last, side="right") - np.searchsorted(days, first, side="left"))
