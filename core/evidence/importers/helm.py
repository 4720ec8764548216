"""HELM's registry of models: access, release date, creator and size over a long history."""

from pathlib import Path

from core.evidence.importers.rows import Claim, Imported, RawModel, RawSize, read_csv

# HELM's "limited" is API access; its "closed" is a model that nobody outside can use.
_CLAIMS: dict[str, Claim] = {"open": "open", "limited": "closed", "closed": "unreleased"}


def read(path: Path) -> Imported:
    """Read the registry: models only, no scores."""
    imported = Imported()
    for row in read_csv(path, ("name", "display_name", "creator", "access", "release_date")):
        imported.rows += 1
        raw = row.text("access")
        imported.models.append(
            RawModel(
                row.line,
                row.text("name"),
                row.text("display_name"),
                row.day("release_date"),
                row.text("creator"),
                _CLAIMS.get(raw),
                f"access {raw}" if raw else "",
            )
        )
        size = row.number("num_parameters")
        if size:
            imported.sizes.append(RawSize(row.line, row.text("name"), size / 1e9, row.day("release_date")))
    return imported
