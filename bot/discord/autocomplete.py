"""Autocompletion: names that fit what is typed so far, from memory, best first, at most 25."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from discord import app_commands
from rapidfuzz import fuzz, process

from bot.discord.client_base import Interaction
from bot.discord.limits import CHOICE_NAME, CHOICES, fitted
from core.names.names import Name, plain

_GOOD_ENOUGH = 60.0
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


def best(typed: str, names: list[Name]) -> list[Name]:
    """Return the names that fit best: those that begin so, then those that hold it, then near misses."""
    wanted = plain(typed)
    if not wanted:
        return names[:CHOICES]
    ranked = sorted((rank, n) for n, name in enumerate(names) if (rank := _rank(wanted, name)) is not None)
    found = {names[n].key: names[n] for _, n in ranked}
    if len(found) < CHOICES:
        spelt = {number: name.plain for number, name in enumerate(names)}
        near = process.extract(wanted, spelt, scorer=fuzz.WRatio, limit=CHOICES, score_cutoff=_GOOD_ENOUGH)
        for _, _, number in near:
            found.setdefault(names[number].key, names[number])
    return list(found.values())[:CHOICES]


def _rank(wanted: str, name: Name) -> int | None:
    """Return how well a name fits, 0 best; None where it is at most a near miss."""
    if wanted == name.plain or wanted in name.plain_aliases:
        return 0
    if name.plain.startswith(wanted):
        return 1
    if any(alias.startswith(wanted) for alias in name.plain_aliases):
        return 2
    return 3 if wanted in name.plain else None
