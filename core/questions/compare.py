"""Two sides compared: groups of models, models, kinds of tests, single tests, or days."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import LIKELY_RANGE, Answer, Chart, Fact, Kind, Line, Series, Table, details
from core.dataclass import dataclass
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import fields, selection, sides
from core.questions.compare_models import answer_models
from core.questions.gap_text import basis_of, change_text, measure_name
from core.questions.question import Question
from core.questions.result import BOARD, CHANGE, Keys, SeriesRow, build_series, per_class, table
from core.questions.shared_facts import (
    INDEX,
    SHORTEST,
    STANDING,
    STANDING_REASONS,
    as_of_lines,
    board_fields,
    change_fact,
    day_fact,
    effect_facts,
    headline_text,
    iso,
    lag_fact,
    of_figure,
    range_facts,
    why_not,
)
from core.questions.sides import PLACES, NamedSide, Side, TwoSides, build_titled_answer
from core.store.store import Store
from core.words import CLASSES, Domain, capitalize, cell, day, lag_text, months, or_list, quote

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, IntArray
    from core.gap.analysis import ClassGap
    from core.gap.direction import Comparison, Reason, Word
    from core.gap.figures import Change, Headline
    from core.gap.standing import StandingGap

ALL = "all"
"""The key for all tests together, beside the keys "private" and "public"."""
_REASONS: "dict[Reason, str | None]" = {
    "": None,
    "one-test": "one test each, so no range",
    "two-measures": "where open models stand on one test, and the gap of a kind of tests, are two measures",
    "few-tests": "too few tests to put both kinds on one scale",
    "near-days": "the averages of both days share months",
    "no-figure": "no figure on a side",
}
"""Texts for why a difference has no interval."""
_VERBS: "dict[Word, str]" = {
    "wider": "grew",
    "probably-wider": "probably grew",
    "probably-narrower": "probably shrank",
    "narrower": "shrank",
}
_FLATTERY = "public tests may flatter open models, which can be trained towards them"
_KINDS_MEANING = (
    "the difference is not one figure minus the other: it is read off the scores of all years at once, each figure off"
    " its own kind of tests in the last six months"
)
_TESTS_MEANING = (
    "on one test: how long ago a closed model first had the score that the best open model has now; on a kind of tests:"
    f" the gap, an average of six months; {_FLATTERY}"
)
_DAYS_MEANING = (
    "the gap is an average of six months; both days are read off one scale of the scores known by {known_by}, so later"
    " scores also change the earlier day's figure"
)
_TOGETHER = "all together"
_RANGES = f"● with {LIKELY_RANGE}"


@dataclass(frozen=True, eq=False)
class OnTest:
    """The standing gap of a test on each side that has the test (`sides`); None if there is no standing gap."""

    json_keys: ClassVar[Keys] = {
        "board": {**BOARD, "name": "name", "access": "access"},
        "left": {"left_months": "months"},
        "right": {"right_months": "months"},
        "difference": "difference",
        "left.at": "left_at",
        "right.at": "right_at",
    }

    board: "Board"
    sides: tuple[str, ...]
    left: "StandingGap | None"
    right: "StandingGap | None"

    @property
    def difference(self) -> float | None:
        """Left minus right in months, None if a side has no standing gap."""
        return self.left.months - self.right.months if self.left and self.right else None

    def stand(self, place: str) -> "StandingGap | None":
        """Return a side's standing gap."""
        return self.left if place == "left" else self.right


@dataclass(frozen=True, eq=False)
class Difference:
    """Both sides' figures on a class of tests, their difference left minus right, and why it has no range.

    `access` is None if the sides are tests.
    """

    json_keys: ClassVar[Keys] = {"apart": CHANGE}

    access: str | None
    left: "Headline"
    right: "Headline"
    apart: "Change"
    reason: str | None

    @property
    def figures(self) -> "dict[str, Headline]":
        """Return both figures by side."""
        return {"left": self.left, "right": self.right}


@dataclass(frozen=True, eq=False)
class Compared(TwoSides):
    """Two sides that are tests or days, compared on each test and on each class of tests."""

    tests: list[OnTest]
    comparisons: list[Difference]


