"""The newsroom's settings: one private message whose selections are saved as they change."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord.utils import utcnow

from bot.discord import channels, components, limits, render
from bot.discord.channels import POSTABLE, WRITABLE, Postable, Writable
from bot.discord.client_base import Interaction
from bot.discord.components import Items
from bot.discord.newsroom.handlers import (
    Call,
    acknowledge,
    actor,
    custom_id,
    guild_of,
    handler,
    preset_channels,
    read_choices,
    with_state,
)
from bot.newsroom.newsroom_setup import change_settings
from bot.state import guilds
from bot.state.guilds import NewsroomSettings
from core.errors import UsageError
from core.words import count

_ANSWER_CHANNELS = [
    discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice, discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
]  # fmt: skip
_PER_DAY = (0, 1, 2, 3, 5, 10)
_MOST = 25
_ROLE = discord.SelectDefaultValueType.role
_ROLE_HINT = (
    "Discord shows these commands to members with Manage Messages. For the role, allow them under Server settings ›"
    " Integrations › gapbrief; its buttons work without that."
)


async def write_panel(interaction: Interaction) -> dict[str, Any]:
    """Return the settings and the selections that change them, as arguments of `send`."""
    guild = guild_of(interaction)
    allowed = sorted(await interaction.client.channels.allowed(guild.id))
    newsroom = await with_state(interaction.client, guilds.get_newsroom, guild.id)
    return {"embed": _embed(guild, newsroom, allowed), "view": components.make_view(_components(newsroom, allowed))}


def _embed(guild: discord.Guild, newsroom: NewsroomSettings, allowed: Sequence[int]) -> discord.Embed:
    embed = discord.Embed(title="Newsroom settings", colour=render.COLOUR)
    role, review = newsroom.moderator_role_id, newsroom.review_channel_id
    channels_text = limits.fit(" ".join(f"<#{channel}>" for channel in allowed), limits.FIELD_VALUE)
    embed.add_field(name="Questions are answered in", value=channels_text or "every channel", inline=False)
    moderators = "Members with Manage Messages on this server" + (f", and <@&{role}>\n{_ROLE_HINT}" if role else "")
    embed.add_field(name="Moderators", value=moderators, inline=False)
    drafts = f"<#{review}>{_is_read_by_all(guild, review)}" if review else "nowhere yet; choose a channel below"
    embed.add_field(name="Drafts and warnings go to", value=drafts, inline=False)
    return embed.add_field(name="Milestones", value=_milestones(newsroom), inline=False)


def _milestones(newsroom: NewsroomSettings) -> str:
    number, channel = newsroom.milestones_per_day, newsroom.milestones_channel_id
    if number and channel:
        return (
            f"At most {number} a day in <#{channel}>: a short brief as soon as new data bring a first crossing or lead"
        )
    if number:
        return f"At most {number} a day, once you choose a channel for them below"
    return "None; choose below how many short briefs a day may be posted as new data arrive"


def _is_read_by_all(guild: discord.Guild, channel_id: int) -> str:
    channel = guild.get_channel_or_thread(channel_id)
    if isinstance(channel, Writable) and channels.is_public(channel):
        return "\nEverybody on this server can read there."
    return ""


def _components(newsroom: NewsroomSettings, allowed: Sequence[int]) -> Items:
    number = newsroom.milestones_per_day
    options = [
        discord.SelectOption(label=_per_day_label(per_day), value=str(per_day), default=per_day == number)
        for per_day in sorted({*_PER_DAY, number})
    ]
    role = newsroom.moderator_role_id
    return [
        _channel_select("set_channels", "Channels to answer questions in: all", _ANSWER_CHANNELS, allowed, _MOST),
        discord.ui.RoleSelect(
            custom_id=custom_id("set_role"),
            placeholder="A role whose members are moderators too",
            min_values=0,
            default_values=[discord.SelectDefaultValue(id=role, type=_ROLE)] if role else [],
        ),
        _channel_select(
            "set_review", "Moderators' channel, for drafts and warnings", WRITABLE, [newsroom.review_channel_id]
        ),
        discord.ui.Select(custom_id=custom_id("set_milestones"), options=options),
        _channel_select("set_place", "Channel for milestones", POSTABLE, [newsroom.milestones_channel_id]),
    ]


def _per_day_label(number: int) -> str:
    return f"{count(number, 'milestone')} a day at most" if number else "No milestones"


def _channel_select(
    name: str, placeholder: str, kinds: list[discord.ChannelType], selected: Sequence[int | None], most: int = 1
) -> discord.ui.Item[Any]:
    return discord.ui.ChannelSelect(
        custom_id=custom_id(name),
        placeholder=placeholder,
        channel_types=kinds,
        min_values=0,
        max_values=most,
        default_values=preset_channels(selected),
    )


# ---- selections


@handler("set_channels", takes=0)
async def set_channels(call: Call) -> None:
    """Set the channels in which questions are answered; an empty choice allows all."""
    ids = read_choices(call.field("values"))
    async with _showing_panel(call):
        names = [f"#{_find_channel(call, channel_id).name}" for channel_id in ids]
        names_text = limits.fit(", ".join(names), 200) or "every channel"
        await _save(call, f"questions are answered in {names_text}", {}, channels=ids)


def _find_channel(call: Call, channel_id: int) -> discord.abc.GuildChannel:
    channel = guild_of(call.interaction).get_channel(channel_id)
    if channel is None:
        raise UsageError(f"Channel {channel_id} is not on this server; choose another.")
    return channel


@handler("set_role", takes=0)
async def set_role(call: Call) -> None:
    """Set the role whose members are moderators too."""
    role_id, role_name = _first_number(call), "none"
    async with _showing_panel(call):
        if role_id:
            role = channels.find_role(guild_of(call.interaction), role_id)
            if role.is_default():
                raise UsageError("Everybody has that role; choose one that only moderators have.")
            role_name = role.name
        await _save(call, f"moderator role: {role_name}", {"moderator_role_id": role_id})


@handler("set_review", takes=0)
async def set_review(call: Call) -> None:
    """Set the moderators' channel."""
    await _save_channel(call, "moderators' channel", "review_channel_id", Writable)


