"""Toy evidence whose models have a day and a side, as the file's do; its headline boards."""

from dataclasses import replace

import numpy as np

from core.evidence.evidence import Evidence


def whole(evidence: Evidence, **changes: object) -> Evidence:
    """Give every model the release day and the side of its scores, and any other change."""
    first = {int(model): row for row, model in reversed(list(enumerate(evidence.model)))}
    models = tuple(
        replace(model, day=int(evidence.day[first[n]]), is_open=bool(evidence.is_open[first[n]]))
        if n in first
        else model
        for n, model in enumerate(evidence.models)
    )
    return replace(evidence, **{"models": models, **changes})


def all_there_always(evidence: Evidence) -> Evidence:
    """Take new versions of benchmarks as if they had been there always: the slow reference knows no succession."""
    return replace(evidence, boards=tuple(replace(board, joins=0) for board in evidence.boards))


def swapped(evidence: Evidence) -> Evidence:
    """Call every open model closed, and every closed one open."""
    return whole(replace(evidence, is_open=~evidence.is_open))


def shifted(evidence: Evidence, days: int) -> Evidence:
    """Release every open model some days later."""
    day = evidence.day + days * evidence.is_open
    order = np.array(sorted(range(len(day)), key=lambda n: (evidence.board[n], day[n])), dtype=np.int64)
    return whole(
        replace(
            evidence,
            board=evidence.board[order],
            model=evidence.model[order],
            day=day[order],
            is_open=evidence.is_open[order],
            score=evidence.score[order],
        )
    )


def headline_boards(evidence: Evidence) -> np.ndarray:
    """Return the indices of the boards that the headline rests on."""
    return np.array([number for number, board in enumerate(evidence.boards) if board.headline])
