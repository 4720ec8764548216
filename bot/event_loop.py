"""The event loop of what serves: uvloop for Discord where it is installed; debug mode tells what holds it up."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress

_SLOW_CALLBACK_SECONDS = 0.05


def runner(*, debug: bool = False, for_pages: bool = False) -> asyncio.Runner:
    """Return what runs the event loop: in debug mode it reports each callback of more than 50 ms.

    For pages it is the standard one, which takes all connections that wait at each turn. uvloop's takes one, so that
    under load they wait unseen, where nobody can be told to come back: p99 was 21 s, and is 0.7 s.
    """
    found = asyncio.Runner(debug=debug, loop_factory=None if for_pages else _loop_factory())
    found.get_loop().slow_callback_duration = _SLOW_CALLBACK_SECONDS
    return found


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's loop where it is installed (it has no Windows), else the standard one."""
    if sys.platform == "win32":
        return None
    with suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop
    return None
