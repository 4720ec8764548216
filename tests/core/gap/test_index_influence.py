"""What the standing gap on the index rests on: leaving one thing out, and fitting the scale again."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import Analysis, analyse
from core.gap.index_figure import Scale, gap_on_scale, holders, mean_of_ends, scale
from core.gap.influence import Influence
from core.gap.parameters import CLUSTERED_2, DEFAULT, MONTH_DAYS
from tests.core.gap.test_index_figure import AT
from tests.core.gap.test_index_figure import scale as scale_on_paper
from tests.core.gap.whole import headline_boards


@pytest.fixture(scope="module")
def found(known: Evidence) -> Analysis:
    return analyse(known, headline_boards(known), known.newest_data.toordinal(), DEFAULT)


@pytest.fixture(scope="module")
def of_index(found: Analysis) -> list[Influence]:
    return [each for each in found.influences if each.measure == "index"]


def anew(known: Evidence, boards: IntArray, each: Influence) -> Scale:
    """Fit a scale as if what is left out had never been scored."""
    if each.boards:
        fitted = scale(known, boards[~np.isin(boards, each.boards)], DEFAULT)
    else:
        graded = {n for n, model in enumerate(known.models) if model.openness_grade == each.grade}
        fitted = scale(known.without(graded if each.model is None else {each.model}), boards, DEFAULT)
    assert fitted is not None
    return fitted


def test_the_figure_without_it_is_that_of_a_scale_fitted_without_it(
    known: Evidence, found: Analysis, of_index: list[Influence]
) -> None:
    for each in of_index:
        gap = found.classes[each.access]
        assert each.at == gap.index.figure.at
        assert each.months == pytest.approx(mean_of_ends(anew(known, gap.boards, each), each.at)[0][0], abs=0.5)
        assert each.moved == pytest.approx(each.months - gap.index.figure.months)


def test_what_leads_comes_first_and_each_class_has_one_of_a_kind(found: Analysis, of_index: list[Influence]) -> None:
    assert list(found.influences[: len(of_index)]) == of_index
    sizes = [each.size for each in of_index]
    assert sizes == sorted(sizes, reverse=True)
    kinds = [(each.access, each.kind) for each in of_index]
    assert len(kinds) == len(set(kinds))
    assert {"family", "model", "grade"} == {each.kind for each in of_index}


def test_the_largest_of_a_class_has_its_change_with_a_range(found: Analysis, of_index: list[Influence]) -> None:
    for access, gap in found.classes.items():
        first, *rest = [each for each in of_index if each.access == access]
        assert first.change.months == pytest.approx(gap.index.change.months + first.moved)
        assert first.change.low < first.change.months < first.change.high
        assert [each.change.low for each in rest] == [None] * len(rest)


def test_where_catch_up_time_leads_nothing_is_fitted(known: Evidence) -> None:
    fresh = replace(known)
    told = analyse(fresh, headline_boards(known), known.newest_data.toordinal(), CLUSTERED_2).influences
    assert {each.measure for each in told} == {"catch_up"}
    assert not any(key.startswith(("scale", "abilities")) for key in fresh.found)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Scales of models of which no two are equally able."""
    number = draw(st.integers(2, 12))
    ago = draw(st.lists(st.floats(0, 40), min_size=number, max_size=number))
    sides = draw(st.lists(st.booleans(), min_size=number, max_size=number))
    return scale_on_paper(ago, sides, [float(each) for each in draw(st.permutations(range(number)))])


@given(scales())
def test_a_model_between_which_the_gap_never_lies_moves_nothing(known: Scale) -> None:
    held = holders(known, AT)
    days = np.array([AT - round(back * MONTH_DAYS) for back in range(6)])
    for model in set(known.model.tolist()) - held:
        without = replace(known, ability=np.where(known.model == model, -np.inf, known.ability))
        assert np.array_equal(gap_on_scale(without, days), gap_on_scale(known, days), equal_nan=True)
