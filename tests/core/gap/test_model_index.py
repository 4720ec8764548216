"""A model's place on the index, checked against the definition on the shipped data."""

from dataclasses import replace

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray
from core.gap.index_figure import Scale, scale_of
from core.gap.model_index import model_index
from core.gap.parameters import DEFAULT, MONTH_DAYS


@pytest.fixture(scope="module")
def fitted(evidence: Evidence, private: IntArray) -> Scale:
    return scale_of(evidence, private, DEFAULT)


def test_the_best_closed_model_has_100_points_and_a_year_of_growth_is_10(
    evidence: Evidence, private: IntArray, fitted: Scale
) -> None:
    at = evidence.newest_data.toordinal()
    points = [model_index(evidence, model, private, at, DEFAULT).points for model in fitted.model.tolist()]
    assert max(value for value, is_open in zip(points, fitted.is_open.tolist(), strict=True) if not is_open) == 100
    assert np.ptp(points) == pytest.approx(10 * np.ptp(fitted.fit.ability) / fitted.fit.progress)


def test_a_model_stands_where_the_first_closed_one_stood_and_counts_to_the_day(
    evidence: Evidence, private: IntArray, fitted: Scale
) -> None:
    at, ability = evidence.newest_data.toordinal(), fitted.fit.ability
    for place, model in enumerate(fitted.model.tolist()):
        index = model_index(evidence, model, private, at, DEFAULT)
        abler = [n for n in range(len(ability)) if not fitted.is_open[n] and ability[n] >= ability[place]]
        if not abler:
            assert (index.months, index.at_release, index.other) == (None, None, None)
            continue
        first = min(abler, key=lambda n: fitted.day[n])
        assert index.months == pytest.approx((at - fitted.day[first]) / MONTH_DAYS)
        assert index.at_release == pytest.approx(max(0, fitted.day[place] - fitted.day[first]) / MONTH_DAYS)
        assert fitted.day[first] == index.other.day


def test_months_grow_by_a_month_a_month_until_the_model_is_out_of_date(
    evidence: Evidence, private: IntArray, fitted: Scale
) -> None:
    at = evidence.newest_data.toordinal()
    for model in fitted.model[fitted.is_open].tolist():
        now, before = (model_index(evidence, model, private, day, DEFAULT) for day in (at, at - 60))
        if before is not None and before.months is not None:
            assert now.months == pytest.approx(before.months + 60 / MONTH_DAYS)
            assert now.at_release == before.at_release


def test_an_interval_holds_its_figure(evidence: Evidence, private: IntArray, fitted: Scale) -> None:
    for model in fitted.model.tolist():
        index = model_index(evidence, model, private, evidence.newest_data.toordinal(), DEFAULT)
        assert index.low <= index.points <= index.high
        ends = (index.months_low, index.months, index.months_high)
        months = [-np.inf if end is None else end for end in ends]
        assert months == sorted(months)


def test_what_came_later_has_no_part(evidence: Evidence, private: IntArray, fitted: Scale) -> None:
    first, last = (int(fitted.model[place]) for place in (0, -1))
    day = evidence.models[last].day - 1
    assert model_index(evidence, last, private, day, DEFAULT) is None
    assert model_index(evidence, first, private, day, DEFAULT) is not None


def test_without_a_score_or_a_scale_there_is_no_place(evidence: Evidence, private: IntArray, fitted: Scale) -> None:
    absent = next(n for n in range(len(evidence.models)) if n not in set(fitted.model.tolist()))
    at = evidence.newest_data.toordinal()
    assert model_index(evidence, absent, private, at, DEFAULT) is None
    assert model_index(replace(evidence), int(fitted.model[-1]), private[:0], at, DEFAULT) is None
    assert model_index(evidence, int(fitted.model[-1]), private[:1], at, DEFAULT) is None  # one test is no scale
