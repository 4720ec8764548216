"""From a question to a message: the figures at once, the picture by edit."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
import discord
import structlog

from bot.discord import components, error_messages, limits, render
from bot.discord.client_base import Client, Interaction
from bot.discord.conversation import conversation_key
from bot.pictures import chart_of
from core.answer import Answer, Chart
from core.errors import UsageError
from core.questions import Question

if TYPE_CHECKING:
    from bot.assistant.reply import Reply

log = structlog.get_logger("gapbrief.discord")

PATIENCE = 1.5
"""Seconds after which Discord is told that the answer takes longer; it gives up after 3."""
_FILE = "chart.png"
_MOMENT = 0.2
"""Seconds to wait where Discord asks to wait and does not say for how long."""
_NOTE, _KEPT = 400, 200

Shown = dict[Question, tuple[Answer, discord.Embed, discord.ui.View]]
"""What is kept of the answers that were shown: the embed and the buttons of each question's last one."""

T = TypeVar("T")

Edit = Callable[..., Awaitable[Any]]
"""Changes a message that was sent: takes `embed` and `attachments`."""


async def show(interaction: Interaction, question: Question, *, private: bool = False, note: str | None = None) -> None:
    """Answer an interaction: embed and buttons at once, the picture by an edit; `note` stands above the answer.

    Raises GapbriefError for a question that can't be answered; one whose name fits several is asked back.
    """
    bot, asker = interaction.client, (interaction.channel_id or 0, interaction.user.id)
    try:
        answer = bot.services.answers.at_hand(question)
        if answer is None:
            answer = await in_time(interaction, bot.services.answers.answer(question), private=private)
    except UsageError as error:
        await error_messages.tell(interaction, error, components.instead(question, error, bot.tokens))
        return
    bot.memory.remember(asker, question, interaction.created_at.timestamp())
    await _show(interaction, question, answer, private=private, note=note)


async def show_reply(interaction: Interaction, text: str, *, private: bool) -> None:
    """Answer an interaction's free text, and say how it was understood; what can't be asked is said in private."""
    bot, asker = interaction.client, (interaction.channel_id or 0, interaction.user.id)
    key = conversation_key(interaction.channel, interaction.user.id, interaction.guild_id, private=private)
    asked = bot.reply(text, asker, interaction.created_at.timestamp(), key)
    reply = await in_time(interaction, asked, private=private)
    reading = reply.reading
    if reply.others and reply.answer:
        embed, view = message_of_several(bot, reply)
        await respond(interaction, note_of(reply), embed, view, private=private)
        await _add_picture(interaction, embed, reply.answer)
    elif reply.answer and reading.question:
        await _show(interaction, reading.question, reply.answer, private=private, note=note_of(reply))
    elif reading.question:
        await show(interaction, reading.question, private=private)  # says why it can't be answered, and offers names
    else:
        embed, instead = instead_of(bot, reply)
        if interaction.response.is_done():
            await error_messages.aside(interaction, embed, instead)
        else:
            await respond(interaction, None, embed, instead, private=True)


async def _show(
    interaction: Interaction, question: Question, answer: Answer, *, private: bool, note: str | None
) -> None:
    bot = interaction.client
    embed, view = message_of(bot, question, answer)
    await respond(interaction, note, embed, view, private=private)
    await _add_picture(interaction, embed, answer)


async def _add_picture(interaction: Interaction, embed: discord.Embed, answer: Answer) -> None:
    chart = chart_of(answer)
    if chart and embed.image.url is None:
        await add_picture(interaction.client, interaction.edit_original_response, embed, chart)


def message_of(bot: Client, question: Question, answer: Answer) -> tuple[discord.Embed, discord.ui.View]:
    """Return the embed and the buttons that show an answer; the picture is in it where it has a public address.

    What many ask is put together once: hundreds may ask at the same moment.
    """
    kept = bot.shown.get(question)
    if kept is None or kept[0] is not answer:
        kept = bot.shown[question] = (answer, *_message_of(bot, question, answer))
        while len(bot.shown) > _KEPT:
            bot.shown.pop(next(iter(bot.shown)))
    return kept[1:]


