"""When did open models reach a level? Who was first on each side at every level of a test, or at a model's scores."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Fact, Line, Table
from core.errors import UsageError
from core.gap.parameters import CLUSTERED_1
from core.questions import fields, selection
from core.questions.frontier import chart
from core.questions.model import Placed, answered, closed_title, place
from core.questions.question import Question
from core.questions.reasons import why_not
from core.store.store import Store
from core.text import render
from core.words import cell
from core.words import level as level_words

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, IntArray
    from core.gap.crossings import BoardState
    from core.gap.first_crossings import FirstCrossings, Level

_NEIGHBOURS = 3
"""Levels on each side of the one that was asked for, in the table."""
_HIGHEST = 10
"""A level this many times above the highest of a benchmark without end is a slip."""


@dataclass(frozen=True)
class TimelineQuestion(Question):
    """The first closed and the first open model at each level of a test, or at the scores of one model."""

    name: ClassVar[str] = "timeline"
    summary: ClassVar[str] = "When open models reached a level of a test, or matched a model, and who was first."
    phrasings: ClassVar[tuple[str, ...]] = (
        "When did open models reach 80 % on GPQA?",
        "Have open models caught up with GPT-4?",
        "Which levels of ARC-AGI-2 have open models not reached?",
        "Who was first at each level of WeirdML?",
    )

    benchmark: str | None = fields.benchmark(
        "One benchmark, by any of its names; needed unless a model is given.", by_place=True
    )
    level: float | None = field(
        default=None,
        metadata={
            "description": "A level of the benchmark in its own unit, such as 80 for 80 %; without it, all levels.",
            "examples": ["80"],
            "by_place": True,
        },
    )
    model: str | None = fields.model("Instead of a level: when the other side first had this model's best scores.")
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def resolved(self, store: Store, today: date) -> "TimelineQuestion":
        """Return the question with ids for names, and both days; raises UsageError where it asks for nothing."""
        if not self.benchmark and not self.model:
            if self.level is not None:
                raise UsageError("A level needs its benchmark; give one, such as GPQA Diamond.", ("GPQA Diamond",))
            raise UsageError(
                "A timeline needs a benchmark, such as GPQA Diamond, or a model, such as GPT-4; give one of them.",
                ("GPQA Diamond", "GPT-4"),
            )
        if self.level is not None and self.model:
            raise UsageError("A model is looked at by its own best scores; leave the level out, or the model.")
        filled = fields.filled(store, today, self.benchmark, self.as_of, self.known_by)
        return replace(self, **filled, model=fields.model_id(store, self.model))

    def answer(self, evidence: "Evidence") -> Answer:
        """Say who was first; raises UsageError where there is nothing to tell, or the level is none."""
        as_of = self.as_of or evidence.newest_data
        boards = selection.boards(evidence, self.benchmark)
        selection.check_first(evidence, boards, as_of)
        if self.model:
            placed = place(evidence, self.model, self.benchmark, as_of)
            return answered(self, evidence, placed, as_of, _model_title(placed))
        return self._levels(evidence, boards, as_of)

    def _levels(self, evidence: "Evidence", boards: "IntArray", as_of: date) -> Answer:
        from core.gap.first_crossings import first_crossings
        from core.gap.frontier import frontiers
        from core.questions.shared_facts import as_of_facts
        from core.questions.timeline_wording import facts as facts_of
        from core.questions.timeline_wording import level_facts

        [board] = boards.tolist()
        _check_level(evidence.boards[board], self.level)
        found = first_crossings(evidence, board, as_of.toordinal(), CLUSTERED_1, self.level)
        [leaders] = frontiers(evidence, boards, as_of.toordinal())
        access = evidence.boards[board].access
        if self.level is None:
            facts = (*facts_of(evidence, found, leaders), *as_of_facts(evidence, as_of))
            lines = _lines(found, facts, access)
        else:
            facts = (*level_facts(evidence, found, leaders, self.level), *as_of_facts(evidence, as_of))
            lines = _level_lines(found, facts, access, self.level)
        return selection.answered(
            self,
            evidence,
            as_of,
            lines=lines,
            facts=facts,
            tables=(_table(evidence, found, self.level),) if found.levels else (),
            charts=(chart(evidence, leaders, as_of),),
            data={"tests": [_data(evidence, found, self.level)]},
            boards=(board,),
            parameters=CLUSTERED_1,
        )


def _check_level(board: "Board", asked: float | None) -> None:
    """Refuse a level that no model can reach, or all can."""
    most = 100.0 if board.unit == "percent" else _HIGHEST * board.levels[-1]
    if asked is not None and not 0 < asked <= most:
        raise UsageError(
            f"{board.name} is scored in {board.unit}: give a level above 0, and up to {most:g}, not {asked:g}."
        )


def _model_title(placed: Placed) -> str:
    """Return when the other side was at a model's scores: as a template."""
    if not placed.is_open:
        return closed_title(placed)
    known = {fact.key for fact in placed.facts}
    if placed.single:
        whose = "{model}, open weights of {model.day}, has {asked.score} on {asked.board}; "
        if "asked.other" in known:
            return whose + "the first closed model at or above that was {asked.other} on {asked.other.day}"
        return whose + "no closed model in the data to {asked.newest} is at or above that"
    return "Closed models had the best scores of {model}, open weights of {model.day}, before it on {before}"


