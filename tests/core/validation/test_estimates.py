"""Estimators: those that are shown elsewhere are the same here, and later open models are later by each."""

import math
from datetime import date

import pytest

from core.evidence.evidence import Evidence
from core.gap.analysis import gaps
from core.gap.parameters import CLUSTERED_2
from core.validation.estimates import FIGURES, HEADLINE, Estimate, flips_a_year
from tests.core.gap.whole import headline_boards, shifted

AT = date(2026, 8, 22).toordinal()


def measure(known: Evidence) -> dict[str, Estimate]:
    boards = headline_boards(known)
    private = boards[[known.boards[board].access == "private" for board in boards]]
    return {name: figure(known, private, AT) for name, figure in FIGURES.items()}


@pytest.fixture(scope="module")
def measured(known: Evidence) -> dict[str, Estimate]:
    return measure(known)


def test_figures_and_changes_that_are_shown_elsewhere_are_the_same_here(
    known: Evidence, measured: dict[str, Estimate]
) -> None:
    private = gaps(known, headline_boards(known), AT, CLUSTERED_2).classes["private"]
    for name, figure, change in (
        ("catch-up time", private.catch_up, private.catch_up_change),
        ("standing gap", private.standing.figure, private.standing.change),
        ("standing gap on the index", private.index.figure, private.index.change),
    ):
        assert measured[name].months == pytest.approx(figure.months)
        assert measured[name].change == pytest.approx(change.months)
        assert measured[name].direction == change.direction


def test_the_headline_is_judged() -> None:
    assert HEADLINE in FIGURES


def test_later_open_models_are_later_by_every_figure(known: Evidence, measured: dict[str, Estimate]) -> None:
    later = measure(shifted(known, 60))
    for figure in FIGURES:
        assert later[figure].months > measured[figure].months


def test_flips_are_counted_between_month_ends() -> None:
    assert flips_a_year([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == 2.0
    assert flips_a_year([0, 1]) == 12.0
    assert flips_a_year([0, 0, 0]) == 0.0
    assert math.isnan(flips_a_year([1]))
