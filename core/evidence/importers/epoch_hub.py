"""Epoch AI Benchmarking Hub: one CSV per benchmark, each with a score column of its own.

The boards that are read are listed in `curated/epoch_boards.csv`. Where Epoch's `benchmark_metadata.csv` lies beside a
board, its scale holds, and its score column where the board has no longer the listed one. WeirdML's "Accuracy SE"
is not listed: it holds variances (0.000164 where the author's board has 0.0128).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from core.errors import TableError
from core.evidence.importers.metr import SUITES
from core.evidence.importers.rows import Grade, Imported, Row, percent, read_csv
from core.store.tables import shipped

_METADATA = "benchmark_metadata.csv"


@dataclass(frozen=True)
class Board:
    """Where a hub file keeps what.

    `scale` times a score is a share of 1; None where scores are no share. `declared` says that the column
    that Epoch declares holds the same figure as `score`: of Fiction.LiveBench and METR it holds another.
    """

    benchmark: str
    version: str
    score: str
    scale: float | None
    declared: bool
    grade: Grade
    standard_error: str
    run_on: str
    setting: tuple[str, ...]


def boards() -> dict[str, Board]:
    """Return the boards that gapbrief reads, by the name of their file."""
    columns = ("source_file", "benchmark", "version", "score_column", "scale", "declared", "grade")
    return {
        row.text("source_file"): Board(
            row.text("benchmark"), row.text("version"), row.text("score_column"), row.number("scale"),
            row.text("declared") == "true", cast(Grade, row.text("grade")), row.text("standard_error"),
            row.text("run_on"), tuple(filter(None, row.text("setting").split(";"))),
        )
        for row in read_csv(shipped() / "curated" / "epoch_boards.csv", columns)
    }  # fmt: skip


# Sources of collected scores that ran the test themselves on other labs' models.
_INDEPENDENT = ("Stanford CRFM Leaderboard", "Standford HELM")


def read(path: Path) -> Imported:
    """Read one file of the hub, named as Epoch names it; a file of another benchmark is dropped row by row."""
    board = boards().get(path.name)
    imported = Imported()
    if board is None:
        for row in imported.count(read_csv(path, ())):
            imported.drop(row.line, row.text("Model version"), "not one of gapbrief's benchmarks")
        return imported
    rows = list(read_csv(path, ("Model version", "Release date")))
    board = _as_declared(board, path, rows[0].values if rows else {})
    for row in imported.count(rows):
        take(imported, row, board)
    return imported


def _as_declared(board: Board, path: Path, header: Mapping[str, str]) -> Board:
    """Return a board with the scale that Epoch declares, and its column where the board's own is gone."""
    beside = path.with_name(_METADATA)
    if board.declared and beside.exists():
        for row in read_csv(beside, ("source_file", "score_column", "scale")):
            if row.text("source_file") == path.name:
                column = board.score if board.score in header else row.text("score_column")
                board = replace(board, score=column or board.score, scale=row.number("scale") or board.scale)
    if header and board.score not in header:
        raise TableError(path, "the column is missing", column=board.score)
    return board


def take(imported: Imported, row: Row, board: Board) -> None:
    """Add one hub row to what is imported, as a score or as dropped."""
    spelling, score = row.text("Model version"), row.number(board.score)
    if not spelling:
        imported.drop(row.line, row.text("Name"), "no model version")
        return
    imported.add_model(row.line, spelling, released=row.day("Release date"), organization=row.text("Organization"))
    error = row.number(board.standard_error) if board.standard_error else None
    imported.add_score(
        row.line, board.benchmark, _version(row, board), spelling, _scaled(score, board),
        _grade(row, board), ", ".join(filter(None, (_setting(row, column) for column in board.setting))),
        _scaled(error, board), row.day(board.run_on) if board.run_on else None,
        column=board.score,
    )  # fmt: skip


def _version(row: Row, board: Board) -> str:
    """Return the board's version; METR's file mixes suites, and leaves the first one's name blank.

    An unknown suite is wrong with the file, not with a row: its scores are of another test.
    """
    suite = row.text("METR version")
    if not suite:
        return board.version
    if suite not in SUITES:
        raise TableError(row.path, f'"{suite}" is no known suite', column="METR version")
    return SUITES[suite]


def _scaled(value: float | None, board: Board) -> float | None:
    """Return a share in percent, whatever its scale."""
    if value is None or board.scale is None:
        return value
    return percent(value) if board.scale == 1 else round(value * board.scale * 100, 9)


def _grade(row: Row, board: Board) -> Grade:
    if board.grade == "collected" and row.text("Source") in _INDEPENDENT:
        return "board-run"
    return board.grade


def _setting(row: Row, column: str) -> str:
    text = row.text(column)
    return f"{text.removesuffix('.0')} shots" if text and column == "Shots" else text
