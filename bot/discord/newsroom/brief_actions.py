"""Moderators' steps on a brief: post, approve, edit, undo, discard, correct, withdraw, send again.

Each updates its card. If another moderator was quicker, the card shows the current state and a private sentence says
why the step failed.
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
from bot.discord.newsroom.handlers import (
    Call,
    acknowledge,
    actor,
    button,
    guild_of,
    handler,
    modal,
    read_choice,
    text_field,
    with_state,
)
from bot.newsroom import editing, workflow
from bot.newsroom.step_table import CORRECT, DRAFT, EDIT, WITHDRAW, Step
from bot.newsroom.workflow import Actor, FindingsError
from bot.newsroom.writing import load_names
from bot.state import outbox
from bot.state.briefs import StoredBrief
from bot.state.database import State
from core.errors import GapbriefError, UsageError

_LOOK_COUNT, _LOOK_SECONDS = 12, 0.4
"""Number of checks, and the pause between them, for a brief to arrive before the card says "on its way"."""
_NO_SCHEDULE = "The schedule that made draft {} was removed; open the draft with /newsroom history to post it."
_FENCE = "```"
_TEXT, _NOTE = "Your text", "Your note"
_TOO_LONG = "The text of brief {} is too long for a Discord form; ask the operator to change it."


# ---- steps without a form


@handler("post", takes=3)
async def post(call: Call) -> None:
    """Post a draft in its card's channel, with the findings that the card shows."""

    def work(state: State, brief_id: int, person: Actor, now: datetime, *, seen_version: int) -> None:
        workflow.post(state, brief_id, call.numbers[2], person, now, anyway=True, seen_version=seen_version)

    await acknowledge(call.interaction)
    await channels.check_postable(guild_of(call.interaction), call.numbers[2])
    await _step(call, work)
    await _show_arrival(call)


def _approve(state: State, brief_id: int, person: Actor, now: datetime, *, seen_version: int) -> None:
    """Approve a schedule's draft, which is then posted in the schedule's channel."""
    stored = workflow.get(state, brief_id, person)
    if stored.status == "draft" and not workflow.is_awaited(state, brief_id):
        raise UsageError(_NO_SCHEDULE.format(brief_id))
    workflow.approve(state, brief_id, person, now, anyway=True, seen_version=seen_version)


def _register_step(name: str, work: Callable[..., object], *, sends: bool = False) -> None:
    """Register the button of a step; the card of one that sends something waits for its arrival."""

    @handler(name, takes=3)
    async def take(call: Call) -> None:
        await acknowledge(call.interaction)
        await _step(call, work)
        if sends:
            await _show_arrival(call)


_register_step("approve", _approve, sends=True)
_register_step("undo", workflow.undo)
_register_step("discard", workflow.discard)
_register_step("again", lambda *arguments, **_: workflow.send_again(*arguments), sends=True)


@handler("look", takes=3)
async def look_again(call: Call) -> None:
    """Refresh a brief's card."""
    await acknowledge(call.interaction)
    await _refresh_card(call)


@handler("to", takes=3)
async def choose_channel(call: Call) -> None:
    """Choose a draft's channel; refuse one in which the bot can't post."""
    await acknowledge(call.interaction)
    brief_id, _, former_channel = call.numbers
    channel_id = read_choice(call.field("values"))
    try:
        channel = await channels.check_postable(guild_of(call.interaction), channel_id)
    except UsageError:
        await cards.show(call.interaction, brief_id, former_channel or None)
        raise
    await cards.show(call.interaction, brief_id, channel_id)
    notes = channels.channel_notes(channel)
    if notes:
        await call.interaction.followup.send(embed=render.show_sentence(" ".join(notes)), ephemeral=True)


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
    """Save a draft's new text."""
    await _take_text(call, workflow.edit, call.field("text"))


@handler("corrected", takes=3)
async def corrected(call: Call) -> None:
    """Correct a posted brief, with a note on what changed."""
    await _correct(call, call.field("text"), call.fields.get("note") or None)


