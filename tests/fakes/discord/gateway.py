"""The gateway: sessions that outlive their connections, heartbeats, resuming; and what can go wrong with it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord import wire
from tests.fakes.discord.faults import break_off
from tests.fakes.discord.limits import Json
from tests.fakes.discord.pulse import PATIENCE, until
from tests.fakes.discord.sessions import Connection, Session
from tests.fakes.discord.wire import Intent
from tests.fakes.discord.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE = 1, 2, 3, 4
RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 6, 7, 8, 9, 10, 11

LEAVING = (1000, 1001)
"""The codes with which a client says that it won't come back to its session."""

ENDS_SESSION = (1000, 1001, 4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014)
"""The codes after which a session can't be resumed."""

SHARDING_REQUIRED = 2500
"""From so many guilds on, a bot must shard."""


class Gateway:
    """Discord's side of the gateway.

    Attributes:
        heartbeat_interval: How often (seconds) a client is to send a heartbeat.
        acknowledges: Whether heartbeats are answered.
        closes_zombies: Whether a connection without heartbeats is closed (4009).
        refuse_resumes: How many RESUMEs are still answered with INVALID SESSION.
        refuse_connections: How many connections are still refused with 503.
        guild_pause: The pause (seconds) between two GUILD_CREATE at the start.
        identifies: What each IDENTIFY said; `resumes`: how many RESUMEs succeeded.
        heartbeats: How many heartbeats came.
    """

    def __init__(self, world: World, token: str, *, privileged: Intent, remembers: int = 1000) -> None:
        self.world = world
        self.url = ""
        self.privileged = privileged
        self.heartbeat_interval = 41.25
        self.acknowledges = True
        self.closes_zombies = False
        self.refuse_resumes = 0
        self.refuse_connections = 0
        self.guild_pause = 0.0
        self.identifies: list[Json] = []
        self.resumes = 0
        self.heartbeats = 0
        self.connections: list[Connection] = []
        self.sessions: dict[tuple[int, int], Session] = {}
        self._token = token
        self._remembers = remembers

    # What a test makes happen; `shard` picks one of several, all is the default.

    def drop(self, *, shard: int | None = None, reset: bool = False) -> None:
        """Lose the connection without a word; with `reset` the client gets an error instead of an end."""
        self._each(shard, lambda each: break_off(each.request.transport, reset=reset))

    def close(self, code: int, *, shard: int | None = None) -> None:
        """Close with a code (4000: unknown error, 4009: session timed out, 4004: bad token...)."""
        self._each(shard, lambda each: self._close(each, code))

    def half_close(self, *, shard: int | None = None) -> None:
        """Close this side of the connection's stream only."""
        self._each(shard, _half_close)

    def fall_silent(self, *, shard: int | None = None) -> None:
        """Keep the connection, but send nothing on it from now on: no event, no acknowledgement."""

        def silence(connection: Connection) -> None:
            connection.silent = True

        self._each(shard, silence)

    def ask_reconnect(self, *, shard: int | None = None) -> None:
        """Ask to reconnect and resume (op 7)."""
        self._each(shard, lambda each: each.send_op(RECONNECT))

    def invalidate(self, *, resumable: bool = False, shard: int | None = None) -> None:
        """Declare the session invalid (op 9)."""

        def invalid(connection: Connection) -> None:
            if connection.session and not resumable:
                self._forget(connection.session)
            connection.send_op(INVALID, resumable)

        self._each(shard, invalid)

    async def connected(self, shards: int = 1, timeout: float = PATIENCE) -> None:
        """Wait until so many shards are connected and identified or resumed.

        Raises:
            TimeoutError: They weren't in time.
        """
        await until(lambda: len(self.live) >= shards, timeout, f"{shards} connected shard(s)")

    async def disconnected(self, timeout: float = PATIENCE) -> None:
        """Wait until no connection is left.

        Raises:
            TimeoutError: One was.
        """
        await until(lambda: not self.connections, timeout, "the end of all connections")

    @property
    def live(self) -> list[Session]:
        """The sessions that have a connection which isn't silent."""
        return [each for each in self.sessions.values() if each.connection and not each.connection.silent]

    @property
    def idle(self) -> bool:
        """Whether everything sent has been written."""
        return all(each.outbox.empty() for each in self.connections)

    # What Discord does.

    def dispatch(self, event: str, subject: Any) -> None:
        """Tell all sessions that it concerns about something."""
        guild = wire.home(subject)
        for session in self.sessions.values():
            if session.covers(guild):
                payload = wire.event(event, subject, session.intents, self.world.cdn)
                if payload is not None:
                    session.send(event, self._first(session, payload) if event == "GUILD_CREATE" else payload)

    def _first(self, session: Session, guild: Json) -> Json:
        """Leave out what tells a guild that has come back from one that is new."""
        if int(guild["id"]) not in session.guilds:
            session.guilds.add(int(guild["id"]))
            del guild["unavailable"]
        return guild

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection."""
        if self.refuse_connections:
            self.refuse_connections -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(timeout=0.5, compress=False, autoping=True)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self.connections.append(connection)
        writer = asyncio.create_task(connection.write())
        try:
            connection.send_op(HELLO, {"heartbeat_interval": int(self.heartbeat_interval * 1000)})
            await self._read(connection)
        finally:
            self.connections.remove(connection)
            session = connection.session
            if session and session.connection is connection:
                session.connection = None
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    async def shut_down(self) -> None:
        """End all connections."""
        for connection in self.connections:
            break_off(connection.request.transport, reset=False)
        await self.disconnected()

    async def _read(self, connection: Connection) -> None:
        patience = self.heartbeat_interval * 1.5 if self.closes_zombies else None
        while True:
            try:
                message = await connection.socket.receive(patience)
            except TimeoutError:
                self._close(connection, 4009)
                patience = None
                continue
            if message.type is WSMsgType.CLOSE and message.data in LEAVING and connection.session:
                self._forget(connection.session)
            if message.type is not WSMsgType.TEXT:
                return
            try:
                frame = json.loads(message.data)
                op, payload = frame["op"], frame["d"]
            except (ValueError, KeyError, TypeError):
                connection.close(4002)
                continue
            await self._take(connection, op, payload)

    async def _take(self, connection: Connection, op: int, payload: Any) -> None:
        if op == HEARTBEAT:
            self.heartbeats += 1
            if self.acknowledges:
                connection.send_op(ACK)
        elif op == IDENTIFY:
            await self._identify(connection, payload)
        elif op == RESUME:
            self._resume(connection, payload)
        elif op in (PRESENCE, VOICE, MEMBERS):
            if connection.session is None:
                connection.close(4003)
            elif op == MEMBERS:
                self._members(connection.session, payload)
        else:
            connection.close(4001)

    async def _identify(self, connection: Connection, said: Json) -> None:
        self.identifies.append(said)
        shard = tuple(said.get("shard") or (0, 1))
        problem = self._problem(connection, said, shard)
        if problem:
            connection.close(problem)
            return
        session = Session((shard[0], shard[1]), Intent(said["intents"]), self._remembers)
        self.sessions[session.shard] = session
        self._attach(session, connection)
        guilds = [guild for guild in self.world.bot_guilds() if session.covers(guild)]
        ready = {
            "v": 10,
            "user": wire.user(self.world.bot),
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "guilds": [{"id": str(each.id), "unavailable": True} for each in guilds],
            "shard": list(shard),
            "application": {"id": str(self.world.bot.id), "flags": 0},
            "session_type": "normal",
            "private_channels": [],
            "relationships": [],
        }
        session.guilds = {each.id for each in guilds}
        session.send("READY", ready)
        for guild in guilds:
            if self.guild_pause:
                await asyncio.sleep(self.guild_pause)
            if guild.available:
                session.send("GUILD_CREATE", wire.full_guild(guild))

    def _problem(self, connection: Connection, said: Json, shard: tuple[int, ...]) -> int | None:
        """Return the close code that an IDENTIFY deserves."""
        intents = said.get("intents")
        if connection.session:
            return 4005
        if said.get("token") != self._token:
            return 4004
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            return 4010
        if shard[1] == 1 and sum(1 for _ in self.world.bot_guilds()) >= SHARDING_REQUIRED:
            return 4011
        if not isinstance(intents, int) or intents & ~wire.EVERY_INTENT:
            return 4013
        return 4014 if intents & wire.PRIVILEGED & ~self.privileged else None

    def _resume(self, connection: Connection, said: Json) -> None:
        found = [each for each in self.sessions.values() if each.id == said.get("session_id")]
        missed = found[0].missed(said.get("seq") or 0) if found else None
        if said.get("token") != self._token:
            connection.close(4004)
        elif self.refuse_resumes or missed is None:
            self.refuse_resumes = max(0, self.refuse_resumes - 1)
            for session in found:
                self._forget(session)
            connection.send_op(INVALID, False)
        else:
            self.resumes += 1
            self._attach(found[0], connection)
            for frame in missed:
                connection.send(frame)
            found[0].send("RESUMED", {})

    def _attach(self, session: Session, connection: Connection) -> None:
        connection.session = session
        session.connection = connection

    def _close(self, connection: Connection, code: int) -> None:
        if connection.session and code in ENDS_SESSION:
            self._forget(connection.session)
        connection.close(code)

    def _forget(self, session: Session) -> None:
        if self.sessions.get(session.shard) is session:
            del self.sessions[session.shard]

    def _members(self, session: Session, asked: Json) -> None:
        guild = self.world.guilds[int(asked["guild_id"])]
        wanted, query = set(map(int, asked.get("user_ids") or [])), asked.get("query")
        found = [
            wire.member(each)
            for each in guild.members.values()
            if each.user.id in wanted or (query is not None and each.user.name.startswith(query))
        ]
        session.send(
            "GUILD_MEMBERS_CHUNK",
            {
                "guild_id": str(guild.id),
                "members": found[: asked.get("limit") or None],
                "chunk_index": 0,
                "chunk_count": 1,
                "nonce": asked.get("nonce"),
                "not_found": [],
            },
        )

    def _each(self, shard: int | None, act: Callable[[Connection], None]) -> None:
        for connection in list(self.connections):
            if shard is None or (connection.session and connection.session.shard[0] == shard):
                act(connection)


def _half_close(connection: Connection) -> None:
    if connection.request.transport:
        connection.request.transport.write_eof()
