"""One page from the public web, read safely: only text, so much of it, in so much time, at each redirect anew."""

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
"""How long all of it may take, from the name to the last byte."""
TYPES = ("text/html", "text/plain")
_HEADERS = {
    "User-Agent": f"gapbrief/{core.__version__} (reads one article for a brief)",
    "Accept": ", ".join(TYPES),
    "Accept-Encoding": GZIP_NAMES[0],
}


@dataclass(frozen=True)
class Page:
    """What was read, and from where after all redirects; `charset` is what its server says, if anything."""

    url: str
    content: bytes
    is_html: bool
    charset: str | None = None


async def fetch(address: str, *, may_reach: Callable[[str], bool] = is_public, seconds: float = SECONDS) -> Page:
    """Read a page; `may_reach` says of an IP address whether it may be connected to.

    Raises UsageError, with what to do, for an address that may not be read and for a page that is none.
    """
    url = read_address(address)
    try:
        async with asyncio.timeout(seconds), safe_session(may_reach, _HEADERS) as session:
            for _ in range(MOST_REDIRECTS + 1):
                found = await _get(session, url)
                if isinstance(found, Page):
                    return found
                url = found
    except TimeoutError:
        raise UsageError(f"{quote_url(url)} took longer than {seconds:g} seconds; try again, or give a file.") from None
    except aiohttp.ClientError as error:
        raise UsageError(f"{quote_url(url)} can't be read ({explain(error)}); see if it opens in a browser.") from None
    raise UsageError(f"{quote_url(address)} leads on more than {MOST_REDIRECTS} times; give the page's own address.")


async def _get(session: aiohttp.ClientSession, url: URL) -> Page | URL:
    """Return a page, or the address that it leads on to."""
    async with session.get(url, allow_redirects=False) as response:
        onward = redirect_target(response)
        if onward is not None:
            return onward
        if response.status != 200:
            raise UsageError(f"{quote_url(url)} answers with {response.status}; see if it opens in a browser.")
        if response.content_type not in TYPES:
            raise UsageError(
                f"{quote_url(url)} is {quote(response.content_type)}, not a page of text; give an article."
            )
        packing = response.headers.get("Content-Encoding", "")
        try:
            content = b"".join([part async for part in read_limited(response.content.iter_chunked(65536), packing)])
        except BodyError as error:
            raise UsageError(f"{quote_url(url)} {error}; give an article alone, or a file.") from None
        return Page(str(url), content, response.content_type == "text/html", response.charset)
