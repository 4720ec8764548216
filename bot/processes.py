"""Worker processes, limited in time and memory or beside an event loop; and the event loop of the service.

The loop for Discord is uvloop if it is installed; in debug mode the loop reports what blocks it.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from core.errors import GapbriefError

MOST_MEMORY = 512 * 2**20
"""Bytes that the process may use, on systems that enforce it (Linux)."""

_LOW_PRIORITY = 10
_JOIN_SECONDS = 1.0
"""Seconds to wait for a killed process and its pool's thread."""
_SLOW_CALLBACK_SECONDS = 0.05

T = TypeVar("T")


def run_in_process(work: Callable[..., T], *args: object, seconds: float, memory: int = MOST_MEMORY) -> T | None:
    """Run `work` in its own process and return its result, blocking; None after `seconds`, or if the process dies.

    Raises the GapbriefError that it raises. `work` and its arguments must be picklable.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run_work, args=(theirs, memory, work, *args), daemon=True)
    process.start()
    theirs.close()
    try:
        result: T | GapbriefError | None = ours.recv() if ours.poll(seconds) else None
    except EOFError:
        result = None
    finally:
        process.kill()
        process.join()
        ours.close()
    if isinstance(result, GapbriefError):
        raise result
    return result


def _run_work(answer: Connection, memory: int, work: Callable[..., object], *args: object) -> None:
    _limit_memory(memory)
    sys.stderr = None  # a library's traceback may hold an address with secrets
    try:
        result = work(*args)
    except GapbriefError as error:
        result = error
    answer.send(result)


def _limit_memory(memory: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


class Worker:
    """A process that works for an event loop, started on first use, and ended by `close` or with its parent.

    `gives_way` means low priority; work that needs more than `memory` bytes raises MemoryError.
    """

    def __init__(self, *, gives_way: bool = False, memory: int | None = None) -> None:
        self._gives_way, self._memory = gives_way, memory
        self._pool: ProcessPoolExecutor | None = None

    async def do(self, work: Callable[..., T], *args: object) -> T:
        """Return the result of `work`, or raise its error; BrokenExecutor if the process dies."""
        if self._pool is None:
            context, options = get_context("spawn"), (self._gives_way, self._memory)
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_start_worker, initargs=options)
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *args)

    def close(self) -> None:
        """End the process without waiting for its work."""
        pool, self._pool = self._pool, None
        if pool is not None:
            processes = list((pool._processes or {}).values())  # none after the shutdown
            inner: Any = pool  # for its private attributes
            results, thread = inner._result_queue, inner._executor_manager_thread
            pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:  # a starting one would miss what is gone
                process.kill()
            for process in processes:
                process.join(_JOIN_SECONDS)
            if results is not None:  # an open pipe would keep waiting for a half-sent result
                results._writer.close()
            if thread is not None:  # it could still be closing files when Python exits
                thread.join(_JOIN_SECONDS)


def _start_worker(gives_way: bool, memory: int | None) -> None:
    """Set up the worker: leave Ctrl-C to the parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    if gives_way and sys.platform != "win32":
        os.nice(_LOW_PRIORITY)
    if memory is not None:
        _limit_memory(memory)


def end_with_parent() -> None:
    """End this process at once when its parent dies, whatever it is doing."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def make_runner(*, debug: bool = False, for_pages: bool = False) -> asyncio.Runner:
    """Return a runner of the event loop, which in debug mode reports callbacks of more than 50 ms.

    Pages use the standard loop, which accepts all waiting connections at once. uvloop accepts one per turn, so under
    load they would wait without a reply: p99 was 21 s, and is 0.7 s.
    """
    loop_runner = asyncio.Runner(debug=debug, loop_factory=None if for_pages else _loop_factory())
    loop_runner.get_loop().slow_callback_duration = _SLOW_CALLBACK_SECONDS
    return loop_runner


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's loop if it is installed (never on Windows), else the standard one."""
    if sys.platform == "win32":
        return None
    with suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop
    return None
