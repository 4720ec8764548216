"""What `changes` says of two days: how the figures moved and by what, and what is new."""

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact
from core.gap.parameters import MONTH_DAYS
from core.questions.shared_facts import CATCH_UP, INDEX, change_fact, count_fact, day_fact, with_range
from core.words import against, count, day, lag, level, likely_change, listed

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.crossings import Unmatched
    from core.gap.moves import Changes, Leader, Move, Result

_FEW = 3
"""Unmatched levels that a text tells."""
_SHOWN = 2
"""As many of a list are named."""


def changes_facts(changes: "Changes", since: date, until: date) -> list[Fact]:
    """State everything that the text may say of the period from one day to another."""
    from core.gap.moves import FIRST_RECORDED

    evidence = changes.last.evidence
    facts = [
        day_fact("since", since, "the first day"),
        day_fact("until", until, "the last day"),
        day_fact("since.as_of", changes.first.as_of, "models released by"),
        day_fact("since.known_by", changes.first.evidence.known_by, "scores known by, on the first day"),
        day_fact("recorded", FIRST_RECORDED, "the first snapshot"),
        day_fact("known_by", evidence.known_by, "scores known by"),
    ]
    for prefix, measure, moves in told_moves(changes):
        for name, move in moves.items():
            facts += _move_facts(prefix, measure, name, move)
        verdicts = {f"{name} tests": _verdict(move) for name, move in moves.items() if None not in _ends(move)}
        if verdicts:
            one, *others = dict.fromkeys(verdicts.values())
            said = "; ".join(f"{verdict} on {where}" for where, verdict in verdicts.items()) if others else one
            facts.append(Fact(f"{prefix}verdict", None, "", f"whether the {measure} itself moved", said))
    facts += _result_facts(changes)
    if changes.leaders:
        shown = [_leader(evidence, each) for each in changes.leaders]
        facts.append(count_fact("leaders", len(shown), "leaders", f"{len(shown)}: {_some(shown)}", "changed"))
    for key, unmatched in (("waits", changes.newly_unmatched), ("waits_no_more", changes.no_longer_unmatched)):
        if unmatched:
            shown = [f"{level_on(evidence, each)} ({evidence.models[each.closed].name})" for each in unmatched]
            some = listed(shown) if len(shown) <= _FEW else f"{', '.join(shown[:_FEW])} and more, in the table"
            told = f"{count(len(unmatched), 'level')}: {some}"
            facts.append(count_fact(key, len(unmatched), "levels", told, side="closed"))
    return [*facts, _scores_fact(changes)]


def told_moves(changes: "Changes") -> list[tuple[str, str, "dict[str, Move]"]]:
    """Return the measures whose moves are told, that which leads first: how facts of it begin, its name, its moves."""
    on_index = {name: move for name, move in changes.on_index.items() if move.after.months is not None}
    return [*([("index.", INDEX, on_index)] if on_index else []), ("", CATCH_UP, changes.moves)]


def _move_facts(prefix: str, measure: str, name: str, move: "Move") -> list[Fact]:
    """State how a class's figure moved; whether the gap itself did is said only where the interval leaves no doubt."""
    where, (before, after) = f"{name} tests", _ends(move)
    subject = f"{measure} on {where}"
    of: dict[str, Any] = {"subject": subject, "access": name, "low": move.total.low, "high": move.total.high}
    if before is None or after is None:
        figures = [f"{with_range(line)} {when}" for line, when in ((move.before, "then"), (move.after, "now"))]
        return [change_fact(f"{prefix}move.{name}", None, f"can't tell: {' and '.join(figures)}", **of)]
    total = after - before
    if lag(before) == lag(after):
        verb, brief = "stayed", f"at {lag(after)} on {where}"
    else:
        verb, brief = "went", f"from {lag(before)} to {lag(after)} on {where}"
    shown = f"from {with_range(move.before)} to {with_range(move.after)}"
    if total:
        seen = before + (move.revision or 0.0)
        parts = f"new models: {_moved(seen, after)}, late or corrected scores: {_moved(before, seen)}"
        shown += f": {_moved(before, after)} ({parts}); {_verdict(move)}"
    elif with_range(move.before) == with_range(move.after):
        shown = f"{with_range(move.after)} on both days"
    return [
        change_fact(f"{prefix}{verb}.{name}", total, brief, **of),
        change_fact(f"{prefix}move.{name}", total, shown, **of),
    ]


