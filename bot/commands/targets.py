"""`gapbrief newsroom target …`: where briefs go beside Discord."""

import click

from bot.commands.shared import NUMBER, SERVER, now, opened_state
from bot.publish.targets import address_kinds, kind_of
from bot.state import audit, target_rows
from core.errors import UsageError


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
    epilog="Example: gapbrief newsroom target add https://example.org/hook",
)
@click.argument("address", metavar="ADDRESS")
@SERVER
def target_add(address: str, server: int | None) -> None:
    """Add an address: http(s) is a signed webhook, any other is apprise's, such as mailto://."""
    address = address.strip()
    kind = kind_of(address)
    checked = address_kinds()[kind].check(address)
    with opened_state() as state, state.begin() as connection:
        for known in target_rows.of(connection, server):
            if known.address == checked.address:
                raise UsageError(f"Target {known.id} has this address already; remove it first to add it anew.")
        number = target_rows.add(
            connection, kind=kind, address=checked.address, secret=checked.secret, at=now(), guild_id=server
        )
        said = f"target {number}: {target_rows.TargetRow(number, server, kind, checked.address, checked.secret)}"
        audit.note(connection, now(), "added", guild_id=server, who=None, detail=said)
    click.echo(f"Target {number} is added.")
    if checked.secret:
        click.echo(f"{checked.secret_note}\n{checked.secret}")


@target.command("remove", epilog="Example: gapbrief newsroom target remove 2")
@NUMBER
def target_remove(number: int) -> None:
    """Remove an address."""
    with opened_state() as state, state.begin() as connection:
        gone = target_rows.remove(connection, number)
        if gone is None:
            raise UsageError(f"There is no target {number}; `gapbrief newsroom list` shows the existing ones.")
        said = f"target {number}: {gone}"
        audit.note(connection, now(), "removed", guild_id=gone.guild_id, who=None, detail=said)
    click.echo(f"Target {number} is removed.")
