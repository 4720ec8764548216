"""From a question to a message: figures at once, the picture by an edit."""

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
from core.chart_rows import describe as describe_rows
from core.errors import UsageError
from core.questions import Question

if TYPE_CHECKING:
    from bot.assistant.reading import Reply

log = structlog.get_logger("gapbrief.discord")

PATIENCE = 1.5
"""Seconds before an answer is deferred; Discord gives up after 3."""
_MOMENT = 0.2
"""Seconds to wait after a rate limit without a duration."""
_NOTE = 400

T = TypeVar("T")

Files = Sequence[tuple[str, bytes]]
"""Files by name and content."""
Edit = Callable[..., Awaitable[Any]]
"""Edits a sent message; takes `embed` and `attachments`."""


async def show(interaction: Interaction, question: Question, *, private: bool = False) -> None:
    """Answer an interaction: embed and buttons at once, the picture by an edit.

    Raises GapbriefError for a question that can't be answered; usage errors are reported with suggestions.
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
    """Read and answer an interaction's free text, as a follow-up to the person's last question."""
    asker = (interaction.channel_id or 0, interaction.user.id)
    key = conversation_key(interaction.channel, interaction.user.id, interaction.guild_id, private=private)
    replying = interaction.client.reply(text, asker, interaction.created_at.timestamp(), key)
    return await in_time(interaction, replying, private=private)


async def show_reply(interaction: Interaction, reply: "Reply", *, private: bool) -> None:
    """Show the reply to free text and how it was understood; a refusal is private."""
    bot = interaction.client
    if reply.answer is None and reply.reading.question:
        await show(interaction, reply.reading.question, private=private)  # reports the error, with suggestions
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


# ---- messages


def message_of(bot: Client, question: Question, answer: Answer) -> MessageParts:
    """Return an answer's message, with the picture in it if it has a public address.

    Messages are cached: hundreds may ask the same question at once.
    """
    cached = bot.shown_messages.cached(question)
    if cached is None or cached[0] is not answer:
        pages = render.write_text_pages(answer)
        view = components.answer_buttons(question, answer, bot.tokens, len(pages))
        message = MessageParts(pages[0], view, choose_chart(answer))
        cached = (answer, _with_address(bot, question, message))
        bot.shown_messages.put(question, cached)
    return cached[1]


def message_of_reply(bot: Client, reply: "Reply") -> MessageParts:
    """Return the message for a reply, with a note on how the text was understood.

    For several questions it has each one's first line, with buttons for the full answers. Without an answer it has the
    reason, with buttons for similar questions.
    """
    answers = [
        (part.reading.question, part.answer, f"All of {part.reading.understood}")
        for part in (reply, *reply.other_replies)
        if part.reading.question is not None and part.answer is not None
    ]
    if not answers:
        offers = ((part.label, part.question) for part in reply.reading.offers if part.question)
        sentences = " ".join(part for part in (reply.sentence, reply.notice) if part)
        return MessageParts(render.show_sentence(sentences), components.question_buttons(offers, bot.tokens))
    question, answer, _ = answers[0]
    if reply.other_replies:
        view = components.buttons_of_several(answers, bot.tokens)
        several = MessageParts(render.show_lines(reply.lines), view, choose_chart(answer))
        message = _with_address(bot, question, several)
    else:
        message = message_of(bot, question, answer)
    lines = [f"Understood as {limits.shorten(reply.understood, _NOTE)}", *([reply.notice] if reply.notice else [])]
    buttons = message.view.children if message.view else ()
    view = components.make_view([*buttons, components.not_asked_button(reply.reading, bot.tokens)])
    return replace(message, view=view, note="\n".join(f"-# {line}" for line in lines))


def _with_address(bot: Client, question: Question, message: MessageParts) -> MessageParts:
    """Link a message's title and embed its picture by their public addresses, if there are any."""
    path, public_url = page_path(question), bot.services.settings.public_url
    if public_url and path is not None:
        message.embed.url = f"{public_url}/{path}"
    if message.chart is None or not public_url:
        return message
    address = chart_url(public_url, question, bot.services.answers.names.revision, dark=True)
    return replace(message, embed=render.with_picture(message.embed, address, describe_rows(message.chart)), chart=None)


# ---- sending


async def in_time(
    interaction: discord.Interaction,
    work: Awaitable[T],
    *,
    private: bool,
    in_place: bool = False,
    patience: float | None = None,
) -> T:
    """Wait for work, and defer the interaction if it takes long.

    The answer is a new message, or `in_place` an edit of the message whose button was pressed.
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
    """Send an interaction's first answer, or replace its "thinking" message.

    The answer is a new message, or `in_place` an edit of the message whose button was pressed. Parts that are None are
    left out.
    """
    content = {name: part for name, part in parts.items() if part is not None}
    if interaction.response.is_done():
        await interaction.edit_original_response(**content, attachments=make_files(files))
    elif in_place:
        await interaction.response.edit_message(**content)
    else:
        send = interaction.response.send_message
        await send_first(interaction, lambda: send(**content, files=make_files(files), ephemeral=private))


def make_files(files: Files) -> list[discord.File]:
    """Return new file objects: each can be sent only once."""
    return [discord.File(io.BytesIO(content), name) for name, content in files]


async def send_first(interaction: Interaction, send: Callable[[], Awaitable[Any]]) -> None:
    """Send a first answer ahead of all pictures, with a retry if the connection is lost."""
    try:
        with interaction.client.send_priority.answer():
            await with_retry(send)
    except discord.HTTPException as error:
        if error.code != error_messages.ALREADY_ANSWERED:  # the first attempt had arrived
            raise


async def with_retry(send: Callable[[], Awaitable[T]]) -> T:
    """Send, and retry once if the connection is lost."""
    try:
        return await send()
    except (aiohttp.ClientError, ConnectionError):
        pass
    except KeyError:  # the library expects a duration in every 429
        await asyncio.sleep(_MOMENT)
    return await send()


async def add_picture(bot: Client, edit: Edit, embed: discord.Embed, chart: Chart) -> None:
    """Add a chart to a message; a failure leaves the message as it is."""

    async def put(png: bytes) -> None:
        picture_embed, file = render.with_file(embed, png, chart)
        await edit(embed=picture_embed, attachments=[file])

    try:
        png = await bot.services.pictures.picture(chart)
        async with bot.send_priority.picture():
            await with_retry(lambda: put(png))
    except Exception as error:
        if not error_messages.is_gone(error):
            log.warning("no picture", kind=chart.kind, exc_info=error)
