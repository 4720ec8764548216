"""How well free text is read: a set of questions with what they mean, and the score of the reader on it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.assistant.reading import Reading
from bot.assistant.reply import Reply, reply
from core.errors import UsageError
from core.evidence import names
from core.questions import current
from core.store.store import Store
from core.words import quoted

BAR = 0.9
"""The share of answerable questions that must be read right."""
READ_ON = date(2026, 11, 25)
"""The day on which the set's "last March" and "yesterday" are read."""

_KEYS = {"text", "question", "fields", "facts", "kind", "after"}


@dataclass(frozen=True)
class Entry:
    """A text with the question that is meant, None where there is none, and the fields that the text names."""

    text: str
    question: str | None
    kind: str
    fields: Mapping[str, str | float] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    after: str | None = None


@dataclass(frozen=True)
class Outcome:
    """An entry with the reply that it got."""

    entry: Entry
    reply: Reply

    @property
    def is_right(self) -> bool:
        """Whether the question, every named field and the facts are there; where none is meant, whether nothing is."""
        reading, entry = self.reply.reading, self.entry
        if entry.question is None:
            return not self.is_answered and not reading.alternatives
        facts = {fact.key for fact in self.reply.answer.facts} if self.reply.answer else set()
        return (
            reading.name == entry.question
            and not reading.alternatives
            and _has_fields(reading.fields, entry.fields)
            and facts >= set(entry.facts)
        )

    @property
    def is_answered(self) -> bool:
        """Whether any answer was given."""
        return self.reply.answer is not None

    @property
    def expected(self) -> str:
        """Write what was meant."""
        return _written(self.entry.question, self.entry.fields)

    @property
    def got(self) -> str:
        """Write what was read."""
        reading: Reading = self.reply.reading
        if reading.alternatives:
            return " or ".join(each.understood for each in reading.alternatives)
        return _written(reading.name, reading.fields)


@dataclass(frozen=True)
class Score:
    """The outcomes of a set."""

    outcomes: tuple[Outcome, ...]

    @property
    def answerable(self) -> tuple[int, int]:
        """How many of the questions that can be answered were read right, and how many there are."""
        asked = [each for each in self.outcomes if each.entry.question is not None]
        return sum(each.is_right for each in asked), len(asked)

    @property
    def answered_wrongly(self) -> int:
        """How many texts that are no question of ours got an answer."""
        return sum(each.is_answered for each in self.outcomes if each.entry.question is None)

    @property
    def failed(self) -> list[Outcome]:
        """The outcomes that are not right."""
        return [each for each in self.outcomes if not each.is_right]

    @property
    def passes(self) -> bool:
        """Whether the bar is met: nine in ten of the answerable ones right, and no answer to what is no question."""
        right, asked = self.answerable
        return right >= BAR * asked and self.answered_wrongly == 0

    def by(self, what: str) -> list[tuple[str, int, int]]:
        """Return (name, right, all) per `kind` or `question` of the entries."""
        groups = [getattr(each.entry, what) or "none" for each in self.outcomes]
        right = Counter(group for group, each in zip(groups, self.outcomes, strict=True) if each.is_right)
        return [(group, right[group], number) for group, number in Counter(groups).items()]


def _has_fields(got: Mapping[str, str | float], wanted: Mapping[str, str | float]) -> bool:
    """Whether every wanted field is there; the sides of a comparison in either order."""
    sides = [{str(each[side]) for side in ("left", "right") if side in each} for each in (got, wanted)]
    return sides[0] >= sides[1] and all(
        got.get(name) == value for name, value in wanted.items() if name not in ("left", "right")
    )


def _written(question: str | None, fields: Mapping[str, Any]) -> str:
    return ", ".join([question or "nothing", *(f"{name} {value}" for name, value in fields.items())])


def load(path: Path) -> list[Entry]:
    """Read a set of questions; raises UsageError for a file that is none."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise UsageError(f"{quoted(path.name)} can't be read as a set of questions; give a YAML file.") from None
    rows = found.get("questions") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not rows:
        raise UsageError(f"{quoted(path.name)} holds no list of questions.")
    return [_entry(path, number, row) for number, row in enumerate(rows, 1)]


def _entry(path: Path, number: int, row: Any) -> Entry:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row.keys() <= _KEYS:
        raise UsageError(f"Question {number} of {quoted(path.name)} is none; it needs a text, a question and a kind.")
    fields = {name: _value(value) for name, value in (row.get("fields") or {}).items()}
    kind, facts = str(row.get("kind", "plain")), tuple(row.get("facts") or ())
    question = row.get("question")
    return Entry(row["text"], current(question) if question else None, kind, fields, facts, row.get("after"))


def _value(value: Any) -> str | float:
    return float(value) if isinstance(value, int | float) else str(value)


def run(entries: list[Entry], store: Store, today: date) -> Score:
    """Read and answer every entry as typed on the day `today`, each after the text before it where it has one."""
    outcomes = []
    for entry in entries:
        previous = reply(entry.after, store, today).reading.question if entry.after is not None else None
        outcomes.append(Outcome(meant(entry, store), reply(entry.text, store, today, previous)))
    return Score(tuple(outcomes))


def meant(entry: Entry, store: Store) -> Entry:
    """Return an entry with its names as they are shown."""
    return replace(entry, fields={name: _shown(name, value, store) for name, value in entry.fields.items()})


def _shown(name: str, value: str | float, store: Store) -> str | float:
    """Return a name as it is shown: who writes a set may know a thing by another of its names."""
    kinds = {"benchmark": names.benchmarks, "model": names.models, "lab": names.labs, "country": names.countries,
             "term": names.terms}  # fmt: skip
    if name not in kinds or not isinstance(value, str):
        return value
    try:
        return names.find(name, value, kinds[name](store)).shown
    except UsageError:
        return value
