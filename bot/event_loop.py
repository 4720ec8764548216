"""The event loop of what serves: uvloop's where it is installed, and in debug mode one that tells what holds it up."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress

_SLOW_CALLBACK_SECONDS = 0.05


def runner(*, debug: bool = False) -> asyncio.Runner:
    """Return what runs the event loop: in debug mode it reports each callback of more than 50 ms."""
    found = asyncio.Runner(debug=debug, loop_factory=_loop_factory())
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
