"""Evidence on open and closed models, gathered by hand: when each could be used, and when its weights came out."""

import re
from pathlib import Path

from core.evidence.importers.rows import Claim, Imported, read_csv

_CLAIMS: dict[str, Claim] = {"open": "open", "closed": "closed"}
_WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(path: Path) -> Imported:
    """Read one model a row; an open one is of the day of its weights, where that is known to the day.

    What is still to be checked, or only announced, says nothing.
    """
    imported = Imported()
    for row in imported.count(read_csv(path, ("model", "api_date", "weights_date", "openness", "evidence"))):
        word, weights = row.text("openness"), row.text("weights_date")
        claim = _CLAIMS.get(re.split(r"\W", word, maxsplit=1)[0])
        if claim is None or (claim == "open" and "announced" in weights):
            imported.drop(row.line, row.text("model"), "not settled yet")
            continue
        released = row.day("weights_date") if claim == "open" and _WHOLE_DAY.fullmatch(weights) else None
        imported.add_model(row.line, row.text("model"), released=released, claim=claim, raw=word)
    return imported
