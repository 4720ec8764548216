"""What if a model had a certain score? The gap with a supposed score, compared with the actual gap."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Fact, Line, Table, details
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.result import BOARD, Keys, as_json, table
from core.questions.sensitivity import stage_fact
from core.questions.shared_facts import (
    INDEX,
    LEVEL_REASONS,
    STANDING,
    STANDING_REASONS,
    as_of_lines,
    board_fields,
    build_class_figure,
    count_fact,
    day_fact,
    iso,
    lag_fact,
    list_facts,
    make_fact,
    name_fact,
    span_text,
    why_not,
    with_range,
)
from core.store import queries
from core.store.store import Store
from core.words import and_list, day, lag_text, level, quote

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, IntArray
    from core.gap.index_figure import ClassIndex
    from core.gap.scenario import Effects, FirstPlace
    from core.gap.standing import StandingGap

_FURTHEST = timedelta(days=round(5 * 365.25))
"""How far ahead a supposed day may be; a later day says nothing about today's gap."""
_MODEL_ID = "supposed"
_LEAST = 0.1
"""A gap that moves by less than this, in months, counts as unchanged."""
_OTHER = {"open": "closed", "closed": "open"}


@dataclass(frozen=True, eq=False)
class Supposed:
    """The supposed score of an open or a closed model; the model may have a name."""

    json_keys: ClassVar[Keys] = {"board": {**BOARD, "unit": "unit"}}

    board: "Board"
    score: float
    date: date
    side: str
    model: str | None


