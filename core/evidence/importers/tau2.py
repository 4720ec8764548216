"""tau2-bench: agents in customer service, one score per field of work; its submissions as served, and as a table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import TableError
from core.evidence.importers.rows import Grade, Imported, Row, entry, read_csv, read_json

_FIELDS = ("retail", "airline", "telecom", "banking_knowledge")
_THE_BOARD = "Sierra"
"""Who keeps the board; what it ran itself is no vendor's own report."""


def read(path: Path) -> Imported:
    """Read the share of tasks solved at the first try; agents built around a model, and voice, are other tests."""
    imported = Imported()
    columns = tuple(f"{field}_pass_1" for field in _FIELDS)
    needed = ("model", "submitter", "submitted", "model_release", "type", "modality", *columns)
    for row in imported.count(_served(path) if path.suffix == ".json" else read_csv(path, needed)):
        spelling = row.text("model")
        if row.text("type") == "custom" or row.text("modality") != "text":
            imported.drop(row.line, spelling, "an agent of its own, or voice: not the model alone")
            continue
        released, maker = row.day("model_release"), row.text("model_org")
        imported.add_model(row.line, spelling, spelling, released, maker)
        grade: Grade = "board-run" if row.text("submitter") == _THE_BOARD else "self-reported"
        scores = {column: score for column in columns if (score := row.number(column)) is not None}
        for column, score in scores.items():
            benchmark, run_on = f"tau2-{column.split('_')[0]}", row.day("submitted")
            imported.add_score(row.line, benchmark, "2", spelling, score, grade, run_on=run_on, column=column)
        if not scores:
            imported.drop(row.line, spelling, "no score")
    return imported


def _served(path: Path) -> Iterator[Row]:
    """Yield the submissions, {path: submission}, as rows of the table; a submission's number stands for its line."""
    document, _ = read_json(path)
    if not isinstance(document, dict):
        raise TableError(path, "is not tau2-bench's submissions")
    for number, (name, told) in enumerate(sorted(document.items()), start=1):
        if "/A_EXAMPLE_" in name:  # what a submission looks like
            continue
        yield entry(path, number, _values(told), ("model", "submitter", "submitted"))


def _values(told: object) -> dict[str, object] | None:
    if not isinstance(told, dict):
        return None
    results = _part(told, "results")
    return {
        "model": told.get("model_name"),
        "model_org": told.get("model_organization"),
        "submitter": told.get("submitting_organization"),
        "submitted": told.get("submission_date"),
        "model_release": _part(told, "model_release").get("release_date"),
        "type": told.get("submission_type", ""),
        "modality": told.get("modality", "text"),
        **{f"{field}_pass_1": _part(results, field).get("pass_1") for field in _FIELDS},
    }


def _part(told: dict[str, Any], key: str) -> dict[str, Any]:
    found = told.get(key)
    return found if isinstance(found, dict) else {}
