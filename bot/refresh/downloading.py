"""Publishers' files, each downloaded safely and completely, or not at all, and only if it changed.

A file appears in its place once it is complete. Transient failures (a broken transfer, a busy server) are retried with
growing waits within a total time. Data served in pieces (a file per result, models' pages, a table's pages) are joined
into one file.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import quote, urldefrag

import aiohttp
from yarl import URL

import core
from bot.guarded_session import (
    MOST_REDIRECTS,
    NOT_REACHED,
    explain,
    is_public,
    read_address,
    redirect_target,
    retry_after,
    safe_session,
)
from bot.response_body import GZIP_NAMES, BodyError, read_limited
from core.errors import DataError, UsageError
from core.refresh.publishers import Listing

MOST_BYTES = 20_000_000
"""Of one publisher, in one file or many; today's publishers serve under 3 MB."""
_USER_AGENT = f"gapbrief/{core.__version__} (reads published scores)"
_WEB_PAGES = ("text/html", "application/xhtml+xml")
_PAGE_BEGINS = (b"<!doctype", b"<html")
_MISSING_STATUSES = (401, 404, 410)
"""Hugging Face answers 401 for a missing page."""
_SEE_IF_MOVED = "see whether it has moved"
_TRY_LATER = "try again later"
_MOST_FILES = 1_000
_MOST_CARDS = 200
_MOST_PAGES = 50
_AT_ONCE = 4
_A_YEAR = timedelta(days=365)
_CARD = re.compile(r"https://huggingface\.co/([A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96})")
_CARD_FIELDS = ("id", "private", "gated", "cardData", "siblings")
"""The fields kept of a card; others, such as downloads, change every hour."""


@dataclass(frozen=True)
class DownloadLimits:
    """The size of a download, the time for a connection and for all tries, and the waits between tries.

    Each wait is twice the last one, or what the server asks for, up to `longest_wait`.
    """

    n_bytes: int = MOST_BYTES
    seconds: float = 120.0
    connect_seconds: float = 10.0
    tries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 30.0


@dataclass(frozen=True)
class Downloaded:
    """The file is in its place; `etag` and `modified` are for the next request, "" if the server sent none."""

    etag: str
    modified: str


@dataclass(frozen=True)
class NotModified:
    """The file has not changed: nothing was written."""


OnReach = Callable[[str, bool], None]
"""Called after each try with a host and whether it was reached; raising ends the download."""
Fetch = Callable[..., Awaitable[Downloaded | NotModified]]
"""Downloads one file, as `download` does."""
Offload = Callable[..., Awaitable[Any]]
"""Runs long work outside the event loop: a worker's `do`, or `asyncio.to_thread`."""


class NotThereError(DataError):
    """The server says that the file does not exist."""


class _RefusedError(Exception):
    """A permanent failure; the message is a clause with the reason and what to do."""

    def __init__(self, problem: str, kind: type[DataError] = DataError) -> None:
        super().__init__(problem)
        self.kind = kind


class _RetryError(Exception):
    """A transient failure; the message is a clause, `wait` the seconds that the server asks for."""

    def __init__(self, problem: str, wait: float | None = None) -> None:
        super().__init__(problem)
        self.wait = wait


