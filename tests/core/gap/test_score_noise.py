"""E4: lags with scores drawn anew: what is certain stays, what luck decides spreads, what has no error is silent."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from core.gap.score_noise import level_noise, model_noise, redraw_scores
from tests import toy
from tests.core.gap.whole import whole

END = date(2025, 1, 1).toordinal()
ROWS = [
    ("c1", "2024-01-01", "closed", 48.0),
    ("c2", "2024-04-01", "closed", 60.0),
    ("o1", "2024-07-01", "open", 52.0),
    ("o2", "2024-10-01", "open", 60.0),
]
CERTAIN = (date(2024, 7, 1) - date(2024, 4, 1)).days / MONTH_DAYS
"""Of 50 %: o1 after c2."""


def made(error: float, rows: list[toy.Row] = ROWS) -> Evidence:
    known = whole(toy.evidence({"b": rows}))
    return replace(known, standard_error=np.full(len(known.score), error))


def test_scores_that_are_all_but_certain_give_the_lag_itself() -> None:
    found = level_noise(made(0.01), 0, END, (50.0,), CLUSTERED_2)[50.0]
    assert (found.months, found.low, found.high) == pytest.approx((CERTAIN,) * 3)


def test_what_luck_may_decide_has_a_range() -> None:
    """With 3 points of error c1 at 48 % reaches 50 % in a quarter of the draws, and o1 at 52 % fails in as many."""
    found = level_noise(made(3.0), 0, END, (50.0,), CLUSTERED_2)[50.0]
    assert found.low == pytest.approx(CERTAIN)
    assert found.high > 2 * CERTAIN


def test_a_level_that_may_not_have_been_reached_has_no_end() -> None:
    rows = [("c", "2024-01-01", "closed", 80.0), ("o", "2024-07-01", "open", 50.5)]
    found = level_noise(made(1.0, rows), 0, END, (50.0,), CLUSTERED_2)[50.0]
    assert np.isfinite(found.months)
    assert found.high == np.inf


def test_only_levels_whose_two_scores_have_an_error_are_told() -> None:
    known = made(3.0)
    o1 = next(n for n, model in enumerate(known.models) if model.model_id == "o1")
    known.standard_error[known.model == o1] = np.nan
    assert list(level_noise(known, 0, END, (50.0, 55.0, 90.0), CLUSTERED_2)) == [55.0]
    assert model_noise(known, o1, 0, END, CLUSTERED_2) is None
    assert level_noise(toy.evidence({"b": ROWS}), 0, END, (50.0,), CLUSTERED_2) == {}


def test_a_model_is_held_against_whoever_has_as_much_in_each_draw() -> None:
    """An open model up to the day of the board's newest model, a closed one from its own release."""
    known = made(0.01)
    numbers = {model.model_id: n for n, model in enumerate(known.models)}
    newest = known.day.max() - known.models[numbers["o1"]].day
    assert model_noise(known, numbers["o1"], 0, END, CLUSTERED_2).months == pytest.approx(CERTAIN + newest / MONTH_DAYS)
    assert model_noise(known, numbers["c1"], 0, END, CLUSTERED_2).months == pytest.approx(
        (date(2024, 7, 1) - date(2024, 1, 1)).days / MONTH_DAYS
    )
    rows = [("c", "2024-01-01", "closed", 40.0), ("o", "2024-07-01", "open", 60.0)]
    ahead = made(1.0, rows)
    assert model_noise(ahead, 1, 0, END, CLUSTERED_2).months == -np.inf


def test_percentages_stay_between_0_and_100_and_keep_their_mean_and_spread() -> None:
    known = made(2.0)
    drawn = redraw_scores(known, 0, len(known.score), CLUSTERED_2)
    assert drawn is not None
    assert ((drawn > 0) & (drawn < 100)).all()
    assert drawn.mean(axis=0) == pytest.approx(known.score, abs=0.3)
    assert drawn.std(axis=0) == pytest.approx(2.0, abs=0.3)
    again = redraw_scores(known, 0, len(known.score), CLUSTERED_2)
    assert (drawn == again).all()
