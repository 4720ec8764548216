"""How far behind is one model? Its best score on each test against the first closed model that had as much."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from core.answer import Answer, Fact, Line, Table
from core.errors import UsageError
from core.gap.parameters import CLUSTERED_1
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.reasons import LEVELS, mean_kind
from core.store.store import Store
from core.text import render
from core.words import CLASSES, cell, day, level, listed, score

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.model_lag import LevelLag, ModelLag


@dataclass(frozen=True)
class ModelQuestion(Question):
    """How many months one model is behind closed models, or how long after it open ones matched it, test by test."""

    name: ClassVar[str] = "model"
    summary: ClassVar[str] = "How far behind closed models one open model is; how soon a closed one was matched."
    phrasings: ClassVar[tuple[str, ...]] = (
        "How far behind is Kimi K2?",
        "Where does DeepSeek-R1 stand?",
        "How far behind closed models is GLM-5 on WeirdML?",
        "How long after GPT-4o did open models match it?",
    )

    model: str = field(
        metadata={
            "description": "The model, by any of its names.",
            "examples": ["Kimi K2"],
            "max_length": 100,
            "by_place": True,
        }
    )
    benchmark: str | None = fields.benchmark()
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def resolved(self, store: Store, today: date) -> "ModelQuestion":
        """Return the question with ids for names, and both days filled in."""
        model = fields.model_id(store, self.model)
        if not model:
            raise UsageError("The model is missing; give one, such as Kimi K2.")
        return replace(self, **fields.filled(store, today, self.benchmark, self.as_of, self.known_by), model=model)

    def answer(self, evidence: "Evidence") -> Answer:
        """Place the model; raises UsageError where it can't be compared, or has no score there."""
        as_of = self.as_of or evidence.newest_data
        placed = place(evidence, self.model, self.benchmark, as_of)
        return answered(self, evidence, placed, as_of, _title(placed))


# ---- what `timeline` asks of one model too


@dataclass(frozen=True)
class Placed:
    """A model (an index) with its standing on each of the tests that were asked for; `single` if one was named."""

    model: int
    is_open: bool
    found: tuple["ModelLag", ...]
    facts: tuple[Fact, ...]
    single: bool


def place(evidence: "Evidence", model_id: str, benchmark: str | None, as_of: date) -> Placed:
    """Place a model on one benchmark (its id and version), or on all headline ones that have a score of it.

    Raises UsageError where the model can't be compared, came after the day, or has no score there.
    """
    from core.gap.model_lag import model_lags
    from core.questions.model_wording import facts, single_facts
    from core.questions.shared_facts import as_of_facts

    model = selection.comparable(evidence, model_id, as_of)
    boards = selection.boards(evidence, benchmark)
    found = model_lags(evidence, model, boards, as_of.toordinal(), CLUSTERED_1)
    if not found:
        raise _no_score(evidence, model, benchmark)
    stated = facts(evidence, model, found, as_of.toordinal(), CLUSTERED_1)
    single = benchmark is not None
    if single:
        stated += single_facts(evidence, model, found[0])
    return Placed(model, evidence.models[model].is_open, found, stated + as_of_facts(evidence, as_of), single)


def _no_score(evidence: "Evidence", model: int, benchmark: str | None) -> UsageError:
    """Say that a model has no score where it was looked for, and where it has some, headline tests first."""
    boards = [evidence.boards[number] for number in sorted(set(evidence.board[evidence.model == model].tolist()))]
    scored = tuple(board.name for board in sorted(boards, key=lambda board: not board.headline))
    name = evidence.models[model].name
    if not scored:
        return UsageError(f"No score of {name} was known by {day(evidence.known_by)}; ask for a later known-by day.")
    where = "a headline test"
    if benchmark:
        where = evidence.boards[selection.board_number(evidence, benchmark)].name
    return UsageError(f"{name} has no score on {where}; give a benchmark that has one: {listed(scored)}.", scored)


def answered(question: Any, evidence: "Evidence", placed: Placed, as_of: date, title: str) -> Answer:
    """Answer a question of one model under a title (a template)."""
    return selection.answered(
        question,
        evidence,
        as_of,
        lines=_lines(placed, title),
        facts=placed.facts,
        tables=(_table(evidence, placed),),
        data=_data(evidence, placed, as_of),
        boards=[standing.board for standing in placed.found],
        parameters=CLUSTERED_1,
    )


