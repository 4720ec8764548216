"""The gap on the shipped data: the study's result, the agreement with the slow reference, the newest date."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.analysis import FIGURES, Analysis, analyse
from core.gap.forward import estimate_class_waits
from core.gap.parameters import CLUSTERED_1, CLUSTERED_2, DEFAULT, MONTH_DAYS, STUDY_1, Measure, Parameters
from tests import reference, toy
from tests.core.gap.test_crossings import assert_agrees
from tests.core.gap.whole import all_there_always, headline_boards

FREEZE = date(2026, 5, 22)
"""The study's freeze day."""
NEWEST = date(2026, 8, 22)
"""The newest complete snapshot of the shipped data."""
ALL_KNOWN = date(2026, 9, 30)

Shipped = Callable[[date], Evidence]


def gap(evidence: Evidence, as_of: date, parameters: Parameters) -> Analysis:
    return analyse(evidence, headline_boards(evidence), as_of.toordinal(), parameters)


class TestTheStudysResult:
    """H. T. Ihle, LessWrong, 2026-05-28: private 8-10 months, public 4-6, smallest around January 2025."""

    @pytest.fixture
    def analysis(self, shipped: Shipped) -> Analysis:
        return gap(shipped(FREEZE), FREEZE, STUDY_1)

    def test_the_trends_right_end_lies_in_the_published_ranges(self, analysis: Analysis) -> None:
        assert 8 <= analysis.classes["private"].headline.months <= 10
        assert 4 <= analysis.classes["public"].headline.months <= 6

    def test_both_were_smallest_around_january_2025(self, analysis: Analysis) -> None:
        for name in ("private", "public"):
            line = analysis.classes[name].catch_up.trend
            lowest = int(np.where(line.readable, line.band.months, np.inf).argmin())
            assert date(2024, 11, 1) <= date.fromordinal(int(line.day[lowest])) <= date(2025, 4, 30)

    def test_it_rests_on_at_least_100_points_over_15_benchmarks(self, analysis: Analysis) -> None:
        points = [gap.points for gap in analysis.classes.values()]
        assert sum(len(point.months) for point in points) >= 100
        assert len({int(board) for point in points for board in point.board}) >= 15

    @pytest.mark.parametrize(
        ("benchmark", "threshold", "closed", "opened", "months"),
        [
            ("gpqa-diamond", 35.0, "gpt-4-0314", "WizardLM-2-8x22B", "13.1"),
            ("weirdml", 35.0, "o1-preview-2024-09-12", "DeepSeek-R1", "4.3"),
        ],
    )
    def test_points_that_it_names(
        self, analysis: Analysis, benchmark: str, threshold: float, closed: str, opened: str, months: str
    ) -> None:
        (result,) = (
            result
            for result in analysis.accepted
            if (result.board.benchmark_id, result.threshold) == (benchmark, threshold)
        )
        assert (result.closed.model_id, result.open.model_id, f"{result.months:.1f}") == (closed, opened, months)


@pytest.mark.parametrize("as_of", [date(2024, 6, 1), date(2025, 1, 20), FREEZE, NEWEST])
def test_crossings_agree_with_the_reference(evidence: Evidence, as_of: date) -> None:
    assert_agrees(all_there_always(evidence), as_of, CLUSTERED_1)


def test_trend_and_forward_agree_with_the_reference(evidence: Evidence) -> None:
    analysis = gap(all_there_always(evidence), NEWEST, STUDY_1)
    times, events = [], []
    for of_class in analysis.classes.values():
        points: list[tuple[str, reference.Crossing]] = []
        for board in of_class.boards.tolist():
            slow = toy.as_reference(evidence, board)
            crossed, pending, _, _ = reference.crossings(slow, NEWEST)
            accepted = [point for point in crossed if point.accepted]
            points += [(slow.name, point) for point in accepted]
            more = reference.forward_times(accepted, [level for level in pending if level.accepted])
            times += more[0]
            events += more[1]
        line, trend = reference.trend([point for _, point in points]), of_class.catch_up.trend
        assert [date.fromordinal(day) for day in trend.day.tolist()] == [when for when, _ in line]
        for place, (when, expected) in enumerate(line):
            if expected is not None:
                assert trend.band.months[place] == pytest.approx(expected, abs=1e-9)
                assert trend.band.n_effective[place] == pytest.approx(reference.kish(points, when))
    forward = estimate_class_waits(analysis.crossings.points, analysis.crossings.unmatched, STUDY_1)
    assert forward.median_months == pytest.approx(reference.km_median(times, events))
    assert forward.matched[-1].share == pytest.approx(reference.km_share_by(times, events, 12.0))


