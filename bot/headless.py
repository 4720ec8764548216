"""The service without Discord: the newsroom, for all that is sent elsewhere."""

import asyncio
from typing import Any

from bot.newsroom import publisher
from bot.newsroom.publisher import Publisher
from bot.refresh import daily
from bot.scheduler import DATA, DATA_SECONDS
from bot.services import Services
from bot.web.server import health_of


class Headless:
    """What `gapbrief run` does without Discord, beside its pages."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.publisher: Publisher | None = None

    def health(self) -> dict[str, Any]:
        """Return the service's state, well once it posts what is due, and the data's age in days."""
        found = health_of(self.services)
        return {**found, "ok": found["ok"] and self.publisher is not None}

    async def work(self) -> None:
        """Post what is due and keep the data fresh, without end; raises DataError where the data can't be read."""
        await self.services.answers.refresh()
        self.publisher = publisher.start(self.services)
        self.services.scheduler.add(DATA, self.services.answers.refresh, DATA_SECONDS)
        daily.start(self.services)
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Finish the answers and posts that were begun."""
        self.services.stop()
        publishing, self.publisher = self.publisher, None
        if publishing is not None:
            await publishing.stop()

    close = stop
