"""The judge: worlds that don't depend on who draws them, and a quick grade with bounds."""

import zlib
from functools import cache

import numpy as np
import pytest

from core.gap.analysis import analyse
from core.gap.parameters import INDEX_2
from core.validation.estimates import FIGURES, HEADLINE, Estimate
from core.validation.grades import COLUMNS, Grade, grade_cell, join_cells
from core.validation.judge import judge
from core.validation.worlds import DESIGNS, RIVALS, make_world

WORLDS = 40
"""Enough worlds for a bias to 0.3 months and a coverage to 5 %."""


@pytest.mark.slow
def test_groups_of_equal_ability_are_seldom_called_ahead() -> None:
    called = np.concatenate([judge(world, range(40)).ahead for world in RIVALS])
    assert called.mean() < 0.1


@pytest.mark.slow
def test_parts_are_the_whole() -> None:
    together = judge("measured rates", range(4))
    parts = join_cells([judge("measured rates", [0, 1]), judge("measured rates", [2, 3])])
    assert [part.world for part in parts] == ["measured rates"]
    assert np.array_equal(parts[0].rows, together.rows, equal_nan=True)
    assert np.array_equal(parts[0].p_values, together.p_values)


def test_a_world_is_measured_as_the_product_measures() -> None:
    world = make_world(DESIGNS["measured rates"], np.random.default_rng([zlib.crc32(b"measured rates"), 3]))
    shown = analyse(world.evidence, world.boards, world.as_of, INDEX_2)
    report = judge("measured rates", [3])
    assert report.rows[0, list(FIGURES).index(HEADLINE), 0] == shown.classes["private"].index.figure.months
    assert report.rows[0, list(FIGURES).index("catch-up time"), 0] == shown.classes["private"].catch_up.figure.months
    truths = dict(zip(COLUMNS, report.rows[0, 0], strict=True))
    assert (truths["true_mean"], truths["true_now"]) == (world.true_mean(world.as_of), 6.0)
    since = INDEX_2.since.toordinal()
    assert truths["true_change"] == world.true_mean(world.as_of) - world.true_mean(since)


@pytest.mark.slow
def test_an_estimator_is_a_function_and_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIGURES, "six", lambda evidence, boards, as_of: Estimate(6.0, 1.0, np.inf, direction=1.0))
    grade = grade_cell(judge("equal testing", range(10)))[-1]
    assert (grade.figure, grade.bias_now, grade.wider, grade.narrower) == ("six", 0.0, 1.0, 0.0)
    assert grade.width == pytest.approx(2 * 1.645, abs=0.001)


def test_an_unknown_world_is_refused() -> None:
    with pytest.raises(KeyError):
        judge("nowhere", [0])


@cache
def graded(world: str) -> dict[str, Grade]:
    """Grade a world by the two figures that have bounds here; the others take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        for figure in FIGURES.keys() - {HEADLINE, "catch-up time"}:
            patch.delitem(FIGURES, figure)
        return {grade.figure: grade for grade in grade_cell(judge(world, range(WORLDS)))}


@pytest.mark.slow
class TestQuickGrade:
    """Bounds are three Monte Carlo errors from what a thousand worlds gave, or wider."""

    @pytest.mark.parametrize("world", ["equal testing", "8 boards", "16 boards", "sister boards"])
    def test_catch_up_times_hold_where_testing_is_equal(self, world: str) -> None:
        grade = graded(world)["catch-up time"]
        assert grade.given > 0.95
        assert abs(grade.bias) < 1.2
        assert grade.covered > 0.72

    @pytest.mark.parametrize(("world", "low", "high"), [("42/23", 0.7, 2.3), ("42/10", 2.7, 4.9), ("80/40", 0.6, 2.2)])
    def test_unequal_testing_makes_figures_by_test_larger(self, world: str, low: float, high: float) -> None:
        assert low < graded(world)["catch-up time"].bias < high

    @pytest.mark.parametrize("world", ["equal testing", "42/23", "16 boards", "sister boards", "measured rates"])
    def test_the_index_holds(self, world: str) -> None:
        grade = graded(world)[HEADLINE]
        assert grade.given > 0.95
        assert abs(grade.bias) < 1.5
        assert grade.covered > 0.7
        assert grade.wider + grade.narrower < 0.12

    def test_contamination_makes_the_index_too_small(self) -> None:
        assert graded("contamination")[HEADLINE].bias < -1

    def test_a_change_is_found_more_often_than_one_that_is_not_there(self) -> None:
        assert graded("drift +3 a year")[HEADLINE].wider > 0.2 + graded("equal testing")[HEADLINE].wider
        assert graded("drift -3 a year")[HEADLINE].narrower > 0.1 + graded("equal testing")[HEADLINE].narrower
