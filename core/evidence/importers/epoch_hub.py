"""Epoch AI Benchmarking Hub: one CSV per benchmark, with different score columns.

Known boards are listed in `curated/epoch_boards.csv`. If Epoch's `benchmark_metadata.csv` is in the same folder, its
scale is used, and its score column if the board no longer has the listed column. A board declared only there becomes a
new benchmark. WeirdML's "Accuracy SE" is not listed, because it holds variances (0.000164; the author's board has
0.0128).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import cast

from core.dataclass import dataclass
from core.errors import TableError
from core.evidence.identity import normal_form
from core.evidence.importers.columns import ModelColumns, ScoreColumns
from core.evidence.importers.metr import SUITES
from core.evidence.importers.rows import NOT_OURS, UNKNOWN_SUITE, FileContent, RawBoard, Row, read_csv
from core.store.tables import ScoreGrade, shipped_folder

METADATA = "benchmark_metadata.csv"
DECLARED_VERSION = "hub"
"""The version of all boards that only Epoch declares."""
_LONGEST_NAME = 80
"""In letters; the longest name of Epoch AI's 37 known boards has 38."""
_FILE = re.compile(r"\w[\w. -]*\.csv")
_MOST_BOARDS = 500
"""Most boards of one publisher; Epoch AI declares 88."""
_INDEPENDENT = ("Stanford CRFM Leaderboard", "Standford HELM")
"""Sources of collected scores that ran the tests themselves on other labs' models."""
_MODELS = ModelColumns("Model version", "", "Release date", "Organization")


@dataclass(frozen=True)
class Board(ScoreColumns):
    """The columns of a hub file; `setting` may name several columns, separated by ";".

    `is_declared` is true if the column that Epoch declares holds the same figure as `score`; for Fiction.LiveBench and
    METR it holds another figure.
    """

    is_declared: bool = True


@dataclass(frozen=True)
class DeclaredBoard:
    """What a publisher declares about a board: its name, its score column, and the factor to a fraction.

    `scale` is None if scores are not shares; `superseded_by` is the name of the succeeding board.
    """

    name: str
    score_column: str
    scale: float | None
    superseded_by: str


def known_boards() -> dict[str, Board]:
    """Return the boards that gapbrief reads, by file name."""
    columns = ("source_file", "benchmark", "version", "score_column", "scale", "declared", "grade")
    return {
        row.text("source_file"): Board(
            row.text("benchmark"), row.text("version"), row.text("score_column"), cast(ScoreGrade, row.text("grade")),
            row.number("scale"), row.text("standard_error"), row.text("run_on"), row.text("setting"),
            is_declared=row.text("declared") == "true",
        )
        for row in read_csv(shipped_folder() / "curated" / "epoch_boards.csv", columns)
    }  # fmt: skip


def read_declared(path: Path) -> dict[str, DeclaredBoard]:
    """Read Epoch's own table of its boards, by file name; rows without a valid board are skipped.

    Raises TableError if the table can't be read or lacks a column.
    """
    boards: dict[str, DeclaredBoard] = {}
    for row in FileContent().count(read_csv(path, ("benchmark", "source_file", "score_column", "scale"))):
        name, successor = (
            " ".join(row.text(column).replace("`", "'").split()) for column in ("benchmark", "superseded_by")
        )
        file = row.text("source_file")
        try:
            scale = row.number("scale")
        except TableError:
            continue
        is_named = normal_form(name) and len(name) <= _LONGEST_NAME
        is_file = _FILE.fullmatch(file) and normal_form(_stem(file))
        if is_named and is_file and (scale is None or scale > 0) and len(boards) < _MOST_BOARDS:
            boards.setdefault(file, DeclaredBoard(name, row.text("score_column"), scale, successor))
    return boards


def read_declared_beside(path: Path, name: str = METADATA) -> dict[str, DeclaredBoard]:
    """Read the declared boards in the folder of a board's file; empty if the table is missing or unreadable."""
    path_beside = path.with_name(name)
    try:
        return read_declared(path_beside) if path_beside.exists() else {}
    except TableError:
        return {}


def declared_id(file: str) -> str:
    """Return the benchmark id of a declared board; it comes from the file name, because board names get reworded."""
    return f"epoch-{normal_form(_stem(file))}"


def raw_board(file: str, declaration: DeclaredBoard) -> RawBoard:
    """Return the benchmark of a declared board."""
    return RawBoard(1, declared_id(file), DECLARED_VERSION, declaration.name, _stem(file).replace("_", " "))


def _stem(file: str) -> str:
    return PurePath(file).stem.removesuffix("_external")


