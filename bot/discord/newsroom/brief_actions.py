"""The steps of a brief in moderators' hands: post, approve, edit, undo, discard, correct, withdraw, send again.

Each changes the card that it was taken on. Where a step can't be taken any more, since another moderator was quicker,
the card shows how the brief stands now, and a private sentence says why.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import discord
from discord.utils import utcnow

from bot.discord import channels, components, error_messages, limits, render
from bot.discord.client_base import Interaction
from bot.discord.newsroom import cards
from bot.discord.newsroom.handlers import Call, acknowledge, actor, button, chosen_one, handler, modal, with_state
from bot.newsroom import editing, workflow
from bot.newsroom.step_table import CORRECT, DRAFT, EDIT, WITHDRAW, Step
from bot.newsroom.workflow import Actor, FindingsError
from bot.newsroom.writing import load_names
from bot.state import outbox
from bot.state.briefs import StoredBrief
from bot.state.database import State
from core.errors import GapbriefError, UsageError

_LOOKS, _LOOK_SECONDS = 12, 0.4
"""How often, and with what pause, it is looked if a brief has arrived, before the moderator is told that it will."""
_NO_SCHEDULE = "The schedule that made draft {} was removed; open the draft with /newsroom history to post it."
_FENCE = "```"
_TEXT, _NOTE = "Your text", "Your note"
_TOO_LONG = "The text of brief {} is too long for a Discord form; ask the operator to change it."


# ---- steps without a form


@handler("post", takes=3)
async def post(call: Call) -> None:
    """Post a draft in the channel of its card; what the facts do not have of the version that is seen stands there."""

    def work(state: State, brief_id: int, person: Actor, now: datetime, *, seen_version: int) -> None:
        workflow.post(state, brief_id, call.numbers[2], person, now, anyway=True, seen_version=seen_version)

    await acknowledge(call.interaction)
    await channels.check_postable(_guild(call.interaction), call.numbers[2])
    await _step(call, work)
    await _arrived(call)


@handler("approve", takes=3)
async def approve(call: Call) -> None:
    """Approve a draft that a schedule made; it is posted where that schedule posts."""

    def work(state: State, brief_id: int, person: Actor, now: datetime, *, seen_version: int) -> None:
        kept = workflow.get(state, brief_id, person)
        if kept.status == "draft" and not workflow.is_awaited(state, brief_id):
            raise UsageError(_NO_SCHEDULE.format(brief_id))
        workflow.approve(state, brief_id, person, now, anyway=True, seen_version=seen_version)

    await acknowledge(call.interaction)
    await _step(call, work)
    await _arrived(call)


@handler("undo", takes=3)
async def undo(call: Call) -> None:
    """Go back one edit."""
    await acknowledge(call.interaction)
    await _step(call, workflow.undo)


@handler("discard", takes=3)
async def discard(call: Call) -> None:
    """Throw a draft away."""
    await acknowledge(call.interaction)
    await _step(call, workflow.discard)


@handler("again", takes=3)
async def again(call: Call) -> None:
    """Send a brief again where it failed."""
    await acknowledge(call.interaction)
    await _step(call, lambda *told, **_: workflow.send_again(*told))
    await _arrived(call)


@handler("look", takes=3)
async def look_again(call: Call) -> None:
    """Show how a brief stands now."""
    await acknowledge(call.interaction)
    await _shown(call)


@handler("to", takes=3)
async def choose_channel(call: Call) -> None:
    """Choose the channel that a draft is to be posted in; one in which that can't be is not taken."""
    await acknowledge(call.interaction)
    brief_id, _, before = call.numbers
    chosen = chosen_one(call.field("values"))
    try:
        channel = await channels.check_postable(_guild(call.interaction), chosen)
    except UsageError:
        await cards.show(call.interaction, brief_id, before or None)
        raise
    await cards.show(call.interaction, brief_id, chosen)
    said = channels.channel_notes(channel)
    if said:
        await call.interaction.followup.send(embed=render.show_sentence(" ".join(said)), ephemeral=True)


# ---- steps with a form


@handler("edit", takes=3)
async def open_edit(call: Call) -> None:
    """Open the form with a draft's text."""
    await _open_text(call.interaction, EDIT, call.numbers)


@handler("correct", takes=3)
async def open_correct(call: Call) -> None:
    """Open the form with a posted brief's text."""
    await _open_text(call.interaction, CORRECT, call.numbers)


