"""Requests to web targets: where they may go, how long they may take, and what their errors mean."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp

from bot.guarded_session import is_public, retry_after, safe_session
from bot.newsroom.targets import NotDoneError, RefusedError, UnsureError
from bot.state.target_rows import TargetRow
from core.errors import UsageError

_NO_TIME = 408
_DAY = 24 * 60 * 60.0
"""The longest wait that a target may ask for."""
_SECONDS, _CONNECT_SECONDS = 15.0, 10.0


@asynccontextmanager
async def connect(target: TargetRow, label: str, headers: Mapping[str, str]) -> AsyncIterator[aiohttp.ClientSession]:
    """Open a session to a target.

    Raises NotDoneError if nothing was sent, UnsureError if something may have been, and RefusedError for a forbidden
    address.
    """
    is_operators = target.guild_id is None  # moderators' targets must not reach the operator's own network
    may_reach = (lambda _: True) if is_operators else is_public
    try:
        time_out = aiohttp.ClientTimeout(total=_SECONDS, connect=_CONNECT_SECONDS)
        async with safe_session(may_reach, {"user-agent": "gapbrief", **headers}, time_out) as session:
            yield session
    except UsageError as error:
        raise RefusedError(str(error)) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
        raise NotDoneError(f"the {label} can't be reached") from error
    except (aiohttp.ClientError, OSError) as error:
        raise UnsureError(f"the {label}'s answer did not come") from error


def retry_error(response: aiohttp.ClientResponse, now: datetime, reason: str) -> NotDoneError | UnsureError:
    """Return the error for a response that allows a retry, after the time that the target asks for."""
    wait = retry_after(response, now)
    if wait is None and (response.status >= 500 or response.status == _NO_TIME):
        return UnsureError(reason)  # such as a gateway timeout after the request was accepted
    return NotDoneError(reason, None if wait is None else min(wait, _DAY))
