"""Why a language model gave nothing, as a clause for people; nothing that a server says, which may hold a key."""

_KEY = frozenset({401, 403})


class FailedError(Exception):
    """A model did not do what it was called for, for a reason that is its server's or its own: a clause for people."""


class UnusableError(FailedError):
    """A model answered, and what it said is not whole, or can't be used."""


def why_failed(error: Exception) -> str:
    """Say why a call failed, and what to do where that is known; used by every face, so it names no address."""
    from openai import APIConnectionError, APITimeoutError

    status = getattr(error, "status_code", None)
    if isinstance(error, FailedError):
        return str(error)
    if isinstance(error, TimeoutError | APITimeoutError):
        return "the language model did not answer in time"
    if isinstance(error, APIConnectionError):
        return "the language model can't be reached; see that it runs"
    if status in _KEY:
        return f"the language model's server refuses the key ({status}); see OPENAI_API_KEY"
    return f"the language model failed ({status or type(error).__name__})"
