"""What a publisher serves in pieces, joined to one file: a file for each result, models' pages, a table's pages."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import quote, urldefrag

from bot.refresh.downloading import MOST_BYTES, Downloaded, NotModified, NotThereError
from core.errors import DataError
from core.refresh.publishers import Listing

Fetch = Callable[..., Awaitable[Downloaded | NotModified]]
"""Downloads one file (`bot.refresh.downloading.download`)."""
Aside = Callable[..., Awaitable[Any]]
"""Does long work elsewhere than in the event loop: a worker's `do`, or `asyncio.to_thread`."""
_MOST_FILES = 1_000
_MOST_CARDS = 200
_MOST_PAGES = 50
_AT_ONCE = 4
_A_YEAR = timedelta(days=365)
_CARD = re.compile(r"https://huggingface\.co/([A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96})")
_OF_A_CARD = ("id", "private", "gated", "cardData", "siblings")
"""What is kept of a card: downloads, say, are others each hour."""


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
    got = await fetch(address, into, publisher=publisher, **({} if key else known))
    if isinstance(got, NotModified):
        return got
    choose = partial(_cards, key=key, today=today) if key else _wanted
    paths = await aside(choose, into, wanted, f"{publisher}: {address}")
    turns, n_bytes = asyncio.Semaphore(_AT_ONCE), 0

    async def one(path: str, place: Path) -> None:
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
                    group.create_task(one(path, place))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        await aside(_join_cards if key else _join_files, places, f"{publisher}: {wanted.address}", into)
    return Downloaded("", "") if key else got


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
    page = _read(place, where)
    page = page if isinstance(page, dict) else {}
    rows, of = page.get("rows"), page.get("num_rows_total")
    if not isinstance(rows, list) or not isinstance(of, int) or page.get("partial"):
        raise DataError(f"{where} is not a page of a whole table; see whether its format has changed.")
    _write(place, [row.get("row") if isinstance(row, dict) else None for row in rows])
    return len(rows), of


def _join_rows(places: Sequence[Path], where: str, into: Path) -> None:
    _write(into, [row for place in places for row in cast("list[object]", _read(place, where))])


def _join_files(places: Mapping[str, Path], where: str, into: Path) -> None:
    _write(into, {path: _read(place, where + quote(path)) for path, place in places.items()})


def _join_cards(places: Mapping[str, Path], where: str, into: Path) -> None:
    cards = {path: _read(place, where + quote(path)) for path, place in places.items()}
    known = {path: card if isinstance(card, dict) else None for path, card in cards.items()}
    _write(into, {path: card and {key: card.get(key) for key in _OF_A_CARD} for path, card in known.items()})


def _cards(place: Path, wanted: Listing, where: str, key: str, today: date) -> list[str]:
    """Return the wanted pages that the models of a year name, those of the newest models where there are many."""
    models = _read(place, where)
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


def _wanted(place: Path, wanted: Listing, where: str) -> list[str]:
    """Return the wanted paths of a git tree."""
    listing = _read(place, where)
    told = listing if isinstance(listing, dict) else {}
    tree = told.get("tree")
    if not isinstance(tree, list) or told.get("truncated"):
        raise DataError(f"{where} is not a whole list of files; see whether its format has changed.")
    named = (each.get("path") for each in tree if isinstance(each, dict) and each.get("type") == "blob")
    paths = sorted(path for path in named if isinstance(path, str) and _matches(path, wanted.paths))
    if not paths or len(paths) > _MOST_FILES:
        raise DataError(f"{where} lists {len(paths)} files of results; see whether its format has changed.")
    return paths


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    parts = PurePosixPath(path)
    return ".." not in parts.parts and any(
        len(parts.parts) == len(PurePosixPath(each).parts) and parts.match(each) for each in patterns
    )


def _read(place: Path, where: str) -> object:
    try:
        return json.loads(place.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where} is not JSON; see whether its format has changed.") from error


def _write(place: Path, content: object) -> None:
    place.write_text(json.dumps(content, indent=0), encoding="utf-8")
