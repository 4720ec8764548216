"""A brief's card: the brief as it will look, its status, and the possible steps, in the reader's time zone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import discord
from discord.utils import format_dt

from bot.discord import brief_messages, channels, components, limits
from bot.discord.client_base import Client, Interaction
from bot.discord.components import Items
from bot.discord.limits import escape, shorten
from bot.discord.newsroom.handlers import actor, button, custom_id, preset_channels, with_state
from bot.newsroom import workflow
from bot.newsroom.editing import BY_HAND, change_lines, marked_lines
from bot.newsroom.recurrence import describe_rule
from bot.newsroom.step_table import CORRECT, DRAFT, VERBS
from bot.newsroom.targets import name_target
from bot.newsroom.workflow import Actor
from bot.state import audit, briefs, outbox
from bot.state.audit import AuditEntry
from bot.state.briefs import StoredBrief
from bot.state.database import State
from bot.state.outbox import Item
from bot.state.schedules import Run, Schedule
from core.brief import Brief
from core.text.review import Review

# ---- wording


_MOST_PLACES = 8
_MOST_FINDINGS, _FINDING = 5, 300
_CHANGES, _CHANGE = 1300, 400
"""Characters of all changes on a card, and of one change."""
_SIGNS = {"- ": "- ~~{}~~", "+ ": "- {}", "! ": "  - {}"}
"""Formats of a removed sentence, an added one, and a finding."""
_REASON_LENGTH, _DETAIL_LENGTH = 120, 200
_RUNS = {
    "made": "a brief was made",
    "awaiting": "a draft waits for approval",
    "nothing-new": "there was nothing new",
    "skipped": "skipped",
}


def format_moment(moment: datetime) -> str:
    """Format a moment; Discord shows it in the reader's time zone."""
    return format_dt(moment, "f")


def name_person(entry: AuditEntry) -> str:
    """Name the person behind an entry."""
    return entry.unnamed_actor if entry.who is None else f"<@{entry.who}>"


def newest_entry(trail: Sequence[AuditEntry], *kinds: str) -> AuditEntry | None:
    """Return the newest entry of the given kinds, if any."""
    return next((entry for entry in trail if entry.what in kinds), None)


def name_author(stored: StoredBrief, trail: Sequence[AuditEntry] = (), first: str | None = None) -> str:
    """Name a brief's author and editor; `first` is its first version's author."""
    writer = first or stored.brief.written_by
    name = writer.removeprefix("model ")
    authorship = f"written by the language model {escape(name)}" if name != writer else "written by a template"
    if stored.brief.written_by != BY_HAND:
        return authorship
    entry = newest_entry(trail, "edited", "corrected")
    return f"{authorship}, edited{f' by {name_person(entry)}' if entry else ''}"


def list_findings(findings: Sequence[str]) -> list[str]:
    """List the statements that no fact supports, under a heading; empty if there are none."""
    lines = [f"- {shorten(finding, _FINDING)}" for finding in findings[:_MOST_FINDINGS]]
    more = len(findings) - len(lines)
    return [*(["**Not in the facts:**"] if findings else []), *lines, *([f"- and {more} more"] if more else [])]


def list_changes(machine: Brief, stored: StoredBrief, person: str) -> list[str]:
    """List an edit's changes, or a model's unchecked sentences, each with its mark."""
    if stored.brief.written_by == BY_HAND:
        lines = change_lines(machine, stored.brief, stored.review, person)
        author = "the model's" if any(sentence.writer for sentence in stored.review.sentences) else "the machine's"
        rest = f"-# All other sentences are {author}."
    else:
        lines = marked_lines(Review(stored.review.unchecked)) if stored.review.unchecked else []
        rest = "-# Every figure of the other sentences is in the facts." if stored.review.sentences else ""
    texts: list[str] = []
    for line in lines:
        texts.append(_SIGNS.get(line[:2], "- {}").format(shorten(line[2 * (line[:2] in _SIGNS) :], _CHANGE)))
        if len("\n".join(texts)) > _CHANGES:
            texts[-1] = f"- … and {len(lines) - len(texts) + 1} more lines"
            break
    return [*texts, *([rest] if rest else [])]


def say_when(entry: AuditEntry | None) -> str:
    """Return the time and person of an entry."""
    return f" {format_moment(entry.at)} by {name_person(entry)}" if entry else ""


def list_places(items: Sequence[Item], guild: discord.Guild | None, most: int = _MOST_PLACES) -> list[str]:
    """Describe a brief's delivery to each target."""
    of_target: dict[str, dict[str, Item]] = {}
    for item in items:
        if item.action in ("post", "edit", "delete", "crosspost"):
            of_target.setdefault(item.target, {})[item.action] = item
    places = [_place(actions, guild) for actions in of_target.values()]
    more = len(places) - most
    return places if more <= 0 else [*places[:most], f"and {more} more"]


