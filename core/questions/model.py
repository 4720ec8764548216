"""How far behind is one model? On one scale of all tests, and test by test since a closed model had as much."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Chart, Series, Table
from core.errors import UsageError
from core.gap.parameters import DEFAULT, MONTH_DAYS
from core.questions import fields, selection
from core.questions.model_wording import model_facts, model_lines, versions
from core.questions.noise_wording import noise_cell, noise_data, noise_facts
from core.questions.question import Question
from core.questions.reasons import LEVELS
from core.questions.result import as_json
from core.questions.shared_facts import board_data, index_facts, iso, named_model_data, on_index, unit_fact
from core.store.store import Store
from core.text import render_known
from core.words import and_list, cell, day, score

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.records import ModelLag
    from core.gap.score_noise import NoisyLag


@dataclass(frozen=True)
class ModelQuestion(Question):
    """How far behind closed models one open model is; how soon a closed one was matched."""

    name: ClassVar[str] = "model"
    behind: ClassVar[str] = "each test, the index, scores, licence and versions"
    phrasings: ClassVar[tuple[str, ...]] = (
        "How far behind is Kimi K2?",
        "Where does DeepSeek-R1 stand?",
        "How far behind closed models is GLM-5 on WeirdML?",
        "How long after GPT-4o did open models match it?",
    )

    model: str = fields.described(
        "The model, by any of its names.", "Kimi K2", needed=True, max_length=100, by_place=True
    )
    benchmark: str | None = fields.benchmark()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def resolved(self, store: Store, today: date) -> "ModelQuestion":
        """Return the question with ids for names, and both days; raises UsageError where it names no model."""
        if not self.model:
            raise UsageError("The model is missing; give one, such as Kimi K2.")
        return super().resolved(store, today)

    def answer(self, evidence: "Evidence") -> Answer:
        """Place the model; raises UsageError where it can't be compared, or has no score there."""
        return answer_for(self, evidence, self.model, self.benchmark, self.as_of or evidence.newest_data)


def answer_for(question: Question, evidence: "Evidence", model_id: str, benchmark: str | None, as_of: date) -> Answer:
    """Answer a question of one model on one benchmark (id and version), or on all headline ones that have its score.

    Raises UsageError where the model can't be compared, came after the day, or has no score there.
    """
    from core.gap.records import model_lags
    from core.gap.score_noise import model_noise

    model, boards = selection.comparable(evidence, model_id, as_of), selection.boards(evidence, benchmark)
    lags = model_lags(evidence, model, boards, as_of.toordinal(), DEFAULT)
    if not lags:
        raise _no_score(evidence, model, benchmark)
    noise = {lag.board: model_noise(evidence, model, lag.board, as_of.toordinal(), DEFAULT) for lag in lags}
    is_single, is_open = benchmark is not None, evidence.models[model].is_open
    facts = model_facts(evidence, model, lags, as_of.toordinal(), is_single=is_single)
    placed = {} if is_single else on_index(evidence, model, as_of)
    if is_single:
        facts += noise_facts("asked", noise[lags[0].board], evidence.boards[lags[0].board])
    elif placed:
        facts += [*index_facts(evidence.models[model], placed), unit_fact()]
    lines = model_lines(facts, placed, is_open=is_open, is_single=is_single)
    return selection.answered(
        question, evidence, as_of, lines, facts, tables=(_table(evidence, lags, noise, is_open=is_open),),
        charts=_charts(evidence, model, lags, render_known(lines, facts)[0].text, as_of),
        data={
            **_data(evidence, model, lags, noise, as_of),
            "index": {name: as_json(each) for name, each in placed.items()},
        },
        boards=[lag.board for lag in lags], parameters=DEFAULT,
    )  # fmt: skip


