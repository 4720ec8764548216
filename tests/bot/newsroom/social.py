"""Mastodon and Telegram on loopback, as their APIs are documented: tokens are checked, and letters are counted."""

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.bot.newsroom.listener import serving

MASTODON_TOKEN, TELEGRAM_TOKEN = "PLANTEDmastodon", "123456789:PLANTEDtelegramtoken0123456789abcde"
_PNG = b"\x89PNG\r\n"


@dataclass
class Social:
    """A Mastodon and a Telegram at one address: what was posted, and the pictures with their alt texts or names."""

    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)
    before: list[Callable[[], web.Response]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Take a request."""
        form = await request.post() if request.content_type == "multipart/form-data" else {}
        content = dict(form) if form else json.loads(await request.read() or b"null")
        if self.before:
            return self.before.pop(0)()
        if request.path.startswith("/bot"):
            return self._telegram(request, content)
        if request.headers.get("Authorization") != f"Bearer {MASTODON_TOKEN}":
            return web.json_response({"error": "The access token is invalid"}, status=401)
        if request.path == "/api/v1/media":
            return web.json_response({"id": self._keep(content["file"], content["description"]), "type": "image"})
        assert request.path == "/api/v1/statuses"
        if len(re.sub(r"https?://\S+", "x" * 23, content["status"])) > 500:
            return web.json_response({"error": "Text character limit of 500 exceeded"}, status=422)
        self.posts.append(content)
        return web.json_response({"id": "1", "account": {"username": "gap"}, "media_attachments": []})

    def _telegram(self, request: web.Request, content: Any) -> web.Response:
        _, token, method = request.path.split("/", 2)
        if token != f"bot{TELEGRAM_TOKEN}":
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        if method == "sendPhoto":
            assert len(content["caption"].encode("utf-16-le")) <= 2 * 1024
            self._keep(content["photo"], content["photo"].filename)
        self.posts.append({name: value for name, value in content.items() if isinstance(value, str)} | {"by": method})
        return web.json_response({"ok": True, "result": {"message_id": len(self.posts)}})

    def _keep(self, file: Any, alt: str) -> str:
        assert file.file.read(6) == _PNG
        self.pictures.append({"alt": alt, "type": file.content_type})
        return str(len(self.pictures))


@asynccontextmanager
async def social() -> AsyncIterator[Social]:
    """Serve both."""
    network = Social()
    async with serving(network.take) as network.url:
        yield network
