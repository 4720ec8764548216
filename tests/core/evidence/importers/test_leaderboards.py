"""Boards that others keep: Aider's runs, MMLU-Pro as its board and as vendors report it, WeirdML's own board."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import leaderboards
from core.evidence.importers.rows import Dropped, FileContent

# Aider


def read_runs(folder: Path, text: str) -> FileContent:
    path = folder / "board.yml"
    path.write_text(text)
    return leaderboards.read_aider(path)


def test_a_run_without_a_score_is_dropped_and_its_model_kept(tmp_path: Path):
    imported = read_runs(tmp_path, "- model: a\n  pass_rate_2:\n- model: b\n  pass_rate_2: 12.5\n")
    assert imported.dropped == [Dropped(1, "a", "no score")]
    assert [(score.spelling, score.score, score.run_on) for score in imported.scores] == [("b", 12.5, None)]
    assert [model.spelling for model in imported.models] == ["a", "b"]


NO_NUMBER = r"board.yml, line 3, column pass_rate_2: \".*\" is not a number"


@pytest.mark.parametrize(
    ("second", "message"),
    [
        *((f"- model: b\n  pass_rate_2: {value}\n", NO_NUMBER)
          for value in (".nan", ".inf", "true", "n/a", "[1]", "{a: 1}")),
        *((f"  date: {value}\n", "line 1, column date") for value in ("soon", "2025-13-45x", "17")),
        ("- pass_rate_2: 20.0\n", "line 3: is not a run with its model"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_named_with_its_place(second: str, message: str, tmp_path: Path):
    with pytest.raises(TableError, match=message):
        read_runs(tmp_path, f"- model: a\n  pass_rate_2: 10.0\n{second}")


def test_a_day_with_a_time_is_that_day(tmp_path: Path):
    content = read_runs(tmp_path, "- model: a\n  pass_rate_2: 10.0\n  date: 2025-01-20 19:11:38\n")
    assert content.scores[0].run_on == date(2025, 1, 20)


# MMLU-Pro


@pytest.mark.parametrize(("word", "grade"), [("yes", "self-reported"), ("no", "board-run"), ("", "board-run")])
def test_the_grade_is_the_boards_word(word: str, grade: str, with_value):
    content = leaderboards.read_mmlu_pro(with_value("mmlu_pro/mmlu_pro_tiger_partial.csv", "self_reported", word))
    assert content.scores[0].grade == grade


@pytest.mark.parametrize(
    ("licence", "link", "claim"),
    [
        ("mit", "https://huggingface.co/a/b", "open"),
        ("proprietary", "", "closed"),
        ("proprietary", "https://huggingface.co/a/b", None),
        ("mit", "", None),
        ("", "", None),
    ],
)
def test_licence_and_link_claim_something_only_together(licence: str, link: str, claim: str | None, with_value):
    path = with_value("mmlu_pro/llm_leaderboard_scores.csv", "weights_link", link)
    path.write_text(path.read_text().replace(",proprietary,", f",{licence},", 1))
    assert leaderboards.read_llm_leaderboard(path).models[0].claim == claim


# WeirdML


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("display_name,avg_acc", "o3-pro (high),0.539"),
        ("display_name,avg_acc,avg_acc_standard_error", "o3-pro (high),0.539,"),
        ("model_slug,display_name,avg_acc,release_date", "o3-pro,o3-pro (high),0.539,"),
    ],
)
def test_a_state_without_errors_or_dates_is_read(header: str, row: str, tmp_path: Path):
    path = tmp_path / "weirdml_data.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    imported = leaderboards.read_weirdml(path)
    [score], [model] = imported.scores, imported.models
    assert (score.spelling, round(score.score, 6), score.standard_error) == ("o3-pro (high)", 53.9, None)
    assert (model.name, model.released) == ("o3-pro", None)
