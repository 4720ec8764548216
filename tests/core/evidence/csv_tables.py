"""Tables as rows of texts, as the files hold them."""

import csv
from pathlib import Path


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Read a table of a folder."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    """Write a table into a folder."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
