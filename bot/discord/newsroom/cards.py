"""A brief's card: the brief as it will look, how it stands, and what can be done with it, in the reader's time."""

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

# ---- how it is said


_MOST_PLACES = 8
_MOST_FINDINGS, _FINDING = 5, 300
_CHANGES, _CHANGE = 1300, 400
"""Letters of all changes that a card shows, and of one."""
_SIGNS = {"- ": "- ~~{}~~", "+ ": "- {}", "! ": "  - {}"}
"""How a sentence that went, one that came, and a finding are shown."""
_WHY, _DETAIL = 120, 200
_RUNS = {
    "made": "a brief was made",
    "awaiting": "a draft waits for approval",
    "nothing-new": "there was nothing new",
    "skipped": "skipped",
}


def format_moment(at: datetime) -> str:
    """Write a moment, which Discord shows in the reader's own time."""
    return format_dt(at, "f")


def name_person(entry: AuditEntry) -> str:
    """Say who did something."""
    return entry.unnamed_actor if entry.who is None else f"<@{entry.who}>"


def newest_entry(trail: Sequence[AuditEntry], *what: str) -> AuditEntry | None:
    """Return the newest entry of some kinds."""
    return next((entry for entry in trail if entry.what in what), None)


def name_author(kept: StoredBrief, trail: Sequence[AuditEntry] = (), first: str | None = None) -> str:
    """Say who wrote a brief, and who edited it; `first` is who wrote its first version."""
    writer = first or kept.brief.written_by
    name = writer.removeprefix("model ")
    authorship = f"written by the language model {escape(name)}" if name != writer else "written by a template"
    if kept.brief.written_by != BY_HAND:
        return authorship
    entry = newest_entry(trail, "edited", "corrected")
    return f"{authorship}, edited{f' by {name_person(entry)}' if entry else ''}"


def list_findings(findings: Sequence[str]) -> list[str]:
    """Say what of a text no fact has: a line that says so, and one for each, if there are any."""
    shown = [f"- {shorten(each, _FINDING)}" for each in findings[:_MOST_FINDINGS]]
    more = len(findings) - len(shown)
    return [*(["**Not in the facts:**"] if findings else []), *shown, *([f"- and {more} more"] if more else [])]


def list_changes(machine: Brief, kept: StoredBrief, person: str) -> list[str]:
    """Say what an edit changed, or what of a model's words is unchecked, each sentence with its mark."""
    if kept.brief.written_by == BY_HAND:
        lines = change_lines(machine, kept.brief, kept.review, person)
        others = "the model's" if any(sentence.writer for sentence in kept.review.sentences) else "the machine's"
        rest = f"-# All other sentences are {others}."
    else:
        unchecked = tuple(sentence for sentence in kept.review.sentences if sentence.mark == "unchecked")
        lines = marked_lines(Review(unchecked)) if unchecked else []
        rest = "-# Every figure of the other sentences is in the facts." if kept.review.sentences else ""
    shown: list[str] = []
    for line in lines:
        shown.append(_SIGNS.get(line[:2], "- {}").format(shorten(line[2 * (line[:2] in _SIGNS) :], _CHANGE)))
        if len("\n".join(shown)) > _CHANGES:
            shown[-1] = f"- … and {len(lines) - len(shown) + 1} more lines"
            break
    return [*shown, *([rest] if rest else [])]


def say_when(entry: AuditEntry | None) -> str:
    """Say when something was done, and by whom."""
    return f" {format_moment(entry.at)} by {name_person(entry)}" if entry else ""


def list_places(items: Sequence[Item], guild: discord.Guild | None, most: int = _MOST_PLACES) -> list[str]:
    """Say of each target whether a brief is there, and why not."""
    of_target: dict[str, dict[str, Item]] = {}
    for item in items:
        if item.action in ("post", "edit", "delete", "crosspost"):
            of_target.setdefault(item.target, {})[item.action] = item
    places = [_place(actions, guild) for actions in of_target.values()]
    more = len(places) - most
    return places if more <= 0 else [*places[:most], f"and {more} more"]