@dataclass(frozen=True, eq=False)
class ComparedTests(Compared):
    """Two tests, or a test and a kind of tests; `gaps` has the estimates of each side that is a test."""

    json_keys: ClassVar[Keys] = {**TwoSides.json_keys, "gaps": None}

    gaps: "dict[str, ClassGap]"


@dataclass(frozen=True, eq=False)
class ComparedDays(Compared):
    """Two days; `all_tests` compares them on all tests together if there are two classes.

    `growths` has the change from the earlier to the later day for each class and, under `ALL`, for all tests.
    """

    json_keys: ClassVar[Keys] = {**TwoSides.json_keys, "growths": None, "known_by": None}

    all_tests: "Change | None"
    growths: "dict[str, Change]"
    known_by: date

    @property
    def order(self) -> tuple[str, str]:
        """Return the side with the earlier day, then the side with the later day."""
        return ("left", "right") if self.left.date < self.right.date else ("right", "left")


@dataclass(frozen=True)
class CompareQuestion(Question):
    """Compare two countries, labs, models, tests, kinds of tests or days."""

    name: ClassVar[str] = "compare"
    behind: ClassVar[str] = "each test with both scores, how it was counted, and levels"
    charts: ClassVar[Mapping[str, str]] = {"compare": "two sides, test by test, or with their ranges"}
    phrasings: ClassVar[tuple[str, ...]] = (
        "Are China's open models ahead of those of the US?",
        "How do private tests compare with public ones?",
        "Is DeepSeek ahead of Qwen?",
        "Is Kimi K3 better than GPT-5.5?",
        "Was the gap shorter in May 2025 than now?",
    )

    left: str = fields.described(
        "Models (China, closed US, up to 40B), one model, a test, private or public (tests), day, or now.", "China",
        needed=True, called="first side", max_length=100, by_place=True,
    )  # fmt: skip
    right: str = fields.described(
        "What to compare it with, of the same sort; others means all the rest.", "others",
        needed=True, called="second side", max_length=100, by_place=True,
    )  # fmt: skip
    access: Literal["private", "public"] | None = fields.access_filter()
    domain: Domain | None = fields.domain_filter()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def resolved(self, store: Store, today: date) -> "CompareQuestion":
        """Return the question with each side as kind and id ("country:China"), and both days filled in."""
        as_of, known_by = fields.days(store, today, self.as_of, self.known_by)
        left, right = sides.find_pair(store, (self.left, self.right), today, known_by)
        if left.group == "tests" and self.access is not None:
            raise UsageError(f"Tests are compared with tests here; leave {quote(self.access)} out.")
        if left.kind == right.kind == "benchmark" and self.domain is not None:
            raise UsageError(f"Two tests are compared here; leave {quote(self.domain)} out.")
        if left.kind == "day":
            as_of = max(left.date, right.date)
            if self.as_of not in (None, as_of):
                raise UsageError(f"Two days are compared here; leave the as-of day {self.as_of} out.")
        return replace(self, left=str(left), right=str(right), as_of=as_of, known_by=known_by)

    def answer(self, evidence: "Evidence") -> Answer:
        """Compare the sides; raises UsageError if a side has nothing to compare."""
        left, right = (Side.read(text).with_name(evidence) for text in (self.left, self.right))
        if left.group == "models":
            as_of = self.as_of or evidence.newest_data
            return answer_models(self, evidence, left, right, as_of, self.access, self.domain)
        if left.group == "days":
            days = find_days(self, evidence, left, right)
            lines, tables, chart = days_text(days), tables_by_day(days), chart_days(days)
            return build_titled_answer(self, evidence, days, lines, days_facts(days), tables, chart)
        if left.kind == right.kind == "access":
            kinds = find_kinds(self, evidence, left, right)
            lines, tables, chart = kinds_text(kinds), tables_by_side(kinds), chart_tests(kinds)
            return build_titled_answer(self, evidence, kinds, lines, kinds_facts(kinds), tables, chart)
        tests = find_tests(self, evidence, left, right)
        lines, tables, chart = tests_text(tests), tables_by_side(tests), chart_tests(tests)
        return build_titled_answer(self, evidence, tests, lines, tests_facts(tests), tables, chart)


# ---- private and public tests, with the same models


