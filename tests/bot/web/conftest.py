"""The web pages as tests use them: over the shipped data, with an archive of four briefs."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from bot.publish import editing, workflow
from bot.publish.writing import Writer
from bot.services import Services
from bot.settings import Settings
from bot.state.database import State, open_state
from bot.web.app import make_app
from bot.web.archive import Entry
from bot.web.guard import Limit
from bot.web.site import Site
from tests.bot.publish.newsroom import NO_NAMES
from tests.conftest import ROOT

TODAY = date(2026, 12, 1)
PUBLIC = "https://gap.example.org"
POSTED = (date(2026, 5, 22), date(2026, 6, 12), date(2026, 7, 1), date(2026, 8, 22))
"""The days of the briefs that were posted; the second was corrected, and the third withdrawn."""
MOST = 10**9
"""More requests than any test makes."""


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


def fill(state: State, settings: Settings) -> None:
    """Post four briefs, correct the second, and withdraw the third."""
    writer = Writer(settings)
    kept = []
    for day in POSTED:
        made = workflow.make(state, writer.write(day, None, None), workflow.OPERATOR, at(day))
        kept.append(workflow.post(state, made.id, None, workflow.OPERATOR, at(day, 10)))
    text = editing.as_text(kept[1].brief)
    title, _, rest = text.partition("\n")
    workflow.correct(
        state, kept[1].id, f"{title}, as known then\n{rest}", workflow.OPERATOR, at(date(2026, 6, 14)), names=NO_NAMES
    )
    workflow.withdraw(state, kept[2].id, workflow.OPERATOR, at(date(2026, 7, 3)))


@pytest.fixture(scope="session")
def archive_url(evidence_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a state with the four briefs; nothing changes it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('archive') / 'state.db'}"
    state = open_state(url)
    fill(state, Settings(db=evidence_file, data=ROOT / "data", state_url=url))
    state.close()
    return url


def entry(web: Web, day: str) -> Entry:
    """Return the brief of a day, as the archive has it."""
    found = asyncio.run(web.site.archive.find(day))
    assert found is not None
    return found


Starter = Callable[..., Web]


@pytest.fixture(scope="session")
def start_web(evidence_file: Path, archive_url: str) -> Iterator[Starter]:
    """Start the application: over the archive or another state, with a public address or without."""
    with ExitStack() as stack:

        def start(public_url: str | None = None, state_url: str = archive_url, limit: Limit | None = None) -> Web:
            settings = Settings(evidence_file, ROOT / "data", state_url, public_url)
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
