"""tau2-bench: agents in customer service; one row per submission, one score per field of work."""

from pathlib import Path

from core.evidence.importers.rows import Imported, RawModel, RawScore, read_csv

_FIELDS = ("retail", "airline", "telecom", "banking_knowledge")
_THE_BOARD = "Sierra"
"""Who keeps the board; what it ran itself is no vendor's own report."""


def read(path: Path) -> Imported:
    """Read the share of tasks solved at the first try; agents built around a model, and voice, are other tests."""
    imported = Imported()
    columns = tuple(f"{field}_pass_1" for field in _FIELDS)
    for row in read_csv(path, ("model", "submitter", "submitted", "model_release", "type", "modality", *columns)):
        imported.rows += 1
        spelling = row.text("model")
        if row.text("type") == "custom" or row.text("modality") != "text":
            imported.drop(row.line, spelling, "an agent of its own, or voice: not the model alone")
            continue
        released, maker = row.day("model_release"), row.text("model_org")
        imported.models.append(RawModel(row.line, spelling, spelling, released, maker))
        scores = {column: score for column in columns if (score := row.number(column)) is not None}
        for column, score in scores.items():
            imported.scores.append(
                RawScore(
                    row.line,
                    f"tau2-{column.split('_')[0]}",
                    "2",
                    spelling,
                    score,
                    "board-run" if row.text("submitter") == _THE_BOARD else "self-reported",
                    run_on=row.day("submitted"),
                    column=column,
                )
            )
        if not scores:
            imported.drop(row.line, spelling, "no score")
    return imported
