"""Cards are drawn before somebody shares a page: of every brief, answer and model, each once."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.web import page_table
from bot.web.catalogue import Catalogue
from bot.web.pages import COMPARED, QUESTION_PAGES
from bot.web.site import CARD, card_of, shorten_title
from core.answer import Chart
from core.charts.lettering import fit_lines
from core.charts.page import SHAPES
from core.questions.best import BestQuestion
from core.questions.model import ModelQuestion
from tests.bot.web.conftest import Archive, Starter
from tests.bot.web.test_feeds import POSTED, PUBLIC


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Chart]:
    """The cards that are drawn, without the time that it takes."""
    charts: list[Chart] = []

    async def draw(pictures: object, chart: Chart, *, dark: bool, shape: str) -> bytes:
        assert shape == CARD
        charts.append(chart)
        pictures.put(b"a card", chart, dark=dark, shape=shape)
        return b"a card"

    monkeypatch.setattr("bot.pictures.Pictures.picture", draw)
    monkeypatch.setattr(page_table, "_REST", 0)
    return charts


async def few(whole: Catalogue) -> Catalogue:
    """Return a catalogue of the newest model, which has no score that counts, and of one that has."""
    return replace(whole, models=(whole.models[0], *(model for model in whole.models if model.shown == "Kimi K3")))


@pytest.mark.slow
def test_every_brief_answer_and_model_has_its_card_once(
    start_web: Starter, archive: Archive, drawn: list[Chart], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.post(POSTED[0])
    site = start_web(PUBLIC, archive.url).site
    whole = asyncio.run(site.catalogue())
    monkeypatch.setattr(site, "catalogue", partial(few, whole))
    asyncio.run(page_table.draw_cards(site))
    card = SHAPES[CARD]
    for chart in drawn:  # whole: on two lines above rows, alone on five
        lines, _ = fit_lines(chart.title, card.width - 2 * card.margin, [card.title, 38, 32, card.text], 2, bold=True)
        assert len(lines) <= 2 or chart.is_empty
    assert len(drawn) >= 1 + len(QUESTION_PAGES) + len(COMPARED) + 1
    first, *_ = asyncio.run(site.archive.all())
    assert shorten_title(first.title) in {chart.title for chart in drawn}
    for question in (BestQuestion(), ModelQuestion(model="kimi-k3")):
        assert site.services.pictures.cached(card_of(asyncio.run(site.answer(question))), dark=False, shape=CARD)
    once = len(drawn)
    asyncio.run(page_table.draw_cards(site))
    assert len(drawn) == once


def test_where_no_page_has_a_public_address_none_is_drawn(
    start_web: Starter, archive: Archive, drawn: list[Chart]
) -> None:
    asyncio.run(page_table.draw_cards(start_web(None, archive.url).site))
    assert not drawn


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Open models trail by 7.0 months on private tests", "Open models trail by 7.0 months on private tests"),
        (
            "Open models trail closed ones by 7.0 months on private tests and 5.4 on public (average of six months)",
            "Open models trail closed ones by 7.0 months on private tests and 5.4 on public",
        ),
        ("Kimi K3 narrowly leads private tests, DeepSeek V4 Pro 0813 public ones",
         "Kimi K3 narrowly leads private tests, DeepSeek V4 Pro 0813 public ones"),
        ("China's open models are ahead of the United States' on 6 of 6 private tests",
         "China's open models are ahead of the United States' on 6 of 6 private tests"),
        ("Kimi K3 set three open records; on private tests open models are still about 8 months behind closed ones",
         "Kimi K3 set three open records"),
    ],
)  # fmt: skip
def test_a_cards_title_is_cut_only_where_the_rest_still_says_the_same(title: str, short: str) -> None:
    assert shorten_title(title) == short
