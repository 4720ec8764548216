"""A brief as a Discord message: its title and chart, then its bullets as they are; terms behind a button if long."""

import io
from datetime import date
from typing import TYPE_CHECKING

import discord

from bot.discord import limits, render, show, views
from bot.pictures import chart_of
from core.brief import Brief
from core.questions import GapQuestion
from core.words import day

if TYPE_CHECKING:
    from bot.discord.client import Gapbrief

_SCREEN_AND_A_HALF = 1200
"""Letters of a brief that a phone shows on its screen and half another, beside title and chart."""
_TEXT = limits.DESCRIPTION
_HEAD, _TAIL = 700, 400
"""Letters that are kept for what stands around the bullets."""


async def show_brief(
    interaction: "discord.Interaction[Gapbrief]", published: date | None, *, private: bool = False
) -> None:
    """Answer an interaction with the brief of a day, None for today; the chart follows by an edit."""
    bot = interaction.client
    brief = await show.in_time(interaction, bot.answers.brief(published), private=private)
    head, text = embeds(brief)
    view = views.view_of([views.Explain(), *(views.BriefOf(each.published) for each in brief.more)])
    files = [] if is_whole(brief) else [whole(brief)]
    if interaction.response.is_done():
        await interaction.edit_original_response(embeds=[head, text], view=view, attachments=files)
    else:
        await interaction.response.send_message(embeds=[head, text], view=view, files=files, ephemeral=private)
    chart = chart_of(await bot.answers.answer(GapQuestion(as_of=brief.as_of)))

    async def edit(embed: discord.Embed, attachments: list[discord.File]) -> None:
        kept = [] if is_whole(brief) else [whole(brief)]
        await interaction.edit_original_response(embeds=[embed, text], attachments=[*attachments, *kept])

    if chart:
        await show.add_picture(bot, edit, head, chart)


def embeds(brief: Brief) -> tuple[discord.Embed, discord.Embed]:
    """Return a brief's head, which takes the chart, and its text."""
    head = discord.Embed(title=limits.short(brief.title, limits.TITLE), colour=render.COLOUR)
    above = [brief.category, day(brief.published), brief.source, f"{brief.reading_minutes} min brief"]
    head.description = limits.short(" · ".join(above), 200)
    parts = [_bullets(brief)]
    if len(parts[0]) > _TEXT - _TAIL:
        parts = [f"{parts[0][: _TEXT - _TAIL].rsplit(chr(10), 1)[0]}\n- … the rest is in the file"]
    elif len(parts[0]) + len(_terms(brief)) <= _SCREEN_AND_A_HALF and brief.terms:
        parts.append(_terms(brief))
    if brief.read_more.url:
        parts.append(f"Read full story at [{limits.short(brief.read_more.label, 160)}](<{brief.read_more.url}>)")
    text = discord.Embed(description="\n\n".join(parts), colour=render.COLOUR)
    return head, text.set_footer(text=limits.fitted(limits.visible(brief.foot), _HEAD))


def is_whole(brief: Brief) -> bool:
    """Whether a message holds all of a brief's bullets and its foot."""
    return len(_bullets(brief)) <= _TEXT - _TAIL and len(brief.foot) <= _HEAD


def whole(brief: Brief) -> discord.File:
    """Return a brief as a file of Markdown."""
    from bot.publish import render as written

    return discord.File(io.BytesIO(written(brief, "md").encode()), filename=f"brief-{brief.published}.md")


def _bullets(brief: Brief) -> str:
    lines = []
    for bullet in brief.bullets:
        lines.append(f"- {limits.linked(bullet.text)}")
        if bullet.remark:
            lines.append(f"  - {limits.linked(bullet.remark)}")
    return "\n".join(lines)


def _terms(brief: Brief) -> str:
    terms = [f"**{limits.escaped(each.term)}:** {limits.escaped(each.definition)}" for each in brief.terms]
    return "\n".join(["**Terms in this brief**", *terms])
