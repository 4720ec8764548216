"""BullshitBench version 2 ("lab/model@reasoning=high"), and its launch dates with a link to the evidence."""

from pathlib import Path

from core.evidence.importers.rows import Claim, Imported, percent, read_csv

_CLAIMS: dict[str, Claim] = {"closed": "closed", "open_source": "open", "open_weights": "open"}


def read(path: Path) -> Imported:
    """Read the board or the launch dates; the score is the share of nonsense clearly called out."""
    return _dates(path) if path.stem.endswith("launch_dates") else _board(path)


def _dates(path: Path) -> Imported:
    imported = Imported()
    for row in imported.count(read_csv(path, ("model_id", "org", "launch_date", "judge_status"))):
        spelling = row.text("model_id")
        if row.text("judge_status") != "accepted":
            imported.drop(row.line, spelling, "launch date not accepted by its judge")
        else:
            imported.add_model(row.line, spelling, released=row.day("launch_date"), organization=row.text("org"))
    return imported


def _board(path: Path) -> Imported:
    imported = Imported()
    for row in imported.count(read_csv(path, ("model", "model_base", "org", "green_rate", "open_model_status"))):
        spelling, score = row.text("model_base"), percent(row.number("green_rate"))
        status, run = row.text("open_model_status"), row.text("model")
        released, maker = row.day("launch_date"), row.text("org")
        imported.add_model(row.line, spelling, "", released, maker, _CLAIMS.get(status), status)
        imported.add_score(row.line, "bullshitbench", "2", run, score, "board-run", column="green_rate")
    return imported
