"""Worlds made score by score: what is true in them, and that they are what their design says."""

from dataclasses import replace

import numpy as np
import pytest

from core.gap.parameters import MONTH_DAYS
from core.gap.standing import stand
from core.validation.worlds import DESIGNS, MONTHS, START, Design, World, make_world, true_lag


def worlds(design: Design, number: int = 20) -> list[World]:
    rng = np.random.default_rng(5)
    return [make_world(design, rng) for _ in range(number)]


def sides(world: World) -> np.ndarray:
    return np.array([model.is_open for model in world.evidence.models])


class TestTrueLag:
    @pytest.mark.parametrize(
        ("design", "lags"),
        [
            (Design(), (6, 6, 6)),
            (Design(drift=3), (3, 6, 9)),
            (Design(drift=-3), (9, 6, 3)),
            (Design(still=9), (6, 6, 15)),
            (Design(lag=-3), (-3, -3, -3)),
        ],
    )
    def test_at_the_start_a_year_before_the_end_and_at_the_end(
        self, design: Design, lags: tuple[float, float, float]
    ) -> None:
        assert true_lag(design, np.array([0.0, MONTHS - 12, MONTHS])).tolist() == list(lags)

    @pytest.mark.parametrize(("name", "mean"), [("equal testing", 6.0), ("few open models", 7.3)])
    def test_the_standing_gap_of_abilities_is_as_measured_before(self, name: str, mean: float) -> None:
        """The waits of both sides nearly cancel, unless open models come out a third as often (method.md)."""
        as_of = START + round(MONTHS * MONTH_DAYS)
        found = []
        for world in worlds(replace(DESIGNS[name], boards=1, private=1), 300):
            day = np.array([model.day for model in world.evidence.models])
            kept = np.ones((1, len(day)), dtype=np.bool_)
            found.append(stand(day, sides(world), world.ability, as_of, kept)[0][0])
        assert np.mean(found) == pytest.approx(mean, abs=0.25)


class TestMaking:
    def test_a_seed_makes_the_same_world_again(self) -> None:
        one, other = (make_world(Design(), np.random.default_rng(3)).evidence for _ in range(2))
        assert one.score.tolist() == other.score.tolist()
        assert make_world(Design(), np.random.default_rng(4)).evidence.score.tolist() != one.score.tolist()

    def test_scores_come_by_board_and_day_and_are_of_models_that_are_out(self) -> None:
        for world in worlds(DESIGNS["realistic mix"], 5):
            evidence = world.evidence
            assert (np.diff(evidence.board) >= 0).all()
            assert (np.diff(evidence.day)[np.diff(evidence.board) == 0] >= 0).all()
            assert ((evidence.score >= 0) & (evidence.score <= 100)).all()
            assert ((START <= evidence.day) & (evidence.day <= world.as_of)).all()
            assert sides(world)[evidence.model].tolist() == evidence.is_open.tolist()

    def test_the_whole_truth_holds_every_model_on_every_board(self) -> None:
        (world,) = worlds(Design(), 1)
        assert len(world.full.score) == len(world.boards) * len(world.ability)
        of_board = world.full.score[: len(world.ability)]
        order = np.argsort(world.ability)
        assert (np.diff(of_board[order]) >= 0).all()

    def test_open_models_are_tested_as_much_less_as_the_rates_say(self) -> None:
        def share(name: str) -> float:
            return float(np.mean([world.evidence.is_open.mean() for world in worlds(DESIGNS[name])]))

        assert share("equal testing") == pytest.approx(0.5, abs=0.03)
        assert share("42/23") == pytest.approx(23 / 65, abs=0.03)

    def test_frontier_models_are_tested_more_where_the_design_says_so(self) -> None:
        for world in worlds(DESIGNS["measured rates"], 3):
            tests = np.bincount(world.evidence.model, minlength=len(world.ability))
            assert tests[world.frontier].mean() > 1.3 * tests[~world.frontier].mean()

    def test_half_the_boards_end_early_where_the_design_says_so(self) -> None:
        def ended(name: str) -> float:
            return float(
                np.mean(
                    [
                        world.as_of - world.evidence.day[world.evidence.board == board].max() > 6 * MONTH_DAYS
                        for world in worlds(DESIGNS[name])
                        for board in world.boards
                    ]
                )
            )

        assert ended("equal testing") < 0.03
        assert ended("early ends") == pytest.approx(0.5, abs=0.03)

    def test_sisters_are_hard_for_open_models_alike(self) -> None:
        """The mean score of open models less that of closed ones, board by board, in a world without progress."""
        rng = np.random.default_rng(2)
        pairs = []
        for _ in range(60):
            world = make_world(replace(DESIGNS["sister boards"], offset_sd=1.0, closed_rate=1.0, open_rate=1.0), rng)
            off = []
            for board in (0, 1, 3):
                rows = world.evidence.board == board
                full = world.full.score[world.full.board == board][world.evidence.model[rows]]
                off.append((world.evidence.score[rows] - full)[world.evidence.is_open[rows]].mean())
            pairs.append(off)
        correlation = np.corrcoef(np.array(pairs).T)
        assert correlation[0, 1] > 0.5
        assert abs(correlation[0, 2]) < 0.4
