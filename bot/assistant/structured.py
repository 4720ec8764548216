"""One structured call of a language model, through LangChain: a form filled in whole, paid before it is made.

What a server says that a call took is taken only where it can be true.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from httpx2 import ConnectError, ConnectTimeout
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ContentFilterFinishReasonError,
    InternalServerError,
    LengthFinishReasonError,
)
from pydantic import BaseModel

from bot.assistant.failures import (
    FailedError,
    FaultyError,
    RedirectError,
    SpentError,
    UnusableError,
    causes,
    why_failed,
)
from bot.state.usage import Usage
from core.errors import DataError

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage
    from langchain_openai import ChatOpenAI

    from bot.assistant.budget import Reservation

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


async def filled_in(model: "ChatOpenAI", form: type[F], messages: list[Any], tally: Tally) -> "tuple[AnyMessage, F]":
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
        took = _took(reply["raw"].usage_metadata, "input_tokens", "output_tokens") or most
    except (LengthFinishReasonError, ContentFilterFinishReasonError) as error:
        usage = getattr(getattr(error, "completion", None), "usage", None)
        took = _took(vars(usage) if usage else None, "prompt_tokens", "completion_tokens") or most
        raise UnusableError("the language model gave no whole answer") from error
    except ValueError as error:  # what came is no JSON, or none of the form
        raise UnusableError("the language model gave no whole answer") from error
    except TimeoutError:
        raise
    except Exception as error:  # of any layer below: the provider's, the connection's, what can't be read
        took = (0, 0) if _was_not_done(error) else most
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


def _took(found: Mapping[str, object] | None, read: str, said: str) -> tuple[int, int] | None:
    """Return the tokens that a server says were read and said, None where it says none that can be."""
    match found and (found.get(read), found.get(said)):
        case (int(n_read), int(n_said)) if 0 < n_read <= MOST_TOKENS and 0 <= n_said <= MOST_TOKENS:
            return n_read, n_said
    return None


def _was_not_done(error: Exception) -> bool:
    """Whether a call was refused, or never sent: then it costs nothing."""
    if isinstance(error, APIStatusError):
        return error.status_code not in _UNKNOWN_STATUS
    return any(isinstance(each, ConnectError | ConnectTimeout | RedirectError) for each in causes(error))


async def _settle(held: "Reservation", tokens: int) -> None:
    try:
        await asyncio.to_thread(held.settle, tokens)
    except DataError as error:
        log.warning("what a call took could not be settled", reason=str(error))


async def by_first(models: "Sequence[ChatOpenAI]", step: "Callable[[ChatOpenAI], Awaitable[T]]", seconds: float) -> T:
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


def may_pass(error: FailedError) -> bool:
    """Whether a failure may be gone a moment later; a limit, a time-out or what we refuse is not."""
    cause = error.__cause__
    if any(isinstance(each, FailedError) for each in causes(cause)):
        return False
    return isinstance(cause, APIConnectionError | InternalServerError) and not isinstance(cause, APITimeoutError)
