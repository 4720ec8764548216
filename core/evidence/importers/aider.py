"""Aider's polyglot leaderboard: a YAML list of runs. Its date is the day of the run, not of the release."""

from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import Imported, is_left_out, read_yaml, yaml_day, yaml_number


def read(path: Path) -> Imported:
    """Read the runs; the score is the share solved in two tries, in percent."""
    runs, node = read_yaml(path)
    if not isinstance(runs, list):
        raise TableError(path, "is not Aider's list of runs")
    imported = Imported()
    for run, place in zip(runs, node.value, strict=True):
        line = place.start_mark.line + 1
        imported.rows += 1
        if is_left_out(path, line):
            continue
        if not isinstance(run, dict) or not isinstance(run.get("model"), str):
            raise TableError(path, "is not a run with its model", line)
        spelling = run["model"].strip()
        imported.add_model(line, spelling, spelling)
        imported.add_score(
            line, "aider-polyglot", "1", spelling, yaml_number(path, line, "pass_rate_2", run.get("pass_rate_2")),
            "board-run", str(run.get("edit_format", "")), run_on=yaml_day(path, line, "date", run.get("date")),
            column="pass_rate_2",
        )  # fmt: skip
    return imported
