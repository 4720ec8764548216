"""A supposed score: what is known already changes nothing, and it is never counted as data."""

from dataclasses import is_dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence, IntArray, Model
from core.gap.analysis import Analysis
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from core.gap.scenario import Effects, effects_of, with_score
from tests import toy

NEWEST = date(2026, 8, 22)


def suppose(
    evidence: Evidence, board: int, score: float, day: date, side: str, boards: np.ndarray, as_of: date | None = None
) -> Effects:
    model = Model("supposed", "a supposed model", is_open=side == "open")
    supposed = with_score(evidence, board, score, day, model)
    return effects_of(evidence, supposed, boards, (as_of or max(day, evidence.newest_data)).toordinal(), CLUSTERED_2)


def figures(analysis: Analysis) -> Any:
    """Return all of an analysis, arrays as lists, so that two can be compared for equality."""

    def plain(value: Any) -> Any:
        if is_dataclass(value):
            return plain(vars(value))
        if isinstance(value, dict):
            return {str(key): plain(item) for key, item in value.items()}
        if isinstance(value, np.ndarray):
            return [str(item) for item in value.tolist()]
        return [plain(item) for item in value] if isinstance(value, tuple | list) else str(value)

    of_class = {name: (gap.catch_up, gap.standing, gap.leads) for name, gap in analysis.classes.items()}
    return plain([analysis.crossings, analysis.by_board, of_class, analysis.leads])


BASE: dict[str, list[toy.Row]] = {
    "A": [
        ("closed-1", "2024-01-01", "closed", 32.0),
        ("closed-2", "2024-06-01", "closed", 62.0),
        *((f"open-{n}", f"2024-0{n + 2}-10", "open", 10.0 + n) for n in range(5)),
        ("open-last", "2024-09-10", "open", 45.0),
    ]
}


# ---- where the row goes


def test_the_score_comes_after_the_rows_of_its_day_and_is_marked() -> None:
    evidence = toy.evidence(BASE)
    supposed = with_score(evidence, 0, 50.0, date(2024, 6, 1), Model("m", "m", is_open=True))
    assert supposed.score[supposed.assumed] == 50.0
    assert supposed.models[supposed.model[supposed.assumed]].day == date(2024, 6, 1).toordinal()
    assert supposed.day.tolist() == sorted([*evidence.day.tolist(), date(2024, 6, 1).toordinal()])
    assert supposed.day[supposed.assumed - 1] == date(2024, 6, 1).toordinal()
    assert supposed.day[supposed.assumed + 1] > date(2024, 6, 1).toordinal()
    assert evidence.assumed is None


def test_real_evidence_stays_sorted_and_keeps_its_columns_of_one_length(evidence: Evidence, headline: IntArray) -> None:
    for board in headline.tolist():
        supposed = with_score(evidence, board, 50.0, date(2025, 3, 3), Model("m", "m"))
        places = list(zip(supposed.board.tolist(), supposed.day.tolist(), strict=True))
        assert places == sorted(places)
        assert len(supposed.known_from) == len(supposed.score) == len(evidence.score) + 1


def test_effects_need_a_supposed_score() -> None:
    evidence = toy.evidence(BASE)
    with pytest.raises(ValueError, match="no supposed score"):
        effects_of(evidence, evidence, toy.all_boards(evidence), NEWEST.toordinal(), CLUSTERED_2)


# ---- what is known already, or worse, changes nothing


@given(place=st.integers(0, 10**6))
@pytest.mark.slow
def test_a_real_score_once_more_changes_nothing(evidence: Evidence, headline: IntArray, place: int) -> None:
    rows = np.flatnonzero(np.isin(evidence.board, headline))
    row = int(rows[place % len(rows)])
    day = date.fromordinal(int(evidence.day[row]))
    side = "open" if evidence.is_open[row] else "closed"
    scenario = suppose(evidence, int(evidence.board[row]), float(evidence.score[row]), day, side, headline)
    assert figures(scenario.before) == figures(scenario.after)
    assert scenario.first_at == ()


@given(rows=toy.boards(), data=st.data())
def test_a_later_and_no_better_score_changes_nothing(rows: list[toy.Row], data: st.DataObject) -> None:
    evidence = toy.evidence({"A": rows})
    _, day, side, score = data.draw(st.sampled_from(rows))
    later = date.fromisoformat(day) + timedelta(days=data.draw(st.integers(0, 2000)))
    worse = data.draw(st.floats(0, score))
    scenario = suppose(evidence, 0, worse, later, side, toy.all_boards(evidence))
    assert figures(scenario.before) == figures(scenario.after)
    assert scenario.first_at == ()


@given(rows=toy.boards(), score=st.integers(0, 100), offset=st.integers(0, 2000))
def test_an_open_score_never_raises_the_standing_gap_of_its_day(rows: list[toy.Row], score: int, offset: int) -> None:
    evidence = toy.evidence({"A": rows})
    scenario = suppose(evidence, 0, float(score), toy.START + timedelta(days=offset), "open", toy.all_boards(evidence))
    before, after = scenario.standing_before, scenario.standing_after
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert before.at == after.at
        assert after.months <= before.months + 1e-9


