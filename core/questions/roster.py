"""Which models are there? Every model with a score that can be compared, the newest first."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from core.answer import Answer, Fact, Line, Table, details
from core.errors import UsageError
from core.questions import fields, selection
from core.questions.question import Question
from core.questions.shared_facts import as_of_lines, count_fact, iso, named_model_data
from core.words import and_list, count, day

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence

_NAMED = 3


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
    country: str | None = fields.described("Only models from this country.", "China", max_length=60)
    lab: str | None = fields.described("Only models of this lab.", "DeepSeek", max_length=60)
    as_of: date | None = fields.as_of()
    known_by: date | None = fields.known_by()

    def answer(self, evidence: "Evidence") -> Answer:
        """List the models; raises UsageError where there is none."""
        as_of = self.as_of or evidence.newest_data
        tests = Counter(
            model for model, _ in sorted(set(zip(evidence.model.tolist(), evidence.board.tolist(), strict=True)))
        )
        found = [number for number in tests if self._holds(evidence, number, as_of)]
        found.sort(key=lambda number: (-evidence.models[number].day, evidence.models[number].name))
        if not found:
            whose = selection.side(evidence, self.country, self.lab)
            raise UsageError(
                f"No {self.side or ''} model {whose} has a score by {day(as_of)}; ask for more of them, or a later day."
                .replace("  ", " ")
            )  # fmt: skip
        out = evidence.excluded_from(range(len(evidence.boards)), as_of.toordinal())
        return selection.answered(
            self, evidence, as_of, _lines(found), _facts(evidence, found, self, len(out)),
            tables=(_table(evidence, found, tests),), data={"models": [_row(evidence, each, tests) for each in found]},
            boards=range(len(evidence.boards)),
        )  # fmt: skip

    def _holds(self, evidence: "Evidence", number: int, as_of: date) -> bool:
        model = evidence.models[number]
        is_asked = self.country in (None, model.country) and self.lab in (None, model.lab_id)
        return is_asked and self.side in (None, model.side) and model.day <= as_of.toordinal()


def _facts(evidence: "Evidence", found: list[int], question: RosterQuestion, n_out: int) -> list[Fact]:
    """Count the models of each side and name the newest; count those that can't be compared, where all are listed."""
    facts, whose = [], selection.side(evidence, question.country, question.lab)
    sides = {side: [each for each in found if evidence.models[each].side == side] for side in ("open", "closed")}
    shown = " and ".join(f"{len(of)} {side}" for side, of in sides.items() if of)
    shown = f"{shown} model{'' if len(found) == 1 else 's'} {whose}".strip()
    facts.append(count_fact("models", len(found), "models", shown, "with a score"))
    for side, of in sides.items():
        newest = [f"{evidence.models[each].name} ({day(evidence.models[each].day)})" for each in of[:_NAMED]]
        if newest:
            facts.append(count_fact(f"newest.{side}", len(newest), "models", and_list(newest), "the newest", side=side))
    labs = Counter(lab for each in found if (lab := evidence.models[each].lab)).most_common()
    if len(labs) > 1:
        most = and_list([f"{lab} ({number})" for lab, number in labs[:_NAMED]])
        facts.append(
            count_fact("labs", len(labs), "labs", f"{count(len(labs), 'lab')}, most by {most}", "with a model")
        )
    if n_out and not whose:
        shown = f"{count(n_out, 'model')} with a score but no release day, or not known to be open or closed"
        facts.append(count_fact("out", n_out, "models", shown, "that can't be compared"))
    return facts


def _lines(found: list[int]) -> tuple[Line, ...]:
    have = "has" if len(found) == 1 else "have"
    return (
        Line("", f"{{models}} {have} a score here", ("level", "scores", "who")),
        Line("Newest open", "{newest.open}", ("when",)),
        Line("Newest closed", "{newest.closed}", ("when",)),
        Line("Labs", "{labs}", ("lab",)),
        *as_of_lines(),
        *details([Line("Left out", "{out}")]),
    )


def _table(evidence: "Evidence", found: list[int], tests: Counter[int]) -> Table:
    rows = []
    for number in found:
        model = evidence.models[number]
        size = "–" if model.parameters_b is None else f"{model.parameters_b:g}B"
        rows.append((model.name, model.lab or "–", model.side, iso(model.day), size, str(tests[number])))
    return Table("Models, the newest first", ("Model", "Lab", "Side", "Released", "Size", "Tests"), tuple(rows))


def _row(evidence: "Evidence", number: int, tests: Counter[int]) -> dict[str, Any]:
    model = evidence.models[number]
    return {
        **named_model_data(evidence, number, model.day),
        "lab": model.lab or None,
        "country": model.country or None,
        "side": model.side,
        "parameters_b": model.parameters_b,
        "tests": tests[number],
    }
