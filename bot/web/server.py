"""The pages' server and port, the service's health, and under `gapbrief run` the pages' own process.

Limits alone would not do there: under load pages keep an interpreter and its event loop busy, and answers in Discord
would wait. In their own process pages have their own interpreter, files, memory and drawing worker, at a lower
priority.

The service and its pages share a socket pair. Each second the pages ask for the service's health, and the questions
that it answered, for /healthz and /metrics. If one process ends, the other notices the closed socket: the pages end
too, or the service restarts them.
"""

import asyncio
import errno
import json
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import structlog

from bot import answers
from bot.logs import secrets_of, set_up_logs
from bot.processes import end_with_parent, make_runner
from bot.scheduler import DATA
from bot.services import Services, open_services
from bot.settings import Settings
from core.errors import DataError, UsageError
from core.words import quote

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from bot.state.database import State
    from bot.web.connections import Limits
    from bot.web.site import Site
    from core.store.board_ages import BoardAge

LOOPBACK = "127.0.0.1"
_BIND_SECONDS, _BIND_AGAIN_SECONDS = 4.0, 0.1
"""Duration and interval of retries for a port in use, which a killed service may hold for a moment."""


@contextmanager
def listening(host: str, port: int, advice: str = "set GAPBRIEF_PORT to another") -> Iterator[socket.socket]:
    """Hold the pages' port; raises UsageError for a foreign address, DataError for an unusable port.

    `advice` says what to do about an unusable port.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        port_socket = _bind((str(address[0]), port), family)
    except (socket.gaierror, UnicodeError) as error:
        raise UsageError(f"{quote(host)} is not an address of this machine; leave --host out for loopback.") from error
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise DataError(f"Port {port} of {host} can't be used ({reason}); {advice}.") from error
    with port_socket:
        yield port_socket


def _bind(address: tuple[str, int], family: int) -> socket.socket:
    """Listen on an address, retrying for some seconds while it is in use."""
    last = time.monotonic() + _BIND_SECONDS
    while True:
        try:
            return socket.create_server(address, family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= last:
                raise
        time.sleep(_BIND_AGAIN_SECONDS)


def web_server(app: "FastAPI", proxies: Iterable[str] = (), limits: "Limits | None" = None) -> "uvicorn.Server":
    """Return a server that installs no signal handlers, and trusts these proxies' headers."""
    import uvicorn

    from bot.web.connections import BACKLOG, Limits, limit_connections

    limits = limits or Limits()

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    return Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=5,
            http=limit_connections(limits, proxies), ws="none", forwarded_allow_ips=list(proxies), backlog=BACKLOG,
            timeout_keep_alive=limits.idle_seconds,
        )
    )  # fmt: skip


async def serve(services: Services, port: socket.socket, health: Callable[[], dict[str, Any]]) -> None:
    """Serve fresh pages until SIGTERM or Ctrl-C."""
    from bot.web.app import make_app

    app = make_app(health, services)
    server = web_server(app, services.settings.proxies)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, setattr, server, "should_exit", True)
    keep_fresh(app.state.site)
    try:
        await server.serve(sockets=[port])
    finally:
        await services.scheduler.stop()


def health_of(services: Services, today: date | None = None) -> dict[str, Any]:
    """Return the health of the process: state, data and jobs."""
    names, today = services.answers.names, today or answers.utc_today()
    age = (today - names.newest_data).days
    problem, jobs = _problem_of(services.state), services.scheduler.jobs()
    return {
        "ok": problem is None and not jobs.get("backup", {}).get("last_error"),
        "state": {"ok": problem is None, "problem": problem, "backup_age_seconds": _backup_age(services.settings)},
        "data": {
            "newest": names.newest_data.isoformat(),
            "age_days": age,
            "revision": names.revision,
            "problem": names.warning or None,
            "refresh": _refresh(services.settings),
            "tests": {f"{board.benchmark_id} {board.version}": _age(board, today) for board in names.boards},
        },
        "jobs": jobs,
    }


def _age(board: "BoardAge", today: date) -> dict[str, Any]:
    newest_score, newest_model = (moment and moment.isoformat() for moment in (board.newest_score, board.newest_model))
    return {
        "newest_score": newest_score, "newest_model": newest_model, "age_days": board.age_days(today),
        "stands_still": board.stands_still,
    }  # fmt: skip


def _problem_of(state: "State") -> str | None:
    try:
        state.check_writing()
    except DataError as error:
        return str(error)
    return None


def _refresh(settings: Settings) -> dict[str, Any] | None:
    """Return the last refresh with its failures, waiting items and remarks, None before the first."""
    from bot.refresh.last_refresh import read_last_refresh

    last = read_last_refresh(settings.data)
    if last is None:
        return None
    return {
        "at": last.at.isoformat(), "failed": last.failed, "held_back": last.held_back,
        "waiting": last.waiting, "remarks": last.remarks,
    }  # fmt: skip


def _backup_age(settings: Settings) -> float | None:
    """Return the age of the newest daily backup, None without one, as with a database server."""
    from bot.state import backups  # slow to import

    folder = backups.backup_folder(settings.state_url, settings.backup_dir)
    newest = next(iter(backups.list_daily_backups(folder)), None) if folder else None
    return (datetime.now(UTC) - newest.at).total_seconds() if newest else None


