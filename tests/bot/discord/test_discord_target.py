"""What is sent to Discord, and what comes of it there: the real client, against a Discord on loopback."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.discord.custom_ids import Tokens
from bot.discord.discord_target import DiscordTarget
from bot.newsroom.targets import CannotLookError, Delivered, NotDoneError, RefusedError, UnsureError
from bot.settings import Settings
from core.answer import Chart, Series
from tests.bot.newsroom.newsroom import BRIEF, order
from tests.fakes.discord import ChannelKind, FakeDiscord, Message, Permission, faults, running
from tests.fakes.discord.world import Channel

SERIES = Series("private", "private", ("2026-01-01", "2026-08-22"), (7.0, 7.5))
CHART = Chart("index", "The gap", "", "months", (SERIES,), alt="It rises.")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
POST = "POST /channels/*/messages"


def now() -> datetime:
    return datetime.now(UTC)


class Client(discord.AutoShardedClient):
    """The client with what a brief's message needs of gapbrief's own."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05, max_ratelimit_timeout=30)
        self.problem: Exception | None = None
        self.tokens = Tokens()
        self.services = SimpleNamespace(
            settings=Settings(Path("x"), Path("x")),
            answers=SimpleNamespace(answer=self._answer),
            pictures=SimpleNamespace(picture=self._picture),
        )

    async def _answer(self, _question: object) -> Any:
        return SimpleNamespace(charts=(CHART,))

    async def _picture(self, _chart: Chart) -> bytes:
        if self.problem:
            raise self.problem
        return PNG

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once."""


@dataclass
class Desk:
    """A Discord, a client in it, and the target that sends through it."""

    fake: FakeDiscord
    client: Client
    target: DiscordTarget

    @property
    def general(self) -> Channel:
        return self.fake.world.channel("general")

    def here(self) -> list[Message]:
        return self.fake.sent(self.general)

    async def deliver(self, action: str = "post", channel: Channel | int | None = None, **more: Any) -> Delivered:
        """Deliver what is to be done with brief 17, in #general unless another channel is given."""
        return await self.target.deliver(order(channel or self.general, action, **more), now())

    async def look(self, action: str = "post", *, after: timedelta = timedelta(), **more: Any) -> Delivered | None:
        """Look for what a request of before has made in #general, some time after it."""
        asked = order(self.general, action, **more)
        return await self.target.look_up(asked, asked.item.made_at + after)

    def deny(self, permission: Permission, channel: Channel | None = None) -> None:
        (channel or self.general).overwrite(self.fake.world.bot, deny=permission)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with FakeDiscord() as fake, running(Client(), fake.token) as client:
        yield Desk(fake, client, DiscordTarget(client))  # type: ignore[arg-type]


async def test_a_brief_as_readers_see_it_is_taken_once(desk: Desk) -> None:
    done = await desk.deliver()
    (message,) = desk.here()
    assert done == Delivered(message.id, crosspost=False)
    [embed] = message.embeds
    assert embed["title"] == BRIEF.title
    assert embed["image"]["url"] == "attachment://chart.png"
    assert "- On private tests" in embed["description"]
    assert embed["footer"]["text"] == "Figures as of 22 August 2026 · Brief 17"
    assert [(file.content, file.description) for file in message.attachments] == [(PNG, "It rises.")]
    buttons = [control for control in message.controls if "label" in control]
    assert [button["label"] for button in buttons] == ["Terms", "Evidence"]
    [earlier] = [control for control in message.controls if control not in buttons]
    assert (earlier["placeholder"], [option["label"] for option in earlier["options"]]) == (
        "Earlier", [f"25 October 2026: {BRIEF.more[0].title}"],
    )  # fmt: skip
    assert (message.content, message.pings) == ("", frozenset())
    assert "url" not in embed
    assert await desk.deliver() == done
    assert desk.here() == [message]


async def test_without_its_picture_it_is_sent_all_the_same(desk: Desk) -> None:
    desk.client.problem = RuntimeError("no worker")
    await desk.deliver()
    (message,) = desk.here()
    assert (message.attachments, "image" in message.embeds[0]) == ((), False)


