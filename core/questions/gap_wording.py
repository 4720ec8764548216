"""What `gap` says: every figure of an analysis as a fact, in words that follow its interval, and the lines of them."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, details
from core.gap.parameters import Parameters
from core.questions.board_wording import STAGE_LINE, nothing_newer_on, saturated_facts, stage_fact
from core.questions.direction_wording import change_facts, change_ranges, direction_facts, since_fact, which_way
from core.questions.extremes_wording import EXTREME_LINES
from core.questions.influence_wording import INFLUENCE_LINES, influence_facts
from core.questions.measure_wording import (
    ASPECTS,
    ago_facts,
    basis_count,
    basis_of,
    meaning,
    measure_facts,
    measure_name,
    no_figure,
    other_measure_lines,
    tells_nothing,
    title,
)
from core.questions.robust_wording import robust_lines
from core.questions.shared_facts import (
    BETWEEN,
    OLD_DAYS,
    as_of_lines,
    change_fact,
    count_fact,
    day_fact,
    iso,
    lag_fact,
    name_fact,
    of_board,
    stated,
)
from core.questions.study_wording import study_lines
from core.words import (
    about_months,
    against,
    count,
    day,
    lag,
    level,
    likely,
    likely_behind,
    listed,
    month,
    months,
)  # fmt: skip

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis
    from core.gap.class_gap import ClassGap

_ENDS_EARLY_DAYS = 30
"""A headline date further back than this is explained."""
_NO_RANGE = {"one-benchmark": "one test only, so no range", "all-equal": "no range: all tests say the same"}


def gap_facts(
    evidence: "Evidence", analysis: "Analysis", as_of: date, parameters: Parameters, *, single: bool,
    domain: str | None = None,
) -> tuple[Fact, ...]:  # fmt: skip
    """State everything that the text may say; `single` where one benchmark was asked for, `domain` where that was."""
    found: list[Fact] = []
    for name, gap in analysis.classes.items():
        board = evidence.boards[gap.boards[0]].name if single else ""
        found += class_facts(name, gap, as_of, board, of_domain=domain is not None)
        found += [] if single else _ends_facts(evidence, analysis, name, as_of, parameters)
        found += _unmatched_facts(evidence, analysis, name, board)
    if parameters.interval != "points":  # the study knows one measure
        found += measure_facts(evidence, analysis, single=single, of_domain=domain is not None)
    if not single:
        found += direction_facts(analysis, as_of, parameters)
    found += _forward_facts(analysis)
    found += newest_facts(evidence, analysis)
    found += influence_facts(evidence, analysis, parameters)
    if analysis.difference.months is not None:
        value, low, high = analysis.difference.months, analysis.difference.low, analysis.difference.high
        found.append(change_fact("difference", value, months(value), "private minus public tests", low=low, high=high))
    return (
        *found,
        *_life_facts(evidence, analysis, single=single),
        _oldest_board_fact(evidence, analysis, single=single),
        since_fact(parameters),
        *_excluded_facts(evidence, analysis, as_of),
        *_doubt_facts(evidence, analysis),
    )


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
    return [count_fact("excluded", len(reasons), "models", listed(parts), "scored, and left out")]


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
    return [count_fact("doubt", len(models), "models", shown, "classified by a third party alone")]


def class_facts(name: str, gap: "ClassGap", as_of: date, board: str = "", *, of_domain: bool = False) -> list[Fact]:
    """State the figure of one access class, or of the one board asked for, its range, its basis and its change.

    It is of the measure that leads. `of_domain` where the class has the tests of one domain, which may be few.
    """
    headline = gap.headline
    subject, value, low, high = board or f"{name} tests", headline.months, headline.low, headline.high
    basis = basis_of(gap, gap.leads)
    of: dict[str, Any] = {"access": name, "benchmark": board, "day": iso(headline.at) or ""}
    bounds = {**of, "low": low, "high": high, "measure": measure_name(gap, gap.leads)}
    why = tells_nothing(gap, gap.leads) if of_domain else ""
    if value is None or headline.at is None or why:
        return [lag_fact(f"gap.{name}", None, why or no_figure(gap, gap.leads), **bounds)]
    is_old = as_of.toordinal() - headline.at > OLD_DAYS
    then = f" ({month(date.fromordinal(headline.at))})" if is_old else ""
    about = f"{about_months(abs(value))} on {subject}{then}"
    spread, ends = _NO_RANGE.get(headline.no_interval, ""), None
    if low is not None and high is not None:
        spread, ends = likely_behind(low, high), f"{low:.1f} to {high:.1f}"
    read = f"{basis}, read at {day(headline.at)}"
    dated = []
    if gap.leads == "catch_up" and not is_old:  # of a month that need not be the day's
        dated = [day_fact(f"read.{name}", headline.at, subject, month(date.fromordinal(headline.at)))]
    counted = basis_count(gap, gap.leads)
    return [
        lag_fact(f"gap.{name}", value, lag(value), **bounds),
        lag_fact(f"about.{name}", value, about, **bounds),
        *ago_facts(name, value, subject, then, bounds),
        *dated,
        lag_fact(f"range.{name}", ends, spread, **bounds),
        day_fact(f"to.{name}", headline.at, subject, f"models to {day(headline.at)}"),
        count_fact(f"basis.{name}", *counted, read, **of),
        *change_facts(gap.change, gap.since, value, subject, of),
    ]


def _ends_facts(
    evidence: "Evidence", analysis: "Analysis", name: str, as_of: date, parameters: Parameters
) -> list[Fact]:
    """Say why catch-up time can't be read later, test by test, where its date lies well before the day asked for."""
    gap = analysis.classes[name]
    at = gap.catch_up.at
    if at is None or as_of.toordinal() - at <= _ENDS_EARLY_DAYS:
        return []
    lives = [analysis.lives[board] for board in gap.boards.tolist()]
    results = [life.newest_result for life in lives if life.newest_result is not None]
    within = [each for each in results if at < each < at + parameters.step_days]  # the grid's next date would be later
    why = nothing_newer_on(evidence, lives, max([at, *within]))
    where = f"{name} tests" if gap.leads == "catch_up" else f"catch-up time on {name} tests"
    return [
        day_fact(f"ends.{name}", at, where, f"{where} at {day(at)}: {why}"),
        stated(f"ends.{name}.why", None, "", why, "note", f"why {where} are not read later", access=name),
    ]


