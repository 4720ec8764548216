"""Who leads? The best closed and the best open model on one test, with all records before, or on every test."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Chart, Fact, Line, Series, Span, Table
from core.questions import fields, selection
from core.questions.question import Question
from core.store.store import Store
from core.text import render
from core.words import CLASSES, cell, count, difference, lag, later, listed, months, score, stands

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.frontier import Frontier, Record

_CANT_TELL = (
    "a record is a model's best score as it was tested; a model that nobody has tested here may be better, and open"
    " models are tested less often"
)
_NAMED = 3
"""Models of a side that are named for holding its best score on most tests."""


@dataclass(frozen=True)
class FrontierQuestion(Question):
    """The best closed and the best open model, how far they are apart, and who led when."""

    name: ClassVar[str] = "frontier"
    summary: ClassVar[str] = "Who leads: the best closed and the best open model, and how far apart they are."
    phrasings: ClassVar[tuple[str, ...]] = (
        "Who leads on WeirdML?",
        "What is the best open model on GPQA?",
        "On which tests do open models lead?",
        "Who led on MMLU on 20 January 2025?",
    )
    charts: ClassVar[Mapping[str, str]] = {"frontier": "the best closed and open models on one test over time"}

    benchmark: str | None = fields.benchmark(
        "One benchmark, by any of its names; without it, the leaders on all headline benchmarks.",
        example="WeirdML",
        by_place=True,
    )
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def resolved(self, store: Store, today: date) -> "FrontierQuestion":
        """Return the question with the benchmark's id, and both days filled in."""
        return replace(self, **fields.filled(store, today, self.benchmark, self.as_of, self.known_by))

    def answer(self, evidence: "Evidence") -> Answer:
        """Say who leads; raises UsageError where the day is before all data."""
        from core.gap.frontier import frontiers
        from core.questions.shared_facts import as_of_facts

        as_of = self.as_of or evidence.newest_data
        boards = selection.boards(evidence, self.benchmark)
        selection.check_first(evidence, boards, as_of)
        found = frontiers(evidence, boards, as_of.toordinal())
        days = as_of_facts(evidence, as_of)
        charts: tuple[Chart, ...] = ()
        if self.benchmark:
            facts = (*_facts(evidence, found[0]), *days)
            lines, table = _lines(found[0], facts), _history(evidence, found[0])
            charts = (chart(evidence, found[0], as_of),)
        else:
            facts = (*_overview_facts(evidence, found), *days)
            lines, table = _overview_lines(facts), _overview_table(evidence, found)
        return selection.answered(
            self,
            evidence,
            as_of,
            lines=lines,
            facts=facts,
            tables=(table,),
            charts=charts,
            data={"tests": [_data(evidence, each, whole=self.benchmark is not None) for each in found]},
            boards=boards.tolist(),
        )


# ---- one test


def _facts(evidence: "Evidence", found: "Frontier") -> tuple[Fact, ...]:
    from core.questions.shared_facts import day_fact

    board = evidence.boards[found.board]
    facts = [
        Fact("board", board.name, "", "benchmark", board.name),
        day_fact("newest", found.newest_day, "the board's newest model"),
        day_fact("since", found.since, f"{found.leader} ahead since"),
    ]
    for side, records in (("closed", found.closed), ("open", found.open)):
        if records:
            facts += _record_facts(evidence, f"best.{side}", found.board, records[-1], f"best {side} model")
            stood = found.stood(records[-1])
            facts.append(Fact(f"stood.{side}", stood, "months", f"best {side} score, unbeaten", months(stood)))
    if found.difference is not None:
        shown = difference(found.difference, board.unit)
        facts.append(Fact("difference", found.difference, board.unit, "best closed minus best open score", shown))
    if found.matched is not None and found.months is not None:
        facts += _record_facts(evidence, "matched", found.board, found.matched, "first closed model at that score")
        who = [evidence.models[record.model].name for record in (found.open[-1], found.matched)]
        behind = f"{who[0]} after {who[1]} on {board.name}"
        facts += [
            Fact("months", found.months, "months", behind, months(found.months)),
            Fact("matched.open", found.months, "months", behind, later(found.months)),
        ]  # fmt: skip
    return tuple(facts)


