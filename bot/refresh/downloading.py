"""Files of publishers, each downloaded safely and whole, or not at all; only where it changed since the last time.

A file appears in its place when its last byte is there. What passes by itself (a transfer that broke off, a server that
is busy) is tried again, later each time, within a time for the whole. What a publisher serves in pieces is joined to
one file: a file for each result, models' pages, a table's pages.
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
    is_public,
    led_to,
    read_address,
    reason,
    retry_after,
    session_to,
)
from bot.response_body import PACKED, BodyError, bounded
from core.errors import DataError, UsageError
from core.refresh.publishers import Listing

MOST_BYTES = 20_000_000
"""Of one publisher, in one file or in many: what they serve today is under 3 MB."""
_USER_AGENT = f"gapbrief/{core.__version__} (reads published scores)"
_WEB_PAGES = ("text/html", "application/xhtml+xml")
_PAGE_BEGINS = (b"<!doctype", b"<html")
_NOT_THERE = (401, 404, 410)
"""Hugging Face answers with 401 where there is no such page."""
_MOVED = "see whether it has moved"
_LATER = "try again later"
_MOST_FILES = 1_000
_MOST_CARDS = 200
_MOST_PAGES = 50
_AT_ONCE = 4
_A_YEAR = timedelta(days=365)
_CARD = re.compile(r"https://huggingface\.co/([A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96})")
_OF_A_CARD = ("id", "private", "gated", "cardData", "siblings")
"""What is kept of a card: downloads, say, are others each hour."""


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


Reached = Callable[[str, bool], None]
"""Is told of a host, try by try, whether it could be connected to; what it raises ends the download."""
Fetch = Callable[..., Awaitable[Downloaded | NotModified]]
"""Downloads one file, as `download` does."""
Aside = Callable[..., Awaitable[Any]]
"""Does long work elsewhere than in the event loop: a worker's `do`, or `asyncio.to_thread`."""


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
    reached: Reached = lambda _host, _is_reached: None,
) -> Downloaded | NotModified:
    """Download a file into a place, unless it is as `etag` and `modified` of the last time say.

    `may_reach` says of an IP address whether it may be connected to. Raises DataError, one sentence with the
    publisher's name, for what can't be downloaded, and leaves what was in the place as it was.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": PACKED[0]}
    headers |= {name: value for name, value in conditions.items() if value}
    part, kind = into.with_name(f".{into.name}.part"), DataError
    try:
        time_out = aiohttp.ClientTimeout(connect=limits.connect_seconds)
        async with asyncio.timeout(limits.seconds), session_to(may_reach, headers, time_out) as session:
            attempt = partial(_try, session, read_address(address), into, part, limits.n_bytes, reached)
            return await _try_patiently(attempt, limits)
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


async def _try_patiently(
    attempt: Callable[[], Awaitable[Downloaded | NotModified]], limits: Limits
) -> Downloaded | NotModified:
    wait = limits.first_wait
    for n_left in reversed(range(limits.tries)):
        try:
            return await attempt()
        except _AgainError as error:
            if error.wait is not None and error.wait > limits.longest_wait:
                raise _RefusedError(f"{error} and asks to wait {error.wait:g} seconds; {_LATER}") from None
            if not n_left:
                raise _RefusedError(f"{error}, at the last of {limits.tries} tries too; {_LATER}") from None
            await asyncio.sleep(wait if error.wait is None else error.wait)
            wait *= 2
    raise AssertionError("there is at least one try")


async def _try(
    session: aiohttp.ClientSession, url: URL, into: Path, part: Path, n_bytes: int, reached: Reached
) -> Downloaded | NotModified:
    """Ask once, through all redirects."""
    is_encrypted = url.scheme == "https"
    try:
        for _ in range(MOST_REDIRECTS + 1):
            async with session.get(url, allow_redirects=False) as response:
                reached(url.host or "", True)
                onward = led_to(response)
                if onward is None:
                    return await _write_body(response, into, part, n_bytes)
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


async def _write_body(
    response: aiohttp.ClientResponse, into: Path, part: Path, n_bytes: int
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
    if (response.content_length or 0) > n_bytes:
        raise _RefusedError(f"is larger than {n_bytes // 1_000_000} MB; {_MOVED}")
    try:
        with part.open("wb") as file:
            chunks = response.content.iter_chunked(65536)
            async for piece in bounded(chunks, headers.get("Content-Encoding", ""), n_bytes):
                if file.tell() == 0 and piece.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_BEGINS):
                    raise _RefusedError(f"is a web page where data should be; {_MOVED}")
                file.write(piece)
    except BodyError as error:
        raise _RefusedError(f"{error}; {_MOVED}") from None
    part.replace(into)
    return Downloaded(headers.get("ETag", ""), headers.get("Last-Modified", ""))


async def download_listed(
    fetch: Fetch,
    address: str,
    wanted: Listing,
    into: Path,
    *,
    publisher: str,
    aside: Aside,
    today: date,
    **known: Any,
) -> Downloaded | NotModified:
    """Download what is wanted of a listing into one file, {path: content}, unless the listing is as it was.

    A repository's listing names the version of each file, so where it is as it was, they are too; a table of models
    says nothing of their pages, of which one that is gone is None. `known` is what is told of the last time, `today`
    ends the year whose models count. Raises DataError, one sentence, where anything else can't be had or read.
    """
    key = urldefrag(address).fragment
    listing = await fetch(address, into, publisher=publisher, **({} if key else known))
    if isinstance(listing, NotModified):
        return listing
    choose = partial(_choose_cards, key=key, today=today) if key else _choose_paths
    paths = await aside(choose, into, wanted, f"{publisher}: {address}")
    turns, n_bytes = asyncio.Semaphore(_AT_ONCE), 0

    async def download_path(path: str, place: Path) -> None:
        nonlocal n_bytes
        async with turns:
            try:
                await fetch(wanted.address + quote(path), place, publisher=publisher)
            except NotThereError:
                if not key:
                    raise
                place.write_text("null", encoding="utf-8")
        n_bytes += place.stat().st_size
        _refuse_more(n_bytes, f"{publisher}: what {address} lists")

    with TemporaryDirectory(prefix="gapbrief-") as folder:
        places = {path: Path(folder, str(n)) for n, path in enumerate(paths)}
        try:
            async with asyncio.TaskGroup() as group:
                for path, place in places.items():
                    group.create_task(download_path(path, place))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        await aside(_join_cards if key else _join_files, places, f"{publisher}: {wanted.address}", into)
    return Downloaded("", "") if key else listing


async def download_pages(
    fetch: Fetch, address: str, page: int, into: Path, *, publisher: str, aside: Aside, **_known: Any
) -> Downloaded:
    """Download a table, so many rows a page, into one file, [row]: as Hugging Face serves the rows of a dataset.

    It says of no page whether it is as it was. Raises DataError, one sentence, where a page can't be had or read.
    """
    where = f"{publisher}: {address}"
    n_rows = n_bytes = of = 0
    with TemporaryDirectory(prefix="gapbrief-") as folder:
        places: list[Path] = []
        while len(places) < _MOST_PAGES:
            places.append(place := Path(folder, str(len(places))))
            await fetch(f"{address}&offset={n_rows}&length={page}", place, publisher=publisher)
            n_bytes += place.stat().st_size
            _refuse_more(n_bytes, where)
            n_new, of = await aside(_keep_rows, place, where)
            n_rows += n_new
            if not n_new or n_rows >= of:
                break
        if n_rows != of:
            raise DataError(f"{where} has {n_rows} rows where it says {of}; try again later.")
        await aside(_join_rows, places, where, into)
    return Downloaded("", "")


def _refuse_more(n_bytes: int, what: str) -> None:
    if n_bytes > MOST_BYTES:
        raise DataError(f"{what} is larger than {MOST_BYTES // 1_000_000} MB; see whether its format has changed.")


def _keep_rows(place: Path, where: str) -> tuple[int, int]:
    """Leave only the rows of a page in its place; return how many they are, and how many the table has."""
    page = _read_json(place, where)
    page = page if isinstance(page, dict) else {}
    rows, of = page.get("rows"), page.get("num_rows_total")
    if not isinstance(rows, list) or not isinstance(of, int) or page.get("partial"):
        raise DataError(f"{where} is not a page of a whole table; see whether its format has changed.")
    _write_json(place, [row.get("row") if isinstance(row, dict) else None for row in rows])
    return len(rows), of


def _join_rows(places: Sequence[Path], where: str, into: Path) -> None:
    _write_json(into, [row for place in places for row in cast("list[object]", _read_json(place, where))])


def _join_files(places: Mapping[str, Path], where: str, into: Path) -> None:
    _write_json(into, {path: _read_json(place, where + quote(path)) for path, place in places.items()})


def _join_cards(places: Mapping[str, Path], where: str, into: Path) -> None:
    cards = {path: _read_json(place, where + quote(path)) for path, place in places.items()}
    pages = {path: card if isinstance(card, dict) else None for path, card in cards.items()}
    _write_json(into, {path: page and {key: page.get(key) for key in _OF_A_CARD} for path, page in pages.items()})


def _choose_cards(place: Path, wanted: Listing, where: str, key: str, today: date) -> list[str]:
    """Return the wanted pages that the models of a year name, those of the newest models where there are many."""
    models = _read_json(place, where)
    if not isinstance(models, dict):
        raise DataError(f"{where} is not a list of models; see whether its format has changed.")
    days: dict[str, str] = {}
    for model in models.values():
        pages, day = (model.get(key), model.get("release_date")) if isinstance(model, dict) else (None, None)
        if isinstance(pages, list) and isinstance(day, str) and str(today - _A_YEAR) <= day <= str(today):
            urls = (page.get("url") for page in pages if isinstance(page, dict))
            paths = [card[1] for url in urls if isinstance(url, str) and (card := _CARD.fullmatch(url))]
            days |= {path: max(day, days.get(path, "")) for path in paths if _matches(path, wanted.paths)}
    if not days:
        raise DataError(f"{where} names no page of a model of the last year; see whether its format has changed.")
    return sorted(sorted(days), key=lambda path: days[path], reverse=True)[:_MOST_CARDS]


def _choose_paths(place: Path, wanted: Listing, where: str) -> list[str]:
    """Return the wanted paths of a git tree."""
    listing = _read_json(place, where)
    listing = listing if isinstance(listing, dict) else {}
    tree = listing.get("tree")
    if not isinstance(tree, list) or listing.get("truncated"):
        raise DataError(f"{where} is not a whole list of files; see whether its format has changed.")
    blobs = (entry.get("path") for entry in tree if isinstance(entry, dict) and entry.get("type") == "blob")
    paths = sorted(path for path in blobs if isinstance(path, str) and _matches(path, wanted.paths))
    if not paths or len(paths) > _MOST_FILES:
        raise DataError(f"{where} lists {len(paths)} files of results; see whether its format has changed.")
    return paths


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    parts = PurePosixPath(path)
    return ".." not in parts.parts and any(
        len(parts.parts) == len(PurePosixPath(pattern).parts) and parts.match(pattern) for pattern in patterns
    )


def _read_json(place: Path, where: str) -> object:
    try:
        return json.loads(place.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where} is not JSON; see whether its format has changed.") from error


def _write_json(place: Path, content: object) -> None:
    place.write_text(json.dumps(content, indent=0), encoding="utf-8")