def closed_title(placed: Placed) -> str:
    """Return, for a closed model, how many tests open models have matched it on, and since when."""
    known = {fact.key for fact in placed.facts}
    if placed.single:
        title = "{model}, a closed model of {model.day}, has {asked.score} on {asked.board}; "
        if "asked.other" in known:
            return title + "the first open model at or above that was {asked.other} on {asked.other.day}, {asked.lag}"
        return title + "no open model in the data to {asked.newest} is at or above that"
    if all(standing.reason for standing in placed.found):
        return "{model}, a closed model of {model.day}, scores too low on {tests} to say when open models matched it"
    title = "Open models have matched {model}, a closed model of {model.day}, on {matched}"
    if "last.before" in known:
        return title + "; they had been there {last.before}, on {last.board} on {last.day}"
    return title + (", the last of them {last.board} on {last.day}" if "last.day" in known else "")


def _title(placed: Placed) -> str:
    if not placed.is_open:
        return closed_title(placed)
    known = {fact.key for fact in placed.facts}
    whose = "{model}, open weights of {model.day}"
    if placed.single:
        if "asked.other" in known:
            return (
                f"{whose}, has {{asked.score}} on {{asked.board}}, {{asked.lag}} {{asked.other}} of {{asked.other.day}}"
            )
        nobody = "no closed model in the data to {asked.newest} is at or above that"
        return f"{whose}, has {{asked.score}} on {{asked.board}}; {nobody}"
    classes = [access for access in CLASSES if f"title.{access}" in known]
    if not classes:
        return f"{whose}, scores too low on {{tests}} to say how far behind it is"
    parts = [
        f"{{title.{access}}} {'them' if number else 'closed models in the data'} on {{tests.{access}}}"
        for number, access in enumerate(classes)
    ]
    return f"{whose}, is {' and '.join(parts)}"


def _lines(placed: Placed, title: str) -> tuple[Line, ...]:
    known = {fact.key for fact in placed.facts}
    templates = [("", title)]
    if placed.single:
        if "around" in known:
            templates.append(("Around", "{around}"))
    else:
        templates += _class_rows(placed, known)
    if "beyond" in known and not placed.single:
        label, side = ("Ahead", "closed") if placed.is_open else ("Unmatched", "open")
        templates.append((label, f"no {side} model in the data is at or above it on {{beyond}}"))
    if "first" in known:
        side = "open" if placed.is_open else "closed"
        templates.append(("Was first", f"of the {side} models in the data at {{first}}"))
    if "left_out" in known:
        templates.append(
            ("Low score" if placed.single else "Left out", "{left_out}: below the floor, where a score says little")
        )
    if "doubt" in known:
        templates.append(("In doubt", "{doubt}"))
    if "versions" in known:
        templates.append(("Version", "this is {model}; others of that name: {versions}"))
    ends = " · the board's newest model by then: {asked.newest}" if placed.single else ""
    templates.append(("As of", "{as_of} · newest complete data {newest_data}" + ends))
    templates.append(("Can't tell", _cant_tell(placed)))
    return tuple(Line(label, render(template, placed.facts)) for label, template in templates)


def _cant_tell(placed: Placed) -> str:
    if placed.is_open:
        return (
            "behind is how much earlier the first closed model was at or above its best score; closed models are tested"
            " more often, which makes that look longer"
        )
    return (
        "open models are tested less often, so that they may have been there before; a match is a score on a test, not"
        " all that a model can do"
    )


