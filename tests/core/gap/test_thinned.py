"""E5 for catch-up times: each selection of the scores gives the points that E1 would find in it alone."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.crossings import crossings
from core.gap.intervals import kernel_band
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS, Parameters
from core.gap.thinned import ThinnedPoints, thinned_points
from tests import toy
from tests.core.gap.whole import headline_boards

ANY = replace(CLUSTERED_2, min_open_models=1, floor_percentile=0.0)
LATE = toy.START.toordinal() + 1000


def of_points(known: Evidence, boards: np.ndarray, as_of: int, at: int, parameters: Parameters) -> np.ndarray:
    """The four sums by board, from E1's own points."""
    found = crossings(known, boards, as_of, parameters).points
    found = found.where(found.accepted)
    weight = np.exp(-0.5 * ((at - found.open_day) / parameters.bandwidth_days) ** 2)
    recent = (found.open_day <= at) & (found.open_day > round(at - parameters.window_months * MONTH_DAYS))
    size = len(known.boards)
    sums = (weight, weight * found.months, recent, recent * found.months)
    return np.stack([np.bincount(found.board, weights=each, minlength=size)[boards] for each in sums])


def sums(points: ThinnedPoints, draw: int) -> np.ndarray:
    return np.stack([each[draw] for each in (points.weight, points.lag, points.count, points.recent)])


@given(toy.boards(), st.integers(0, 2**32))
def test_a_selection_gives_what_it_would_give_alone(rows: list[toy.Row], seed: int) -> None:
    known = toy.evidence({"b": rows})
    board = np.array([0])
    kept = np.random.default_rng(seed).random((3, len(known.score))) < 0.7
    found = thinned_points(known, board, LATE, LATE - 200, kept, replace(ANY, floor_percentile=0.0))
    floor = np.percentile(known.score, 0)
    for draw in range(3):
        rest = replace(
            known, **{name: getattr(known, name)[kept[draw]] for name in ("board", "model", "day", "is_open", "score")}
        )
        if not len(rest.score) or rest.score.min() != floor:
            continue  # the floor is that of all scores
        assert sums(found, draw) == pytest.approx(of_points(rest, board, LATE, LATE - 200, ANY))


@pytest.mark.parametrize("day", [date(2026, 8, 22), date(2026, 5, 22), date(2025, 3, 1)])
def test_all_scores_give_the_points_of_the_answers(known: Evidence, day: date) -> None:
    """With the study's lists and its grids; over boards with enough open models."""
    as_of = day.toordinal()
    states = crossings(known, headline_boards(known), as_of, CLUSTERED_2).states
    boards = np.array([board for board, state in states.items() if not state.reason])
    kept = np.ones((1, len(known.score)), dtype=np.bool_)
    found = thinned_points(known, boards, as_of, as_of - 30, kept, CLUSTERED_2)
    assert sums(found, 0) == pytest.approx(of_points(known, boards, as_of, as_of - 30, CLUSTERED_2))


def test_the_trend_of_a_draw_is_that_of_its_points(known: Evidence) -> None:
    as_of = date(2026, 8, 22).toordinal()
    boards = headline_boards(known)
    states = crossings(known, boards, as_of, CLUSTERED_2).states
    boards = np.array([board for board in boards if not states[board].reason])
    points = crossings(known, boards, as_of, CLUSTERED_2).points
    points = points.where(points.accepted)
    kept = np.ones((2, len(known.score)), dtype=np.bool_)
    band = thinned_points(known, boards, as_of, as_of - 60, kept, CLUSTERED_2).band(boards, level=0.9)
    whole = kernel_band(points.open_day, points.months, points.board, [as_of - 60], bandwidth_days=60, level=0.9)
    for name in ("months", "low", "high", "n_effective", "df"):
        assert getattr(band, name) == pytest.approx(np.repeat(getattr(whole, name), 2)), name
    sisters = thinned_points(known, boards, as_of, as_of - 60, kept, CLUSTERED_2).band(boards // 2, level=0.9)
    assert sisters.months == pytest.approx(band.months)
    assert (sisters.n_effective < band.n_effective).all()


def test_a_board_s_mean_is_over_the_draws_that_have_a_point() -> None:
    count = np.array([[2.0, 0.0], [1.0, 0.0]])
    recent = np.array([[6.0, 0.0], [5.0, 0.0]])
    means = ThinnedPoints(count, recent, count, recent).means()
    assert means[0] == 4.0  # of 3 and 5
    assert np.isnan(means[1])
