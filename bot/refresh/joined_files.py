"""What a publisher serves in pieces, joined to one file: a repository's file for each result, a table's pages."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from bot.refresh.downloading import Downloaded, NotModified
from core.errors import DataError
from core.evidence.publishers import Listed

Fetch = Callable[..., Awaitable[Downloaded | NotModified]]
"""Downloads one file (`bot.refresh.downloading.download`)."""
_MOST_FILES = 1_000
_MOST_PAGES = 50
_MOST_BYTES = 20_000_000
_AT_ONCE = 4


async def download_listed(
    fetch: Fetch,
    address: str,
    wanted: Listed,
    into: Path,
    *,
    publisher: str,
    **known: Any,
) -> Downloaded | NotModified:
    """Download what is wanted of a listing into one file, {path: content}, unless the listing is as it was.

    A listing names the version of each file, so where it is as it was, they are too. `known` is what is told of the
    last time. Raises DataError, one sentence, where one can't be had or read.
    """
    got = await fetch(address, into, publisher=publisher, **known)
    if isinstance(got, NotModified):
        return got
    paths = _wanted(_read(into, f"{publisher}: {address}"), wanted, f"{publisher}: {address}")
    turns, left = asyncio.Semaphore(_AT_ONCE), _MOST_BYTES

    async def one(path: str, place: Path) -> object:
        nonlocal left
        where = wanted.each + quote(path)
        async with turns:
            await fetch(where, place, publisher=publisher)
        left -= place.stat().st_size
        if left < 0:
            raise DataError(f"{publisher}: what {address} lists is larger than {_MOST_BYTES // 1_000_000} MB.")
        return _read(place, f"{publisher}: {where}")

    with TemporaryDirectory(prefix="gapbrief-") as folder:
        try:
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(one(path, Path(folder, str(n)))) for n, path in enumerate(paths)]
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
    joined = {path: done.result() for path, done in zip(paths, asked, strict=True)}
    into.write_text(json.dumps(joined, indent=0), encoding="utf-8")
    return got


async def download_pages(
    fetch: Fetch, address: str, page: int, into: Path, *, publisher: str, **_known: Any
) -> Downloaded:
    """Download a table, so many rows a page, into one file, [row]: as Hugging Face serves the rows of a dataset.

    It says of no page whether it is as it was. Raises DataError, one sentence, where a page can't be had or read.
    """
    rows: list[object] = []
    where = f"{publisher}: {address}"
    for _ in range(_MOST_PAGES):
        await fetch(f"{address}&offset={len(rows)}&length={page}", into, publisher=publisher)
        told = _read(into, where)
        told = told if isinstance(told, dict) else {}
        found, of = told.get("rows"), told.get("num_rows_total")
        if not isinstance(found, list) or not isinstance(of, int) or told.get("partial"):
            raise DataError(f"{where} is not a page of a whole table; see whether its form has changed.")
        rows += [each.get("row") if isinstance(each, dict) else None for each in found]
        if not found or len(rows) >= of:
            break
    if len(rows) != of:
        raise DataError(f"{where} has {len(rows)} rows where it says {of}; try again later.")
    into.write_text(json.dumps(rows, indent=0), encoding="utf-8")
    return Downloaded("", "")


def _wanted(listing: object, wanted: Listed, where: str) -> list[str]:
    """Return the wanted paths of a git tree."""
    told = listing if isinstance(listing, dict) else {}
    tree = told.get("tree")
    if not isinstance(tree, list) or told.get("truncated"):
        raise DataError(f"{where} is not a whole list of files; see whether its form has changed.")
    named = (each.get("path") for each in tree if isinstance(each, dict) and each.get("type") == "blob")
    paths = sorted(path for path in named if isinstance(path, str) and _matches(path, wanted.paths))
    if not paths or len(paths) > _MOST_FILES:
        raise DataError(f"{where} lists {len(paths)} files of results; see whether its form has changed.")
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
        raise DataError(f"{where} is not JSON; see whether its form has changed.") from error
