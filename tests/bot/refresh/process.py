"""A process that changes data, to be killed; it says when it begins, and when it ends."""

import asyncio
from dataclasses import replace
from datetime import date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from bot.refresh import refreshing
from tests.bot.refresh.conftest import FETCH
from tests.bot.refresh.life import HOUR, settings_in, ships


def run(said: Connection, what: str, folder: Path, shipped: Path, address: str, day: date) -> None:
    """Refresh, or undo."""
    now, settings = datetime.combine(day, HOUR), settings_in(folder)
    with ships(shipped):
        publisher = refreshing.known_publishers()["weirdml"]
        publisher = replace(publisher, files=(replace(publisher.files[0], address=address),))
        said.send("begins")
        if what == "undo":
            refreshing.undo(settings, now)
        else:
            asyncio.run(refreshing.refresh(settings, [publisher], now, fetch=FETCH))
    said.send("ends")
