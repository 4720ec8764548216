"""What do others say? Figures that others published, each with its rule, and ours beside those it may be held to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Fact, Line, Table
from core.gap.parameters import CLUSTERED_1, METHODS, STUDY_1
from core.questions import selection
from core.questions.gap import direction_unclear
from core.questions.question import Question
from core.questions.shared_facts import as_of_facts
from core.store.store import Store
from core.text import render
from core.words import CLASSES, count, day, listed

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Published

_NOTHING = "no level that both sides have reached"
DIRECTIONS = ("widening", "flat", "narrowing")


@dataclass(frozen=True)
class OthersQuestion(Question):
    """What others found, by their own rules, and what we find by the rules of the study that we reproduce."""

    name: ClassVar[str] = "others"
    summary: ClassVar[str] = "What others say of the gap, by which rules, and whether ours can be compared."
    phrasings: ClassVar[tuple[str, ...]] = (
        "What do others say?",
        "How does this compare with Epoch's figure?",
        "Do others find that the gap is widening?",
    )

    def resolved(self, store: Store, today: date) -> "OthersQuestion":
        """Return the question as it is: it has nothing to fill in."""
        return self

    def answer(self, evidence: "Evidence") -> Answer:
        """List every published figure, newest first, with ours beside those by the same rules; nothing is averaged."""
        as_of, day_of_study = evidence.newest_data, STUDY_1.list_binds_until
        study_facts, study = _ours("study", evidence.as_known_by(day_of_study), STUDY_1.name, day_of_study)
        today_facts, today = _ours("today", evidence, CLUSTERED_1.name, as_of)
        facts = (*_figure_facts(evidence.published), *study_facts, *today_facts, *as_of_facts(evidence, as_of))
        return selection.answered(
            self,
            evidence,
            as_of,
            lines=_lines(evidence.published, facts),
            facts=facts,
            tables=(_figure_table(evidence.published, study_facts), _rule_table(evidence.published)),
            data={
                "published": [
                    {**asdict(figure), "ours": study["access"].get(_same_access(figure))}
                    for figure in evidence.published
                ],
                "ours": {"study": study, "today": today},
            },
            boards=selection.boards(evidence, None),
        )


def _ours(key: str, evidence: "Evidence", method: str, as_of: date) -> tuple[list[Fact], dict[str, Any]]:
    """Measure the gap by a method on a day: its facts under keys of their own, and its figures by class."""
    from core.gap.analysis import gaps
    from core.questions.gap_data import class_figures
    from core.questions.gap_wording import class_facts, since_fact

    facts = [
        Fact(f"{key}.day", as_of.isoformat(), "date", "models and scores by", day(as_of)),
        Fact(f"{key}.method", method, "", "method", method),
    ]
    boards = selection.boards(evidence, None)
    measured = gaps(evidence, boards, as_of.toordinal(), METHODS[method], whole_band=False)
    classes = {name: gap for name, gap in measured.classes.items() if len(gap.points.months)}
    found = [since_fact(METHODS[method])]
    for name, gap in classes.items():
        told = {fact.key: fact for fact in class_facts(name, gap, f"{name} tests", as_of)}
        figure, range_ = told[f"gap.{name}"], told.get(f"range.{name}")
        shown = f"{figure.shown} ({range_.shown})" if range_ else figure.shown
        facts.append(replace(figure, key=f"{key}.figure.{name}", shown=shown))
        facts.append(replace(figure, key=f"{key}.{name}", shown=f"{shown} on {name} tests"))
        found += [fact for each, fact in told.items() if each.startswith("change.")]
    facts += [replace(fact, key=f"{key}.{fact.key}") for fact in found]
    kept_figures = ("months", "low", "high", "interval_kind", "at", "n_points", "n_benchmarks")
    whole = {name: class_figures(gap, METHODS[method]) for name, gap in classes.items()}
    access = {name: {each: figures[each] for each in kept_figures} for name, figures in whole.items()}
    days = {"as_of": as_of.isoformat(), "known_by": evidence.known_by.isoformat()}
    return facts, {"method": method, **days, "access": access, "reason": None if access else _NOTHING}


def _same_access(figure: "Published") -> str | None:
    """Return the class of a figure that was found by the rules which we reproduce, None for any other."""
    if figure.comparable != "same":
        return None
    return next((name for name in CLASSES if figure.figure_id.endswith(name)), None)


def _figure_facts(published: "Sequence[Published]") -> list[Fact]:
    """State each published figure as it was published, and who says which direction."""
    facts = [
        Fact(f"published.{each.figure_id}", each.figure, "", f"{each.source}, {each.published}", each.figure)
        for each in published
    ]
    n_publications = len({(each.published, each.source) for each in published})
    shown = f"{count(n_publications, 'publication')} of others {'gives' if n_publications == 1 else 'give'}"
    facts.append(Fact("publications", n_publications, "publications", "with a figure of the gap", shown))
    for direction in ("", *DIRECTIONS):
        told = sorted({(each.published, each.source) for each in published if each.direction == direction})
        if told:
            who = [f"{source} on {day(date.fromisoformat(on))}" for on, source in told]
            key, says = direction or "unsaid", "says" if len(told) == 1 else "say"
            facts.append(Fact(f"who.{key}", len(told), "publications", direction, listed(who, most=len(who))))
            said = (
                f"{len(told)} {says} {direction}"
                if direction
                else f"{len(told)} {'does' if len(told) == 1 else 'do'} not say"
            )
            facts.append(Fact(f"says.{key}", len(told), "publications", direction, said))
    return facts


def _lines(published: "Sequence[Published]", facts: tuple[Fact, ...]) -> tuple[Line, ...]:
    """Write the text: that they disagree, who says which, and ours beside the study's."""
    known = {fact.key for fact in facts}
    told = [direction for direction in DIRECTIONS if f"who.{direction}" in known]
    title = "{publications} a figure of the gap"
    if len(told) > 1:
        says = [*told, *(["unsaid"] if "who.unsaid" in known else [])]
        title += f", and they disagree on its direction: {', '.join(f'{{says.{direction}}}' for direction in says)}"
    templates = [("", title)]
    templates += [(direction.capitalize(), f"{{who.{direction}}}") for direction in told]
    if "who.unsaid" in known:
        templates.append(("Not said", "{who.unsaid}"))
    same = [figure for figure in published if _same_access(figure)]
    if same:
        theirs = " and ".join(f"{{published.{figure.figure_id}}}" for figure in same)
        templates.append(
            ("The study", f"{theirs}; {_ours_template('study', known, 'too little data here to repeat it')}")
        )
    templates.append(("Ours today", _ours_template("today", known, "too little data for a figure")))
    changes = [name for name in CLASSES if f"today.change.{name}" in known]
    if changes:
        templates.append(("Ours goes", _direction_template(changes, facts)))
    templates.append(("Not averaged", "they measure different things by different rules, so each stands by itself"))
    templates.append(("As of", "{as_of} · newest complete data {newest_data}"))
    return tuple(Line(label, render(template, facts)) for label, template in templates)


