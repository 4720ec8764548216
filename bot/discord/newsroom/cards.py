"""A brief's card: the brief as it will look, how it stands, and what can be done with it."""

from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.discord import brief_messages, components, limits
from bot.discord.client_base import Client, Interaction
from bot.discord.newsroom import channel_checks, wording
from bot.discord.newsroom.handlers import NewsroomComponent, acknowledge, actor, button, custom_id, with_state
from bot.newsroom import workflow
from bot.newsroom.step_table import CORRECT, DRAFT
from bot.newsroom.workflow import Actor
from bot.state import audit, briefs, outbox
from bot.state.audit import Entry
from bot.state.briefs import StoredBrief
from bot.state.database import State
from bot.state.outbox import Item
from core.brief import Brief

_CONTENT = 2000
_TRAIL = 30
_ANYWAY = "Post anyway"
_GREEN, _GREY, _RED = discord.ButtonStyle.success, discord.ButtonStyle.secondary, discord.ButtonStyle.danger


@dataclass(frozen=True)
class CardData:
    """A brief with what came of it, what was done to it (the newest first), and whether a schedule awaits approval.

    `first` is who wrote its first version; `is_edited` where there is an edit to undo; `machine` is the brief in the
    machine's own words.
    """

    kept: StoredBrief
    items: list[Item]
    trail: list[Entry]
    is_awaited: bool
    first: str
    is_edited: bool
    machine: Brief


def load(state: State, brief_id: int, person: Actor) -> CardData:
    """Load what a card shows of a brief; raises UsageError where the server has none of this number."""
    kept = workflow.get(state, brief_id, person)
    versions = briefs.versions(state, brief_id)
    return CardData(
        kept,
        outbox.of_brief(state, brief_id),
        audit.trail(state, brief_id=brief_id, limit=_TRAIL),
        workflow.is_awaited(state, brief_id),
        versions[0].brief.written_by,
        len(workflow.not_undone(versions)) > 1,
        workflow.machine_version(versions).brief,
    )


async def show(interaction: Interaction, brief_id: int, channel_id: int | None = None) -> None:
    """Put a brief's card in place of what an acknowledged interaction shows; a draft's goes to the channel."""
    data = await with_state(interaction.client, load, brief_id, actor(interaction))
    shown = await card(interaction.client, data, channel_id, for_all=is_for_all(interaction))
    await interaction.edit_original_response(attachments=shown.pop("files"), **shown)


async def open_card(interaction: Interaction, brief_id: int, channel_id: int | None) -> None:
    """Answer with a private card of a brief."""
    await acknowledge(interaction, anew=True)
    await show(interaction, brief_id, channel_id)


def is_for_all(interaction: discord.Interaction) -> bool:
    """Whether an acknowledged interaction changes a draft in the moderators' channel, which all of them see."""
    in_place = interaction.response.type is discord.InteractionResponseType.deferred_message_update
    return in_place and interaction.message is not None and not interaction.message.flags.ephemeral


async def card(bot: Client, data: CardData, channel_id: int | None, *, for_all: bool) -> dict[str, Any]:
    """Return a card as `send` takes it: a private one, or the one for all moderators."""
    ending = brief_messages.mark("review" if for_all else "post", data.kept.id)
    shown = await brief_messages.message(bot, data.kept, ending)
    items = _private(data, channel_id)
    if for_all:
        items = _on_draft(data, "approve", 0) if data.kept.status == "draft" else []
    text = limits.fitted(_head(bot, data, channel_id, for_all=for_all), _CONTENT)
    return {**shown, "content": text, "view": components.view_of(items)}


def review(brief_id: int) -> discord.ui.View:
    """Return the buttons under a draft that a schedule made, as it was first written."""
    return components.view_of(_buttons(brief_id, 1, 0, label="Approve", does="approve"))


# ---- what it says


