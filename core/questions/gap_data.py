"""The analysis as plain values: the figures of the JSON contract (docs/json.md)."""

import math
from dataclasses import asdict
from typing import Any

from core.evidence.evidence import Evidence
from core.gap.analysis import Analysis, ClassGap
from core.gap.crossings import Points
from core.gap.parameters import Parameters
from core.questions.reasons import LEVELS, difference_data, headline_data, mean_kind, why_not
from core.questions.shared_facts import iso


def report(evidence: Evidence, analysis: Analysis, as_of: int, parameters: Parameters) -> dict[str, Any]:
    """Return all figures under the contract's keys; days are ISO dates, what can't be given is None."""
    found = analysis.crossings
    influence = analysis.influence
    boards = sorted({board for gap in analysis.classes.values() for board in gap.boards.tolist()})
    return {
        "access": {name: class_figures(gap, parameters) for name, gap in analysis.classes.items()},
        "benchmarks": [_board(evidence, analysis, board) for board in boards],
        "trend": [row for name, gap in analysis.classes.items() for row in _trend(name, gap)],
        "points": _points(evidence, found.points),
        "pending": [
            {
                **_place(evidence, level.board, level.threshold),
                "closed_model": evidence.models[level.closed].model_id,
                "closed_date": iso(level.closed_day),
                "age_months": level.age_months,
                "newest_data": iso(level.newest_day),
                "accepted": level.accepted,
                "reason": LEVELS[level.reason] or None,
            }
            for level in sorted(found.pending, key=lambda level: -level.age_months)
        ],
        "open_first": _open_first(evidence, analysis),
        "forward": asdict(analysis.forward),
        "private_minus_public": difference_data(analysis.difference),
        "influence": None
        if influence is None
        else {
            "benchmark": evidence.boards[influence.board].benchmark_id,
            "version": evidence.boards[influence.board].version,
            "access": influence.access,
            "months_without": influence.months_without,
        },
        "excluded": [
            {"model": model, "reason": reason} for model, reason in evidence.excluded_from(boards, as_of).items()
        ],
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def class_figures(gap: ClassGap, parameters: Parameters) -> dict[str, Any]:
    """Return the figures of one access class."""
    mean = gap.mean
    return {
        **headline_data(gap.headline, parameters),
        "n_points": len(gap.points.months),
        "n_benchmarks": len(set(gap.points.board.tolist())),
        "minimum": None if gap.minimum is None else {"months": gap.minimum[0], "at": iso(gap.minimum[1])},
        "mean": {
            "months": mean.months,
            "low": mean.low,
            "high": mean.high,
            "prediction_low": mean.prediction_low,
            "prediction_high": mean.prediction_high,
            "interval_kind": mean_kind(mean.no_interval, mean.n_benchmarks),
            "n_points": mean.n_points,
            "n_benchmarks": mean.n_benchmarks,
            "window_from": iso(gap.window_from),
        },
        "change": {**asdict(gap.change), "since": iso(gap.since)},
    }


def _board(evidence: Evidence, analysis: Analysis, board: int) -> dict[str, Any]:
    known, state, gap = evidence.boards[board], analysis.crossings.states[board], analysis.by_board[board]
    return {
        "benchmark": known.benchmark_id,
        "version": known.version,
        "name": known.name,
        "access": known.access,
        "months": gap.months,
        "smallest": gap.smallest,
        "largest": gap.largest,
        "n_points": gap.n_points,
        "newest_data": iso(state.newest_day),
        "open_models": state.open_models,
        "closed_models": state.closed_models,
        "reason": why_not(state.reason, state) or None,
    }


def _trend(access: str, gap: ClassGap) -> list[dict[str, Any]]:
    line = gap.trend
    rows = []
    for place, day in enumerate(line.day.tolist()):
        readable = bool(line.readable[place])
        rows.append(
            {
                "access": access,
                "date": iso(day),
                "months": _number(line.band.months[place]) if readable else None,
                "low": _number(line.low[place]) if readable else None,
                "high": _number(line.high[place]) if readable else None,
                "n_effective": _number(line.band.n_effective[place]),
            }
        )
    return rows


def _place(evidence: Evidence, board: int, threshold: float) -> dict[str, Any]:
    known = evidence.boards[board]
    return {
        "benchmark": known.benchmark_id,
        "version": known.version,
        "access": known.access,
        "threshold": threshold,
    }


def _points(evidence: Evidence, points: Points) -> list[dict[str, Any]]:
    rows = [
        {
            **_place(evidence, int(points.board[n]), float(points.threshold[n])),
            "closed_model": evidence.models[points.closed[n]].model_id,
            "closed_date": iso(int(points.closed_day[n])),
            "open_model": evidence.models[points.open[n]].model_id,
            "open_date": iso(int(points.open_day[n])),
            "gap_months": float(points.months[n]),
            "closed_evidence": evidence.models[points.closed[n]].openness_grade,
            "open_evidence": evidence.models[points.open[n]].openness_grade,
            "accepted": bool(points.accepted[n]),
            "reason": LEVELS[points.reason[n]] or None,
        }
        for n in range(len(points.months))
    ]
    return sorted(rows, key=lambda row: (row["benchmark"], row["version"], row["threshold"]))


def _open_first(evidence: Evidence, analysis: Analysis) -> list[dict[str, Any]]:
    """List the levels at which open led: both sides reached them, open first, or open alone."""
    points = analysis.crossings.points
    led = [
        {key: value for key, value in row.items() if key not in ("accepted", "reason")}
        for row in _points(evidence, points.where(points.months < 0))
    ]
    alone = [
        {
            **_place(evidence, level.board, level.threshold),
            "closed_model": None,
            "closed_date": None,
            "open_model": evidence.models[level.open].model_id,
            "open_date": iso(level.open_day),
            "gap_months": None,
        }
        for level in analysis.crossings.open_only
    ]
    return led + alone
