"""Berkeley Function Calling Leaderboard version 4, with the licence of each model."""

import re
from pathlib import Path

from core.evidence.importers.rows import Claim, Imported, read_csv

_MODE = re.compile(r" \((?P<mode>[^)]*)\)$")


def read(path: Path) -> Imported:
    """Read the board; "(FC)" and "(Prompt)" are settings of one model. It gives no release dates."""
    imported = Imported()
    for row in imported.count(read_csv(path, ("Overall Acc", "Model", "Organization", "License"))):
        shown, score, licence = row.text("Model"), row.number("Overall Acc", sign="%"), row.text("License")
        spelling, mode = _MODE.sub("", shown), _MODE.search(shown)
        claim: Claim | None = ("closed" if licence == "Proprietary" else "open") if licence else None
        maker = row.text("Organization")
        imported.add_model(row.line, spelling, spelling, organization=maker, claim=claim, raw=licence)
        if score is None:
            imported.drop(row.line, shown, "no score")
            continue
        setting = mode["mode"] if mode else ""
        imported.add_score(row.line, "bfcl", "4", spelling, score, "board-run", setting, column="Overall Acc")
    return imported
