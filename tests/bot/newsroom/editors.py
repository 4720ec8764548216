"""Ghost, Buttondown, Kit and WordPress on loopback, as documented: keys are checked, drafts kept as they keep them."""

import base64
import hashlib
import hmac
import html
import itertools
import json
import time
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from aiohttp import web

from tests.bot.newsroom.listener import serving

GHOST_ID, GHOST_SECRET = "6478a1b2c3d4e5f601234567", "5e" * 32
GHOST_KEY = f"{GHOST_ID}:{GHOST_SECRET}"
BUTTONDOWN_KEY = "0f1e2d3c-PLANTED-4b5a-6978"
KIT_KEY = "kit_0f1e2d3cPLANTED4b5a6978"
WORDPRESS_KEY = "ann@example.org:PLAN TEDx 5yYz Ab12 Cd34 Ef56"
_PLAIN = {
    "p": (), "h2": (), "h3": (), "ul": (), "ol": (), "li": (), "strong": (), "em": (), "a": ("href",),
    "img": ("src", "alt"), "hr": (), "br": (),
}  # fmt: skip
"""The elements, with their attributes, that Ghost's editor has a form of its own for."""

Fault = Callable[[web.Request], web.Response]


def cut(request: web.Request) -> web.Response:
    """Hang up without a word."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def status(number: int, **headers: str) -> Fault:
    """Answer with a status."""
    return lambda _request: web.Response(status=number, headers=headers)


class LossyHtml(HTMLParser):
    """Keeps of HTML what Ghost's editor keeps: plain elements, and the words of the others."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stored = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PLAIN:
            shown = "".join(f' {name}="{value}"' for name, value in attrs if name in _PLAIN[tag])
            self.stored += f"<{tag}{shown}>"

    def handle_endtag(self, tag: str) -> None:
        self.stored += f"</{tag}>" if tag in _PLAIN else ""

    def handle_data(self, data: str) -> None:
        self.stored += data.strip("\n")


@dataclass
class Editor:
    """An editors' system: its drafts by their ids, and the requests that came, as method and path.

    `before` and `after` are what befalls the next requests, one each, before or after they are done; the paths of
    `spared` are spared.
    """

    url: str = ""
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    before: list[Fault] = field(default_factory=list)
    after: list[Fault] = field(default_factory=list)
    spared: tuple[str, ...] = ()
    clock: Callable[[], float] = time.time
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    @staticmethod
    @abstractmethod
    def words_of(draft: dict[str, Any]) -> tuple[str, str]:
        """Return the title and the body of a draft, as an editor sees them."""

    @staticmethod
    @abstractmethod
    def mark_of(draft: dict[str, Any]) -> str:
        """Return the mark of a draft of ours."""

    @abstractmethod
    def knows(self, request: web.Request) -> bool:
        """Whether a request shows the key."""

    @abstractmethod
    def do(self, request: web.Request, content: Any) -> web.Response:
        """Do what a request asks."""

    async def take(self, request: web.Request) -> web.Response:
        """Take a request."""
        raw = await request.read()
        self.requests.append(f"{request.method} {request.path}")
        befalls = not request.path.endswith(self.spared)
        if self.before and befalls:
            return self.before.pop(0)(request)
        if not self.knows(request):
            return web.json_response({"errors": [{"message": "unknown"}]}, status=401)
        done = self.do(request, json.loads(raw or "null"))
        return self.after.pop(0)(request) if self.after and befalls else done

    def make(self, content: dict[str, Any]) -> dict[str, Any]:
        """Keep a new draft."""
        draft_id = self.new_id()
        self.drafts[str(draft_id)] = {**content, "id": draft_id}
        return self.drafts[str(draft_id)]

    def make_post(self, content: dict[str, Any]) -> dict[str, Any]:
        """Keep a new draft under its slug, or under the first of its numbers that is free."""
        post, slug = self.make({"status": "draft", **content}), content["slug"]
        taken = {other["slug"] for other in self.drafts.values() if other is not post}
        post["slug"] = next(name for name in (slug, *(f"{slug}-{n}" for n in range(2, 9))) if name not in taken)
        return post

    def new_id(self) -> str | int:
        """Return an id that no draft has."""
        return next(self.numbers)

    def only(self) -> dict[str, Any]:
        """Return the one draft that there is."""
        (draft,) = self.drafts.values()
        return draft


