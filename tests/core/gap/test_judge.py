"""The judge: grades worked out by hand, worlds that don't depend on who draws them, and a quick grade with bounds."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from core.gap.grades import FIGURES, Cell, Grade, grades, joined, missed, over_all, rejected
from core.gap.intervals import t_quantile
from core.gap.judge import LAGS, judge
from core.gap.worlds import RIVALS

WORLDS = 40
"""So many that a bias is known to 0.3 months and a coverage to 5 %."""


def cell(rows: list[tuple[float, ...]], p_values: list[tuple[float, float]] | None = None) -> Cell:
    """A cell whose first figure has these rows, (months, error, df, truth, now, change, its error, its df)."""
    found = np.full((len(rows), len(FIGURES), 8), np.nan)
    found[:, 0] = rows
    return Cell("paper", found, np.array(p_values or [(np.nan, np.nan)] * len(rows)), np.full(len(rows), np.nan))


class TestGrades:
    T = float(t_quantile(0.95, 5))

    def test_on_paper(self) -> None:
        """Off by +1, −1, +3 and +1; the second has a change that is said, the third no interval."""
        grade = grades(
            cell(
                [
                    (7.0, 1.01 / self.T, 5, 6, 5, 0.5, 1.0, 5),
                    (5.0, 0.99 / self.T, 5, 6, 5, 9.0, 1.0, 5),
                    (9.0, math.nan, math.nan, 6, 5, 9.0, math.nan, math.nan),
                    (7.0, 9.0, 5, 6, 5, math.nan, math.nan, math.nan),
                ]
            )
        )[0]
        assert (grade.worlds, grade.given) == (4, 1.0)
        assert grade.bias == 1.0
        assert grade.bias_error == pytest.approx(np.std([1, -1, 3, 1], ddof=1) / 2)
        assert grade.rmse == pytest.approx(3**0.5)
        assert grade.covered[1] == pytest.approx(2 / 3)  # of the three that have one
        assert (grade.bias_now, grade.rmse_now) == (2.0, pytest.approx(6**0.5))
        assert grade.covered_now == pytest.approx(2 / 3)
        assert grade.said == pytest.approx(1 / 3)  # of the three that have a change

    def test_a_figure_that_is_not_there_has_no_grade(self) -> None:
        grade = grades(cell([(7.0, 1, 5, 6, 5, 0, 1, 5)] * 3))[1]
        assert (grade.given, math.isnan(grade.bias), math.isnan(grade.said)) == (0, True, True)

    def test_over_all_worlds_squares_are_averaged(self) -> None:
        found = over_all(
            [Grade("a", "x", 9, 1, rmse_now=3.0), Grade("b", "x", 9, 1, rmse_now=4.0), Grade("a", "y", 9, 0)]
        )
        assert found == {"x": pytest.approx(12.5**0.5)}

    def test_a_rejection_is_a_p_value_under_five_per_cent(self) -> None:
        found = cell([(7.0, 1, 5, 6, 5, 0, 1, 5)] * 4, [(0.01, 0.2), (0.06, 0.04), (0.04, 0.9), (0.5, math.nan)])
        assert rejected(found) == (0.5, pytest.approx(1 / 3))
        assert all(math.isnan(share) for share in rejected(cell([(7.0, 1, 5, 6, 5, 0, 1, 5)] * 2)))


class TestBars:
    def test_what_a_figure_misses_is_said(self) -> None:
        good = Grade("42/23", "x", 9, 1, covered=(0.8, 0.9), bias_now=0.3, said=0.05)
        assert missed("x", [good, Grade("42/23", "y", 9, 1, covered=(0.8, 0.2), bias_now=2.0, said=0.5)]) == []
        bad = replace(good, covered=(0.8, 0.84), bias_now=-0.31, said=0.06)
        assert missed("x", [bad]) == [
            "90 % covers 84 in 42/23",
            "off by −0.31 at 42/23",
            "false direction 6 % in 42/23",
        ]

    def test_a_direction_that_is_there_may_be_said(self) -> None:
        assert missed("x", [Grade("drift +3 a year", "x", 9, 1, covered=(0.1, 0.1), bias_now=3.0, said=0.9)]) == []


def test_groups_of_equal_ability_are_seldom_called_ahead() -> None:
    called = np.concatenate([judge(world, range(40), draws=1).ahead for world in RIVALS])
    assert called.mean() < 0.1


def test_parts_are_the_whole() -> None:
    whole = judge("measured rates", range(4), draws=5)
    parts = joined([judge("measured rates", [0, 1], draws=5), judge("measured rates", [2, 3], draws=5)])
    assert [part.world for part in parts] == ["measured rates"]
    assert np.array_equal(parts[0].rows, whole.rows, equal_nan=True)
    assert np.array_equal(parts[0].p_values, whole.p_values)


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
