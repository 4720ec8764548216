"""What `gap` says: every figure of an analysis as a fact, in words that follow its interval, and the lines of them."""

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, details
from core.gap.parameters import Parameters
from core.questions.board_wording import STAGE_LINE, stage_fact
from core.questions.direction_wording import CHANGE_LINE, DIRECTION_LINE, direction_facts
from core.questions.extremes_wording import EXTREME_LINES
from core.questions.held_wording import HELD_LINE
from core.questions.measure_wording import (
    ASPECTS,
    about_when,
    basis_count,
    basis_of,
    catch_up_line,
    meaning,
    measure_facts,
    measure_name,
    no_figure,
    tells_nothing,
    title,
    title_facts,
)
from core.questions.sensitivity import INFLUENCE_LINE, ROBUST_LINE, influence_facts
from core.questions.shared_facts import (
    BETWEEN,
    OLD_DAYS,
    STANDING,
    as_of_lines,
    count_fact,
    day_fact,
    headline_text,
    iso,
    lag_fact,
    name_fact,
    of_board,
    stated,
)
from core.questions.study_wording import study_lines
from core.words import UNKNOWN, and_list, cell, count, day, lag_text, level, likely_lag

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis, ClassGap

_NO_RANGE = {"one-benchmark": "one test only, so no range", "all-equal": "no range: all tests say the same"}


