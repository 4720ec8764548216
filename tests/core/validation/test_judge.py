"""The judge: worlds that don't depend on who draws them, and a quick grade with bounds."""

import zlib
from functools import cache

import numpy as np
import pytest

from core.gap.analysis import analyse
from core.gap.parameters import CLUSTERED_2
from core.validation.estimates import FIGURES
from core.validation.grades import Grade, grades, joined
from core.validation.judge import LAGS, judge
from core.validation.worlds import DESIGNS, RIVALS, make_world

WORLDS = 40
"""So many that a bias is known to 0.3 months and a coverage to 5 %."""


def test_groups_of_equal_ability_are_seldom_called_ahead() -> None:
    called = np.concatenate([judge(world, range(40), draws=1).ahead for world in RIVALS])
    assert called.mean() < 0.1


def test_parts_are_the_whole() -> None:
    whole = judge("measured rates", range(4), draws=5)
    parts = joined([judge("measured rates", [0, 1], draws=5), judge("measured rates", [2, 3], draws=5)])
    assert [part.world for part in parts] == ["measured rates"]
    assert np.array_equal(parts[0].rows, whole.rows, equal_nan=True)
    assert np.array_equal(parts[0].p_values, whole.p_values)


def test_a_world_is_measured_as_the_product_measures() -> None:
    world = make_world(DESIGNS["measured rates"], np.random.default_rng([zlib.crc32(b"measured rates"), 3]))
    told = analyse(world.evidence, world.boards, world.as_of, CLUSTERED_2)
    found = judge("measured rates", [3], draws=2)
    assert found.p_values[0, 0] == told.difference.p_value
    assert found.rows[0, FIGURES.index("catch-up time"), 0] == told.classes["private"].catch_up.months


def test_an_unknown_world_is_refused() -> None:
    with pytest.raises(KeyError):
        judge("nowhere", [0], draws=5)


@cache
def graded(world: str) -> dict[str, Grade]:
    return {grade.figure: grade for grade in grades(judge(world, range(WORLDS), draws=20))}


@pytest.mark.slow
class TestQuickGrade:
    """Bounds are three Monte Carlo errors from what a thousand worlds gave, or wider."""

    @pytest.mark.parametrize("world", ["equal testing", "8 boards", "16 boards", "sister boards", LAGS])
    def test_catch_up_times_hold_where_testing_is_equal(self, world: str) -> None:
        grade = graded(world)["catch-up time"]
        assert grade.given > 0.95
        assert abs(grade.bias) < 1.2
        assert grade.covered[1] > 0.72

    @pytest.mark.parametrize(("world", "low", "high"), [("42/23", 0.7, 2.3), ("42/10", 2.7, 4.9), ("80/40", 0.6, 2.2)])
    def test_unequal_testing_makes_the_raw_figures_larger(self, world: str, low: float, high: float) -> None:
        assert low < graded(world)["catch-up time"].bias < high
        assert graded(world)["standing gap"].bias > 0.4

    @pytest.mark.parametrize("world", ["42/23", "42/10", "80/40", "measured rates"])
    def test_thinning_takes_most_of_that_away(self, world: str) -> None:
        for figure in ("catch-up time", "standing gap"):
            raw, thinned = graded(world)[figure], graded(world)[f"{figure}, thinned"]
            assert abs(thinned.bias) < abs(raw.bias)
            assert thinned.rmse < raw.rmse

    @pytest.mark.parametrize("world", ["equal testing", "42/23", "heavy noise", "measured rates"])
    def test_a_direction_is_seldom_said_where_there_is_none(self, world: str) -> None:
        assert graded(world)["catch-up time"].said < 0.12
        assert graded(world)["standing gap, thinned"].said < 0.15

    @pytest.mark.parametrize("world", ["equal testing", "42/23", "16 boards", "sister boards", "measured rates"])
    def test_the_index_holds(self, world: str) -> None:
        grade = graded(world)["standing gap on the index"]
        assert grade.given > 0.95
        assert abs(grade.bias) < 1.5
        assert grade.covered[1] > 0.7
        assert grade.said < 0.12

    def test_a_change_is_found_more_often_than_one_that_is_not_there(self) -> None:
        for figure in ("standing gap", "standing gap, thinned"):
            assert graded("drift +3 a year")[figure].said > 0.1 + graded("equal testing")[figure].said
