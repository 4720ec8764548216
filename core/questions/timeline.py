"""When did open models reach a level? The first model of each side at every level of a test, or at a model's scores."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Chart, Fact, Line, Span, Table, details
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.frontier import chart
from core.questions.model import NOISE_LINE, ModelQuestion, answer_placement, noise_cell, noise_facts
from core.questions.question import Question
from core.questions.result import NAMED_BOARD, Keys, as_json, table
from core.questions.shared_facts import (
    BETWEEN,
    as_of_lines,
    board_fields,
    count_fact,
    day_fact,
    iso,
    lag_fact,
    list_facts,
    make_fact,
    model_fact,
    name_fact,
    score_fact,
    span_text,
    why_not,
)
from core.store.store import Store
from core.words import and_list, count, day, lag_text, levels, months
from core.words import level as level_text

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, Model
    from core.gap.crossings import BoardState
    from core.gap.records import FirstCrossing, Frontier

    Run = tuple[FirstCrossing, ...]
    """Adjacent levels, in ascending order, with the same two first models."""

_NEIGHBOURS = 3
"""How many levels the table has above and below the requested level."""
_HIGHEST = 10
"""On a benchmark without an upper end, a requested level above this many times the highest is taken for a typo."""
_NAMED = 4
"""How many results the text names."""
_THERE = "model there in the data to {newest}"


@dataclass(frozen=True, eq=False)
class Timeline:
    """The levels of one board, ascending: the levels of its grid that a side has reached, and the requested level.

    `reason` says why the gap counts none of the levels; `leaders` has both sides' records.
    """

    json_keys: ClassVar[Keys] = {
        "board": NAMED_BOARD,
        "state": {"newest_data": "newest_day", "open_models": "open_models", "closed_models": "closed_models"},
        "leaders": None,
    }

    board: "Board"
    state: "BoardState"
    reason: str | None
    asked: "FirstCrossing | None"
    levels: "tuple[FirstCrossing, ...]"
    leaders: "Frontier"

    @property
    def place(self) -> int:
        """Return the index of the requested level."""
        return next(place for place, level in enumerate(self.levels) if level is self.asked)

    @property
    def matched(self) -> "list[Run]":
        """Return the runs of levels that both sides have reached, highest first."""
        return [run for run in merge_levels(self.levels)[::-1] if run[0].state == "both"]

    @property
    def unmatched(self) -> "list[Run]":
        """Return the runs of levels that only closed models have reached, highest first."""
        return [run for run in merge_levels(self.levels)[::-1] if run[0].state == "closed only"]


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
        """Return the question with ids for names, and both days; raises UsageError unless test, model and level fit."""
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
        """Say who was first; raises UsageError if there is nothing to report, or the level is impossible."""
        as_of, boards = selection.scope(self, evidence)
        if self.model:
            return answer_placement(self, evidence, ModelQuestion(self.model, self.benchmark, as_of).find(evidence))
        timeline = self.find(evidence)
        return selection.build_answer(
            self, evidence, as_of, text(timeline), facts(timeline), tables=(levels_table(timeline),),
            charts=(level_chart(evidence, timeline, as_of),),
            data={"tests": [as_json(timeline)]}, boards=boards.tolist(), parameters=DEFAULT,
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Timeline:
        """Find the first models at each level of the test; raises UsageError if the level is impossible."""
        from core.gap.records import find_first_crossings, frontiers
        from core.gap.score_noise import level_noise

        boards, until = selection.boards(evidence, self.benchmark), (self.as_of or evidence.newest_data).toordinal()
        [number] = boards.tolist()
        board = evidence.boards[number]
        _check_level(board, self.level)
        state, first_crossings = find_first_crossings(evidence, number, until, DEFAULT, self.level)
        noise = level_noise(evidence, number, until, tuple(level.threshold for level in first_crossings), DEFAULT)
        all_levels = tuple(
            replace(level, reason=why_not(level.reason or "", state) or None, noise=noise.get(level.threshold))
            for level in first_crossings
        )
        [leaders] = frontiers(evidence, boards, until)
        return Timeline(
            board=board,
            state=state,
            reason=why_not(state.reason, state) or None,
            asked=next((level for level in all_levels if level.threshold == self.level), None),
            levels=all_levels,
            leaders=leaders,
        )


def _check_level(board: "Board", asked: float | None) -> None:
    """Raise UsageError for a level that no model can reach, or that every model reaches."""
    most = 100.0 if board.unit == "percent" else _HIGHEST * board.levels[-1]
    if asked is not None and not 0 < asked <= most:
        raise UsageError(
            f"{board.name} is scored in {board.unit}: give a level above 0, and up to {most:g}, not {asked:g}."
        )


def merge_levels(all_levels: "Sequence[FirstCrossing]") -> "list[Run]":
    """Merge levels into runs with the same two models, ascending; a run is one result of the gap."""
    return [tuple(run) for _, run in groupby(all_levels, key=lambda level: (level.closed, level.open))]


# ---- facts


def facts(timeline: Timeline) -> Iterator[Fact]:
    """State both sides' best models, and the first models at each level, or only at and around the requested level."""
    board, asked = timeline.board, timeline.asked
    yield name_fact("board", board.name, **board_fields(board))
    yield day_fact("newest", timeline.leaders.newest_day, f"newest model on {board.name}")
    for side, best in timeline.leaders.best.items():
        yield model_fact(f"best.{side}", best.model)
        yield score_fact(f"best.{side}.score", best.score, board, best.model.name)
    if asked is None:
        yield from _matched_facts(timeline)
        yield from _unmatched_facts(timeline)
        yield from _led_facts(timeline)
        yield from _not_counted_facts(timeline)
        return
    for key, place in (("below", timeline.place - 1), ("asked", timeline.place), ("above", timeline.place + 1)):
        if 0 <= place < len(timeline.levels):
            yield from _run_facts(key, (timeline.levels[place],), board)
    if asked.reason:
        yield make_fact("reason", asked.reason, "", asked.reason, "note", **board_fields(board))
    yield from noise_facts(asked.noise, board, level=asked.threshold)