def _place(actions: dict[str, Item], guild: discord.Guild | None) -> str:
    item = next(iter(actions.values()))
    place = f"<#{item.address}>" if item.kind == "discord" else escape(name_target(item))
    post, deletion = actions.get("post"), actions.get("delete")
    if post is None or post.status == "failed":
        return f"not in {place}{_failure_text(post)}"
    if deletion is not None:
        words = {
            "sent": f"deleted in {place}",
            "failed": f"not deleted in {place}{_failure_text(deletion)}",
            "unsure": f"perhaps not deleted in {place}{_failure_text(deletion)}",
        }
        return words.get(deletion.status, f"being deleted in {place}")
    if post.status == "unsure":
        return f"perhaps in {place}{_failure_text(post)}"
    if post.is_waiting:
        return f"on its way to {place}{_failure_text(post)}"
    sentence = f"sent to {place}"
    if guild and post.kind == "discord" and post.message_id:
        sentence = f"in {place} ([see it]({_link(guild, post)}))"
    return sentence + _correction(actions.get("edit")) + _crosspost(actions.get("crosspost"))


def _link(guild: discord.Guild, post: Item) -> str:
    """Return a message's address; a forum post's first message is in the thread with its own id."""
    is_post = isinstance(guild.get_channel(post.address), discord.ForumChannel)
    place = post.message_id if is_post else post.address
    return f"https://discord.com/channels/{guild.id}/{place}/{post.message_id}"


def _correction(item: Item | None) -> str:
    if item is None or item.status == "sent":
        return ""
    return f"; not corrected there{_failure_text(item)}" if item.is_missed else "; the correction is on its way"


def _crosspost(item: Item | None) -> str:
    if item is None:
        return ""
    if item.status == "sent":
        return "; published to its followers"
    return f"; {'not published' if item.is_missed else 'not yet published'} to its followers{_failure_text(item)}"


def _failure_text(item: Item | None) -> str:
    return f" ({shorten(item.error, _REASON_LENGTH)})" if item and item.error else ""


def describe_schedule(schedule: Schedule) -> str:
    """Describe a schedule: "every Monday at 09:00 (Europe/Berlin), to #news, only when there is news"."""
    parts = [f"{describe_rule(schedule.rule)} ({schedule.timezone})"]
    parts.append(f"to <#{schedule.channel_id}>" if schedule.channel_id else "to the archive and feeds")
    if schedule.role_id:
        parts.append(f"mentioning <@&{schedule.role_id}>")
    parts.append("only when there is news" if schedule.only_news else "even without news")
    if schedule.focus:
        parts.append(f"on {schedule.focus} tests only")
    parts.append("after approval" if schedule.ask_first else "without asking first")
    return ", ".join(parts)


def describe_run(run: Run) -> str:
    """Describe a run of a schedule."""
    note = f": {shorten(run.note, _REASON_LENGTH)}" if run.note else ""
    return f"{format_moment(run.due_at)} {_RUNS.get(run.status, run.status)}{note}"


def describe_entry(entry: AuditEntry) -> str:
    """Describe an entry of the audit trail."""
    sentence = f"{format_moment(entry.at)} {name_person(entry)} {VERBS.get(entry.what, entry.what)}"
    detail = shorten(entry.detail, _DETAIL_LENGTH) if entry.detail else ""
    if entry.brief_id is None:
        return f"{sentence} {detail}".rstrip()
    return f"{sentence} brief {entry.brief_id}" + (f": {detail}" if detail else "")


# ---- the card


_CONTENT = 2000
_TRAIL = 30
_ANYWAY = "Post anyway"
_GREEN, _GREY, _RED = discord.ButtonStyle.success, discord.ButtonStyle.secondary, discord.ButtonStyle.danger


@dataclass(frozen=True)
class CardData:
    """A brief with its deliveries, audit trail (newest first), and whether a schedule awaits its approval.

    `first` is the first version's author; `is_edited` means that there is an edit to undo; `machine` is the machine's
    own version.
    """

    stored: StoredBrief
    items: list[Item]
    trail: list[AuditEntry]
    is_awaited: bool
    first: str
    is_edited: bool
    machine: Brief


def load(state: State, brief_id: int, person: Actor) -> CardData:
    """Load a card's data; raises UsageError if the server has no such brief."""
    stored = workflow.get(state, brief_id, person)
    versions = briefs.list_versions(state, brief_id)
    return CardData(
        stored,
        outbox.list_items(state, brief_id),
        audit.list_entries(state, brief_id=brief_id, limit=_TRAIL),
        workflow.is_awaited(state, brief_id),
        versions[0].brief.written_by,
        len(workflow.standing_versions(versions)) > 1,
        workflow.machine_version(versions).brief,
    )


async def show(interaction: Interaction, brief_id: int, channel_id: int | None = None) -> None:
    """Replace an acknowledged interaction's message by a brief's card; `channel_id` is a draft's channel."""
    data = await with_state(interaction.client, load, brief_id, actor(interaction))
    parts = await card(interaction.client, data, channel_id, for_all=is_for_all(interaction))
    await interaction.edit_original_response(attachments=parts.pop("files"), **parts)


def is_for_all(interaction: discord.Interaction) -> bool:
    """Whether an acknowledged interaction edits a draft in the moderators' channel."""
    in_place = interaction.response.type is discord.InteractionResponseType.deferred_message_update
    return in_place and interaction.message is not None and not interaction.message.flags.ephemeral


