"""Arena's board of people's votes, with what is proprietary; it is fitted anew with each issue, on one scale.

A table of the days on which models first stood on it is read too.
"""

from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import Claim, Imported, effort_in_brackets, entry, read_csv, read_json

_CLOSED = "proprietary"
"""The one word on licences that is taken: the others are typed freely, and a slip in this one is no open licence."""


def read(path: Path) -> Imported:
    """Read an issue: the rating over all kinds of prompts; a row's number stands for its line."""
    document, _ = read_json(path)
    if not isinstance(document, list):
        raise TableError(path, "is not Arena's list of models")
    imported = Imported()
    entries = (entry(path, n, told, ("model_name", "rating")) for n, told in enumerate(document, start=1))
    for row in imported.count(entries):
        spelling, licence = effort_in_brackets(row.text("model_name")), row.text("license")
        claim: Claim | None = "closed" if licence.casefold() == _CLOSED else None
        imported.add_model(row.line, spelling, organization=row.text("organization"), claim=claim, raw=licence)
        rating, variance = row.number("rating"), row.number("variance")
        error = round(variance**0.5, 3) if variance is not None and variance > 0 else None
        day = row.day("leaderboard_publish_date")
        imported.add_score(
            row.line,
            "arena-text",
            "1",
            spelling,
            rating,
            "board-run",
            standard_error=error,
            run_on=day,
            column="rating",
        )
    return imported


def read_first_seen(path: Path) -> Imported:
    """Read by which day each model was out: its source has the role of a late bound, so no model is of that day."""
    imported = Imported()
    for row in imported.count(read_csv(path, ("model", "organization", "first_seen"))):
        spelling = effort_in_brackets(row.text("model"))
        imported.add_model(row.line, spelling, released=row.day("first_seen"), organization=row.text("organization"))
    return imported
