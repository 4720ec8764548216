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
    assert np.ptp(points) == pytest.approx(10 * np.ptp(fitted.ability[0]) / fitted.progress)


def test_the_lag_is_that_to_the_first_of_the_other_side_at_or_above_it(
    known: Evidence, boards: IntArray, fitted: Scale
) -> None:
    at = known.newest_data.toordinal()
    matched = 0
    for place, model in enumerate(fitted.model.tolist()):
        found = model_index(known, model, boards, at, DEFAULT)
        others = [
            other
            for other in range(len(fitted.model))
            if fitted.is_open[other] != fitted.is_open[place] and fitted.ability[0, other] >= fitted.ability[0, place]
        ]
        if not others:
            assert (found.months, found.other) == (None, None)
            continue
        matched += 1
        first = min(others, key=lambda other: fitted.day[other])
        way = 1 if fitted.is_open[place] else -1
        assert found.months == pytest.approx(way * (fitted.day[place] - fitted.day[first]) / MONTH_DAYS)
        assert fitted.day[first] == known.models[found.other].day
    assert matched > 100


def test_an_interval_holds_its_figure(known: Evidence, boards: IntArray, fitted: Scale) -> None:
    for model in fitted.model.tolist():
        found = model_index(known, model, boards, known.newest_data.toordinal(), DEFAULT)
        assert found.low < found.points < found.high
        ends = (found.months_low, found.months, found.months_high)
        told = [each for each in ends if each is not None]
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
