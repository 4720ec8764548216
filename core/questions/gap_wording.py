"""What may be said of the gap: every figure of an analysis as a fact, in words that follow its interval."""

from collections import Counter
from datetime import date

from core.answer import Fact
from core.evidence.evidence import Evidence
from core.gap.analysis import Analysis, ClassGap
from core.gap.parameters import Parameters
from core.questions.shared_facts import OLD_DAYS, as_of_facts, method_fact
from core.words import count, day, lag, level, likely, likely_behind, likely_either, listed, month, months

_NOTHING_YET = "no level yet that both sides have reached"

_ENDS_EARLY_DAYS = 30
"""A headline date further back than this is explained."""


def facts(
    evidence: Evidence, analysis: Analysis, as_of: date, parameters: Parameters, *, single: bool
) -> tuple[Fact, ...]:
    """State everything that the text may say; `single` where one benchmark was asked for."""
    found: list[Fact] = []
    for name, gap in analysis.classes.items():
        found += class_facts(name, gap, evidence.boards[gap.boards[0]].name if single else f"{name} tests", as_of)
        found += _ends_facts(evidence, analysis, name, gap, as_of)
    found += _waiting_facts(analysis)
    found += _newest_facts(evidence, analysis)
    if analysis.influence is not None:
        board = evidence.boards[analysis.influence.board].name
        without = analysis.influence.months_without
        found += [
            Fact("leans.board", board, "", board, board),
            Fact(
                "leans.without", without, "months", f"{analysis.influence.access} tests without {board}",
                f"{analysis.influence.access} would be {lag(without)}",
            ),
        ]  # fmt: skip
    counted = {int(board) for gap in analysis.classes.values() for board in gap.points.board.tolist()}
    states, boards = analysis.crossings.states, evidence.boards
    end, oldest = min((states[board].newest_day or 0, boards[board].name) for board in counted)
    ends = f"newest model by then: {day(end)}"  # the board itself may go on
    ends = f"the board's {ends}" if single else f"the oldest board's {ends} ({oldest})"
    difference = analysis.difference
    if difference.months is not None:
        found.append(
            Fact("difference", difference.months, "months", "private minus public tests", months(difference.months))
        )
    return (
        *found,
        *as_of_facts(evidence, as_of),
        Fact("oldest_board", date.fromordinal(end).isoformat(), "date", oldest, ends),
        method_fact(parameters),
        since_fact(parameters),
        *_excluded_facts(evidence, analysis, as_of),
        *_doubt_facts(evidence, analysis),
    )  # fmt: skip


def _excluded_facts(evidence: Evidence, analysis: Analysis, as_of: date) -> list[Fact]:
    reasons = evidence.excluded_from(analysis.by_board, as_of.toordinal())
    if not reasons:
        return []
    parts = [f"{count(number, 'model')} ({reason})" for reason, number in sorted(Counter(reasons.values()).items())]
    return [Fact("excluded", len(reasons), "models", "scored, and left out", listed(parts))]


def _doubt_facts(evidence: Evidence, analysis: Analysis) -> list[Fact]:
    """State how many models of the results are open or closed by a third party's word alone."""
    models = {
        int(model)
        for gap in analysis.classes.values()
        for side in (gap.points.closed, gap.points.open)
        for model in side.tolist()
        if evidence.models[model].openness_grade == "third-party"
    }
    if not models:
        return []
    shown = f"{count(len(models), 'model')} in these results: open or closed by a third party's word alone"
    return [Fact("doubt", len(models), "models", "classified by a third party alone", shown)]


def since_fact(parameters: Parameters) -> Fact:
    """State the day that changes are counted from."""
    return Fact(
        "since", parameters.since.isoformat(), "date", "the smallest gap, in the study", month(parameters.since)
    )


def _about(value: float) -> str:
    """Write a lag for the first line in whole months; to a tenth where it is short or lies midway between two."""
    if value < 0.05:
        return "less than 0.1 months"
    if value < 1.5 or f"{value:.1f}".endswith(".5"):
        return f"about {months(value)}"
    return f"about {value:.0f} months"


def class_facts(name: str, gap: ClassGap, subject: str, as_of: date) -> list[Fact]:
    """State the figure of one access class, its range, its basis and its change."""
    headline, n_points, n_boards = gap.headline, len(gap.points.months), len(set(gap.points.board.tolist()))
    results = f"{count(n_points, 'result')} on {count(n_boards, 'test')}"
    if headline.months is None or headline.at is None:
        nothing = f"can't tell: {results}, on no day enough tests for a figure" if n_points else _NOTHING_YET
        return [Fact(f"gap.{name}", None, "months", subject, nothing)]
    value = headline.months
    about = _about(abs(value))
    old = as_of.toordinal() - headline.at > OLD_DAYS
    when = f" ({month(date.fromordinal(headline.at))})" if old else ""
    if headline.low is not None and headline.high is not None:
        spread, bounds = likely_behind(headline.low, headline.high), f"{headline.low:.1f} to {headline.high:.1f}"
    else:
        spread, bounds = _no_range(headline.no_interval), None
    facts = [
        Fact(f"gap.{name}", value, "months", subject, lag(value)),
        Fact(f"about.{name}", value, "months", subject, f"{about} on {subject}{when}"),
        Fact(f"range.{name}", bounds, "months", subject, spread),
        Fact(f"basis.{name}", n_points, "results", subject, f"{results}, read at {day(headline.at)}"),
    ]
    return [*facts, *_change_facts(name, gap, value, subject)]


