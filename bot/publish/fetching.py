"""One page from the public web, read safely: what a stranger's address or server could do with us is refused.

Only http(s), without credentials; only public addresses, checked when a name is resolved and again for the very address
that is connected to, at each redirect anew; only text, so much of it, in so much time. No cookies, no proxy.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

import core
from bot.publish.public_addresses import is_public
from bot.response_body import PACKED, BodyError, bounded
from bot.settings import masked
from core.errors import UsageError
from core.words import quoted

SECONDS = 10.0
"""How long all of it may take, from the name to the last byte."""
MOST_REDIRECTS = 5
TYPES = ("text/html", "text/plain")
LONGEST_ADDRESS = 2000
_HEADERS = {
    "User-Agent": f"gapbrief/{core.__version__} (reads one article for a brief)",
    "Accept": ", ".join(TYPES),
    "Accept-Encoding": PACKED[0],
}
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.IGNORECASE)
_SHOWN = 80

AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]


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
        async with asyncio.timeout(seconds), session_to(may_reach, _HEADERS) as session:
            for _ in range(MOST_REDIRECTS + 1):
                found = await _get(session, url)
                if isinstance(found, Page):
                    return found
                url = found
    except TimeoutError:
        raise UsageError(f"{_said(url)} took longer than {seconds:g} seconds; try again, or give a file.") from None
    except aiohttp.ClientError as error:
        raise UsageError(f"{_said(url)} can't be read ({_reason(error)}); see if it opens in a browser.") from None
    raise UsageError(f"{_said(address)} leads on more than {MOST_REDIRECTS} times; give the page's own address.")


def read_address(text: str) -> URL:
    """Return the web address that is meant; raises UsageError for what is none, or holds a name and a password."""
    clean = text.strip()
    try:
        url = URL(clean)
        is_web = url.scheme in ("http", "https") and _is_host(url.host or "") and url.port is not None
    except ValueError:
        is_web = False
    if not is_web or len(clean) > LONGEST_ADDRESS or not clean.isprintable() or " " in clean or "\\" in clean:
        shown = re.sub(r"(//[^/]*/).+", r"\1…", masked(clean), flags=re.DOTALL)  # a webhook's path may be a secret
        raise UsageError(f"{_said(shown)} is no web address; give one that begins with https:// or http://.")
    if url.user is not None or url.password is not None or "@" in url.authority:
        raise UsageError("The address holds a name or a password; give one without.")
    return url.with_fragment(None)


def _is_host(host: str) -> bool:
    """Whether it is a name or an address as it is written today: no 127.1, no 0x7f000001, no 2130706433."""
    if not _NUMBERS.fullmatch(host):
        return bool(host)
    try:
        return bool(ipaddress.IPv4Address(host))
    except ValueError:
        return False


# ---- one request


def session_to(
    may_reach: Callable[[str], bool], headers: Mapping[str, str], time_out: aiohttp.ClientTimeout | None = None
) -> aiohttp.ClientSession:
    """Return what connects to addresses that may be reached alone; any other raises UsageError.

    It unpacks nothing, keeps no cookie, and knows no proxy and no password of this machine's.
    """
    connector = aiohttp.TCPConnector(
        resolver=_Resolver(may_reach),
        socket_factory=lambda info: _socket(info, may_reach),
        use_dns_cache=False,
        force_close=True,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=headers,
        timeout=time_out or aiohttp.ClientTimeout(),
        auto_decompress=False,
        trust_env=False,
    )


async def _get(session: aiohttp.ClientSession, url: URL) -> Page | URL:
    """Return a page, or the address that it leads on to."""
    async with session.get(url, allow_redirects=False) as response:
        if response.status in (301, 302, 303, 307, 308):
            onward = response.headers.get("Location", "")
            try:
                return read_address(str(url.join(URL(onward))))
            except ValueError:
                raise UsageError(f"{_said(url)} leads on to no web address; give another page.") from None
        if response.status != 200:
            raise UsageError(f"{_said(url)} answers with {response.status}; see if it opens in a browser.")
        if response.content_type not in TYPES:
            raise UsageError(f"{_said(url)} is {quoted(response.content_type)}, not a page of text; give an article.")
        packing = response.headers.get("Content-Encoding", "")
        try:
            content = b"".join([part async for part in bounded(response.content.iter_chunked(65536), packing)])
        except BodyError as error:
            raise UsageError(f"{_said(url)} {error}; give an article alone, or a file.") from None
        return Page(str(url), content, response.content_type == "text/html", response.charset)


# ---- where it may connect to


class _Resolver(AbstractResolver):
    """Finds the addresses of a name as the system does; one private address among them refuses the name."""

    def __init__(self, may_reach: Callable[[str], bool]) -> None:
        self._may_reach, self._system = may_reach, ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._system.resolve(host, port, family)
        for each in found:
            _check(each["host"], self._may_reach)
        return found

    async def close(self) -> None:
        await self._system.close()


def _socket(info: AddressInfo, may_reach: Callable[[str], bool]) -> socket.socket:
    """Make the socket for the very address that is connected to next, however it was found."""
    _check(str(info[4][0]), may_reach)
    made = socket.socket(info[0], info[1], info[2])
    made.setblocking(False)
    return made


def _check(address: str, may_reach: Callable[[str], bool]) -> None:
    if not may_reach(address):
        raise UsageError("The address leads into a private network; give a public one.")


def _said(url: URL | str) -> str:
    return quoted(str(url), _SHOWN)


def _reason(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "there is no such host"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "its certificate is not valid"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "it can't be reached"
    return "it does not answer as a web server does"
