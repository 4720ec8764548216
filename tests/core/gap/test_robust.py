"""E9: the same figure over a grid of choices, each combination as the analysis that is asked with these choices."""

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.evidence.evidence import BoolArray, Evidence, IntArray
from core.gap.analysis import gaps
from core.gap.crossings import crossings
from core.gap.parameters import CLUSTERED_2, DEFAULT, MONTH_DAYS, STUDY_1, Parameters
from core.gap.robust import CHINA, CHOICES, Robust, robust
from core.gap.trend import trend
from tests import toy
from tests.core.gap.whole import headline_boards, whole

Chosen = dict[str, str]
FLOORS = {"10": 10.0, "25": 60.0}
"""The percentiles of the floor, the second as the test of single combinations has it."""


@pytest.fixture(scope="module")
def boards(known: Evidence) -> IntArray:
    return headline_boards(known)


@pytest.fixture(scope="module")
def found(known: Evidence, boards: IntArray) -> tuple[Robust, ...]:
    return robust(known, boards, known.newest_data.toordinal(), DEFAULT)


def kept_scores(known: Evidence, options: Chosen) -> Evidence:
    """Leave out by hand what a combination leaves out."""
    weak = np.array([model.openness_grade in ("registry", "third-party") for model in known.models])
    kept = np.ones(len(known.score), dtype=np.bool_)
    if options["openness"] == "strong-evidence":
        kept &= ~weak[known.model]
    if options["scores"] == "measured":
        kept &= ~known.self_reported
    columns = ("board", "model", "day", "is_open", "score", "known_from", "standard_error", "self_reported")
    return replace(known, **{name: getattr(known, name)[kept] for name in columns})


def counted_open(known: Evidence, options: Chosen) -> BoolArray | None:
    if options["open-models"] == "all":
        return None
    return np.array([model.country == "China" for model in known.models])


def by_hand(
    known: Evidence, boards: IntArray, access: str, options: Chosen, as_of: int, method: Parameters
) -> float | None:
    """Read catch-up time from the points of an analysis that is asked with these choices."""
    asked = replace(
        method, floor_percentile=FLOORS[options["floor"]], merges_levels=options["results"] == "merged",
        interval="benchmarks",
    )  # fmt: skip
    points = crossings(kept_scores(known, options), boards, as_of, asked, counted_open(known, options)).points
    begin = {"all": 0, "since-2025": date(2025, 1, 20).toordinal(), "recent": as_of - round(18 * MONTH_DAYS)}
    kept = np.array([known.boards[board].access == access for board in points.board]) & (
        points.open_day >= begin[options["window"]]
    )
    line = trend(points.where(kept & points.accepted if options["levels"] == "accepted" else kept), asked)
    return None if line.last_readable() is None else float(line.band.months[line.last_readable()])


def test_the_grid_has_96_combinations_or_more_of_every_choice_that_concerns_the_measure(
    found: tuple[Robust, ...],
) -> None:
    assert [(each.measure, each.access) for each in found] == [
        (measure, access) for access in ("private", "public") for measure in ("index", "standing", "catch_up")
    ]
    for each in found:
        combinations = itertools.product(*(range(len(CHOICES[name])) for name in each.choices))
        assert [tuple(row) for row in each.options.tolist()] == list(combinations)
        assert len(each.months) == len(each.options)
        assert len(each.months) >= (96 if each.measure == "catch_up" else 8)


