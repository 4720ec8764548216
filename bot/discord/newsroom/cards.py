"""A brief's card: the brief as it will look, how it stands, and what can be done with it."""

from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.discord import brief_messages, components, limits
from bot.discord.base import Asked, Client
from bot.discord.newsroom import wording
from bot.discord.newsroom.acts import Component, acknowledge, actor, button, custom_id, with_state
from bot.publish import workflow
from bot.publish.workflow import Actor
from bot.state import audit, briefs, outbox
from bot.state.audit import Entry
from bot.state.briefs import StoredBrief
from bot.state.database import State
from bot.state.outbox import Item

_CONTENT = 2000
_TRAIL = 30
_OPEN = ("draft", "approved")
_GREEN, _RED = discord.ButtonStyle.success, discord.ButtonStyle.danger
POSTABLE = [discord.ChannelType.text, discord.ChannelType.news]


@dataclass(frozen=True)
class Seen:
    """A brief with what came of it, what was done to it (the newest first), and whether a schedule awaits approval.

    `first` is who wrote its first version; `is_edited` where there is an edit to undo.
    """

    kept: StoredBrief
    items: list[Item]
    trail: list[Entry]
    is_awaited: bool
    first: str
    is_edited: bool


def look(state: State, brief_id: int, person: Actor) -> Seen:
    """Look at a brief; raises UsageError where the server has none of this number."""
    kept = workflow.get(state, brief_id, person)
    versions = briefs.versions(state, brief_id)
    return Seen(
        kept,
        outbox.of_brief(state, brief_id),
        audit.trail(state, brief_id=brief_id, limit=_TRAIL),
        workflow.is_awaited(state, brief_id),
        versions[0].brief.written_by,
        len(workflow.not_undone(versions)) > 1,
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
    items = _private(seen, channel_id)
    if for_all:
        items = _on_draft(seen, "approve", 0) if seen.kept.status == "draft" else []
    text = limits.fitted(_head(seen, channel_id, for_all=for_all), _CONTENT)
    return {**shown, "content": text, "view": components.view_of(items)}


def review(brief_id: int) -> discord.ui.View:
    """Return the buttons under a draft that a schedule made, as it was first written."""
    return components.view_of(_buttons(brief_id, 1, 0, label="Approve", does="approve"))


# ---- what it says


def _head(seen: Seen, channel_id: int | None, *, for_all: bool) -> str:
    kept, trail = seen.kept, seen.trail
    state = kept.status_said
    if state in _OPEN:
        made = wording.last(trail, "made")
        by = f" · made by {wording.person(made)}" if made and made.who is None else ""
        first = f"**Draft {kept.id}, as it will look** · {wording.author(kept, trail, seen.first)}{by}"
        return "\n".join([first, f"-# {_next(seen, channel_id, for_all=for_all)}", *wording.findings(kept.findings)])
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
        return f"{_label(seen, 'Approve')} posts it where its schedule posts."
    if channel_id is None:
        return "Choose a channel to post it in."
    return f"{_label(seen, 'Post')} sends it to <#{channel_id}>."


# ---- what can be done; each button knows the brief's number, the version that is shown, and the channel


def _private(seen: Seen, channel_id: int | None) -> list[Component]:
    kept = seen.kept
    known = (kept.id, kept.version, channel_id or 0)
    if kept.status in _OPEN:
        if seen.is_awaited:
            return _on_draft(seen, "approve", known[-1])
        return [_where(*known), *_on_draft(seen, "post", known[-1]), button("Schedule", "plan", *known)]
    again = [button("Send again", "again", *known)] if workflow.missed(kept, seen.items) else []
    if kept.status != "posted":
        return again
    return [
        button("Correct", "correct", *known),
        button("Withdraw", "withdraw", *known, style=_RED),
        *again,
        button("Look again", "look", *known),
    ]


def _on_draft(seen: Seen, does: str, channel_id: int) -> list[Component]:
    known = (seen.kept.id, seen.kept.version, channel_id)
    return _buttons(*known, label=_label(seen, does.capitalize()), does=does, is_edited=seen.is_edited)


def _label(seen: Seen, label: str) -> str:
    return "Post anyway" if seen.kept.findings else label


def _buttons(*known: int, label: str, does: str, is_edited: bool = False) -> list[Component]:
    return [
        button(label, does, *known, style=_GREEN, disabled=does == "post" and not known[-1]),
        button("Edit", "edit", *known),
        *([button("Undo", "undo", *known)] if is_edited else []),
        button("Discard", "discard", *known, style=_RED),
    ]


def _where(*known: int) -> Component:
    chosen = (
        [discord.SelectDefaultValue(id=known[-1], type=discord.SelectDefaultValueType.channel)] if known[-1] else []
    )
    return Component(
        discord.ui.ChannelSelect(
            custom_id=custom_id("to", *known),
            placeholder="The channel to post it in",
            channel_types=POSTABLE,
            default_values=chosen,
        )
    )