@handler("edited", takes=3)
async def edited(call: Call) -> None:
    """Give a draft its new text."""
    await _take_text(call, workflow.edit, call.field("text"))


@handler("corrected", takes=3)
async def corrected(call: Call) -> None:
    """Correct a posted brief, and say in it what changed."""
    await _correct(call, call.field("text"), call.fields.get("note") or None)


@handler("correct_anyway", takes=3)
async def correct_anyway(call: Call) -> None:
    """Correct a posted brief by the text that stands in the message, whose findings stand there too."""
    await _correct(call, *_given_back(call), anyway=True)


async def _correct(call: Call, text: str, note: str | None, *, anyway: bool = False) -> None:
    if await _take_text(call, partial(workflow.correct, note=note, anyway=anyway), text, note):
        await _arrived(call)


@handler("rewrite", takes=3)
async def rewrite(call: Call) -> None:
    """Open the form again with the text that was given back."""
    kept = await with_state(call.interaction.client, workflow.get, call.numbers[0], actor(call.interaction))
    step = EDIT if kept.status in EDIT.statuses else CORRECT
    await _open_text(call.interaction, step, call.numbers, *_given_back(call))


@handler("withdraw", takes=3)
async def open_withdraw(call: Call) -> None:
    """Ask if a brief is really to be withdrawn, and why."""
    await ask_to_withdraw(call.interaction, call.numbers[0])


@handler("withdrawn", takes=3)
async def withdrawn(call: Call) -> None:
    """Take a posted brief back."""
    await acknowledge(call.interaction)
    reason = call.fields.get("reason") or None
    await _step(call, lambda *told, **_: workflow.withdraw(*told, reason=reason))
    await _arrived(call)


async def ask_to_withdraw(interaction: Interaction, brief_id: int) -> None:
    """Open the form that asks if a brief is really to be withdrawn; raises UsageError for what is not posted."""
    kept = await with_state(interaction.client, workflow.get, brief_id, actor(interaction))
    _see_that_posted(kept, WITHDRAW)
    words = (
        f"**{limits.shorten(kept.brief.title, limits.TITLE)}**\nIts messages will be deleted, and the archive and the"
        " feeds will say that it was withdrawn. This can't be undone."
    )
    reason = discord.ui.TextInput[Any](custom_id="reason", required=False, max_length=200)
    items = [
        discord.ui.TextDisplay[Any](words),
        discord.ui.Label[Any](text="Why?", description="For the audit trail; readers don't see it.", component=reason),
    ]
    await interaction.response.send_modal(
        modal(f"Withdraw brief {brief_id}?", items, WITHDRAW.word, brief_id, kept.version, 0)
    )


async def ask_to_correct(interaction: Interaction, brief_id: int) -> None:
    """Open the form with a posted brief's text; raises UsageError for what is not posted."""
    kept = await with_state(interaction.client, workflow.get, brief_id, actor(interaction))
    await _open_text(interaction, CORRECT, (kept.id, kept.version, 0))


async def _open_text(
    interaction: Interaction, step: Step, numbers: tuple[int, ...], text: str | None = None, said: str | None = None
) -> None:
    """Open the form with a brief's text in one field, or with a text and a note that were given back."""
    kept = await with_state(interaction.client, workflow.get, numbers[0], actor(interaction))
    if step is CORRECT:
        _see_that_posted(kept, step)
    text = text or editing.as_text(kept.brief)
    if len(text) > editing.MOST:
        raise UsageError(_TOO_LONG.format(kept.id))
    field = discord.ui.TextInput[Any](
        custom_id="text", style=discord.TextStyle.paragraph, default=text, max_length=editing.MOST
    )
    items: list[discord.ui.Item[Any]] = [
        discord.ui.Label(
            text="Title, deck, bullets, terms",
            description="The title first; each bullet after “- ”, each term as “term: meaning”. No links, no markup.",
            component=field,
        )
    ]
    if "note" in step.form:
        note = discord.ui.TextInput[Any](custom_id="note", required=False, default=said, max_length=200)
        items.append(
            discord.ui.Label(
                text="Why?",
                description="Readers see it, with the day, the old words and the new ones. It may be empty.",
                component=note,
            )
        )
    title = f"Edit draft {kept.id}" if step is EDIT else f"Correct brief {kept.id}"
    await interaction.response.send_modal(modal(title, items, step.word, *numbers))


