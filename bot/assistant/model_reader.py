"""Free text read by a language model: one structured call says which questions are asked, or why none can be answered.

The model sees the text, the last question and what questions there are, and no figure. What it says back is questions
with fields, or one of four reasons; no word of its own is shown to anybody.
"""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from bot.answers import utc_today
from bot.assistant import prompts
from bot.assistant.model_calls import Tally, connect_models, fill_form, is_transient, model_client, try_in_order
from bot.assistant.models import LIMITS, FailedError, Limits, UnusableError, why_failed
from bot.assistant.text import folded
from bot.schema import Parameter, parameters
from bot.settings import Settings
from core.answer import Aspect
from core.errors import UsageError
from core.questions import QUESTIONS, GapQuestion, Question
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
        return await _read_by(model, messages, tally)

    async with asyncio.timeout(limits.whole):
        reading = await try_in_order(models, step, limits.call)
    if any(each.question not in QUESTIONS for each in reading.questions) or not (reading.questions or reading.decline):
        raise UnusableError("the language model read nothing that can be asked")
    return reading


async def _read_by(model: "ChatOpenAI", messages: list[tuple[str, str]], tally: Tally) -> ModelReading:
    """Have one model read; what may pass is tried once more."""
    try:
        return (await fill_form(model, ModelReading, list(messages), tally))[1]
    except FailedError as error:
        if not is_transient(error):
            raise
    await asyncio.sleep(_RETRY_SECONDS)
    return (await fill_form(model, ModelReading, list(messages), tally))[1]


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


# ---- a check of the models that are set: no word of a server's is shown, as it may hold parts of the key


PATIENCE = 60.0
"""Seconds that a call may take: a local model may have to be loaded first."""


@dataclass(frozen=True)
class ModelCheck:
    """What came of a call; `missing` is not well, but the rest works without it."""

    state: Literal["well", "missing", "wrong"]
    says: str


async def check(settings: Settings, patience: float = PATIENCE) -> list[ModelCheck]:
    """Try the model and the one that stands in for it; raises UsageError where none is set."""
    async with model_client() as client:
        found = []
        for model in connect_models(settings, client, seconds=patience):
            found += await _check_model(model, patience)
        return found


async def _check_model(model: "ChatOpenAI", patience: float) -> list[ModelCheck]:
    """Try all of a model, or only whether it answers where it does not."""
    found: list[ModelCheck] = []
    for step, failed in (
        (_check_answer, ModelCheck("wrong", "does not answer")),
        (_check_reading, ModelCheck("missing", "fills in no forms")),
    ):
        try:
            tried = await asyncio.wait_for(step(model), patience)
        except UsageError as error:
            tried = ModelCheck(failed.state, str(error))
        except Exception as error:  # of any layer below: the provider's, the connection's, what can't be read
            tried = ModelCheck(failed.state, f"{failed.says}: {why_failed(error)}")
        found.append(ModelCheck(tried.state, f"{model.model_name} {tried.says}"))
        if tried.state == "wrong":
            break
    return found


async def _check_answer(model: "ChatOpenAI") -> ModelCheck:
    began = time.monotonic()
    message = await model.ainvoke(prompts.load("hello").render())
    seconds = time.monotonic() - began
    if not message.text.strip():
        raise UsageError("answers without a word; see that it is a model for chat, or take another")
    said = f"answers in {seconds:.1f} s"
    if seconds > LIMITS.call:
        return ModelCheck("missing", f"{said}, where a call has {LIMITS.call:g}; rules will answer until it is faster")
    if message.usage_metadata is None:
        says = f"{said}, but its server counts no tokens, so each call is charged with the most that it can take"
        return ModelCheck("missing", says)
    return ModelCheck("well", said)


async def _check_reading(model: "ChatOpenAI") -> ModelCheck:
    """Have it read a question that it can't miss, as `ask` does."""
    today, example = utc_today(), GapQuestion.phrasings[0]
    messages = [("system", prompt(today, today, None)), ("human", example)]
    try:
        _, reading = await fill_form(model, ModelReading, messages, Tally())
    except UnusableError:
        raise UsageError(
            "fills in no forms, so rules read all questions and briefs come from templates; take a model that can"
        ) from None
    if [each.question for each in reading.questions] != [GapQuestion.name]:
        raise UsageError(f"fills in forms, but misreads “{example}”; take a better model")
    return ModelCheck("well", "reads questions and fills in forms (structured output)")
