"""The service without Discord: the pages, and the newsroom for all that is sent elsewhere."""

from typing import Any

from bot.answers import Answers
from bot.pictures import Pictures
from bot.publish import service
from bot.publish.service import Newsroom
from bot.settings import Settings
from bot.state.state import State
from bot.web.app import make_app
from bot.web.server import health_of, keep_fresh


class Alone:
    """What `gapbrief run` does without Discord; `app` shows the pages."""

    def __init__(self, settings: Settings, state: State) -> None:
        self.settings, self.state = settings, state
        self.answers, self.pictures = Answers(settings, state=state), Pictures(dark=False)
        self.app = make_app(self.health, self.answers, self.pictures, state)
        self.newsroom: Newsroom | None = None

    def health(self) -> dict[str, Any]:
        """Return the service's state, well once it posts what is due, and the data's age in days."""
        return {**health_of(self.answers), "ok": self.newsroom is not None}

    async def work(self) -> None:
        """Post what is due and keep the data fresh, without end; raises DataError where the data can't be read."""
        await self.answers.refresh()
        self.newsroom = service.start(self.state, self.settings)
        await keep_fresh(self.app.state.site)

    async def stop(self) -> None:
        """Finish the answers and posts that were begun."""
        self.answers.stop()
        newsroom, self.newsroom = self.newsroom, None
        if newsroom is not None:
            await newsroom.stop()

    async def close(self) -> None:
        """Post nothing more, and end the worker."""
        await self.stop()
        self.pictures.close()
