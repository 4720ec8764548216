"""A brief as a Discord message: its title and chart, then its bullets as they are; terms behind a button if long.

`/brief` answers with one, and delivery sends one, with words at its end by which it is found again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import discord
import structlog

from bot.discord import components, limits, render, responses
from bot.discord.client_base import Client, Interaction
from bot.discord.last_questions import Asker
from bot.pictures import chart_of
from bot.publish.formats import corrections
from bot.services import Services
from bot.state.briefs import StoredBrief, listed
from core.brief import Brief
from core.questions import GapQuestion
from core.words import day

log = structlog.get_logger("gapbrief.discord")

_SCREEN_AND_A_HALF = 1200
"""Letters of a brief that a phone shows on its screen and half another, beside title and chart."""
_TEXT = limits.DESCRIPTION
_EARLIER = 3
"""Earlier briefs that are a button away."""
_HEAD, _TAIL, _LINK = 700, 400, 360
"""Letters that are kept for what stands around the bullets, and of those for the link to the whole story."""
_NOTE, _NOTES = 300, 2
"""Letters of a note on what was corrected, and how many such notes are shown."""
_MARKS = {"post": "Brief {}", "review": "Draft of brief {}", "tell": "Note {1} about brief {0}"}
"""By which words at its end a message is found again."""
_BETWEEN = " · "


async def show_brief(interaction: Interaction, published: date | None, *, private: bool = False) -> None:
    """Answer an interaction with the brief of a day, None for the newest; the chart follows by an edit."""
    bot = interaction.client
    shown = await responses.in_time(
        interaction, shown_brief(bot.services, published, interaction.guild_id), private=private
    )
    await responses.respond(interaction, private=private, embeds=shown.embeds, view=shown.view, files=shown.files)
    _remember(bot, (interaction.channel_id or 0, interaction.user.id), shown, interaction.created_at)
    await add_chart(bot, interaction.edit_original_response, shown)


async def reply_with_brief(bot: Client, message: discord.Message, published: date | None, **to: Any) -> None:
    """Reply to a message, `to` says how, with the brief of a day, None for the newest; the chart follows by an edit."""
    shown = await shown_brief(bot.services, published, message.guild.id if message.guild else None)
    view, send = shown.view or discord.utils.MISSING, message.channel.send
    sent = await responses.with_retry(
        lambda: send(embeds=shown.embeds, view=view, files=responses.attached(shown.files), **to)
    )
    _remember(bot, (message.channel.id, message.author.id), shown, message.created_at)
    await add_chart(bot, sent.edit, shown)


def _remember(bot: Client, asker: Asker, shown: "ShownBrief", at: datetime) -> None:
    """Remember which brief "an older one" is."""
    now = at.timestamp()
    bot.memory.remember(asker, bot.memory.context(asker, now).after_brief(shown.older), now)


@dataclass(frozen=True)
class ShownBrief:
    """What of a message shows a brief; `question` is that of its chart, `older` the day of the brief before it."""

    embeds: list[discord.Embed]
    view: discord.ui.View | None
    files: responses.Files
    question: GapQuestion
    older: date | None


async def shown_brief(services: Services, published: date | None, guild_id: int | None) -> ShownBrief:
    """Return what shows the brief of a day for a server; raises UsageError for a day that can't have one."""
    brief, notes, question, others = await find_brief(services, published, guild_id)
    days = [each for each in others if each < brief.published][:_EARLIER]
    view = components.view_of([components.terms(), *map(components.brief_of, days)])
    return ShownBrief(list(embeds(brief, notes)), view, whole_files(brief), question, next(iter(days), None))


async def add_chart(bot: Client, edit: responses.Edit, shown: ShownBrief) -> None:
    """Put its chart below a brief's title by an edit of the message; without it the brief stands as it is."""
    head, *rest = shown.embeds

    async def put(embed: discord.Embed, attachments: list[discord.File]) -> None:
        await edit(embeds=[embed, *rest], attachments=[*attachments, *responses.attached(shown.files)])

    try:
        chart = chart_of(await bot.services.answers.answer(shown.question))
    except Exception as error:
        log.warning("no picture", exc_info=error)
        return
    if chart:
        await responses.add_picture(bot, put, head, chart)


async def find_brief(
    services: Services, published: date | None, guild_id: int | None
) -> tuple[Brief, tuple[str, ...], GapQuestion, list[date]]:
    """Return the brief of a day for a server (None: the newest), what was corrected, and its chart's question.

    At the end come the days of others, newest first. What was posted goes before what would be written now: it is what
    people have read.
    """
    known = await posted(services, guild_id)
    wanted = published or next((each for each in known if known[each].kind != "archive"), None)
    if wanted in known:
        kept = known[wanted]
        brief, notes, question = kept.brief, corrections(kept.corrected), kept.chart_question
    else:
        brief = await services.answers.brief(wanted)
        notes, question = (), GapQuestion(as_of=brief.as_of)
    return brief, notes, question, list(known) if len(known) > 1 else [each.published for each in brief.more]


