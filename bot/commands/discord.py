"""`gapbrief run` and `gapbrief discord …`: the operator's side of the service."""

import asyncio

import click

from bot.commands.shared import DiscordId
from bot.settings import Settings
from core.errors import UsageError
from core.words import count


@click.command(short_help="Run the service: pages, schedules and Discord.", epilog="Example: gapbrief run")
@click.option("--debug", is_flag=True, help="Log more, and report anything that blocks the event loop for over 50 ms.")
@click.option(
    "--shards",
    metavar="FIRST-LAST/COUNT",
    help="Run only these Discord shards, such as 0-3/16; other processes on the same PostgreSQL run the rest.",
)
def run(debug: bool, shards: str | None) -> None:
    """Run the service: web pages, schedules, webhooks and other targets, and with DISCORD_TOKEN the Discord bot."""
    from bot.run import run as serve

    settings = Settings.read()
    if shards is None:
        return serve(settings, debug=debug)

    from bot.discord.shards import Shards

    held = Shards.read(shards)
    _token(settings)
    held.check(settings)
    serve(settings, debug=debug, shards=held)


@click.group(epilog="Example: gapbrief discord check")
def discord() -> None:
    """Set the Discord bot up: commands, invitation, permissions."""


@discord.command(
    short_help="Register the commands now.", epilog="Example: gapbrief discord sync --guild 123456789012345678"
)
@click.option(
    "--guild",
    metavar="ID",
    type=DiscordId(),
    help="Only on one server, at once; it then shows them twice, until --clear.",
)
@click.option("--clear", is_flag=True, help="With --guild: remove that server's own commands.")
def sync(guild: int | None, clear: bool) -> None:
    """Tell Discord the commands now; `run` does so by itself when they changed."""
    if clear and guild is None:
        raise UsageError("--clear removes one server's own commands; name the server with --guild.")

    from bot.discord.setup import clear_commands, sync_commands

    settings = Settings.read()
    if clear and guild is not None:
        asyncio.run(clear_commands(settings, _token(settings), guild))
        click.echo("That server has no commands of its own now; the global ones stay.")
        return
    number = asyncio.run(sync_commands(settings, _token(settings), guild))
    click.echo(f"Discord knows {count(number, 'command')}{' on that server' if guild else ''}.")


@discord.command(short_help="Print the link that adds the bot.", epilog="Example: gapbrief discord invite")
def invite() -> None:
    """Print the address that adds the bot to a server, with just the permissions that it needs."""
    from bot.discord.setup import as_bot, invitation

    click.echo(asyncio.run(as_bot(_token(Settings.read()), invitation)))


@discord.command(short_help="Check token, intents and permissions.", epilog="Example: gapbrief discord check")
def check() -> None:
    """Check the token, the intents, and the permissions in each channel; exit code 1 when something is wrong."""
    from bot.discord.setup import as_bot, channels

    found = asyncio.run(as_bot(_token(Settings.read()), channels))
    for well, line in found:
        click.echo(f"{'ok   ' if well else 'wrong'}  {line}")
    if not all(well for well, _ in found):
        raise SystemExit(1)


def _token(settings: Settings) -> str:
    if settings.discord_token is None:
        from bot.discord.connection_errors import no_token

        raise no_token()
    return settings.discord_token
