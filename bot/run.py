"""`gapbrief run`: the service. It starts what is set up, and stops on SIGTERM or Ctrl-C with nothing left half done."""

import asyncio
import math
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import structlog

from bot import service
from bot.discord import refusals
from bot.discord.client import Gapbrief
from bot.logs import secrets_of, set_up_logs
from bot.settings import Settings
from bot.state.state import open_state
from bot.web.app import make_app
from bot.web.server import LOOPBACK, listening, web_server

if TYPE_CHECKING:
    import uvicorn

log = structlog.get_logger("gapbrief")

_STOP_SECONDS = 9.0
_SLOW_CALLBACK_SECONDS = 0.05


def run(settings: Settings, *, debug: bool = False) -> None:
    """Run the service until it is told to stop; raises GapbriefError for what the operator can mend."""
    if settings.discord_token is None:
        raise refusals.no_token()
    set_up_logs(debug=debug, secrets=secrets_of(settings))
    with runner(debug=debug) as running:
        running.run(_serve(settings, settings.discord_token))


def runner(*, debug: bool = False) -> asyncio.Runner:
    """Return what runs the event loop: in debug mode it reports each callback of more than 50 ms."""
    found = asyncio.Runner(debug=debug, loop_factory=_loop_factory())
    found.get_loop().slow_callback_duration = _SLOW_CALLBACK_SECONDS
    return found


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's loop where it is installed (it has no Windows), else the standard one."""
    if sys.platform == "win32":
        return None
    with suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop
    return None


async def _serve(settings: Settings, token: str) -> None:
    state = await asyncio.to_thread(open_state, settings.state_url)
    bot = Gapbrief(settings, state)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        with listening(LOOPBACK, settings.port) as port:
            app = make_app(lambda: health(bot), bot.answers, bot.pictures, bot.state)
            await _until(stop, bot, web_server(app), port, token)
    finally:
        state.close()
    log.info("stopped")


async def _until(stop: asyncio.Event, bot: Gapbrief, web: "uvicorn.Server", port: socket.socket, token: str) -> None:
    """Serve until told to stop, or until a part fails: then with its error."""
    parts = [asyncio.create_task(connect(bot, token)), asyncio.create_task(web.serve(sockets=[port]))]
    stopped = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([*parts, stopped], return_when=asyncio.FIRST_COMPLETED)
        for part in done:
            part.result()
        log.info("stopping")
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await bot.stop()
    finally:
        stopped.cancel()
        web.should_exit = True
        with suppress(Exception):
            await bot.close()
        await asyncio.wait(parts, timeout=0.5)


async def connect(bot: Gapbrief, token: str) -> None:
    """Stay connected, and post what is due, until the bot is closed; raises DataError where Discord refuses."""
    with refusals.in_one_sentence():
        async with bot:
            await bot.login(token)
            bot.publish()
            await bot.connect()


def health(bot: Gapbrief, today: date | None = None) -> dict[str, Any]:
    """Return the service's state: gateway latency and last event in seconds, the data's age in days."""
    shards = bot.shards.values()
    latency = bot.latency if shards else math.nan
    newest = bot.answers.names.newest_data
    return {
        "ok": bot.is_ready() and not bot.is_closed() and not any(shard.is_closed() for shard in shards),
        "discord": {
            "ready": bot.is_ready(),
            "shards": len(shards),
            "latency_seconds": latency if math.isfinite(latency) else None,
            "last_event_seconds": time.monotonic() - bot.last_event,
            "guilds": len(bot.guilds),
        },
        "data": {
            "newest": newest.isoformat(),
            "age_days": ((today or service.today()) - newest).days,
            "revision": bot.answers.names.revision,
        },
    }
