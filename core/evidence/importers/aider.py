"""Aider's polyglot leaderboard: a YAML list of runs. Its date is the day of the run, not of the release."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from core.errors import TableError
from core.evidence.importers.rows import Imported, RawModel, RawScore


def read(path: Path) -> Imported:
    """Read the runs; the score is the share solved in two tries, in percent."""
    try:
        runs: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        imported = Imported()
        for line, run in enumerate(runs, start=1):
            imported.rows += 1
            spelling, score, run_on = str(run["model"]).strip(), run.get("pass_rate_2"), run.get("date")
            imported.models.append(RawModel(line, spelling, spelling))
            if not isinstance(score, int | float):
                imported.drop(line, spelling, "no score")
                continue
            imported.scores.append(
                RawScore(
                    line,
                    "aider-polyglot",
                    "1",
                    spelling,
                    float(score),
                    "board-run",
                    setting=str(run.get("edit_format", "")),
                    run_on=run_on if isinstance(run_on, date) else None,
                )
            )
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise TableError(path, f"is not Aider's list of runs ({type(error).__name__})") from error
    return imported
