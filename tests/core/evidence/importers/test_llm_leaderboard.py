"""Vendor-reported scores: MMLU-Pro alone is used, graded self-reported."""

from datetime import date

import pytest

from core.evidence.importers import llm_leaderboard

TABLE = "mmlu_pro/llm_leaderboard_scores.csv"


def test_mmlu_pro_alone_is_used_in_percent_and_self_reported(read):
    imported = read("llm-leaderboard", TABLE)
    assert [(score.spelling, score.score) for score in imported.scores] == [
        ("claude-3-5-haiku-20241022", 65.0),
        ("deepseek-v3.1", 83.7),
        ("gemma-3n-e2b-it", 40.5),
        ("phi-4", 70.4),
    ]
    assert [model.spelling for model in imported.models] == [score.spelling for score in imported.scores]  # once each
    assert {(score.benchmark, score.grade) for score in imported.scores} == {("mmlu-pro", "self-reported")}
    assert (imported.rows, len(imported.dropped)) == (11, 7)
    assert {drop.reason for drop in imported.dropped} == {"not one of gapbrief's benchmarks"}


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
    path = with_value(TABLE, 0, "weights_link", link)
    path = path.rename(path.with_name("linked.csv"))
    text = path.read_text().replace(",proprietary,", f",{licence},", 1)
    path.write_text(text)
    assert llm_leaderboard.read(path).models[0].claim == claim


def test_its_dates_are_its_own_and_may_be_wrong(read):
    found = {model.spelling: model.released for model in read("llm-leaderboard", TABLE).models}
    assert found["deepseek-v3.1"] == date(2025, 1, 10)
