"""`gapbrief state …`: a copy of what must not be lost, and the way back."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.settings import Settings
from core.errors import UsageError
from core.words import day, quote

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
    from bot.state.backup import backup as copy

    copy(Settings.read().state_url, file.expanduser(), overwrite=force)
    click.echo(f"The state is copied to {file}.")


@state.command(short_help="Print a new key for GAPBRIEF_SECRET_KEY.", epilog="Example: gapbrief state key")
def key() -> None:
    """Print a new key for GAPBRIEF_SECRET_KEY; keep it apart from the state and its copies."""
    from bot.state.encryption import new_key

    click.echo(new_key())


@state.command(short_help="Start with an empty state.", epilog="Example: gapbrief state new")
def new() -> None:
    """Begin with an empty state, where the old one is gone and no copy of it is wanted."""
    from bot.state.database import file_of, open_state
    from bot.state.state_file import holds_something

    settings = Settings.read()
    file = file_of(settings.state_url)
    if file is not None and holds_something(file):
        raise UsageError(f"There is a state at {quote(str(file), 80)} already; move it away to begin with another.")
    open_state(settings.state_url).close()
    click.echo("The state is empty now; the old one's backups stay until newer ones replace them.")


@state.command(
    short_help="Restore the state from a backup.", epilog="Example: gapbrief state restore state-2026-11-25.db"
)
@_FILE
def restore(file: Path) -> None:
    """Put the copy in FILE in the state's place; stop gapbrief first, also `gapbrief serve` and `chat`."""
    from bot.state import target_rows
    from bot.state.backup import restore as put_back
    from bot.state.opening import open_state_of

    settings, now = Settings.read(), datetime.now(UTC)
    before = put_back(settings.state_url, file.expanduser(), now)
    click.echo(
        f"The state is that of {file}. Briefs that were due up to {day(now.date())} {now:%H:%M} UTC are not sent."
    )
    with closing(open_state_of(settings)) as state:
        missing = target_rows.missing_key(state)
    if missing is not None:
        click.echo(missing)
    if before is not None:
        click.echo(f"The old state is kept as {before}.")
        click.echo("Restart what still runs, such as `gapbrief serve` or `chat`: until then it starts nothing new.")
