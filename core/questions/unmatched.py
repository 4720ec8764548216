"""What have open models not matched? Scores that only closed models have reached, and how long matches take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Chart, Fact, Line, Series, Table, details
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.gap_wording import ended_facts, unmatched_facts
from core.questions.question import Question
from core.questions.reasons import forward_data, why_not
from core.questions.shared_facts import (
    as_of_lines,
    board_data,
    board_key,
    count_fact,
    day_fact,
    iso,
    model_data,
    model_fact,
    of_board,
    stated,
)
from core.text import known_parts, render
from core.words import ACCESS, Domain, and_list, day, level, likely_range, months

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis
    from core.gap.crossings import Unmatched
    from core.gap.forward import Forward, Matched

_ENDS = (
    Line("Ended", "no model for six months, the last of <{ended.@}|; >", detail=True),
    Line("Not counted", "{uncounted}", detail=True),
    Line(
        "Can't tell",
        "a score may have been reached by a model that is not in the data; the age of unmatched scores is not the gap,"
        " nor is its mean: slow matches are the ones that are seen missing",
        ("sure", "explain"),
        sentence=True,
        detail=True,
    ),
)


@dataclass(frozen=True)
class UnmatchedQuestion(Question):
    """What closed models have reached and open ones have not yet, and how long that takes."""

    name: ClassVar[str] = "unmatched"
    behind: ClassVar[str] = "every unmatched score, how long matches take, and what ended"
    phrasings: ClassVar[tuple[str, ...]] = (
        "What have open models not matched yet?",
        "What still waits on WeirdML?",
        "How long do open models take to catch up on private tests?",
    )
    charts: ClassVar[Mapping[str, str]] = {"unmatched": "scores that open models are not known to have matched"}

    benchmark: str | None = fields.benchmark(example="WeirdML", by_place=True)
    access: Literal["private", "public"] | None = fields.access_filter()
    domain: Domain | None = fields.domain_filter()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """List the unmatched scores; raises UsageError where no closed model has reached one."""
        from core.gap.analysis import analyse
        from core.gap.forward import estimate_class_waits

        as_of = self.as_of or evidence.newest_data
        boards = selection.boards(evidence, self.benchmark, self.access, self.domain)
        selection.check_first(evidence, boards, as_of)
        analysis = analyse(evidence, boards, as_of.toordinal(), DEFAULT)
        forwards = {
            name: estimate_class_waits(evidence, analysis.crossings, DEFAULT, gap.boards)
            for name, gap in analysis.classes.items()
        }
        if not any(each.n_reached + each.n_unmatched for each in forwards.values()):
            self._refuse(evidence, analysis, as_of)
        unmatched = _order(evidence, analysis.unmatched)
        facts = _facts(evidence, analysis, forwards, unmatched, single=self.benchmark is not None)
        return selection.answered(
            self, evidence, as_of, _templates(analysis, forwards, unmatched), facts,
            tables=(_table(evidence, unmatched),),
            charts=(_chart(evidence, unmatched, facts, selection.foot(evidence, analysis.by_board, as_of)),)
            if unmatched else (),
            data=_data(evidence, analysis, forwards, unmatched), boards=analysis.by_board, parameters=DEFAULT,
        )  # fmt: skip

    def _refuse(self, evidence: "Evidence", analysis: "Analysis", as_of: date) -> None:
        """Say why there is no score that closed models have reached."""
        uncounted = _uncounted(analysis)
        for board, reason in uncounted.items() if self.benchmark else ():
            raise UsageError(
                f"{evidence.boards[board].name} has {reason} (as of {day(as_of)});"
                " ask for its frontier, which needs fewer, or choose another benchmark."
            )
        what = "No closed model had reached a score that counts"
        if len(uncounted) == len(analysis.by_board):
            what = f"No test had scores of {DEFAULT.min_open_models} open models and of a closed one"
        raise UsageError(f"{what} by {day(as_of)}; ask for a later day.")


def _order(evidence: "Evidence", unmatched: "Iterable[Unmatched]") -> "list[Unmatched]":
    """Return unmatched scores, the longest watched first."""
    return sorted(unmatched, key=lambda each: (-each.age_months, evidence.boards[each.board].name, -each.threshold))


def _uncounted(analysis: "Analysis") -> dict[int, str]:
    """Return the boards that give no score at all, with the reason."""
    states = {n: analysis.crossings.states[n] for gap in analysis.classes.values() for n in gap.boards.tolist()}
    return {board: why_not(state.reason, state) for board, state in states.items() if state.reason}


def _facts(
    evidence: "Evidence",
    analysis: "Analysis",
    forwards: "Mapping[str, Forward]",
    unmatched: "list[Unmatched]",
    *,
    single: bool,
) -> list[Fact]:
    """State everything that the text and the chart may say of the scores."""
    facts: list[Fact] = [] if single else ended_facts(evidence, analysis)
    for name, forward in forwards.items():
        boards = analysis.classes[name].boards
        board = evidence.boards[boards[0]].name if single else ""
        facts += unmatched_facts(evidence, analysis, name, board)
        used = sum(not analysis.crossings.states[each].reason for each in boards.tolist())
        facts += _class_facts(forward, name, board, single=used == 1)
    if unmatched:
        facts += _level_facts(evidence, "oldest", unmatched[0])
        facts += _level_facts(evidence, "newest", max(unmatched, key=lambda each: (each.closed_day, each.threshold)))
    uncounted = {evidence.boards[board].name: reason for board, reason in _uncounted(analysis).items()}
    if uncounted:
        [first, *others] = uncounted
        shown = f"{first} has {uncounted[first]}"
        if others:
            least = DEFAULT.min_open_models
            shown = f"{and_list(list(uncounted))}: scores of fewer than {least} open models, or of no closed one"
        facts.append(count_fact("uncounted", len(uncounted), "tests", shown, "without a score that counts"))
    return facts


def _class_facts(forward: "Forward", access: str, board: str, *, single: bool) -> list[Fact]:
    """State how long matches on a class's tests have taken."""
    fact = partial(stated, access=access, benchmark=board)
    lasted = partial(
        fact, f"forward.{access}", forward.median_months, "months", kind="duration", low=forward.low, high=forward.high
    )
    if not forward.n_reached + forward.n_unmatched:
        return [lasted(shown="no score yet that closed models have reached and that counts")]
    where = board or f"{access} tests"
    facts = [fact(f"where.{access}", where, "", where, "name")]
    if forward.median_months is None:
        facts.append(lasted(shown=f"more than half are unmatched on {where}"))
    else:
        facts.append(lasted(shown=f"{months(forward.median_months)} on {where}{_spread(forward, single)}"))
    known, said = [each for each in forward.matched if each.share is not None], "likely "
    for each in known:
        of: dict[str, Any] = {"side": "open", "low": each.low, "high": each.high}
        facts.append(
            fact(f"within_{each.within:g}.{access}", each.share, "fraction", _share(each, said), "share", **of)
        )
        said = said if each.low is None else ""  # the first range of a line says what it is
    return facts


