"""Delivery to Discord: post, edit, delete and publish in channels, threads, forums and direct messages."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.discord import brief_messages, channels, limits
from bot.discord.client_base import Client
from bot.discord.newsroom import cards
from bot.newsroom.targets import CannotLookError, Delivered, DeliveryOrder, NotDoneError, RefusedError, UnsureError

if TYPE_CHECKING:
    from bot.state.briefs import StoredBrief
    from bot.state.outbox import Item

_UNKNOWN_CHANNEL, _UNKNOWN_GUILD, _UNKNOWN_MESSAGE, _CROSSPOSTED = 10003, 10004, 10008, 40033
_NO_ACCESS, _NO_PERMISSION, _CANNOT_DM, _WRONG_CHANNEL = 50001, 50013, 50007, 50024
_NO_FREE_TAG, _TAG_REQUIRED, _ARCHIVED, _LOCKED = 40066, 40067, 50083, 160005
_REASONS = {
    _UNKNOWN_CHANNEL: "the channel is gone",
    _UNKNOWN_GUILD: "the server is gone",
    _NO_ACCESS: "I can't see the channel; I need View Channel there",
    _NO_PERMISSION: "I lack a permission there; I need Send Messages, Embed Links and Attach Files, and in threads Send"
    " Messages in Threads",
    _CANNOT_DM: "the person does not accept direct messages from me",
    _WRONG_CHANNEL: "the channel is of the wrong kind",
    _NO_FREE_TAG: channels.NO_TAG,
    _TAG_REQUIRED: channels.NO_TAG,
    _ARCHIVED: "the thread is closed, and I can't open it; a moderator can",
    _LOCKED: "the thread is locked; a moderator can unlock it",
}
_NEW = ("post", "review", "tell", "watch")
"""Actions that send a new message."""
_MOST_READ = 1000
"""Messages of a channel to search."""
_CLOCKS = timedelta(minutes=5)
"""Allowed clock difference to Discord."""
_NONCE_HOLDS = timedelta(seconds=60)
"""For so long Discord surely deduplicates by nonce (it promises "a few minutes")."""
_BAN_SECONDS = 60.0
_POST_NAME, _MOST_ARCHIVED = 100, 100
"""Characters of a post's name, and a forum's archived posts to search."""


class DiscordTarget:
    """Channels and direct messages, through the running client."""

    def __init__(self, bot: Client) -> None:
        self.bot = bot

    async def deliver(self, order: DeliveryOrder, _now: datetime) -> Delivered:
        """Carry out an order; raises NotDoneError, UnsureError or RefusedError."""
        async with _translate_errors():
            return await self._do(order)

    async def look_up(self, order: DeliveryOrder, now: datetime) -> Delivered | None:
        """Return the message that an interrupted request has sent, None if it sent none.

        Raises CannotLookError if the channel's messages can't be read. Actions without a new message may be repeated.
        """
        item = order.item
        if item.action not in _NEW:
            return None
        async with _translate_errors():
            channel = await self._channel(item.kind, item.address)
            began_at = item.tried_at or item.made_at
            message_id = await self._find(channel, _mark(item), began_at)
            if message_id is not None:
                return Delivered(message_id, item.action == "post" and _is_announced(channel))
            is_fresh = now - began_at <= _NONCE_HOLDS
            if isinstance(channel, discord.ForumChannel):
                if is_fresh:  # a forum post has no nonce, so a request under way could post twice
                    raise UnsureError("Discord may still be making the post")
            elif item.kind == "discord" and not is_fresh and not await self._can_look(channel):
                raise CannotLookError("I was interrupted while sending it, and can't read what was posted there")
        return None

    async def _do(self, order: DeliveryOrder) -> Delivered:
        item = order.item
        channel = await self._channel(item.kind, item.address)
        if item.action in _NEW:
            content = await self._content(order)
            if isinstance(channel, discord.ForumChannel):
                tags = channels.choose_tags(channel, order.stored.brief.category)
                post = await channel.create_thread(name=name_post(order.stored), applied_tags=tags, **content)
                return Delivered(post.message.id)
            sent = await channel.send(**content, nonce=item.nonce)
            return Delivered(sent.id, item.action == "post" and _is_announced(channel))
        posted = order.message_id or await self._find_posted(channel, order.stored)
        if isinstance(channel, discord.ForumChannel):
            return await self._change_post(order, posted)
        await self._change(order, channel.get_partial_message(posted))
        return Delivered(posted)

    async def _change_post(self, order: DeliveryOrder, posted: int) -> Delivered:
        """Change a brief's forum post, its name last: Discord limits renames strictly."""
        try:
            thread: discord.Thread = await self._channel("discord", posted)
        except discord.NotFound as error:
            if order.item.action != "delete":
                raise RefusedError("the post is gone", is_gone=True) from error
            return Delivered(posted)
        await self._change(order, thread.get_partial_message(posted))
        name = name_post(order.stored)
        if thread.name != name:
            await thread.edit(name=name)
        return Delivered(posted)

    async def _change(self, order: DeliveryOrder, old: discord.PartialMessage) -> None:
        action = order.item.action
        if action == "edit":
            mark = brief_messages.mark("post", order.item.brief_id)
            new = await brief_messages.write_message(self.bot, order.stored, mark)
            await old.edit(embeds=new["embeds"], attachments=new["files"], view=new["view"])
        else:
            await _do_once(old.delete() if action == "delete" else old.publish())

    async def _content(self, order: DeliveryOrder) -> dict[str, Any]:
        item, ending = order.item, _mark(order.item)
        if item.action == "tell":
            return {"embed": brief_messages.write_note(item.text or "", ending)}
        if item.action == "watch":
            return brief_messages.write_milestone(self.bot, order.stored, order.watches, ending)
        content = await brief_messages.write_message(self.bot, order.stored, ending)
        if item.action == "review":
            heading = f"A draft for your approval, {cards.name_author(order.stored)}"
            if item.kind == "user":  # moderators are known on their server only
                return {**content, "content": f"{heading}; `/newsroom history` in its server opens it:"}
            return {**content, "content": f"{heading}:", "view": cards.review_buttons(item.brief_id)}
        if item.role_id is not None:
            role = discord.Object(item.role_id)
            content |= {
                "content": f"<@&{role.id}>",
                "allowed_mentions": discord.AllowedMentions(everyone=False, users=False, roles=[role]),
            }
        return content

    async def _channel(self, kind: str, address: int) -> Any:
        """Return the channel to write in; an archived thread is reopened first."""
        if kind == "user":
            return await self.bot.create_dm(discord.Object(address))
        channel = self.bot.get_channel(address)
        if channel is None:
            channel = await self.bot.fetch_channel(address)
        if isinstance(channel, discord.Thread) and channel.archived:
            with suppress(discord.Forbidden):  # a message reopens it too, or fails with the reason
                channel = await channel.edit(archived=False)
        return channel

    async def _find(self, channel: Any, mark: str, since: datetime) -> int | None:
        """Search messages, or a forum's posts, since a moment for one of ours with a mark."""
        after: Any = since - _CLOCKS
        if isinstance(channel, discord.ForumChannel):
            return await self._find_post(channel, mark, after)
        n_read = 0
        async for message in channel.history(limit=_MOST_READ, after=after, oldest_first=True):
            if self.bot.user and message.author.id == self.bot.user.id and brief_messages.has_mark(message, mark):
                return int(message.id)
            n_read += 1
        if n_read == _MOST_READ:
            raise CannotLookError("too much was written there since I was interrupted")
        return None

    async def _find_post(self, forum: discord.ForumChannel, mark: str, since: datetime) -> int | None:
        """Search our posts since a moment, archived ones too, for one with a mark.

        Raises CannotLookError if they can't be read.
        """
        me = self.bot.user
        try:
            threads = await forum.guild.active_threads()
            archived = [thread async for thread in forum.archived_threads(limit=_MOST_ARCHIVED)]
            for thread in [*threads, *archived]:
                is_ours = me is not None and (thread.parent_id, thread.owner_id) == (forum.id, me.id)
                if is_ours and discord.utils.snowflake_time(thread.id) >= since:
                    message = await _first_message(thread)
                    if message is not None and brief_messages.has_mark(message, mark):
                        return thread.id
        except discord.Forbidden as error:
            raise CannotLookError("I was interrupted while sending it, and can't read what was posted there") from error
        if len(archived) == _MOST_ARCHIVED and archived[-1].archive_timestamp >= since:
            raise CannotLookError("too much was written there since I was interrupted")
        return None

    async def _find_posted(self, channel: Any, stored: "StoredBrief") -> int:
        """Find a brief's message when its delivery was never confirmed."""
        since = stored.posted_at or stored.made_at
        message_id = await self._find(channel, brief_messages.mark("post", stored.id), since)
        if message_id is not None:
            return message_id
        if not isinstance(channel, discord.ForumChannel) and not await self._can_look(channel):
            raise CannotLookError("I can't read what was posted there")
        raise RefusedError("it was never posted there", is_gone=True)

    async def _can_look(self, channel: Any) -> bool:
        """Whether history can be read: without permission Discord lists nothing, and refuses only single messages."""
        try:
            await channel.fetch_message(channel.id)  # only a thread's first message has its channel's id
        except discord.NotFound as error:
            if error.code != _UNKNOWN_MESSAGE:
                raise
        except discord.Forbidden:
            return False
        return True


