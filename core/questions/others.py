"""What do others say? Figures that others published, each with its rule, and ours beside those it may be held to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Fact, Line, Table, details
from core.gap.parameters import DEFAULT, METHODS, STUDY_1
from core.questions import selection
from core.questions.direction_wording import CHANGE_LINE, DIRECTION_LINE, direction_facts
from core.questions.gap_data import class_data
from core.questions.gap_wording import class_facts
from core.questions.question import Question
from core.questions.shared_facts import STUDYS_CATCH_UP, as_of_lines, count_fact, day_fact, method_fact
from core.questions.study_wording import class_of_study
from core.words import CLASSES, and_list, count, day

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Published

_NOTHING = "no level that both sides have reached"
_NOT_AVERAGED = Line(
    "Not averaged",
    "others measure different things by different rules, so each stands by itself",
    ("sure", "why", "explain"),
    sentence=True,
)
_VERBS = {True: ("say ", "says "), False: ("do not say", "does not say")}
"""Of publications that name a direction or none: several, and one."""
DIRECTIONS = ("widening", "flat", "narrowing")
SAYS_LINE = Line("Others", "publications on the direction: {says}", ("direction",))
"""How many publications say which direction."""
_OURS = "<{{{0}.gap.@}}[ ({{{0}.range.@}})] on @ tests|; >"
"""Our figures of a day, whose facts have its key."""
_REPEATED = (
    f"by the same rules ({{study.method}}) and with what was known by {{study.day}}, gapbrief finds"
    f" {_OURS.format('study')}"
)
_NOT_REPEATED = "too little data here to repeat it"


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
    from core.gap.analysis import analyse

    parameters = METHODS[method]
    measured = analyse(evidence, selection.boards(evidence, None), as_of.toordinal(), parameters, whole_band=False)
    facts = [day_fact(f"{key}.day", as_of, "models and scores by"),
             replace(method_fact(parameters), key=f"{key}.method")]  # fmt: skip
    classes = {name: gap for name, gap in measured.classes.items() if len(gap.points.months)}
    for name, gap in classes.items():
        of_class = {fact.key: fact for fact in class_facts(evidence, name, gap, as_of)}
        for fact in (of_class[each] for each in (f"gap.{name}", f"range.{name}") if each in of_class):
            measure = STUDYS_CATCH_UP if method == STUDY_1.name else fact.measure
            facts.append(replace(fact, key=f"{key}.{fact.key}", measure=measure))
    access = {name: class_data(gap, parameters) for name, gap in classes.items()}
    days = {"as_of": as_of.isoformat(), "known_by": evidence.known_by.isoformat()}
    facts += direction_facts(measured, parameters)
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
    facts, says = [], []
    for direction in (*DIRECTIONS, ""):
        told = sorted({(each.published, each.source) for each in published if each.direction == direction})
        if told:
            who = [f"{source} on {day(date.fromisoformat(on))}" for on, source in told]
            shown, key = and_list(who, most=len(who)), direction or "unsaid"
            facts.append(count_fact(f"who.{key}", len(told), "publications", shown, direction))
            says.append(f"{len(told)} {_VERBS[bool(direction)][len(told) == 1]}{direction}")
    number = sum(bool(each.direction) for each in published)
    return [*facts, count_fact("says", number, "figures", ", ".join(says), "of others with a direction")]


def _lines(published: "Sequence[Published]", facts: tuple[Fact, ...]) -> list[Line]:
    """Return the text as templates: whether they agree, who says which, and ours beside the study's."""
    known = {fact.key: fact for fact in facts}
    told = [direction for direction in DIRECTIONS if f"who.{direction}" in known]
    title = "Others disagree on the gap's direction" if len(told) > 1 else "{publications} a figure of the gap"
    newest = next((each for each in published if each.months_low is not None), None)
    theirs = " and ".join(f"{{published.{each.figure_id}}}" for each in published if class_of_study(each))
    ours = any(f"today.gap.{name}" in known for name in CLASSES)
    repeated = any(f"study.gap.{name}" in known for name in CLASSES)
    return [
        Line("", f"{title}: {{says}}" if told else title, ("direction", "who")),
        *([Line("Newest", f"{{published.{newest.figure_id}.by}}: {{published.{newest.figure_id}}}", ("when",))]
          if newest else []),
        Line("Ours today", _OURS.format("today") if ours else "too little data for a figure"),
        replace(DIRECTION_LINE, label="Ours widening?"),
        *as_of_lines("{today.method}"),
        *details([
            *(Line(each.capitalize(), f"{{who.{each}}}") for each in told),
            Line("Not said", "{who.unsaid}"),
            *([Line("The study", f"{theirs}; {_REPEATED if repeated else _NOT_REPEATED}", ("level",))]
              if theirs else []),
            replace(CHANGE_LINE, label="Our change"),
            _NOT_AVERAGED,
        ]),
    ]  # fmt: skip


def _figure_table(published: "Sequence[Published]", study_facts: list[Fact]) -> Table:
    shown = {fact.key: fact.shown for fact in study_facts}
    rows = []
    for figure in published:
        parts = [shown.get(f"study.{key}.{class_of_study(figure)}", "") for key in ("gap", "range")]
        ours = ", ".join(filter(None, parts)) or "–"
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
