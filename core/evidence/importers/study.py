"""The study's audited words on accessibility: they override every other source."""

from pathlib import Path

from core.evidence.importers.rows import Imported, access_claim, read_csv


def read(path: Path) -> Imported:
    """Read the overrides, one model a row."""
    imported = Imported()
    for row in imported.count(read_csv(path, ("model", "accessibility", "origin"))):
        claim = access_claim(row, "accessibility")
        imported.add_model(row.line, row.text("model"), claim=claim, raw=row.text("accessibility"))
    return imported
