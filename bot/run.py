"""`gapbrief run`: the service. It starts everything that is set up, and stops cleanly on SIGTERM or Ctrl-C.

Without DISCORD_TOKEN it runs the web pages and the newsroom. If Discord can't be reached, these go on while it retries
with growing waits.
"""

import asyncio
import math
import signal
import time
from collections.abc import Coroutine
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.discord import setup
from bot.discord.client import Gapbrief
from bot.logs import secrets_of, set_up_logs
from bot.newsroom import newsroom_worker
from bot.newsroom.newsroom_worker import NewsroomWorker
from bot.processes import make_runner
from bot.refresh import daily
from bot.scheduler import DATA, DATA_SECONDS
from bot.services import Services, check_files, open_services
from bot.settings import Settings
from bot.state import target_rows
from bot.web.server import LOOPBACK, PagesProcess, health_of, listening

if TYPE_CHECKING:
    from bot.discord.client_base import Shards

log = structlog.get_logger("gapbrief")

_STOP_SECONDS = 9.0
_FIRST_WAIT, _LONGEST_WAIT = 5.0, 300.0
"""Seconds to wait after the first failure to reach Discord, and at most."""


def run(settings: Settings, *, debug: bool = False, shards: "Shards | None" = None) -> None:
    """Run the service until it is stopped; raises GapbriefError for faults that the operator can fix.

    Without `shards` it runs all Discord shards.
    """
    set_up_logs(debug=debug, secrets=secrets_of(settings))
    with make_runner(debug=debug) as running:
        running.run(_serve(settings, shards, debug=debug))


async def _serve(settings: Settings, shards: "Shards | None", *, debug: bool) -> None:
    check_files(settings)
    with open_services(settings) as services:
        missing = target_rows.missing_key_sentence(services.state)
        if missing is not None:
            log.warning(missing)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        with listening(LOOPBACK, settings.port) as port:
            log.info("pages are served", address=f"http://{LOOPBACK}:{settings.port}/")
            if settings.discord_token is None:
                log.info("Discord is off until DISCORD_TOKEN is set; posts for Discord wait until then")
                headless = Headless(services)
                pages = PagesProcess(settings, port, headless.health, debug=debug)
                await _run_until(stop, headless, headless.work(), pages)
            else:
                bot = Gapbrief(services, shards)
                pages = PagesProcess(settings, port, lambda: health(bot), debug=debug)
                services.answers.watch = pages.answered
                await _run_until(stop, bot, connect(bot, settings.discord_token), pages)
    log.info("stopped")


class Headless:
    """The service without Discord, apart from its pages."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.newsroom_worker: NewsroomWorker | None = None

    def health(self) -> dict[str, Any]:
        """Return the service's state, ok once it posts what is due, and the data's age in days."""
        state = health_of(self.services)
        return {**state, "ok": state["ok"] and self.newsroom_worker is not None}

    async def work(self) -> None:
        """Post what is due and keep the data fresh, forever; raises DataError if the data can't be read."""
        await self.services.answers.refresh()
        self.newsroom_worker = newsroom_worker.start(self.services)
        self.services.scheduler.add(DATA, self.services.answers.refresh, DATA_SECONDS)
        daily.start(self.services)
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Finish the answers and posts in progress."""
        self.services.stop()
        publishing, self.newsroom_worker = self.newsroom_worker, None
        if publishing is not None:
            await publishing.stop()

    close = stop


async def _run_until(
    stop: asyncio.Event, bot: Gapbrief | Headless, work: Coroutine[Any, Any, None], pages: PagesProcess
) -> None:
    """Work and serve until `stop` is set, or a part fails, whose error is raised."""
    parts = [asyncio.create_task(work), asyncio.create_task(pages.serve())]
    stopped = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([*parts, stopped], return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        pages.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await bot.stop()
        for part in done:
            part.result()
    finally:
        stopped.cancel()
        pages.stop()
        with suppress(Exception):
            await bot.close()
        parts[0].cancel()
        await asyncio.wait(parts, timeout=0.5)
        pages.close()


async def connect(bot: Gapbrief, token: str) -> None:
    """Stay connected, and post what is due, until the bot is closed; raises DataError if Discord refuses it."""
    with setup.in_one_sentence():
        async with bot:
            await bot.renew()
            await _join(bot, token)


async def _join(bot: Gapbrief, token: str) -> None:
    """Log in and stay connected; until Discord is first reached, everything else goes on without it."""
    wait, is_logged_in = _FIRST_WAIT, False
    while True:
        try:
            if not is_logged_in:
                await bot.login(token)
                is_logged_in = True
            bot.publish()
            return await bot.connect()
        except setup.UNREACHABLE as error:
            if bot.is_closed() or bot.shards:
                raise
            wait = max(wait, getattr(error, "retry_after", 0.0))
            log.warning("Discord can't be reached; the rest goes on", reason=str(error) or "no answer", again_in=wait)
            bot.publish()
        if not is_logged_in:  # each login opens a new session
            await bot.http.close()
            bot.http.connector = discord.utils.MISSING
        await asyncio.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


def health(bot: Gapbrief, today: date | None = None) -> dict[str, Any]:
    """Return the service's state: gateway latency and last event in seconds, the data's age in days."""
    shards = bot.shards.values()
    latency = bot.latency if shards else math.nan
    state = health_of(bot.services, today)
    is_connected = bot.is_ready() and not bot.is_closed() and not any(shard.is_closed() for shard in shards)
    return {
        **state,
        "ok": state["ok"] and is_connected,
        "discord": {
            "ready": bot.is_ready(),
            "shards": len(shards),
            "latency_seconds": latency if math.isfinite(latency) else None,
            "last_event_seconds": time.monotonic() - bot.last_event,
            "guilds": len(bot.guilds),
        },
    }
