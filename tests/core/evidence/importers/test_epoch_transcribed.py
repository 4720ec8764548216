"""Transcribed rows of Epoch's hub: percent as written, efforts apart, runs with their day, boards by name."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import epoch

FOLDER = "epoch_2026-09-28"


def test_the_second_edition_of_frontiermath_is_a_version_of_its_own(raw: Path):
    imported = epoch.read_transcribed(raw / FOLDER / "frontiermath_tiers_1_3_v2.csv")
    assert {(score.benchmark, score.version) for score in imported.scores} == {("frontiermath", "2")}
    kimi = next(score for score in imported.scores if score.spelling == "kimi-k3_max")
    assert (kimi.score, kimi.standard_error, kimi.run_on) == (72.1831, 2.6637, date(2026, 7, 17))


def test_two_runs_of_one_effort_are_both_read(raw: Path):
    imported = epoch.read_transcribed(raw / FOLDER / "arc_agi_2_rows_from_2026-07-15.csv")
    assert [score.score for score in imported.scores if score.spelling == "claude-opus-5_max"] == [88.33, 90.42]


def test_a_model_without_a_release_date_is_read(raw: Path):
    imported = epoch.read_transcribed(raw / FOLDER / "gpqa_diamond_runs_from_2026-08-28.csv")
    assert [model.spelling for model in imported.models if model.released is None] == ["glm-4.7-flash"]


def test_a_file_that_is_named_like_no_board_is_refused(raw: Path, tmp_path: Path):
    path = tmp_path / "mirrorcode_rows_from_2026-09-01.csv"
    path.write_bytes((raw / FOLDER / "hle_rows_after_2026-04-16.csv").read_bytes())
    with pytest.raises(TableError, match="is named like no board; expected one of arc_agi_1, "):
        epoch.read_transcribed(path)
