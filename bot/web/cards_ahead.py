"""The cards of pages, drawn before somebody shares one: of every brief, answer and model."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

from bot.web.pages import COMPARED, OF_QUESTIONS, best_paths
from bot.web.site import Site, card_of
from core.answer import Chart
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.questions.compare import CompareQuestion
from core.questions.model import ModelQuestion

_REST = 3
"""For so many times as long as a card took nothing is drawn: whoever waits for a picture comes first."""


async def make_ahead(site: Site) -> None:
    """Draw every card that is not drawn yet, one after the other; none where no page has a public address."""
    if not site.public_url:
        return
    async for card in _cards(site):
        if site.services.pictures.at_hand(card, dark=False, shape="card") is None:
            began = time.monotonic()
            await site.services.pictures.picture(card, dark=False, shape="card")
            await asyncio.sleep(_REST * (time.monotonic() - began))


async def _cards(site: Site) -> AsyncIterator[Chart]:
    briefs = [(entry.chart_question, entry.title) for entry in await site.archive.all() if not entry.withdrawn_at]
    for question, title in [*briefs, *((question, "") for question in await _questions(site))]:
        with suppress(UsageError):  # the page says why there is no answer, and has no card
            yield card_of(await site.answer(question), title)


async def _questions(site: Site) -> list[Question]:
    """Return the questions that pages answer, those of models last and the newest first."""
    listed = await site.catalogue()
    sides = [path.replace("-", " ").split("/")[1:] for path in COMPARED]
    return [
        *(QUESTIONS[name]() for name in OF_QUESTIONS),
        *(question for question, _ in best_paths(listed.tests).values()),
        *(CompareQuestion(left, right) for left, right in sides),
        *(ModelQuestion(model=each.model_id) for each in listed.models),
    ]
