"""Two days, two kinds of tests, two tests: both figures, their difference, and why there is none."""

from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray
from core.gap.direction import (
    change_word,
    compare_changes,
    compare_days,
    compare_kinds,
    compare_tests,
    find_direction,
    is_clear,
    reverse_change,
    reverse_comparison,
)
from core.gap.figures import NO_CHANGE, NO_FIGURE, Change, Headline
from core.gap.index_figure import class_index, private_minus_public
from core.gap.parameters import DEFAULT

BEFORE, NOW = date(2025, 1, 20).toordinal(), date(2026, 9, 28).toordinal()


def test_a_change_is_clear_where_its_range_leaves_0_out() -> None:
    assert is_clear(Change(2.0, 0.5, 3.5))
    assert is_clear(Change(-2.0, -3.5, -0.5))
    assert not is_clear(Change(2.0, -0.5, 4.5))
    assert not is_clear(NO_CHANGE)


@pytest.mark.parametrize(
    ("months", "half", "word"),
    [
        (4.0, 3.29, "wider"),  # two standard errors
        (3.0, 3.29, "probably-wider"),
        (2.0, 3.29, "cant-say"),
        (-3.0, 3.29, "probably-narrower"),
        (-4.0, 3.29, "narrower"),
        (9.0, 6.58, "cant-say"),  # a standard error of 4 months
    ],
)
def test_a_change_is_worded_by_its_standard_errors(months: float, half: float, word: str) -> None:
    assert change_word(Change(months, months - half, months + half), 0.90) == word


class TestDays:
    def test_both_figures_are_those_of_gap_and_the_change_is_read_off_one_scale(
        self, evidence: Evidence, private: IntArray
    ) -> None:
        comparison = compare_days(evidence, private, (NOW, BEFORE), DEFAULT)
        now, before = (class_index(evidence, private, day, DEFAULT) for day in (NOW, BEFORE))
        assert (comparison.left, comparison.right) == (now.figure, before.figure)
        assert comparison.apart.months == pytest.approx(now.change.months)
        assert comparison.apart.months == pytest.approx(now.figure.months - before.figure.months)

    def test_swapped_days_have_the_other_sign(self, evidence: Evidence, private: IntArray) -> None:
        comparison = compare_days(evidence, private, (NOW, BEFORE), DEFAULT)
        assert compare_days(evidence, private, (BEFORE, NOW), DEFAULT) == reverse_comparison(comparison)

    def test_all_tests_together_changed_as_the_direction_says(self, evidence: Evidence, headline: IntArray) -> None:
        change = compare_changes(evidence, headline, (NOW, BEFORE), DEFAULT)
        assert change == find_direction(evidence, headline, NOW, DEFAULT).since

    def test_days_that_share_months_are_not_compared(self, evidence: Evidence, private: IntArray) -> None:
        comparison = compare_days(evidence, private, (NOW, NOW - 60), DEFAULT)
        assert (comparison.apart, comparison.reason) == (NO_CHANGE, "near-days")

    def test_without_a_figure_there_is_no_difference(self, evidence: Evidence, private: IntArray) -> None:
        comparison = compare_days(evidence, private, (NOW, date(2023, 7, 1).toordinal()), DEFAULT)
        assert (comparison.right, comparison.apart, comparison.reason) == (NO_FIGURE, NO_CHANGE, "no-figure")


def test_private_against_public_is_the_effect_on_one_scale(
    evidence: Evidence, headline: IntArray, private: IntArray, public: IntArray
) -> None:
    comparison = compare_kinds(evidence, private, public, headline, NOW, DEFAULT)
    assert comparison.apart == private_minus_public(evidence, headline, DEFAULT)
    assert comparison.left == class_index(evidence, private, NOW, DEFAULT).figure
    assert comparison.right == class_index(evidence, public, NOW, DEFAULT).figure
    few = compare_kinds(evidence, private[:1], public[:1], np.sort([private[0], public[0]]), NOW, DEFAULT)
    assert (few.apart, few.reason) == (NO_CHANGE, "few-tests")


def test_two_tests_have_a_difference_without_a_range_and_a_test_and_a_kind_have_none() -> None:
    one, other = (Headline(months, None, None, "one-benchmark", NOW, 1.0) for months in (6.5, 4.5))
    comparison = compare_tests(one, other, are_tests=True)
    assert (comparison.apart, comparison.reason) == (Change(2.0, None, None), "one-test")
    assert compare_tests(one, other, are_tests=False).reason == "two-measures"
    assert compare_tests(one, NO_FIGURE, are_tests=True).reason == "no-figure"


def test_a_reversed_change_reversed_is_the_change() -> None:
    change = Change(2.0, 0.5, 3.5, 1)
    assert reverse_change(change) == Change(-2.0, -3.5, -0.5, -1)
    assert reverse_change(reverse_change(change)) == change
