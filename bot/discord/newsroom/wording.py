"""How the newsroom says things: who did what when, where a brief is, when a schedule is next, in the reader's time."""

from collections.abc import Sequence
from datetime import datetime

import discord
from discord.utils import format_dt

from bot.discord.limits import escaped, short
from bot.newsroom.editing import BY_HAND, change_lines, marked_lines
from bot.newsroom.recurrence import in_words
from bot.newsroom.step_table import VERBS
from bot.newsroom.targets import name_of
from bot.state.audit import Entry
from bot.state.briefs import StoredBrief
from bot.state.outbox import Item
from bot.state.schedules import Run, Schedule
from core.brief import Brief
from core.text.review import Review

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


def moment(at: datetime) -> str:
    """Write a moment, which Discord shows in the reader's own time."""
    return format_dt(at, "f")


def person(entry: Entry) -> str:
    """Say who did something."""
    return entry.nobody if entry.who is None else f"<@{entry.who}>"


def last(trail: Sequence[Entry], *what: str) -> Entry | None:
    """Return the newest entry of some kinds."""
    return next((entry for entry in trail if entry.what in what), None)


def author(kept: StoredBrief, trail: Sequence[Entry] = (), first: str | None = None) -> str:
    """Say who wrote a brief, and who edited it; `first` is who wrote its first version."""
    writer = first or kept.brief.written_by
    name = writer.removeprefix("model ")
    said = f"written by the language model {escaped(name)}" if name != writer else "written by a template"
    if kept.brief.written_by != BY_HAND:
        return said
    entry = last(trail, "edited", "corrected")
    return f"{said}, edited{f' by {person(entry)}' if entry else ''}"


def findings(found: Sequence[str]) -> list[str]:
    """Say what of a text no fact has: a line that says so, and one for each, if there are any."""
    said = [f"- {short(each, _FINDING)}" for each in found[:_MOST_FINDINGS]]
    more = len(found) - len(said)
    return [*(["**Not in the facts:**"] if found else []), *said, *([f"- and {more} more"] if more else [])]


def marks(machine: Brief, kept: StoredBrief, person: str) -> list[str]:
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
        shown.append(_SIGNS.get(line[:2], "- {}").format(short(line[2 * (line[:2] in _SIGNS) :], _CHANGE)))
        if len("\n".join(shown)) > _CHANGES:
            shown[-1] = f"- … and {len(lines) - len(shown) + 1} more lines"
            break
    return [*shown, *([rest] if rest else [])]


def done(entry: Entry | None) -> str:
    """Say when something was done, and by whom."""
    return f" {moment(entry.at)} by {person(entry)}" if entry else ""


def destination(item: Item) -> str:
    """Name an item's target."""
    return f"<#{item.address}>" if item.kind == "discord" else escaped(name_of(item))


def places(items: Sequence[Item], guild: discord.Guild | None, most: int = _MOST_PLACES) -> list[str]:
    """Say of each target whether a brief is there, and why not."""
    of_target: dict[str, dict[str, Item]] = {}
    for item in items:
        if item.action in ("post", "edit", "delete", "crosspost"):
            of_target.setdefault(item.target, {})[item.action] = item
    said = [_place(actions, guild) for actions in of_target.values()]
    more = len(said) - most
    return said if more <= 0 else [*said[:most], f"and {more} more"]


def _place(actions: dict[str, Item], guild: discord.Guild | None) -> str:
    where = destination(next(iter(actions.values())))
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
    said = f"sent to {where}"
    if guild and post.kind == "discord" and post.message_id:
        said = f"in {where} ([see it]({_link(guild, post)}))"
    return said + _correction(actions.get("edit")) + _crosspost(actions.get("crosspost"))


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
    return f" ({short(item.error, _WHY)})" if item and item.error else ""


def schedule(found: Schedule) -> str:
    """Say what a schedule does: "every Monday at 09:00 (Europe/Berlin), to #news, only when there is news"."""
    parts = [f"{in_words(found.rule)} ({found.timezone})"]
    parts.append(f"to <#{found.channel_id}>" if found.channel_id else "to the archive and feeds")
    if found.role_id:
        parts.append(f"mentioning <@&{found.role_id}>")
    parts.append("only when there is news" if found.only_news else "even without news")
    if found.focus:
        parts.append(f"on {found.focus} tests only")
    parts.append("after approval" if found.ask_first else "without asking first")
    return ", ".join(parts)


def run(found: Run) -> str:
    """Say what came of a due time."""
    note = f": {short(found.note, _WHY)}" if found.note else ""
    return f"{moment(found.due_at)} {_RUNS.get(found.status, found.status)}{note}"


def entry(found: Entry) -> str:
    """Say an entry of the audit trail."""
    said = f"{moment(found.at)} {person(found)} {VERBS.get(found.what, found.what)}"
    detail = short(found.detail, _DETAIL) if found.detail else ""
    if found.brief_id is None:
        return f"{said} {detail}".rstrip()
    return f"{said} brief {found.brief_id}" + (f": {detail}" if detail else "")
