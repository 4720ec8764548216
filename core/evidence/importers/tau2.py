"""tau2-bench: customer service agents, one score per field of work; submissions as served and as a table."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.evidence.importers.columns import ModelColumns, ScoreColumns, TableForm
from core.evidence.importers.rows import FileContent, Row, make_row, read_mapping

_FIELDS = ("retail", "airline", "telecom", "banking_knowledge")
_BOARD_KEEPER = "Sierra"
"""Its own runs are not self-reported."""
_SCORES = [
    ScoreColumns(f"tau2-{field.split('_')[0]}", "2", f"{field}_pass_1", "self-reported", run_on="submitted")
    for field in _FIELDS
]
_TABLE = TableForm(
    ModelColumns("model", "model", "model_release", "model_org"),
    optional=("model_org",),
    others=("submitter", "submitted", "type", "modality", *(scores.score for scores in _SCORES)),
)


def read(path: Path) -> FileContent:
    """Read the share of tasks solved at the first try; custom agents and voice are other tests and are dropped."""
    content = FileContent()
    for row in content.count(_read_submissions(path) if path.suffix == ".json" else _TABLE.rows(path)):
        spelling = row.text("model")
        if row.text("type") == "custom" or row.text("modality") != "text":
            content.drop(row.line, spelling, "an agent of its own, or voice: not the model alone")
            continue
        _TABLE.models.add(content, row, spelling)
        is_measured = row.text("submitter") == _BOARD_KEEPER
        scored = [(columns, score) for columns in _SCORES if (score := columns.read(row)) is not None]
        for columns, score in scored:
            columns = replace(columns, grade="board-run") if is_measured else columns
            columns.add(content, row, spelling, score)
        if not scored:
            content.drop(row.line, spelling, "no score")
    return content


def _read_submissions(path: Path) -> Iterator[Row]:
    """Yield the submissions, {path: submission}, as rows of the table; the submission number is used as the line."""
    submissions = read_mapping(path, "is not tau2-bench's submissions")
    for number, (name, submission) in enumerate(sorted(submissions.items()), start=1):
        if "/A_EXAMPLE_" not in name:  # a template for submissions
            values = _values(submission) if isinstance(submission, dict) else None
            yield make_row(path, number, values, ("model", "submitter", "submitted"))


def _values(submission: dict[str, Any]) -> dict[str, object]:
    results = _part(submission, "results")
    return {
        "model": submission.get("model_name"),
        "model_org": submission.get("model_organization"),
        "submitter": submission.get("submitting_organization"),
        "submitted": submission.get("submission_date"),
        "model_release": _part(submission, "model_release").get("release_date"),
        "type": submission.get("submission_type", ""),
        "modality": submission.get("modality", "text"),
        **{f"{field}_pass_1": _part(results, field).get("pass_1") for field in _FIELDS},
    }


def _part(values: dict[str, Any], key: str) -> dict[str, Any]:
    part = values.get(key)
    return part if isinstance(part, dict) else {}
