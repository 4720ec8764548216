"""A scenario: one supposed score added to the real scores, and what it would change."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Evidence, IntArray, Model
from core.gap.analysis import Analysis, analyse
from core.gap.crossings import board_state, first_crossers, levels_at, released_by, rows_until
from core.gap.index_figure import cache_scale_with
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.standing import StandingGap, standing_gaps


@dataclass(frozen=True)
class FirstPlace:
    """A level at which the supposed model would be the first of its side.

    `other` is the first model of the other side, `displaced` the first model without the supposed score; None if nobody
    is. `months` is the lag with the score, `months_before` without it. `reason` says why the level does not count.
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

    `top` is the highest level that the score reaches, or None; `leader` is the first model of its own side at this
    level without the score. `standing_before` and `standing_after` are the standing gap of the board, or None, both on
    the same day: the later of the newest model's and the supposed model's release.
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
        """Return whether the score would be first at no level and would not move the standing gap."""
        before, after = self.standing_before, self.standing_after
        return not self.first_at and (before and before.months) == (after and after.months)


def with_score(evidence: Evidence, board: int, score: float, day: date, model: Model) -> Evidence:
    """Return the evidence with one more score, marked as supposed, of a new model released on a day.

    The score comes after all rows of the day, so a real score at the same level stays first.
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

    Raises ValueError if the scenario has no supposed score.
    """
    row = scenario.assumed
    if row is None:
        raise ValueError("the evidence holds no supposed score")
    before = analyse(evidence, boards, as_of, parameters)
    if parameters.leads == "index":
        cache_scale_with(scenario, evidence, boards, parameters)
    after = analyse(scenario, boards, as_of, parameters)
    board, model = int(scenario.board[row]), scenario.models[scenario.model[row]]
    is_open = bool(scenario.is_open[row])
    levels = np.array(levels_at(evidence.boards[board], parameters))
    actual = first_crossers(evidence, *rows_until(evidence, board, as_of), levels)
    supposed = first_crossers(scenario, *rows_until(scenario, board, as_of), levels)
    reasons = after.crossings.reasons(scenario)
    own, other_rows = supposed[::-1] if is_open else supposed
    before_it = actual[1] if is_open else actual[0]
    first_at = []
    for number in np.flatnonzero(own == row).tolist():
        other, displaced = _model_of(scenario, other_rows[number]), _model_of(evidence, before_it[number])
        reason = reasons.get((other, model) if is_open else (model, other), "")
        lags = (_lag(displaced, other), _lag(model, other))
        first_at.append(FirstPlace(float(levels[number]), other, displaced, *lags, not reason, reason))
    reached_levels = np.flatnonzero(levels <= scenario.score[row] + 1e-9 * np.maximum(1.0, np.abs(levels)))
    top = int(reached_levels[-1]) if len(reached_levels) else None
    leader = None if top is None else _model_of(evidence, before_it[top])
    gaps = [_measure_standing(world, scenario, as_of, parameters) for world in (evidence, scenario)]
    return Effects(before, after, tuple(first_at), None if top is None else float(levels[top]), leader, *gaps)


def _measure_standing(evidence: Evidence, scenario: Evidence, as_of: int, parameters: Parameters) -> StandingGap | None:
    """Measure the standing gap of the supposed score's board, in an evidence with or without the score.

    "Now" is the day of the newest data, because nobody knows which boards end before a supposed future day.
    """
    row = scenario.assumed or 0
    board, now = int(scenario.board[row]), min(as_of, evidence.newest_data.toordinal())
    newest = board_state(evidence, *rows_until(evidence, board, now), parameters).newest_day or now
    at = max(newest, int(scenario.day[row]))
    return next(iter(standing_gaps(evidence, np.array([board]), now, parameters, at=at).gaps), None)


def _model_of(evidence: Evidence, row: int) -> Model | None:
    """Return the model of a row; None for row -1."""
    return evidence.models[evidence.model[row]] if row >= 0 else None


def _lag(own: Model | None, other: Model | None) -> float | None:
    """Return the open model's release minus the closed model's, in months; None if one is missing."""
    if own is None or other is None:
        return None
    open_, closed = (own, other) if own.is_open else (other, own)
    return (open_.day - closed.day) / MONTH_DAYS
