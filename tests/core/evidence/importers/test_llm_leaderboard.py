"""Vendor-reported scores: MMLU-Pro alone is used, graded self-reported."""

import pytest

from core.evidence.importers import leaderboards

TABLE = "mmlu_pro/llm_leaderboard_scores.csv"


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
    path = with_value(TABLE, "weights_link", link)
    path = path.rename(path.with_name("linked.csv"))
    text = path.read_text().replace(",proprietary,", f",{licence},", 1)
    path.write_text(text)
    assert leaderboards.read_llm_leaderboard(path).models[0].claim == claim
