"""Epoch AI Benchmarking Hub: one CSV per benchmark, each with a score column of its own.

What the boards of `curated/epoch_boards.csv` are is known. Where Epoch's `benchmark_metadata.csv` lies beside a board,
its scale holds, and its score column where the board has no longer the listed one; a board that it alone declares is a
benchmark of its own. WeirdML's "Accuracy SE"
is not listed: it holds variances (0.000164 where the author's board has 0.0128).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from core.errors import TableError
from core.evidence.importers import epoch_boards
from core.evidence.importers.epoch_boards import DeclaredBoard
from core.evidence.importers.metr import SUITES
from core.evidence.importers.rows import UNKNOWN_SUITE, Grade, Imported, Row, percent, read_csv
from core.store.tables import shipped

METADATA = "benchmark_metadata.csv"


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


def successors(declared: Mapping[str, DeclaredBoard]) -> list[str]:
    """Name each board of ours that is superseded, as Epoch declares, by one that does not succeed it here."""
    succeeds = {
        (row.text("benchmark_id"), row.text("version")): row.text("succeeds")
        for row in read_csv(shipped() / "curated" / "benchmarks.csv", ("benchmark_id", "version", "succeeds"))
    }
    ours, files = boards(), {board.name: file for file, board in declared.items()}
    lines = []
    for file, board in declared.items():
        if file not in ours or not board.superseded_by:
            continue
        old, new = ours[file], ours.get(files.get(board.superseded_by, ""))
        if new is None or (new.benchmark, succeeds.get((new.benchmark, new.version))) != (old.benchmark, old.version):
            lines.append(
                f"proposed: {board.superseded_by} in place of {board.name}, which it supersedes by Epoch's word"
            )
    return lines


def read(path: Path) -> Imported:
    """Read one file of the hub, named as Epoch names it; a file of another benchmark is dropped row by row."""
    board, imported = boards().get(path.name), Imported()
    declared = epoch_boards.read_beside(path, METADATA).get(path.name)
    if board is None and declared is not None:
        board = _new_board(path, declared, imported)
    if board is None:
        for row in imported.count(read_csv(path, ())):
            imported.drop(row.line, row.text("Model version"), "not one of gapbrief's benchmarks")
        return imported
    rows = list(read_csv(path, ("Model version", "Release date")))
    board = _as_declared(board, declared, path, rows[0].values if rows else {})
    for row in imported.count(rows):
        take(imported, row, board)
    return imported


def _new_board(path: Path, declared: DeclaredBoard, imported: Imported) -> Board:
    """Return how a board is read that Epoch alone declares: it doesn't say who ran the tests."""
    if not declared.score_column or declared.scale is None:
        raise TableError(path, "no column of scores, or no scale of these, is declared")
    raw = epoch_boards.raw_board(path.name, declared)
    imported.boards.append(raw)
    return Board(raw.benchmark, raw.version, declared.score_column, declared.scale, True, "collected", "", "", ())


def _as_declared(board: Board, declared: DeclaredBoard | None, path: Path, header: Mapping[str, str]) -> Board:
    """Return a board with the scale that Epoch declares, and its column where the board's own is gone."""
    if board.declared and declared is not None:
        column = board.score if board.score in header else declared.score_column
        board = replace(board, score=column or board.score, scale=declared.scale or board.scale)
    if header and board.score not in header:
        raise TableError(path, "the column is missing", column=board.score)
    return board


def take(imported: Imported, row: Row, board: Board) -> None:
    """Add one hub row to what is imported, as a score or as dropped.

    METR's file mixes suites, and leaves the first one's name blank; scores of an unknown one are of another test.
    """
    spelling, score = row.text("Model version"), row.number(board.score)
    if not spelling:
        imported.drop(row.line, row.text("Name"), "no model version")
        return
    imported.add_model(row.line, spelling, released=row.day("Release date"), organization=row.text("Organization"))
    error, suite = row.number(board.standard_error) if board.standard_error else None, row.text("METR version")
    if suite and suite not in SUITES:
        imported.drop(row.line, spelling, f'METR version "{suite}" {UNKNOWN_SUITE}')
        return
    imported.add_score(
        row.line, board.benchmark, SUITES[suite] if suite else board.version, spelling, _scaled(score, board),
        _grade(row, board), ", ".join(filter(None, (_setting(row, column) for column in board.setting))),
        _scaled(error, board), row.day(board.run_on) if board.run_on else None,
        column=board.score,
    )  # fmt: skip


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
