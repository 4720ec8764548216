"""How well unsupported texts are told from supported ones: a set of texts about real answers, and the score on it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from bot.assistant.evaluation import rows
from core.answer import Fact
from core.errors import UsageError
from core.grounding import Violation, all_names, unsupported
from core.questions import QUESTIONS, ask
from core.store.store import Store
from core.words import quoted

RECALL = 0.98
"""The share of altered texts that must be refused."""
FALSE_ALARMS = 0.03
"""The share of grounded texts that may be refused."""
READ_ON = date(2026, 11, 25)
"""The day on which the questions of the set are asked."""

_KEYS = {"question", "text", "grounded", "kind", "why"}


@dataclass(frozen=True)
class Entry:
    """A text about the answer to a question, and whether the answer's facts back all that it says."""

    question: Mapping[str, str]
    text: str
    is_grounded: bool
    kind: str
    why: str = ""


@dataclass(frozen=True)
class Outcome:
    """A text with what was found wrong with it."""

    entry: Entry
    violations: tuple[Violation, ...]

    @property
    def is_right(self) -> bool:
        """Whether it was refused exactly if it is not grounded."""
        return self.entry.is_grounded != bool(self.violations)


@dataclass(frozen=True)
class Score:
    """The outcomes of a set."""

    outcomes: tuple[Outcome, ...]

    def _count(self, *, is_grounded: bool) -> tuple[int, int]:
        asked = [each for each in self.outcomes if each.entry.is_grounded == is_grounded]
        return sum(bool(each.violations) for each in asked), len(asked)

    @property
    def refused(self) -> tuple[int, int]:
        """How many of the altered texts were refused, and how many there are."""
        return self._count(is_grounded=False)

    @property
    def false_alarms(self) -> tuple[int, int]:
        """How many of the grounded texts were refused, and how many there are."""
        return self._count(is_grounded=True)

    @property
    def failed(self) -> list[Outcome]:
        """The outcomes that are not right."""
        return [each for each in self.outcomes if not each.is_right]

    @property
    def passes(self) -> bool:
        """Whether both bars are met."""
        (refused, altered), (alarms, grounded) = self.refused, self.false_alarms
        return refused >= RECALL * altered and alarms <= FALSE_ALARMS * grounded

    def by_kind(self) -> list[tuple[str, bool, int, int]]:
        """Return (kind, whether grounded, right, all) per kind, the altered first."""
        groups: dict[tuple[bool, str], list[Outcome]] = {}
        for each in self.outcomes:
            groups.setdefault((each.entry.is_grounded, each.entry.kind), []).append(each)
        return [
            (kind, is_grounded, sum(each.is_right for each in group), len(group))
            for (is_grounded, kind), group in sorted(groups.items())
        ]


def load(path: Path) -> list[Entry]:
    """Read a set of texts; raises UsageError for a file that is none."""
    return [_entry(path, number, row) for number, row in enumerate(rows(path, "texts"), 1)]


def _entry(path: Path, number: int, row: Any) -> Entry:
    is_one = isinstance(row, dict) and row.keys() <= _KEYS and isinstance(row.get("text"), str)
    question = row.get("question") if is_one else None
    if not isinstance(question, dict) or "name" not in question or not isinstance(row.get("grounded"), bool):
        raise UsageError(f"Text {number} of {quoted(path.name)} is none; it needs a question, a text and grounded.")
    named = {str(name).replace("-", "_"): str(value) for name, value in question.items() if value is not None}
    named["name"] = named["name"].replace("-", "_")
    if named["name"] not in QUESTIONS:
        raise UsageError(f"Text {number} of {quoted(path.name)} asks {quoted(named['name'])}, which is no question.")
    return Entry(named, row["text"], row["grounded"], str(row.get("kind") or "plain"), str(row.get("why") or ""))


def run(entries: list[Entry], store: Store, today: date) -> Score:
    """Answer each question as asked on the day `today`, once, and check the texts against its facts."""
    known, outcomes = all_names(store), []
    answers: dict[tuple[tuple[str, str], ...], tuple[Fact, ...]] = {}
    for entry in entries:
        asked = tuple(sorted(entry.question.items()))
        if asked not in answers:
            answers[asked] = _facts(entry, store, today)
        outcomes.append(Outcome(entry, tuple(unsupported(entry.text, answers[asked], known_names=known))))
    return Score(tuple(outcomes))


def _facts(entry: Entry, store: Store, today: date) -> tuple[Fact, ...]:
    asked = QUESTIONS[entry.question["name"]]
    words = {name: value for name, value in entry.question.items() if name != "name"}
    unknown = words.keys() - {field.name for field in fields(asked)}
    if unknown:
        raise UsageError(f"The question {quoted(asked.name)} of the set has no field {quoted(min(unknown))}.")
    return ask(asked.from_words(**words), store, today).facts
