"""Autocompletion: names that fit what is typed so far, from memory, best first, at most 25."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from discord import app_commands

from bot.completion import best
from bot.discord.client_base import Interaction
from bot.discord.limits import CHOICE_NAME, CHOICES, fitted
from core.names.names import Name

_LONGEST = 100

T = TypeVar("T", str, int)

Autocomplete = Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


def names(*kinds: str, also: tuple[str, ...] = ()) -> Autocomplete:
    """Return an autocompletion over the names of some kinds, and over words that mean something beside them.

    The kinds are benchmark, model, lab, country and term.
    """
    words = [Name((word,), word, ()) for word in also]

    async def choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = interaction.client.services.answers.names.kinds
        named = [*words, *(name for kind in kinds for name in known.get(kind, ()))]
        return [
            app_commands.Choice(name=fitted(name.shown, CHOICE_NAME), value=" ".join(name.key)[:CHOICE_NAME])
            for name in best(typed[:_LONGEST], named)
        ]

    return choices


def matching(names: Mapping[T, str], typed: str = "") -> list[app_commands.Choice[T]]:
    """Return choices of some values by their names, of those whose name holds what is typed."""
    found = [(value, name) for value, name in names.items() if typed.lower() in name.lower()]
    return [app_commands.Choice(name=fitted(name, CHOICE_NAME), value=value) for value, name in found[:CHOICES]]
