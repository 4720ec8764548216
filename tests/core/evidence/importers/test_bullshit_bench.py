"""BullshitBench version 2: the board, and its launch dates with their evidence."""

from core.evidence.importers import bullshit_bench

BOARD = "bullshit_bench/v2_leaderboard_with_launch.csv"
DATES = "bullshit_bench/model_launch_dates.csv"


def test_a_launch_date_that_its_judge_did_not_accept_is_dropped(with_value):
    imported = bullshit_bench.read(with_value(DATES, 1, "judge_status", "rejected"))
    assert [(drop.what, drop.reason) for drop in imported.dropped] == [
        ("deepseek/deepseek-v3.2", "launch date not accepted by its judge")
    ]
    assert len(imported.models) == 2
