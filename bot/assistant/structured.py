"""One structured call of a language model, through LangChain: a form filled in whole, with what it took."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from openai import (
    APIConnectionError,
    APITimeoutError,
    ContentFilterFinishReasonError,
    InternalServerError,
    LengthFinishReasonError,
)
from pydantic import BaseModel

from bot.assistant.failures import FailedError, FaultyError, UnusableError, why_failed
from bot.state.usage import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage
    from langchain_openai import ChatOpenAI

F = TypeVar("F", bound=BaseModel)
T = TypeVar("T")
_LETTERS_PER_TOKEN = 4
_LONGEST_NAME = 200


@dataclass
class Tally:
    """What calls used, also those that failed: the model called last, tokens read and said, how many calls."""

    model: str = ""
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

    Raises FailedError for a call that fails, UnusableError for what is no whole, filled-in form, and TimeoutError.
    """
    tally.model = model.model_name
    tally.calls += 1
    try:
        reply: Any = await model.with_structured_output(form, method="json_schema", include_raw=True).ainvoke(messages)
    except (TimeoutError, asyncio.CancelledError):  # its server may have read it all the same
        tally.read += sum(len(str(each)) for each in messages) // _LETTERS_PER_TOKEN
        raise
    except (LengthFinishReasonError, ContentFilterFinishReasonError) as error:
        usage = getattr(getattr(error, "completion", None), "usage", None)
        if usage is not None:
            tally.read += usage.prompt_tokens
            tally.said += usage.completion_tokens
        raise UnusableError("the language model gave no whole answer") from error
    except ValueError as error:  # what came is no JSON, or none of the form
        raise UnusableError("the language model gave no whole answer") from error
    except Exception as error:  # of any layer below: the provider's, the connection's, what can't be read
        raise FailedError(why_failed(error)) from error
    message, found = reply["raw"], reply["parsed"]
    if message.usage_metadata:
        tally.read += message.usage_metadata["input_tokens"]
        tally.said += message.usage_metadata["output_tokens"]
    finish = message.response_metadata.get("finish_reason")
    if finish != "stop" or not isinstance(found, form):
        raise UnusableError(f"the language model gave no whole answer ({finish or 'it was cut off'})")
    return message, found


async def by_first(models: "Sequence[ChatOpenAI]", step: "Callable[[ChatOpenAI], Awaitable[T]]", seconds: float) -> T:
    """Have something done by the first of some models that can, each but the last in so much time.

    Raises what the last one does, and FaultyError at once: another model would be no better.
    """
    *others, last = models
    for model in others:
        try:
            async with asyncio.timeout(seconds):
                return await step(model)
        except FaultyError:
            raise
        except (FailedError, TimeoutError):
            continue
    return await step(last)


def may_pass(error: FailedError) -> bool:
    """Whether a failure may be gone a moment later; a limit, a time-out or what we refuse is not."""
    cause = error.__cause__
    if cause is not None and isinstance(cause.__cause__, FailedError):
        return False
    return isinstance(cause, APIConnectionError | InternalServerError) and not isinstance(cause, APITimeoutError)
