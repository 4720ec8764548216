"""How a server's newsroom is set up: one private message whose selections are kept as they are made."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

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
    chosen,
    custom_id,
    handler,
    preset_channels,
    with_state,
)
from bot.newsroom.newsroom_setup import change_settings
from bot.state import guilds
from bot.state.guilds import NewsroomSettings
from core.errors import UsageError
from core.words import count

_ANSWERED_IN = [
    discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice, discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
]  # fmt: skip
_A_DAY = (0, 1, 2, 3, 5, 10)
_MOST = 25
_ROLE = discord.SelectDefaultValueType.role
_SEEN_BY = (
    "Discord shows these commands to members with Manage Messages. For the role, allow them under Server settings ›"
    " Integrations › gapbrief; its buttons work without that."
)


async def panel(interaction: Interaction) -> dict[str, Any]:
    """Return how the server is set up, and the selections that change it, as `send` takes them."""
    guild = interaction.guild
    if guild is None:
        raise discord.app_commands.NoPrivateMessage
    allowed = sorted(await interaction.client.channels.allowed(guild.id))
    newsroom = await with_state(interaction.client, guilds.get_newsroom, guild.id)
    return {"embed": _embed(guild, newsroom, allowed), "view": components.make_view(_components(newsroom, allowed))}


def _embed(guild: discord.Guild, newsroom: NewsroomSettings, allowed: Sequence[int]) -> discord.Embed:
    shown = discord.Embed(title="Newsroom settings", colour=render.COLOUR)
    role, review = newsroom.moderator_role_id, newsroom.review_channel_id
    listed = limits.fit(" ".join(f"<#{channel}>" for channel in allowed), limits.FIELD_VALUE)
    shown.add_field(name="Questions are answered in", value=listed or "every channel", inline=False)
    moderators = "Members with Manage Messages on this server" + (f", and <@&{role}>\n{_SEEN_BY}" if role else "")
    shown.add_field(name="Moderators", value=moderators, inline=False)
    drafts = f"<#{review}>{_is_read_by_all(guild, review)}" if review else "nowhere yet; choose a channel below"
    shown.add_field(name="Drafts and warnings go to", value=drafts, inline=False)
    return shown.add_field(name="Milestones", value=_milestones(newsroom), inline=False)


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
        discord.SelectOption(label=_a_day(each), value=str(each), default=each == number)
        for each in sorted({*_A_DAY, number})
    ]
    role = newsroom.moderator_role_id
    return [
        _channel_select("set_channels", "Channels to answer questions in: all", _ANSWERED_IN, allowed, _MOST),
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


def _a_day(number: int) -> str:
    return f"{count(number, 'milestone')} a day at most" if number else "No milestones"


def _channel_select(
    name: str, placeholder: str, kinds: list[discord.ChannelType], chosen: Sequence[int | None], most: int = 1
) -> discord.ui.Item[Any]:
    return discord.ui.ChannelSelect(
        custom_id=custom_id(name),
        placeholder=placeholder,
        channel_types=kinds,
        min_values=0,
        max_values=most,
        default_values=preset_channels(chosen),
    )


# ---- what the selections do


@handler("set_channels", takes=0)
async def set_channels(call: Call) -> None:
    """Set the channels that questions are answered in; none allows all."""
    wanted = chosen(call.field("values"))
    guild = call.interaction.guild
    known = [guild.get_channel(each) for each in wanted] if guild else []
    names = [f"#{channel.name}" for channel in known if channel]
    if len(names) < len(wanted):
        strange = next(each for each, channel in zip(wanted, known, strict=True) if channel is None)
        await _refuse(call, f"Channel {strange} is not on this server; choose another.")
    listed = limits.fit(", ".join(names), 200) or "every channel"
    await _set(call, f"questions are answered in {listed}", {}, channels=wanted)


@handler("set_role", takes=0)
async def set_role(call: Call) -> None:
    """Set the role whose members are moderators too."""
    guild, role_id = call.interaction.guild, _one(call)
    role_name = "none"
    if guild and role_id:
        try:
            role = channels.find_role(guild, role_id)
        except UsageError as error:
            await _refuse(call, str(error))
        if role.is_default():
            await _refuse(call, "Everybody has that role; choose one that only moderators have.")
        role_name = role.name
    await _set(call, f"moderator role: {role_name}", {"moderator_role_id": role_id})


@handler("set_review", takes=0)
async def set_review(call: Call) -> None:
    """Set the moderators' channel."""
    await _set_place(call, "moderators' channel", "review_channel_id", Writable)


@handler("set_place", takes=0)
async def set_place(call: Call) -> None:
    """Set the channel for milestones."""
    await _set_place(call, "channel for milestones", "milestones_channel_id", Postable)


@handler("set_milestones", takes=0)
async def set_milestones(call: Call) -> None:
    """Set how many milestones a day are posted at most."""
    number = _one(call) or 0
    if number > guilds.MOST_MILESTONES:
        await _refuse(call, f"{number} a day are too many; choose up to {guilds.MOST_MILESTONES}.")
    await _set(call, f"milestones a day: {number}", {"milestones_per_day": number})


async def _set_place(call: Call, name: str, field: str, kinds: Any) -> None:
    """Set a channel that briefs or drafts go to; one in which they can't be posted is not taken."""
    guild, channel_id = call.interaction.guild, _one(call)
    place = "none"
    if guild and channel_id:
        try:
            place = f"#{(await channels.check_postable(guild, channel_id, kinds)).name}"
        except UsageError as error:
            await _refuse(call, str(error))
    await _set(call, f"{name}: {place}", {field: channel_id})


async def _set(call: Call, detail: str, changed: Mapping[str, Any], *, channels: Sequence[int] | None = None) -> None:
    """Keep a setting with a note of who set it, and show all as they are now, also where it can't be kept."""
    await acknowledge(call.interaction)
    bot, guild_id, person = call.interaction.client, call.interaction.guild_id or 0, actor(call.interaction)
    try:
        await with_state(bot, change_settings, guild_id, changed, detail, person, utcnow(), channels=channels)
        bot.channels.changed(guild_id)
    finally:
        await _shown(call)


async def _refuse(call: Call, why: str) -> NoReturn:
    """Say why a selection is not kept, and show what is."""
    await acknowledge(call.interaction)
    await _shown(call)
    raise UsageError(why)


async def _shown(call: Call) -> None:
    await call.interaction.edit_original_response(**await panel(call.interaction))


def _one(call: Call) -> int | None:
    numbers = chosen(call.field("values"))
    return numbers[0] if numbers else None
