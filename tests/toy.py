"""Evidence made by hand: a few boards with a few models, for cases that fit on paper."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from core.evidence.evidence import Board, Evidence, Model
from tests import reference

Row = tuple[str, str, str, float]
"""A score: model, release day (ISO), "open" or "closed", score in percent."""

LEVELS = tuple(float(level) for level in range(5, 101, 5))
START = date(2023, 1, 1)


def evidence(
    boards: dict[str, Sequence[Row]],
    *,
    levels: Sequence[float] = LEVELS,
    accepted: frozenset[float] | None = None,
    private: Sequence[str] = (),
) -> Evidence:
    """Make evidence from rows; boards named in `private` are private, all are headline boards."""
    released = {
        row[0]: (date.fromisoformat(row[1]).toordinal(), row[2] == "open") for rows in boards.values() for row in rows
    }
    index = {name: number for number, name in enumerate(sorted(released))}
    ordered = [
        (number, date.fromisoformat(row[1]).toordinal(), index[row[0]], row[2] == "open", float(row[3]))
        for number, rows in enumerate(boards.values())
        for row in sorted(rows, key=lambda row: row[1])
    ]
    columns = list(zip(*ordered, strict=True)) if ordered else [()] * 5
    newest = max((row[1] for rows in boards.values() for row in rows), default="2026-01-01")
    return Evidence(
        "toy",
        date.fromisoformat(newest),
        date.fromisoformat(newest),
        tuple(
            Board(name, "1", name, "private" if name in private else "public", True, "percent", tuple(levels), accepted)
            for name in boards
        ),
        tuple(Model(name, name, day=day, is_open=is_open) for name, (day, is_open) in sorted(released.items())),
        np.array(columns[0], dtype=np.int64),
        np.array(columns[2], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[3], dtype=np.bool_),
        np.array(columns[4], dtype=np.float64),
        board_sources=tuple(frozenset() for _ in boards),
    )


def all_boards(known: Evidence) -> np.ndarray:
    """Return the indices of all boards."""
    return np.arange(len(known.boards))


def as_reference(known: Evidence, number: int) -> reference.Board:
    """Return one board in the form of the slow reference."""
    board, rows = known.boards[number], slice(known.bounds[number], known.bounds[number + 1])
    scores = tuple(
        reference.Score(known.models[model].model_id, date.fromordinal(day), bool(is_open), score)
        for model, day, is_open, score in zip(
            known.model[rows].tolist(),
            known.day[rows].tolist(),
            known.is_open[rows].tolist(),
            known.score[rows].tolist(),
            strict=True,
        )
    )
    return reference.Board(f"{board.benchmark_id} {board.version}", board.study_levels, scores, board.accepted)


@st.composite
def boards(draw: st.DrawFn, min_size: int = 10) -> list[Row]:
    """Draw a board's rows: each model has one release day and one openness, and one to three scores."""
    models = draw(st.lists(st.tuples(st.integers(0, 900), st.booleans()), min_size=min_size, max_size=30))
    rows: list[Row] = []
    for number, (offset, is_open) in enumerate(models):
        day = (START + timedelta(days=offset)).isoformat()
        scores = draw(st.lists(st.integers(0, 400).map(lambda quarter: quarter / 4), min_size=1, max_size=3))
        rows += [(f"model-{number}", day, "open" if is_open else "closed", score) for score in scores]
    return rows