def _spread(forward: "Forward", single: bool) -> str:
    """Write the interval of the median, which is rough."""
    if forward.low is None:
        return " (one test only, so no range)" if single else " (no range)"
    return (
        f" (likely {forward.low:.0f} or more)"
        if forward.high is None
        else f" ({likely_range(forward.low, forward.high)})"
    )


def _share(matched: "Matched", likely_: str) -> str:
    """Write within which time a share of the scores was matched, with its rough interval."""
    share = 100 * (matched.share or 0.0)
    shown = f"{ {0.0: 'none', 100.0: 'all'}.get(share, f'{share:.0f} %') } within {matched.within:g} months"
    if matched.low is None or matched.high is None:
        return shown
    return f"{shown} ({likely_}{100 * matched.low:.0f} to {100 * matched.high:.0f})"


def _level_facts(evidence: "Evidence", key: str, unmatched: "Unmatched") -> list[Fact]:
    """State one unmatched score: who reached it, when, and to which day the board is known."""
    board, closed = evidence.boards[unmatched.board], evidence.models[unmatched.closed].name
    label = f"{level(unmatched.threshold, board.unit)} on {board.name}"
    of = {**of_board(board), "side": "closed", "model": closed, "level": unmatched.threshold}
    return [
        stated(f"{key}.level", unmatched.threshold, board.unit, label, "level", **of),
        replace(model_fact(f"{key}.closed", evidence.models[unmatched.closed]), value=closed),
        day_fact(f"{key}.day", unmatched.closed_day, closed),
        stated(f"{key}.age", unmatched.age_months, "months", months(unmatched.age_months), "duration", label, **of),
        day_fact(f"{key}.until", unmatched.newest_day, board.name),
    ]


