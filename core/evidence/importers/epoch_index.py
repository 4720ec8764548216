"""Epoch Capabilities Index: a score per model or version, and Epoch's word on how each can be had."""

from pathlib import Path

from core.evidence.importers.rows import ACCESS, Imported, read_csv

_OF_VERSIONS = (
    "Model version",
    "Model name",
    "Release date",
    "Organization",
    "Model accessibility",
    "ECI Score",
    "Country",
)
_OF_MODELS = ("Model", "Model", "date", "Organization", "Model accessibility", "eci", "Country (of organization)")
_OF_METADATA = ("model_version", "model_group", "date", "organization", "accessibility", "", "country")
_COLUMNS = {"eci_scores": _OF_MODELS, "model_metadata": _OF_METADATA}
"""By a file's name: the columns of spelling, name, release date, maker, accessibility, score ("" where it has none)
and country.

Epoch served the index by version, in one file, until the summer of 2026.
"""


def read(path: Path) -> Imported:
    """Read the index, or the list of all versions; a model without a score is a model still.

    A word of accessibility that is not known is no claim.
    """
    imported = Imported()
    spelling_column, name, released, maker, access, score_column, country = _COLUMNS.get(path.stem, _OF_VERSIONS)
    required = (spelling_column, name, released, access, score_column)
    for row in imported.count(read_csv(path, tuple(filter(None, required)))):
        spelling, word = row.text(spelling_column), row.text(access)
        if not spelling:
            imported.drop(row.line, row.text(name), "no model version")
            continue
        imported.add_model(
            row.line,
            spelling,
            row.text(name),
            row.day(released),
            row.text(maker),
            ACCESS.get(word),
            word,
            row.text(country),
        )
        score = row.number(score_column)
        if score is not None:
            imported.add_score(row.line, "eci", "hub-2026", spelling, score, "epoch-run", column=score_column)
    return imported
