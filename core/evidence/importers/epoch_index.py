"""Epoch Capabilities Index: a score per model version, and Epoch's word on how each can be had."""

from pathlib import Path

from core.evidence.importers.rows import Imported, access_claim, read_csv


def read(path: Path) -> Imported:
    """Read the index; models without an index score are models still."""
    imported = Imported()
    columns = ("Model version", "ECI Score", "Release date", "Model accessibility", "Model name")
    for row in imported.count(read_csv(path, columns)):
        spelling = row.text("Model version")
        if not spelling:
            imported.drop(row.line, row.text("Model name"), "no model version")
            continue
        imported.add_model(
            row.line, spelling, row.text("Model name"), row.day("Release date"), row.text("Organization"),
            access_claim(row, "Model accessibility"), row.text("Model accessibility"),
        )  # fmt: skip
        score = row.number("ECI Score")
        if score is not None:
            imported.add_score(row.line, "eci", "hub-2026", spelling, score, "epoch-run", column="ECI Score")
    return imported
