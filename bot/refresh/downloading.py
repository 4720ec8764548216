"""One file of a publisher, downloaded safely and whole, or not at all; only where it changed since the last time.

A file appears in its place when its last byte is there. What passes by itself (a transfer that broke off, a server that
is busy) is tried again, later each time, within a time for the whole.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from yarl import URL

import core
from bot.guarded_session import MOST_REDIRECTS, NOT_REACHED, led_to, read_address, reason, retry_after, session_to
from bot.public_addresses import is_public
from bot.response_body import PACKED, BodyError, bounded
from core.errors import DataError, UsageError

MOST_BYTES = 20_000_000
"""Of one publisher, in one file or in many: what they serve today is under 3 MB."""
_USER_AGENT = f"gapbrief/{core.__version__} (reads published scores)"
_WEB_PAGES = ("text/html", "application/xhtml+xml")
_PAGE_BEGINS = (b"<!doctype", b"<html")
_NOT_THERE = (401, 404, 410)
"""Hugging Face answers with 401 where there is no such page."""
_MOVED = "see whether it has moved"
_LATER = "try again later"


@dataclass(frozen=True)
class Limits:
    """How much is read, how long a connection and all tries together may take, and how long the waits between them are.

    The wait before a further try is twice the last one, or what the server asks for where that is no longer than
    `longest_wait`.
    """

    n_bytes: int = MOST_BYTES
    seconds: float = 120.0
    connect_seconds: float = 10.0
    tries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 30.0


@dataclass(frozen=True)
class Downloaded:
    """A file is in its place; `etag` and `modified` are what to ask with the next time, "" where nothing is told."""

    etag: str
    modified: str


@dataclass(frozen=True)
class NotModified:
    """The file is as it was the last time: nothing was written."""


Progress = Callable[[int, int | None], None]
"""Is told how many bytes came, and of how many, where that is known."""
Reached = Callable[[str, bool], None]
"""Is told of a host, try by try, whether it could be connected to; what it raises ends the download."""


class NotThereError(DataError):
    """The server is there, and says that what was asked for is not."""


class _RefusedError(Exception):
    """What can't be used: the clause that says why, and what to do."""

    def __init__(self, why: str, kind: type[DataError] = DataError) -> None:
        super().__init__(why)
        self.kind = kind


