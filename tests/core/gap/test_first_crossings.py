"""Level by level: who first reached it on each side, in agreement with the gap's own results."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.crossings import NOBODY, OFF_GRID, ONLY_OPEN, find_crossings
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS, Parameters
from core.gap.records import FirstCrossing, find_first_crossings
from tests import toy
from tests.core.gap.whole import whole

ANY = replace(CLUSTERED_2, min_open_models=1, floor_percentile=0.0)
END = date(2026, 12, 31).toordinal()

PAPER = [
    ("weak", "2023-01-01", "closed", 4.0),
    ("o1-preview", "2024-09-12", "closed", 36.0),
    ("early-open", "2024-10-01", "open", 12.0),
    ("DeepSeek-R1", "2025-01-20", "open", 36.0),
    ("strong", "2025-02-01", "closed", 50.0),
    ("later", "2025-03-01", "closed", 1.0),
]
AHEAD = [
    ("open-first", "2024-01-01", "open", 20.0),
    ("closed-then", "2024-01-31", "closed", 20.0),
    ("open-alone", "2024-03-01", "open", 30.0),
]


def reached(
    rows: list[toy.Row], extra_level: float | None = None, parameters: Parameters = ANY, as_of: int = END
) -> dict[float, FirstCrossing]:
    """Return the levels by their thresholds."""
    _, levels = find_first_crossings(whole(toy.evidence({"b": rows})), 0, as_of, parameters, extra_level)
    return {level.threshold: level for level in levels}


def names(level: FirstCrossing) -> tuple[str | None, str | None]:
    return level.closed and level.closed.name, level.open and level.open.name


def test_every_level_that_a_side_has_reached_has_its_own_row() -> None:
    by_level = reached(PAPER)
    assert list(by_level) == [5.0 * n for n in range(1, 11)]
    both, waits = by_level[35.0], by_level[50.0]
    assert names(both) == ("o1-preview", "DeepSeek-R1")
    assert both.months == pytest.approx(130 / MONTH_DAYS)
    assert (both.state, both.accepted, both.reason) == ("both", True, None)
    assert (waits.state, waits.months, waits.open) == ("closed only", None, None)
    assert waits.age_months == pytest.approx(28 / MONTH_DAYS)  # to the board's newest model


def test_a_lead_of_open_models_is_negative_and_a_level_that_they_hold_alone_is_shown() -> None:
    by_level = reached(AHEAD)
    led, alone = by_level[20.0], by_level[30.0]
    assert led.months == pytest.approx(-30 / MONTH_DAYS)
    assert (alone.state, names(alone), alone.reason) == ("open only", (None, "open-alone"), ONLY_OPEN)
    assert not alone.accepted


def test_a_level_off_the_grid_or_that_nobody_has_reached_is_a_row_only_where_it_was_asked_for() -> None:
    by_level = reached(PAPER, extra_level=12.5)
    level = by_level[12.5]
    assert names(level) == ("o1-preview", "DeepSeek-R1")
    assert (level.accepted, level.reason) == (False, OFF_GRID)
    assert 37.0 not in by_level
    by_level = reached(PAPER, extra_level=80.0)
    assert (by_level[80.0].state, by_level[80.0].reason) == ("neither", NOBODY)
    assert 55.0 not in by_level


def test_a_board_with_too_few_open_models_says_so_at_each_row_and_one_without_models_has_none() -> None:
    by_level = reached(PAPER, parameters=CLUSTERED_2)
    assert len(by_level) == 10
    assert {(level.accepted, level.reason) for level in by_level.values()} == {(False, "few-open")}
    state, levels = find_first_crossings(whole(toy.evidence({"b": PAPER})), 0, date(2022, 1, 1).toordinal(), ANY)
    assert (levels, state.newest_day) == ((), None)


# ---- laws


@given(toy.boards(), st.integers(0, 900), st.sampled_from([0.0, 10.0, 40.0]))
def test_every_result_of_the_gap_stands_in_the_rows(rows: list[toy.Row], offset: int, floor: float) -> None:
    as_of = toy.START.toordinal() + offset
    agree(whole(toy.evidence({"b": rows})), 0, as_of, replace(ANY, floor_percentile=floor))


# ---- the shipped data


def agree(evidence: Evidence, board: int, as_of: int, parameters: Parameters) -> int:
    """Assert that every result of the gap on a board is in its rows, and that nothing else counts."""
    _, levels = find_first_crossings(evidence, board, as_of, parameters)
    by_level = {level.threshold: level for level in levels}
    gap = find_crossings(evidence, np.array([board]), as_of, parameters)
    points = gap.points
    for n in range(len(points.months)):
        level = by_level[float(points.threshold[n])]
        assert (level.closed, level.closed.day) == (evidence.models[points.closed[n]], points.closed_day[n])
        assert (level.open, level.open.day) == (evidence.models[points.open[n]], points.open_day[n])
        assert (level.months, level.accepted) == (points.months[n], points.accepted[n])
        assert level.reason == (points.reason[n] or None)
    for waiting in gap.unmatched:
        level = by_level[waiting.threshold]
        assert (level.closed, level.open) == (waiting.closed, None)
        assert (level.age_months, level.accepted) == (waiting.age_months, waiting.accepted)
        assert level.reason == (waiting.reason or None)
    for alone in gap.open_only:
        level = by_level[alone.threshold]
        assert (level.closed, level.open) == (None, alone.open)
    counted = {(level.closed, level.open) for level in levels if level.accepted}
    in_gap = {(crossing.closed, crossing.open) for crossing in gap.accepted(evidence)}
    assert counted == in_gap | {(waiting.closed, None) for waiting in gap.unmatched if waiting.accepted}
    return len(points.months) + len(gap.unmatched) + len(gap.open_only)


@pytest.mark.parametrize("as_of", [date(2024, 6, 1), date(2025, 1, 31), date(2026, 5, 22), date(2026, 8, 22)], ids=str)
def test_the_rows_of_every_board_agree_with_the_gap(evidence: Evidence, as_of: date) -> None:
    results = sum(agree(evidence, board, as_of.toordinal(), CLUSTERED_2) for board in range(len(evidence.boards)))
    assert results > 40
