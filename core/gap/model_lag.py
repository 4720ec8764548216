"""Where one model stands on each test: its best score, and when the other side first had such a score."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import Evidence, IntArray
from core.gap.crossings import BELOW_FLOOR, first_crossers, rows_until
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.quantiles import percentile


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
