"""`gapbrief newsroom target …`: where briefs go beside Discord."""

import click

from bot.commands.shared import SERVER, now, opened_state
from bot.publish.targets import address_kinds, kind_of
from bot.state import audit, target_rows
from core.errors import UsageError

_NAME = click.argument("name", metavar="NAME")


@click.group(
    "target",
    short_help="Send briefs elsewhere too.",
    epilog="Example: gapbrief newsroom target add https://example.org/hook",
)
def target() -> None:
    """Send briefs elsewhere too: to a signed webhook, or by apprise."""


@target.command(
    "add",
    short_help="Add a webhook, or an address for apprise.",
    epilog="Example: gapbrief newsroom target add https://example.org/hook --name team-hook",
)
@click.argument("address", metavar="ADDRESS")
@click.option("--name", metavar="NAME", help="What to call it; without one it is made of its kind and host.")
@SERVER
def target_add(address: str, name: str | None, server: int | None) -> None:
    """Add an address: http(s) is a signed webhook, any other is apprise's, such as mailto://."""
    address = address.strip()
    kind = kind_of(address)
    checked = address_kinds()[kind].check(address)
    with opened_state() as state, state.begin() as connection:
        for known in target_rows.of(connection, server):
            if known.address == checked.address:
                raise UsageError(f"Target {known.name} has this address already; remove it first to add it anew.")
        added = target_rows.add(
            connection, kind=kind, address=checked.address, secret=checked.secret, at=now(), guild_id=server, name=name
        )
        audit.note(connection, now(), "added", guild_id=server, who=None, detail=f"target {added.name}: {added}")
    click.echo(f"Target {added.name} is added.")
    if checked.secret:
        click.echo(f"{checked.secret_note}\n{checked.secret}")


@target.command("remove", epilog="Example: gapbrief newsroom target remove team-hook")
@_NAME
def target_remove(name: str) -> None:
    """Remove an address."""
    with opened_state() as state, state.begin() as connection:
        gone = target_rows.called(connection, name)
        target_rows.remove(connection, gone)
        said = f"target {gone.name}: {gone}"
        audit.note(connection, now(), "removed", guild_id=gone.guild_id, who=None, detail=said)
    click.echo(f"Target {gone.name} is removed.")
