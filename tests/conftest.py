"""What all tests share: a home of their own, no network, and one evidence file made from the shipped tables."""

import gc
import os
import re
import shutil
import socket
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import URL

import bot  # noqa: F401  # before NumPy, which reads on its first import how many threads bot lets it have
from core.names.name_index import NameIndex, name_index
from core.store.store import Store, open_store
from tests import postgres as server

hypothesis.settings.register_profile("every day", deadline=None, derandomize=True, max_examples=25)
hypothesis.settings.register_profile("explore", deadline=None, print_blob=True, max_examples=60)  # in .ci/run
hypothesis.settings.load_profile("every day")

ROOT = Path(__file__).parents[1]
DEFAULT_PORT = 8765
"""Where gapbrief serves by default; a test that wants an answer asks a port of its own."""


KEEPS_STATE = re.compile(r"\bstate_address\b|: (?:State|Worker)\b")
"""What a file of tests has whose state is also kept in PostgreSQL, which is slow."""


def pytest_xdist_auto_num_workers() -> int:
    """Give `-n auto` a worker more than there are processors: tests wait for processes, servers and disks."""
    return (os.cpu_count() or 1) + 1


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no file of tests without one of those asked for alone: to import them all takes each worker ten seconds."""
    only = config.option.markexpr
    if only not in ("slow", "bench") or not collection_path.match("test_*.py"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    return not (f"mark.{only}" in text or (only == "slow" and KEEPS_STATE.search(text))) or None


LONGEST = ("test_browser", "test_kills", "test_run", "test_site_export")
"""The files of slow tests to begin with: all workers would wait for one that came last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


DRAWS_MANY = ("test_alt", "test_layout")
"""The files of core's tests with hundreds of pictures: to draw them is Matplotlib's work for the most part."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let core's own tests alone gather core's lines: whatever is watched takes half as long again.

    What fixtures do counts too, most of the work of some tests. pytest-cov's own mark pauses one of the two that watch
    in a worker, whereupon the other goes on.
    """
    watching = sys.gettrace(), threading.gettrace()
    if not item.path.is_relative_to(ROOT / "tests" / "core") or item.path.stem in DRAWS_MANY:
        sys.settrace(None)
        threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(watching[0])
        threading.settrace(watching[1])


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what thousands of tests are made of: none of it goes before the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests, and the processes they start, away from the real user's folders and settings."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("GAPBRIEF_", "XDG_")) or name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("GAPBRIEF_ENV_FILE", os.devnull)  # not that of this checkout
        patch.setenv("GAPBRIEF_REFRESH", "off")  # publishers are on loopback, where a test asks them
        patch.setattr("bot.refresh.daily.start", lambda _services: None)
        patch.setenv("TERM", "xterm-256color")
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that leaves the machine, and let no gapbrief answer that somebody runs on it."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        is_here = self.family == socket.AF_UNIX or address[0] in ("::1", "localhost") or address[0].startswith("127.")
        if not is_here:
            raise AssertionError(f"a test wanted to connect to {address}")
        if self.family != socket.AF_UNIX and address[1] == DEFAULT_PORT:
            raise ConnectionRefusedError
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_here)
        yield


@pytest.fixture(scope="session")
def unopened_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evidence file of the shipped tables, made once, to copy; nobody opens it.

    A process that has copied a file has closed it, and so lost SQLite's locks on it: another process that is then the
    last to leave removes the write-ahead log, and whoever still reads meets a "disk I/O error".
    """
    path = tmp_path_factory.mktemp("unopened") / "evidence.db"
    open_store(path, ROOT / "data").close()
    return path


@pytest.fixture(scope="session")
def evidence_file(unopened_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evidence file of the shipped tables, to open; answers may be kept in it, nothing else changes it."""
    return Path(shutil.copyfile(unopened_file, tmp_path_factory.mktemp("shipped") / "evidence.db"))


@pytest.fixture(scope="module")
def store(evidence_file: Path) -> Iterator[Store]:
    """The shipped tables, opened."""
    with open_store(evidence_file, ROOT / "data") as opened:
        yield opened


@pytest.fixture(scope="session")
def names(evidence_file: Path) -> NameIndex:
    """The names of the shipped data."""
    with open_store(evidence_file, ROOT / "data") as opened:
        return name_index(opened)


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL server: the address of a database in it."""
    if server.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with server.server() as url:
        yield url
