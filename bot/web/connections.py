"""Limits on connections to the pages: how many in all and per address, and how long each may take.

A connection either waits for a request or is busy with one. A waiting connection is cut unless a full request head
arrives in time, and so is a reader who doesn't take the answer. At the limit the longest-waiting connection makes room;
if all are busy, a new one is refused. So idle connections never keep out active ones. At the limit of requests a
further one is refused before it is parsed, as refusing must cost far less than answering. uvicorn has none of these
limits.
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
"""Paths for programs on this machine only, without limits."""
ARRIVED = "arrived"
"""Key in a request's state for the monotonic time at which its head arrived."""
BACKLOG = 512
"""Connections that the system queues before we accept them."""
_OWN_FILES = 100
"""File descriptors reserved for data, state, logs and drawing."""
_FEWEST = 50
_ASKS_OURS = re.compile(rb"[A-Z]+ (?:%s)[ ?]" % b"|".join(path.encode() for path in OURS))
_BUSY_RESPONSE = (
    f"HTTP/1.1 503 Service Unavailable\r\nRetry-After: {RETRY_SECONDS}\r\nConnection: close\r\n"
    f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(BUSY) + 1}\r\n\r\n{BUSY}\n"
).encode()


@dataclass(frozen=True)
class Limits:
    """Limits on connections, and their timeouts in seconds.

    `by_address` is per address; a trusted proxy carries many people's connections and has `by_proxy`.
    """

    in_all: int = 400
    by_address: int = 40
    by_proxy: int = 300
    requests: int = 160
    """Requests in progress or queued."""
    idle_seconds: int = 5
    """Between two requests."""
    head_seconds: float = 10.0
    """For a full request head; and for the reader to take the rest of an answer."""
    request_seconds: float = 30.0
    """From a request's head to the end of its answer."""
    patience_seconds: float = 1.0
    """A waiting connection keeps its place for so long, as its request may be under way."""


class Connections:
    """The connections of a server."""

    def __init__(self, limits: Limits, proxies: Iterable[str] = ()) -> None:
        self.limits = limits
        self._proxies = [ip_network(proxy) for proxy in proxies]
        self._by_party: dict[str, set[Connection]] = {}
        self.answering: set[Connection] = set()
        self._is_proxy = lru_cache(1000)(self._check_proxy)

    def __len__(self) -> int:
        return sum(map(len, self._by_party.values()))

    def admit(self, new: "Connection", address: str) -> bool:
        """Admit a connection, if necessary in place of the longest-waiting one; return whether it was admitted."""
        siblings = self._by_party.setdefault(party(address), set())
        most = self.limits.by_proxy if self._is_proxy(address) else self.limits.by_address
        if len(siblings) >= most and not self._make_room(siblings):
            return False
        if len(self) >= self.limits.in_all and not self._make_room(set().union(*self._by_party.values())):
            return False
        self._by_party.setdefault(party(address), set()).add(new)
        return True

    def leave(self, connection: "Connection", address: str) -> None:
        """Remove a connection; idempotent."""
        self.answering.discard(connection)
        siblings = self._by_party.get(party(address), set())
        siblings.discard(connection)
        if not siblings:
            self._by_party.pop(party(address), None)

    def _make_room(self, among: "set[Connection]") -> bool:
        now = time.monotonic()
        waiting = [peer for peer in among if not peer.is_busy and now - peer.since > self.limits.patience_seconds]
        if not waiting:
            return False
        min(waiting, key=lambda peer: peer.since).cut()
        return True

    def _check_proxy(self, address: str) -> bool:
        try:
            return any(ip_address(address) in proxy for proxy in self._proxies)
        except ValueError:
            return False


class Connection(H11Protocol):
    """A connection, either waiting or busy (`is_busy`) since a moment (`since`)."""

    peers: ClassVar[Connections]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.app_state = dict(self.app_state)  # a copy for this connection
        self.is_busy, self.since = False, time.monotonic()
        self._due: asyncio.TimerHandle | None = None
        self._answering: object = None

    @property
    def address(self) -> str:
        """The peer's address, "" if it has gone."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Admit or refuse the connection."""
        super().connection_made(transport)
        if self.peers.admit(self, self.address):
            self._wait()
        else:
            transport.write(_BUSY_RESPONSE)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Free the place."""
        if self._due is not None:
            self._due.cancel()
        self.peers.leave(self, self.address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse data, or refuse a new request if there are too many."""
        is_full = not self.is_busy and len(self.peers.answering) >= self.peers.limits.requests
        if is_full and not _ASKS_OURS.match(data):
            self.transport.write(_BUSY_RESPONSE)
            self.transport.close()
        else:
            super().data_received(data)

    def handle_events(self) -> None:
        """Parse requests, and stamp them with the time of arrival."""
        self.app_state[ARRIVED] = time.monotonic()
        super().handle_events()
        self._look()

    def on_response_complete(self) -> None:
        """Continue with the next request."""
        super().on_response_complete()
        self._look()

    def cut(self) -> None:
        """Abort the connection."""
        self.peers.leave(self, self.address)
        self.transport.abort()

    def _look(self) -> None:
        """Track whether a request is in progress."""
        if getattr(self, "cycle", None) is None:  # before the first request
            return
        if not self.cycle.response_complete and self._answering is not self.cycle:
            self._answering, self.is_busy = self.cycle, True
            self.peers.answering.add(self)
            self._cut_after(self.peers.limits.request_seconds)
        elif self.cycle.response_complete and self.is_busy:
            self._wait()

    def _wait(self) -> None:
        self.is_busy = False
        self.peers.answering.discard(self)
        self._cut_after(self.peers.limits.head_seconds)

    def _cut_after(self, seconds: float) -> None:
        if self._due is not None:
            self._due.cancel()
        self.since = time.monotonic()
        self._due = self.loop.call_later(seconds, self.cut)


def limit_connections(limits: Limits, proxies: Iterable[str] = ()) -> type[Connection]:
    """Return a connection class with shared limits, lowered to the process's limit on open files."""
    files = allow_open_files(limits.in_all + BACKLOG + _OWN_FILES)
    most = max(files - BACKLOG - _OWN_FILES, _FEWEST)
    if most < limits.in_all:
        log.warning("few files may be open at once, so fewer connections are taken", files=files, connections=most)
        limits = replace(limits, in_all=most, by_proxy=limits.by_proxy * most // limits.in_all)
    return type("Limited", (Connection,), {"peers": Connections(limits, proxies)})


def party(address: str) -> str:
    """Return the key for limits: the address, or the /64 network of an IPv6 customer."""
    try:
        network = ip_address(address)
    except ValueError:
        return address
    if not isinstance(network, IPv6Address):
        return address
    return str(network.ipv4_mapped or ip_network((int(network) >> 64 << 64, 64)))