def keep_fresh(site: "Site") -> None:
    """Schedule jobs that reload changed data, and prepare frequent answers."""
    from bot.scheduler import CARDS, CARDS_SECONDS, DATA, DATA_SECONDS
    from bot.web import feeds, page_table

    async def look() -> None:
        await site.warm()
        await feeds.make_ahead(site)

    site.services.scheduler.add(DATA, look, DATA_SECONDS)
    site.services.scheduler.add(CARDS, lambda: page_table.draw_cards(site), CARDS_SECONDS)


log = structlog.get_logger("gapbrief.web")

_NICE = 5
"""The pages' niceness."""
_ASK_SECONDS, _SILENT_SECONDS = 1.0, 10.0
"""Interval of the pages' health requests, and the silence after which the service counts as stuck."""
_SHORTEST, _LONGEST = 1.0, 60.0
"""Shortest and longest delay before a restart of the pages, in seconds."""
_END_SECONDS = 5.0
_MOST_ANSWERS = 10_000
"""Answered questions to remember until the pages ask."""


class PagesProcess:
    """The pages, as seen from the service; `answered` receives each answered question."""

    def __init__(
        self, settings: Settings, port: socket.socket, health: Callable[[], dict[str, Any]], *, debug: bool = False
    ) -> None:
        self._settings, self._port, self._health, self._debug = settings, port, health, debug
        self._answers: deque[tuple[str, str, float]] = deque(maxlen=_MOST_ANSWERS)
        self._process = self._new(None)
        self._is_stopping = False

    def answered(self, question: str, outcome: str, seconds: float) -> None:
        """Record a question for the metrics."""
        self._answers.append((question, outcome, seconds))

    async def serve(self) -> None:
        """Run the pages until `stop`, restarting their process with growing delays if it ends."""
        wait = _SHORTEST
        while True:
            began = time.monotonic()
            await self._run_process()
            if self._is_stopping:
                return
            wait = _SHORTEST if time.monotonic() - began > _LONGEST else min(2 * wait, _LONGEST)
            log.error("the pages ended, and are started again", exit_code=self._process.exitcode, again_in=wait)
            await asyncio.sleep(wait)
            while not self._health().get("state", {}).get("ok", True):  # the pages would create an empty state
                await asyncio.sleep(wait)

    def stop(self) -> None:
        """Let the pages finish their requests and end; `serve` ends with them."""
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

    async def _run_process(self) -> None:
        """Start the process, and answer its requests until it ends."""
        ours, theirs = socket.socketpair()
        with theirs, _block_interrupt():
            self._process = self._new(theirs)
            self._process.start()
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            while await reader.readline():
                state = {"health": self._health(), "answered": list(self._answers)}
                self._answers.clear()
                writer.write(json.dumps(state).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
            await asyncio.to_thread(self._process.join, _END_SECONDS)
            self.close() if self._is_stopping else self._process.kill()


@contextmanager
def _block_interrupt() -> Iterator[None]:
    """Start a process that ignores Ctrl-C, as the service ends its pages itself."""
    old_mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old_mask)


# ---- the pages' process


def _main(settings: Settings, port: socket.socket, link: socket.socket, debug: bool) -> None:
    end_with_parent()  # orphaned pages would block the port for the next service
    set_up_logs(debug=debug, secrets=secrets_of(settings))
    with make_runner(debug=debug, for_pages=True) as running:
        running.run(_serve(settings, port, link))


async def _serve(settings: Settings, port: socket.socket, link: socket.socket) -> None:
    with open_services(settings) as services:
        await services.answers.refresh()
        with suppress(OSError):
            os.nice(_NICE)
        service = Service(services)
        asking = asyncio.create_task(service.ask(link))
        await service.is_ready.wait()
        try:
            await serve(services, port, service.health)
        finally:
            asking.cancel()
            await asyncio.wait([asking])


class Service:
    """The service, as seen from its pages."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._health: dict[str, Any] = {}
        self._heard_at = time.monotonic()
        self.is_ready = asyncio.Event()

    def health(self) -> dict[str, Any]:
        """Return the service's last health with the pages' own job; not ok if the service is silent."""
        is_silent = time.monotonic() - self._heard_at > _SILENT_SECONDS
        jobs = {**self._health.get("jobs", {}), "pages": self._services.scheduler.jobs().get(DATA)}
        return {
            **self._health,
            "ok": self._health.get("ok", False) and not is_silent,
            "jobs": {name: job for name, job in jobs.items() if job},
        }

    async def ask(self, link: socket.socket) -> None:
        """Ask each second, and count answered questions; end with the service."""
        reader, writer = await asyncio.open_connection(sock=link)
        with closing(writer), suppress(ConnectionError):
            while True:
                writer.write(b"\n")
                await writer.drain()
                line = await reader.readline()
                if not line:
                    break
                state = json.loads(line)
                self._health, self._heard_at = state["health"], time.monotonic()
                self.is_ready.set()
                for answer in state["answered"]:
                    self._services.answers.watch(*answer)
                await asyncio.sleep(_ASK_SECONDS)
        signal.raise_signal(signal.SIGTERM)
