"""OpenHands Index: five agent benchmarks, with the openness and release date of each model."""

from pathlib import Path

from core.evidence.importers.rows import Claim, Imported, RawModel, RawScore, read_csv

_CLAIMS: dict[str, Claim] = {"open_weights": "open", "closed_api_available": "closed"}


def read(path: Path) -> Imported:
    """Read the results; the agent is the setting, and the day of submission the day of the run."""
    imported = Imported()
    required = ("agent", "model", "openness", "release_date", "benchmark", "score", "submission_time")
    for row in read_csv(path, required):
        imported.rows += 1
        spelling, score, openness = row.text("model"), row.number("score"), row.text("openness")
        imported.models.append(
            RawModel(
                row.line,
                spelling,
                released=row.day("release_date"),
                claim=_CLAIMS.get(openness),
                raw=openness,
            )
        )
        if score is None:
            imported.drop(row.line, spelling, "no score")
            continue
        imported.scores.append(
            RawScore(
                row.line,
                f"openhands-{row.text('benchmark')}",
                "1",
                spelling,
                score,
                "board-run",
                setting=row.text("agent"),
                run_on=row.day("submission_time"),
                column="score",
            )
        )
    return imported
