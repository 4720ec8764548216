"""A check of the language models that are set: one real call each for what gapbrief needs of them.

Nothing that a server says is shown: it may hold parts of the key.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.answers import utc_today
from bot.assistant import model_reader, prompts
from bot.assistant.failures import UnusableError, why_failed
from bot.assistant.models import LIMITS, models
from bot.assistant.structured import Tally, filled_in
from bot.settings import Settings
from core.errors import UsageError
from core.questions import GapQuestion

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

PATIENCE = 60.0
"""Seconds that a call may take: a local model may have to be loaded first."""


@dataclass(frozen=True)
class ModelCheck:
    """What came of a call; `missing` is not well, but the rest works without it."""

    state: Literal["well", "missing", "wrong"]
    says: str


async def check(settings: Settings, patience: float = PATIENCE) -> list[ModelCheck]:
    """Try the model and the one that stands in for it; raises UsageError where none is set."""
    from bot.assistant.model_client import model_client

    async with model_client() as client:
        found = []
        for model in models(settings, client, seconds=patience):
            found += await _all(model, patience)
        return found


async def _all(model: "ChatOpenAI", patience: float) -> list[ModelCheck]:
    """Try all of a model, or only whether it answers where it does not."""
    found: list[ModelCheck] = []
    for step, failed in (
        (_hello, ModelCheck("wrong", "does not answer")),
        (_read, ModelCheck("missing", "fills in no forms")),
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


async def _hello(model: "ChatOpenAI") -> ModelCheck:
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


async def _read(model: "ChatOpenAI") -> ModelCheck:
    """Have it read a question that it can't miss, as `ask` does."""
    today, example = utc_today(), GapQuestion.phrasings[0]
    messages = [("system", model_reader.prompt(today, today, None)), ("human", example)]
    try:
        _, reading = await filled_in(model, model_reader.ModelReading, messages, Tally())
    except UnusableError:
        raise UsageError(
            "fills in no forms, so rules read all questions and briefs come from templates; take a model that can"
        ) from None
    if [each.question for each in reading.questions] != [GapQuestion.name]:
        raise UsageError(f"fills in forms, but misreads “{example}”; take a better model")
    return ModelCheck("well", "reads questions and fills in forms (structured output)")
