"""The gap on the index, on paper and as laws; the scale behind it is test_index_fit.py's (method.md, H1)."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.evidence.evidence import Evidence, IntArray, Model
from core.gap.board_life import live_families
from core.gap.crossings import by_class
from core.gap.index_figure import (
    DRAWS,
    FEWEST_LIVE,
    FORM,
    Gaps,
    Scale,
    calendar_month_ends,
    class_index,
    days_looked_at,
    fit_scale,
    index_change,
    index_course,
    models_rested_on,
    private_minus_public,
    read_days,
    read_gaps,
    scale_of,
    scale_with,
    scale_without,
)
from core.gap.index_fit import Cells, Form, Index
from core.gap.parameters import INDEX_2, MONTH_DAYS
from core.gap.scenario import with_score

AT = date(2026, 1, 1).toordinal()
NEWEST = date(2026, 9, 28).toordinal()


def scale(months_ago: list[float], is_open: list[bool], ability: list[float]) -> Scale:
    """Make a scale of models by their age in months, fitted without error."""
    day = AT - np.round(np.array(months_ago) * MONTH_DAYS).astype(np.int64)
    order = np.argsort(day, kind="stable")
    none, whole = np.zeros(0), np.zeros(0, dtype=np.int64)
    cells = Cells(whole, whole, none, none, order, whole, day[order], np.array(is_open)[order], whole)
    everyone = np.ones(len(day), dtype=np.bool_)
    fit = Index(
        np.array(ability)[order], np.zeros(len(day)), none, none, none, none, 1.0, np.zeros(2), np.ones(2),
        (0.0, 0.0), 1.0, everyone,
    )  # fmt: skip
    return Scale(cells, none, fit, FORM, 3, everyone)


def gap(of: Scale, *days: int) -> NDArray[np.float64]:
    """Read the gap of the mode at some days."""
    return read_days(of, of.mode, np.array(days or (AT,)))[0]


class TestOnPaper:
    """Open reached 1.0 two months and a half ago; closed had it a year ago, and 0.5 twenty months ago."""

    KNOWN = scale([20, 12, 19, 2.5], [False, False, True, True], [0.5, 1.5, 0.5, 1.0])

    def test_the_gap_of_a_day_is_how_long_ago_a_closed_model_stood_there(self) -> None:
        ends = [AT - round(back * MONTH_DAYS) for back in range(6)]
        assert gap(self.KNOWN, *ends) == pytest.approx([12, 11, 10, 17, 16, 15], abs=0.05)

    def test_a_side_without_a_model_gives_nothing(self) -> None:
        assert np.isnan(gap(scale([20, 12], [False, False], [0.5, 1.5]))).all()

    def test_open_ahead_of_all_closed_models_is_negative(self) -> None:
        assert gap(scale([8, 5], [True, False], [2.0, 1.0])) == pytest.approx([-8], abs=0.05)

    def test_the_models_on_which_six_month_ends_rest_are_found(self) -> None:
        assert models_rested_on(self.KNOWN, AT) == {0, 1, 2, 3}

    def test_a_figure_is_the_mean_over_draws_and_its_error_has_three_parts(self) -> None:
        draws = np.array([[6.0, 4.0], [8.0, 3.0]])
        gaps = Gaps(np.array([AT, AT - 400]), draws, np.array([3.0, 4.0]), np.array([7.0, 3.0]))
        assert gaps.months.tolist() == [7.0, 3.5]
        assert gaps.error(0, 2.0) == pytest.approx(np.sqrt(1 + 9 + 4))
        assert gaps.change_error(0, 1) == pytest.approx(np.sqrt(1.5**2 + 9 + 16))
        change = gaps.change(0, 1, 0.9)
        assert change.months == 3.5
        assert change.high == pytest.approx(3.5 + 1.6449 * gaps.change_error(0, 1), abs=0.01)

    def test_means_that_share_a_month_end_are_not_compared(self) -> None:
        near = Gaps(np.array([AT, AT - 150]), np.ones((2, 2)), np.zeros(2), np.ones(2))
        assert near.change(0, 1, 0.9).months is None

    def test_calendar_month_ends_come_in_order_and_the_day_itself_may_be_one(self) -> None:
        ends = calendar_month_ends(date(2026, 3, 31).toordinal(), 3)
        assert [date.fromordinal(end).isoformat() for end in ends] == ["2026-01-31", "2026-02-28", "2026-03-31"]
        assert date.fromordinal(int(calendar_month_ends(date(2026, 3, 30).toordinal(), 1)[0])) == date(2026, 2, 28)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    number = draw(st.integers(2, 12))
    ago = draw(st.lists(st.floats(0, 40), min_size=number, max_size=number))
    sides = draw(st.lists(st.booleans(), min_size=number, max_size=number))
    ability = draw(st.lists(st.integers(-6, 6).map(float), min_size=number, max_size=number))
    return scale(ago, sides, ability)


def with_ability(of: Scale, ability: NDArray[np.float64]) -> Scale:
    return replace(of, fit=replace(of.fit, ability=ability))


class TestLaws:
    """Of what is read off a scale."""

    @given(scales())
    def test_swapped_labels_flip_its_sign(self, scale: Scale) -> None:
        swapped = replace(scale, cells=replace(scale.cells, is_open=~scale.is_open))
        assert np.array_equal(gap(scale), -gap(swapped), equal_nan=True)

    @given(scales(), st.integers(0, 11), st.integers(-6, 9))
    def test_an_abler_open_model_never_raises_it(self, scale: Scale, which: int, ability: int) -> None:
        place = which % len(scale.day)
        if not scale.is_open[place]:
            return
        better = scale.fit.ability.copy()
        better[place] = max(better[place], ability)
        before, after = gap(scale), gap(with_ability(scale, better))
        assert not np.isfinite(before).all() or (after <= before + 1e-9).all()

    @given(scales(), st.floats(0.1, 3), st.floats(-2, 2))
    def test_the_unit_of_the_scale_changes_nothing(self, scale: Scale, by: float, off: float) -> None:
        other = with_ability(scale, by * scale.fit.ability + off)
        assert np.array_equal(gap(scale), gap(other), equal_nan=True)

    @given(scales(), st.integers(1, 400))
    def test_standing_still_raises_it_by_a_month_a_month(self, scale: Scale, days: int) -> None:
        grown = gap(scale, AT + days) - gap(scale)
        expected = np.sign(gap(scale, AT + days)) * days / MONTH_DAYS
        assert grown == pytest.approx(expected, nan_ok=True)

    @given(scales(), st.floats(-3, -0.1))
    def test_a_worse_later_model_changes_nothing(self, placed: Scale, below: float) -> None:
        worst = placed.fit.ability.min() + below
        more = scale(
            [*((AT - placed.day) / MONTH_DAYS).tolist(), 0.0], [*placed.is_open.tolist(), True],
            [*placed.fit.ability.tolist(), worst],
        )  # fmt: skip
        if placed.is_open.any():
            assert np.array_equal(gap(placed), gap(more), equal_nan=True)


def newest_gap(of: Scale) -> float:
    """Return the figure on the day of the newest data."""
    return float(read_gaps(of, np.array([NEWEST])).months[0])


class TestOnTheShippedData:
    """Figures of an independent fit by the same rules, of November 2026, agree to a few tenths of a month."""

    @pytest.mark.parametrize(
        ("access", "day", "months"),
        [
            ("private", date(2026, 9, 28), 7.2),
            ("private", date(2026, 5, 22), 8.0),
            ("private", date(2026, 1, 31), 7.0),
            ("private", date(2025, 1, 31), 4.1),
            ("public", date(2026, 9, 28), 5.7),
            ("public", date(2026, 5, 22), 6.3),
            ("public", date(2025, 1, 31), 3.7),
        ],
    )
    def test_the_figure_is_that_of_an_independent_fit(
        self, evidence: Evidence, headline: IntArray, access: str, day: date, months: float
    ) -> None:
        boards = by_class(evidence, headline)[access]
        figure = class_index(evidence, boards, day.toordinal(), INDEX_2).figure
        assert figure.months == pytest.approx(months, abs=0.4)
        assert 3 < figure.high - figure.low < 7.5

    def test_public_tests_lose_their_headline_only_after_two_month_ends(
        self, evidence: Evidence, public: IntArray
    ) -> None:
        """Two are live from 22 August on; the third left in between two month ends."""
        live = class_index(evidence, public, NEWEST, INDEX_2).live
        assert [board.name for board in live] == ["GPQA Diamond", "OTIS Mock AIME"]
        days = (date(2026, 8, 31), date(2026, 9, 29), date(2026, 9, 30))
        counts = [live_families(evidence, public, days_looked_at(day.toordinal()), INDEX_2) for day in days]
        assert [bool((count < FEWEST_LIVE).all()) for count in counts] == [False, False, True]

    def test_no_test_that_is_live_is_no_figure(self, evidence: Evidence, public: IntArray) -> None:
        names = {"gsm8k", "mmlu", "aider-polyglot", "math-level-5"}
        ended = public[[evidence.boards[board].benchmark_id in names for board in public]]
        assert class_index(evidence, ended, NEWEST, INDEX_2).figure.months is None

    def test_days_after_the_last_complete_one_read_as_that_day(self, evidence: Evidence, private: IntArray) -> None:
        last, later = (class_index(evidence, private, day, INDEX_2).figure for day in (NEWEST, NEWEST + 60))
        assert later == last

    def test_a_scale_is_fitted_once_for_an_evidence_and_drawn_alike_each_time(
        self, evidence: Evidence, private: IntArray
    ) -> None:
        once = scale_of(evidence, private, INDEX_2)
        assert once is scale_of(evidence, private, INDEX_2)
        assert once.draws.shape == (DRAWS, len(once.model))
        again = replace(once, is_counted=once.is_counted.copy())
        assert np.array_equal(once.draws, again.draws)

    def test_too_few_families_give_nothing(self, evidence: Evidence, headline: IntArray) -> None:
        index = class_index(evidence, headline[:1], NEWEST, INDEX_2)
        assert (index.figure.months, index.figure.no_interval, index.newest) == (None, "too-few", None)

    def test_only_open_models_that_are_asked_for_stand_on_the_open_side(
        self, evidence: Evidence, private: IntArray
    ) -> None:
        some = np.array([model.country == "China" for model in evidence.models])
        chinese, every = (class_index(evidence, private, NEWEST, INDEX_2, models).figure for models in (some, None))
        assert chinese.months >= every.months - 1e-9

    def test_the_course_reads_as_the_figures_of_its_days(self, evidence: Evidence, private: IntArray) -> None:
        course = index_course(evidence, private, NEWEST, INDEX_2)
        for place in np.flatnonzero(np.isfinite(course.months))[::6].tolist():
            figure = class_index(evidence, private, int(course.day[place]), INDEX_2).figure
            assert figure.months == pytest.approx(course.months[place], abs=0.05)

    def test_a_change_is_the_difference_of_two_figures(self, evidence: Evidence, private: IntArray) -> None:
        since = date(2025, 6, 30).toordinal()
        before, after = (class_index(evidence, private, day, INDEX_2).figure.months for day in (since, NEWEST))
        assert index_change(evidence, private, since, NEWEST, INDEX_2).months == pytest.approx(after - before)

    def test_the_effect_of_private_tests_holds_that_of_an_independent_fit(
        self, evidence: Evidence, headline: IntArray
    ) -> None:
        """0.7 (-0.4 to 1.8)."""
        effect = private_minus_public(evidence, headline, INDEX_2)
        assert effect.months == pytest.approx(0.7, abs=0.4)
        assert effect.low < 0 < effect.high < 3

    def test_without_a_family_it_is_close_to_a_fit_from_the_start(self, evidence: Evidence, private: IntArray) -> None:
        is_arc = np.array([evidence.boards[board].family == "arc-agi" for board in private])
        scale = scale_of(evidence, private, INDEX_2)
        near = scale_without(evidence, scale, boards=tuple(private[is_arc].tolist()))
        assert newest_gap(near) == pytest.approx(newest_gap(scale_of(evidence, private[~is_arc], INDEX_2)), abs=0.5)

    @pytest.mark.parametrize(
        ("benchmark", "score", "day", "is_open"),
        [
            ("weirdml", 91.0, date(2026, 3, 22), True),
            ("gpqa-diamond", 95.0, date(2026, 2, 1), True),
            ("frontiermath", 20.0, date(2025, 12, 1), True),
            ("simplebench", 60.0, date(2025, 12, 1), False),
        ],
    )
    def test_with_a_supposed_score_it_is_close_to_a_fit_from_the_start(
        self, evidence: Evidence, headline: IntArray, benchmark: str, score: float, day: date, is_open: bool
    ) -> None:
        board = max(n for n, board in enumerate(evidence.boards) if board.benchmark_id == benchmark)
        boards = by_class(evidence, headline)[evidence.boards[board].access]
        scenario = with_score(evidence, board, score, day, Model("s", "s", is_open=is_open))
        near = scale_with(scenario, scale_of(evidence, boards, INDEX_2), len(evidence.models))
        assert newest_gap(near) == pytest.approx(newest_gap(fit_scale(scenario, boards, INDEX_2)), abs=0.5)

    def test_the_scale_of_all_tests_ranks_models_as_the_published_index_does(
        self, evidence: Evidence, headline: IntArray
    ) -> None:
        fitted = scale_of(evidence, headline, INDEX_2)
        (eci,) = (n for n, board in enumerate(evidence.boards) if board.benchmark_id == "eci")
        rows = slice(int(evidence.bounds[eci]), int(evidence.bounds[eci + 1]))
        best: dict[int, float] = {}
        for model, score in zip(evidence.model[rows].tolist(), evidence.score[rows].tolist(), strict=True):
            best[model] = max(score, best.get(model, -np.inf))
        both = [n for n, model in enumerate(fitted.model.tolist()) if model in best]
        published = np.array([best[int(fitted.model[n])] for n in both])
        ranks = (np.argsort(np.argsort(values)) for values in (fitted.fit.ability[both], published))
        assert len(both) > 200
        assert np.corrcoef(*ranks)[0, 1] > 0.95


class TestSwappedLabels:
    """The prior that draws frontier models apart on the open side alone breaks the law on a fit, and by how much."""

    @pytest.mark.parametrize(
        ("form", "apart"), [(Form("both-frontiers", widened=2.0), 0.05), (Form("open-frontier"), 2.0)]
    )
    def test_the_figure_flips_its_sign(self, evidence: Evidence, headline: IntArray, form: Form, apart: float) -> None:
        parameters = replace(INDEX_2, min_open_models=1)
        swapped = evidence.switch_sides(range(len(evidence.models)))
        months = [float(gap(scale_of(sides, headline, parameters, form), NEWEST)[0]) for sides in (evidence, swapped)]
        assert months[0] == pytest.approx(-months[1], abs=apart)
