"""What do others say? Figures that others published, with their rules, and our figure if the two can be compared."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from core.answer import LIKELY_RANGE, TESTS, Answer, Aspect, Chart, Fact, Line, Series, Table, details
from core.dataclass import dataclass
from core.gap.parameters import DEFAULT, STUDY_1, Parameters
from core.questions import fields, selection
from core.questions.gap_result import StudyFigure
from core.questions.gap_text import CHANGE_LINE, DIRECTION_LINE, class_facts, direction_facts
from core.questions.question import Question
from core.questions.result import Keys, as_json, table
from core.questions.shared_facts import (
    STUDYS_CATCH_UP,
    ClassFigures,
    as_of_lines,
    build_class_figures,
    count_fact,
    day_fact,
    method_fact,
    name_fact,
)
from core.words import CLASSES, MONTHS, and_list, capitalize, count, day, range_cell, took_text

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Published
    from core.gap.analysis import Analysis

_OF_PUBLISHER: tuple[Aspect, ...] = ("why", "level", "direction", "who", "when", "sure", "explain")
"""What the first line of one publisher's figures answers."""
_NOTHING = "no level that both sides have reached"
_NOT_AVERAGED = Line(
    "Not averaged",
    "others measure different things by different rules, so each stands by itself",
    ("sure", "why", "explain"),
    sentence=True,
)
_OURS_TODAY, _DRAWN = "By gapbrief today", 6
"""The name of our figures in a chart, and how many figures of others it has."""
DIRECTIONS = ("widening", "flat", "narrowing")
SAYS_LINE = Line("Others", "publications on the direction: {says}", ("direction",))
"""How many publications name each direction."""
_OURS = "<{{{0}.gap.@}}[ ({{{0}.range.@}})] on @ tests|; >"
"""A template of our figures; the slot is the key "study" or "today", with which the facts' keys begin."""
_REPEATED = (
    f"by the same rules ({{study.method}}) and with what was known by {{study.day}}, gapbrief finds"
    f" {_OURS.format('study')}"
)
_NOT_REPEATED = "too little data here to repeat it"


@dataclass(frozen=True, eq=False)
class Ours:
    """Our figures of each class on a day by a method; `reason` if there are none."""

    json_keys: ClassVar[Keys] = {"analysis": None}

    method: str
    as_of: date
    known_by: date
    access: dict[str, ClassFigures]
    reason: str | None
    analysis: "Analysis"


@dataclass(frozen=True, eq=False)
class Others:
    """What others, or one `publisher`, published, newest first, and our figures.

    These are by the study's rules on the study's day, and today's.
    """

    json_keys: ClassVar[Keys] = {"publisher": None}

    published: "tuple[Published, ...]"
    ours: dict[str, Ours]
    publisher: str | None


