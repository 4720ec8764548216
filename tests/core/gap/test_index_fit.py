"""E6: the scale fitted to all boards, in worlds with known abilities, and the figures read from it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.evidence.evidence import Evidence, IntArray
from core.gap.index_figure import abilities_without_families, jackknife_error
from core.gap.index_fit import Cells, Form, Index, _Problem, collect_cells, draw_abilities, fit_index
from core.validation.worlds import Design, World, make_world
from tests import toy

FORMS = (Form("line"), Form("open-frontier"), Form("both-frontiers", widened=2.0))
CLEAN = Design(noise_sd=0.05, offset_sd=0.0, closed_rate=0.9, open_rate=0.9)


def private_minus_public(fit: Index) -> float:
    """Return how much further open models are behind on private boards than on public ones, in months."""
    return 12 * (fit.offset_mean[1] - fit.offset_mean[0]) / fit.progress


def world(design: Design = CLEAN, seed: int = 1) -> tuple[World, Cells]:
    truth = make_world(design, np.random.default_rng(seed))
    return truth, collect_cells(truth.evidence, truth.boards, truth.as_of)


@pytest.fixture(scope="module")
def fitted() -> tuple[World, Cells, Index]:
    truth, cells = world()
    return truth, cells, fit_index(cells)


class TestCells:
    ROWS = (
        ("a", "2024-01-01", "closed", 50.0),
        ("a", "2024-01-01", "closed", 80.0),
        ("o", "2024-02-01", "open", 100.0),
    )

    def test_the_best_score_of_a_model_counts_and_shares_stay_off_the_ends(self) -> None:
        cells = collect_cells(toy.evidence({"b": self.ROWS}), np.array([0]), date(2025, 1, 1).toordinal())
        assert cells.value == pytest.approx([np.log(4), np.log(0.995 / 0.005)])
        assert cells.is_open.tolist() == [False, True]

    def test_models_of_later_days_are_not_there(self) -> None:
        cells = collect_cells(toy.evidence({"b": self.ROWS}), np.array([0]), date(2024, 1, 15).toordinal())
        assert (len(cells.models), len(cells.value)) == (1, 1)

    @pytest.mark.parametrize(("unit", "values"), [("minutes", [np.log(80), np.log(100)]), ("Elo", [])])
    def test_minutes_are_counted_by_their_log_and_other_scales_stay_out(self, unit: str, values: list[float]) -> None:
        evidence = toy.evidence({"b": self.ROWS})
        evidence = replace(evidence, boards=(replace(evidence.boards[0], unit=unit),))
        cells = collect_cells(evidence, np.array([0]), date(2025, 1, 1).toordinal())
        assert cells.value.tolist() == pytest.approx(values)


class TestFit:
    def test_it_finds_abilities_slopes_and_progress(self, fitted: tuple[World, Cells, Index]) -> None:
        truth, cells, fit = fitted
        true = truth.ability[cells.models]
        scored = true > 0  # the oldest ones have nothing right anywhere
        assert np.corrcoef(fit.ability[scored], true[scored])[0, 1] > 0.98
        slope = float(np.polyfit(true[scored], fit.ability[scored], 1)[0])  # the fit has its own unit
        assert fit.progress == pytest.approx(slope, rel=0.2)
        assert 12 * fit.shift[0] / fit.progress == pytest.approx(-6, abs=2)

    @pytest.mark.parametrize("form", FORMS)
    def test_its_gradient_is_that_of_its_loss(self, form: Form) -> None:
        _, cells = world(replace(CLEAN, models_per_month=0.5, boards=4, private=2))
        problem = _Problem.build(cells, np.array([1.0, 0.0, 2.0, 1.0])[cells.board], form)
        fit = problem.first()
        fit = replace(fit, frontier=np.arange(len(fit.ability)) % 3 > 0)
        size = len(fit.ability) + 3 * len(fit.slope) + 3 + len(fit.shift)
        fit = problem.move(fit, np.random.default_rng(0).normal(0, 0.1, size))
        fit = replace(fit, offset=fit.offset - fit.offset.mean())  # the loss has no part for the spring of their sum
        _, _, _, gradient = problem.system(fit)
        for place in range(len(gradient)):
            step = np.zeros(len(gradient))
            step[place] = 1e-5
            slope = (problem.loss(problem.move(fit, step)) - problem.loss(problem.move(fit, -step))) / 2e-5
            assert gradient[place] == pytest.approx(slope, rel=1e-4, abs=1e-4)

    def test_the_mode_is_where_no_step_is_left(self, fitted: tuple[World, Cells, Index]) -> None:
        _, cells, fit = fitted
        problem = _Problem.build(cells, np.ones(len(cells.value)), Form())
        mode = problem.mode(fit, 20)
        assert np.abs(problem.step(mode)).max() < 0.02
        assert mode.offset.sum() == pytest.approx(0, abs=1e-9)

    def test_a_fit_that_begins_from_another_changes_little(self, fitted: tuple[World, Cells, Index]) -> None:
        _, cells, fit = fitted
        again = fit_index(cells, start=fit)
        assert np.abs(again.ability - fit.ability).max() < 0.1

    def test_a_board_that_is_harder_for_open_models_is_found(self) -> None:
        """Four months on each of the private boards: 2 on the scale that sums to nothing, and 4 between the classes."""
        truth, _ = world(replace(CLEAN, boards=12, private=6))
        harder = (truth.evidence.board < 6) & truth.evidence.is_open
        rng = np.random.default_rng(4)
        true = truth.ability[truth.evidence.model] - harder * 4 / 12
        slope, difficulty = np.exp(rng.normal(0.7, 0.3, 12)), rng.uniform(1, 3, 12)
        logit = slope[truth.evidence.board] * (true - difficulty[truth.evidence.board])
        linear = replace(truth.evidence, score=100 / (1 + np.exp(-logit)))
        fit = fit_index(collect_cells(linear, truth.boards, truth.as_of))
        assert private_minus_public(fit) == pytest.approx(4, abs=1)

    def test_without_a_score_there_is_nothing_to_fit(self) -> None:
        with pytest.raises(ValueError, match="no score"):
            fit_index(collect_cells(toy.evidence({"b": []}), np.array([0]), 800_000))


class TestForms:
    @pytest.mark.parametrize("form", FORMS[1:])
    def test_small_open_models_are_no_frontier_models(self, form: Form) -> None:
        """Half of the open models are three times as far below: the frontier is drawn to a line above theirs."""
        truth, cells = world(replace(CLEAN, small_open=0.5, models_per_month=6.0))
        fit = fit_index(cells, form=form)
        is_open, near = cells.is_open, fit.frontier
        below = [truth.ability[cells.models][is_open & side].mean() for side in (near, ~near)]
        assert 0.2 < near[is_open].mean() < 0.9
        assert below[0] > below[1]
        assert near[~is_open].all() == (form.prior == "open-frontier")

    def test_without_offsets_no_board_is_harder_for_open_models(self) -> None:
        _, cells = world()
        fit = fit_index(cells, form=Form("open-frontier", has_offsets=False))
        assert np.abs(fit.offset).max() < 0.01

    def test_draws_have_the_mode_as_their_mean_and_are_wider_where_fewer_scores_are(self) -> None:
        _, cells = world(replace(CLEAN, noise_sd=0.3, closed_rate=0.3, open_rate=0.3))
        fit, weight = fit_index(cells, form=FORMS[1]), np.ones(len(cells.value))
        draws, effects = draw_abilities(cells, fit, weight, FORMS[1], draws=4000, seed=1)
        spread = draws.std(axis=0)
        assert np.abs(draws.mean(axis=0) - fit.ability).max() < 5 * spread.max() / 60
        number = np.bincount(cells.model, minlength=len(cells.models))
        assert spread[number == 1].mean() > spread[number >= 4].mean()
        assert len(effects) == 4000

    def test_scores_may_be_ranks_or_shares_of_a_ceiling(self) -> None:
        evidence = toy.evidence({"b": TestCells.ROWS})
        at = date(2025, 1, 1).toordinal()
        ranks, ceiling = (collect_cells(evidence, np.array([0]), at, scores).value for scores in ("rank", "ceiling"))
        assert ranks == pytest.approx([np.log(0.25 / 0.75), np.log(0.75 / 0.25)])
        assert ceiling[0] == pytest.approx(np.log(4), abs=0.05)


class TestFamilies:
    def test_the_jackknife_on_paper(self) -> None:
        """For a mean it is the usual standard error: 1, 2, 3 and 6 leave 11/3, 10/3, 3 and 2 without one."""
        values = np.array([1.0, 2.0, 3.0, 6.0])
        without = (values.sum() - values) / 3
        assert jackknife_error(without) == pytest.approx(values.std(ddof=1) / 2)
        assert np.isnan(jackknife_error(np.array([1.0])))

    def test_a_family_that_is_left_out_has_no_say(self) -> None:
        truth, cells = world(replace(CLEAN, boards=4, private=4, models_per_month=1.0))
        fit = fit_index(cells)
        family = np.array([0, 0, 1, 1])
        one, other = abilities_without_families(cells, fit, family)
        bent = replace(cells, value=np.where(cells.board < 2, -cells.value, cells.value))
        again = abilities_without_families(bent, fit, family)[0]
        finite = np.isfinite(one)
        assert np.abs(again[finite] - one[finite]).max() < 0.1
        assert np.abs(other[finite] - one[finite]).max() > 0.01
        assert len(truth.boards) == 4

    def test_a_model_without_another_score_is_not_there(self) -> None:
        rows = {
            "a": [("x", "2024-01-01", "closed", 50.0), ("y", "2024-02-01", "open", 40.0)],
            "b": [("x", "2024-01-01", "closed", 60.0)],
        }
        cells = collect_cells(toy.evidence(rows), np.array([0, 1]), 800_000)
        without = abilities_without_families(cells, fit_index(cells), np.array([0, 1]))
        assert np.isneginf(without[0]).tolist() == [False, True]
        assert np.isfinite(without[1]).all()


def test_on_the_shipped_data_it_says_about_what_published_indices_do(evidence: Evidence, headline: IntArray) -> None:
    """Private tests some months more than public ones (ECI-H has 2.9)."""
    cells = collect_cells(evidence, headline, date(2026, 8, 22).toordinal())
    assert 0 < private_minus_public(fit_index(cells)) < 4.5