def _record_facts(evidence: "Evidence", key: str, board: int, record: "Record", subject: str) -> list[Fact]:
    from core.questions.shared_facts import day_fact, model_fact, score_fact

    model = evidence.models[record.model].name
    return [
        model_fact(evidence, key, record.model, subject),
        score_fact(f"{key}.score", record.score, evidence.boards[board], model),
        day_fact(f"{key}.day", record.day, model),
    ]


def _title(found: "Frontier", *, behind: str = "{months} and {difference}") -> str:
    """Return the finding as a template: who leads, by how much; `behind` where open models trail by a time."""
    if found.difference is None:
        return f"Only {'open' if found.open else 'closed'} models are in the data on {{board}}"
    if found.leader == "open":
        return "Open models lead on {board} by {difference}"
    trails = found.months is not None and found.months >= 0.05
    if found.leader == "neither":
        later = ", {months} after closed ones got there" if trails else ""
        return f"Open and closed models are level on {{board}}{later}"
    return (
        f"The best open score on {{board}} is {behind} behind"
        if trails
        else "Closed models lead on {board} by {difference}"
    )


def _lines(found: "Frontier", facts: tuple[Fact, ...]) -> tuple[Line, ...]:
    templates = [("", _title(found))]
    for side, records in (("closed", found.closed), ("open", found.open)):
        if records:
            templates.append(
                (f"Best {side}", f"{{best.{side}}}: {{best.{side}.score}}, released on {{best.{side}.day}}")
            )
    if found.matched is not None:
        templates.append(
            ("Behind", "the first closed model at or above the best open score was {matched} ({matched.score}) on"
             " {matched.day}; the best open model came {matched.open}")
        )  # fmt: skip
    elif found.open and found.closed:
        templates.append(("Behind", "no closed model in the data to {newest} is at or above the best open score"))
    if found.leader == "neither":
        templates.append(("Leads", "neither, since {since}"))
    elif found.difference is not None:
        templates.append(("Leads", f"{found.leader} models, since {{since}}"))
    templates.append(("Unbeaten", _unbeaten(found)))
    templates.append(
        ("As of", "{as_of} · newest complete data {newest_data} · the board's newest model by then: {newest}")
    )
    templates.append(("Can't tell", _CANT_TELL))
    return tuple(Line(label, render(template, facts)) for label, template in templates)


def _unbeaten(found: "Frontier") -> str:
    """Say for how long each side's best score has stood, or that the newest model set it."""
    best = {side: getattr(found, side)[-1] for side in ("closed", "open") if getattr(found, side)}
    new = [f"the best {side} score" for side, record in best.items() if record.day == found.newest_day]
    stood = [
        f"the best {side} score for {{stood.{side}}}" for side, record in best.items() if record.day < found.newest_day
    ]
    newest = "the board's newest model ({newest})"
    if not stood:
        return f"{newest} set {' and '.join(new)}"
    return f"{' and '.join(stood)}, up to {newest}" + (f", which set {new[0]}" if new else "")


def _history(evidence: "Evidence", found: "Frontier") -> Table:
    """List every record of each side, the newest first, with who was ahead after it."""
    board = evidence.boards[found.board]
    best: dict[bool, float] = {}
    rows = []
    for record in sorted((*found.closed, *found.open), key=lambda record: record.day):
        best[record.is_open] = record.score
        ahead = "–"
        if len(best) > 1:
            by = best[False] - best[True]
            ahead = f"{'closed' if by > 0 else 'open'} by {difference(by, board.unit)}" if by else "neither"
        side = "open" if record.is_open else "closed"
        rows.append(
            (
                date.fromordinal(record.day).isoformat(),
                side,
                evidence.models[record.model].name,
                score(record.score, board.unit),
                ahead,
            )
        )
    title = f"Every record on {board.name}, the newest first"
    return Table(title, ("On", "Side", "Model", "Score", "Then ahead"), tuple(reversed(rows)))


