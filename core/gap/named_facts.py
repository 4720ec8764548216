"""Facts that name a model, a day or a score, and what names a board: several questions say them in the same words."""

from datetime import date

from core.answer import Fact
from core.evidence.evidence import Board, Evidence
from core.words import day, score


def model_fact(evidence: Evidence, key: str, model: int, subject: str) -> Fact:
    """Name a model (an index)."""
    known = evidence.models[model]
    side = "open" if known.is_open else "closed"
    return Fact(key, known.model_id, "", subject, known.name, "name", side=side, model=known.name)


def day_fact(key: str, at: int, subject: str) -> Fact:
    """Say a day (an ordinal)."""
    iso = date.fromordinal(at).isoformat()
    return Fact(key, iso, "date", subject, day(at), "day", day=iso)


def score_fact(key: str, value: float, board: Board, subject: str) -> Fact:
    """Say a score on a board, in its unit."""
    shown = score(value, board.unit)
    return Fact(
        key, value, board.unit, f"{subject} on {board.name}", shown, "score", access=board.access, benchmark=board.name
    )


def board_data(board: Board) -> dict[str, str]:
    """Return what names a board in the data of an answer."""
    return {
        "benchmark": board.benchmark_id,
        "version": board.version,
        "name": board.name,
        "access": board.access,
        "unit": board.unit,
    }
