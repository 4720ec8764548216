"""A server on loopback in a thread of its own: it serves tests of coroutines, of commands and of whole processes."""

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType as Trace
from typing import Any, Self

from aiohttp import web

SECONDS = 30.0
"""How long anything of such a server waits at most."""


class Served:
    """The server, until the end of `with`; a subclass gives its application."""

    port: int

    def application(self) -> web.Application:
        """Return what is served."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake server", daemon=True)
        self._thread.start()
        self._run(self._open())
        return self

    def __exit__(self, kind: type[BaseException] | None, raised: BaseException | None, trace: Trace | None) -> None:
        self._run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS)

    async def _open(self) -> None:
        self._runner = web.AppRunner(
            self.application(), handler_cancellation=True, shutdown_timeout=0.1, access_log=None
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
