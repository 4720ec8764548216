"""What catch-up time rests on: the benchmark, the model and the grade of evidence without which it moves most."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, IntArray
from core.gap.class_gap import ClassGap, change_since, point_shares
from core.gap.crossings import Points, crossings, joined
from core.gap.figures import NO_CHANGE, Change
from core.gap.parameters import Measure, Parameters
from core.gap.trend import band_of, grid_days, is_readable, trend

Kind = Literal["benchmark", "family", "model", "grade"]

WEAK_GRADES = ("registry", "third-party")
"""The grades of evidence that a sceptic would leave out: without the stronger ones hardly a model is classified."""
_LEAST_SHARE = 0.1
"""A model that carries less of a figure is not tried: it can't be what moves it most."""


@dataclass(frozen=True)
class Influence:
    """One thing left out of a class as if it had no score, and the class's figure of a measure without it.

    `boards` (one, or a family) and `model` are indices, `grade` a grade of evidence; what is not of this kind is None
    or empty. `share` is the fraction of catch-up time's weight on points that need it, None of another measure.
    `months` is the figure without it, read on the day `at` (ordinal), `moved` by how many months it moves; None where
    nothing is left to read. `sides` says on which sides the models stood that were left out.
    """

    kind: Kind
    access: str
    measure: Measure
    share: float | None = None
    months: float | None = None
    moved: float | None = None
    at: int | None = None
    change: Change = NO_CHANGE
    boards: tuple[int, ...] = ()
    model: int | None = None
    grade: str = ""
    sides: frozenset[str] = frozenset()

    @property
    def size(self) -> float:
        """Return how far the figure moves; where nothing is left to read, farther than all else."""
        return float("inf") if self.moved is None else abs(self.moved)


@dataclass(frozen=True)
class _Candidate:
    kind: Kind
    share: float
    board: int | None = None
    models: tuple[int, ...] = ()
    grade: str = ""


def influences(
    evidence: Evidence,
    classes: dict[str, ClassGap],
    as_of: int,
    parameters: Parameters,
    open_models: BoolArray | None = None,
) -> tuple[Influence, ...]:
    """Find, per class and kind, what moves the headline most when it is left out; the largest move first.

    Crossings are found anew without it, so the next model takes a level over. The trend is read anew where it can
    then be read; where that is more than a bandwidth before the headline, at the headline's own day, so that a move is
    not that of time. A class whose headline is not read from a trend has none.
    """
    found = []
    for access, gap in classes.items():
        if gap.catch_up.months is None or gap.catch_up.at is None or gap.trend.last_readable() is None:
            continue
        largest: dict[Kind, tuple[float, _Candidate]] = {}
        for candidate in _candidates(evidence, gap, parameters):
            boards = np.array(sorted(set(gap.points.board[_needs(gap.points, candidate)].tolist())), dtype=np.int64)
            points = _points_without(evidence, gap, candidate, boards, as_of, parameters, open_models)
            months = _read(points, gap.catch_up.at, parameters)[0]
            size = float("inf") if months is None else abs(months - gap.catch_up.months)
            if size > largest.get(candidate.kind, (-1.0, candidate))[0]:
                largest[candidate.kind] = size, candidate
        for _, candidate in largest.values():
            # Now with every board that has a score of it, as the floor may move where it was first at nothing.
            boards = gap.boards[np.isin(gap.boards, evidence.board[np.isin(evidence.model, candidate.models)])]
            points = _points_without(evidence, gap, candidate, boards, as_of, parameters, open_models)
            found.append(_influence(access, gap, candidate, points, parameters))
    return tuple(sorted(found, key=lambda each: -each.size))


def model_shares(gap: ClassGap, parameters: Parameters) -> dict[int, float]:
    """Return the share of the headline's weight that each open model's points carry, the largest first."""
    shares = np.bincount(gap.points.open, weights=point_shares(gap, parameters))
    return {n: float(shares[n]) for n in np.argsort(-shares, kind="stable").tolist() if shares[n] > 0}


