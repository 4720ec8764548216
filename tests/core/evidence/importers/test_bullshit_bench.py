"""BullshitBench version 2: the board, and its launch dates with their evidence."""

from datetime import date

from core.evidence.importers import bullshit_bench

BOARD = "bullshit_bench/v2_leaderboard_with_launch.csv"
DATES = "bullshit_bench/model_launch_dates.csv"


def test_the_share_called_out_is_percent_of_version_2(read):
    scores = {score.spelling: score for score in read("bullshit-bench", BOARD).scores}
    assert scores["anthropic/claude-sonnet-4.6@reasoning=high"].score == 91.0
    assert scores["deepseek/deepseek-v3.2@reasoning=none"].score == 10.0
    assert {(score.benchmark, score.version) for score in scores.values()} == {("bullshitbench", "2")}


def test_the_model_has_no_effort_and_the_score_has(read):
    imported = read("bullshit-bench", BOARD)
    assert {model.spelling for model in imported.models} == {
        "anthropic/claude-sonnet-4.6",
        "deepseek/deepseek-v3.2",
        "minimax/minimax-m2.7",
    }
    assert all("@reasoning=" in score.spelling for score in imported.scores)


def test_launch_dates_are_models_without_scores(read):
    imported = read("bullshit-bench", DATES)
    assert imported.scores == []
    assert {model.spelling: model.released for model in imported.models} == {
        "anthropic/claude-sonnet-4.6": date(2026, 2, 17),
        "deepseek/deepseek-v3.2": date(2025, 12, 1),
        "minimax/minimax-m2.7": date(2026, 3, 18),
    }


def test_a_launch_date_that_its_judge_did_not_accept_is_dropped(with_value):
    imported = bullshit_bench.read(with_value(DATES, 1, "judge_status", "rejected"))
    assert [(drop.what, drop.reason) for drop in imported.dropped] == [
        ("deepseek/deepseek-v3.2", "launch date not accepted by its judge")
    ]
    assert len(imported.models) == 2
