"""Aider's polyglot leaderboard: runs with their edit format and the day of the run."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import leaderboards

BOARD = "aider/polyglot_leaderboard_2026-05-22.yml"


def test_the_second_try_counts_not_the_first(read):
    assert {score.spelling: score.score for score in read("aider", BOARD).scores}["Gemini 2.0 Pro exp-02-05"] == 35.6


def test_the_day_of_the_run_is_never_taken_for_a_release_date(read):
    assert all(model.released is None and model.claim is None for model in read("aider", BOARD).models)


def test_a_run_without_a_score_is_dropped_and_its_model_kept(tmp_path: Path):
    path = tmp_path / "board.yml"
    path.write_text("- model: a\n  pass_rate_2:\n- model: b\n  pass_rate_2: 12.5\n")
    imported = leaderboards.read_aider(path)
    assert [(drop.line, drop.what, drop.reason) for drop in imported.dropped] == [(1, "a", "no score")]
    assert [(score.spelling, score.score, score.run_on) for score in imported.scores] == [("b", 12.5, None)]
    assert [model.spelling for model in imported.models] == ["a", "b"]


NO_NUMBER = r"board.yml, line 3, column pass_rate_2: \".*\" is not a number"


@pytest.mark.parametrize(
    ("second", "said"),
    [
        *((f"- model: b\n  pass_rate_2: {value}\n", NO_NUMBER)
          for value in (".nan", ".inf", "true", "n/a", "[1]", "{a: 1}")),
        *((f"  date: {value}\n", "line 1, column date") for value in ("soon", "2025-13-45x", "17")),
        ("- pass_rate_2: 20.0\n", "line 3: is not a run with its model"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_named_with_its_place(second: str, said: str, tmp_path: Path):
    path = tmp_path / "board.yml"
    path.write_text(f"- model: a\n  pass_rate_2: 10.0\n{second}")
    with pytest.raises(TableError, match=said):
        leaderboards.read_aider(path)


def test_a_day_with_a_time_is_that_day(tmp_path: Path):
    path = tmp_path / "board.yml"
    path.write_text("- model: a\n  pass_rate_2: 10.0\n  date: 2025-01-20 19:11:38\n")
    assert leaderboards.read_aider(path).scores[0].run_on == date(2025, 1, 20)
