"""A brief as a Discord message: deck, bullets and chart, with terms and evidence behind buttons.

`/brief` and delivery share it; a delivered message ends with a mark by which it can be found again.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import discord
import structlog

from bot.discord import components, limits, render, responses
from bot.discord.asking import Asker
from bot.discord.client_base import Client, Interaction
from bot.discord.custom_ids import pack
from bot.newsroom.formats import correction_notes
from bot.pictures import choose_chart
from bot.services import Services
from bot.state.briefs import StoredBrief, list_briefs
from bot.state.watches import Watch
from core.brief import Brief
from core.brief.brief import STUDY
from core.questions import GapQuestion
from core.words import day

log = structlog.get_logger("gapbrief.discord")

_FOOT, _LINK = 700, 400
"""Characters reserved for the foot, and for the link to the story."""
_TEXT = limits.DESCRIPTION - _LINK
_NOTE, _NOTES = 300, 2
"""Characters of a correction note, and how many notes are shown."""
_MARKS = {
    "post": "Brief {}", "review": "Draft of brief {}", "tell": "Note {1} about brief {0}", "watch": "Milestone {}",
}  # fmt: skip
"""The mark at a message's end, by action."""
_SEPARATOR = " · "
_EVIDENCE_ONLY = re.compile(r"; figures average [^;.]+|; method [\w-]+(?=\.)|\.$")
"""Parts of a foot that the evidence repeats."""


async def show_brief(
    interaction: Interaction, brief_day: date | None, since: date | None = None, *, private: bool = False
) -> None:
    """Answer an interaction with a day's brief (None: the newest) and its news `since` a day; an edit adds a chart."""
    bot = interaction.client
    loading = load_message(bot, brief_day, interaction.guild_id, since)
    message = await responses.in_time(interaction, loading, private=private)
    await responses.respond(interaction, private=private, embed=message.embed, view=message.view, files=message.files)
    _remember(bot, (interaction.channel_id or 0, interaction.user.id), message, interaction.created_at)
    await add_chart(bot, interaction.edit_original_response, message)


async def reply_with_brief(
    bot: Client, message: discord.Message, brief_day: date | None, since: date | None = None, **options: Any
) -> None:
    """Reply to a message with a day's brief (None: the newest), with the news `since` a day; an edit adds the chart."""
    brief_message = await load_message(bot, brief_day, message.guild.id if message.guild else None, since)
    send = partial(message.channel.send, embed=brief_message.embed, view=brief_message.view, **options)
    sent = await responses.with_retry(lambda: send(files=responses.make_files(brief_message.files)))
    _remember(bot, (message.channel.id, message.author.id), brief_message, message.created_at)
    await add_chart(bot, sent.edit, brief_message)


def _remember(bot: Client, asker: Asker, message: "BriefMessage", asked_at: datetime) -> None:
    """Remember which brief "an older one" means."""
    now = asked_at.timestamp()
    bot.memory.remember(asker, bot.memory.context(asker, now).after_brief(message.older), now)


@dataclass(frozen=True)
class BriefMessage:
    """A brief's message; `question` is its chart's, `older` the day of the brief before it."""

    embed: discord.Embed
    view: discord.ui.View
    files: responses.Files
    question: GapQuestion
    older: date | None


async def load_message(
    bot: Client, requested_day: date | None, guild_id: int | None, since: date | None = None
) -> BriefMessage:
    """Return the message of a day's brief (None: the newest); raises UsageError for an impossible day.

    A posted brief takes precedence over one written now: it is what people have read. One with the news `since` a
    day is written now.
    """
    posted = await list_posted(bot.services, guild_id)
    if since:
        return _show(bot, await bot.services.answers.brief(requested_day, since), list(posted.values()))
    brief_day = requested_day or next((posted_on for posted_on in posted if posted[posted_on].kind != "archive"), None)
    if brief_day in posted:
        return _show(bot, posted[brief_day].brief, list(posted.values()), posted[brief_day])
    return _show(bot, await bot.services.answers.brief(brief_day), list(posted.values()))


def _show(bot: Client, brief: Brief, posted: Sequence[StoredBrief], stored: StoredBrief | None = None) -> BriefMessage:
    """Build a brief's message; `stored` is its record, if any, `posted` the posted briefs, newest first."""
    embed, files = write_embed(brief, correction_notes(stored.corrections) if stored else ())
    if stored:
        embed.url = _find_page(bot, stored)
    question = stored.chart_question if stored else GapQuestion(as_of=brief.as_of)
    briefs = [other.brief for other in posted] if len(posted) > 1 else brief.more
    earlier_briefs = [other for other in briefs if other.published < brief.published]
    evidence = pack(question, bot.tokens)
    items: components.Items = [components.terms_button()]
    if evidence:
        items.append(components.follow_button(evidence, "Evidence"))
    if earlier_briefs:
        buttons = (components.brief_button(other.published, other.title) for other in earlier_briefs)
        items.append(components.select_more(buttons, "Earlier"))
    view = components.make_view(items)
    return BriefMessage(embed, view, files, question, earlier_briefs[0].published if earlier_briefs else None)


