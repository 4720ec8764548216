"""What catch-up time rests on: leaving one thing out, and measuring again from the start."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import Analysis, analyse, gaps
from core.gap.influence import WEAK_GRADES, Influence, model_shares
from core.gap.parameters import CLUSTERED_2, STUDY_1
from tests.core.gap.whole import headline_boards

NAMED = "third-party"


@pytest.fixture(scope="module")
def boards(known: Evidence) -> IntArray:
    return headline_boards(known)


@pytest.fixture(scope="module")
def found(known: Evidence, boards: IntArray) -> Analysis:
    return analyse(known, boards, known.newest_data.toordinal(), CLUSTERED_2)


def left_out(known: Evidence, boards: IntArray, each: Influence) -> tuple[Evidence, IntArray]:
    """Return evidence and benchmarks as if what is left out had never been scored."""
    if each.boards:
        return known, boards[~np.isin(boards, each.boards)]
    models = {each.model} if each.model is not None else graded(known, each.grade)
    return known.without(models), boards


def graded(known: Evidence, grade: str) -> set[int]:
    return {n for n, model in enumerate(known.models) if model.openness_grade == grade}


def test_the_figure_without_it_is_what_the_whole_analysis_says_without_it(
    known: Evidence, boards: IntArray, found: Analysis
) -> None:
    reread = 0
    for each in found.influences:
        again = gaps(*left_out(known, boards, each), known.newest_data.toordinal(), CLUSTERED_2).classes[each.access]
        whole = found.classes[each.access].catch_up
        if whole.at - again.catch_up.at <= CLUSTERED_2.bandwidth_days:
            reread += 1
            assert (each.months, each.at) == (pytest.approx(again.catch_up.months), again.catch_up.at)
            assert each.change.months == pytest.approx(again.catch_up_change.months)
        else:
            assert each.at == pytest.approx(whole.at, abs=CLUSTERED_2.step_days)
        assert each.moved == pytest.approx(each.months - whole.months)
    assert reread >= 2


def others(known: Evidence, boards: IntArray, found: Analysis) -> Iterator[tuple[str, float]]:
    """Yield by how much each benchmark and each model that carries a fifth moves its class, left out."""
    for name, gap in found.classes.items():
        carriers = [n for n, share in model_shares(gap, CLUSTERED_2).items() if share > 0.2]
        carried = set(gap.points.board.tolist())
        variants = [(known.without([n]), boards) for n in carriers] + [(known, boards[boards != n]) for n in carried]
        for variant in variants:
            headline = gaps(*variant, known.newest_data.toordinal(), CLUSTERED_2).classes[name].catch_up
            if headline.months is not None and gap.catch_up.at - headline.at <= CLUSTERED_2.bandwidth_days:
                yield name, abs(headline.months - gap.catch_up.months)


def test_nothing_moves_a_class_more_than_what_is_named(known: Evidence, boards: IntArray, found: Analysis) -> None:
    largest = {name: max(i.size for i in found.influences if i.access == name) for name in found.classes}
    moves = list(others(known, boards, found))
    assert len(moves) > 10
    for name, move in moves:
        assert move <= largest[name] + 1e-9


def test_the_largest_comes_first_and_each_class_has_one_of_a_kind(found: Analysis) -> None:
    sizes = [each.size for each in found.influences]
    assert sizes == sorted(sizes, reverse=True)
    kinds = [(each.access, each.kind) for each in found.influences]
    assert len(kinds) == len(set(kinds))


def test_weak_evidence_is_one_thing_and_its_share_is_what_needs_it(known: Evidence, found: Analysis) -> None:
    for each in found.influences:
        assert 0 < each.share <= 1
        if each.kind != "grade":
            continue
        assert each.grade in WEAK_GRADES
        weak = graded(known, each.grade)
        points = found.classes[each.access].points
        needs = [bool({int(o), int(c)} & weak) for o, c in zip(points.open, points.closed, strict=True)]
        weight = np.exp(-0.5 * ((found.classes[each.access].catch_up.at - points.open_day) / 60) ** 2)
        assert each.share == pytest.approx(float(weight[needs].sum() / weight.sum()))


def test_where_nobody_doubts_a_model_no_grade_is_named(known: Evidence, boards: IntArray) -> None:
    sure = replace(known, models=tuple(replace(model, openness_grade="index") for model in known.models))
    found = analyse(sure, boards, known.newest_data.toordinal(), CLUSTERED_2)
    assert {each.kind for each in found.influences} == {"benchmark", "model"}


def test_the_studys_method_is_read_by_its_own_rule(known: Evidence, boards: IntArray) -> None:
    method = replace(STUDY_1, draws=20, forward_draws=20)
    found = analyse(known, boards, known.newest_data.toordinal(), method)
    for each in found.influences:
        again = gaps(*left_out(known, boards, each), known.newest_data.toordinal(), method, whole_band=False)
        if found.classes[each.access].catch_up.at - again.classes[each.access].catch_up.at <= 60:
            assert each.months == pytest.approx(again.classes[each.access].catch_up.months)


def test_the_shares_of_open_models_add_up_to_the_whole_figure(found: Analysis) -> None:
    for gap in found.classes.values():
        shares = model_shares(gap, CLUSTERED_2)
        assert sum(shares.values()) == pytest.approx(1)
        assert list(shares.values()) == sorted(shares.values(), reverse=True)