def _run_facts(key: str, run: "Run", board: "Board") -> Iterator[Fact]:
    """State a run of levels: its span, each side's first model with its day, and the lag or the age."""
    low, high = run[0], run[-1]
    of: dict[str, Any] = {"level": high.threshold, **board_fields(board)}
    yield make_fact(f"{key}.level", high.threshold, board.unit, span_text(run, board), "level", **of)
    for model in filter(None, (low.closed, low.open)):
        yield model_fact(f"{key}.{model.side}", model)
        yield day_fact(f"{key}.{model.side}.day", model.day, model.name)
    if low.months is not None:
        yield lag_fact(f"{key}.months", low.months, lag_text(abs(low.months), "later"), measure=BETWEEN, **of)
    if low.age_months is not None:
        yield make_fact(f"{key}.age", low.age_months, "months", lag_text(low.age_months, "later"), "duration", **of)


def _matched_facts(timeline: Timeline) -> Iterator[Fact]:
    """State the highest results that both sides have reached, and how many more the table has."""
    board, matched = timeline.board, timeline.matched
    for number, run in enumerate(matched[:_NAMED]):
        yield from _run_facts(f"run.{number}", run, board)
    if matched:
        top, lag = matched[0][-1].threshold, matched[0][0].months or 0.0
        of: dict[str, Any] = {"level": top, **board_fields(board)}
        yield make_fact("top.level", top, board.unit, level_text(top, board.unit), "level", **of)
        yield lag_fact("top.when", lag, lag_text(lag, "after"), measure=BETWEEN, **of)
    rest = matched[_NAMED:]
    if rest:
        span = levels(rest[-1][0].threshold, rest[0][-1].threshold, board.unit)
        yield count_fact(
            "rest", len(rest), "results", f"{count(len(rest), 'more result')} at {span}", **board_fields(board)
        )


