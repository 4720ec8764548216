"""A process that posts, to be killed: the real client and the real newsroom, against a Discord on loopback.

Run as `python process.py JSON`, or forked from one that has imported it (tests/forked.py). It kills itself where it is
told: at the `count`-th time of a step, before or after it.
If it is told to wait, it posts from SIGUSR1 on.
"""

import asyncio
import itertools
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import discord.gateway
import discord.http
import yarl

from bot.discord.client import Gapbrief
from bot.discord.client_base import Shards
from bot.discord.discord_target import DiscordTarget
from bot.logs import set_up_logs
from bot.newsroom import delivery, newsroom_worker, scheduling
from bot.newsroom.formats import Extras, correction_notes
from bot.newsroom.targets import drafts
from bot.pictures import Pictures
from bot.services import Services
from bot.settings import Settings
from bot.state import outbox
from bot.state.briefs import StoredBrief
from bot.state.database import open_state

PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)


def point_at(url: str, gateway: str) -> None:
    """Lead the client to the Discord on loopback."""
    discord.http.Route.BASE = url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


def die_at(step: str, when: str, count: int) -> None:
    """Have this process killed at a step."""
    place, name = {
        "due": (scheduling, "_publish"),  # within the transaction
        "tick": (scheduling, "run_due"),
        "claim": (outbox, "claim"),
        "settle": (outbox, "mark_sent"),
        "send": (DiscordTarget, "deliver"),
        "look": (DiscordTarget, "look_up"),
    }[step]
    calls, work = itertools.count(1), getattr(place, name)

    @contextmanager
    def dying() -> Iterator[None]:
        is_last = next(calls) == count
        if is_last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        yield
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)

    @wraps(work)
    def do(*arguments: Any, **named: Any) -> Any:
        with dying():
            return work(*arguments, **named)

    @wraps(work)
    async def do_later(*arguments: Any, **named: Any) -> Any:
        with dying():
            return await work(*arguments, **named)

    setattr(place, name, do_later if asyncio.iscoroutinefunction(work) else do)


async def post(told: dict[str, Any]) -> None:
    """Post what is due, until told to stop."""

    async def draw(*_: Any) -> bytes:
        return PNG

    def load_extras(_settings: Settings, stored: StoredBrief) -> tuple[Extras, None]:
        return Extras(notes=correction_notes(stored.corrections)), None

    drafts.load_extras = load_extras  # type: ignore[assignment]  # so does the evidence, longer than this lease
    Pictures._draw_in_worker = draw  # type: ignore[assignment,method-assign]  # a worker's start takes longer than a test
    newsroom_worker._POLL_SECONDS = 2.0  # others set schedules all the time
    lease = told.get("lease", 2)
    outbox.LEASE, delivery._SECONDS = timedelta(seconds=lease), 0.75 * lease  # no row takes longer than its lease
    set_up_logs()
    settings = Settings(
        Path(told["db"]), Path(told["data"]), told["state"], discord_token=told["token"], refresh=False
    )  # no publisher is asked, nor the shipped data changed
    state = open_state(settings.state_url)
    shards = Shards.read(told["shards"]) if "shards" in told else None
    bot = Gapbrief(Services(settings, state), shards, guild_ready_timeout=0.1)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with bot:
        life = asyncio.create_task(bot.start(told["token"]))
        ready = asyncio.create_task(_ready(bot))
        await asyncio.wait([life, ready], return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            life.result()
        if told.get("wait"):
            _say("waiting")
            begin = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, begin.set)
            await begin.wait()
        held = timedelta(seconds=told.get("held", 1))
        newsroom = newsroom_worker.start(bot.services, bot.targets(), bot.wait_until_ready, lease_time=held)
        _say("ready")
        await stop.wait()
        await newsroom.stop()
        await bot.stop()
    state.close()


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def _ready(bot: Any) -> None:
    while not bot.is_ready():
        await asyncio.sleep(0.01)


def run(words: str) -> None:
    """Do what is told as JSON."""
    told = json.loads(words)
    point_at(told["url"], told["gateway"])
    if told.get("die"):
        die_at(*told["die"])
    asyncio.run(post(told))


if __name__ == "__main__":
    run(sys.argv[1])
