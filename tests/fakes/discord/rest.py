"""The REST routes that a bot uses, each with Discord's checks."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.fakes.discord import wire
from tests.fakes.discord.commands import Commands
from tests.fakes.discord.errors import RefusedError
from tests.fakes.discord.faults import answer
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Desk, Interaction
from tests.fakes.discord.messages import CROSSPOSTED, DEFAULT, REPLY, Chat, Draft, Message
from tests.fakes.discord.world import NONE, Channel, ChannelKind, Guild, Json, Permission, World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

VERSION = "/api/v10"

NO_TOKEN = ("/interactions/", "/webhooks/", "/gateway")
"""Routes whose address is the authorization, or that need none (/gateway/bot is checked by its handler)."""

_PARAMETER = re.compile(r'\b(name|filename)="([^"]*)"')
"""What a part of a form says of itself."""


class Rest:
    """The routes."""

    def __init__(self, world: World, gateway: Gateway, chat: Chat, desk: Desk, commands: Commands, token: str) -> None:
        self.world, self.gateway, self.chat, self.desk, self.commands = world, gateway, chat, desk, commands
        self._token = token

    def routes(self) -> list[web.RouteDef]:
        """Return all routes; the routes of a command scope exist for everyone and for a guild."""
        app = VERSION + "/applications/{app}"
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/gateway", self.get_gateway),
            ("GET", "/gateway/bot", self.get_gateway),
            ("GET", "/users/@me", self.get_me),
            ("GET", "/users/@me/guilds", self.get_my_guilds),
            ("POST", "/users/@me/channels", self.open_dm),
            ("GET", "/oauth2/applications/@me", self.get_application),
            ("GET", "/guilds/{guild}", self.get_guild),
            ("GET", "/guilds/{guild}/channels", self.get_guild_channels),
            ("GET", "/guilds/{guild}/members/{user}", self.get_member),
            ("GET", "/guilds/{guild}/threads/active", self.get_active_threads),
            ("GET", "/channels/{channel}", self.get_channel),
            ("PATCH", "/channels/{channel}", self.edit_thread),
            ("POST", "/channels/{channel}/threads", self.post_in_forum),
            ("GET", "/channels/{channel}/threads/archived/public", self.get_archived_threads),
            ("POST", "/channels/{channel}/typing", self.type),
            ("GET", "/channels/{channel}/messages", self.get_history),
            ("POST", "/channels/{channel}/messages", self.post_message),
            ("GET", "/channels/{channel}/messages/{message}", self.get_message),
            ("PATCH", "/channels/{channel}/messages/{message}", self.edit_message),
            ("DELETE", "/channels/{channel}/messages/{message}", self.delete_message),
            ("POST", "/channels/{channel}/messages/{message}/crosspost", self.crosspost),
            ("POST", "/interactions/{id}/{token}/callback", self.respond),
            ("POST", "/webhooks/{app}/{token}", self.follow_up),
            ("PATCH", "/webhooks/{app}/{token}/messages/{message}", self.edit_answer),
            ("DELETE", "/webhooks/{app}/{token}/messages/{message}", self.delete_answer),
        ]
        routes = [web.route(method, VERSION + path, handler) for method, path, handler in table]
        return routes + [web.put(scope + "/commands", self.put_commands) for scope in (app, app + "/guilds/{guild}")]

    def authorized(self, request: web.BaseRequest) -> bool:
        """Tell whether a request shows the bot's token, or needs none."""
        path = request.path.removeprefix(VERSION)
        free = path.startswith(NO_TOKEN) and path != "/gateway/bot"
        return free or request.headers.get("Authorization") == f"Bot {self._token}"

    # Who and where

    async def get_gateway(self, request: web.Request) -> web.StreamResponse:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000}
        limit["max_concurrency"] = self.gateway.max_concurrency
        more = {"shards": 1, "session_start_limit": limit}
        return answer({"url": self.gateway.url} | (more if request.path.endswith("/bot") else {}))

    async def get_me(self, _request: web.Request) -> web.StreamResponse:
        return answer(wire.user(self.world.bot) | {"verified": True, "mfa_enabled": False, "flags": 0, "email": None})

    async def get_my_guilds(self, _request: web.Request) -> web.StreamResponse:
        bot = self.world.bot
        return answer(
            [
                wire.guild(guild) | {"owner": False, "permissions": str(int(guild.permissions(bot)))}
                for guild in self.world.bot_guilds()
            ]
        )

    async def open_dm(self, request: web.Request) -> web.StreamResponse:
        user = self.world.users.get(int((await _json(request))["recipient_id"]))
        if user is None:
            raise RefusedError(10013)
        return answer(wire.channel(self.world.dm(user)))

    async def get_application(self, _request: web.Request) -> web.StreamResponse:
        return answer(wire.application(self.world))

    async def get_guild(self, request: web.Request) -> web.StreamResponse:
        return answer(wire.guild(self._guild(request)))

    async def get_guild_channels(self, request: web.Request) -> web.StreamResponse:
        return answer([wire.channel(channel) for channel in self._guild(request).channels])

    async def get_member(self, request: web.Request) -> web.StreamResponse:
        member = self._guild(request).members.get(_id(request, "user"))
        if member is None:
            raise RefusedError(10013)
        return answer(wire.member(member))

    # Channels

    async def get_channel(self, request: web.Request) -> web.StreamResponse:
        return answer(wire.channel(self._channel(request)))

    async def type(self, request: web.Request) -> web.StreamResponse:
        self._channel(request, Permission.SEND_MESSAGES)
        return web.Response(status=204)

    async def get_history(self, request: web.Request) -> web.StreamResponse:
        channel = self._channel(request)
        may = channel.permissions(self.world.bot)
        messages = list(channel.messages.values()) if Permission.READ_MESSAGE_HISTORY in may else []
        limit = int(request.query.get("limit", 50))
        if "before" in request.query:
            messages = [message for message in messages if message.id < int(request.query["before"])]
        if "after" in request.query:
            messages = [message for message in messages if message.id > int(request.query["after"])][:limit]
        return answer([self._shown(message) for message in messages[-limit:][::-1]])

    async def post_message(self, request: web.Request) -> web.StreamResponse:
        channel = self._open(request)
        draft = await read_draft(request)
        reply_to = self._reply(draft, channel)
        self._may_post(channel, draft, reply_to)
        kind = REPLY if reply_to else DEFAULT
        message = self.chat.post(channel, self.world.bot, draft, kind=kind, reply_to=reply_to)
        return answer(self._shown(message))

    async def get_message(self, request: web.Request) -> web.StreamResponse:
        channel = self._channel(request, Permission.READ_MESSAGE_HISTORY)
        return answer(self._shown(self._message(request, channel)))

    async def edit_message(self, request: web.Request) -> web.StreamResponse:
        message = self._message(request, self._open(request))
        draft = await read_draft(request)
        if message.author is not self.world.bot:
            raise RefusedError(50005)
        self.chat.edit(message, draft)
        return answer(self._shown(message))

    async def delete_message(self, request: web.Request) -> web.StreamResponse:
        channel = self._open(request)
        message = self._message(request, channel)
        if message.author is not self.world.bot:
            self._need(channel, Permission.MANAGE_MESSAGES)
        self.chat.delete(message)
        return web.Response(status=204)

    async def crosspost(self, request: web.Request) -> web.StreamResponse:
        channel = self._channel(request, Permission.SEND_MESSAGES)
        message = self._message(request, channel)
        if channel.kind is not ChannelKind.ANNOUNCEMENT:
            raise RefusedError(50024)
        if message.published:
            raise RefusedError(40033)
        if message.author is not self.world.bot:
            self._need(channel, Permission.MANAGE_MESSAGES)
        message.flags |= CROSSPOSTED
        self.world.tell("MESSAGE_UPDATE", message)
        return answer(self._shown(message))

    # Threads

    async def post_in_forum(self, request: web.Request) -> web.StreamResponse:
        forum, draft = self._channel(request), await read_draft(request)
        first = Draft(draft.fields["message"], draft.files)
        self._may_post(forum, first, None)
        wanted = [tag for tag in forum.tags if tag["id"] in draft.fields.get("applied_tags", ())]
        if forum.requires_tag and not wanted:
            raise RefusedError(40067)
        if not 1 <= len(draft.fields["name"]) <= 100:
            raise RefusedError(50035)
        thread = forum.add_thread(draft.fields["name"], self.world.bot)
        thread.change(tags=wanted)
        message = self.chat.post(thread, self.world.bot, first, message_id=thread.id)
        return answer({**wire.channel(thread), "message": self._shown(message)})

    async def edit_thread(self, request: web.Request) -> web.StreamResponse:
        thread, wanted = self._channel(request, Permission.SEND_MESSAGES), await _json(request)
        if thread.locked or ("name" in wanted and thread.owner is not self.world.bot):
            raise RefusedError(50013)
        thread.change(**wanted)
        return answer(wire.channel(thread))

    async def get_active_threads(self, request: web.Request) -> web.StreamResponse:
        guild, bot = self._guild(request), self.world.bot
        threads = [thread for thread in self._threads() if thread.guild is guild and not thread.archived]
        visible = [thread for thread in threads if Permission.VIEW_CHANNEL in thread.permissions(bot)]
        return answer({"threads": [wire.channel(thread) for thread in visible], "members": []})

    async def get_archived_threads(self, request: web.Request) -> web.StreamResponse:
        parent = self._channel(request, Permission.READ_MESSAGE_HISTORY)
        threads = [thread for thread in self._threads() if thread.parent is parent and thread.archived]
        return answer({"threads": [wire.channel(thread) for thread in threads], "members": [], "has_more": False})

    def _threads(self) -> Iterator[Channel]:
        return (channel for channel in self.world.channels.values() if channel.kind is ChannelKind.THREAD)

    # Commands

    async def put_commands(self, request: web.Request) -> web.StreamResponse:
        return answer(self.commands.put(self._scope(request), await _json(request)))

    # Interactions

    async def respond(self, request: web.Request) -> web.StreamResponse:
        draft = await read_draft(request)
        interaction = self.desk.by_id(request.match_info["id"], request.match_info["token"])
        receipt = self.desk.respond(interaction, draft)
        return answer(receipt) if request.query.get("with_response") in ("1", "true") else web.Response(status=204)

    async def follow_up(self, request: web.Request) -> web.StreamResponse:
        interaction, draft = self._webhook(request), await read_draft(request)
        return answer(self._shown(self.desk.follow_up(interaction, draft)))

    async def edit_answer(self, request: web.Request) -> web.StreamResponse:
        interaction, draft = self._webhook(request), await read_draft(request)
        message = self.desk.message(interaction, request.match_info["message"])
        self.chat.edit(message, draft)
        return answer(self._shown(message))

    async def delete_answer(self, request: web.Request) -> web.StreamResponse:
        interaction = self._webhook(request)
        self.chat.delete(self.desk.message(interaction, request.match_info["message"]))
        return web.Response(status=204)

    # What handlers share

    def _guild(self, request: web.Request) -> Guild:
        guild = self.world.guilds.get(_id(request, "guild"))
        if guild is None:
            raise RefusedError(10004)
        if not guild.has_bot:
            raise RefusedError(50001)
        return guild

    def _channel(self, request: web.Request, needed: Permission = NONE) -> Channel:
        channel = self.world.channels.get(_id(request, "channel"))
        if channel is None:
            raise RefusedError(10003)
        if Permission.VIEW_CHANNEL not in channel.permissions(self.world.bot):
            raise RefusedError(50001)
        self._need(channel, needed)
        return channel

    def _open(self, request: web.Request) -> Channel:
        channel = self._channel(request)
        if channel.archived:
            raise RefusedError(50083)
        return channel

    def _need(self, channel: Channel, needed: Permission) -> None:
        if needed not in channel.permissions(self.world.bot):
            raise RefusedError(50013)

    def _may_post(self, channel: Channel, draft: Draft, reply_to: Message | None) -> None:
        self._need(channel, Permission.SEND_MESSAGES)
        if draft.fields.get("embeds"):
            self._need(channel, Permission.EMBED_LINKS)
        if draft.files:
            self._need(channel, Permission.ATTACH_FILES)
        if reply_to and Permission.READ_MESSAGE_HISTORY not in channel.permissions(self.world.bot):
            raise RefusedError(160002)
        if channel.guild is None and not all(recipient.accepts_messages for recipient in channel.recipients):
            raise RefusedError(50007)

    def _reply(self, draft: Draft, channel: Channel) -> Message | None:
        wanted = draft.fields.get("message_reference")
        message = channel.messages.get(int(wanted["message_id"])) if wanted else None
        if wanted and message is None and wanted.get("fail_if_not_exists", True):
            raise RefusedError(50035)
        return message

    def _message(self, request: web.Request, channel: Channel) -> Message:
        message = channel.messages.get(_id(request, "message"))
        if message is None:
            raise RefusedError(10008)
        return message

    def _scope(self, request: web.Request) -> int | None:
        return self._guild(request).id if "guild" in request.match_info else None

    def _webhook(self, request: web.Request) -> Interaction:
        return self.desk.by_webhook(request.match_info["app"], request.match_info["token"])

    def _shown(self, message: Message) -> Json:
        return wire.message(message, reads=False)


async def read_draft(request: web.Request) -> Draft:
    """Read a body that may bring files: JSON, or a form with `payload_json` and `files[n]`."""
    content_type = request.headers.get("Content-Type", "")
    if not content_type.startswith("multipart/form-data"):
        return Draft(await _json(request))
    fields: Json = {}
    files: dict[int, tuple[str, bytes]] = {}
    for name, filename, content in _parts(await request.read(), content_type):
        if name == "payload_json":
            fields = json.loads(content)
        else:
            files[int(name.removeprefix("files[").removesuffix("]"))] = (filename, content)
    return Draft(fields, files)


def _parts(body: bytes, content_type: str) -> Iterator[tuple[str, str, bytes]]:
    """Yield a form's parts, each with its name, its file's name and its content."""
    boundary = content_type.partition("boundary=")[2].strip('"')
    for part in body.split(f"--{boundary}".encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        parameters = dict(_PARAMETER.findall(head.decode()))
        yield parameters["name"], unquote(parameters.get("filename", "")), content.removesuffix(b"\r\n")


async def _json(request: web.Request) -> Any:
    return json.loads(await request.read())


def _id(request: web.Request, name: str) -> int:
    return int(request.match_info[name])
