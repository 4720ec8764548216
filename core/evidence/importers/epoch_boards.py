"""The boards that a publisher declares itself: which file of its zip holds each, in which column and scale."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePath

from core.errors import TableError
from core.evidence.identity import normal_form
from core.evidence.importers.rows import Imported, RawBoard, read_csv

VERSION = "hub"
_LONGEST_NAME = 80
"""Letters of a board's name; the longest of the 37 of Epoch AI that are known has 38."""
_FILE = re.compile(r"\w[\w. -]*\.csv")
_NAMES = ("benchmark", "superseded_by")
_MOST = 500
"""Boards of one publisher, of which Epoch AI declares 88."""


@dataclass(frozen=True)
class DeclaredBoard:
    """What a publisher says of a board: its name, the column of its scores, and what makes them a share of 1.

    `scale` is None where scores are no share; `superseded_by` is the name of the board that follows.
    """

    name: str
    score_column: str
    scale: float | None
    superseded_by: str


def read(path: Path) -> dict[str, DeclaredBoard]:
    """Read the boards by the names of their files; a row that declares none is passed over.

    Raises TableError where the table can't be read, or lacks a column.
    """
    boards: dict[str, DeclaredBoard] = {}
    for row in Imported().count(read_csv(path, ("benchmark", "source_file", "score_column", "scale"))):
        name, successor = (" ".join(row.text(column).replace("`", "'").split()) for column in _NAMES)
        file = row.text("source_file")
        try:
            scale = row.number("scale")
        except TableError:
            continue
        if (
            not _FILE.fullmatch(file)
            or not normal_form(_stem(file))
            or not normal_form(name)
            or len(name) > _LONGEST_NAME
            or len(boards) == _MOST
        ):
            continue
        if scale is None or scale > 0:
            board = DeclaredBoard(name, row.text("score_column"), scale, successor)
            boards.setdefault(file, board)
    return boards


def read_beside(path: Path, name: str) -> dict[str, DeclaredBoard]:
    """Read what lies beside a board under a name; empty where nothing does, or that can't be read."""
    beside = path.with_name(name)
    try:
        return read(beside) if beside.exists() else {}
    except TableError:
        return {}


def benchmark_id(file: str) -> str:
    """Return the id of the benchmark that a declared board is: of its file, since names are worded anew."""
    return f"epoch-{normal_form(_stem(file))}"


def raw_board(file: str, declared: DeclaredBoard) -> RawBoard:
    """Return the benchmark that a declared board is."""
    return RawBoard(1, benchmark_id(file), VERSION, declared.name, _stem(file).replace("_", " "))


def _stem(file: str) -> str:
    return PurePath(file).stem.removesuffix("_external")
