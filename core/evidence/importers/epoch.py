"""Epoch AI's tables other than its hub: the capabilities index, accessibility, and tables of many boards."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.columns import ModelColumns, ScoreColumns, TableForm
from core.evidence.importers.rows import ACCESS, NOT_OURS, TRUE_OR_FALSE, FileContent

_LONG = "long-2026"
"""The version of all boards in the long file; scores are corrected for chance, so no board joins its raw board."""

_INDEX = ScoreColumns("eci", "hub-2026", "ECI Score", "epoch-run")
_INDEX_VERSIONS = ModelColumns(
    "Model version", "Model name", "Release date", "Organization", "Model accessibility", ACCESS.get, country="Country"
)
_INDEX_MODELS = ModelColumns(
    "Model", "Model", "date", "Organization", "Model accessibility", ACCESS.get, country="Country (of organization)"
)
_METADATA = ModelColumns(
    "model_version", "model_group", "date", "organization", "accessibility", ACCESS.get, country="country"
)
_INDEX_FILES = {
    "eci_scores": TableForm(_INDEX_MODELS, replace(_INDEX, score="eci")),
    "model_metadata": TableForm(_METADATA),
}
"""The forms by file name. Until the summer of 2026, Epoch served the index by version, in one file."""


def read_index(path: Path) -> FileContent:
    """Read the index, or the list of all versions; a model without a score is kept as a model.

    An unknown word on accessibility is not a claim.
    """
    form = _INDEX_FILES.get(path.stem, TableForm(_INDEX_VERSIONS, _INDEX))
    form = replace(form, optional=(form.models.organization, form.models.country))
    content = FileContent()
    for row in content.count(form.rows(path)):
        spelling = row.text(form.models.spelling)
        if not spelling:
            content.drop(row.line, row.text(form.models.name), "no model version")
            continue
        form.models.add(content, row, spelling)
        score = form.scores.read(row)
        if score is not None:
            form.scores.add(content, row, spelling, score)
    return content


def read_accessibility(path: Path) -> FileContent:
    """Read the accessibility of new models from a list of versions, or from a part of the index without its scores."""
    is_index = path.stem.startswith("eci_scores")
    form = TableForm(replace(_INDEX_MODELS if is_index else _METADATA, country=""))
    content = form.read_file(path)
    for model in content.models if is_index else ():
        content.drop(model.line, model.spelling, "part of another fit of the index: its scores join no other's")
    return content


# FrontierMath is version 1 in all three files: the 98 rows of 2026-05-22 are unchanged in 2026-08-22.
_daily_columns = partial(ScoreColumns, score="score", grade="epoch-run", standard_error="score_stderr")
_DAILY_SCORES = {
    "eci": _daily_columns("eci", "hub-2026"),
    "chess_puzzles": _daily_columns("chess-puzzles", "1"),
    "frontiermath_public": _daily_columns("frontiermath", "1"),
    "gpqa_diamond": _daily_columns("gpqa-diamond", "1"),
    "math_level_5": _daily_columns("math-level-5", "1"),
    "metr_time_horizon": _daily_columns("metr-time-horizons", "mixed", grade="board-run"),
    "otis_mock_aime": _daily_columns("otis-mock-aime", "2024-2025"),
    "simpleqa_verified": _daily_columns("simpleqa-verified", "1"),
    "swe_bench_verified": _daily_columns("swe-bench-verified", "1"),
}
_DAILY = TableForm(
    ModelColumns(
        "model", "display_name", "release_date", "organization", "is_open", TRUE_OR_FALSE.get, is_labelled=True
    ),
    _DAILY_SCORES["eci"],
    optional=("display_name", "is_open", "score_stderr"),
    others=("benchmark",),
)


def read_daily(path: Path) -> FileContent:
    """Read a day's scores of Epoch's own boards, METR's board and the index; the last file has the models' openness."""
    return _DAILY.read(
        _DAILY.rows(path),
        why_skipped=lambda row: "" if row.text("benchmark") in _DAILY_SCORES else NOT_OURS,
        scores_of=lambda row: _DAILY_SCORES[row.text("benchmark")],
    )


_LONG_BOARDS = {
    "APEX-Agents": "apex-agents",
    "Balrog": "balrog",
    "CL-bench": "cl-bench",
    "CritPt": "critpt",
    "FrontierCode": "frontiercode",
    "Lech Mazur Writing": "lech-mazur-writing",
    "PostTrainBench": "posttrainbench",
    "ProofBench": "proofbench",
    "The Agent Company": "the-agent-company",
}
"""The boards of the long file that no other source has and that at least five models of each side were tested on."""


def read_long(path: Path) -> FileContent:
    """Read the best runs of models on many benchmarks, corrected for chance."""
    models = ModelColumns("model_version", "Model", "date")
    scores = ScoreColumns("", _LONG, "performance", "collected", scale=1)
    form, content = TableForm(models, scores, others=("benchmark",)), FileContent()
    for row in content.count(form.rows(path)):
        board, score, spelling = row.text("benchmark"), scores.read(row), row.text("model_version")
        if board not in _LONG_BOARDS:
            content.drop(row.line, board, "a board that a raw source has, or that too few have taken")
            continue
        models.add(content, row, spelling)
        replace(scores, benchmark=_LONG_BOARDS[board]).add(content, row, spelling, score)
    return content


_TRANSCRIBED = {
    "arc_agi_1": ScoreColumns("arc-agi", "1", "score_pct"),
    "arc_agi_2": ScoreColumns("arc-agi-2", "1", "score_pct"),
    "frontierswe_v2": ScoreColumns("frontierswe", "2", "mean5_pct"),
    "frontiermath_tier_4_v2": ScoreColumns("frontiermath-tier-4", "2", "score_pct", "epoch-run"),
    "frontiermath_tiers_1_3_v2": ScoreColumns("frontiermath", "2", "score_pct", "epoch-run"),
    "gpqa_diamond": ScoreColumns("gpqa-diamond", "1", "score_pct", "epoch-run"),
    "hle": ScoreColumns("hle", "1", "accuracy_pct"),
    "otis_mock_aime": ScoreColumns("otis-mock-aime", "2024-2025", "score_pct", "epoch-run"),
}
"""The boards transcribed from later copies of the hub, in percent, by the prefix of the file name."""


def read_transcribed(path: Path) -> FileContent:
    """Read one file; its name gives the board. Raises TableError for an unknown prefix."""
    scores = next((scores for begin, scores in _TRANSCRIBED.items() if path.stem.startswith(begin)), None)
    if scores is None:
        raise TableError(path, f"is named like no board; expected one of {', '.join(_TRANSCRIBED)}")
    models = ModelColumns("model_version", released="release_date", organization="organization")
    scores = replace(scores, standard_error="stderr_pct", run_on="run_date")
    return TableForm(models, scores, optional=("stderr_pct", "run_date")).read_file(path)
