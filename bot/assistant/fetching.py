"""Fetches one page from the public web, safely: only text, with limits on size and time, checked at each redirect."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from yarl import URL

import core
from bot.guarded_session import (
    MOST_REDIRECTS,
    explain,
    is_public,
    quote_url,
    read_address,
    redirect_target,
    safe_session,
)
from bot.response_body import GZIP_NAMES, BodyError, read_limited
from core.errors import UsageError
from core.words import quote

SECONDS = 10.0
"""The most seconds for a page, from the name's resolution to the last byte."""
PAGE_TYPES = ("text/html", "text/plain")
_HEADERS = {
    "User-Agent": f"gapbrief/{core.__version__} (reads one article for a brief)",
    "Accept": ", ".join(PAGE_TYPES),
    "Accept-Encoding": GZIP_NAMES[0],
}


@dataclass(frozen=True)
class Page:
    """A page with its address after all redirects; `charset` is its server's, if given."""

    url: str
    content: bytes
    is_html: bool
    charset: str | None = None


async def fetch_page(address: str, *, may_reach: Callable[[str], bool] = is_public, seconds: float = SECONDS) -> Page:
    """Fetch a page; `may_reach` decides whether an IP address may be connected to.

    Raises UsageError, with advice, for a forbidden address and for content that is no page.
    """
    url = read_address(address)
    try:
        async with asyncio.timeout(seconds), safe_session(may_reach, _HEADERS) as session:
            for _ in range(MOST_REDIRECTS + 1):
                result = await _fetch_once(session, url)
                if isinstance(result, Page):
                    return result
                url = result
    except TimeoutError:
        raise UsageError(f"{quote_url(url)} took longer than {seconds:g} seconds; try again, or give a file.") from None
    except aiohttp.ClientError as error:
        raise UsageError(f"{quote_url(url)} can't be read ({explain(error)}); see if it opens in a browser.") from None
    raise UsageError(f"{quote_url(address)} leads on more than {MOST_REDIRECTS} times; give the page's own address.")


async def _fetch_once(session: aiohttp.ClientSession, url: URL) -> Page | URL:
    """Return a page, or the address that it redirects to."""
    async with session.get(url, allow_redirects=False) as response:
        redirect = redirect_target(response)
        if redirect is not None:
            return redirect
        if response.status != 200:
            raise UsageError(f"{quote_url(url)} answers with {response.status}; see if it opens in a browser.")
        if response.content_type not in PAGE_TYPES:
            raise UsageError(
                f"{quote_url(url)} is {quote(response.content_type)}, not a page of text; give an article."
            )
        encoding = response.headers.get("Content-Encoding", "")
        try:
            content = b"".join([part async for part in read_limited(response.content.iter_chunked(65536), encoding)])
        except BodyError as error:
            raise UsageError(f"{quote_url(url)} {error}; give an article alone, or a file.") from None
        return Page(str(url), content, response.content_type == "text/html", response.charset)
