"""The figures of the gap as plain values: the keys of the JSON contract (docs/json.md). Days are ISO dates."""

from typing import TYPE_CHECKING, Any

from core.gap.parameters import Parameters
from core.questions.board_wording import life_data
from core.questions.direction_wording import direction_data
from core.questions.reasons import (
    LEVELS,
    STANDING,
    headline_data,
    index_data,
    why_not,
)
from core.questions.sensitivity import influences_data
from core.questions.shared_facts import board_data, finite, iso, level_data, model_data

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis, ClassGap
    from core.gap.crossings import Points
    from core.gap.figures import Course


def gap_data(evidence: "Evidence", analysis: "Analysis", as_of: int, parameters: Parameters) -> dict[str, Any]:
    """Return all figures as of a day (ordinal); what can't be given is None."""
    boards = sorted({board for gap in analysis.classes.values() for board in gap.boards.tolist()})
    return {
        "leads": analysis.leads,
        "direction": direction_data(analysis, parameters) if len(boards) > 1 else None,
        "access": {name: class_data(gap, parameters) for name, gap in analysis.classes.items()},
        "benchmarks": [_board_data(evidence, analysis, board) for board in boards],
        "trend": [row for name, gap in analysis.classes.items() for row in _trend_data(name, gap)],
        "points": _points_data(evidence, analysis.crossings.points),
        "pending": [
            {
                **level_data(evidence, level.board, level.threshold),
                **model_data(evidence, "closed", level.closed, level.closed_day),
                "age_months": level.age_months,
                "newest_data": iso(level.newest_day),
                "accepted": level.accepted,
                "reason": LEVELS[level.reason] or None,
            }
            for level in sorted(analysis.crossings.unmatched, key=lambda level: -level.age_months)
        ],
        "open_first": _open_first_data(evidence, analysis),
        "unmatched": len(analysis.unmatched),
        "influences": influences_data(analysis),
        "excluded": [
            {"model": model, "reason": reason} for model, reason in evidence.excluded_from(boards, as_of).items()
        ],
    }


def class_data(gap: "ClassGap", parameters: Parameters) -> dict[str, Any]:
    """Return the figures of one access class: the gap, and catch-up time beside it."""
    return {
        "index": index_data(gap.index, parameters),
        "catch_up": headline_data(gap.catch_up.figure, parameters),
        "n_points": len(gap.points.months),
        "n_benchmarks": len(set(gap.points.board.tolist())),
        "window_from": iso(gap.catch_up.window_from),
    }


def _board_data(evidence: "Evidence", analysis: "Analysis", board: int) -> dict[str, Any]:
    state, gap = analysis.crossings.states[board], analysis.by_board[board]
    return {
        **board_data(evidence.boards[board]),
        "months": gap.months,
        "smallest": gap.smallest,
        "largest": gap.largest,
        "n_points": gap.n_points,
        "standing": _standing_data(evidence, analysis, board),
        "newest_data": iso(state.newest_day),
        "open_models": state.open_models,
        "closed_models": state.closed_models,
        "reason": why_not(state.reason, state) or None,
        **life_data(evidence, analysis.lives[board]),
    }


def _standing_data(evidence: "Evidence", analysis: "Analysis", board: int) -> dict[str, Any]:
    """Return the standing gap of a board with its two models; or why it is not part of "now"."""
    gap = analysis.standing.get(board)
    if gap is None:
        of_class = next(each for each in analysis.classes.values() if board in each.boards)
        return {"months": None, "reason": STANDING[of_class.standing.left_out[board]]}
    models = {"closed_model": evidence.models[gap.closed].model_id, "open_model": evidence.models[gap.open].model_id}
    return {"months": gap.months, "at": iso(gap.at), **models, "since": iso(gap.since), "reason": None}


def _trend_data(access: str, gap: "ClassGap") -> list[dict[str, Any]]:
    """Return the trend at each day of its grid; None where it can't be read."""
    line = gap.catch_up.trend
    columns = {"months": line.band.months, "low": line.low, "high": line.high}
    return [
        {
            "access": access,
            "date": iso(day),
            **{key: finite(values[place]) if line.readable[place] else None for key, values in columns.items()},
            "n_effective": finite(line.band.n_effective[place]),
        }
        for place, day in enumerate(line.day.tolist())
    ]


def course_data(access: str, course: "Course") -> list[dict[str, Any]]:
    """Return the gap of a class on each of its days; None where it can't be read."""
    columns = {"months": course.months, "low": course.low, "high": course.high}
    return [
        {
            "access": access,
            "date": iso(day),
            **{key: finite(values[place]) for key, values in columns.items()},
        }
        for place, day in enumerate(course.day.tolist())
    ]


def _points_data(evidence: "Evidence", points: "Points") -> list[dict[str, Any]]:
    rows = [
        {
            **level_data(evidence, int(points.board[n]), float(points.threshold[n])),
            **model_data(evidence, "closed", int(points.closed[n]), int(points.closed_day[n])),
            **model_data(evidence, "open", int(points.open[n]), int(points.open_day[n])),
            "gap_months": float(points.months[n]),
            "closed_evidence": evidence.models[points.closed[n]].openness_grade,
            "open_evidence": evidence.models[points.open[n]].openness_grade,
            "accepted": bool(points.accepted[n]),
            "reason": LEVELS[points.reason[n]] or None,
        }
        for n in range(len(points.months))
    ]
    return sorted(rows, key=lambda row: (row["benchmark"], row["version"], row["threshold"]))


def _open_first_data(evidence: "Evidence", analysis: "Analysis") -> list[dict[str, Any]]:
    """List the levels at which open led: both sides reached them, open first, or open alone."""
    points = analysis.crossings.points
    led = [
        {key: value for key, value in row.items() if key not in ("accepted", "reason")}
        for row in _points_data(evidence, points.where(points.months < 0))
    ]
    alone = [
        {
            **level_data(evidence, level.board, level.threshold),
            **model_data(evidence, "closed", None, None),
            **model_data(evidence, "open", level.open, level.open_day),
            "gap_months": None,
        }
        for level in analysis.crossings.open_only
    ]
    return led + alone