async def download(
    address: str,
    into: Path,
    *,
    publisher: str,
    etag: str | None = None,
    modified: str | None = None,
    may_reach: Callable[[str], bool] = is_public,
    limits: DownloadLimits = DownloadLimits(),
    on_reach: OnReach = lambda _host, _is_reached: None,
) -> Downloaded | NotModified:
    """Download a file, unless it still has the last `etag` or `modified`.

    `may_reach` decides whether an IP address may be connected to. Raises DataError, one sentence with the publisher's
    name, if it can't be downloaded; an existing file then stays.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": GZIP_NAMES[0]}
    headers |= {name: value for name, value in conditions.items() if value}
    part, kind = into.with_name(f".{into.name}.part"), DataError
    try:
        time_out = aiohttp.ClientTimeout(connect=limits.connect_seconds)
        async with asyncio.timeout(limits.seconds), safe_session(may_reach, headers, time_out) as session:
            attempt = partial(_attempt, session, read_address(address), into, part, limits.n_bytes, on_reach)
            return await _retry(attempt, limits)
    except TimeoutError:
        problem = f"took longer than {limits.seconds:g} seconds; {_TRY_LATER}"
    except UsageError as error:  # of the declared address or a redirect
        problem = f"can't be read ({str(error).partition(';')[0].rstrip('.')}); {_SEE_IF_MOVED}"
    except _RefusedError as error:
        problem, kind = str(error), error.kind
    except OSError as error:
        problem = f"can't be kept in {into.parent} ({error.strerror}); make room there, or let gapbrief write to it"
    finally:
        part.unlink(missing_ok=True)
    raise kind(f"{publisher}: {address} {problem}.")


async def _retry(
    attempt: Callable[[], Awaitable[Downloaded | NotModified]], limits: DownloadLimits
) -> Downloaded | NotModified:
    wait = limits.first_wait
    for n_left in reversed(range(limits.tries)):
        try:
            return await attempt()
        except _RetryError as error:
            if error.wait is not None and error.wait > limits.longest_wait:
                raise _RefusedError(f"{error} and asks to wait {error.wait:g} seconds; {_TRY_LATER}") from None
            if not n_left:
                raise _RefusedError(f"{error}, at the last of {limits.tries} tries too; {_TRY_LATER}") from None
            await asyncio.sleep(wait if error.wait is None else error.wait)
            wait *= 2
    raise AssertionError("there is at least one try")


async def _attempt(
    session: aiohttp.ClientSession, url: URL, into: Path, part: Path, n_bytes: int, on_reach: OnReach
) -> Downloaded | NotModified:
    """Request the file once, following redirects."""
    is_encrypted = url.scheme == "https"
    try:
        for _ in range(MOST_REDIRECTS + 1):
            async with session.get(url, allow_redirects=False) as response:
                on_reach(url.host or "", True)
                onward = redirect_target(response)
                if onward is None:
                    return await _write_body(response, into, part, n_bytes)
                if is_encrypted and onward.scheme != "https":
                    raise _RefusedError(f"leads on to an address without https; {_SEE_IF_MOVED}")
                url = onward
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError) as error:
        raise _RefusedError(f"can't be read ({explain(error)}); {_TRY_LATER}") from None
    except aiohttp.ClientPayloadError:
        raise _RetryError("broke off in the middle") from None
    except aiohttp.ClientError as error:
        if isinstance(error, NOT_REACHED):
            on_reach(url.host or "", False)
        raise _RetryError(f"can't be read ({explain(error)})") from None
    raise _RefusedError(f"leads on more than {MOST_REDIRECTS} times; {_SEE_IF_MOVED}")


async def _write_body(
    response: aiohttp.ClientResponse, into: Path, part: Path, n_bytes: int
) -> Downloaded | NotModified:
    """Write the body to a temporary file, and put it in its place once complete."""
    headers, status = response.headers, response.status
    is_conditional = {"If-None-Match", "If-Modified-Since"} & set(response.request_info.headers)
    if status == 304 and is_conditional:
        return NotModified()
    if status == 429 or status >= 500:
        raise _RetryError(f"answers with {status}", retry_after(response, datetime.now(UTC)))
    if status != 200:
        kind = NotThereError if status in _MISSING_STATUSES else DataError
        raise _RefusedError(f"answers with {status}; {_SEE_IF_MOVED}", kind)
    if response.content_type in _WEB_PAGES:
        raise _RefusedError(f"is a web page where data should be; {_SEE_IF_MOVED}")
    if (response.content_length or 0) > n_bytes:
        raise _RefusedError(f"is larger than {n_bytes // 1_000_000} MB; {_SEE_IF_MOVED}")
    try:
        with part.open("wb") as file:
            chunks = response.content.iter_chunked(65536)
            async for piece in read_limited(chunks, headers.get("Content-Encoding", ""), n_bytes):
                if file.tell() == 0 and piece.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_BEGINS):
                    raise _RefusedError(f"is a web page where data should be; {_SEE_IF_MOVED}")
                file.write(piece)
    except BodyError as error:
        raise _RefusedError(f"{error}; {_SEE_IF_MOVED}") from None
    part.replace(into)
    return Downloaded(headers.get("ETag", ""), headers.get("Last-Modified", ""))


async def download_listed(
    fetch: Fetch,
    address: str,
    wanted: Listing,
    into: Path,
    *,
    publisher: str,
    offload: Offload,
    today: date,
    **conditions: Any,
) -> Downloaded | NotModified:
    """Download the wanted files of a listing into one file, {path: content}, unless the listing is unchanged.

    A repository's listing names each file's version, so an unchanged listing means unchanged files. A table of models
    says nothing about their pages; a missing page is None. `conditions` are the last version headers; the models of the
    year up to `today` count. Raises DataError, one sentence, if anything else can't be downloaded or read.
    """
    key = urldefrag(address).fragment
    listing = await fetch(address, into, publisher=publisher, **({} if key else conditions))
    if isinstance(listing, NotModified):
        return listing
    choose = partial(_choose_cards, key=key, today=today) if key else _choose_paths
    paths = await offload(choose, into, wanted, f"{publisher}: {address}")
    slots, n_bytes = asyncio.Semaphore(_AT_ONCE), 0

    async def download_path(path: str, file: Path) -> None:
        nonlocal n_bytes
        async with slots:
            try:
                await fetch(wanted.address + quote(path), file, publisher=publisher)
            except NotThereError:
                if not key:
                    raise
                file.write_text("null", encoding="utf-8")
        n_bytes += file.stat().st_size
        _check_size(n_bytes, f"{publisher}: what {address} lists")

    with TemporaryDirectory(prefix="gapbrief-") as folder:
        files = {path: Path(folder, str(n)) for n, path in enumerate(paths)}
        try:
            async with asyncio.TaskGroup() as group:
                for path, file in files.items():
                    group.create_task(download_path(path, file))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        await offload(_join_cards if key else _join_files, files, f"{publisher}: {wanted.address}", into)
    return Downloaded("", "") if key else listing


async def download_pages(
    fetch: Fetch, address: str, page: int, into: Path, *, publisher: str, offload: Offload, **_conditions: Any
) -> Downloaded:
    """Download a table in pages of `page` rows into one file, [row], as Hugging Face serves a dataset's rows.

    Pages have no version headers. Raises DataError, one sentence, if a page can't be downloaded or read.
    """
    label = f"{publisher}: {address}"
    n_rows = n_bytes = n_declared = 0
    with TemporaryDirectory(prefix="gapbrief-") as folder:
        files: list[Path] = []
        while len(files) < _MOST_PAGES:
            files.append(file := Path(folder, str(len(files))))
            await fetch(f"{address}&offset={n_rows}&length={page}", file, publisher=publisher)
            n_bytes += file.stat().st_size
            _check_size(n_bytes, label)
            n_new, n_declared = await offload(_keep_rows, file, label)
            n_rows += n_new
            if not n_new or n_rows >= n_declared:
                break
        if n_rows != n_declared:
            raise DataError(f"{label} has {n_rows} rows where it says {n_declared}; try again later.")
        await offload(_join_rows, files, label, into)
    return Downloaded("", "")


def _check_size(n_bytes: int, label: str) -> None:
    if n_bytes > MOST_BYTES:
        raise DataError(f"{label} is larger than {MOST_BYTES // 1_000_000} MB; see whether its format has changed.")


def _keep_rows(file: Path, label: str) -> tuple[int, int]:
    """Reduce a page's file to its rows; return their number, and the number that the table declares."""
    page = _read_json(file, label)
    page = page if isinstance(page, dict) else {}
    rows, n_declared = page.get("rows"), page.get("num_rows_total")
    if not isinstance(rows, list) or not isinstance(n_declared, int) or page.get("partial"):
        raise DataError(f"{label} is not a page of a whole table; see whether its format has changed.")
    _write_json(file, [row.get("row") if isinstance(row, dict) else None for row in rows])
    return len(rows), n_declared


