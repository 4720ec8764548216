"""What can go wrong with a request, to be switched on by a test (`FakeDiscord.disturb`).

A fault gets the request and `proceed`, which handles it truly, and returns the answer. With `handled` a fault lets
Discord do what was asked and spoils the answer only: a client that asks again then asks a second time.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from tests.fakes.discord.errors import RefusedError

Proceed = Callable[[], Awaitable[web.StreamResponse]]
Fault = Callable[[web.BaseRequest, Proceed], Awaitable[web.StreamResponse]]


@dataclass(eq=False, slots=True)
class Disturbance:
    """A fault that some requests meet."""

    route: str
    fault: Fault
    left: int | None
    """How many requests it still meets; None: all."""
    hits: int = 0
    """How many it has met."""

    def meets(self, route: str) -> bool:
        """Tell whether it meets a request ("POST /channels/1/messages"), and count it if so."""
        if self.left == 0 or not fnmatchcase(route, self.route):
            return False
        self.left = None if self.left is None else self.left - 1
        self.hits += 1
        return True

    def stop(self) -> None:
        """Meet no more."""
        self.left = 0


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return a JSON answer, of exactly the content type that the client takes for JSON."""
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json", headers=headers)


def refusal(error: RefusedError) -> web.Response:
    """Return a refusal as Discord sends it."""
    return answer(error.body, error.status)


def too_many(seconds: float | None, *, everywhere: bool = False, via: bool = True) -> web.Response:
    """Return Discord's answer to too many requests; see `rate_limited`; `everywhere` means all routes."""
    body: dict[str, Any] = {"message": "You are being rate limited."}
    headers = {"X-RateLimit-Scope": "global" if everywhere else "user"}
    if seconds is not None:
        body |= {"retry_after": seconds, "global": everywhere}
        headers["Retry-After"] = str(max(1, round(seconds)))
    return answer(body, 429, headers | ({"Via": "1.1 google"} if via else {}))


def refused(code: int) -> Fault:
    """Refuse with one of Discord's codes (10062: unknown interaction, 50013: missing permissions...)."""
    return _instead(lambda: refusal(RefusedError(code)), handled=False)


def failing(status: int = 503, *, handled: bool = False) -> Fault:
    """Answer with a server's error."""
    return _instead(lambda: answer({"message": f"{status}: Service error", "code": 0}, status), handled)


def rate_limited(retry_after: float | None = 0.1, *, via: bool = True) -> Fault:
    """Answer 429.

    Args:
        retry_after: When to try again (seconds); None: it isn't said.
        via: Whether it comes from Discord; if not, it is its content network's, and the client gives up.
    """
    return _instead(lambda: too_many(retry_after, via=via), handled=False)


def slow(seconds: float) -> Fault:
    """Handle the request, but only after some time."""

    async def fault(_request: web.BaseRequest, proceed: Proceed) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await proceed()

    return fault


def cut_off(*, handled: bool = False) -> Fault:
    """Break the connection by a reset instead of answering."""

    async def fault(request: web.BaseRequest, proceed: Proceed) -> web.StreamResponse:
        if handled:
            await proceed()
        break_off(request.transport, reset=True)
        return web.Response()

    return fault


def truncated() -> Fault:
    """Do what was asked, and break the connection in the middle of the answer."""

    async def fault(request: web.BaseRequest, proceed: Proceed) -> web.StreamResponse:
        await proceed()
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"id": "12')
        await asyncio.sleep(0)
        break_off(request.transport, reset=False)
        return response

    return fault


def break_off(transport: asyncio.Transport | None, *, reset: bool) -> None:
    """Break a connection: by a reset (the other side gets an error), or by an end (it gets the end of the stream)."""
    if transport is None:
        return
    if reset:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()


def _instead(make: Callable[[], web.Response], handled: bool) -> Fault:
    async def fault(_request: web.BaseRequest, proceed: Proceed) -> web.StreamResponse:
        if handled:
            await proceed()
        return make()

    return fault