@dataclass
class FakeGhost(Editor):
    """Ghost's Admin API for posts."""

    def new_id(self) -> str:
        return f"{next(self.numbers):024x}"

    @staticmethod
    def words_of(draft: dict[str, Any]) -> tuple[str, str]:
        return draft["title"], draft["html"]

    @staticmethod
    def mark_of(draft: dict[str, Any]) -> str:
        return str(draft["codeinjection_foot"].split()[2])

    def knows(self, request: web.Request) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        head, claims, signature = token.split(".")
        expected = hmac.new(bytes.fromhex(GHOST_SECRET), f"{head}.{claims}".encode(), hashlib.sha256).digest()
        says, claimed = _decoded(head), _decoded(claims)
        now = self.clock()
        return (
            scheme == "Ghost"
            and hmac.compare_digest(_bytes(signature), expected)
            and (says["alg"], says["kid"], claimed["aud"]) == ("HS256", GHOST_ID, "/admin/")
            and now - 300 < claimed["iat"] <= now + 1
            and now < claimed["exp"] <= claimed["iat"] + 300
        )

    def do(self, request: web.Request, content: Any) -> web.Response:
        path = request.path.removeprefix("/ghost/api/admin/posts/")
        new = content["posts"][0] if content else {}
        if request.method == "POST" and path == "":
            return web.json_response({"posts": [self.make_post(_refined(request, new))]}, status=201)
        if path == "":
            begin = request.query.get("filter", "").removeprefix("slug:~^").strip("'")
            posts = [post for post in self.drafts.values() if post["slug"].startswith(begin)]
            return web.json_response({"posts": posts[: int(request.query["limit"])]})
        post = self.drafts.get(path.removesuffix("/"))
        if post is None:
            return web.json_response({"errors": [{"type": "NotFoundError"}]}, status=404)
        if request.method == "PUT":
            if new["updated_at"] != post["updated_at"]:
                return web.json_response({"errors": [{"type": "UpdateCollisionError"}]}, status=409)
            post |= _refined(request, new)
        return web.json_response({"posts": [post]})


def _refined(request: web.Request, post: dict[str, Any]) -> dict[str, Any]:
    """Return a post as Ghost keeps it: without `source=html` there is no text of it."""
    assert len(post["title"]) <= 255
    assert len(post.get("custom_excerpt") or "") <= 300
    body = LossyHtml(post["html"]).stored if request.query.get("source") == "html" else ""
    return {**post, "html": body, "updated_at": f"{time.time_ns()}"}


