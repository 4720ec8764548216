"""From a question to a message: the figures at once, the picture by edit."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
import discord
import structlog

from bot.discord import components, error_messages, limits, render
from bot.discord.asking import conversation_key
from bot.discord.client_base import Client, Interaction
from bot.discord.render import MessageParts
from bot.links import chart_url, page_path
from bot.pictures import choose_chart
from core.answer import Answer, Chart
from core.errors import UsageError
from core.questions import Question

if TYPE_CHECKING:
    from bot.assistant.reading import Reply

log = structlog.get_logger("gapbrief.discord")

PATIENCE = 1.5
"""Seconds after which Discord is told that the answer takes longer; it gives up after 3."""
_MOMENT = 0.2
"""Seconds to wait where Discord asks to wait and does not say for how long."""
_NOTE, _KEPT = 400, 200

T = TypeVar("T")

Files = Sequence[tuple[str, bytes]]
"""Files by name and content."""
Edit = Callable[..., Awaitable[Any]]
"""Changes a message that was sent: takes `embed` and `attachments`."""


async def show(interaction: Interaction, question: Question, *, private: bool = False) -> None:
    """Answer an interaction: embed and buttons at once, the picture by an edit.

    Raises GapbriefError for a question that can't be answered; one whose name fits several is asked back.
    """
    bot, asker = interaction.client, (interaction.channel_id or 0, interaction.user.id)
    try:
        answer = bot.services.answers.cached(question)
        if answer is None:
            answer = await in_time(interaction, bot.services.answers.answer(question), private=private)
    except UsageError as error:
        await error_messages.tell_error(interaction, error, components.suggestion_buttons(question, error, bot.tokens))
        return
    now = interaction.created_at.timestamp()
    bot.memory.remember(asker, bot.memory.context(asker, now).after_question(question), now)
    await _send(interaction, message_of(bot, question, answer), private=private)


async def reply_to(interaction: Interaction, text: str, *, private: bool) -> "Reply":
    """Read and answer an interaction's free text, after what the person asked before."""
    asker = (interaction.channel_id or 0, interaction.user.id)
    key = conversation_key(interaction.channel, interaction.user.id, interaction.guild_id, private=private)
    asked = interaction.client.reply(text, asker, interaction.created_at.timestamp(), key)
    return await in_time(interaction, asked, private=private)


async def show_reply(interaction: Interaction, reply: "Reply", *, private: bool) -> None:
    """Show what free text was answered with, and how it was understood; what can't be asked is said in private."""
    bot = interaction.client
    if reply.answer is None and reply.reading.question:
        await show(interaction, reply.reading.question, private=private)  # says why it can't be, and offers names
        return
    message = message_of_reply(bot, reply)
    if reply.answer is None and interaction.response.is_done():
        await error_messages.say_privately(interaction, message.embed, message.view)
    else:
        await _send(interaction, message, private=private or reply.answer is None)


async def _send(interaction: Interaction, message: MessageParts, *, private: bool) -> None:
    await respond(interaction, private=private, content=message.note, embed=message.embed, view=message.view)
    if message.chart:
        await add_picture(interaction.client, interaction.edit_original_response, message.embed, message.chart)


# ---- what a message holds


def message_of(bot: Client, question: Question, answer: Answer) -> MessageParts:
    """Return what shows an answer; the picture is in it where it has a public address.

    What many ask is put together once: hundreds may ask at the same moment.
    """
    kept = bot.shown.get(question)
    if kept is None or kept[0] is not answer:
        pages = render.write_text_pages(answer)
        message = MessageParts(
            pages[0], components.answer_buttons(question, answer, bot.tokens, len(pages)), choose_chart(answer)
        )
        kept = bot.shown[question] = (answer, _with_address(bot, question, message))
        while len(bot.shown) > _KEPT:
            bot.shown.pop(next(iter(bot.shown)))
    return kept[1]


def message_of_reply(bot: Client, reply: "Reply") -> MessageParts:
    """Return what shows the reply to a text, and how that was understood.

    Of several questions it is the first line of each, with buttons that show each whole; where there is no answer it is
    the sentence that says why, with buttons for what may have been meant, or is near.
    """
    answered = [
        (each.reading.question, each.answer, f"All of {each.reading.understood}")
        for each in (reply, *reply.others)
        if each.reading.question is not None and each.answer is not None
    ]
    if not answered:
        offered = ((each.label, each.question) for each in reply.reading.offers if each.question)
        sentences = " ".join(each for each in (reply.sentence, reply.notice) if each)
        return MessageParts(render.show_sentence(sentences), components.question_buttons(offered, bot.tokens))
    question, answer, _ = answered[0]
    if reply.others:
        several = MessageParts(
            render.show_lines(reply.lines), components.buttons_of_several(answered, bot.tokens), choose_chart(answer)
        )
        message = _with_address(bot, question, several)
    else:
        message = message_of(bot, question, answer)
    lines = [f"Understood as {limits.shorten(reply.understood, _NOTE)}", *([reply.notice] if reply.notice else [])]
    buttons = message.view.children if message.view else ()
    view = components.make_view([*buttons, components.not_asked_button(reply.reading, bot.tokens)])
    return replace(message, view=view, note="\n".join(f"-# {line}" for line in lines))


def _with_address(bot: Client, question: Question, message: MessageParts) -> MessageParts:
    """Return a message whose title is a link and whose picture is in it, where there is a public address for them.

    Any other picture follows by an edit.
    """
    path, public_url = page_path(question), bot.services.settings.public_url
    if public_url and path is not None:
        message.embed.url = f"{public_url}/{path}"
    if message.chart is None or not public_url:
        return message
    address = chart_url(public_url, question, bot.services.answers.names.revision, dark=True)
    return replace(message, embed=render.with_picture(message.embed, address, message.chart.alt), chart=None)


# ---- how it is sent


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
    interaction: Interaction, *, private: bool, in_place: bool = False, files: Files = (), **parts: Any
) -> None:
    """Give an interaction its first answer, or what replaces "thinking".

    It is a message, or `in_place` a change of the one whose button was pressed. What of `parts` is None is left out.
    """
    given = {name: part for name, part in parts.items() if part is not None}
    if interaction.response.is_done():
        await interaction.edit_original_response(**given, attachments=make_files(files))
    elif in_place:
        await interaction.response.edit_message(**given)
    else:
        send = interaction.response.send_message
        await send_first(interaction, lambda: send(**given, files=make_files(files), ephemeral=private))


def make_files(files: Files) -> list[discord.File]:
    """Return files to be sent once: what is sent again needs them anew."""
    return [discord.File(io.BytesIO(content), name) for name, content in files]


async def send_first(interaction: Interaction, send: Callable[[], Awaitable[Any]]) -> None:
    """Send a first answer: ahead of all pictures, and once more where the connection was lost on the way."""
    try:
        with interaction.client.send_priority.answer():
            await with_retry(send)
    except discord.HTTPException as error:
        if error.code != error_messages.ALREADY_ANSWERED:  # else it took the answer that we sent again
            raise


async def with_retry(send: Callable[[], Awaitable[T]]) -> T:
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

    async def put(png: bytes) -> None:
        shown, file = render.with_file(embed, chart, png)
        await edit(embed=shown, attachments=[file])

    try:
        png = await bot.services.pictures.picture(chart)
        async with bot.send_priority.picture():
            await with_retry(lambda: put(png))
    except Exception as error:
        if not error_messages.is_gone(error):
            log.warning("no picture", kind=chart.kind, exc_info=error)
