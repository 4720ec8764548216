"""HELM's registry of models, as served and as a table: access, release date, creator and size over a long history."""

from collections.abc import Iterator
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import Claim, Imported, RawSize, Row, entry, read_csv, read_yaml

# HELM's "limited" is API access; its "closed" is a model that nobody outside can use.
_CLAIMS: dict[str, Claim] = {"open": "open", "limited": "closed", "closed": "unreleased"}


def read(path: Path) -> Imported:
    """Read the registry: models only, no scores."""
    imported = Imported()
    columns = ("name", "display_name", "creator", "access", "release_date")
    for row in imported.count(_served(path) if path.suffix == ".yaml" else read_csv(path, columns)):
        raw = row.text("access")
        imported.add_model(
            row.line, row.text("name"), row.text("display_name"), row.day("release_date"),
            row.text("creator") or row.text("creator_organization_name"), _CLAIMS.get(raw),
            f"access {raw}" if raw else "",
        )  # fmt: skip
        size = row.number("num_parameters")
        if size:
            imported.sizes.append(RawSize(row.line, row.text("name"), size / 1e9, row.day("release_date")))
    return imported


def _served(path: Path) -> Iterator[Row]:
    """Yield the models of the YAML file that HELM itself reads."""
    document, node = read_yaml(path)
    models = document.get("models") if isinstance(document, dict) else None
    if not isinstance(models, list):
        raise TableError(path, "is not HELM's list of models")
    places = {str(key.value): value for key, value in node.value}[
        "models"
    ].value  # of a key that is there twice, the last
    for model, place in zip(models, places, strict=True):
        needed = ("name", "display_name", "creator_organization_name", "access")
        yield entry(path, place.start_mark.line + 1, model, needed)
