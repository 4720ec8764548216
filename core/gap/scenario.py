"""A scenario: one supposed score beside the real ones, and what it would change."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from core.evidence.evidence import Evidence, IntArray, Model
from core.gap.analysis import Analysis, analyse
from core.gap.crossings import board_state, first_crossers, levels_at, released_by, rows_until
from core.gap.index_figure import cache_scale_with
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.standing import StandingGap, standing_gaps


@dataclass(frozen=True)
class FirstPlace:
    """A level at which the supposed model would be its side's first.

    `other` is the first of the other side, `displaced` who is first without the supposed score, None where nobody.
    `months` is the lag with it, `months_before` without it. `reason` says why the level does not count, if so.
    """

    threshold: float
    other: Model | None
    displaced: Model | None
    months_before: float | None
    months: float | None
    accepted: bool
    reason: str | None


@dataclass(frozen=True)
class Effects:
    """The figures without and with a supposed score, and the levels at which it would be first.

    `top` is the highest level that it reaches, None where it is below all; `leader` is who of its own side is first
    there without it. `standing_before` and `standing_after` are the standing gap of the board
    at the later of its newest model's release and the supposed one, the same in both; None where it has none.
    """

    before: Analysis
    after: Analysis
    first_at: tuple[FirstPlace, ...]
    top: float | None
    leader: Model | None
    standing_before: StandingGap | None
    standing_after: StandingGap | None

    @property
    def changes_nothing(self) -> bool:
        """Whether the score would be first at no level, and would move no standing gap."""
        before, after = self.standing_before, self.standing_after
        return not self.first_at and (before and before.months) == (after and after.months)


def with_score(evidence: Evidence, board: int, score: float, day: date, model: Model) -> Evidence:
    """Return the evidence with one more score, marked as supposed: of a new model that is released on a day.

    It comes after all rows of that day, so that a real score at the same level stays the first.
    """
    _, stop = released_by(evidence, board, day.toordinal())
    row = {
        "board": board, "model": len(evidence.models), "day": day.toordinal(), "is_open": model.is_open, "score": score,
        "known_from": evidence.known_by.toordinal(), "standard_error": np.nan, "self_reported": False,
    }  # fmt: skip
    columns: dict[str, Any] = {name: np.insert(column, stop, row[name]) for name, column in evidence.columns.items()}
    return replace(evidence, models=(*evidence.models, replace(model, day=day.toordinal())), **columns, assumed=stop)


def effects_of(evidence: Evidence, scenario: Evidence, boards: IntArray, as_of: int, parameters: Parameters) -> Effects:
    """Compare the figures as of a day (ordinal) without a supposed score and with it.

    Raises ValueError where the second evidence has none.
    """
    row = scenario.assumed
    if row is None:
        raise ValueError("the evidence holds no supposed score")
    before = analyse(evidence, boards, as_of, parameters)
    if parameters.leads == "index":
        cache_scale_with(scenario, evidence, boards, parameters)
    after = analyse(scenario, boards, as_of, parameters)
    board, model = int(scenario.board[row]), int(scenario.model[row])
    is_open = bool(scenario.is_open[row])
    levels = np.array(levels_at(evidence.boards[board], parameters))
    actual = first_crossers(evidence, *rows_until(evidence, board, as_of), levels)
    would = first_crossers(scenario, *rows_until(scenario, board, as_of), levels)
    reasons = after.crossings.reasons
    own, others = (would.open, would.closed) if is_open else (would.closed, would.open)
    before_it = actual.open if is_open else actual.closed
    first_at = []
    for number in np.flatnonzero(own == row).tolist():
        other, displaced = _model_of(scenario, others[number]), _model_of(evidence, before_it[number])
        pair = (None if other is None else int(scenario.model[others[number]]), model)
        reason = reasons.get(pair if is_open else pair[::-1], "")
        lags = (_lag(displaced, other), _lag(scenario.models[model], other))
        first_at.append(FirstPlace(float(levels[number]), other, displaced, *lags, not reason, reason))
    reached = np.flatnonzero(levels <= scenario.score[row] + 1e-9 * np.maximum(1.0, np.abs(levels)))
    top = int(reached[-1]) if len(reached) else None
    leader = None if top is None else _model_of(evidence, before_it[top])
    standing = [_standing(world, scenario, as_of, parameters) for world in (evidence, scenario)]
    return Effects(before, after, tuple(first_at), None if top is None else float(levels[top]), leader, *standing)


def _standing(evidence: Evidence, scenario: Evidence, as_of: int, parameters: Parameters) -> StandingGap | None:
    """Measure the standing gap of the board of the supposed score, in the evidence with it or without it.

    "Now" is as of the newest data: what ends before a supposed day to come is not known.
    """
    row = scenario.assumed or 0
    board, now = int(scenario.board[row]), min(as_of, evidence.newest_data.toordinal())
    newest = board_state(evidence, *rows_until(evidence, board, now), parameters).newest_day or now
    at = max(newest, int(scenario.day[row]))
    return next(iter(standing_gaps(evidence, np.array([board]), now, parameters, at=at).gaps), None)


def _model_of(evidence: Evidence, row: int) -> Model | None:
    """Return the model of a row, None for row -1."""
    return evidence.models[evidence.model[row]] if row >= 0 else None


def _lag(own: Model | None, other: Model | None) -> float | None:
    """Return the open model's release minus the closed one's in months, None where there is only one of them."""
    if own is None or other is None:
        return None
    open_, closed = (own, other) if own.is_open else (other, own)
    return (open_.day - closed.day) / MONTH_DAYS
