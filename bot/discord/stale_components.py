"""Buttons and selections of before that are none of ours any more: where what a custom_id begins with was renamed."""

import re
from typing import Any, Self

import discord

from bot.discord.buttons import DYNAMIC, OF_BEFORE
from bot.discord.components import DynamicComponent
from bot.discord.newsroom.handlers import NewsroomComponent
from core.errors import UsageError

_GROUP_NAME = re.compile(r"\?P<\w+>")
_KINDS: tuple[type[DynamicComponent], ...] = (*DYNAMIC, NewsroomComponent)
_KNOWN = "|".join(_GROUP_NAME.sub("?:", kind.__discord_ui_compiled_template__.pattern) for kind in _KINDS)


class StaleComponent(DynamicComponent, template=rf"(?!(?:{_KNOWN})\Z)(?s:.+)"):
    """Whatever has a custom_id that no other kind reads: says so, rather than nothing."""

    @classmethod
    async def from_custom_id(cls, _interaction: discord.Interaction, item: Any, _match: re.Match[str]) -> Self:
        """Read it back from what Discord sends."""
        return cls(item)

    async def on_press(self, _interaction: discord.Interaction[Any]) -> None:
        """Say what to do."""
        raise UsageError(OF_BEFORE)
