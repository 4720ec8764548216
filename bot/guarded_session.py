"""Safe requests to addresses and servers of strangers on the public web.

Only http(s) without credentials; only reachable addresses, checked when a name is resolved and again when connecting.
No cookies, no proxy; callers follow redirects themselves and check each one.
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

from bot.settings import mask
from core.errors import UsageError
from core.words import quote

LONGEST_ADDRESS = 2000
MOST_REDIRECTS = 5
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.IGNORECASE)
_LONGEST_QUOTE = 80
NOT_REACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""The errors without a connection."""

AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]


def read_address(text: str) -> URL:
    """Parse a web address; raises UsageError for an invalid one, or one with a name or a password."""
    clean = text.strip()
    try:
        url = URL(clean)
        is_web = url.scheme in ("http", "https") and _is_host(url.host or "") and url.port is not None
    except ValueError:
        is_web = False
    if not is_web or len(clean) > LONGEST_ADDRESS or not clean.isprintable() or " " in clean or "\\" in clean:
        safe_text = re.sub(r"(//[^/]*/).+", r"\1…", mask(clean), flags=re.DOTALL)  # a webhook's path may be a secret
        raise UsageError(f"{quote_url(safe_text)} is not a web address; give one that begins with https:// or http://.")
    if url.user is not None or url.password is not None or "@" in url.authority:
        raise UsageError("The address holds a name or a password; give one without.")
    return url.with_fragment(None)


def _is_host(host: str) -> bool:
    """Whether it is a name or a standard address: no 127.1, no 0x7f000001, no 2130706433."""
    if not _NUMBERS.fullmatch(host):
        return bool(host)
    try:
        return bool(ipaddress.IPv4Address(host))
    except ValueError:
        return False


def safe_session(
    may_reach: Callable[[str], bool], headers: Mapping[str, str], time_out: aiohttp.ClientTimeout | None = None
) -> aiohttp.ClientSession:
    """Return a session that connects only to addresses that `may_reach` allows; any other raises UsageError.

    It unpacks nothing, keeps no cookies, and uses none of this machine's proxies and passwords.
    """
    connector = aiohttp.TCPConnector(
        resolver=_Resolver(may_reach),
        socket_factory=lambda info: _make_socket(info, may_reach),
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


# ---- responses


def redirect_target(response: aiohttp.ClientResponse) -> URL | None:
    """Return the address that a response redirects to, if any; raises UsageError for an invalid address."""
    if response.status not in (301, 302, 303, 307, 308):
        return None
    try:
        return read_address(str(response.url.join(URL(response.headers.get("Location", "")))))
    except ValueError:
        raise UsageError(f"{quote_url(response.url)} redirects to no web address; give another page.") from None


def retry_after(response: aiohttp.ClientResponse, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header; None if it is neither a number nor a date."""
    header = response.headers.get("Retry-After", "")
    if header.isascii() and header.isdecimal():
        return float(header)
    try:
        return max((parsedate_to_datetime(header) - now).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def quote_url(url: URL | str) -> str:
    """Quote an address for a sentence, shortened."""
    return quote(str(url), _LONGEST_QUOTE)


def explain(error: aiohttp.ClientError) -> str:
    """Explain in a clause why there is no response."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "there is no such host"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "its certificate is not valid"
    if isinstance(error, NOT_REACHED):
        return "it can't be reached"
    return "it does not answer like a web server"


# ---- connections


class _Resolver(AbstractResolver):
    """Resolves names as the system does; a name with any private address is refused."""

    def __init__(self, may_reach: Callable[[str], bool]) -> None:
        self._may_reach, self._system = may_reach, ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        results = await self._system.resolve(host, port, family)
        for result in results:
            _check_ip(result["host"], self._may_reach)
        return results

    async def close(self) -> None:
        await self._system.close()


def _make_socket(info: AddressInfo, may_reach: Callable[[str], bool]) -> socket.socket:
    """Make the socket after checking the address that it connects to, however it was found."""
    _check_ip(str(info[4][0]), may_reach)
    plain_socket = socket.socket(info[0], info[1], info[2])
    plain_socket.setblocking(False)
    return plain_socket


def _check_ip(address: str, may_reach: Callable[[str], bool]) -> None:
    if not may_reach(address):
        raise UsageError("The address leads into a private network; give a public one.")


# ---- public addresses

# Not public are the networks in IANA's special-purpose registries, each with its name there, and those that clouds give
# to their own machines; even the few "globally reachable" ones, which are for protocols and have no pages.

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
"""https://www.iana.org/assignments/iana-ipv4-special-registry, as updated on 22 October 2024, and multicast."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that IANA gives out of IPv6. Outside are loopback, local (fc00::/7), link-local, site-local (fec0::/10) and
multicast, segments of routes (5f00::/16), discarded ones (100::/64), ::/96, ::ffff:0:0:0/96, and the rest."""

_NOT_PUBLIC_6 = (
    ("2001::/23", "protocols of the IETF, with Teredo (2001::/32) and benchmarking (2001:2::/48)"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4, deprecated"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
)
"""https://www.iana.org/assignments/iana-ipv6-special-registry, as updated on 22 October 2024, within 2000::/3."""

_IPV4_CARRIERS = tuple(ipaddress.IPv6Network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96"))
"""Addresses that end in an IPv4 address to connect to: mapped ones, and NAT64.

All other networks with embedded IPv4 addresses are refused: obsolete ones, tunnels, local ones (64:ff9b:1::/48).
"""
_ISATAP = (0x00005EFE, 0x02005EFE)
"""The bytes before an IPv4 address of a site's own tunnel, in any network (RFC 5214)."""

_REFUSED_4 = tuple(ipaddress.IPv4Network(network) for network, _ in _NOT_PUBLIC_4)
_REFUSED_6 = tuple(ipaddress.IPv6Network(network) for network, _ in _NOT_PUBLIC_6)


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, not of a machine, a local network or a cloud's internals.

    An embedded IPv4 address decides. An address with a zone, such as fe80::1%eth0, is local.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _REFUSED_4)
    if ip.scope_id is not None:
        return False
    if any(ip in network for network in _IPV4_CARRIERS):
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    is_tunnel = (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP
    return ip in _GLOBAL_UNICAST and not is_tunnel and not any(ip in network for network in _REFUSED_6)