def _life_facts(evidence: "Evidence", analysis: "Analysis", *, single: bool) -> list[Fact]:
    """State the stage of the one test that was asked for, or which tests of each class are saturated."""
    if single:
        return [stage_fact(evidence, life) for life in analysis.lives.values()]
    lives = {name: [analysis.lives[board] for board in gap.boards.tolist()] for name, gap in analysis.classes.items()}
    return saturated_facts(evidence, lives)


def _unmatched_facts(evidence: "Evidence", analysis: "Analysis", name: str, board: str) -> list[Fact]:
    """State how many of a class's levels no open model has matched."""
    unmatched = [each for each in analysis.crossings.unmatched if each.accepted]
    number = sum(evidence.boards[each.board].access == name for each in unmatched)
    total = number + len(analysis.classes[name].points.months)
    if not total:
        return []
    shown = f"{number} of {count(total, 'level')} on {board or f'{name} tests'}"
    short = f"{number} {name} {'level' if number == 1 else 'levels'}"
    of = {"access": name, "benchmark": board}
    return [
        count_fact(f"waiting.{name}", number, "levels", shown, **of),
        count_fact(f"unmatched.{name}", number, "levels", short, **of),
    ]


def _forward_facts(analysis: "Analysis") -> list[Fact]:
    ahead = analysis.forward
    share = f"{ahead.n_unmatched} of {count(ahead.n_unmatched + ahead.n_reached, 'level')}"
    facts = [count_fact("waiting", ahead.n_unmatched, "levels", share, "reached by closed models only")]
    if ahead.n_unmatched and ahead.median_months is not None:
        shown = f"half of all levels took longer than {months(ahead.median_months)}"
        if ahead.low is not None:
            shown += f", likely {ahead.low:.0f} or more" if ahead.high is None else f", {likely(ahead.low, ahead.high)}"
        subject = "until open models match a level"
        facts.append(
            Fact("waiting.median", ahead.median_months, "months", subject, shown, "duration", ahead.low, ahead.high)
        )
    return facts


