"""Buttondown: mails as drafts, in Markdown. Its tags select readers, so we set none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.newsroom.formats import render, strip_title
from bot.newsroom.targets import DeliveryOrder, register
from bot.newsroom.targets.drafts import DRAFT, Draft, DraftTarget
from bot.state.target_rows import TargetRow

_DRAFTS = f"?status={DRAFT}&ordering=-creation_date"
_MARK = "gapbrief"
"""The key in a draft's metadata for our mark."""
_AS_MARKDOWN = "<!-- buttondown-editor-mode: plaintext -->\n"
"""Declares the body to be Markdown, which Buttondown would otherwise guess."""


@register("buttondown")
class ButtondownTarget(DraftTarget):
    """Newsletters at Buttondown."""

    label = "Buttondown"
    home = "https://api.buttondown.com"
    key_form = r"[\w.-]{8,200}"
    key_source = "Settings → API"
    api = "/v1/emails"
    tested_part = "drafts"

    def sign(self, key: str, _now: datetime) -> Mapping[str, str]:
        """Return the key's header."""
        return {"authorization": f"Token {key}"}

    async def check_access(self, target: TargetRow, now: datetime) -> None:
        """Read the newest drafts."""
        await self._drafts(target, now)

    async def find_draft(self, target: TargetRow, order: DeliveryOrder, now: datetime) -> str | None:
        """Find the draft of a brief among the newest hundred."""
        for draft in await self._drafts(target, now):
            if (draft.get("metadata") or {}).get(_MARK) == order.item.nonce:
                return self.read_id(draft)
        return None

    async def create(self, target: TargetRow, draft: Draft, now: datetime) -> str:
        """Create a draft, with our mark."""
        addresses = {"canonical_url": draft.extras.page, "image": draft.extras.chart}
        new = {"metadata": {_MARK: draft.mark}, **{name: url for name, url in addresses.items() if url}}
        return self.read_id(await self.ask(target, "POST", "", now, {**_content(draft), **new}))

    async def update(self, target: TargetRow, draft_id: str, draft: Draft, now: datetime) -> None:
        """Update a draft's text."""
        path = f"/{draft_id}"
        self.check_is_draft(await self.ask(target, "GET", path, now))
        await self.ask(target, "PATCH", path, now, _content(draft))

    async def _drafts(self, target: TargetRow, now: datetime) -> list[dict[str, Any]]:
        answer = await self.ask(target, "GET", _DRAFTS, now)
        return self.read_rows(self.read_part(answer, "results", list))


def _content(draft: Draft) -> dict[str, Any]:
    """Return a draft's content for the API."""
    return {
        "subject": draft.brief.title,
        "description": draft.brief.deck,
        "body": _AS_MARKDOWN + strip_title(render(draft.brief, "md", draft.extras)),
        "status": DRAFT,
    }
