"""Two sides compared: countries, labs, models, kinds of tests, single tests, or days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Chart, Fact, Kind, Line, Table, details
from core.errors import UsageError
from core.gap.parameters import DEFAULT
from core.questions import comparison_charts, comparison_tables, fields, selection, sides
from core.questions.compare_models import answer_models
from core.questions.compare_wording import (
    ALL,
    DAYS_MEANING,
    KINDS_MEANING,
    TESTS_MEANING,
    change_data,
    comparison_data,
    days_facts,
    days_title,
    figure_facts,
    kind_facts,
    kinds_title,
    test_facts,
    tests_title,
)
from core.questions.question import Question
from core.questions.reasons import STANDING as NO_GAP
from core.questions.reasons import why_not
from core.questions.shared_facts import as_of_lines, change_fact, day_fact, effect_facts
from core.questions.sides import Side
from core.store.store import Store
from core.words import CLASSES, Domain, capitalize, day, months, quote

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, IntArray
    from core.gap.direction import Comparison
    from core.gap.figures import Headline
    from core.gap.standing import StandingGap

_Text = tuple[list[Line], list[Fact]]
"""Lines whose text is a template, and the facts that fill them."""


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
        "A country, lab, model, size (up to 40B), test, private or public (tests), day, or now.", "China",
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
        """Return the question with each side as its kind and id ("country:China"), and both days filled in."""
        as_of, known_by = fields.days(store, today, self.as_of, self.known_by)
        left, right = sides.pair(store, (self.left, self.right), today, known_by)
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
        """Compare the sides; raises UsageError where one of them has nothing to compare."""
        left, right = Side.read(self.left), Side.read(self.right)
        as_of = self.as_of or evidence.newest_data
        if left.group == "models":
            return answer_models(self, evidence, (left, right), (self.access, self.domain), as_of)
        if left.group == "days":
            return _answer_days(self, evidence, left, right, as_of)
        headline = selection.boards(evidence, None, None, self.domain)
        selection.check_first(evidence, headline, as_of)
        answer = _answer_kinds if left.kind == right.kind == "access" else _answer_tests
        return answer(self, evidence, (left, right), headline, as_of)


# ---- different tests, by the same models


def _answer_kinds(
    question: CompareQuestion, evidence: "Evidence", pair: tuple[Side, Side], boards: "IntArray", as_of: date
) -> Answer:
    """Compare private with public tests: the difference on one scale of all, with both figures beside it."""
    from core.gap.direction import compare_kinds, reverse_comparison

    of_kind = {name: _choose_kind(evidence, boards, name) for name in CLASSES}
    comparison = compare_kinds(evidence, of_kind["private"], of_kind["public"], boards, as_of.toordinal(), DEFAULT)
    facts, lines = effect_facts(comparison.apart), [Line("", kinds_title(comparison), ("direction", "level", "who"))]
    comparison = comparison if pair[0].key == CLASSES[0] else reverse_comparison(comparison)
    for place, side, figure in zip(("left", "right"), pair, (comparison.left, comparison.right), strict=True):
        facts += figure_facts(f"{place}.gap", figure, side.key)
        lines.append(Line(capitalize(side.label(evidence)), f"{{{place}.gap}}[, {{{place}.gap.range}}]", ("level",)))
    lines += details([Line("Counted", KINDS_MEANING, ("explain", "sure"), sentence=True)])
    gaps = _standing(evidence, boards, as_of)
    by_side = [{board: gaps.get(board) for board in of_kind[side.key].tolist()} for side in pair]
    shown = comparison_tables.list_tests(evidence, by_side)
    names = [side.label(evidence) for side in pair]
    chart = comparison_charts.chart_kinds(comparison, shown, names, [side.key for side in pair])
    tables = comparison_tables.tables_by_side(shown, names)
    return _build_answer(question, evidence, as_of, {"": comparison}, (lines, facts), (tables, chart), shown)


def _answer_tests(
    question: CompareQuestion, evidence: "Evidence", pair: tuple[Side, Side], headline: "IntArray", as_of: date
) -> Answer:
    """Compare a test with another by where open models stand on each, or with the gap of a kind of tests."""
    from core.gap.direction import compare_tests

    alone = {selection.board_number(evidence, side.key) for side in pair if side.kind == "benchmark"}
    facts: list[Fact] = []
    lines, figures, by_side = list[Line](), list["Headline"](), list[dict[int, "StandingGap | None"]]()
    for place, side in zip(("left", "right"), pair, strict=True):
        is_test = side.kind == "benchmark"
        boards = selection.boards(evidence, side.key) if is_test else _choose_kind(evidence, headline, side.key)
        figure, of_side = _measure_side(evidence, side, boards, place, as_of)
        figures.append(figure)
        facts += of_side
        gaps = _standing(evidence, boards, as_of)
        by_side.append({board: gaps.get(board) for board in boards.tolist() if is_test or board not in alone})
        text = f"{{{place}.stand}}[, {{{place}.stand.range}}][; the last matches took {{{place}.catch_up}}]"
        lines.append(Line(capitalize(side.label(evidence)), text, ("level",)))
    comparison = compare_tests(figures[0], figures[1], are_tests=all(side.kind == "benchmark" for side in pair))
    lines.insert(0, Line("", tests_title(comparison), ("direction", "level", "who")))
    if comparison.apart.months is not None:
        apart = f"{months(comparison.apart.months)} apart, one test each, so no range: too close to call"
        facts.append(change_fact("difference", comparison.apart.months, apart, "left minus right"))
    lines += details([
        Line("Difference", "{difference}", ("sure",)),
        Line("Counted", TESTS_MEANING, ("explain",), sentence=True),
    ])  # fmt: skip
    shown, names = comparison_tables.list_tests(evidence, by_side), [side.label(evidence) for side in pair]
    roles = [evidence.boards[next(iter(of_side))].access for of_side in by_side]
    chart = comparison_charts.chart_tests(shown, names, roles)
    tables = comparison_tables.tables_by_side(shown, names)
    return _build_answer(question, evidence, as_of, {"": comparison}, (lines, facts), (tables, chart), shown)


def _measure_side(
    evidence: "Evidence", side: Side, boards: "IntArray", place: str, as_of: date
) -> "tuple[Headline, list[Fact]]":
    """Measure where open models stand on one test, or the gap of a kind of tests, and state it.

    Raises UsageError for a test that gives no figure.
    """
    from core.gap.analysis import analyse

    known = analyse(evidence, boards, as_of.toordinal(), DEFAULT)
    [(access, gap)] = known.classes.items()
    if side.kind == "access":
        return gap.index.figure, kind_facts(f"{place}.stand", gap.index.figure, access)
    board, state = evidence.boards[boards[0]], known.crossings.states[int(boards[0])]
    if state.reason:
        raise UsageError(f"{board.name} has {why_not(state.reason, state)} (as of {day(as_of)}); compare another test.")
    why = NO_GAP[gap.standing.left_out[int(boards[0])]] if not gap.standing.gaps else ""
    return gap.headline, test_facts(place, gap, board, why)


def _choose_kind(evidence: "Evidence", boards: "IntArray", access: str) -> "IntArray":
    """Return the private or the public ones of some tests."""
    return boards[[evidence.boards[board].access == access for board in boards.tolist()]]


def _standing(evidence: "Evidence", boards: "IntArray", as_of: date) -> "dict[int, StandingGap]":
    """Return where open models stand on each of some tests, as of a day."""
    from core.gap.standing import standing_gaps

    return {gap.board: gap for gap in standing_gaps(evidence, boards, as_of.toordinal(), DEFAULT).gaps}


# ---- different days


def _answer_days(question: CompareQuestion, evidence: "Evidence", left: Side, right: Side, as_of: date) -> Answer:
    """Compare the gap on two days, read off one scale."""
    from core.gap.direction import compare_changes, compare_days, reverse_change

    boards = selection.boards(evidence, None, question.access, question.domain)
    for side in (left, right):
        selection.check_first(evidence, boards, side.date)
    days = left.date.toordinal(), right.date.toordinal()
    comparisons = {
        name: compare_days(evidence, of_class, days, DEFAULT)
        for name in CLASSES
        if len(of_class := _choose_kind(evidence, boards, name))
    }
    first, then = ("left", "right") if left.date < right.date else ("right", "left")
    apart = {name: each.apart for name, each in comparisons.items()}
    if len(comparisons) > 1:
        apart = {ALL: compare_changes(evidence, boards, days, DEFAULT), **apart}
    growths = {name: reverse_change(each) if first == "left" else each for name, each in apart.items()}
    facts = [day_fact("known_by", evidence.known_by, "scores known by"), *days_facts(comparisons, growths)]
    lines = [Line("", days_title(growths, first, then), ("direction",))]
    for name in comparisons:
        both = [f"{{{place}.{name}}}[ ({{{place}.{name}.range}})]" for place in (first, then)]
        lines.append(Line(f"{name.capitalize()} tests", f"{both[0]}, then {both[1]}", ("level",)))
    change = f"[all tests together: {{change.{ALL}}}; ]<@ tests: {{change.@}}|; >"
    lines += details([Line("Change", change, ("sure",)), Line("Counted", DAYS_MEANING, ("explain",), sentence=True)])
    by_day = [_standing(evidence, boards, side.date) for side in (left, right)]
    shown = comparison_tables.list_tests(evidence, [dict.fromkeys(boards.tolist()) | gaps for gaps in by_day])
    tables = comparison_tables.tables_by_day(shown, left.key, right.key)
    chart = comparison_charts.chart_days(comparisons, [left.label(evidence), right.label(evidence)])
    answer = _build_answer(question, evidence, as_of, comparisons, (lines, facts), (tables, chart), shown)
    return replace(answer, data=answer.data | {"all_tests": change_data(apart[ALL]) if ALL in apart else None})


# ---- what all share


def _side_facts(evidence: "Evidence", pair: tuple[Side, Side]) -> list[Fact]:
    facts = []
    for place, side in zip(("left", "right"), pair, strict=True):
        name = side.label(evidence)
        access, at = (side.key if side.kind == kind else "" for kind in ("access", "day"))
        benchmark = name if side.kind == "benchmark" else ""
        kind: Kind = "day" if at else "name"
        facts.append(
            Fact(place, str(side), "", f"{place} side", name, kind, access=access, benchmark=benchmark, day=at)
        )
    return facts


def _build_answer(
    question: CompareQuestion,
    evidence: "Evidence",
    as_of: date,
    comparisons: "dict[str, Comparison]",
    text: _Text,
    shown: tuple[Iterable[Table], Chart],
    rows: list[dict[str, Any]],
) -> Answer:
    """Put the answer together; a comparison of tests has no access class of its own, and stands under ""."""
    pair = Side.read(question.left), Side.read(question.right)
    lines, facts = text
    both = {
        place: {"kind": side.kind, "id": side.key, "name": side.label(evidence)}
        for place, side in zip(("left", "right"), pair, strict=True)
    }
    boards = [selection.board_number(evidence, f"{row['benchmark']} {row['version']}") for row in rows]
    answer = selection.answered(
        question, evidence, as_of, [*lines, *as_of_lines("{method}")], [*_side_facts(evidence, pair), *facts],
        tables=shown[0], boards=boards, parameters=DEFAULT,
        data={
            **both, "tests": rows,
            "comparisons": [comparison_data(name or None, each) for name, each in comparisons.items()],
        },
    )  # fmt: skip
    foot = selection.foot(evidence, boards, as_of)
    return comparison_charts.titled(answer, replace(shown[1], foot=foot))