def _join_rows(files: Sequence[Path], label: str, into: Path) -> None:
    _write_json(into, [row for file in files for row in cast("list[object]", _read_json(file, label))])


def _join_files(files: Mapping[str, Path], label: str, into: Path) -> None:
    _write_json(into, {path: _read_json(file, label + quote(path)) for path, file in files.items()})


def _join_cards(files: Mapping[str, Path], label: str, into: Path) -> None:
    cards = {path: _read_json(file, label + quote(path)) for path, file in files.items()}
    pages = {path: card if isinstance(card, dict) else None for path, card in cards.items()}
    _write_json(into, {path: page and {key: page.get(key) for key in _CARD_FIELDS} for path, page in pages.items()})


def _choose_cards(file: Path, wanted: Listing, label: str, key: str, today: date) -> list[str]:
    """Return the wanted pages named by the models of a year, limited to the newest models."""
    models = _read_json(file, label)
    if not isinstance(models, dict):
        raise DataError(f"{label} is not a list of models; see whether its format has changed.")
    days: dict[str, str] = {}
    for model in models.values():
        pages, day = (model.get(key), model.get("release_date")) if isinstance(model, dict) else (None, None)
        if isinstance(pages, list) and isinstance(day, str) and str(today - _A_YEAR) <= day <= str(today):
            urls = (page.get("url") for page in pages if isinstance(page, dict))
            paths = [card[1] for url in urls if isinstance(url, str) and (card := _CARD.fullmatch(url))]
            days |= {path: max(day, days.get(path, "")) for path in paths if _matches_any(path, wanted.paths)}
    if not days:
        raise DataError(f"{label} names no page of a model of the last year; see whether its format has changed.")
    return sorted(sorted(days), key=lambda path: days[path], reverse=True)[:_MOST_CARDS]


def _choose_paths(file: Path, wanted: Listing, label: str) -> list[str]:
    """Return the wanted paths of a git tree."""
    listing = _read_json(file, label)
    listing = listing if isinstance(listing, dict) else {}
    tree = listing.get("tree")
    if not isinstance(tree, list) or listing.get("truncated"):
        raise DataError(f"{label} is not a whole list of files; see whether its format has changed.")
    blobs = (entry.get("path") for entry in tree if isinstance(entry, dict) and entry.get("type") == "blob")
    paths = sorted(path for path in blobs if isinstance(path, str) and _matches_any(path, wanted.paths))
    if not paths or len(paths) > _MOST_FILES:
        raise DataError(f"{label} lists {len(paths)} files of results; see whether its format has changed.")
    return paths


def _matches_any(path: str, patterns: tuple[str, ...]) -> bool:
    parts = PurePosixPath(path)
    return ".." not in parts.parts and any(
        len(parts.parts) == len(PurePosixPath(pattern).parts) and parts.match(pattern) for pattern in patterns
    )


def _read_json(file: Path, label: str) -> object:
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{label} is not JSON; see whether its format has changed.") from error


def _write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, indent=0), encoding="utf-8")
