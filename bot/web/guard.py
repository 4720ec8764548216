"""Middleware between network and pages: security headers, rate limits, and local-only paths."""

import asyncio
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.connections import ARRIVED, OURS, party
from bot.web.replies import MCP, NO_PAGE, REQUESTS, BusyError, NotFoundError, WorkQueue, busy, refusal, unforeseen
from core.words import quote

log = structlog.get_logger("gapbrief.web")

_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers by which a proxy reveals another client."""
_FRAMED = ("/embed",)
_STYLED_INSIDE = (".email.html", ".svg")
"""Standalone documents with inline styles and no scripts."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_NOT_OURS = "This service does not answer to the name {}; its operator can add it to GAPBRIEF_HOSTS."
_TOO_OFTEN = "Too many requests came from your address; try again in {} s."
_FOREIGN = "MCP is not served to pages of {}; the operator of this service can add their host to GAPBRIEF_HOSTS."
_MOST_ADDRESSES = 10_000
"""Addresses to remember."""
_REQUEST_TURNS = (32, 128, 0.5)
"""Requests in progress at a time, requests that may wait, and for how many seconds."""
_LONGEST_SECONDS = 20.0
"""Time limit of a request."""
LONGEST_BODY, _BODY_SECONDS = 64 * 1024, 5.0
"""Maximum size of an MCP message in bytes, and the seconds in which it must arrive."""
_BODIES = (16, 32, 1.0)
"""Messages received at a time, messages that may wait, and for how many seconds."""
_TOO_LONG = f"A message has at most {LONGEST_BODY:,} bytes; send a shorter one."
_TOO_SLOW = f"The message did not arrive within {_BODY_SECONDS:.0f} s; send it again."


class Guard:
    """Adds headers; refuses foreign hosts, frequent clients and overload.

    Against DNS rebinding, by which a page elsewhere could read everything through its visitor's browser, requests are
    served only under the names of loopback, the public address or `hosts`.
    """

    def __init__(self, app: ASGIApp, public_url: str | None, limit: "Limit", hosts: Iterable[str]) -> None:
        self.app, self.limit, self._requests, self._bodies = app, limit, WorkQueue(*_REQUEST_TURNS), WorkQueue(*_BODIES)
        parts = urlsplit(public_url or "")
        self._images = f"'self' {parts.scheme}://{parts.netloc}" if public_url else "'self'"
        self._hosts = {"localhost", *hosts} | ({parts.hostname} if parts.hostname else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, and pass it on or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (_HEADERS | self._policy(path)).items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        is_monitor = path in OURS and is_here(request)
        respond = self._respond if is_monitor else self._with_body if path == MCP else self._in_turn
        await (self._refuse(request, path, is_limited=not is_monitor) or respond)(scope, receive, with_headers)

    def _refuse(self, request: Request, path: str, *, is_limited: bool) -> Response | None:
        """Refuse a name that is not ours, a foreign page that asks MCP, or an address that asks too often."""
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if not self._is_ours(request, host):
            return refusal(path, 421, _NOT_OURS.format(quote(host)))
        if path == MCP and origin is not None and not self._is_ours(request, origin.partition("://")[2]):
            return refusal(path, 403, _FOREIGN.format(quote(origin)))
        address = request.client.host if request.client else ""
        seconds = math.ceil(self.limit.wait(party(address))) if is_limited else 0
        return refusal(path, 429, _TOO_OFTEN.format(seconds), {"Retry-After": str(seconds)}) if seconds else None

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Receive the full message before queueing, so that slow senders block nobody."""
        body, is_whole = b"", False
        try:
            async with self._bodies.turn(), asyncio.timeout(_BODY_SECONDS):
                while not is_whole and len(body) <= LONGEST_BODY:
                    part = await receive()
                    body, is_whole = body + part.get("body", b""), not part.get("more_body")
        except BusyError:
            await busy(scope["path"])(scope, receive, send)
            return
        except TimeoutError:
            await refusal(scope["path"], 408, _TOO_SLOW)(scope, receive, send)
            return
        if len(body) > LONGEST_BODY:
            await refusal(scope["path"], 413, _TOO_LONG)(scope, receive, send)
            return
        parts: list[Message] = [{"type": "http.request", "body": body}]

        async def receive_body() -> Message:
            return parts.pop() if parts else await receive()

        scope.setdefault("state", {})[ARRIVED] = time.monotonic()
        await self._in_turn(scope, receive_body, send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in turn, or refuse at once if the wait would be long."""
        try:
            async with self._requests.turn(scope.get("state", {}).get(ARRIVED)):
                REQUESTS.set(self._requests)
                await self._respond(scope, receive, send)
        except BusyError:
            await busy(scope["path"])(scope, receive, send)

    def _is_ours(self, request: Request, name: str) -> bool:
        """Whether a name is our host; the address that a connection reached always is."""
        host = host_of(name)
        server = request.scope.get("server")
        if host is None or host in self._hosts or (server and host == server[0]):
            return host is not None
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return False

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; log an unexpected error with a reference, which the visitor gets too."""
        is_started = False

        async def note_start(message: Message) -> None:
            nonlocal is_started
            is_started = True
            await send(message)

        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                await self.app(scope, receive, note_start)
        except TimeoutError:
            log.warning("page took too long", path=scope["path"][:200])
            if is_started:
                raise
            await busy(scope["path"])(scope, receive, note_start)
        except Exception:
            ref = secrets.token_hex(2)
            log.exception("page failed", ref=ref, path=scope["path"][:200])
            if is_started:
                raise
            await refusal(scope["path"], 500, unforeseen(ref))(scope, receive, note_start)

    def _policy(self, path: str) -> dict[str, str]:
        """Return a page's own headers: what it may load, and where it may be framed."""
        is_framed = path in _FRAMED
        is_apart = path.endswith(_STYLED_INSIDE)
        styles, scripts = ("'unsafe-inline'", "'none'") if is_apart else ("'self'", "'self'")
        policy = (
            f"default-src 'none'; img-src {self._images}; style-src {styles}; script-src {scripts}; form-action 'self';"
            f" base-uri 'none'; frame-ancestors {'*' if is_framed else chr(39) + 'none' + chr(39)}"
        )
        return {"Content-Security-Policy": policy} | ({} if is_framed else {"X-Frame-Options": "DENY"})


class Limit:
    """A token bucket per address: `burst` at once, then `rate` a second."""

    def __init__(self, rate: float = 20, burst: int = 100, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Take a token from an address's bucket; return 0, or the seconds to wait if it is empty."""
        now = self.clock()
        left, seen_at = self._left.pop(address, (float(self.burst), now))
        left = min(self.burst, left + (now - seen_at) * self.rate)
        self._left[address] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / self.rate


def host_of(header: str) -> str | None:
    """Return the host in a Host header without its port, None if invalid."""
    try:
        parts = urlsplit(f"//{header}")
        is_one = parts.netloc == header and "@" not in header and parts.port != 0  # reading the port validates it
    except ValueError:
        return None
    return (parts.hostname or "").rstrip(".") or None if is_one else None


def is_here(request: Request) -> bool:
    """Whether a request is from this machine, and not from a proxy on it."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def only_here(request: Request) -> None:
    """Raise NotFoundError for requests from elsewhere."""
    if not is_here(request):
        raise NotFoundError(NO_PAGE)