@handler("correct_anyway", takes=3)
async def correct_anyway(call: Call) -> None:
    """Correct a posted brief with the message's text, despite its findings."""
    await _correct(call, *_read_given_back(call), anyway=True)


async def _correct(call: Call, text: str, note: str | None, *, anyway: bool = False) -> None:
    if await _take_text(call, partial(workflow.correct, note=note, anyway=anyway), text, note):
        await _show_arrival(call)


@handler("rewrite", takes=3)
async def rewrite(call: Call) -> None:
    """Reopen the form with the text that was given back."""
    stored = await with_state(call.interaction.client, workflow.get, call.numbers[0], actor(call.interaction))
    step = EDIT if stored.status in EDIT.statuses else CORRECT
    await _open_text(call.interaction, step, call.numbers, *_read_given_back(call))


@handler("withdraw", takes=3)
async def open_withdraw(call: Call) -> None:
    """Ask for confirmation of a withdrawal, and its reason."""
    await ask_to_withdraw(call.interaction, call.numbers[0])


@handler("withdrawn", takes=3)
async def withdrawn(call: Call) -> None:
    """Withdraw a posted brief."""
    await acknowledge(call.interaction)
    reason = call.fields.get("reason") or None
    await _step(call, lambda *arguments, **_: workflow.withdraw(*arguments, reason=reason))
    await _show_arrival(call)


async def ask_to_withdraw(interaction: Interaction, brief_id: int) -> None:
    """Open the form that confirms a withdrawal; raises UsageError for a brief that is not posted."""
    stored = await with_state(interaction.client, workflow.get, brief_id, actor(interaction))
    _check_posted(stored, WITHDRAW)
    words = (
        f"**{limits.shorten(stored.brief.title, limits.TITLE)}**\nIts messages will be deleted, and the archive and the"
        " feeds will say that it was withdrawn. This can't be undone."
    )
    hint = "For the audit trail; readers don't see it."
    reason = text_field("reason", "Why?", hint, required=False, max_length=200)
    items = [discord.ui.TextDisplay[Any](words), reason]
    form = modal(f"Withdraw brief {brief_id}?", items, WITHDRAW.word, brief_id, stored.version, 0)
    await interaction.response.send_modal(form)


async def ask_to_correct(interaction: Interaction, brief_id: int) -> None:
    """Open the form with a posted brief's text; raises UsageError for a brief that is not posted."""
    stored = await with_state(interaction.client, workflow.get, brief_id, actor(interaction))
    await _open_text(interaction, CORRECT, (stored.id, stored.version, 0))


async def _open_text(
    interaction: Interaction, step: Step, numbers: tuple[int, ...], text: str | None = None, note: str | None = None
) -> None:
    """Open the form with a brief's text, or with a rejected text and note."""
    stored = await with_state(interaction.client, workflow.get, numbers[0], actor(interaction))
    if step is CORRECT:
        _check_posted(stored, step)
    text = text or editing.as_text(stored.brief)
    if len(text) > editing.MOST:
        raise UsageError(_TOO_LONG.format(stored.id))
    hint = "The title first; each bullet after “- ”, each term as “term: meaning”. No links, no markup."
    options = {"style": discord.TextStyle.paragraph, "default": text, "max_length": editing.MOST}
    items = [text_field("text", "Title, deck, bullets, terms", hint, **options)]
    if "note" in step.form:
        hint = "Readers see it, with the day, the old words and the new ones. It may be empty."
        items.append(text_field("note", "Why?", hint, required=False, default=note, max_length=200))
    title = f"Edit draft {stored.id}" if step is EDIT else f"Correct brief {stored.id}"
    await interaction.response.send_modal(modal(title, items, step.word, *numbers))


