"""The command line as tests use it: in this process, in a process of its own, and on a terminal."""

import fcntl
import os
import pty
import re
import shutil
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL

from bot import answers, pictures
from bot.cli import main
from bot.processes import Worker
from bot.state.database import State, open_state
from bot.state.state_tables import METADATA
from tests import postgres as server

Run = Callable[..., Result]
"""The command in this process: run("gap", "--json")."""
COMMAND = Path(sys.executable).parent / "gapbrief"
TODAY = date(2026, 12, 1)
STYLE = re.compile(r"\x1b\[[0-9;]*m")


class KeptWorker(Worker):
    """A process that draws for all tests: one of its own for each would import the drawing library again."""

    def close(self) -> None:
        """End a broken one only."""
        if self._pool is not None and self._pool._broken:
            super().close()


DRAWING = KeptWorker()


@pytest.fixture(autouse=True)
def drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all tests of this process draw in one other."""
    monkeypatch.setattr(pictures, "Worker", lambda: DRAWING)


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@dataclass(frozen=True)
class Cli:
    """The console command with an evidence file, run in a folder of its own."""

    db: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "GAPBRIEF_DB": str(self.db)}

    def start(self, *words: str, **environment: str | None) -> subprocess.Popen[str]:
        """Start the real command; a variable that is None is unset."""
        changed = {**self.environment, **environment}
        return subprocess.Popen(
            [COMMAND, *words],
            cwd=self.folder,
            env={key: value for key, value in changed.items() if value is not None},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def process(self, *words: str, **environment: str | None) -> tuple[int, str, str]:
        """Run the real command to its end: exit code, what it printed, and its errors."""
        running = self.start(*words, **environment)
        out, err = running.communicate(timeout=60)
        return running.returncode, out, err

    def terminal(self, width: int, *words: str, ends: int = 0, **environment: str) -> str:
        """Run the real command on a pseudo-terminal of a width to its exit code, and return all that it shows."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        running = subprocess.Popen(
            [COMMAND, *words],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=follower,
            stdout=follower,
            stderr=follower,
        )
        os.close(follower)
        shown = bytearray()
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not part:
                break
            shown += part
        os.close(leader)
        assert running.wait(timeout=60) == ends, shown.decode(errors="replace")
        return shown.decode("utf-8").replace("\r\n", "\n")


@pytest.fixture
def cli(evidence_file: Path, tmp_path: Path) -> Cli:
    """The real command, with the shipped data."""
    return Cli(evidence_file, tmp_path)


@pytest.fixture
def run(evidence_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command in this process, on 1 December 2026, with the shipped data and a state of its own: run("gap")."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(answers, "utc_today", lambda: TODAY)

    def invoke(*words: str, **environment: str | None) -> Result:
        own = {"GAPBRIEF_DB": str(evidence_file), "GAPBRIEF_STATE_URL": f"sqlite:///{tmp_path / 'state.db'}"}
        changed = {**own, "GAPBRIEF_ENV_FILE": os.devnull, **environment}
        return CliRunner().invoke(main, list(words), env=changed)

    return invoke


@pytest.fixture(scope="session")
def _postgres_state(postgres: URL) -> Iterator[URL]:
    with server.database(postgres) as url:
        open_state(server.address(url)).close()
        yield url


@pytest.fixture
def postgres_address(_postgres_state: URL) -> Iterator[str]:
    """The address of an empty state in PostgreSQL."""
    yield server.address(_postgres_state)
    server.empty(_postgres_state, METADATA)


@pytest.fixture(scope="session")
def empty_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state in which nothing is kept yet, to be copied: making one takes a while."""
    path = tmp_path_factory.mktemp("empty") / "state.db"
    open_state(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def state_file(empty_state: Path, tmp_path: Path) -> Path:
    """An empty state in the test's own folder, made already."""
    return Path(shutil.copy(empty_state, tmp_path / "state.db"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def state_address(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty state: a file, and in `.ci/run` a database in PostgreSQL too."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    address: str = request.getfixturevalue("postgres_address")
    return address


@pytest.fixture
def state(state_address: str, request: pytest.FixtureRequest) -> Iterator[State]:
    """An empty state, in a file and in PostgreSQL."""
    if state_address.startswith("sqlite"):
        request.getfixturevalue("state_file")
    with closing(open_state(state_address)) as opened:
        yield opened