def find_kinds(question: CompareQuestion, evidence: "Evidence", left: NamedSide, right: NamedSide) -> Compared:
    """Compare private with public tests: their difference on one scale of all tests, and both gaps."""
    from core.gap.crossings import by_class
    from core.gap.direction import compare_kinds, reverse_comparison

    as_of, boards = selection.scope(question, evidence)
    of_kind = dict.fromkeys(CLASSES, boards[:0]) | by_class(evidence, boards)
    comparison = compare_kinds(evidence, of_kind["private"], of_kind["public"], boards, as_of.toordinal(), DEFAULT)
    if left.key != CLASSES[0]:
        comparison = reverse_comparison(comparison)
    tests = _list_tests([_find_stands(evidence, of_kind[side.key], as_of) for side in (left, right)])
    numbers = [number for name in CLASSES for number in of_kind[name].tolist()]
    return Compared(left, right, numbers, as_of, tests, [describe_difference(None, comparison)])


def kinds_facts(kinds: Compared) -> Iterator[Fact]:
    """State how much further behind open models are on private than on public tests, and both gaps."""
    from core.gap.direction import reverse_change

    yield from _side_facts(kinds)
    [difference] = kinds.comparisons
    is_private_first = kinds.left.key == CLASSES[0]
    yield from effect_facts(difference.apart if is_private_first else reverse_change(difference.apart))
    for place, side in kinds.sides.items():
        yield from gap_facts(f"{place}.gap", difference.figures[place], side.key)


def kinds_text(kinds: Compared) -> Iterator[Line]:
    """Say how much further behind open models are on private tests, marked "too close to call" if that is unclear."""
    from core.gap.direction import is_clear

    [difference] = kinds.comparisons
    doubt = "" if is_clear(difference.apart) else "private against public tests is too close to call: "
    title = f"{doubt}over all scores open models are {{effect}}"
    if difference.apart.months is None:
        title = "can't tell {left} from {right}: too few tests to put both on one scale"
    yield Line("", title, ("direction", "level", "who"))
    for place, side in kinds.sides.items():
        yield Line(capitalize(side.name), f"{{{place}.gap}}[, {{{place}.gap.range}}]", ("level",))
    yield Line("Two measures", _KINDS_MEANING, ("explain", "sure"), sentence=True)
    yield from details([Line("Caution", _FLATTERY, ("explain", "sure", "why"), sentence=True)])
    yield from as_of_lines("{method}")


# ---- single tests


def find_tests(question: CompareQuestion, evidence: "Evidence", left: NamedSide, right: NamedSide) -> ComparedTests:
    """Compare two tests by their standing gaps, or a test's standing gap with the gap of a kind of tests.

    Raises UsageError if a test has no figure, or if the domain has no test of the kind.
    """
    from core.gap.direction import compare_tests
    from core.gap.index_figure import measure_index

    as_of, _ = selection.scope(question, evidence)
    alone = {selection.board_number(evidence, side.key) for side in (left, right) if side.kind == "benchmark"}
    figures, of_tests = list["Headline"](), dict[str, "ClassGap"]()
    by_side, numbers = list[dict["Board", "StandingGap | None"]](), list[int]()
    for place, side in zip(PLACES, (left, right), strict=True):
        if side.kind == "benchmark":
            boards = selection.boards(evidence, side.key)
            of_tests[place] = _measure_test(evidence, boards, as_of)
            figures.append(of_tests[place].headline)
        else:
            boards = selection.boards(evidence, None, side.key, question.domain)
            figures.append(measure_index(evidence, boards, as_of.toordinal(), DEFAULT).figure)
            boards = boards[[number not in alone for number in boards.tolist()]]
        by_side.append(_find_stands(evidence, boards, as_of))
        numbers += boards.tolist()
    comparison = compare_tests(*figures, are_tests=len(alone) == len(PLACES))
    differences = [describe_difference(None, comparison)]
    return ComparedTests(left, right, numbers, as_of, _list_tests(by_side), differences, of_tests)


def _measure_test(evidence: "Evidence", boards: "IntArray", as_of: date) -> "ClassGap":
    """Measure the gap on one test; raises UsageError if the test can't give a figure."""
    from core.gap.analysis import analyse

    of_test = analyse(evidence, boards, as_of.toordinal(), DEFAULT)
    [(board, state)] = of_test.crossings.states.items()
    if state.reason:
        raise UsageError(f"{board.name} has {why_not(state.reason, state)} (as of {day(as_of)}); compare another test.")
    return of_test.classes[board.access]