def _ends(move: "Move") -> tuple[float | None, float | None]:
    return move.before.months, move.after.months


def _moved(before: float, after: float) -> str:
    """Write a move as the difference of the figures that are shown, so that what is shown adds up."""
    if math.isclose(before, after, abs_tol=1e-9):
        return "no change"
    apart = f"{abs(round(after, 1) - round(before, 1)):.1f}"
    amount = "less than 0.1" if apart == "0.0" else apart
    return f"{amount} {'longer' if after > before else 'shorter'}"


def _verdict(move: "Move") -> str:
    low, high = move.total.low, move.total.high
    if low is None or high is None or not move.total.direction:
        return "can't tell whether the gap itself moved"
    return f"the gap itself is {'longer' if low > 0 else 'shorter'} ({likely_change(low, high, 'shorter', 'longer')})"


def _result_facts(changes: "Changes") -> list[Fact]:
    """State the results that are new, no longer counted, and changed by late or corrected scores."""
    evidence, before = changes.last.evidence, changes.first.evidence
    facts = []
    if changes.added:
        some = _some([_result(evidence, each) for each in changes.added], "; ")
        number = count(len(changes.added), "result")
        facts.append(count_fact("added", len(changes.added), "results", f"{number}: {some}", "new", side="open"))
        newest = f"{number}; the newest: {_result(evidence, changes.added[0])}" if len(changes.added) > 1 else some
        facts.append(count_fact("newest_added", len(changes.added), "results", newest, "new", side="open"))
    if changes.removed:
        n_removed = len(changes.removed)
        told = count(n_removed, "result")
        facts.append(count_fact("removed", n_removed, "results", told, "no longer counted", side="open"))
    parts = [
        f"{verb} {count(len(results), 'result')} (newest: {_result(known, results[0])})"
        for verb, results, known in (
            ("brought", changes.revised_in, evidence),
            ("removed", changes.revised_out, before),
        )
        if results
    ]
    if parts:
        n_revised = len(changes.revised_in) + len(changes.revised_out)
        shown = f"late or corrected scores {' and '.join(parts)}"
        facts.append(count_fact("revised", n_revised, "results", shown, "changed by revision", side="open"))
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


def level_on(evidence: "Evidence", unmatched: "Unmatched") -> str:
    """Write a level with its test: "50 % on FrontierMath"."""
    board = evidence.boards[unmatched.board]
    return f"{level(unmatched.threshold, board.unit)} on {board.name}"


def _some(shown: Sequence[str], apart: str = ", ") -> str:
    """List the first few, and how many more there are."""
    more = len(shown) - _SHOWN
    if apart == ", ":
        return listed(shown, _SHOWN + 1)
    return apart.join([*shown[:_SHOWN], *([f"and {more} more"] if more > 0 else [])])


def _scores_fact(changes: "Changes") -> Fact:
    scores = changes.scores
    came = scores.of_new + scores.of_older + scores.of_later
    parts, since = [f"{scores.of_new} of models released in the period"], ""
    if changes.first.evidence.known_by < changes.last.evidence.known_by:
        since = f" since {day(changes.first.evidence.known_by)}"
        parts.append(f"{scores.of_older} of older models, late or corrected")
    if scores.of_later:
        parts.append(f"{scores.of_later} of models released after {day(changes.last.as_of)}, which do not count yet")
    shown = f"{came:,}{since}: {', '.join(parts)}"
    if scores.replaced:
        shown += f"; {count(scores.replaced, 'earlier score')} replaced"
    return count_fact("scores", came, "scores", shown, "that came in")