def _decoded(part: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(_bytes(part))
    return decoded


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@dataclass
class FakeButtondown(Editor):
    """Buttondown's API for emails; what is made without a status is sent at once."""

    def new_id(self) -> str:
        return f"{next(self.numbers):024x}"

    @staticmethod
    def words_of(draft: dict[str, Any]) -> tuple[str, str]:
        return draft["subject"], draft["body"]

    @staticmethod
    def mark_of(draft: dict[str, Any]) -> str:
        return str(draft["metadata"]["gapbrief"])

    def knows(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Token {BUTTONDOWN_KEY}"

    def do(self, request: web.Request, content: Any) -> web.Response:
        draft_id = request.path.removeprefix("/v1/emails").strip("/")
        if request.method == "POST":
            if not content.get("subject") or set(content) & {"tags", "filters", "included_tags"}:
                return web.json_response({"code": "subject_invalid"}, status=400)
            return web.json_response(self.make({"status": "about_to_send", **content}), status=201)
        if not draft_id:
            wanted = request.query.get("status", "sent")
            newest = [draft for draft in reversed(self.drafts.values()) if draft["status"] == wanted]
            return web.json_response({"results": newest[:100], "count": len(newest)})
        if draft_id not in self.drafts:
            return web.json_response({"detail": "Not Found"}, status=404)
        if request.method == "PATCH":
            self.drafts[draft_id] |= content
        return web.json_response(self.drafts[draft_id])


@dataclass
class FakeKit(Editor):
    """Kit's API for broadcasts: what is made without `send_at` is sent, and what a change leaves out is forgotten."""

    page: int = 3

    @staticmethod
    def words_of(draft: dict[str, Any]) -> tuple[str, str]:
        return draft["subject"], draft["content"]

    @staticmethod
    def mark_of(draft: dict[str, Any]) -> str:
        return str(draft["description"].split()[1])

    def knows(self, request: web.Request) -> bool:
        return request.headers.get("X-Kit-Api-Key") == KIT_KEY

    def do(self, request: web.Request, content: Any) -> web.Response:
        draft_id = request.path.removeprefix("/v4/broadcasts").strip("/")
        if content and "all_subscribers" in str(content.get("subscriber_filter")):
            return web.json_response({"errors": ["Type is invalid"]}, status=422)
        if request.method == "POST":
            made = self.make({"description": None, "thumbnail_url": None, **_broadcast(content)})
            return web.json_response({"broadcast": made}, status=201)
        if not draft_id:
            cursor = request.query.get("after", "+0")
            assert cursor.startswith("+")
            begin = int(cursor)
            end = begin + min(int(request.query.get("per_page", "500")), self.page)
            pages = {"has_next_page": end < len(self.drafts), "end_cursor": f"+{end}"}
            return web.json_response({"broadcasts": list(self.drafts.values())[begin:end], "pagination": pages})
        if draft_id not in self.drafts:
            return web.json_response({"errors": ["Not Found"]}, status=404)
        if request.method == "PUT":
            self.drafts[draft_id] |= _broadcast(content)
        return web.json_response({"broadcast": self.drafts[draft_id]})


def _broadcast(content: dict[str, Any]) -> dict[str, Any]:
    everyone = [{"all": [{"type": "all_subscribers"}]}]
    is_draft = content.get("send_at", "at once") is None and content.get("public", True) is False
    return {"subscriber_filter": everyone, **content, "status": "draft" if is_draft else "scheduled"}


class FilteredHtml(LossyHtml):
    """Keeps of HTML what WordPress keeps of an author's: remarks too, and words as they were written."""

    def __init__(self, text: str) -> None:
        super().__init__(text.replace("&", "&amp;"))

    def handle_comment(self, data: str) -> None:
        self.stored += f"<!--{data}-->"


@dataclass
class FakeWordPress(Editor):
    """WordPress's REST API for posts and tags; what a request of no editor sees is what is published."""

    spared: tuple[str, ...] = ("/tags",)
    tags: dict[int, str] = field(default_factory=lambda: {7: "archive"})

    @staticmethod
    def words_of(draft: dict[str, Any]) -> tuple[str, str]:
        return html.unescape(draft["title"]["raw"]), draft["content"]["raw"]

    @staticmethod
    def mark_of(draft: dict[str, Any]) -> str:
        return str(draft["content"]["raw"].partition("<!-- gapbrief ")[2].split()[0])

    def knows(self, request: web.Request) -> bool:
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        return scheme == "Basic" and base64.b64decode(shown).decode() == WORDPRESS_KEY

    def do(self, request: web.Request, content: Any) -> web.Response:
        path = request.path.removeprefix("/wp-json/wp/v2")
        if path == "/tags":
            return self._tags(request, content)
        draft_id = path.removeprefix("/posts").strip("/")
        is_editors = request.query.get("context") == "edit"
        if request.method == "POST" and not draft_id:
            assert set(content["tags"]) <= set(self.tags)
            return web.json_response(self.make_post(_filtered(content)), status=201)
        if not draft_id:
            wanted, words = request.query.get("status", "publish"), request.query.get("search", "")
            posts = [
                post for post in self.drafts.values()
                if is_editors and wanted in ("any", post["status"]) and words in post["content"]["raw"]
            ]  # fmt: skip
            return web.json_response(posts[: int(request.query.get("per_page", "10"))])
        if draft_id not in self.drafts:
            return web.json_response({"code": "rest_post_invalid_id", "data": {"status": 404}}, status=404)
        if request.method == "POST":
            self.drafts[draft_id] |= _filtered(content)
        return web.json_response(self.drafts[draft_id])

    def _tags(self, request: web.Request, content: Any) -> web.Response:
        if request.method == "POST":
            number = max(self.tags) + 1
            self.tags[number] = content["name"]
            return web.json_response({"id": number, "name": self.tags[number]}, status=201)
        words = request.query["search"].casefold()
        tags = [{"id": number, "name": name} for number, name in self.tags.items() if words in name.casefold()]
        return web.json_response(tags)


def _filtered(post: dict[str, Any]) -> dict[str, Any]:
    """Return a post as WordPress keeps it of an author who may not write any HTML."""
    texts = {name: {"raw": FilteredHtml(post[name]).stored} for name in ("title", "content", "excerpt") if name in post}
    return {**post, **texts}


@asynccontextmanager
async def editing(editor: Editor) -> AsyncIterator[Editor]:
    """Serve an editors' system."""
    async with serving(editor.take) as editor.url:
        yield editor
