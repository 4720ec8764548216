"""What have open models not matched yet? Levels that wait, the oldest first, and how long such levels take."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Chart, Fact, Line, Series, Table
from core.errors import UsageError
from core.gap.parameters import CLUSTERED_1
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.reasons import why_not
from core.store.store import Store
from core.text import render
from core.words import CLASSES, day, level, likely, listed, months

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis
    from core.gap.crossings import Pending
    from core.gap.forward import Forward

_MOST_BARS = 15
"""A chart with more bars is hard to read."""
_WITHIN = (6, 12)
"""Months within which levels were matched: those of the forward estimate."""


@dataclass(frozen=True)
class UnmatchedQuestion(Question):
    """Which levels closed models have reached that open ones are not known to have reached."""

    name: ClassVar[str] = "unmatched"
    summary: ClassVar[str] = "What closed models have reached and open ones have not yet, and how long that takes."
    phrasings: ClassVar[tuple[str, ...]] = (
        "What have open models not matched yet?",
        "What still waits on WeirdML?",
        "How long do open models take to catch up on private tests?",
    )
    charts: ClassVar[Mapping[str, str]] = {"unmatched": "levels that open models are not known to have matched"}

    benchmark: str | None = fields.benchmark(example="WeirdML", by_place=True)
    access: Literal["private", "public"] | None = fields.access()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def resolved(self, store: Store, today: date) -> "UnmatchedQuestion":
        """Return the question with the benchmark's id and both days filled in."""
        return replace(self, **fields.filled(store, today, self.benchmark, self.as_of, self.known_by))

    def answer(self, evidence: "Evidence") -> Answer:
        """List the waiting levels; raises UsageError where no level could wait."""
        from core.questions.shared_facts import as_of_facts

        as_of = self.as_of or evidence.newest_data
        analyses = self._analyses(evidence, as_of)
        waiting = _waiting(evidence, analyses)
        facts = tuple(_facts(evidence, analyses, waiting, self.benchmark is not None))
        facts += (*as_of_facts(evidence, as_of), Fact("method", CLUSTERED_1.name, "", "method", CLUSTERED_1.name))
        boards = [board for found in analyses.values() for board in found.by_board]
        return selection.answered(
            self,
            evidence,
            as_of,
            lines=_lines(analyses, waiting, facts),
            facts=facts,
            tables=(_table(evidence, waiting),) if waiting else (),
            charts=(_chart(evidence, waiting, facts, selection.foot(evidence, boards, as_of)),) if waiting else (),
            data=_data(evidence, analyses, waiting),
            boards=boards,
            parameters=CLUSTERED_1,
        )

    def _analyses(self, evidence: "Evidence", as_of: date) -> "dict[str, Analysis]":
        """Analyse private and public tests apart, so that each has a forward estimate of its own."""
        from core.gap.analysis import analyse

        boards = selection.boards(evidence, self.benchmark, self.access)
        selection.check_first(evidence, boards, as_of)
        found = {}
        for name in CLASSES:
            of_class = boards[[evidence.boards[board].access == name for board in boards.tolist()]]
            if len(of_class):
                found[name] = analyse(evidence, of_class, as_of.toordinal(), CLUSTERED_1)
        if not any(each.forward.n_reached + each.forward.n_waiting for each in found.values()):
            self._refuse(evidence, found, as_of)
        return found

    def _refuse(self, evidence: "Evidence", analyses: "dict[str, Analysis]", as_of: date) -> None:
        """Say why no level could wait."""
        uncounted = _uncounted(analyses)
        for board, reason in uncounted.items() if self.benchmark else ():
            raise UsageError(
                f"{evidence.boards[board].name} has {reason} (as of {day(as_of)});"
                " ask for its frontier, which needs fewer, or choose another benchmark."
            )
        what = "No closed model had reached a level that counts"
        if len(uncounted) == sum(len(found.by_board) for found in analyses.values()):
            what = f"No test had scores of {CLUSTERED_1.min_open_models} open models and of a closed one"
        raise UsageError(f"{what} by {day(as_of)}; ask for a later day.")


def _waiting(evidence: "Evidence", analyses: "dict[str, Analysis]") -> "list[Pending]":
    """Return the waiting levels that count, those that have waited longest first."""
    levels = [level_ for found in analyses.values() for level_ in found.crossings.pending if level_.accepted]
    return sorted(levels, key=lambda each: (-each.age_months, evidence.boards[each.board].name, -each.threshold))


def _uncounted(analyses: "dict[str, Analysis]") -> dict[int, str]:
    """Return the boards that give no level at all, with the reason."""
    return {
        board: why_not(state.reason, state)
        for found in analyses.values()
        for board, state in found.crossings.states.items()
        if state.reason
    }


