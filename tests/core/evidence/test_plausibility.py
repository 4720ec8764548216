"""What no source may say: impossible scores, models from the future, runs from before their model."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers.rows import Imported, RawModel, RawScore
from core.evidence.plausibility import check

SNAPSHOT = date(2026, 4, 19)
UNITS = {
    ("aider-polyglot", "1"): "percent",
    ("metr-time-horizons", "1.1"): "minutes",
    ("eci", "hub-2026"): "points",
}


def imported(score: float, benchmark=("aider-polyglot", "1"), run_on=None, released=None) -> Imported:
    each = Imported(rows=1)
    each.models.append(RawModel(41, "kimi-k2", released=released))
    each.scores.append(RawScore(41, *benchmark, "kimi-k2", score, "board-run", run_on=run_on, column="pass_rate_2"))
    return each


def checked(each: Imported) -> Imported:
    check(Path("board.csv"), each, SNAPSHOT, UNITS)
    return each


AIDER, METR, ECI = UNITS


@pytest.mark.parametrize(
    ("score", "benchmark"), [(0.0, AIDER), (100.0, AIDER), (1044.780145, METR), (162.49, ECI), (-5.0, ECI)]
)
def test_percent_go_from_0_to_100_minutes_from_0_on_and_index_points_anywhere(score: float, benchmark):
    assert [kept.score for kept in checked(imported(score, benchmark)).scores] == [score]


@pytest.mark.parametrize("score", [-5.0, 101.0, -0.01, 100.01, 5910.0, float("nan")])
def test_a_percentage_outside_is_refused_with_its_place(score: float):
    with pytest.raises(TableError) as caught:
        checked(imported(score))
    assert str(caught.value) == (
        f'board.csv, line 41, column pass_rate_2: "{score:g}" is no score in percent (kimi-k2 on aider-polyglot). '
        "The last good data stays in use."
    )


def test_minutes_may_not_be_negative():
    with pytest.raises(TableError, match="is no score in minutes"):
        checked(imported(-1.0, METR))


def test_a_benchmark_or_version_that_is_not_known_is_dropped():
    each = checked(imported(50.0, ("aider-polyglot", "2")))
    assert each.scores == []
    assert [(drop.line, drop.what, drop.reason) for drop in each.dropped] == [
        (41, "kimi-k2", "not one of gapbrief's benchmarks")
    ]


@pytest.mark.parametrize("released", [date(2062, 1, 1), date(2026, 4, 20), date(2014, 12, 31), date(1, 1, 1)])
def test_a_release_date_after_the_snapshot_or_before_2015_is_refused(released: date):
    with pytest.raises(TableError, match=rf'line 41: "{released}" is no release date that data of 2026-04-19'):
        checked(imported(50.0, released=released))


@pytest.mark.parametrize("released", [date(2015, 1, 1), date(2026, 4, 19), None])
def test_other_release_dates_are_taken(released: date | None):
    assert checked(imported(50.0, released=released)).models[0].released == released


def test_a_run_long_before_the_release_that_its_own_row_gives_is_another_models():
    each = checked(imported(59.1, run_on=date(2025, 7, 17), released=date(2025, 9, 5)))
    assert each.scores == []
    assert [drop.reason for drop in each.dropped] == ["run before the model's release: another model's score"]
    assert [model.spelling for model in each.models] == ["kimi-k2"]


@pytest.mark.parametrize("run_on", [date(2025, 8, 29), date(2025, 9, 3), date(2025, 9, 5), date(2026, 4, 1), None])
def test_a_run_up_to_a_week_before_is_early_access(run_on: date | None):
    assert checked(imported(59.1, run_on=run_on, released=date(2025, 9, 5))).scores
