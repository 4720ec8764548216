"""What may be said of the changes between two days, in words that follow the interval."""

import math
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from core.answer import Fact
from core.gap.parameters import CLUSTERED_1, MONTH_DAYS
from core.words import against, count, day, lag, level, levels, likely_behind, likely_clear, listed

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Headline
    from core.gap.changes import Changes, Leader, Move, Result, Waiting

_FEW = 3
"""Runs of levels that a text tells."""
_SHOWN = 2
"""As many of a list are named."""


def changes_facts(found: "Changes", since: date, until: date) -> list[Fact]:
    """State everything that the text may say of the period from one day to another."""
    from core.gap.changes import FIRST_RECORDED
    from core.gap.facts import as_of_facts

    evidence, knew = found.last.evidence, found.first.evidence.known_by
    facts = [
        Fact("since", since.isoformat(), "date", "the first day", day(since)),
        Fact("until", until.isoformat(), "date", "the last day", day(until)),
        Fact("since.as_of", found.first.as_of.isoformat(), "date", "models released by", day(found.first.as_of)),
        Fact("since.known_by", knew.isoformat(), "date", "scores known by, on the first day", day(knew)),
        Fact("recorded", FIRST_RECORDED.isoformat(), "date", "the first snapshot", day(FIRST_RECORDED)),
        Fact("known_by", evidence.known_by.isoformat(), "date", "scores known by", day(evidence.known_by)),
    ]
    for name, move in found.moves.items():
        facts += _move_facts(name, move)
    facts += _result_facts(found)
    if found.leaders:
        shown = [_leader(evidence, each) for each in found.leaders]
        facts.append(Fact("leaders", len(shown), "leaders", "changed", f"{len(shown)}: {_some(shown)}"))
    for key, waiting in (("waits", found.waits), ("waits_no_more", found.waits_no_more)):
        if waiting:
            shown = [f"{run_of(evidence, run)} ({evidence.models[run[0].closed].name})" for run in runs(waiting)]
            some = listed(shown) if len(shown) <= _FEW else f"{', '.join(shown[:_FEW])} and more, in the table"
            facts.append(Fact(key, len(waiting), "levels", key.replace("_", " "),
                              f"{count(len(waiting), 'single level')}: {some}"))  # fmt: skip
    return [*facts, _scores_fact(found), *as_of_facts(evidence, found.last.as_of),
            Fact("method", CLUSTERED_1.name, "", "method", CLUSTERED_1.name)]  # fmt: skip


def _move_facts(name: str, move: "Move") -> list[Fact]:
    """State how a class's figure moved; whether the gap itself did is said only where the interval leaves no doubt."""
    where, before, after = f"{name} tests", move.before.months, move.after.months
    if before is None or after is None:
        figures = [f"{_figure(line)} {when}" for line, when in ((move.before, "then"), (move.after, "now"))]
        return [Fact(f"move.{name}", None, "months", where, f"can't tell: {' and '.join(figures)}")]
    total = after - before
    if lag(before) == lag(after):
        verb, brief = "stayed", f"at {lag(after)} on {where}"
    else:
        verb, brief = "went", f"from {lag(before)} to {lag(after)} on {where}"
    shown = f"from {_figure(move.before)} to {_figure(move.after)}"
    if total:
        seen = before + (move.revision or 0.0)
        parts = f"{_moved(seen, after)} by new models, {_moved(before, seen)} by late or corrected scores"
        shown += f": {_moved(before, after)} ({parts}); {_verdict(move)}"
    elif _figure(move.before) == _figure(move.after):
        shown = f"{_figure(move.after)} on both days"
    return [
        Fact(f"{verb}.{name}", total, "months", where, brief),
        Fact(f"move.{name}", total, "months", where, shown),
    ]


def _figure(line: "Headline") -> str:
    if line.months is None:
        return "no figure"
    if line.low is None or line.high is None:
        return lag(line.months)
    return f"{lag(line.months)} ({likely_behind(line.low, line.high)})"


