"""The server: one loopback port for gateway and REST, and what a test makes people do."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Self

from aiohttp import web

from tests.fakes.discord import commands as used
from tests.fakes.discord.client import point_client
from tests.fakes.discord.commands import Commands
from tests.fakes.discord.errors import RefusedError
from tests.fakes.discord.faults import Disturbance, Fault, answer, refusal
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Desk, Interaction, Kind
from tests.fakes.discord.messages import REPLY, Chat, Draft, Message
from tests.fakes.discord.pulse import PATIENCE, until
from tests.fakes.discord.ratelimits import Limit, Limits
from tests.fakes.discord.rest import VERSION, Handler, Rest
from tests.fakes.discord.wire import NO_INTENT, Intent
from tests.fakes.discord.world import Channel, User, World, small_world

TOKEN = "MTIz.fake.token"  # noqa: S105 - opens nothing
"""The bot's token, unless a test says otherwise."""

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Request:
    """A request that came, and how it was answered."""

    method: str
    path: str
    """The path from behind the version: "/channels/123/messages"."""
    status: int
    at: float
    """When it came (monotonic)."""
    took: float
    """How long (seconds) its answer took."""


class FakeDiscord:
    """A Discord on loopback. Within `async with`, discord.py in this process talks to it.

    Args:
        world: Who and what is there; `small_world()` if not given.
        token: The bot's token.
        privileged: The privileged intents that the app may use; the message content intent also opens REST's contents.
        answer_within: How long (seconds) an interaction waits for its first answer (Discord: 3; a test that does not
            ask for it is not to fail on a busy machine); `token_lifetime`: for all others.
        attachment_limit: How large (bytes) a file may be.
        limits: Rate limits by route pattern ("POST /channels/*/messages"), each for one channel or webhook.
        global_limit: The rate limit for all routes together.
        keep: How many requests, interactions and messages per channel are remembered; None: all.
        point_client: Whether discord.py's two address constants are set (and put back).
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        token: str = TOKEN,
        privileged: Intent = NO_INTENT,
        answer_within: float = PATIENCE,
        token_lifetime: float = 900.0,
        attachment_limit: int = 10 * MEGABYTE,
        limits: Mapping[str, Limit] | None = None,
        global_limit: Limit | None = None,
        keep: int | None = None,
        point_client: bool = True,
    ) -> None:
        self.world = world or small_world()
        self.token = token
        self.url = ""
        self.gateway = Gateway(self.world, token, privileged=privileged)
        self.commands = Commands(self.world)
        self.requests: deque[Request] = deque(maxlen=keep)
        self._chat = Chat(self.world, attachment_limit=attachment_limit, keep=keep)
        self._desk = Desk(self._chat, answer_within=answer_within, token_lifetime=token_lifetime, keep=keep)
        self._rest = Rest(self.world, self.gateway, self._chat, self._desk, self.commands, token)
        self._disturbances: list[Disturbance] = []
        self._limits = Limits(limits or {}, global_limit)
        self._point_client = point_client
        self._crashes: list[Exception] = []
        self._busy = 0
        self._moved = time.monotonic()
        self._undo: list[Callable[[], None]] = []
        self._serving: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._handle], client_max_size=64 * MEGABYTE)
        app.router.add_routes([*self._rest.routes(), web.get("/", self.gateway.serve)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)
        await self._site.start()
        host = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.url = f"http://{host}{VERSION}"
        self.gateway.url = f"ws://{host}/"
        self.world.cdn = f"http://{host}/attachments"
        self.world.tell = self._tell
        if self._point_client:
            self._undo.append(point_client(self.url, self.gateway.url))
        return self

    async def __aexit__(self, *_: object) -> None:
        for undo in self._undo:
            undo()
        self._desk.close()
        await self._site.stop()
        await self.gateway.shut_down()
        for connection in self._serving:
            connection.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._runner.cleanup()
        if self._crashes:
            raise ExceptionGroup("the pretended Discord itself failed", self._crashes)

    @property
    def gateway_url(self) -> str:
        """The gateway's address."""
        return self.gateway.url

    @property
    def prelude(self) -> str:
        """Python code that makes discord.py in another process talk to this server; it comes first there."""
        return (
            "import discord.gateway, discord.http, yarl\n"
            f"discord.http.Route.BASE = {self.url!r}\n"
            f"discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL({self.gateway_url!r})\n"
        )

    # What people do

    async def slash(
        self,
        user: User,
        channel: Channel,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        locale: str | None = None,
    ) -> Interaction:
        """Use a slash command.

        Args:
            user: Who.
            channel: Where.
            command: Its name, with group and subcommand if it has any: "newsroom schedule".
            options: Values by name; None is not given. A choice is named by its name or value.
            locale: The person's language, if not their usual.

        Raises:
            NotOfferedError: Discord would not let the person do this.
        """
        name, *path = command.split()
        found = self.commands.offered(used.SLASH, name, user, channel)
        data = used.slash_data(found, channel.guild, path, options or {})
        return self._desk.open(user, channel, Kind.COMMAND, data, locale=locale)

    async def autocomplete(
        self,
        user: User,
        channel: Channel,
        command: str,
        option: str,
        typed: str,
        options: Mapping[str, Any] | None = None,
        *,
        locale: str | None = None,
    ) -> Interaction:
        """Type into an option of a slash command; the answer is in `choices`. `options` are those filled in before."""
        name, *path = command.split()
        found = self.commands.offered(used.SLASH, name, user, channel)
        data = used.slash_data(found, channel.guild, path, options or {}, (option, typed))
        return self._desk.open(user, channel, Kind.AUTOCOMPLETE, data, locale=locale)

    async def context_menu(self, user: User, channel: Channel, target: Message | User, command: str) -> Interaction:
        """Use a context menu command on a message or a person."""
        kind = used.USER_MENU if isinstance(target, User) else used.MESSAGE_MENU
        found = self.commands.offered(kind, command, user, channel)
        return self._desk.open(user, channel, Kind.COMMAND, used.menu_data(found, target, channel, self.world.cdn))

    async def press(self, message: Message, button: str, user: User) -> Interaction:
        """Press a button, named by its label or custom id."""
        found = used.control(message, button, person=user, selects=False)
        data = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found.get("id", 1)}
        return self._desk.open(user, message.channel, Kind.COMPONENT, data, message=message)

    async def select(self, message: Message, select: str, values: Sequence[Any], user: User) -> Interaction:
        """Choose in a select, named by its placeholder or custom id: labels or values, or people, roles, channels."""
        found = used.control(message, select, person=user, selects=True)
        data = used.select_data(found, values, message.channel.guild)
        return self._desk.open(user, message.channel, Kind.COMPONENT, data, message=message)

    async def submit_modal(self, opened: Interaction, fields: Mapping[str, str | Sequence[str]]) -> Interaction:
        """Fill in the modal that an interaction opened, fields named by label or custom id, and send it."""
        if opened.modal is None:
            raise used.NotOfferedError(f"{opened} opened no modal")
        data = used.modal_data(opened.modal, fields)
        return self._desk.open(opened.user, opened.channel, Kind.MODAL, data, message=opened.message)

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        files: Mapping[str, bytes] | None = None,
    ) -> Message:
        """Write a message as a person; what it mentions is taken from its text (`user.mention`).

        Args:
            user: Who.
            channel: Where; `world.dm(user)` for a direct message.
            text: The text.
            reply_to: The message that it answers.
            ping: Whether a reply notifies the other; if not, a bot without the message content intent can't read it.
            files: Attachments by name.
        """
        if not channel.may_send(user):
            raise used.NotOfferedError(f"{user.name} may not write in #{channel.name}")
        fields: dict[str, Any] = {"content": text}
        if reply_to and not ping:
            fields["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": False}
        draft = Draft(fields, dict(enumerate((files or {}).items())))
        return self._chat.post(channel, user, draft, kind=REPLY if reply_to else 0, reply_to=reply_to)

    async def edit(self, message: Message, text: str) -> None:
        """Change a person's message."""
        self._chat.edit(message, Draft({"content": text}))

    async def delete(self, message: Message) -> None:
        """Delete a message, as a person with the right to does."""
        self._chat.delete(message)

    # What came of it

    @property
    def interactions(self) -> deque[Interaction]:
        """All interactions, oldest first."""
        return self._desk.interactions

    def sent(self, channel: Channel) -> list[Message]:
        """Return the bot's messages that everyone sees in a channel, oldest first."""
        bot = self.world.bot
        return [each for each in channel.messages.values() if each.author is bot and not each.thinking]

    async def reply(self, to: Message, timeout: float = PATIENCE) -> Message:
        """Wait for the bot's reply to a message.

        Raises:
            TimeoutError: It did not come.
        """
        found: list[Message] = []

        def come() -> bool:
            found[:] = [each for each in self.sent(to.channel) if each.reply_to is to]
            return bool(found)

        await self.until(come, f"a reply to {to.content!r}", timeout)
        return found[0]

    def called(self, route: str) -> list[Request]:
        """Return the requests to a route, by pattern: "PUT */commands", "POST /channels/*/messages"."""
        return [each for each in self.requests if fnmatchcase(f"{each.method} {each.path}", route)]

    async def until(
        self, holds: Callable[[], object], what: str = "what was waited for", timeout: float = PATIENCE
    ) -> None:
        """Wait until something holds.

        Raises:
            TimeoutError: It did not.
        """
        await until(holds, timeout, what)

    async def settled(self, quiet: float = 0.05, timeout: float = PATIENCE) -> None:
        """Wait until all is sent, every interaction is answered or given up, and no request came for `quiet` seconds.

        Raises:
            TimeoutError: It never became quiet.
        """
        async with asyncio.timeout(timeout):
            while not self._still(quiet):
                await asyncio.sleep(quiet / 4)

    def _still(self, quiet: float) -> bool:
        waiting = self._busy or not self.gateway.idle or self._desk.waiting
        return not waiting and time.monotonic() - self._moved >= quiet

    # What goes wrong

    def disturb(self, route: str, fault: Fault, times: int | None = 1) -> Disturbance:
        """Let the next `times` requests (None: all) to a route meet a fault, one of `faults`.

        Args:
            route: A pattern: "POST */callback", "PATCH */messages/@original", "* *".
            fault: What happens.
            times: How often.

        Returns:
            What counts the `hits`, and can `stop()` it.
        """
        self._disturbances.append(Disturbance(route, fault, times))
        return self._disturbances[-1]

    # How requests are handled

    def _tell(self, event: str, subject: Any) -> None:
        self._moved = time.monotonic()
        self.gateway.dispatch(event, subject)

    @web.middleware
    async def _handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.task not in self._serving:
            self._serving.add(request.task)
            request.task.add_done_callback(self._serving.discard)
        try:
            return await (handler(request) if request.path == "/" else self._logged(request, handler))
        except (ConnectionError, web.RequestPayloadError):
            raise
        except Exception as error:
            self._crashes.append(error)
            return answer({"message": "the pretended Discord itself failed", "code": 0}, 418)

    async def _logged(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        at, path, status = time.monotonic(), request.path.removeprefix(VERSION), 0
        self._busy += 1
        try:
            response = await self._disturbed(request, f"{request.method} {path}", handler)
            status = response.status
            return response
        finally:
            self._busy -= 1
            self._moved = time.monotonic()
            self.requests.append(Request(request.method, path, status, at, self._moved - at))

    async def _disturbed(self, request: web.Request, asked: str, handler: Handler) -> web.StreamResponse:
        for disturbance in self._disturbances:
            if disturbance.meets(asked):
                return await disturbance.fault(request, lambda: self._answered(request, asked, handler))
        return await self._answered(request, asked, handler)

    async def _answered(self, request: web.Request, asked: str, handler: Handler) -> web.StreamResponse:
        if not self._rest.authorized(request):
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        limited = self._limits.refuse(request, asked)
        if limited:
            return limited
        try:
            response = await handler(request)
        except RefusedError as error:
            response = refusal(error)
        except web.HTTPException as error:
            response = answer({"message": f"{error.status}: {error.reason}", "code": 0}, error.status)
        await request.release()
        response.headers.update(self._limits.headers(request, asked))
        return response
