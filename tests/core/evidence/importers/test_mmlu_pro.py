"""Part of TIGER-Lab's MMLU-Pro board."""

import pytest

from core.evidence.importers import leaderboards

BOARD = "mmlu_pro/mmlu_pro_tiger_partial.csv"


@pytest.mark.parametrize(("word", "grade"), [("yes", "self-reported"), ("no", "board-run"), ("", "board-run")])
def test_the_grade_is_the_boards_word(word: str, grade: str, with_value):
    assert leaderboards.read_mmlu_pro(with_value(BOARD, "self_reported", word)).scores[0].grade == grade
