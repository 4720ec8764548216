"""What keeps us from Discord, in one sentence for the operator."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from core.errors import DataError
from core.words import count

UNREACHABLE = (
    aiohttp.ClientError, discord.DiscordServerError, discord.GatewayNotFound, discord.RateLimited, ConnectionError,
    TimeoutError,
)  # fmt: skip
_LOGIN_FAILED = "Discord does not accept DISCORD_TOKEN; copy it again from your application's Bot page."
_NOT_AUTHENTICATED = 4004
"""The code with which the gateway closes where the token is wrong, or was reset."""


def no_token() -> DataError:
    """Return the error of an operator who has not set the token."""
    return DataError("DISCORD_TOKEN is not set; put your bot's token into .env, or into the environment.")


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Raise DataError, with what to do, where Discord refuses us or can't be reached."""
    try:
        yield
    except discord.LoginFailure as error:
        raise DataError(_LOGIN_FAILED) from error
    except discord.ConnectionClosed as error:
        ended = f"Discord ended the connection (code {error.code}); start `gapbrief run` again."
        raise DataError(_LOGIN_FAILED if error.code == _NOT_AUTHENTICATED else ended) from error
    except discord.PrivilegedIntentsRequired as error:
        raise DataError("Discord refuses an intent, though none that gapbrief asks for is privileged.") from error
    except discord.RateLimited as error:
        wait = count(math.ceil(error.retry_after / 60), "minute")
        raise DataError(f"Discord asks us to wait; try again in {wait}.") from error
    except UNREACHABLE as error:
        raise DataError(f"Discord can't be reached ({type(error).__name__}); see if this machine is online.") from error
    except discord.HTTPException as error:
        raise DataError(f"Discord refuses this: {error.text or error}.") from error
