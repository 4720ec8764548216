"""BullshitBench version 2 ("lab/model@reasoning=high"), and its launch dates with a link to the evidence."""

from pathlib import Path

from core.evidence.importers.rows import Claim, Imported, RawModel, RawScore, percent, read_csv

_CLAIMS: dict[str, Claim] = {"closed": "closed", "open_source": "open", "open_weights": "open"}


def read(path: Path) -> Imported:
    """Read the board or the launch dates; the score is the share of nonsense clearly called out."""
    return _dates(path) if path.stem.endswith("launch_dates") else _board(path)


def _dates(path: Path) -> Imported:
    imported = Imported()
    for row in read_csv(path, ("model_id", "org", "launch_date", "judge_status")):
        imported.rows += 1
        spelling = row.text("model_id")
        if row.text("judge_status") != "accepted":
            imported.drop(row.line, spelling, "launch date not accepted by its judge")
        else:
            imported.models.append(
                RawModel(row.line, spelling, released=row.day("launch_date"), organization=row.text("org"))
            )
    return imported


def _board(path: Path) -> Imported:
    imported = Imported()
    for row in read_csv(path, ("model", "model_base", "org", "green_rate", "open_model_status")):
        imported.rows += 1
        spelling, score = row.text("model_base"), percent(row.number("green_rate"))
        status, run = row.text("open_model_status"), row.text("model")
        imported.models.append(
            RawModel(
                row.line,
                spelling,
                released=row.day("launch_date"),
                organization=row.text("org"),
                claim=_CLAIMS.get(status),
                raw=status,
            )
        )
        if score is None:
            imported.drop(row.line, run, "no score")
            continue
        imported.scores.append(
            RawScore(
                row.line,
                "bullshitbench",
                "2",
                run,
                score,
                "board-run",
                column="green_rate",
            )
        )
    return imported
