"""Queries, responses with ETags, refusals, and queues for work under load."""

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
"""Cache lifetimes of responses."""
FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Headers that allow use by other pages."""
NO_PAGE = "There is no page at this address."
GONE = "This brief was withdrawn; don't quote it."
MCP = "/mcp"
"""The only path that accepts POST."""

RETRY_SECONDS = 2
BUSY = f"Too many requests at once; try again in {RETRY_SECONDS} s."


class NotFoundError(UsageError):
    """Nothing exists at an address."""


class BusyError(DataError):
    """Temporary overload."""

    def __init__(self) -> None:
        super().__init__(BUSY)


def status_of(error: GapbriefError) -> int:
    """Return an error's HTTP status."""
    if isinstance(error, NotFoundError):
        return 404
    return 422 if isinstance(error, UsageError) else 503


def query_of(request: Request) -> dict[str, str]:
    """Parse a query; raises UsageError for a repeated name."""
    words: dict[str, str] = {}
    for name, word in request.query_params.multi_items():
        if name in words:
            raise UsageError(f"The {quote(name)} is given twice; give it once.")
        words[name] = word
    return words


def reply(
    request: Request, body: str | bytes, media_type: str, *, cache: str = FOR_NOW, headers: dict[str, str] | None = None
) -> Response:
    """Return a response with an ETag, or 304 if the client has the content."""
    content = body.encode() if isinstance(body, str) else body
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    fields = {"ETag": tag, "Cache-Control": cache, **(headers or {})}
    tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if tag in tags or tags == ["*"]:
        return Response(status_code=304, headers=fields)
    return Response(content, 200, fields, media_type)


def refusal(
    path: str, status: int, sentence: str, headers: dict[str, str] | None = None, suggestions: Iterable[str] = ()
) -> Response:
    """Return an error response with a sentence, as JSON on the API's paths, else as text."""
    fields = {"Cache-Control": "no-store", **FOR_ALL, **(headers or {})}
    if is_json(path):
        return JSONResponse({"error": sentence, "suggestions": list(suggestions)}, status, fields)
    return PlainTextResponse(f"{sentence}\n", status, fields)


def busy(path: str) -> Response:
    """Return the response to overload, with as little work as possible."""
    return refusal(path, 503, BUSY, {"Retry-After": str(RETRY_SECONDS)})


def unforeseen(ref: str) -> str:
    """Return the sentence for an unexpected error, with its log reference."""
    return f"Something went wrong here, and the error is logged. Try again later. (ref {ref})"


def is_json(path: str) -> bool:
    """Whether a path serves JSON to programs."""
    return path.startswith("/api/") or path.endswith(".json") or path == MCP


T = TypeVar("T")

_FEW, _SOON = 4, 1.0
"""With more than `_FEW` requests under way, each waits at most `_SOON` seconds for slow work."""
REQUESTS: "ContextVar[WorkQueue | None]" = ContextVar("REQUESTS", default=None)
"""The queue of requests while one of them is served; None for background work."""


class WorkQueue:
    """Limits concurrent work of a kind; refuses it if `most` already wait, or after `seconds`.

    Slow work has `calm`: it is refused while more requests than that are under way.
    """

    def __init__(self, at_once: int, most: int, seconds: float, calm: int | None = None) -> None:
        self.most, self.seconds, self.calm = most, seconds, calm
        self._free = asyncio.Semaphore(at_once)
        self._waiting = self.active = 0
        self._late: set[asyncio.Task[Any]] = set()

    async def do(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do work in a turn; raises BusyError without a turn in time, or if it is slow while others wait.

        Work under way continues, so a retry finds it done.
        """
        requests = REQUESTS.get()
        doing = asyncio.create_task(self._run(work))
        if requests is None or requests.active <= _FEW:
            return await doing
        done, _ = await asyncio.wait([doing], timeout=_SOON)
        if not done:
            self._late.add(doing)
            doing.add_done_callback(self._drop)
            raise BusyError
        return doing.result()

    async def _run(self, work: Callable[[], Awaitable[T]]) -> T:
        async with self.turn():
            return await work()

    def _drop(self, late: asyncio.Task[Any]) -> None:
        """Drop finished work that nobody waits for, and its error."""
        self._late.discard(late)
        _ = late.cancelled() or late.exception()

    @asynccontextmanager
    async def turn(self, since: float | None = None) -> AsyncIterator[None]:
        """Wait for a turn; raises BusyError if there is none in time.

        `since` is the monotonic time at which the waiting began, by default now.
        """
        left = self.seconds - (0.0 if since is None else time.monotonic() - since)
        requests = REQUESTS.get()
        is_calm = self.calm is None or requests is None or requests.active <= self.calm
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
        self.active += 1
        try:
            yield
        finally:
            self.active -= 1
            self._free.release()
