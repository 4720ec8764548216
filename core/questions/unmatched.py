"""What have open models not matched? The scores that only closed models have reached, and how long matches take."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Chart, Fact, Line, Series, Table, details
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection
from core.questions.gap_text import ENDED_LINE, ended_facts, unmatched_facts
from core.questions.question import Question
from core.questions.result import BOARD, NAMED_BOARD, Keys, as_json, per_class, table
from core.questions.shared_facts import (
    as_of_lines,
    board_fields,
    count_fact,
    day_fact,
    iso,
    make_fact,
    model_fact,
    name_fact,
    why_not,
)
from core.text import render
from core.words import ACCESS, Domain, and_list, day, level, likely_range, months

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, Model
    from core.gap.board_life import BoardLife
    from core.gap.forward import Forward, MatchedShare


@dataclass(frozen=True, eq=False)
class Score:
    """A score that a closed model but no open model has reached; `age_months` ends at the test's newest model."""

    json_keys: ClassVar[Keys] = {
        "board": NAMED_BOARD,
        "closed": {"closed_model": "model_id", "closed_date": "day"},
        "newest_day": "newest_data",
    }

    board: "Board"
    threshold: float
    closed: "Model"
    age_months: float
    newest_day: int

    @property
    def label(self) -> str:
        """Write the score in its unit: "80 %"."""
        return level(self.threshold, self.board.unit)


@dataclass(frozen=True, eq=False)
class Uncounted:
    """A test without a score that counts, and why."""

    json_keys: ClassVar[Keys] = {"board": BOARD}

    board: "Board"
    reason: str


@dataclass(frozen=True, eq=False)
class Unmatched:
    """The unmatched scores, oldest first but those on a test with an ended version last, and how long matches took.

    `n_used` counts the tests of a class with scores that count; `board_name` is the requested test, empty if none;
    `lives` are the lives of all tests.
    """

    json_keys: ClassVar[Keys] = dict.fromkeys(("n_used", "board_name", "lives"))

    waiting: list[Score]
    forward: "dict[str, Forward]"
    uncounted: list[Uncounted]
    n_used: dict[str, int]
    board_name: str
    lives: "list[BoardLife]"

    @property
    def known_waits(self) -> "dict[str, Forward]":
        """Return how long matches took, for each class of tests with a score."""
        return {name: waits for name, waits in self.forward.items() if waits.n_reached + waits.n_unmatched}


