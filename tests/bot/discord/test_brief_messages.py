"""`/brief`: the newest one, an earlier one, in full, with its chart below the title."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.answers import Answers
from bot.discord import brief_messages
from bot.publish import workflow
from bot.publish.editing import as_text
from bot.publish.writing import Writer
from bot.settings import Settings
from bot.state.briefs import by_id, listed
from bot.state.database import State
from core.brief import Brief, Bullet
from core.errors import UsageError
from tests.bot.discord.conftest import TODAY, World, checked, labels, words
from tests.bot.publish.newsroom import NO_NAMES


@pytest.fixture
def brief(settings: Settings) -> Brief:
    return Answers(settings, lambda: TODAY).brief_now(date(2026, 5, 22))


async def test_the_newest_brief_with_its_chart_below_the_title(world: World) -> None:
    message = await world.slash("brief")
    head, text = message.embeds
    assert head.title
    assert head.description.startswith("Research · 1 December 2026 · gapbrief · ")
    assert head.image.url.endswith("chart.png")
    assert message.attachments[0].description.startswith("A line from each first closed model")
    assert text.image.url is None
    assert text.description.startswith("- ")
    assert "Method: after [H. T. Ihle" in text.description
    assert text.footer.text.startswith("Data to 28 September 2026")
    checked(message.embeds)


async def test_the_bullets_stand_as_they_are_with_their_remarks_below(world: World, brief: Brief) -> None:
    message = await world.slash("brief", which="2026-05-22")
    text = words(message)
    assert brief.title in text
    for bullet in brief.bullets:
        assert f"- {bullet.text}" in text
        if bullet.remark:
            assert f"  - {bullet.remark}" in text


async def test_earlier_briefs_are_a_button_away(world: World) -> None:
    message = await world.slash("brief")
    terms, *days = labels(message)
    assert terms == "Terms"
    assert len(days) == 3
    earlier = await world.press(message, days[0])
    assert earlier.ephemeral
    assert f"· {days[0]} ·" in earlier.embeds[0].description


async def test_earlier_briefs_are_offered_while_typing(world: World) -> None:
    choices = await world.alice.autocomplete(world.channel, "brief", "which", "")
    assert len(choices) == 3
    assert all(date.fromisoformat(each["value"]) < TODAY for each in choices)
    chosen = await world.slash("brief", which=choices[1]["value"])
    assert choices[1]["name"].split(": ", 1)[1].rstrip("…") in words(chosen)


async def test_who_types_on_is_offered_them_from_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Any] = []

    def counted(*args: Any, **named: Any) -> Any:
        looks.append(named["guild_id"])
        return listed(*args, **named)

    monkeypatch.setattr(brief_messages, "listed", counted)
    for typed in ("", "2", "20", "202"):
        assert await world.alice.autocomplete(world.channel, "brief", "which", typed)
    assert looks == [world.guild.id, None]
    cog: Any = world.bot.get_cog("Brief")
    cog._known = {whose: (when - 31, found) for whose, (when, found) in cog._known.items()}
    assert await world.alice.autocomplete(world.channel, "brief", "which", "2026")
    assert looks == [world.guild.id, None] * 2


@pytest.mark.parametrize(
    ("which", "said"),
    [("yesterday-ish", "is no date"), ("2031-01-01", "is in the future"), ("2019-01-01", "The data begins")],
)
async def test_a_day_without_a_brief_says_so(world: World, which: str, said: str) -> None:
    message = await world.slash("brief", which=which)
    assert said in words(message)
    assert message.ephemeral


@pytest.fixture
def archived(settings: Settings, state: State) -> dict[date, int]:
    """Three briefs that were posted, by their days."""
    ids = {}
    for published in (date(2026, 3, 6), date(2026, 4, 10), date(2026, 5, 22)):
        at = datetime(published.year, published.month, published.day, 9, tzinfo=UTC)
        ids[published] = workflow.make(state, Writer(settings).write(published, None, None), workflow.OPERATOR, at).id
        workflow.post(state, ids[published], None, workflow.OPERATOR, at)
    return ids


def above(message: Any) -> str:
    text: str = message.embeds[0].description
    return text


async def test_the_newest_that_was_posted_goes_before_what_would_be_written_now(
    world: World, archived: dict[date, int]
) -> None:
    message = await world.slash("brief")
    assert "· 22 May 2026 ·" in above(message)
    assert labels(message) == ["Terms", "10 April 2026", "6 March 2026"]
    assert "· 6 March 2026 ·" in above(await world.press(message, "6 March 2026"))
    offered = await world.alice.autocomplete(world.channel, "brief", "which", "")
    assert [each["value"] for each in offered] == ["2026-05-22", "2026-04-10", "2026-03-06"]
    assert "· 1 May 2026 ·" in above(await world.slash("brief", which="2026-05-01"))


async def test_one_that_was_withdrawn_is_left_out(world: World, state: State, archived: dict[date, int]) -> None:
    workflow.withdraw(
        state, archived[date(2026, 5, 22)], workflow.OPERATOR, datetime(2026, 5, 23, tzinfo=UTC), reason="wrong"
    )
    message = await world.slash("brief")
    assert "· 10 April 2026 ·" in above(message)
    offered = await world.alice.autocomplete(world.channel, "brief", "which", "")
    assert [each["value"] for each in offered] == ["2026-04-10", "2026-03-06"]


async def test_a_server_sees_its_own_and_not_another_servers(
    world: World, settings: Settings, state: State, archived: dict[date, int]
) -> None:
    for whose, published in ((world.guild.id, date(2026, 6, 5)), (world.guild.id + 1, date(2026, 6, 12))):
        at = datetime(published.year, published.month, published.day, 9, tzinfo=UTC)
        written = Writer(settings).write(published, None, None)
        made = workflow.make(state, written, workflow.OPERATOR, at, guild_id=whose)
        workflow.post(state, made.id, None, workflow.OPERATOR, at)
    message = await world.slash("brief")
    assert "· 5 June 2026 ·" in above(message)
    assert labels(message) == ["Terms", "22 May 2026", "10 April 2026", "6 March 2026"]


async def test_one_that_was_corrected_says_so(world: World, state: State, archived: dict[date, int]) -> None:
    brief_id = archived[date(2026, 5, 22)]
    before = by_id(state, brief_id)
    assert before is not None
    text = as_text(before.brief).replace(before.brief.title, f"{before.brief.title} indeed")
    at = datetime(2026, 5, 23, tzinfo=UTC)
    workflow.correct(state, brief_id, text, workflow.OPERATOR, at, note="The title was too weak.", names=NO_NAMES)
    message = await world.slash("brief")
    assert message.embeds[0].title.endswith(" indeed")
    said = "The title was too weak. The title now says “matched indeed”, not “matched”."
    assert message.embeds[0].description.endswith(f"\n**Corrected on 23 May 2026: {said}**")
    assert message.embeds[1].footer.text.startswith("Data to")


def test_terms_are_in_the_message_where_it_is_short(brief: Brief) -> None:
    _, long = brief_messages.embeds(brief)
    assert "Terms in this brief" not in long.description
    _, short = brief_messages.embeds(replace(brief, bullets=brief.bullets[:1], terms=brief.terms[:2]))
    assert f"**{brief.terms[0].term}:**" in short.description


def test_a_brief_that_was_edited_to_great_length_is_whole_in_a_file(brief: Brief) -> None:
    many = replace(brief, bullets=tuple(Bullet(f"{number} *word* " * 30, "and more") for number in range(60)))
    assert not brief_messages.whole_files(brief)
    [(name, content)] = brief_messages.whole_files(many)
    embeds = brief_messages.embeds(many)
    checked(list(embeds))
    assert "… the rest is in the file" in embeds[1].description
    assert name == f"brief-{brief.published}.md"
    assert b"59 " in content


@pytest.mark.parametrize("length", [250, 330, 900, 2000])
def test_a_long_address_of_the_story_leaves_room_for_the_bullets(brief: Brief, length: int) -> None:
    url = "https://example.org/".ljust(length, "x")
    bullets = (Bullet("word " * 690),)
    long = replace(brief, bullets=bullets, read_more=replace(brief.read_more, url=url))
    embeds = brief_messages.embeds(long, ["Corrected on 23 May 2026: It."] * 9)
    checked(list(embeds))
    assert (url in embeds[1].description) != bool(brief_messages.whole_files(long))


def test_nothing_in_a_brief_is_markup(brief: Brief) -> None:
    hostile: Any = replace(brief, title="@everyone *x*", bullets=(Bullet("<@1> [a](https://e.example) `b`"),))
    head, text = brief_messages.embeds(hostile)
    assert "@everyone" not in head.title
    assert text.description.startswith("- \\<@1> \\[a](")


async def test_a_brief_whose_chart_can_not_be_asked_for_stays_as_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, object]]
) -> None:
    async def fails(_question: object) -> None:
        raise UsageError("There is nothing to draw.")

    monkeypatch.setattr(world.bot.services.answers, "answer", fails)
    message = await world.slash("brief")
    assert message.embeds[1].description.startswith("- ")
    assert [each["event"] for each in logged if each["log_level"] == "warning"] == ["no picture"]