def newest_facts(evidence: "Evidence", analysis: "Analysis") -> list[Fact]:
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
    of = {**of_board(board), "level": threshold}
    at = date.fromordinal(open_day).isoformat()
    return [
        name_fact("newest.open", open_, side="open", model=open_, **of),
        name_fact("newest.closed", closed, side="closed", model=closed, **of),
        name_fact("newest.board", board.name, **of),
        stated("newest.level", threshold, board.unit, level(threshold, board.unit), "level", **of),
        stated("newest.day", at, "date", day(open_day), "day", model=open_, day=at, **of),
        lag_fact("newest.gap", behind, against(behind), measure=BETWEEN, model=open_, day=at, **of),
    ]


# ---- the lines


def gap_lines(analysis: "Analysis", facts: tuple[Fact, ...]) -> list[Line]:
    """Return the text as templates: a first look of seven short lines at most, then what stands behind them."""
    known = {fact.key: fact for fact in facts}
    classes = [name for name in analysis.classes if f"about.{name}" in known]
    unmatched = "<{waiting.@}| and >" if "stage" in known else "<{unmatched.@}|, >"  # of one test, or of all
    changed = any(map(has_change, analysis.classes.values()))
    choices, other_choices = robust_lines(analysis.leads, known, in_short=True)
    lines = [
        Line("", title(known, classes, analysis.leads), ("level", ASPECTS[analysis.leads])),
        *(Line(f"{name.capitalize()} tests", _row(name, classes, known)) for name in analysis.classes),
        *choices,
        *([Line("Direction", which_way(known, classes), ("direction",))] if changed else []),
        Line(
            "Newest",
            "{newest.open} reached {newest.level} on {newest.board} {newest.gap} {newest.closed}, on {newest.day}",
            ("who",),
            sentence=True,
        ),
        Line("Unmatched", unmatched if analysis.forward.n_unmatched else "nothing that counts"),
        *as_of_lines("{oldest_board}", "{method}", aspects=()),
        *details(_behind(analysis, known, classes, (*other_choices, *INFLUENCE_LINES))),
    ]
    return [line for line in lines if line.text]


def _behind(analysis: "Analysis", known: dict[str, Fact], classes: list[str], moved_by: Iterable[Line]) -> list[Line]:
    """Return the lines behind the first look: what moves the figures most, other measures, what they rest on."""
    return [
        Line("Newest match", "on {newest.day}, by {newest.open} on {newest.board}", ("when",)),
        *moved_by,
        *other_measure_lines(analysis, known),
        *EXTREME_LINES,
        *study_lines(known),
        Line("Results", "<@ tests: {basis.@}|; >"),
        *([Line("Change", change_ranges(known, classes))] if any(map(has_change, analysis.classes.values())) else []),
        Line("Until matched", "not yet <{waiting.@}| and >[; {waiting.median}]"),
        *ends_lines(known, classes),
        *ASIDE_LINES,
        Line("Meaning", meaning(analysis.leads), ("explain",), sentence=True),
    ]


def ends_lines(known: Collection[str], classes: Iterable[str]) -> list[Line]:
    """Say the stage of the one test that was asked for, or which are saturated and why catch-up time ends early."""
    saturated, ends = (
        [f"{{{key}.{name}}}" for name in classes if f"{key}.{name}" in known] for key in ("saturated", "ends")
    )
    lines = [STAGE_LINE] if "stage" in known else []
    if saturated:
        lines.append(Line("Saturated", f"no level left between the best scores: {'; '.join(saturated)}"))
    return [*lines, *([Line("Ends early", "; ".join(ends))] if ends else [])]


def has_change(gap: "ClassGap") -> bool:
    """Whether there is anything to say of a class's change: where the figure is of a later day than that of before."""
    if gap.leads != "catch_up":
        return gap.change.low is not None
    return gap.trend.last_readable() is not None and (gap.catch_up.at or 0) > gap.since


ASIDE_LINES = (Line("In doubt", "{doubt}"), Line("Left out", "{excluded}"))
"""What is in doubt and what is left out, where anything is."""


def _row(name: str, classes: list[str], known: dict[str, Fact]) -> str:
    """Write the template of a class's row, its day last; its range stands below that of the other class."""
    if name not in classes:
        return f"{{gap.{name}}}"
    row = ""
    for key in ("gap", "range"):
        width = max(len(known[f"{key}.{each}"].shown) for each in classes)
        row += f"{{{key}.{name}}}" + " " * (width - len(known[f"{key}.{name}"].shown) + 3)
    return f"{row}{{to.{name}}}"
