"""Who leads? The best closed and the best open model on one test, with earlier records, or on every test."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Chart, Fact, Line, Series, Span, Table, details
from core.dataclass import dataclass
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.result import NAMED_BOARD, Keys, as_json, table
from core.questions.sensitivity import STAGE_LINE, lives_of, stage_fact
from core.questions.shared_facts import (
    BETWEEN,
    SHORTEST,
    STANDING,
    STANDING_REASONS,
    as_of_lines,
    best_cells,
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
)
from core.text import render
from core.ticks import is_log_scale
from core.words import CLASSES, Domain, and_list, count, day, difference, lag_text, months, score

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence
    from core.gap.records import Frontier, Record

_CANT_TELL = Line(
    "Can't tell",
    "a record is a model's best score as it was tested; a model that nobody has tested here may be better, and open"
    " models are tested less often",
    ("sure", "explain"),
    sentence=True,
    detail=True,
)
_MAX_NAMED = 3
"""The most models of a side that are named for the number of tests on which they hold its best score."""
_SIDES = ("closed", "open")
_STAGES = STANDING_REASONS | {"ended": "ended"}
"""Why a test is not live, for each of its stages that is no plain word."""


@dataclass(frozen=True, eq=False)
class BoardLeader:
    """Who leads on a test."""

    json_keys: ClassVar[Keys] = {
        "board": NAMED_BOARD,
        "frontier": {
            "newest_data": "newest_day",
            **{name: name for name in ("leader", "since", "best_closed", "best_open", "difference", "months")},
            "first_closed_there": "matched",
        },
        "reason": "reason",
    }

    board: "Board"
    frontier: "Frontier"

    @property
    def reason(self) -> str | None:
        """Say why there is no lag in months; None if there is one."""
        if not self.frontier.open:
            return "no score of an open model"
        if not self.frontier.closed:
            return "no score of a closed model"
        return None if self.frontier.matched else "no closed model in the data is at or above the best open score"


@dataclass(frozen=True, eq=False)
class BoardRecords(BoardLeader):
    """Who leads on the requested test, with all records."""

    json_keys: ClassVar[Keys] = {**BoardLeader.json_keys, "records": "records"}

    @property
    def records(self) -> "dict[str, tuple[Record, ...]]":
        """Return the records of each side."""
        return self.frontier.records


@dataclass(frozen=True, eq=False)
class Leaders:
    """Who leads on each test; `apart` has the stage of those that are not live; `stage` is a single test's."""

    json_keys: ClassVar[Keys] = dict.fromkeys(("stage", "as_of", "apart"))

    tests: Sequence[BoardLeader]
    stage: Fact | None
    as_of: date
    apart: "dict[Board, str]"

    @property
    def frontiers(self) -> "list[Frontier]":
        """Return both sides' records on each test."""
        return [test.frontier for test in self.tests]

    @property
    def live(self) -> "list[Frontier]":
        """Return the records on the live tests; on all if none is live."""
        return [frontier for frontier in self.frontiers if frontier.board not in self.apart] or self.frontiers


