"""`/newsroom` and `/data`, for a server's moderators. Everything but the posts is private."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands
from discord.utils import utcnow

from bot.assistant import article, models
from bot.discord import components, limits
from bot.discord.autocomplete import choose_matching
from bot.discord.channels import Postable
from bot.discord.client_base import Client, Interaction
from bot.discord.newsroom import brief_actions, cards, handlers, lists, settings_view
from bot.discord.newsroom.handlers import (
    Call,
    acknowledge,
    actor,
    button,
    handle_modal,
    handler,
    in_own_thread,
    with_state,
)
from bot.discord.newsroom.schedule_commands import Number, ScheduleCommands
from bot.discord.render import COLOUR
from bot.guarded_session import LONGEST_ADDRESS
from bot.newsroom import workflow
from bot.refresh import daily
from bot.refresh.last_refresh import drop_command, last_asked, publisher_table, read_last_refresh
from bot.state import briefs as kept_briefs
from bot.state.briefs import NewBrief, StoredBrief
from bot.state.conversation_key import ConversationKey
from core.errors import UsageError
from core.questions.question import read_day
from core.store.board_ages import STILL_DAYS, still_boards
from core.words import and_list, count

# ---- stories


_MOST_AT_ONCE = 3
_NO_MODEL = "A story needs a language model, and none is set here; my operator can set one."
_NO_READER = "I can't read articles here yet; my operator can add the package for it."
_BUSY = "I am already reading three articles; please try again in a minute."


def _write_story(bot: Client, url: str, key: ConversationKey) -> NewBrief:
    from bot.assistant import article_loader

    return bot.services.writer.write_story(article_loader.load_from_web(url), bot.services.answers.today(), key)


def _story_key(interaction: discord.Interaction) -> ConversationKey:
    guild = None if interaction.guild_id is None else str(interaction.guild_id)
    return ConversationKey("newsroom", str(interaction.user.id), guild)


# ---- the newsroom


Focus = Literal["private", "public"]


async def _offer_posted_briefs(interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
    """Offer the server's posted briefs, newest first."""
    briefs = await with_state(
        interaction.client, kept_briefs.list_briefs, guild_id=interaction.guild_id, statuses=("posted",), limit=100
    )
    return choose_matching({stored.id: f"{stored.id}: {stored.brief.title}" for stored in briefs}, typed)


