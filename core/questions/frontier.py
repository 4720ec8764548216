"""Who leads? The best closed and the best open model on one test, with all records before, or on every test."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Chart, Fact, Line, Series, Span, Table, details
from core.questions import fields, selection
from core.questions.board_wording import STAGE_LINE, lives_of, stage_fact
from core.questions.question import Question
from core.questions.shared_facts import (
    BETWEEN,
    SHORTEST,
    STANDING,
    as_of_lines,
    board_data,
    count_fact,
    day_fact,
    iso,
    lag_fact,
    model_fact,
    name_fact,
    named_model_data,
    of_board,
    score_fact,
    stated,
)
from core.text import render
from core.words import CLASSES, Domain, and_list, cell, count, difference, lag_text, months, score

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.records import Frontier, Record

_CANT_TELL = Line(
    "Can't tell",
    "a record is a model's best score as it was tested; a model that nobody has tested here may be better, and open"
    " models are tested less often",
    ("sure", "explain"),
    sentence=True,
    detail=True,
)
_NAMED = 3
"""Models of a side that are named for holding its best score on most tests."""
_SIDES = ("closed", "open")


@dataclass(frozen=True)
class FrontierQuestion(Question):
    """Who leads: the best closed and the best open model, and how far apart they are."""

    name: ClassVar[str] = "frontier"
    behind: ClassVar[str] = "every record, and what can't be told"
    phrasings: ClassVar[tuple[str, ...]] = (
        "Who leads on WeirdML?",
        "What is the record on GPQA?",
        "On which tests do open models lead?",
        "Who led on MMLU on 20 January 2025?",
    )
    charts: ClassVar[Mapping[str, str]] = {"frontier": "the best closed and open models on one test over time"}

    benchmark: str | None = fields.benchmark(example="WeirdML", by_place=True)
    domain: Domain | None = fields.domain_filter()
    side: Literal["open", "closed"] | None = fields.described("Whose best goes first; without it, that of who leads.")
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """Say who leads; raises UsageError where the day is before all data."""
        from core.gap.records import frontiers

        as_of = self.as_of or evidence.newest_data
        boards = selection.boards(evidence, self.benchmark, None, self.domain)
        selection.check_first(evidence, boards, as_of)
        found = frontiers(evidence, boards, as_of.toordinal())
        if self.benchmark:
            [life] = lives_of(evidence, boards, as_of).values()
            facts = (*_facts(evidence, found[0]), stage_fact(evidence, life))
            templates = _templates(found[0], self.side, as_of)
            table = _history(evidence, found[0])
        else:
            facts = _overview_facts(evidence, found)
            templates = _overview(found, self.side, facts)
            table = _overview_table(evidence, found)
        return selection.answered(
            self, evidence, as_of, (*templates, _CANT_TELL), facts, tables=(table,),
            charts=(chart(evidence, found[0], as_of),) if self.benchmark else (),
            data={"tests": [_data(evidence, each, whole=self.benchmark is not None) for each in found]},
            boards=boards.tolist(),
        )  # fmt: skip


# ---- one test


def _facts(evidence: "Evidence", found: "Frontier") -> tuple[Fact, ...]:
    """State each side's best score and for how long it has stood, how far apart they are, and how old that level is."""
    board = evidence.boards[found.board]
    of = of_board(board)
    facts = [
        name_fact("board", board.name, **of),
        day_fact("newest", found.newest_day, "the board's newest model"),
        day_fact("since", found.since, f"{found.leader} ahead since"),
    ]
    for side, records in (("closed", found.closed), ("open", found.open)):
        if records:
            facts += _record_facts(evidence, f"best.{side}", found.board, records[-1])
            stood = found.stood(records[-1])
            facts.append(stated(f"stood.{side}", stood, "months", months(stood), "duration", side=side, **of))
    if found.difference is not None:
        apart = difference(found.difference, board.unit)
        facts.append(stated("difference", found.difference, board.unit, apart, "score", **of))
    if found.matched is not None and found.months is not None and found.between is not None:
        facts += _record_facts(evidence, "matched", found.board, found.matched)
        of["side"], of["model"] = "open", evidence.models[found.open[-1].model].name
        facts += [
            lag_fact(
                "behind",
                found.months,
                lag_text(found.months, "behind"),
                measure=STANDING,
                day=iso(found.newest_day),
                **of,
            ),
            lag_fact("matched.open", found.between, lag_text(found.between, "later"), measure=BETWEEN, **of),
        ]
    return tuple(facts)


def _record_facts(evidence: "Evidence", key: str, board: int, record: "Record") -> list[Fact]:
    model = evidence.models[record.model].name
    return [
        model_fact(key, evidence.models[record.model]),
        score_fact(f"{key}.score", record.score, evidence.boards[board], model),
        day_fact(f"{key}.day", record.day, model),
    ]


