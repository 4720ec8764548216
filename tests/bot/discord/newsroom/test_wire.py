"""The newsroom on the wire: the real client and the real newsroom, with moderators who press at the same moment."""

import asyncio
from typing import Any

import discord

from bot.newsroom import scheduling, workflow
from bot.state import briefs
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from bot.state.schedules import NewSchedule
from tests.bot.discord.wire import title
from tests.bot.kept import set_newsroom
from tests.bot.newsroom.newsroom import BRIEF, FakeWriter
from tests.fakes.discord import ChannelKind, FakeDiscord, Message


async def card(fake: FakeDiscord, who: str, command: str = "new", **options: Any) -> Message:
    used = await fake.slash(fake.world.user(who), fake.world.channel("general"), f"newsroom {command}", options)
    return await used.answered()


async def reads(fake: FakeDiscord, message: Message, wanted: str) -> None:
    await fake.until(lambda: wanted in message.content, f"{wanted!r} in {message.content!r}")


async def test_a_brief_is_posted_and_published_and_the_card_says_so_by_itself(fake: FakeDiscord) -> None:
    shown = await card(fake, "mo", channel=fake.world.channel("news"))
    assert shown.private
    await fake.press(shown, "Post", fake.world.user("mo"))
    await reads(fake, shown, "; published to its followers")
    [message] = fake.sent(fake.world.channel("news"))
    assert message.embeds[0]["title"] == BRIEF.title
    assert message.published
    assert f"/{message.id}" in shown.content


async def test_a_forum_whose_tags_do_not_fit_is_not_taken_and_one_whose_tags_do_has_a_post(fake: FakeDiscord) -> None:
    mo, forum = fake.world.user("mo"), fake.world.guild("Lab").add_channel("research", ChannelKind.FORUM)
    forum.change(requires_tag=True)
    await fake.settled()
    shown = await card(fake, "mo", channel=forum)
    pressed = await fake.press(shown, "Post", mo)
    await fake.until(lambda: pressed.followups, "why not")
    assert title(pressed.followups[0]) == (
        "I can't post in #research: the forum requires a tag, and has none called Brief, Research or gapbrief that I"
        " may use; add one, then try again."
    )
    forum.add_tag("Research")
    await fake.settled()
    await fake.press(shown, "Post", mo)
    await reads(fake, shown, f"- in <#{forum.id}>")
    [post] = [channel for channel in fake.world.channels.values() if channel.parent is forum]
    assert f"/{post.id}/{post.id}" in shown.content
    assert (post.name, [tag["name"] for tag in post.tags]) == (BRIEF.title, ["Research"])


async def test_two_moderators_who_press_post_at_once_post_once(fake: FakeDiscord) -> None:
    mo, ada, general = fake.world.user("mo"), fake.world.user("ada"), fake.world.channel("general")
    first = await card(fake, "mo")
    history = await card(fake, "ada", "history")
    second = await (await fake.select(history, "Open a brief", ["1"], ada)).answered()
    presses = [fake.press(card, "Post", who) for _ in range(3) for card, who in ((first, mo), (second, ada))]
    pressed = await asyncio.gather(*presses)
    await fake.until(lambda: "- in <#" in first.content + second.content, "the word that it is there")
    await fake.until(
        lambda: sum(len(interaction.followups) for interaction in pressed) == 5, "a word for all but the first"
    )
    await fake.settled()
    assert len(fake.sent(general)) == 1
    replies = [interaction.followups[0] for interaction in pressed if interaction.followups]
    assert all(reply.private and "is posted already" in title(reply) for reply in replies)


async def test_approved_and_discarded_at_once_is_one_of_both(fake: FakeDiscord, state: State) -> None:
    mo, ada, guild = fake.world.user("mo"), fake.world.user("ada"), fake.world.guild("Lab")
    news, drafts = fake.world.channel("news"), fake.world.channel("general")
    set_newsroom(state, guild.id, NewsroomSettings(review_channel_id=drafts.id))
    person = workflow.Actor(mo.id, guild.id)
    wish = NewSchedule("daily", "UTC", news.id, ask_first=True)
    schedule = scheduling.add(state, wish, person, discord.utils.utcnow())
    scheduling.run_now(state, schedule.id, person, discord.utils.utcnow(), FakeWriter())
    await fake.until(lambda: fake.sent(drafts), "the draft")
    [draft] = fake.sent(drafts)
    pressed = [await fake.press(draft, "Approve", mo), await fake.press(draft, "Discard", ada)]
    await fake.until(lambda: any(interaction.followups for interaction in pressed), "a word for who came second")
    await fake.settled()
    brief = briefs.by_id(state, 1)
    assert brief is not None
    assert len(fake.sent(news)) == (1 if brief.status == "posted" else 0)
    assert sum(len(interaction.followups) for interaction in pressed) == 1
    assert draft.content.startswith("**Brief 1** · posted" if brief.status == "posted" else "**Draft 1** · discarded")
