"""Processes to be killed, forked from one that has imported what they need: imports take most of their time."""

import asyncio
import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import IO

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.bot.newsroom.process", "tests.bot.refresh.process"])


def fork(work: Callable[..., None], *arguments: object) -> tuple[ForkServerProcess, Connection]:
    """Start a process that works; its first argument is the connection by which it tells the one that is returned."""
    ours, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=work, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    return process, ours


class Forked:
    """A forked process with what tests use of asyncio.subprocess.Process; it writes to `stdout` and to a log."""

    def __init__(self, log: IO[bytes], work: Callable[..., None], *arguments: object) -> None:
        self._process, self._written = fork(_write_to, log.name, work, *arguments)
        self.pid, self.kill, self.terminate = self._process.pid, self._process.kill, self._process.terminate
        self.returncode: int | None = None
        self._ended, self.stdout = asyncio.Event(), asyncio.StreamReader()
        asyncio.get_running_loop().add_reader(self._process.sentinel, self._end)
        asyncio.get_running_loop().add_reader(self._written.fileno(), self._read)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self.returncode = self._process.exitcode
        self._ended.set()

    def _read(self) -> None:
        if text := os.read(self._written.fileno(), 1024):
            self.stdout.feed_data(text)
        else:
            asyncio.get_running_loop().remove_reader(self._written.fileno())
            self.stdout.feed_eof()

    async def wait(self) -> int | None:
        """Wait for the process to end, and return its code: minus the signal that killed it."""
        await self._ended.wait()
        return self.returncode


def _write_to(written: Connection, log: str, work: Callable[..., None], *arguments: object) -> None:
    os.dup2(written.fileno(), 1)
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND), 2)
    work(*arguments)
