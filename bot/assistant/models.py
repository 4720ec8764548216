"""Whether a language model is set, and why one failed, as a clause for people.

No sentence quotes a server's words, which may contain a key.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.settings import Settings


@dataclass(frozen=True)
class Limits:
    """The most seconds to read a text: for one call if there is a fallback model, and for all calls."""

    call: float = 9.0
    total: float = 17.0


LIMITS = Limits()


HOW_TO_SET = "name one in GAPBRIEF_LLM_MODEL, and its server in GAPBRIEF_LLM_BASE_URL or its key in OPENAI_API_KEY."


def has_model(settings: Settings) -> bool:
    """Whether a model is set, with a server or a key."""
    return bool(settings.llm_model and (settings.llm_base_url or settings.openai_api_key))


# ---- failures

_BAD_CALL = "the language model's server refuses the call ({}); see that it knows chat completions with JSON schemas"
_BAD_KEY = "the language model's server refuses the key ({}); see OPENAI_API_KEY"
_CHECK_ADDRESS = "see GAPBRIEF_LLM_BASE_URL, which mostly ends in /v1"
_STATUS_REASONS = {
    400: _BAD_CALL,
    401: _BAD_KEY,
    403: _BAD_KEY,
    404: f"the language model's server knows no such model or page ({{}}); see GAPBRIEF_LLM_MODEL; {_CHECK_ADDRESS}",
    422: _BAD_CALL,
    429: "the language model was called too often, or its account has no credit ({}); look there, or try again later",
}


class FailedError(Exception):
    """A call failed because of the model or its server; the message is a clause for people."""


class UnusableError(FailedError):
    """A model's answer is incomplete or can't be used."""


class FaultyError(FailedError):
    """A model's form does not pass the checks; another text may succeed."""


class RedirectError(FailedError):
    """A model's server redirects to another address; nothing is sent there."""


class SpentError(FailedError):
    """A call would exceed the day's budget, so it was not made; the message is a sentence for people."""


def iterate_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes: LangChain's come from OpenAI's, these from the connection's."""
    while error is not None:
        yield error
        error = error.__cause__


def failure_reason(error: Exception) -> str:
    """Return why a call failed, and what to do if known; all faces show it, so it names no server."""
    from openai import APIConnectionError, APITimeoutError

    status = getattr(error, "status_code", None)
    own_error = next((cause for cause in iterate_causes(error) if isinstance(cause, FailedError)), None)
    if own_error is not None:
        return str(own_error)
    if isinstance(error, TimeoutError | APITimeoutError):
        return "the language model did not answer in time"
    if isinstance(error, APIConnectionError):
        return "the language model can't be reached; see that it runs"
    if status is not None:
        return _STATUS_REASONS.get(status, "the language model failed ({})").format(status)
    return f"the language model gave no chat completion ({type(error).__name__}); {_CHECK_ADDRESS}"
