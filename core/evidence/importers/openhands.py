"""OpenHands Index: five agent benchmarks, with models' openness and release dates, as served and as a table."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from core.errors import TableError
from core.evidence.importers.columns import ModelColumns, ScoreColumns, TableForm
from core.evidence.importers.rows import FileContent, Row, is_left_out, make_row, read_mapping
from core.store.tables import Claim

_CLAIMS: dict[str, Claim] = {"open_weights": "open", "closed_api_available": "closed"}
_TABLE = TableForm(
    ModelColumns("model", "", "release_date", openness="openness", claim_of=_CLAIMS.get),
    ScoreColumns("", "1", "score", run_on="submission_time", setting="agent"),
    others=("benchmark",),
)


def read(path: Path) -> FileContent:
    """Read the results; the agent is the setting, and the submission date is the day of the run."""
    rows = _read_results(path) if path.suffix == ".json" else _TABLE.rows(path)
    return _TABLE.read(rows, scores_of=_score_columns)


def _score_columns(row: Row) -> ScoreColumns:
    return replace(_TABLE.scores, benchmark=f"openhands-{row.text('benchmark')}")


def _read_results(path: Path) -> Iterator[Row]:
    """Yield rows of the table from {FOLDER/metadata.json: what was run, FOLDER/scores.json: [results]}.

    The number of a result is used as its line.
    """
    document, number = read_mapping(path, "is not OpenHands' results"), 0
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
            values = {**run, "agent": run.get("agent_name"), **result} if isinstance(result, dict) else None
            yield make_row(path, number, values, ("agent", "model", "openness", "benchmark"))