def tests_facts(tests: ComparedTests) -> Iterator[Fact]:
    """State where open models stand on each side, and the difference of the two sides."""
    yield from _side_facts(tests)
    [difference] = tests.comparisons
    for place, side in tests.sides.items():
        if place in tests.gaps:
            board = next(test.board for test in tests.tests if place in test.sides)
            yield from _test_facts(place, tests.gaps[place], board)
        else:
            yield from gap_facts(f"{place}.stand", difference.figures[place], side.key, behind=" behind")
    if difference.apart.months is not None:
        apart = f"{months(difference.apart.months)} apart, one test each, so no range: too close to call"
        yield change_fact("difference", difference.apart.months, apart, "left minus right")


def _test_facts(place: str, gap: "ClassGap", board: "Board") -> Iterator[Fact]:
    """State a test's standing gap, or why it has none, and how long the last matches took."""
    figure, of = gap.headline, board_fields(board)
    if figure.months is None:
        shown = f"can't tell: {STANDING_REASONS[gap.standing.left_out[board]]}"
    else:
        shown = lag_text(figure.months, "behind")
    yield lag_fact(f"{place}.stand", figure.months, shown, day=iso(figure.at) or "", measure=STANDING, **of)
    matches = gap.catch_up.figure
    if matches.months is not None:
        of |= {"measure": measure_name(gap, "catch_up"), "day": iso(matches.at) or ""}
        shown = f"{lag_text(matches.months)} ({basis_of(gap, 'catch_up')})"
        yield lag_fact(f"{place}.catch_up", matches.months, shown, **of)


def tests_text(tests: ComparedTests) -> Iterator[Line]:
    """Say how far behind open models are on each side, or why a side has no figure."""
    [difference] = tests.comparisons
    months_of = {place: figure.months for place, figure in difference.figures.items()}
    stand = [f"{{{place}.stand}} on {{{place}}}" for place, value in months_of.items() if value is not None]
    unknown = [f"on {{{place}}} {{{place}.stand}}" for place, value in months_of.items() if value is None]
    title = "; ".join([*([f"open models stand {' and '.join(stand)}"] if stand else []), *unknown])
    yield Line("", title, ("direction", "level", "who"))
    for place, side in tests.sides.items():
        stands = f"{{{place}.stand}}[, {{{place}.stand.range}}][; the last matches took {{{place}.catch_up}}]"
        yield Line(capitalize(side.name), stands, ("level",))
    yield Line("Difference", "{difference}", ("sure",), detail=True)
    yield Line("Counted", _TESTS_MEANING, ("explain",), sentence=True, detail=True)
    yield from as_of_lines("{method}")


# ---- days


def find_days(question: CompareQuestion, evidence: "Evidence", left: NamedSide, right: NamedSide) -> ComparedDays:
    """Compare the gap on two days, both read off one scale."""
    from core.gap.crossings import by_class
    from core.gap.direction import compare_changes, compare_days, reverse_change

    boards = selection.boards(evidence, None, question.access, question.domain)
    for side in (left, right):
        selection.check_first(evidence, boards, side.date)
    days = left.date.toordinal(), right.date.toordinal()
    comparisons = {
        name: compare_days(evidence, of_class, days, DEFAULT)
        for name, of_class in by_class(evidence, boards).items()
        if name in CLASSES
    }
    apart = {name: comparison.apart for name, comparison in comparisons.items()}
    if len(comparisons) > 1:
        apart = {ALL: compare_changes(evidence, boards, days, DEFAULT), **apart}
    is_left_first = left.date < right.date
    return ComparedDays(
        left,
        right,
        boards.tolist(),
        question.as_of or evidence.newest_data,
        _list_tests([_find_stands(evidence, boards, side.date) for side in (left, right)]),
        [describe_difference(name, comparison) for name, comparison in comparisons.items()],
        all_tests=apart.get(ALL),
        growths={name: reverse_change(change) if is_left_first else change for name, change in apart.items()},
        known_by=evidence.known_by,
    )


