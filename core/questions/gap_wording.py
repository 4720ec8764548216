"""What `gap` says: every figure of an analysis as a fact, in words that follow its interval, and the lines of them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from core.answer import Fact, Line
from core.gap.parameters import Parameters
from core.questions.shared_facts import OLD_DAYS, as_of_facts, day_fact, iso, method_fact
from core.text import render_lines
from core.words import (
    about_months,
    against,
    count,
    day,
    lag,
    level,
    likely,
    likely_behind,
    likely_either,
    listed,
    month,
    months,
)  # fmt: skip

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis, ClassGap

_ENDS_EARLY_DAYS = 30
"""A headline date further back than this is explained."""
_MEANING = (
    "open models are those that anybody can download and run, closed ones stay with their makers; the gap is how many"
    " months after the first closed model with a score the first open one got it: how old that score was, not how long"
    " open models will need; private tests keep their questions secret, public ones may flatter open models, which can"
    " be trained towards them"
)
_NO_RANGE = {"one-benchmark": "one test only, so no range", "all-equal": "no range: all tests say the same"}


def gap_facts(
    evidence: "Evidence", analysis: "Analysis", as_of: date, parameters: Parameters, *, single: bool
) -> tuple[Fact, ...]:
    """State everything that the text may say; `single` where one benchmark was asked for."""
    found: list[Fact] = []
    for name, gap in analysis.classes.items():
        board = evidence.boards[gap.boards[0]].name if single else ""
        found += class_facts(name, gap, as_of, board)
        found += _ends_facts(evidence, analysis, name, as_of)
        found += _unmatched_facts(evidence, analysis, name, board)
    found += _forward_facts(analysis)
    found += _newest_facts(evidence, analysis)
    if analysis.influence is not None:
        board, access = evidence.boards[analysis.influence.board].name, analysis.influence.access
        value, subject = analysis.influence.months_without, f"{access} tests without {board}"
        fact = partial(Fact, access=access, benchmark=board)
        found += [
            fact("leans.board", board, "", board, board, "name"),
            fact("leans.without", value, "months", subject, f"the {access} figure would be {lag(value)}", "lag"),
        ]
    if analysis.difference.months is not None:
        value, low, high = analysis.difference.months, analysis.difference.low, analysis.difference.high
        subject = "private minus public tests"
        found.append(Fact("difference", value, "months", subject, months(value), "change", low=low, high=high))
    return (
        *found,
        *as_of_facts(evidence, as_of),
        _oldest_board_fact(evidence, analysis, single=single),
        method_fact(parameters),
        since_fact(parameters),
        *_excluded_facts(evidence, analysis, as_of),
        *_doubt_facts(evidence, analysis),
    )


def since_fact(parameters: Parameters) -> Fact:
    """State the day that changes are counted from."""
    return day_fact("since", parameters.since, "the smallest gap, in the study", month(parameters.since))


def _oldest_board_fact(evidence: "Evidence", analysis: "Analysis", *, single: bool) -> Fact:
    """State the newest model on the board whose data end first; the board itself may go on."""
    states, boards = analysis.crossings.states, evidence.boards
    counted = {int(board) for gap in analysis.classes.values() for board in gap.points.board.tolist()}
    end, oldest = min((states[board].newest_day or 0, boards[board].name) for board in counted)
    shown = f"newest model by then: {day(end)}"
    shown = f"the board's {shown}" if single else f"the oldest board's {shown} ({oldest})"
    return day_fact("oldest_board", end, oldest, shown)


def _excluded_facts(evidence: "Evidence", analysis: "Analysis", as_of: date) -> list[Fact]:
    reasons = evidence.excluded_from(analysis.by_board, as_of.toordinal())
    if not reasons:
        return []
    parts = [f"{count(number, 'model')} ({reason})" for reason, number in sorted(Counter(reasons.values()).items())]
    return [Fact("excluded", len(reasons), "models", "scored, and left out", listed(parts), "count")]


def _doubt_facts(evidence: "Evidence", analysis: "Analysis") -> list[Fact]:
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
    they = "it is" if len(models) == 1 else "they are"
    shown = f"of {count(len(models), 'model')} in these results, only a third party says whether {they} open or closed"
    return [Fact("doubt", len(models), "models", "classified by a third party alone", shown, "count")]


def class_facts(name: str, gap: "ClassGap", as_of: date, board: str = "") -> list[Fact]:
    """State the figure of one access class, or of the one board asked for, its range, its basis and its change."""
    headline, n_points = gap.headline, len(gap.points.months)
    subject, value, low, high = board or f"{name} tests", headline.months, headline.low, headline.high
    results = f"{count(n_points, 'result')} on {count(len(set(gap.points.board.tolist())), 'test')}"
    fact = partial(Fact, subject=subject, access=name, benchmark=board, day=iso(headline.at) or "")
    lag_fact = partial(fact, unit="months", kind="lag", low=low, high=high)
    if value is None or headline.at is None:
        nothing = f"can't tell: {results}, on no day enough tests for a figure"
        return [
            lag_fact(f"gap.{name}", None, shown=nothing if n_points else "no level yet that both sides have reached")
        ]
    is_old = as_of.toordinal() - headline.at > OLD_DAYS
    about = f"{about_months(abs(value))} on {subject}" + (
        f" ({month(date.fromordinal(headline.at))})" if is_old else ""
    )
    spread, bounds = _NO_RANGE.get(headline.no_interval, ""), None
    if low is not None and high is not None:
        spread, bounds = likely_behind(low, high), f"{low:.1f} to {high:.1f}"
    read = f"{results}, read at {day(headline.at)}"
    return [
        lag_fact(f"gap.{name}", value, shown=lag(value)),
        lag_fact(f"about.{name}", value, shown=about),
        lag_fact(f"range.{name}", bounds, shown=spread),
        fact(f"basis.{name}", n_points, "results", shown=read, kind="count"),
        *_change_facts(f"change.{name}", gap, value, fact),
    ]


def _change_facts(key: str, gap: "ClassGap", value: float, fact: "partial[Fact]") -> list[Fact]:
    """Say wider or narrower only where the interval leaves no doubt, and where open trailed then and trails now."""
    change, subject, name = gap.change, fact.keywords["subject"], fact.keywords["access"]
    fact = partial(fact, unit="months", kind="change", low=change.low, high=change.high)
    if change.months is None or change.low is None or change.high is None:
        return [fact(key, change.months, shown=f"can't tell on {subject}")]
    less, more = ("narrower", "wider") if min(value, value - change.months) >= 0 else ("better", "worse")
    whose = "" if more == "wider" else " for open models"
    if change.low <= 0 <= change.high:
        spread, bounds = likely_either(change.low, change.high, less, more), f"{change.low:.1f} to {change.high:.1f}"
        return [
            fact(key, change.months, shown=f"can't tell on {subject} ({spread}{whose})"),
            fact(f"{key}.range", bounds, shown=f"{name} {spread}{whose}"),
        ]
    low, high = sorted((abs(change.low), abs(change.high)))
    word, since = f"{more if change.months > 0 else less}{whose}", month(date.fromordinal(gap.since))
    shown = f"{word} than in {since} by {months(change.months)} on {subject} ({likely(low, high)})"
    return [fact(key, change.months, shown=shown)]


def _ends_facts(evidence: "Evidence", analysis: "Analysis", name: str, as_of: date) -> list[Fact]:
    """Say which tests have no newer data, where the headline date lies well before the day asked for."""
    gap = analysis.classes[name]
    at = gap.headline.at
    if at is None or as_of.toordinal() - at <= _ENDS_EARLY_DAYS:
        return []
    ended = [
        evidence.boards[board].name
        for board in sorted(set(gap.points.board.tolist()))
        if (analysis.crossings.states[board].newest_day or 0) <= at
    ]
    why = f"no newer model on {listed(ended)}" if ended else "no newer results that are enough for a figure"
    return [day_fact(f"ends.{name}", at, f"{name} tests", f"{name} tests at {day(at)}: {why}")]


def _unmatched_facts(evidence: "Evidence", analysis: "Analysis", name: str, board: str) -> list[Fact]:
    """State how many of a class's levels no open model has matched."""
    pending = [each for each in analysis.crossings.pending if each.accepted]
    number = sum(evidence.boards[each.board].access == name for each in pending)
    total = number + len(analysis.classes[name].points.months)
    if not total:
        return []
    subject = board or f"{name} tests"
    shown = f"{number} of {count(total, 'level')} on {subject}"
    return [Fact(f"waiting.{name}", number, "levels", subject, shown, "count", access=name, benchmark=board)]


