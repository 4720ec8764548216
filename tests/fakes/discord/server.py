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
from tests.fakes.discord.faults import Disturbance, Fault, answer, refusal, too_many
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Desk, Interaction, Kind
from tests.fakes.discord.messages import REPLY, Chat, Draft, Message
from tests.fakes.discord.pulse import PATIENCE, until
from tests.fakes.discord.rest import VERSION, Handler, Rest
from tests.fakes.discord.world import Channel, User, World, small_world

TOKEN = "MTIz.fake.token"  # noqa: S105 - opens nothing
"""The bot's token, unless a test says otherwise."""

NOT_LIMITED = (f"{VERSION}/interactions/", f"{VERSION}/webhooks/")
"""What the global rate limit does not count."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request that came, and how it was answered."""

    method: str
    path: str
    """The path from behind the version: "/channels/123/messages"."""
    status: int
    at: float
    """When it came (monotonic)."""


class FakeDiscord:
    """A Discord on loopback. Within `async with`, discord.py in this process talks to it.

    Args:
        world: Who and what is there; `small_world()` if not given.
        token: The bot's token.
        global_limit: How many requests in a second are taken, answers to interactions not counted; None: all.
        keep: How many requests, interactions and messages per channel are remembered; None: all.
        point_client: Whether discord.py's two address constants are set (and put back).
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        token: str = TOKEN,
        global_limit: int | None = None,
        keep: int | None = None,
        point_client: bool = True,
    ) -> None:
        self.world = world or small_world()
        self.token = token
        self.url = ""
        self.gateway = Gateway(self.world)
        self.commands = Commands(self.world)
        self.requests: deque[Request] = deque(maxlen=keep)
        self._chat = Chat(self.world, keep=keep)
        self._desk = Desk(self._chat, keep=keep)
        self._rest = Rest(self.world, self.gateway, self._chat, self._desk, self.commands, token)
        self._disturbances: list[Disturbance] = []
        self._global_limit = global_limit
        self._second = (0.0, 0)
        self._point_client = point_client
        self._crashes: list[Exception] = []
        self._busy = 0
        self._moved = time.monotonic()
        self._undo: list[Callable[[], None]] = []
        self._serving: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._handle], client_max_size=64 << 20)
        app.router.add_routes([*self._rest.routes(), web.get("/", self.gateway.serve)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)
        await self._site.start()
        host = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.url = f"http://{host}{VERSION}"
        self.gateway.url = f"ws://{host}/"
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
    ) -> Interaction:
        """Use a slash command.

        Args:
            user: Who.
            channel: Where.
            command: Its name, with group and subcommand if it has any: "newsroom schedule".
            options: Values by name; None is not given.

        Raises:
            NotOfferedError: Discord would not let the person do this.
        """
        name, *path = command.split()
        offered = self.commands.offered(name, user, channel)
        data = used.slash_data(offered, path, options or {})
        return self._desk.open(user, channel, Kind.COMMAND, data)

    async def autocomplete(self, user: User, channel: Channel, command: str, option: str, typed: str) -> Interaction:
        """Type into an option of a slash command; the answer is in `choices`."""
        name, *path = command.split()
        offered = self.commands.offered(name, user, channel)
        data = used.slash_data(offered, path, {}, (option, typed))
        return self._desk.open(user, channel, Kind.AUTOCOMPLETE, data)

    async def press(self, message: Message, button: str, user: User) -> Interaction:
        """Press a button, named by its label or custom id."""
        offered = used.control(message, button, person=user, selects=False)
        data = {"custom_id": offered["custom_id"], "component_type": offered["type"], "id": offered.get("id", 1)}
        return self._desk.open(user, message.channel, Kind.COMPONENT, data, message=message)

    async def select(self, message: Message, select: str, values: Sequence[str], user: User) -> Interaction:
        """Choose in a select, named by its placeholder or custom id, options by their labels or values."""
        offered = used.control(message, select, person=user, selects=True)
        data = used.select_data(offered, values)
        return self._desk.open(user, message.channel, Kind.COMPONENT, data, message=message)

    async def forge(self, user: User, channel: Channel, kind: Kind, data: Mapping[str, Any]) -> Interaction:
        """Send the bot an interaction that no client would make; a component is in a message of its own."""
        message = None
        if kind is Kind.COMPONENT:
            control = {"type": data["component_type"], "custom_id": data["custom_id"], "style": 1, "label": "…"}
            message = self._chat.post(
                channel, self.world.bot, Draft({"components": [{"type": 1, "components": [control]}]})
            )
        return self._desk.open(user, channel, kind, dict(data), message=message)

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
    ) -> Message:
        """Write a message as a person; what it mentions is taken from its text (`user.mention`).

        Args:
            user: Who.
            channel: Where; `world.dm(user)` for a direct message.
            text: The text.
            reply_to: The message that it answers.
            ping: Whether a reply notifies the other; if not, a bot without the message content intent can't read it.
        """
        fields: dict[str, Any] = {"content": text}
        if reply_to and not ping:
            fields["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": False}
        return self._chat.post(channel, user, Draft(fields), kind=REPLY if reply_to else 0, reply_to=reply_to)

    # What came of it

    def sent(self, channel: Channel) -> list[Message]:
        """Return the bot's messages that everyone sees in a channel, oldest first."""
        bot = self.world.bot
        return [message for message in channel.messages.values() if message.author is bot and not message.thinking]

    async def reply(self, to: Message) -> Message:
        """Wait for the bot's reply to a message.

        Raises:
            TimeoutError: It did not come.
        """
        messages: list[Message] = []

        def come() -> bool:
            messages[:] = [message for message in self.sent(to.channel) if message.reply_to is to]
            return bool(messages)

        await self.until(come, f"a reply to {to.content!r}")
        return messages[0]

    def called(self, route: str) -> list[Request]:
        """Return the requests to a route, by pattern: "PUT */commands", "POST /channels/*/messages"."""
        return [request for request in self.requests if fnmatchcase(f"{request.method} {request.path}", route)]

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
            self.requests.append(Request(request.method, path, status, at))

    async def _disturbed(self, request: web.Request, route: str, handler: Handler) -> web.StreamResponse:
        for disturbance in self._disturbances:
            if disturbance.meets(route):
                return await disturbance.fault(request, lambda: self._answered(request, handler))
        return await self._answered(request, handler)

    async def _answered(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._rest.authorized(request):
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        if self._global_limit and not request.path.startswith(NOT_LIMITED) and (wait := self._wait(self._global_limit)):
            return too_many(wait, everywhere=True)
        try:
            response = await handler(request)
        except RefusedError as error:
            response = refusal(error)
        except web.HTTPException as error:
            response = answer({"message": f"{error.status}: {error.reason}", "code": 0}, error.status)
        await request.release()
        response.headers.update(_plenty(request))
        return response

    def _wait(self, limit: int) -> float:
        """Count one more request, and return how long (seconds) to wait if that is one too many."""
        since, count = self._second
        now = time.monotonic()
        if now - since >= 1:
            since, count = now, 0
        if count >= limit:
            return since + 1 - now
        self._second = since, count + 1
        return 0


def _plenty(request: web.Request) -> dict[str, str]:
    """Return the headers that say of a route that nothing is limited, for the client to ask several things at once."""
    resource = request.match_info.route.resource
    return {
        "X-RateLimit-Limit": "1000",
        "X-RateLimit-Remaining": "1000",
        "X-RateLimit-Bucket": f"{request.method} {resource.canonical if resource else request.path}".replace("/", "."),
        "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
        "X-RateLimit-Reset-After": "1.000",
    }
