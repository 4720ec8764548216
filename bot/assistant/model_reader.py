"""Free text read by a language model: one structured call says which questions are asked, or why none can be answered.

The model sees the text, the last question and what questions there are, and no figure. What it says back is questions
with fields, or one of four reasons; no word of its own is shown to anybody.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from bot.assistant import prompts
from bot.assistant.failures import FailedError, UnusableError
from bot.assistant.models import Limits
from bot.assistant.structured import Tally, by_first, filled_in, may_pass
from bot.assistant.text import folded
from bot.schema import Parameter, parameters
from core.answer import Aspect
from core.questions import QUESTIONS, Question
from core.words import day

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

MOST = 3
"""Questions of one text that are answered."""
_RETRY_SECONDS = 0.2
_NOTHING = ("", "null", "none")
"""What models write for a field that they leave out."""


def _asked(question: type[Question]) -> list[Parameter]:
    """Return the fields that people name; what only a picture shows, nobody asks for."""
    return [each for each in parameters(question) if not each.name.startswith(("shown_", "drawn_"))]


_FIELDS = dict.fromkeys(each.name for question in QUESTIONS.values() for each in _asked(question))
_FREE = ("what_if", "model")
"""The one field that is shown as it is given, whether or not there is such a thing."""
_NAMES = frozenset({"benchmark", "model", "lab", "country", "left", "right", "term"})
_LETTER = re.compile(r"[^\W\d_]")

Decline = Literal["not_in_data", "forecast", "unknown_name", "other_subject"]


class FieldValue(BaseModel):
    """A field of a question, as the person wrote it."""

    name: str = Field(json_schema_extra={"enum": [*_FIELDS]})
    value: str


class AskedQuestion(BaseModel):
    """A question that is asked, or is near."""

    question: str = Field(json_schema_extra={"enum": [*QUESTIONS]})
    fields: list[FieldValue] = Field(default_factory=list)
    aspect: Aspect | None = None

    def words(self, said: str) -> dict[str, str]:
        """Return the fields as `from_words` takes them; a free one only where the person `said` its words."""
        return {
            each.name: each.value
            for each in self.fields
            if each.value.strip().lower() not in _NOTHING
            and ((self.question, each.name) != _FREE or folded(each.value) in folded(said))
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether a name narrows it."""
        return any(each.name in _NAMES for each in self.fields)

    def is_quoted(self, said: str) -> bool:
        """Whether every name in the fields stands in what the person `said`: then a sentence may repeat it."""
        return all(folded(each.value) in folded(said) for each in self.fields if _LETTER.search(each.value))


class ModelReading(BaseModel):
    """What a text asks; where `decline` says why it can't be answered, `questions` are near ones that can."""

    questions: list[AskedQuestion]
    decline: Decline | None = None


async def read(models: "Sequence[ChatOpenAI]", typed: str, system: str, limits: Limits, tally: Tally) -> ModelReading:
    """Have a text read by the first of some models that can, under the prompt `system`.

    Raises FailedError and TimeoutError where none can within `limits`, UnusableError for a reading that says nothing.
    """
    messages = [("system", system), ("human", typed)]

    async def step(model: "ChatOpenAI") -> ModelReading:
        return await _by(model, messages, tally)

    async with asyncio.timeout(limits.whole):
        reading = await by_first(models, step, limits.call)
    if any(each.question not in QUESTIONS for each in reading.questions) or not (reading.questions or reading.decline):
        raise UnusableError("the language model read nothing that can be asked")
    return reading


async def _by(model: "ChatOpenAI", messages: list[tuple[str, str]], tally: Tally) -> ModelReading:
    """Have one model read; what may pass is tried once more."""
    try:
        return (await filled_in(model, ModelReading, list(messages), tally))[1]
    except FailedError as error:
        if not may_pass(error):
            raise
    await asyncio.sleep(_RETRY_SECONDS)
    return (await filled_in(model, ModelReading, list(messages), tally))[1]


def prompt(today: date, as_of: date, previous: dict[str, object] | None) -> str:
    """Return what the model is told before a text; `previous` is the question that was answered last."""
    questions, fields = _schemas()
    return prompts.load("reading").render(
        today=day(today), as_of=day(as_of), questions=questions, fields=fields, most=MOST,
        previous=json.dumps(previous, ensure_ascii=False) if previous else "",
    )  # fmt: skip


@cache
def _schemas() -> tuple[list[tuple[str, str, str, str]], list[tuple[str, str, str]]]:
    """Return every question with its fields, and every field once for each thing that it means; the usual one bare."""
    questions = []
    meanings: dict[str, dict[tuple[str, str], list[str]]] = {}
    for name, question in QUESTIONS.items():
        fields = _asked(question)
        for each in fields:
            meaning = (each.description, ", ".join(each.schema.get("enum", ())))
            meanings.setdefault(each.name, {}).setdefault(meaning, []).append(name)
        listed = ", ".join(f"{each.name}{'*' * each.required}" for each in fields)
        questions.append((name, listed, question.summary, question.phrasings[0]))
    return questions, [
        (name if of == max(found.values(), key=len) else f"{name} of {', '.join(of)}", *meaning)
        for name, found in meanings.items()
        for meaning, of in found.items()
    ]
