"""OpenHands Index: five agent benchmarks, with each model's openness and release date, as served and as a table."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from core.errors import TableError
from core.evidence.importers.rows import Claim, Imported, RawModel, RawScore, Row, entry, read_csv, read_json

_CLAIMS: dict[str, Claim] = {"open_weights": "open", "closed_api_available": "closed"}


def read(path: Path) -> Imported:
    """Read the results; the agent is the setting, and the day of submission the day of the run."""
    imported = Imported()
    for row in _served(path) if path.suffix == ".json" else _table(path):
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


def _table(path: Path) -> Iterator[Row]:
    required = ("agent", "model", "openness", "release_date", "benchmark", "score", "submission_time")
    return read_csv(path, required)


def _served(path: Path) -> Iterator[Row]:
    """Yield the results as rows of the table, of {FOLDER/metadata.json: what was run, FOLDER/scores.json: [results]}.

    A result's number stands for its line.
    """
    document, _ = read_json(path)
    if not isinstance(document, dict):
        raise TableError(path, "is not OpenHands' results")
    number = 0
    for name, run in sorted(document.items()):
        place = PurePosixPath(name)
        if place.name != "metadata.json":
            continue
        results = document.get(str(place.with_name("scores.json")))
        if not isinstance(run, dict) or not isinstance(results, list):
            raise TableError(path, f'"{place.parent.name[:60]}" is not a run with its scores')
        for result in results:
            number += 1
            if not isinstance(result, dict):
                raise TableError(path, "is not a result", number)
            told = {**run, "agent": run.get("agent_name"), **result}
            yield entry(path, number, told, ("agent", "model", "openness", "benchmark"))