async def card(bot: Client, data: CardData, channel_id: int | None, *, for_all: bool) -> dict[str, Any]:
    """Return a card as arguments of `send`: a private one, or one for all moderators."""
    ending = brief_messages.mark("review" if for_all else "post", data.stored.id)
    parts = await brief_messages.write_message(bot, data.stored, ending)
    items = _private_buttons(data, channel_id)
    if for_all:
        items = _draft_buttons(data, "approve", 0) if data.stored.status == "draft" else []
    text = limits.fit(_write_head(bot, data, channel_id, for_all=for_all), _CONTENT)
    return {**parts, "content": text, "view": components.make_view(items)}


def review_buttons(brief_id: int) -> discord.ui.View:
    """Return the buttons under a schedule's new draft."""
    return components.make_view(_buttons(brief_id, 1, 0, label="Approve", step="approve"))


# ---- head


def _write_head(bot: Client, data: CardData, channel_id: int | None, *, for_all: bool) -> str:
    stored, trail = data.stored, data.trail
    state = stored.status if stored.posted_at else stored.status_word
    if state in DRAFT:
        entry_made = newest_entry(trail, "made")
        by = f" · made by {name_person(entry_made)}" if entry_made and entry_made.who is None else ""
        first = f"**Draft {stored.id}, as it will look** · {name_author(stored, trail, data.first)}{by}"
        marks = list_changes(data.machine, stored, "an editor's" if for_all else "yours")
        return "\n".join([first, f"-# {_say_next(data, channel_id, for_all=for_all)}", *marks])
    if state == "discarded":
        return f"**Draft {stored.id}** · discarded{say_when(newest_entry(trail, 'discarded'))}"
    entry = newest_entry(trail, state) or _posted_by_itself(data)
    lines = [f"**Brief {stored.id}** · {state}{say_when(entry)}{_reason(entry)}"]
    if stored.corrections:
        lines.append(f"- corrected{say_when(newest_entry(trail, 'corrected'))}")
    guild = bot.get_guild(stored.guild_id) if stored.guild_id else None
    return "\n".join([*lines, *(f"- {place}" for place in list_places(data.items, guild))])


def _posted_by_itself(data: CardData) -> AuditEntry | None:
    """Return the entry of an automatic post."""
    entry, posted_at = newest_entry(data.trail, "made"), data.stored.posted_at
    return replace(entry, at=posted_at) if entry and posted_at else None


def _reason(entry: AuditEntry | None) -> str:
    return f": {limits.shorten(entry.detail, 200)}" if entry and entry.what == "withdrawn" and entry.detail else ""


def _say_next(data: CardData, channel_id: int | None, *, for_all: bool) -> str:
    """Describe the next step for a draft, and its destination."""
    if for_all:
        return "Any moderator can approve, edit or discard it; it is posted only once."
    if data.is_awaited:
        return f"{_label(data, 'Approve')} posts it where its schedule posts."
    if channel_id is None:
        return "Choose a channel to post it in."
    return f"{_label(data, 'Post')} sends it to <#{channel_id}>."


# ---- buttons; each carries the brief's number, the version shown, and the channel


def _private_buttons(data: CardData, channel_id: int | None) -> Items:
    stored = data.stored
    ids = (stored.id, stored.version, channel_id or 0)
    if stored.status in DRAFT:
        if data.is_awaited:
            return _draft_buttons(data, "approve", ids[-1])
        return [_channel_select(*ids), *_draft_buttons(data, "post", ids[-1]), button("Schedule", "plan", *ids)]
    again: Items = [button("Send again", "again", *ids)] if workflow.list_missed(stored, data.items) else []
    if stored.status not in CORRECT.statuses:
        return again
    return [
        button("Correct", "correct", *ids),
        button("Withdraw", "withdraw", *ids, style=_RED),
        *again,
        button("Look again", "look", *ids),
    ]


def _draft_buttons(data: CardData, step: str, channel_id: int) -> Items:
    ids = (data.stored.id, data.stored.version, channel_id)
    return _buttons(*ids, label=_label(data, step.capitalize()), step=step, is_edited=data.is_edited)


def _label(data: CardData, label: str) -> str:
    return _ANYWAY if data.stored.findings else label


def _buttons(*ids: int, label: str, step: str, is_edited: bool = False) -> Items:
    first, second = (_GREY, _GREEN) if label == _ANYWAY else (_GREEN, _GREY)  # the safe step is the green one
    return [
        button(label, step, *ids, style=first, disabled=step == "post" and not ids[-1]),
        button("Edit", "edit", *ids, style=second),
        *([button("Undo", "undo", *ids)] if is_edited else []),
        button("Discard", "discard", *ids, style=_RED),
    ]


def _channel_select(*ids: int) -> discord.ui.ChannelSelect[Any]:
    return discord.ui.ChannelSelect(
        custom_id=custom_id("to", *ids),
        placeholder="The channel to post it in",
        channel_types=channels.POSTABLE,
        default_values=preset_channels(ids[-1:]),
    )