def _check_posted(stored: StoredBrief, step: Step) -> None:
    """Raise UsageError, with what to do instead, unless a brief can be withdrawn or corrected."""
    if stored.status not in step.statuses:
        if stored.status_word == step.word:
            raise UsageError(f"Brief {stored.id} is {step.word} already.")
        hint = " to edit or discard it" if stored.status in DRAFT else ""
        raise UsageError(
            f"Brief {stored.id} is not posted, so it can't be {step.word}; open it with /newsroom history{hint}."
        )


async def _take_text(call: Call, work: Callable[..., object], text: str, note: str | None = None) -> bool:
    """Save a text; a rejected one is returned with the reason, and with buttons to continue."""
    settings = call.interaction.client.services.settings

    def with_names(state: State, brief_id: int, person: Actor, now: datetime, *, seen_version: int) -> None:
        work(state, brief_id, text, person, now, names=load_names(settings), seen_version=seen_version)

    await acknowledge(call.interaction)
    try:
        await _run(call, with_names)
    except Exception as error:
        await _give_back(call, error, text, note)
        return False
    await _refresh_card(call)
    return True


async def _give_back(call: Call, error: Exception, text: str, note: str | None) -> None:
    """Return a rejected text with the reason."""
    interaction, brief_id = call.interaction, call.numbers[0]
    numbers, anyway = call.numbers, []
    try:
        stored = await with_state(interaction.client, workflow.get, brief_id, actor(interaction))
        numbers = (brief_id, stored.version, call.numbers[2])
    except GapbriefError:
        pass
    if isinstance(error, FindingsError):
        text_of_findings = "\n".join(["Readers do not see the correction yet.", *cards.list_findings(error.findings)])
        reason = discord.Embed(description=text_of_findings, colour=render.COLOUR)
        anyway = [button("Correct anyway", "correct_anyway", *numbers)]
    else:
        reason = error_messages.show_error(error, act="text", guild=interaction.guild_id, user=interaction.user.id)
    body = "\n".join(limits.escape_code(line) for line in text.expandtabs(2).splitlines())
    embeds = [reason, discord.Embed(description=f"{_FENCE}\n{body}\n{_FENCE}", colour=render.COLOUR, title=_TEXT)]
    if note:
        embeds.append(discord.Embed(description=f"{_FENCE}\n{limits.escape_code(note)}\n{_FENCE}", title=_NOTE))
    view = components.make_view([*anyway, button("Edit again", "rewrite", *numbers, style=discord.ButtonStyle.success)])
    await interaction.followup.send(embeds=embeds, view=view, ephemeral=True)


def _read_given_back(call: Call) -> tuple[str, str | None]:
    """Read the rejected text and note from a message."""
    message = call.interaction.message
    texts = {embed.title: embed.description or "" for embed in message.embeds} if message else {}
    text, note = (
        texts.get(name, "").removeprefix(f"{_FENCE}\n").removesuffix(f"\n{_FENCE}") for name in (_TEXT, _NOTE)
    )
    return text, note or None


# ---- shared


async def _run(call: Call, work: Callable[..., object]) -> None:
    brief_id, version, _ = call.numbers
    bot, person = call.interaction.client, actor(call.interaction)
    await with_state(bot, work, brief_id, person, utcnow(), seen_version=version)


async def _step(call: Call, work: Callable[..., object]) -> None:
    """Take a step, and refresh the card whether it succeeds or not."""
    try:
        await _run(call, work)
    finally:
        await _refresh_card(call)


async def _refresh_card(call: Call) -> None:
    await cards.show(call.interaction, call.numbers[0], call.numbers[2] or None)


async def _show_arrival(call: Call) -> None:
    """Wait briefly for deliveries to settle, then refresh the card."""
    bot = call.interaction.client
    if bot.newsroom_worker is None:
        return
    bot.newsroom_worker.nudge()
    for _ in range(_LOOK_COUNT):
        await asyncio.sleep(_LOOK_SECONDS)
        items = await with_state(bot, outbox.list_items, call.numbers[0])
        if all(item.status not in outbox.UNSETTLED for item in items):
            break
    await _refresh_card(call)