def _ends_facts(evidence: Evidence, analysis: Analysis, name: str, gap: ClassGap, as_of: date) -> list[Fact]:
    """Say which tests have no newer data, where the headline date lies well before the day asked for."""
    at = gap.headline.at
    if at is None or as_of.toordinal() - at <= _ENDS_EARLY_DAYS:
        return []
    ended = [
        evidence.boards[board].name
        for board in sorted(set(gap.points.board.tolist()))
        if (analysis.crossings.states[board].newest_day or 0) <= at
    ]
    why = f"no newer model on {listed(ended)}" if ended else "no newer results that are enough for a figure"
    shown = f"{name} tests at {day(at)}: {why}"
    return [Fact(f"ends.{name}", date.fromordinal(at).isoformat(), "date", f"{name} tests", shown)]


def _no_range(why: str) -> str:
    return {"one-benchmark": "one test only, so no range", "all-equal": "no range: all tests say the same"}[why]


def _change_facts(name: str, gap: ClassGap, value: float, subject: str) -> list[Fact]:
    """Say wider or narrower only where the interval leaves no doubt, and where open trailed then and trails now."""
    change, key = gap.change, f"change.{name}"
    if change.months is None or change.low is None or change.high is None:
        return [Fact(key, change.months, "months", subject, f"can't tell on {subject}")]
    less, more = ("narrower", "wider") if min(value, value - change.months) >= 0 else ("better", "worse")
    whose = "" if more == "wider" else " for open models"
    if change.low <= 0 <= change.high:
        spread, bounds = likely_either(change.low, change.high, less, more), f"{change.low:.1f} to {change.high:.1f}"
        return [
            Fact(key, change.months, "months", subject, f"can't tell on {subject} ({spread}{whose})"),
            Fact(f"{key}.range", bounds, "months", subject, f"{name} {spread}{whose}"),
        ]
    low, high = sorted((abs(change.low), abs(change.high)))
    since = month(date.fromordinal(gap.since))
    word = f"{more if change.months > 0 else less}{whose}"
    shown = f"{word} than in {since} by {months(change.months)} on {subject} ({likely(low, high)})"
    return [Fact(key, change.months, "months", subject, shown)]


def _waiting_facts(analysis: Analysis) -> list[Fact]:
    waiting, ahead = analysis.forward.n_waiting, analysis.forward
    share = f"{waiting} of {count(waiting + ahead.n_reached, 'level')}"
    facts = [Fact("waiting", waiting, "levels", "reached by closed models only", share)]
    if waiting and ahead.median_months is not None:
        spread = ""
        if ahead.low is not None:
            range_ = f"likely {ahead.low:.0f} or more" if ahead.high is None else likely(ahead.low, ahead.high)
            spread = f", {range_}"
        shown = f"half of all levels took longer than {months(ahead.median_months)}{spread}"
        facts.append(Fact("waiting.median", ahead.median_months, "months", "until open models match a level", shown))
    return facts


def _newest_facts(evidence: Evidence, analysis: Analysis) -> list[Fact]:
    """State the newest crossing: of several on one day, that of the newest closed level."""
    best: tuple[int, int, float, ClassGap, int] | None = None
    for gap in analysis.classes.values():
        points = gap.points
        for n in range(len(points.months)):
            key = (int(points.open_day[n]), int(points.closed_day[n]), float(points.threshold[n]), gap, n)
            if best is None or key[:3] > best[:3]:
                best = key
    if best is None:
        return []
    points, n = best[3].points, best[4]
    board = evidence.boards[points.board[n]]
    open_, closed = evidence.models[points.open[n]].name, evidence.models[points.closed[n]].name
    behind = float(points.months[n])
    when = f"{months(behind)} {'after' if behind > 0 else 'before'}" if behind else "on the same day as"
    return [
        Fact("newest.open", open_, "", "newest open model to match a level", open_),
        Fact("newest.closed", closed, "", "closed model that was first there", closed),
        Fact("newest.board", board.name, "", "benchmark", board.name),
        Fact(
            "newest.level", float(points.threshold[n]), board.unit, board.name, level(points.threshold[n], board.unit)
        ),
        Fact("newest.day", date.fromordinal(best[0]).isoformat(), "date", open_, day(best[0])),
        Fact("newest.gap", behind, "months", open_, when),
    ]
