"""The standing gap on the index, on paper and as laws; the scale behind it is test_index_fit.py's."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.evidence.evidence import Evidence
from core.gap.index_figure import Scale, class_index, gap_on_scale, on_scale, private_minus_public, scale_of
from core.gap.index_fit import Index
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from tests.core.gap.whole import headline_boards

AT = date(2026, 1, 1).toordinal()


def scale(months_ago: list[float], is_open: list[bool], *abilities: list[float]) -> Scale:
    """A scale of models that came out so many months ago; without other rows, three families that agree."""
    rows = np.array(abilities if len(abilities) > 1 else [*abilities] * 4)
    day = AT - np.round(np.array(months_ago) * MONTH_DAYS).astype(np.int64)
    order = np.argsort(day, kind="stable")
    sides, nothing = np.array(is_open)[order], np.zeros(0)
    fit = Index(nothing, nothing, nothing, nothing, nothing, nothing, 1.0, 0.0, 1.0, (0.0, 0.0), 1.0, 0)
    boards = np.zeros(0, dtype=np.int64)
    return Scale(order, day[order], sides, rows[:, order], np.zeros(len(day)), 1.0, np.zeros(len(rows)), boards, fit)


class TestOnPaper:
    """Open reached 1.0 two months and a half ago; closed had it a year ago, and 0.5 twenty months ago."""

    KNOWN = scale([20, 12, 19, 2.5], [False, False, True, True], [0.5, 1.5, 0.5, 1.0])

    def test_the_figure_is_the_mean_of_six_month_ends(self) -> None:
        found = on_scale(self.KNOWN, AT, AT - 1000)
        assert found.months == pytest.approx(np.mean([12, 11, 10, 17, 16, 15]), abs=0.05)
        assert found.newest == pytest.approx(12, abs=0.05)

    def test_its_error_is_that_of_a_mean_of_six(self) -> None:
        found = on_scale(self.KNOWN, AT, AT - 1000)
        assert found.error == pytest.approx(np.std([12, 11, 10, 17, 16, 15], ddof=1) / 6**0.5, abs=0.02)
        assert found.df == 2

    def test_families_that_disagree_widen_it(self) -> None:
        closed = [False, False, True, True]
        without = ([0.5, 1.5, 0.5, 1.0], [0.5, 0.5, 0.5, 0.5], [0.5, 1.5, 0.5, 1.0])
        found = on_scale(scale([20, 12, 19, 2.5], closed, [0.5, 1.5, 0.5, 1.0], *without), AT, AT - 1000)
        assert found.error > on_scale(self.KNOWN, AT, AT - 1000).error

    def test_a_change_needs_two_windows_without_a_common_month_end(self) -> None:
        assert np.isnan(on_scale(self.KNOWN, AT, AT - round(5 * MONTH_DAYS)).change)
        late = scale([40, 30, 39, 2.5], [False, False, True, True], [0.5, 1.5, 0.5, 1.0])
        assert on_scale(late, AT, AT - round(12 * MONTH_DAYS)).change == pytest.approx(
            np.mean([30, 29, 28, 37, 36, 35]) - np.mean(np.arange(28, 22, -1)), abs=0.05
        )

    def test_a_side_without_a_model_gives_nothing(self) -> None:
        alone = scale([20, 12], [False, False], [0.5, 1.5])
        assert np.isnan(gap_on_scale(alone, np.array([AT]))).all()


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    number = draw(st.integers(2, 12))
    ago = draw(st.lists(st.floats(0, 40), min_size=number, max_size=number))
    sides = draw(st.lists(st.booleans(), min_size=number, max_size=number))
    ability = draw(st.lists(st.integers(-6, 6).map(float), min_size=number, max_size=number))
    return scale(ago, sides, ability)


class TestLaws:
    @given(scales())
    def test_swapped_labels_flip_its_sign(self, known: Scale) -> None:
        swapped = replace(known, is_open=~known.is_open)
        assert np.array_equal(
            gap_on_scale(known, np.array([AT])), -gap_on_scale(swapped, np.array([AT])), equal_nan=True
        )

    @given(scales(), st.integers(0, 11), st.integers(-6, 9))
    def test_an_abler_open_model_never_raises_it(self, known: Scale, which: int, ability: int) -> None:
        better = known.ability.copy()
        place = which % len(known.day)
        if not known.is_open[place]:
            return
        better[:, place] = np.maximum(better[:, place], ability)
        other = replace(known, ability=better)
        before, after = gap_on_scale(known, np.array([AT])), gap_on_scale(other, np.array([AT]))
        assert not np.isfinite(before).all() or (after <= before + 1e-9).all()

    @given(scales(), st.floats(0.1, 3), st.floats(-2, 2))
    def test_the_unit_of_the_scale_changes_nothing(self, known: Scale, by: float, off: float) -> None:
        other = replace(known, ability=by * known.ability + off)
        assert np.array_equal(gap_on_scale(known, np.array([AT])), gap_on_scale(other, np.array([AT])), equal_nan=True)

    @given(scales(), st.integers(1, 400))
    def test_standing_still_raises_it_by_a_month_a_month(self, known: Scale, days: int) -> None:
        grown = gap_on_scale(known, np.array([AT + days])) - gap_on_scale(known, np.array([AT]))
        expected: NDArray[np.float64] = np.sign(gap_on_scale(known, np.array([AT + days]))) * days / MONTH_DAYS
        assert grown == pytest.approx(expected, nan_ok=True)


class TestOnTheShippedData:
    @pytest.mark.parametrize("access", ["private", "public"])
    def test_each_class_has_a_figure_with_an_interval_and_a_change(self, known: Evidence, access: str) -> None:
        boards = np.array([n for n in headline_boards(known).tolist() if known.boards[n].access == access])
        found = class_index(known, boards, date(2026, 8, 22).toordinal(), CLUSTERED_2)
        figure, change = found.figure, found.change
        assert figure.months is not None
        assert figure.low is not None
        assert figure.high is not None
        assert 3 < figure.months < 12
        assert figure.low < figure.months < figure.high
        assert change.low is not None
        assert change.high is not None
        assert change.low < change.high

    def test_a_scale_is_fitted_once_for_an_evidence(self, known: Evidence) -> None:
        boards = headline_boards(known)
        assert scale_of(known, boards, CLUSTERED_2) is scale_of(known, boards, CLUSTERED_2)

    def test_too_few_families_give_nothing(self, known: Evidence) -> None:
        found = class_index(known, headline_boards(known)[:1], date(2026, 8, 22).toordinal(), CLUSTERED_2)
        assert (found.figure.months, found.figure.no_interval, found.newest) == (None, "too-few", None)

    def test_only_open_models_that_are_asked_for_stand_on_the_open_side(self, known: Evidence) -> None:
        boards = headline_boards(known)
        at = date(2026, 8, 22).toordinal()
        some = np.array([model.country == "China" for model in known.models])
        found, every = (class_index(known, boards, at, CLUSTERED_2, each).newest for each in (some, None))
        assert found is not None
        assert every is not None
        assert found >= every

    def test_private_tests_are_some_months_harder_for_open_models(self, known: Evidence) -> None:
        """ECI-H has 2.9."""
        found = private_minus_public(known, headline_boards(known), CLUSTERED_2)
        assert found.months is not None
        assert found.low is not None
        assert found.high is not None
        assert -1 < found.months < 5
        assert found.low < found.months < found.high

    def test_the_scale_of_all_tests_ranks_models_as_the_published_index_does(self, known: Evidence) -> None:
        fitted = scale_of(known, headline_boards(known), CLUSTERED_2)
        assert fitted is not None
        (eci,) = (n for n, board in enumerate(known.boards) if board.benchmark_id == "eci")
        rows = slice(int(known.bounds[eci]), int(known.bounds[eci + 1]))
        best: dict[int, float] = {}
        for model, score in zip(known.model[rows].tolist(), known.score[rows].tolist(), strict=True):
            best[model] = max(score, best.get(model, -np.inf))
        both = [n for n, model in enumerate(fitted.model.tolist()) if model in best]
        published = np.array([best[int(fitted.model[n])] for n in both])
        ranks = (np.argsort(np.argsort(values)) for values in (fitted.ability[0, both], published))
        assert len(both) > 200
        assert np.corrcoef(*ranks)[0, 1] > 0.95  # 0.99 on 222 models
