"""What buttons do; each is restored from its custom_id, so it survives a restart."""

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from bot.assistant.assistant import count_misread
from bot.assistant.reading import Reading, Reply, apologize
from bot.discord import components, limits, render, responses
from bot.discord.brief_messages import show_brief
from bot.discord.client_base import Interaction
from bot.discord.components import OF_BEFORE, make_view, press, pressed
from bot.discord.custom_ids import unpack
from bot.discord.newsroom import handlers
from bot.discord.newsroom.handlers import with_state
from bot.discord.responses import in_time, respond
from bot.state import watches
from bot.state.watches import Watch
from core.errors import UsageError
from core.questions.question import read_day

# ---- watches


_NOT_WATCHED = "That is not watched any more; /watching lists what is."
_NOTHING_WATCHED = (
    "Nothing is watched yet. /watch follows a model, a lab, a test or a field of work: a message as soon as it has a"
    " milestone."
)


def list_watches(watched: Sequence[Watch]) -> dict[str, Any]:
    """Return the list of watches, as arguments of `respond`."""
    lines = "\n".join(f"- {limits.escape(watch.name)}" for watch in watched)
    embed = discord.Embed(title="Watched", description=lines or _NOTHING_WATCHED, colour=render.COLOUR)
    return {"embed": embed, "view": components.make_view(map(components.end_watch_button, watched))}


@pressed("unwatch", r"(?P<number>[0-9a-z]{1,6})")
async def end_watch(interaction: Interaction, number: str) -> None:
    """End one's own watch, or as a moderator a channel's; a list then shows the rest."""
    bot = interaction.client
    in_list = interaction.message is not None and interaction.message.flags.ephemeral
    watch = await with_state(bot, watches.by_id, int(number, 36))
    if watch is None or watch.target != f"user:{interaction.user.id}":
        if watch is None or watch.guild_id is None or watch.guild_id != interaction.guild_id:
            raise UsageError(_NOT_WATCHED)
        await handlers.check_moderator(interaction)
    ending = with_state(bot, watches.remove, watch.id)
    await in_time(interaction, ending, private=True, in_place=in_list)
    parts: dict[str, Any] = {"content": f"{limits.escape(watch.name)} is watched no more."}
    if in_list:
        parts = list_watches(await with_state(bot, watches.list_watches, watch.target))
    await respond(interaction, **parts, private=True, in_place=in_list)


# ---- under an answer


@pressed("ask", r"(?P<packed>.+)")
async def follow(interaction: Interaction, packed: str) -> None:
    """Answer another question in private."""
    await responses.show(interaction, unpack(packed, interaction.client.tokens), private=True)


@pressed("not", r"(?P<name>[a-z_]{1,20})(?P<packed>(?:\|[^|]+)*)")
async def count_not_asked(interaction: Interaction, name: str, packed: str) -> None:
    """Count a misread question, and offer in private what else the text may have asked."""
    services = interaction.client.services
    questions = [unpack(packed_question, interaction.client.tokens) for packed_question in packed.split("|")[1:]]
    await count_misread(services.state, name, interaction.created_at)
    near = await asyncio.to_thread(services.assistant.make_readings, questions)
    reading = apologize(Reading(name, near=near))
    await responses.show_reply(interaction, Reply(reading, sentence=reading.sentence), private=True)


@pressed("page", r"(?P<owner>[0-9a-z]+):(?P<number>[0-9a-z]+):(?P<packed>.+)")
async def turn_page(interaction: Interaction, owner: str, number: str, packed: str) -> None:
    """Show a further page: in place for its owner, as a new private message for others."""
    bot, user = interaction.client, interaction.user.id
    is_own = int(owner, 36) == user
    answering = bot.services.answers.answer(unpack(packed, bot.tokens))
    answer = await responses.in_time(interaction, answering, private=True, in_place=is_own)
    pages = [*render.write_text_pages(answer), *render.write_table_pages(answer)]
    last = len(pages) - 1
    page = max(1, min(int(number, 36), last))
    if page > last:
        raise UsageError("This answer has no more pages.")
    items = [components.csv_button(packed)] if answer.tables else []
    if last > 1:
        back_button = components.page_button(packed, user, page - 1, "Back", disabled=page == 1)
        items[:0] = [back_button, components.page_button(packed, user, page + 1, "Next", disabled=page == last)]
    await responses.respond(interaction, embed=pages[page], view=make_view(items), private=True, in_place=is_own)


@pressed("csv", r"(?P<packed>.+)")
async def send_csv(interaction: Interaction, packed: str) -> None:
    """Send an answer's full tables as CSV files."""
    bot = interaction.client
    answering = bot.services.answers.answer(unpack(packed, bot.tokens))
    files = render.csv_files((await responses.in_time(interaction, answering, private=True)).tables)
    if not files:
        raise UsageError("This answer has no table.")
    await responses.respond(interaction, files=files, private=True)


@pressed("explain")
async def explain_above(interaction: Interaction) -> None:
    """Explain the terms in the message above, in private."""
    await explain(interaction, interaction.message)


@pressed("brief", r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
async def show_brief_of(interaction: Interaction, **numbers: str) -> None:
    """Show a day's brief in private."""
    await show_brief(interaction, read_day("-".join(numbers.values())), private=True)


_CHOOSABLE = ("ask", "not", "page", "csv", "explain", "brief")
"""Buttons that a selection may hold: no other selection, and no moderator's step."""


@pressed("more")
async def press_chosen(interaction: Interaction) -> None:
    """Press the chosen button: an option's value is a button's custom_id."""
    data: Any = interaction.data or {}
    custom_id = str(next(iter(data.get("values") or ()), ""))
    if custom_id.partition(":")[0] not in _CHOOSABLE:
        raise UsageError(OF_BEFORE)
    await press(interaction, custom_id)


async def explain(interaction: Interaction, message: discord.Message | None) -> None:
    """Explain the glossary terms in a message, in private."""
    lookup = interaction.client.services.answers.terms_in("" if message is None else text_of(message))
    terms = await responses.in_time(interaction, lookup, private=True)
    if not terms:
        raise UsageError("I know no term in this message. /terms lists those that I can explain.")
    await responses.respond(interaction, embed=render.show_terms(terms), private=True)


def text_of(message: discord.Message) -> str:
    """Return a message's visible text, including embeds, forwarded messages and polls."""
    parts: list[str] = []
    messages: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for part_message in messages:
        parts.append(part_message.content)
        for embed in part_message.embeds:
            parts += [embed.title or "", embed.description or "", embed.footer.text or ""]
            parts += [f"{field.name}\n{field.value}" for field in embed.fields]
    if message.poll:
        parts += [message.poll.question, *(answer.text for answer in message.poll.answers)]
    return "\n".join(part for part in parts if part)
