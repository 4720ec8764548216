"""Worlds made score by score: what is true in them, and that they are what their design says."""

from dataclasses import replace

import numpy as np
import pytest

from core.evidence.evidence import Model
from core.gap.parameters import MONTH_DAYS
from core.gap.standing import board_gap
from core.validation.worlds import DESIGNS, MONTHS, START, Design, World, make_world, true_lag

REALISTIC_SIZE, REALISTIC_SUM = (286, 1579), 53811.72222222222
"""Models and scores of the realistic mix of seed 3, and the sum of the scores."""


def worlds(design: Design, number: int = 20) -> list[World]:
    rng = np.random.default_rng(5)
    return [make_world(design, rng) for _ in range(number)]


def newest_days(world: World) -> np.ndarray:
    """Return the day of each board's newest model."""
    return np.array([world.evidence.day[world.evidence.board == board].max() for board in world.boards])


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
        gaps = [
            board_gap(world.evidence.model_days, world.evidence.model_is_open, world.ability, world.as_of)[0]
            for world in worlds(replace(DESIGNS[name], boards=1, private=1), 300)
        ]
        assert np.mean(gaps) == pytest.approx(mean, abs=0.25)


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
            assert evidence.model_is_open[evidence.model].tolist() == evidence.is_open.tolist()

    def test_clean_scores_are_of_every_model_on_every_board_and_rise_with_ability(self) -> None:
        (world,) = worlds(Design(), 1)
        assert world.clean.shape == (len(world.ability), len(world.boards))
        assert (np.diff(world.clean[np.argsort(world.ability)], axis=0) >= 0).all()

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
            ages = [world.as_of - newest_days(world) for world in worlds(DESIGNS[name])]
            return float((np.array(ages) > 6 * MONTH_DAYS).mean())

        assert ended("equal testing") < 0.03
        assert ended("early ends") == pytest.approx(0.5, abs=0.03)

    def test_sisters_are_hard_for_open_models_alike(self) -> None:
        """Open models' mean score less closed models', board by board, in a world without progress."""
        rng = np.random.default_rng(2)
        pairs = []
        for _ in range(60):
            world = make_world(replace(DESIGNS["sister boards"], offset_sd=1.0, closed_rate=1.0, open_rate=1.0), rng)
            off = []
            for board in (0, 1, 3):
                rows = world.evidence.board == board
                clean = world.clean[world.evidence.model[rows], board]
                off.append((world.evidence.score[rows] - clean)[world.evidence.is_open[rows]].mean())
            pairs.append(off)
        correlation = np.corrcoef(np.array(pairs).T)
        assert correlation[0, 1] > 0.5
        assert abs(correlation[0, 2]) < 0.4

    def test_worlds_of_before_are_as_they_were(self) -> None:
        """So that a new kind of world moves no figure of the page for the others."""
        world = make_world(DESIGNS["realistic mix"], np.random.default_rng(3))
        assert (len(world.ability), len(world.evidence.score)) == REALISTIC_SIZE
        assert world.evidence.score.sum() == pytest.approx(REALISTIC_SUM)


class TestTrueMean:
    def test_on_paper(self) -> None:
        """Closed models of 1 and 2 years in months 12 and 24, an open one of 1.5 in month 30: 6 months behind then."""
        (world,) = worlds(Design(), 1)
        month = np.array([12, 24, 30])
        day = START + np.round(month * MONTH_DAYS).astype(int)
        models = tuple(Model(str(n), str(n), day=released, is_open=n == 2) for n, released in enumerate(day.tolist()))
        world = replace(world, ability=np.array([1.0, 2.0, 1.5]), evidence=replace(world.evidence, models=models))
        at = START + round(36 * MONTH_DAYS)
        assert world.true_mean(at) == pytest.approx(np.mean([12, 11, 10, 9, 8, 7]), abs=0.05)
        assert np.isnan(world.true_mean(at - round(6 * MONTH_DAYS)))  # in some of its months no open model was out

    @pytest.mark.slow
    def test_it_is_the_lag_where_that_is_steady_and_follows_late_where_it_is_not(self) -> None:
        def mean(design: Design) -> float:
            return float(np.mean([world.true_mean(world.as_of) for world in worlds(design, 150)]))

        assert mean(Design()) == pytest.approx(6.0, abs=0.3)
        assert 7.0 < mean(Design(drift=3.0)) < 8.5  # it is 9 on the last day

    def test_the_direction_is_that_since_january_2025(self) -> None:
        names = ("equal testing", "drift +3 a year", "drift -3 a year", "open stands still")
        assert [DESIGNS[name].direction for name in names] == [0, 1, -1, 1]


