"""The web server: the port that it holds, and uvicorn, which leaves signals to who started it."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.errors import DataError, UsageError
from core.words import quoted

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

LOOPBACK = "127.0.0.1"


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Hold the port of the web pages; raises DataError where it can't be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.create_server((str(address[0]), port), family=family)
    except (socket.gaierror, UnicodeError) as error:
        raise UsageError(f"{quoted(host)} is no address of this machine; leave --host out for loopback.") from error
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise DataError(f"Port {port} of {host} can't be used ({reason}); set GAPBRIEF_PORT to another.") from error
    with found:
        yield found


def web_server(app: "FastAPI") -> "uvicorn.Server":
    """Return a server that leaves signals to who started it."""
    import uvicorn

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    return Server(uvicorn.Config(app, log_config=None, server_header=False, timeout_graceful_shutdown=5))
