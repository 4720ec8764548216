"""models.dev: a registry that says whether a model's weights can be had."""

from pathlib import Path

from core.evidence.importers.rows import Claim, Imported, RawModel, read_csv

_CLAIMS: dict[str, Claim] = {"True": "open", "False": "closed"}


def read(path: Path) -> Imported:
    """Read the registry: models only, no scores."""
    imported = Imported()
    for row in read_csv(path, ("id", "name", "lab", "release_date", "open_weights")):
        imported.rows += 1
        raw = row.text("open_weights")
        imported.models.append(
            RawModel(
                row.line,
                row.text("id"),
                row.text("name"),
                row.day("release_date"),
                row.text("lab"),
                _CLAIMS.get(raw),
                f"open_weights {raw}" if raw else "",
            )
        )
    return imported