def _templates(analysis: "Analysis", forwards: "Mapping[str, Forward]", unmatched: "list[Unmatched]") -> list[Line]:
    """Say how many scores are unmatched, the most telling ones, and how long matches take; nothing is forecast."""
    title = "Open models are not known to have matched <{unmatched.@}| and > that closed ones have"
    if not unmatched:
        where = " and ".join(f"{{where.{name}}}" for name, each in forwards.items() if each.n_reached)
        title = f"Open models have matched every score that counts and that closed ones reached on {where}"
    forward = {name: each for name, each in forwards.items() if each.n_reached + each.n_unmatched}
    lasted = " and ".join(f"{{forward.{name}}}" for name, each in forward.items() if each.median_months is not None)
    untold = [f"{{forward.{name}}}" for name, each in forward.items() if each.median_months is None]
    how_long = "; ".join([*([f"half of such scores took longer than {lasted}"] if lasted else []), *untold])
    shares = {
        name: [f"{{within_{matched.within:g}.{name}}}" for matched in each.matched if matched.share is not None]
        for name, each in forward.items()
    }
    first, last = ("Longest", "Newest") if len(unmatched) > 1 else ("Unmatched", "")
    whose = "{%s.level}, since {%s.closed} on {%s.day}"
    none = "no open model in the data {oldest.age} later, to {oldest.until}"
    return [
        Line("", title, ("level",)),
        Line(first, whose.replace("%s", "oldest"), ("who",)),
        Line("How long", f"nothing is forecast; {how_long}", ("when",), sentence=True),
        *details(Line(f"{name.capitalize()} tests", f"matched {', '.join(each)}", ("when",))
                 for name, each in shares.items() if each),
        *as_of_lines("{method}", aspects=()),
        *details([
            *([Line(last, whose.replace("%s", "newest") + "; none in the data to {newest.until}")] if last else []),
            Line("The longest", none),
            Line("Rough", "the likely ranges of how long matches take are rough ones"),
        ]),
        *_ENDS,
    ]  # fmt: skip


def _table(evidence: "Evidence", unmatched: "list[Unmatched]") -> Table:
    rows = []
    for each in unmatched:
        board, closed = evidence.boards[each.board], evidence.models[each.closed].name
        label, age = level(each.threshold, board.unit), f"{each.age_months:.1f}"
        rows.append((board.name, board.access, label, closed, iso(each.closed_day), age, iso(each.newest_day)))
    columns = ("Test", "Kind", "Score", "Reached by", "On", "Months unmatched", "Tested to")
    title = "Unmatched scores, of one model the highest; for how long, to the test's newest model"
    return Table(title, columns, tuple(rows))


def _chart(evidence: "Evidence", unmatched: "list[Unmatched]", facts: list[Fact], foot: str) -> Chart:
    """Show the scores that were longest unmatched as bars, private and public apart."""
    series = []
    for access in ACCESS:
        rows = [each for each in unmatched if evidence.boards[each.board].access == access]
        if rows:
            names = tuple(evidence.boards[each.board].name for each in rows)
            ages = tuple(each.age_months for each in rows)
            notes = tuple(
                f"{level(each.threshold, evidence.boards[each.board].unit)}, {evidence.models[each.closed].called}"
                for each in rows
            )
            series.append(Series(f"{access} tests", access, names, ages, notes=notes))
    title = known_parts("Not known to be matched by open models: <{unmatched.@}| and >", {fact.key for fact in facts})
    alt = (
        "Bars of how old each unmatched score was when its test's newest model came out, the oldest first:"
        " {oldest.level}, {oldest.age}, first reached by {oldest.closed}."
    )
    label = "months without a match, from the closed model to the newest one that the test tried"
    return Chart("unmatched", render(title, facts), label, "", tuple(series), foot=foot, alt=render(alt, facts))


def _data(
    evidence: "Evidence", analysis: "Analysis", forwards: "Mapping[str, Forward]", unmatched: "list[Unmatched]"
) -> dict[str, Any]:
    return {
        "waiting": [
            {
                **board_data(evidence.boards[each.board]),
                "threshold": each.threshold,
                **model_data(evidence, "closed", each.closed, each.closed_day),
                "age_months": each.age_months,
                "newest_data": iso(each.newest_day),
            }
            for each in unmatched
        ],
        "forward": {name: forward_data(each) for name, each in forwards.items()},
        "uncounted": [
            {**board_key(evidence.boards[board]), "reason": why} for board, why in _uncounted(analysis).items()
        ],
    }
