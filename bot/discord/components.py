"""The buttons under what we show: each carries its question, and pages their place, in its custom_id."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.answers import named_by_id
from bot.discord import error_messages
from bot.discord.client_base import Interaction
from bot.discord.custom_ids import Tokens, number36, pack
from bot.discord.limits import BUTTONS, CUSTOM_ID, LABEL, fitted
from core.answer import Answer
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.words import day, quote

if TYPE_CHECKING:
    from bot.assistant.reading import Reading
    from bot.state.watches import Watch

_TABLES = {"gap": "By test", "terms": "All terms"}
_SHARED = ("benchmark", "access", "domain", "as_of", "known_by")


class Buttons(discord.ui.View):
    """Buttons that are written down once, however many messages they stand under."""

    @cached_property
    def _written(self) -> list[dict[str, Any]]:
        return super().to_components()

    def to_components(self) -> list[dict[str, Any]]:
        """Return the buttons as Discord is told them."""
        return self._written


def view_of(items: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    """Return buttons as a view that the library forgets once it is sent: each button is known by its custom_id."""
    view = Buttons(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


class DynamicComponent(ABC, discord.ui.DynamicItem[discord.ui.Item[Any]], template="-"):
    """A button or selection: does its work, not too often for one person; what goes wrong is said in the one way."""

    def __init__(self, item: discord.ui.Item[Any], fields: Mapping[str, str] | None = None) -> None:
        super().__init__(item)
        self.fields = fields or {}

    @classmethod
    async def from_custom_id(cls, _interaction: discord.Interaction, item: Any, match: re.Match[str]) -> Self:
        """Read it back from what Discord sends."""
        return cls(item, match.groupdict())

    async def callback(self, interaction: "discord.Interaction[Any]") -> None:
        """Do the button's work."""
        bot = interaction.client
        bot.track_answer()
        try:
            bot.cooldown.check(interaction.user.id, interaction.created_at.timestamp())
            await self.on_press(interaction)
        except Exception as error:
            await error_messages.tell(interaction, error)

    @abstractmethod
    async def on_press(self, interaction: Interaction) -> None:
        """Do what the button is for."""


Button = discord.ui.Button[Any]


def follow(packed: str, label: str) -> Button:
    """Return a button that asks another question; who presses it alone sees the answer."""
    return Button(label=fitted(label, LABEL), custom_id=f"ask:{packed}")


def not_asked(reading: "Reading", known: Tokens) -> Button:
    """Return a button that shows what else a text may have asked: as much of it as a custom_id has room for."""
    custom_id = f"not:{reading.name}"
    for each in reading.near:
        packed = each.question and pack(each.question, known)
        if packed and len(f"{custom_id}|{packed}") <= CUSTOM_ID:
            custom_id += f"|{packed}"
    return Button(label="Not what I asked", custom_id=custom_id)


def page(packed: str, owner: int, to: int, label: str, *, disabled: bool = False) -> Button:
    """Return a button that turns to a page of an answer; pages belong to who opened them, owner 0 opens them."""
    return Button(label=label, custom_id=f"page:{number36(owner)}:{number36(to)}:{packed}", disabled=disabled)


def csv(packed: str) -> Button:
    """Return a button that sends an answer's tables, whole, as CSV files."""
    return Button(label="CSV", custom_id=f"csv:{packed}")


def terms() -> Button:
    """Return a button that explains the terms of the message above it, to who presses it."""
    return Button(label="Terms", custom_id="explain")


def end_watch(watch: "Watch") -> Button:
    """Return a button that ends a watch, for whose it is."""
    return Button(label=fitted(f"Stop watching {watch.name}", LABEL), custom_id=f"unwatch:{number36(watch.id)}")


def brief_of(published: date, title: str) -> Button:
    """Return a button that shows the brief of a day, to who presses it."""
    return Button(label=fitted(f"{day(published)}: {title}", LABEL), custom_id=f"brief:{published:%Y%m%d}")


def more(buttons: Iterable[Button], label: str = "More") -> discord.ui.Select[Any]:
    """Return a selection of what buttons would do: an option's value is a button's custom_id."""
    options = [discord.SelectOption(label=str(each.label), value=str(each.custom_id)) for each in buttons]
    return discord.ui.Select(custom_id="more", placeholder=label, options=options)


def answer_buttons(question: Question, answer: Answer, known: Tokens, text: int) -> discord.ui.View:
    """Return what is below an answer, whose text has so many pages: two buttons, and a selection of all the rest."""
    meant = named_by_id(question, answer)
    packed = pack(meant, known)
    table = [page(packed, 0, text, _TABLES.get(question.name, "Table"))] if packed and answer.tables else []
    if question.name == "terms":
        return view_of(table)
    sure = [] if answer.data.get("domain") else _next("trust", "How sure?", meant, known)  # `trust` is of all tests
    others = [
        *([page(packed, 0, 1, "Details")] if packed and text > 1 else []),
        *_next("unmatched", "Unmatched", meant, known), terms(), *_next("sources", "Sources", meant, known),
    ]  # fmt: skip
    return view_of([*sure, *table, more(others)])


def _next(name: str, label: str, meant: Question, known: Tokens) -> list[Button]:
    """Return the button that asks another question of the same tests; none for the same question."""
    packed = pack(follow_up_question(meant, QUESTIONS[name]), known)
    return [follow(packed, label)] if packed and name != meant.name else []


def buttons_of_several(answered: Iterable[tuple[Question, Answer, str]], known: Tokens) -> discord.ui.View:
    """Return the buttons under the first lines of several answers: each whole, under its label, and the terms."""
    asked = [(label, named_by_id(question, answer)) for question, answer, label in answered]
    return view_of([*_questions(asked, known)[: BUTTONS - 1], terms()])


def follow_up_question(question: Question, kind: type[Question]) -> Question:
    """Return another question with the fields that it shares with this one."""
    shared = {each.name for each in fields(kind)} & set(_SHARED)
    return kind(**{name: getattr(question, name) for name in shared if getattr(question, name, None) is not None})


def suggestion_buttons(question: Question, error: UsageError, known: Tokens) -> discord.ui.View | None:
    """Return a button for each name that an error offers in place of the one it refuses; None where it offers none."""
    refused = [
        each.name
        for each in fields(question)
        if isinstance(value := getattr(question, each.name), str) and quote(value) in str(error)
    ]
    if not refused:
        return None
    return question_buttons(((name, replace(question, **{refused[0]: name})) for name in error.suggestions), known)


def question_buttons(offered: Iterable[tuple[str, Question]], known: Tokens) -> discord.ui.View | None:
    """Return a button for each question, under its label; None where there is none."""
    items = _questions(offered, known)
    return view_of(items[:BUTTONS]) if items else None


def _questions(offered: Iterable[tuple[str, Question]], known: Tokens) -> list[Button]:
    """Return a button for each question that one can hold, under its first label."""
    items: dict[str, Button] = {}
    for label, question in offered:
        packed = pack(question, known)
        if packed:
            items.setdefault(packed, follow(packed, label))
    return list(items.values())