def _charts(
    evidence: "Evidence", model: int, lags: "tuple[ModelLag, ...]", title: str, as_of: date
) -> tuple[Chart, ...]:
    """Show what the model matched of closed ones, or who matched it, as lines between both; nothing where none did."""
    me, rows = evidence.models[model], []
    for lag in sorted(lags, key=lambda lag: (evidence.boards[lag.board].access, -(lag.other_day or 0))):
        board = evidence.boards[lag.board]
        label = f"{board.name} {score(lag.score, board.unit)}"
        if lag.other is not None and lag.other_day is not None:
            ends = [(me.day, me.called), (lag.other_day, evidence.models[lag.other].called)]
            (start, closed), (end, opened) = reversed(ends) if me.is_open else ends
            rows.append(
                Series(label, board.access, (iso(start), iso(end)), (None, lag.between), notes=(closed, opened))
            )
        elif not me.is_open and lag.newest_day > me.day:
            so_far = (lag.newest_day - me.day) / MONTH_DAYS
            days = iso(me.day), iso(lag.newest_day)
            rows.append(Series(label, board.access, days, (None, None), (None, so_far), notes=(me.called, "")))
    if not any(row.y[1] is not None for row in rows):
        return ()
    what = "from the first closed model at its best score to it" if me.is_open else "from it to the first open model"
    foot = selection.foot(evidence, [lag.board for lag in lags], as_of)
    return (Chart("catch-up", title, what, "", tuple(rows), foot=foot, alt=f"A line per test, {what}. {title}."),)


def _no_score(evidence: "Evidence", model: int, benchmark: str | None) -> UsageError:
    """Say that a model has no score where it was looked for, and where it has some, headline tests first."""
    boards = [evidence.boards[number] for number in sorted(set(evidence.board[evidence.model == model].tolist()))]
    scored = tuple(board.name for board in sorted(boards, key=lambda board: not board.headline))
    name = evidence.models[model].name
    if not scored:
        return UsageError(f"No score of {name} was known by {day(evidence.known_by)}; ask for a later known-by day.")
    where = "a headline test"
    if benchmark:
        where = evidence.boards[selection.board_number(evidence, benchmark)].name
    return UsageError(f"{name} has no score on {where}; give a test that has one: {and_list(scored)}.", scored)


def _table(
    evidence: "Evidence", lags: "tuple[ModelLag, ...]", noise: "dict[int, NoisyLag | None]", *, is_open: bool
) -> Table:
    rows = []
    for lag in sorted(lags, key=lambda lag: (evidence.boards[lag.board].access, lag.between is None, -_months(lag))):
        board = evidence.boards[lag.board]
        other = "none in the data" if lag.other is None else evidence.models[lag.other].name
        behind = (cell(lag.months), cell(lag.between)) if is_open else (cell(lag.between),)
        rows.append((
            board.name, board.access, score(lag.score, board.unit), *behind, noise_cell(noise[lag.board]),
            other, iso(lag.other_day) or "–", f"{LEVELS[lag.reason]}: left out" if lag.reason else "–",
        ))  # fmt: skip
    side, months = ("closed", ("Behind now", "At its release")) if is_open else ("open", ("Months later",))
    columns = ("Test", "Kind", "Best score", *months, "Redrawn", f"First {side} there", "On", "Remark")
    width = len(columns) if any(lag.reason for lag in lags) else -1
    title = f"By test: the first {side} model at or above the best score"
    return Table(title, columns[:width], tuple(row[:width] for row in rows))


def _months(lag: "ModelLag") -> float:
    return (lag.between if lag.months is None else lag.months) or 0.0


def _data(
    evidence: "Evidence", model: int, lags: "tuple[ModelLag, ...]", noise: "dict[int, NoisyLag | None]", as_of: date
) -> dict[str, Any]:
    known = evidence.models[model]
    return {
        "model": {
            **named_model_data(evidence, model, known.day),
            "side": known.side,
            "evidence": known.openness_grade,
            "versions": [evidence.models[n].name for n in versions(evidence, model, as_of.toordinal())],
        },
        "tests": [_test(evidence, lag, noise[lag.board]) for lag in lags],
    }


def _test(evidence: "Evidence", each: "ModelLag", noise: "NoisyLag | None") -> dict[str, Any]:
    return {
        **board_data(evidence.boards[each.board]),
        "score": each.score,
        **named_model_data(evidence, each.other, each.other_day, "other_"),
        "months": each.months,
        "months_between": each.between,
        "noise": noise_data(noise),
        "newest_data": iso(each.newest_day),
        "first_at": list(each.first_at),
        "accepted": not each.reason,
        "reason": LEVELS[each.reason] or None,
    }
