"""Where a model stands on the index, held against the definition on the shipped data."""

from dataclasses import replace

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray
from core.gap.index_figure import Scale, scale_of
from core.gap.model_index import model_index
from core.gap.parameters import DEFAULT, MONTH_DAYS
from tests.core.gap.whole import headline_boards


@pytest.fixture(scope="module")
def boards(known: Evidence) -> IntArray:
    return np.array([n for n in headline_boards(known).tolist() if known.boards[n].access == "private"])


@pytest.fixture(scope="module")
def fitted(known: Evidence, boards: IntArray) -> Scale:
    found = scale_of(known, boards, DEFAULT)
    assert found is not None
    return found


def test_the_best_closed_model_has_100_points_and_a_year_of_growth_is_10(
    known: Evidence, boards: IntArray, fitted: Scale
) -> None:
    at = known.newest_data.toordinal()
    points = [model_index(known, model, boards, at, DEFAULT).points for model in fitted.model.tolist()]
    assert max(each for each, is_open in zip(points, fitted.is_open.tolist(), strict=True) if not is_open) == 100
    assert np.ptp(points) == pytest.approx(10 * np.ptp(fitted.fit.ability) / fitted.fit.progress)


def test_a_model_stands_where_the_first_closed_one_stood_and_counts_to_the_day(
    known: Evidence, boards: IntArray, fitted: Scale
) -> None:
    at, ability = known.newest_data.toordinal(), fitted.fit.ability
    for place, model in enumerate(fitted.model.tolist()):
        found = model_index(known, model, boards, at, DEFAULT)
        there = [n for n in range(len(ability)) if not fitted.is_open[n] and ability[n] >= ability[place]]
        if not there:
            assert (found.months, found.at_release, found.other) == (None, None, None)
            continue
        first = min(there, key=lambda n: fitted.day[n])
        assert found.months == pytest.approx((at - fitted.day[first]) / MONTH_DAYS)
        assert found.at_release == pytest.approx(max(0, fitted.day[place] - fitted.day[first]) / MONTH_DAYS)
        assert fitted.day[first] == found.other.day


def test_months_grow_by_a_month_a_month_until_the_model_is_out_of_date(
    known: Evidence, boards: IntArray, fitted: Scale
) -> None:
    at = known.newest_data.toordinal()
    for model in fitted.model[fitted.is_open].tolist():
        now, before = (model_index(known, model, boards, day, DEFAULT) for day in (at, at - 60))
        if before is not None and before.months is not None:
            assert now.months == pytest.approx(before.months + 60 / MONTH_DAYS)
            assert now.at_release == before.at_release


def test_an_interval_holds_its_figure(known: Evidence, boards: IntArray, fitted: Scale) -> None:
    for model in fitted.model.tolist():
        found = model_index(known, model, boards, known.newest_data.toordinal(), DEFAULT)
        assert found.low <= found.points <= found.high
        ends = (found.months_low, found.months, found.months_high)
        told = [-np.inf if each is None else each for each in ends]
        assert told == sorted(told)


def test_what_came_later_has_no_part(known: Evidence, boards: IntArray, fitted: Scale) -> None:
    first, last = (int(fitted.model[place]) for place in (0, -1))
    day = known.models[last].day - 1
    assert model_index(known, last, boards, day, DEFAULT) is None
    assert model_index(known, first, boards, day, DEFAULT) is not None


def test_without_a_score_or_a_scale_there_is_no_place(known: Evidence, boards: IntArray, fitted: Scale) -> None:
    absent = next(n for n in range(len(known.models)) if n not in set(fitted.model.tolist()))
    at = known.newest_data.toordinal()
    assert model_index(known, absent, boards, at, DEFAULT) is None
    assert model_index(replace(known), int(fitted.model[-1]), boards[:0], at, DEFAULT) is None
    assert model_index(known, int(fitted.model[-1]), boards[:1], at, DEFAULT) is None  # one test is no scale