def propose_successors(declarations: Mapping[str, DeclaredBoard]) -> list[str]:
    """List the known boards that are superseded by Epoch's declaration but have no such successor in gapbrief."""
    succeeds = {
        (row.text("benchmark_id"), row.text("version")): row.text("succeeds")
        for row in read_csv(shipped_folder() / "curated" / "benchmarks.csv", ("benchmark_id", "version", "succeeds"))
    }
    boards, files = known_boards(), {board.name: file for file, board in declarations.items()}
    lines = []
    for file, board in declarations.items():
        if file not in boards or not board.superseded_by:
            continue
        old, new = boards[file], boards.get(files.get(board.superseded_by, ""))
        if new is None or (new.benchmark, succeeds.get((new.benchmark, new.version))) != (old.benchmark, old.version):
            lines.append(
                f"proposed: {board.superseded_by} in place of {board.name}, which it supersedes by Epoch's word"
            )
    return lines


def read(path: Path) -> FileContent:
    """Read one file of the hub with Epoch's file name; all rows of an unknown benchmark are dropped."""
    board, content = known_boards().get(path.name), FileContent()
    declaration = read_declared_beside(path).get(path.name)
    if board is None and declaration is not None:
        board = _new_board(path, declaration, content)
    if board is None:
        for row in content.count(read_csv(path, ())):
            content.drop(row.line, row.text(_MODELS.spelling), NOT_OURS)
        return content
    rows = list(read_csv(path, (_MODELS.spelling, _MODELS.released)))
    board = _declared_form(board, declaration, path, rows[0].values if rows else {})
    for row in content.count(rows):
        _add_row(content, row, board)
    return content


def _new_board(path: Path, declaration: DeclaredBoard, content: FileContent) -> Board:
    """Return the columns of a board that only Epoch declares; Epoch doesn't say who ran the tests."""
    if not declaration.score_column or declaration.scale is None:
        raise TableError(path, "no column of scores, or no scale of these, is declared")
    raw = raw_board(path.name, declaration)
    content.boards.append(raw)
    return Board(raw.benchmark, raw.version, declaration.score_column, "collected", declaration.scale)


def _declared_form(board: Board, declaration: DeclaredBoard | None, path: Path, header: Mapping[str, str]) -> Board:
    """Return a board with Epoch's declared scale, and with the declared column if the listed column is missing."""
    if board.is_declared and declaration is not None:
        column = board.score if board.score in header else declaration.score_column
        board = replace(board, score=column or board.score, scale=declaration.scale or board.scale)
    if header and board.score not in header:
        raise TableError(path, "the column is missing", column=board.score)
    return board


def _add_row(content: FileContent, row: Row, board: Board) -> None:
    """Add one hub row to the imported rows, as a score or as dropped.

    METR's file mixes suites and leaves the name of the first suite blank; scores of an unknown suite are another test.
    """
    spelling, score = row.text(_MODELS.spelling), board.read(row)
    if not spelling:
        content.drop(row.line, row.text("Name"), "no model version")
        return
    _MODELS.add(content, row, spelling)
    suite = row.text("METR version")
    if suite and suite not in SUITES:
        content.drop(row.line, spelling, f'METR version "{suite}" {UNKNOWN_SUITE}')
        return
    if suite:
        board = replace(board, version=SUITES[suite])
    if board.grade == "collected" and row.text("Source") in _INDEPENDENT:
        board = replace(board, grade="board-run")
    settings = (_setting(row, column) for column in board.setting.split(";"))
    board.add(content, row, spelling, score, ", ".join(filter(None, settings)))


def _setting(row: Row, column: str) -> str:
    text = row.text(column)
    return f"{text.removesuffix('.0')} shots" if text and column == "Shots" else text


_TYPED_FILES = {
    "hle_later_rows": "hle_external.csv",
    "metr_later_rows": "metr_time_horizons_external.csv",
    "simplebench_later_rows": "simplebench_external.csv",
}
_TYPED_BENCHMARKS = {"ARC-AGI": "arc_agi_external.csv", "ARC-AGI-2": "arc_agi_2_external.csv"}


def read_typed_rows(path: Path) -> FileContent:
    """Read rows typed from a later copy of the hub, with only the columns that are needed.

    The file name or the Benchmark column gives the board.
    """
    content, boards = FileContent(), known_boards()
    for row in content.count(read_csv(path, (_MODELS.spelling, _MODELS.released, "id"))):
        file = _TYPED_FILES.get(path.stem) or _TYPED_BENCHMARKS.get(row.text("Benchmark"))
        if file is None:
            content.drop(row.line, row.text(_MODELS.spelling), NOT_OURS)
        else:
            _add_row(content, row, boards[file])
    return content
