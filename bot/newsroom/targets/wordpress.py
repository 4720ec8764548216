"""WordPress: posts as drafts, through its REST API. Titles are HTML there, and square brackets may be shortcodes."""

import base64
import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.newsroom.formats import render
from bot.newsroom.targets import DeliveryOrder, register
from bot.newsroom.targets.drafts import DRAFT, Draft, DraftTarget, MissingError
from bot.state.target_rows import TargetRow

_AS_EDITOR = "context=edit"
_MARK = "<!-- gapbrief {} -->"
"""The comment that marks our drafts; readers don't see it."""
_TRASH = "trash"


@register("wordpress")
class WordPressTarget(DraftTarget):
    """Sites run by WordPress."""

    label = "WordPress"
    key_form = r"[^\s:][^:\r\n]{0,99}:(?:[A-Za-z0-9]{4} ?){6}"
    key_source = "Users → Profile → Application Passwords, and put your user name and a colon before it"
    editor_path = r"(/wp-(admin|json|login\.php)(/.*)?)?"
    api = "/wp-json/wp/v2"
    tested_part = "drafts"
    id_type = int

    def sign(self, key: str, _now: datetime) -> Mapping[str, str]:
        """Return the header with the name and the password."""
        return {"authorization": f"Basic {base64.b64encode(key.encode()).decode()}"}

    async def check_access(self, target: TargetRow, now: datetime) -> None:
        """Read the id of one draft."""
        await self._list(target, f"/posts?{_AS_EDITOR}&status={DRAFT}&per_page=1&_fields=id", now)

    async def find_draft(self, target: TargetRow, order: DeliveryOrder, now: datetime) -> str | None:
        """Search for the post with our mark, in any status."""
        posts = await self._list(target, f"/posts?{_AS_EDITOR}&status=any&search={order.item.nonce}", now)
        mark = _MARK.format(order.item.nonce)
        return next((self.read_id(post) for post in posts if mark in str(post.get("content"))), None)

    async def create(self, target: TargetRow, draft: Draft, now: datetime) -> str:
        """Create a draft, with our mark and its category as a tag."""
        new = {"slug": draft.slug, "tags": [await self._find_tag(target, draft.brief.category, now)]}
        content = _content(draft, _MARK.format(draft.mark))
        return self.read_id(await self.ask(target, "POST", "/posts", now, {**content, **new}))

    async def update(self, target: TargetRow, draft_id: str, draft: Draft, now: datetime) -> None:
        """Update a draft's text, keeping its mark."""
        path = f"/posts/{draft_id}"
        post = await self.ask(target, "GET", f"{path}?{_AS_EDITOR}", now)
        if isinstance(post, dict) and post.get("status") == _TRASH:
            raise MissingError("an editor put it into the trash")
        self.check_is_draft(post)
        mark = re.search(_MARK.format(r"[\w-]+"), str(post.get("content")))
        await self.ask(target, "POST", path, now, _content(draft, mark.group() if mark else ""))

    async def _find_tag(self, target: TargetRow, name: str, now: datetime) -> int:
        """Return the id of a tag, which is created if the site has none of that name."""
        for tag in await self._list(target, f"/tags?search={quote(name)}&per_page=100", now):
            if str(tag.get("name")).casefold() == name.casefold():
                return int(self.read_id(tag))
        return int(self.read_id(await self.ask(target, "POST", "/tags", now, {"name": name})))

    async def _list(self, target: TargetRow, path: str, now: datetime) -> Any:
        return self.read_rows(await self.ask(target, "GET", path, now))


def _content(draft: Draft, mark: str) -> dict[str, Any]:
    """Return a draft's content for the API, escaped so that data can't add HTML or shortcodes."""
    body = render(draft.brief, "draft", draft.extras).replace("[", "&#91;")
    return {
        "title": html.escape(draft.brief.title, quote=False),
        "excerpt": html.escape(draft.brief.deck, quote=False),
        "content": f"{body}{mark}\n",
        "status": DRAFT,
    }
