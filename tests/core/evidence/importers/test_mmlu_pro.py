"""Part of TIGER-Lab's MMLU-Pro board."""

from datetime import date

import pytest

from core.evidence.importers import mmlu_pro

BOARD = "mmlu_pro/mmlu_pro_tiger_partial.csv"


def test_fractions_become_percent(read):
    scores = [(score.spelling, score.score) for score in read("mmlu-pro", BOARD).scores]
    assert scores == [
        ("Claude-3.5-Sonnet", 76.12),
        ("MAmmoTH2-8x7B-Plus", 50.4),
        ("gpt-4o-2024-08-06", 74.68),
        ("deepseek-v3-2-reasoner", 85.0),
        ("gpt-4o-2024-08-06", 74.7),
    ]


@pytest.mark.parametrize(("word", "grade"), [("yes", "self-reported"), ("no", "board-run"), ("", "board-run")])
def test_the_grade_is_the_boards_word(word: str, grade: str, with_value):
    assert mmlu_pro.read(with_value(BOARD, 0, "self_reported", word)).scores[0].grade == grade


def test_most_rows_have_no_release_date(read):
    models = read("mmlu-pro", BOARD).models
    assert [model.released for model in models] == [None, None, date(2024, 8, 6), None, None]
    assert all(model.claim is None for model in models)
