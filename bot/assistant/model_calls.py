"""Calls of the language models of the settings, through LangChain: a form filled in whole, and paid before it is made.

What a server says that a call took is taken only where it can be true.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import structlog
from httpx2 import AsyncByteStream, AsyncClient, ConnectError, ConnectTimeout, Response
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ContentFilterFinishReasonError,
    DefaultAsyncHttpxClient,
    InternalServerError,
    LengthFinishReasonError,
)
from pydantic import BaseModel, SecretStr

from bot.assistant import prompts
from bot.assistant.budget import ANSWERED, FAILED, FALLBACK, Budget
from bot.assistant.models import (
    FailedError,
    FaultyError,
    RedirectError,
    SpentError,
    UnusableError,
    causes,
    is_set,
    why_failed,
)
from bot.response_body import GZIP_NAMES, BodyError, read_limited
from bot.settings import Settings
from bot.state.conversation_key import ConversationKey
from bot.state.usage import Usage
from core.errors import DataError, UsageError

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage
    from langchain_openai import ChatOpenAI

    from bot.assistant.budget import Reservation

CALL_SECONDS = 12.0
"""How long one read of a call may wait; whoever calls bounds the whole."""
ANSWER_TOKENS, _FORM_TOKENS = 1500, 4000
"""Tokens that a model may write in one call: to read a text, and for a form, with what it thinks before."""
_NO_TRACING = dict.fromkeys(
    ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"), "false"
)
"""What people ask goes to the model's server alone, whatever else of LangChain's is set on this machine."""


def connect_models(
    settings: Settings, client: AsyncClient | None = None, *, seconds: float = CALL_SECONDS, tokens: int = ANSWER_TOKENS
) -> "list[ChatOpenAI]":
    """Return the model and the one that stands in for it; raises UsageError where none is set.

    A read of theirs waits `seconds` and they write `tokens` tokens at most. `client` connects them, by default one of
    their own for one event loop. langchain is imported here, when first needed.
    """
    if not is_set(settings):
        raise UsageError(
            "No language model can be used; name one in GAPBRIEF_LLM_MODEL, and its server in GAPBRIEF_LLM_BASE_URL"
            " or its key in OPENAI_API_KEY."
        )
    os.environ.update(_NO_TRACING)
    from langchain.chat_models import init_chat_model

    names = [name for name in (settings.llm_model, settings.llm_fallback) if name]
    chats = (
        init_chat_model(
            name,
            model_provider="openai",
            base_url=settings.llm_base_url or "https://api.openai.com/v1",
            api_key=SecretStr(settings.openai_api_key or "none"),
            timeout=seconds,
            max_retries=0,  # openai's own would wait as long as retry-after says; ours ends with the deadline
            max_completion_tokens=tokens,
            stream_usage=True,
            use_responses_api=False,
            http_async_client=client or model_client(),
        )
        for name in names
    )
    return [cast("ChatOpenAI", model) for model in chats]


# ---- the connection: answers are read to a limit, and nobody is followed elsewhere


class _Bounded(AsyncByteStream):
    """A response's bytes, unpacked, and no more of them than a limit."""

    def __init__(self, stream: AsyncByteStream, packing: str) -> None:
        self._stream, self._packing = stream, packing

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in read_limited(self._stream, self._packing):
                yield part
        except BodyError as error:
            raise FailedError(f"what the language model's server sends {error}; see GAPBRIEF_LLM_BASE_URL") from None

    async def aclose(self) -> None:
        await self._stream.aclose()


def model_client() -> AsyncClient:
    """Return a client for one event loop.

    It raises FailedError for an answer that is too large, streamed or not, and for one that leads on: the key would go
    along. Whoever calls bounds the whole time.
    """
    return DefaultAsyncHttpxClient(headers={"Accept-Encoding": GZIP_NAMES[0]}, event_hooks={"response": [_bind]})


async def _bind(response: Response) -> None:
    if response.has_redirect_location:
        raise RedirectError(
            f"the language model's server leads on to another address ({response.status_code}), where the key would go"
            " too; if that is right, give it in GAPBRIEF_LLM_BASE_URL"
        )
    packing = response.headers.pop("Content-Encoding", "")
    response.stream = _Bounded(cast("AsyncByteStream", response.stream), packing)


# ---- one call


log = structlog.get_logger("gapbrief.assistant")