def days_facts(days: ComparedDays) -> Iterator[Fact]:
    """State each class's gap on both days, its range, and its change from the earlier to the later day."""
    yield from _side_facts(days)
    yield day_fact("known_by", days.known_by, "scores known by")
    for difference in days.comparisons:
        name = difference.access or ""
        for place, figure in difference.figures.items():
            yield from gap_facts(f"{place}.{name}", figure, name)
    reasons = {difference.access: difference.reason for difference in days.comparisons}
    for name, growth in days.growths.items():
        of: dict[str, Any] = {"access": "" if name == ALL else name, "low": growth.low, "high": growth.high}
        if growth.months is not None:
            by = f"{months(growth.months)} on {_tests_of(name)}"
            yield change_fact(f"by.{name}", growth.months, by, "later minus earlier day", **of)
            yield change_fact(f"change.{name}", growth.months, change_text(growth), "later minus earlier day", **of)
        elif why := reasons.get(name):
            yield change_fact(f"change.{name}", None, why, **of)


def days_text(days: ComparedDays) -> Iterator[Line]:
    """Say on which tests the gap grew or shrank between the two days, and the gap on each day."""
    earlier, later = days.order
    yield Line("", _days_title(days), ("direction",))
    both = f"{{{earlier}.@}}[ ({{{earlier}.@.range}})], then {{{later}.@}}[ ({{{later}.@.range}})]"
    yield from per_class(
        [difference.access or "" for difference in days.comparisons], Line("@ tests", both, ("level",))
    )
    change = f"[all tests together: {{change.{ALL}}}; ]<@ tests: {{change.@}}|; >"
    yield Line("Change", change, ("sure",), detail=True)
    yield Line("Counted", _DAYS_MEANING, ("explain",), sentence=True, detail=True)
    yield from as_of_lines("{method}")


def _days_title(days: ComparedDays) -> str:
    """Say on which tests the gap grew or shrank between the two days, and on which it is too close to call."""
    from core.gap.direction import change_word

    earlier, later = days.order
    words = {name: change_word(growth, DEFAULT.level) for name, growth in days.growths.items()}
    parts = []
    for word, verb in _VERBS.items():
        by = [f"{{by.{name}}}" for name in words if words[name] == word]
        parts += [f"the gap {verb} by {' and '.join(by)}"] if by else []
    for doubt, is_known in (("too close to call", True), ("can't tell", False)):
        names = [
            _tests_of(name)
            for name, growth in days.growths.items()
            if words[name] == "cant-say" and (growth.months is not None) == is_known
        ]
        whether = "" if parts else " whether the gap grew"
        parts += [f"{doubt}{whether} on {or_list(names)}"] if names else []
    return f"from {{{earlier}}} to {{{later}}}: {'; '.join(parts)}"


def _tests_of(name: str) -> str:
    return "all tests together" if name == ALL else f"{name} tests"


def tables_by_day(days: ComparedDays) -> Iterator[Table]:
    """List each class's tests with their standing gaps on both days, in ascending order of left minus right."""
    tests = [test for test in days.tests if test.left or test.right]
    tests.sort(key=lambda test: (test.difference is None, test.difference or 0.0))
    for access in CLASSES:
        yield table(
            f"Standing gap on each {access} test, in months",
            f"Test | {days.left.key} | {days.right.key} | Difference",
            ((test.board, *(stand and stand.months for stand in (test.left, test.right)), test.difference)
             for test in tests if test.board.access == access),
        )  # fmt: skip


def chart_days(days: ComparedDays) -> Chart:
    """Draw each class's gap on both days, with its range."""
    series = []
    for difference in days.comparisons:
        rows = [_figure_row(days.sides[place].name, figure) for place, figure in difference.figures.items()]
        series.append(build_series(f"{difference.access} tests", difference.access or "", rows))
    return _chart(days, series, [value for of_class in series for value in of_class.y], _RANGES)


# ---- shared by all comparisons


def _find_stands(evidence: "Evidence", boards: "IntArray", as_of: date) -> "dict[Board, StandingGap | None]":
    """Return the standing gap of each board as of a day; None if it has none."""
    from core.gap.standing import standing_gaps

    gaps = {gap.board: gap for gap in standing_gaps(evidence, boards, as_of.toordinal(), DEFAULT).gaps}
    return {board: gaps.get(board) for board in (evidence.boards[number] for number in boards.tolist())}


