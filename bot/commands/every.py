"""All commands other than questions, by name, with their subcommands."""

from functools import cache

import click

from bot.commands.ask import ask, chat
from bot.commands.brief import brief
from bot.commands.chart import chart
from bot.commands.data import data
from bot.commands.eval import evaluate
from bot.commands.mcp import mcp
from bot.commands.service import discord, doctor, run, serve, state
from bot.commands.usage import usage
from bot.commands.validate import validate


@cache
def _newsroom_commands() -> dict[str, click.Command]:
    """Return the newsroom's commands, imported late: they take longer to load than most commands run."""
    from bot.commands import newsroom, newsroom_setup

    return {command.name or "": command for command in (*newsroom.COMMANDS, *newsroom_setup.COMMANDS)}


class _Newsroom(click.Group):
    """The group of the newsroom's commands."""

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command."""
        return _newsroom_commands().get(cmd_name)

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(_newsroom_commands())


@click.group(cls=_Newsroom, short_help="Do what moderators do in Discord.", epilog="Example: gapbrief newsroom new")
def newsroom() -> None:
    """Make, schedule, correct and withdraw briefs, as moderators do in Discord."""


COMMANDS: dict[str, click.Command] = {
    command.name or "": command
    for command in (
        brief, newsroom, state, chart, data, run, serve, discord, mcp, usage, doctor, ask, chat, evaluate, validate,
    )
}  # fmt: skip
"""The commands other than questions."""
