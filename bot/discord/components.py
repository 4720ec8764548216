"""The buttons under what we show: each carries its question, and pages their place, in its custom_id."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import fields, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.answers import resolve_ids
from bot.discord import error_messages
from bot.discord.client_base import Interaction
from bot.discord.custom_ids import Tokens, number36, pack
from bot.discord.limits import BUTTONS, CUSTOM_ID, LABEL, fit
from core.answer import Answer
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.words import day, quote

if TYPE_CHECKING:
    from bot.assistant.reading import Reading
    from bot.state.watches import Watch

OF_BEFORE = "This button is from an earlier version of me. Please ask again."
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


def make_view(items: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    """Return buttons as a view that the library forgets once it is sent: each button is known by its custom_id."""
    view = Buttons(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


Press = Callable[..., Awaitable[None]]
"""Does what a button or a selection is for; takes the interaction, and by name what the custom_id says."""
PRESSES: dict[str, tuple[re.Pattern[str], Press]] = {}
"""What is done where something is pressed or chosen, by the word that its custom_id begins with."""


def pressed(word: str, template: str = "") -> Callable[[Press], Press]:
    """Let a function do what is pressed or chosen whose custom_id is a word, and what a template reads after it."""

    def register(work: Press) -> Press:
        PRESSES[word] = (re.compile(template), work)
        return work

    return register


async def press(interaction: Interaction, custom_id: str) -> None:
    """Do what a custom_id stands for; raises UsageError for one that no press of now has."""
    word, _, fields = custom_id.partition(":")
    template, work = PRESSES.get(word, (None, None))
    match = template and template.fullmatch(fields)
    if work is None or match is None:
        raise UsageError(OF_BEFORE)
    await work(interaction, **match.groupdict())


class Component(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"(?s:.+)"):
    """Whatever is pressed or chosen, also of before a restart: not too often for one person."""

    @classmethod
    async def from_custom_id(cls, _interaction: discord.Interaction, item: Any, _match: re.Match[str]) -> Self:
        """Read it back from what Discord sends."""
        return cls(item)

    async def callback(self, interaction: "discord.Interaction[Any]") -> None:
        """Do what it is for; what goes wrong is said in the one way."""
        bot = interaction.client
        bot.track_answer()
        try:
            bot.cooldown.check(interaction.user.id, interaction.created_at.timestamp())
            await press(interaction, self.custom_id)
        except Exception as error:
            await error_messages.tell_error(interaction, error)


Items = list[discord.ui.Item[Any]]
Button = discord.ui.Button[Any]


def follow_button(packed: str, label: str) -> Button:
    """Return a button that asks another question; who presses it alone sees the answer."""
    return Button(label=fit(label, LABEL), custom_id=f"ask:{packed}")


def not_asked_button(reading: "Reading", known: Tokens) -> Button:
    """Return a button that shows what else a text may have asked: as much of it as a custom_id has room for."""
    custom_id = f"not:{reading.name}"
    for each in reading.near:
        packed = each.question and pack(each.question, known)
        if packed and len(f"{custom_id}|{packed}") <= CUSTOM_ID:
            custom_id += f"|{packed}"
    return Button(label="Not what I asked", custom_id=custom_id)


def page_button(packed: str, owner: int, to: int, label: str, *, disabled: bool = False) -> Button:
    """Return a button that turns to a page of an answer; pages belong to who opened them, owner 0 opens them."""
    return Button(label=label, custom_id=f"page:{number36(owner)}:{number36(to)}:{packed}", disabled=disabled)


def csv_button(packed: str) -> Button:
    """Return a button that sends an answer's tables, whole, as CSV files."""
    return Button(label="CSV", custom_id=f"csv:{packed}")


def terms_button() -> Button:
    """Return a button that explains the terms of the message above it, to who presses it."""
    return Button(label="Terms", custom_id="explain")


def end_watch_button(watch: "Watch") -> Button:
    """Return a button that ends a watch, for whose it is."""
    return Button(label=fit(f"Stop watching {watch.name}", LABEL), custom_id=f"unwatch:{number36(watch.id)}")


def brief_button(published: date, title: str) -> Button:
    """Return a button that shows the brief of a day, to who presses it."""
    return Button(label=fit(f"{day(published)}: {title}", LABEL), custom_id=f"brief:{published:%Y%m%d}")


def select_more(buttons: Iterable[Button], label: str = "More") -> discord.ui.Select[Any]:
    """Return a selection of what buttons would do: an option's value is a button's custom_id."""
    options = [discord.SelectOption(label=str(each.label), value=str(each.custom_id)) for each in buttons]
    return discord.ui.Select(custom_id="more", placeholder=label, options=options)


def answer_buttons(question: Question, answer: Answer, known: Tokens, text: int) -> discord.ui.View:
    """Return what is below an answer, whose text has so many pages: two buttons, and a selection of all the rest."""
    meant = resolve_ids(question, answer)
    packed = pack(meant, known)
    table = [page_button(packed, 0, text, _TABLES.get(question.name, "Table"))] if packed and answer.tables else []
    if question.name == "terms":
        return make_view(table)
    sure = [] if answer.data.get("domain") else _offer("trust", "How sure?", meant, known)  # `trust` is of all tests
    others = [
        *([page_button(packed, 0, 1, "Details")] if packed and text > 1 else []),
        *_offer("unmatched", "Unmatched", meant, known),
        terms_button(),
        *_offer("sources", "Sources", meant, known),
    ]
    return make_view([*sure, *table, select_more(others)])


def _offer(name: str, label: str, meant: Question, known: Tokens) -> list[Button]:
    """Return the button that asks another question of the same tests; none for the same question."""
    packed = pack(follow_up_question(meant, QUESTIONS[name]), known)
    return [follow_button(packed, label)] if packed and name != meant.name else []


def buttons_of_several(answered: Iterable[tuple[Question, Answer, str]], known: Tokens) -> discord.ui.View:
    """Return the buttons under the first lines of several answers: each whole, under its label, and the terms."""
    asked = [(label, resolve_ids(question, answer)) for question, answer, label in answered]
    return make_view([*_question_buttons(asked, known)[: BUTTONS - 1], terms_button()])


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
    items = _question_buttons(offered, known)
    return make_view(items[:BUTTONS]) if items else None


def _question_buttons(offered: Iterable[tuple[str, Question]], known: Tokens) -> list[Button]:
    """Return a button for each question that one can hold, under its first label."""
    items: dict[str, Button] = {}
    for label, question in offered:
        packed = pack(question, known)
        if packed:
            items.setdefault(packed, follow_button(packed, label))
    return list(items.values())