def _said(key: str, level: "Level") -> str:
    """Return what is said of a level, as a template: the side that was first goes first."""
    closed, open_ = (f"first {side} {{{key}.{side}}} on {{{key}.{side}.day}}" for side in ("closed", "open"))
    if level.state == "both":
        first, then = (closed, open_) if (level.months or 0.0) >= 0 else (open_, closed)
        return f"{first}; {then}, {{{key}.months}}"
    if level.state == "closed only":
        return f"{closed}; no open model there in the data to {{newest}}, {{{key}.age}}"
    if level.state == "open only":
        return f"{open_}; no closed model there in the data to {{newest}}"
    return "no model there in the data to {newest}, closed or open"


def _lines(found: "FirstCrossings", facts: tuple[Fact, ...], access: str) -> tuple[Line, ...]:
    """Write the text on all levels: the highest first, then what waits, and what the gap makes of it."""
    from core.questions.timeline_wording import SHOWN, runs

    known = {fact.key for fact in facts}
    both, waiting = runs(found)
    templates = [("", _title(both, waiting, any_level=bool(found.levels)))]
    templates += [(f"At {{run.{n}.level}}", _said(f"run.{n}", run[0])) for n, run in enumerate(both[:SHOWN])]
    if "rest" in known:
        templates.append(("Below", "{rest}, in the table"))
    if waiting:
        best = "; best open {best.open}, {best.open.score}" if "best.open" in known else ""
        row = "{waiting.all}: no open model there in the data to {newest}, {waiting.months} {waiting.closed} reached"
        templates.append(("Unmatched", f"{row} the lowest of these ({{waiting.closed.day}}){best}"))
    if "led" in known:
        templates.append(("Open first", "{led}"))
    if "alone" in known:
        templates.append(("Open alone", "{alone}; no closed model there in the data to {newest}"))
    if "no_crossings" in known:
        templates.append(("In the gap", "this test gives no results: {no_crossings}"))
    elif "not_counted" in known:
        templates.append(("In the gap", "{not_counted}"))
    return _finished(templates, facts, access)


def _title(both: list[Any], waiting: list[Any], *, any_level: bool) -> str:
    if both:
        return "Open models reached {top.level} on {board} on {run.0.open.day}, {top.when} closed ones"
    nobody = "model in the data has reached a level of {board} that is looked at"
    if waiting:
        return f"No open {nobody}; closed ones have {{waiting.all}}"
    return f"No {'closed ' if any_level else ''}{nobody}"


