"""What `changes` says of two days: how the figures moved and by what, and what is new."""

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact
from core.gap.parameters import DEFAULT, MONTH_DAYS
from core.questions.direction_wording import direction_text
from core.questions.shared_facts import INDEX, change_fact, count_fact, day_fact, headline_text, with_range
from core.words import and_list, count, day, lag_text, level, likely_change, month

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.crossings import Unmatched
    from core.gap.moves import Changes, Leader, Move, Result

_FEW = 3
"""Unmatched scores that a text names."""
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
    for name, move in changes.moves.items():
        facts += _move_facts(name, move)
    facts += [*_state_facts(changes), *_result_facts(changes)]
    if changes.leaders:
        shown = [_leader(evidence, each) for each in changes.leaders]
        facts.append(count_fact("leaders", len(shown), "leaders", f"{len(shown)}: {_some(shown)}", "changed"))
    for key, unmatched in (("waits", changes.newly_unmatched), ("waits_no_more", changes.no_longer_unmatched)):
        if unmatched:
            shown = [f"{level_on(evidence, each)} ({evidence.models[each.closed].name})" for each in unmatched]
            some = and_list(shown) if len(shown) <= _FEW else f"{', '.join(shown[:_FEW])} and more, in the table"
            told = f"{count(len(unmatched), 'score')}: {some}"
            facts.append(count_fact(key, len(unmatched), "levels", told, side="closed"))
    return [*facts, _scores_fact(changes)]


def _move_facts(name: str, move: "Move") -> list[Fact]:
    """State how a class's figure moved, with its range, and how much of that is news."""
    where, before, after = f"{name} tests", move.before.months, move.after.months
    of: dict[str, Any] = {"subject": f"the gap on {where}", "access": name, "measure": INDEX}
    of |= {"low": move.total.low, "high": move.total.high}
    if before is None or after is None:
        figures = [f"{with_range(line)} {when}" for line, when in ((move.before, "then"), (move.after, "now"))]
        return [change_fact(f"move.{name}", None, f"can't tell: {' and '.join(figures)}", **of)]
    total = after - before
    figures = [headline_text(line) for line in (move.before, move.after)]
    if figures[0] == figures[1]:
        verb, brief = "stayed", f"at {figures[1]} on {where}"
    else:
        verb, brief = "went", f"from {figures[0]} to {figures[1]} on {where}"
    shown = f"from {with_range(move.before)} to {with_range(move.after)}"
    if total:
        seen = before + (move.revision or 0.0)
        parts = f"new models: {_moved(seen, after)}, late or corrected scores: {_moved(before, seen)}"
        shown += f": {_moved(before, after)}{_spread(move)}; {parts}"
    elif with_range(move.before) == with_range(move.after):
        shown = f"{with_range(move.after)} on both days"
    return [change_fact(f"{verb}.{name}", total, brief, **of), change_fact(f"move.{name}", total, shown, **of)]


def _spread(move: "Move") -> str:
    """Write the range of a move; empty where both days share a month end."""
    low, high = move.total.low, move.total.high
    return "" if low is None or high is None else f" ({likely_change(low, high, 'shorter', 'longer')})"


def _state_facts(changes: "Changes") -> list[Fact]:
    """State whether the gap of all tests together grew, as of both days, read off the path of the last."""
    direction, since = changes.direction, month(DEFAULT.since)
    facts = [change_fact("direction", direction.since.months, direction_text(direction, since), "all tests together",
                         low=direction.since.low, high=direction.since.high)]  # fmt: skip
    if len(direction.path.day):
        states = {1: "wider", 0: "too close to call", -1: "narrower"}
        before, then = direction.path.state_on(changes.first.as_of.toordinal()), day(changes.first.as_of)
        is_same = before == direction.state
        shown = f"no other verdict on {then}" if is_same else f"on {then} it was {states[before]}"
        facts.append(change_fact("direction.before", states[before], shown, "all tests together"))
    return facts


def _moved(before: float, after: float) -> str:
    """Write a move as the difference of the figures that are shown, so that what is shown adds up."""
    if math.isclose(before, after, abs_tol=1e-9):
        return "no change"
    apart = f"{abs(round(after, 1) - round(before, 1)):.1f}"
    amount = "less than 0.1" if apart == "0.0" else apart
    return f"{amount} {'longer' if after > before else 'shorter'}"


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
        f" {day(result.open_day)}, {lag_text(lag_, 'after')} {evidence.models[result.closed].name}"
    )


def _leader(evidence: "Evidence", leader: "Leader") -> str:
    side, board = "open" if leader.is_open else "closed", evidence.boards[leader.board]
    best = evidence.models[leader.after[0]].name if leader.after else "none"
    return f"{best} (best {side} model on {board.name})"


def level_on(evidence: "Evidence", unmatched: "Unmatched") -> str:
    """Write a score with its test: "50 % on FrontierMath"."""
    board = evidence.boards[unmatched.board]
    return f"{level(unmatched.threshold, board.unit)} on {board.name}"


def _some(shown: Sequence[str], apart: str = ", ") -> str:
    """List the first few, and how many more there are."""
    more = len(shown) - _SHOWN
    if apart == ", ":
        return and_list(shown, _SHOWN + 1)
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