async def test_in_an_announcement_channel_followers_get_it_too_and_a_long_wait_is_not_waited_out(desk: Desk) -> None:
    news = desk.fake.world.channel("news")
    assert news.kind is ChannelKind.ANNOUNCEMENT
    done = await desk.deliver(channel=news)
    assert done.crosspost
    desk.fake.disturb("POST */crosspost", faults.rate_limited(3600))
    with pytest.raises(NotDoneError) as refusal:
        await desk.deliver("crosspost", news, message_id=done.message_id)
    assert refusal.value.wait == 3600
    for _ in range(2):  # published twice is published
        await desk.deliver("crosspost", news, message_id=done.message_id)
    assert desk.fake.sent(news)[0].published


async def test_a_deleted_brief_is_gone_and_twice_is_once(desk: Desk) -> None:
    done = await desk.deliver()
    for _ in range(2):
        assert await desk.deliver("delete", message_id=done.message_id) == Delivered(done.message_id)
    assert desk.here() == []


async def test_a_draft_by_direct_message_says_where_it_is_approved(desk: Desk) -> None:
    ada = desk.fake.world.user("ada")
    await desk.deliver("review", ada.id, kind="user")
    (message,) = desk.fake.sent(desk.fake.world.dm(ada))
    assert "`/newsroom history` in its server opens it" in message.content
    assert "Approve" not in [control.get("label") for control in message.controls]


async def test_moderators_are_told_in_a_channel_or_in_person(desk: Desk) -> None:
    ada = desk.fake.world.user("ada")
    words = "Brief 17 could not be posted in <#1>: the channel is gone."
    await desk.deliver("tell", text=words)
    await desk.deliver("tell", ada.id, kind="user", text=words)
    for channel in (desk.general, desk.fake.world.dm(ada)):
        (message,) = desk.fake.sent(channel)
        assert message.embeds[0]["description"] == words
        assert message.embeds[0]["footer"]["text"] == "Note 1 about brief 17"
    ada.accepts_messages = False
    with pytest.raises(RefusedError, match="does not accept direct messages"):
        await desk.deliver("tell", ada.id, kind="user", text=words, nonce="another")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.refused(50013), RefusedError),
        (faults.failing(503), UnsureError),
        (faults.cut_off(), UnsureError),
        (faults.truncated(), UnsureError),
        (faults.rate_limited(via=False), NotDoneError),
    ],
)
async def test_what_comes_of_a_request_is_known_for_what_it_is(
    desk: Desk, fault: faults.Fault, error: type[Exception]
) -> None:
    desk.fake.disturb(POST, fault)
    with pytest.raises(error):
        await desk.deliver()


async def test_what_was_sent_though_the_answer_was_lost_is_found(desk: Desk) -> None:
    desk.fake.disturb(POST, faults.cut_off(handled=True))
    at = now()
    with pytest.raises(UnsureError):
        await desk.deliver()
    for number in range(3):
        await desk.fake.say(desk.fake.world.user("ada"), desk.general, f"chatter {number}")
    assert await desk.look(at=at) == Delivered(desk.here()[0].id)


async def test_another_brief_a_draft_what_people_write_and_what_was_there_long_before_is_not_it(desk: Desk) -> None:
    at = now()
    await desk.deliver("review")
    await desk.deliver("post", brief_id=117)
    await desk.fake.say(desk.fake.world.user("ada"), desk.general, "Figures as of 22 August 2026. · Brief 17")
    assert await desk.look(at=at) is None
    await desk.deliver()
    assert await desk.look(at=now() + timedelta(hours=1)) is None


async def test_it_is_found_among_many_messages(desk: Desk) -> None:
    ada, at = desk.fake.world.user("ada"), now()
    for number in range(150):
        await desk.fake.say(ada, desk.general, f"chatter {number}")
    done = await desk.deliver()
    assert await desk.look(at=at) == done
    assert len(desk.fake.called("GET /channels/*/messages")) == 2


async def test_without_read_message_history_it_can_not_be_looked_for(desk: Desk) -> None:
    at = now()
    await desk.deliver()
    desk.deny(Permission.READ_MESSAGE_HISTORY)
    with pytest.raises(CannotLookError, match="can't read"):
        await desk.look(at=at, after=timedelta(minutes=5))
    # right after it was begun Discord itself takes nothing twice
    assert await desk.look(at=at, after=timedelta(seconds=5)) is None
    await desk.deliver()
    assert len(desk.here()) == 1