def _see_that_posted(kept: StoredBrief, step: Step) -> None:
    """Raise UsageError for a brief that can't be withdrawn or corrected, with what can be done."""
    if kept.status not in step.statuses:
        if kept.status_word == step.word:
            raise UsageError(f"Brief {kept.id} is {step.word} already.")
        hint = " to edit or discard it" if kept.status in DRAFT else ""
        raise UsageError(
            f"Brief {kept.id} is not posted, so it can't be {step.word}; open it with /newsroom history{hint}."
        )


async def _take_text(call: Call, work: Callable[..., object], text: str, note: str | None = None) -> bool:
    """Take a text; one that is not taken comes back with the reason, and with buttons that go on with it."""
    settings = call.interaction.client.services.settings

    def with_names(state: State, brief_id: int, person: Actor, now: datetime, *, seen_version: int) -> None:
        work(state, brief_id, text, person, now, names=load_names(settings), seen_version=seen_version)

    await acknowledge(call.interaction)
    try:
        await _do(call, with_names)
    except Exception as error:
        await _give_back(call, error, text, note)
        return False
    await _shown(call)
    return True


async def _give_back(call: Call, error: Exception, text: str, note: str | None) -> None:
    """Say why a text was not taken, and give it back."""
    interaction, brief_id = call.interaction, call.numbers[0]
    numbers, anyway = call.numbers, []
    try:
        kept = await with_state(interaction.client, workflow.get, brief_id, actor(interaction))
        numbers = (brief_id, kept.version, call.numbers[2])
    except GapbriefError:
        pass
    if isinstance(error, FindingsError):
        said = "\n".join(["Readers do not see the correction yet.", *cards.list_findings(error.findings)])
        reason = discord.Embed(description=said, colour=render.COLOUR)
        anyway = [button("Correct anyway", "correct_anyway", *numbers)]
    else:
        reason = error_messages.show_error(error, act="text", guild=interaction.guild_id, user=interaction.user.id)
    body = "\n".join(limits.escape_code(line) for line in text.expandtabs(2).splitlines())
    shown = [reason, discord.Embed(description=f"{_FENCE}\n{body}\n{_FENCE}", colour=render.COLOUR, title=_TEXT)]
    if note:
        shown.append(discord.Embed(description=f"{_FENCE}\n{limits.escape_code(note)}\n{_FENCE}", title=_NOTE))
    view = components.make_view([*anyway, button("Edit again", "rewrite", *numbers, style=discord.ButtonStyle.success)])
    await interaction.followup.send(embeds=shown, view=view, ephemeral=True)


def _given_back(call: Call) -> tuple[str, str | None]:
    """Return the text that a message gives back, and the note on what changed."""
    message = call.interaction.message
    found = {each.title: each.description or "" for each in message.embeds} if message else {}
    text, note = (
        found.get(name, "").removeprefix(f"{_FENCE}\n").removesuffix(f"\n{_FENCE}") for name in (_TEXT, _NOTE)
    )
    return text, note or None


# ---- what the steps share


async def _do(call: Call, work: Callable[..., object]) -> None:
    brief_id, seen_version, _ = call.numbers
    await with_state(
        call.interaction.client, work, brief_id, actor(call.interaction), utcnow(), seen_version=seen_version
    )


async def _step(call: Call, work: Callable[..., object]) -> None:
    """Take a step, then show what became of it; where it can't be taken, show how the brief stands, and say why."""
    try:
        await _do(call, work)
    finally:
        await _shown(call)


async def _shown(call: Call) -> None:
    await cards.show(call.interaction, call.numbers[0], call.numbers[2] or None)


async def _arrived(call: Call) -> None:
    """Wait a little for what was sent to arrive, then show it; where it takes longer, the card says "on its way"."""
    bot = call.interaction.client
    if bot.newsroom_worker is None:
        return
    bot.newsroom_worker.nudge()
    for _ in range(_LOOKS):
        await asyncio.sleep(_LOOK_SECONDS)
        items = await with_state(bot, outbox.list_items, call.numbers[0])
        if all(item.status not in outbox.UNSETTLED for item in items):
            break
    await _shown(call)


def _guild(interaction: discord.Interaction) -> discord.Guild:
    """Return the server, which is there since the rights were looked at."""
    if interaction.guild is None:
        raise discord.app_commands.NoPrivateMessage
    return interaction.guild
