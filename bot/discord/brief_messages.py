"""A brief as a Discord message: its deck and bullets as they are, its chart; terms and evidence behind buttons.

`/brief` answers with one, and delivery sends one, with words at its end by which it is found again.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
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
"""Letters that are kept for the foot, and for the link to the whole story."""
_TEXT = limits.DESCRIPTION - _LINK
_NOTE, _NOTES = 300, 2
"""Letters of a note on what was corrected, and how many such notes are shown."""
_MARKS = {
    "post": "Brief {}", "review": "Draft of brief {}", "tell": "Note {1} about brief {0}", "watch": "Milestone {}",
}  # fmt: skip
"""By which words at its end a message is found again."""
_BETWEEN = " · "
_ASIDE = re.compile(r"; figures average [^;.]+|; method [\w-]+(?=\.)|\.$")
"""What of a foot is left to the evidence, which says it too."""


async def show_brief(interaction: Interaction, published: date | None, *, private: bool = False) -> None:
    """Answer an interaction with the brief of a day, None for the newest; the chart follows by an edit."""
    bot = interaction.client
    shown = await responses.in_time(interaction, find_shown(bot, published, interaction.guild_id), private=private)
    await responses.respond(interaction, private=private, embed=shown.embed, view=shown.view, files=shown.files)
    _remember(bot, (interaction.channel_id or 0, interaction.user.id), shown, interaction.created_at)
    await add_chart(bot, interaction.edit_original_response, shown)


async def reply_with_brief(bot: Client, message: discord.Message, published: date | None, **to: Any) -> None:
    """Reply to a message, `to` says how, with the brief of a day, None for the newest; the chart follows by an edit."""
    shown = await find_shown(bot, published, message.guild.id if message.guild else None)
    send = partial(message.channel.send, embed=shown.embed, view=shown.view, **to)
    sent = await responses.with_retry(lambda: send(files=responses.make_files(shown.files)))
    _remember(bot, (message.channel.id, message.author.id), shown, message.created_at)
    await add_chart(bot, sent.edit, shown)


def _remember(bot: Client, asker: Asker, shown: "ShownBrief", at: datetime) -> None:
    """Remember which brief "an older one" is."""
    now = at.timestamp()
    bot.memory.remember(asker, bot.memory.context(asker, now).after_brief(shown.older), now)


@dataclass(frozen=True)
class ShownBrief:
    """What of a message shows a brief; `question` is that of its chart, `older` the day of the brief before it."""

    embed: discord.Embed
    view: discord.ui.View
    files: responses.Files
    question: GapQuestion
    older: date | None


async def find_shown(bot: Client, published: date | None, guild_id: int | None) -> ShownBrief:
    """Return what shows the brief of a day for a server, None for the newest; raises UsageError for an impossible day.

    What was posted goes before what would be written now: it is what people have read.
    """
    known = await list_posted(bot.services, guild_id)
    wanted = published or next((each for each in known if known[each].kind != "archive"), None)
    if wanted in known:
        return _show(bot, known[wanted].brief, known, known[wanted])
    return _show(bot, await bot.services.answers.brief(wanted), known)


def _show(bot: Client, brief: Brief, known: Mapping[date, StoredBrief], kept: StoredBrief | None = None) -> ShownBrief:
    """Return what shows a brief, `kept` where it is stored; `known` are the posted ones, the newest first."""
    embed, files = write_embed(brief, correction_notes(kept.corrections) if kept else ())
    if kept:
        embed.url = _find_page(bot, kept)
    question = kept.chart_question if kept else GapQuestion(as_of=brief.as_of)
    others = [each.brief for each in known.values()] if len(known) > 1 else brief.more
    earlier = [each for each in others if each.published < brief.published]
    evidence = pack(question, bot.tokens)
    items: components.Items = [components.terms_button()]
    if evidence:
        items.append(components.follow_button(evidence, "Evidence"))
    if earlier:
        offered = (components.brief_button(each.published, each.title) for each in earlier)
        items.append(components.select_more(offered, "Earlier"))
    view = components.make_view(items)
    return ShownBrief(embed, view, files, question, earlier[0].published if earlier else None)


async def add_chart(bot: Client, edit: responses.Edit, shown: ShownBrief) -> None:
    """Put its chart into a brief by an edit of the message; without it the brief stands as it is."""

    async def put(embed: discord.Embed, attachments: list[discord.File]) -> None:
        await edit(embed=embed, attachments=[*attachments, *responses.make_files(shown.files)])

    try:
        chart = choose_chart(await bot.services.answers.answer(shown.question))
    except Exception as error:
        log.warning("no picture", exc_info=error)
        return
    if chart:
        await responses.add_picture(bot, put, shown.embed, chart)


async def list_posted(services: Services, guild_id: int | None) -> dict[date, StoredBrief]:
    """Return the briefs that a server, or the whole service, posted and did not withdraw.

    They come by their days, newest first. What another server's moderators wrote stays there.
    """
    days: dict[date, StoredBrief] = {}
    for whose in dict.fromkeys((guild_id, None)):
        look = partial(list_briefs, services.state, guild_id=whose, statuses=("posted",), limit=limits.CHOICES)
        for each in await asyncio.to_thread(look):
            days.setdefault(each.brief.published, each)
    return dict(sorted(days.items(), reverse=True)[: limits.CHOICES])


def write_embed(brief: Brief, notes: Sequence[str] = ()) -> tuple[discord.Embed, responses.Files]:
    """Return a brief as an embed, the newest `notes` on it under its deck; and whole as Markdown where that is cut."""
    lines = [limits.keep_links(brief.deck)] if brief.deck else []
    lines += [f"**{limits.shorten(note, _NOTE)}**" for note in notes[:_NOTES]]
    lines += [f"- {limits.keep_links(' '.join(bullet.parts))}" for bullet in brief.bullets]
    text, more, story = "\n".join(lines), brief.read_more, ""
    if more.url not in ("", STUDY.url):
        story = f"{more.lead} [{limits.shorten(more.label, 160)}](<{more.url}>)"
    is_whole = len(text) <= _TEXT and len(story) <= _LINK and len(brief.foot) <= _FOOT
    if len(text) > _TEXT:
        text = f"{text[: _TEXT - _NOTE].rsplit(chr(10), 1)[0]}\n- … the rest is in the file"
    if story and len(story) <= _LINK:
        text += f"\n{story}"
    embed = discord.Embed(title=limits.shorten(brief.title, limits.TITLE), description=text, colour=render.COLOUR)
    embed.set_author(name=limits.fit(limits.clean(f"{brief.category} · {day(brief.published)}"), limits.TITLE))
    foot = _ASIDE.sub("", brief.foot).replace(f" {brief.published.year};", ";")
    embed.set_footer(text=limits.fit(limits.clean(foot), _FOOT))
    if is_whole:
        return embed, []
    from bot.newsroom import render as written

    return embed, [(f"brief-{brief.published}.md", written(brief, "md").encode())]


# ---- as delivery sends them


def mark(action: str, brief_id: int, number: int = 1) -> str:
    """Return the words at the end of a message by which it is found again, after a crash; notes have a number."""
    return _MARKS[action].format(brief_id, number)


def has_mark(message: discord.Message, wanted: str) -> bool:
    """Whether a message ends with these words."""
    return wanted in [(embed.footer.text or "").rsplit(_BETWEEN, 1)[-1] for embed in message.embeds]


async def write_message(bot: Client, kept: StoredBrief, ending: str) -> dict[str, Any]:
    """Return a brief as embeds, files and a view, as `send` takes them; without its chart where that can't be drawn."""
    shown = _show(bot, kept.brief, {}, kept)
    embed, files = shown.embed, responses.make_files(shown.files)
    embed.set_footer(text=f"{embed.footer.text}{_BETWEEN}{ending}")
    try:
        chart = choose_chart(await bot.services.answers.answer(shown.question))
        if chart is not None:
            embed, picture = render.with_file(embed, chart, await bot.services.pictures.picture(chart))
            files.insert(0, picture)
    except Exception as error:
        log.warning("no picture", brief=kept.id, exc_info=error)
    return {"embeds": [embed], "files": files, "view": shown.view}


def write_milestone(bot: Client, kept: StoredBrief, watched: Sequence[Watch], ending: str) -> dict[str, Any]:
    """Return a milestone for who watches what it is about: its sentence, its page, and how to be told no more."""
    embed = discord.Embed(title=limits.shorten(kept.brief.title, limits.TITLE), colour=render.COLOUR)
    embed.url = _find_page(bot, kept)
    embed.set_footer(text=ending)
    return {"embed": embed, "view": components.make_view(map(components.end_watch_button, watched))}


def _find_page(bot: Client, kept: StoredBrief) -> str | None:
    """Return the address of a brief's page, None where it has none."""
    public_url = bot.services.settings.public_url
    return f"{public_url}/briefs/{kept.slug}" if kept.is_public and public_url else None


def write_note(words: str, ending: str) -> discord.Embed:
    """Return a sentence for moderators."""
    embed = discord.Embed(description=limits.fit(words, limits.DESCRIPTION), colour=render.COLOUR)
    return embed.set_footer(text=ending)
