"""What is read of a request, and responses: with a tag to ask whether they are still the same, and refusals.

Where more is asked for than can be done, work has turns, and who would wait long is told to come back.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from core.errors import DataError, GapbriefError, UsageError
from core.words import quote

FOR_NOW = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"
"""How long a response may be used without asking again."""
FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""What lets pages elsewhere use it."""
NO_PAGE = "There is no page at this address."
GONE = "This brief was withdrawn; don't quote it."
MCP = "/mcp"
"""The one address that is posted to: MCP clients send their messages there."""

RETRY_SECONDS = 2
BUSY = f"Too many requests at once; try again in {RETRY_SECONDS} s."


class NotFoundError(UsageError):
    """An address at which there is nothing."""


class BusyError(DataError):
    """More is asked for at once than can be done; it is only for now."""

    def __init__(self) -> None:
        super().__init__(BUSY)


def status_of(error: GapbriefError) -> int:
    """Return the status for an error."""
    if isinstance(error, NotFoundError):
        return 404
    return 422 if isinstance(error, UsageError) else 503


def query_of(request: Request) -> dict[str, str]:
    """Return the words of a query; raises UsageError where one is given twice."""
    words: dict[str, str] = {}
    for name, word in request.query_params.multi_items():
        if name in words:
            raise UsageError(f"The {quote(name)} is given twice; give it once.")
        words[name] = word
    return words


def reply(
    request: Request, body: str | bytes, media_type: str, *, cache: str = FOR_NOW, status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """Return a response, or only the word that nothing changed since it was last fetched."""
    content = body.encode() if isinstance(body, str) else body
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    fields = {"ETag": tag, "Cache-Control": cache, **(headers or {})}
    asked = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if status == 200 and (tag in asked or asked == ["*"]):
        return Response(status_code=304, headers=fields)
    return Response(content, status, fields, media_type)


def refusal(
    path: str, status: int, sentence: str, headers: dict[str, str] | None = None, suggestions: Iterable[str] = ()
) -> Response:
    """Say in a sentence why there is nothing to be had at a path: as text or, where JSON is, in the API's form."""
    fields = {"Cache-Control": "no-store", **FOR_ALL, **(headers or {})}
    if is_json(path):
        return JSONResponse({"error": sentence, "suggestions": list(suggestions)}, status, fields)
    return PlainTextResponse(f"{sentence}\n", status, fields)


def busy(path: str) -> Response:
    """Say that more is asked for than can be done, and when to come back; as little work as can be."""
    return refusal(path, 503, BUSY, {"Retry-After": str(RETRY_SECONDS)})


def unforeseen(ref: str) -> str:
    """Say that something failed, with the word by which it can be found in the log."""
    return f"Something went wrong here, and the error is logged. Try again later. (ref {ref})"


def is_json(path: str) -> bool:
    """Whether programs ask at a path, for JSON."""
    return path.startswith("/api/") or path.endswith(".json") or path == MCP


T = TypeVar("T")

_FEW, _SOON = 4, 1.0
"""Beside more requests than so few, one waits for long work for so many seconds."""
REQUESTS: "ContextVar[Turns | None]" = ContextVar("REQUESTS", default=None)
"""The turns of requests, where something is done for one of them; what is done ahead has none."""


class Turns:
    """So much work of a kind at a time; who finds `most` waiting, or has waited for `seconds`, is told to come back.

    `calm` is for work that takes long: where more requests are under way, none of them has such work begun.
    """

    def __init__(self, at_once: int, most: int, seconds: float, calm: int | None = None) -> None:
        self.most, self.seconds, self.calm = most, seconds, calm
        self._free = asyncio.Semaphore(at_once)
        self._waiting = self.taken = 0
        self._late: set[asyncio.Task[Any]] = set()

    async def do(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do work in a turn; raises BusyError where there is none in time, or it takes long and others ask meanwhile.

        Work that was begun goes on: who asks again finds it done.
        """
        requests = REQUESTS.get()
        doing = asyncio.create_task(self._done(work))
        if requests is None or requests.taken <= _FEW:
            return await doing
        done, _ = await asyncio.wait([doing], timeout=_SOON)
        if not done:
            self._late.add(doing)
            doing.add_done_callback(self._ended)
            raise BusyError
        return doing.result()

    async def _done(self, work: Callable[[], Awaitable[T]]) -> T:
        async with self.turn():
            return await work()

    def _ended(self, late: asyncio.Task[Any]) -> None:
        """Forget work that nobody waits for any more, and what it raised."""
        self._late.discard(late)
        _ = late.cancelled() or late.exception()

    @asynccontextmanager
    async def turn(self, since: float | None = None) -> AsyncIterator[None]:
        """Wait for a turn; raises BusyError where there is none in time.

        `since` is when the waiting began, by the monotonic clock: now unless it is given.
        """
        left = self.seconds - (0.0 if since is None else time.monotonic() - since)
        requests = REQUESTS.get()
        is_calm = self.calm is None or requests is None or requests.taken <= self.calm
        if left <= 0 or not is_calm or (self._free.locked() and self._waiting >= self.most):
            raise BusyError
        self._waiting += 1
        try:
            async with asyncio.timeout(left):
                await self._free.acquire()
        except TimeoutError:
            raise BusyError from None
        finally:
            self._waiting -= 1
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            self._free.release()
