"""Reads free text with a language model: one structured call returns the questions asked, or why there is no answer.

The model gets the text, the last question and the list of questions, but no figure. It returns questions with fields,
or one of four reasons; none of its own words is shown.
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
from bot.assistant.models import LIMITS, FailedError, Limits, UnusableError, failure_reason
from bot.assistant.text import fold_text
from bot.schema import Parameter, parameters
from bot.settings import Settings
from core.answer import Aspect
from core.errors import UsageError
from core.questions import QUESTIONS, GapQuestion, Question
from core.words import day

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

MOST_QUESTIONS = 3
"""The most questions of one text that are answered."""
_RETRY_SECONDS = 0.2
_EMPTY_VALUES = ("", "null", "none")
"""What models write in an empty field."""


def _asked_parameters(question: type[Question]) -> list[Parameter]:
    """Return the fields that people name, without those of pictures."""
    return [parameter for parameter in parameters(question) if not parameter.name.startswith(("shown_", "drawn_"))]


_FIELDS = dict.fromkeys(parameter.name for question in QUESTIONS.values() for parameter in _asked_parameters(question))
_FREE_FIELD = ("what_if", "model")
"""The one field whose text is shown as given, known or not."""
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

    def field_words(self, text: str) -> dict[str, str]:
        """Return the fields for `from_words`; the free field only if its words are in the text."""
        return {
            field.name: field.value
            for field in self.fields
            if field.value.strip().lower() not in _EMPTY_VALUES
            and ((self.question, field.name) != _FREE_FIELD or fold_text(field.value) in fold_text(text))
        }

    @property
    def is_narrowed(self) -> bool:
        """Whether it has a name."""
        return any(field.name in _NAMES for field in self.fields)

    def is_quoted(self, text: str) -> bool:
        """Whether all names in the fields are in the text, so that a sentence may repeat them."""
        return all(fold_text(field.value) in fold_text(text) for field in self.fields if _LETTER.search(field.value))


class ModelReading(BaseModel):
    """What a text asks; where `decline` says why it can't be answered, `questions` are near ones that can."""

    questions: list[AskedQuestion]
    decline: Decline | None = None


async def read_text(
    models: "Sequence[ChatOpenAI]", text: str, system: str, limits: Limits, tally: Tally
) -> ModelReading:
    """Read a text with the first model that can, with the prompt `system`.

    Raises FailedError or TimeoutError if none can within `limits`, UnusableError for an empty reading.
    """
    messages = [("system", system), ("human", text)]

    async def step(model: "ChatOpenAI") -> ModelReading:
        return await _read_by(model, messages, tally)

    async with asyncio.timeout(limits.total):
        reading = await try_in_order(models, step, limits.call)
    is_known = all(question.question in QUESTIONS for question in reading.questions)
    if not is_known or not (reading.questions or reading.decline):
        raise UnusableError("the language model read nothing that can be asked")
    return reading


async def _read_by(model: "ChatOpenAI", messages: list[tuple[str, str]], tally: Tally) -> ModelReading:
    """Read with one model; after a transient failure try again once."""
    try:
        return (await fill_form(model, ModelReading, list(messages), tally))[1]
    except FailedError as error:
        if not is_transient(error):
            raise
    await asyncio.sleep(_RETRY_SECONDS)
    return (await fill_form(model, ModelReading, list(messages), tally))[1]


def build_prompt(today: date, as_of: date, previous: dict[str, object] | None) -> str:
    """Return the system prompt; `previous` is the last question that was answered."""
    questions, fields = _describe_questions()
    return prompts.load_prompt("reading").render(
        today=day(today), as_of=day(as_of), questions=questions, fields=fields, most=MOST_QUESTIONS,
        previous=json.dumps(previous, ensure_ascii=False) if previous else "",
    )  # fmt: skip


