"""E4: lags with redrawn scores: a certain lag stays, a lucky one spreads, one without errors has no noise."""

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


def evidence_of(error: float, rows: list[toy.Row] = ROWS) -> Evidence:
    evidence = whole(toy.evidence({"b": rows}))
    return replace(evidence, standard_error=np.full(len(evidence.score), error))


def test_scores_that_are_all_but_certain_give_the_lag_itself() -> None:
    noise = level_noise(evidence_of(0.01), 0, END, (50.0,), CLUSTERED_2)[50.0]
    assert (noise.months, noise.low, noise.high) == pytest.approx((CERTAIN,) * 3)


def test_what_luck_may_decide_has_a_range() -> None:
    """With 3 points of error c1 at 48 % reaches 50 % in a quarter of the draws, and o1 at 52 % fails in as many."""
    noise = level_noise(evidence_of(3.0), 0, END, (50.0,), CLUSTERED_2)[50.0]
    assert noise.low == pytest.approx(CERTAIN)
    assert noise.high > 2 * CERTAIN


def test_a_level_that_may_not_have_been_reached_has_no_end() -> None:
    rows = [("c", "2024-01-01", "closed", 80.0), ("o", "2024-07-01", "open", 50.5)]
    noise = level_noise(evidence_of(1.0, rows), 0, END, (50.0,), CLUSTERED_2)[50.0]
    assert np.isfinite(noise.months)
    assert noise.high == np.inf


def test_only_levels_whose_two_scores_have_an_error_are_told() -> None:
    evidence = evidence_of(3.0)
    o1 = next(n for n, model in enumerate(evidence.models) if model.model_id == "o1")
    evidence.standard_error[evidence.model == o1] = np.nan
    assert list(level_noise(evidence, 0, END, (50.0, 55.0, 90.0), CLUSTERED_2)) == [55.0]
    assert model_noise(evidence, o1, 0, END, CLUSTERED_2) is None
    assert level_noise(toy.evidence({"b": ROWS}), 0, END, (50.0,), CLUSTERED_2) == {}


def test_a_model_is_held_against_whoever_has_as_much_in_each_draw() -> None:
    """An open model up to the day of the board's newest model, a closed one from its own release."""
    evidence = evidence_of(0.01)
    numbers = {model.model_id: n for n, model in enumerate(evidence.models)}
    newest = evidence.day.max() - evidence.models[numbers["o1"]].day
    opened, closed = (model_noise(evidence, numbers[name], 0, END, CLUSTERED_2) for name in ("o1", "c1"))
    assert opened.months == pytest.approx(CERTAIN + newest / MONTH_DAYS)
    assert closed.months == pytest.approx((date(2024, 7, 1) - date(2024, 1, 1)).days / MONTH_DAYS)
    rows = [("c", "2024-01-01", "closed", 40.0), ("o", "2024-07-01", "open", 60.0)]
    ahead = evidence_of(1.0, rows)
    assert model_noise(ahead, 1, 0, END, CLUSTERED_2).months == -np.inf


def test_percentages_stay_between_0_and_100_and_keep_their_mean_and_spread() -> None:
    evidence = evidence_of(2.0)
    redrawn = redraw_scores(evidence, 0, len(evidence.score), CLUSTERED_2)
    assert ((redrawn > 0) & (redrawn < 100)).all()
    assert redrawn.mean(axis=0) == pytest.approx(evidence.score, abs=0.3)
    assert redrawn.std(axis=0) == pytest.approx(2.0, abs=0.3)
    again = redraw_scores(evidence, 0, len(evidence.score), CLUSTERED_2)
    assert (redrawn == again).all()
