"""Grades worked out by hand, and when a headline may be trusted."""

import math

import numpy as np
import pytest

from core.gap.intervals import t_quantile
from core.validation.estimates import FIGURES
from core.validation.grades import CARE, COLUMNS, NO, YES, Cell, Grade, grade_cell, overall_rmse, rejection_rate

NAN = math.nan


def cell(rows: list[dict[str, float]], p_values: list[float] | None = None) -> Cell:
    """A cell whose first figure has these rows; columns not named are missing."""
    grades = np.full((len(rows), len(FIGURES), len(COLUMNS)), np.nan)
    for n, row in enumerate(rows):
        grades[n, 0] = [row.get(name, NAN) for name in COLUMNS]
    nothing = np.full(len(rows), np.nan)
    return Cell("paper", grades, nothing if p_values is None else np.array(p_values), nothing)


class TestGrades:
    T = float(t_quantile(0.95, 5))

    def test_on_paper(self) -> None:
        """Off by +1, −1, +3 and +1 from the mean, by one more from the last day; the third has no range."""
        truth = {"true_mean": 6.0, "true_now": 5.0, "true_change": 1.0}
        grade = grade_cell(
            cell(
                [
                    {"months": 7, "error": 1.01 / self.T, "df": 5, "change": 3, "change_error": 1.5, "change_df": 5,
                     "direction": 1, "flips_a_year": 2, **truth},
                    {"months": 5, "error": 0.99 / self.T, "df": 5, "change": 1, "change_error": 0.1, "change_df": 5,
                     "direction": -1, "flips_a_year": 0, **truth},
                    {"months": 9, "direction": 0, "change": 11, "change_error": 1, "change_df": 5, **truth},
                    {"months": 7, "error": 9 / self.T, "df": 5, **truth},
                ]
            )
        )[0]  # fmt: skip
        assert (grade.worlds, grade.given) == (4, 1.0)
        assert grade.bias == 1.0
        assert grade.bias_error == pytest.approx(np.std([1, -1, 3, 1], ddof=1) / 2)
        assert grade.rmse == pytest.approx(3**0.5)
        assert grade.covered == pytest.approx(2 / 3)  # of the three that have a range
        assert grade.width == pytest.approx(2 * (1.01 + 0.99 + 9) / 3)
        assert (grade.bias_now, grade.rmse_now) == (2.0, pytest.approx(6**0.5))
        assert grade.covered_now == pytest.approx(2 / 3)
        assert grade.change_bias == pytest.approx((2 + 0 + 10) / 3)
        assert grade.change_covered == pytest.approx(2 / 3)
        assert (grade.wider, grade.narrower) == (pytest.approx(1 / 3), pytest.approx(1 / 3))  # of three that say
        assert grade.flips_a_year == 1.0

    def test_a_figure_that_is_not_there_has_no_grade(self) -> None:
        grade = grade_cell(cell([{"months": 7, "true_mean": 6, "true_now": 5}] * 3))[1]
        assert (grade.given, math.isnan(grade.bias), math.isnan(grade.wider)) == (0, True, True)

    def test_over_all_worlds_squares_are_averaged(self) -> None:
        rmse = overall_rmse(
            [Grade("a", "x", 9, 1, rmse=3.0, rmse_now=1.0), Grade("b", "x", 9, 1, rmse=4.0, rmse_now=1.0),
             Grade("a", "y", 9, 0)]
        )  # fmt: skip
        assert rmse == {"x": (pytest.approx(12.5**0.5), pytest.approx(1.0))}

    def test_a_rejection_is_a_p_value_under_five_per_cent(self) -> None:
        row = {"months": 7.0, "true_mean": 6.0}
        assert rejection_rate(cell([row] * 4, [0.01, 0.06, 0.04, NAN])) == pytest.approx(2 / 3)
        assert math.isnan(rejection_rate(cell([row] * 2)))


@pytest.mark.parametrize(
    ("covered", "bias", "trust"),
    [
        (0.85, 0.5, YES),
        (0.95, -0.5, YES),
        (0.954, 0.54, YES),  # shown as 95 % and 0.5 months
        (0.84, 0.0, CARE),
        (0.97, 0.0, CARE),
        (0.90, -0.6, CARE),
        (0.75, 1.5, CARE),
        (0.74, 0.0, NO),
        (0.90, -1.6, NO),
        (NAN, 0.0, NO),
    ],
)
def test_a_headline_may_be_trusted_where_ranges_hold_and_it_is_not_off(covered: float, bias: float, trust: str) -> None:
    assert Grade("a", "x", 9, 1, covered=covered, bias=bias).trust == trust
