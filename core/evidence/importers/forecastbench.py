"""ForecastBench's tournament board, with the release date of each model."""

import re
from pathlib import Path

from core.evidence.importers.rows import Imported, read_csv

_SETTING = re.compile(
    r"(?:-(?:1024|2048|4096|8192|16000))?"
    r"(?:-(?:zero-shot|scratchpad|superforecaster|web-search)(?:-with-(?:news|freeze-values))*(?:-\d)?)?†?$"
)


def read(path: Path) -> Imported:
    """Read the board's own baselines: one model, one prompt. Teams' ensembles are not single models."""
    imported = Imported()
    columns = ("Team", "Model Organization", "Model", "Overall", "Model release date")
    for row in imported.count(read_csv(path, columns)):
        shown, score = row.text("Model"), row.number("Overall")
        if row.text("Team") != "ForecastBench" or row.text("Model Organization") == "ForecastBench":
            imported.drop(row.line, shown, "a team's system or a baseline, not one model")
            continue
        if score is None:
            imported.drop(row.line, shown, "no score")
            continue
        found = _SETTING.search(shown)
        spelling = shown[: found.start()] if found else shown
        released, maker = row.day("Model release date"), row.text("Model Organization")
        imported.add_model(row.line, spelling, released=released, organization=maker)
        setting = shown[len(spelling) :].strip("-†")
        imported.add_score(
            row.line, "forecastbench", "tournament", spelling, score, "board-run", setting, column="Overall"
        )
    return imported
