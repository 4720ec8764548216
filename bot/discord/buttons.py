"""What pressing a button does, also one of before a restart: each is read back from its custom_id."""

import asyncio
from collections.abc import Sequence
from typing import Any

import discord

from bot.assistant.assistant import count_misread
from bot.assistant.reader import misread
from bot.assistant.reading import Reading, Reply
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

# ---- what is watched


_NOT_WATCHED = "That is not watched any more; /watching lists what is."
_NOTHING_WATCHED = (
    "Nothing is watched yet. /watch follows a model, a lab, a test or a field of work: a message as soon as it has a"
    " milestone."
)


def list_watches(watched: Sequence[Watch]) -> dict[str, Any]:
    """Return what is watched as an embed and a view, as `respond` takes them."""
    lines = "\n".join(f"- {limits.escape(watch.name)}" for watch in watched)
    embed = discord.Embed(title="Watched", description=lines or _NOTHING_WATCHED, colour=render.COLOUR)
    return {"embed": embed, "view": components.make_view(map(components.end_watch_button, watched))}


@pressed("unwatch", r"(?P<number>[0-9a-z]{1,6})")
async def end_watch(interaction: Interaction, number: str) -> None:
    """End a watch, for the person whose it is, and of a channel for moderators; below the list, show what is left."""
    bot = interaction.client
    in_list = interaction.message is not None and interaction.message.flags.ephemeral
    watch = await with_state(bot, watches.by_id, int(number, 36))
    if watch is None or watch.target != f"user:{interaction.user.id}":
        if watch is None or watch.guild_id is None or watch.guild_id != interaction.guild_id:
            raise UsageError(_NOT_WATCHED)
        await handlers.check_moderator(interaction)
    ended = with_state(bot, watches.remove, watch.id)
    await in_time(interaction, ended, private=True, in_place=in_list)
    parts: dict[str, Any] = {"content": f"{limits.escape(watch.name)} is watched no more."}
    if in_list:
        parts = list_watches(await with_state(bot, watches.list_watches, watch.target))
    await respond(interaction, **parts, private=True, in_place=in_list)


# ---- under an answer


@pressed("ask", r"(?P<packed>.+)")
async def follow(interaction: Interaction, packed: str) -> None:
    """Ask another question; who presses it alone sees the answer."""
    await responses.show(interaction, unpack(packed, interaction.client.tokens), private=True)


@pressed("not", r"(?P<name>[a-z_]{1,20})(?P<packed>(?:\|[^|]+)*)")
async def count_not_asked(interaction: Interaction, name: str, packed: str) -> None:
    """Count the question that was not asked, and offer, to who presses it, what else a text may have asked."""
    services = interaction.client.services
    questions = [unpack(each, interaction.client.tokens) for each in packed.split("|")[1:]]
    await count_misread(services.state, name, interaction.created_at)
    near = await asyncio.to_thread(services.assistant.readings_of, questions)
    reading = misread(Reading(name, near=near))
    await responses.show_reply(interaction, Reply(reading, sentence=reading.sentence), private=True)


@pressed("page", r"(?P<owner>[0-9a-z]+):(?P<number>[0-9a-z]+):(?P<packed>.+)")
async def turn_page(interaction: Interaction, owner: str, number: str, packed: str) -> None:
    """Show a page after the first: in place to the pages' owner, as a new private message to others."""
    bot, user = interaction.client, interaction.user.id
    is_own = int(owner, 36) == user
    asked = bot.services.answers.answer(unpack(packed, bot.tokens))
    answer = await responses.in_time(interaction, asked, private=True, in_place=is_own)
    pages = [*render.write_text_pages(answer), *render.write_table_pages(answer)]
    last = len(pages) - 1
    to = max(1, min(int(number, 36), last))
    if to > last:
        raise UsageError("This answer has no more pages.")
    items = [components.csv_button(packed)] if answer.tables else []
    if last > 1:
        back = components.page_button(packed, user, to - 1, "Back", disabled=to == 1)
        items[:0] = [back, components.page_button(packed, user, to + 1, "Next", disabled=to == last)]
    await responses.respond(interaction, embed=pages[to], view=make_view(items), private=True, in_place=is_own)


@pressed("csv", r"(?P<packed>.+)")
async def send_csv(interaction: Interaction, packed: str) -> None:
    """Send an answer's tables, whole, as CSV files."""
    bot = interaction.client
    asked = bot.services.answers.answer(unpack(packed, bot.tokens))
    files = render.csv_files((await responses.in_time(interaction, asked, private=True)).tables)
    if not files:
        raise UsageError("This answer has no table.")
    await responses.respond(interaction, files=files, private=True)


@pressed("explain")
async def explain_above(interaction: Interaction) -> None:
    """Explain the terms of the message above, to who presses it."""
    await explain(interaction, interaction.message)


@pressed("brief", r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
async def show_brief_of(interaction: Interaction, **numbers: str) -> None:
    """Show the brief of a day, to who presses it."""
    await show_brief(interaction, read_day("-".join(numbers.values())), private=True)


_CHOOSABLE = ("ask", "not", "page", "csv", "explain", "brief")
"""What a selection may stand for; another selection, or a moderator's step, is chosen nowhere."""


@pressed("more")
async def press_chosen(interaction: Interaction) -> None:
    """Do what the chosen button does: an option's value is a button's custom_id."""
    data: Any = interaction.data or {}
    chosen = str(next(iter(data.get("values") or ()), ""))
    if chosen.partition(":")[0] not in _CHOOSABLE:
        raise UsageError(OF_BEFORE)
    await press(interaction, chosen)


async def explain(interaction: Interaction, message: discord.Message | None) -> None:
    """Explain the glossary's terms that occur in a message, in private."""
    looked_up = interaction.client.services.answers.terms_in("" if message is None else text_of(message))
    terms = await responses.in_time(interaction, looked_up, private=True)
    if not terms:
        raise UsageError("I know no term in this message. /terms lists those that I can explain.")
    await responses.respond(interaction, embed=render.show_terms(terms), private=True)


def text_of(message: discord.Message) -> str:
    """Return all words of a message that a person reads, those of embeds, of what it forwards and of its poll too."""
    parts: list[str] = []
    messages: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for each in messages:
        parts.append(each.content)
        for embed in each.embeds:
            parts += [embed.title or "", embed.description or "", embed.footer.text or ""]
            parts += [f"{field.name}\n{field.value}" for field in embed.fields]
    if message.poll:
        parts += [message.poll.question, *(answer.text for answer in message.poll.answers)]
    return "\n".join(part for part in parts if part)
