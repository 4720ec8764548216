"""ForecastBench's tournament board, with the release date of each model."""

import re
from pathlib import Path

from core.evidence.importers.rows import Imported, RawModel, RawScore, read_csv

_SETTING = re.compile(
    r"(?:-(?:1024|2048|4096|8192|16000))?"
    r"(?:-(?:zero-shot|scratchpad|superforecaster|web-search)(?:-with-(?:news|freeze-values))*(?:-\d)?)?†?$"
)


def read(path: Path) -> Imported:
    """Read the board's own baselines: one model, one prompt. Teams' ensembles are not single models."""
    imported = Imported()
    for row in read_csv(path, ("Team", "Model Organization", "Model", "Overall", "Model release date")):
        imported.rows += 1
        shown, score = row.text("Model"), row.number("Overall")
        if row.text("Team") != "ForecastBench" or row.text("Model Organization") == "ForecastBench":
            imported.drop(row.line, shown, "a team's system or a baseline, not one model")
            continue
        if score is None:
            imported.drop(row.line, shown, "no score")
            continue
        found = _SETTING.search(shown)
        spelling = shown[: found.start()] if found else shown
        imported.models.append(
            RawModel(
                row.line,
                spelling,
                released=row.day("Model release date"),
                organization=row.text("Model Organization"),
            )
        )
        setting = shown[len(spelling) :].strip("-†")
        imported.scores.append(
            RawScore(
                row.line,
                "forecastbench",
                "tournament",
                spelling,
                score,
                "board-run",
                setting=setting,
                column="Overall",
            )
        )
    return imported