F = TypeVar("F", bound=BaseModel)
T = TypeVar("T")
_LONGEST_NAME = 200
MOST_TOKENS = 10_000_000
"""More than any model reads or says in one call."""
_UNKNOWN_STATUS = (408, 502, 504)
"""What a gateway says that lost patience with who took the call; any other status says that it was not done."""
_BYTES_PER_TOKEN = 2
"""Fewer than in any text of ours; of what a person wrote each byte may be a token."""


@dataclass
class Tally:
    """What calls used, also those that failed: the model called last, tokens read and said, how many calls.

    `reserve` charges a call before it is made; raises SpentError, or DataError where the state can't be used.
    """

    model: str = ""
    reserve: "Callable[[int], Reservation] | None" = None
    read: int = 0
    said: int = 0
    calls: int = 0
    began: float = field(default_factory=time.monotonic)

    def used(self, purpose: str, outcome: str, now: datetime) -> Usage:
        """Return what one text used up to now: for a purpose, such as answer or brief, and with what came of it."""
        day, seconds = now.astimezone(UTC).date(), time.monotonic() - self.began
        return Usage(day, purpose, self.model[:_LONGEST_NAME], outcome, 1, self.calls, self.read, self.said, seconds)


async def fill_form(model: "ChatOpenAI", form: type[F], messages: list[Any], tally: Tally) -> "tuple[AnyMessage, F]":
    """Call a model once; return its message and the form.

    Raises SpentError where that can't be paid, FailedError for a call that fails, UnusableError for what is no whole,
    filled-in form, TimeoutError, and DataError where the state can't be used.
    """
    most = (most_read(form, messages), model.max_tokens or 0)
    held = await asyncio.to_thread(tally.reserve, sum(most)) if tally.reserve else None
    tally.model = model.model_name
    tally.calls += 1
    took = most
    try:
        reply: Any = await model.with_structured_output(form, method="json_schema", include_raw=True).ainvoke(messages)
        took = _parse_usage(reply["raw"].usage_metadata, "input_tokens", "output_tokens") or most
    except (LengthFinishReasonError, ContentFilterFinishReasonError) as error:
        usage = getattr(getattr(error, "completion", None), "usage", None)
        took = _parse_usage(vars(usage) if usage else None, "prompt_tokens", "completion_tokens") or most
        raise UnusableError("the language model gave no whole answer") from error
    except ValueError as error:  # what came is no JSON, or none of the form
        raise UnusableError("the language model gave no whole answer") from error
    except TimeoutError:
        raise
    except Exception as error:  # of any layer below: the provider's, the connection's, what can't be read
        took = (0, 0) if _was_refused(error) else most
        raise FailedError(why_failed(error)) from error
    finally:
        tally.read, tally.said = tally.read + took[0], tally.said + took[1]
        if held is not None and took != most:  # else the charge stays
            await _settle(held, sum(took))
    message, found = reply["raw"], reply["parsed"]
    finish = message.response_metadata.get("finish_reason")
    if finish != "stop" or not isinstance(found, form):
        raise UnusableError(f"the language model gave no whole answer ({finish or 'it was cut off'})")
    return message, found


def most_read(form: type[BaseModel], messages: list[Any]) -> int:
    """Return the most tokens that a call can read: its messages, and the form that is to be filled in."""
    said = 0
    for each in messages:
        role, text = each if isinstance(each, tuple) else (each.type, str(each.content))
        said += len(text.encode()) // (_BYTES_PER_TOKEN if role == "system" else 1)
    return said + len(json.dumps(form.model_json_schema())) // _BYTES_PER_TOKEN


def _parse_usage(found: Mapping[str, object] | None, read: str, said: str) -> tuple[int, int] | None:
    """Return the tokens that a server says were read and said, None where it says none that can be."""
    match found and (found.get(read), found.get(said)):
        case (int(n_read), int(n_said)) if 0 < n_read <= MOST_TOKENS and 0 <= n_said <= MOST_TOKENS:
            return n_read, n_said
    return None


def _was_refused(error: Exception) -> bool:
    """Whether a call was refused, or never sent: then it costs nothing."""
    if isinstance(error, APIStatusError):
        return error.status_code not in _UNKNOWN_STATUS
    return any(isinstance(each, ConnectError | ConnectTimeout | RedirectError) for each in causes(error))


async def _settle(held: "Reservation", tokens: int) -> None:
    try:
        await asyncio.to_thread(held.settle, tokens)
    except DataError as error:
        log.warning("what a call took could not be settled", reason=str(error))


