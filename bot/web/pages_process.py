"""The pages in a process of their own, beside Discord and the newsroom under `gapbrief run`.

Limits alone would not do: pages that are asked for as fast as they can be made keep an interpreter and its event loop
busy, and an answer in Discord would wait for them. In their own process pages have their own interpreter, files, memory
and worker that draws, and they give way where processors are few.

The service and its pages hold the ends of a pair of sockets. Each second the pages ask how the service is, and which
questions it answered, for /healthz and /metrics. When one is gone, the other sees the end of the pair: the pages end
too, the service starts them again.
"""

import asyncio
import json
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing import get_context
from typing import Any

import structlog

from bot.event_loop import runner
from bot.logs import secrets_of, set_up_logs
from bot.own_process import end_with_parent
from bot.scheduler import DATA
from bot.services import Services, opened
from bot.settings import Settings

log = structlog.get_logger("gapbrief.web")

_NICE = 5
"""How much the pages give way to everything else on a machine whose processors are all busy."""
_ASK_SECONDS, _SILENT_SECONDS = 1.0, 10.0
"""How often the pages ask, and after how long without an answer the service counts as stuck."""
_SHORTEST, _LONGEST = 1.0, 60.0
"""Seconds to wait before pages that ended are started again, at first and at most."""
_END_SECONDS = 5.0
_KEPT = 10_000
"""How many answered questions are remembered while no pages ask."""


class PagesProcess:
    """The pages, as the service sees them; `answered` is told of each question that the service answers."""

    def __init__(
        self, settings: Settings, port: socket.socket, health: Callable[[], dict[str, Any]], *, debug: bool = False
    ) -> None:
        self._settings, self._port, self._health, self._debug = settings, port, health, debug
        self._answered: deque[tuple[str, str, float]] = deque(maxlen=_KEPT)
        self._process = self._new(None)
        self._is_stopping = False

    def answered(self, question: str, outcome: str, seconds: float) -> None:
        """Note a question for the metrics."""
        self._answered.append((question, outcome, seconds))

    async def serve(self) -> None:
        """Have the pages served until `stop`; where their process ends before, it is started again, later each time."""
        wait = _SHORTEST
        while True:
            began = time.monotonic()
            await self._once()
            if self._is_stopping:
                return
            wait = _SHORTEST if time.monotonic() - began > _LONGEST else min(2 * wait, _LONGEST)
            log.error("the pages ended, and are started again", exit_code=self._process.exitcode, again_in=wait)
            await asyncio.sleep(wait)
            while not self._health().get("state", {}).get("ok", True):  # they would make an empty one in its place
                await asyncio.sleep(wait)

    def stop(self) -> None:
        """Let the pages finish what they began, and end; `serve` ends with them."""
        self._is_stopping = True
        if self._process.is_alive():
            self._process.terminate()

    def close(self) -> None:
        """End the pages at once."""
        self._is_stopping = True
        if self._process.is_alive():
            self._process.kill()

    def _new(self, link: socket.socket | None) -> Any:
        return get_context("spawn").Process(target=_main, args=(self._settings, self._port, link, self._debug))

    async def _once(self) -> None:
        """Start the process, and answer it until it ends."""
        ours, theirs = socket.socketpair()
        with theirs, _no_interrupt():
            self._process = self._new(theirs)
            self._process.start()
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            while await reader.readline():
                told = {"health": self._health(), "answered": list(self._answered)}
                self._answered.clear()
                writer.write(json.dumps(told).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
            await asyncio.to_thread(self._process.join, _END_SECONDS)
            self.close() if self._is_stopping else self._process.kill()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Begin a process that Ctrl-C does not reach: the service hears it, and ends its pages."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# ---- in the process of the pages


def _main(settings: Settings, port: socket.socket, link: socket.socket, debug: bool) -> None:
    end_with_parent()  # else pages that finish what they began would keep the port from the next service
    set_up_logs(debug=debug, secrets=secrets_of(settings))
    with runner(debug=debug, for_pages=True) as running:
        running.run(_serve(settings, port, link))


async def _serve(settings: Settings, port: socket.socket, link: socket.socket) -> None:
    from bot.web.server import serve

    with opened(settings) as services:
        await services.answers.refresh()
        with suppress(OSError):
            os.nice(_NICE)
        service = Service(services)
        asking = asyncio.create_task(service.ask(link))
        await service.told.wait()
        try:
            await serve(services, port, service.health)
        finally:
            asking.cancel()
            await asyncio.wait([asking])


class Service:
    """The service, as its pages see it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._health: dict[str, Any] = {}
        self._told_at = time.monotonic()
        self.told = asyncio.Event()

    def health(self) -> dict[str, Any]:
        """Return the service's state as it was told last, with the pages' own job; not well where it is silent."""
        is_silent = time.monotonic() - self._told_at > _SILENT_SECONDS
        jobs = {**self._health.get("jobs", {}), "pages": self._services.scheduler.jobs().get(DATA)}
        return {
            **self._health,
            "ok": self._health.get("ok", False) and not is_silent,
            "jobs": {name: job for name, job in jobs.items() if job},
        }

    async def ask(self, link: socket.socket) -> None:
        """Ask each second, and count what was answered; when the service is gone, end."""
        reader, writer = await asyncio.open_connection(sock=link)
        with closing(writer), suppress(ConnectionError):
            while True:
                writer.write(b"\n")
                await writer.drain()
                line = await reader.readline()
                if not line:
                    break
                told = json.loads(line)
                self._health, self._told_at = told["health"], time.monotonic()
                self.told.set()
                for each in told["answered"]:
                    self._services.answers.watch(*each)
                await asyncio.sleep(_ASK_SECONDS)
        signal.raise_signal(signal.SIGTERM)