@dataclass(frozen=True)
class UnmatchedQuestion(Question):
    """What closed models have reached and open ones have not yet, and how long that takes."""

    name: ClassVar[str] = "unmatched"
    behind: ClassVar[str] = "every unmatched score, how long matches take, and what ended"
    phrasings: ClassVar[tuple[str, ...]] = (
        "What have open models not matched yet?",
        "What still waits on WeirdML?",
        "How long do open models take to catch up on private tests?",
    )
    charts: ClassVar[Mapping[str, str]] = {"unmatched": "scores that open models are not known to have matched"}

    benchmark: str | None = fields.benchmark(example="WeirdML", by_place=True)
    access: Literal["private", "public"] | None = fields.access_filter()
    domain: Domain | None = fields.domain_filter()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """List the unmatched scores; raises UsageError if no closed model has reached a score."""
        unmatched, as_of = self.find(evidence), self.as_of or evidence.newest_data
        all_facts = list(facts(unmatched))
        boards = selection.boards(evidence, self.benchmark, self.access, self.domain).tolist()
        shares = {
            name: {f"caught_up_{matched.within:g}m": matched.share for matched in waits.matched}
            for name, waits in unmatched.forward.items()
        }
        return selection.build_answer(
            self, evidence, as_of, text(unmatched), all_facts,
            tables=(scores_table(unmatched),),
            charts=(chart(evidence, unmatched, all_facts),) if unmatched.waiting else (),
            data={
                **as_json(unmatched),
                "forward": {name: as_json(waits) | shares[name] for name, waits in unmatched.forward.items()},
            },
            boards=boards, parameters=DEFAULT,
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Unmatched:
        """Compute the unmatched scores; raises UsageError as `answer` does."""
        from core.gap.analysis import analyse
        from core.gap.forward import estimate_class_waits

        as_of, boards = selection.scope(self, evidence)
        analysis = analyse(evidence, boards, as_of.toordinal(), DEFAULT)
        forward: dict[str, Forward] = {}
        uncounted, n_used = [], {}
        for name, gap in analysis.classes.items():
            levels = [level for level in analysis.crossings.unmatched if level.board.access == name]
            forward[name] = estimate_class_waits(gap.points, levels, DEFAULT)
            states = [state for state in analysis.crossings.states.items() if state[0].access == name]
            n_used[name] = sum(not state.reason for _, state in states)
            uncounted += [Uncounted(board, why_not(state.reason, state)) for board, state in states if state.reason]
        waiting = [
            Score(level.board, level.threshold, level.closed, level.age_months, level.newest_day)
            for level in analysis.unmatched
        ]
        steady = {level.board for level in analysis.steady_unmatched}
        waiting.sort(key=lambda row: (row.board not in steady, -row.age_months, row.board.name, -row.threshold))
        board_name = selection.board_name(evidence, self.benchmark)
        unmatched = Unmatched(waiting, forward, uncounted, n_used, board_name, list(analysis.lives.values()))
        if not unmatched.known_waits:
            raise self._refuse(unmatched, as_of)
        return unmatched

    def _refuse(self, unmatched: Unmatched, as_of: date) -> UsageError:
        """Return the error that says why closed models have reached no score."""
        if self.benchmark and unmatched.uncounted:
            [test] = unmatched.uncounted
            return UsageError(
                f"{test.board.name} has {test.reason} (as of {day(as_of)});"
                " ask for its frontier, which needs fewer, or choose another benchmark."
            )
        what = "No closed model had reached a score that counts"
        if not any(unmatched.n_used.values()):
            what = f"No test had scores of {DEFAULT.min_open_models} open models and of a closed one"
        return UsageError(f"{what} by {day(as_of)}; ask for a later day.")


# ---- facts


def facts(unmatched: Unmatched) -> Iterator[Fact]:
    """State everything that the text and the chart may say about the scores."""
    name = unmatched.board_name
    if not name:
        yield from ended_facts(unmatched.lives)
    for access, waits in unmatched.forward.items():
        number = sum(score.board.access == access for score in unmatched.waiting)
        yield from unmatched_facts(number, waits.n_reached, access, name)
        yield from _class_facts(waits, access, name, is_alone=unmatched.n_used[access] == 1)
    if unmatched.waiting:
        yield from _score_facts("oldest", unmatched.waiting[0])
        newest = max(unmatched.waiting, key=lambda score: (score.closed.day, score.threshold))
        yield from _score_facts("newest", newest)
    if unmatched.uncounted:
        first, *others = unmatched.uncounted
        shown = f"{first.board.name} has {first.reason}"
        if others:
            names = and_list([test.board.name for test in unmatched.uncounted])
            shown = f"{names}: scores of fewer than {DEFAULT.min_open_models} open models, or of no closed one"
        number = len(unmatched.uncounted)
        yield count_fact("uncounted", number, "tests", shown, "without a score that counts")


def _class_facts(waits: "Forward", access: str, board_name: str, *, is_alone: bool) -> Iterator[Fact]:
    """State how long matches on a class's tests have taken."""
    where = board_name or f"{access} tests"
    of: dict[str, Any] = {"access": access, "benchmark": board_name}
    shown = "no score yet that closed models have reached and that counts"
    if waits.n_reached + waits.n_unmatched:
        yield name_fact(f"where.{access}", where, **of)
        shown = f"more than half are unmatched on {where}"
        if waits.median_months is not None:
            shown = f"{months(waits.median_months)} on {where} ({_range_text(waits, is_alone=is_alone)})"
    ends: dict[str, Any] = {"low": waits.low, "high": waits.high}
    yield make_fact(f"forward.{access}", waits.median_months, "months", shown, "duration", **of, **ends)
    likely = "likely "
    for matched in waits.matched:
        if matched.share is not None:
            key, shown = f"within_{matched.within:g}.{access}", _share_text(matched, likely)
            of |= {"side": "open", "low": matched.low, "high": matched.high}
            yield make_fact(key, matched.share, "fraction", shown, "share", **of)
            likely = likely if matched.low is None else ""  # only a line's first range has the word


def _range_text(waits: "Forward", *, is_alone: bool) -> str:
    """Write the rough interval of the median."""
    if waits.low is None:
        return "one test only, so no range" if is_alone else "no range"
    return f"likely {waits.low:.0f} or more" if waits.high is None else likely_range(waits.low, waits.high)


def _share_text(matched: "MatchedShare", likely: str) -> str:
    """Write the share of the scores that was matched within a time, with its rough interval."""
    share = 100 * (matched.share or 0.0)
    shown = f"{ {0.0: 'none', 100.0: 'all'}.get(share, f'{share:.0f} %') } within {matched.within:g} months"
    if matched.low is None or matched.high is None:
        return shown
    return f"{shown} ({likely}{100 * matched.low:.0f} to {100 * matched.high:.0f})"


def _score_facts(key: str, score: Score) -> Iterator[Fact]:
    """State one unmatched score: who reached it, when, its age, and the day of the board's newest model."""
    board, closed, label = score.board, score.closed, f"{score.label} on {score.board.name}"
    of: dict[str, Any] = {**board_fields(board), "side": "closed", "model": closed.name, "level": score.threshold}
    yield make_fact(f"{key}.level", score.threshold, board.unit, label, "level", **of)
    yield replace(model_fact(f"{key}.closed", closed), value=closed.name)
    yield day_fact(f"{key}.day", closed.day, closed.name)
    yield make_fact(f"{key}.age", score.age_months, "months", months(score.age_months), "duration", label, **of)
    yield day_fact(f"{key}.until", score.newest_day, board.name)


# ---- text


def text(unmatched: Unmatched) -> Iterator[Line]:
    """Say how many scores are unmatched, name the most telling, and say how long matches take; no forecast."""
    title = "No known open model matches <{unmatched.@}| and >"
    if not unmatched.waiting:
        where = " and ".join(f"{{where.{name}}}" for name, waits in unmatched.forward.items() if waits.n_reached)
        title = f"Open models have matched every score that counts and that closed ones reached on {where}"
    first, last = ("Longest", "Newest") if len(unmatched.waiting) > 1 else ("Unmatched", "")
    yield Line("", title, ("level",))
    yield Line(first, "{oldest.level}, since {oldest.closed} on {oldest.day}", ("who",))
    yield Line("How long", f"nothing is forecast; {_waits_text(unmatched.known_waits)}", ("when",), sentence=True)
    matched = "<open models matched {within_6.@}, {within_12.@} on @ tests|; >"
    yield Line("Will they", f"nothing is forecast; {matched}", ("forecast",), sentence=True, detail=True)
    for name, waits in unmatched.known_waits.items():
        shares = [f"{{within_{matched.within:g}.@}}" for matched in waits.matched if matched.share is not None]
        if shares:
            yield from per_class([name], Line("@ tests", f"matched {', '.join(shares)}", ("when",), detail=True))
    yield from as_of_lines("{method}", aspects=())
    yield from details(_detail_lines(last))


def _waits_text(known_waits: "dict[str, Forward]") -> str:
    """Write the median times as a template, then the classes of tests where more than half are unmatched."""
    medians = [f"{{forward.{name}}}" for name, waits in known_waits.items() if waits.median_months is not None]
    others = [f"{{forward.{name}}}" for name, waits in known_waits.items() if waits.median_months is None]
    longer = [f"half of such scores took longer than {' and '.join(medians)}"] if medians else []
    return "; ".join(longer + others)


def _detail_lines(newest_label: str) -> Iterator[Line]:
    if newest_label:
        newest = "{newest.level}, since {newest.closed} on {newest.day}; none in the data to {newest.until}"
        yield Line(newest_label, newest)
    yield Line("The longest", "no open model in the data {oldest.age} later, to {oldest.until}")
    yield Line("Rough", "the likely ranges of how long matches take are rough")
    yield ENDED_LINE
    yield Line("Not counted", "{uncounted}")
    doubt = (
        "a score may have been reached by a model that is not in the data; the age of unmatched scores is not the gap,"
    )
    doubt += " nor is its mean: slow matches are the ones still missing"
    yield Line("Can't tell", doubt, ("sure", "explain"), sentence=True)


# ---- table and chart


def scores_table(unmatched: Unmatched) -> Table:
    """List the unmatched scores, oldest first."""
    kinds = " and ".join(name for name in ACCESS if any(score.board.access == name for score in unmatched.waiting))
    return table(
        f"Unmatched {kinds} scores, each model's highest, with months up to the test's newest model; ended tests last",
        "Test | Kind | Score | Reached by | On | Months unmatched | Tested to",
        ((score.board, score.board.access, score.label, score.closed, iso(score.closed.day), score.age_months,
          iso(score.newest_day)) for score in unmatched.waiting),
    )  # fmt: skip


def chart(evidence: "Evidence", unmatched: Unmatched, all_facts: list[Fact]) -> Chart:
    """Draw the ages of the unmatched scores as lines, per access class, each test's oldest."""
    series = []
    for access in ACCESS:
        oldest = dict[str, Score]()
        for score in unmatched.waiting:
            if score.board.access == access:
                oldest.setdefault(score.board.name, score)
        if oldest:
            names = tuple(f"{name} {score.label}" for name, score in oldest.items())
            ages = tuple(score.age_months for score in oldest.values())
            notes = tuple(score.closed.called for score in oldest.values())
            described = tuple(
                "\n".join(selection.catch_up_details(evidence, score.board, score.closed, score.newest_day))
                for score in oldest.values()
            )
            series.append(Series(f"{access} tests", access, names, ages, notes=notes, details=described))
    title = "No known open model matches {oldest.level} after {oldest.age}"
    alt = (
        "Lines of how old each test's oldest unmatched score was when the test's newest model came out:"
        " {oldest.level}, {oldest.age}, first reached by {oldest.closed}."
    )
    title, alt = (render(template, all_facts) for template in (title, alt))
    label = "Each test's oldest: months from its first closed model ○ to the test's newest model"
    return Chart("unmatched", title, label, "", tuple(series), alt=alt)
