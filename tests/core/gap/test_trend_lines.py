"""The lag along the closed side's line: the score gap over its slope, on paper and on the shipped data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.analysis import gaps
from core.gap.figures import NO_FIGURE
from core.gap.parameters import INDEX_1, MONTH_DAYS
from core.gap.trend_lines import boards_line, index_line, line_lag
from tests.core.gap.whole import headline_boards

AT = 740_000
MONTHS = np.arange(-24, 1)


def race(behind: float, a_month: float = 0.5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A closed and an open model a month; closed ability is a line, the open one the same so many months before."""
    day = np.repeat(AT + np.round(MONTHS * MONTH_DAYS).astype(np.int64), 2)
    is_open = np.tile([False, True], len(MONTHS))
    return day, a_month * (np.repeat(MONTHS, 2) - np.where(is_open, behind, 0.0)), is_open


@pytest.mark.parametrize("behind", [6.0, 0.0, -3.0])
def test_on_a_line_it_is_the_months_that_open_models_are_behind(behind: float) -> None:
    assert line_lag(*race(behind), AT, INDEX_1) == pytest.approx(behind, abs=0.05)


@given(st.floats(0.1, 10), st.floats(-100, 100), st.floats(-5, 20))
def test_the_unit_of_the_scale_changes_nothing(by: float, off: float, behind: float) -> None:
    day, ability, is_open = race(behind)
    moved = line_lag(day, by * ability + off, is_open, AT, INDEX_1)
    assert moved == pytest.approx(line_lag(day, ability, is_open, AT, INDEX_1), abs=1e-6)


def test_a_worse_and_later_model_changes_nothing_and_too_few_records_give_nothing() -> None:
    day, ability, is_open = race(6.0)
    last = np.append(ability, -100.0)
    for side in (False, True):
        found = line_lag(np.append(day, AT), last, np.append(is_open, side), AT, INDEX_1)
        assert found == pytest.approx(line_lag(day, ability, is_open, AT, INDEX_1))
    assert np.isnan(line_lag(day[:4], ability[:4], is_open[:4], AT, INDEX_1))
    assert np.isnan(line_lag(day, ability, ~is_open | True, AT, INDEX_1))


def test_each_class_has_one_on_its_index_with_a_range(known: Evidence) -> None:
    as_of = known.newest_data.toordinal()
    for name, gap in gaps(known, headline_boards(known), as_of, INDEX_1).classes.items():
        found = index_line(known, gap.boards, as_of, INDEX_1)
        assert found.low < found.months < found.high
        assert found.at == gap.index.figure.at
        by_test = boards_line(known, gap.standing.gaps, INDEX_1)
        assert (by_test == NO_FIGURE) == (name == "public")  # too few public tests have not ended
