"""`gapbrief run`, `serve`, `discord …`, `state …` and `doctor`: the service, set up, run and looked after."""

import asyncio
import shutil
import socket
import sys
import textwrap
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import answers
from bot.commands.shared import DiscordId
from bot.services import check_files, open_services
from bot.settings import Settings
from bot.web import server
from bot.web.server import LOOPBACK, listening
from core.errors import UsageError
from core.words import count, day, quote

if TYPE_CHECKING:
    from bot.health_checks import Check


@click.command(short_help="Run the service: pages, schedules and Discord.", epilog="Example: gapbrief run")
@click.option("--debug", is_flag=True, help="Log more, and report anything that blocks the event loop for over 50 ms.")
@click.option(
    "--shards",
    metavar="FIRST-LAST/COUNT",
    help="Run only these Discord shards, such as 0-3/16; other processes on the same PostgreSQL run the rest.",
)
def run(debug: bool, shards: str | None) -> None:
    """Run the service: web pages, schedules, webhooks and other targets, and with DISCORD_TOKEN the Discord bot."""
    from bot.run import run as run_service

    settings = Settings.read()
    if shards is None:
        return run_service(settings, debug=debug)

    from bot.discord.client_base import Shards

    own_shards = Shards.read(shards)
    _require_token(settings)
    own_shards.check(settings)
    run_service(settings, debug=debug, shards=own_shards)


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
        asyncio.run(clear_commands(settings, _require_token(settings), guild))
        click.echo("That server has no commands of its own now; the global ones stay.")
        return
    number = asyncio.run(sync_commands(settings, _require_token(settings), guild))
    click.echo(f"Discord knows {count(number, 'command')}{' on that server' if guild else ''}.")


@discord.command(short_help="Print the link that adds the bot.", epilog="Example: gapbrief discord invite")
def invite() -> None:
    """Print the address that adds the bot to a server, with just the permissions that it needs."""
    from bot.discord.setup import as_bot, invitation

    click.echo(asyncio.run(as_bot(_require_token(Settings.read()), invitation)))


@discord.command(short_help="Check token, intents and permissions.", epilog="Example: gapbrief discord check")
def check() -> None:
    """Check the token, the intents, and the permissions in each channel; exit code 1 when something is wrong."""
    from bot.discord.setup import as_bot, channels

    checks = asyncio.run(as_bot(_require_token(Settings.read()), channels))
    for is_well, line in checks:
        click.echo(f"{'ok   ' if is_well else 'wrong'}  {line}")
    if not all(is_well for is_well, _ in checks):
        raise SystemExit(1)


def _require_token(settings: Settings) -> str:
    if settings.discord_token is None:
        from bot.discord.setup import no_token

        raise no_token()
    return settings.discord_token


@click.command(
    short_help="Serve the web pages, feeds and API, without Discord.", epilog="Example: gapbrief serve --port 8765"
)
@click.option("--port", metavar="NUMBER", help="The port to listen on; default: GAPBRIEF_PORT, or 8765.")
@click.option("--host", metavar="ADDRESS", default=LOOPBACK, show_default=True, help="The address to listen on.")
def serve(port: str | None, host: str) -> None:
    """Serve the web pages, feeds and API, without Discord; `run` serves them too."""
    from bot.logs import secrets_of, set_up_logs
    from bot.processes import make_runner

    settings = Settings.read()
    set_up_logs(debug=False, secrets=secrets_of(settings))
    number = settings.port if port is None else _parse_port(port)
    with listening(host, number, "give another with --port") as listener, make_runner(for_pages=True) as loop:
        loop.run(_serve(settings, listener))


def _parse_port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 65536):
        raise UsageError(f"{quote(text)} is not a port; give a number from 1 to 65535.")
    return int(text)


async def _serve(settings: Settings, listener: socket.socket) -> None:
    """Serve until told to stop."""
    check_files(settings)
    with open_services(settings) as services:
        await services.answers.refresh()
        host, port = listener.getsockname()[:2]
        click.echo(f"gapbrief serves http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl-C ends it)")
        await server.serve(services, listener, lambda: server.health_of(services))


