"""`/newsroom story`: an article becomes a draft that only the moderator sees, and then goes the way of any brief."""

import asyncio
import sys
import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot import guarded_session
from bot.assistant import article, article_loader
from bot.assistant.fetching import Page
from bot.discord.newsroom.handlers import in_own_thread
from bot.services import Services
from bot.state import audit, usage
from core.errors import UsageError
from tests.bot.assistant.stories import BULLETS, GOOD, SITE, URL, html
from tests.bot.discord.conftest import checked, labels, words
from tests.bot.discord.newsroom.conftest import Room
from tests.core.brief.worded import GOOD as WORDS
from tests.fakes import openai
from tests.fakes.openai import FakeOpenAI, structured

WORDS_DAY = date(2026, 8, 22)
STORY = {"title": GOOD.title, "bullets": list(BULLETS), "terms": list(GOOD.terms)}


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every address hold the article; returns those that were read."""
    read: list[str] = []

    async def fetch(address: str) -> Page:
        read.append(address)
        guarded_session.read_address(address)
        return Page(URL, html().encode(), True)

    monkeypatch.setattr(article_loader, "fetch_page", fetch)
    monkeypatch.setattr(article_loader, "extract_text", article._extract)
    return read


def with_model(room: Room, server: FakeOpenAI) -> None:
    bot = room.world.bot
    settings = replace(bot.services.settings, llm_model="gpt-test", llm_base_url=server.url)
    bot.services = Services(settings, room.state)


async def story(room: Room, reply: openai.Reply | None = None, **options: Any) -> Any:
    """Return the card of a story that the model told, or what is said instead."""
    with FakeOpenAI(reply or structured(STORY)) as server:
        with_model(room, server)
        return await room.answer("story", **{"url": URL, **options})


@pytest.mark.slow
async def test_a_story_is_shown_as_it_is_then_posted_says_who_wrote_it_and_counts_what_it_used(
    room: Room, page: list[str]
) -> None:
    card = await story(room)
    assert page == [URL]
    assert card.ephemeral
    assert card.content.startswith(
        "**Draft 1, as it will look** · written by the language model gpt-test\n"
        f"-# Post sends it to <#{room.world.channel.id}>.\n- {GOOD.title} \\[the model's, unchecked]\n"
    )
    assert card.content.endswith("\n-# Every figure of the other sentences is in the facts.")
    assert card.embeds[0].title == GOOD.title
    [embed] = card.embeds
    assert embed.author.name == "Story · 1 December 2026"
    assert " In our own data, open models trail by 7.0 months on private tests" in embed.description
    assert embed.description.splitlines()[-1].startswith(f"Read full story at [{SITE}: ")
    assert embed.description.endswith(f"](<{URL}>)")
    assert labels(card) == ["Post", "Edit", "Discard", "Schedule"]
    checked(card.embeds)
    with room.state.reading() as connection:
        [used] = usage.list_since(connection)
        spent = usage.list_spent(connection, used.day)
    assert (used.purpose, used.outcome) == ("story", "answered")
    spenders = ["all", f"guild:{room.world.guild.id}", f"user:{room.alice.id}"]
    assert spent == dict.fromkeys(spenders, used.tokens_in + used.tokens_out)
    await room.press(card, "Post")
    await room.deliver()
    [posted] = room.world.channel.last_message.embeds
    assert posted.to_dict()["description"] == embed.description
    trail = audit.list_entries(room.state, brief_id=1, limit=9)
    assert [(entry.what, entry.who) for entry in trail] == [("posted", room.alice.id), ("made", room.alice.id)]
    assert room.kept().kind == "story"


@pytest.mark.slow
async def test_an_edit_is_held_against_the_article_and_says_who_wrote_it_first(room: Room, page: list[str]) -> None:
    card = await story(room)
    await room.edit(card, "9.3 months", "9.9 months")
    assert "\n  - “9.9 months”: no fact has this figure; the facts have “" in card.content
    await room.edit(card, "9.9 months", "9.3 months")
    assert "no fact" not in card.content
    assert card.content.startswith(
        f"**Draft 1, as it will look** · written by the language model gpt-test, edited by <@{room.alice.id}>"
    )


async def test_an_address_that_is_none_or_private_is_refused(room: Room) -> None:
    for url, reason in (
        ("file:///etc/passwd", "is not a web address; give one that begins with https://"),
        ("https://me:secret@example.org/", "The address holds a name or a password"),
        ("http://169.254.169.254/latest/", "leads into a private network"),
        ("http://localhost:8765/healthz", "leads into a private network"),
        ("http://[::1]/", "leads into a private network"),
    ):
        assert reason in words(await story(room, url=url))


async def test_without_a_model_it_is_said(room: Room, page: list[str]) -> None:
    answer = await room.read_answer("story", url=URL)
    assert answer == "A story needs a language model, and none is set here; my operator can set one."
    assert page == []


async def test_without_the_package_that_reads_pages_it_is_said(
    room: Room, page: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    assert words(await story(room)) == "I can't read articles here yet; my operator can add the package for it."
    assert page == []


async def test_why_there_is_none_is_said_in_private(room: Room, page: list[str]) -> None:
    reply = await story(room, openai.error(500))
    assert reply.ephemeral
    assert words(reply) == ("There is no brief of this article: the language model failed (500). Try again later.")


async def test_a_few_at_once_and_no_more(room: Room) -> None:
    room.world.bot.get_cog("Newsroom")._readers = asyncio.Semaphore(0)  # type: ignore[union-attr]
    assert words(await story(room)) == "I am already reading three articles; please try again in a minute."


async def test_what_takes_long_holds_nothing_up_and_its_errors_arrive() -> None:
    go_on = threading.Event()

    def slow() -> str:
        assert go_on.wait(60)
        return "done"

    def fails() -> str:
        raise UsageError("It can't be.")

    def stopped() -> str:
        raise asyncio.CancelledError

    waiting = asyncio.create_task(in_own_thread(slow))
    await asyncio.sleep(0)
    with pytest.raises(UsageError, match="It can't be"):
        await in_own_thread(fails)
    with pytest.raises(asyncio.CancelledError):
        await in_own_thread(stopped)
    go_on.set()
    assert await waiting == "done"


@pytest.mark.slow
async def test_a_draft_of_the_day_is_in_the_models_words(room: Room) -> None:
    bullets = [{"text": bullet.text, "remark": bullet.remark} for bullet in WORDS.bullets]
    form = {"title": WORDS.title, "bullets": bullets, "terms": []}
    with FakeOpenAI(openai.always(structured(form))) as server:
        with_model(room, server)
        room.world.bot.services.answers.today = lambda: WORDS_DAY  # type: ignore[method-assign]
        card = await room.answer("new")
    assert "written by the language model gpt-test" in card.content
    assert card.embeds[0].title == "Kimi K3 takes six open records"
