"""`/brief`: the newest one, an earlier one, in full, with its chart below the title."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.brief import of_day
from bot.discord import briefs
from bot.settings import Settings
from core.brief import Brief, Bullet
from tests.bot.discord.conftest import TODAY, World, checked, labels, words


@pytest.fixture
def brief(settings: Settings) -> Brief:
    return of_day(settings, date(2026, 5, 22), None, TODAY)


async def test_the_newest_brief_with_its_chart_below_the_title(world: World) -> None:
    message = await world.slash("brief")
    head, text = message.embeds
    assert head.title
    assert head.description.startswith("Research · 1 December 2026 · gapbrief · ")
    assert head.image.url.endswith("chart.png")
    assert message.attachments[0].description.startswith("Line chart")
    assert text.image.url is None
    assert text.description.startswith("- ")
    assert "Read full story at [LessWrong" in text.description
    assert text.footer.text.startswith("Figures as of 22 August 2026")
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


@pytest.mark.parametrize(
    ("which", "said"),
    [("yesterday-ish", "is no date"), ("2031-01-01", "is in the future"), ("2019-01-01", "The data begins")],
)
async def test_a_day_without_a_brief_says_so(world: World, which: str, said: str) -> None:
    message = await world.slash("brief", which=which)
    assert said in words(message)
    assert message.ephemeral


async def test_its_terms_are_explained(world: World) -> None:
    terms = await world.press(await world.slash("brief"), "Terms")
    assert "Open weights" in [field.name for field in terms.embeds[0].fields]


def test_terms_are_in_the_message_where_it_is_short(brief: Brief) -> None:
    _, long = briefs.embeds(brief)
    assert "Terms in this brief" not in long.description
    _, short = briefs.embeds(replace(brief, bullets=brief.bullets[:1], terms=brief.terms[:2]))
    assert f"**{brief.terms[0].term}:**" in short.description


def test_a_brief_that_was_edited_to_great_length_is_whole_in_a_file(brief: Brief) -> None:
    many = replace(brief, bullets=tuple(Bullet(f"{number} *word* " * 30, "and more") for number in range(60)))
    assert briefs.is_whole(brief)
    assert not briefs.is_whole(many)
    embeds = briefs.embeds(many)
    checked(list(embeds))
    assert "… the rest is in the file" in embeds[1].description
    assert b"59 " in briefs.whole(many).fp.read()


def test_nothing_in_a_brief_is_markup(brief: Brief) -> None:
    hostile: Any = replace(brief, title="@everyone *x*", bullets=(Bullet("<@1> [a](https://e.example) `b`"),))
    head, text = briefs.embeds(hostile)
    assert "@everyone" not in head.title
    assert text.description.startswith("- \\<@1> \\[a](")