@cache
def _describe_questions() -> tuple[list[tuple[str, str, str, str]], list[tuple[str, str, str]]]:
    """Return all questions with their fields, and all fields, once per meaning; the most common has the bare name."""
    questions = []
    meanings: dict[str, dict[tuple[str, str], list[str]]] = {}
    for name, question in QUESTIONS.items():
        fields = _asked_parameters(question)
        for parameter in fields:
            meaning = (parameter.description, ", ".join(parameter.schema.get("enum", ())))
            meanings.setdefault(parameter.name, {}).setdefault(meaning, []).append(name)
        names = ", ".join(f"{parameter.name}{'*' * parameter.required}" for parameter in fields)
        questions.append((name, names, question.summary, question.phrasings[0]))
    return questions, [
        (name if owners == max(owners_by_meaning.values(), key=len) else f"{name} of {', '.join(owners)}", *meaning)
        for name, owners_by_meaning in meanings.items()
        for meaning, owners in owners_by_meaning.items()
    ]


# ---- a check of the configured models; a server's words are not shown, as they may contain parts of the key


CHECK_SECONDS = 60.0
"""The most seconds for a call: a local model may have to be loaded first."""


@dataclass(frozen=True)
class ModelCheck:
    """The result of a call; with `missing` the rest works without the model."""

    state: Literal["well", "missing", "wrong"]
    text: str


async def check_models(settings: Settings, seconds: float = CHECK_SECONDS) -> list[ModelCheck]:
    """Check the model and its fallback; raises UsageError if none is set."""
    async with model_client() as client:
        checks = []
        for model in connect_models(settings, client, seconds=seconds):
            checks += await _check_model(model, seconds)
        return checks


async def _check_model(model: "ChatOpenAI", seconds: float) -> list[ModelCheck]:
    """Check whether a model answers, and if so whether it fills in forms."""
    checks: list[ModelCheck] = []
    for step, failure in (
        (_check_answer, ModelCheck("wrong", "does not answer")),
        (_check_reading, ModelCheck("missing", "fills in no forms")),
    ):
        try:
            result = await asyncio.wait_for(step(model), seconds)
        except UsageError as error:
            result = ModelCheck(failure.state, str(error))
        except Exception as error:  # of any layer below: provider, connection, parser
            result = ModelCheck(failure.state, f"{failure.text}: {failure_reason(error)}")
        checks.append(ModelCheck(result.state, f"{model.model_name} {result.text}"))
        if result.state == "wrong":
            break
    return checks


async def _check_answer(model: "ChatOpenAI") -> ModelCheck:
    began = time.monotonic()
    message = await model.ainvoke(prompts.load_prompt("hello").render())
    seconds = time.monotonic() - began
    if not message.text.strip():
        raise UsageError("answers without a word; see that it is a model for chat, or take another")
    time_text = f"answers in {seconds:.1f} s"
    if seconds > LIMITS.call:
        text = f"{time_text}, where a call has {LIMITS.call:g}; rules will answer until it is faster"
        return ModelCheck("missing", text)
    if message.usage_metadata is None:
        text = f"{time_text}, but its server counts no tokens, so each call is charged with the most that it can take"
        return ModelCheck("missing", text)
    return ModelCheck("well", time_text)


async def _check_reading(model: "ChatOpenAI") -> ModelCheck:
    """Read an easy question, as `ask` does."""
    today, example = utc_today(), GapQuestion.phrasings[0]
    messages = [("system", build_prompt(today, today, None)), ("human", example)]
    try:
        _, reading = await fill_form(model, ModelReading, messages, Tally())
    except UnusableError:
        raise UsageError(
            "fills in no forms, so rules read all questions and briefs come from templates; take a model that can"
        ) from None
    if [question.question for question in reading.questions] != [GapQuestion.name]:
        raise UsageError(f"fills in forms, but misreads “{example}”; take a better model")
    return ModelCheck("well", "reads questions and fills in forms (structured output)")