def _title(found: "Frontier", as_of: date, *, below: str = ", {difference} below the best") -> str:
    """Return the finding as a template: who leads, by how much; where open models trail also by how many months.

    Of a test that has ended, the months are those of its newest model's day, and nothing is said of now.
    """
    from core.gap.standing import has_ended

    if found.difference is None:
        return f"Only {'open' if found.open else 'closed'} models are in the data on {{board}}"
    if found.leader == "open":
        return "Open models lead on {board} by {difference}"
    if found.leader == "neither":
        return "Open and closed models are level on {board}"
    if (found.months or 0.0) < SHORTEST:
        return "Closed models lead on {board} by {difference}"
    if has_ended(found.newest_day, as_of.toordinal()):
        return f"Open models stood {{behind}} on {{board}} by {{newest}}, when its newest model came out{below}"
    return f"Open models stand {{behind}} on {{board}}{below}"


def _templates(found: "Frontier", side: str | None, as_of: date) -> tuple[Line, ...]:
    """Say who leads, the best of each side, how old the closed level is that open models have reached, and since when.

    The best of the side that was asked for goes first, else of that which leads.
    """
    against = ", {behind} (first there: {matched})" if found.matched else ""
    best = {
        "open": f"{{best.open}}, {{best.open.score}}{against}, is the best open model ({{best.open.day}})",
        "closed": "{best.closed}, {best.closed.score}, is the best closed model ({best.closed.day})",
    }
    first = side or ("open" if found.leader == "open" else "closed")
    named = [best[each] for each in sorted(_SIDES, key=first.__ne__) if getattr(found, each)]
    leads = "the sides have been level" if found.leader == "neither" else f"{found.leader} models have led"
    never = "no closed model in the data to {newest} is at or above the best open score"
    matched = "the first closed model at or above the best open score was {matched} ({matched.score}) on {matched.day}"
    return (
        Line("", _title(found, as_of), ("level", "direction")),
        Line("Best", "; ".join(named), ("who", "scores"), sentence=True),
        *([Line("Leads", f"{leads} since {{since}}", ("when",), sentence=True)]
          if found.difference is not None else []),
        *as_of_lines("the board's newest model by then: {newest}", aspects=()),
        *details([
            *([Line("Behind", f"{matched}; the best open model came {{matched.open}}" if found.matched else never)]
              if found.open and found.closed else []),
            Line("Unbeaten", _unbeaten(found)),
            STAGE_LINE,
        ]),
    )  # fmt: skip


def _unbeaten(found: "Frontier") -> str:
    """Say for how long each side's best score has stood, or that the newest model set it."""
    best = {side: getattr(found, side)[-1] for side in _SIDES if getattr(found, side)}
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
        model = evidence.models[record.model]
        side = "open" if record.is_open else "closed"
        rows.append((iso(record.day), side, model.name, score(record.score, board.unit), ahead))
    title = f"Every record on {board.name}, the newest first"
    return Table(title, ("On", "Side", "Model", "Score", "Then ahead"), tuple(reversed(rows)))


def chart(evidence: "Evidence", found: "Frontier", as_of: date) -> Chart:
    """Show both sides' records on a board as steps up to its newest day, and how old the matched level is."""
    board, facts = evidence.boards[found.board], _facts(evidence, found)
    title = render(_title(found, as_of, below=""), facts)
    series, said = [], []
    for side, records in (("closed", found.closed), ("open", found.open)):
        if not records:
            continue
        steps = [(iso(each.day), each.score, evidence.models[each.model].name) for each in records]
        if records[-1].day < found.newest_day:
            steps.append((iso(found.newest_day), records[-1].score, ""))
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
    """Return the time since the first closed model at the best open score, at that score."""
    if found.matched is None or not found.months:
        return ()
    return (Span(months(found.months), iso(found.matched.day), iso(found.newest_day), found.open[-1].score),)


