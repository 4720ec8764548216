"""The gateway: sessions that outlive their connections, heartbeats, resuming; and what can go wrong with it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord import wire
from tests.fakes.discord.faults import break_off
from tests.fakes.discord.pulse import PATIENCE, until
from tests.fakes.discord.sessions import Connection, Session
from tests.fakes.discord.world import Json, World

HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 1, 2, 6, 7, 9, 10, 11

LEAVING = (1000, 1001)
"""The codes with which a client says that it won't come back to its session."""

ENDS_SESSION = (1000, 1001, 4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014)
"""The codes after which a session can't be resumed."""


class Gateway:
    """Discord's side of the gateway.

    Attributes:
        heartbeat_interval: How often (seconds) a client is to send a heartbeat.
        refuse_resumes: How many RESUMEs are still answered with INVALID SESSION.
        identifies: What each IDENTIFY said; `resumes`: how many RESUMEs succeeded.
        max_concurrency: How many shards may identify together; each modulo it is a key of its own.
        apart: How long (seconds) after one another shards of the same key may (Discord: 5).
        too_early: How many did not wait as long, and got INVALID SESSION.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.heartbeat_interval = 41.25
        self.refuse_resumes = 0
        self.identifies: list[Json] = []
        self.resumes = 0
        self.max_concurrency = 1
        self.apart = 0.0
        self.too_early = 0
        self._identified_at: dict[int, float] = {}
        self.connections: list[Connection] = []
        self.sessions: dict[tuple[int, int], Session] = {}

    # What a test makes happen

    def drop(self) -> None:
        """Lose the connection without a word."""
        self._apply_to_all(lambda connection: break_off(connection.request.transport, reset=False))

    def close(self, code: int) -> None:
        """Close with a code (4000: unknown error, 4009: session timed out, 4004: bad token...)."""
        self._apply_to_all(lambda connection: self._close(connection, code))

    def fall_silent(self) -> None:
        """Keep the connection, but send nothing on it from now on: no event, no acknowledgement."""

        def silence(connection: Connection) -> None:
            connection.silent = True

        self._apply_to_all(silence)

    def ask_reconnect(self) -> None:
        """Ask to reconnect and resume (op 7)."""
        self._apply_to_all(lambda connection: connection.send_op(RECONNECT))

    async def connected(self, timeout: float = PATIENCE) -> None:
        """Wait until the bot is connected and identified or resumed."""
        await until(lambda: self.live, timeout, "a connection")

    async def disconnected(self, timeout: float = PATIENCE) -> None:
        """Wait until no connection is left."""
        await until(lambda: not self.connections, timeout, "the end of all connections")

    @property
    def live(self) -> list[Session]:
        """The sessions that have a connection which isn't silent."""
        return [session for session in self.sessions.values() if session.connection and not session.connection.silent]

    @property
    def idle(self) -> bool:
        """Whether everything sent has been written."""
        return all(connection.outbox.empty() for connection in self.connections)

    # What Discord does.

    def dispatch(self, event: str, subject: Any) -> None:
        """Tell all sessions that it concerns about something."""
        guild = wire.home(subject)
        for session in self.sessions.values():
            if session.covers(guild):
                payload = wire.event(event, subject)
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
        while (message := await connection.socket.receive()).type is WSMsgType.TEXT:
            frame = json.loads(message.data)
            if frame["op"] == HEARTBEAT:
                connection.send_op(ACK)
            elif frame["op"] == IDENTIFY:
                self._identify(connection, frame["d"])
            elif frame["op"] == RESUME:
                self._resume(connection, frame["d"])
        if message.type is WSMsgType.CLOSE and message.data in LEAVING and connection.session:
            self._forget(connection.session)

    def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies.append(data)
        shard = data.get("shard") or (0, 1)
        if self._is_too_early(shard[0] % self.max_concurrency):
            connection.send_op(INVALID, False)
            return
        session = Session((shard[0], shard[1]))
        self.sessions[session.shard] = session
        self._attach(session, connection)
        guilds = [guild for guild in self.world.bot_guilds() if session.covers(guild)]
        ready = {
            "v": 10,
            "user": wire.user(self.world.bot),
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "shard": list(shard),
            "application": {"id": str(self.world.bot.id), "flags": 0},
            "session_type": "normal",
            "private_channels": [],
            "relationships": [],
        }
        session.guilds = {guild.id for guild in guilds}
        session.send("READY", ready)
        for guild in guilds:
            if guild.available:
                session.send("GUILD_CREATE", wire.full_guild(guild))

    def _is_too_early(self, key: int) -> bool:
        now = time.monotonic()
        before = self._identified_at.get(key, now - self.apart)
        self._identified_at[key] = now
        self.too_early += now - before < self.apart
        return now - before < self.apart

    def _resume(self, connection: Connection, data: Json) -> None:
        sessions = [session for session in self.sessions.values() if session.id == data.get("session_id")]
        missed = sessions[0].missed(data.get("seq") or 0) if sessions else None
        if self.refuse_resumes or missed is None:
            self.refuse_resumes = max(0, self.refuse_resumes - 1)
            for session in sessions:
                self._forget(session)
            connection.send_op(INVALID, False)
        else:
            self.resumes += 1
            self._attach(sessions[0], connection)
            for frame in missed:
                connection.send(frame)
            sessions[0].send("RESUMED", {})

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

    def _apply_to_all(self, act: Callable[[Connection], None]) -> None:
        for connection in list(self.connections):
            act(connection)
