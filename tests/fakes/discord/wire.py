"""How the things of the world look on the wire, and which events of them a connected bot is sent."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.messages import Attachment, Message, Version
from tests.fakes.discord.world import (
    DISCORD_EPOCH,
    VOICES,
    Channel,
    ChannelKind,
    Guild,
    Json,
    Member,
    Role,
    User,
    World,
)

if TYPE_CHECKING:
    from tests.fakes.discord.interactions import Interaction

LONG_AGO = "2020-01-01T00:00:00+00:00"


CDN = "https://cdn.example/attachments"


def home(subject: Any) -> Guild | None:
    """Return the guild that something belongs to; None for direct messages."""
    if isinstance(subject, Guild):
        return subject
    if isinstance(subject, Message):
        return subject.channel.guild
    guild: Guild | None = subject.guild
    return guild


def event(name: str, subject: Any) -> Json | None:
    """Return the payload of an event about something, as a bot without a privileged intent is sent it, if it is."""
    guild = home(subject)
    if guild and not guild.has_bot and name != "INTERACTION_CREATE":
        return None
    if isinstance(subject, Message):
        return _message_event(name, subject)
    if name == "INTERACTION_CREATE":
        return interaction(subject)
    if name == "GUILD_CREATE":
        return full_guild(subject)
    if name == "GUILD_DELETE":
        return {"id": str(subject.id), "unavailable": not subject.available}
    return channel(subject)


def _message_event(name: str, subject: Message) -> Json | None:
    where = subject.channel
    if not where.permissions(where.world.bot):
        return None
    place = {"guild_id": str(where.guild.id)} if where.guild else {}
    if name == "MESSAGE_DELETE":
        return {"id": str(subject.id), "channel_id": str(where.id), **place}
    payload = {**message(subject, reads=False), **place}
    sender = where.guild.members.get(subject.author.id) if where.guild else None
    return {**payload, "member": member(sender, with_user=False)} if sender else payload


def application(world: World) -> Json:
    """Return the app."""
    owner = User(1, "operator")
    return {
        "id": str(world.bot.id), "name": world.bot.name, "icon": None, "description": "", "summary": "",
        "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0,
        "owner": user(owner), "team": None, "interactions_endpoint_url": None,
        "integration_types_config": {"0": {}, "1": {}}, "approximate_guild_count": sum(1 for _ in world.bot_guilds()),
    }  # fmt: skip


def user(subject: User) -> Json:
    """Return a person."""
    return {
        "id": str(subject.id), "username": subject.name, "global_name": None if subject.bot else subject.name.title(),
        "discriminator": "0000" if subject.bot else "0", "avatar": None, "bot": subject.bot, "public_flags": 0,
    }  # fmt: skip


def member(subject: Member, *, with_user: bool = True, where: Channel | None = None) -> Json:
    """Return a member; with the permissions in a channel, if one is given."""
    payload: Json = {
        "roles": [str(role.id) for role in subject.roles], "nick": None, "avatar": None, "deaf": False,
        "mute": False, "flags": 0, "pending": False, "premium_since": None, "joined_at": LONG_AGO,
        "communication_disabled_until": None,
    }  # fmt: skip
    if with_user:
        payload["user"] = user(subject.user)
    if where:
        payload["permissions"] = str(int(where.permissions(subject.user)))
    return payload


def role(subject: Role) -> Json:
    """Return a role."""
    bot = subject.guild.world.bot
    managed = subject.name == bot.name
    payload: Json = {
        "id": str(subject.id), "name": subject.name, "permissions": str(int(subject.permissions)), "color": 0,
        "position": subject.position, "hoist": False, "managed": managed,
        "mentionable": False, "flags": 0, "colors": {"primary_color": 0},
    }  # fmt: skip
    return {**payload, "tags": {"bot_id": str(bot.id)}} if managed else payload


def channel(subject: Channel, viewer: User | None = None) -> Json:
    """Return a channel or direct conversation; with a viewer's permissions, if one is given."""
    payload: Json = {"id": str(subject.id), "type": int(subject.kind), "flags": 0, "last_message_id": None}
    if viewer:
        payload["permissions"] = str(int(subject.permissions(viewer)))
    if subject.guild is None:
        others = [recipient for recipient in subject.recipients if recipient is not subject.world.bot]
        return {**payload, "recipients": [user(other) for other in others]}
    payload |= {"guild_id": str(subject.guild.id), "name": subject.name, "rate_limit_per_user": 0}
    if subject.parent and subject.owner:
        return payload | _of_thread(subject, subject.parent, subject.owner)
    payload["parent_id"] = None
    if subject.kind is ChannelKind.FORUM:
        payload |= {"available_tags": subject.tags, "flags": int(subject.requires_tag) << 4}
    if subject.kind in VOICES:
        payload |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    roles = {role.id for role in subject.guild.roles}
    return payload | {
        "position": 0, "nsfw": False, "topic": None,
        "permission_overwrites": [
            {"id": str(who), "type": int(who not in roles), "allow": str(int(allow)), "deny": str(int(deny))}
            for who, (allow, deny) in subject.overwrites.items()
        ],
    }  # fmt: skip


def _of_thread(subject: Channel, parent: Channel, owner: User) -> Json:
    opened = timestamp(subject.id)
    return {
        "parent_id": str(parent.id), "owner_id": str(owner.id), "message_count": 0, "member_count": 1,
        "applied_tags": [tag["id"] for tag in subject.tags],
        "thread_metadata": {
            "archived": subject.archived, "locked": subject.locked, "auto_archive_duration": 1440,
            "archive_timestamp": opened, "create_timestamp": opened,
        },
    }  # fmt: skip


