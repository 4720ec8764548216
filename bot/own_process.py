"""Work in a process of its own, bounded in time and memory: for a library that could be held up from outside."""

import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

from core.errors import GapbriefError

MOST_MEMORY = 512 * 2**20
"""Bytes that the process may take, where the system keeps to that (Linux)."""

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
        found: T | GapbriefError | None = ours.recv() if ours.poll(seconds) else None
    except EOFError:
        found = None
    finally:
        process.kill()
        process.join()
        ours.close()
    if isinstance(found, GapbriefError):
        raise found
    return found


def _work(answer: Connection, memory: int, work: Callable[..., object], *args: object) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    sys.stderr = None  # a library's traceback may name an address, secrets and all
    try:
        found = work(*args)
    except GapbriefError as error:
        found = error
    answer.send(found)
