"""`/about` and `/help`: what gapbrief is, what it stores, how to remove it."""

import discord
from discord import app_commands
from discord.ext import commands

import core
from bot.assistant.models import has_model
from bot.discord import components
from bot.discord.client_base import Interaction
from bot.discord.render import COLOUR
from bot.discord.responses import in_time, respond
from bot.discord.sync import command_ids, mention
from bot.tasks import TASKS, Task
from core.words import day

_NO_WORDS = ("No message and no name.",)
_WORDS = (
    "How your questions in your own words were understood, with your id, for up to 24 hours, so you can follow up. A "
    "language model reads each question, with the fields of your last one. /forget deletes it.",
    "How much of today's budget your questions used, by your id, until the next day's first answer.",
    "No other message and no name.",
)
_STORES = (
    "What a server's moderators set, and who did what with a brief, by their ids, until the server removes "
    "gapbrief; posted briefs stay in the archive.",
    "What you watch, with your id, until you end it or /forget; whom a milestone was sent, for a day.",
    "Your last two questions in a channel and what you were offered, in memory for an hour, so you can follow up.",
)
_LINKS = {
    "Website": "public_url",
    "Source": "source_url",
    "Privacy": "privacy_url",
    "Terms of service": "terms_url",
    "Support": "support_url",
}
"""Buttons of `/about`, and the settings with their addresses."""
_REMOVE = (
    "A server: Server settings › Integrations › gapbrief › Remove. "
    "Your own account: User settings › Authorized apps › gapbrief › Deauthorize."
)
_ASK = (
    "Ask in your own words: with /ask, with @gapbrief and your question, in a direct message, or in reply to "
    "one of its messages. It can't read a reply whose ping is off: Discord shows a bot only messages "
    "addressed to it."
)


class About(commands.Cog):
    """What gapbrief is, and how to use it."""

    @app_commands.command(description="What gapbrief is, what it stores, and how to remove it.")
    async def about(self, interaction: Interaction) -> None:
        """Describe gapbrief, what it stores, and how to remove it."""
        embed = discord.Embed(
            title="gapbrief",
            description="Says how far open-weights AI models trail closed ones, in months, with the evidence.",
            colour=COLOUR,
        )
        storage = _WORDS if has_model(interaction.client.services.settings) else _NO_WORDS
        stored = "\n".join(f"- {line}" for line in (*storage, *_STORES))
        embed.add_field(name="What it stores", value=stored, inline=False)
        embed.add_field(name="How to remove it", value=_REMOVE, inline=False)
        names = interaction.client.services.answers.names
        embed.set_footer(text=f"Version {core.__version__} · newest complete data {day(names.newest_data)}"
                              f" · data revision {names.revision[:12]}")  # fmt: skip
        settings = interaction.client.services.settings
        links = [(label, getattr(settings, name)) for label, name in _LINKS.items() if getattr(settings, name)]
        buttons = components.make_view(discord.ui.Button(label=label, url=url) for label, url in links)
        await interaction.response.send_message(embed=embed, view=buttons, ephemeral=True)

    @app_commands.command(description="What you can ask, and how.")
    async def help(self, interaction: Interaction) -> None:
        """List common tasks with what to type, then all commands."""
        embed = discord.Embed(title="What you can ask", description=_ASK, colour=COLOUR)
        tasks = "\n".join(f"{task.wanted}: `{_command_text(task)}`" for task in TASKS)
        embed.add_field(name="What to type", value=tasks, inline=False)
        all_commands = sorted(interaction.client.tree.get_commands(), key=lambda command: command.name)
        ids = await in_time(interaction, command_ids(interaction.client, interaction.guild_id), private=True)
        commands = [task for task in all_commands if isinstance(task, app_commands.Command)]
        lines = [f"{mention(task.name, ids)} {task.description}" for task in commands]
        by_command = discord.Embed(title="Commands", description="\n".join(lines), colour=COLOUR)
        await respond(interaction, embeds=[embed, by_command], private=True)


def _command_text(task: Task) -> str:
    """Write a task's command with its fields, as typed."""
    return " ".join([f"/{task.question.replace('_', '')}", *(f"{name}:{word}" for name, word in task.words.items())])
