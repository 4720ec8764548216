"""The questions: each is a command, made from its fields; and `/brief`, the newest or an earlier one."""

import inspect
import time
from collections.abc import Callable, Coroutine
from dataclasses import MISSING, Field, fields
from typing import Any, Literal, get_args, get_origin

from discord import app_commands
from discord.ext import commands

from bot.discord.autocomplete import Autocomplete, choose_matching, complete_names
from bot.discord.brief_messages import list_posted, show_brief
from bot.discord.client_base import Interaction
from bot.discord.limits import CHOICE_NAME, fit
from bot.discord.responses import show
from bot.services import Services
from core.questions import Question
from core.questions.question import hints_of, read_day
from core.words import day

QuestionCommand = app_commands.Command[Any, ..., None]

_SIDE = complete_names("country", "lab", "benchmark", also=("private", "public", "others", "now"))
_COMPLETED: dict[str, Autocomplete] = {
    **{kind: complete_names(kind) for kind in ("benchmark", "model", "lab", "country", "term")},
    "left": _SIDE,
    "right": _SIDE,
}
"""How the fields that take names are completed."""


def command_of(question: type[Question]) -> QuestionCommand:
    """Make the command of a question: an option a field, and whether the answer is for the asker alone."""
    name = question.name.replace("_", "")
    command: QuestionCommand = app_commands.Command(
        name=name, description=question.summary, callback=_callback(question)
    )
    options = {each.name: fit(each.metadata["description"], CHOICE_NAME) for each in fields(question)}
    options["private"] = "Show the answer only to you"
    shown = {option: app_commands.locale_str(words) for option, words in options.items()}
    app_commands.describe(**shown)(command)
    completed = {name: complete for name, complete in _COMPLETED.items() if name in options}
    return app_commands.autocomplete(**completed)(command)


def _callback(question: type[Question]) -> Callable[[Interaction], Coroutine[Any, Any, None]]:
    """Return what a command does; discord.py reads its options from the signature."""

    async def answer(interaction: Interaction, private: bool = False, **words: str | None) -> None:
        await show(interaction, question.from_words(**words), private=private)

    hints = hints_of(question)
    answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # as inspect lets a function say it
        [
            _parameter("interaction", Interaction),
            *(_option(each, hints[each.name]) for each in fields(question)),
            _parameter("private", bool, default=False),
        ]
    )
    return answer


def _option(each: "Field[Any]", hint: Any) -> inspect.Parameter:
    """Return the option of a field: one of some words, or what a person types, which the question reads."""
    kinds = [kind for kind in (hint, *get_args(hint)) if get_origin(kind) is Literal]
    kind = kinds[0] if kinds else str
    return _parameter(each.name, kind) if each.default is MISSING else _parameter(each.name, kind | None, default=None)


def _parameter(name: str, kind: Any, **default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind, **default)


# ---- the brief


_REMEMBERED_SECONDS = 30.0


class Brief(commands.Cog):
    """What changed, and how the gap stands, in a minute's reading."""

    def __init__(self) -> None:
        self._known: dict[int | None, tuple[float, list[tuple[str, str]]]] = {}

    @app_commands.command(description="What changed since the last brief, and how the gap stands: a minute's reading.")
    @app_commands.describe(which="An earlier brief, by its day", private="Show the brief only to you")
    async def brief(self, interaction: Interaction, which: str | None = None, private: bool = False) -> None:
        """Show the newest brief, or an earlier one."""
        await show_brief(interaction, read_day(which) if which else None, private=private)

    @brief.autocomplete("which")
    async def earlier(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer earlier briefs, from memory while somebody types."""
        known = await self._earlier(interaction.client.services, interaction.guild_id)
        return choose_matching({value: name for name, value in known if typed.lower() in f"{name} {value}".lower()})

    async def _earlier(self, services: Services, guild_id: int | None) -> list[tuple[str, str]]:
        """Return what is shown of the posted briefs, and their days; where none was, of those that today's names."""
        now = time.monotonic()
        self._known = {whose: known for whose, known in self._known.items() if now - known[0] < _REMEMBERED_SECONDS}
        if guild_id not in self._known:
            kept = (await list_posted(services, guild_id)).values()
            briefs = [each.brief for each in kept] or (await services.answers.brief()).more
            choices = [(f"{day(each.published)}: {each.title}", each.published.isoformat()) for each in briefs]
            self._known[guild_id] = (now, choices)
        return self._known[guild_id][1]
