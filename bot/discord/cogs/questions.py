"""The questions: each is a command, made from its fields."""

import inspect
from collections.abc import Callable, Coroutine
from dataclasses import MISSING, Field, fields
from typing import Any, Literal, get_args, get_origin

from discord import app_commands

from bot.discord.autocomplete import Autocomplete, names
from bot.discord.client_base import Client, Interaction
from bot.discord.limits import CHOICE_NAME, fitted
from bot.discord.responses import show
from core.questions import QUESTIONS, Question
from core.questions.question import hints_of

QuestionCommand = app_commands.Command[Any, ..., None]

_SIDE = names("country", "lab", "benchmark", also=("private", "public", "others", "now"))
_COMPLETED: dict[str, Autocomplete] = {
    **{kind: names(kind) for kind in ("benchmark", "model", "lab", "country", "term")},
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
    options = {each.name: fitted(each.metadata["description"], CHOICE_NAME) for each in fields(question)}
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


async def setup(bot: Client) -> None:
    """Load the commands."""
    for question in QUESTIONS.values():
        bot.tree.add_command(command_of(question))