class TestNewWorlds:
    @pytest.mark.parametrize("name", ["two live boards", "two live boards, small open models"])
    def test_two_boards_are_live_and_five_ended_eight_to_twenty_months_ago(self, name: str) -> None:
        for world in worlds(DESIGNS[name]):
            assert len(world.live) == 7
            assert world.live.sum() == 2
            back = (world.as_of - newest_days(world)) / MONTH_DAYS
            assert (back[world.live] <= 6).all()
            assert (back[~world.live] >= 8).all()
            assert back.max() < 23  # its newest model may have been some time old when it ended

    def test_a_board_without_a_level_between_the_best_scores_is_not_live(self) -> None:
        (world,) = worlds(Design(boards=1, private=1, live=1), 1)
        assert world.live.tolist() == [True]
        everything_alike = replace(world.evidence, score=np.full(len(world.evidence.score), 50.0))
        assert replace(world, evidence=everything_alike).live.tolist() == [False]

    def test_most_open_models_are_small_where_the_design_says_so(self) -> None:
        def below(name: str) -> float:
            pairs = [(world.ability, world.evidence.model_is_open) for world in worlds(DESIGNS[name])]
            return float(
                np.mean([np.median(ability[~is_open]) - np.median(ability[is_open]) for ability, is_open in pairs])
            )

        assert below("two live boards, small open models") > below("two live boards") + 0.3

    def test_contamination_lifts_open_scores_alone_on_the_first_half_of_the_boards(self) -> None:
        plain, lifted = (
            make_world(design, np.random.default_rng(7)).evidence for design in (Design(), DESIGNS["contamination"])
        )
        change = lifted.score - plain.score
        is_lifted = plain.is_open & (plain.board < 6)
        assert (change[~is_lifted] == 0).all()
        assert change[is_lifted] == pytest.approx(np.minimum(6.0, 100 - plain.score[is_lifted]))

    def test_a_third_of_the_open_labs_turn_closed_in_the_last_year(self) -> None:
        turned, before = [], []
        for seed in range(40):
            plain, world = (
                make_world(design, np.random.default_rng(seed))
                for design in (Design(), DESIGNS["labs that turn closed"])
            )
            assert world.ability.tolist() == plain.ability.tolist()
            was_open, is_open = (drawn.evidence.model_is_open for drawn in (plain, world))
            became = was_open & ~is_open
            assert not (is_open & ~was_open).any()
            months = (world.evidence.model_days - START) / MONTH_DAYS
            before.append(became[months < MONTHS - 12.1].sum())
            turned.append(became[months > MONTHS - 1].sum() / was_open[months > MONTHS - 1].sum())
        assert sum(before) == 0
        assert np.mean(turned) == pytest.approx(1 / 3, abs=0.08)

    def test_sisters_come_in_pairs_and_open_models_are_tested_half_as_often(self) -> None:
        (world,) = worlds(DESIGNS["pairs of sister boards, 42/23"], 1)
        assert world.family.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
        assert world.evidence.is_open.mean() == pytest.approx(23 / 65, abs=0.08)

    def test_seven_of_ten_scores_below_what_a_model_is_worth_are_not_reported(self) -> None:
        all_scores, reported = (
            make_world(design, np.random.default_rng(7)) for design in (Design(), DESIGNS["only good results reported"])
        )

        def below(world: World) -> np.ndarray:
            return world.evidence.score < world.clean[world.evidence.model, world.evidence.board]

        assert (~below(reported)).sum() == (~below(all_scores)).sum()
        assert below(reported).sum() / below(all_scores).sum() == pytest.approx(0.3, abs=0.04)

    def test_the_best_models_of_the_last_year_are_above_97_on_half_of_the_boards(self) -> None:
        for world in worlds(DESIGNS["boards that saturate"]):
            recent = world.evidence.model_days > world.as_of - round(12 * MONTH_DAYS)
            assert (world.clean[recent].max(axis=0)[:6] > 97).all()

    def test_open_models_of_the_last_three_months_have_no_score(self) -> None:
        for world in worlds(DESIGNS["open scores three months late"]):
            evidence, last = world.evidence, world.as_of - round(3 * MONTH_DAYS)
            assert evidence.day[evidence.is_open].max() <= last < evidence.day[~evidence.is_open].max()
            assert evidence.model_days[evidence.model_is_open].max() > last
