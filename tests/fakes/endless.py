"""Servers on loopback that answer without end, or with more than there seems to be: to every request, whatever it is.

    with Endless("chunked") as server:
        ...  # http://127.0.0.1:<server.port>
    server.sent     # bytes that were taken from it

"chunked" never ends; "length" says that 10 GB come, and sends them; "gzip" is 100 MB of one letter, packed; "deflate"
says that it is packed in a way that nobody asked for; "headers" never come to their end; "drip" is a byte at a time;
"onward" leads on to `to`.
"""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from types import TracebackType as Trace
from typing import Literal, Self, get_args

Kind = Literal["chunked", "length", "gzip", "deflate", "headers", "drip", "onward"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_GIGABYTE = 1_000_000_000
_PART = b" " * 65_536


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * (_GIGABYTE // 10), 1)


class Endless:
    """Such a server, in threads of its own until the end of `with`."""

    def __init__(self, kind: Kind, *, media: str = "application/json", status: int = 200, to: str = "/") -> None:
        self.kind, self.media, self.status, self.to = kind, media, status, to
        self.asked: list[bytes] = []
        self.sent = 0
        self._is_over = threading.Event()

    def __enter__(self) -> Self:
        if self.kind in ("gzip", "deflate"):
            _bomb()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Trace | None) -> None:
        self._is_over.set()
        self._listening.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            client.settimeout(30)
            self.asked.append(client.recv(65_536))
            for part in self._parts():
                if self._is_over.is_set():
                    return
                client.sendall(part)
                self.sent += len(part)

    def _parts(self) -> Iterator[bytes]:
        head = f"HTTP/1.1 {self.status} Odd\r\nContent-Type: {self.media}\r\n"
        if self.kind == "headers":
            yield head.encode()
            for number in range(10**9):
                yield (f"X-{number}: " + "a" * 60 + "\r\n").encode() * 1000
        elif self.kind == "onward":
            yield f"HTTP/1.1 307 On\r\nLocation: {self.to}\r\nContent-Length: 0\r\n\r\n".encode()
        elif self.kind in ("gzip", "deflate"):
            yield f"{head}Content-Encoding: {self.kind}\r\nContent-Length: {len(_bomb())}\r\n\r\n".encode()
            yield _bomb()
        elif self.kind == "length":
            yield f"{head}Content-Length: {10 * _GIGABYTE}\r\n\r\n".encode()
            for _ in range(10 * _GIGABYTE // len(_PART)):
                yield _PART
        else:
            yield f"{head}Transfer-Encoding: chunked\r\n\r\n".encode()
            while True:
                part = b" " if self.kind == "drip" else _PART
                yield b"%x\r\n%s\r\n" % (len(part), part)
                if self.kind == "drip":
                    time.sleep(0.05)