# ---- it counts for nothing but being first


@pytest.mark.parametrize("score", [0.0, 50.0])
def test_it_is_none_of_the_open_models_that_a_board_needs(score: float) -> None:
    few = toy.evidence({"A": [row for row in BASE["A"] if row[0] not in ("open-0", "open-1")]})
    scenario = suppose(few, 0, score, date(2024, 7, 1), "open", toy.all_boards(few))
    assert scenario.before.crossings.states == scenario.after.crossings.states
    assert scenario.after.crossings.states[few.boards[0]].reason == "few-open"
    assert len(scenario.after.crossings.points.months) == 0


def test_it_moves_neither_the_newest_day_nor_the_age_of_what_waits() -> None:
    evidence = toy.evidence(BASE)
    scenario = suppose(evidence, 0, 50.0, date(2026, 1, 1), "open", toy.all_boards(evidence))
    assert scenario.after.crossings.states[evidence.boards[0]].newest_day == date(2024, 9, 10).toordinal()
    [waits] = scenario.after.crossings.unmatched
    assert waits.threshold == 60.0
    assert waits.age_months == pytest.approx((date(2024, 9, 10) - date(2024, 6, 1)).days / MONTH_DAYS)


def test_it_moves_no_floor() -> None:
    """The floor is the 10th percentile of the scores: 10.8 of nine; a supposed 0.5 would bring it to 9.05."""
    rows = [*BASE["A"], ("closed-3", "2024-10-01", "closed", 64.0)]
    evidence = toy.evidence({"A": rows})
    scenario = suppose(evidence, 0, 0.5, date(2024, 2, 1), "open", toy.all_boards(evidence))
    assert figures(scenario.before) == figures(scenario.after)
    reasons = dict(zip(scenario.after.crossings.points.threshold, scenario.after.crossings.points.reason, strict=True))
    assert reasons[10.0] == "below-floor"


# ---- what it would change, on paper


@pytest.mark.parametrize(
    ("score", "day", "side", "first_at", "displaced", "other", "lag", "lag_before"),
    [
        # Closed reached 35 to 60 % on 1 June 2024; 45 % was matched on 10 September.
        (50.0, date(2024, 12, 1), "open", [50.0], None, "closed-2", 183, None),
        # From 20 % on the first open model is open-last (10 September 2024), after closed-1 and closed-2.
        (40.0, date(2024, 7, 1), "open", [15.0, 20.0, 25.0, 30.0, 35.0, 40.0], "open-last", "closed-2", 30, 101),
        (70.0, date(2024, 12, 1), "closed", [65.0, 70.0], None, None, None, None),
        (40.0, date(2024, 2, 1), "closed", [35.0, 40.0], "closed-2", "open-last", 222, 101),
    ],
    ids=["ends a wait", "displaces who was first", "begins a wait", "lengthens a lag"],
)
def test_what_it_changes_on_paper(
    score: float, day: date, side: str, first_at: list[float], displaced: str | None, other: str | None,
    lag: int | None, lag_before: int | None,
) -> None:  # fmt: skip
    evidence = toy.evidence(BASE)
    scenario = suppose(evidence, 0, score, day, side, toy.all_boards(evidence))
    assert [level.threshold for level in scenario.first_at] == first_at
    last = scenario.first_at[-1]
    named = [None if model is None else model.name for model in (last.displaced, last.other)]
    assert named == [displaced, other]
    days = [None if months is None else round(months * MONTH_DAYS) for months in (last.months, last.months_before)]
    assert days == [lag, lag_before]
    assert (scenario.top, last.reason) == (first_at[-1], "")


def test_a_score_below_the_lowest_level_has_no_top() -> None:
    evidence = toy.evidence(BASE)
    scenario = suppose(evidence, 0, 3.0, date(2024, 2, 1), "open", toy.all_boards(evidence))
    assert (scenario.top, scenario.leader, scenario.first_at) == (None, None, ())


@given(
    rows=toy.boards(), side=st.sampled_from(["open", "closed"]), score=st.integers(0, 400), offset=st.integers(0, 999)
)
def test_it_is_first_where_nobody_of_its_side_was_by_its_day(
    rows: list[toy.Row], side: str, score: int, offset: int
) -> None:
    evidence, supposed_score, day = toy.evidence({"A": rows}), score / 4, toy.START + timedelta(days=offset)
    assume(day >= min(date.fromisoformat(row[1]) for row in rows))
    scenario = suppose(evidence, 0, supposed_score, day, side, toy.all_boards(evidence))
    others = [row for row in rows if row[2] == side and row[1] <= day.isoformat()]
    expected = [
        level for level in toy.LEVELS if level <= supposed_score and not any(score_ >= level for *_, score_ in others)
    ]
    assert [level.threshold for level in scenario.first_at] == expected
