"""What an operator looks at before the service runs: is the token right, is the bot on a server, what may it do there.

All of it goes over Discord's REST interface alone, so that a running service keeps its session. What keeps us from
Discord is said in one sentence, to whoever runs the service.
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

# ---- what keeps us from Discord


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


# ---- as the bot


Finding = tuple[bool, str]
"""Whether something is well, and what there is to say of it."""
_WrittenIn = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel


@asynccontextmanager
async def logged_in(client: C, token: str) -> AsyncIterator[C]:
    """Log in to Discord's REST interface; raises DataError where Discord refuses."""
    with in_one_sentence():
        async with client:
            await client.login(token)
            yield client


async def as_bot(token: str, work: Callable[[discord.Client], Awaitable[T]]) -> T:
    """Do some work as the bot, which then is but a client without commands."""
    async with logged_in(discord.Client(intents=intents()), token) as client:
        return await work(client)


async def sync_commands(settings: Settings, token: str, guild_id: int | None) -> int:
    """Tell Discord the commands, everywhere or on one server; return how many."""
    async with _bot(settings, token) as bot:
        return await sync(bot, discord.Object(guild_id) if guild_id else None)


async def clear_commands(settings: Settings, token: str, guild_id: int) -> None:
    """Take back what one server was told for itself."""
    async with _bot(settings, token) as bot:
        await clear(bot, discord.Object(guild_id))


@asynccontextmanager
async def _bot(settings: Settings, token: str) -> AsyncIterator[Gapbrief]:
    """Log the bot in with its commands, which needs no data."""
    with open_services(settings) as services:
        bot = Gapbrief(services)
        bot.setup_hook = bot.load_cogs  # type: ignore[method-assign]  # else a change would be told everywhere
        async with logged_in(bot, token):
            yield bot


async def invitation(client: discord.Client) -> str:
    """Return the address that adds the bot to a server, with just the permissions that it needs."""
    permissions = discord.Permissions(**dict.fromkeys(NEEDED, True))
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(client.application_id or 0, permissions=permissions, scopes=scopes)


async def account(client: discord.Client) -> list[Finding]:
    """Look at the token and the servers."""
    findings = [(True, f"token: logged in as {client.user}")]
    servers = [guild async for guild in client.fetch_guilds(limit=None, with_counts=False)]
    if servers:
        findings.append((True, f"servers: it is on {count(len(servers), 'server')}"))
    else:
        findings.append((False, "servers: none yet; `gapbrief discord invite` prints the link that adds it"))
    return findings


async def channels(client: discord.Client) -> list[Finding]:
    """Look at the token, the intents, and the permissions in each channel that people write in."""
    findings = await account(client)
    asked = count(sum(on for _, on in client.intents), "intent")
    findings.insert(1, (True, f"intents: {asked}, none of them privileged; you need to switch nothing on"))
    async for guild in client.fetch_guilds(limit=None, with_counts=False):
        findings += await _guild(client, guild.id)
    return findings


async def _guild(client: discord.Client, guild_id: int) -> list[Finding]:
    guild = await client.fetch_guild(guild_id, with_counts=False)
    me = await guild.fetch_member(client.user.id if client.user else 0)
    written = [channel for channel in await guild.fetch_channels() if isinstance(channel, _WrittenIn)]
    lacking = [(channel.name, names) for channel in written if (names := _missing(channel, me))]
    well = len(written) - len(lacking)
    findings = [(bool(well), f"{guild.name}: {well} of {count(len(written), 'channel')} can get answers")]
    for name, names in lacking:
        line = (
            f"{guild.name}, #{name}: {name_permissions(names)} missing; grant it under Channel settings › Permissions"
        )
        findings.append((False, line))
    return findings


def _missing(channel: _WrittenIn, me: discord.Member) -> list[str]:
    """Return what is missing in a channel; in a forum all that we write is in threads, beside voices there are none."""
    if isinstance(channel, discord.TextChannel):
        return missing_permissions(channel, me, NEEDED)
    if not isinstance(channel, discord.ForumChannel):
        return missing_permissions(channel, me, tuple(each for each in NEEDED if each != "send_messages_in_threads"))
    has = discord.abc.GuildChannel.permissions_for(channel, me)  # its own takes away what goes with opening threads
    needed = [each for each in NEEDED if each != "send_messages"]
    return [each for each in needed if not getattr(has, each)] if has.view_channel else ["view_channel"]
