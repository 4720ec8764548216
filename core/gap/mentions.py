"""Facts that name things: a model, a day, a score, a level. What several questions say in the same words."""

from datetime import date

from core.answer import Fact
from core.evidence.evidence import Board, Evidence
from core.words import day, score


def named(evidence: Evidence, key: str, model: int, subject: str) -> Fact:
    """Name a model (an index)."""
    return Fact(key, evidence.models[model].model_id, "", subject, evidence.models[model].name)


def dated(key: str, at: int, subject: str) -> Fact:
    """Say a day (an ordinal)."""
    return Fact(key, date.fromordinal(at).isoformat(), "date", subject, day(at))


def scored(key: str, value: float, board: Board, subject: str) -> Fact:
    """Say a score on a board, in its unit."""
    return Fact(key, value, board.unit, f"{subject} on {board.name}", score(value, board.unit))


def place(board: Board) -> dict[str, str]:
    """Return what names a board in the data of an answer."""
    return {
        "benchmark": board.benchmark_id,
        "version": board.version,
        "name": board.name,
        "access": board.access,
        "unit": board.unit,
    }
