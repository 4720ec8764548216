"""The best open models on the index: in order, of those that were tried, and who can't be told from the first."""

from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray, Model
from core.gap.index_figure import Scale, scale_of
from core.gap.model_index import model_index
from core.gap.parameters import DEFAULT
from core.gap.ranking import FEWEST_TRIED, RankedModel, rank_models
from tests.core.gap.whole import headline_boards


@pytest.fixture(scope="module")
def found(known: Evidence, boards: IntArray, newest: int) -> tuple[RankedModel, ...]:
    return rank_models(known, boards, newest, DEFAULT)


def test_the_first_are_the_open_models_with_the_highest_index_of_those_that_two_families_tried(
    known: Evidence, boards: IntArray, newest: int, found: tuple[RankedModel, ...]
) -> None:
    points = {}
    for model, each in enumerate(known.models):
        on = (known.model == model) & np.isin(known.board, boards)
        placed = model_index(known, model, boards, newest, DEFAULT) if each.is_open and each.day <= newest else None
        families = {known.boards[board].family for board in known.board[on].tolist()}
        if placed is not None and len(families) >= FEWEST_TRIED:
            points[model] = placed.points, len(families)
    in_order = sorted(points, key=lambda model: -points[model][0])
    assert [each.model for each in found] == [known.models[model] for model in in_order[:10]]
    assert [(each.index.points, each.n_families) for each in found] == [points[model] for model in in_order[:10]]


def test_the_first_is_told_from_those_far_below_and_not_from_itself(found: tuple[RankedModel, ...]) -> None:
    assert not found[0].is_apart
    for each in found[1:]:
        if each.index.high < found[0].index.low:
            assert each.is_apart


def test_on_public_tests_several_models_can_t_be_told_from_the_best(known: Evidence, newest: int) -> None:
    public = np.array([n for n in headline_boards(known).tolist() if known.boards[n].access == "public"])
    assert sum(not each.is_apart for each in rank_models(known, public, newest, DEFAULT)) > 2


def test_only_models_out_by_the_day_and_of_those_asked_for_are_ranked(known: Evidence, boards: IntArray) -> None:
    day = date(2026, 1, 1).toordinal()
    moonshot = np.array([each.lab == "Moonshot" for each in known.models])
    ranked = rank_models(known, boards, day, DEFAULT, open_models=moonshot, most=3)
    assert 0 < len(ranked) <= 3
    for each in ranked:
        assert each.model.lab == "Moonshot"
        assert each.model.day <= day


def test_boards_without_an_index_rank_nobody(known: Evidence, boards: IntArray, newest: int) -> None:
    assert rank_models(known, boards[:1], newest, DEFAULT) == ()
    assert rank_models(known, boards, date(2019, 1, 1).toordinal(), DEFAULT) == ()


def test_the_scale_is_that_of_all_models_whoever_is_asked_for(known: Evidence, boards: IntArray, newest: int) -> None:
    fitted = scale_of(known, boards, DEFAULT)
    assert isinstance(fitted, Scale)
    everyone = {each.model: each.index for each in rank_models(known, boards, newest, DEFAULT, most=50)}
    small = np.array([each.parameters_b is not None and each.parameters_b <= 32 for each in known.models])
    few = rank_models(known, boards, newest, DEFAULT, open_models=small, most=50)
    assert all(everyone[each.model] == each.index for each in few if each.model in everyone)


def test_of_labs_are_those_of_the_models_each_by_its_best(known: Evidence, boards: IntArray, newest: int) -> None:
    best: dict[str, Model] = {}
    for each in rank_models(known, boards, newest, DEFAULT, most=1000):
        best.setdefault(each.model.lab, each.model)
    best.pop("", None)
    labs = rank_models(known, boards, newest, DEFAULT, of_labs=True, most=1000)
    assert [each.model for each in labs] == list(best.values())
    assert not labs[0].is_apart
