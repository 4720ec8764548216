"""`gapbrief brief send`: the brief of a day to one address of another service."""

import click

from bot import service
from bot.settings import Settings
from core.errors import GapbriefError, UsageError


@click.command(epilog="Example: gapbrief brief send --to mailto://user:password@example.org")
@click.option("--to", "address", metavar="ADDRESS", help="Where to: any address that apprise knows.")
@click.option("--as-of", "as_of", metavar="DATE", help="The brief of this day; by default today.")
@click.option("--since", metavar="DATE", help="The day of the last brief; by default a month before.")
def send(address: str | None, as_of: str | None, since: str | None) -> None:
    """Send the brief of a day to one address, once."""
    from bot.publish.targets.notify import notify
    from core.questions.question import read_day

    if not address:
        raise UsageError("Say where to send it with --to, such as --to mailto://user:password@example.org.")
    days = [read_day(as_of, month="last") if as_of else None, read_day(since, month="first") if since else None]
    found = service.brief(Settings.read(), days[0], days[1], service.today())
    if not notify(address, found):
        raise GapbriefError("The service did not take the brief; see that the address is right, and try again.")
    click.echo(f"Sent: {found.title}")
