"""Fixtures of the evidence tests: a few real rows of each publisher's file, and folders made from them."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

RAW = Path(__file__).parent / "fixtures"


@pytest.fixture
def raw() -> Path:
    """The folder of raw files, laid out as a publisher's snapshots are."""
    return RAW


@pytest.fixture
def with_value(tmp_path: Path) -> Callable[..., Path]:
    """Copy a CSV fixture with a value changed in the row that starts on a line: with_value(name, column, value, 2)."""

    def change(name: str, column: str, value: str, line: int = 2) -> Path:
        with (RAW / name).open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            rows, end = [next(reader)], reader.line_num
            for row in reader:
                if end + 1 == line:
                    row[rows[0].index(column)] = value
                end = reader.line_num
                rows.append(row)
        path = tmp_path / Path(name).name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        return path

    return change
