"""What `timeline` says of who first reached each level of a benchmark: figures as facts, and their lines."""

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from core.answer import Fact, Line, details
from core.questions.noise_wording import NOISE
from core.questions.reasons import why_not
from core.questions.shared_facts import (
    BETWEEN,
    as_of_lines,
    count_fact,
    day_fact,
    model_fact,
    name_fact,
    of_board,
    score_fact,
    stated,
)
from core.words import and_list, count, day, lag_text, levels, months

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence
    from core.gap.crossings import FirstCrossings, Level
    from core.gap.records import Frontier

_SHOWN = 4
"""Results that a text tells."""
_THERE = "model there in the data to {newest}"
_UNMATCHED = "{waiting.all}: no open " + _THERE + ", {waiting.months} {waiting.closed} reached the lowest of these"
_MORE = details((
    Line("Below", "{rest}, in the table"),
    Line("Not matched", _UNMATCHED + " ({waiting.closed.day})[; best open {best.open}, {best.open.score}]"),
    Line("Open first", "{led}"),
    Line("Open alone", f"{{alone}}; no closed {_THERE}"),
    Line("In the gap", "this test gives no results: {no_crossings}"),
    Line("In the gap", "{not_counted}"),
))  # fmt: skip
"""Lines on all levels of a test, after those on single results."""


def runs(found: "FirstCrossings") -> "tuple[list[tuple[Level, ...]], list[tuple[Level, ...]]]":
    """Return the runs of levels that both sides have reached, and those that only closed models have, the top first."""
    merged = found.merged()[::-1]
    return [run for run in merged if run[0].state == "both"], [run for run in merged if run[0].state == "closed only"]


def timeline_facts(evidence: "Evidence", found: "FirstCrossings", leaders: "Frontier") -> list[Fact]:
    """State everything that the text may say of all levels of a board."""
    board, (both, unmatched) = evidence.boards[found.board], runs(found)
    fact = partial(stated, access=board.access, benchmark=board.name)
    facts = _board_facts(board, leaders)
    for number, run in enumerate(both[:_SHOWN]):
        facts += _run_facts(evidence, f"run.{number}", run, board)
    if both:
        top, lag = both[0][-1].threshold, both[0][0].months or 0.0
        facts += [
            fact("top.level", top, board.unit, levels(top, top, board.unit), "level", level=top),
            fact("top.when", lag, "months", lag_text(lag, "after"), "lag", level=top, measure=BETWEEN),
        ]
    rest = both[_SHOWN:]
    if rest:
        span = levels(rest[-1][0].threshold, rest[0][-1].threshold, board.unit)
        facts.append(fact("rest", len(rest), "results", f"{count(len(rest), 'more result')} at {span}", "count"))
    if unmatched:
        facts += _run_facts(evidence, "waiting", unmatched[-1], board)
        age = unmatched[-1][0].age_months or 0.0
        after = f"{months(age)} after" if age else "the day on which"
        span = levels(unmatched[-1][0].threshold, unmatched[0][-1].threshold, board.unit)
        facts += [
            fact("waiting.months", age, "months", after, "duration"),
            fact("waiting.all", sum(map(len, unmatched)), "levels", span, "count", side="closed"),
        ]
    return [*facts, *_led_facts(evidence, found, board), *_not_counted(found, board)]


def level_facts(evidence: "Evidence", found: "FirstCrossings", leaders: "Frontier", asked: float) -> list[Fact]:
    """State what the text may say of one level that was asked for, and of its neighbours."""
    board, place = evidence.boards[found.board], place_of(found, asked)
    facts = _board_facts(board, leaders)
    for key, at in (("below", place - 1), ("asked", place), ("above", place + 1)):
        if 0 <= at < len(found.levels):
            facts += _run_facts(evidence, key, (found.levels[at],), board)
    reason = why_not(found.levels[place].reason, found.state)
    return [*facts, stated("reason", reason, "", reason, "note", **of_board(board))] if reason else facts


def place_of(found: "FirstCrossings", asked: float) -> int:
    """Return the place of a level among those that were found."""
    return next(number for number, level in enumerate(found.levels) if level.threshold == asked)


def _board_facts(board: "Board", leaders: "Frontier") -> list[Fact]:
    facts = [
        name_fact("board", board.name, **of_board(board)),
        day_fact("newest", leaders.newest_day, f"newest model on {board.name}"),
    ]
    for side, best in leaders.best.items():
        facts.append(model_fact(f"best.{side}", best.model))
        facts.append(score_fact(f"best.{side}.score", best.score, board, best.model.name))
    return facts


def _run_facts(evidence: "Evidence", key: str, run: "tuple[Level, ...]", board: "Board") -> list[Fact]:
    """State a run of levels: the span, the first model of each side with its day, the lag or the age."""
    low, high = run[0], run[-1]
    span = levels(low.threshold, high.threshold, board.unit)
    fact = partial(stated, level=high.threshold, access=board.access, benchmark=board.name)
    facts = [fact(f"{key}.level", high.threshold, board.unit, span, "level")]
    for side, model, at in (("closed", low.closed, low.closed_day), ("open", low.open, low.open_day)):
        if model is not None and at is not None:
            facts.append(model_fact(f"{key}.{side}", evidence.models[model]))
            facts.append(day_fact(f"{key}.{side}.day", at, evidence.models[model].name))
    if low.months is not None:
        facts.append(
            fact(f"{key}.months", low.months, "months", lag_text(abs(low.months), "later"), "lag", measure=BETWEEN)
        )
    if low.age_months is not None:
        facts.append(fact(f"{key}.age", low.age_months, "months", lag_text(low.age_months, "later"), "duration"))
    return facts


