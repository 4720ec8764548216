"""How well free text is read, by rules or by a model: a set of questions with what they mean, and the score on it."""

import asyncio
import re
import statistics
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as validated

from bot.answers import Answers, open_evidence
from bot.assistant.assistant import Assistant
from bot.assistant.budget import ANSWERED, FAILED, FALLBACK, cost
from bot.assistant.reading import NEW, Reply, as_shown
from bot.settings import Settings
from bot.state.conversation_key import ConversationKey
from core.errors import UsageError
from core.names.name_index import name_index
from core.questions import current
from core.questions.fields import HARDWARE_MEMORY, parse_size
from core.words import quote

BAR = 0.9
"""The share of answerable questions that must be read right."""
READ_ON = date(2026, 11, 25)
"""The day on which the set's "last March" and "yesterday" are read."""
_AT_ONCE = 4


def _plain(value: object) -> str | float:
    """Return a number as one, and a day as text: YAML reads both."""
    return float(value) if isinstance(value, int | float) else str(value)


def _texts(value: object) -> object:
    """Return one text as the only one of several."""
    return (value,) if isinstance(value, str) else value


@validated(frozen=True, config=ConfigDict(extra="forbid"))
class Entry:
    """A text with the question that is meant, None where there is none, and the fields that the text names.

    `after` has what was typed before it, in order.
    """

    text: str
    question: Annotated[str | None, AfterValidator(lambda name: name and current(name))] = None
    kind: str = "plain"
    fields: Mapping[str, Annotated[str | float, BeforeValidator(_plain)]] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    after: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()


@dataclass(frozen=True)
class Outcome:
    """An entry with the reply that it got, and after how long."""

    entry: Entry
    reply: Reply
    seconds: float = 0.0

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
        """Whether any answer or brief was given."""
        return self.reply.answer is not None or self.reply.reading.is_brief

    @property
    def expected(self) -> str:
        """Write what was meant."""
        return _written(self.entry.question, self.entry.fields)

    @property
    def got(self) -> str:
        """Write what was read."""
        reading = self.reply.reading
        if reading.alternatives:
            return " or ".join(each.understood for each in reading.alternatives)
        return _written(reading.name, reading.fields)


@dataclass(frozen=True)
class Score:
    """The outcomes of a set, and the model that read it, "" for rules."""

    outcomes: tuple[Outcome, ...]
    model: str = ""

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

    def of_model(self) -> list[str]:
        """Say what the model did: how much it read, its tokens and what they cost, its time."""
        seconds = [each.seconds for each in self.outcomes]
        used = [each.reply.used for each in self.outcomes if each.reply.used]
        outcomes = Counter(each.outcome for each in used)
        read, said = sum(each.tokens_in for each in used), sum(each.tokens_out for each in used)
        spent, number = cost(self.model, read, said), max(len(self.outcomes), 1)
        money = "its price is not known" if spent is None else f"{spent:.4f} US$, {spent / number:.6f} a question"
        return [
            f"Read by {self.model}: {outcomes[ANSWERED]} of {len(used)}; by rules instead: {outcomes[FALLBACK]} since"
            f" what it said could not be used, {outcomes[FAILED]} since it failed",
            f"Tokens: {read:,} read and {said:,} written; {money}",
            f"Time a question: {statistics.median(seconds or (0.0,)):.1f} s in the middle,"
            f" {max(seconds, default=0.0):.1f} s at most",
        ]


def _has_fields(got: Mapping[str, str | float], wanted: Mapping[str, str | float]) -> bool:
    """Whether every wanted field is there; the sides of a comparison in either order.

    A side's openness counts where it is wanted: the sets of before name none. Neither do they name the gigabytes of a
    text, but the kind of hardware that has them.
    """
    memory = re.fullmatch(r"(\d+) GB", str(got.get("size")))
    if memory and wanted.get("size") in HARDWARE_MEMORY:
        kinds = [kind for kind, least in HARDWARE_MEMORY.items() if int(memory[1]) >= least]
        got = {**got, "size": kinds[-1] if kinds else next(iter(HARDWARE_MEMORY))}
    given, asked = ({str(each[side]) for side in ("left", "right") if side in each} for each in (got, wanted))
    given |= {side.removeprefix("open ").removeprefix("closed ") for side in given}
    named = wanted.keys() - {"left", "right"}
    return given >= asked and all(_value(each, got.get(each)) == _value(each, wanted[each]) for each in named)


def _value(name: str, value: str | float | None) -> str | float | None:
    """Return a field's value as it is compared: a size in any words ("under 70B" is "up to 70"), a name in any case."""
    if name == "size" and value is not None:
        return str(parse_size(f"{value:g}" if isinstance(value, float) else value)).replace("=", "")
    if name == "price" and value is not None:
        return float(value)
    return value.casefold() if isinstance(value, str) else value


def _written(question: str | None, fields: Mapping[str, Any]) -> str:
    return ", ".join([question or "nothing", *(f"{name} {value}" for name, value in fields.items())])


def load(path: Path) -> list[Entry]:
    """Read a set of questions; raises UsageError for a file that is none."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise UsageError(f"{quote(path.name)} can't be read as a set of questions; give a YAML file.") from None
    rows = found.get("questions") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not rows:
        raise UsageError(f"{quote(path.name)} holds no list of questions.")
    try:
        return TypeAdapter(list[Entry]).validate_python(rows)
    except ValidationError as error:
        number = int(error.errors()[0]["loc"][0]) + 1
        raise UsageError(
            f"Question {number} of {quote(path.name)} is none; it needs a text, a question and a kind."
        ) from None


def run(entries: list[Entry], settings: Settings, today: date, *, by_model: bool = False) -> Score:
    """Answer every entry as typed on the day `today`, each after the text before it where it has one.

    Rules read them, or `by_model` the model that is set, whatever the rules understand.
    """
    return asyncio.run(_run(entries, settings if by_model else replace(settings, llm_model=None), today))


async def _run(entries: list[Entry], settings: Settings, today: date) -> Score:
    answers = Answers(settings, lambda: today)
    assistant = Assistant(settings, answers.answer, today=answers.today, rules_first=False)
    by_rules = Assistant(replace(settings, llm_model=None), answers.answer, today=answers.today)
    few = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int, entry: Entry) -> Outcome:
        async with few:
            key, now, context = ConversationKey(f"evaluation:{number}"), datetime.now(UTC), NEW
            known = await asyncio.to_thread(_prepared, entry, settings)
            for typed in entry.after:
                context = context.after(await by_rules.reply(typed, key, now, context))
            began = time.monotonic()
            reply = await assistant.reply(entry.text, key, now, context)
            return _best(known, reply, time.monotonic() - began)

    outcomes = await asyncio.gather(*(one(number, entry) for number, entry in enumerate(entries)))
    return Score(tuple(outcomes), settings.llm_model or "")


def _prepared(entry: Entry, settings: Settings) -> Entry:
    """Return an entry with its names as they are shown."""
    with open_evidence(settings) as store:
        known = name_index(store)
        fields = {
            name: as_shown(name, value, known) if isinstance(value, str) else value
            for name, value in entry.fields.items()
        }  # who writes a set may know a thing by another of its names
        return replace(entry, fields=fields)


def _best(entry: Entry, reply: Reply, seconds: float) -> Outcome:
    """Return the outcome of the question that was meant, where a text was read as several."""
    outcomes = [Outcome(entry, each, seconds) for each in (reply, *reply.others)]
    best = next((each for each in outcomes if each.is_right), outcomes[0])
    return replace(best, reply=replace(best.reply, used=reply.used))
