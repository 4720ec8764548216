"""A PostgreSQL for tests: a server of its own in a folder of its own, on a unix socket, gone at the end."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwnam
from typing import Any

from sqlalchemy import URL, Connection, MetaData, NullPool, create_engine
from sqlalchemy.exc import OperationalError

DEBIAN = Path("/usr/lib/postgresql")
"""Debian keeps each version's programs in a folder of its own, outside of PATH."""
ACCOUNT = "postgres"
"""Whose the server is where the tests are root's: it refuses to run as root."""
USER = "gapbrief"
_START_SECONDS = 60.0
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
"""What is killed is gapbrief, never this server or its machine."""
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_COUNT_ANEW = "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences"


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, None where it is not installed."""
    on_path = shutil.which("initdb")
    initdbs = [Path(on_path)] if on_path else sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return initdbs[-1].parent if initdbs else None


@contextmanager
def server() -> Iterator[URL]:
    """Run a server, and return the address of its first database."""
    where = programs()
    assert where is not None
    account: dict[str, Any] = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path has to be short
    try:
        if account:
            os.chown(folder, getpwnam(ACCOUNT).pw_uid, getpwnam(ACCOUNT).pw_gid)
        data = folder / "data"
        made = [where / "initdb", "--no-sync", "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C", "-D", data]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **account)
        settings = [word for name, value in _QUICK.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            running = subprocess.Popen(
                [where / "postgres", "-D", data, "-k", folder, "-h", "", *settings],
                stdout=log, stderr=log, cwd=folder, **account,
            )  # fmt: skip
            try:
                url = URL.create("postgresql+psycopg", USER, database="postgres", query={"host": str(folder)})
                _wait_for(url, folder / "log")
                yield url
            finally:
                running.send_signal(signal.SIGQUIT)  # at once; nothing is kept
                running.wait(_START_SECONDS)
    finally:
        shutil.rmtree(folder)


@contextmanager
def database(url: URL) -> Iterator[URL]:
    """Make a database with nothing in it, and drop it at the end; return its address."""
    name = f"test_{secrets.token_hex(6)}"
    with connected(url) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name)
    finally:
        with connected(url) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def empty(url: URL, tables: MetaData) -> None:
    """Delete all rows, and count from 1 again: a twentieth of the time of a new database."""
    with connected(url) as connection:
        connection.exec_driver_sql(_END_OTHERS)
        for table in reversed(tables.sorted_tables):
            connection.execute(table.delete())
        connection.exec_driver_sql(_COUNT_ANEW)


def address(url: URL) -> str:
    """Write an address as a setting holds it."""
    return url.render_as_string(hide_password=False)


@contextmanager
def connected(url: URL) -> Iterator[Connection]:
    """Connect, with each statement a transaction of its own."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def _wait_for(url: URL, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            with connected(url):
                return
        except OperationalError as error:
            if time.monotonic() > until:
                raise RuntimeError(log.read_text()) from error
            time.sleep(0.02)
