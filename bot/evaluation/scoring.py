"""Scores how well free text is read, by rules or by a model, on sets of texts with their meanings."""

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
from bot.assistant.budget import ANSWERED, FAILED, FALLBACK, token_cost
from bot.assistant.reading import NEW, Reply, shown_name
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
"""The day for relative dates in the sets, such as "last March" and "yesterday"."""
_AT_ONCE = 4


def _parse_value(value: object) -> str | float:
    """Return a YAML number as a float, and a YAML date as text."""
    return float(value) if isinstance(value, int | float) else str(value)


def _wrap_text(value: object) -> object:
    """Wrap a single text in a tuple."""
    return (value,) if isinstance(value, str) else value


@validated(frozen=True, config=ConfigDict(extra="forbid"))
class Case:
    """A text with the question that is meant, or None, and the fields that the text names.

    `after` holds the texts typed before it, in order.
    """

    text: str
    question: Annotated[str | None, AfterValidator(lambda name: name and current(name))] = None
    kind: str = "plain"
    fields: Mapping[str, Annotated[str | float, BeforeValidator(_parse_value)]] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    after: Annotated[tuple[str, ...], BeforeValidator(_wrap_text)] = ()


@dataclass(frozen=True)
class Outcome:
    """A case with its reply and the seconds that it took."""

    case: Case
    reply: Reply
    seconds: float = 0.0

    @property
    def is_right(self) -> bool:
        """Whether question, named fields and facts match, or nothing was answered if no question is meant."""
        reading, case = self.reply.reading, self.case
        if case.question is None:
            return not self.is_answered and not reading.alternatives
        facts = {fact.key for fact in self.reply.answer.facts} if self.reply.answer else set()
        return (
            reading.name == case.question
            and not reading.alternatives
            and _has_fields(reading.fields, case.fields)
            and facts >= set(case.facts)
        )

    @property
    def is_answered(self) -> bool:
        """Whether any answer or brief was given."""
        return self.reply.answer is not None or self.reply.reading.is_brief

    @property
    def expected(self) -> str:
        """The expected question."""
        return _write_question(self.case.question, self.case.fields)

    @property
    def actual(self) -> str:
        """The question that was read."""
        reading = self.reply.reading
        if reading.alternatives:
            return " or ".join(alternative.understood for alternative in reading.alternatives)
        return _write_question(reading.name, reading.fields)


@dataclass(frozen=True)
class Score:
    """The outcomes of a set, and the model that read it, or "" for rules."""

    outcomes: tuple[Outcome, ...]
    model: str = ""

    @property
    def answerable(self) -> tuple[int, int]:
        """The number of answerable questions that were read right, and of all answerable ones."""
        answerable = [outcome for outcome in self.outcomes if outcome.case.question is not None]
        return sum(outcome.is_right for outcome in answerable), len(answerable)

    @property
    def wrongly_answered(self) -> int:
        """The number of out-of-scope texts that were answered."""
        return sum(outcome.is_answered for outcome in self.outcomes if outcome.case.question is None)

    @property
    def failures(self) -> list[Outcome]:
        """The wrong outcomes."""
        return [outcome for outcome in self.outcomes if not outcome.is_right]

    @property
    def passes(self) -> bool:
        """Whether the bar is met: nine in ten answerable questions right, and no out-of-scope text answered."""
        n_right, n_answerable = self.answerable
        return n_right >= BAR * n_answerable and self.wrongly_answered == 0

    def count_by(self, field_name: str) -> list[tuple[str, int, int]]:
        """Return (name, right, all) per `kind` or `question` of the cases."""
        groups = [getattr(outcome.case, field_name) or "none" for outcome in self.outcomes]
        right = Counter(group for group, outcome in zip(groups, self.outcomes, strict=True) if outcome.is_right)
        return [(group, right[group], number) for group, number in Counter(groups).items()]

    def describe_model(self) -> list[str]:
        """Describe the model's readings, tokens, cost and time."""
        seconds = [outcome.seconds for outcome in self.outcomes]
        usages = [outcome.reply.usage for outcome in self.outcomes if outcome.reply.usage]
        outcomes = Counter(usage.outcome for usage in usages)
        n_in, n_out = sum(usage.tokens_in for usage in usages), sum(usage.tokens_out for usage in usages)
        spent, number = token_cost(self.model, n_in, n_out), max(len(self.outcomes), 1)
        money = "its price is not known" if spent is None else f"{spent:.4f} US$, {spent / number:.6f} a question"
        return [
            f"Read by {self.model}: {outcomes[ANSWERED]} of {len(usages)}; by rules instead: {outcomes[FALLBACK]} since"
            f" what it said could not be used, {outcomes[FAILED]} since it failed",
            f"Tokens: {n_in:,} read and {n_out:,} written; {money}",
            f"Time a question: {statistics.median(seconds or (0.0,)):.1f} s in the middle,"
            f" {max(seconds, default=0.0):.1f} s at most",
        ]


