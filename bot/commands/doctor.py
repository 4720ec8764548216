"""`gapbrief doctor`: what works, and what is missing."""

import sys

import click

from bot import service
from bot.settings import Settings


@click.command(epilog="Example: gapbrief doctor")
@click.option("--llm", is_flag=True, help="Try the language model with real calls, and nothing else.")
def doctor(llm: bool) -> None:
    """Say what works, what is missing, and how to turn it on."""
    from bot.doctor import examine, try_model

    if llm:
        found = try_model(Settings.read())
    else:
        settings, faults = Settings.read_leniently()
        found = examine(settings, service.today(), faults)
    for check_ in found:
        click.echo(f"{check_.mark}  {check_.what:<16} {check_.says}")
    if any(check_.state == "wrong" for check_ in found):
        sys.exit(1)
