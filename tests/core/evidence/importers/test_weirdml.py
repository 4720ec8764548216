"""WeirdML's own board, version 2."""

from datetime import date

import pytest

from core.evidence.importers import weirdml

BOARD = "weirdml/weirdml_data_2026-08-17.csv"


def test_accuracies_and_their_errors_are_percent_of_version_2(read):
    found = {score.spelling: score for score in read("weirdml", BOARD).scores}
    k3 = found["kimi-k3 (max)"]
    assert (k3.benchmark, k3.version, k3.score, k3.standard_error) == ("weirdml", "2", 82.571788049, 1.443124019)
    assert found["deepseek-r1"].score == 36.493019608
    assert {(score.version, score.grade, score.run_on) for score in found.values()} == {("2", "board-run", None)}


def test_the_spelling_keeps_the_effort_and_the_name_does_not(read):
    models = {model.spelling: model.name for model in read("weirdml", BOARD).models}
    assert models["gpt-5.3-codex (xhigh)"] == "gpt-5.3-codex"
    assert models["kimi-k2"] == "kimi-k2"


def test_release_dates_are_the_boards_even_where_another_source_knows_better(read):
    models = {model.spelling: model.released for model in read("weirdml", BOARD).models}
    assert models["deepseek-r1"] == date(2025, 1, 19)


def test_the_three_snapshots_have_one_form(read):
    days = ["2026-05-20", "2026-06-01", "2026-08-17"]
    boards = [read("weirdml", f"weirdml/weirdml_data_{day}.csv") for day in days]
    assert [board.rows for board in boards] == [4, 4, 5]
    assert [len(board.dropped) for board in boards] == [0, 0, 0]


@pytest.mark.parametrize(("fraction", "percent"), [("0.35", 35.0), ("0.29", 29.0), ("0.57", 57.0), ("0.1", 10.0)])
def test_a_score_on_a_threshold_reaches_it_exactly(fraction: str, percent: float, with_value):
    assert weirdml.read(with_value(BOARD, 0, "avg_acc", fraction)).scores[0].score == percent
