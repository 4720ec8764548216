"""What may be said of who first reached each level of a benchmark: every figure as a fact."""

from collections import Counter

from core.answer import Fact
from core.evidence.evidence import Board, Evidence
from core.gap.first_crossings import FirstCrossings, Level
from core.gap.frontier import Frontier
from core.questions.reasons import why_not
from core.questions.shared_facts import day_fact, model_fact, score_fact
from core.words import count, day, later, levels, listed, months

Run = tuple[Level, ...]
"""Levels, upwards, that the same two models reached first: one result of the gap."""

SHOWN = 4
"""Results that a text tells."""


def runs(found: FirstCrossings) -> tuple[list[Run], list[Run]]:
    """Return the runs that both sides have reached, and those that only closed models have, each from the top down."""
    merged = found.merged()[::-1]
    return [run for run in merged if run[0].state == "both"], [run for run in merged if run[0].state == "closed only"]


def facts(evidence: Evidence, found: FirstCrossings, leaders: Frontier) -> tuple[Fact, ...]:
    """State everything that the text may say of all levels of a board."""
    board = evidence.boards[found.board]
    both, waiting = runs(found)
    stated = [*_board_facts(board, leaders), *_best(evidence, board, leaders)]
    for number, run in enumerate(both[:SHOWN]):
        stated += _run_facts(evidence, f"run.{number}", run, board)
    if both:
        lag = both[0][0].months or 0.0
        when = "on the same day as" if lag == 0 else f"{months(lag)} {'after' if lag > 0 else 'before'}"
        top = levels(both[0][-1].threshold, both[0][-1].threshold, board.unit)
        stated += [
            Fact("top.level", both[0][-1].threshold, board.unit, "highest level that both sides have reached", top),
            Fact("top.when", lag, "months", top, when),
        ]
    rest = both[SHOWN:]
    if rest:
        span = levels(rest[-1][0].threshold, rest[0][-1].threshold, board.unit)
        shown = f"{count(len(rest), 'more result')} at {span}"
        stated.append(Fact("rest", len(rest), "results", board.name, shown))
    if waiting:
        stated += _run_facts(evidence, "waiting", waiting[-1], board)
        age = waiting[-1][0].age_months or 0.0
        when = f"{months(age)} after" if age else "the day on which"
        stated.append(Fact("waiting.months", age, "months", "wait at the lowest of these", when))
        span = levels(waiting[-1][0].threshold, waiting[0][-1].threshold, board.unit)
        stated.append(Fact("waiting.all", sum(map(len, waiting)), "levels", board.name, span))
    return (*stated, *_led(evidence, found, board), *_not_counted(found))


def level_facts(evidence: Evidence, found: FirstCrossings, leaders: Frontier, asked: float) -> tuple[Fact, ...]:
    """State what the text may say of one level that was asked for, and of its neighbours."""
    board, [place] = (
        evidence.boards[found.board],
        [place for place, level in enumerate(found.levels) if level.threshold == asked],
    )
    stated = [*_board_facts(board, leaders), *_best(evidence, board, leaders)]
    for key, at in (("below", place - 1), ("asked", place), ("above", place + 1)):
        if 0 <= at < len(found.levels):
            stated += _run_facts(evidence, key, (found.levels[at],), board)
    reason = why_not(found.levels[place].reason, found.state)
    if reason:
        stated.append(Fact("reason", reason, "", f"{board.name} in the gap", reason))
    return tuple(stated)


def _board_facts(board: Board, leaders: Frontier) -> list[Fact]:
    return [
        Fact("board", board.name, "", "benchmark", board.name),
        day_fact("newest", leaders.newest_day, f"newest model on {board.name}"),
    ]


def _best(evidence: Evidence, board: Board, leaders: Frontier) -> list[Fact]:
    stated = []
    for side, records in (("closed", leaders.closed), ("open", leaders.open)):
        for best in records[-1:]:
            stated.append(model_fact(evidence, f"best.{side}", best.model, f"best {side} model"))
            stated.append(score_fact(f"best.{side}.score", best.score, board, evidence.models[best.model].name))
    return stated


def _run_facts(evidence: Evidence, key: str, run: Run, board: Board) -> list[Fact]:
    """State a run of levels: the span, the first model of each side with its day, the lag or the wait."""
    low, high = run[0], run[-1]
    span = levels(low.threshold, high.threshold, board.unit)
    stated = [Fact(f"{key}.level", high.threshold, board.unit, board.name, span)]
    for side, model, at in (("closed", low.closed, low.closed_day), ("open", low.open, low.open_day)):
        if model is not None and at is not None:
            stated.append(model_fact(evidence, f"{key}.{side}", model, f"first {side} model at {span}"))
            stated.append(day_fact(f"{key}.{side}.day", at, evidence.models[model].name))
    if low.months is not None:
        stated.append(Fact(f"{key}.months", low.months, "months", f"lag at {span}", later(abs(low.months))))
    if low.age_months is not None:
        stated.append(Fact(f"{key}.age", low.age_months, "months", f"wait at {span}", later(low.age_months)))
    return stated


def _led(evidence: Evidence, found: FirstCrossings, board: Board) -> list[Fact]:
    """State the levels at which an open model was first, or is alone."""
    first, alone = [], []
    for run in found.merged():
        level = run[0]
        if level.open is None:
            continue
        who = f"{levels(level.threshold, run[-1].threshold, board.unit)} ({evidence.models[level.open].name}"
        if level.months is not None and level.months < 0:
            first.append(f"{who}, {later(level.months)})")
        elif level.closed is None:
            alone.append(f"{who}, {day(level.open_day or 0)})")
    stated = []
    if first:
        stated.append(Fact("led", len(first), "results", f"{board.name}, open before closed", listed(first)))
    if alone:
        stated.append(Fact("alone", len(alone), "results", f"{board.name}, open alone", listed(alone)))
    return stated


def _not_counted(found: FirstCrossings) -> list[Fact]:
    """State how many results the gap leaves out, and why; for a board that gives it none, why that is."""
    why = why_not(found.state.reason, found.state)
    if why:
        return [Fact("no_crossings", why, "", "why it gives the gap nothing", why)]
    results = [run[-1] for run in found.merged() if run[0].closed is not None]
    reasons = Counter(why_not(level.reason, found.state) for level in results if level.reason)
    if not reasons:
        return []
    left, total = sum(reasons.values()), count(len(results), "result")
    why = listed([reason if number == left else f"{number} {reason}" for reason, number in sorted(reasons.items())])
    shown = f"{left} of {total} {'does' if left == 1 else 'do'} not count: {why}"
    return [Fact("not_counted", left, "results", "left out of the gap", shown)]
