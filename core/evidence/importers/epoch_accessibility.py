"""Epoch AI's word on how new models can be had: in its list of versions, or in a part of its index, by names."""

from pathlib import Path

from core.evidence.importers.rows import ACCESS, Imported, read_csv

_OF_LIST = ("model_version", "model_group", "organization", "accessibility")
_OF_INDEX = ("Model", "Model", "Organization", "Model accessibility")


def read(path: Path) -> Imported:
    """Read a list of versions, or a part of the index; of the index the words alone are used."""
    imported = Imported()
    of_index = path.stem.startswith("eci_scores")
    spelling, name, maker, word = _OF_INDEX if of_index else _OF_LIST
    for row in imported.count(read_csv(path, (spelling, name, maker, word, "date"))):
        imported.add_model(
            row.line, row.text(spelling), row.text(name), row.day("date"), row.text(maker),
            ACCESS.get(row.text(word)), row.text(word),
        )  # fmt: skip
        if of_index:
            imported.drop(row.line, row.text(spelling), "part of another fit of the index: its scores join no other's")
    return imported