def _facts(evidence: "Evidence", analyses: "dict[str, Analysis]", waiting: "list[Pending]", single: bool) -> list[Fact]:
    """State everything that the text and the chart may say of the levels."""
    facts: list[Fact] = []
    for name, found in analyses.items():
        where = evidence.boards[next(iter(found.by_board))].name if single else f"{name} tests"
        used = sum(not state.reason for state in found.crossings.states.values())
        facts += _class_facts(name, found.forward, where, single=used == 1)
    if waiting:
        facts += _level_facts(evidence, "oldest", waiting[0])
        facts += _level_facts(evidence, "newest", max(waiting, key=lambda each: (each.closed_day, each.threshold)))
        facts += _level_facts(evidence, "last_shown", waiting[:_MOST_BARS][-1])
    more = len(waiting) - _MOST_BARS
    if more > 0:
        facts.append(Fact("shown", _MOST_BARS, "levels", "shown in the chart", f"the {_MOST_BARS} oldest"))
        facts.append(Fact("more", more, "levels", "waiting, not in the chart", f"{more} more"))
    return facts + _uncounted_facts(evidence, analyses)


def _uncounted_facts(evidence: "Evidence", analyses: "dict[str, Analysis]") -> list[Fact]:
    found = {evidence.boards[board].name: reason for board, reason in _uncounted(analyses).items()}
    if not found:
        return []
    [first, *others] = found
    shown = f"{first} has {found[first]}"
    if others:
        least = CLUSTERED_1.min_open_models
        shown = f"{listed(list(found))}: scores of fewer than {least} open models, or of no closed one"
    return [Fact("uncounted", len(found), "tests", "without a level that counts", shown)]


def _class_facts(name: str, forward: "Forward", where: str, *, single: bool) -> list[Fact]:
    """State how many levels of a class wait, and how long such levels have taken."""
    reached, waiting = forward.n_reached, forward.n_waiting
    if not reached + waiting:
        nothing = "no level yet that closed models have reached and that counts"
        return [Fact(f"forward.{name}", None, "months", where, nothing)]
    facts = [
        Fact(f"where.{name}", where, "", "where the levels are", where),
        Fact(f"waiting.{name}", waiting, "levels", where, f"{waiting} of {reached + waiting} on {where}"),
    ]
    if forward.median_months is None:
        shown = "can't tell how long a level takes: more than half of them still wait"
    else:
        shown = f"half of the levels took longer than {months(forward.median_months)}{_spread(forward, single)}"
    facts.append(Fact(f"forward.{name}", forward.median_months, "months", f"levels on {where}", shown))
    for within, share in zip(_WITHIN, (forward.caught_up_6m, forward.caught_up_12m), strict=True):
        if share is not None:
            shown = f"{100 * share:.0f} %{' of them' if within == _WITHIN[0] else ''} within {within} months"
            facts.append(Fact(f"within_{within}.{name}", share, "fraction", f"levels on {where}", shown))
    return facts


def _spread(forward: "Forward", single: bool) -> str:
    """Write the interval of the median, which is rough."""
    if forward.low is None:
        return " (one test only, so no range)" if single else " (no range)"
    range_ = f"likely {forward.low:.0f} or more" if forward.high is None else likely(forward.low, forward.high)
    return f", {range_} (a rough range)"


def _level_facts(evidence: "Evidence", key: str, waiting: "Pending") -> list[Fact]:
    """State one waiting level: who reached it, when, and to which day the board is known."""
    board, closed = evidence.boards[waiting.board], evidence.models[waiting.closed].name
    reached, until = date.fromordinal(waiting.closed_day), date.fromordinal(waiting.newest_day)
    label = f"{level(waiting.threshold, board.unit)} on {board.name}"
    return [
        Fact(f"{key}.level", waiting.threshold, board.unit, board.name, label),
        Fact(f"{key}.closed", closed, "", "the first closed model at the level", closed),
        Fact(f"{key}.day", reached.isoformat(), "date", closed, day(reached)),
        Fact(f"{key}.age", waiting.age_months, "months", label, months(waiting.age_months)),
        Fact(f"{key}.until", until.isoformat(), "date", board.name, day(until)),
    ]


