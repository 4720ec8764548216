"""A brief's card: the brief as it will look, how it stands, and what can be done with it."""

from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.discord import brief_messages, components, limits
from bot.discord.base import Asked, Client
from bot.discord.newsroom import wording
from bot.discord.newsroom.acts import Piece, acknowledge, actor, button, custom_id, with_state
from bot.publish import workflow
from bot.publish.workflow import Actor
from bot.state import audit, briefs, outbox
from bot.state.audit import Entry
from bot.state.briefs import StoredBrief
from bot.state.outbox import Item
from bot.state.state import State

_CONTENT = 2000
_TRAIL = 30
_OPEN = ("draft", "approved")
_GREEN, _RED = discord.ButtonStyle.success, discord.ButtonStyle.danger
POSTABLE = [discord.ChannelType.text, discord.ChannelType.news]


@dataclass(frozen=True)
class Seen:
    """A brief with what came of it, what was done to it (the newest first), and whether a schedule awaits approval.

    `first` is who wrote its first version.
    """

    kept: StoredBrief
    items: list[Item]
    trail: list[Entry]
    is_awaited: bool
    first: str


def look(state: State, brief_id: int, person: Actor) -> Seen:
    """Look at a brief; raises UsageError where the server has none of this number."""
    kept = workflow.own(state, brief_id, person)
    return Seen(
        kept,
        outbox.of_brief(state, brief_id),
        audit.trail(state, brief_id=brief_id, limit=_TRAIL),
        workflow.is_awaited(state, brief_id),
        briefs.versions(state, brief_id)[0].brief.written_by,
    )


async def show(interaction: Asked, brief_id: int, channel_id: int | None = None) -> None:
    """Put a brief's card in place of what an acknowledged interaction shows; a draft's goes to the channel."""
    seen = await with_state(interaction.client, look, brief_id, actor(interaction))
    shown = await card(interaction.client, seen, channel_id, for_all=is_for_all(interaction))
    files = shown.pop("files")
    await interaction.edit_original_response(**shown, attachments=files)


async def open_card(interaction: Asked, brief_id: int, channel_id: int | None) -> None:
    """Answer with a private card of a brief."""
    await acknowledge(interaction, anew=True)
    await show(interaction, brief_id, channel_id)


def is_for_all(interaction: discord.Interaction) -> bool:
    """Whether an acknowledged interaction changes a draft in the moderators' channel, which all of them see."""
    in_place = interaction.response.type is discord.InteractionResponseType.deferred_message_update
    return in_place and interaction.message is not None and not interaction.message.flags.ephemeral


async def card(bot: Client, seen: Seen, channel_id: int | None, *, for_all: bool) -> dict[str, Any]:
    """Return a card as `send` takes it: a private one, or the one for all moderators."""
    shown = await brief_messages.message(
        bot.services, seen.kept, brief_messages.mark("review" if for_all else "post", seen.kept.id)
    )
    pieces = _private(seen, channel_id)
    if for_all:
        pieces = _to_approve(seen.kept.id, seen.kept.version, 0) if seen.kept.status == "draft" else []
    text = limits.fitted(_head(seen, channel_id, for_all=for_all), _CONTENT)
    return {**shown, "content": text, "view": components.view_of(pieces)}


def review(brief_id: int) -> discord.ui.View:
    """Return the buttons under a draft that a schedule made, as it was first written."""
    return components.view_of(_to_approve(brief_id, 1, 0))


# ---- what it says


def _head(seen: Seen, channel_id: int | None, *, for_all: bool) -> str:
    kept, trail = seen.kept, seen.trail
    state = kept.status_said
    if state in _OPEN:
        made = wording.last(trail, "made")
        by = f" · made by {wording.person(made)}" if made and made.who is None else ""
        first = f"**Draft {kept.id}, as it will look** · {wording.author(kept, trail, seen.first)}{by}"
        return f"{first}\n-# {_next(seen, channel_id, for_all=for_all)}"
    if state == "discarded":
        return f"**Draft {kept.id}** · discarded{wording.done(wording.last(trail, 'discarded'))}"
    entry = wording.last(trail, state) or _by_itself(seen)
    lines = [f"**Brief {kept.id}** · {state}{wording.done(entry)}{_reason(entry)}"]
    if kept.corrected:
        lines.append(f"- corrected{wording.done(wording.last(trail, 'corrected'))}")
    return "\n".join([*lines, *(f"- {place}" for place in wording.places(seen.items, kept.guild_id))])


def _by_itself(seen: Seen) -> Entry | None:
    """Return by what a brief was posted that no person posted."""
    made, at = wording.last(seen.trail, "made"), seen.kept.posted_at
    return replace(made, at=at) if made and at else None


def _reason(entry: Entry | None) -> str:
    return f": {limits.short(entry.detail, 200)}" if entry and entry.what == "withdrawn" and entry.detail else ""


def _next(seen: Seen, channel_id: int | None, *, for_all: bool) -> str:
    """Say what can be done with a draft, and where it would go."""
    if for_all:
        return "Any moderator can approve, edit or discard it; it is posted once."
    if seen.is_awaited:
        return "Approve posts it where its schedule posts."
    if channel_id is None:
        return "Choose a channel to post it in."
    return f"Post sends it to <#{channel_id}>."


# ---- what can be done; each button knows the brief's number, the version that is shown, and the channel


def _private(seen: Seen, channel_id: int | None) -> list[Piece]:
    kept = seen.kept
    known = (kept.id, kept.version, channel_id or 0)
    if kept.status in _OPEN:
        return _to_approve(*known) if seen.is_awaited else [_where(*known), *_to_post(*known)]
    again = [button("Send again", "again", *known)] if workflow.missed(kept, seen.items) else []
    if kept.status != "posted":
        return again
    return [
        button("Correct", "correct", *known),
        button("Withdraw", "withdraw", *known, style=_RED),
        *again,
        button("Look again", "look", *known),
    ]


def _to_approve(*known: int) -> list[Piece]:
    return [
        button("Approve", "approve", *known, style=_GREEN),
        button("Edit", "edit", *known),
        button("Discard", "discard", *known, style=_RED),
    ]


def _to_post(*known: int) -> list[Piece]:
    return [
        button("Post", "post", *known, style=_GREEN, disabled=not known[-1]),
        button("Edit", "edit", *known),
        button("Discard", "discard", *known, style=_RED),
        button("Schedule", "plan", *known),
    ]


def _where(*known: int) -> Piece:
    chosen = (
        [discord.SelectDefaultValue(id=known[-1], type=discord.SelectDefaultValueType.channel)] if known[-1] else []
    )
    return Piece(
        discord.ui.ChannelSelect(
            custom_id=custom_id("to", *known),
            placeholder="The channel to post it in",
            channel_types=POSTABLE,
            default_values=chosen,
        )
    )
