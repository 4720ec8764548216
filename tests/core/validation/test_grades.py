"""Grades worked out by hand, and the bars that a headline is held to."""

import math
from dataclasses import replace

import numpy as np
import pytest

from core.gap.intervals import t_quantile
from core.validation.estimates import FIGURES
from core.validation.grades import Cell, Grade, grades, missed, over_all, rejected


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