def name_post(stored: "StoredBrief") -> str:
    """Return the name of a brief's post: its title, marked if withdrawn."""
    title = f"Withdrawn: {stored.brief.title}" if stored.status == "withdrawn" else stored.brief.title
    return limits.fit(limits.clean(title), _POST_NAME)


async def _first_message(thread: discord.Thread) -> discord.Message | None:
    """Return a post's first message, None if deleted."""
    try:
        return await thread.fetch_message(thread.id)
    except discord.NotFound:
        return None


def _is_announced(channel: Any) -> bool:
    """Whether a channel is an announcement channel, whose messages can be published."""
    return isinstance(channel, discord.TextChannel) and channel.is_news()


def _mark(item: "Item") -> str:
    return brief_messages.mark(item.action, item.brief_id, item.version)


async def _do_once(request: Awaitable[object]) -> None:
    """Send a deletion or publication; one that already happened counts as done."""
    try:
        await request
    except discord.HTTPException as error:
        if error.code not in (_UNKNOWN_MESSAGE, _CROSSPOSTED):
            raise


@asynccontextmanager
async def _translate_errors() -> AsyncIterator[None]:
    """Translate the client's errors into delivery's."""
    try:
        yield
    except discord.HTTPException as error:
        raise _translate_http(error) from error
    except discord.RateLimited as error:
        raise NotDoneError("Discord asks to wait", error.retry_after) from error
    except aiohttp.ClientConnectorError as error:
        raise NotDoneError("Discord can't be reached") from error
    except (discord.DiscordException, aiohttp.ClientError, OSError, TypeError, KeyError, ValueError) as error:
        raise UnsureError(f"Discord's answer was cut off ({type(error).__name__})") from error


def _translate_http(error: discord.HTTPException) -> Exception:
    if error.status == 429:  # not an ordinary rate limit, which the client waits out
        retry_after = error.response.headers.get("Retry-After", "")
        return NotDoneError("Discord asks to wait", float(retry_after) if retry_after.isdecimal() else _BAN_SECONDS)
    if error.status >= 500 or error.status == 408:
        return UnsureError(f"Discord has trouble (status {error.status})")
    if error.status == 401:
        return NotDoneError("Discord does not accept DISCORD_TOKEN", _BAN_SECONDS)
    if error.code == _UNKNOWN_MESSAGE:
        return RefusedError("the message is gone", is_gone=True)
    return RefusedError(_REASONS.get(error.code, f"Discord refuses it (code {error.code}: {error.text[:100]})"))
