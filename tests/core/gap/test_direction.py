"""H2: states along month ends, their wording, and the shipped data."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence, IntArray
from core.gap.direction import ENTERS, LEAVES, find_direction, follow_changes, follow_path
from core.gap.index_figure import scale_of
from core.gap.parameters import INDEX_2

NEWEST = date(2026, 9, 28).toordinal()


class TestThePath:
    @pytest.mark.parametrize(
        ("scores", "states"),
        [
            ([0.5, 1.9, 1.95], [0, 0, 0]),  # probable is no state
            ([1.97, 1.5, 1.01, 0.99, 1.9], [1, 1, 1, 0, 0]),  # left below 1, entered above 1.96 alone
            ([-2.0, -1.2, -0.5], [-1, -1, 0]),  # narrower likewise
            ([2.0, -2.0], [1, -1]),
            ([2.0, -1.5], [1, 0]),  # a change of the other sign leaves it
            ([2.0, float("nan"), 1.5], [1, 0, 0]),  # no state
        ],
    )
    def test_on_paper(self, scores: list[float], states: list[int]) -> None:
        assert follow_path(np.array(scores)).tolist() == states

    @given(st.lists(st.floats(-4, 4), min_size=1, max_size=20))
    def test_the_other_way_round_is_the_other_state(self, scores: list[float]) -> None:
        assert (follow_path(-np.array(scores)) == -follow_path(np.array(scores))).all()

    @given(st.lists(st.floats(-4, 4), min_size=1, max_size=20))
    def test_a_state_is_never_entered_on_less_nor_kept_on_too_little(self, scores: list[float]) -> None:
        before = 0
        for score, state in zip(scores, follow_path(np.array(scores)).tolist(), strict=True):
            assert not state or abs(score) >= LEAVES
            assert not state or state == before or abs(score) > ENTERS
            before = state


class TestOnTheShippedData:
    def test_it_is_probably_wider_than_in_january_2025_and_the_past_year_is_too_close_to_call(
        self, evidence: Evidence, headline: IntArray
    ) -> None:
        """An independent fit by the same rules has +3.2 (standard error 1.9), and +1.6 over the past year."""
        direction = find_direction(evidence, headline, NEWEST, INDEX_2)
        assert (direction.word, direction.state, direction.year_word) == ("probably-wider", 0, "cant-say")
        assert direction.since.months == pytest.approx(3.2, abs=0.6)
        assert direction.year.months == pytest.approx(1.6, abs=0.6)
        peak = int(direction.path.months.argmax())
        assert date.fromordinal(int(direction.path.day[peak])) == date(2026, 3, 31)
        assert direction.path.months[peak] == pytest.approx(3.8, abs=0.3)

    def test_before_august_2025_it_is_too_early_to_say(self, evidence: Evidence, headline: IntArray) -> None:
        june, august = (
            find_direction(evidence, headline, day.toordinal(), INDEX_2).word
            for day in (date(2025, 6, 1), date(2025, 8, 1))
        )
        assert june == "too-early" != august

    def test_a_day_s_path_is_the_beginning_of_a_later_one(self, evidence: Evidence, headline: IntArray) -> None:
        """A state lasts at least to the next month end, so two faces can't disagree."""
        full_path = find_direction(evidence, headline, NEWEST, INDEX_2).path
        scale = scale_of(evidence, headline, INDEX_2)
        for day in (date(2026, 1, 15), date(2026, 4, 30), date(2026, 7, 1)):
            path = find_direction(evidence, headline, day.toordinal(), INDEX_2).path
            number = len(path.day)
            assert path.day.tolist() == full_path.day[:number].tolist()
            assert path.states.tolist() == full_path.states[:number].tolist()
            assert path.months == pytest.approx(full_path.months[:number])
            followed = follow_changes(evidence, scale, day.toordinal(), INDEX_2)  # as it is where nothing is kept
            assert followed.states.tolist() == path.states.tolist()
            assert path.months == pytest.approx(followed.months)

    def test_fewer_than_six_families_say_nothing(self, evidence: Evidence, headline: IntArray) -> None:
        families = {"arc-agi", "gpqa-diamond", "weirdml"}
        few = headline[[evidence.boards[board].family in families for board in headline]]
        direction = find_direction(evidence, few, NEWEST, INDEX_2)
        assert (direction.word, direction.since.months) == ("cant-say", None)

    def test_a_kind_of_tests_with_two_live_families_says_nothing(self, evidence: Evidence, public: IntArray) -> None:
        later = replace(evidence, newest_data=evidence.newest_data + timedelta(7))
        direction = find_direction(later, public, NEWEST, INDEX_2)
        assert (direction.word, direction.state) == ("cant-say", 0)
