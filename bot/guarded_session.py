"""Requests to the public web, made safely: what a stranger's address or server could do with us is refused.

Only http(s), without credentials; only addresses that may be reached, checked when a name is resolved and again for the
very address that is connected to. No cookies, no proxy; a redirect is followed by who asks, who checks it anew.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.settings import masked
from core.errors import UsageError
from core.words import quote

LONGEST_ADDRESS = 2000
MOST_REDIRECTS = 5
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.IGNORECASE)
_SHOWN = 80
NOT_REACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""What there is no connection for."""

AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]


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
        raise UsageError(f"{said(shown)} is not a web address; give one that begins with https:// or http://.")
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


# ---- what came back


def led_to(response: aiohttp.ClientResponse) -> URL | None:
    """Return the address that a response leads on to, None where to none; raises UsageError for what is no address."""
    if response.status not in (301, 302, 303, 307, 308):
        return None
    try:
        return read_address(str(response.url.join(URL(response.headers.get("Location", "")))))
    except ValueError:
        raise UsageError(f"{said(response.url)} redirects to no web address; give another page.") from None


def retry_after(response: aiohttp.ClientResponse, now: datetime) -> float | None:
    """Return for how many seconds a Retry-After asks; None for what is neither a number nor a date."""
    given = response.headers.get("Retry-After", "")
    if given.isascii() and given.isdecimal():
        return float(given)
    try:
        return max((parsedate_to_datetime(given) - now).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def said(url: URL | str) -> str:
    """Quote an address for a sentence, cut where it is long."""
    return quote(str(url), _SHOWN)


def reason(error: aiohttp.ClientError) -> str:
    """Say in a clause why there is no response."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "there is no such host"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "its certificate is not valid"
    if isinstance(error, NOT_REACHED):
        return "it can't be reached"
    return "it does not answer like a web server"


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
