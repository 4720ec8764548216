"""Ghost: posts as drafts, through its Admin API. Its editor converts the HTML and keeps only plain elements."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.newsroom.formats import render
from bot.newsroom.targets import DeliveryOrder, register
from bot.newsroom.targets.drafts import DRAFT, Draft, DraftTarget
from bot.state.target_rows import TargetRow

_VERSION = {"accept-version": "v5.0"}
_TOKEN_SECONDS = 5 * 60
_MARK = "<!-- gapbrief {} -->"
"""The comment that marks our drafts, in Ghost's field for a post's own scripts; readers don't see it."""
_TITLE, _EXCERPT = 255, 300
"""Ghost's limits, in letters."""


def sign_token(key: str, at: datetime) -> str:
    """Make a token (a JWT by HS256) from an Admin API key, valid for five minutes."""
    key_id, secret = key.split(":")
    stamp = int(at.timestamp())
    claims = {"iat": stamp, "exp": stamp + _TOKEN_SECONDS, "aud": "/admin/"}
    claims_part = f"{_encode({'alg': 'HS256', 'typ': 'JWT', 'kid': key_id})}.{_encode(claims)}"
    return f"{claims_part}.{_base64(hmac.new(bytes.fromhex(secret), claims_part.encode(), hashlib.sha256).digest())}"


def _encode(part: Mapping[str, Any]) -> str:
    return _base64(json.dumps(part, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@register("ghost")
class GhostTarget(DraftTarget):
    """Sites run by Ghost."""

    label = "Ghost"
    key_form = r"[0-9a-f]{1,64}:(?:[0-9a-f]{2}){1,64}"
    key_source = "Settings → Integrations (the Admin API key)"
    editor_path = r"(/ghost)?"
    api = "/ghost/api/admin/posts"
    tested_part = "posts"

    def sign(self, key: str, now: datetime) -> Mapping[str, str]:
        """Return the headers with a token for five minutes."""
        return {"authorization": f"Ghost {sign_token(key, now)}", **_VERSION}

    async def check_access(self, target: TargetRow, now: datetime) -> None:
        """Read the id of one post."""
        await self._ask(target, "GET", "/?limit=1&fields=id", now)

    async def find_draft(self, target: TargetRow, order: DeliveryOrder, now: datetime) -> str | None:
        """Find the post with our mark; Ghost adds numbers to slugs that are already used."""
        posts = await self._ask(target, "GET", f"/?filter=slug:~^'{order.stored.slug}'&limit=15", now)
        mark = _MARK.format(order.item.nonce)
        return next((self.read_id(post) for post in posts if post.get("codeinjection_foot") == mark), None)

    async def create(self, target: TargetRow, draft: Draft, now: datetime) -> str:
        """Create a draft, with our mark."""
        new = {
            "slug": draft.slug, "canonical_url": draft.extras.page or None,
            "tags": [{"name": draft.brief.category}], "codeinjection_foot": _MARK.format(draft.mark),
        }  # fmt: skip
        return self.read_id(await self._ask_one(target, "POST", "/?source=html", now, {**_content(draft), **new}))

    async def update(self, target: TargetRow, draft_id: str, draft: Draft, now: datetime) -> None:
        """Update a draft's text; Ghost refuses (409) if an editor saved the post since it was read."""
        post = await self._ask_one(target, "GET", f"/{draft_id}/", now)
        self.check_is_draft(post)
        content = {**_content(draft), "updated_at": post.get("updated_at")}
        await self._ask_one(target, "PUT", f"/{draft_id}/?source=html", now, content)

    async def _ask_one(self, target: TargetRow, method: str, path: str, now: datetime, post: Any = None) -> Any:
        """Return the only post of an answer; raises UnsureError if there is none."""
        posts = await self._ask(target, method, path, now, post and {"posts": [post]})
        if not posts:
            raise self.misread_error()
        return posts[0]

    async def _ask(self, target: TargetRow, method: str, path: str, now: datetime, content: Any = None) -> Any:
        answer = await self.ask(target, method, path, now, content)
        return self.read_rows(self.read_part(answer, "posts", list))


def _content(draft: Draft) -> dict[str, Any]:
    """Return a draft's content for the API."""
    return {
        "title": draft.brief.title[:_TITLE],
        "custom_excerpt": draft.brief.deck[:_EXCERPT] or None,
        "html": render(draft.brief, "draft", draft.extras),
        "status": DRAFT,
    }
