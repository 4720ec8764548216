"""A trial of the language models that are set: one real call each for what gapbrief needs of them.

Nothing that a server says is shown: it may hold parts of the key.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from bot.assistant import prompts
from bot.assistant.models import LIMITS, models
from bot.schema import json_schema
from bot.settings import Settings
from core.errors import UsageError
from core.questions import QUESTIONS

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

PATIENCE = 60.0
"""Seconds that a call may take: a local model may have to be loaded first."""

_ADDRESS = "see GAPBRIEF_LLM_BASE_URL, which mostly ends in /v1"
_BY_STATUS = {
    400: "the server refuses the call; see that it knows chat completions with tools and JSON schemas",
    401: "the server refuses the key; see OPENAI_API_KEY",
    403: "the server refuses the key; see OPENAI_API_KEY, and what it may do",
    404: f"the server knows no such model or page; see GAPBRIEF_LLM_MODEL; {_ADDRESS}",
    422: "the server refuses the call; see that it knows chat completions with tools and JSON schemas",
    429: "there were too many calls, or the account has no credit; look there, or try again later",
}


@dataclass(frozen=True)
class Tried:
    """What came of a trial; `useful` is not well, but the rest works without it."""

    state: Literal["well", "useful", "wrong"]
    says: str


class Form(BaseModel):
    """A form to be filled in, as the brief's is."""

    title: str
    sentences: list[str]


async def trial(settings: Settings, patience: float = PATIENCE) -> list[Tried]:
    """Try the model and the one that stands in for it; raises UsageError where none is set."""
    from httpx2 import AsyncClient

    async with AsyncClient() as client:
        found = []
        for model in models(settings, seconds=patience, client=client):
            found += await _all(model, settings, patience)
        return found


async def _all(model: "ChatOpenAI", settings: Settings, patience: float) -> list[Tried]:
    """Try all of a model, or only whether it answers where it does not."""
    found: list[Tried] = []
    for number, step in enumerate((_hello, _tools, _form, _stream)):
        try:
            tried = await asyncio.wait_for(step(model), patience)
        except UsageError as error:
            tried = Tried("useful" if number else "wrong", str(error))
        except Exception as error:  # of any layer below: the provider's, the connection's, what can't be read
            tried = Tried("useful" if number else "wrong", f"{_DOES[step]}: {_why(error, settings, patience)}")
        found.append(Tried(tried.state, f"{model.model_name} {tried.says}"))
        if tried.state == "wrong":
            break
    return found


async def _hello(model: "ChatOpenAI") -> Tried:
    began = time.monotonic()
    message = await model.ainvoke(prompts.load("trial").render(step="hello"))
    seconds = time.monotonic() - began
    if not message.text.strip():
        raise UsageError("answers without a word; see that it is a model for chat, or take another")
    said = f"answers in {seconds:.1f} s"
    if seconds > LIMITS.call:
        return Tried("useful", f"{said}, where a call has {LIMITS.call:g}; rules will answer until it is faster")
    if message.usage_metadata is None:
        return Tried("useful", f"{said}, but its server counts no tokens, so the day's budgets are not kept")
    return Tried("well", said)


async def _tools(model: "ChatOpenAI") -> Tried:
    offered = [
        {"type": "function",
         "function": {"name": each.name, "description": each.summary, "parameters": json_schema(each)}}
        for each in QUESTIONS.values()
    ]  # fmt: skip
    message = await model.bind_tools(offered).ainvoke(prompts.load("trial").render(step="tools"))
    called = [call for call in getattr(message, "tool_calls", ()) if call["name"] in QUESTIONS]
    if not called:
        raise UsageError("calls no tools, so rules answer all questions; take a model that can")
    return Tried("well", "calls tools")


async def _form(model: "ChatOpenAI") -> Tried:
    asked = model.with_structured_output(Form, method="json_schema", include_raw=True)
    try:
        reply: Any = await asked.ainvoke(prompts.load("trial").render(step="form"))
    except ValueError:  # what came is none
        reply = {"parsed": None}
    if not isinstance(reply["parsed"], Form):
        raise UsageError("fills in no forms, so briefs come from templates; take a model that can")
    return Tried("well", "fills in forms (structured output)")


async def _stream(model: "ChatOpenAI") -> Tried:
    began, first, n_parts = time.monotonic(), 0.0, 0
    async for part in model.astream(prompts.load("trial").render(step="stream")):
        if part.text:
            n_parts += 1
            first = first or time.monotonic() - began
    if n_parts < 2:
        raise UsageError("does not stream; that is no matter, since words are shown when they are checked")
    return Tried("well", f"streams, its first word after {first:.1f} s")


_DOES: dict[Callable[["ChatOpenAI"], Awaitable[Tried]], str] = {
    _hello: "does not answer", _tools: "calls no tools", _form: "fills in no forms", _stream: "does not stream",
}  # fmt: skip


def _why(error: Exception, settings: Settings, patience: float) -> str:
    """Say why a call failed, and what to do."""
    from openai import APIConnectionError, APITimeoutError

    if isinstance(error, TimeoutError | APITimeoutError):
        return f"nothing came within {patience:g} s; try again when it is loaded, or take a smaller model"
    if isinstance(error, APIConnectionError):
        return f"the server at {settings.llm_base_url or 'api.openai.com'} can't be reached; see that it runs"
    status = getattr(error, "status_code", None)
    if status in _BY_STATUS:
        return f"{_BY_STATUS[status]} ({status})"
    if isinstance(status, int):
        return f"the server failed; see its log, or try again later ({status})"
    return f"what came back is no chat completion; {_ADDRESS} ({type(error).__name__})"
