"""One day's file of Epoch's own runs, METR's horizons and the index."""

from datetime import date

import pytest

from core.evidence.importers import epoch_daily

DAYS = ["2026-05-22", "2026-06-12", "2026-08-22"]


def name(day: str) -> str:
    return f"epoch_daily/scores_{day}.csv"


def found(read, day: str):
    return {(score.benchmark, score.spelling): score for score in read("epoch-daily", name(day)).scores}


@pytest.mark.parametrize("day", DAYS)
def test_scores_are_percent_already_and_exact(read, day: str):
    scores = found(read, day)
    assert scores["frontiermath", "claude-opus-4-6_32K"].score == 40.0
    assert scores["frontiermath", "claude-opus-4-6_32K"].standard_error == 2.88
    assert scores["gpqa-diamond", "gpt-5-mini-2025-08-07_high"].score == 75.0
    assert scores["otis-mock-aime", "glm-5"].score == 80.0


@pytest.mark.parametrize("day", DAYS)
def test_frontiermath_is_version_1_on_all_three_days(read, day: str):
    assert found(read, day)["frontiermath", "claude-opus-4-6_32K"].version == "1"


@pytest.mark.parametrize("day", DAYS)
def test_metrs_horizons_are_minutes_of_the_board_that_mixes_suites(read, day: str):
    score = found(read, day)["metr-time-horizons", "kimi_k2_thinking"]
    assert (score.version, score.score, score.grade) == ("mixed", 57.621724, "board-run")


def test_what_epoch_runs_is_graded_so_and_has_no_run_date(read):
    score = found(read, "2026-05-22")["chess-puzzles", "glm-5.1"]
    assert (score.grade, score.run_on, score.standard_error) == ("epoch-run", None, 3.86)


def test_only_the_newest_file_carries_a_third_partys_word_on_openness(read):
    for day in DAYS[:2]:
        assert all(model.claim is None for model in read("epoch-daily", name(day)).models)
    models = {model.spelling: model for model in read("epoch-daily", name(DAYS[2])).models}
    assert (models["kimi_k2_thinking"].claim, models["kimi_k2_thinking"].raw) == ("open", "is_open True")
    assert (models["GPT-5"].claim, models["GPT-5"].raw) == ("closed", "is_open False")
    assert (models["GPT-5"].name, models["GPT-5"].released) == ("GPT-5 (high)", date(2025, 8, 7))


def test_a_benchmark_that_is_not_known_is_dropped(with_value):
    imported = epoch_daily.read(with_value(name("2026-05-22"), 0, "benchmark", "frontiermath_v2"))
    assert [(drop.line, drop.what, drop.reason) for drop in imported.dropped] == [
        (2, "GPT-5", "not one of gapbrief's benchmarks")
    ]