def _forward_facts(analysis: "Analysis") -> list[Fact]:
    ahead = analysis.forward
    share = f"{ahead.n_waiting} of {count(ahead.n_waiting + ahead.n_reached, 'level')}"
    facts = [Fact("waiting", ahead.n_waiting, "levels", "reached by closed models only", share, "count")]
    if ahead.n_waiting and ahead.median_months is not None:
        shown = f"half of all levels took longer than {months(ahead.median_months)}"
        if ahead.low is not None:
            shown += f", likely {ahead.low:.0f} or more" if ahead.high is None else f", {likely(ahead.low, ahead.high)}"
        subject = "until open models match a level"
        facts.append(
            Fact("waiting.median", ahead.median_months, "months", subject, shown, "duration", ahead.low, ahead.high)
        )
    return facts


def _newest_facts(evidence: "Evidence", analysis: "Analysis") -> list[Fact]:
    """State the newest crossing: of several on one day, that of the newest closed level."""
    points = [gap.points for gap in analysis.classes.values()]
    crossed = [
        (int(each.open_day[n]), int(each.closed_day[n]), float(each.threshold[n]), place, n)
        for place, each in enumerate(points)
        for n in range(len(each.months))
    ]
    if not crossed:
        return []
    open_day, _, threshold, place, n = max(crossed, key=lambda each: each[:3])
    board, behind = evidence.boards[points[place].board[n]], float(points[place].months[n])
    open_, closed = evidence.models[points[place].open[n]].name, evidence.models[points[place].closed[n]].name
    fact = partial(Fact, access=board.access, benchmark=board.name, level=threshold)
    at = date.fromordinal(open_day).isoformat()
    return [
        fact("newest.open", open_, "", "newest open model to match a level", open_, "name", side="open", model=open_),
        fact("newest.closed", closed, "", "closed model that was first there", closed, "name",
             side="closed", model=closed),
        fact("newest.board", board.name, "", "benchmark", board.name, "name"),
        fact("newest.level", threshold, board.unit, board.name, level(threshold, board.unit), "level"),
        fact("newest.day", at, "date", open_, day(open_day), "day", model=open_, day=at),
        fact("newest.gap", behind, "months", open_, against(behind), "lag", model=open_, day=at),
    ]  # fmt: skip


