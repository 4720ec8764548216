"""Calls of the configured language models, through LangChain: they fill in forms, and are charged in advance.

A server's token counts are only used if they are plausible.
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
    HOW_TO_SET,
    FailedError,
    FaultyError,
    RedirectError,
    SpentError,
    UnusableError,
    failure_reason,
    has_model,
    iterate_causes,
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
"""The most seconds for one read of a call; the caller limits the whole call."""
ANSWER_TOKENS, _FORM_TOKENS = 1500, 4000
"""The most tokens that a model may write in one call: to read a text, and for a form with its reasoning."""
_NO_TRACING = dict.fromkeys(
    ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"), "false"
)
"""LangChain's tracing is off, so that questions only go to the model's server."""


def connect_models(
    settings: Settings, client: AsyncClient | None = None, *, seconds: float = CALL_SECONDS, tokens: int = ANSWER_TOKENS
) -> "list[ChatOpenAI]":
    """Return the model and its fallback; raises UsageError if none is set.

    Each waits at most `seconds` for a read, and writes at most `tokens`. Each uses `client`, by default its own, for
    one event loop. LangChain is imported here, on first use.
    """
    if not has_model(settings):
        raise UsageError(f"No language model can be used; {HOW_TO_SET}")
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
            max_retries=0,  # openai's retries would wait as long as retry-after says, beyond our deadline
            max_completion_tokens=tokens,
            stream_usage=True,
            use_responses_api=False,
            http_async_client=client or model_client(),
        )
        for name in names
    )
    return [cast("ChatOpenAI", model) for model in chats]


# ---- the connection: answers are limited, and redirects are refused


class _Bounded(AsyncByteStream):
    """A response's unpacked bytes, up to a limit."""

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

    It raises FailedError for a large answer, streamed or not, and for a redirect, which would get the key. The caller
    limits the time.
    """
    return DefaultAsyncHttpxClient(headers={"Accept-Encoding": GZIP_NAMES[0]}, event_hooks={"response": [_limit_body]})


async def _limit_body(response: Response) -> None:
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
"""More than any model reads or writes in one call."""
_UNKNOWN_STATUS = (408, 502, 504)
"""A gateway's status after a time-out, when the call may have been made; with others it was not."""
_BYTES_PER_TOKEN = 2
"""Fewer than in any of our texts; in a person's text each byte may be a token."""


@dataclass
class Tally:
    """The usage of calls, failed ones included: the last model, tokens read and written, number of calls.

    `reserve` charges a call before it is made; raises SpentError, or DataError if the state can't be used.
    """

    model: str = ""
    reserve: "Callable[[int], Reservation] | None" = None
    tokens_in: int = 0
    tokens_out: int = 0
    calls: int = 0
    began: float = field(default_factory=time.monotonic)

    def usage(self, purpose: str, outcome: str, now: datetime) -> Usage:
        """Return the usage up to now, for a purpose such as answer or brief, with its outcome."""
        day, seconds = now.astimezone(UTC).date(), time.monotonic() - self.began
        model = self.model[:_LONGEST_NAME]
        return Usage(day, purpose, model, outcome, 1, self.calls, self.tokens_in, self.tokens_out, seconds)


async def fill_form(model: "ChatOpenAI", form: type[F], messages: list[Any], tally: Tally) -> "tuple[AnyMessage, F]":
    """Call a model once; return its message and the form.

    Raises SpentError if the budget is too small, FailedError if the call fails, UnusableError for an incomplete form,
    TimeoutError, and DataError if the state can't be used.
    """
    most_charge = (most_input_tokens(form, messages), model.max_tokens or 0)
    reservation = await asyncio.to_thread(tally.reserve, sum(most_charge)) if tally.reserve else None
    tally.model = model.model_name
    tally.calls += 1
    charge = most_charge
    try:
        reply: Any = await model.with_structured_output(form, method="json_schema", include_raw=True).ainvoke(messages)
        charge = _parse_usage(reply["raw"].usage_metadata, "input_tokens", "output_tokens") or most_charge
    except (
        LengthFinishReasonError,
        ContentFilterFinishReasonError,
        ValueError,
    ) as error:  # cut off, or not of this form
        usage = getattr(getattr(error, "completion", None), "usage", None)
        charge = _parse_usage(vars(usage) if usage else None, "prompt_tokens", "completion_tokens") or most_charge
        raise UnusableError("the language model gave no whole answer") from error
    except TimeoutError:
        raise
    except Exception as error:  # of any layer below: provider, connection, parser
        charge = (0, 0) if _is_free(error) else most_charge
        raise FailedError(failure_reason(error)) from error
    finally:
        tally.tokens_in, tally.tokens_out = tally.tokens_in + charge[0], tally.tokens_out + charge[1]
        if reservation is not None and charge != most_charge:  # else the charge stays
            await _settle_charge(reservation, sum(charge))
    message, filled_form = reply["raw"], reply["parsed"]
    finish = message.response_metadata.get("finish_reason")
    if finish != "stop" or not isinstance(filled_form, form):
        raise UnusableError(f"the language model gave no whole answer ({finish or 'it was cut off'})")
    return message, filled_form