async def add_chart(bot: Client, edit: responses.Edit, message: BriefMessage) -> None:
    """Add the chart to a brief's message; a failure leaves the message as it is."""

    async def put(embed: discord.Embed, attachments: list[discord.File]) -> None:
        await edit(embed=embed, attachments=[*attachments, *responses.make_files(message.files)])

    try:
        chart = choose_chart(await bot.services.answers.answer(message.question))
    except Exception as error:
        log.warning("no picture", exc_info=error)
        return
    if chart:
        await responses.add_picture(bot, put, message.embed, chart)


async def list_posted(services: Services, guild_id: int | None) -> dict[date, StoredBrief]:
    """Return the posted briefs of a server and of the whole service by day, newest first.

    Other servers' briefs are left out.
    """
    days: dict[date, StoredBrief] = {}
    for owner_id in dict.fromkeys((guild_id, None)):
        read = partial(list_briefs, services.state, guild_id=owner_id, statuses=("posted",), limit=limits.CHOICES)
        for stored in await asyncio.to_thread(read):
            days.setdefault(stored.brief.published, stored)
    return dict(sorted(days.items(), reverse=True)[: limits.CHOICES])


def write_embed(brief: Brief, notes: Sequence[str] = ()) -> tuple[discord.Embed, responses.Files]:
    """Return a brief as an embed, with the newest correction notes, and the full Markdown if the embed is cut."""
    lines = [limits.keep_links(brief.deck)] if brief.deck else []
    lines += [f"**{limits.shorten(note, _NOTE)}**" for note in notes[:_NOTES]]
    lines += [f"- {limits.keep_links(' '.join(bullet.parts))}" for bullet in brief.bullets]
    text, story_link, story = "\n".join(lines), brief.read_more, ""
    if story_link.url not in ("", STUDY.url):
        story = f"{story_link.lead} [{limits.shorten(story_link.label, 160)}](<{story_link.url}>)"
    is_whole = len(text) <= _TEXT and len(story) <= _LINK and len(brief.foot) <= _FOOT
    if len(text) > _TEXT:
        text = f"{text[: _TEXT - _NOTE].rsplit(chr(10), 1)[0]}\n- … the rest is in the file"
    if story and len(story) <= _LINK:
        text += f"\n{story}"
    embed = discord.Embed(title=limits.shorten(brief.title, limits.TITLE), description=text, colour=render.COLOUR)
    embed.set_author(name=limits.fit(limits.clean(f"{brief.category} · {day(brief.published)}"), limits.TITLE))
    embed.set_footer(text=limits.fit(limits.clean(_EVIDENCE_ONLY.sub("", brief.foot)), _FOOT))
    if is_whole:
        return embed, []
    from bot.newsroom import render as written

    return embed, [(f"brief-{brief.published}.md", written(brief, "md").encode())]


# ---- delivery


def mark(action: str, brief_id: int, number: int = 1) -> str:
    """Return the mark by which a message is found again after a crash; notes have a number."""
    return _MARKS[action].format(brief_id, number)


def has_mark(message: discord.Message, mark: str) -> bool:
    """Whether a message ends with a mark."""
    return mark in [(embed.footer.text or "").rsplit(_SEPARATOR, 1)[-1] for embed in message.embeds]


async def write_message(bot: Client, stored: StoredBrief, ending: str) -> dict[str, Any]:
    """Return a brief as arguments of `send`, without its chart if drawing fails."""
    message = _show(bot, stored.brief, (), stored)
    embed, files = message.embed, responses.make_files(message.files)
    embed.set_footer(text=f"{embed.footer.text}{_SEPARATOR}{ending}")
    try:
        chart = choose_chart(await bot.services.answers.answer(message.question))
        if chart is not None:
            embed, picture = render.with_file(embed, await bot.services.pictures.picture(chart), chart)
            files.insert(0, picture)
    except Exception as error:
        log.warning("no picture", brief=stored.id, exc_info=error)
    return {"embeds": [embed], "files": files, "view": message.view}


def write_milestone(bot: Client, stored: StoredBrief, watched: Sequence[Watch], ending: str) -> dict[str, Any]:
    """Return a milestone for its watchers: its sentence, its page, and a button for each watch to end."""
    embed = discord.Embed(title=limits.shorten(stored.brief.title, limits.TITLE), colour=render.COLOUR)
    embed.url = _find_page(bot, stored)
    embed.set_footer(text=ending)
    return {"embed": embed, "view": components.make_view(map(components.end_watch_button, watched))}


def _find_page(bot: Client, stored: StoredBrief) -> str | None:
    """Return the address of a brief's page, if it has one."""
    public_url = bot.services.settings.public_url
    return f"{public_url}/briefs/{stored.slug}" if stored.is_public and public_url else None


def write_note(words: str, ending: str) -> discord.Embed:
    """Return a sentence for moderators."""
    embed = discord.Embed(description=limits.fit(words, limits.DESCRIPTION), colour=render.COLOUR)
    return embed.set_footer(text=ending)
