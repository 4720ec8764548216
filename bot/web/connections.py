"""Connections to the pages: how many there may be, in all and from one address, and how long each may take.

A connection waits for a request, or one is being answered. While it waits, it must bring a whole head of a request in
time, or it is cut; so are readers who don't take their answer. Where there are too many, the one that has waited
longest makes room; where all of them are busy, a new one is told to come back. So connections that ask for nothing
never keep out those that do. Where as many requests are being answered as can be soon, a further one is told so before
it is read: to say no must cost far less than to answer. uvicorn has none of these limits.
"""

import asyncio
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, ClassVar

import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.files import allow_open_files
from bot.web.replies import BUSY, RETRY_SECONDS

log = structlog.get_logger("gapbrief.web")

OURS = ("/healthz", "/metrics")
"""What only programs on this machine may ask for, as often as they like."""
ARRIVED = "arrived"
"""What holds in a request's state when its head was read, by the monotonic clock."""
BACKLOG = 512
"""Connections that the system may hold before we take them."""
_OWN_FILES = 100
"""Files that are kept for everything else: data, state, logs, what draws."""
_FEWEST = 50
_ASKS_OURS = re.compile(rb"[A-Z]+ (?:%s)[ ?]" % b"|".join(each.encode() for each in OURS))
_REFUSED = (
    f"HTTP/1.1 503 Service Unavailable\r\nRetry-After: {RETRY_SECONDS}\r\nConnection: close\r\n"
    f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(BUSY) + 1}\r\n\r\n{BUSY}\n"
).encode()


@dataclass(frozen=True)
class Limits:
    """How many connections there may be, and how long (seconds) each may take.

    `by_address` is for each address; a proxy that is trusted brings many people's, and has `by_proxy`.
    """

    in_all: int = 400
    by_address: int = 40
    by_proxy: int = 300
    answered: int = 160
    """Requests that are worked on or wait for that, at a time."""
    idle_seconds: int = 5
    """From one request to the first byte of the next."""
    head_seconds: float = 10.0
    """For the whole head of a request; and, from the end of an answer, for the reader to take what is left of it."""
    request_seconds: float = 30.0
    """From the head of a request to the end of its answer."""
    patience_seconds: float = 1.0
    """For so long a connection that waits has its place, though others want it: its request may be on its way."""


class Connections:
    """The connections of a server."""

    def __init__(self, limits: Limits, proxies: Iterable[str] = ()) -> None:
        self.limits = limits
        self._proxies = [ip_network(each) for each in proxies]
        self._of: dict[str, set[Connection]] = {}
        self.answering: set[Connection] = set()
        self._is_proxy = lru_cache(1000)(self._looked_up)

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))

    def admit(self, new: "Connection", address: str) -> bool:
        """Give a connection a place, if need be that of one that has waited longest; return whether it has one."""
        same = self._of.setdefault(party(address), set())
        most = self.limits.by_proxy if self._is_proxy(address) else self.limits.by_address
        if len(same) >= most and not self._make_room(same):
            return False
        if len(self) >= self.limits.in_all and not self._make_room(set().union(*self._of.values())):
            return False
        self._of.setdefault(party(address), set()).add(new)
        return True

    def leave(self, connection: "Connection", address: str) -> None:
        """Take a connection's place away; again it does nothing."""
        self.answering.discard(connection)
        of = self._of.get(party(address), set())
        of.discard(connection)
        if not of:
            self._of.pop(party(address), None)

    def _make_room(self, among: "set[Connection]") -> bool:
        now = time.monotonic()
        waiting = [each for each in among if not each.is_busy and now - each.since > self.limits.patience_seconds]
        if not waiting:
            return False
        min(waiting, key=lambda each: each.since).cut()
        return True

    def _looked_up(self, address: str) -> bool:
        try:
            return any(ip_address(address) in each for each in self._proxies)
        except ValueError:
            return False


class Connection(H11Protocol):
    """A connection. `since` says when it began to wait, or its request to be answered; `is_busy` which of both."""

    peers: ClassVar[Connections]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.app_state = dict(self.app_state)  # of this connection alone
        self.is_busy, self.since = False, time.monotonic()
        self._due: asyncio.TimerHandle | None = None
        self._answering: object = None

    @property
    def address(self) -> str:
        """Return who is at the other end: an address, "" where it is gone already."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place, or say that there is none."""
        super().connection_made(transport)
        if self.peers.admit(self, self.address):
            self._wait()
        else:
            transport.write(_REFUSED)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the place to others."""
        if self._due is not None:
            self._due.cancel()
        self.peers.leave(self, self.address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; where there are too many requests already, say so to whoever begins one."""
        is_full = not self.is_busy and len(self.peers.answering) >= self.peers.limits.answered
        if is_full and not _ASKS_OURS.match(data):
            self.transport.write(_REFUSED)
            self.transport.close()
        else:
            super().data_received(data)

    def handle_events(self) -> None:
        """Read what came; a request that is whole is told when that was."""
        self.app_state[ARRIVED] = time.monotonic()
        super().handle_events()
        self._look()

    def on_response_complete(self) -> None:
        """Go on to the next request."""
        super().on_response_complete()
        self._look()

    def cut(self) -> None:
        """End it at once, whatever is under way."""
        self.peers.leave(self, self.address)
        self.transport.abort()

    def _look(self) -> None:
        """See whether a request began to be answered, or its answer is complete."""
        if getattr(self, "cycle", None) is None:  # before the first request
            return
        if not self.cycle.response_complete and self._answering is not self.cycle:
            self._answering, self.is_busy = self.cycle, True
            self.peers.answering.add(self)
            self._cut_in(self.peers.limits.request_seconds)
        elif self.cycle.response_complete and self.is_busy:
            self._wait()

    def _wait(self) -> None:
        self.is_busy = False
        self.peers.answering.discard(self)
        self._cut_in(self.peers.limits.head_seconds)

    def _cut_in(self, seconds: float) -> None:
        if self._due is not None:
            self._due.cancel()
        self.since = time.monotonic()
        self._due = self.loop.call_later(seconds, self.cut)


def limited(limits: Limits, proxies: Iterable[str] = ()) -> type[Connection]:
    """Return connections that share limits, which are lower where this process may not open so many files."""
    files = allow_open_files(limits.in_all + BACKLOG + _OWN_FILES)
    most = max(files - BACKLOG - _OWN_FILES, _FEWEST)
    if most < limits.in_all:
        log.warning("few files may be open at once, so fewer connections are taken", files=files, connections=most)
        limits = replace(limits, in_all=most, by_proxy=limits.by_proxy * most // limits.in_all)
    return type("Limited", (Connection,), {"peers": Connections(limits, proxies)})


def party(address: str) -> str:
    """Return whom an address is counted to: itself, or for IPv6 the network that one customer has (/64)."""
    try:
        network = ip_address(address)
    except ValueError:
        return address
    if not isinstance(network, IPv6Address):
        return address
    return str(network.ipv4_mapped or ip_network((int(network) >> 64 << 64, 64)))
