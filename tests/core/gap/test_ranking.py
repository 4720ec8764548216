"""The best open models on the index: their order, which of them count, and which are too close to the first."""

from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray, Model
from core.gap.index_figure import Scale, scale_of
from core.gap.model_index import model_index
from core.gap.parameters import DEFAULT
from core.gap.ranking import FEWEST_TRIED, RankedModel, list_untried, rank_models


@pytest.fixture(scope="module")
def ranking(evidence: Evidence, boards: IntArray, newest: int) -> tuple[RankedModel, ...]:
    return rank_models(evidence, boards, newest, DEFAULT)


def test_the_first_are_the_open_models_with_the_highest_index_of_those_that_two_families_tried(
    evidence: Evidence, boards: IntArray, newest: int, ranking: tuple[RankedModel, ...]
) -> None:
    points = {}
    for model, candidate in enumerate(evidence.models):
        on = (evidence.model == model) & np.isin(evidence.board, boards)
        families = {evidence.boards[board].family for board in evidence.board[on].tolist()}
        if candidate.is_open and candidate.day <= newest and len(families) >= FEWEST_TRIED:
            placed = model_index(evidence, model, boards, newest, DEFAULT)
            if placed is not None:
                points[model] = placed.points, len(families)
    in_order = sorted(points, key=lambda model: -points[model][0])
    assert [model.model for model in ranking] == [evidence.models[model] for model in in_order[:10]]
    assert [(model.index.points, model.n_families) for model in ranking] == [points[model] for model in in_order[:10]]


def test_the_first_is_told_from_those_far_below_and_not_from_itself(ranking: tuple[RankedModel, ...]) -> None:
    assert not ranking[0].is_apart
    for model in ranking[1:]:
        if model.index.high < ranking[0].index.low:
            assert model.is_apart


def test_on_public_tests_several_models_can_t_be_told_from_the_best(
    evidence: Evidence, public: IntArray, newest: int
) -> None:
    assert sum(not model.is_apart for model in rank_models(evidence, public, newest, DEFAULT)) > 2


def test_only_models_out_by_the_day_and_of_those_asked_for_are_ranked(evidence: Evidence, boards: IntArray) -> None:
    day = date(2026, 1, 1).toordinal()
    moonshot = np.array([model.lab == "Moonshot" for model in evidence.models])
    ranked = rank_models(evidence, boards, day, DEFAULT, open_models=moonshot, most=3)
    assert 0 < len(ranked) <= 3
    for model in ranked:
        assert model.model.lab == "Moonshot"
        assert model.model.day <= day


def test_boards_without_an_index_rank_nobody(evidence: Evidence, boards: IntArray, newest: int) -> None:
    assert rank_models(evidence, boards[:1], newest, DEFAULT) == ()
    assert rank_models(evidence, boards, date(2019, 1, 1).toordinal(), DEFAULT) == ()


def test_the_scale_is_that_of_all_models_whoever_is_asked_for(
    evidence: Evidence, boards: IntArray, newest: int
) -> None:
    fitted = scale_of(evidence, boards, DEFAULT)
    assert isinstance(fitted, Scale)
    everyone = {model.model: model.index for model in rank_models(evidence, boards, newest, DEFAULT, most=50)}
    small = np.array([model.parameters_b is not None and model.parameters_b <= 32 for model in evidence.models])
    few = rank_models(evidence, boards, newest, DEFAULT, open_models=small, most=50)
    assert all(everyone[model.model] == model.index for model in few if model.model in everyone)


def test_of_labs_are_those_of_the_models_each_by_its_best(evidence: Evidence, boards: IntArray, newest: int) -> None:
    best: dict[str, Model] = {}
    for model in rank_models(evidence, boards, newest, DEFAULT, most=1000):
        best.setdefault(model.model.lab, model.model)
    best.pop("", None)
    labs = rank_models(evidence, boards, newest, DEFAULT, of_labs=True, most=1000)
    assert [lab.model for lab in labs] == list(best.values())
    assert not labs[0].is_apart


def test_models_above_the_ranking_on_too_few_families_are_listed_best_first(
    evidence: Evidence, boards: IntArray, newest: int, ranking: tuple[RankedModel, ...]
) -> None:
    for model in list_untried(evidence, boards, newest, DEFAULT):
        assert model_index(evidence, model, boards, newest, DEFAULT).points > ranking[0].index.points
    google = np.array([model.lab == "Google DeepMind" for model in evidence.models])
    untried = list_untried(evidence, boards, newest, DEFAULT, google)
    points = [model_index(evidence, model, boards, newest, DEFAULT).points for model in untried]
    assert points == sorted(points, reverse=True)
    is_ranked = bool(rank_models(evidence, boards, newest, DEFAULT, open_models=google))
    names = [evidence.models[model].name for model in untried[:2]]
    assert names == ([] if is_ranked else ["Gemma 4 31B IT", "Gemma 4 26B A4B"])
