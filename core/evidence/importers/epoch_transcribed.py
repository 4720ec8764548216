"""Rows transcribed from later copies of Epoch's hub, in percent: whole boards, and whole from a day on."""

from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import Grade, Imported, read_csv

_BOARDS: dict[str, tuple[str, str, str, Grade]] = {
    "arc_agi_1": ("arc-agi", "1", "score_pct", "board-run"),
    "arc_agi_2": ("arc-agi-2", "1", "score_pct", "board-run"),
    "frontierswe_v2": ("frontierswe", "2", "mean5_pct", "board-run"),
    "frontiermath_tier_4_v2": ("frontiermath-tier-4", "2", "score_pct", "epoch-run"),
    "frontiermath_tiers_1_3_v2": ("frontiermath", "2", "score_pct", "epoch-run"),
    "gpqa_diamond": ("gpqa-diamond", "1", "score_pct", "epoch-run"),
    "hle": ("hle", "1", "accuracy_pct", "board-run"),
    "otis_mock_aime": ("otis-mock-aime", "2024-2025", "score_pct", "epoch-run"),
}
"""By how a file's name begins: benchmark, version, column of the score, grade."""


def read(path: Path) -> Imported:
    """Read one file; its board is known by its name. Raises TableError for a name that begins like none."""
    board = next((board for begin, board in _BOARDS.items() if path.stem.startswith(begin)), None)
    if board is None:
        raise TableError(path, f"is named like no board; expected one of {', '.join(_BOARDS)}")
    benchmark, version, column, grade = board
    imported = Imported()
    for row in imported.count(read_csv(path, ("model_version", "release_date", column, "organization"))):
        spelling, score = row.text("model_version"), row.number(column)
        imported.add_model(row.line, spelling, released=row.day("release_date"), organization=row.text("organization"))
        error, run_on = row.number("stderr_pct"), row.day("run_date")
        imported.add_score(row.line, benchmark, version, spelling, score, grade, "", error, run_on, column=column)
    return imported
