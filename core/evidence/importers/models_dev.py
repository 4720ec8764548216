"""models.dev: a registry that says whether a model's weights can be had, as served and as a table of it."""

from collections.abc import Iterator
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import Claim, Imported, Row, entry, read_csv, read_json

_CLAIMS: dict[str, Claim] = {"True": "open", "False": "closed"}
_EARLIER, _LATER = " (earlier state)", " (later state)"
"""How a table of several days tells two states of a model apart."""


def read(path: Path) -> Imported:
    """Read the registry: models only, no scores; of two states of a model the later one."""
    imported = Imported()
    columns = ("id", "name", "release_date", "open_weights")
    for row in imported.count(_served(path) if path.suffix == ".json" else read_csv(path, columns)):
        spelling, raw = row.text("id").removesuffix(_LATER), row.text("open_weights")
        raw = raw.capitalize() if raw.capitalize() in _CLAIMS else raw  # one table writes "true"
        if spelling.endswith(_EARLIER):
            imported.drop(row.line, spelling, "an earlier state of a model")
            continue
        lab, _, _ = spelling.partition("/")
        imported.add_model(
            row.line, spelling, row.text("name"), row.day("release_date"), lab, _CLAIMS.get(raw),
            f"open_weights {raw}" if raw else "",
        )  # fmt: skip
    return imported


def _served(path: Path) -> Iterator[Row]:
    """Yield the models of models.json, by "lab/model"; it is one long line, so a model's number stands for its line."""
    document, _ = read_json(path)
    if not isinstance(document, dict):
        raise TableError(path, "is not models.dev's list of models")
    for number, (model_id, model) in enumerate(document.items(), start=1):
        yield entry(path, number, model, ("name", "release_date", "open_weights"), id=model_id)
