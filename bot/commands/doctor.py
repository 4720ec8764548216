"""`gapbrief doctor`: what works, and what is missing."""

import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bot import answers
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.doctor import Check

_WHAT = 16
_LEAST_WIDE = 20


@click.command(epilog="Example: gapbrief doctor")
@click.option("--llm", is_flag=True, help="Try the language model with real calls, and nothing else.")
def doctor(llm: bool) -> None:
    """Say what works, what is missing, and how to turn it on."""
    from bot.doctor import examine, try_model

    if llm:
        found = try_model(Settings.read())
    else:
        settings, faults = Settings.read_leniently()
        found = examine(settings, answers.utc_today(), faults)
    _show([each for each in found if not each.is_setting])
    if set_ := [each for each in found if each.is_setting]:
        click.echo()
        _show(set_)
    if any(each.state == "wrong" for each in found):
        sys.exit(1)


def _show(checks: "Sequence[Check]") -> None:
    """Print checks in columns, folded to a terminal's width; for another program each stays on one line."""
    wide = max(_WHAT, *(len(each.what) for each in checks))
    for each in checks:
        begin = f"{each.mark}  {each.what:<{wide}} "
        if sys.stdout.isatty():
            room = max(shutil.get_terminal_size().columns - len(begin), _LEAST_WIDE)
            lines = textwrap.wrap(each.says, room, break_long_words=False, break_on_hyphens=False)
        else:
            lines = [each.says]
        click.echo(begin + f"\n{' ' * len(begin)}".join(lines))