def most_input_tokens(form: type[BaseModel], messages: list[Any]) -> int:
    """Return the most tokens that a call can read: its messages and the form's schema."""
    tokens = 0
    for message in messages:
        role, text = message if isinstance(message, tuple) else (message.type, str(message.content))
        tokens += len(text.encode()) // (_BYTES_PER_TOKEN if role == "system" else 1)
    return tokens + len(json.dumps(form.model_json_schema())) // _BYTES_PER_TOKEN


def _parse_usage(fields: Mapping[str, object] | None, input_name: str, output_name: str) -> tuple[int, int] | None:
    """Return the tokens read and written, as the server counts them; None if they are missing or implausible."""
    match fields and (fields.get(input_name), fields.get(output_name)):
        case (int(n_read), int(n_said)) if 0 < n_read <= MOST_TOKENS and 0 <= n_said <= MOST_TOKENS:
            return n_read, n_said
    return None


def _is_free(error: Exception) -> bool:
    """Whether a failed call costs nothing, as it was refused or never sent."""
    if isinstance(error, APIStatusError):
        return error.status_code not in _UNKNOWN_STATUS
    return any(isinstance(cause, ConnectError | ConnectTimeout | RedirectError) for cause in iterate_causes(error))


async def _settle_charge(reservation: "Reservation", tokens: int) -> None:
    try:
        await asyncio.to_thread(reservation.settle, tokens)
    except DataError as error:
        log.warning("what a call took could not be settled", reason=str(error))


async def try_in_order(
    models: "Sequence[ChatOpenAI]", step: "Callable[[ChatOpenAI], Awaitable[T]]", seconds: float
) -> T:
    """Try a step with each model in order; all but the last have `seconds`. Return the first result.

    Raises the last one's error, but FaultyError and SpentError at once, as another model would be no better.
    """
    *earlier_models, last = models
    for model in earlier_models:
        try:
            async with asyncio.timeout(seconds):
                return await step(model)
        except (FaultyError, SpentError):
            raise
        except (FailedError, TimeoutError):
            continue
    return await step(last)


def is_transient(error: FailedError) -> bool:
    """Whether another try may succeed at once; not after a rate limit, a time-out or our own refusal."""
    cause = error.__cause__
    if any(isinstance(cause, FailedError) for cause in iterate_causes(cause)):
        return False
    return isinstance(cause, APIConnectionError | InternalServerError) and not isinstance(cause, APITimeoutError)


# ---- a form in the background, such as a brief; never on an event loop


SECONDS = 45.0
"""The most seconds for all calls for one form."""
_REST_SECONDS = 600.0
"""How long failed models are not called."""


@dataclass
class FormModel:
    """Fills in forms with the configured models; pauses after a failure. Safe to share between threads."""

    settings: Settings
    budget: Budget | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    seconds: float = SECONDS
    _rests_until: float = field(default=0.0, init=False)
    _stopped: bool = field(default=False, init=False)
    _running: dict["asyncio.Task[Any]", asyncio.AbstractEventLoop] = field(default_factory=dict, init=False)

    def stop(self) -> None:
        """Cancel all forms in all threads: each `fill` raises CancelledError, now and later."""
        self._stopped = True
        for task, loop in list(self._running.items()):
            with suppress(RuntimeError):  # its loop has just closed
                loop.call_soon_threadsafe(task.cancel)

    def fill(
        self, form: type[F], messages: Sequence[tuple[str, str]], check: Callable[[F], list[str]], purpose: str,
        key: ConversationKey,
    ) -> tuple[F, str]:  # fmt: skip
        """Return a form in which `check` finds no fault, and the name of its model.

        Messages are pairs of a role and a text. Blocks for at most `seconds`. Raises FaultyError for a form with
        faults, another FailedError if no model filled one in, and UsageError if no model is set.
        """
        if self._stopped:
            raise asyncio.CancelledError
        now = self.clock()
        if time.monotonic() < self._rests_until:
            raise FailedError("the language model failed a moment ago")
        tally, outcome = Tally(reserve=partial(self.budget.reserve, key, now) if self.budget else None), FAILED
        try:
            filled_form = asyncio.run(self._track(self._fill(form, messages, check, tally)))
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
                self.budget.count_usage(tally.usage(purpose, outcome, now))
        return filled_form, tally.model

    async def _track(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work that `stop` can cancel."""
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
        """Fill in a form with the first model that can; each has an equal part of the time."""

        async def step(model: "ChatOpenAI") -> F:
            return await _fill_and_correct(model, form, messages, check, tally)

        try:
            async with asyncio.timeout(self.seconds), model_client() as client:
                chats = connect_models(self.settings, client, seconds=self.seconds, tokens=_FORM_TOKENS)
                return await try_in_order(chats, step, self.seconds / len(chats))
        except TimeoutError:
            raise FailedError("the language model did not answer in time") from None


async def _fill_and_correct(
    model: "ChatOpenAI", form: type[F], messages: Sequence[tuple[str, str]], check: Callable[[F], list[str]],
    tally: Tally,
) -> F:  # fmt: skip
    """Fill in a form with one model, which may correct its faults once."""
    talk: list[Any] = list(messages)
    for _ in range(2):
        message, filled_form = await fill_form(model, form, talk, tally)
        faults = check(filled_form)
        if not faults:
            return filled_form
        talk += [message, ("human", prompts.load_prompt("brief-repair").render(faults=faults))]
    raise FaultyError(f"the language model's words do not hold: {faults[0]}")
