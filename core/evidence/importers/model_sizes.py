"""How many parameters models have: Epoch AI's list of models, and the Open LLM Leaderboard's count of weights."""

from pathlib import Path

from core.evidence.importers.rows import Imported, RawSize, read_csv


def read_epoch(path: Path) -> Imported:
    """Read Epoch's list, in parameters; a model without a number is dropped."""
    return _read(path, "Model", "Parameters", 1e9, "Publication date")


def read_open_llm(path: Path) -> Imported:
    """Read the leaderboard, in billions; its -1 for a count that failed is dropped."""
    return _read(path, "model", "params_b", 1.0, "")


def _read(path: Path, name: str, column: str, unit: float, released: str) -> Imported:
    imported = Imported()
    for row in imported.count(read_csv(path, (name, column, *filter(None, (released,))))):
        number = row.number(column)
        if number is None or number <= 0:
            imported.drop(row.line, row.text(name), "no number of parameters")
            continue
        day = row.day(released) if released else None
        imported.sizes.append(RawSize(row.line, row.text(name), number / unit, day))
    return imported
