"""Whether a language model is set, and why one gave nothing, as a clause for people.

No sentence here says what a server said, which may hold a key.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.settings import Settings


@dataclass(frozen=True)
class Limits:
    """Seconds that reading a text may take: one call where a second model stands in, and all calls."""

    call: float = 9.0
    whole: float = 17.0


LIMITS = Limits()


def is_set(settings: Settings) -> bool:
    """Whether there is a model to ask: one that is named, on a server of one's own or with a key."""
    return bool(settings.llm_model and (settings.llm_base_url or settings.openai_api_key))


# ---- failures

_CALL = "the language model's server refuses the call ({}); see that it knows chat completions with JSON schemas"
_KEY = "the language model's server refuses the key ({}); see OPENAI_API_KEY"
_ADDRESS = "see GAPBRIEF_LLM_BASE_URL, which mostly ends in /v1"
_BY_STATUS = {
    400: _CALL,
    401: _KEY,
    403: _KEY,
    404: f"the language model's server knows no such model or page ({{}}); see GAPBRIEF_LLM_MODEL; {_ADDRESS}",
    422: _CALL,
    429: "the language model was called too often, or its account has no credit ({}); look there, or try again later",
}


class FailedError(Exception):
    """A model did not do what it was called for, for a reason that is its server's or its own: a clause for people."""


class UnusableError(FailedError):
    """A model answered, and what it said is not whole, or can't be used."""


class FaultyError(FailedError):
    """A model filled in a form, and what it wrote does not hold: with another text it may do better."""


class RedirectError(FailedError):
    """A model's server leads on to another address: nothing is sent there."""


class SpentError(FailedError):
    """A model was not called: a day's budget has less left than the call may take; a sentence for people."""


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was made of: langchain's are of openai's, these of what the connection raised."""
    while error is not None:
        yield error
        error = error.__cause__


def why_failed(error: Exception) -> str:
    """Say why a call failed, and what to do where that is known; used by every face, so it names no server."""
    from openai import APIConnectionError, APITimeoutError

    status = getattr(error, "status_code", None)
    ours = next((each for each in causes(error) if isinstance(each, FailedError)), None)
    if ours is not None:
        return str(ours)
    if isinstance(error, TimeoutError | APITimeoutError):
        return "the language model did not answer in time"
    if isinstance(error, APIConnectionError):
        return "the language model can't be reached; see that it runs"
    if status is not None:
        return _BY_STATUS.get(status, "the language model failed ({})").format(status)
    return f"the language model gave no chat completion ({type(error).__name__}); {_ADDRESS}"
