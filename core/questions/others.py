"""What do others say? Figures that others published, each with its rule, and ours beside those it may be held to."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Fact, Line, Table, details
from core.gap.parameters import DEFAULT, METHODS, STUDY_1
from core.questions import selection
from core.questions.direction_wording import change_ranges, direction_facts, since_fact, which_way
from core.questions.gap_data import class_data
from core.questions.gap_wording import class_facts
from core.questions.question import Question
from core.questions.shared_facts import STUDYS_CATCH_UP, as_of_lines, count_fact, day_fact, method_fact, with_range
from core.questions.study_wording import class_of_study
from core.words import CLASSES, count, day, listed

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Published

_NOTHING = "no level that both sides have reached"
_KEPT = ("months", "low", "high", "interval_kind", "at", "n_points", "n_benchmarks", "index")
"""The figures of a class that stand beside a published one."""
_NOT_AVERAGED = (
    Line(
        "Not averaged",
        "others measure different things by different rules, so each stands by itself",
        ("sure", "why", "explain"),
        sentence=True,
        detail=True,
    ),
)
DIRECTIONS = ("widening", "flat", "narrowing")


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

    def answer(self, evidence: "Evidence") -> Answer:
        """List every published figure, newest first, with ours beside those by the same rules; nothing is averaged."""
        as_of, day_of_study = evidence.newest_data, STUDY_1.list_binds_until
        study_facts, study = _ours("study", evidence.as_known_by(day_of_study), STUDY_1.name, day_of_study)
        today_facts, today = _ours("today", evidence, DEFAULT.name, as_of)
        facts = (*_figure_facts(evidence.published), *study_facts, *today_facts)
        return selection.answered(
            self,
            evidence,
            as_of,
            _lines(evidence.published, facts),
            facts,
            tables=(_figure_table(evidence.published, study_facts), _rule_table(evidence.published)),
            data={
                "published": [
                    {**asdict(figure), "ours": study["access"].get(class_of_study(figure))}
                    for figure in evidence.published
                ],
                "ours": {"study": study, "today": today},
            },
            boards=selection.boards(evidence, None),
        )


def _ours(key: str, evidence: "Evidence", method: str, as_of: date) -> tuple[list[Fact], dict[str, Any]]:
    """Measure the gap by a method on a day: its facts under keys of their own, and its figures by class."""
    from core.gap.analysis import gaps

    parameters = METHODS[method]
    measured = gaps(evidence, selection.boards(evidence, None), as_of.toordinal(), parameters, whole_band=False)
    facts = [
        day_fact(f"{key}.day", as_of, "models and scores by"),
        *(replace(fact, key=f"{key}.{fact.key}") for fact in (method_fact(parameters), since_fact(parameters))),
    ]
    facts += [replace(fact, key=f"{key}.{fact.key}") for fact in direction_facts(measured, as_of, parameters)]
    access = {}
    for name, gap in measured.classes.items():
        if not len(gap.points.months):
            continue
        told = {fact.key: fact for fact in class_facts(name, gap, as_of)}
        of_class = told[f"gap.{name}"]
        if method == STUDY_1.name:
            of_class = replace(of_class, measure=STUDYS_CATCH_UP)
        shown = with_range(gap.headline) if gap.headline.months is not None else of_class.shown
        facts.append(replace(of_class, key=f"{key}.figure.{name}", shown=shown))
        facts.append(replace(of_class, key=f"{key}.{name}", shown=f"{shown} on {name} tests"))
        facts += [replace(fact, key=f"{key}.{each}") for each, fact in told.items() if each.startswith("change.")]
        figures = class_data(gap, parameters)
        access[name] = {each: figures[each] for each in _KEPT}
    days = {"as_of": as_of.isoformat(), "known_by": evidence.known_by.isoformat()}
    return facts, {"method": method, **days, "access": access, "reason": None if access else _NOTHING}


def _figure_facts(published: "Sequence[Published]") -> list[Fact]:
    """State each published figure as it was published, how many there are, and who says which direction."""
    facts = []
    for each in published:
        key, on = f"published.{each.figure_id}", day(date.fromisoformat(each.published))
        facts.append(Fact(key, each.figure, "", f"{each.source}, {each.published}", each.figure, day=each.published))
        by = f"{each.source} on {on}"
        facts.append(Fact(f"{key}.by", each.published, "date", each.source, by, "day", day=each.published))
    n_publications = len({(each.published, each.source) for each in published})
    shown = f"{count(n_publications, 'publication')} of others {'gives' if n_publications == 1 else 'give'}"
    facts.append(count_fact("publications", n_publications, "publications", shown, "with a figure of the gap"))
    return [*facts, *says_facts(published)]


def says_facts(published: "Sequence[Published]") -> list[Fact]:
    """State how many publications, and which, say of the gap that it widens, narrows or does neither."""
    facts = []
    for direction in ("", *DIRECTIONS):
        told = sorted({(each.published, each.source) for each in published if each.direction == direction})
        if told:
            who = [f"{source} on {day(date.fromisoformat(on))}" for on, source in told]
            key, one = direction or "unsaid", len(told) == 1
            said = f"{'says' if one else 'say'} {direction}" if direction else f"{'does' if one else 'do'} not say"
            facts.append(count_fact(f"who.{key}", len(told), "publications", listed(who, most=len(who)), direction))
            facts.append(count_fact(f"says.{key}", len(told), "publications", f"{len(told)} {said}", direction))
    return facts


def _lines(published: "Sequence[Published]", facts: tuple[Fact, ...]) -> list[Line]:
    """Return the text as templates: whether they agree, who says which, and ours beside the study's."""
    known = {fact.key: fact for fact in facts}
    told = [direction for direction in DIRECTIONS if f"who.{direction}" in known]
    says = says_template(known)
    title = "Others disagree on the gap's direction" if len(told) > 1 else "{publications} a figure of the gap"
    if says:
        title += f": {says}"
    newest = next((each for each in published if each.months_low is not None), None)
    theirs = " and ".join(f"{{published.{each.figure_id}}}" for each in published if class_of_study(each))
    repeated = _ours_template("study", known)
    by_rules = "by the same rules ({study.method}) and with what was known by {study.day}, gapbrief finds"
    repeated = f"{by_rules} {repeated}" if repeated else "too little data here to repeat it"
    ours = [f"on {name} tests {{today.figure.{name}}}" for name in CLASSES if f"today.{name}" in known]
    measure = next((known[f"today.{name}"].measure for name in CLASSES if f"today.{name}" in known), "")
    classes = [name for name in CLASSES if f"today.change.{name}" in known]
    direction, ranges = which_way(known, classes, "today."), change_ranges(known, classes, "today.")
    return [
        Line("", title, ("direction", "who")),
        *([Line("Newest", f"{{published.{newest.figure_id}.by}}: {{published.{newest.figure_id}}}", ("when",))]
          if newest else []),
        Line("Ours today", f"the gap {', '.join(ours)}" if ours else "too little data for a figure"),
        *([Line("Our direction", direction)] if classes else []),
        *as_of_lines(),
        *details([
            *(Line(each.capitalize(), f"{{who.{each}}}") for each in told),
            Line("Not said", "{who.unsaid}"),
            *([Line("The study", f"{theirs}; {repeated}", ("level",))] if theirs else []),
            *([Line("Ours is", f"{measure}, as of {{today.day}} ({{today.method}})")] if ours else []),
            *([Line("Our change", ranges)] if ranges else []),
        ]),
        *_NOT_AVERAGED,
    ]  # fmt: skip


