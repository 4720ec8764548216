"""Every figure of a class on one day: those that are shown elsewhere are the same here, thinned ones are seeded."""

from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.analysis import gaps
from core.gap.class_gap import ClassGap
from core.gap.index_figure import scale_of
from core.gap.parameters import CLUSTERED_2
from core.validation.estimates import FIGURES, Estimate, estimates, thinned
from tests.core.gap.whole import headline_boards, shifted

AT = date(2026, 8, 22).toordinal()


def measure(known: Evidence) -> tuple[ClassGap, dict[str, Estimate]]:
    boards = headline_boards(known)
    found = gaps(known, boards, AT, CLUSTERED_2)
    private = found.classes["private"]
    at = private.catch_up.at
    assert at is not None
    index = scale_of(known, boards, CLUSTERED_2)
    selections = thinned(known, found, index, AT, at, CLUSTERED_2, rng=np.random.default_rng(0), draws=20)
    figures = estimates(known, private, selections, AT, CLUSTERED_2)
    return private, dict(zip(FIGURES, figures, strict=True))


@pytest.fixture(scope="module")
def measured(known: Evidence) -> tuple[ClassGap, dict[str, Estimate]]:
    return measure(known)


def test_figures_and_changes_that_are_shown_elsewhere_are_the_same_here(
    measured: tuple[ClassGap, dict[str, Estimate]],
) -> None:
    private, found = measured
    assert found["catch-up time"].months == private.catch_up.months
    assert found["catch-up time"].change == private.catch_up_change.months
    assert found["standing gap"].months == pytest.approx(private.standing.figure.months)
    assert found["standing gap"].change == pytest.approx(private.standing.change.months)
    assert found["recent mean"].months == private.mean.months
    assert found["standing gap on the index"].months == private.index.figure.months
    assert found["standing gap on the index"].change == private.index.change.months


def test_thinning_is_seeded(known: Evidence, measured: tuple[ClassGap, dict[str, Estimate]]) -> None:
    assert measure(known)[1]["standing gap, thinned"] == measured[1]["standing gap, thinned"]


def test_later_open_models_are_later_by_every_figure(
    known: Evidence, measured: tuple[ClassGap, dict[str, Estimate]]
) -> None:
    later = measure(shifted(known, 60))[1]
    for figure in ("catch-up time", "standing gap, thinned", "standing gap on the index"):
        assert later[figure].months > measured[1][figure].months