@dataclass(frozen=True)
class OthersQuestion(Question):
    """What others say of the gap, by which rules, and whether ours can be compared."""

    name: ClassVar[str] = "others"
    behind: ClassVar[str] = "each publication with its rule, and whether ours can be compared"
    phrasings: ClassVar[tuple[str, ...]] = (
        "What do others say?",
        "How does this compare with Epoch's figure?",
        "Do others find that the gap is widening?",
    )

    charts: ClassVar[Mapping[str, str]] = {"others": "what others published, beside the gap of today"}

    publisher: str | None = fields.described("Only figures of this publisher.", "CAISI", max_length=60, by_place=True)

    def answer(self, evidence: "Evidence") -> Answer:
        """List every published figure, newest first, with ours if the rules are the same; nothing is averaged."""
        others = self.find(evidence)
        by_same_rules = others.ours["study"].access
        return selection.build_answer(
            self, evidence, evidence.newest_data, text(others), facts(others),
            tables=tables(others),
            charts=chart(others),
            data=as_json(others) | {
                "published": [
                    as_json(figure) | {"ours": as_json(by_same_rules.get(class_of_study(figure) or ""))}
                    for figure in others.published
                ],
            },
            boards=selection.boards(evidence, None),
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Others:
        """Collect the published figures, and measure ours."""
        study_day = STUDY_1.list_binds_until
        study = _measure_ours(evidence.as_known_by(study_day), STUDY_1, study_day)
        today = _measure_ours(evidence, DEFAULT, evidence.newest_data)
        named = [row for row in evidence.published if self.publisher in (None, *row.source.split(" and "))]
        return Others(tuple(named), {"study": study, "today": today}, self.publisher)


def _measure_ours(evidence: "Evidence", parameters: Parameters, as_of: date) -> Ours:
    """Measure the gap by a method on a day."""
    from core.gap.analysis import analyse

    boards = selection.boards(evidence, None)
    analysis = analyse(evidence, boards, as_of.toordinal(), parameters, whole_band=False)
    access = {
        name: build_class_figures(gap, parameters) for name, gap in analysis.classes.items() if len(gap.points.months)
    }
    return Ours(parameters.name, as_of, evidence.known_by, access, None if access else _NOTHING, analysis)


def class_of_study(figure: "Published") -> str | None:
    """Return the class of a figure by the rules that we reproduce, None for any other figure."""
    if figure.comparable != "same":
        return None
    return next((name for name in CLASSES if figure.figure_id.endswith(name)), None)


def find_study(evidence: "Evidence", as_of: date, access: str | None) -> dict[str, StudyFigure]:
    """Return the study's published figure for each requested class, and what its rules give as of a day."""
    from core.gap.analysis import analyse

    published = {name: figure for figure in evidence.published
                 if (name := class_of_study(figure)) and access in (None, name)}  # fmt: skip
    if not published:
        return {}
    rules = replace(STUDY_1, interval="benchmarks")  # its range is not reported here; resampling is the slowest step
    boards = selection.boards(evidence, None)
    by_rules = analyse(evidence, boards, as_of.toordinal(), rules, whole_band=False).classes
    return {
        name: StudyFigure(figure, by_rules[name].catch_up.figure if name in by_rules else None)
        for name, figure in published.items()
    }


# ---- facts


def facts(others: Others) -> Iterator[Fact]:
    """State each published figure as published, their number, who names which direction, and our figures."""
    for figure in others.published:
        key, on = f"published.{figure.figure_id}", figure.published
        yield Fact(key, figure.figure, "", f"{figure.source}, {on}", figure.figure, day=on)
        by = f"{figure.source} on {day(date.fromisoformat(on))}"
        yield Fact(f"{key}.by", on, "date", figure.source, by, "day", day=on)
        dated = ", ".join(filter(None, (day(date.fromisoformat(on)), figure.direction)))
        shown = f"{figure.figure} ({dated}): {figure.measures[0].lower()}{figure.measures[1:].removesuffix('.')}"
        yield Fact(f"{key}.row", figure.figure, "", figure.source, shown, "note", day=on)
        yield Fact(f"{key}.why", figure.comparable, "", figure.source, figure.why, "note", day=on)
    if others.publisher:
        yield name_fact("publisher", others.publisher)
    number = len({(figure.published, figure.source) for figure in others.published})
    shown = f"{count(number, 'publication')} of others {'gives' if number == 1 else 'give'}"
    yield count_fact("publications", number, "publications", shown, "with a figure of the gap")
    yield from says_facts(others.published)
    n_tests = len(others.ours["today"].analysis.scope.boards)
    yield count_fact(TESTS, n_tests, "tests", f"ours: {count(n_tests, 'test')}")
    for key, ours in others.ours.items():
        yield from _our_facts(key, ours)


def says_facts(published: "Sequence[Published]") -> Iterator[Fact]:
    """State how many publications, and which, say that the gap widens, narrows or does neither."""
    says = []
    for direction in (*DIRECTIONS, ""):
        who = _find_who(published, direction)
        if who:
            names = [f"{source} on {day(date.fromisoformat(on))}" for on, source in who]
            shown, key = and_list(names, most=len(names)), direction or "unsaid"
            yield count_fact(f"who.{key}", len(who), "publications", shown, direction)
            says.append(f"{len(who)} {direction or 'silent'}")
    number = sum(bool(figure.direction) for figure in published)
    yield count_fact("says", number, "figures", ", ".join(says), "of others with a direction")


def _find_who(published: "Sequence[Published]", direction: str) -> list[tuple[str, str]]:
    """Return the publications (day and source) that name a direction of the gap."""
    return sorted({(figure.published, figure.source) for figure in published if figure.direction == direction})


def _our_facts(key: str, ours: Ours) -> Iterator[Fact]:
    """State our figures of a day, with the prefix `key`, and today's direction."""
    yield day_fact(f"{key}.day", ours.as_of, "models and scores by")
    yield replace(method_fact(ours.analysis.scope.parameters), key=f"{key}.method")
    for name in ours.access:
        for fact in class_facts(name, ours.analysis.classes[name], ours.as_of):
            if fact.key in (f"gap.{name}", f"range.{name}"):
                measure = STUDYS_CATCH_UP if ours.method == STUDY_1.name else fact.measure
                yield replace(fact, key=f"{key}.{fact.key}", measure=measure)
    yield from direction_facts(ours.analysis)


# ---- text


def text(others: Others) -> Iterator[Line]:
    """Say whether the publications agree, who names which direction, and our figures beside the study's."""
    published = others.published
    if others.publisher:
        in_months = [figure for figure in published if figure.months_low is not None]
        first, *earlier = [f"published.{figure.figure_id}" for figure in in_months or published]
        yield Line("", f"{{publisher}} says {{{first}.row}}", _OF_PUBLISHER)
        yield Line("Beside ours", f"{{{first}.why}}")
        for key in earlier:
            yield Line("Also", f"{{{key}.row}}. {{{key}.why}}")
        yield from _our_lines(others)
        return
    directions = [direction for direction in DIRECTIONS if _find_who(published, direction)]
    title = "Others disagree on the gap's direction" if len(directions) > 1 else "{publications} a figure of the gap"
    yield Line("", f"{title}: {{says}}" if directions else title, ("direction", "who"))
    newest = next((figure for figure in published if figure.months_low is not None), None)
    if newest:
        key = f"published.{newest.figure_id}"
        yield Line("Newest in months", f"{{{key}.by}}: {{{key}}}", ("when",))
    yield from details(Line(direction.capitalize(), f"{{who.{direction}}}") for direction in directions)
    yield Line("Not said", "{who.unsaid}", detail=True)
    yield from _our_lines(others)


def _our_lines(others: Others) -> Iterator[Line]:
    """Say what ours are today, and beside the study's."""
    yield Line("Ours today", _OURS.format("today") if others.ours["today"].access else "too little data for a figure")
    yield replace(DIRECTION_LINE, label="Ours widening?")
    yield from as_of_lines("{today.method}")
    yield from details(_detail_lines(others))


def _detail_lines(others: Others) -> Iterator[Line]:
    theirs = [f"{{published.{figure.figure_id}}}" for figure in others.published if class_of_study(figure)]
    if theirs:
        repeated = _REPEATED if others.ours["study"].access else _NOT_REPEATED
        yield Line("The study", f"{' and '.join(theirs)}; {repeated}", ("level",))
    yield replace(CHANGE_LINE, label="Our change")
    yield _NOT_AVERAGED


# ---- tables


def tables(others: Others) -> Iterator[Table]:
    """List the published figures with ours by the same rules, and what each figure measures."""
    study = {fact.key: fact.shown for fact in _our_facts("study", others.ours["study"])}
    rows = []
    for figure in others.published:
        parts = [study.get(f"study.{key}.{class_of_study(figure)}", "") for key in ("gap", "range")]
        ours = ", ".join(filter(None, parts))
        rows.append((figure.source, figure.published, figure.figure, figure.direction or "not said", ours))
    yield table(
        "Published figures, newest first; some publications give several",
        "Who | When | Figure | Direction | Ours by the same rules",
        rows,
    )
    yield table(
        "What they measure, and whether ours can be compared with it",
        "Who | When | Measures, and by which rule | Ours comparable | Because",
        ((figure.source, figure.published, f"{figure.measures} {figure.rule or 'Its rule is not known here.'}",
          figure.comparable, figure.why) for figure in others.published),
    )  # fmt: skip


def chart(others: Others) -> tuple[Chart, ...]:
    """Draw ours of today and the newest figures of others in months, the smallest first; none if there are none."""
    ours = {name: gap.headline for name, gap in others.ours["today"].analysis.classes.items()}
    series = [
        Series(_OURS_TODAY, name, (f"{capitalize(name)} tests",), (now.months,), (now.low,), (now.high,))
        for name, now in ours.items() if now.months is not None
    ]  # fmt: skip
    newest = [figure for figure in others.published if figure.months_low is not None][:_DRAWN]
    if not newest:
        return ()
    rows, alike = [], Counter(_publication(figure) for figure in newest)
    for figure in sorted(newest, key=lambda figure: (figure.months_low or 0.0, figure.months_high or 0.0)):
        low, high = figure.months_low or 0.0, figure.months_high or figure.months_low or 0.0
        measured = figure.measures.removeprefix("The gap on ").removesuffix(".").partition(", ")[0]
        name = f"{figure.source}, {measured}" if alike[_publication(figure)] > 1 else figure.source
        months = (low, None, None, "") if low == high else (None, low, high, range_cell(low, high))
        published = f"{figure.figure}\n{figure.source}, {day(date.fromisoformat(figure.published))}"
        rows.append((name, *months, published))
    series.append(Series("Others", "", *zip(*rows, strict=True)))
    first, bounds = date.fromisoformat(newest[-1].published), [end for _, *ends, _, _ in rows for end in ends if end]
    title = f"Others put the gap at {took_text(bounds)} since {MONTHS[first.month - 1]} {first.year}"
    label = "Months behind; others measure different things"
    marks, foot = f"● figure, bar: range, ours a {LIKELY_RANGE}", "Others: the publishers named"
    return (Chart("others", title, label, marks, tuple(series), alt=f"Dots. {title}.", foot=foot),)


def _publication(figure: "Published") -> tuple[str, str]:
    return figure.source, figure.published