def _unmatched_facts(timeline: Timeline) -> Iterator[Fact]:
    """State the lowest run that only closed models have reached, its age, and the span of all such levels."""
    board, unmatched = timeline.board, timeline.unmatched
    if not unmatched:
        return
    yield from _run_facts("waiting", unmatched[-1], board)
    age = unmatched[-1][0].age_months or 0.0
    after = f"{months(age)} after" if age else "the day on which"
    yield make_fact("waiting.months", age, "months", after, "duration", **board_fields(board))
    span = levels(unmatched[-1][0].threshold, unmatched[0][-1].threshold, board.unit)
    yield count_fact("waiting.all", sum(map(len, unmatched)), "levels", span, side="closed", **board_fields(board))


def _led_facts(timeline: Timeline) -> Iterator[Fact]:
    """State the levels that an open model reached first, and those that only open models have reached."""
    board, led, alone = timeline.board, [], []
    for run in merge_levels(timeline.levels):
        first = run[0]
        if first.open and first.months is not None and first.months < 0:
            led.append(f"{span_text(run, board)} ({first.open.called}, {lag_text(first.months, 'later')})")
        elif first.open and not first.closed:
            alone.append(f"{span_text(run, board)} ({first.open.called}, {day(first.open.day)})")
    for key, runs in (("led", led), ("alone", alone)):
        yield from list_facts(key, runs, "results", side="open", **board_fields(board))


def _not_counted_facts(timeline: Timeline) -> Iterator[Fact]:
    """State how many results the gap leaves out and why, or why it counts none of the board's results."""
    of = board_fields(timeline.board)
    if timeline.reason:
        yield make_fact("no_crossings", timeline.reason, "", timeline.reason, "note", **of)
        return
    results = [run[-1] for run in merge_levels(timeline.levels) if run[0].closed]
    reasons = Counter(level.reason for level in results if level.reason)
    if reasons:
        left = reasons.total()
        parts = [reason if number == left else f"{number} {reason}" for reason, number in sorted(reasons.items())]
        shown = (
            f"{left} of {count(len(results), 'result')} {'does' if left == 1 else 'do'} not count: {and_list(parts)}"
        )
        yield count_fact("not_counted", left, "results", shown, **of)


# ---- text


def text(timeline: Timeline) -> Iterator[Line]:
    """Say who was first at the requested level, by default at the highest, and what is unmatched."""
    yield from _all_lines(timeline) if timeline.asked is None else _level_lines(timeline, timeline.asked)
    yield from as_of_lines("the board's newest model by then: {newest}", aspects=())
    doubt = "a model that nobody has tested here may have reached a level earlier, or one that seems unmatched"
    doubt += "; open models can be trained towards public tests" if timeline.board.access == "public" else ""
    yield Line("Can't tell", doubt, ("sure", "explain"), sentence=True, detail=True)


def _all_lines(timeline: Timeline) -> Iterator[Line]:
    """Yield the lines on all levels: the highest first, then what is unmatched and what counts."""
    nobody = "model in the data has reached a level of {board} that counts here"
    title = f"No {'closed ' if timeline.levels else ''}{nobody}"
    if timeline.matched:
        title = "{run.0.open} was the first open model at {top.level} on {board}, on {run.0.open.day}, {top.when}"
        title += " {run.0.closed}"
    elif timeline.unmatched:
        title = f"No open {nobody}; closed ones have {{waiting.all}}"
    yield Line("", title, ("when", "who", "level"))
    yield Line("Unmatched", "{waiting.all}, since {waiting.closed} on {waiting.closed.day}")
    for number, run in enumerate(timeline.matched[:_NAMED]):
        yield Line(f"At {{run.{number}.level}}", _first_text(f"run.{number}", run[0]), detail=number != 1)
    unmatched = f"{{waiting.all}}: no open {_THERE}, {{waiting.months}} {{waiting.closed}} reached the lowest of these"
    yield from details((
        Line("Below", "{rest}, in the table"),
        Line("Not matched", f"{unmatched} ({{waiting.closed.day}})[; best open {{best.open}}, {{best.open.score}}]"),
        Line("Open first", "{led}"),
        Line("Open alone", f"{{alone}}; no closed {_THERE}"),
        Line("In the gap", "this test gives no results: {no_crossings}"),
        Line("In the gap", "{not_counted}"),
    ))  # fmt: skip


