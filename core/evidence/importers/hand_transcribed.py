"""Rows typed from a later copy of Epoch's hub: the hub's columns, only the rows that matter."""

from pathlib import Path

from core.evidence.importers.epoch_hub import boards, take
from core.evidence.importers.rows import Imported, read_csv

_FILES = {
    "hle_later_rows": "hle_external.csv",
    "metr_later_rows": "metr_time_horizons_external.csv",
    "simplebench_later_rows": "simplebench_external.csv",
}
_BY_NAME = {"ARC-AGI": "arc_agi_external.csv", "ARC-AGI-2": "arc_agi_2_external.csv"}


def read(path: Path) -> Imported:
    """Read one file of later rows; the board is known by the file's name or its Benchmark column."""
    imported, known = Imported(), boards()
    for row in imported.count(read_csv(path, ("Model version", "Release date", "id"))):
        file = _FILES.get(path.stem) or _BY_NAME.get(row.text("Benchmark"))
        if file is None:
            imported.drop(row.line, row.text("Model version"), "not one of gapbrief's benchmarks")
        else:
            take(imported, row, known[file])
    return imported