def _led_facts(evidence: "Evidence", found: "FirstCrossings", board: "Board") -> list[Fact]:
    """State the levels at which an open model was first, or is alone."""
    said: dict[str, list[str]] = {"led": [], "alone": []}
    for run in found.merged():
        level = run[0]
        if level.open is None:
            continue
        who = f"{levels(level.threshold, run[-1].threshold, board.unit)} ({evidence.models[level.open].name}"
        if level.months is not None and level.months < 0:
            said["led"].append(f"{who}, {lag_text(level.months, 'later')})")
        elif level.closed is None:
            said["alone"].append(f"{who}, {day(level.open_day or 0)})")
    of = {"side": "open", **of_board(board)}
    return [count_fact(key, len(each), "results", and_list(each), **of) for key, each in said.items() if each]


def _not_counted(found: "FirstCrossings", board: "Board") -> list[Fact]:
    """State how many results the gap leaves out, and why; for a board that gives it none, why that is."""
    fact = partial(stated, access=board.access, benchmark=board.name)
    why = why_not(found.state.reason, found.state)
    if why:
        return [fact("no_crossings", why, "", why, "note")]
    results = [run[-1] for run in found.merged() if run[0].closed is not None]
    reasons = Counter(why_not(level.reason, found.state) for level in results if level.reason)
    if not reasons:
        return []
    left, total = sum(reasons.values()), count(len(results), "result")
    why = and_list([reason if number == left else f"{number} {reason}" for reason, number in sorted(reasons.items())])
    shown = f"{left} of {total} {'does' if left == 1 else 'do'} not count: {why}"
    return [fact("not_counted", left, "results", shown, "count")]


# ---- the lines


def timeline_lines(found: "FirstCrossings", access: str) -> list[Line]:
    """Return the text on all levels as templates: the highest first, then what is unmatched and counts."""
    both, unmatched = runs(found)
    nobody = "model in the data has reached a level of {board} that is looked at"
    title = f"No {'closed ' if found.levels else ''}{nobody}"
    if both:
        title = "{run.0.open} was the first open model at {top.level} on {board}, on {run.0.open.day}, {top.when}"
        title += " {run.0.closed}"
    elif unmatched:
        title = f"No open {nobody}; closed ones have {{waiting.all}}"
    told = [
        Line(f"At {{run.{number}.level}}", _said(f"run.{number}", run[0]), detail=number != 1)
        for number, run in enumerate(both)
    ]
    waits = Line("Unmatched", "{waiting.all}, since {waiting.closed} on {waiting.closed.day}")
    return [Line("", title, ("when", "who", "level")), waits, *told[:_SHOWN], *_MORE, *_ends(access)]


def level_lines(found: "FirstCrossings", access: str, asked: float) -> list[Line]:
    """Return the text on one level as templates: that level first, then its neighbours."""
    place = place_of(found, asked)
    level = found.levels[place]
    around = [(key, at) for key, at in (("above", place + 1), ("below", place - 1)) if 0 <= at < len(found.levels)]
    bests = [side for side, model in (("closed", level.closed), ("open", level.open)) if model is None]
    return [
        Line("", f"{{board}}, {{asked.level}}: {_said('asked', level)}", ("when", "who", "level")),
        *(Line(f"At {{{key}.level}}", _said(key, found.levels[at])) for key, at in around),
        *(Line(f"Best {side}", f"{{best.{side}}}, {{best.{side}.score}}", ("scores",)) for side in bests),
        Line("Noise", NOISE.format(key="asked"), ("sure",), sentence=True, detail=True),
        *([Line("In the gap", "does not count: {reason}", detail=True)] if level.closed is not None else []),
        *_ends(access),
    ]


def _said(key: str, level: "Level") -> str:
    """Return what is said of a level, as a template: the side that was first goes first."""
    closed, open_ = (f"first {side} {{{key}.{side}}} on {{{key}.{side}.day}}" for side in ("closed", "open"))
    if level.state == "both":
        first, then = (closed, open_) if (level.months or 0.0) >= 0 else (open_, closed)
        return f"{first}; {then}, {{{key}.months}}"
    if level.state == "closed only":
        return f"{closed}; no open {_THERE}, {{{key}.age}}"
    if level.state == "open only":
        return f"{open_}; no closed {_THERE}"
    return f"no {_THERE}, closed or open"


def _ends(access: str) -> list[Line]:
    doubt = "what is not in the data may have been reached all the same, by a model that nobody has tested here"
    doubt += "; open models can be trained towards public tests" if access == "public" else ""
    return [
        *as_of_lines("the board's newest model by then: {newest}", aspects=()),
        Line("Can't tell", doubt, ("sure", "explain"), sentence=True, detail=True),
    ]
