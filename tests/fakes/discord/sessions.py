"""What the gateway keeps of a bot's shard: a session, which outlives its connections, and the connection it has."""

from __future__ import annotations

import asyncio
import importlib
import json
import secrets
import zlib
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.fakes.discord.world import Guild, Json

DISPATCH = 0


class Session:
    """What the gateway knows of a shard of the bot, connected or not."""

    def __init__(self, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.shard = shard
        self.sequence = 0
        self.log: deque[tuple[int, str]] = deque(maxlen=1000)
        self.connection: Connection | None = None
        self.guilds: set[int] = set()
        """The guilds it knows of: a GUILD_CREATE of another is a guild that the bot has joined."""

    def covers(self, guild: Guild | None) -> bool:
        """Tell whether the events of a guild (None: of direct messages) come to this shard."""
        number, count = self.shard
        return number == ((guild.id >> 22) % count if guild else 0)

    def send(self, event: str, payload: Json) -> None:
        """Send an event; if the connection is down, it is kept for when the session is resumed."""
        self.sequence += 1
        frame = json.dumps({"op": DISPATCH, "t": event, "s": self.sequence, "d": payload})
        self.log.append((self.sequence, frame))
        if self.connection:
            self.connection.send(frame)

    def missed(self, since: int) -> list[str] | None:
        """Return the events after a sequence number; None if they are no longer all known."""
        if since > self.sequence or (self.log and self.log[0][0] > since + 1):
            return None
        return [frame for number, frame in self.log if number > since]


class Connection:
    """One websocket: frames go out in order through a queue, compressed if the client asked for it."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request, self.socket = request, socket
        self.session: Session | None = None
        self.silent = False
        self.outbox: asyncio.Queue[str | int] = asyncio.Queue()
        compression = request.query.get("compress")
        self._compress = {None: None, "zlib-stream": _zlib_stream, "zstd-stream": _zstd_stream}[compression]

    def send(self, frame: str) -> None:
        """Send a frame, after those before it."""
        if not self.silent:
            self.outbox.put_nowait(frame)

    def send_op(self, op: int, payload: Any = None) -> None:
        """Send a frame that is no event."""
        self.send(json.dumps({"op": op, "d": payload, "s": None, "t": None}))

    def close(self, code: int) -> None:
        """Close with a code, after the frames sent so far."""
        self.outbox.put_nowait(code)

    async def write(self) -> None:
        """Write what is sent, until the connection is closed."""
        compress = self._compress() if self._compress else None
        try:
            while isinstance(frame := await self.outbox.get(), str):
                if compress:
                    await self.socket.send_bytes(compress(frame.encode()))
                else:
                    await self.socket.send_str(frame)
            await self.socket.close(code=frame)
        except ConnectionError:
            return


def _zlib_stream() -> Callable[[bytes], bytes]:
    stream = zlib.compressobj()
    return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd_stream() -> Callable[[bytes], bytes]:
    """Compress as a client asks that has the package zstandard, or runs on Python 3.14."""
    try:
        zstd = importlib.import_module("zstandard")
    except ImportError:
        zstd = importlib.import_module("compression.zstd")
        stream = zstd.ZstdCompressor()
        return lambda data: bytes(stream.compress(data, mode=stream.FLUSH_BLOCK))
    stream = zstd.ZstdCompressor().compressobj()
    return lambda data: bytes(stream.compress(data) + stream.flush(zstd.COMPRESSOBJ_FLUSH_BLOCK))