# ---- the lines


def gap_lines(analysis: "Analysis", facts: tuple[Fact, ...]) -> tuple[Line, ...]:
    """Write the text: the answer first, then what each next question would be."""
    known = {fact.key: fact for fact in facts}
    classes = [name for name in analysis.classes if f"about.{name}" in known]
    whose = "open models {side}" if "side" in known else "open models"
    lines = [Line("", _title(analysis, classes, whose), ("level",))]
    lines += [Line(f"{name.capitalize()} tests", _row(name, classes, known)) for name in analysis.classes]
    read = [gap for gap in analysis.classes.values() if gap.trend.last_readable() is not None]
    if any((gap.headline.at or 0) > gap.since for gap in read):
        lines.append(Line("Direction", which_way(known, classes), ("direction",)))
    newest = "{newest.open} reached {newest.level} on {newest.board} on {newest.day}, {newest.gap} {newest.closed}"
    lines.append(Line("Newest", newest, ("who", "when")))
    unmatched = [f"{{waiting.{name}}}" for name in analysis.classes if f"waiting.{name}" in known]
    by = f", by {whose}" if "side" in known else ""
    text = f"{' and '.join(unmatched)}{by}" if analysis.forward.n_waiting else f"nothing that counts{by}"
    lines.append(Line("Unmatched", text))
    if "leans.board" in known:
        lines.append(Line("Rests most on", "{leans.board}: without it, {leans.without}", ("sure",)))
    lines.append(Line("As of", "{as_of} · newest complete data {newest_data} · {oldest_board} · {method}"))
    ends = [f"{{ends.{name}}}" for name in classes if f"ends.{name}" in known]
    if "waiting.median" in known:
        lines.append(Line("Catch-up", "{waiting.median}"))
    if ends:
        lines.append(Line("Ends early", "; ".join(ends)))
    lines += aside_lines(known)
    lines.append(Line("Meaning", _MEANING, ("explain",)))
    return render_lines(lines, facts)


def aside_lines(known: Iterable[str]) -> list[Line]:
    """Return the lines on what is in doubt and what is left out, as templates."""
    return [
        Line(label, f"{{{key}}}") for key, label in (("doubt", "In doubt"), ("excluded", "Left out")) if key in known
    ]


def which_way(known: dict[str, Fact], classes: Iterable[str], prefix: str = "") -> str:
    """Say which way the gap goes, as a template: class by class, or that no class's interval tells.

    `prefix` begins the keys of the facts.
    """
    changes = [f"{prefix}change.{name}" for name in classes]
    if any((known[key].low or 0.0) > 0 or (known[key].high or 0.0) < 0 for key in changes):
        return "; ".join(f"{{{key}}}" for key in changes)
    ranges = ", ".join(f"{{{key}.range}}" for key in changes if f"{key}.range" in known)
    return f"can't tell which way since {{{prefix}since}}{': ' if ranges else ''}{ranges}"


def _row(name: str, classes: list[str], known: dict[str, Fact]) -> str:
    """Write the template of a class's row; its figures stand below those of the other class."""
    if name not in classes:
        return f"{{gap.{name}}}"
    row = ""
    for slot in ("gap", "range"):
        width = max(len(known[f"{slot}.{each}"].shown) for each in classes)
        row += f"{{{slot}.{name}}}" + " " * (width - len(known[f"{slot}.{name}"].shown) + 3)
    return row + f"{{basis.{name}}}"


def _title(analysis: "Analysis", classes: list[str], whose: str) -> str:
    """Say the figure in one sentence, with a direction that follows the sign."""
    trail: list[str] = []
    lead: list[str] = []
    for name in classes:
        value = analysis.classes[name].headline.months or 0.0
        (trail if value >= 0 else lead).append(f"{{about.{name}}}")
    parts = [f"O{whose[1:]} trail by {' and '.join(trail)}"] if trail else []
    if lead:
        parts.append(f"{'they' if trail else f'O{whose[1:]}'} lead by {' and '.join(lead)}")
    return "; ".join(parts) or f"Too little data to say how far {whose} trail"