def _data(evidence: "Evidence", found: "Frontier", *, whole: bool) -> dict[str, Any]:
    sides = {side: [_record(evidence, each) for each in getattr(found, side)] for side in _SIDES}
    row: dict[str, Any] = {
        **board_data(evidence.boards[found.board]),
        "newest_data": iso(found.newest_day),
        "leader": found.leader,
        "since": iso(found.since),
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
    return {**named_model_data(evidence, record.model, record.day), "score": record.score}


# ---- all tests

_OF_CLASSES = tuple(
    Line(f"{access.capitalize()} tests", f"best open {{nearest.{access}}}[ to {{farthest.{access}}}]")
    for access in CLASSES
)
_OLDEST = "the oldest board's newest model by then: {oldest} ({oldest.board})"
_ENDS = (*as_of_lines(_OLDEST), Line("Not counted", "{alone}: scores of either side alone", detail=True))


def _overview(found: list["Frontier"], side: str | None, facts: tuple[Fact, ...]) -> tuple[Line, ...]:
    """Say on how many tests who leads, and the best models of each side, first of the side that was asked for."""
    known = {fact.key for fact in facts}
    led = " and ".join(f"{{led.{access}}}" for access in CLASSES if f"led.{access}" in known)
    title = f"Closed models lead on {led}" if led else "No test has scores of both sides"
    title += "[; open models lead on {open}][; the sides are level on {level}]"
    sides = [each for each in sorted(_SIDES, key=(side or "closed").__ne__) if any(getattr(f, each) for f in found)]
    most = ", ".join(f"{{most.{each}}} of the {each} {'ones' if n else 'models'}" for n, each in enumerate(sides))
    best = "; ".join(f"{{top.{each}}} {_hold(found, each)}" for each in sides)
    return (
        Line("", title, ("direction", "level")),
        *_OF_CLASSES,
        Line("Best", most, ("who", "scores"), sentence=True),
        *_ENDS,
        Line("Also best", best, detail=True),
    )


def _hold(found: list["Frontier"], side: str) -> str:
    """Say that the models of a side that are named hold most of its best scores; or that the one holds them all."""
    best = [getattr(each, side)[-1].model for each in found if getattr(each, side)]
    if len(set(best)) > 1:
        return f"hold most of the best {side} scores"
    return f"holds {'every' if len(best) > 1 else 'the'} best {side} score"


def _overview_facts(evidence: "Evidence", found: list["Frontier"]) -> tuple[Fact, ...]:
    """State who leads where; a test on which one side has no score yet is not led by the other."""
    names = {each.board: evidence.boards[each.board].name for each in found}
    races = [each for each in found if each.difference is not None]
    facts: list[Fact] = []
    for access in CLASSES:
        tests = [each for each in races if evidence.boards[each.board].access == access]
        if tests:
            led = sum(each.leader == "closed" for each in tests)
            shown = f"{led} of {count(len(tests), f'{access} test')}"
            facts.append(count_fact(f"led.{access}", led, "tests", shown, access=access, side="closed"))
            facts += _lag_facts(evidence, access, tests, names)
    for key, which in (
        ("open", [each for each in races if each.leader == "open"]),
        ("level", [each for each in races if each.leader == "neither"]),
        ("alone", [each for each in found if each.difference is None]),
    ):
        if which:
            named = and_list([names[each.board] for each in which])
            facts.append(count_fact(key, len(which), "tests", named, key))
    for side in _SIDES:
        if any(getattr(each, side) for each in found):
            facts += _top_facts(evidence, side, found)
    oldest = min(found, key=lambda each: each.newest_day)
    name = names[oldest.board]
    facts.append(name_fact("oldest.board", name, benchmark=name))
    return *facts, day_fact("oldest", oldest.newest_day, name)


def _top_facts(evidence: "Evidence", side: str, found: list["Frontier"]) -> list[Fact]:
    """State which models of a side hold its best score on most tests; of as many tests the newest model goes first."""
    best = [getattr(each, side)[-1] for each in found if getattr(each, side)]
    held = Counter(record.model for record in best)
    days = {record.model: record.day for record in best}
    first = sorted(held, key=lambda model: (-held[model], -days[model]))[:_NAMED]
    shown = [f"{evidence.models[model].name} ({held[model]} of {len(best)})" for model in first]
    return [
        count_fact(f"{key}.{side}", held[first[0]], "tests", and_list(told), side=side)
        for key, told in (("most", shown[:1]), ("top", shown))
    ]


def _lag_facts(evidence: "Evidence", access: str, tests: list["Frontier"], names: dict[int, str]) -> list[Fact]:
    """State how far the best open models stand behind, on the test with the least and the one with the most."""
    lags = sorted(
        (each.months, names[each.board], each.open[-1].model, each.newest_day)
        for each in tests
        if each.months is not None
    )
    ends = zip(("nearest", "farthest"), (lags[0], lags[-1]) if len(lags) > 1 else lags, strict=False)
    return [
        lag_fact(
            f"{key}.{access}", lag_, f"{lag_text(lag_, 'behind')} ({name})", measure=STANDING, access=access,
            benchmark=name, side="open", model=evidence.models[model].name, day=iso(newest),
        )
        for key, (lag_, name, model, newest) in ends
    ]  # fmt: skip


def _overview_table(evidence: "Evidence", found: list["Frontier"]) -> Table:
    rows = []
    for each in sorted(found, key=lambda f: (evidence.boards[f.board].access, f.months is None, -(f.months or 0.0))):
        board = evidence.boards[each.board]
        best = (
            (evidence.models[records[-1].model].name, score(records[-1].score, board.unit)) if records else ("–", "–")
            for records in (each.closed, each.open)
        )
        of_both = (cell_ for of_side in best for cell_ in of_side)
        rows.append((board.name, board.access, *of_both, cell(each.months), iso(each.newest_day)))
    columns = ("Test", "Kind", "Best closed", "Score", "Best open", "Score", "Behind then", "Newest model")
    title = "Who leads, by test: months since the first closed model at the best open score, up to the newest model"
    return Table(title, columns, tuple(rows))
