"""Every command that is no question, by its name, with those under it."""

import click

from bot.commands.ask import ask, chat
from bot.commands.brief import brief
from bot.commands.chart import chart
from bot.commands.data import data
from bot.commands.discord import discord, run
from bot.commands.doctor import doctor
from bot.commands.eval import evaluate
from bot.commands.export import export
from bot.commands.mcp import mcp
from bot.commands.moderators import audit, publish, settings
from bot.commands.newsroom import newsroom
from bot.commands.schedules import COMMANDS as SCHEDULES
from bot.commands.send import send
from bot.commands.serve import serve
from bot.commands.state import state
from bot.commands.story import draft, story
from bot.commands.targets import target
from bot.commands.usage import usage

brief.add_command(send)
brief.add_command(export)
brief.add_command(story)
for _under_newsroom in (*SCHEDULES, draft, target, audit, settings, publish):
    newsroom.add_command(_under_newsroom)

COMMANDS: dict[str, click.Command] = {
    command.name or "": command
    for command in (
        brief, newsroom, state, chart, data, run, serve, discord, mcp, usage, doctor, ask, chat, evaluate,
    )
}  # fmt: skip
"""The commands beside the questions."""
