"""Epoch Capabilities Index: a score per model version, and Epoch's word on how each can be had."""

from pathlib import Path

from core.evidence.importers.rows import Imported, RawModel, RawScore, access_claim, read_csv


def read(path: Path) -> Imported:
    """Read the index; models without an index score are models still."""
    imported = Imported()
    for row in read_csv(path, ("Model version", "ECI Score", "Release date", "Model accessibility", "Model name")):
        imported.rows += 1
        spelling = row.text("Model version")
        if not spelling:
            imported.drop(row.line, row.text("Model name"), "no model version")
            continue
        imported.models.append(
            RawModel(
                row.line,
                spelling,
                row.text("Model name"),
                row.day("Release date"),
                row.text("Organization"),
                access_claim(row, "Model accessibility"),
                row.text("Model accessibility"),
            )
        )
        score = row.number("ECI Score")
        if score is not None:
            imported.scores.append(
                RawScore(row.line, "eci", "hub-2026", spelling, score, "epoch-run", column="ECI Score")
            )
    return imported
