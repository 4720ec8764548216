"""Briefs in forum channels: a post each, by which name and tags, and how it is found again.

Discord takes a message with the same nonce once, and a post has none: before one is made again, it is looked for.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

import discord

from bot.discord import brief_messages, limits
from bot.newsroom.targets import CannotLookError

if TYPE_CHECKING:
    from bot.state.briefs import StoredBrief

_NAME, _MOST_TAGS, _MOST_ARCHIVED = 100, 5, 100
_TAGS = ("brief", "briefs", "gapbrief")
NO_TAG = "the forum requires a tag, and has none called Brief, Research or gapbrief that I may use"


def name_post(kept: "StoredBrief") -> str:
    """Return the name of a brief's post: its title; of one that was withdrawn it says so."""
    title = f"Withdrawn: {kept.brief.title}" if kept.status == "withdrawn" else kept.brief.title
    return limits.fitted(limits.visible(title), _NAME)


def choose_tags(forum: discord.ForumChannel, category: str) -> list[discord.ForumTag]:
    """Return a forum's tags that a brief of a category gets, by their names; moderators' own are left to them."""
    usable = [tag for tag in forum.available_tags if not tag.moderated]
    return [tag for tag in usable if tag.name.casefold() in (*_TAGS, category.casefold())][:_MOST_TAGS]


async def find_post(
    forum: discord.ForumChannel,
    mark: str,
    since: datetime,
    me: discord.abc.User | None,
    turn: Callable[[], Awaitable[None]],
) -> int | None:
    """Look through our own posts since a moment for one whose message ends with a mark, archived ones too.

    Raises CannotLookError where they can't be read.
    """
    try:
        await turn()
        threads = await forum.guild.active_threads()
        await turn()
        archived = [thread async for thread in forum.archived_threads(limit=_MOST_ARCHIVED)]
        for thread in [*threads, *archived]:
            is_ours = me is not None and (thread.parent_id, thread.owner_id) == (forum.id, me.id)
            if is_ours and discord.utils.snowflake_time(thread.id) >= since:
                await turn()
                message = await _first_message(thread)
                if message is not None and brief_messages.has_mark(message, mark):
                    return thread.id
    except discord.Forbidden as error:
        raise CannotLookError("I was interrupted while sending it, and can't read what was posted there") from error
    if len(archived) == _MOST_ARCHIVED and archived[-1].archive_timestamp >= since:
        raise CannotLookError("too much was written there since I was interrupted")
    return None


async def _first_message(thread: discord.Thread) -> discord.Message | None:
    """Return a post's own message, None where it was deleted."""
    try:
        return await thread.fetch_message(thread.id)
    except discord.NotFound:
        return None
