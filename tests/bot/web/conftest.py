"""The web pages as tests use them: over the shipped data, with an archive of four briefs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from bot.newsroom import editing, workflow
from bot.newsroom.writing import Writer
from bot.services import Services
from bot.settings import Settings
from bot.state.briefs import NewBrief, StoredBrief
from bot.state.database import State, open_state
from bot.web import guard
from bot.web.app import make_app
from bot.web.archive import Entry
from bot.web.guard import Limit
from bot.web.site import Site
from tests.bot.newsroom.newsroom import NO_NAMES
from tests.conftest import ROOT

TODAY = date(2026, 12, 1)
PUBLIC = "https://gap.example.org"
POSTED = (date(2026, 5, 22), date(2026, 6, 12), date(2026, 7, 1), date(2026, 8, 22))
"""The days of the briefs that were posted; the second was corrected, and the third withdrawn."""
MOST = 10**9
"""More requests than any test makes."""
PATIENT_SECONDS = 600.0
"""How long a page may take: the machine may be busy with other things."""


@dataclass(frozen=True, repr=False)
class Web:
    """A client of the application, and what the application is made from."""

    client: TestClient
    site: Site

    def get(self, path: str, **headers: str) -> Response:
        """Ask for a page without going where it leads."""
        return self.client.get(path, headers=headers, follow_redirects=False)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@dataclass(frozen=True)
class Archive:
    """A state whose archive a test fills as the operator does."""

    url: str
    state: State
    writer: Writer

    def written(self, day: date, focus: str | None = None) -> NewBrief:
        """Write the brief of a day."""
        return self.writer.write(day, None, focus)

    def post(self, made: NewBrief | date, when: datetime | None = None, guild_id: int | None = None) -> StoredBrief:
        """Post a brief, or that of a day, on its own day unless `when` says otherwise."""
        new = self.written(made) if isinstance(made, date) else made
        when = when or at(new.brief.published)
        draft = workflow.add_draft(self.state, new, workflow.OPERATOR, when, guild_id=guild_id)
        return workflow.post(self.state, draft.id, None, workflow.OPERATOR, when)

    def correct(self, kept: StoredBrief, when: datetime, addition: str = "as known then") -> None:
        """Let the title of a brief say more."""
        title, _, rest = editing.as_text(kept.brief).partition("\n")
        workflow.correct(self.state, kept.id, f"{title}, {addition}\n{rest}", workflow.OPERATOR, when, names=NO_NAMES)

    def withdraw(self, kept: StoredBrief, when: datetime) -> None:
        """Withdraw a brief."""
        workflow.withdraw(self.state, kept.id, workflow.OPERATOR, when)

    def fill(self) -> None:
        """Post the four briefs, correct the second, and withdraw the third."""
        _, second, third, _ = [self.post(day, at(day, 10)) for day in POSTED]
        self.correct(second, at(date(2026, 6, 14)))
        self.withdraw(third, at(date(2026, 7, 3)))


@contextmanager
def opened(evidence_file: Path, folder: Path) -> Iterator[Archive]:
    """An empty archive in a folder."""
    url = f"sqlite:///{folder / 'state.db'}"
    with closing(open_state(url)) as state:
        yield Archive(url, state, Writer(Settings(evidence_file, ROOT / "data", url)))


@pytest.fixture
def archive(evidence_file: Path, state_file: Path) -> Iterator[Archive]:
    """An archive of its own, without any brief; start_web(state_url=archive.url) shows it."""
    with opened(evidence_file, state_file.parent) as opened_archive:
        yield opened_archive


@pytest.fixture(scope="session")
def archive_url(evidence_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a state with the four briefs; nothing changes it."""
    with opened(evidence_file, tmp_path_factory.mktemp("archive")) as opened_archive:
        opened_archive.fill()
    return opened_archive.url


@pytest.fixture
def late(archive: Archive) -> Archive:
    """An archive of three briefs, posted one after another: of October (withdrawn), of September and of May."""
    posted = date(2026, 10, 20)
    october, *_ = [
        archive.post(day, at(posted, hour))
        for hour, day in enumerate((posted, date(2026, 9, 30), date(2026, 5, 22)), 9)
    ]
    archive.withdraw(october, at(posted, 20))
    return archive


def entry(web: Web, day: str) -> Entry:
    """Return the brief of a day, as the archive has it."""
    brief = asyncio.run(web.site.archive.find(day))
    assert brief is not None
    return brief


Starter = Callable[..., Web]


@pytest.fixture(scope="session")
def start_web(evidence_file: Path, archive_url: str) -> Iterator[Starter]:
    """Start the application: over the archive or another state, with a public address or without."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patched:
        patched.setattr(guard, "_LONGEST_SECONDS", PATIENT_SECONDS)

        def start(
            public_url: str | None = None, state_url: str = archive_url, limit: Limit | None = None,
            hosts: tuple[str, ...] = (), evidence: Path = evidence_file,
        ) -> Web:  # fmt: skip
            settings = Settings(evidence, ROOT / "data", state_url, public_url=public_url, hosts=hosts)
            services = Services(settings, open_state(state_url), lambda: TODAY)
            stack.callback(services.close)
            asyncio.run(services.answers.refresh())
            app = make_app(lambda: {"ok": True}, services, limit=limit or Limit(MOST, MOST))
            return Web(stack.enter_context(TestClient(app)), app.state.site)

        yield start


@pytest.fixture(scope="session")
def web(start_web: Starter) -> Web:
    """The pages without a public address."""
    return start_web()


@pytest.fixture(scope="session")
def public(start_web: Starter) -> Web:
    """The pages with a public address."""
    return start_web(PUBLIC)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pictures be files of all that they could say: drawing them takes most of the time that a site takes."""

    async def draw(_: Site, chart: object, **__: object) -> bytes:
        return repr(chart).encode()

    monkeypatch.setattr(Site, "draw", draw)


def fail_with(error: Exception) -> Callable[..., Awaitable[Any]]:
    """Return what fails with an error, to stand in the place of Site.answer."""

    async def fail(*_: object) -> None:
        raise error

    return fail