class _AgainError(Exception):
    """What may pass by itself: the clause that says why, and for how many seconds the server asks."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


async def download(
    address: str,
    into: Path,
    *,
    publisher: str,
    etag: str | None = None,
    modified: str | None = None,
    may_reach: Callable[[str], bool] = is_public,
    limits: Limits = Limits(),
    progress: Progress = lambda _n, _of: None,
    reached: Reached = lambda _host, _is_reached: None,
) -> Downloaded | NotModified:
    """Download a file into a place, unless it is as `etag` and `modified` of the last time say.

    `may_reach` says of an IP address whether it may be connected to. Raises DataError, one sentence with the
    publisher's name, for what can't be downloaded, and leaves what was in the place as it was.
    """
    known = {"If-None-Match": etag, "If-Modified-Since": modified}
    asked = {"User-Agent": _USER_AGENT, "Accept-Encoding": PACKED[0], **{name: it for name, it in known.items() if it}}
    part, kind = into.with_name(f".{into.name}.part"), DataError
    try:
        time_out = aiohttp.ClientTimeout(connect=limits.connect_seconds)
        async with asyncio.timeout(limits.seconds), session_to(may_reach, asked, time_out) as session:
            return await _with_patience(session, read_address(address), into, part, limits, progress, reached)
    except TimeoutError:
        why = f"took longer than {limits.seconds:g} seconds; {_LATER}"
    except UsageError as error:  # whatever address it was, declared or led to
        why = f"can't be read ({str(error).partition(';')[0].rstrip('.')}); {_MOVED}"
    except _RefusedError as error:
        why, kind = str(error), error.kind
    except OSError as error:
        why = f"can't be kept in {into.parent} ({error.strerror}); make room there, or let gapbrief write to it"
    finally:
        part.unlink(missing_ok=True)
    raise kind(f"{publisher}: {address} {why}.")


async def _with_patience(
    session: aiohttp.ClientSession,
    url: URL,
    into: Path,
    part: Path,
    limits: Limits,
    progress: Progress,
    reached: Reached,
) -> Downloaded | NotModified:
    wait = limits.first_wait
    for n_left in reversed(range(limits.tries)):
        try:
            return await _try(session, url, into, part, limits, progress, reached)
        except _AgainError as error:
            if error.wait is not None and error.wait > limits.longest_wait:
                raise _RefusedError(f"{error} and asks to wait {error.wait:g} seconds; {_LATER}") from None
            if not n_left:
                raise _RefusedError(f"{error}, at the last of {limits.tries} tries too; {_LATER}") from None
            await asyncio.sleep(wait if error.wait is None else error.wait)
            wait *= 2
    raise AssertionError("there is at least one try")


async def _try(
    session: aiohttp.ClientSession,
    url: URL,
    into: Path,
    part: Path,
    limits: Limits,
    progress: Progress,
    reached: Reached,
) -> Downloaded | NotModified:
    """Ask once, through all redirects."""
    is_encrypted = url.scheme == "https"
    try:
        for _ in range(MOST_REDIRECTS + 1):
            async with session.get(url, allow_redirects=False) as response:
                reached(url.host or "", True)
                onward = led_to(response)
                if onward is None:
                    return await _take(response, into, part, limits, progress)
                if is_encrypted and onward.scheme != "https":
                    raise _RefusedError(f"leads on to an address without https; {_MOVED}")
                url = onward
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError) as error:
        raise _RefusedError(f"can't be read ({reason(error)}); {_LATER}") from None
    except aiohttp.ClientPayloadError:
        raise _AgainError("broke off in the middle") from None
    except aiohttp.ClientError as error:
        if isinstance(error, NOT_REACHED):
            reached(url.host or "", False)
        raise _AgainError(f"can't be read ({reason(error)})") from None
    raise _RefusedError(f"leads on more than {MOST_REDIRECTS} times; {_MOVED}")


async def _take(
    response: aiohttp.ClientResponse, into: Path, part: Path, limits: Limits, progress: Progress
) -> Downloaded | NotModified:
    """Write the body aside and put it in its place when it is whole."""
    headers, status = response.headers, response.status
    is_conditional = {"If-None-Match", "If-Modified-Since"} & set(response.request_info.headers)
    if status == 304 and is_conditional:
        return NotModified()
    if status == 429 or status >= 500:
        raise _AgainError(f"answers with {status}", retry_after(response, datetime.now(UTC)))
    if status != 200:
        raise _RefusedError(f"answers with {status}; {_MOVED}", NotThereError if status in _NOT_THERE else DataError)
    if response.content_type in _WEB_PAGES:
        raise _RefusedError(f"is a web page where data should be; {_MOVED}")
    if (response.content_length or 0) > limits.n_bytes:
        raise _RefusedError(f"is larger than {limits.n_bytes // 1_000_000} MB; {_MOVED}")
    try:
        with part.open("wb") as file:
            async for piece in bounded(
                _counted(response, progress), headers.get("Content-Encoding", ""), limits.n_bytes
            ):
                if file.tell() == 0 and piece.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_BEGINS):
                    raise _RefusedError(f"is a web page where data should be; {_MOVED}")
                file.write(piece)
    except BodyError as error:
        raise _RefusedError(f"{error}; {_MOVED}") from None
    part.replace(into)
    return Downloaded(headers.get("ETag", ""), headers.get("Last-Modified", ""))


async def _counted(response: aiohttp.ClientResponse, progress: Progress) -> AsyncIterator[bytes]:
    n_bytes = 0
    async for piece in response.content.iter_chunked(65536):
        n_bytes += len(piece)
        progress(n_bytes, response.content_length)
        yield piece