def _list_tests(by_side: "list[dict[Board, StandingGap | None]]") -> list[OnTest]:
    """Return the tests of both sides, with the standing gap on each side."""
    left, right = by_side
    return [
        OnTest(
            board,
            tuple(place for place, of_side in zip(PLACES, by_side, strict=True) if board in of_side),
            left.get(board),
            right.get(board),
        )
        for board in (left | right)
    ]


def describe_difference(access: str | None, comparison: "Comparison") -> Difference:
    """Describe a comparison on a class of tests, with its reason in words; `access` is None if the sides are tests."""
    return Difference(access, comparison.left, comparison.right, comparison.apart, _REASONS[comparison.reason])


def _side_facts(compared: Compared) -> Iterator[Fact]:
    """Name each side."""
    for place, side in compared.sides.items():
        kind: Kind = "day" if side.kind == "day" else "name"
        access, at = (side.key if side.kind == name else "" for name in ("access", "day"))
        benchmark = side.name if side.kind == "benchmark" else ""
        yield Fact(place, str(side), "", f"{place} side", side.name, kind, access=access, benchmark=benchmark, day=at)


def gap_facts(key: str, figure: "Headline", access: str, behind: str = "") -> Iterator[Fact]:
    """State the gap of a kind of tests, and its range; `behind` is appended to the figure if open models trail."""
    of: dict[str, Any] = {"access": access, "measure": INDEX, **of_figure(figure)}
    if figure.months is None:
        yield lag_fact(key, None, "no figure", **of)
        return
    yield lag_fact(key, figure.months, f"{headline_text(figure)}{behind if figure.months >= 0 else ''}", **of)
    yield from range_facts(f"{key}.range", **of)


def tables_by_side(compared: Compared) -> Iterator[Table]:
    """List each side's tests with their standing gaps, largest first."""
    for place, side in compared.sides.items():
        tests = [(test.board, test.stand(place)) for test in compared.tests if place in test.sides]
        tests.sort(key=lambda test: -test[1].months if test[1] else math.inf)
        yield table(
            f"Standing gap on each test: {side.name}",
            "Test | Standing gap, months | To",
            ((board, stand and stand.months, stand and iso(stand.at)) for board, stand in tests),
        )


def chart_tests(compared: Compared) -> Chart:
    """Draw the standing gaps of each side's tests, largest first; for kinds of tests, the kind's gap comes first."""
    are_kinds = not isinstance(compared, ComparedTests)
    [difference] = compared.comparisons
    series = []
    for place, side in compared.sides.items():
        stands = [(test.board.name, stand) for test in compared.tests if (stand := test.stand(place))]
        stands.sort(key=lambda pair: -pair[1].months)
        rows = [_figure_row(_TOGETHER, difference.figures[place])] if are_kinds else []
        rows += [(name, stand.months, stand.months, stand.months, f"to {iso(stand.at)}") for name, stand in stands]
        role = next((test.board.access for test in compared.tests if place in test.sides), side.key)
        series.append(build_series(capitalize(side.name), role, rows))
    chart = _chart(compared, series, [next(iter(of_side.y), None) for of_side in series], _RANGES if are_kinds else "")
    return replace(chart, title=_kinds_title(compared)) if are_kinds else chart


def _kinds_title(kinds: Compared) -> str:
    """Say the gap on both kinds of tests; "" if either has none, or open models lead."""
    [difference] = kinds.comparisons
    first, second = (difference.figures[place].months or 0.0 for place in PLACES)
    if min(first, second) < SHORTEST:
        return ""
    return f"Open models trail {months(first)} on {kinds.left.name}, {cell(second)} on {kinds.right.key}"


def _figure_row(name: str, figure: "Headline") -> SeriesRow:
    return (name, figure.months, figure.low, figure.high, "no figure" if figure.months is None else "")


def _chart(compared: Compared, series: list[Series], figures: "list[float | None]", how: str) -> Chart:
    named = zip(compared.sides.values(), figures, strict=False)
    parts = [f"{capitalize(side.name)} {months(value)}" for side, value in named if value]
    return Chart("compare", "", "Months behind", how, tuple(series), alt=f"{', '.join(parts)}.")