async def test_what_can_be_done_twice_is_not_looked_for(desk: Desk) -> None:
    for action in ("edit", "delete", "crosspost"):
        assert await desk.look(action, message_id=1) is None
    assert not desk.fake.called("GET /channels/*/messages")


async def test_a_lost_permission_says_what_is_needed_and_a_channel_that_is_gone_that_it_is(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="channel is gone"):
        await desk.deliver(channel=12345)
    desk.deny(Permission.SEND_MESSAGES)
    with pytest.raises(RefusedError, match="I need Send Messages, Embed Links and Attach Files"):
        await desk.deliver()
    desk.deny(Permission.VIEW_CHANNEL)
    with pytest.raises(RefusedError, match="View Channel"):
        await desk.deliver()


async def test_a_message_that_is_gone_is_not_edited_and_nobody_needs_to_know(desk: Desk) -> None:
    for message_id in (12345, None):
        with pytest.raises(RefusedError) as refusal:
            await desk.deliver("edit", message_id=message_id)
        assert refusal.value.is_gone


@pytest.mark.parametrize("action", ["edit", "delete"])
async def test_what_may_be_there_is_looked_for_before_it_is_changed(desk: Desk, action: str) -> None:
    done = await desk.deliver()
    assert await desk.deliver(action) == Delivered(done.message_id)
    assert len(desk.here()) == (1 if action == "edit" else 0)
    desk.deny(Permission.READ_MESSAGE_HISTORY)
    with pytest.raises(CannotLookError, match="can't read"):
        await desk.deliver(action)


async def test_a_discord_that_can_not_be_reached_got_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9")
    with pytest.raises(NotDoneError, match="can't be reached"):
        await desk.deliver()


async def test_nothing_of_a_text_from_outside_is_taken_for_a_mention_or_a_mark(desk: Desk) -> None:
    nasty = replace(BRIEF, title="[x](https://evil.example) *b*", foot="· Brief 99")
    await desk.deliver(brief=nasty)
    assert await desk.look(brief_id=99) is None


# ---- threads and forums


async def forum_of(desk: Desk, *tags: str, requires_tag: bool = False) -> Channel:
    """Return a forum that offers some tags, as the bot knows it."""
    forum = desk.fake.world.guild("Lab").add_channel("research", ChannelKind.FORUM)
    for tag in tags:
        forum.add_tag(tag)
    forum.change(requires_tag=requires_tag)
    await desk.fake.settled()
    return forum


def posts(desk: Desk, forum: Channel) -> list[Channel]:
    return [channel for channel in desk.fake.world.channels.values() if channel.parent is forum]


async def test_in_a_forum_a_brief_is_a_post_under_its_title_with_the_tags_of_its_name(desk: Desk) -> None:
    forum = await forum_of(desk, "Off topic", "research", "Brief", requires_tag=True)
    done = await desk.deliver(channel=forum)
    [post] = posts(desk, forum)
    assert (post.name, [tag["name"] for tag in post.tags]) == (BRIEF.title, ["research", "Brief"])
    [message] = desk.fake.sent(post)
    assert done == Delivered(message.id, crosspost=False)
    assert message.embeds[0]["footer"]["text"] == "Figures as of 22 August 2026 · Brief 17"
    assert [file.content for file in message.attachments] == [PNG]
    await desk.deliver(channel=forum, brief_id=18, brief=replace(BRIEF, title="word " * 40))
    [_, post] = posts(desk, forum)
    assert len(post.name) <= 100
    assert post.name.endswith("word…")


async def test_a_forum_that_requires_a_tag_and_has_none_of_ours_says_so(desk: Desk) -> None:
    forum = await forum_of(desk, "Off topic", requires_tag=True)
    forum.add_tag("Brief", moderated=True)
    await desk.fake.settled()
    with pytest.raises(RefusedError, match="requires a tag, and has none called Brief, Research or gapbrief"):
        await desk.deliver(channel=forum)