def _candidates(evidence: Evidence, gap: ClassGap, parameters: Parameters) -> Iterator[_Candidate]:
    points, shares = gap.points, point_shares(gap, parameters)
    of_board = np.bincount(points.board, weights=shares)
    for board in np.flatnonzero(of_board >= _LEAST_SHARE).tolist():
        yield _Candidate("benchmark", float(of_board[board]), board=board)
    of_model = np.zeros(len(evidence.models))
    for side in (points.open, points.closed):
        of_model += np.bincount(side, weights=shares, minlength=len(of_model))
    for model in np.flatnonzero(of_model >= _LEAST_SHARE).tolist():
        yield _Candidate("model", float(of_model[model]), models=(model,))
    for grade in WEAK_GRADES:
        weak = tuple(n for n, model in enumerate(evidence.models) if model.openness_grade == grade)
        candidate = _Candidate("grade", 0.0, models=weak, grade=grade)
        needs = _needs(points, candidate)
        if needs.any():
            yield replace(candidate, share=float(shares[needs].sum()))


def _needs(points: Points, candidate: _Candidate) -> BoolArray:
    """Return which points need a candidate, as their benchmark or as one of their models."""
    if candidate.board is not None:
        return np.asarray(points.board == candidate.board)
    if len(candidate.models) == 1:
        return np.asarray((points.open == candidate.models[0]) | (points.closed == candidate.models[0]))
    return np.isin(points.open, candidate.models) | np.isin(points.closed, candidate.models)


def _points_without(
    evidence: Evidence,
    gap: ClassGap,
    candidate: _Candidate,
    boards: IntArray,
    as_of: int,
    parameters: Parameters,
    open_models: BoolArray | None,
) -> Points:
    """Return the accepted points of a class without a candidate, found anew on the given boards."""
    if candidate.board is not None:
        return gap.points.where(gap.points.board != candidate.board)
    anew = crossings(evidence.without(candidate.models), boards, as_of, parameters, open_models).points
    return joined(gap.points.where(~np.isin(gap.points.board, boards)), anew.where(anew.accepted))


def _read(points: Points, at: int, parameters: Parameters) -> tuple[float | None, int | None]:
    """Read the trend at its last readable day, if within a bandwidth of the day `at`, else as near to it as it goes."""
    if not len(points.months):
        return None, None
    grid = grid_days(int(points.open_day.min()), int(points.open_day.max()), parameters.step_days)
    grid = grid[min(int(np.searchsorted(grid, at - parameters.bandwidth_days)), len(grid) - 1) :]
    band = band_of(points, grid, parameters)
    readable = np.flatnonzero(is_readable(band, parameters))
    place = int(readable[-1]) if len(readable) else int(np.abs(grid - at).argmin())
    months = float(band.months[place])
    return (months, int(grid[place])) if np.isfinite(months) else (None, None)


def _influence(access: str, gap: ClassGap, candidate: _Candidate, points: Points, parameters: Parameters) -> Influence:
    months, at = _read(points, gap.catch_up.at or 0, parameters)
    change, moved = NO_CHANGE, None
    if months is not None and at is not None and gap.catch_up.months is not None:
        line = trend(points, replace(parameters, interval="benchmarks"), around=(gap.since, at))
        place, moved = int(np.searchsorted(line.day, at)), months - gap.catch_up.months
        change = change_since(line, place, gap.since, parameters)
    sides = {"open": gap.points.open, "closed": gap.points.closed}
    return Influence(
        candidate.kind,
        access,
        "catch_up",
        candidate.share,
        months,
        moved,
        at,
        change,
        () if candidate.board is None else (candidate.board,),
        candidate.models[0] if candidate.kind == "model" else None,
        candidate.grade,
        frozenset(name for name, side in sides.items() if np.isin(side, candidate.models).any()),
    )
