"""E9: the gap under other choices, each as the gap that is measured with that choice."""

from dataclasses import replace

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray
from core.gap.crossings import by_class
from core.gap.index_figure import class_index, fit_scale, read_gaps
from core.gap.parameters import DEFAULT
from core.gap.robust import CHINA, DATA_CHOICES, MODEL_CHOICES, Robust, robust


@pytest.fixture(scope="module")
def robust_choices(evidence: Evidence, headline: IntArray, newest: int) -> tuple[Robust, ...]:
    return robust(evidence, headline, newest, DEFAULT)


def months_by_choice(robust: Robust) -> dict[tuple[str, ...], float]:
    return {combination.choices: combination.months for combination in robust.combinations}


def fitted_gap(evidence: Evidence, boards: IntArray, choice: Robust, at: int) -> float:
    """Return the figure of a class on a scale that is fitted to an evidence."""
    scale = fit_scale(evidence, by_class(evidence, boards)[choice.access], DEFAULT)
    return float(read_gaps(scale, np.array([at])).months[0])


def test_data_are_combined_and_forms_of_the_fit_are_taken_one_at_a_time(robust_choices: tuple[Robust, ...]) -> None:
    """Nobody is disputed in the shipped data: three choices make eight combinations, one of them the default."""
    assert [choice.access for choice in robust_choices] == ["private", "public"]
    for choice in robust_choices:
        choices = [combination.choices for combination in choice.combinations]
        assert choices[0] == ()
        of_data = [chosen for chosen in choices if set(chosen) <= set(DATA_CHOICES)]
        assert len(of_data) == 8
        assert {chosen[0] for chosen in choices[len(of_data) :]} == set(MODEL_CHOICES)


def test_no_choice_is_the_figure_that_is_shown(
    evidence: Evidence, headline: IntArray, newest: int, robust_choices: tuple[Robust, ...]
) -> None:
    for choice in robust_choices:
        shown = class_index(evidence, by_class(evidence, headline)[choice.access], newest, DEFAULT)
        assert choice.combinations[0].months == shown.figure.months


def test_choices_of_data_are_the_gap_of_those_data(
    evidence: Evidence, headline: IntArray, newest: int, robust_choices: tuple[Robust, ...]
) -> None:
    weak = [n for n, model in enumerate(evidence.models) if model.openness_grade in ("registry", "third-party")]
    rows = ~np.isin(evidence.model, weak) & ~evidence.self_reported
    for choice in robust_choices:
        months = months_by_choice(choice)["openness", "scores"]
        assert months == pytest.approx(fitted_gap(evidence.select(rows), headline, choice, newest))


def test_a_move_is_what_the_choice_does_to_the_figure(robust_choices: tuple[Robust, ...]) -> None:
    for choice in robust_choices:
        months = months_by_choice(choice)
        sizes = [abs(move.months) for move in choice.moves]
        assert sizes == sorted(sizes, reverse=True)
        for move in choice.moves:
            pairs = [(chosen, tuple(name for name in chosen if name != move.choice))
                     for chosen in months if move.choice in chosen]  # fmt: skip
            moves = [months[chosen] - months[without] for chosen, without in pairs]
            assert move.months == pytest.approx(float(np.nanmedian(moves)))


def test_the_prior_moves_the_public_figure_most_of_all_forms(robust_choices: tuple[Robust, ...]) -> None:
    """An independent fit has 5.1 to 6.6 over frontiers of 0.15 to 1.5 years, and 6.3 with one line for all."""
    public = {move.choice: move.months for move in robust_choices[1].moves}
    base = robust_choices[1].combinations[0].months
    assert 4.5 < base + public["frontier-narrow"] < base + public["frontier-wide"] < 7.0
    assert base + public["prior-line"] == pytest.approx(6.3, abs=0.5)


def test_who_asks_for_some_open_models_has_made_that_choice(
    evidence: Evidence, headline: IntArray, newest: int
) -> None:
    chinese = np.array([model.country == CHINA for model in evidence.models])
    for choice in robust(evidence, headline, newest, DEFAULT, chinese):
        assert not any("open-models" in chosen for chosen in months_by_choice(choice))


@pytest.mark.slow
def test_the_side_of_disputed_models_is_a_choice_where_there_are_any(
    evidence: Evidence, headline: IntArray, newest: int
) -> None:
    kimi = next(n for n, model in enumerate(evidence.models) if model.name == "Kimi K3")
    models = tuple(replace(model, is_disputed=n == kimi) for n, model in enumerate(evidence.models))
    for choice in robust(replace(evidence, models=models), headline, newest, DEFAULT):
        months = months_by_choice(choice)["disputed",]
        assert months == pytest.approx(fitted_gap(evidence.switch_sides([kimi]), headline, choice, newest))


def test_one_test_alone_has_no_choices(evidence: Evidence, headline: IntArray, newest: int) -> None:
    assert robust(evidence, headline[:1], newest, DEFAULT) == ()