def _ours_template(key: str, known: set[str], nothing: str) -> str:
    ours = [f"{{{key}.{name}}}" for name in CLASSES if f"{key}.{name}" in known]
    if not ours:
        return nothing
    figures = " and ".join(ours)
    if key == "study":
        return (
            f"by the same rules ({{study.method}}) and with what was known by {{study.day}}, gapbrief finds {figures}"
        )
    return f"{figures} (as of {{{key}.day}}, {{{key}.method}})"


def _direction_template(classes: list[str], facts: tuple[Fact, ...]) -> str:
    """Say where our own figure goes, class by class, or that its range leaves that open."""
    shown = {fact.key: fact.shown for fact in facts}
    if all(shown[f"today.change.{name}"].startswith("can't") for name in classes):
        return direction_unclear(shown, "today.since", "today.change")
    return "; ".join(f"{{today.change.{name}}}" for name in classes)


def _figure_table(published: "Sequence[Published]", study_facts: list[Fact]) -> Table:
    shown = {fact.key: fact.shown for fact in study_facts}
    rows = []
    for figure in published:
        access = _same_access(figure)
        ours = shown.get(f"study.figure.{access}", "–")
        rows.append((figure.source, figure.published, figure.figure, figure.direction or "not said", ours))
    columns = ("Who", "When", "Figure", "Direction", "Ours by the same rules")
    return Table("Published figures, newest first; some publications give two", columns, tuple(rows))


def _rule_table(published: "Sequence[Published]") -> Table:
    rows = tuple(
        (
            figure.source,
            figure.published,
            f"{figure.measures} {figure.rule or 'Its rule is not known here.'}",
            figure.comparable,
            figure.why,
        )
        for figure in published
    )
    columns = ("Who", "When", "Measures, and by which rule", "Ours comparable", "Because")
    return Table("What they measure, and whether ours can be held against it", columns, rows)
