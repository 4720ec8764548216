"""`/brief`: the newest one, an earlier one, in full, with its chart below the bullets."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.answers import Answers
from bot.discord import brief_messages
from bot.newsroom import workflow
from bot.newsroom.editing import as_text
from bot.newsroom.writing import Writer
from bot.settings import Settings
from bot.state.briefs import by_id, list_briefs
from bot.state.database import State
from core.brief import Brief, Bullet
from core.errors import UsageError
from tests.bot.discord.conftest import TODAY, World, checked, labels, options, words
from tests.bot.newsroom.newsroom import NO_NAMES


@pytest.fixture
def brief(settings: Settings) -> Brief:
    return Answers(settings, lambda: TODAY).compose_brief(date(2026, 5, 22))


async def test_the_newest_brief_is_one_embed_its_deck_then_its_bullets_then_its_chart_and_a_line_at_its_foot(
    world: World,
) -> None:
    message = await world.slash("brief")
    [embed] = message.embeds
    assert embed.title
    assert embed.author.name == "Research · 1 December 2026"
    assert re.match(r"By 28 September, .*\n- ", embed.description)
    assert embed.image.url.endswith("chart.png")
    assert message.attachments[0].description.startswith("Kimi K3 matched closed scores on private tests after ")
    assert "Method" not in embed.description
    assert embed.footer.text == "Data to 28 September 2026, as known on 1 December, 19 tests; likely = 90 %"
    checked(message.embeds)


async def test_a_brief_written_later_says_so_and_terms_and_evidence_are_a_button_away(
    world: World, brief: Brief
) -> None:
    message = await world.slash("brief", which="2026-05-22")
    text = words(message)
    assert brief.title in text
    for bullet in brief.bullets:
        assert f"- {bullet.text}" in text
    assert "**Likely range" not in text
    assert message.embeds[0].footer.text == (
        "Data to 22 May 2026, 19 tests; likely = 90 %. Written later, on 1 December 2026, with scores not known on"
        " 22 May"
    )
    assert labels(message) == ["Terms", "Evidence"]
    terms = {field.name for field in (await world.press(message, "Terms")).embeds[0].fields}
    assert {"Record", "The gap", "Likely range (90 % interval)"} & terms
    evidence = await world.press(message, "Evidence")
    assert evidence.ephemeral
    assert words(evidence).startswith("Open models trail closed ones by ")
    assert words(evidence).endswith("As of 22 May 2026 · 19 tests · likely = 90 %")


@pytest.mark.slow
async def test_earlier_briefs_are_a_choice_away_and_offered_while_typing(world: World) -> None:
    message = await world.slash("brief")
    earlier = list(options(message))
    shown = await world.press(message, earlier[0])
    assert shown.ephemeral
    assert earlier[0] == f"{above(shown).removeprefix('Written later · ')}: {shown.embeds[0].title}"
    choices = await world.alice.autocomplete(world.channel, "brief", "which", "")
    assert len(choices) == len(earlier) == 3
    assert all(date.fromisoformat(choice["value"]) < TODAY for choice in choices)
    chosen = await world.slash("brief", which=choices[1]["value"])
    assert choices[1]["name"].split(": ", 1)[1].rstrip("…") in words(chosen)


async def test_who_types_on_is_offered_them_from_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Any] = []

    def counted(*args: Any, **named: Any) -> Any:
        looks.append(named["guild_id"])
        return list_briefs(*args, **named)

    monkeypatch.setattr(brief_messages, "list_briefs", counted)
    for typed in ("", "2", "20", "202"):
        assert await world.alice.autocomplete(world.channel, "brief", "which", typed)
    assert looks == [world.guild.id, None]
    cog: Any = world.bot.get_cog("Brief")
    cog._cache = {whose: (when - 31, choices) for whose, (when, choices) in cog._cache.items()}
    assert await world.alice.autocomplete(world.channel, "brief", "which", "2026")
    assert looks == [world.guild.id, None] * 2


async def test_a_day_without_a_brief_says_so(world: World) -> None:
    reasons = {"yesterday-ish": "is no date", "2031-01-01": "is in the future", "2019-01-01": "The data begins"}
    for which, reason in reasons.items():
        message = await world.slash("brief", which=which)
        assert reason in words(message)
        assert message.ephemeral


def post(settings: Settings, state: State, published: date, guild_id: int | None = None) -> int:
    """Have a brief posted on its day, and return its number."""
    at = datetime(published.year, published.month, published.day, 9, tzinfo=UTC)
    written = Writer(settings).write(published, None, None)
    brief_id = workflow.add_draft(state, written, workflow.OPERATOR, at, guild_id=guild_id).id
    workflow.post(state, brief_id, None, workflow.OPERATOR, at)
    return brief_id


@pytest.fixture
def archived(settings: Settings, state: State) -> dict[date, int]:
    """Three briefs that were posted, by their days."""
    days = (date(2026, 3, 6), date(2026, 4, 10), date(2026, 5, 22))
    return {published: post(settings, state, published) for published in days}


def above(message: Any) -> str:
    name: str = message.embeds[0].author.name
    return name.removeprefix("Research · ")


def days(message: Any) -> list[str]:
    """Return the days of the earlier briefs that are offered."""
    return [label.partition(":")[0] for label in options(message)]


@pytest.mark.slow
async def test_the_newest_that_was_posted_goes_before_what_would_be_written_now(
    world: World, archived: dict[date, int]
) -> None:
    message = await world.slash("brief")
    assert above(message) == "22 May 2026"
    assert days(message) == ["10 April 2026", "6 March 2026"]
    assert above(await world.press(message, list(options(message))[1])) == "6 March 2026"
    offered = await world.alice.autocomplete(world.channel, "brief", "which", "")
    assert [choice["value"] for choice in offered] == ["2026-05-22", "2026-04-10", "2026-03-06"]
    assert above(await world.slash("brief", which="2026-05-01")) == "Written later · 1 May 2026"


@pytest.mark.slow
async def test_one_that_was_withdrawn_is_left_out(world: World, state: State, archived: dict[date, int]) -> None:
    workflow.withdraw(
        state, archived[date(2026, 5, 22)], workflow.OPERATOR, datetime(2026, 5, 23, tzinfo=UTC), reason="wrong"
    )
    message = await world.slash("brief")
    assert above(message) == "10 April 2026"
    offered = await world.alice.autocomplete(world.channel, "brief", "which", "")
    assert [choice["value"] for choice in offered] == ["2026-04-10", "2026-03-06"]


@pytest.mark.slow
async def test_a_server_sees_its_own_and_not_another_servers(
    world: World, settings: Settings, state: State, archived: dict[date, int]
) -> None:
    post(settings, state, date(2026, 6, 5), world.guild.id)
    post(settings, state, date(2026, 6, 12), world.guild.id + 1)
    message = await world.slash("brief")
    assert above(message) == "5 June 2026"
    assert days(message) == ["22 May 2026", "10 April 2026", "6 March 2026"]


@pytest.mark.slow
async def test_one_that_was_corrected_says_so(world: World, state: State, archived: dict[date, int]) -> None:
    brief_id = archived[date(2026, 5, 22)]
    before = by_id(state, brief_id)
    assert before is not None
    text = as_text(before.brief).replace(before.brief.title, f"{before.brief.title} indeed")
    at = datetime(2026, 5, 23, tzinfo=UTC)
    workflow.correct(state, brief_id, text, workflow.OPERATOR, at, note="The title was too weak.", names=NO_NAMES)
    message = await world.slash("brief")
    assert message.embeds[0].title.endswith(" indeed")
    correction = "The title was too weak. The title now says “matched indeed”, not “matched”."
    assert f"\n**Corrected on 23 May 2026: {correction}**\n- " in message.embeds[0].description
    assert message.embeds[0].footer.text.startswith("Data to")


async def test_with_a_public_address_the_title_is_a_link_to_the_briefs_page(
    world: World, settings: Settings, state: State, archived: dict[date, int]
) -> None:
    vars(world.bot.services)["settings"] = replace(settings, public_url="https://gap.example.org")
    kept = by_id(state, archived[date(2026, 5, 22)])
    assert kept is not None
    assert kept.is_public
    assert (await world.slash("brief")).embeds[0].url == f"https://gap.example.org/briefs/{kept.slug}"
    assert (await world.slash("brief", which="2026-05-01")).embeds[0].url is None  # it was never posted


def test_a_remark_of_a_brief_of_before_stands_in_its_bullet(brief: Brief) -> None:
    embed, _ = brief_messages.write_embed(replace(brief, deck="", bullets=(Bullet("One.", "Two."), Bullet("Three."))))
    assert embed.description == "- One. Two.\n- Three."


def test_a_brief_that_was_edited_to_great_length_is_whole_in_a_file(brief: Brief) -> None:
    many = replace(brief, bullets=tuple(Bullet(f"{number} *word* " * 30, "and more") for number in range(60)))
    assert not brief_messages.write_embed(brief)[1]
    embed, [(name, content)] = brief_messages.write_embed(many)
    checked([embed])
    assert "… the rest is in the file" in (embed.description or "")
    assert name == f"brief-{brief.published}.md"
    assert b"59 " in content


@pytest.mark.parametrize("length", [250, 330, 900, 2000])
def test_a_long_address_of_the_story_leaves_room_for_the_bullets(brief: Brief, length: int) -> None:
    url = "https://example.org/".ljust(length, "x")
    bullets = (Bullet("word " * 690),)
    long = replace(brief, bullets=bullets, read_more=replace(brief.read_more, url=url))
    embed, files = brief_messages.write_embed(long, ["Corrected on 23 May 2026: It."] * 9)
    checked([embed])
    assert (url in (embed.description or "")) != bool(files)


def test_nothing_in_a_brief_is_markup(brief: Brief) -> None:
    hostile: Any = replace(
        brief, title="@everyone *x*", deck="# a", bullets=(Bullet("<@1> [a](https://e.example) `b`"),)
    )
    embed, _ = brief_messages.write_embed(hostile)
    assert "@everyone" not in (embed.title or "")
    assert (embed.description or "").startswith("\\# a\n- \\<@1> \\[a](")


async def test_a_brief_whose_chart_can_not_be_asked_for_stays_as_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, object]]
) -> None:
    async def fails(_question: object) -> None:
        raise UsageError("There is nothing to draw.")

    monkeypatch.setattr(world.bot.services.answers, "answer", fails)
    message = await world.slash("brief")
    assert "\n- " in message.embeds[0].description
    assert [record["event"] for record in logged if record["log_level"] == "warning"] == ["no picture"]
