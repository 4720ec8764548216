"""`gapbrief mcp`: the questions as tools for any MCP client, over stdin and stdout, by the official SDK (an extra)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from bot.health_checks import how_to_add
from bot.services import opened
from bot.settings import Settings
from core.errors import UsageError

if TYPE_CHECKING:
    from mcp.shared._stream_protocols import ReadStream, WriteStream
    from mcp.shared.message import SessionMessage

    Received = SessionMessage | Exception

_NO_MESSAGE = "The message can't be read as JSON-RPC in UTF-8; send it without halves of a surrogate pair."
_MISSING = f"Serving MCP clients needs their SDK; {how_to_add('mcp')} adds it."


@click.command(
    short_help="Serve the questions to an MCP client, over stdin and stdout.",
    epilog="Example: gapbrief mcp",
)
def mcp() -> None:
    """Serve the questions to an MCP client, which starts this command and talks to it over stdin and stdout."""
    try:
        from mcp.server.stdio import stdio_server
    except ModuleNotFoundError:
        raise UsageError(_MISSING) from None

    from bot.logs import secrets_of, set_up_logs
    from bot.scheduler import DATA, DATA_SECONDS
    from bot.web.mcp_server import make_server
    from bot.web.site import Site

    settings = Settings.read()
    set_up_logs(secrets=secrets_of(settings))

    async def serve() -> None:
        with opened(settings) as services:
            server = make_server(Site(services))
            services.scheduler.add(DATA, services.answers.refresh, DATA_SECONDS)
            try:
                async with stdio_server() as (received, sent):
                    options = server.create_initialization_options()
                    await server.run(_AnsweredStream(received, sent), sent, options)
            finally:
                await services.scheduler.stop()

    with suppress(KeyboardInterrupt):
        asyncio.run(serve())


class _AnsweredStream:
    """What a client sends, where what can't be read is answered with an error: the SDK leaves it without a reply."""

    def __init__(self, received: "ReadStream[Received]", sent: "WriteStream[SessionMessage]") -> None:
        self._received, self._sent = received, sent

    async def receive(self) -> "Received":
        """Return the next message that can be read."""
        return await self._read_from(self._received.receive)

    async def aclose(self) -> None:
        """Close it."""
        await self._received.aclose()

    def __aiter__(self) -> "_AnsweredStream":
        return self

    async def __anext__(self) -> "Received":
        return await self._read_from(self._received.__anext__)

    async def _read_from(self, receive: "Callable[[], Awaitable[Received]]") -> "Received":
        while isinstance(message := await receive(), Exception):
            await self._sent.send(_unreadable(message))
        return message

    async def __aenter__(self) -> "_AnsweredStream":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _unreadable(error: Exception) -> "SessionMessage":
    """Return the answer to a message that can't be read, with its id where Python's JSON can read that."""
    from mcp import types
    from mcp.shared.message import SessionMessage
    from pydantic import ValidationError

    found: object = None
    if isinstance(error, ValidationError):
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            found = json.loads(error.errors()[0]["input"]).get("id")
    reference = found if type(found) is int or (isinstance(found, str) and found.isprintable()) else None
    fault = types.ErrorData(code=types.PARSE_ERROR, message=_NO_MESSAGE)
    return SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=reference, error=fault))