@handler("set_place", takes=0)
async def set_place(call: Call) -> None:
    """Set the channel for milestones."""
    await _save_channel(call, "channel for milestones", "milestones_channel_id", Postable)


@handler("set_milestones", takes=0)
async def set_milestones(call: Call) -> None:
    """Set the most milestones a day."""
    number = _first_number(call) or 0
    async with _showing_panel(call):
        if number > guilds.MOST_MILESTONES:
            raise UsageError(f"{number} a day are too many; choose up to {guilds.MOST_MILESTONES}.")
        await _save(call, f"milestones a day: {number}", {"milestones_per_day": number})


async def _save_channel(call: Call, name: str, field: str, kinds: Any) -> None:
    """Set a channel for briefs or drafts; refuse one in which the bot can't post."""
    channel_id, place = _first_number(call), "none"
    async with _showing_panel(call):
        if channel_id:
            place = f"#{(await channels.check_postable(guild_of(call.interaction), channel_id, kinds)).name}"
        await _save(call, f"{name}: {place}", {field: channel_id})


@asynccontextmanager
async def _showing_panel(call: Call) -> AsyncIterator[None]:
    """Acknowledge a selection, and show all settings in the end, even if it is refused or can't be saved."""
    await acknowledge(call.interaction)
    try:
        yield
    finally:
        await call.interaction.edit_original_response(**await write_panel(call.interaction))


async def _save(call: Call, detail: str, changes: Mapping[str, Any], *, channels: Sequence[int] | None = None) -> None:
    """Save a setting with its audit entry."""
    bot, guild_id, person = call.interaction.client, call.interaction.guild_id or 0, actor(call.interaction)
    await with_state(bot, change_settings, guild_id, changes, detail, person, utcnow(), channels=channels)
    bot.channels.invalidate(guild_id)


def _first_number(call: Call) -> int | None:
    numbers = read_choices(call.field("values"))
    return numbers[0] if numbers else None
