"""What if a model had a certain score? The gap with one supposed score, beside the gap as it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Fact, Line, Table, details
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.reasons import LEVELS, index_data, why_not
from core.questions.reasons import STANDING as STANDING_REASONS
from core.questions.shared_facts import (
    INDEX,
    STANDING,
    as_of_lines,
    board_key,
    count_fact,
    day_fact,
    iso,
    lag_fact,
    model_data,
    name_fact,
    of_board,
    stated,
    with_range,
)
from core.store import queries
from core.store.store import Store
from core.words import and_list, cell, day, lag_text, level, levels, quote

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence
    from core.gap.figures import Headline
    from core.gap.scenario import Effects, Level

_FURTHEST = timedelta(days=round(5 * 365.25))
"""A supposed day further ahead than this says nothing about the gap of today."""
_MODEL_ID = "supposed"
_DETAILS = details((
    Line("Read at", "{standing.day}", ("standing",)),
    Line("No longer unmatched", "{ended}"),
    Line("Would be unmatched", "{begun}"),
    Line("Would displace", "{displaced}", ("who",)),
    Line("Counted", "a supposed score makes a match only where it is the first of its side", ("explain",),
         sentence=True),
))  # fmt: skip
_LEAST = 0.1
"""A gap that moves by less, in months, stays."""


@dataclass(frozen=True)
class WhatIfQuestion(Question):
    """What one supposed score of a model would change in the gap."""

    name: ClassVar[str] = "what_if"
    behind: ClassVar[str] = "whom the score would displace, and each score at which it would be first"
    phrasings: ClassVar[tuple[str, ...]] = (
        "What if an open model scored 45 % on FrontierMath in December?",
        "Would an open model with 90 % on WeirdML close the gap?",
        "What would a closed model with 300 minutes on METR's time horizons change?",
    )
    is_kept: ClassVar[bool] = False

    benchmark: str = fields.described("The test.", "FrontierMath", needed=True, by_place=True, max_length=100)
    score: float = fields.described(
        "The supposed score in percent; METR's in minutes.", "45", needed=True, by_place=True
    )
    day: date | None = fields.described("The day of its release; without it, the newest data's.", "2026-12-01")
    side: Literal["open", "closed"] = fields.described("Whether the supposed model is open or closed.", default="open")
    model: str | None = fields.model("A name for the supposed model.")
    known_by: date | None = fields.known_by()

    def resolved(self, store: Store, today: date) -> "WhatIfQuestion":
        """Return the question with the benchmark's id, and the days filled in."""
        _, known_by = fields.days(store, today, None, self.known_by)
        supposed = self.day or queries.newest_data(store, known_by)
        if supposed > today + _FURTHEST:
            raise UsageError(f"{day(supposed)} is too far ahead; give {day(today + _FURTHEST)} or earlier.")
        return replace(
            self, benchmark=fields.id_of("benchmark", store, self.benchmark) or "", day=supposed, known_by=known_by
        )

    def answer(self, evidence: "Evidence") -> Answer:
        """Compare the gap with and without the score; raises UsageError for one that there can't be."""
        from core.evidence.evidence import Model
        from core.gap.scenario import effects_of, with_score

        number, supposed_day = selection.board_number(evidence, self.benchmark), self.day or evidence.newest_data
        board = evidence.boards[number]
        self._check(evidence, number, supposed_day)
        model = Model(_MODEL_ID, self._name, day=supposed_day.toordinal(), is_open=self.side == "open")
        scenario = with_score(evidence, number, self.score, supposed_day, model)
        boards = selection.boards(evidence, None if board.headline else self.benchmark, board.access)
        as_of = max(supposed_day, evidence.newest_data)
        effects = effects_of(evidence, scenario, boards, as_of.toordinal(), DEFAULT)
        state = effects.before.crossings.states[number]
        if state.reason:
            reason = why_not(state.reason, state)
            raise UsageError(f"{board.name} has {reason} (as of {day(as_of)}); suppose a score of another test.")
        facts = self._facts(evidence, number, supposed_day, effects)
        supposed = {"score": self.score, "date": supposed_day.isoformat(), "side": self.side, "model": self.model}
        return selection.answered(
            self, evidence, as_of, _lines(board, effects, facts), facts,
            tables=(_table(evidence, board, effects, self.side),), data=_data(evidence, board, effects, supposed),
            boards=boards.tolist(), parameters=DEFAULT,
        )  # fmt: skip

    @property
    def _name(self) -> str:
        return quote(self.model, 100) if self.model else f"a supposed {self.side} model"

    def _check(self, evidence: "Evidence", number: int, supposed_day: date) -> None:
        """Refuse a score that is outside of the board's range, and a day before its first."""
        board = evidence.boards[number]
        if board.unit == "percent" and not 0 <= self.score <= 100:
            raise UsageError(f"A score on {board.name} lies between 0 and 100 %; {self.score:g} can't be one.")
        if board.unit != "percent" and self.score <= 0:
            raise UsageError(f"A score on {board.name} is more than 0 {board.unit}; {self.score:g} can't be one.")
        boards = selection.boards(evidence, self.benchmark)
        selection.check_first(evidence, boards, supposed_day, of_release=True)

    def _facts(self, evidence: "Evidence", number: int, supposed_day: date, effects: "Effects") -> list[Fact]:
        """State what is supposed, the figures without and with it, and what would be new."""
        board = evidence.boards[number]
        whose = f"an {self.side} model" if self.side == "open" else f"a {self.side} model"
        whose += f" called {self._name}" if self.model else ""
        at = supposed_day.isoformat()
        of = {**of_board(board), "side": self.side, "model": self.model or "", "day": at}
        facts = [
            stated("supposed.model", self.model, "", whose, "name", "the supposed model", **of),
            stated("supposed.score", self.score, board.unit, level(self.score, board.unit), "score", "supposed", **of),
            name_fact("supposed.board", board.name, **of),
            stated("supposed.day", at, "date", day(supposed_day), "day", "supposed release", **of),
        ]
        facts += _standing_facts(number, board, effects)
        if board.headline:
            before, after = (gaps.classes[board.access].index.figure for gaps in (effects.before, effects.after))
            facts += _gap_facts(board, supposed_day, before, after)
        return facts + _first_facts(evidence, board, effects, self.side)


