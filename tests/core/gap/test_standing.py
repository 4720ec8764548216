"""E11: the standing gap of a board, its laws at one day, and the shipped data."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence, IntArray
from core.gap.crossings import FEW_OPEN, NO_CLOSED
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from core.gap.standing import (
    ENDED,
    NO_OPEN,
    NO_SCORE,
    StandingGap,
    StandingGaps,
    board_gap,
    standing_gaps,
)
from tests import toy
from tests.core.gap.whole import swapped

ANY = replace(CLUSTERED_2, min_open_models=1)
LATE = 1200  # days after START, by when every model of a drawn board is out
PAPER = [
    ("c1", "2024-01-01", "closed", 30.0),
    ("o1", "2024-03-01", "open", 20.0),
    ("c2", "2024-05-01", "closed", 50.0),
    ("o2", "2024-08-01", "open", 30.0),
    ("c3", "2024-09-01", "closed", 55.0),
]


def measured(rows: list[toy.Row], as_of: str = "2024-10-01") -> StandingGaps:
    return standing_gaps(toy.evidence({"b": rows}), np.array([0]), date.fromisoformat(as_of).toordinal(), ANY)


def only(rows: list[toy.Row], as_of: str = "2024-10-01") -> StandingGap:
    (gap,) = measured(rows, as_of).gaps
    return gap


def months(rows: list[toy.Row], at: int) -> float:
    """The gap at one fixed day; NaN where a side is absent."""
    return of_evidence(toy.evidence({"b": rows}), at)


def of_evidence(evidence: Evidence, at: int) -> float:
    gap = board_gap(evidence.day, evidence.is_open, evidence.score, at)
    return float("nan") if gap is None else gap[0]


class TestOnPaper:
    def test_it_is_the_age_of_the_first_closed_model_that_had_the_best_open_score(self) -> None:
        gap = only(PAPER)
        days = date(2024, 9, 1) - date(2024, 1, 1)  # to the board's last release
        assert gap.months == pytest.approx(days.days / MONTH_DAYS)
        assert [model.model_id for model in (gap.closed, gap.open)] == ["c1", "o2"]
        assert (gap.closed_score, gap.open_score) == (30.0, 30.0)
        assert date.fromordinal(gap.since) == date(2024, 1, 1)

    def test_equal_best_scores_are_level(self) -> None:
        assert only([*PAPER, ("o3", "2024-09-20", "open", 55.0)]).months == 0

    def test_where_open_leads_it_is_negative_since_the_first_open_model_at_the_best_closed_score(self) -> None:
        rows = [*PAPER, ("o3", "2024-09-11", "open", 55.0), ("o4", "2024-09-21", "open", 60.0)]
        gap = only(rows)
        assert gap.months == pytest.approx(-10 / MONTH_DAYS)
        assert [model.model_id for model in (gap.closed, gap.open)] == ["c3", "o3"]

    def test_scores_that_differ_by_rounding_are_equal(self) -> None:
        rows = [("c", "2024-01-01", "closed", 0.35 * 100), ("o", "2024-02-01", "open", 35.0)]
        assert only(rows, "2024-03-01").months == 0

    def test_a_board_that_ended_half_a_year_ago_is_no_part_of_now(self) -> None:
        last = date(2024, 9, 1)
        for after, left_out in ((182, []), (183, [ENDED])):
            assert [*measured(PAPER, (last + timedelta(after)).isoformat()).left_out.values()] == left_out

    def test_a_board_without_enough_models_says_why(self) -> None:
        boards = np.array([0])
        evidence = toy.evidence({"b": PAPER})
        [board] = evidence.boards
        five = standing_gaps(evidence, boards, date(2024, 10, 1).toordinal(), CLUSTERED_2)
        assert (five.gaps, five.left_out) == ((), {board: FEW_OPEN})
        assert measured(PAPER, "2023-10-01").left_out == {board: NO_SCORE}
        assert measured([row for row in PAPER if row[2] == "open"]).left_out == {board: NO_CLOSED}
        nobody = np.zeros(len(evidence.models), dtype=np.bool_)
        assert standing_gaps(evidence, boards, date(2024, 10, 1).toordinal(), ANY, nobody).left_out == {board: NO_OPEN}

    def test_a_lab_s_models_alone_stand_where_their_best_one_does(self) -> None:
        evidence = toy.evidence({"b": PAPER})
        chosen = np.array([model.model_id == "o1" for model in evidence.models])
        (gap,) = standing_gaps(evidence, np.array([0]), date(2024, 10, 1).toordinal(), ANY, chosen).gaps
        assert gap.open.model_id == "o1"


# ---- laws, at one day

some_day = st.integers(0, 900)
score = st.sampled_from([float(level) for level in range(0, 101, 5)])


@given(toy.boards(), some_day, score)
@pytest.mark.slow
def test_no_open_score_raises_it_and_no_closed_score_lowers_it(rows: list[toy.Row], offset: int, value: float) -> None:
    at, day = toy.START.toordinal() + LATE, (toy.START + timedelta(offset)).isoformat()
    before = months(rows, at)
    more_open, more_closed = (months([*rows, ("new", day, side, value)], at) for side in ("open", "closed"))
    assert np.isnan(before) or more_open <= before <= more_closed


@given(toy.boards(), st.booleans(), st.integers(1, 5))
@pytest.mark.slow
def test_a_worse_later_model_changes_nothing(rows: list[toy.Row], is_open: bool, worse: int) -> None:
    at = toy.START.toordinal() + LATE
    side = "open" if is_open else "closed"
    best = max((row[3] for row in rows if row[2] == side), default=None)
    if best is None:
        return
    later = ("new", (toy.START + timedelta(LATE)).isoformat(), side, best - worse)
    assert months([*rows, later], at) == pytest.approx(months(rows, at), nan_ok=True)


@given(toy.boards(), st.integers(1, 500))
@pytest.mark.slow
def test_standing_still_raises_it_by_a_month_a_month(rows: list[toy.Row], days: int) -> None:
    at = toy.START.toordinal() + LATE
    before = months(rows, at)
    after = months(rows, at + days)
    assert after == pytest.approx(before + np.sign(before) * days / MONTH_DAYS, nan_ok=True)


@given(toy.boards())
@pytest.mark.slow
def test_swapped_labels_flip_its_sign(rows: list[toy.Row]) -> None:
    evidence = toy.evidence({"b": rows})
    at = toy.START.toordinal() + LATE
    assert of_evidence(swapped(evidence), at) == pytest.approx(-of_evidence(evidence, at), nan_ok=True)


@given(toy.boards())
@pytest.mark.slow
def test_a_monotone_map_of_the_scores_changes_nothing(rows: list[toy.Row]) -> None:
    at = toy.START.toordinal() + LATE
    mapped = [(*row[:3], row[3] ** 3 / 50) for row in rows]
    assert months(mapped, at) == pytest.approx(months(rows, at), nan_ok=True)


@given(toy.boards(), st.integers(0, 2**32))
@pytest.mark.slow
def test_open_scores_that_do_not_count_are_as_if_they_were_not_there(rows: list[toy.Row], seed: int) -> None:
    evidence = toy.evidence({"b": rows})
    at = toy.START.toordinal() + LATE
    counted = np.random.default_rng(seed).random(len(evidence.score)) < 0.6
    usable = counted | ~evidence.is_open
    narrowed = board_gap(evidence.day, evidence.is_open, evidence.score, at, counted)
    alone = board_gap(evidence.day[usable], evidence.is_open[usable], evidence.score[usable], at)
    assert (narrowed and narrowed[0]) == (alone and alone[0])


# ---- the shipped data


def test_private_boards_in_august_2026(evidence: Evidence, private: IntArray) -> None:
    """As method.md's first look has them; since, ARC-AGI's boards go on to 13 August and FrontierMath v2 has joined."""
    gaps = standing_gaps(evidence, private, date(2026, 8, 22).toordinal(), CLUSTERED_2)
    shown = {gap.board.name: round(gap.months, 1) for gap in gaps.gaps}
    assert shown == {
        "WeirdML": 3.7,
        "ARC-AGI": 5.7,
        "FrontierMath": 5.5,
        "FrontierMath v2": 8.3,
        "FrontierMath Tier 4 v2": 8.3,
        "ARC-AGI-2": 6.2,
        "FrontierMath Tier 4": 12.0,
        "METR Time Horizons": 13.4,
        "SimpleBench": 14.2,
    }
    assert np.mean([gap.months for gap in gaps.gaps]) == pytest.approx(8.6, abs=0.05)
    assert {board.name: why for board, why in gaps.left_out.items()} == {"FictionLiveBench (120k)": ENDED}