def _place(actions: dict[str, Item], guild: discord.Guild | None) -> str:
    item = next(iter(actions.values()))
    where = f"<#{item.address}>" if item.kind == "discord" else escape(name_target(item))
    post, deletion = actions.get("post"), actions.get("delete")
    if post is None or post.status == "failed":
        return f"not in {where}{_why(post)}"
    if deletion is not None:
        words = {
            "sent": f"deleted in {where}",
            "failed": f"not deleted in {where}{_why(deletion)}",
            "unsure": f"perhaps not deleted in {where}{_why(deletion)}",
        }
        return words.get(deletion.status, f"being deleted in {where}")
    if post.status == "unsure":
        return f"perhaps in {where}{_why(post)}"
    if post.is_waiting:
        return f"on its way to {where}{_why(post)}"
    place = f"sent to {where}"
    if guild and post.kind == "discord" and post.message_id:
        place = f"in {where} ([see it]({_link(guild, post)}))"
    return place + _correction(actions.get("edit")) + _crosspost(actions.get("crosspost"))


def _link(guild: discord.Guild, post: Item) -> str:
    """Return the address of a message; one that began a post in a forum is in the thread of its own number."""
    is_post = isinstance(guild.get_channel(post.address), discord.ForumChannel)
    place = post.message_id if is_post else post.address
    return f"https://discord.com/channels/{guild.id}/{place}/{post.message_id}"


def _correction(item: Item | None) -> str:
    if item is None or item.status == "sent":
        return ""
    return f"; not corrected there{_why(item)}" if item.is_missed else "; the correction is on its way"


def _crosspost(item: Item | None) -> str:
    if item is None:
        return ""
    if item.status == "sent":
        return "; published to its followers"
    return f"; {'not published' if item.is_missed else 'not yet published'} to its followers{_why(item)}"


def _why(item: Item | None) -> str:
    return f" ({shorten(item.error, _WHY)})" if item and item.error else ""


def describe_schedule(schedule: Schedule) -> str:
    """Say what a schedule does: "every Monday at 09:00 (Europe/Berlin), to #news, only when there is news"."""
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
    """Say what came of a due time."""
    note = f": {shorten(run.note, _WHY)}" if run.note else ""
    return f"{format_moment(run.due_at)} {_RUNS.get(run.status, run.status)}{note}"


def describe_entry(entry: AuditEntry) -> str:
    """Say an entry of the audit trail."""
    sentence = f"{format_moment(entry.at)} {name_person(entry)} {VERBS.get(entry.what, entry.what)}"
    detail = shorten(entry.detail, _DETAIL) if entry.detail else ""
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
    """A brief with what came of it, what was done to it (the newest first), and whether a schedule awaits approval.

    `first` is who wrote its first version; `is_edited` where there is an edit to undo; `machine` is the brief in the
    machine's own words.
    """

    kept: StoredBrief
    items: list[Item]
    trail: list[AuditEntry]
    is_awaited: bool
    first: str
    is_edited: bool
    machine: Brief


def load(state: State, brief_id: int, person: Actor) -> CardData:
    """Load what a card shows of a brief; raises UsageError where the server has none of this number."""
    kept = workflow.get(state, brief_id, person)
    versions = briefs.list_versions(state, brief_id)
    return CardData(
        kept,
        outbox.list_items(state, brief_id),
        audit.list_entries(state, brief_id=brief_id, limit=_TRAIL),
        workflow.is_awaited(state, brief_id),
        versions[0].brief.written_by,
        len(workflow.standing_versions(versions)) > 1,
        workflow.machine_version(versions).brief,
    )


async def show(interaction: Interaction, brief_id: int, channel_id: int | None = None) -> None:
    """Put a brief's card in place of what an acknowledged interaction shows; a draft's goes to the channel."""
    data = await with_state(interaction.client, load, brief_id, actor(interaction))
    shown = await card(interaction.client, data, channel_id, for_all=is_for_all(interaction))
    await interaction.edit_original_response(attachments=shown.pop("files"), **shown)


def is_for_all(interaction: discord.Interaction) -> bool:
    """Whether an acknowledged interaction changes a draft in the moderators' channel, which all of them see."""
    in_place = interaction.response.type is discord.InteractionResponseType.deferred_message_update
    return in_place and interaction.message is not None and not interaction.message.flags.ephemeral


async def card(bot: Client, data: CardData, channel_id: int | None, *, for_all: bool) -> dict[str, Any]:
    """Return a card as `send` takes it: a private one, or the one for all moderators."""
    ending = brief_messages.mark("review" if for_all else "post", data.kept.id)
    shown = await brief_messages.write_message(bot, data.kept, ending)
    items = _private_buttons(data, channel_id)
    if for_all:
        items = _draft_buttons(data, "approve", 0) if data.kept.status == "draft" else []
    text = limits.fit(_write_head(bot, data, channel_id, for_all=for_all), _CONTENT)
    return {**shown, "content": text, "view": components.make_view(items)}


