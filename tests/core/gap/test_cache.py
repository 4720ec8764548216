"""A cached figure is the measured figure; an unreadable one is measured again."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from core.evidence.evidence import BoolArray, Evidence, IntArray
from core.gap.analysis import analyse
from core.gap.cache import cached, cached_by_default, dump_cache, load_cache
from core.gap.index_figure import Scale, index_course, scale_of
from core.gap.parameters import CLUSTERED_2, DEFAULT, Parameters
from core.gap.robust import robust


@pytest.fixture(scope="module")
def measured(evidence: Evidence, headline: IntArray, newest: int) -> Evidence:
    """Return the evidence with every kind of figure that is kept."""
    fresh = replace(evidence)
    analysis = analyse(fresh, headline, newest, DEFAULT)
    assert analysis.influences
    assert analysis.direction.since.months is not None
    robust(fresh, headline, newest, DEFAULT)
    for gap in analysis.classes.values():
        index_course(fresh, gap.boards, newest, DEFAULT)
    return fresh


def assert_same(one: Any, other: Any) -> None:
    """Compare figures of any depth, to the last bit."""
    assert type(one) is type(other)
    if is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, tuple | dict):
        assert len(one) == len(other)
        pairs = zip(one.items(), other.items(), strict=True) if isinstance(one, dict) else zip(one, other, strict=True)
        for mine, theirs in pairs:
            assert_same(mine, theirs)
    else:
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
def test_what_is_recalled_is_what_was_measured_to_the_last_bit(evidence: Evidence, measured: Evidence) -> None:
    later = replace(evidence)
    load_cache(later, json.loads(json.dumps(dump_cache(measured))))
    kinds = {key.split()[0] for key in measured.cache}
    assert kinds == {
        "last", "scale", "without", "class_index", "find_influences", "path", "find_direction", "index_course",
        "robust",
    }  # fmt: skip
    for key, figure in measured.cache.items():
        assert_same(cached(later, pytest.fail, key), figure)
    assert dump_cache(later) == dump_cache(measured)


@pytest.mark.slow
def test_what_was_not_asked_for_stays_as_it_was(evidence: Evidence, measured: Evidence) -> None:
    later, plain = replace(evidence), json.loads(json.dumps(dump_cache(measured)))
    load_cache(later, plain)
    assert dump_cache(later) == plain


def test_boards_that_have_no_scale_are_kept_as_that(evidence: Evidence) -> None:
    first, later = replace(evidence), replace(evidence)
    assert scale_of(first, np.zeros(0, dtype=np.int64), CLUSTERED_2) is None
    load_cache(later, json.loads(json.dumps(dump_cache(first))))
    (key,) = first.cache
    assert cached(later, pytest.fail, key) is None


@pytest.mark.parametrize(
    "spoilt",
    [
        {"kind": ["index_figure", "Scale"], "fields": {}},
        {"kind": ["index_figure", "np"], "fields": {}},
        {"kind": ["index_figure", "Nothing"], "fields": {}},
        {"kind": ["no_room", "Scale"], "fields": {}},
        {"array": "<i8", "shape": [2], "bytes": "AAAA"},
        {"array": "<i8", "shape": [1], "bytes": "?"},
        {"something": "else"},
    ],
)
def test_what_can_t_be_read_is_measured_anew(evidence: Evidence, measured: Evidence, spoilt: dict[str, Any]) -> None:
    later = replace(evidence)
    key = next(key for key in measured.cache if key.startswith("scale"))
    boards = np.array([int(number) for number in key.split()[7:]])
    load_cache(later, {key: spoilt})
    assert isinstance(scale_of(later, boards, DEFAULT), Scale)
    assert_same(later.cache[key], measured.cache[key])


@pytest.fixture
def counted() -> tuple[Callable[..., int], list[int]]:
    """Return a figure that says how often it was measured, and the list that it counts in."""
    calls: list[int] = []

    @cached_by_default
    def figure(
        evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
    ) -> int:
        calls.append(as_of)
        return len(calls)

    return figure, calls


def test_only_what_is_asked_by_default_is_kept(
    evidence: Evidence, headline: IntArray, newest: int, counted: tuple[Callable[..., int], list[int]]
) -> None:
    (figure, calls), fresh = counted, replace(evidence)
    assert [figure(fresh, headline, newest, DEFAULT) for _ in range(3)] == [1, 1, 1]
    other_ways: list[tuple[Any, ...]] = [
        (headline, date(2026, 5, 1).toordinal(), DEFAULT),
        (headline, newest, replace(DEFAULT, seed=1)),
        (headline[:1], newest, DEFAULT),
        (headline, newest, DEFAULT, np.ones(len(evidence.models), dtype=np.bool_)),
    ]
    for arguments in other_ways:
        calls.clear()
        assert [figure(fresh, *arguments) for _ in range(2)] == [1, 2]
    assert len(fresh.cache) == 1


def test_figures_of_other_boards_and_methods_stand_apart(
    evidence: Evidence, headline: IntArray, newest: int, counted: tuple[Callable[..., int], list[int]]
) -> None:
    (figure, _), fresh = counted, replace(evidence)
    scopes = ((headline, DEFAULT), (headline[1:], DEFAULT), (headline, CLUSTERED_2))
    assert [figure(fresh, boards, newest, method) for boards, method in scopes] == [1, 2, 3]
