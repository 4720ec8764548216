"""Two sides compared: countries, labs, models, kinds of tests, single tests, or days."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Chart, Fact, Kind, Line, Table
from core.errors import UsageError
from core.gap.parameters import CLUSTERED_2
from core.questions import compare_models, comparison_charts, comparison_tables, fields, selection, sides
from core.questions.compare_wording import REASONS, comparison_facts
from core.questions.question import Question
from core.questions.reasons import difference_data, why_not
from core.questions.shared_facts import CATCH_UP, FAMILY_CATCH_UP, MEAN_CATCH_UP, as_of_lines, day_fact, iso, of_board
from core.questions.sides import Side
from core.questions.thinned_wording import BESIDE_RAW, thinned_difference_facts
from core.store.store import Store
from core.words import Domain, day, listed, quoted, sentence

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, IntArray
    from core.gap.analysis import BoardGap
    from core.gap.comparison import Comparison
    from core.gap.crossings import BoardState

_Text = tuple[list[Line], list[Fact]]
"""Lines whose text is a template, and the facts that fill them."""

_MEANS = (
    "each figure is the plain mean over its tests, from the {window} of results up to the headline date, so it differs"
    " from the headline figure; public tests may flatter open models, which can be trained towards them"
)
_FAMILIES = (
    "each figure is the plain mean over families of tests, sister tests as one, from the same {window} of results for"
    " both sides, which end where the side ends that ends first; so it differs from the headline figure, and from the"
    " means of single tests; public tests may flatter open models, which can be trained towards them"
)
_THEN = (
    "each figure takes the models released by its day and the scores known by {known_by}; a trend drawn today differs,"
    " because it also takes later results; both figures share data, which the range of their difference ignores, so it"
    " is rather too wide"
)


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
            raise UsageError(f"Tests are compared with tests here; leave {quoted(self.access)} out.")
        if left.kind == right.kind == "benchmark" and self.domain is not None:
            raise UsageError(f"Two tests are compared here; leave {quoted(self.domain)} out.")
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
            return compare_models.compared(self, evidence, (left, right), (self.access, self.domain), as_of)
        compare = _tests if left.group == "tests" else _days
        return compare(self, evidence, left, right, as_of)


# ---- different tests, by the same models


def _tests(question: CompareQuestion, evidence: "Evidence", left: Side, right: Side, as_of: date) -> Answer:
    """Compare a test or a kind of tests with another; a test is left out of the kind that it is compared with."""
    from core.gap.comparison import of_tests

    headline = selection.boards(evidence, None, None, question.domain)
    selection.check_first(evidence, headline, as_of)
    if left.kind == right.kind == "access":
        return _kinds(question, evidence, left, right, as_of)
    alone = {side: selection.boards(evidence, side.key) for side in (left, right) if side.kind == "benchmark"}
    known, until = _known(evidence, [headline, *alone.values()], as_of)
    by_board: list[dict[int, BoardGap]] = []
    names, whose = [], []
    for side in (left, right):
        boards, name = alone.get(side, headline).tolist(), side.label(evidence)
        if side.kind == "access":
            of_kind = [board for board in boards if evidence.boards[board].access == side.key]
            boards = [board for board in of_kind if all(board not in single for single in alone.values())]
            name = name if len(boards) == len(of_kind) else f"the other {name}"
        by_board.append({board: known[board] for board in boards})
        names.append(name)
        whose.append(_whose(evidence, boards, until, name))
    comparison = of_tests([*by_board[0].values()], [*by_board[1].values()], CLUSTERED_2.level)
    facts = [
        *_side_facts(left, right, (names[0], names[1])),
        *comparison_facts("tests", comparison, MEAN_CATCH_UP, (whose[0], whose[1])),
    ]
    facts.append(_window_fact())
    templates = _tests_templates(comparison, facts, names, MEAN_CATCH_UP, _MEANS)
    rows = comparison_tables.rows(evidence, [*by_board[0], *by_board[1]], by_board[0], by_board[1])
    chart = comparison_charts.of_tests(
        comparison, rows, names, [evidence.boards[next(iter(each))].access for each in by_board]
    )
    shown = comparison_tables.of_each(rows, names), chart
    return _answered(question, evidence, as_of, {"tests": comparison}, (templates, facts), shown, rows)


def _kinds(question: CompareQuestion, evidence: "Evidence", left: Side, right: Side, as_of: date) -> Answer:
    """Compare private and public tests as `gap` does: the means of their families, over one window (E8)."""
    from core.gap.analysis import gaps, shared_window
    from core.gap.comparison import of_tests
    from core.gap.thinned_figures import thinned_difference

    boards = selection.boards(evidence, None, None, question.domain)
    known = gaps(evidence, boards, as_of.toordinal(), CLUSTERED_2)
    window = shared_window(known.classes, CLUSTERED_2)
    fairer = thinned_difference(evidence, known, as_of.toordinal(), CLUSTERED_2)
    of_side = [
        [board for board in boards.tolist() if evidence.boards[board].access == side.key] for side in (left, right)
    ]
    families, by_board = [window.families(each) for each in of_side], [window.by_board(each) for each in of_side]
    comparison = of_tests(families[0], families[1], CLUSTERED_2.level)
    names = [side.label(evidence) for side in (left, right)]
    whose = [{"access": side.key, "day": iso(window.until or None) or ""} for side in (left, right)]
    facts = [
        *_side_facts(left, right, (names[0], names[1])),
        *comparison_facts("tests", comparison, FAMILY_CATCH_UP, (whose[0], whose[1]), "family"),
        _window_fact(),
        *thinned_difference_facts(fairer),
    ]
    templates = _tests_templates(comparison, facts, names, FAMILY_CATCH_UP, _FAMILIES)
    templates = [
        replace(line, text=line.text + BESIDE_RAW) if line.label == "Difference" else line for line in templates
    ]
    rows = comparison_tables.rows(evidence, [*by_board[0], *by_board[1]], by_board[0], by_board[1])
    tables = comparison_tables.of_each(rows, names)
    chart = comparison_charts.of_tests(comparison, rows, names, [left.key, right.key])
    answer = _answered(question, evidence, as_of, {"tests": comparison}, (templates, facts), (tables, chart), rows)
    return replace(answer, data={**answer.data, "private_minus_public_thinned": difference_data(fairer)})


def _window_fact() -> Fact:
    window = CLUSTERED_2.window_months
    return Fact("window", window, "months", "recent results", f"{window:g} months", "duration")


def _whose(evidence: "Evidence", boards: list[int], until: dict[int, int | None], name: str) -> dict[str, Any]:
    """Return the fields of the facts on some tests: which they are, and to which day their results go."""
    of: dict[str, Any] = {"day": iso(max((at for board in boards if (at := until[board])), default=None)) or ""}
    if len(boards) == 1:
        return of | of_board(evidence.boards[boards[0]])
    if name.startswith("the other "):
        rest = listed([evidence.boards[board].name for board in boards], len(boards))
        return of | {"measure": f"{MEAN_CATCH_UP} of {rest}"}
    return of | {"access": evidence.boards[boards[0]].access}


def _known(
    evidence: "Evidence", asked: "list[IntArray]", as_of: date
) -> "tuple[dict[int, BoardGap], dict[int, int | None]]":
    """Return the figures of the headline tests, and of each test that is asked for beside them; to which day each goes.

    Raises UsageError for one that gives no figure.
    """
    from core.gap.analysis import gaps

    known: dict[int, BoardGap] = {}
    states: dict[int, BoardState] = {}
    until: dict[int, int | None] = {}
    for boards in asked:
        if int(boards[0]) not in known:
            of_boards = gaps(evidence, boards, as_of.toordinal(), CLUSTERED_2)
            known |= of_boards.by_board
            for gap in of_boards.classes.values():
                until |= dict.fromkeys(gap.boards.tolist(), gap.catch_up.at)
            states |= of_boards.crossings.states
        state = states[int(boards[0])] if len(boards) == 1 else None
        if state is not None and state.reason:
            reason = why_not(state.reason, state)
            name = evidence.boards[boards[0]].name
            raise UsageError(f"{name} has {reason} (as of {day(as_of)}); compare another test.")
    return known, until


def _tests_templates(
    comparison: "Comparison", facts: list[Fact], names: list[str], measure: str, explained: str
) -> list[Line]:
    title = f"can't tell {measure} on {{left}} from that on {{right}}: {REASONS[comparison.reason]}"
    if comparison.is_clear:
        title = f"{measure} is {{difference.tests}} on {{left}} than on {{right}}"
    elif comparison.months is not None:
        figures = "{left.tests} on {left} and {right.tests} on {right}"
        title = f"{measure} is {figures}: can't tell apart"
    templates = [Line("", title, ("direction", "level", "who"))]
    shown = {fact.key: fact.shown for fact in facts}
    for side, name in zip(("left", "right"), names, strict=True):
        row = ""
        for slot in ("", ".range"):
            width = max(len(shown[f"{each}.tests{slot}"]) for each in ("left", "right"))
            row += f"{{{side}.tests{slot}}}" + " " * (width - len(shown[f"{side}.tests{slot}"]) + 3)
        templates.append(Line(sentence(name.removeprefix("the ")), row + f"{{{side}.tests.basis}}"))
    difference, holds = "{difference.tests}", ""
    if comparison.n_tests and comparison.left.n_tests > 1 and comparison.right.n_tests > 1:
        if comparison.is_clear:
            holds = "on {holds.tests}, each compared with the other side's mean"
        difference += "; {without.tests}"
    elif comparison.n_tests:
        many, one = ("left", "right") if comparison.left.n_tests > 1 else ("right", "left")
        above = ((comparison.months or 0.0) < 0) == (one == "left")
        difference += f"; {{holds.tests}} among {{{many}}} lie {'above' if above else 'below'} {{{one}}}"
    return [
        *templates,
        *([Line("Holds", holds)] if holds else []),
        Line("Difference", difference, ("sure",), detail=True),
        Line("Counted", explained, ("explain",), sentence=True, detail=True),
    ]


# ---- different days


def _days(question: CompareQuestion, evidence: "Evidence", left: Side, right: Side, as_of: date) -> Answer:
    """Compare the headline figures of two days."""
    from core.gap.analysis import gaps
    from core.gap.comparison import of_days

    boards = selection.boards(evidence, None, question.access, question.domain)
    both = []
    for side in (left, right):
        selection.check_first(evidence, boards, side.date)
        both.append(gaps(evidence, boards, side.date.toordinal(), CLUSTERED_2))
    comparisons = {
        name: of_days(gap, both[1].classes[name], CLUSTERED_2.level) for name, gap in both[0].classes.items()
    }  # fmt: skip
    facts = _side_facts(left, right, (left.label(evidence), right.label(evidence)))
    facts.append(day_fact("known_by", evidence.known_by, "scores known by"))
    sides = (("left", "right"), ("right", "left"))
    shorter_by = [f"on {{{one}}} {CATCH_UP} was shorter than on {{{other}}} by {{}}" for one, other in sides]
    unclear = f"can't tell {CATCH_UP} on {{left}} from that on {{right}}"
    templates = [Line("", _title(comparisons, (shorter_by[0], shorter_by[1]), unclear), ("direction",))]
    for name, each in comparisons.items():
        facts += comparison_facts(name, each, CATCH_UP)
        figures = (f"{{{side}.{name}}} ({{{side}.{name}.range}})" for side in ("left", "right"))
        text = f"{', then '.join(figures)}{';' if each.reason else ':'} {{difference.{name}}}"
        templates.append(Line(f"{name.capitalize()} tests", text, ("level", "sure")))
    read = [
        f"{name} tests at {{left.{name}.at}} for {{left}} and at {{right.{name}.at}} for {{right}}"
        for name, each in comparisons.items()
        if each.left.at and each.right.at
    ]
    if read:
        templates.append(Line("Read", "; ".join(read), ("when",), detail=True))
    templates.append(Line("Counted", _THEN, ("explain",), sentence=True, detail=True))
    rows = comparison_tables.rows(evidence, boards.tolist(), both[0].by_board, both[1].by_board)
    tables = comparison_tables.of_both(rows, left.key, right.key)
    chart = comparison_charts.of_days(comparisons, [left.label(evidence), right.label(evidence)])
    return _answered(question, evidence, as_of, comparisons, (templates, facts), (tables, chart), rows)


# ---- what all share


def _title(comparisons: "dict[str, Comparison]", by_direction: tuple[str, str], unclear: str) -> str:
    """Say the clear differences, left shorter first (its words are the first of `by_direction`), and where none is."""
    clear = {name: (each.months or 0.0) < 0 for name, each in comparisons.items() if each.is_clear}
    parts = []
    for left_shorter, words in zip((True, False), by_direction, strict=True):
        by = [f"{{by.{name}}}" for name, shorter in clear.items() if shorter == left_shorter]
        if by:
            parts.append(words.replace("{}", " and ".join(by)))
    doubtful = " or ".join(name for name in comparisons if name not in clear) + " tests"
    if len(clear) < len(comparisons):
        parts.append(f"can't tell on {doubtful}" if clear else f"{unclear} on {doubtful}")
    return "; ".join(parts)


def _side_facts(left: Side, right: Side, names: tuple[str, str]) -> list[Fact]:
    facts = []
    for place, side, name in zip(("left", "right"), (left, right), names, strict=True):
        access, at = (side.key if side.kind == kind else "" for kind in ("access", "day"))
        benchmark = name if side.kind == "benchmark" else ""
        kind: Kind = "day" if at else "name"
        facts.append(
            Fact(place, str(side), "", f"{place} side", name, kind, access=access, benchmark=benchmark, day=at)
        )
    return facts


def _answered(
    question: CompareQuestion,
    evidence: "Evidence",
    as_of: date,
    comparisons: "dict[str, Comparison]",
    text: _Text,
    shown: tuple[Iterable[Table], Chart],
    rows: list[dict[str, Any]],
) -> Answer:
    """Put the answer together; the comparison of tests has no access class of its own."""
    templates, facts = text
    templates += as_of_lines("{method}")
    rows_of_data = []
    for name, each in comparisons.items():
        values = asdict(each)
        for side in ("left", "right"):
            values[side]["at"] = iso(values[side]["at"])
        rows_of_data.append({"access": None if name == "tests" else name, **values, "reason": REASONS[each.reason]})
    both = {
        place: {"kind": side.kind, "id": side.key, "name": side.label(evidence)}
        for place, side in (("left", Side.read(question.left)), ("right", Side.read(question.right)))
    }
    boards = [selection.board_number(evidence, f"{row['benchmark']} {row['version']}") for row in rows]
    answer = selection.answered(
        question, evidence, as_of, templates, facts, tables=shown[0],
        data={**both, "comparisons": rows_of_data, "tests": rows}, boards=boards, parameters=CLUSTERED_2,
    )  # fmt: skip
    foot = selection.foot(evidence, boards, as_of)
    return comparison_charts.titled(answer, replace(shown[1], foot=foot))
