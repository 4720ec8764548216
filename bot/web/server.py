"""The web server: its port, uvicorn (which leaves signals to whoever started it), its health, what keeps it fresh."""

import asyncio
import errno
import os
import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot import answers
from core.errors import DataError, UsageError
from core.words import quote

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

    from bot.services import Services
    from bot.settings import Settings
    from bot.state.database import State
    from bot.web.connections import Limits
    from bot.web.site import Site
    from core.store.board_ages import BoardAge

LOOPBACK = "127.0.0.1"
_BIND_SECONDS, _BIND_AGAIN_SECONDS = 4.0, 0.1
"""For how long, and how often, a port in use is tried again: a service that was killed may take a moment to let go."""


@contextmanager
def listening(host: str, port: int, advice: str = "set GAPBRIEF_PORT to another") -> Iterator[socket.socket]:
    """Hold the port of the web pages; raises UsageError for no address of this machine, DataError for no port.

    `advice` says what to do about a port that can't be used.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = _bind((str(address[0]), port), family)
    except (socket.gaierror, UnicodeError) as error:
        raise UsageError(f"{quote(host)} is not an address of this machine; leave --host out for loopback.") from error
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise DataError(f"Port {port} of {host} can't be used ({reason}); {advice}.") from error
    with found:
        yield found


def _bind(address: tuple[str, int], family: int) -> socket.socket:
    """Listen on an address, which is tried again for some seconds while it is in use."""
    last = time.monotonic() + _BIND_SECONDS
    while True:
        try:
            return socket.create_server(address, family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= last:
                raise
        time.sleep(_BIND_AGAIN_SECONDS)


def web_server(app: "FastAPI", proxies: Iterable[str] = (), limits: "Limits | None" = None) -> "uvicorn.Server":
    """Return a server that leaves signals to whoever started it, and believes these proxies who asks."""
    import uvicorn

    from bot.web.connections import BACKLOG, Limits, limited

    limits = limits or Limits()

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    return Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=5,
            http=limited(limits, proxies), ws="none", forwarded_allow_ips=list(proxies), backlog=BACKLOG,
            timeout_keep_alive=limits.idle_seconds,
        )
    )  # fmt: skip


async def serve(services: "Services", port: socket.socket, health: Callable[[], dict[str, Any]]) -> None:
    """Serve the pages, and keep them fresh, until SIGTERM or Ctrl-C."""
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


def health_of(services: "Services", today: date | None = None) -> dict[str, Any]:
    """Return how what serves the pages is: the data's age in days and revision, its state, and how each job went."""
    names, today = services.answers.names, today or answers.utc_today()
    age = (today - names.newest_data).days
    problem = _problem_of(services.state)
    return {
        "ok": problem is None,
        "state": {"ok": problem is None, "problem": problem, "backup_age_seconds": _backup_age(services.settings)},
        "data": {
            "newest": names.newest_data.isoformat(),
            "age_days": age,
            "revision": names.revision,
            "problem": names.warning or None,
            "refresh": _refresh(services.settings),
            "tests": {f"{each.benchmark_id} {each.version}": _age(each, today) for each in names.boards},
        },
        "jobs": services.scheduler.jobs(),
    }


def _age(board: "BoardAge", today: date) -> dict[str, Any]:
    newest_score, newest_model = (each and each.isoformat() for each in (board.newest_score, board.newest_model))
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


def _refresh(settings: "Settings") -> dict[str, Any] | None:
    """Return when publishers were asked last, which gave nothing that is used, what waits for a person and what is odd.

    None before the first time.
    """
    from bot.refresh.last_refresh import last_refresh

    last = last_refresh(settings.data)
    if last is None:
        return None
    return {
        "at": last.at.isoformat(), "failed": last.failed, "held_back": last.held_back,
        "waiting": last.waiting, "remarks": last.remarks,
    }  # fmt: skip


def _backup_age(settings: "Settings") -> float | None:
    """Return the age of the newest daily copy of the state; None where there is none, as of a database server's."""
    from bot.state import daily_backup  # which takes longer to import than any other command needs

    folder = daily_backup.folder_of(settings.state_url, settings.backup_dir)
    newest = next(iter(daily_backup.kept(folder)), None) if folder else None
    return (datetime.now(UTC) - newest.at).total_seconds() if newest else None


def keep_fresh(site: "Site") -> None:
    """See now and then if the data changed, and have ready what most people ask for."""
    from bot.scheduler import CARDS, CARDS_SECONDS, DATA, DATA_SECONDS
    from bot.web import cards_ahead, feeds

    async def look() -> None:
        await site.warm()
        await feeds.make_ahead(site)

    site.services.scheduler.add(DATA, look, DATA_SECONDS)
    site.services.scheduler.add(CARDS, lambda: cards_ahead.make_ahead(site), CARDS_SECONDS)
