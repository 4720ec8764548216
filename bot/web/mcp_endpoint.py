"""MCP over streamable HTTP at /mcp, without sessions; the SDK is imported when the first client asks."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Scope, Send

from bot.web.replies import refusal
from bot.web.site import Site
from core.errors import GapbriefError

if TYPE_CHECKING:
    from mcp.server import Server

_MISSING = "This service does not serve MCP: its operator has not installed the package for it."


class McpEndpoint:
    """The ASGI application at /mcp."""

    def __init__(self, site: Site, sentence_of: Callable[[GapbriefError], str]) -> None:
        self._site, self._sentence_of = site, sentence_of
        self._server: Server[Any] | None = None
        self._starting = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message."""
        try:
            server = await self._started()
        except ModuleNotFoundError:
            await refusal(scope["path"], 501, _MISSING)(scope, receive, send)
            return
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        async with manager.run():  # it ends with the request, as there are no sessions
            await manager.handle_request(scope, receive, send)

    async def _started(self) -> "Server[Any]":
        async with self._starting:
            if self._server is None:
                self._server = await asyncio.to_thread(self._start)
            return self._server

    def _start(self) -> "Server[Any]":
        from bot.web.mcp_server import make_server

        return make_server(self._site, self._sentence_of)