def _level_lines(timeline: Timeline, asked: "FirstCrossing") -> Iterator[Line]:
    """Yield the lines on the requested level, then on its neighbours."""
    yield Line("", f"{{board}}, {{asked.level}}: {_first_text('asked', asked)}", ("when", "who", "level"))
    for key, place in (("above", timeline.place + 1), ("below", timeline.place - 1)):
        if 0 <= place < len(timeline.levels):
            yield Line(f"At {{{key}.level}}", _first_text(key, timeline.levels[place]))
    for side, model in (("closed", asked.closed), ("open", asked.open)):
        if model is None:
            yield Line(f"Best {side}", f"{{best.{side}}}, {{best.{side}.score}}", ("scores",))
    yield NOISE_LINE
    if asked.closed:
        yield Line("In the gap", "does not count: {reason}", detail=True)


def _first_text(key: str, level: "FirstCrossing") -> str:
    """Return the template for a level; the side that reached it first is named first."""
    closed, open_ = (f"first {side} {{{key}.{side}}} on {{{key}.{side}.day}}" for side in ("closed", "open"))
    if level.state == "both":
        first, then = (closed, open_) if (level.months or 0.0) >= 0 else (open_, closed)
        return f"{first}; {then}, {{{key}.months}}"
    if level.state == "closed only":
        return f"{closed}; no open {_THERE}, {{{key}.age}}"
    if level.state == "open only":
        return f"{open_}; no closed {_THERE}"
    return f"no {_THERE}, closed or open"


# ---- table and chart


def levels_table(timeline: Timeline) -> Table:
    """List every level, or the levels around the requested one, with the first model of each side."""
    board, shown = timeline.board, timeline.levels
    title = f"Every level of {board.name}"
    if timeline.asked is not None:
        shown = shown[max(0, timeline.place - _NEIGHBOURS) : timeline.place + _NEIGHBOURS + 1]
        title = f"{board.name} around {level_text(timeline.asked.threshold, board.unit)}"
    has_noise = any(level.noise for level in timeline.levels)
    rows = (
        (f"{level.threshold:g}", *_first_cells(level.closed), *_first_cells(level.open), level.months,
         *((noise_cell(level.noise),) if has_noise else ()), _counts_text(timeline, level))
        for level in shown
    )  # fmt: skip
    columns = f"Level, {'%' if board.unit == 'percent' else board.unit} | First closed | On | First open | On | Months"
    columns += f"{' | Redrawn' if has_noise else ''} | In the gap"
    return table(f"{title}: months from the first closed to the first open model", columns, rows)


def _first_cells(model: "Model | None") -> tuple[str, str]:
    return (model.name, iso(model.day)) if model else ("not in the data", "")


def _counts_text(timeline: Timeline, level: "FirstCrossing") -> str:
    """Write that a level counts in the gap, how long it has been unmatched, or why it does not count."""
    if timeline.reason:
        return "too few models"
    if level.reason:
        return level.reason
    return "counts" if level.age_months is None else f"unmatched for {level.age_months:.1f} months"


def level_chart(evidence: "Evidence", timeline: Timeline, as_of: date) -> Chart:
    """Chart both sides' records; the span and the title are of the level that the first line is about, if matched."""
    drawn, board = chart(evidence, timeline.leaders, as_of), timeline.board
    run = (timeline.asked,) if timeline.asked else next(iter(timeline.matched), ())
    days = [iso(model.day) for model in (run[0].closed, run[0].open) if model] if run else []
    if len(days) < 2:
        return drawn
    lag, level = run[0].months or 0.0, run[-1].threshold
    title = f"Open models reached {level_text(level, board.unit)} on {board.name} {lag_text(lag, 'after')} closed ones"
    spans = (Span(f"{months(lag)} earlier", days[0], days[1], level),) if lag > 0 else ()
    return replace(drawn, title=title, spans=spans, alt=drawn.alt.replace(drawn.title, title))