def says_template(known: Collection[str]) -> str:
    """Say how many publications say which direction, as a template; empty where none says any."""
    told = [f"says.{direction}" for direction in DIRECTIONS if f"says.{direction}" in known]
    return ", ".join(f"{{{key}}}" for key in (*told, "says.unsaid") if key in known) if told else ""


def _ours_template(key: str, known: dict[str, Fact]) -> str:
    return " and ".join(f"{{{key}.{name}}}" for name in CLASSES if f"{key}.{name}" in known)


def _figure_table(published: "Sequence[Published]", study_facts: list[Fact]) -> Table:
    shown = {fact.key: fact.shown for fact in study_facts}
    rows = []
    for figure in published:
        access = class_of_study(figure)
        ours = shown.get(f"study.figure.{access}", "–")
        rows.append((figure.source, figure.published, figure.figure, figure.direction or "not said", ours))
    columns = ("Who", "When", "Figure", "Direction", "Ours by the same rules")
    return Table("Published figures, newest first; some publications give several", columns, tuple(rows))


def _rule_table(published: "Sequence[Published]") -> Table:
    rows = tuple(
        (each.source, each.published, f"{each.measures} {each.rule or 'Its rule is not known here.'}",
         each.comparable, each.why)
        for each in published
    )  # fmt: skip
    columns = ("Who", "When", "Measures, and by which rule", "Ours comparable", "Because")
    return Table("What they measure, and whether ours can be compared with it", columns, rows)
