"""When did open models reach a level? Who was first on each side at every level of a test, or at a model's scores."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Table
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.frontier import chart
from core.questions.model import answer_for
from core.questions.noise_wording import noise_cell, noise_data, noise_facts
from core.questions.question import Question
from core.questions.reasons import why_not
from core.questions.shared_facts import board_data, iso, named_model_data
from core.questions.timeline_wording import level_facts, level_lines, place_of, timeline_facts, timeline_lines
from core.store.store import Store
from core.words import cell
from core.words import level as level_words

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence
    from core.gap.crossings import BoardState, FirstCrossings, Level
    from core.gap.score_noise import NoisyLag

_REDRAWN = ("Redrawn",)
"""The column of lags with scores drawn anew, where any has a standard error."""
_NEIGHBOURS = 3
"""Levels on each side of the one that was asked for, in the table."""
_HIGHEST = 10
"""A level this many times above the highest of a benchmark without end is a slip."""


@dataclass(frozen=True)
class TimelineQuestion(Question):
    """When open models reached a level of a test, or matched a model, and who was first."""

    name: ClassVar[str] = "timeline"
    behind: ClassVar[str] = "every level with both models, and what counts in the gap"
    phrasings: ClassVar[tuple[str, ...]] = (
        "When did open models reach 80 % on GPQA?",
        "Have open models caught up with GPT-4?",
        "Which levels of ARC-AGI-2 have open models not reached?",
        "Who was first at each level of WeirdML?",
    )

    benchmark: str | None = fields.benchmark("One test; needed unless a model is given.", by_place=True)
    level: float | None = fields.described(
        "A level in the test's own unit, such as 80 for 80 %; without it, all.", "80", by_place=True
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
        return super().resolved(store, today)

    def answer(self, evidence: "Evidence") -> Answer:
        """Say who was first; raises UsageError where there is nothing to tell, or the level is none."""
        from core.gap.crossings import find_first_crossings
        from core.gap.records import frontiers
        from core.gap.score_noise import level_noise

        as_of = self.as_of or evidence.newest_data
        boards = selection.boards(evidence, self.benchmark)
        selection.check_first(evidence, boards, as_of)
        if self.model:
            return answer_for(self, evidence, self.model, self.benchmark, as_of)
        [number] = boards.tolist()
        board = evidence.boards[number]
        _check_level(board, self.level)
        found = find_first_crossings(evidence, number, as_of.toordinal(), DEFAULT, self.level)
        [leaders] = frontiers(evidence, boards, as_of.toordinal())
        thresholds = tuple(level.threshold for level in found.levels)
        noise = level_noise(evidence, number, as_of.toordinal(), thresholds, DEFAULT)
        if self.level is None:
            facts, templates = timeline_facts(evidence, found, leaders), timeline_lines(found, board.access)
        else:
            facts = level_facts(evidence, found, leaders, self.level)
            facts += noise_facts("asked", noise.get(self.level), board, level=self.level)
            templates = level_lines(found, board.access, self.level)
        return selection.answered(
            self, evidence, as_of, templates, facts, tables=(_table(evidence, found, noise, self.level),),
            charts=(chart(leaders, as_of, selection.foot(evidence, (number,), as_of)),),
            data={"tests": [_data(evidence, found, noise, self.level)]}, boards=(number,), parameters=DEFAULT,
        )  # fmt: skip


def _check_level(board: "Board", asked: float | None) -> None:
    """Refuse a level that no model can reach, or all can."""
    most = 100.0 if board.unit == "percent" else _HIGHEST * board.levels[-1]
    if asked is not None and not 0 < asked <= most:
        raise UsageError(
            f"{board.name} is scored in {board.unit}: give a level above 0, and up to {most:g}, not {asked:g}."
        )


def _table(evidence: "Evidence", found: "FirstCrossings", noise: "dict[float, NoisyLag]", asked: float | None) -> Table:
    board, shown = evidence.boards[found.board], list(found.levels)
    title = f"Every level of {board.name}"
    if asked is not None:
        place = place_of(found, asked)
        shown = shown[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
        title = f"{board.name} around {level_words(asked, board.unit)}"
    rows = [(f"{level.threshold:g}", *_cells(evidence, found, level, noise)) for level in shown]
    unit = "%" if board.unit == "percent" else board.unit
    columns = (
        f"Level, {unit}",
        "First closed",
        "On",
        "First open",
        "On",
        "Months",
        *_REDRAWN[: bool(noise)],
        "In the gap",
    )
    return Table(f"{title}: months from the first closed to the first open model", columns, tuple(rows))


def _cells(
    evidence: "Evidence", found: "FirstCrossings", level: "Level", noise: "dict[float, NoisyLag]"
) -> tuple[str, ...]:
    cells = []
    for model, at in ((level.closed, level.closed_day), (level.open, level.open_day)):
        if model is None or at is None:
            cells += ["not in the data", "–"]
        else:
            cells += [evidence.models[model].name, iso(at)]
    cells += [cell(level.months), *((noise_cell(noise.get(level.threshold)),) if noise else ())]
    said = "counts" if level.accepted else why_not(level.reason, found.state)
    if found.state.reason:
        said = "too few models"
    elif level.accepted and level.age_months is not None:
        said = f"unmatched for {level.age_months:.1f} months"
    return (*cells, said)


def _data(
    evidence: "Evidence", found: "FirstCrossings", noise: "dict[float, NoisyLag]", asked: float | None
) -> dict[str, Any]:
    state = found.state
    rows = [{**_row(evidence, level, state), "noise": noise_data(noise.get(level.threshold))} for level in found.levels]
    return {
        **board_data(evidence.boards[found.board]),
        "newest_data": iso(state.newest_day or 1),
        "open_models": state.open_models,
        "closed_models": state.closed_models,
        "reason": why_not(state.reason, state) or None,
        "asked": next((row for row in rows if row["threshold"] == asked), None),
        "levels": rows,
    }


def _row(evidence: "Evidence", level: "Level", state: "BoardState") -> dict[str, Any]:
    return {
        "threshold": level.threshold,
        **named_model_data(evidence, level.closed, level.closed_day, "closed_"),
        **named_model_data(evidence, level.open, level.open_day, "open_"),
        "state": level.state,
        "gap_months": level.months,
        "age_months": level.age_months,
        "accepted": level.accepted,
        "reason": why_not(level.reason, state) or None,
    }
