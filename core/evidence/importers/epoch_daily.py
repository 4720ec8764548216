"""One day's scores of the benchmarks that Epoch AI runs, METR's horizons and the index, in one file."""

from pathlib import Path

from core.evidence.importers.rows import Claim, Grade, Imported, read_csv

# FrontierMath stayed version 1 in all three files: the 98 rows of 2026-05-22 are unchanged in 2026-08-22.
_BOARDS: dict[str, tuple[str, str, Grade]] = {
    "eci": ("eci", "hub-2026", "epoch-run"),
    "chess_puzzles": ("chess-puzzles", "1", "epoch-run"),
    "frontiermath_public": ("frontiermath", "1", "epoch-run"),
    "gpqa_diamond": ("gpqa-diamond", "1", "epoch-run"),
    "math_level_5": ("math-level-5", "1", "epoch-run"),
    "metr_time_horizon": ("metr-time-horizons", "mixed", "board-run"),
    "otis_mock_aime": ("otis-mock-aime", "2024-2025", "epoch-run"),
    "simpleqa_verified": ("simpleqa-verified", "1", "epoch-run"),
    "swe_bench_verified": ("swe-bench-verified", "1", "epoch-run"),
}

_CLAIMS: dict[str, Claim] = {"True": "open", "False": "closed"}


def read(path: Path) -> Imported:
    """Read one day's file; the last of them also carries a third party's word on openness."""
    imported = Imported()
    for row in imported.count(read_csv(path, ("benchmark", "model", "score", "release_date", "organization"))):
        spelling, score = row.text("model"), row.number("score")
        board = _BOARDS.get(row.text("benchmark"))
        if board is None:
            imported.drop(row.line, spelling, "not one of gapbrief's benchmarks")
            continue
        is_open = row.text("is_open")
        imported.add_model(
            row.line, spelling, row.text("display_name"), row.day("release_date"), row.text("organization"),
            _CLAIMS.get(is_open), f"is_open {is_open}" if is_open else "",
        )  # fmt: skip
        benchmark, version, grade = board
        error = row.number("score_stderr")
        imported.add_score(row.line, benchmark, version, spelling, score, grade, standard_error=error, column="score")
    return imported
