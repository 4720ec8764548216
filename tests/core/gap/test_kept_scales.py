"""A scale that was kept is the scale that was fitted; what is no scale is refused."""

import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.gap.index_figure import Scale, abilities_without, scale_of
from core.gap.index_fit import Index
from core.gap.kept_scales import as_kept, recall
from core.gap.parameters import CLUSTERED_2
from tests.core.gap.whole import headline_boards


@pytest.fixture
def fitted(known: Evidence) -> Evidence:
    fresh = replace(known)
    whole = scale_of(fresh, headline_boards(fresh), CLUSTERED_2)
    assert whole is not None
    abilities_without(fresh, whole, models=(int(whole.model[-1]),))
    return fresh


def assert_same(one: Any, other: Any) -> None:
    """Compare scales, fits, arrays and numbers, to the last bit."""
    assert type(one) is type(other)
    if isinstance(one, Scale | Index):
        for each in fields(one):
            assert_same(getattr(one, each.name), getattr(other, each.name))
    else:
        np.testing.assert_array_equal(one, other)


def test_what_is_recalled_is_what_was_fitted_to_the_last_bit(known: Evidence, fitted: Evidence) -> None:
    later = replace(known)
    recall(later, json.loads(json.dumps(as_kept(fitted))))
    assert later.scales.keys() == fitted.scales.keys()
    assert len(fitted.scales) == 2
    for key, found in fitted.scales.items():
        assert_same(later.scales[key], found)


def test_boards_that_have_no_scale_are_kept_as_that(known: Evidence) -> None:
    first, later = replace(known), replace(known)
    assert scale_of(first, np.zeros(0, dtype=np.int64), CLUSTERED_2) is None
    recall(later, json.loads(json.dumps(as_kept(first))))
    assert later.scales == first.scales != {}


@pytest.mark.parametrize("spoilt", [{"5 x": None}, {"5 1": 3}, {"5 1": {}}, {"5 1": {"model": ["<i8", [2], "AAAA"]}}])
def test_what_is_no_scale_is_refused_whole(known: Evidence, spoilt: dict[str, Any]) -> None:
    later = replace(known)
    with pytest.raises((ValueError, KeyError, TypeError)):
        recall(later, spoilt)
    assert later.scales == {}