_FILE = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.group(
    short_help="Back up the state, or restore it.",
    epilog="Example: gapbrief state backup state-2026-11-25.db",
)
def state() -> None:
    """Back up what must not be lost, or put it back; `gapbrief run` makes a copy a day by itself."""


@state.command(epilog="Example: gapbrief state backup state-2026-11-25.db")
@_FILE
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def backup(file: Path, force: bool) -> None:
    """Copy the state into FILE; gapbrief may go on running."""
    from bot.state.backups import make_backup

    make_backup(Settings.read().state_url, file.expanduser(), overwrite=force)
    click.echo(f"The state is copied to {file}.")


@state.command(short_help="Print a new key for GAPBRIEF_SECRET_KEY.", epilog="Example: gapbrief state key")
def key() -> None:
    """Print a new key for GAPBRIEF_SECRET_KEY; keep it apart from the state and its copies."""
    from bot.state.protection import new_key

    click.echo(new_key())


@state.command(short_help="Start with an empty state.", epilog="Example: gapbrief state new")
def new() -> None:
    """Begin with an empty state, where the old one is gone and no copy of it is wanted."""
    from bot.state.database import file_of, open_state
    from bot.state.protection import has_content

    settings = Settings.read()
    file = file_of(settings.state_url)
    if file is not None and has_content(file):
        raise UsageError(f"There is a state at {quote(str(file), 80)} already; move it away to begin with another.")
    open_state(settings.state_url).close()
    click.echo("The state is empty now; the old one's backups stay until newer ones replace them.")


@state.command(
    short_help="Restore the state from a backup.", epilog="Example: gapbrief state restore state-2026-11-25.db"
)
@_FILE
def restore(file: Path) -> None:
    """Put the copy in FILE in the state's place; stop gapbrief first, also `gapbrief serve` and `chat`."""
    from bot.services import open_state_of
    from bot.state import target_rows
    from bot.state.backups import restore_backup

    settings, now = Settings.read(), datetime.now(UTC)
    old_copy = restore_backup(settings.state_url, file.expanduser(), now)
    click.echo(
        f"The state is that of {file}. Briefs that were due up to {day(now.date())} {now:%H:%M} UTC are not sent."
    )
    with closing(open_state_of(settings)) as state:
        missing = target_rows.missing_key_sentence(state)
    if missing is not None:
        click.echo(missing)
    if old_copy is not None:
        click.echo(f"The old state is kept as {old_copy}.")
        click.echo("Restart what still runs, such as `gapbrief serve` or `chat`: until then it starts nothing new.")


_LEAST_NAME_WIDTH = 16
_LEAST_TEXT_WIDTH = 20
_MARKS = {"well": "ok   ", "missing": "–    ", "wrong": "wrong"}


@click.command(epilog="Example: gapbrief doctor")
@click.option("--llm", is_flag=True, help="Try the language model with real calls, and nothing else.")
def doctor(llm: bool) -> None:
    """Say what works, what is missing, and how to turn it on."""
    from bot.doctor import examine, try_model

    if llm:
        checks = try_model(Settings.read())
    else:
        settings, faults = Settings.read_leniently()
        checks = examine(settings, answers.utc_today(), faults)
    _show_checks([check for check in checks if not check.is_setting])
    if of_settings := [check for check in checks if check.is_setting]:
        click.echo()
        _show_checks(of_settings)
    if any(check.state == "wrong" for check in checks):
        sys.exit(1)


def _show_checks(checks: "Sequence[Check]") -> None:
    """Print checks in columns, folded to a terminal's width; for another program each stays on one line."""
    name_width = max(_LEAST_NAME_WIDTH, *(len(check.name) for check in checks))
    for check in checks:
        prefix = f"{_MARKS[check.state]}  {check.name:<{name_width}} "
        if sys.stdout.isatty():
            room = max(shutil.get_terminal_size().columns - len(prefix), _LEAST_TEXT_WIDTH)
            lines = textwrap.wrap(check.text, room, break_long_words=False, break_on_hyphens=False)
        else:
            lines = [check.text]
        click.echo(prefix + f"\n{' ' * len(prefix)}".join(lines))
