"""What a board can still tell: ended, succeeded, saturated or active, and why it gives nothing newer."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.board_life import (
    ACTIVE,
    NO_LEVEL,
    NO_NEWER,
    OPEN_AHEAD,
    SATURATED,
    SUCCEEDED,
    UNMATCHED,
    BoardLife,
    find_board_lives,
)
from core.gap.crossings import FEW_OPEN, find_crossings
from core.gap.parameters import CLUSTERED_2
from core.gap.standing import ENDED
from tests import toy

ANY = replace(CLUSTERED_2, min_open_models=1)
BEGUN = [("c1", "2024-01-01", "closed", 30.0), ("o1", "2024-03-01", "open", 20.0)]


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def life(evidence: Evidence, as_of: str, board: int = 0, parameters=ANY) -> BoardLife:
    crossings = find_crossings(evidence, np.array([board]), day(as_of), parameters)
    return find_board_lives(evidence, [board], crossings, day(as_of), parameters)[evidence.boards[board]]


def of_scores(closed: float, open_: float, as_of: str = "2024-07-01") -> BoardLife:
    """A board whose first two models reached 20 %, then the best of either side came out; its data end on that day."""
    rows = [
        ("c1", "2024-01-01", "closed", 21.0), ("o1", "2024-03-01", "open", 20.0),
        ("c2", "2024-05-01", "closed", closed), ("o2", "2024-06-01", "open", open_),
    ]  # fmt: skip
    return life(replace(toy.evidence({"b": rows}), newest_data=date.fromisoformat(as_of)), as_of)


@pytest.mark.parametrize(
    ("closed", "open_", "left", "stage"),
    [
        (94.8, 93.1, (), SATURATED),
        (93.1, 94.8, (), SATURATED),
        (95.0, 94.9, (95.0,), ACTIVE),
        (100.0, 100.0, (), SATURATED),
        (44.0, 42.0, (), ACTIVE),  # no level between them, and far from the top
        (90.0, 42.0, tuple(range(45, 91, 5)), ACTIVE),
    ],
)
def test_a_board_is_saturated_where_no_level_is_left_near_the_top(closed, open_, left, stage) -> None:
    board_life = of_scores(closed, open_)
    assert (board_life.levels_left, board_life.stage) == (left, stage)


@pytest.mark.parametrize(
    ("closed", "open_", "reason"),
    [(94.8, 93.1, SATURATED), (30.0, 20.5, UNMATCHED), (21.5, 30.0, OPEN_AHEAD), (22.0, 21.0, NO_LEVEL)],
)
def test_why_a_board_gives_no_newer_result(closed: float, open_: float, reason: str) -> None:
    board_life = of_scores(closed, open_)
    crossed = board_life.newest_result == day("2024-06-01")  # the last open model reached a level that closed ones had
    assert board_life.nothing_since(day("2024-05-31")) == ("" if crossed else reason)
    rows = [("c1", "2024-01-01", "closed", closed), ("o1", "2024-03-01", "open", open_),
            ("c3", "2024-06-01", "closed", 1.0)]  # fmt: skip
    assert life(toy.evidence({"b": rows}), "2024-07-01").nothing_since(day("2024-03-01")) == reason


def test_no_newer_model_is_said_only_where_there_is_none() -> None:
    board_life = of_scores(30.0, 20.5)
    assert board_life.nothing_since(day("2024-06-01")) == NO_NEWER
    assert board_life.nothing_since(day("2024-05-31")) == UNMATCHED


def test_after_the_newest_data_a_board_is_silent_not_ended() -> None:
    evidence = toy.evidence({"b": BEGUN})  # nothing is known of the days after 1 March
    assert [life(evidence, at).stage for at in ("2024-08-31", "2025-03-01")] == [ACTIVE, ACTIVE]
    assert life(replace(evidence, newest_data=date(2025, 3, 1)), "2025-03-01").stage == ENDED


def test_a_board_ends_six_months_after_its_newest_model_and_goes_on_with_the_next() -> None:
    assert [of_scores(30.0, 20.5, at).stage for at in ("2024-11-30", "2024-12-02")] == [ACTIVE, ENDED]
    evidence = toy.evidence({"b": [*BEGUN, ("c2", "2025-01-01", "closed", 31.0)]})
    assert [life(evidence, at).stage for at in ("2024-12-01", "2025-02-01")] == [ENDED, ACTIVE]


def test_few_open_models_go_before_saturation() -> None:
    rows = [("c1", "2024-01-01", "closed", 99.0), ("o1", "2024-03-01", "open", 99.0)]
    board_life = life(toy.evidence({"b": rows}), "2024-04-01", parameters=CLUSTERED_2)
    assert (board_life.stage, board_life.is_saturated, board_life.nothing_since(0)) == (FEW_OPEN, False, FEW_OPEN)


def test_a_board_is_succeeded_from_the_day_on_which_its_new_version_was_known() -> None:
    evidence = toy.evidence({"b": BEGUN, "new": BEGUN})
    new = replace(evidence.boards[1], benchmark_id="b", version="2", succeeds="1", joins=day("2024-05-01"))
    evidence = replace(evidence, boards=(evidence.boards[0], new))
    assert [life(evidence, at).stage for at in ("2024-04-30", "2024-05-01")] == [ACTIVE, SUCCEEDED]


class TestShipped:
    """The boards of the headline, as the study's successor page tells of them."""

    def stages(self, evidence: Evidence, as_of: str) -> dict[str, str]:
        numbers = [number for number, board in enumerate(evidence.boards) if board.headline]
        return {evidence.boards[n].name: life(evidence, as_of, n, CLUSTERED_2).stage for n in numbers}

    def test_gpqa_was_saturated_until_a_closed_model_reached_95(self, evidence: Evidence) -> None:
        assert self.stages(evidence, "2026-08-22")["GPQA Diamond"] == SATURATED
        assert self.stages(evidence, "2026-09-28")["GPQA Diamond"] == ACTIVE

    def test_the_first_versions_of_frontiermath_are_succeeded_and_old_tests_have_ended(
        self, evidence: Evidence
    ) -> None:
        now = self.stages(evidence, "2026-09-28")
        assert {name for name, stage in now.items() if stage == SUCCEEDED} == {"FrontierMath", "FrontierMath Tier 4"}
        assert {"GSM8K", "MMLU", "MMLU-Pro", "Aider Polyglot"} <= {name for name, s in now.items() if s == ENDED}
        assert now["Humanity's Last Exam"] == FEW_OPEN
