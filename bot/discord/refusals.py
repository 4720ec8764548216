"""What keeps us from Discord, in one sentence for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from core.errors import DataError

UNREACHABLE = (
    aiohttp.ClientError, discord.DiscordServerError, discord.GatewayNotFound, ConnectionError, TimeoutError,
)  # fmt: skip


def no_token() -> DataError:
    """Return the error of an operator who has not set the token."""
    return DataError("DISCORD_TOKEN is not set; put your bot's token into .env, or into the environment.")


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Raise DataError, with what to do, where Discord refuses us or can't be reached."""
    try:
        yield
    except discord.LoginFailure as error:
        raise DataError(
            "Discord does not accept DISCORD_TOKEN; copy it again from your application's Bot page."
        ) from error
    except discord.PrivilegedIntentsRequired as error:
        raise DataError("Discord refuses an intent, though none that gapbrief asks for is privileged.") from error
    except UNREACHABLE as error:
        raise DataError(f"Discord can't be reached ({type(error).__name__}); see if this machine is online.") from error
    except discord.HTTPException as error:
        raise DataError(f"Discord refuses this: {error.text or error}.") from error
