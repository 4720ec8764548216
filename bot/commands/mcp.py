"""`gapbrief mcp`: the questions as tools for any MCP client, over stdin and stdout, by the official SDK (an extra)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from bot.health_checks import how_to_add
from bot.services import open_services
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
        with open_services(settings) as services:
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
    """A client's messages; unreadable ones are answered with an error, which the SDK fails to do."""

    def __init__(self, received: "ReadStream[Received]", sent: "WriteStream[SessionMessage]") -> None:
        self._received, self._sent = received, sent

    async def receive(self) -> "Received":
        """Return the next readable message."""
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
            await self._sent.send(_answer_unreadable(message))
        return message

    async def __aenter__(self) -> "_AnsweredStream":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _answer_unreadable(error: Exception) -> "SessionMessage":
    """Return the error that answers an unreadable message, with the message's id if it can be parsed."""
    from mcp import types
    from mcp.shared.message import SessionMessage
    from pydantic import ValidationError

    reference: str | int | None = None
    if isinstance(error, ValidationError):
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            message_id = json.loads(error.errors()[0]["input"]).get("id")
            if type(message_id) is int or (isinstance(message_id, str) and message_id.isprintable()):
                reference = message_id
    fault = types.ErrorData(code=types.PARSE_ERROR, message=_NO_MESSAGE)
    return SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=reference, error=fault))