def chart(evidence: "Evidence", found: "Frontier", as_of: date) -> Chart:
    """Show both sides' records on a board as steps up to its newest day, and how old the matched level is."""
    board, facts = evidence.boards[found.board], _facts(evidence, found)
    title = render(_title(found, behind="{months}"), facts)
    series, said = [], []
    for side, records in (("closed", found.closed), ("open", found.open)):
        if not records:
            continue
        steps = [(date.fromordinal(r.day).isoformat(), r.score, evidence.models[r.model].name) for r in records]
        if records[-1].day < found.newest_day:
            steps.append((date.fromordinal(found.newest_day).isoformat(), records[-1].score, ""))
        x, y, notes = zip(*steps, strict=True)
        series.append(Series(f"{side} models", side, x, y, notes=notes))
        first, last = (score(records[place].score, board.unit) for place in (0, -1))
        said.append(f"{side} models rise from {first} to {last} ({evidence.models[records[-1].model].name})")
    if found.matched is not None:
        matched = "the best open score came on {best.open.day}, the first closed score at or above it on {matched.day}"
        said.append(render(matched, facts))
    alt = f"Best scores over time on {board.name}: {'; '.join(said)}. {title}."
    foot = selection.foot(evidence, (found.board,), as_of)
    unit = "%" if board.unit == "percent" else board.unit
    return Chart(
        "frontier", title, "when the model was released", f"best score, {unit}", tuple(series), _spans(found), foot, alt
    )


def _spans(found: "Frontier") -> tuple[Span, ...]:
    """Return the time between the best open model and the first closed one at its score, at that score."""
    if found.matched is None or not found.months:
        return ()
    start, end = sorted((found.matched.day, found.open[-1].day))
    level = found.open[-1].score
    return (Span(lag(found.months), date.fromordinal(start).isoformat(), date.fromordinal(end).isoformat(), level),)


def _data(evidence: "Evidence", found: "Frontier", *, whole: bool) -> dict[str, Any]:
    from core.questions.shared_facts import board_data

    sides = {side: [_record(evidence, each) for each in getattr(found, side)] for side in ("closed", "open")}
    row: dict[str, Any] = {
        **board_data(evidence.boards[found.board]),
        "newest_data": date.fromordinal(found.newest_day).isoformat(),
        "leader": found.leader,
        "since": date.fromordinal(found.since).isoformat(),
        **{f"best_{side}": records[-1] if records else None for side, records in sides.items()},
        "difference": found.difference,
        "months": found.months,
        "first_closed_there": None if found.matched is None else _record(evidence, found.matched),
        "reason": _no_months(found),
    }
    return {**row, "records": sides} if whole else row


def _no_months(found: "Frontier") -> str | None:
    """Say why there is no lag, where there is none."""
    if not found.open:
        return "no score of an open model"
    if not found.closed:
        return "no score of a closed model"
    return None if found.matched else "no closed model in the data is at or above the best open score"


def _record(evidence: "Evidence", record: "Record") -> dict[str, Any]:
    model = evidence.models[record.model]
    return {
        "model": model.model_id,
        "name": model.name,
        "date": date.fromordinal(record.day).isoformat(),
        "score": record.score,
    }


# ---- all tests


def _overview_facts(evidence: "Evidence", found: list["Frontier"]) -> tuple[Fact, ...]:
    """State who leads where; a test on which one side has no score yet is not led by the other."""
    from core.questions.shared_facts import day_fact

    names = {each.board: evidence.boards[each.board].name for each in found}
    races = [each for each in found if each.difference is not None]
    facts = [_led_fact("led", races, "tests on which closed models lead")]
    for access in CLASSES:
        tests = [each for each in races if evidence.boards[each.board].access == access]
        if tests:
            facts.append(_led_fact(f"led.{access}", tests, f"{access} tests on which closed models lead"))
            facts += _lag_facts(access, tests, names)
    for key, which in (
        ("open", [each for each in races if each.leader == "open"]),
        ("level", [each for each in races if each.leader == "neither"]),
        ("alone", [each for each in found if each.difference is None]),
    ):
        if which:
            facts.append(Fact(key, len(which), "tests", key, listed([names[each.board] for each in which])))
    facts += [
        _top_fact(evidence, side, found) for side in ("open", "closed") if any(getattr(each, side) for each in found)
    ]
    oldest = min(found, key=lambda each: each.newest_day)
    name = names[oldest.board]
    return *facts, day_fact("oldest", oldest.newest_day, name), Fact("oldest.board", name, "", "oldest board", name)


