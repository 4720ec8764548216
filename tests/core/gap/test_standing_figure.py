"""The standing gap of a class: when it has a figure, what it has changed, and its course, day by day the same."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.analysis import analyse
from core.gap.parameters import CLUSTERED_2, DEFAULT, INDEX_1, MONTH_DAYS, STUDY_1
from core.gap.standing import family_mean, standing_gaps
from core.gap.standing_figure import class_standing, standing_course
from tests import toy
from tests.core.gap.whole import headline_boards

ANY = replace(CLUSTERED_2, min_open_models=1)
START = toy.START.toordinal()
NEWEST = date(2026, 8, 22).toordinal()


def board(lag_days: int, *, begins: int = 0) -> list[toy.Row]:
    """A closed model at 30 %, an open one so many days later, and a closed one at 50 % on day 600."""
    days = ((begins, "closed", 30.0), (begins + lag_days, "open", 30.0), (600, "closed", 50.0))
    return [(f"{side}-{day}-{lag_days}", date.fromordinal(START + day).isoformat(), side, score)
            for day, side, score in days]  # fmt: skip


def made(*lags: int) -> tuple[Evidence, np.ndarray]:
    known = toy.evidence({f"b{n}": board(lag) for n, lag in enumerate(lags)})
    return known, toy.all_boards(known)


def test_three_families_have_a_figure_and_two_have_none() -> None:
    known, boards = made(100, 200, 300)
    found = class_standing(known, boards, START + 600, ANY)
    assert found.figure.months == pytest.approx(600 / MONTH_DAYS)
    assert (found.figure.no_interval, found.figure.at) == ("all-equal", START + 600)
    assert class_standing(known, boards[:2], START + 600, ANY).figure.no_interval == "too-few"


def test_one_benchmark_alone_has_its_own_and_no_range() -> None:
    known, boards = made(100)
    figure = class_standing(known, boards, START + 600, ANY).figure
    assert (figure.months, figure.low, figure.no_interval) == (
        pytest.approx(600 / MONTH_DAYS), None, "one-benchmark",
    )  # fmt: skip


def test_a_change_is_over_the_boards_of_both_days() -> None:
    """On the day `since` the open model is level everywhere; by day 600 closed ones have gone ahead."""
    known, boards = made(100, 110, 120)
    since = replace(ANY, since=date.fromordinal(START + 120))
    change = class_standing(known, boards, START + 600, since).change
    assert change.months == pytest.approx(600 / MONTH_DAYS)
    later = toy.evidence({f"b{n}": board(10, begins=400) for n in range(3)})
    assert class_standing(later, boards, START + 600, since).change.months is None


@given(st.lists(toy.boards(), min_size=1, max_size=4), st.integers(1, 5), st.data())
def test_the_course_is_on_each_day_what_is_measured_there(
    rows: list[list[toy.Row]], needed: int, data: st.DataObject
) -> None:
    known = toy.evidence({f"b{n}": each for n, each in enumerate(rows)})
    boards, parameters = toy.all_boards(known), replace(ANY, min_open_models=needed)
    chosen = data.draw(
        st.none() | st.lists(st.booleans(), min_size=len(known.models), max_size=len(known.models)).map(np.array)
    )
    days = np.array(sorted(data.draw(st.lists(st.integers(START, START + 1300), min_size=1, max_size=6))))
    course = standing_course(known, boards, days, parameters, chosen)
    for place, day in enumerate(days.tolist()):
        now = standing_gaps(known, boards, day, parameters, chosen)
        mean = family_mean(now.months, known.families[now.boards], level=parameters.level)
        needs = 1 if len(boards) == 1 else 3
        expected = mean.months if mean.n_families >= needs else np.nan
        assert course.months[place] == pytest.approx(expected, nan_ok=True)
        assert course.n_families[place] == mean.n_families
        low = mean.low if mean.low is not None and mean.n_families >= needs else np.nan
        assert course.low[place] == pytest.approx(low, nan_ok=True)


def test_on_the_shipped_data_the_course_ends_at_the_figure(known: Evidence) -> None:
    found = analyse(known, headline_boards(known), NEWEST, CLUSTERED_2)
    for gap in found.classes.values():
        course = standing_course(known, gap.boards, np.array([NEWEST - 365, NEWEST]), CLUSTERED_2)
        assert course.months[-1] == pytest.approx(gap.standing.figure.months)
        assert (course.low[-1], course.high[-1]) == pytest.approx((gap.standing.figure.low, gap.standing.figure.high))


def test_one_measure_leads_in_all_classes_and_on_one_benchmark_the_standing_gap(known: Evidence) -> None:
    boards = headline_boards(known)
    assert DEFAULT == INDEX_1
    for method, leads in ((INDEX_1, "index"), (CLUSTERED_2, "catch_up"), (STUDY_1, "catch_up")):
        assert analyse(known, boards, NEWEST, method).leads == leads
    names = [each.benchmark_id for each in known.boards]
    for name, leads in (("weirdml", "standing"), ("gsm8k", "catch_up")):  # GSM8K has ended
        alone = np.array([number for number in boards.tolist() if names[number] == name])
        assert analyse(known, alone, NEWEST, INDEX_1).leads == leads