async def test_a_correction_edits_the_post_its_name_too_and_keeps_its_tags(desk: Desk) -> None:
    forum = await forum_of(desk, "Brief")
    done = await desk.deliver(channel=forum)
    [post] = posts(desk, forum)
    post.change(archived=True)
    await desk.fake.settled()
    await desk.deliver("edit", forum, message_id=done.message_id, brief=replace(BRIEF, title="Another title"))
    assert (post.name, post.archived, [tag["name"] for tag in post.tags]) == ("Another title", False, ["Brief"])
    [message] = desk.fake.sent(post)
    assert message.embeds[0]["title"] == "Another title"


async def test_a_withdrawn_post_says_so_and_one_that_is_gone_is_gone(desk: Desk) -> None:
    forum = await forum_of(desk)
    done = await desk.deliver(channel=forum)
    [post] = posts(desk, forum)
    withdrawn = order(forum, "delete", message_id=done.message_id)
    withdrawn = replace(withdrawn, stored=replace(withdrawn.stored, status="withdrawn"))
    assert await desk.target.deliver(withdrawn, now()) == Delivered(done.message_id)
    assert (desk.fake.sent(post), post.name) == ([], f"Withdrawn: {BRIEF.title}"[:100])
    del desk.fake.world.channels[post.id]
    desk.fake.world.tell("THREAD_DELETE", post)
    await desk.fake.settled()
    assert await desk.target.deliver(withdrawn, now()) == Delivered(done.message_id)
    with pytest.raises(RefusedError) as refusal:
        await desk.deliver("edit", forum, message_id=done.message_id)
    assert refusal.value.is_gone


async def test_a_name_that_discord_does_not_take_yet_keeps_no_correction_back(desk: Desk) -> None:
    forum = await forum_of(desk)
    done = await desk.deliver(channel=forum)
    [post] = posts(desk, forum)
    desk.fake.disturb(f"PATCH /channels/{post.id}", faults.rate_limited(600))
    corrected = {"message_id": done.message_id, "brief": replace(BRIEF, title="Another title")}
    with pytest.raises(NotDoneError) as refusal:
        await desk.deliver("edit", forum, **corrected)
    assert refusal.value.wait == 600
    assert desk.fake.sent(post)[0].embeds[0]["title"] == "Another title"


@pytest.mark.parametrize("archived", [False, True])
async def test_a_post_that_was_made_though_the_answer_was_lost_is_found_and_not_made_again(
    desk: Desk, archived: bool
) -> None:
    forum, at = await forum_of(desk), now()
    await desk.deliver(channel=forum, brief_id=16)
    forum.add_thread(BRIEF.title, desk.fake.world.user("ada"))
    desk.fake.disturb("POST /channels/*/threads", faults.cut_off(handled=True))
    with pytest.raises(UnsureError):
        await desk.deliver(channel=forum)
    [*_, post] = posts(desk, forum)
    post.change(archived=archived)
    delivery = await desk.target.look_up(order(forum, at=at), at)
    assert delivery == Delivered(desk.fake.sent(post)[0].id)


async def test_a_post_that_was_not_made_is_looked_for_a_minute_long_as_no_nonce_keeps_it_from_coming_twice(
    desk: Desk,
) -> None:
    forum, at = await forum_of(desk), now()
    with pytest.raises(UnsureError, match="may still be making"):
        await desk.target.look_up(order(forum, at=at), at + timedelta(seconds=5))
    assert await desk.target.look_up(order(forum, at=at), at + timedelta(seconds=61)) is None
    desk.deny(Permission.READ_MESSAGE_HISTORY, forum)
    with pytest.raises(CannotLookError, match="can't read"):
        await desk.target.look_up(order(forum, at=at), at + timedelta(seconds=61))


async def test_a_thread_gets_a_brief_once_and_is_opened_for_it_and_a_locked_one_says_who_can(desk: Desk) -> None:
    thread = desk.general.add_thread("briefs", desk.fake.world.user("ada"))
    thread.change(archived=True)
    await desk.fake.settled()
    first, second = await desk.deliver(channel=thread), await desk.deliver(channel=thread)
    assert first == second
    assert (len(desk.fake.sent(thread)), thread.archived) == (1, False)
    thread.change(archived=True, locked=True)
    await desk.fake.settled()
    with pytest.raises(RefusedError, match="closed, and I can't open it; a moderator can"):
        await desk.deliver(channel=thread, brief_id=18)