def _led_fact(key: str, tests: list["Frontier"], subject: str) -> Fact:
    led = sum(each.leader == "closed" for each in tests)
    return Fact(key, led, "tests", subject, f"{led} of {count(len(tests), 'test')}")


def _top_fact(evidence: "Evidence", side: str, found: list["Frontier"]) -> Fact:
    """State which models of a side hold its best score on most tests; of as many tests the newest model goes first."""
    best = [getattr(each, side)[-1] for each in found if getattr(each, side)]
    held = Counter(record.model for record in best)
    days = {record.model: record.day for record in best}
    first = sorted(held, key=lambda model: (-held[model], -days[model]))[:_NAMED]
    shown = listed([f"{evidence.models[model].name} ({held[model]} of {len(best)})" for model in first])
    return Fact(f"top.{side}", held[first[0]], "tests", f"best {side} models by number of tests", shown)


def _lag_facts(access: str, tests: list["Frontier"], names: dict[int, str]) -> list[Fact]:
    """State the smallest and the largest lag of the best open models, each with its test."""
    lags = sorted((each.months, names[each.board]) for each in tests if each.months is not None)
    ends = zip(("nearest", "farthest"), (lags[0], lags[-1]) if len(lags) > 1 else lags, strict=False)
    return [
        Fact(f"{key}.{access}", months_, "months", f"best open model on {name}", f"{stands(months_)} ({name})")
        for key, (months_, name) in ends
    ]


def _overview_lines(facts: tuple[Fact, ...]) -> tuple[Line, ...]:
    known = {fact.key for fact in facts}
    title = (
        "Closed models lead on {led}" if {"led.private", "led.public"} & known else "No test has scores of both sides"
    )
    title += "; open models lead on {open}" if "open" in known else ""
    title += "; the sides are level on {level}" if "level" in known else ""
    templates = [("", title)]
    for access in CLASSES:
        if f"led.{access}" in known:
            row = f"closed models lead on {{led.{access}}}"
            row += f"; the best open model is {{nearest.{access}}}" if f"nearest.{access}" in known else ""
            row += f" to {{farthest.{access}}}" if f"farthest.{access}" in known else ""
            templates.append((f"{access.capitalize()} tests", row))
    for side in ("open", "closed"):
        if f"top.{side}" in known:
            templates.append(
                (
                    f"Best {side}",
                    f"the best score of {'an open' if side == 'open' else 'a closed'} model, by"
                    f" number of tests: {{top.{side}}}",
                )
            )
    if "alone" in known:
        templates.append(("Not counted", "{alone}: scores of either side alone"))
    ends = "{as_of} · newest complete data {newest_data}"
    ends += " · the oldest board's newest model by then: {oldest} ({oldest.board})"
    templates += [("As of", ends), ("Can't tell", _CANT_TELL)]
    return tuple(Line(label, render(template, facts)) for label, template in templates)


def _overview_table(evidence: "Evidence", found: list["Frontier"]) -> Table:
    rows = []
    for each in sorted(found, key=lambda f: (evidence.boards[f.board].access, f.months is None, -(f.months or 0.0))):
        board = evidence.boards[each.board]
        cells = []
        for records in (each.closed, each.open):
            cells += (
                [evidence.models[records[-1].model].name, score(records[-1].score, board.unit)]
                if records
                else ["–", "–"]
            )
        rows.append(
            (
                board.name,
                board.access,
                *cells,
                cell(each.months),
                date.fromordinal(each.newest_day).isoformat(),
            )
        )
    columns = ("Test", "Kind", "Best closed", "Score", "Best open", "Score", "Months behind", "Newest model")
    return Table("Who leads, by test: months from the first closed model at the best open score", columns, tuple(rows))
