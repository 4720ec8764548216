"""A command for each question, built from its fields; and `/brief`."""

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
_COMPLETIONS: dict[str, Autocomplete] = {
    **{kind: complete_names(kind) for kind in ("benchmark", "model", "lab", "country", "term")},
    "left": _SIDE,
    "right": _SIDE,
}
"""Completions of the fields that take names."""


def command_of(question: type[Question]) -> QuestionCommand:
    """Build a question's command: an option per field, and `private`."""
    name = question.name.replace("_", "")
    command: QuestionCommand = app_commands.Command(
        name=name, description=question.summary, callback=_callback(question)
    )
    options = {field.name: fit(field.metadata["description"], CHOICE_NAME) for field in fields(question)}
    options["private"] = "Show the answer only to you"
    descriptions = {option: app_commands.locale_str(words) for option, words in options.items()}
    app_commands.describe(**descriptions)(command)
    completions = {name: completion for name, completion in _COMPLETIONS.items() if name in options}
    return app_commands.autocomplete(**completions)(command)


def _callback(question: type[Question]) -> Callable[[Interaction], Coroutine[Any, Any, None]]:
    """Return a command's callback, with the options in its signature, where discord.py reads them."""

    async def answer(interaction: Interaction, private: bool = False, **words: str | None) -> None:
        await show(interaction, question.from_words(**words), private=private)

    hints = hints_of(question)
    answer.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            _parameter("interaction", Interaction),
            *(_option(field, hints[field.name]) for field in fields(question)),
            _parameter("private", bool, default=False),
        ]
    )
    return answer


def _option(field: "Field[Any]", hint: Any) -> inspect.Parameter:
    """Return a field's option: a choice of words, or text that the question parses."""
    kind = next((kind for kind in (hint, *get_args(hint)) if get_origin(kind) is Literal), str)
    if field.default is MISSING:
        return _parameter(field.name, kind)
    return _parameter(field.name, kind | None, default=None)


def _parameter(name: str, kind: Any, **default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind, **default)


# ---- the brief


_REMEMBERED_SECONDS = 30.0


class Brief(commands.Cog):
    """The command `/brief`."""

    def __init__(self) -> None:
        self._cache: dict[int | None, tuple[float, list[tuple[str, str]]]] = {}

    @app_commands.command(description="What changed since the last brief, and how the gap stands: a minute's reading.")
    @app_commands.describe(which="An earlier brief, by its day", private="Show the brief only to you")
    async def brief(self, interaction: Interaction, which: str | None = None, private: bool = False) -> None:
        """Show the newest brief, or an earlier one."""
        await show_brief(interaction, read_day(which) if which else None, private=private)

    @brief.autocomplete("which")
    async def earlier(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer earlier briefs, from a cache."""
        choices = await self._list_choices(interaction.client.services, interaction.guild_id)
        return choose_matching({value: name for name, value in choices if typed.lower() in f"{name} {value}".lower()})

    async def _list_choices(self, services: Services, guild_id: int | None) -> list[tuple[str, str]]:
        """Return labels and days of the posted briefs, or of those that today's brief lists."""
        now = time.monotonic()
        self._cache = {guild: entry for guild, entry in self._cache.items() if now - entry[0] < _REMEMBERED_SECONDS}
        if guild_id not in self._cache:
            posted = (await list_posted(services, guild_id)).values()
            briefs = [brief.brief for brief in posted] or (await services.answers.brief()).more
            choices = [(f"{day(brief.published)}: {brief.title}", brief.published.isoformat()) for brief in briefs]
            self._cache[guild_id] = (now, choices)
        return self._cache[guild_id][1]
