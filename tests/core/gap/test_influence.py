"""What the gap rests on: leaving one thing out, and fitting the scale again."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import Analysis, analyse
from core.gap.index_figure import MONTH_ENDS, Scale, fit_scale, models_rested_on, read_days, read_gaps
from core.gap.parameters import CLUSTERED_2, DEFAULT, MONTH_DAYS
from core.gap.robust import Influence
from tests.core.gap.test_index_figure import AT
from tests.core.gap.test_index_figure import scale as scale_on_paper


@pytest.fixture(scope="module")
def analysis(evidence: Evidence, headline: IntArray, newest: int) -> Analysis:
    return analyse(evidence, headline, newest, DEFAULT)


def fit_anew(evidence: Evidence, boards: IntArray, part: Influence) -> Scale:
    """Fit a scale as if what is left out had never been scored."""
    others = boards[[evidence.boards[board] not in part.boards for board in boards]]
    return fit_scale(evidence.without([evidence.models.index(model) for model in part.models]), others, DEFAULT)


def test_the_figure_without_it_is_that_of_a_scale_fitted_without_it(evidence: Evidence, analysis: Analysis) -> None:
    for part in analysis.influences:
        gap = analysis.classes[part.access]
        anew = read_gaps(fit_anew(evidence, gap.boards, part), np.array([gap.index.figure.at])).months[0]
        assert part.months == pytest.approx(float(anew), abs=0.6)
        assert part.moved == pytest.approx(part.months - gap.index.figure.months)


def test_the_largest_move_comes_first_and_each_class_has_one_of_a_kind(analysis: Analysis) -> None:
    sizes = [part.size for part in analysis.influences]
    assert sizes == sorted(sizes, reverse=True)
    kinds = [(part.access, part.kind) for part in analysis.influences]
    assert len(kinds) == len(set(kinds))
    assert {"family", "model", "grade"} >= {part.kind for part in analysis.influences} >= {"family", "model"}


def test_where_catch_up_time_leads_nothing_is_fitted(evidence: Evidence, headline: IntArray, newest: int) -> None:
    fresh = replace(evidence)
    assert analyse(fresh, headline, newest, CLUSTERED_2).influences == ()
    assert not any(key.startswith("scale") for key in fresh.cache)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Scales of models, no two of them equally able."""
    number = draw(st.integers(2, 12))
    ago = draw(st.lists(st.floats(0, 40), min_size=number, max_size=number))
    sides = draw(st.lists(st.booleans(), min_size=number, max_size=number))
    return scale_on_paper(ago, sides, [float(place) for place in draw(st.permutations(range(number)))])


@given(scales())
def test_a_model_on_which_no_reading_rests_moves_nothing(scale: Scale) -> None:
    days = np.array([AT - round(back * MONTH_DAYS) for back in range(MONTH_ENDS)])
    for model in set(scale.model.tolist()) - models_rested_on(scale, AT):
        without = replace(scale, is_counted=scale.model != model)
        gaps = (read_days(fit, fit.mode, days) for fit in (without, scale))
        assert np.array_equal(*gaps, equal_nan=True)