@dataclass(frozen=True, eq=False)
class Scenario:
    """What a supposed score would change: the figures before (without it) and after, and where it would be first.

    `now` is the standing gap as `gap` has it, read at the test's newest model. `access` has the gap of the test's class
    before and after, if the test counts in a headline. `left_out` says why the test has no standing gap.
    """

    json_keys: ClassVar[Keys] = dict.fromkeys(("effects", "left_out", "as_of"))

    supposed: Supposed
    standing: "dict[str, StandingGap | None]"
    now: "StandingGap | None"
    access: "dict[str, dict[str, ClassIndex]]"
    first_at: "list[FirstPlace]"
    effects: "Effects"
    left_out: str
    as_of: date


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
        """Compare the gap with and without the score; raises UsageError for an impossible score."""
        scenario = self.find(evidence)
        data = as_json(scenario)
        data["access"] = {
            name: {when: as_json(build_class_figure(index, DEFAULT)) for when, index in indices.items()}
            for name, indices in scenario.access.items()
        }
        return selection.build_answer(
            self, evidence, scenario.as_of, text(scenario), facts(scenario), tables=tables(scenario), data=data,
            boards=self._boards(evidence, scenario.supposed.board).tolist(), parameters=DEFAULT,
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Scenario:
        """Compare the gap with and without the score; raises UsageError as `answer` does."""
        import numpy as np

        from core.evidence.evidence import Model
        from core.gap.scenario import effects_of, with_score
        from core.gap.standing import standing_gaps

        number, released = selection.board_number(evidence, self.benchmark), self.day or evidence.newest_data
        board = evidence.boards[number]
        self._check_score(board)
        selection.check_first(evidence, selection.boards(evidence, self.benchmark), released, of_release=True)
        model = Model(_MODEL_ID, _MODEL_ID, day=released.toordinal(), is_open=self.side == "open")
        as_of, boards = max(released, evidence.newest_data), self._boards(evidence, board)
        supposed_evidence = with_score(evidence, number, self.score, released, model)
        effects = effects_of(evidence, supposed_evidence, boards, as_of.toordinal(), DEFAULT)
        state = effects.before.crossings.states[board]
        if state.reason:
            reason = why_not(state.reason, state)
            raise UsageError(f"{board.name} has {reason} (as of {day(as_of)}); suppose a score of another test.")
        gaps = {"before": effects.before, "after": effects.after}
        real = standing_gaps(evidence, np.array([number]), evidence.newest_data.toordinal(), DEFAULT).gaps
        return Scenario(
            supposed=Supposed(board, self.score, released, self.side, self.model),
            standing={"before": effects.standing_before, "after": effects.standing_after},
            now=real[0] if real else None,
            access={
                name: {when: of_day.classes[name].index for when, of_day in gaps.items()}
                for name in (effects.before.classes if board.headline else ())
            },
            first_at=[replace(place, reason=LEVEL_REASONS[place.reason or ""] or None) for place in effects.first_at],
            effects=effects,
            left_out=effects.after.classes[board.access].standing.left_out.get(board, "no-score"),
            as_of=as_of,
        )

    def _boards(self, evidence: "Evidence", board: "Board") -> "IntArray":
        """Return the headline tests of the board's class, or the board alone if it is in no headline."""
        return selection.boards(evidence, None if board.headline else self.benchmark, board.access)

    def _check_score(self, board: "Board") -> None:
        """Raise UsageError for a score outside the board's range."""
        if board.unit == "percent" and not 0 <= self.score <= 100:
            raise UsageError(f"A score on {board.name} lies between 0 and 100 %; {self.score:g} can't be one.")
        if board.unit != "percent" and self.score <= 0:
            raise UsageError(f"A score on {board.name} is more than 0 {board.unit}; {self.score:g} can't be one.")


# ---- facts


def facts(scenario: Scenario) -> Iterator[Fact]:
    """State what is supposed, the figures without and with the score, and what would be new."""
    supposed = scenario.supposed
    board, at = supposed.board, supposed.date.isoformat()
    whose = f"{'an' if supposed.side == 'open' else 'a'} {supposed.side} model"
    whose += f" called {quote(supposed.model, 100)}" if supposed.model else ""
    of = {**board_fields(board), "side": supposed.side, "model": supposed.model or "", "day": at}
    shown = level(supposed.score, board.unit)
    yield make_fact("supposed.model", supposed.model, "", whose, "name", "the supposed model", **of)
    yield make_fact("supposed.score", supposed.score, board.unit, shown, "score", "supposed", **of)
    yield name_fact("supposed.board", board.name, **of)
    yield make_fact("supposed.day", at, "date", day(supposed.date), "day", "supposed release", **of)
    life = scenario.effects.before.lives[board]
    if life.has_ended or life.successor is not None:
        yield stage_fact(life, is_brief=True)
    yield from _standing_facts(scenario)
    yield from _gap_facts(scenario)
    yield from _first_facts(scenario)


def _standing_facts(scenario: Scenario) -> Iterator[Fact]:
    """State the test's standing gap without and with the score, on the same day."""
    board, before, after = scenario.supposed.board, scenario.standing["before"], scenario.standing["after"]
    of: dict[str, Any] = {**board_fields(board), "measure": f"{STANDING} with the supposed score"}
    if after is None:
        yield lag_fact("standing", None, f"be none: {STANDING_REASONS[scenario.left_out]}", **of)
        return
    shown = f"begin at {lag_text(after.months)}"
    if before is not None:
        shown = _moved_text(lag_text(before.months), lag_text(after.months), rises=after.months > before.months)
    yield lag_fact("standing", after.months, shown, **of, day=iso(after.at))
    now = scenario.now
    if now and now.at != after.at:
        shown = f"{lag_text(now.months)} on {board.name}, read at its newest model of {day(date.fromordinal(now.at))}"
        yield lag_fact("standing.now", now.months, shown, **board_fields(board), measure=STANDING, day=iso(now.at))
    yield day_fact("standing.day", after.at, f"{STANDING} on {board.name}")


def _gap_facts(scenario: Scenario) -> Iterator[Fact]:
    """State the gap of the test's class without and with the score, or that it is read before the supposed day."""
    board = scenario.supposed.board
    if not scenario.access:
        return
    before, after = (scenario.access[board.access][when].figure for when in ("before", "after"))
    if before.months is None or after.months is None or after.at is None:
        return
    if after.at < scenario.supposed.date.toordinal():
        yield day_fact("gap.day", after.at, f"the gap on {board.access} tests")
        return
    stays = abs(after.months - before.months) < _LEAST
    shown = _moved_text(with_range(before), with_range(before if stays else after), rises=after.months > before.months)
    of: dict[str, Any] = {"access": board.access, "low": after.low, "high": after.high, "day": iso(after.at)}
    of["measure"] = f"{INDEX} with the supposed score on {board.name}"
    yield lag_fact("gap", after.months, shown, f"{board.access} tests with the supposed score", **of)


def _moved_text(old: str, new: str, *, rises: bool) -> str:
    """Write how a figure changes: "rise from 5.0 to 6.1 months", "stay at 5.0 months"."""
    if old == new:
        return f"stay at {new}"
    short = old.removesuffix(" months") if new.endswith(" months") else old
    return f"{'rise' if rises else 'fall'} from {short} to {new}"


def _first_facts(scenario: Scenario) -> Iterator[Fact]:
    """State the results that the score would make, the unmatched levels it would add or end, and whom it displaces."""
    board, side, places = scenario.supposed.board, scenario.supposed.side, scenario.first_at
    of = board_fields(board)
    counted = [place for place in places if place.months is not None and place.accepted]
    results = [_result_text(scenario, run) for run in _runs(counted, "other")]
    shown = and_list(results) if results else _no_result_text(scenario)
    yield count_fact("results", len(results), "results", shown, "with the supposed score", **of)
    new = [place for place in places if place.displaced is None]
    ended = [place for place in new if place.other] if side == "open" else []
    begun = [place for place in new if not place.other] if side == "closed" else []
    for key, run, subject in (("ended", ended, "no longer unmatched"), ("begun", begun, "newly unmatched")):
        if run:
            shown = f"{span_text(run, board)} on {board.name}"
            yield count_fact(key, len(run), "levels", shown, subject, side="closed", **of)
    displaced = [
        f"{run[0].displaced.name} at {span_text(run, board)}" for run in _runs(places, "displaced") if run[0].displaced
    ]
    yield from list_facts("displaced", displaced, "models", "no longer first", side=side, **of)


def _runs(places: "Iterable[FirstPlace]", by: str) -> "Iterator[list[FirstPlace]]":
    """Group adjacent levels with the same model in the attribute `by`."""
    for _, run in groupby(places, key=lambda place: getattr(place, by)):
        yield list(run)


def _result_text(scenario: Scenario, run: "Sequence[FirstPlace]") -> str:
    """Write a result: its levels, the other side's model, and the lag."""
    last, shown = run[-1], span_text(run, scenario.supposed.board)
    other, lag = last.other.name if last.other else "", last.months or 0.0
    if scenario.supposed.side == "closed":
        return f"{shown} ({other} {lag_text(lag, 'later')})"
    return f"{shown} {lag_text(lag, 'after')} {other}"


def _no_result_text(scenario: Scenario) -> str:
    """Say why the score would make no result."""
    board, effects, places = scenario.supposed.board, scenario.effects, scenario.first_at
    if effects.top is None:
        return f"none: it is below the lowest score looked at on {board.name}, {level(board.levels[0], board.unit)}"
    if not places and effects.leader:
        who, reached = effects.leader.called, day(effects.leader.day)
        return f"none: {who} had reached {level(effects.top, board.unit)} on {reached}"
    rejected = [place for place in places if place.months is not None]
    if rejected:
        return f"none that counts: {span_text(rejected, board)} is {rejected[-1].reason}"
    return f"none: no {_OTHER[scenario.supposed.side]} model in the data has reached {span_text(places, board)}"


# ---- text and table


def text(scenario: Scenario) -> Iterator[Line]:
    """Say what is supposed and how the figures would change, then why."""
    gap = next((fact.shown for fact in _gap_facts(scenario) if fact.key == "gap"), "stay")
    nothing = "nothing would change: " if scenario.effects.changes_nothing and gap.startswith("stay") else ""
    score = "if {supposed.model} scored {supposed.score} on {supposed.board} on {supposed.day}"
    title = f"Supposed: {score}, {nothing}the standing gap there would {{standing}}"
    now, after = scenario.now, scenario.standing["after"]
    title += " on that day" if now and after and now.at != after.at else ""
    access = scenario.supposed.board.access.capitalize()
    yield Line("", title, ("direction", "level", "standing"))
    yield Line("Stage", "{stage.brief}")
    yield Line("Now", "{standing.now}", ("standing",))
    yield Line(f"{access} tests", "the gap would {gap}", ("sure",))
    yield Line(f"{access} tests", "the gap is read at {gap.day}, before the supposed score", ("sure",))
    yield Line("New matches", "{results}", ("why",))
    yield from as_of_lines("{method}")
    first = "a supposed score makes a match only where it is the first of its side"
    yield from details((
        Line("Read at", "{standing.day}", ("standing",)),
        Line("No longer unmatched", "{ended}"),
        Line("Would be unmatched", "{begun}"),
        Line("Would displace", "{displaced}", ("who",)),
        Line("Counted", first, ("explain",), sentence=True),
    ))  # fmt: skip


def tables(scenario: Scenario) -> Iterator[Table]:
    """List the levels at which the supposed model would be first."""
    side = scenario.supposed.side
    yield table(
        f"Where the supposed model would be first on {scenario.supposed.board.name}",
        f"Score | First {_OTHER[side]} model | First {side} model without it | Months | Months with it | Counts",
        ((f"{place.threshold:g}", place.other, place.displaced, place.months_before, place.months, _counts_cell(place))
         for place in scenario.first_at),
    )  # fmt: skip


def _counts_cell(place: "FirstPlace") -> str:
    if place.months is None:
        return ""
    return "yes" if place.accepted else f"no: {place.reason}"
