"""A process that changes data, to be killed: `process.py refresh|undo FOLDER SHIPPED ADDRESS DAY`."""

import asyncio
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from bot.refresh import refreshing
from tests.bot.refresh.conftest import FETCH
from tests.bot.refresh.life import HOUR, settings_in, ships

what, folder, shipped, address, day = sys.argv[1:]
now, settings = datetime.combine(date.fromisoformat(day), HOUR), settings_in(Path(folder))
with ships(Path(shipped)):
    publisher = refreshing.known_publishers()["weirdml"]
    publisher = replace(publisher, files=(replace(publisher.files[0], address=address),))
    print("begins", flush=True)
    if what == "undo":
        refreshing.undo(settings, now)
    else:
        asyncio.run(refreshing.refresh(settings, [publisher], now, fetch=FETCH))
print("ends", flush=True)