def gap_facts(
    evidence: "Evidence", analysis: "Analysis", as_of: date, parameters: Parameters, *, single: bool,
    domain: str | None = None,
) -> tuple[Fact, ...]:  # fmt: skip
    """State everything that the text may say; `single` where one benchmark was asked for, `domain` where that was."""
    facts: list[Fact] = []
    for name, gap in analysis.classes.items():
        board = evidence.boards[gap.boards[0]].name if single else ""
        facts += class_facts(evidence, name, gap, as_of, board, of_domain=domain is not None)
        facts += unmatched_facts(evidence, analysis, name, board)
    facts += measure_facts(evidence, analysis, single=single, of_domain=domain is not None)
    facts += [] if single else direction_facts(analysis, parameters)
    facts += newest_facts(evidence, analysis)
    facts += influence_facts(analysis)
    return (
        *facts,
        *([stage_fact(evidence, life) for life in analysis.lives.values()] if single else []),
        *([] if single else ended_facts(evidence, analysis)),
        _oldest_board_fact(evidence, analysis, single=single),
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
    return [count_fact("excluded", len(reasons), "models", and_list(parts), "scored, and left out")]


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


def class_facts(
    evidence: "Evidence", name: str, gap: "ClassGap", as_of: date, board: str = "", *, of_domain: bool = False
) -> list[Fact]:
    """State the figure of one access class, or of the one board asked for, its range, its basis and its live tests.

    It is of the measure that leads. `of_domain` where the class has the tests of one domain, which may be few.
    """
    from core.gap.index_figure import FEWEST_LIVE

    headline = gap.headline
    subject, value, low, high = board or f"{name} tests", headline.months, headline.low, headline.high
    of: dict[str, Any] = {"access": name, "benchmark": board, "day": iso(headline.at) or ""}
    bounds = {**of, "low": low, "high": high, "measure": measure_name(gap, gap.leads)}
    why = tells_nothing(gap, gap.leads) if of_domain else ""
    if value is None or headline.at is None or why:
        return [lag_fact(f"gap.{name}", None, why or no_figure(gap, gap.leads), **bounds)]
    then = about_when(headline.at, as_of, OLD_DAYS)
    spread, ends = _NO_RANGE.get(headline.no_interval, ""), None
    if low is not None and high is not None:
        spread, ends = likely_lag(low, high), f"{low:.1f} to {high:.1f}"
    facts = [
        lag_fact(f"gap.{name}", value, headline_text(headline), **bounds),
        *title_facts(name, value, subject, then, headline.is_about, bounds),
        lag_fact(f"range.{name}", ends, spread, **bounds),
        count_fact(f"basis.{name}", *basis_count(gap, gap.leads), f"{basis_of(gap, gap.leads)}, read at"
                   f" {day(headline.at)}", **of),
    ]  # fmt: skip
    if gap.leads == "index" and gap.index.n_live_families < FEWEST_LIVE:
        facts += _live_facts(evidence, name, gap)
    return facts


def _live_facts(evidence: "Evidence", name: str, gap: "ClassGap") -> list[Fact]:
    """Name the few live tests on which a figure rests, with their standing gaps."""
    live = set(gap.index.live.tolist())
    standing = [each for each in gap.standing.gaps if each.board in live]
    parts = [f"{evidence.boards[each.board].name} {abs(each.months):.1f}{' ahead' if each.months < 0 else ''}"
             for each in standing]  # fmt: skip
    number = {1: "one test", 2: "two tests"}.get(len(live), f"{len(live)} tests")
    shown = f"{number} live: {', '.join(parts)}"
    facts = [count_fact(f"live.{name}", len(live), "tests", shown, f"live {name} tests", access=name)]
    for each in standing:
        of = {**of_board(evidence.boards[each.board]), "measure": STANDING, "day": iso(each.at)}
        facts.append(lag_fact(f"live.{name}.{evidence.boards[each.board].benchmark_id}", each.months,
                              lag_text(each.months), **of))  # fmt: skip
    return facts


def ended_facts(evidence: "Evidence", analysis: "Analysis") -> list[Fact]:
    """Name the tests of each class that ended, with the day of their last model: each once, its newest version."""
    facts = []
    for access, gap in analysis.classes.items():
        lives = [analysis.lives[board] for board in gap.boards.tolist()]
        ended = [life for life in lives if life.has_ended and life.successor is None and life.state.newest_day]
        ended.sort(key=lambda life: -(life.state.newest_day or 0))
        if ended:
            newest = [f"{evidence.boards[life.board].name} ({day(life.state.newest_day or 0)})" for life in ended]
            shown = f"{and_list(newest)} ({access})"
            facts.append(count_fact(f"ended.{access}", len(ended), "tests", shown, "ended", access=access))
    return facts


def unmatched_facts(evidence: "Evidence", analysis: "Analysis", name: str, board: str) -> list[Fact]:
    """State how many scores on a class's live tests no open model has matched; on one test also of how many."""
    unmatched = [each for each in analysis.unmatched if evidence.boards[each.board].access == name]
    total = len(unmatched) + len(analysis.classes[name].points.months)
    if not total:
        return []
    shown = f"{len(unmatched)} of {count(total, 'score')} on {board}"
    short = f"{len(unmatched)} {name} {'score' if len(unmatched) == 1 else 'scores'}"
    of = {"access": name, "benchmark": board}
    return [count_fact(f"unmatched.{name}", len(unmatched), "levels", shown if board else short, **of)]


def newest_facts(evidence: "Evidence", analysis: "Analysis") -> list[Fact]:
    """State the matches of the newest day: who made them, how many, and after how many months, from least to most."""
    points = [gap.points for gap in analysis.classes.values() if len(gap.points.months)]
    if not points:
        return []
    newest = max(int(each.open_day.max()) for each in points)
    matches = [
        (int(each.open[n]), float(each.months[n]), int(each.board[n]), float(each.threshold[n]), int(each.closed[n]))
        for each in points
        for n, released in enumerate(each.open_day.tolist())
        if released == newest
    ]
    names = [evidence.models[model].name for model in dict.fromkeys(match[0] for match in matches)]
    late = sorted(match[1] for match in matches)
    middle = late[len(late) // 2] if len(late) % 2 else (late[len(late) // 2 - 1] + late[len(late) // 2]) / 2
    at = date.fromordinal(newest).isoformat()
    of: dict[str, Any] = {"day": at, "model": names[0] if len(names) == 1 else "", "side": "open"}
    boards = {evidence.boards[match[2]] for match in matches}
    kinds = {board.access for board in boards}
    of |= of_board(boards.pop()) if len(boards) == 1 else {"access": kinds.pop()} if len(kinds) == 1 else {}
    facts = [
        name_fact("newest.open", and_list(names, most=2), **of),
        stated("newest.day", at, "date", day(newest), "day", **of),
        count_fact("newest.count", len(matches), "matches", _matches(len(matches)), **of),
        lag_fact("newest.gap", middle, _late(middle, late), measure=BETWEEN, low=late[0], high=late[-1], **of),
    ]
    if len(matches) == 1:
        _, _, board, threshold, closed = matches[0]
        known = evidence.boards[board]
        where = {**of_board(known), "level": threshold}
        facts.append(name_fact("newest.closed", evidence.models[closed].name, side="closed", **where))
        facts.append(stated("newest.level", threshold, known.unit, level(threshold, known.unit), "level", **where))
        facts.append(name_fact("newest.board", known.name, **where))
    return facts


def _matches(number: int) -> str:
    """Write how many matches there are: "six matches"."""
    words = "one two three four five six seven eight nine ten".split()
    return f"{words[number - 1] if number <= len(words) else number} {'match' if number == 1 else 'matches'}"


def _late(middle: float, late: list[float]) -> str:
    """Write how late the matches of a day typically were, and the range: "typically 7.5 months late (3.1 to 13.7)"."""
    size = f"{abs(middle):.1f} months {'late' if middle >= 0 else 'early'}"
    least, most = cell(late[0]), cell(late[-1])
    return size if least == most else f"typically {size} ({least} to {most})"


ROW = "{gap.%s}[, {range.%s}][; {live.%s}]"
"""A class's figure, its range, and the few live tests that it rests on."""


def gap_lines(analysis: "Analysis", facts: tuple[Fact, ...]) -> list[Line]:
    """Return the text as templates: a first look of seven short lines at most, then what stands behind them."""
    known = {fact.key: fact for fact in facts}
    classes = [name for name in analysis.classes if f"about.{name}" in known]
    lines = [
        Line("", title(known, classes, analysis.leads), ("level", ASPECTS[analysis.leads])),
        *(
            Line(
                "Of no class" if name == UNKNOWN else name.capitalize(),
                f"{{gap.{name}}}[, {{range.{name}}}][; {{live.{name}}}]",
            )
            for name in analysis.classes
        ),
        DIRECTION_LINE,
        Line("Newest", "{newest.open}, {newest.count}, {newest.gap}", ("who",), sentence=True),
        Line("Unmatched", "<{unmatched.@}|, >" if analysis.unmatched else "nothing that counts"),
        *as_of_lines("{oldest_board}", "{method}", aspects=()),
        *details(_behind(analysis, known)),
    ]
    return [line for line in lines if line.text]


def _behind(analysis: "Analysis", known: dict[str, Fact]) -> list[Line]:
    """Return the lines behind the first look: what moves the figures most, what they rest on, what is left out."""
    return [
        Line("Newest match", "on {newest.day}, by {newest.open}", ("when",)),
        HELD_LINE,
        INFLUENCE_LINE,
        ROBUST_LINE,
        CHANGE_LINE,
        *catch_up_line(analysis, known),
        *EXTREME_LINES,
        *study_lines(known),
        BASIS_LINE,
        STAGE_LINE,
        ENDED_LINE,
        *ASIDE_LINES,
        Line("Meaning", meaning(analysis.leads), ("explain",), sentence=True),
    ]


BASIS_LINE = Line("Rests on", "<@ tests: {basis.@}|; >")
ENDED_LINE = Line("Ended", "no model for six months, the last of <{ended.@}|; >")
ASIDE_LINES = (Line("In doubt", "{doubt}"), Line("Left out", "{excluded}"))
"""What is in doubt and what is left out, where anything is."""