def _standing_facts(number: int, board: "Board", effects: "Effects") -> list[Fact]:
    """State the standing gap of the test without the score and with it, on one day."""
    before, after = effects.standing_before, effects.standing_after
    of: dict[str, Any] = {**of_board(board), "measure": f"{STANDING} with the supposed score"}
    if after is None:
        reason = effects.after.classes[board.access].standing.left_out.get(number, "no-score")
        return [lag_fact("standing", None, f"be none: {STANDING_REASONS[reason]}", **of)]
    shown = f"begin at {lag_text(after.months)}"
    if before is not None:
        shown = _moved(lag_text(before.months), lag_text(after.months), rises=after.months > before.months)
    return [
        lag_fact("standing", after.months, shown, **of, day=iso(after.at)),
        day_fact("standing.day", after.at, f"{STANDING} on {board.name}"),
    ]


def _gap_facts(board: "Board", supposed_day: date, before: "Headline", after: "Headline") -> list[Fact]:
    """State the gap of the test's class without the score and with it, or that it is read before the supposed day."""
    if before.months is None or after.months is None or after.at is None:
        return []
    where = f"{board.access} tests"
    if after.at < supposed_day.toordinal():
        return [day_fact("gap.day", after.at, f"the gap on {where}")]
    stays = abs(after.months - before.months) < _LEAST
    shown = _moved(with_range(before), with_range(before if stays else after), rises=after.months > before.months)
    of: dict[str, Any] = {"access": board.access, "low": after.low, "high": after.high, "day": iso(after.at)}
    return [
        lag_fact(
            "gap",
            after.months,
            shown,
            f"{where} with the supposed score",
            measure=f"{INDEX} with the supposed score on {board.name}",
            **of,
        )
    ]


def _moved(old: str, new: str, *, rises: bool) -> str:
    """Write a figure without the score and with it, as these are written."""
    if old == new:
        return f"stay at {new}"
    short = old.removesuffix(" months") if new.endswith(" months") else old
    return f"{'rise' if rises else 'fall'} from {short} to {new}"


def _first_facts(evidence: "Evidence", board: "Board", effects: "Effects", side: str) -> list[Fact]:
    """State the results that the score would make, the unmatched levels that it would add or end, whom it displaces."""
    counted = [each for each in effects.first_at if each.months is not None and not each.reason]
    ended = [each for each in effects.first_at if side == "open" and each.other is not None and each.displaced is None]
    begun = [each for each in effects.first_at if side == "closed" and each.other is None and each.displaced is None]
    results = [_result(evidence, board, each, side) for each in _together(counted, "other")]
    displaced = [
        f"{evidence.models[each[0].displaced or 0].name} at {_run(board, each)}"
        for each in _together([each for each in effects.first_at if each.displaced is not None], "displaced")
    ]
    shown = and_list(results) if results else _no_result(evidence, board, effects, side)
    of = of_board(board)
    facts = [count_fact("results", len(results), "results", shown, "with the supposed score", **of)]
    for key, run, subject in (("ended", ended, "no longer unmatched"), ("begun", begun, "newly unmatched")):
        if run:
            told = f"{_run(board, run)} on {board.name}"
            facts.append(count_fact(key, len(run), "levels", told, subject, side="closed", **of))
    if displaced:
        told = and_list(displaced)
        facts.append(count_fact("displaced", len(displaced), "models", told, "no longer first", side=side, **of))
    return facts