def _has_fields(fields: Mapping[str, str | float], expected: Mapping[str, str | float]) -> bool:
    """Whether every expected field matches; the sides of a comparison may be in either order.

    A side's openness only counts if it is expected, as the older sets lack it. They also name a kind of hardware
    instead of its gigabytes.
    """
    memory = re.fullmatch(r"(\d+) GB", str(fields.get("size")))
    if memory and expected.get("size") in HARDWARE_MEMORY:
        kinds = [kind for kind, least in HARDWARE_MEMORY.items() if int(memory[1]) >= least]
        fields = {**fields, "size": kinds[-1] if kinds else next(iter(HARDWARE_MEMORY))}
    sides, targets = ({str(row[side]) for side in ("left", "right") if side in row} for row in (fields, expected))
    sides |= {side.removeprefix("open ").removeprefix("closed ") for side in sides}
    names = expected.keys() - {"left", "right"}
    return sides >= targets and all(_plain_value(n, fields.get(n)) == _plain_value(n, expected[n]) for n in names)


def _plain_value(name: str, value: str | float | None) -> str | float | None:
    """Normalize a field's value: a size in any words ("under 70B" is "up to 70"), a name in any case."""
    if name == "size" and value is not None:
        return str(parse_size(f"{value:g}" if isinstance(value, float) else value)).replace("=", "")
    if name == "price" and value is not None:
        return float(value)
    return value.casefold() if isinstance(value, str) else value


def _write_question(question: str | None, fields: Mapping[str, Any]) -> str:
    return ", ".join([question or "nothing", *(f"{name} {value}" for name, value in fields.items())])


def load(path: Path) -> list[Case]:
    """Read a set of cases; raises UsageError for an invalid file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise UsageError(f"{quote(path.name)} can't be read as a set of questions; give a YAML file.") from None
    rows = content.get("questions") if isinstance(content, dict) else content
    if not isinstance(rows, list) or not rows:
        raise UsageError(f"{quote(path.name)} holds no list of questions.")
    try:
        return TypeAdapter(list[Case]).validate_python(rows)
    except ValidationError as error:
        number = int(error.errors()[0]["loc"][0]) + 1
        raise UsageError(
            f"Question {number} of {quote(path.name)} is none; it needs a text, a question and a kind."
        ) from None


def run(cases: list[Case], settings: Settings, today: date, *, by_model: bool = False) -> Score:
    """Answer every case as typed on the day `today`, after the texts before it, if any.

    Rules read the texts, or with `by_model` always the configured model.
    """
    return asyncio.run(_run(cases, settings if by_model else replace(settings, llm_model=None), today))


async def _run(cases: list[Case], settings: Settings, today: date) -> Score:
    answers = Answers(settings, lambda: today)
    assistant = Assistant(settings, answers.answer, today=answers.today, rules_first=False)
    by_rules = Assistant(replace(settings, llm_model=None), answers.answer, today=answers.today)
    slots = asyncio.Semaphore(_AT_ONCE)

    async def answer(number: int, case: Case) -> Outcome:
        async with slots:
            key, now, context = ConversationKey(f"evaluation:{number}"), datetime.now(UTC), NEW
            shown_case = await asyncio.to_thread(_use_shown_names, case, settings)
            for text in case.after:
                context = context.after_reply(await by_rules.reply(text, key, now, context))
            began = time.monotonic()
            reply = await assistant.reply(case.text, key, now, context)
            return _choose_outcome(shown_case, reply, time.monotonic() - began)

    outcomes = await asyncio.gather(*(answer(number, case) for number, case in enumerate(cases)))
    return Score(tuple(outcomes), settings.llm_model or "")


def _use_shown_names(case: Case, settings: Settings) -> Case:
    """Return a case with shown names, as the author of a set may use others."""
    with open_evidence(settings) as store:
        index = name_index(store)
        texts = {name: value for name, value in case.fields.items() if isinstance(value, str)}
        shown_texts = {name: shown_name(name, text, index) for name, text in texts.items()}
        return replace(case, fields={**case.fields, **shown_texts})


def _choose_outcome(case: Case, reply: Reply, seconds: float) -> Outcome:
    """Return the right outcome of a text that was read as several questions, or else the first."""
    outcomes = [Outcome(case, part, seconds) for part in (reply, *reply.other_replies)]
    best = next((outcome for outcome in outcomes if outcome.is_right), outcomes[0])
    return replace(best, reply=replace(best.reply, usage=reply.usage))