async def posted(services: Services, guild_id: int | None) -> dict[date, StoredBrief]:
    """Return the briefs that a server, or the whole service, posted and did not withdraw.

    They come by their days, newest first. What another server's moderators wrote stays there.
    """
    days: dict[date, StoredBrief] = {}
    for whose in dict.fromkeys((guild_id, None)):
        kept = await asyncio.to_thread(
            listed, services.state, guild_id=whose, statuses=("posted",), limit=limits.CHOICES
        )
        for each in kept:
            days.setdefault(each.brief.published, each)
    return dict(sorted(days.items(), reverse=True)[: limits.CHOICES])


def embeds(brief: Brief, notes: Sequence[str] = ()) -> tuple[discord.Embed, discord.Embed]:
    """Return a brief's head, which takes the chart, and its text; the newest `notes` on it stand under its title."""
    head = discord.Embed(title=limits.short(brief.title, limits.TITLE), colour=render.COLOUR)
    above = [brief.category, day(brief.published), brief.source, f"{brief.reading_minutes} min brief"]
    said = [
        limits.short(" · ".join(above), 200),
        *([limits.linked(brief.deck)] if brief.deck else []),
        *(f"**{limits.short(note, _NOTE)}**" for note in notes[:_NOTES]),
    ]
    head.description = "\n".join(said)
    parts = [_bullets(brief)]
    if len(parts[0]) > _TEXT - _TAIL:
        parts = [f"{parts[0][: _TEXT - _TAIL].rsplit(chr(10), 1)[0]}\n- … the rest is in the file"]
    elif len(parts[0]) + len(_terms(brief)) <= _SCREEN_AND_A_HALF and brief.terms:
        parts.append(_terms(brief))
    if brief.read_more.url and len(_story(brief)) <= _LINK:
        parts.append(_story(brief))
    text = discord.Embed(description="\n\n".join(parts), colour=render.COLOUR)
    return head, text.set_footer(text=limits.fitted(limits.visible(brief.foot), _HEAD))


def whole_files(brief: Brief) -> responses.Files:
    """Return a brief as a file of Markdown, where a message does not hold all of its bullets, its link and its foot."""
    if len(_bullets(brief)) <= _TEXT - _TAIL and len(_story(brief)) <= _LINK and len(brief.foot) <= _HEAD:
        return []
    from bot.publish import render as written

    return [(f"brief-{brief.published}.md", written(brief, "md").encode())]


def _bullets(brief: Brief) -> str:
    lines = []
    for bullet in brief.bullets:
        lines.append(f"- {limits.linked(bullet.text)}")
        if bullet.remark:
            lines.append(f"  - {limits.linked(bullet.remark)}")
    return "\n".join(lines)


def _story(brief: Brief) -> str:
    return f"{brief.read_more.lead} [{limits.short(brief.read_more.label, 160)}](<{brief.read_more.url}>)"


def _terms(brief: Brief) -> str:
    terms = [f"**{limits.escaped(each.term)}:** {limits.escaped(each.definition)}" for each in brief.terms]
    return "\n".join(["**Terms in this brief**", *terms])


# ---- as delivery sends them


def mark(action: str, brief_id: int, number: int = 1) -> str:
    """Return the words at the end of a message by which it is found again, after a crash; notes have a number."""
    return _MARKS[action].format(brief_id, number)


def has_mark(message: discord.Message, wanted: str) -> bool:
    """Whether a message ends with these words."""
    ends = [(embed.footer.text or "").rsplit(_BETWEEN, 1)[-1] for embed in message.embeds]
    return wanted in ends


async def message(services: Services, kept: StoredBrief, ending: str) -> dict[str, Any]:
    """Return a brief as embeds, files and a view, as `send` takes them; without its chart where that can't be drawn."""
    head, text = embeds(kept.brief, corrections(kept.corrected))
    if services.settings.public_url and kept.is_public:
        head.url = f"{services.settings.public_url}/briefs/{kept.slug}"
    files = responses.attached(whole_files(kept.brief))
    try:
        chart = chart_of(await services.answers.answer(kept.chart_question))
        if chart is not None:
            head, picture = render.with_file(head, chart, await services.pictures.picture(chart))
            files.insert(0, picture)
    except Exception as error:
        log.warning("no picture", brief=kept.id, exc_info=error)
    text.set_footer(text=f"{text.footer.text}{_BETWEEN}{ending}")
    return {"embeds": [head, text], "files": files, "view": components.view_of([components.terms()])}


def note(words: str, ending: str) -> discord.Embed:
    """Return a sentence for moderators."""
    embed = discord.Embed(description=limits.fitted(words, limits.DESCRIPTION), colour=render.COLOUR)
    return embed.set_footer(text=ending)