def _head(bot: Client, data: CardData, channel_id: int | None, *, for_all: bool) -> str:
    kept, trail = data.kept, data.trail
    state = kept.status if kept.posted_at else kept.status_said
    if state in DRAFT:
        made = wording.last(trail, "made")
        by = f" · made by {wording.person(made)}" if made and made.who is None else ""
        first = f"**Draft {kept.id}, as it will look** · {wording.author(kept, trail, data.first)}{by}"
        marks = wording.marks(data.machine, kept, "an editor's" if for_all else "yours")
        return "\n".join([first, f"-# {_next(data, channel_id, for_all=for_all)}", *marks])
    if state == "discarded":
        return f"**Draft {kept.id}** · discarded{wording.done(wording.last(trail, 'discarded'))}"
    entry = wording.last(trail, state) or _by_itself(data)
    lines = [f"**Brief {kept.id}** · {state}{wording.done(entry)}{_reason(entry)}"]
    if kept.corrected:
        lines.append(f"- corrected{wording.done(wording.last(trail, 'corrected'))}")
    guild = bot.get_guild(kept.guild_id) if kept.guild_id else None
    return "\n".join([*lines, *(f"- {place}" for place in wording.places(data.items, guild))])


def _by_itself(data: CardData) -> Entry | None:
    """Return by what a brief was posted that no person posted."""
    made, at = wording.last(data.trail, "made"), data.kept.posted_at
    return replace(made, at=at) if made and at else None


def _reason(entry: Entry | None) -> str:
    return f": {limits.short(entry.detail, 200)}" if entry and entry.what == "withdrawn" and entry.detail else ""


def _next(data: CardData, channel_id: int | None, *, for_all: bool) -> str:
    """Say what can be done with a draft, and where it would go."""
    if for_all:
        return "Any moderator can approve, edit or discard it; it is posted only once."
    if data.is_awaited:
        return f"{_label(data, 'Approve')} posts it where its schedule posts."
    if channel_id is None:
        return "Choose a channel to post it in."
    return f"{_label(data, 'Post')} sends it to <#{channel_id}>."


# ---- what can be done; each button knows the brief's number, the version that is shown, and the channel


def _private(data: CardData, channel_id: int | None) -> list[NewsroomComponent]:
    kept = data.kept
    known = (kept.id, kept.version, channel_id or 0)
    if kept.status in DRAFT:
        if data.is_awaited:
            return _on_draft(data, "approve", known[-1])
        return [_where(*known), *_on_draft(data, "post", known[-1]), button("Schedule", "plan", *known)]
    again = [button("Send again", "again", *known)] if workflow.missed(kept, data.items) else []
    if kept.status not in CORRECT.statuses:
        return again
    return [
        button("Correct", "correct", *known),
        button("Withdraw", "withdraw", *known, style=_RED),
        *again,
        button("Look again", "look", *known),
    ]


def _on_draft(data: CardData, does: str, channel_id: int) -> list[NewsroomComponent]:
    known = (data.kept.id, data.kept.version, channel_id)
    return _buttons(*known, label=_label(data, does.capitalize()), does=does, is_edited=data.is_edited)


def _label(data: CardData, label: str) -> str:
    return _ANYWAY if data.kept.findings else label


def _buttons(*known: int, label: str, does: str, is_edited: bool = False) -> list[NewsroomComponent]:
    first, second = (_GREY, _GREEN) if label == _ANYWAY else (_GREEN, _GREY)  # the safe step is the green one
    return [
        button(label, does, *known, style=first, disabled=does == "post" and not known[-1]),
        button("Edit", "edit", *known, style=second),
        *([button("Undo", "undo", *known)] if is_edited else []),
        button("Discard", "discard", *known, style=_RED),
    ]


def _where(*known: int) -> NewsroomComponent:
    kind = discord.SelectDefaultValueType.channel
    chosen = [discord.SelectDefaultValue(id=known[-1], type=kind)] if known[-1] else []
    return NewsroomComponent(
        discord.ui.ChannelSelect(
            custom_id=custom_id("to", *known),
            placeholder="The channel to post it in",
            channel_types=channel_checks.POSTABLE,
            default_values=chosen,
        )
    )
