"""Processes: work in one of its own, bounded in time and memory or beside an event loop; and the loop of what serves.

That loop is uvloop for Discord where it is installed; in debug mode it tells what holds it up.
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
"""Bytes that the process may take, where the system keeps to that (Linux)."""

_GIVES_WAY = 10
_MOMENT = 1.0
"""Seconds at most that the end of a pool's thread is waited for, whose process is killed."""
_SLOW_CALLBACK_SECONDS = 0.05

T = TypeVar("T")


def in_own_process(work: Callable[..., T], *args: object, seconds: float, memory: int = MOST_MEMORY) -> T | None:
    """Return what `work` does; None where it takes longer than `seconds`, or its process ends without a word. Blocks.

    Raises the GapbriefError that it raises. It and its arguments can be pickled.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, memory, work, *args), daemon=True)
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


def _work(answer: Connection, memory: int, work: Callable[..., object], *args: object) -> None:
    _bound(memory)
    sys.stderr = None  # a library's traceback may name an address, secrets and all
    try:
        result = work(*args)
    except GapbriefError as error:
        result = error
    answer.send(result)


def _bound(memory: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


class Worker:
    """A process that works for an event loop: started when it is first needed, and ended with `close` or the loop's.

    One that `gives_way` has the processor where nothing else wants it; what takes more than `memory` bytes raises
    MemoryError.
    """

    def __init__(self, *, gives_way: bool = False, memory: int | None = None) -> None:
        self._gives_way, self._memory = gives_way, memory
        self._pool: ProcessPoolExecutor | None = None

    async def do(self, work: Callable[..., T], *args: object) -> T:
        """Return what `work` does, or raise what it raises; BrokenExecutor where the process ends without a word."""
        if self._pool is None:
            context, how = get_context("spawn"), (self._gives_way, self._memory)
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=how)
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *args)

    def close(self) -> None:
        """End the process, without waiting for what nobody will see."""
        pool, self._pool = self._pool, None
        if pool is not None:
            processes = list((pool._processes or {}).values())  # none after the shutdown
            inner: Any = pool  # of which the library's types know little
            results, thread = inner._result_queue, inner._executor_manager_thread
            pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:  # one that has only begun would look for what is gone now
                process.kill()
            for process in processes:
                process.join(_MOMENT)
            if results is not None:  # killed within a result, it would be waited for as long as the pipe is open here
                results._writer.close()
            if thread is not None:  # Python's end would trip over what it closes at that very moment
                thread.join(_MOMENT)


def _begin(gives_way: bool, memory: int | None) -> None:
    """Make the worker leave Ctrl-C to its parent, and end when the parent is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    if gives_way and sys.platform != "win32":
        os.nice(_GIVES_WAY)
    if memory is not None:
        _bound(memory)


def end_with_parent() -> None:
    """End this process at once when its parent is gone, however that went and whatever is being done here."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def runner(*, debug: bool = False, for_pages: bool = False) -> asyncio.Runner:
    """Return what runs the event loop: in debug mode it reports each callback of more than 50 ms.

    For pages it is the standard one, which takes all connections that wait at each turn. uvloop's takes one, so that
    under load they wait unseen, where nobody can be told to come back: p99 was 21 s, and is 0.7 s.
    """
    loop_runner = asyncio.Runner(debug=debug, loop_factory=None if for_pages else _loop_factory())
    loop_runner.get_loop().slow_callback_duration = _SLOW_CALLBACK_SECONDS
    return loop_runner


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's loop where it is installed (it has no Windows), else the standard one."""
    if sys.platform == "win32":
        return None
    with suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop
    return None
