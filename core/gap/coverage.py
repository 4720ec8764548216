"""E5: how much of the field the tests have tried, on each side, and which tests carry the headline figure."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import ClassGap
from core.gap.crossings import rows_until
from core.gap.parameters import Parameters


@dataclass(frozen=True)
class Share:
    """Models of one side: how many were `tested` of those `eligible`."""

    tested: int
    eligible: int

    @property
    def fraction(self) -> float | None:
        """Return the share as a fraction, None where no model is eligible."""
        return self.tested / self.eligible if self.eligible else None


@dataclass(frozen=True)
class Coverage:
    """What one board, or several together, has tested of each side."""

    open: Share
    closed: Share


def coverage(evidence: Evidence, boards: IntArray, as_of: int) -> dict[int, Coverage]:
    """Count, for each of the boards, the models that it has tested and those that it could have (E5).

    Eligible are the models, released by the day `as_of` (ordinal) and known to be open or closed, that at least
    one benchmark has tested, and that came out between the board's first and last release. Without a row by then
    a board has none.
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
        seen = np.zeros(len(evidence.models), dtype=np.bool_)
        seen[evidence.model[start:stop]] = True
        shares = [
            Share(
                int((seen & (side_of == side)).sum()),
                _between(sides[side], evidence.day[start], evidence.day[stop - 1]) if stop > start else 0,
            )
            for side in (True, False)
        ]
        coverages[board] = Coverage(*shares)
    return coverages


def overall(coverages: dict[int, Coverage]) -> Coverage:
    """Add boards up: each model counts once for every board that tested it, or could have."""
    boards = coverages.values()
    sides = [
        Share(sum(share.tested for share in side), sum(share.eligible for share in side))
        for side in ([board.open for board in boards], [board.closed for board in boards])
    ]
    return Coverage(*sides)


def weight_shares(gap: ClassGap, parameters: Parameters) -> dict[int, float]:
    """Return the share of the kernel weight that each board carries at its date, largest first.

    Fractions that sum to 1; empty where there is no figure.
    """
    at, points = gap.catch_up.figure.at, gap.points
    if at is None or not len(points.months):
        return {}
    weight = np.exp(-0.5 * ((at - points.open_day) / parameters.bandwidth_days) ** 2)
    by_board = np.bincount(points.board, weights=weight / weight.sum())
    ordered = sorted(np.flatnonzero(by_board).tolist(), key=lambda board: (-by_board[board], board))
    return {board: float(by_board[board]) for board in ordered}


def _between(days: IntArray, first: int, last: int) -> int:
    return int(np.searchsorted(days, last, side="right") - np.searchsorted(days, first, side="left"))