def _lines(analyses: "dict[str, Analysis]", waiting: "list[Pending]", facts: tuple[Fact, ...]) -> tuple[Line, ...]:
    """Write the text: how many, the most telling ones, and how long such levels take."""
    known = {fact.key for fact in facts}
    templates = [("", _title(analyses))]
    if waiting:
        label = "Oldest" if len(waiting) > 1 else "Unmatched"
        oldest = "{oldest.level}, reached by {oldest.closed} on {oldest.day}"
        templates.append((label, oldest + ": no open model in the data {oldest.age} later, to {oldest.until}"))
    if len(waiting) > 1:
        newest = "{newest.level}, reached by {newest.closed} on {newest.day}"
        templates.append(("Newest", newest + ": no open model in the data to {newest.until}"))
    for name in analyses:
        within = [f"{{within_{months_}.{name}}}" for months_ in _WITHIN if f"within_{months_}.{name}" in known]
        matched = f"; open models matched {' and '.join(within)}" if within else ""
        templates.append((f"{name.capitalize()} tests", f"{{forward.{name}}}{matched}"))
    if "uncounted" in known:
        templates.append(("Not counted", "{uncounted}"))
    templates.append(("As of", "{as_of} · newest complete data {newest_data} · {method}"))
    templates.append(
        ("Can't tell", "not in the data is not the same as not reached; and the age of waiting levels is not the gap,"
         " nor is its mean: the slow levels are the ones that are seen waiting")
    )  # fmt: skip
    return tuple(Line(label, render(template, facts)) for label, template in templates)


def _title(analyses: "dict[str, Analysis]") -> str:
    """Say in one sentence how many levels wait, private and public apart."""
    waits = " and ".join(f"{{waiting.{name}}}" for name, found in analyses.items() if found.forward.n_waiting)
    if waits:
        return f"Of the levels that closed models reached, open ones are not known to have matched {waits}"
    where = " and ".join(f"{{where.{name}}}" for name, found in analyses.items() if found.forward.n_reached)
    return f"Open models have matched every level that counts and that closed ones reached on {where}"


def _table(evidence: "Evidence", waiting: "list[Pending]") -> Table:
    rows = []
    for each in waiting:
        board = evidence.boards[each.board]
        rows.append(
            (
                board.name,
                board.access,
                level(each.threshold, board.unit),
                evidence.models[each.closed].name,
                date.fromordinal(each.closed_day).isoformat(),
                f"{each.age_months:.1f}",
                date.fromordinal(each.newest_day).isoformat(),
            )
        )
    columns = ("Test", "Kind", "Level", "Reached by", "On", "Months ago", "Not in the data to")
    return Table(
        "Levels that wait for an open model, the highest of each model's run; their age at the test's newest model",
        columns,
        tuple(rows),
    )


def _chart(evidence: "Evidence", waiting: "list[Pending]", facts: tuple[Fact, ...], foot: str) -> Chart:
    """Show the oldest waiting levels as bars, private and public apart."""
    series = []
    for access in CLASSES:
        rows = [each for each in waiting[:_MOST_BARS] if evidence.boards[each.board].access == access]
        if rows:
            boards = [evidence.boards[each.board] for each in rows]
            names = (
                f"{board.name}: {level(each.threshold, board.unit)}" for board, each in zip(boards, rows, strict=True)
            )
            ages = tuple(each.age_months for each in rows)
            notes = tuple(evidence.models[each.closed].name for each in rows)
            series.append(Series(f"{access} tests", access, tuple(names), ages, notes=notes))
    known = {fact.key for fact in facts}
    counts = " and ".join(f"{{waiting.{name}}}" for name in CLASSES if f"waiting.{name}" in known)
    more = "; {shown} are shown, {more} wait" if "more" in known else ""
    title = f"Levels that open models are not known to have matched: {counts}{more}"
    alt = (
        "Bars of how many months each level had waited when its test's newest model came out: from {oldest.level}"
        " ({oldest.age}, {oldest.closed}) to {last_shown.level} ({last_shown.age}, {last_shown.closed})."
    )
    label = "months from the closed model to the test's newest model"
    return Chart("unmatched", render(title, facts), label, "", tuple(series), foot=foot, alt=render(alt, facts))


def _data(evidence: "Evidence", analyses: "dict[str, Analysis]", waiting: "list[Pending]") -> dict[str, Any]:
    return {
        "waiting": [
            {
                "benchmark": evidence.boards[each.board].benchmark_id,
                "version": evidence.boards[each.board].version,
                "name": evidence.boards[each.board].name,
                "access": evidence.boards[each.board].access,
                "threshold": each.threshold,
                "unit": evidence.boards[each.board].unit,
                "closed_model": evidence.models[each.closed].model_id,
                "closed_date": date.fromordinal(each.closed_day).isoformat(),
                "age_months": each.age_months,
                "newest_data": date.fromordinal(each.newest_day).isoformat(),
            }
            for each in waiting
        ],
        "forward": {name: asdict(found.forward) for name, found in analyses.items()},
        "uncounted": [
            {
                "benchmark": evidence.boards[board].benchmark_id,
                "version": evidence.boards[board].version,
                "reason": reason,
            }
            for board, reason in _uncounted(analyses).items()
        ],
    }
