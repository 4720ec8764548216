"""The gap on the shipped data: the study's result, the agreement with the slow reference, the newest date."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.analysis import Analysis, analyse
from core.gap.parameters import CLUSTERED_1, STUDY_1, Parameters
from tests import reference, toy
from tests.core.gap.test_crossings import assert_agrees
from tests.core.gap.whole import headline_boards

FREEZE = date(2026, 5, 22)
"""The study's freeze day."""
NEWEST = date(2026, 8, 22)
"""The newest complete snapshot of the shipped data."""
ALL_KNOWN = date(2026, 9, 30)

Shipped = Callable[[date], Evidence]


def gap(known: Evidence, as_of: date, parameters: Parameters) -> Analysis:
    return analyse(known, headline_boards(known), as_of.toordinal(), parameters)


def day(ordinal: int | None) -> date:
    return date.fromordinal(ordinal)


class TestTheStudysResult:
    """H. T. Ihle, LessWrong, 2026-05-28: private 8-10 months, public 4-6, smallest around January 2025."""

    @pytest.fixture
    def found(self, shipped: Shipped) -> Analysis:
        return gap(shipped(FREEZE), FREEZE, STUDY_1)

    def test_the_trends_right_end_lies_in_the_published_ranges(self, found: Analysis) -> None:
        private, public = (found.classes[name].headline.months for name in ("private", "public"))
        assert 8 <= private <= 10
        assert 4 <= public <= 6

    def test_both_were_smallest_around_january_2025(self, found: Analysis) -> None:
        for name in ("private", "public"):
            minimum = found.classes[name].minimum
            assert date(2024, 11, 1) <= day(minimum[1]) <= date(2025, 4, 30)

    def test_it_rests_on_at_least_100_points_over_15_benchmarks(self, found: Analysis) -> None:
        points = [gap.points for gap in found.classes.values()]
        assert sum(len(each.months) for each in points) >= 100
        assert len({int(board) for each in points for board in each.board}) >= 15

    def test_gpqa_at_35_percent_is_gpt_4_to_wizardlm(self, found: Analysis, shipped: Shipped) -> None:
        known, points = shipped(FREEZE), found.crossings.points
        boards = np.array([known.boards[board].benchmark_id for board in points.board])
        (place,) = np.flatnonzero((boards == "gpqa-diamond") & (points.threshold == 35))
        assert known.models[points.closed[place]].model_id == "gpt-4-0314"
        assert known.models[points.open[place]].model_id == "WizardLM-2-8x22B"
        assert f"{points.months[place]:.1f}" == "13.1"
        assert points.accepted[place]

    def test_o1_preview_to_r1_is_a_point_of_4_3_months(self, found: Analysis, shipped: Shipped) -> None:
        known, points = shipped(FREEZE), found.crossings.points
        names = [
            (known.models[c].model_id, known.models[o].model_id)
            for c, o in zip(points.closed, points.open, strict=True)
        ]
        place = names.index(("o1-preview-2024-09-12", "DeepSeek-R1"))
        assert (day(int(points.closed_day[place])), day(int(points.open_day[place]))) == (
            date(2024, 9, 12),
            date(2025, 1, 20),
        )
        assert f"{points.months[place]:.1f}" == "4.3"


class TestAgreesWithTheReferenceOnTheShippedData:
    @pytest.mark.parametrize("as_of", [date(2024, 6, 1), date(2025, 1, 20), FREEZE, NEWEST])
    def test_crossings(self, shipped: Shipped, as_of: date) -> None:
        assert_agrees(shipped(ALL_KNOWN), as_of, CLUSTERED_1)

    def test_trend_forward_and_difference(self, shipped: Shipped) -> None:
        known = shipped(ALL_KNOWN)
        found = gap(known, NEWEST, STUDY_1)
        times, events, means = [], [], {}
        for name, of_class in found.classes.items():
            points: list[tuple[str, reference.Crossing]] = []
            for board in of_class.boards.tolist():
                slow = toy.as_reference(known, board)
                crossed, pending, _, _ = reference.crossings(slow, NEWEST)
                accepted = [point for point in crossed if point.accepted]
                points += [(slow.name, point) for point in accepted]
                more = reference.forward_times(accepted, [level for level in pending if level.accepted])
                times += more[0]
                events += more[1]
                months = found.by_board[board].months
                if months is not None:
                    means[slow.name, name] = months
            for (when, expected), place in zip(
                reference.trend([point for _, point in points]), range(len(of_class.trend.day)), strict=True
            ):
                assert day(int(of_class.trend.day[place])) == when
                if expected is not None:
                    assert of_class.trend.band.months[place] == pytest.approx(expected, abs=1e-9)
                    assert of_class.trend.band.n_effective[place] == pytest.approx(reference.kish(points, when))
        assert found.forward.median_months == pytest.approx(reference.km_median(times, events))
        assert found.forward.caught_up_12m == pytest.approx(reference.km_share_by(times, events, 12.0))
        named = {board: months for (board, _), months in means.items()}
        private = {board for board, name in means if name == "private"}
        assert found.difference.p_value == pytest.approx(reference.permutation_p(named, private))

    def test_recent_window_holds_the_points_of_18_months(self, shipped: Shipped) -> None:
        found = gap(shipped(ALL_KNOWN), NEWEST, CLUSTERED_1)
        for of_class in found.classes.values():
            at, start = of_class.headline.at, of_class.window_from
            assert (at - start) / (365.25 / 12) == pytest.approx(18, abs=0.05)
            recent = (of_class.points.open_day > start) & (of_class.points.open_day <= at)
            assert of_class.mean.n_points == int(recent.sum())