def review_buttons(brief_id: int) -> discord.ui.View:
    """Return the buttons under a draft that a schedule made, as it was first written."""
    return components.make_view(_buttons(brief_id, 1, 0, label="Approve", does="approve"))


# ---- what it says


def _write_head(bot: Client, data: CardData, channel_id: int | None, *, for_all: bool) -> str:
    kept, trail = data.kept, data.trail
    state = kept.status if kept.posted_at else kept.status_word
    if state in DRAFT:
        entry_made = newest_entry(trail, "made")
        by = f" · made by {name_person(entry_made)}" if entry_made and entry_made.who is None else ""
        first = f"**Draft {kept.id}, as it will look** · {name_author(kept, trail, data.first)}{by}"
        marks = list_changes(data.machine, kept, "an editor's" if for_all else "yours")
        return "\n".join([first, f"-# {_say_next(data, channel_id, for_all=for_all)}", *marks])
    if state == "discarded":
        return f"**Draft {kept.id}** · discarded{say_when(newest_entry(trail, 'discarded'))}"
    entry = newest_entry(trail, state) or _posted_by_itself(data)
    lines = [f"**Brief {kept.id}** · {state}{say_when(entry)}{_reason(entry)}"]
    if kept.corrections:
        lines.append(f"- corrected{say_when(newest_entry(trail, 'corrected'))}")
    guild = bot.get_guild(kept.guild_id) if kept.guild_id else None
    return "\n".join([*lines, *(f"- {place}" for place in list_places(data.items, guild))])


def _posted_by_itself(data: CardData) -> AuditEntry | None:
    """Return by what a brief was posted that no person posted."""
    entry, at = newest_entry(data.trail, "made"), data.kept.posted_at
    return replace(entry, at=at) if entry and at else None


def _reason(entry: AuditEntry | None) -> str:
    return f": {limits.shorten(entry.detail, 200)}" if entry and entry.what == "withdrawn" and entry.detail else ""


def _say_next(data: CardData, channel_id: int | None, *, for_all: bool) -> str:
    """Say what can be done with a draft, and where it would go."""
    if for_all:
        return "Any moderator can approve, edit or discard it; it is posted only once."
    if data.is_awaited:
        return f"{_label(data, 'Approve')} posts it where its schedule posts."
    if channel_id is None:
        return "Choose a channel to post it in."
    return f"{_label(data, 'Post')} sends it to <#{channel_id}>."


# ---- what can be done; each button knows the brief's number, the version that is shown, and the channel


def _private_buttons(data: CardData, channel_id: int | None) -> Items:
    kept = data.kept
    known = (kept.id, kept.version, channel_id or 0)
    if kept.status in DRAFT:
        if data.is_awaited:
            return _draft_buttons(data, "approve", known[-1])
        return [_channel_select(*known), *_draft_buttons(data, "post", known[-1]), button("Schedule", "plan", *known)]
    again: Items = [button("Send again", "again", *known)] if workflow.list_missed(kept, data.items) else []
    if kept.status not in CORRECT.statuses:
        return again
    return [
        button("Correct", "correct", *known),
        button("Withdraw", "withdraw", *known, style=_RED),
        *again,
        button("Look again", "look", *known),
    ]


def _draft_buttons(data: CardData, does: str, channel_id: int) -> Items:
    known = (data.kept.id, data.kept.version, channel_id)
    return _buttons(*known, label=_label(data, does.capitalize()), does=does, is_edited=data.is_edited)


def _label(data: CardData, label: str) -> str:
    return _ANYWAY if data.kept.findings else label


def _buttons(*known: int, label: str, does: str, is_edited: bool = False) -> Items:
    first, second = (_GREY, _GREEN) if label == _ANYWAY else (_GREEN, _GREY)  # the safe step is the green one
    return [
        button(label, does, *known, style=first, disabled=does == "post" and not known[-1]),
        button("Edit", "edit", *known, style=second),
        *([button("Undo", "undo", *known)] if is_edited else []),
        button("Discard", "discard", *known, style=_RED),
    ]


def _channel_select(*known: int) -> discord.ui.ChannelSelect[Any]:
    return discord.ui.ChannelSelect(
        custom_id=custom_id("to", *known),
        placeholder="The channel to post it in",
        channel_types=channels.POSTABLE,
        default_values=preset_channels(known[-1:]),
    )
