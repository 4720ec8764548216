"""Epoch AI Benchmarking Hub: one CSV per benchmark, each with a score column of its own."""

from dataclasses import dataclass
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.metr import SUITES
from core.evidence.importers.rows import Grade, Imported, Row, percent, read_csv


@dataclass(frozen=True)
class Board:
    """Where a hub file keeps what: `fraction` says that scores and errors run from 0 to 1."""

    benchmark: str
    version: str
    score: str
    grade: Grade
    fraction: bool = True
    standard_error: str = ""
    run_on: str = ""
    setting: tuple[str, ...] = ()


def _epoch_run(benchmark: str, version: str = "1") -> Board:
    return Board(benchmark, version, "mean_score", "epoch-run", standard_error="stderr", run_on="Started at")


# WeirdML's "Accuracy SE" holds variances (0.000164 where the author's board has 0.0128): not read.
BOARDS = {
    "aider_polyglot_external": Board(
        "aider-polyglot", "1", "Percent correct", "board-run",
        fraction=False, run_on="Date of evaluation", setting=("Edit format",),
    ),
    "arc_agi_external": Board("arc-agi", "1", "Score", "board-run"),
    "arc_agi_2_external": Board("arc-agi-2", "1", "Score", "board-run"),
    "chess_puzzles": _epoch_run("chess-puzzles"),
    "fictionlivebench_external": Board("fictionlivebench", "120k", "120k token score", "board-run"),
    "frontiermath": _epoch_run("frontiermath"),
    "frontiermath_tier_4": _epoch_run("frontiermath-tier-4"),
    "frontiermath_tier_4_v2": _epoch_run("frontiermath-tier-4", "2"),
    "frontiermath_tiers_1_3_v2": _epoch_run("frontiermath", "2"),
    "gpqa_diamond": _epoch_run("gpqa-diamond"),
    "gsm8k_external": Board("gsm8k", "1", "EM", "collected", setting=("Source", "Shots")),
    "hle_external": Board("hle", "1", "Accuracy", "board-run", standard_error="Accuracy Standard Error"),
    "math_level_5": _epoch_run("math-level-5"),
    "metr_time_horizons_external": Board("metr-time-horizons", "1.0", "Time horizon", "board-run", fraction=False),
    "mmlu_external": Board("mmlu", "1", "EM", "collected", setting=("Source", "Shots")),
    "otis_mock_aime_2024_2025": _epoch_run("otis-mock-aime", "2024-2025"),
    "simplebench_external": Board("simplebench", "1", "Score (AVG@5)", "board-run"),
    "simpleqa_verified": _epoch_run("simpleqa-verified"),
    "swe_bench_verified": _epoch_run("swe-bench-verified"),
    "terminalbench_external": Board(
        "terminal-bench", "2", "Accuracy mean", "board-run",
        standard_error="Accuracy SE", run_on="Run date", setting=("Agent",),
    ),
    "weirdml_external": Board("weirdml", "2", "Accuracy", "board-run"),
}  # fmt: skip

# Sources of collected scores that ran the test themselves on other labs' models.
_INDEPENDENT = ("Stanford CRFM Leaderboard", "Standford HELM")


def read(path: Path) -> Imported:
    """Read one file of the hub, named as Epoch names it; a file of another benchmark is dropped row by row."""
    board = BOARDS.get(path.stem)
    imported = Imported()
    if board is None:
        for row in imported.count(read_csv(path, ())):
            imported.drop(row.line, row.text("Model version"), "not one of gapbrief's benchmarks")
        return imported
    for row in imported.count(read_csv(path, ("Model version", "Release date", board.score))):
        take(imported, row, board)
    return imported


def take(imported: Imported, row: Row, board: Board) -> None:
    """Add one hub row to what is imported, as a score or as dropped."""
    spelling, score = row.text("Model version"), row.number(board.score)
    if not spelling:
        imported.drop(row.line, row.text("Name"), "no model version")
        return
    imported.add_model(row.line, spelling, released=row.day("Release date"), organization=row.text("Organization"))
    error = row.number(board.standard_error) if board.standard_error else None
    imported.add_score(
        row.line, board.benchmark, _version(row, board), spelling, percent(score) if board.fraction else score,
        _grade(row, board), ", ".join(filter(None, (_setting(row, column) for column in board.setting))),
        percent(error) if board.fraction else error, row.day(board.run_on) if board.run_on else None,
        column=board.score,
    )  # fmt: skip


def _version(row: Row, board: Board) -> str:
    """Return the board's version; METR's file mixes suites, and leaves the first one's name blank."""
    suite = row.text("METR version")
    if not suite:
        return board.version
    if suite not in SUITES:
        raise TableError(row.path, f'"{suite}" is no known suite', row.line, "METR version")
    return SUITES[suite]


def _grade(row: Row, board: Board) -> Grade:
    if board.grade == "collected" and row.text("Source") in _INDEPENDENT:
        return "board-run"
    return board.grade


def _setting(row: Row, column: str) -> str:
    text = row.text(column)
    return f"{text.removesuffix('.0')} shots" if text and column == "Shots" else text
