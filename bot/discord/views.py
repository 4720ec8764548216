"""Buttons that go on working after a restart: each carries its question, and pages their place, in its custom_id."""

import io
import re
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.answers import named_by_id
from bot.discord import errors, render, tables
from bot.discord.limits import BUTTONS, LABEL, fitted
from bot.discord.packing import Tokens, number36, pack, unpack
from core.answer import Answer
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.words import day, quoted

if TYPE_CHECKING:
    from bot.discord.client import Gapbrief

_NEXT = {"waiting": "Waiting", "trust": "How sure?", "sources": "Sources"}
_TABLES = {"gap": "By benchmark", "terms": "All terms"}
_SHARED = ("benchmark", "access", "as_of", "known_by")
_NOT_YOURS = "These pages are somebody else's; here are your own."
_EXPLAINS_ITSELF = ("terms",)


class Buttons(discord.ui.View):
    """Buttons that are written down once, however many messages they stand under."""

    @cached_property
    def _written(self) -> list[dict[str, Any]]:
        return super().to_components()

    def to_components(self) -> list[dict[str, Any]]:
        """Return the buttons as Discord is told them."""
        return self._written


def view_of(items: "Iterable[Pressed]") -> discord.ui.View:
    """Return buttons as a view that the library forgets once it is sent: each button is known by its custom_id."""
    view = Buttons(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


class Pressed(discord.ui.DynamicItem[discord.ui.Item[Any]], template="-"):
    """A button or selection: does its work, not too often for one person; what goes wrong is said in the one way."""

    async def callback(self, interaction: "discord.Interaction[Any]") -> None:
        """Do the button's work."""
        bot: Gapbrief = interaction.client
        bot.begun()
        try:
            bot.cooldown.check(interaction.user.id, interaction.created_at.timestamp())
            await self.pressed(interaction)
        except Exception as error:
            await errors.tell(interaction, error)

    async def pressed(self, interaction: "discord.Interaction[Gapbrief]") -> None:
        """Do what the button is for."""
        raise NotImplementedError


class Follow(Pressed, template=r"ask:(?P<packed>.+)"):
    """A button that asks another question; who presses it alone sees the answer."""

    def __init__(self, packed: str, label: str = "…") -> None:
        super().__init__(discord.ui.Button(label=fitted(label, LABEL), custom_id=f"ask:{packed}"))
        self.packed = packed

    @classmethod
    async def from_custom_id(cls, _interaction: discord.Interaction, _item: Any, match: re.Match[str]) -> Self:
        """Read the button back from what Discord sends."""
        return cls(match["packed"])

    async def pressed(self, interaction: "discord.Interaction[Gapbrief]") -> None:
        """Ask the question."""
        await _ask(interaction, self.packed)


class Page(Pressed, template=r"page:(?P<owner>\w+):(?P<to>\w+):(?P<packed>.+)"):
    """A button that turns to a page of an answer; pages belong to who opened them, owner 0 opens them."""

    def __init__(self, packed: str, owner: int, to: int, label: str = "…", *, disabled: bool = False) -> None:
        custom_id = f"page:{number36(owner)}:{number36(to)}:{packed}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, disabled=disabled))
        self.packed, self.owner, self.to = packed, owner, to

    @classmethod
    async def from_custom_id(cls, _interaction: discord.Interaction, _item: Any, match: re.Match[str]) -> Self:
        """Read the button back from what Discord sends."""
        return cls(match["packed"], int(match["owner"], 36), int(match["to"], 36))

    async def pressed(self, interaction: "discord.Interaction[Gapbrief]") -> None:
        """Turn the page, or open the pages for somebody who pressed under another's answer."""
        await _turn(interaction, self.packed, self.to, self.owner)


class Csv(Pressed, template=r"csv:(?P<packed>.+)"):
    """A button that sends an answer's tables, whole, as CSV files."""

    def __init__(self, packed: str) -> None:
        super().__init__(discord.ui.Button(label="CSV", custom_id=f"csv:{packed}"))
        self.packed = packed

    @classmethod
    async def from_custom_id(cls, _interaction: discord.Interaction, _item: Any, match: re.Match[str]) -> Self:
        """Read the button back from what Discord sends."""
        return cls(match["packed"])

    async def pressed(self, interaction: "discord.Interaction[Gapbrief]") -> None:
        """Send the files."""
        await _send_csv(interaction, self.packed)


class Explain(Pressed, template="explain"):
    """A button that explains the terms of the message above it, to who presses it."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="Terms", custom_id="explain"))

    @classmethod
    async def from_custom_id(cls, _interaction: discord.Interaction, _item: Any, _match: re.Match[str]) -> Self:
        """Read the button back from what Discord sends."""
        return cls()

    async def pressed(self, interaction: "discord.Interaction[Gapbrief]") -> None:
        """Explain the terms."""
        await explain(interaction, interaction.message)


class BriefOf(Pressed, template=r"brief:(?P<day>\d{8})"):
    """A button that shows the brief of a day, to who presses it."""

    def __init__(self, published: date) -> None:
        super().__init__(discord.ui.Button(label=day(published), custom_id=f"brief:{published:%Y%m%d}"))
        self.published = published

    @classmethod
    async def from_custom_id(cls, _interaction: discord.Interaction, _item: Any, match: re.Match[str]) -> Self:
        """Read the button back from what Discord sends."""
        return cls(date.fromisoformat(match["day"]))

    async def pressed(self, interaction: "discord.Interaction[Gapbrief]") -> None:
        """Show the brief."""
        from bot.discord.briefs import show_brief  # which puts these buttons under what it shows

        await show_brief(interaction, self.published, private=True)


DYNAMIC = (Follow, Page, Csv, Explain, BriefOf)
"""What the client registers, so that buttons of before its start work."""


def under(question: Question, answer: Answer, known: Tokens, text: int) -> discord.ui.View:
    """Return the buttons under an answer, whose text has so many pages: its rest, its terms, what people ask next."""
    meant = named_by_id(question, answer)
    packed = pack(meant, known)
    items: list[Pressed] = []
    if packed and text > 1:
        items.append(Page(packed, 0, 1, "More"))
    if packed and answer.tables:
        items.append(Page(packed, 0, text, _TABLES.get(question.name, "Table")))
    for name, label in _NEXT.items():
        asked = pack(about_the_same(meant, QUESTIONS[name]), known)
        if name != question.name and asked and question.name not in _EXPLAINS_ITSELF:
            items.append(Follow(asked, label))
    if question.name not in _EXPLAINS_ITSELF:
        items.insert(len(items) - (question.name != "sources"), Explain())
    return view_of(items)


def worded(answered: Iterable[tuple[Question, Answer, str]], known: Tokens) -> discord.ui.View:
    """Return the buttons under a text that was worded from answers: each whole, under its label, and the terms."""
    items: dict[str, Pressed] = {}
    for question, answer, label in answered:
        packed = pack(named_by_id(question, answer), known)
        if packed:
            items.setdefault(packed, Follow(packed, label))
    return view_of([*list(items.values())[: BUTTONS - 1], Explain()])


def about_the_same(question: Question, kind: type[Question]) -> Question:
    """Return another question with the fields that it shares with this one."""
    shared = {each.name for each in fields(kind)} & set(_SHARED)
    return kind(**{name: getattr(question, name) for name in shared if getattr(question, name, None) is not None})


def instead(question: Question, error: UsageError, known: Tokens) -> discord.ui.View | None:
    """Return a button for each name that an error offers in place of the one it refuses; None where it offers none."""
    refused = [
        each.name
        for each in fields(question)
        if isinstance(value := getattr(question, each.name), str) and quoted(value) in str(error)
    ]
    if not refused:
        return None
    return choices(((name, replace(question, **{refused[0]: name})) for name in error.suggestions), known)


def choices(offered: Iterable[tuple[str, Question]], known: Tokens) -> discord.ui.View | None:
    """Return a button for each question, under its label; None where there is none."""
    items = {packed: Follow(packed, label) for label, question in offered if (packed := pack(question, known))}
    return view_of(list(items.values())[:BUTTONS]) if items else None


async def explain(interaction: "discord.Interaction[Gapbrief]", message: discord.Message | None) -> None:
    """Explain the glossary's terms that occur in a message, in private."""
    from bot.discord import show

    looked_up = interaction.client.answers.terms_in("" if message is None else text_of(message))
    found = await show.in_time(interaction, looked_up, private=True)
    if not found:
        raise UsageError("I know no term in this message. /terms lists those that I can explain.")
    await show.respond(interaction, None, render.terms(found), private=True)


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


async def _ask(interaction: "discord.Interaction[Gapbrief]", packed: str) -> None:
    from bot.discord import show  # which puts these buttons under what it shows

    await show.show(interaction, unpack(packed, interaction.client.tokens), private=True)


async def _turn(interaction: "discord.Interaction[Gapbrief]", packed: str, to: int, owner: int) -> None:
    """Show a page of an answer after its first: in place to its owner, as a new private message to others."""
    from bot.discord import show

    bot, is_own = interaction.client, owner == interaction.user.id
    asked = bot.answers.answer(unpack(packed, bot.tokens))
    answer = await show.in_time(interaction, asked, private=True, in_place=is_own)
    pages = [*render.text_pages(answer), *render.table_pages(answer.tables)]
    last, user = len(pages) - 1, interaction.user.id
    to = max(1, min(to, last))
    if to > last:
        raise UsageError("This answer has no more pages.")
    items: list[Pressed] = [Csv(packed)] if answer.tables else []
    if last > 1:
        back = Page(packed, user, to - 1, "Back", disabled=to == 1)
        items[:0] = [back, Page(packed, user, to + 1, "Next", disabled=to == last)]
    if not is_own:
        await show.respond(interaction, _NOT_YOURS if owner else None, pages[to], view_of(items), private=True)
    elif interaction.response.is_done():
        await interaction.edit_original_response(embed=pages[to], view=view_of(items))
    else:
        await interaction.response.edit_message(embed=pages[to], view=view_of(items))


async def _send_csv(interaction: "discord.Interaction[Gapbrief]", packed: str) -> None:
    from bot.discord import show

    bot = interaction.client
    answer = await show.in_time(interaction, bot.answers.answer(unpack(packed, bot.tokens)), private=True)
    files = [discord.File(io.BytesIO(data), filename=name) for name, data in tables.files(answer.tables)]
    if not files:
        raise UsageError("This answer has no table.")
    if interaction.response.is_done():
        await interaction.edit_original_response(attachments=files)
    else:
        await interaction.response.send_message(files=files, ephemeral=True)
