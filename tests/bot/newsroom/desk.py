"""A desk for each kind of editors' systems: the system on loopback, and the target that makes drafts there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.newsroom.targets import Delivered, DeliveryOrder
from bot.newsroom.targets.buttondown import ButtondownTarget
from bot.newsroom.targets.drafts import DraftTarget
from bot.newsroom.targets.ghost import GhostTarget
from bot.newsroom.targets.kit import KitTarget
from bot.newsroom.targets.wordpress import WordPressTarget
from bot.settings import Settings
from bot.state.target_rows import TargetRow
from tests.bot.newsroom.editors import (
    BUTTONDOWN_KEY,
    GHOST_KEY,
    KIT_KEY,
    WORDPRESS_KEY,
    Editor,
    FakeButtondown,
    FakeGhost,
    FakeKit,
    FakeWordPress,
    editing,
)
from tests.bot.newsroom.newsroom import BRIEF, order
from tests.conftest import ROOT

KINDS: dict[str, tuple[type[DraftTarget], type[Editor], str]] = {
    "ghost": (GhostTarget, FakeGhost, GHOST_KEY),
    "buttondown": (ButtondownTarget, FakeButtondown, BUTTONDOWN_KEY),
    "kit": (KitTarget, FakeKit, KIT_KEY),
    "wordpress": (WordPressTarget, FakeWordPress, WORDPRESS_KEY),
}
"""What makes the drafts, the system, and the key that opens it."""
PAGE = "https://gap.example.org/briefs/2026-11-25-open-models"
DECKED = replace(BRIEF, deck="On private tests the gap is wider.")
CORRECTED = ((datetime(2026, 11, 26, tzinfo=UTC), "the gap is 7.4 months."),)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Desk:
    """A kind of drafts, its system on loopback, and the target that leads there."""

    kind: str
    editor: Editor
    settings: Settings
    guild_id: int | None = None

    @property
    def target(self) -> DraftTarget:
        sender, _, key = KINDS[self.kind]
        row = TargetRow(3, self.guild_id, self.kind, self.editor.url, key, "desk")
        return sender(lambda _: row, self.settings)

    def order(self, action: str = "post", draft_id: str | None = None, **more: Any) -> DeliveryOrder:
        return replace(order(3, action, kind=self.kind, **{"brief": DECKED, **more}), draft_id=draft_id)

    async def deliver(self, *arguments: Any, **more: Any) -> Delivered:
        return await self.target.deliver(self.order(*arguments, **more), now())

    async def make(self) -> str:
        draft_id = (await self.deliver()).draft_id
        assert draft_id is not None
        return draft_id

    @property
    def title(self) -> str:
        return self.editor.words_of(self.editor.only())[0]

    @property
    def body(self) -> str:
        return self.editor.words_of(self.editor.only())[1]


def desk_fixture(*kinds: str) -> Any:
    """A fixture: a desk of each of these kinds."""

    @pytest.fixture(params=kinds)
    async def desk(request: pytest.FixtureRequest, evidence_file: Path) -> AsyncIterator[Desk]:
        settings = Settings(evidence_file, ROOT / "data", public_url="https://gap.example.org")
        async with editing(KINDS[request.param][1]()) as editor:
            yield Desk(request.param, editor, settings)

    return desk
