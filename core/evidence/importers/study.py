"""The study's audited words on accessibility: they override every other source."""

from pathlib import Path

from core.evidence.importers.rows import Imported, RawModel, access_claim, read_csv


def read(path: Path) -> Imported:
    """Read the overrides, one model a row."""
    imported = Imported()
    for row in read_csv(path, ("model", "accessibility", "origin")):
        imported.rows += 1
        claim = access_claim(row, "accessibility")
        imported.models.append(RawModel(row.line, row.text("model"), claim=claim, raw=row.text("accessibility")))
    return imported
