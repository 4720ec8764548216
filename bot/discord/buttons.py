"""What pressing a button does, also one of before a restart: each is read back from its custom_id."""

import asyncio
from typing import Any

import discord

from bot.assistant.assistant import count_misread
from bot.assistant.reader import misread
from bot.assistant.reading import Reading, Reply
from bot.discord import components, phone_tables, render, responses
from bot.discord.brief_messages import show_brief
from bot.discord.client_base import Interaction
from bot.discord.components import DynamicComponent, view_of
from bot.discord.custom_ids import unpack
from bot.discord.watch_list import EndWatch
from core.errors import UsageError
from core.questions.question import read_day

OF_BEFORE = "This button is from an earlier version of me. Please ask again."


class Follow(DynamicComponent, template=r"ask:(?P<packed>.+)"):
    """A button that asks another question; who presses it alone sees the answer."""

    async def on_press(self, interaction: Interaction) -> None:
        """Ask the question."""
        question = unpack(self.fields["packed"], interaction.client.tokens)
        await responses.show(interaction, question, private=True)


class NotAsked(DynamicComponent, template=r"not:(?P<name>[a-z_]{1,20})(?P<packed>(?:\|[^|]+)*)"):
    """A button that shows, to who presses it, what else a text may have asked, and counts what it was read as."""

    async def on_press(self, interaction: Interaction) -> None:
        """Count the question that was not asked, and offer the others."""
        services = interaction.client.services
        questions = [unpack(each, interaction.client.tokens) for each in self.fields["packed"].split("|")[1:]]
        await count_misread(services.state, self.fields["name"], interaction.created_at)
        near = await asyncio.to_thread(services.assistant.readings_of, questions)
        reading = misread(Reading(self.fields["name"], near=near))
        await responses.show_reply(interaction, Reply(reading, sentence=reading.sentence), private=True)


class Page(DynamicComponent, template=r"page:(?P<owner>[0-9a-z]+):(?P<to>[0-9a-z]+):(?P<packed>.+)"):
    """A button that turns to a page of an answer; pages belong to who opened them, owner 0 opens them."""

    async def on_press(self, interaction: Interaction) -> None:
        """Show a page after the first: in place to the pages' owner, as a new private message to others."""
        packed, to = self.fields["packed"], int(self.fields["to"], 36)
        bot, user = interaction.client, interaction.user.id
        is_own = int(self.fields["owner"], 36) == user
        asked = bot.services.answers.answer(unpack(packed, bot.tokens))
        answer = await responses.in_time(interaction, asked, private=True, in_place=is_own)
        pages = [*render.text_pages(answer), *render.table_pages(answer)]
        last = len(pages) - 1
        to = max(1, min(to, last))
        if to > last:
            raise UsageError("This answer has no more pages.")
        items = [components.csv(packed)] if answer.tables else []
        if last > 1:
            back = components.page(packed, user, to - 1, "Back", disabled=to == 1)
            items[:0] = [back, components.page(packed, user, to + 1, "Next", disabled=to == last)]
        await responses.respond(interaction, embed=pages[to], view=view_of(items), private=True, in_place=is_own)


class Csv(DynamicComponent, template=r"csv:(?P<packed>.+)"):
    """A button that sends an answer's tables, whole, as CSV files."""

    async def on_press(self, interaction: Interaction) -> None:
        """Send the files."""
        bot = interaction.client
        asked = bot.services.answers.answer(unpack(self.fields["packed"], bot.tokens))
        files = phone_tables.files((await responses.in_time(interaction, asked, private=True)).tables)
        if not files:
            raise UsageError("This answer has no table.")
        await responses.respond(interaction, files=files, private=True)


class Explain(DynamicComponent, template="explain"):
    """A button that explains the terms of the message above it, to who presses it."""

    async def on_press(self, interaction: Interaction) -> None:
        """Explain the terms."""
        await explain(interaction, interaction.message)


class BriefOf(DynamicComponent, template=r"brief:(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"):
    """A button that shows the brief of a day, to who presses it."""

    async def on_press(self, interaction: Interaction) -> None:
        """Show the brief."""
        await show_brief(interaction, read_day("-".join(self.fields.values())), private=True)


class More(DynamicComponent, template="more"):
    """A selection of what buttons do, each under its button's custom_id."""

    async def on_press(self, interaction: Interaction) -> None:
        """Do what the chosen button does."""
        data: Any = interaction.data or {}
        chosen = str(next(iter(data.get("values") or ()), ""))
        for kind in _BUTTONS:
            match = kind.__discord_ui_compiled_template__.fullmatch(chosen)
            if match:
                await kind(discord.ui.Button(custom_id=chosen), match.groupdict()).on_press(interaction)
                return
        raise UsageError(OF_BEFORE)


_BUTTONS: tuple[type[DynamicComponent], ...] = (Follow, NotAsked, Page, Csv, Explain, BriefOf)
DYNAMIC: tuple[type[DynamicComponent], ...] = (*_BUTTONS, More, EndWatch)
"""What the client registers, so that buttons of before its start work."""


async def explain(interaction: Interaction, message: discord.Message | None) -> None:
    """Explain the glossary's terms that occur in a message, in private."""
    looked_up = interaction.client.services.answers.terms_in("" if message is None else text_of(message))
    found = await responses.in_time(interaction, looked_up, private=True)
    if not found:
        raise UsageError("I know no term in this message. /terms lists those that I can explain.")
    await responses.respond(interaction, embed=render.terms(found), private=True)


def text_of(message: discord.Message) -> str:
    """Return all words of a message that a person reads, those of embeds, of what it forwards and of its poll too."""
    parts: list[str] = []
    said: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for each in said:
        parts.append(each.content)
        for embed in each.embeds:
            parts += [embed.title or "", embed.description or "", embed.footer.text or ""]
            parts += [f"{field.name}\n{field.value}" for field in embed.fields]
    if message.poll:
        parts += [message.poll.question, *(answer.text for answer in message.poll.answers)]
    return "\n".join(part for part in parts if part)
