"""MMLU-Pro: TIGER-Lab's board, as served and a part of it. Most rows have no release date: it comes from the index."""

from collections.abc import Callable, Iterable
from pathlib import Path

from core.evidence.importers.rows import Grade, Imported, Row, percent, read_csv


def read(path: Path) -> Imported:
    """Read the board's rows, whose every score is a share; where a row is short, it lacks the last subjects alone."""
    if path.stem == "results":
        rows = read_csv(path, ("Models", "Data Source", "Overall"), may_be_short=True)
        return _read(rows, "Models", "Overall", lambda row: row.text("Data Source").casefold() != "tiger-lab")
    rows = read_csv(path, ("name", "score", "release_date", "self_reported"))
    return _read(rows, "name", "score", lambda row: row.text("self_reported") == "yes")


def _read(rows: Iterable[Row], name: str, column: str, is_self_reported: Callable[[Row], bool]) -> Imported:
    imported = Imported()
    for row in imported.count(rows):
        spelling, score = row.text(name), percent(row.number(column))
        imported.add_model(row.line, spelling, spelling, row.day("release_date"))
        grade: Grade = "self-reported" if is_self_reported(row) else "board-run"
        imported.add_score(row.line, "mmlu-pro", "1", spelling, score, grade, column=column)
    return imported