def _message_of(bot: Client, question: Question, answer: Answer) -> tuple[discord.Embed, discord.ui.View]:
    pages, address, chart = render.text_pages(answer), bot.picture_address(question), chart_of(answer)
    embed = render.with_picture(pages[0], address, chart.alt) if chart and address else pages[0]
    return embed, components.under(question, answer, bot.tokens, len(pages))


def message_of_several(bot: Client, reply: "Reply") -> tuple[discord.Embed, discord.ui.View]:
    """Return the embed that shows the first line of several answers, and the buttons that show each whole."""
    answered = [
        (each.reading.question, each.answer, f"All of {each.reading.understood}")
        for each in (reply, *reply.others)
        if each.reading.question is not None and each.answer is not None
    ]
    embed = render.lines(reply.lines)
    for question, answer, _ in answered[:1]:
        address, chart = bot.picture_address(question), chart_of(answer)
        embed = render.with_picture(embed, address, chart.alt) if chart and address else embed
    return embed, components.several(answered, bot.tokens)


def note_of(reply: "Reply") -> str:
    """Say how a text was understood: "Understood as gap · private tests"; and what else there is to say."""
    lines = [f"Understood as {limits.short(reply.understood, _NOTE)}", *([reply.notice] if reply.notice else [])]
    return "\n".join(f"-# {line}" for line in lines)


def instead_of(bot: Client, reply: "Reply") -> tuple[discord.Embed, discord.ui.View | None]:
    """Return the sentence for what can't be answered, and buttons for what may have been meant, or is near."""
    meant = reply.reading.alternatives or reply.near
    offered = ((each.understood, each.question) for each in meant if each.question)
    said = " ".join(each for each in (reply.sentence, reply.notice) if each)
    return render.sentence(said), components.choices(offered, bot.tokens)


async def in_time(
    interaction: discord.Interaction,
    work: Awaitable[T],
    *,
    private: bool,
    in_place: bool = False,
    patience: float | None = None,
) -> T:
    """Wait for some work, and tell Discord to wait too where it takes long.

    What then comes is a message, or `in_place` a change of the one whose button was pressed.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait([task], timeout=PATIENCE if patience is None else patience)
    if not done and not interaction.response.is_done():
        await interaction.response.defer(ephemeral=private, thinking=not in_place)
        interaction.extras[error_messages.THINKING_IN_PUBLIC] = not private
    return await task


async def respond(
    interaction: Interaction,
    note: str | None,
    embed: discord.Embed | None = None,
    view: discord.ui.View | None = None,
    *,
    private: bool,
) -> None:
    """Give an interaction its first answer, or what replaces "thinking"."""
    if interaction.response.is_done():
        await interaction.edit_original_response(content=note, embed=embed, view=view)
        return
    parts: dict[str, Any] = {name: part for name, part in (("embed", embed), ("view", view)) if part is not None}
    await first(interaction, lambda: interaction.response.send_message(note, **parts, ephemeral=private))


async def first(interaction: Interaction, send: Callable[[], Awaitable[Any]]) -> None:
    """Send a first answer: ahead of all pictures, and once more where the connection was lost on the way."""
    try:
        with interaction.client.send_priority.answer():
            await twice(send)
    except discord.HTTPException as error:
        if (
            error.code != error_messages.ALREADY_ANSWERED
        ):  # what Discord says where it took the answer and we sent it again
            raise


async def twice(send: Callable[[], Awaitable[T]]) -> T:
    """Send something, and once more where the connection was lost on the way."""
    try:
        return await send()
    except (aiohttp.ClientError, ConnectionError):
        pass
    except KeyError:  # a 429 that does not say for how long: the library looks for it in vain
        await asyncio.sleep(_MOMENT)
    return await send()


async def add_picture(bot: Client, edit: Edit, embed: discord.Embed, chart: Chart) -> None:
    """Put a chart into a message; without it the figures stand as they are."""
    try:
        png = await bot.services.pictures.picture(chart)
        async with bot.send_priority.picture():
            shown = render.with_picture(embed, f"attachment://{_FILE}", chart.alt)
            alt = render.alt_text(chart.alt or chart.title)
            await twice(lambda: edit(embed=shown, attachments=[discord.File(io.BytesIO(png), _FILE, description=alt)]))
    except Exception as error:
        if not error_messages.is_gone(error):
            log.warning("no picture", kind=chart.kind, exc_info=error)
