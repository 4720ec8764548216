"""The words of an address's query."""

from starlette.requests import Request

from core.errors import UsageError
from core.words import quoted


def one_each(request: Request) -> dict[str, str]:
    """Return the words of a query; raises UsageError where one is given twice."""
    words: dict[str, str] = {}
    for name, word in request.query_params.multi_items():
        if name in words:
            raise UsageError(f"The {quoted(name)} is given twice; give it once.")
        words[name] = word
    return words