@dataclass(frozen=True)
class FrontierQuestion(Question):
    """Who leads: the best closed and the best open model, and how far apart they are."""

    name: ClassVar[str] = "frontier"
    behind: ClassVar[str] = "every record, and its limits"
    phrasings: ClassVar[tuple[str, ...]] = (
        "Who leads on WeirdML?",
        "What is the record on GPQA?",
        "On which tests do open models lead?",
        "Who led on MMLU on 20 January 2025?",
    )
    charts: ClassVar[Mapping[str, str]] = {"frontier": "the best closed and open models on one test over time"}

    benchmark: str | None = fields.benchmark(example="WeirdML", by_place=True)
    domain: Domain | None = fields.domain_filter()
    side: Literal["open", "closed"] | None = fields.described("Whose best model goes first; without it, the leader's.")
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """Build the answer; raises UsageError if the day precedes all data."""
        leaders = self.find(evidence)
        boards = selection.boards(evidence, self.benchmark, None, self.domain).tolist()
        return selection.build_answer(
            self, evidence, leaders.as_of, text(self, leaders), facts(leaders), tables=tables(leaders),
            charts=(chart(evidence, leaders.frontiers[0], leaders.as_of),) if self.benchmark else (),
            data=as_json(leaders), boards=boards,
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Leaders:
        """Find who leads; raises UsageError as `answer` does."""
        from core.gap.records import frontiers

        as_of, boards = selection.scope(self, evidence)
        lives = lives_of(evidence, boards, as_of)
        board_frontiers = frontiers(evidence, boards, as_of.toordinal())
        if self.benchmark:
            records = [BoardRecords(frontier.board, frontier) for frontier in board_frontiers]
            return Leaders(records, stage_fact(lives[records[0].board]), as_of, {})
        stages = {frontier.board: lives[frontier.board].stage for frontier in board_frontiers}
        apart = {board: _STAGES.get(stage, stage) for board, stage in stages.items() if stage != "active"}
        return Leaders([BoardLeader(frontier.board, frontier) for frontier in board_frontiers], None, as_of, apart)


def facts(leaders: Leaders) -> Iterator[Fact]:
    """State who leads: on the requested test, or on each test."""
    if leaders.stage:
        yield from _test_facts(leaders.frontiers[0])
        yield leaders.stage
    else:
        yield from _overview_facts(leaders)


def text(question: FrontierQuestion, leaders: Leaders) -> Iterator[Line]:
    """Say who leads: on the requested test, or on each test."""
    if leaders.stage:
        yield from _test_lines(leaders.frontiers[0], question.side, leaders.as_of)
    else:
        yield from _overview_lines(leaders, question.side)
    yield _CANT_TELL


def tables(leaders: Leaders) -> Iterator[Table]:
    """List every record on the requested test, or who leads on each test."""
    yield _records_table(leaders.frontiers[0]) if leaders.stage else _overview_table(leaders)


# ---- one test


def _test_facts(frontier: "Frontier") -> Iterator[Fact]:
    """State the best score of each side, how long it has been unbeaten, the difference, and the lag of open models."""
    board, tags = frontier.board, board_fields(frontier.board)
    yield name_fact("board", board.name, **tags)
    yield day_fact("newest", frontier.newest_day, "the board's newest model")
    yield day_fact("since", frontier.since, f"{frontier.leader} ahead since")
    for side, best in frontier.best.items():
        unbeaten = frontier.standing_months(best)
        yield from _record_facts(f"best.{side}", board, best)
        yield make_fact(f"stood.{side}", unbeaten, "months", months(unbeaten), "duration", side=side, **tags)
    if frontier.difference is not None:
        difference_text = difference(frontier.best["closed"].score, frontier.best["open"].score, board.unit)
        yield make_fact("difference", frontier.difference, board.unit, difference_text, "score", **tags)
    if frontier.matched is not None and frontier.months is not None and frontier.between is not None:
        yield from _record_facts("matched", board, frontier.matched)
        tags |= {"side": "open", "model": frontier.open[-1].model.name}
        behind, later = lag_text(frontier.months, "behind"), lag_text(frontier.between, "later")
        yield lag_fact("behind", frontier.months, behind, measure=STANDING, day=iso(frontier.newest_day), **tags)
        yield lag_fact("matched.open", frontier.between, later, measure=BETWEEN, **tags)


def _record_facts(key: str, board: "Board", record: "Record") -> Iterator[Fact]:
    yield model_fact(key, record.model)
    yield score_fact(f"{key}.score", record.score, board, record.model.name)
    yield day_fact(f"{key}.day", record.model.day, record.model.name)


def _title(frontier: "Frontier", as_of: date, *, suffix: str = ", {difference} below the best") -> str:
    """Return the title as a template: who leads and by how much; if open models trail, also by how many months.

    If the test has ended, the title gives the lag when its newest model came out, not the lag now.
    """
    from core.gap.standing import has_ended

    if frontier.difference is None:
        return f"Only {'open' if frontier.open else 'closed'} models are in the data on {{board}}"
    if frontier.leader == "open":
        return "Open models lead on {board} by {difference}"
    if frontier.leader == "neither":
        return "Open and closed models are level on {board}"
    if (frontier.months or 0.0) < SHORTEST:
        return "Closed models lead on {board} by {difference}"
    if has_ended(frontier.newest_day, as_of.toordinal()):
        return f"Open models stood {{behind}} on {{board}} by {{newest}}, when its newest model came out{suffix}"
    return f"Open models stand {{behind}} on {{board}}{suffix}"


def _test_lines(frontier: "Frontier", side: str | None, as_of: date) -> Iterator[Line]:
    """Say who leads and since when, the best model of each side, and how far open models are behind.

    The best model of `side` goes first; without `side`, the best model of the leading side.
    """
    lag_part = ", {behind} (first there: {matched})" if frontier.matched else ""
    best = {
        "open": f"{{best.open}}, {{best.open.score}}{lag_part}, is the best open model ({{best.open.day}})",
        "closed": "{best.closed}, {best.closed.score}, is the best closed model ({best.closed.day})",
    }
    first = side or ("open" if frontier.leader == "open" else "closed")
    sides = sorted(frontier.best, key=first.__ne__)
    yield Line("", _title(frontier, as_of), ("level", "direction"))
    yield Line("Best", "; ".join(best[name] for name in sides), ("who", "scores"), sentence=True)
    if frontier.difference is not None:
        is_level = frontier.leader == "neither"
        lead_text = "the sides have been level" if is_level else f"{frontier.leader} models have led"
        yield Line("Leads", f"{lead_text} since {{since}}", ("when",), sentence=True)
    yield from as_of_lines("the board's newest model by then: {newest}", aspects=())
    behind = "no closed model in the data to {newest} is at or above the best open score"
    if frontier.matched:
        behind = "the first closed model at or above the best open score was {matched} ({matched.score}) on"
        behind += " {matched.day}; the best open model came {matched.open}"
    if frontier.difference is not None:
        yield Line("Behind", behind, detail=True)
    yield from details([Line("Unbeaten", _unbeaten_text(frontier)), STAGE_LINE])


def _unbeaten_text(frontier: "Frontier") -> str:
    """Say how long the best score of each side has been unbeaten, or that the newest model set it."""
    new, unbeaten = [], []
    for side, record in frontier.best.items():
        if record.model.day == frontier.newest_day:
            new.append(f"the best {side} score")
        else:
            unbeaten.append(f"the best {side} score for {{stood.{side}}}")
    newest = "the board's newest model ({newest})"
    if not unbeaten:
        return f"{newest} set {' and '.join(new)}"
    return f"{' and '.join(unbeaten)}, up to {newest}" + (f", which set {new[0]}" if new else "")


def _records_table(frontier: "Frontier") -> Table:
    """List the records of both sides, newest first, with who was ahead after each record."""
    board = frontier.board
    best: dict[str, float] = {}
    rows = []
    records = [(side, record) for side, side_records in frontier.records.items() for record in side_records]
    for side, record in sorted(records, key=lambda row: row[1].model.day):
        best[side] = record.score
        ahead = ""
        if len(best) > 1:
            lead = best["closed"] - best["open"]
            apart = difference(best["closed"], best["open"], board.unit)
            ahead = f"{'closed' if lead > 0 else 'open'} by {apart}" if lead else "neither"
        rows.append((iso(record.model.day), side, record.model, score(record.score, board.unit), ahead))
    title = f"Every record on {board.name}, the newest first"
    return table(title, "On | Side | Model | Score | Then ahead", reversed(rows))


def chart(evidence: "Evidence", frontier: "Frontier", as_of: date) -> Chart:
    """Chart both sides' records on a board up to its newest model, with the lag of open models as a span."""
    board, all_facts = frontier.board, tuple(_test_facts(frontier))
    source = selection.source_line(evidence, board)
    title = render(_title(frontier, as_of, suffix=""), all_facts)
    series, parts = [], []
    for side, records in frontier.records.items():
        if not records:
            continue
        steps = [
            (iso(record.model.day), record.score, record.model.name,
             f"{selection.record_line(record.model, record.score, board)}\n{source}")
            for record in records
        ]  # fmt: skip
        if records[-1].model.day < frontier.newest_day:
            steps.append((iso(frontier.newest_day), records[-1].score, "", ""))
        x, y, notes, described = zip(*steps, strict=True)
        role = side if side == "closed" else board.access
        series.append(Series(f"{side} models", role, x, y, notes=notes, details=described))
        first, last = (score(records[place].score, board.unit) for place in (0, -1))
        parts.append(f"{side} models rise from {first} to {last} ({records[-1].model.called})")
    if frontier.matched is not None:
        matched = "the best open score came on {best.open.day}, the first closed score at or above it on {matched.day}"
        parts.append(render(matched, all_facts))
    alt = f"Best scores over time on {board.name}: {'; '.join(parts)}. {title}."
    label = f"Best score by release, {'%' if board.unit == 'percent' else board.unit}"
    is_log = is_log_scale([record.score for side in frontier.records.values() for record in side], label)
    marks = f"○ closed models · ■ open models{' · log scale' * is_log}"
    foot = f"Newest model: {day(frontier.newest_day)}"
    return Chart("frontier", title, marks, label, tuple(series), _lag_span(frontier), foot, alt)


def _lag_span(frontier: "Frontier") -> tuple[Span, ...]:
    """Return the lag as a span, drawn at the best open score: from the first closed model there to the newest day."""
    if frontier.matched is None or not frontier.months:
        return ()
    start, end = iso(frontier.matched.model.day), iso(frontier.newest_day)
    return (Span(f"{months(frontier.months)} earlier", start, end, frontier.open[-1].score),)


# ---- all tests


def _overview_facts(leaders: Leaders) -> Iterator[Fact]:
    """State who leads on how many live tests, and which are not live; a test of one side alone has no leader."""
    frontiers, live = leaders.live, "live " if len(leaders.apart) < len(leaders.tests) else ""
    for access in CLASSES:
        races = _contested_tests(frontiers, access)
        if races:
            n_led = sum(race.leader == "closed" for race in races)
            shown = f"{n_led} of {count(len(races), f'{live}{access} test')}"
            yield count_fact(f"led.{access}", n_led, "tests", shown, access=access, side="closed")
            yield from _lag_facts(access, races)
    apart = [frontier for frontier in leaders.frontiers if frontier not in frontiers]
    for key, leader in (("open", "open"), ("level", "neither"), ("open.apart", "open"), ("alone", "")):
        among = {"open.apart": apart, "alone": leaders.frontiers}.get(key, frontiers)
        names = [frontier.board.name for frontier in among if _leader(frontier) == leader]
        yield from list_facts(key, names, "tests", key)
    if leaders.apart:
        shown = ", ".join(f"{stage}: {number}" for stage, number in Counter(leaders.apart.values()).most_common())
        yield count_fact("apart", len(leaders.apart), "tests", shown, "not live")
    for side in _SIDES:
        yield from _top_facts(side, _best_records(frontiers, side))
    oldest = min(frontiers, key=lambda frontier: frontier.newest_day)
    name = oldest.board.name
    yield name_fact("oldest.board", name, benchmark=name)
    yield day_fact("oldest", oldest.newest_day, name)


def _leader(frontier: "Frontier") -> str:
    """Return who leads; empty if only one side has scores."""
    return "" if frontier.difference is None else frontier.leader


def _contested_tests(frontiers: "list[Frontier]", access: str) -> "list[Frontier]":
    """Return the tests of a class on which both sides have scores."""
    return [frontier for frontier in frontiers if frontier.board.access == access and _leader(frontier)]


def _lag_facts(access: str, races: "list[Frontier]") -> Iterator[Fact]:
    """State the shortest and the longest lag of the best open models, with the tests."""
    lagging = [race for race in races if race.months is not None]
    lagging.sort(key=lambda race: (race.months or 0.0, race.board.name))
    for key, race in zip(("nearest", "farthest"), (*lagging[:1], *lagging[1:][-1:]), strict=False):
        lag, model = race.months or 0.0, race.open[-1].model
        tags: dict[str, Any] = {"side": "open", "model": model.name, "day": iso(race.newest_day), "measure": STANDING}
        shown = f"{lag_text(lag, 'behind')} ({race.board.name})"
        yield lag_fact(f"{key}.{access}", lag, shown, **board_fields(race.board), **tags)


def _top_facts(side: str, best: "list[Record]") -> Iterator[Fact]:
    """State which models hold the best score of a side on most tests; on a tie the newest model goes first."""
    n_best = Counter(record.model for record in best)
    first = sorted(n_best, key=lambda model: (-n_best[model], -model.day))[:_MAX_NAMED]
    names = [f"{model.called} ({n_best[model]} of {len(best)})" for model in first]
    if names:
        yield count_fact(f"most.{side}", n_best[first[0]], "tests", names[0], side=side)
        yield count_fact(f"top.{side}", n_best[first[0]], "tests", and_list(names), side=side)


def _overview_lines(leaders: Leaders, side: str | None) -> Iterator[Line]:
    """Say on how many live tests each side leads, and name the best models of each side; `side` goes first."""
    frontiers = leaders.live
    led_tests = " and ".join(f"{{led.{access}}}" for access in CLASSES if _contested_tests(frontiers, access))
    title = f"Closed models lead on {led_tests}" if led_tests else "No test has scores of both sides"
    yield Line(
        "", f"{title}[; open models lead on {{open}}][; the sides are level on {{level}}]", ("direction", "level")
    )
    for access in CLASSES:
        yield Line(f"{access.capitalize()} tests", f"best open {{nearest.{access}}}[ to {{farthest.{access}}}]")
    best = {name: _best_records(frontiers, name) for name in sorted(_SIDES, key=(side or "closed").__ne__)}
    sides = [name for name, records in best.items() if records]
    most = ", ".join(f"{{most.{name}}} of the {name} {'ones' if n else 'models'}" for n, name in enumerate(sides))
    yield Line("Best", most, ("who", "scores"), sentence=True)
    yield Line("Not live", "{apart}[; open models lead on {open.apart}]")
    yield from as_of_lines("the oldest board's newest model by then: {oldest} ({oldest.board})")
    yield Line("Not counted", "{alone}: scores of either side alone", detail=True)
    yield Line(
        "Also best", "; ".join(f"{{top.{name}}} {_holders_text(name, best[name])}" for name in sides), detail=True
    )


def _best_records(frontiers: "list[Frontier]", side: str) -> "list[Record]":
    """Return the best record of a side on each test where the side has scores."""
    return [frontier.best[side] for frontier in frontiers if side in frontier.best]


def _holders_text(side: str, best: "list[Record]") -> str:
    """Say that the named models hold most of the best scores of a side, or that one model holds them all."""
    if len({record.model.model_id for record in best}) > 1:
        return f"hold most of the best {side} scores"
    return f"holds {'every' if len(best) > 1 else 'the'} best {side} score"


def _overview_table(leaders: Leaders) -> Table:
    """List who leads on each test, the live ones first."""

    def order(line: "Frontier") -> tuple[bool, str, bool, float]:
        return line.board in leaders.apart, line.board.access, line.months is None, -(line.months or 0.0)

    return table(
        "Who leads, by test: months since the first closed model at the best open score, up to the newest model",
        "Test | Kind | Best closed | Score | Best open | Score | Behind then | Newest model | Stage",
        ((line.board, line.board.access, *best_cells(line.best_closed, line.board),
          *best_cells(line.best_open, line.board), line.months, iso(line.newest_day),
          leaders.apart.get(line.board, "live"))
         for line in sorted(leaders.frontiers, key=order)),
    )  # fmt: skip
