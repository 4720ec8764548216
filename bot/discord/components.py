"""The buttons under messages; each carries its question, and its page, in its custom_id."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import fields, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.answers import resolve_ids
from bot.discord import error_messages
from bot.discord.asking import Cooldown
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
_SHARED_FIELDS = ("benchmark", "access", "domain", "as_of", "known_by")


class Buttons(discord.ui.View):
    """Buttons whose payload is built once for all messages that show them."""

    @cached_property
    def _payload(self) -> list[dict[str, Any]]:
        return super().to_components()

    def to_components(self) -> list[dict[str, Any]]:
        """Return the payload for Discord."""
        return self._payload


def make_view(items: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    """Return items as a stopped view: the library need not track it, as custom_ids identify the items."""
    view = Buttons(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


Press = Callable[..., Awaitable[None]]
"""Handles a press or choice; takes the interaction, and the fields of the custom_id by name."""
PRESSES: dict[str, tuple[re.Pattern[str], Press]] = {}
"""Handlers by the first word of a custom_id."""


def pressed(word: str, template: str = "") -> Callable[[Press], Press]:
    """Register a function for custom_ids that begin with a word, followed by what a template matches."""

    def register(work: Press) -> Press:
        PRESSES[word] = (re.compile(template), work)
        return work

    return register


async def press(interaction: Interaction, custom_id: str) -> None:
    """Run the handler of a custom_id; raises UsageError for an outdated one."""
    word, _, fields = custom_id.partition(":")
    template, work = PRESSES.get(word, (None, None))
    match = template and template.fullmatch(fields)
    if work is None or match is None:
        raise UsageError(OF_BEFORE)
    await work(interaction, **match.groupdict())


async def guard(interaction: Interaction, cooldown: Cooldown, handle: Callable[[], Awaitable[None]]) -> None:
    """Handle a press or a form unless its person must wait, and report errors."""
    interaction.client.track_answer()
    try:
        cooldown.check(interaction.user.id, interaction.created_at.timestamp())
        await handle()
    except Exception as error:
        await error_messages.tell_error(interaction, error)


class Component(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"(?s:.+)"):
    """Any button or selection, from before a restart too; rate-limited per person."""

    @classmethod
    async def from_custom_id(cls, _interaction: discord.Interaction, item: Any, _match: re.Match[str]) -> Self:
        """Restore the item from its payload."""
        return cls(item)

    async def callback(self, interaction: "discord.Interaction[Any]") -> None:
        """Run the handler, and report errors."""
        await guard(interaction, interaction.client.cooldown, lambda: press(interaction, self.custom_id))


Items = list[discord.ui.Item[Any]]
Button = discord.ui.Button[Any]


def follow_button(packed: str, label: str) -> Button:
    """Return a button that answers another question in private."""
    return Button(label=fit(label, LABEL), custom_id=f"ask:{packed}")


def not_asked_button(reading: "Reading", tokens: Tokens) -> Button:
    """Return a button for a misread text, with as many nearby questions as a custom_id can hold."""
    custom_id = f"not:{reading.name}"
    for reading_nearby in reading.near:
        packed = reading_nearby.question and pack(reading_nearby.question, tokens)
        if packed and len(f"{custom_id}|{packed}") <= CUSTOM_ID:
            custom_id += f"|{packed}"
    return Button(label="Not what I asked", custom_id=custom_id)


def page_button(packed: str, owner: int, page: int, label: str, *, disabled: bool = False) -> Button:
    """Return a button to a page of an answer; pages belong to the person who opened them, 0 for unopened ones."""
    return Button(label=label, custom_id=f"page:{number36(owner)}:{number36(page)}:{packed}", disabled=disabled)


def csv_button(packed: str) -> Button:
    """Return a button that sends an answer's full tables as CSV files."""
    return Button(label="CSV", custom_id=f"csv:{packed}")


def terms_button() -> Button:
    """Return a button that explains the terms of its message in private."""
    return Button(label="Terms", custom_id="explain")


def end_watch_button(watch: "Watch") -> Button:
    """Return a button that ends a watch."""
    return Button(label=fit(f"Stop watching {watch.name}", LABEL), custom_id=f"unwatch:{number36(watch.id)}")


def brief_button(published: date, title: str) -> Button:
    """Return a button that shows a day's brief in private."""
    return Button(label=fit(f"{day(published)}: {title}", LABEL), custom_id=f"brief:{published:%Y%m%d}")


def select_more(buttons: Iterable[Button], label: str = "More") -> discord.ui.Select[Any]:
    """Return buttons as one selection: an option's value is a button's custom_id."""
    options = [discord.SelectOption(label=str(button.label), value=str(button.custom_id)) for button in buttons]
    return discord.ui.Select(custom_id="more", placeholder=label, options=options)


def answer_buttons(question: Question, answer: Answer, tokens: Tokens, text: int) -> discord.ui.View:
    """Return an answer's two buttons and the selection of the rest; `text` is the number of its text pages."""
    by_id = resolve_ids(question, answer)
    packed = pack(by_id, tokens)
    table = [page_button(packed, 0, text, _TABLES.get(question.name, "Table"))] if packed and answer.tables else []
    if question.name == "terms":
        return make_view(table)
    sure = [] if answer.data.get("domain") else _offer("trust", "How sure?", by_id, tokens)  # `trust` is of all tests
    further = [
        *([page_button(packed, 0, 1, "Details")] if packed and text > 1 else []),
        *_offer("unmatched", "Unmatched", by_id, tokens),
        terms_button(),
        *_offer("sources", "Sources", by_id, tokens),
    ]
    return make_view([*sure, *table, select_more(further)])


def _offer(name: str, label: str, by_id: Question, tokens: Tokens) -> list[Button]:
    """Return a button for another question about the same tests; none for the same question."""
    packed = pack(follow_up_question(by_id, QUESTIONS[name]), tokens)
    return [follow_button(packed, label)] if packed and name != by_id.name else []


def buttons_of_several(answers: Iterable[tuple[Question, Answer, str]], tokens: Tokens) -> discord.ui.View:
    """Return the buttons under several answers: one for each full answer, and the terms."""
    questions = [(label, resolve_ids(question, answer)) for question, answer, label in answers]
    return make_view([*_question_buttons(questions, tokens)[: BUTTONS - 1], terms_button()])


def follow_up_question(question: Question, kind: type[Question]) -> Question:
    """Return a question of another kind with the shared fields of this one."""
    shared = {field.name for field in fields(kind)} & set(_SHARED_FIELDS)
    return kind(**{name: getattr(question, name) for name in shared if getattr(question, name, None) is not None})


def suggestion_buttons(question: Question, error: UsageError, tokens: Tokens) -> discord.ui.View | None:
    """Return a button for each name that an error suggests, None if it suggests none."""
    for name, value in vars(question).items():
        if isinstance(value, str) and quote(value) in str(error):
            choices = ((choice, replace(question, **{name: choice})) for choice in error.suggestions)
            return question_buttons(choices, tokens)
    return None


def question_buttons(questions: Iterable[tuple[str, Question]], tokens: Tokens) -> discord.ui.View | None:
    """Return a button for each question, None if there are none."""
    items = _question_buttons(questions, tokens)
    return make_view(items[:BUTTONS]) if items else None


def _question_buttons(questions: Iterable[tuple[str, Question]], tokens: Tokens) -> list[Button]:
    """Return a button for each question that fits into a custom_id, under its first label."""
    items: dict[str, Button] = {}
    for label, question in questions:
        packed = pack(question, tokens)
        if packed:
            items.setdefault(packed, follow_button(packed, label))
    return list(items.values())