class TestTheNewestDate:
    def test_no_headline_where_one_or_two_boards_carry_the_weight(self, shipped: Shipped) -> None:
        """Known by 2026-08-22, the study's rule reads private where few boards have data; clustered-1 does not."""
        known = shipped(NEWEST)
        study = gap(known, NEWEST, STUDY_1).classes["private"].headline
        ours = gap(known, NEWEST, CLUSTERED_1).classes["private"].headline
        assert study.n_effective < 2.5 <= ours.n_effective
        assert day(ours.at) < day(study.at)

    @pytest.mark.parametrize("known_by", [FREEZE, NEWEST, ALL_KNOWN])
    def test_wherever_the_trend_is_read_two_and_a_half_boards_count(self, shipped: Shipped, known_by: date) -> None:
        known = shipped(known_by)
        for as_of in (date(2024, 12, 1), date(2025, 6, 1), FREEZE, NEWEST):
            for of_class in gap(known, as_of, CLUSTERED_1).classes.values():
                assert (of_class.trend.band.n_effective[of_class.trend.readable] >= 2.5).all()

    def test_nothing_waits_past_its_boards_last_data(self, shipped: Shipped) -> None:
        known = shipped(ALL_KNOWN)
        for level in gap(known, NEWEST, CLUSTERED_1).crossings.unmatched:
            rows = slice(known.bounds[level.board], known.bounds[level.board + 1])
            days = known.day[rows]
            assert level.newest_day == days[days <= NEWEST.toordinal()].max()
            assert level.age_months == pytest.approx((level.newest_day - level.closed_day) / (365.25 / 12))
            assert level.age_months >= 0


class TestOneBenchmark:
    def test_gives_the_median_of_its_points_and_no_interval(self, shipped: Shipped) -> None:
        known = shipped(ALL_KNOWN)
        (number,) = [n for n, board in enumerate(known.boards) if board.benchmark_id == "gpqa-diamond"]
        found = analyse(known, np.array([number]), NEWEST.toordinal(), CLUSTERED_1)
        of_class = found.classes["public"]
        assert of_class.headline.months == of_class.mean.months
        assert of_class.headline.low is None
        assert of_class.headline.no_interval == "one-benchmark"
        assert found.difference.months is None
        assert found.influence is None


class TestInfluence:
    def test_leaving_the_board_out_gives_the_figure_that_it_says(self, shipped: Shipped) -> None:
        known = shipped(ALL_KNOWN)
        found = gap(known, NEWEST, CLUSTERED_1)
        leans = found.influence
        before = found.classes[leans.access]
        points = before.points.where(before.points.board != leans.board)
        at = before.headline.at
        weight = np.exp(-0.5 * ((at - points.open_day) / 60) ** 2)
        assert leans.months_without == pytest.approx(float((weight * points.months).sum() / weight.sum()))


class TestDirection:
    def test_is_told_only_against_a_day_that_can_be_read(self, shipped: Shipped) -> None:
        known = shipped(ALL_KNOWN)
        early = gap(known, date(2025, 2, 1), CLUSTERED_1)
        assert all(of_class.change.months is None for of_class in early.classes.values())

    def test_is_the_difference_of_two_readings(self, shipped: Shipped) -> None:
        found = gap(shipped(ALL_KNOWN), NEWEST, CLUSTERED_1).classes["private"]
        place = found.trend.last_readable()
        since = int(np.abs(found.trend.day - CLUSTERED_1.since.toordinal()).argmin())
        assert place is not None
        assert found.change.months == pytest.approx(found.trend.band.months[place] - found.trend.band.months[since])


def test_only_the_chosen_open_models_count(shipped: Shipped) -> None:
    known = shipped(ALL_KNOWN)
    chinese = np.array([model.country == "China" for model in known.models])
    found = analyse(known, headline_boards(known), NEWEST.toordinal(), CLUSTERED_1, chinese)
    assert chinese[found.crossings.points.open].all()
    assert not chinese[found.crossings.points.closed].all()


def test_no_number_is_fitted_to_the_published_ranges(shipped: Shipped) -> None:
    """Another seed and other draws move the study's band, and leave its trend alone."""
    known = shipped(FREEZE)
    one = gap(known, FREEZE, STUDY_1).classes["private"].headline
    other = gap(known, FREEZE, replace(STUDY_1, seed=1, draws=1000)).classes["private"].headline
    assert one.months == other.months
    assert one.low != other.low
