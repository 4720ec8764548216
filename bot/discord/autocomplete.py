"""Autocompletion: names that fit what is typed so far, from memory, best first, at most 25."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from discord import app_commands

from bot.answers import complete_name
from bot.discord.client_base import Interaction
from bot.discord.limits import CHOICE_NAME, CHOICES, fit
from core.names.names import Name

_LONGEST, _LONGEST_KIND = 100, 16

T = TypeVar("T", str, int)

Autocomplete = Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


def complete_names(*kinds: str, also: tuple[str, ...] = ()) -> Autocomplete:
    """Return an autocompletion over the names of some kinds, and over words that mean something beside them.

    The kinds are benchmark, model, lab, country and term.
    """
    words = [Name((word,), word, ()) for word in also]

    async def choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = interaction.client.services.answers.names.kinds
        named = [*words, *(name for kind in kinds for name in known.get(kind, ()))]
        return [
            app_commands.Choice(name=fit(name.shown, CHOICE_NAME), value=" ".join(name.key)[:CHOICE_NAME])
            for name in complete_name(typed[:_LONGEST], named)
        ]

    return choices


async def complete_subjects(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer all that can be watched, each with what it is."""
    known = interaction.client.services.answers.names.subjects
    return [
        app_commands.Choice(
            name=f"{fit(name.shown, CHOICE_NAME - _LONGEST_KIND)} · {name_kind(name)}", value=name.key[0]
        )
        for name in complete_name(typed[:_LONGEST], known)
        if len(name.key[0]) <= CHOICE_NAME
    ]


def name_kind(name: Name) -> str:
    """Say what a name that can be watched is: a model, a lab, a test, a field of work."""
    return {"benchmark": "test", "domain": "field of work"}.get(kind := name.key[0].partition(":")[0], kind)


def choose_matching(names: Mapping[T, str], typed: str = "") -> list[app_commands.Choice[T]]:
    """Return choices of some values by their names, of those whose name holds what is typed."""
    fitting = [(value, name) for value, name in names.items() if typed.lower() in name.lower()]
    return [app_commands.Choice(name=fit(name, CHOICE_NAME), value=value) for value, name in fitting[:CHOICES]]
