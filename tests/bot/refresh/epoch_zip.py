"""Epoch AI's zip in the form that it had on 8 October 2026, filled with the shipped scores.

`epoch_zip.csv` is its inventory (Epoch AI, benchmark_data.zip, CC BY 4.0): each file, its rows, and what the zip's own
benchmark_metadata.csv declares of it. A file has as many rows as there, the last ones of models without a score.
"""

import csv
import re
from functools import cache
from itertools import count
from pathlib import Path

from core.evidence import snapshots
from core.evidence.importers import epoch_hub
from core.evidence.importers.metr import SUITES
from core.evidence.importers.rows import RawModel, RawScore
from core.store.tables import shipped_folder
from tests.bot.refresh.conftest import Row, as_csv
from tests.fakes.publishers import zipped

_SHOTS = re.compile(r"(?:(?P<source>.*), )?(?P<shots>\d+) shots")
_HUB = ("epoch-hub-2026-04-19", "epoch-hub-2026-09-28")
INDEX, METADATA, DECLARED = "epoch_capabilities_index/eci_scores.csv", "model_metadata.csv", "benchmark_metadata.csv"
Tables = dict[str, list[Row]]


@cache
def inventory() -> dict[str, Row]:
    with Path(__file__).with_name("epoch_zip.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def tables() -> Tables:
    """Return all files that hold what gapbrief ships, by name, for a test to change."""
    return {name: [row.copy() for row in rows] for name, rows in _shipped_tables().items()}


@cache
def _shipped_tables() -> Tables:
    declared = [
        {"benchmark": row["file"].removesuffix(".csv"), "source_file": row["file"],
         "score_column": row["score_column"], "scale": row["scale"], "superseded_by": ""}
        for row in inventory().values() if row["file"] not in (INDEX, METADATA, DECLARED)
    ]  # fmt: skip
    files = {DECLARED: declared, INDEX: _index(), METADATA: _metadata()}
    for name, board in epoch_hub.known_boards().items():
        scores, models = _shipped_of(board)
        files[name] = [_hub_row(name, board, score, models[score.spelling]) for score in scores]
    for name, rows in files.items():
        spelling = next(iter(rows[0]))
        missing = int(inventory()[name]["rows"]) - len(rows)
        rows += [{**dict.fromkeys(rows[0], ""), spelling: f"unscored-{number}"} for number in range(missing)]
    return files


def as_zip(files: Tables) -> bytes:
    """Pack files as Epoch does."""
    return zipped({name: as_csv(rows) for name, rows in files.items()})


def _shipped_of(board: epoch_hub.Board) -> tuple[list[RawScore], dict[str, RawModel]]:
    scores, models = {}, {}
    number = count()
    for source in _HUB:
        for _, imported in snapshots.read_rows(shipped_folder() / "imported" / f"{source}.jsonl"):
            for score in imported.scores:
                is_same = score.benchmark == board.benchmark and score.version in (board.version, *SUITES.values())
                if is_same and (score.version == board.version or "metr" in board.benchmark):
                    # GPQA and the like list a run again with its effort: each run is a row of its own
                    key = next(number) if source == _HUB[0] else (score.spelling, score.setting)
                    scores[key] = score
            models |= {model.spelling: model for model in imported.models}
    later = {score.spelling for key, score in scores.items() if not isinstance(key, int)}
    kept = [score for key, score in scores.items() if not (isinstance(key, int) and score.spelling in later)]
    return kept, models


def _hub_row(name: str, board: epoch_hub.Board, score: RawScore, model: RawModel) -> Row:
    def scaled_text(value: float | None) -> str:
        return "" if value is None else repr(round(value / (board.scale * 100 if board.scale else 1), 12))

    row = {
        "Model version": score.spelling, inventory()[name]["score_column"]: scaled_text(score.score),
        board.score: scaled_text(score.score), "Release date": str(model.released or ""),
        "Organization": model.organization,
    }  # fmt: skip
    if board.standard_error:
        row[board.standard_error] = scaled_text(score.standard_error)
    if board.run_on:
        row[board.run_on] = str(score.run_on or "")
    if "Shots" in board.setting:
        match = _SHOTS.fullmatch(score.setting)
        row["Source"], row["Shots"] = (match["source"] or "", match["shots"]) if match else (score.setting, "")
    elif board.setting:
        row[board.setting] = score.setting
    if "metr" in name:
        row["METR version"] = next(suite for suite, version in SUITES.items() if version == score.version)
    return row


def _index() -> list[Row]:
    [(_, imported)] = snapshots.read_rows(shipped_folder() / "imported" / "epoch-index-2026-07-01.jsonl")
    models = {model.line: model for model in imported.models}
    words = {row["model_group"]: row["accessibility"] for row in _metadata()}
    rows: dict[str, Row] = {}
    for score in imported.scores:
        model = models[score.line]
        rows.setdefault(model.name, {
            "Model": model.name, "eci": str(score.score), "date": str(model.released or ""),
            "Organization": model.organization, "Model accessibility": words[model.name],
        })  # fmt: skip
    return list(rows.values())[: int(inventory()[INDEX]["rows"])]


def _metadata() -> list[Row]:
    rows = []
    for source in ("epoch-index-2026-07-01", "epoch-accessibility-2026-10-08"):
        [(_, imported)] = snapshots.read_rows(shipped_folder() / "imported" / f"{source}.jsonl")
        rows += [
            {"model_version": model.spelling, "model_group": model.name, "date": str(model.released or ""),
             "organization": model.organization, "accessibility": model.raw}
            for model in imported.models
        ]  # fmt: skip
    words = {row["model_group"]: row["accessibility"] for row in rows}  # of some the newer one is another
    rows = [{**row, "accessibility": words[row["model_group"]]} for row in rows]
    return rows + [dict.fromkeys(rows[0], "") for _ in range(11)]
