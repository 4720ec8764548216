"""Transcribed rows of Epoch's hub: a file's board is in its name."""

from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import epoch

FOLDER = "epoch_2026-09-28"


def test_a_file_that_is_named_like_no_board_is_refused(raw: Path, tmp_path: Path):
    path = tmp_path / "mirrorcode_rows_from_2026-09-01.csv"
    path.write_bytes((raw / FOLDER / "hle_rows_after_2026-04-16.csv").read_bytes())
    with pytest.raises(TableError, match="is named like no board; expected one of arc_agi_1, "):
        epoch.read_transcribed(path)