def _class_rows(placed: Placed, known: set[str]) -> list[tuple[str, str]]:
    """Write a row for each access class, and those for the nearest and the farthest test."""
    rows = []
    for access in CLASSES:
        label = f"{access.capitalize()} tests"
        if f"none.{access}" in known:
            rows.append((label, f"{{none.{access}}}"))
        if {f"middle.{access}", f"matched.{access}"} & known:
            slots = [f"matched.{access}", f"middle.{access}", f"range.{access}", f"likely.{access}"]
            rows.append((label, "; ".join(f"{{{slot}}}" for slot in slots if slot in known)))
    apart = "" if placed.is_open else ","  # "behind GPT-4", but "later, GPT-4"
    labels = ("Closest", "Farthest") if placed.is_open else ("Soonest", "Latest")
    for label, key in zip(labels, ("nearest", "farthest"), strict=True):
        if f"{key}.other" in known:
            row = f"{{{key}.board}}: {{{key}.score}}, {{{key}.lag}}{apart} {{{key}.other}} ({{{key}.other.day}})"
            rows.append((label, row))
    return rows


def _table(evidence: "Evidence", placed: Placed) -> Table:
    unknown = "none in the data"
    rows = []
    ordered = sorted(
        placed.found, key=lambda s: (evidence.boards[s.board].access, s.months is None, -(s.months or 0.0))
    )
    for each in ordered:
        board = evidence.boards[each.board]
        rows.append(
            (
                board.name,
                board.access,
                score(each.score, board.unit),
                cell(each.months),
                unknown if each.other is None else evidence.models[each.other].name,
                date.fromordinal(each.other_day).isoformat() if each.other_day else "–",
                ", ".join(_mark(mark, board.unit) for mark in (each.below, each.above) if mark is not None),
                f"{LEVELS[each.reason]}: left out" if each.reason else "–",
            )
        )
    other, what = ("closed", "Months behind") if placed.is_open else ("open", "Months later")
    columns = ("Test", "Kind", "Best score", what, f"First {other} there", "On", "At the levels around", "Remark")
    width = len(columns) if any(each.reason for each in ordered) else -1
    title = f"By test: the first {other} model at or above the best score"
    return Table(title, columns[:width], tuple(row[:width] for row in rows))


def _mark(mark: "LevelLag", unit: str) -> str:
    figure = "none" if mark.months is None else cell(mark.months)
    return f"{figure} at {level(mark.level, unit)}"


def _data(evidence: "Evidence", placed: Placed, as_of: date) -> dict[str, Any]:
    from core.gap.model_lag import median_lag
    from core.questions.model_wording import versions

    known = evidence.models[placed.model]
    access = {}
    for name in CLASSES:
        of_class = tuple(each for each in placed.found if evidence.boards[each.board].access == name)
        if of_class:
            access[name] = _middle(evidence, median_lag(of_class, CLUSTERED_1, is_open=placed.is_open))
    return {
        "model": {
            "model": known.model_id,
            "name": known.name,
            "date": date.fromordinal(known.day).isoformat(),
            "side": "open" if known.is_open else "closed",
            "evidence": known.openness_grade,
            "versions": [evidence.models[n].name for n in versions(evidence, placed.model, as_of.toordinal())],
        },
        "access": access,
        "tests": [_test(evidence, each) for each in placed.found],
    }


def _middle(evidence: "Evidence", found: Any) -> dict[str, Any]:
    ends = {
        f"{key}_{what}": None if each is None else (evidence.boards[each.board].name if what == "test" else each.months)
        for key, each in (("nearest", found.nearest), ("farthest", found.farthest))
        for what in ("test", "months")
    }
    return {
        "months": found.months,
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "interval_kind": mean_kind(found.no_interval, found.n_tests),
        **ends,
        "n_tests": found.n_tests,
        "n_without": found.n_without,
    }


def _test(evidence: "Evidence", each: "ModelLag") -> dict[str, Any]:
    from core.questions.shared_facts import board_data

    other = None if each.other is None else evidence.models[each.other]
    return {
        **board_data(evidence.boards[each.board]),
        "score": each.score,
        "other_model": other and other.model_id,
        "other_name": other and other.name,
        "other_date": date.fromordinal(each.other_day).isoformat() if each.other_day else None,
        "months": each.months,
        "newest_data": date.fromordinal(each.newest_day).isoformat(),
        "below": each.below and {"threshold": each.below.level, "months": each.below.months},
        "above": each.above and {"threshold": each.above.level, "months": each.above.months},
        "first_at": list(each.first_at),
        "accepted": not each.reason,
        "reason": LEVELS[each.reason] or None,
    }