async def try_in_order(
    models: "Sequence[ChatOpenAI]", step: "Callable[[ChatOpenAI], Awaitable[T]]", seconds: float
) -> T:
    """Have something done by the first of some models that can, each but the last in so much time.

    Raises what the last one does, and FaultyError and SpentError at once: another model would be no better.
    """
    *others, last = models
    for model in others:
        try:
            async with asyncio.timeout(seconds):
                return await step(model)
        except (FaultyError, SpentError):
            raise
        except (FailedError, TimeoutError):
            continue
    return await step(last)


def is_transient(error: FailedError) -> bool:
    """Whether a failure may be gone a moment later; a limit, a time-out or what we refuse is not."""
    cause = error.__cause__
    if any(isinstance(each, FailedError) for each in causes(cause)):
        return False
    return isinstance(cause, APIConnectionError | InternalServerError) and not isinstance(cause, APITimeoutError)


# ---- a form for the background, such as a brief; never on an event loop


SECONDS = 45.0
"""How long all calls for one form may take."""
_REST_SECONDS = 600.0
"""How long a model that failed is not asked again."""


@dataclass
class FormModel:
    """Asks the models of the settings; one that failed has a rest. Safe to share between threads."""

    settings: Settings
    budget: Budget | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    seconds: float = SECONDS
    _rests_until: float = field(default=0.0, init=False)
    _stopped: bool = field(default=False, init=False)
    _running: dict["asyncio.Task[Any]", asyncio.AbstractEventLoop] = field(default_factory=dict, init=False)

    def stop(self) -> None:
        """Give up what is being filled in, in whatever thread: its `fill` raises CancelledError; no other begins."""
        self._stopped = True
        for task, loop in list(self._running.items()):
            with suppress(RuntimeError):  # it just ended
                loop.call_soon_threadsafe(task.cancel)

    def fill(
        self, form: type[F], messages: Sequence[tuple[str, str]], check: Callable[[F], list[str]], purpose: str,
        key: ConversationKey,
    ) -> tuple[F, str]:  # fmt: skip
        """Return a form in which `check` finds no fault, and the model that filled it in.

        Messages are pairs of a role and a text. Blocks for `seconds` at most. Raises FaultyError for a form that does
        not hold, any other FailedError where no model filled one in, and UsageError where none is set.
        """
        if self._stopped:
            raise asyncio.CancelledError
        now = self.clock()
        if time.monotonic() < self._rests_until:
            raise FailedError("the language model failed a moment ago")
        tally, outcome = Tally(reserve=partial(self.budget.reserve, key, now) if self.budget else None), FAILED
        try:
            found = asyncio.run(self._track(self._fill(form, messages, check, tally)))
            outcome = ANSWERED
        except FaultyError:
            outcome = FALLBACK
            raise
        except SpentError:
            raise FailedError("today's share of the language model is used up") from None
        except FailedError:
            self._rests_until = time.monotonic() + _REST_SECONDS
            raise
        finally:
            if self.budget and tally.calls:
                self.budget.count(tally.used(purpose, outcome, now))
        return found, tally.model

    async def _track(self, work: Coroutine[Any, Any, T]) -> T:
        """Do a piece of work so that `stop` can end it."""
        task = asyncio.current_task()
        if task is None:
            return await work
        self._running[task] = asyncio.get_running_loop()
        try:
            return await work
        finally:
            del self._running[task]

    async def _fill(
        self, form: type[F], messages: Sequence[tuple[str, str]], check: Callable[[F], list[str]], tally: Tally
    ) -> F:
        """Have the first of the models that can fill in a form, each in its part of the time."""

        async def step(model: "ChatOpenAI") -> F:
            return await _fill_and_mend(model, form, messages, check, tally)

        try:
            async with asyncio.timeout(self.seconds), model_client() as client:
                chats = connect_models(self.settings, client, seconds=self.seconds, tokens=_FORM_TOKENS)
                return await try_in_order(chats, step, self.seconds / len(chats))
        except TimeoutError:
            raise FailedError("the language model did not answer in time") from None


async def _fill_and_mend(
    model: "ChatOpenAI", form: type[F], messages: Sequence[tuple[str, str]], check: Callable[[F], list[str]],
    tally: Tally,
) -> F:  # fmt: skip
    """Have one model fill in a form, and mend it once."""
    said: list[Any] = list(messages)
    for _ in range(2):
        message, found = await fill_form(model, form, said, tally)
        faults = check(found)
        if not faults:
            return found
        said += [message, ("human", prompts.load("brief-repair").render(faults=faults))]
    raise FaultyError(f"the language model's words do not hold: {faults[0]}")
