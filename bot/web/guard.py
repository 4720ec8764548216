"""What stands between the network and the pages: strict headers, how much may be asked, what is for us alone."""

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
from bot.web.replies import MCP, NO_PAGE, REQUESTS, BusyError, NotFoundError, Turns, busy, refusal, unforeseen
from core.words import quote

log = structlog.get_logger("gapbrief.web")

_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""The headers by which a proxy tells that somebody else asks."""
_FRAMED = ("/embed",)
_STYLED_INSIDE = (".email.html", ".svg")
"""What is a whole document of its own, with styles in it and no script."""
_OF_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_FOREIGN = "MCP is not served to pages of {}; the operator of this service can add their host to GAPBRIEF_HOSTS."
_KNOWN = 10_000
"""How many addresses are remembered."""
_TURNS = (32, 128, 0.5)
"""How many requests are worked on at a time, how many may wait for that, and for how many seconds."""
_LONGEST_SECONDS = 20.0
"""What a request may take to be answered."""
LONGEST_BODY, _BODY_SECONDS = 64 * 1024, 5.0
"""How many bytes an MCP client's message may have, and in how many seconds it must arrive."""
_BODIES = (16, 32, 1.0)
"""How many messages are taken at a time, how many may wait for that, and for how many seconds."""
_TOO_LONG = f"A message has at most {LONGEST_BODY:,} bytes; send a shorter one."
_TOO_SLOW = f"The message did not arrive within {_BODY_SECONDS:.0f} s; send it again."


class Guard:
    """Adds the headers; refuses a Host that is none of ours, an address that asks too often, and what is too much.

    A page elsewhere can have its name lead to this machine, and then ask for everything in its visitor's browser (DNS
    rebinding): what is asked under another name than loopback's, the public address's or one of `hosts` gets nothing.
    """

    def __init__(self, app: ASGIApp, public_url: str | None, limit: "Limit | None", hosts: Iterable[str] = ()) -> None:
        self.app, self.limit, self._turns, self._bodies = app, limit, Turns(*_TURNS), Turns(*_BODIES)
        parts = urlsplit(public_url or "")
        self._images = f"'self' {parts.scheme}://{parts.netloc}" if public_url else "'self'"
        self._hosts = {"localhost", *hosts} | ({parts.hostname} if parts.hostname else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that there were too many."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (_OF_ALL | self._policy(path)).items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        if not self._is_ours(request, request.headers.get("host", "")):
            await _elsewhere(request)(scope, receive, with_headers)
            return
        origin = request.headers.get("origin")
        if path == MCP and origin is not None and not self._is_ours(request, origin.partition("://")[2]):
            await refusal(path, 403, _FOREIGN.format(quote(origin)))(scope, receive, with_headers)
            return
        if path in OURS and is_here(request):
            await self._answered(scope, receive, with_headers)
            return
        wait = self.limit.wait(party(request.client.host if request.client else "")) if self.limit else 0.0
        answer = self._with_body if path == MCP else self._in_turn
        await (_too_many(wait, path) if wait else answer)(scope, receive, with_headers)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a whole message before it has a turn: a client that sends slowly takes the turn of nobody."""
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

        async def read() -> Message:
            return parts.pop() if parts else await receive()

        scope.setdefault("state", {})[ARRIVED] = time.monotonic()
        await self._in_turn(scope, read, send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in turn, or say at once that the wait would be long."""
        try:
            async with self._turns.turn(scope.get("state", {}).get(ARRIVED)):
                REQUESTS.set(self._turns)
                await self._answered(scope, receive, send)
        except BusyError:
            await busy(scope["path"])(scope, receive, send)

    def _is_ours(self, request: Request, name: str) -> bool:
        """Whether a name is a host of ours; the address that a request came to is one, and no name can pretend that."""
        host = host_of(name)
        server = request.scope.get("server")
        if host is None or host in self._hosts or (server and host == server[0]):
            return host is not None
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return False

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what fails unforeseen is logged under a word by which it can be found again, and that is said."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                await self.app(scope, receive, noting)
        except TimeoutError:
            log.warning("page took too long", path=scope["path"][:200])
            if begun:
                raise
            await busy(scope["path"])(scope, receive, noting)
        except Exception:
            ref = secrets.token_hex(2)
            log.exception("page failed", ref=ref, path=scope["path"][:200])
            if begun:
                raise
            await refusal(scope["path"], 500, unforeseen(ref))(scope, receive, noting)

    def _policy(self, path: str) -> dict[str, str]:
        """Return the headers that differ from page to page: what it may load, and where it may be shown."""
        is_framed = path in _FRAMED
        is_apart = path.endswith(_STYLED_INSIDE)
        styles, scripts = ("'unsafe-inline'", "'none'") if is_apart else ("'self'", "'self'")
        policy = (
            f"default-src 'none'; img-src {self._images}; style-src {styles}; script-src {scripts}; form-action 'self';"
            f" base-uri 'none'; frame-ancestors {'*' if is_framed else chr(39) + 'none' + chr(39)}"
        )
        return {"Content-Security-Policy": policy} | ({} if is_framed else {"X-Frame-Options": "DENY"})


class Limit:
    """A bucket of requests per address: `burst` at once, and `rate` a second from then on."""

    def __init__(self, rate: float = 20, burst: int = 100, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Take a request from an address's bucket; return how many seconds to wait where it is empty, else 0."""
        now = self.clock()
        left, seen = self._left.pop(address, (float(self.burst), now))
        left = min(self.burst, left + (now - seen) * self.rate)
        self._left[address] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _KNOWN:
            self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / self.rate


def host_of(header: str) -> str | None:
    """Return the name or address in a Host header, without its port; None where it is none."""
    try:
        parts = urlsplit(f"//{header}")
        is_one = parts.netloc == header and "@" not in header and parts.port != 0  # which is read here, or refused
    except ValueError:
        return None
    return (parts.hostname or "").rstrip(".") or None if is_one else None


def is_here(request: Request) -> bool:
    """Whether a program on this machine asks, and no proxy for somebody else."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def only_here(request: Request) -> None:
    """Raise NotFoundError, as where there is no page, for all but programs on this machine."""
    if not is_here(request):
        raise NotFoundError(NO_PAGE)


def _elsewhere(request: Request) -> Response:
    host = request.headers.get("host", "")
    sentence = f"This service does not answer to the name {quote(host)}; its operator can add it to GAPBRIEF_HOSTS."
    return refusal(request.scope["path"], 421, sentence)


def _too_many(wait: float, path: str) -> Response:
    seconds = math.ceil(wait)
    sentence = f"Too many requests came from your address; try again in {seconds} s."
    return refusal(path, 429, sentence, {"Retry-After": str(seconds)})