def _together(run: "Sequence[Level]", by: str) -> "list[list[Level]]":
    """Put the levels that share a model together."""
    return [list(group) for _, group in groupby(run, key=lambda each: getattr(each, by))]


def _run(board: "Board", run: "Sequence[Level]") -> str:
    return levels(run[0].threshold, run[-1].threshold, board.unit)


def _result(evidence: "Evidence", board: "Board", run: "Sequence[Level]", side: str) -> str:
    """Write a result: its levels, the model of the other side, and the lag."""
    last = run[-1]
    other, lag_ = evidence.models[last.other or 0].name, last.months or 0.0
    if side == "closed":
        return f"{_run(board, run)} ({other} {lag_text(lag_, 'later')})"
    return f"{_run(board, run)} {lag_text(lag_, 'after')} {other}"


def _no_result(evidence: "Evidence", board: "Board", effects: "Effects", side: str) -> str:
    """Say why the score would make no result."""
    if effects.top is None:
        return f"none: it is below the lowest score looked at on {board.name}, {level(board.levels[0], board.unit)}"
    if not effects.first_at:
        reached = date.fromordinal(effects.leader_day or 0)
        who = evidence.models[effects.leader or 0].name
        return f"none: {who} had reached {level(effects.top, board.unit)} on {day(reached)}"
    rejected = [each for each in effects.first_at if each.months is not None]
    if rejected:
        return f"none that counts: {_run(board, rejected)} is {LEVELS[rejected[-1].reason]}"
    other = "closed" if side == "open" else "open"
    return f"none: no {other} model in the data has reached {_run(board, effects.first_at)}"


def _lines(board: "Board", effects: "Effects", facts: list[Fact]) -> list[Line]:
    """Return the text as templates: what is supposed and how the figures would move, then why."""
    shown = {fact.key: fact.shown for fact in facts}
    nothing = effects.changes_nothing and shown.get("gap", "stay").startswith("stay")
    title = (
        "Supposed: if {supposed.model} scored {supposed.score} on {supposed.board} on {supposed.day},"
        f" {'nothing would change: ' if nothing else ''}the standing gap there would {{standing}}"
    )
    access = board.access.capitalize()
    return [
        Line("", title, ("direction", "level", "standing")),
        Line(f"{access} tests", "the gap would {gap}", ("sure",)),
        Line(f"{access} tests", "the gap is read at {gap.day}, before the supposed score", ("sure",)),
        Line("New matches", "{results}", ("why",)),
        *as_of_lines("{method}"),
        *_DETAILS,
    ]


def _table(evidence: "Evidence", board: "Board", effects: "Effects", side: str) -> Table:
    other = "closed" if side == "open" else "open"
    columns = ("Score", f"First {other} model", f"First {side} model without it", "Months", "Months with it", "Counts")
    rows = tuple(
        (
            f"{each.threshold:g}",
            _model(evidence, each.other),
            _model(evidence, each.displaced),
            cell(each.months_before),
            cell(each.months),
            "–" if each.months is None else f"no: {LEVELS[each.reason]}" if each.reason else "yes",
        )
        for each in effects.first_at
    )
    return Table(f"Where the supposed model would be first on {board.name}", columns, rows)


def _model(evidence: "Evidence", number: int | None) -> str:
    return "–" if number is None else evidence.models[number].name


def _data(evidence: "Evidence", board: "Board", effects: "Effects", supposed: dict[str, Any]) -> dict[str, Any]:
    gaps = {"before": effects.before, "after": effects.after}
    standing = {"before": effects.standing_before, "after": effects.standing_after}
    classes = effects.before.classes if board.headline else {}
    return {
        "supposed": {**board_key(board), "unit": board.unit, **supposed},
        "standing": {when: gap and {"months": gap.months, "at": iso(gap.at)} for when, gap in standing.items()},
        "access": {
            name: {when: index_data(each.classes[name].index, DEFAULT) for when, each in gaps.items()}
            for name in classes
        },
        "first_at": [
            {
                "threshold": each.threshold,
                **model_data(evidence, "other", each.other, each.other_day),
                **model_data(evidence, "displaced", each.displaced, each.displaced_day),
                "months_before": each.months_before,
                "months": each.months,
                "accepted": not each.reason,
                "reason": LEVELS[each.reason] or None,
            }
            for each in effects.first_at
        ],
    }
