"""`/newsroom`: briefs in moderators' hands. Everything but the posts is private to whoever asked."""

from typing import Literal

from discord import app_commands
from discord.ext import commands
from discord.utils import utcnow

from bot.discord.autocomplete import matching
from bot.discord.client_base import Client, Interaction
from bot.discord.newsroom import brief_actions, cards, lists, rights, settings_view
from bot.discord.newsroom.channel_checks import Postable
from bot.discord.newsroom.handlers import NewsroomComponent, acknowledge, actor, handle_modal, in_own_thread, with_state
from bot.discord.newsroom.schedule_commands import Number, ScheduleCommands
from bot.discord.newsroom.stories import MOST_ADDRESS, Stories
from bot.newsroom import workflow
from bot.state import briefs as kept_briefs
from core.questions.question import read_day

Focus = Literal["private", "public"]


async def _posted(interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
    """Offer the server's posted briefs, the newest first."""
    if not await rights.may(interaction):
        return []
    found = await with_state(
        interaction.client, kept_briefs.listed, guild_id=interaction.guild_id, statuses=("posted",), limit=100
    )
    return matching({each.id: f"{each.id}: {each.brief.title}" for each in found}, typed)


@app_commands.default_permissions(manage_messages=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Newsroom(
    commands.GroupCog,
    group_name="newsroom",
    group_description="Make, schedule, correct and withdraw briefs: for this server's moderators.",
):
    """What moderators do with briefs."""

    schedule = ScheduleCommands()

    def __init__(self) -> None:
        super().__init__()
        self.stories = Stories()

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Take the forms that are sent, also those that were opened before a restart."""
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
        """Write a draft, and show it in private with what can be done with it."""
        day = read_day(since, month="first") if since else None
        here = channel or interaction.channel
        await acknowledge(interaction)
        services = interaction.client.services
        writer, today = services.writer, services.answers.today()
        made = await in_own_thread(lambda: writer.worded(writer.write(today, day, focus)))
        kept = await with_state(interaction.client, workflow.make, made, actor(interaction), utcnow())
        await cards.show(interaction, kept.id, here.id if isinstance(here, Postable) else None)

    @app_commands.command(description="Write a brief about an article on the web, and see it before anybody else does.")
    @app_commands.describe(url="The article's address", channel="Where to post it; default: here")
    async def story(
        self,
        interaction: Interaction,
        url: app_commands.Range[str, 1, MOST_ADDRESS],
        channel: Postable | None = None,
    ) -> None:
        """Write a draft of an article, and show it in private with what can be done with it."""
        here = channel or interaction.channel
        await acknowledge(interaction)
        kept = await self.stories.draft(interaction, url)
        await cards.show(interaction, kept.id, here.id if isinstance(here, Postable) else None)

    @app_commands.command(description="The briefs made here, and where each was posted.")
    async def history(self, interaction: Interaction) -> None:
        """List the briefs."""
        await lists.send(interaction, lists.history)

    @app_commands.command(description="Withdraw a posted brief: delete it, and mark it in archive and feeds.")
    @app_commands.describe(brief="Its number or title")
    @app_commands.autocomplete(brief=_posted)
    async def withdraw(self, interaction: Interaction, brief: Number) -> None:
        """Ask if a brief is really to be withdrawn."""
        await brief_actions.ask_to_withdraw(interaction, brief)

    @app_commands.command(description="Correct a posted brief; readers see what changed, and when.")
    @app_commands.describe(brief="Its number or title")
    @app_commands.autocomplete(brief=_posted)
    async def correct(self, interaction: Interaction, brief: Number) -> None:
        """Open the form with a brief's text."""
        await brief_actions.ask_to_correct(interaction, brief)

    # ---- how the newsroom is set up

    @app_commands.command(description="Who moderates, where I answer, where drafts and milestones go.")
    async def settings(self, interaction: Interaction) -> None:
        """Show the settings, to be changed."""
        await interaction.response.send_message(**await settings_view.panel(interaction), ephemeral=True)

    @app_commands.command(description="Who made, edited, approved, posted, corrected or withdrew what, and when.")
    async def audit(self, interaction: Interaction) -> None:
        """List who did what."""
        await lists.send(interaction, lists.trail)


async def setup(bot: Client) -> None:
    """Load the commands, and the buttons and selections of before."""
    bot.add_dynamic_items(NewsroomComponent)
    await bot.add_cog(Newsroom())
