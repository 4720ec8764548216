"""Rate limits: counted, stated in headers, and refused with 429 as Discord does."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aiohttp import web

from tests.fakes.discord.faults import too_many


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds."""

    count: int
    seconds: float


DISCORD_LIMITS: Mapping[str, Limit] = {
    "POST /channels/*/messages": Limit(5, 5),
    "PATCH /channels/*/messages/*": Limit(5, 5),
    "POST /channels/*/messages/*/crosspost": Limit(10, 3600),
    "* /webhooks/*": Limit(5, 2),
}
"""About what Discord allows for each channel or webhook; nothing is limited unless a test passes this or its own."""

PLENTY = Limit(1000, 1)
"""What is stated where nothing is limited."""

GLOBAL_LIMIT = Limit(50, 1)
"""What Discord allows a bot in all; answers to interactions don't count."""


class Limits:
    """Counts requests against rate limits, and states them in headers."""

    def __init__(self, routes: Mapping[str, Limit], everywhere: Limit | None) -> None:
        self._routes = routes
        self._everywhere = everywhere
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def refuse(self, request: web.Request, asked: str) -> web.Response | None:
        """Count a request, and return the refusal if it is one too many."""
        of_interaction = request.path.startswith(("/api/v10/interactions/", "/api/v10/webhooks/"))
        if self._everywhere and not of_interaction:
            wait = self._count(("", ""), self._everywhere)
            if wait:
                return too_many(wait, everywhere=True)
        route, limit = self._limit(asked)
        wait = self._count((route, _major(request)), limit) if limit else 0
        return too_many(wait) if wait else None

    def headers(self, request: web.Request, asked: str) -> dict[str, str]:
        """Return the headers that state how much is left; where there is no limit, plenty."""
        route, limit = self._limit(asked)
        limit = limit or PLENTY
        since, used_up = self._windows.get((route, _major(request)), (time.monotonic(), 0))
        left, reset = max(0, limit.count - used_up), max(0.0, since + limit.seconds - time.monotonic())
        return {
            "X-RateLimit-Limit": str(limit.count),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Bucket": _bucket(request),
            "X-RateLimit-Reset": f"{time.time() + reset:.3f}",
            "X-RateLimit-Reset-After": f"{reset:.3f}",
        }

    def _limit(self, asked: str) -> tuple[str, Limit | None]:
        return next(((route, each) for route, each in self._routes.items() if fnmatchcase(asked, route)), ("", None))

    def _count(self, key: tuple[str, str], limit: Limit) -> float:
        """Count one more, and return how long (seconds) to wait if that is too many."""
        now = time.monotonic()
        since, used_up = self._windows.get(key, (now, 0))
        if now - since >= limit.seconds:
            since, used_up = now, 0
        if used_up >= limit.count:
            return since + limit.seconds - now
        self._windows[key] = (since, used_up + 1)
        return 0


def _bucket(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical if resource else request.path}".replace("/", ".")


def _major(request: web.Request) -> str:
    """Return what a rate limit counts apart: the channel, the guild or the webhook."""
    return "/".join(request.match_info.get(name, "") for name in ("channel", "guild", "token"))
