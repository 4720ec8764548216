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
    header = response.headers.get("Retry-After", "")
    if header.isascii() and header.isdecimal():
        return float(header)
    try:
        return max((parsedate_to_datetime(header) - now).total_seconds(), 0.0)
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
        results = await self._system.resolve(host, port, family)
        for result in results:
            _check(result["host"], self._may_reach)
        return results

    async def close(self) -> None:
        await self._system.close()


def _socket(info: AddressInfo, may_reach: Callable[[str], bool]) -> socket.socket:
    """Make the socket for the very address that is connected to next, however it was found."""
    _check(str(info[4][0]), may_reach)
    plain_socket = socket.socket(info[0], info[1], info[2])
    plain_socket.setblocking(False)
    return plain_socket


def _check(address: str, may_reach: Callable[[str], bool]) -> None:
    if not may_reach(address):
        raise UsageError("The address leads into a private network; give a public one.")


# ---- which addresses are public

# The networks that are not are those of IANA's special-purpose registries, each with its name there, and those that
# clouds give to their own machines. Also the few of the registries that are "globally reachable" are left out: they are
# for protocols, and nobody has a page there.

_NOT_PUBLIC_4 = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private use"),
    ("100.64.0.0/10", "shared address space; 100.100.100.200 is Alibaba Cloud's metadata"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "Azure's own services, reached from its machines alone; in no registry"),
    ("169.254.0.0/16", "link-local; 169.254.169.254 is most clouds' metadata"),
    ("172.16.0.0/12", "private use"),
    ("192.0.0.0/24", "protocols of the IETF; 192.0.0.192 is Oracle Cloud's metadata"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "6to4 relay anycast, deprecated"),
    ("192.168.0.0/16", "private use"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved, with limited broadcast"),
)
"""https://www.iana.org/assignments/iana-ipv4-special-registry, as updated on 22 October 2024; multicast beside it."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that IANA gives out of IPv6. Outside are loopback, local (fc00::/7), link-local, site-local (fec0::/10) and
multicast, segments of routes (5f00::/16), what is thrown away (100::/64), ::/96, ::ffff:0:0:0/96, and what is left."""

_NOT_PUBLIC_6 = (
    ("2001::/23", "protocols of the IETF, with Teredo (2001::/32) and benchmarking (2001:2::/48)"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4, deprecated"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
)
"""https://www.iana.org/assignments/iana-ipv6-special-registry, as updated on 22 October 2024: what is in 2000::/3."""

_CARRIERS = tuple(ipaddress.IPv6Network(each) for each in ("::ffff:0:0/96", "64:ff9b::/96"))
"""Their last four bytes are an IPv4 address that is connected to: how systems map these, and NAT64.

Every other network that carries one is refused: of old, of tunnels, or of a single network (64:ff9b:1::/48).
"""
_ISATAP = (0x00005EFE, 0x02005EFE)
"""What stands before an IPv4 address of a site's own tunnel, in any network (RFC 5214)."""

_REFUSED_4 = tuple(ipaddress.IPv4Network(network) for network, _ in _NOT_PUBLIC_4)
_REFUSED_6 = tuple(ipaddress.IPv6Network(network) for network, _ in _NOT_PUBLIC_6)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: none of a machine, a local network or a cloud's insides.

    One that carries an IPv4 address is as public as that. One with a zone, as in fe80::1%eth0, is of a local network.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _REFUSED_4)
    if ip.scope_id is not None:
        return False
    if any(ip in network for network in _CARRIERS):
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    is_tunnel = (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP
    return ip in _GLOBAL_UNICAST and not is_tunnel and not any(ip in network for network in _REFUSED_6)