@app_commands.default_permissions(manage_messages=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Newsroom(
    commands.GroupCog,
    group_name="newsroom",
    group_description="Make, schedule, correct and withdraw briefs: for this server's moderators.",
):
    """Moderators' commands for briefs."""

    schedule = ScheduleCommands()

    def __init__(self) -> None:
        super().__init__()
        self._readers = asyncio.Semaphore(_MOST_AT_ONCE)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Handle submitted forms, including those opened before a restart."""
        await handle_modal(interaction)

    # ---- briefs

    @app_commands.command(description="Write today's brief, and see it before anybody else does.")
    @app_commands.describe(
        since="What is new since this day; default: a month before",
        focus="Only tests of this kind",
        channel="Where to post it; default: here",
    )
    async def new(
        self,
        interaction: Interaction,
        since: app_commands.Range[str, 1, 40] | None = None,
        focus: Focus | None = None,
        channel: Postable | None = None,
    ) -> None:
        """Write a draft, and show its card in private."""
        day = read_day(since, month="first") if since else None
        target = channel or interaction.channel
        await acknowledge(interaction)
        services = interaction.client.services
        writer, today = services.writer, services.answers.today()
        draft = await in_own_thread(lambda: writer.reword(writer.write(today, day, focus)))
        stored = await with_state(interaction.client, workflow.add_draft, draft, actor(interaction), utcnow())
        await cards.show(interaction, stored.id, target.id if isinstance(target, Postable) else None)

    @app_commands.command(description="Write a brief about an article on the web, and see it before anybody else does.")
    @app_commands.describe(url="The article's address", channel="Where to post it; default: here")
    async def story(
        self,
        interaction: Interaction,
        url: app_commands.Range[str, 1, LONGEST_ADDRESS],
        channel: Postable | None = None,
    ) -> None:
        """Write a draft about an article, and show its card in private."""
        target = channel or interaction.channel
        await acknowledge(interaction)
        stored = await self._draft_story(interaction, url)
        await cards.show(interaction, stored.id, target.id if isinstance(target, Postable) else None)

    async def _draft_story(self, interaction: Interaction, url: str) -> StoredBrief:
        """Write and store a draft about an article; raises UsageError if that is impossible."""
        bot = interaction.client
        if not models.has_model(bot.services.settings):
            raise UsageError(_NO_MODEL)
        if not article.is_installed():
            raise UsageError(_NO_READER)
        if self._readers.locked():
            raise UsageError(_BUSY)
        async with self._readers:
            story = await in_own_thread(lambda: _write_story(bot, url, _story_key(interaction)))
        return await with_state(bot, workflow.add_draft, story, actor(interaction), utcnow())

    @app_commands.command(description="The briefs made here, and where each was posted.")
    async def history(self, interaction: Interaction) -> None:
        """List the briefs."""
        await lists.send(interaction, lists.history)

    @app_commands.command(description="Withdraw a posted brief: delete it, and mark it in archive and feeds.")
    @app_commands.describe(brief="Its number or title")
    @app_commands.autocomplete(brief=_offer_posted_briefs)
    async def withdraw(self, interaction: Interaction, brief: Number) -> None:
        """Ask for confirmation of a withdrawal."""
        await brief_actions.ask_to_withdraw(interaction, brief)

    @app_commands.command(description="Correct a posted brief; readers see what changed, and when.")
    @app_commands.describe(brief="Its number or title")
    @app_commands.autocomplete(brief=_offer_posted_briefs)
    async def correct(self, interaction: Interaction, brief: Number) -> None:
        """Open the form with a brief's text."""
        await brief_actions.ask_to_correct(interaction, brief)

    # ---- settings

    @app_commands.command(description="Who moderates, where I answer, where drafts and milestones go.")
    async def settings(self, interaction: Interaction) -> None:
        """Show the settings."""
        await interaction.response.send_message(**await settings_view.write_panel(interaction), ephemeral=True)

    @app_commands.command(description="Who made, edited, approved, posted, corrected or withdrew what, and when.")
    async def audit(self, interaction: Interaction) -> None:
        """List the audit trail."""
        await lists.send(interaction, lists.trail)


# ---- the data


_MOST_LISTED = 10
_REFRESH_INTERVAL = timedelta(hours=1)
"""Minimum time between two refreshes by moderators."""


@app_commands.default_permissions(manage_messages=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Data(commands.Cog):
    """The data's freshness, and refreshing them."""

    @app_commands.command(description="How fresh the data are, by source: for this server's moderators.")
    async def data(self, interaction: Interaction) -> None:
        """Show each publisher's newest data and problems."""
        await handlers.check_moderator(interaction)
        await acknowledge(interaction)
        await _show_data(interaction)


async def _show_data(interaction: Interaction, outcome: str = "") -> None:
    services = interaction.client.services
    table = await asyncio.to_thread(publisher_table, services.settings.data)
    lines = [f"**{name}** · {day}{f' · {problem}' if problem else ''}" for name, day, _, problem in table.rows]
    text = limits.fit("\n".join(lines), limits.DESCRIPTION)
    embed = discord.Embed(title=table.title, description=text, colour=COLOUR)
    last = await asyncio.to_thread(read_last_refresh, services.settings.data)
    stale_boards = ", ".join(board.name for board in still_boards(services.answers.names.boards))
    waiting = "\n".join(drop_command(text) for text in last.waiting_within) if last else ""
    for name, text in (
        (f"No new score for {STILL_DAYS} days, though served", stale_boards),
        ("Waits for the operator", waiting),
    ):
        if text:
            embed.add_field(name=name, value=limits.fit(text, limits.FIELD_VALUE), inline=False)
    if outcome:
        embed.add_field(name="Just now", value=limits.fit(outcome, limits.FIELD_VALUE), inline=False)
    view = components.make_view([button("Refresh now", "refresh")])
    await interaction.edit_original_response(embed=embed, view=view)


@handler("refresh", takes=0)
async def refresh_now(call: Call) -> None:
    """Refresh the data, at most once an hour, and show the outcome."""
    services = call.interaction.client.services
    asked_on = last_asked(services.settings.data)
    now = datetime.now(UTC)
    if asked_on and now - asked_on < _REFRESH_INTERVAL:
        minutes = count(int((now - asked_on).total_seconds() // 60), "minute")
        raise UsageError(f"Publishers were asked {minutes} ago; once an hour is enough.")
    await acknowledge(call.interaction)
    refresh = await daily.refresh_now(services, now)
    records = refresh.effects.first if refresh.effects else ()
    notes = [f"{record.model} is newly first at {record.level:g} on {record.benchmark}" for record in records]
    outcome = f"{count(len(refresh.changes), 'change')}."
    if notes:
        outcome += f" Please review: {and_list(notes, most=_MOST_LISTED)}."
    await _show_data(call.interaction, outcome)