def test_the_recent_window_holds_the_points_of_18_months(evidence: Evidence) -> None:
    for of_class in gap(evidence, NEWEST, CLUSTERED_2).classes.values():
        catch_up = of_class.catch_up
        at, start, days = catch_up.figure.at, catch_up.window_from, catch_up.points.open_day
        assert (at - start) / MONTH_DAYS == pytest.approx(18, abs=0.05)
        assert len(catch_up.recent.months) == int(((days > start) & (days <= at)).sum())


@pytest.mark.parametrize("known_by", [FREEZE, NEWEST, ALL_KNOWN])
def test_wherever_the_trend_is_read_two_and_a_half_boards_count(shipped: Shipped, known_by: date) -> None:
    for as_of in (date(2024, 12, 1), date(2025, 6, 1), FREEZE, NEWEST):
        for of_class in gap(shipped(known_by), as_of, CLUSTERED_2).classes.values():
            trend = of_class.catch_up.trend
            assert (trend.band.n_effective[trend.readable] >= 2.5).all()


def test_one_benchmark_gives_the_median_of_its_points_and_no_interval(evidence: Evidence) -> None:
    (number,) = [n for n, board in enumerate(evidence.boards) if board.benchmark_id == "gpqa-diamond"]
    analysis = analyse(evidence, np.array([number]), NEWEST.toordinal(), CLUSTERED_2)
    catch_up = analysis.classes["public"].catch_up
    assert catch_up.figure.months == np.median(catch_up.recent.months)
    assert (catch_up.figure.low, catch_up.figure.no_interval) == (None, "one-benchmark")
    assert analysis.influences == ()


def test_unmatched_levels_are_those_of_tests_that_go_on(evidence: Evidence) -> None:
    """A version's successor counts in its place, and what ended not at all."""
    analysis = gap(evidence, date(2026, 9, 28), DEFAULT)
    names = {level.board.name for level in analysis.unmatched}
    assert "FrontierMath v2" in names
    assert not names & {"FrontierMath", "FrontierMath Tier 4", "FictionLiveBench (120k)", "Terminal-Bench 2"}
    assert len(analysis.unmatched) < sum(level.accepted for level in analysis.crossings.unmatched)


def test_of_one_test_that_ended_the_unmatched_levels_are_listed(evidence: Evidence) -> None:
    (number,) = [n for n, board in enumerate(evidence.boards) if board.name == "Terminal-Bench 2"]
    analysis = analyse(evidence, np.array([number]), date(2026, 9, 28).toordinal(), DEFAULT)
    assert len(analysis.unmatched) == sum(level.accepted for level in analysis.crossings.unmatched)


def test_only_the_chosen_open_models_count(evidence: Evidence) -> None:
    chinese = np.array([model.country == "China" for model in evidence.models])
    analysis = analyse(evidence, headline_boards(evidence), NEWEST.toordinal(), CLUSTERED_2, chinese)
    assert chinese[analysis.crossings.points.open].all()
    assert not chinese[analysis.crossings.points.closed].all()


def test_no_number_is_fitted_to_the_published_ranges(shipped: Shipped) -> None:
    """Another seed and other draws move the study's band, and leave its trend alone."""
    evidence = shipped(FREEZE)
    earlier = gap(evidence, FREEZE, STUDY_1).classes["private"].catch_up.figure
    other = gap(evidence, FREEZE, replace(STUDY_1, seed=1, draws=1000)).classes["private"].catch_up.figure
    assert earlier.months == other.months
    assert earlier.low != other.low


@pytest.mark.parametrize("measure", FIGURES)
@pytest.mark.parametrize("method", [DEFAULT, CLUSTERED_2], ids=lambda method: method.name)
def test_each_measure_is_one_function_and_gives_the_figure_of_the_analysis(
    evidence: Evidence, measure: Measure, method: Parameters
) -> None:
    at = NEWEST.toordinal()
    for boards in (headline_boards(evidence), headline_boards(evidence)[:1]):
        for of_class in analyse(evidence, boards, at, method).classes.values():
            assert FIGURES[measure](evidence, of_class.boards, at, method, None) == of_class.figure(measure)
