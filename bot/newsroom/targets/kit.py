"""Kit: mails as drafts; a broadcast that is not public and has no sending time is a draft."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.newsroom.formats import render
from bot.newsroom.targets import CannotLookError, DeliveryOrder, register
from bot.newsroom.targets.drafts import DRAFT, Draft, DraftTarget
from bot.state.target_rows import TargetRow

_PAGE, _PAGES = "?per_page=100", 50
_MARK = "gapbrief {}"
"""The description that marks our broadcasts; readers don't see it."""
_EVERYONE = "all_subscribers"
_LIQUID = re.compile(r"\{(?=[{%])")
"""What Kit would read as the start of a Liquid value or tag."""


@register("kit")
class KitTarget(DraftTarget):
    """Newsletters at Kit."""

    label = "Kit"
    home = "https://api.kit.com"
    key_form = r"[\w.-]{8,200}"
    key_source = "Settings → Developer (a V4 key)"
    api = "/v4/broadcasts"
    tested_part = "broadcasts"
    id_type = int

    def sign(self, key: str, _now: datetime) -> Mapping[str, str]:
        """Return the key's header."""
        return {"x-kit-api-key": key}

    async def check_access(self, target: TargetRow, now: datetime) -> None:
        """Read the newest broadcast."""
        await self._ask(target, "GET", "?per_page=1", now, "broadcasts", list)

    async def find_draft(self, target: TargetRow, order: DeliveryOrder, now: datetime) -> str | None:
        """Find the broadcast with our mark; Kit lists them in pages, in no documented order.

        Raises CannotLookError if they don't end: another draft may be there already.
        """
        mark, path = _MARK.format(order.item.nonce), _PAGE
        for _ in range(_PAGES):
            answer = await self.ask(target, "GET", path, now)
            for broadcast in self.read_rows(self.read_part(answer, "broadcasts", list)):
                if broadcast.get("description") == mark:
                    return self.read_id(broadcast)
            pages = self.read_part(answer, "pagination", dict)
            if not pages.get("has_next_page"):
                return None
            path = f"{_PAGE}&after={quote(str(pages.get('end_cursor')), safe='')}"
        raise CannotLookError("I was interrupted while sending it, and Kit lists too many broadcasts to look through")

    async def create(self, target: TargetRow, draft: Draft, now: datetime) -> str:
        """Create a draft, with our mark."""
        new = {"description": _MARK.format(draft.mark)}
        if draft.extras.chart:
            new |= {"thumbnail_url": draft.extras.chart, "thumbnail_alt": draft.extras.chart_alt}
        return self.read_id(await self._ask(target, "POST", "", now, "broadcast", dict, {**_content(draft), **new}))

    async def update(self, target: TargetRow, draft_id: str, draft: Draft, now: datetime) -> None:
        """Update a draft's text, keeping the readers that an editor selected."""
        path = f"/{draft_id}"
        broadcast = await self._ask(target, "GET", path, now, "broadcast", dict)
        if broadcast.get("send_at") or broadcast.get("public"):
            broadcast["status"] = "scheduled"
        self.check_is_draft({"status": DRAFT, **broadcast})
        content, readers = _content(draft), broadcast.get("subscriber_filter")
        if readers and _EVERYONE not in str(readers):  # Kit's default, which it refuses to be sent
            content["subscriber_filter"] = readers
        await self._ask(target, "PUT", path, now, "broadcast", dict, content)

    async def _ask(
        self, target: TargetRow, method: str, path: str, now: datetime, part: str, kind: type, content: Any = None
    ) -> Any:
        return self.read_part(await self.ask(target, method, path, now, content), part, kind)


def _content(draft: Draft) -> dict[str, Any]:
    """Return a draft's content for the API."""
    words = {
        "subject": draft.brief.title,
        "preview_text": draft.brief.deck,
        "content": render(draft.brief, "draft", draft.extras),
    }
    return {**{name: _LIQUID.sub("{ ", text) for name, text in words.items()}, "public": False, "send_at": None}