def _moved(before: float, after: float) -> str:
    """Write a move as the difference of the figures that are shown, so that what is shown adds up."""
    if math.isclose(before, after, abs_tol=1e-9):
        return "nothing"
    apart = f"{abs(round(after, 1) - round(before, 1)):.1f}"
    amount = "less than 0.1" if apart == "0.0" else apart
    return f"{amount} {'longer' if after > before else 'shorter'}"


def _verdict(move: "Move") -> str:
    low, high = move.total.low, move.total.high
    if low is None or high is None or low <= 0 <= high:
        return "can't tell whether the gap itself moved"
    small, large = sorted((abs(low), abs(high)))
    return f"the gap itself is {'longer' if low > 0 else 'shorter'} ({likely_clear(small, large)})"


def _result_facts(found: "Changes") -> list[Fact]:
    evidence, before = found.last.evidence, found.first.evidence
    facts = []
    if found.added:
        shown = [_result(evidence, each) for each in found.added]
        facts.append(
            Fact("added", len(shown), "results", "new", f"{count(len(shown), 'result')}: {_some(shown, '; ')}")
        )
    if found.removed:
        facts.append(
            Fact("removed", len(found.removed), "results", "no longer counted", count(len(found.removed), "result"))
        )
    if found.revised_in or found.revised_out:
        parts = []
        for verb, results, known in (("brought", found.revised_in, evidence), ("took", found.revised_out, before)):
            if results:
                parts.append(f"{verb} {count(len(results), 'result')} (newest: {_result(known, results[0])})")
        facts.append(Fact("revised", len(found.revised_in) + len(found.revised_out), "results", "changed by revision",
                          f"late or corrected scores {' and '.join(parts)}"))  # fmt: skip
    return facts


def _result(evidence: "Evidence", result: "Result") -> str:
    board, lag_ = evidence.boards[result.board], (result.open_day - result.closed_day) / MONTH_DAYS
    return (
        f"{evidence.models[result.open].name} reached {level(result.threshold, board.unit)} on {board.name} on"
        f" {day(result.open_day)}, {against(lag_)} {evidence.models[result.closed].name}"
    )


def _leader(evidence: "Evidence", leader: "Leader") -> str:
    side, board = "open" if leader.is_open else "closed", evidence.boards[leader.board]
    best = evidence.models[leader.after[0]].name if leader.after else "none"
    return f"{best} (best {side} model on {board.name})"


def runs(waiting: "Sequence[Waiting]") -> "list[list[Waiting]]":
    """Put the levels of a board that one closed model was first at together, the newest model's first."""
    ordered = sorted(waiting, key=lambda each: (-each.closed_day, each.board, each.closed, each.threshold))
    return [list(run) for _, run in groupby(ordered, key=lambda each: (each.board, each.closed))]


def run_of(evidence: "Evidence", run: "Sequence[Waiting]") -> str:
    """Write the levels of a run: "45 to 50 % on FrontierMath"."""
    board = evidence.boards[run[0].board]
    return f"{levels(run[0].threshold, run[-1].threshold, board.unit)} on {board.name}"


def _some(shown: Sequence[str], apart: str = ", ") -> str:
    """List the first few, and how many more there are."""
    more = len(shown) - _SHOWN
    if apart == ", ":
        return listed(shown, _SHOWN + 1)
    return apart.join([*shown[:_SHOWN], *([f"and {more} more"] if more > 0 else [])])


def _scores_fact(found: "Changes") -> Fact:
    scores = found.scores
    came = scores.of_new + scores.of_older + scores.of_later
    parts, since = [f"{scores.of_new} of models released in the period"], ""
    if found.first.evidence.known_by < found.last.evidence.known_by:
        since = f" since {day(found.first.evidence.known_by)}"
        parts.append(f"{scores.of_older} of older models, late or corrected")
    if scores.of_later:
        parts.append(f"{scores.of_later} of models released after {day(found.last.as_of)}, which do not count yet")
    shown = f"{came:,}{since}: {', '.join(parts)}"
    if scores.replaced:
        shown += f"; {scores.replaced} earlier ones no longer stand"
    return Fact("scores", came, "scores", "that came in", shown)
