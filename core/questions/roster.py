"""Which models are there? Every model with a comparable score, newest first."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from core.answer import Answer, Fact, Line, Table
from core.dataclass import dataclass
from core.errors import UsageError
from core.names.names import is_within
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.result import MODEL, Keys, as_json, table
from core.questions.shared_facts import as_of_lines, count_fact, iso, list_facts, name_fact
from core.words import and_list, count, day, parameter_count

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, Model

_NAMED = 3
"""How many models or labs a line names."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A model, and the number of tests on which it has a score."""

    json_keys: ClassVar[Keys] = {"model": MODEL | {key: key for key in ("lab", "country", "side", "parameters_b")}}

    model: "Model"
    tests: int


@dataclass(frozen=True, eq=False)
class Roster:
    """The models, newest first; `whose` names a requested country or lab, `n_excluded` counts incomparable models."""

    json_keys: ClassVar[Keys] = dict.fromkeys(("whose", "n_excluded"))

    models: list[Entry]
    whose: str
    n_excluded: int


@dataclass(frozen=True)
class RosterQuestion(Question):
    """List the models with a score, open and closed, the newest first."""

    name: ClassVar[str] = "roster"
    behind: ClassVar[str] = "every model with its lab, day, size and how many tests it took"
    phrasings: ClassVar[tuple[str, ...]] = (
        "Which models are there?",
        "Which open models from China do you know?",
        "What are the newest open models?",
    )

    side: Literal["open", "closed"] | None = fields.described("Only open models, or only closed ones.")
    country: str | None = fields.described("Only models from this country or region.", "China", max_length=60)
    lab: str | None = fields.described("Only models of this lab.", "DeepSeek", max_length=60)
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """List the models; raises UsageError if there are none."""
        roster = self.find(evidence)
        return selection.build_answer(
            self, evidence, self.as_of or evidence.newest_data, text(roster), facts(roster),
            tables=(models_table(roster),), data=as_json(roster), boards=sorted({*evidence.board.tolist()}),
        )  # fmt: skip

    def find(self, evidence: "Evidence") -> Roster:
        """Select the models; raises UsageError as `answer` does."""
        as_of, whose = self.as_of or evidence.newest_data, selection.side(evidence, self.country, self.lab)
        pairs = set(zip(evidence.model.tolist(), evidence.board.tolist(), strict=True))
        n_tests = Counter(model for model, _ in sorted(pairs))
        entries = [Entry(evidence.models[number], tests) for number, tests in n_tests.items()]
        models = [entry for entry in entries if self._matches(entry.model, as_of)]
        if not models:
            side = f"{self.side} " if self.side else ""
            who = f"{side}model {whose}".strip()
            raise UsageError(f"No {who} has a score by {day(as_of)}; ask for more of them, or a later day.")
        excluded = evidence.excluded_from(range(len(evidence.boards)), as_of.toordinal())
        return Roster(sorted(models, key=lambda entry: (-entry.model.day, entry.model.name)), whose, len(excluded))

    def _matches(self, model: "Model", as_of: date) -> bool:
        is_asked = is_within(model.country, self.country) and self.lab in (None, model.lab_id)
        return is_asked and self.side in (None, model.side) and model.day <= as_of.toordinal()


def facts(roster: Roster) -> Iterator[Fact]:
    """Count each side's models and name the newest; for all models, also count the ones that can't be compared."""
    models = [entry.model for entry in roster.models]
    sides = {side: [model for model in models if model.side == side] for side in ("open", "closed")}
    shown = " and ".join(f"{len(of_side)} {side}" for side, of_side in sides.items() if of_side)
    shown = f"{shown} model{'' if len(models) == 1 else 's'} {roster.whose}".strip()
    yield count_fact("models", len(models), "models", shown, "with a score")
    for side, of_side in sides.items():
        newest = [f"{model.called} ({day(model.day)})" for model in of_side[:_NAMED]]
        yield from list_facts(f"newest.{side}", newest, "models", "the newest", side=side)
    labs = Counter(model.lab for model in models if model.lab).most_common()
    if len(labs) > 1:
        most = and_list([f"{lab} ({number})" for lab, number in labs[:_NAMED]])
        yield count_fact("labs", len(labs), "labs", f"{count(len(labs), 'lab')}, most by {most}", "with a model")
    if len(labs) == 1 and models[0].country:
        yield name_fact("from", f"{models[0].lab} is a lab in {selection.country_name(models[0].country)}")
    largest = max(models, key=lambda model: model.parameters_b or 0.0)
    if number := largest.parameters_b:
        shown = f"{largest.called}, with {parameter_count(number)} parameters, of those whose size is known"
        yield count_fact("largest", number, "billions", shown, f"size of {largest.name}")
    if roster.n_excluded and not roster.whose:
        number = roster.n_excluded
        shown = f"{count(number, 'model')} with a score but no release day, or not known to be open or closed"
        yield count_fact("out", number, "models", shown, "that can't be compared")


def text(roster: Roster) -> Iterator[Line]:
    """Say how many models there are, and name the newest of each side."""
    have = "has" if len(roster.models) == 1 else "have"
    yield Line("", f"{{models}} {have} a score here", ("level", "scores", "who"))
    yield Line("Newest open", "{newest.open}", ("when",))
    yield Line("Newest closed", "{newest.closed}", ("when",))
    yield Line("Labs", "{labs}", ("lab",))
    yield Line("Largest", "{largest}", ("size",), detail=True)
    yield Line("From", "{from}", ("lab",), sentence=True, detail=True)
    yield from as_of_lines()
    yield Line("Left out", "{out}", detail=True)


def models_table(roster: Roster) -> Table:
    """List the models."""
    rows = []
    for entry in roster.models:
        model = entry.model
        size = "" if model.parameters_b is None else parameter_count(model.parameters_b)
        rows.append((model, model.lab, model.side, iso(model.day), size, entry.tests))
    return table("Models, the newest first", "Model | Lab | Side | Released | Size | Tests", rows)