def guild(subject: Guild) -> Json:
    """Return a guild as a request for it is answered, with what the client reads of it."""
    return {
        "id": str(subject.id), "name": subject.name, "owner_id": str(subject.owner.id), "features": [], "emojis": [],
        "roles": [role(one) for one in subject.roles], "verification_level": 0, "mfa_level": 0, "nsfw_level": 0,
        "default_message_notifications": 0, "explicit_content_filter": 0, "afk_timeout": 300, "premium_tier": 0,
        "system_channel_flags": 0, "preferred_locale": "en-US",
    }  # fmt: skip


def full_guild(subject: Guild) -> Json:
    """Return a guild as GUILD_CREATE brings it: with channels, of the members only the bot."""
    bot = subject.members.get(subject.world.bot.id)
    return guild(subject) | {
        "unavailable": False, "joined_at": LONG_AGO, "large": False, "member_count": len(subject.members),
        "members": [member(bot)] if bot else [], "channels": [channel(own_channel) for own_channel in subject.channels],
    }  # fmt: skip


def attachment(subject: Attachment, message: Message) -> Json:
    """Return a file's description."""
    url = f"{CDN}/{message.channel.id}/{subject.id}/{subject.filename}"
    kind = mimetypes.guess_type(subject.filename)[0] or "application/octet-stream"
    return {
        "id": str(subject.id), "filename": subject.filename, "size": len(subject.content), "url": url,
        "proxy_url": url, "content_type": kind, "description": subject.description, "ephemeral": message.private,
    }  # fmt: skip


def readable(subject: Message) -> bool:
    """Return whether a bot without the message content intent may read it: its own, direct, or mentioning it."""
    bot = subject.channel.world.bot
    return subject.author is bot or subject.channel.guild is None or bot.id in subject.pings


def message(subject: Message, *, reads: bool, nested: bool = True) -> Json:
    """Return a message.

    Args:
        subject: The message.
        reads: Whether the reader may read messages that don't concern it.
        nested: Whether to bring the message that this one answers.
    """
    world = subject.channel.world
    shown = subject.now if reads or readable(subject) else Version(subject.now.at)
    files = {item.filename: attachment(item, subject) for item in shown.attachments}
    used: set[str] = set()
    embeds = [{"type": "rich", **embed} for embed in _addressed(shown.embeds, files, used)]
    components = _addressed(shown.components, files, used)
    edited = len(subject.versions) > 1
    ids = {ping for ping in subject.pings if isinstance(ping, int)}
    people = ids & world.users.keys()
    payload: Json = {
        "id": str(subject.id), "channel_id": str(subject.channel.id), "type": subject.kind, "flags": subject.flags,
        "author": user(subject.author), "content": shown.content, "timestamp": timestamp(subject.id),
        "edited_timestamp": datetime.now(UTC).isoformat() if edited else None, "tts": False, "pinned": False,
        "mention_everyone": "everyone" in subject.pings, "embeds": embeds, "components": components,
        "mentions": [user(world.users[user_id]) for user_id in sorted(people)],
        "mention_roles": [str(role_id) for role_id in sorted(ids - people)],
        "attachments": [file for name, file in files.items() if name not in used],
    }  # fmt: skip
    if subject.nonce:
        payload["nonce"] = subject.nonce
    if subject.reply_to and nested:
        origin = subject.reply_to
        payload["message_reference"] = {"message_id": str(origin.id), "channel_id": str(origin.channel.id)}
        payload["referenced_message"] = None if origin.deleted else message(origin, reads=reads, nested=False)
    return payload


def _addressed(node: Any, files: Mapping[str, Json], used: set[str]) -> Any:
    """Give `attachment://` pictures their addresses, and note the files used so (which Discord lists no more)."""
    if not files:
        return list(node)
    if isinstance(node, list | tuple):
        return [_addressed(item, files, used) for item in node]
    if not isinstance(node, dict):
        return node
    name = str(node.get("url")).removeprefix("attachment://")
    if name in files:
        used.add(name)
        node = {**node, "url": files[name]["url"], "proxy_url": files[name]["url"]}
    return {key: _addressed(value, files, used) for key, value in node.items()}


def timestamp(snowflake: int) -> str:
    """Return the time in an id."""
    return datetime.fromtimestamp(((snowflake >> 22) + DISCORD_EPOCH) / 1000, UTC).isoformat()


def interaction(subject: Interaction) -> Json:
    """Return an interaction as the bot is sent it."""
    where, world = subject.channel, subject.channel.world
    payload: Json = {
        "id": str(subject.id), "application_id": str(world.bot.id), "type": int(subject.kind), "token": subject.token,
        "version": 1, "data": subject.data, "channel_id": str(where.id), "channel": channel(where, subject.user),
        "locale": "en-US", "entitlements": [], "attachment_size_limit": 10 << 20,
        "app_permissions": str(int(where.permissions(world.bot))), "context": 0 if where.guild else 1,
        "authorizing_integration_owners": {},
    }  # fmt: skip
    if where.kind is ChannelKind.DM and world.bot not in where.recipients:
        payload["context"] = 2
    if subject.message:
        payload["message"] = message(subject.message, reads=True)
    if where.guild is None:
        return payload | {"user": user(subject.user)}
    return payload | {
        "guild_id": str(where.guild.id), "guild_locale": "en-US",
        "guild": {"id": str(where.guild.id), "locale": "en-US", "features": []},
        "member": member(where.guild.members[subject.user.id], where=where),
    }  # fmt: skip
