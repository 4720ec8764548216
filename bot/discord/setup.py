"""An operator's checks before the service runs: the token, the bot's servers, and its permissions there.

They use only Discord's REST interface, so a running service keeps its session. Connection errors are one sentence.
"""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import aiohttp
import discord

from bot.discord.channels import NEEDED, missing_permissions, name_permissions
from bot.discord.client import Gapbrief, intents
from bot.discord.sync import clear, sync
from bot.services import open_services
from bot.settings import Settings
from core.errors import DataError
from core.words import count

C = TypeVar("C", bound=discord.Client)
T = TypeVar("T")

# ---- connection errors


UNREACHABLE = (
    aiohttp.ClientError, discord.DiscordServerError, discord.GatewayNotFound, discord.RateLimited, ConnectionError,
    TimeoutError,
)  # fmt: skip
_LOGIN_FAILED = "Discord does not accept DISCORD_TOKEN; copy it again from your application's Bot page."
_NOT_AUTHENTICATED = 4004
"""The gateway's close code for a wrong or reset token."""


def no_token() -> DataError:
    """Return the error for a missing token."""
    return DataError("DISCORD_TOKEN is not set; put your bot's token into .env, or into the environment.")


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Translate connection errors into DataError, with what to do."""
    try:
        yield
    except discord.LoginFailure as error:
        raise DataError(_LOGIN_FAILED) from error
    except discord.ConnectionClosed as error:
        sentence = f"Discord ended the connection (code {error.code}); start `gapbrief run` again."
        raise DataError(_LOGIN_FAILED if error.code == _NOT_AUTHENTICATED else sentence) from error
    except discord.PrivilegedIntentsRequired as error:
        raise DataError("Discord refuses an intent, though none that gapbrief asks for is privileged.") from error
    except discord.RateLimited as error:
        wait = count(math.ceil(error.retry_after / 60), "minute")
        raise DataError(f"Discord asks us to wait; try again in {wait}.") from error
    except UNREACHABLE as error:
        raise DataError("Discord can't be reached; see if this machine is online.") from error
    except discord.HTTPException as error:
        raise DataError(f"Discord refuses this: {error.text or error}.") from error


# ---- as the bot


Finding = tuple[bool, str]
"""Whether a check passed, and its line."""
_WritableChannel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel


@asynccontextmanager
async def logged_in(client: C, token: str) -> AsyncIterator[C]:
    """Log in to Discord's REST interface; raises DataError if Discord refuses."""
    with in_one_sentence():
        async with client:
            await client.login(token)
            yield client


async def as_bot(token: str, work: Callable[[discord.Client], Awaitable[T]]) -> T:
    """Do some work as the bot, with a client that has no commands."""
    async with logged_in(discord.Client(intents=intents()), token) as client:
        return await work(client)


async def sync_commands(settings: Settings, token: str, guild_id: int | None) -> int:
    """Sync the commands, globally or on one server; return their number."""
    async with _bot(settings, token) as bot:
        return await sync(bot, discord.Object(guild_id) if guild_id else None)


async def clear_commands(settings: Settings, token: str, guild_id: int) -> None:
    """Remove one server's own commands."""
    async with _bot(settings, token) as bot:
        await clear(bot, discord.Object(guild_id))


@asynccontextmanager
async def _bot(settings: Settings, token: str) -> AsyncIterator[Gapbrief]:
    """Log the bot in with its commands, without data."""
    with open_services(settings) as services:
        bot = Gapbrief(services)
        bot.setup_hook = bot.load_cogs  # type: ignore[method-assign]  # its own hook would sync changes globally
        async with logged_in(bot, token):
            yield bot


async def invitation(client: discord.Client) -> str:
    """Return the invitation link with the required permissions."""
    permissions = discord.Permissions(**dict.fromkeys(NEEDED, True))
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(client.application_id or 0, permissions=permissions, scopes=scopes)


async def account(client: discord.Client) -> list[Finding]:
    """Check the token and the servers."""
    findings = [(True, f"token: logged in as {client.user}")]
    servers = [guild async for guild in client.fetch_guilds(limit=None, with_counts=False)]
    if servers:
        findings.append((True, f"servers: it is on {count(len(servers), 'server')}"))
    else:
        findings.append((False, "servers: none yet; `gapbrief discord invite` prints the link that adds it"))
    return findings


async def channels(client: discord.Client) -> list[Finding]:
    """Check the token, the intents, and the permissions in each channel."""
    findings = await account(client)
    n_intents = count(sum(is_on for _, is_on in client.intents), "intent")
    findings.insert(1, (True, f"intents: {n_intents}, none of them privileged; you need to switch nothing on"))
    async for guild in client.fetch_guilds(limit=None, with_counts=False):
        findings += await _guild(client, guild.id)
    return findings


async def _guild(client: discord.Client, guild_id: int) -> list[Finding]:
    guild = await client.fetch_guild(guild_id, with_counts=False)
    me = await guild.fetch_member(client.user.id if client.user else 0)
    writable = [channel for channel in await guild.fetch_channels() if isinstance(channel, _WritableChannel)]
    missing = [(channel.name, names) for channel in writable if (names := _missing(channel, me))]
    n_working = len(writable) - len(missing)
    findings = [(bool(n_working), f"{guild.name}: {n_working} of {count(len(writable), 'channel')} can get answers")]
    hint = "grant it under Channel settings › Permissions"
    lines = (f"{guild.name}, #{name}: {name_permissions(names)} missing; {hint}" for name, names in missing)
    return [*findings, *((False, line) for line in lines)]


def _missing(channel: _WritableChannel, me: discord.Member) -> list[str]:
    """Return a channel's missing permissions: a forum needs those for threads, a voice channel has no threads."""
    if isinstance(channel, discord.TextChannel):
        return missing_permissions(channel, me, NEEDED)
    if not isinstance(channel, discord.ForumChannel):
        return missing_permissions(channel, me, tuple(name for name in NEEDED if name != "send_messages_in_threads"))
    granted = discord.abc.GuildChannel.permissions_for(channel, me)  # its own takes away what goes with opening threads
    required = [name for name in NEEDED if name != "send_messages"]
    return [name for name in required if not getattr(granted, name)] if granted.view_channel else ["view_channel"]
