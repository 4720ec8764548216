"""Estimators: the figures shown elsewhere are the same here, and each reads later open models as later."""

from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.analysis import analyse
from core.gap.crossings import by_class
from core.gap.parameters import INDEX_1, INDEX_2
from core.validation.estimates import FIGURES, HEADLINE, Estimate, flips_a_year
from tests.core.gap.whole import headline_boards, shifted

AT = date(2026, 8, 22).toordinal()


def measure(evidence: Evidence) -> dict[str, Estimate]:
    private = by_class(evidence, headline_boards(evidence))["private"]
    return {name: figure(evidence, private, AT) for name, figure in FIGURES.items()}


@pytest.fixture(scope="module")
def measured(evidence: Evidence) -> dict[str, Estimate]:
    return measure(evidence)


def test_figures_that_are_shown_elsewhere_are_the_same_here(evidence: Evidence, measured: dict[str, Estimate]) -> None:
    shown = analyse(evidence, headline_boards(evidence), AT, INDEX_2).classes["private"]
    assert measured[HEADLINE].months == shown.index.figure.months
    assert measured[HEADLINE].change == pytest.approx(shown.index.change.months)
    assert measured["catch-up time"].months == shown.catch_up.figure.months
    before = analyse(evidence, headline_boards(evidence), AT, INDEX_1).classes["private"].index.figure
    assert measured["the gap by index-1"].months == before.months


def test_later_open_models_are_later_by_every_figure(evidence: Evidence, measured: dict[str, Estimate]) -> None:
    later = measure(shifted(evidence, 60))
    for figure in FIGURES:
        assert later[figure].months > measured[figure].months


def test_flips_are_counted_between_month_ends_from_can_t_say_on() -> None:
    assert flips_a_year(np.array([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])) == 2.0
    assert flips_a_year(np.array([1, 1])) == 6.0
    assert flips_a_year(np.array([0, 0, 0])) == 0.0