def _level_lines(found: "FirstCrossings", facts: tuple[Fact, ...], access: str, asked: float) -> tuple[Line, ...]:
    """Write the text on one level: that level first, then its neighbours."""
    known = {fact.key for fact in facts}
    [place] = [number for number, level in enumerate(found.levels) if level.threshold == asked]
    level = found.levels[place]
    templates = [("", f"{{board}}, {{asked.level}}: {_said('asked', level)}")]
    for key, at in (("above", place + 1), ("below", place - 1)):
        if f"{key}.level" in known:
            templates.append((f"At {{{key}.level}}", _said(key, found.levels[at])))
    if level.closed is None and "best.closed" in known:
        templates.append(("Best closed", "{best.closed}, {best.closed.score}"))
    if level.open is None and "best.open" in known:
        templates.append(("Best open", "{best.open}, {best.open.score}"))
    if "reason" in known and level.closed is not None:
        templates.append(("In the gap", "does not count: {reason}"))
    return _finished(templates, facts, access)


def _finished(templates: list[tuple[str, str]], facts: tuple[Fact, ...], access: str) -> tuple[Line, ...]:
    templates.append(
        ("As of", "{as_of} · newest complete data {newest_data} · the board's newest model by then: {newest}")
    )
    doubt = "what is not in the data may have been reached all the same, by a model that nobody has tested here"
    doubt += "; open models can be trained towards public tests" if access == "public" else ""
    templates.append(("Can't tell", doubt))
    return tuple(Line(render(label, facts), render(template, facts)) for label, template in templates)


def _table(evidence: "Evidence", found: "FirstCrossings", asked: float | None) -> Table:
    board, shown = evidence.boards[found.board], list(found.levels)
    title = f"Every level of {board.name}"
    if asked is not None:
        [place] = [number for number, level in enumerate(shown) if level.threshold == asked]
        shown = shown[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
        title = f"{board.name} around {level_words(asked, board.unit)}"
    rows = [(f"{level.threshold:g}", *_cells(evidence, found, level)) for level in shown]
    unit = "%" if board.unit == "percent" else board.unit
    columns = (f"Level, {unit}", "First closed", "On", "First open", "On", "Months", "In the gap")
    return Table(f"{title}: months from the first closed to the first open model", columns, tuple(rows))


def _cells(evidence: "Evidence", found: "FirstCrossings", level: "Level") -> tuple[str, ...]:
    cells = []
    for model, at in ((level.closed, level.closed_day), (level.open, level.open_day)):
        if model is None or at is None:
            cells += ["not in the data", "–"]
        else:
            cells += [evidence.models[model].name, date.fromordinal(at).isoformat()]
    cells.append(cell(level.months))
    said = "counts" if level.accepted else why_not(level.reason, found.state)
    if found.state.reason:
        said = "too few models"
    elif level.accepted and level.age_months is not None:
        said = f"waits {level.age_months:.1f} months"
    return (*cells, said)


def _data(evidence: "Evidence", found: "FirstCrossings", asked: float | None) -> dict[str, Any]:
    from core.questions.shared_facts import board_data

    state = found.state
    rows = [_row(evidence, level, state) for level in found.levels]
    return {
        **board_data(evidence.boards[found.board]),
        "newest_data": date.fromordinal(state.newest_day or 1).isoformat(),
        "open_models": state.open_models,
        "closed_models": state.closed_models,
        "reason": why_not(state.reason, state) or None,
        "asked": next((row for row in rows if row["threshold"] == asked), None),
        "levels": rows,
    }


def _row(evidence: "Evidence", level: "Level", state: "BoardState") -> dict[str, Any]:
    row: dict[str, Any] = {"threshold": level.threshold}
    for side, model, at in (("closed", level.closed, level.closed_day), ("open", level.open, level.open_day)):
        known = None if model is None else evidence.models[model]
        row |= {
            f"{side}_model": known and known.model_id,
            f"{side}_name": known and known.name,
            f"{side}_date": date.fromordinal(at).isoformat() if at else None,
        }
    return row | {
        "state": level.state,
        "gap_months": level.months,
        "age_months": level.age_months,
        "accepted": level.accepted,
        "reason": why_not(level.reason, state) or None,
    }
