"""OpenHands Index: five agent benchmarks, with each model's openness and release date, as served and as a table."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from core.errors import TableError
from core.evidence.importers.rows import Claim, Imported, Row, entry, is_left_out, read_csv, read_json

_CLAIMS: dict[str, Claim] = {"open_weights": "open", "closed_api_available": "closed"}


def read(path: Path) -> Imported:
    """Read the results; the agent is the setting, and the day of submission the day of the run."""
    imported = Imported()
    columns = ("agent", "model", "openness", "release_date", "benchmark", "score", "submission_time")
    for row in imported.count(_served(path) if path.suffix == ".json" else read_csv(path, columns)):
        spelling, score, openness = row.text("model"), row.number("score"), row.text("openness")
        released, claim = row.day("release_date"), _CLAIMS.get(openness)
        imported.add_model(row.line, spelling, released=released, claim=claim, raw=openness)
        imported.add_score(
            row.line, f"openhands-{row.text('benchmark')}", "1", spelling, score, "board-run", row.text("agent"),
            run_on=row.day("submission_time"), column="score",
        )  # fmt: skip
    return imported


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
            number += 1
            if not is_left_out(path, number):
                raise TableError(path, f'"{place.parent.name}" is not a run with its scores', number)
            continue
        for result in results:
            number += 1
            told = {**run, "agent": run.get("agent_name"), **result} if isinstance(result, dict) else None
            yield entry(path, number, told, ("agent", "model", "openness", "benchmark"))
