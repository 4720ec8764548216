"""WeirdML's own board, whose columns came and went."""

from pathlib import Path

import pytest

from core.evidence.importers import leaderboards


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