@pytest.mark.parametrize("as_of", [date(2025, 6, 1), date(2026, 5, 22), date(2026, 9, 28)])
@pytest.mark.parametrize("method", [DEFAULT, CLUSTERED_2, STUDY_1], ids=lambda method: method.name)
def test_the_default_combination_is_the_figure_that_is_shown(
    known: Evidence, boards: IntArray, as_of: date, method: Parameters
) -> None:
    method = replace(method, draws=20)
    shown = gaps(known, boards, as_of.toordinal(), method, whole_band=False).classes
    found = robust(known, boards, as_of.toordinal(), method)
    assert {each.measure for each in found} == (
        {"catch_up"} if method.name == "study-1" else {"index", "standing", "catch_up"}
    )
    for each in found:
        figure = shown[each.access].figure(each.measure).months
        assert not each.options[0].any()
        assert each.months[0] == pytest.approx(np.nan if figure is None else figure, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("day", [date(2024, 12, 1), date(2026, 9, 28)])
def test_each_single_choice_and_many_together_are_the_analysis_asked_with_them(
    known: Evidence, boards: IntArray, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a floor so high that it moves results on these days."""
    monkeypatch.setattr("core.gap.robust.HIGH_FLOOR", FLOORS["25"])
    as_of, rng = day.toordinal(), np.random.default_rng(0)
    for each in robust(replace(known), boards, as_of, DEFAULT):
        single = np.flatnonzero((each.options > 0).sum(axis=1) <= 1)
        rows = {*single.tolist(), *rng.integers(0, len(each.months), 12).tolist()}
        for row in sorted(rows):
            options = each.chosen(row)
            if each.measure == "catch_up":
                figure = by_hand(known, boards, each.access, options, as_of, DEFAULT)
            else:
                again = gaps(kept_scores(known, options), boards, as_of, DEFAULT, counted_open(known, options))
                figure = again.classes[each.access].figure(each.measure).months
            assert each.months[row] == pytest.approx(np.nan if figure is None else figure, nan_ok=True), options


def test_a_move_is_the_median_over_all_pairs_that_differ_in_one_choice(found: tuple[Robust, ...]) -> None:
    for each in found:
        by_options = dict(zip(map(tuple, each.options.tolist()), each.months.tolist(), strict=True))
        sizes = [abs(move.months) for move in each.moves]
        assert sizes == sorted(sizes, reverse=True)
        for move in each.moves:
            place, option = each.choices.index(move.choice), CHOICES[move.choice].index(move.option)
            apart = [
                months - by_options[(*key[:place], 0, *key[place + 1 :])]
                for key, months in by_options.items()
                if key[place] == option
            ]
            assert move.months == pytest.approx(float(np.nanmedian(apart)))


def test_some_choices_move_a_figure_on_the_shipped_data(found: tuple[Robust, ...]) -> None:
    moved = {(each.measure, move.choice) for each in found for move in each.moves if abs(move.months) > 1e-9}
    assert {choice for measure, choice in moved if measure == "catch_up"} == {*CHOICES} - {"disputed", "floor"}
    assert ("index", "scores") in moved


def test_who_asks_for_some_open_models_has_made_that_choice(known: Evidence, boards: IntArray) -> None:
    chinese = np.array([model.country == CHINA for model in known.models])
    as_of = known.newest_data.toordinal()
    of_all = {(each.measure, each.access): each for each in robust(known, boards, as_of, DEFAULT)}
    for each in robust(known, boards, as_of, DEFAULT, chinese):
        whole_grid = of_all[each.measure, each.access]
        assert "open-models" not in each.choices
        half = whole_grid.options[:, whole_grid.choices.index("open-models")] == 1
        assert each.months == pytest.approx(whole_grid.months[half], nan_ok=True)


def test_the_side_of_disputed_models_is_a_choice_where_there_are_any(known: Evidence, boards: IntArray) -> None:
    kimi = next(n for n, model in enumerate(known.models) if model.name == "Kimi K3")
    models = tuple(replace(model, is_disputed=n == kimi) for n, model in enumerate(known.models))
    as_of = known.newest_data.toordinal()
    turned = gaps(known.turned([kimi]), boards, as_of, DEFAULT).classes
    for each in robust(replace(known, models=models), boards, as_of, DEFAULT):
        row = next(
            n
            for n in range(len(each.months))
            if (each.options[n] > 0).sum() == 1 and each.chosen(n)["disputed"] == "other-side"
        )
        assert each.months[row] == pytest.approx(turned[each.access].figure(each.measure).months or np.nan, nan_ok=True)


def test_one_test_alone_gives_its_median_where_no_trend_can_be_read(known: Evidence) -> None:
    board = np.array(
        [next(n for n, board in enumerate(known.boards) if board.headline and board.name == "GPQA Diamond")]
    )
    as_of = known.newest_data.toordinal()
    [shown] = gaps(known, board, as_of, DEFAULT).classes.values()
    for each in robust(known, board, as_of, DEFAULT):
        figure = shown.figure(each.measure).months
        assert each.months[0] == pytest.approx(np.nan if figure is None else figure, nan_ok=True)


@settings(max_examples=15)
@given(st.lists(toy.boards(), min_size=3, max_size=5))
def test_a_choice_that_leaves_out_nothing_moves_nothing(rows: list[list[toy.Row]]) -> None:
    """No maker reports, nobody doubts, and all models are Chinese."""
    names = [f"board-{n}" for n in range(len(rows))]
    made = whole(toy.evidence(dict(zip(names, rows, strict=True)), private=names))
    made = replace(
        made, self_reported=np.zeros(len(made.score), dtype=np.bool_),
        models=tuple(replace(model, country="China", openness_grade="index") for model in made.models),
    )  # fmt: skip
    for each in robust(made, toy.all_boards(made), made.newest_data.toordinal(), CLUSTERED_2):
        assert not [move for move in each.moves if move.choice in ("openness", "scores", "open-models") and move.months]
