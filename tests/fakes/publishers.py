"""A server that plays publishers of scores, on loopback: each path answers as a test sets it.

    with FakePublishers() as served:
        served["/weirdml_data.csv"] = page(b"display_name,...", etag='"1"')
        address = served.url + "/weirdml_data.csv"
    served.asked                      # every request that came, in order: its path and headers
    publisher = served.plays(publisher)   # a declaration, with the addresses of this server
    served.path(address)              # the path under which it is served here

What a path answers is one of these, or `in_turn(a, b, c)`, of which the last answers every further request:

    page(body)                  200; 304 to who asks with its ETag or Last-Modified
    status(404)  status(500)    `status(429, retry_after=2)` asks to wait
    redirect_loop()             leads on to itself
    onward("/b")                leads on to another path or address
    into_a_private_network()    leads on to the metadata of a cloud
    cut(body)                   breaks off in the middle of what it said would come
    cut_chunks(body)            the same, of a length that it did not say
    gzipped(body)  cut_gzip(body)     packed; broken off within the packing, in a whole response
    gzip_bomb()                 100 MB of one letter, packed
    html()                      a web page with status 200; `html("text/csv")` under another name
    large(n_bytes)              so much, said before or, with `has_length=False`, not
    silent()  drip()            says nothing; says a byte now and then

`zipped({"a.csv": b"..."})` makes a zip to serve; `zipped` takes any name, such as "../a.csv".
"""

import asyncio
import gzip
import io
import warnings
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlsplit

from aiohttp import web

from core.refresh.publishers import PublishedFile, Publisher
from tests.fakes.served import SECONDS, Served

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
_PIECE = b"x" * 65_536


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]


class FakePublishers(Served):
    """Such a server, until the end of `with`; a path that was given no answer is not found."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self.asked: list[Asked] = []
        self._answers = dict(answers or {})

    def __setitem__(self, path: str, answer: Answer) -> None:
        self._answers[path] = answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @staticmethod
    def path(address: str) -> str:
        """Return the path under which an address is served here: of its host and its own path."""
        parts = urlsplit(address)
        return f"/{parts.netloc}{parts.path}"

    def plays(self, publisher: Publisher) -> Publisher:
        """Return a declaration with this server's addresses."""
        return replace(publisher, files=tuple(map(self._plays_file, publisher.files)))

    def _plays_file(self, file: PublishedFile) -> PublishedFile:
        listing = file.listing and replace(file.listing, address=self.url + self.path(file.listing.address))
        parts = urlsplit(file.address)
        address = self.url + self.path(file.address) + (f"?{parts.query}" if parts.query else "")
        address += f"#{parts.fragment}" if parts.fragment else ""
        return replace(file, address=address, listing=listing)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(request.path, dict(request.headers)))
        with suppress(ConnectionError):  # who asked has gone
            return await self._answers.get(request.path, status(404))(request)
        return web.Response()


# ---- what a path answers


def page(body: bytes, kind: str = "text/csv", etag: str = "", modified: str = "", packing: str = "") -> Answer:
    headers = {"Content-Type": kind, "ETag": etag, "Last-Modified": modified, "Content-Encoding": packing}
    headers = {name: value for name, value in headers.items() if value}

    async def answer(request: web.Request) -> web.Response:
        sent_headers = request.headers
        is_known = bool(etag) and sent_headers.get("If-None-Match") == etag
        is_known |= not etag and bool(modified) and sent_headers.get("If-Modified-Since") == modified
        return web.Response(status=304, headers=headers) if is_known else web.Response(body=body, headers=headers)

    return answer


def in_turn(*answers: Answer) -> Answer:
    left = list(answers)

    async def answer(request: web.Request) -> web.StreamResponse:
        return await (left.pop(0) if len(left) > 1 else left[0])(request)

    return answer


def status(number: int, retry_after: object = None) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=number, headers={} if retry_after is None else {"Retry-After": str(retry_after)})

    return answer


def onward(to: str, number: int = 302) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=number, headers={"Location": to})

    return answer


def redirect_loop() -> Answer:
    return onward("")


def into_a_private_network() -> Answer:
    return onward("http://169.254.169.254/latest/meta-data/")


def cut(body: bytes) -> Answer:
    return _broken_off(body, {"Content-Length": str(len(body))})


def cut_chunks(body: bytes) -> Answer:
    return _broken_off(body, {})


def _broken_off(body: bytes, headers: Mapping[str, str]) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/csv", **headers})
        if not headers:
            response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        assert request.transport
        request.transport.close()
        return response

    return answer


def gzipped(body: bytes) -> Answer:
    return page(gzip.compress(body), packing="gzip")


def cut_gzip(body: bytes) -> Answer:
    packed = gzip.compress(body)
    return page(packed[: len(packed) // 2], packing="gzip")


@cache
def _bomb() -> bytes:
    return gzip.compress(b"0" * 100_000_000, 1)


def gzip_bomb() -> Answer:
    return page(_bomb(), packing="gzip")


def html(kind: str = "text/html; charset=utf-8") -> Answer:
    return page(b"\n<!DOCTYPE html>\n<html><body>We have moved.</body></html>", kind)


def large(n_bytes: int = 200_000_000, *, has_length: bool = True) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/csv"})
        if has_length:
            response.content_length = n_bytes
        await response.prepare(request)
        for _ in range(n_bytes // len(_PIECE)):
            await response.write(_PIECE)
        await response.write(_PIECE[: n_bytes % len(_PIECE)])
        return response

    return answer


def silent() -> Answer:
    async def answer(_: web.Request) -> web.Response:
        await asyncio.sleep(SECONDS)
        return web.Response()

    return answer


def drip() -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/csv"})
        await response.prepare(request)
        for _ in range(int(SECONDS / 0.02)):
            await response.write(b"x")
            await asyncio.sleep(0.02)
        return response

    return answer


def zipped(files: Mapping[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    """Make a zip; of a list, names may be there twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name that is there twice
        for name, body in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
