"""Fixtures of the evidence tests: a few real rows of each publisher's file, and folders made from them."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import Imported

RAW = Path(__file__).parent / "fixtures"


@pytest.fixture
def raw() -> Path:
    """The folder of raw files, laid out as a publisher's snapshots are."""
    return RAW


@pytest.fixture
def read() -> Callable[[str, str], Imported]:
    """Read a fixture file with an importer: read("weirdml", "weirdml/weirdml_data_2026-08-17.csv")."""
    return lambda importer, name: IMPORTERS[importer](RAW / name)


@pytest.fixture
def with_value(tmp_path: Path) -> Callable[[str, int, str, str], Path]:
    """Copy a CSV fixture with one value changed: with_value(name, row from 0, column, value)."""

    def change(name: str, row: int, column: str, value: str) -> Path:
        with (RAW / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        rows[row][column] = value
        path = tmp_path / Path(name).name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return change
