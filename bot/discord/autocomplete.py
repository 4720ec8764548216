"""Autocompletion from memory: at most 25 names that match the typed text, best first."""

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
    """Return an autocompletion over the names of some kinds, and over the words in `also`.

    Kinds are benchmark, model, lab, country and term.
    """
    words = [Name((word,), word, ()) for word in also]

    async def choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names_by_kind = interaction.client.services.answers.names.kinds
        names = [*words, *(name for kind in kinds for name in names_by_kind.get(kind, ()))]
        return [
            app_commands.Choice(name=fit(name.shown, CHOICE_NAME), value=" ".join(name.key)[:CHOICE_NAME])
            for name in complete_name(typed[:_LONGEST], names)
        ]

    return choices


async def complete_subjects(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer everything that can be watched, with its kind."""
    subjects = interaction.client.services.answers.names.subjects
    return [
        app_commands.Choice(
            name=f"{fit(name.shown, CHOICE_NAME - _LONGEST_KIND)} · {name_kind(name)}", value=name.key[0]
        )
        for name in complete_name(typed[:_LONGEST], subjects)
        if len(name.key[0]) <= CHOICE_NAME
    ]


def name_kind(name: Name) -> str:
    """Return a watchable name's kind in words: model, lab, test or field of work."""
    return {"benchmark": "test", "domain": "field of work"}.get(kind := name.key[0].partition(":")[0], kind)


def choose_matching(names: Mapping[T, str], typed: str = "") -> list[app_commands.Choice[T]]:
    """Return a choice for each value whose name contains the typed text."""
    matching = [(value, name) for value, name in names.items() if typed.lower() in name.lower()]
    return [app_commands.Choice(name=fit(name, CHOICE_NAME), value=value) for value, name in matching[:CHOICES]]
