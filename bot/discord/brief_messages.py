"""A brief in Discord, as delivery sends it: what `/brief` shows, and at its end by which words it is found again."""

import io
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.discord import briefs as shown
from bot.discord import components, limits, render
from bot.pictures import chart_of
from bot.publish.formats import corrections
from bot.services import Services

if TYPE_CHECKING:
    from bot.state.briefs import StoredBrief

log = structlog.get_logger("gapbrief.publish")

_FILE = "chart.png"
_MARKS = {"post": "Brief {}", "review": "Draft of brief {}", "tell": "Note {1} about brief {0}"}
_BETWEEN = " · "


def mark(action: str, brief_id: int, number: int = 1) -> str:
    """Return the words at the end of a message by which it is found again, after a crash; notes have a number."""
    return _MARKS[action].format(brief_id, number)


def has_mark(message: discord.Message, wanted: str) -> bool:
    """Whether a message ends with these words."""
    ends = [(embed.footer.text or "").rsplit(_BETWEEN, 1)[-1] for embed in message.embeds]
    return wanted in ends


async def message(services: Services, kept: "StoredBrief", ending: str) -> dict[str, Any]:
    """Return a brief as embeds, files and a view, as `send` takes them; without its chart where that can't be drawn."""
    head, text = shown.embeds(kept.brief, corrections(kept.corrected))
    if services.settings.public_url and kept.is_public:
        head.url = f"{services.settings.public_url}/briefs/{kept.slug}"
    files = [] if shown.is_whole(kept.brief) else [shown.whole(kept.brief)]
    head, picture = await _with_chart(services, kept, head)
    text.set_footer(text=f"{text.footer.text}{_BETWEEN}{ending}")
    return {"embeds": [head, text], "files": picture + files, "view": components.view_of([components.terms()])}


def note(words: str, ending: str) -> discord.Embed:
    """Return a sentence for moderators."""
    embed = discord.Embed(description=limits.fitted(words, limits.DESCRIPTION), colour=render.COLOUR)
    return embed.set_footer(text=ending)


async def _with_chart(
    services: Services, kept: "StoredBrief", head: discord.Embed
) -> tuple[discord.Embed, list[discord.File]]:
    try:
        answer = await services.answers.answer(kept.chart_question)
        chart = chart_of(answer)
        if chart is None:
            return head, []
        png = await services.pictures.picture(chart)
    except Exception as error:
        log.warning("no picture", brief=kept.id, exc_info=error)
        return head, []
    file = discord.File(io.BytesIO(png), filename=_FILE, description=render.alt_text(chart.alt or chart.title))
    return render.with_picture(head, f"attachment://{_FILE}", chart.alt), [file]
