"""OpenHands Index: five agent benchmarks, each with its agent and the day it was handed in."""

from datetime import date

INDEX = "openhands_index/scores.csv"


def test_each_benchmark_is_one_of_its_own_with_the_agent_as_setting(read):
    scores = {(score.benchmark, score.spelling, score.setting): score for score in read("openhands", INDEX).scores}
    assert scores["openhands-swe-bench", "claude-opus-4-6", "Claude Code"].score == 74.4
    assert scores["openhands-swe-bench", "claude-opus-4-6", "OpenHands"].score == 76.8
    assert scores["openhands-swt-bench", "MiniMax-M2.5", "OpenHands"].score == 68.1


def test_the_day_it_was_handed_in_is_the_run_date(read):
    minimax = next(score for score in read("openhands", INDEX).scores if score.spelling == "MiniMax-M2.5")
    assert (minimax.run_on, minimax.grade) == (date(2026, 2, 11), "board-run")


def test_release_dates_come_with_the_rows(read):
    models = {model.spelling: model.released for model in read("openhands", INDEX).models}
    assert models == {"claude-opus-4-6": date(2026, 2, 5), "MiniMax-M2.5": date(2026, 2, 11)}
