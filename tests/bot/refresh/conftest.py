"""A bot whose data are the shipped ones, and publishers on loopback that serve what was shipped of them, or worse."""

import asyncio
import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.refresh import refreshing
from bot.refresh.downloading import DownloadLimits, download
from bot.refresh.last_refresh import LastRefresh, read_last_refresh
from bot.refresh.refreshing import RefreshResult
from bot.settings import Settings
from core.evidence import snapshots
from core.refresh import revisions
from core.refresh.publishers import Publisher
from core.refresh.revisions import Revision
from core.store.store import open_store
from core.store.tables import shipped_folder
from tests.fakes.publishers import Answer, FakePublishers, page

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
Row = dict[str, str]
NEW: Row = {
    "display_name": "glm-9 (high)", "avg_acc": "0.61", "avg_acc_standard_error": "0.01", "release_date": "2026-11-20",
}  # fmt: skip
"""A row of WeirdML's board of a model that is new."""


def weirdml() -> list[Row]:
    """The rows of WeirdML's board as shipped, as its author serves them."""
    [(_, imported)] = snapshots.read_rows(shipped_folder() / "imported" / "weirdml-2026-08-17.jsonl")
    days = {model.line: model.released for model in imported.models}
    return [
        {
            "display_name": score.spelling,
            "avg_acc": f"{score.score / 100:.10g}",
            "avg_acc_standard_error": f"{(score.standard_error or 0) / 100:.10g}",
            "release_date": str(days[score.line] or ""),
        }
        for score in imported.scores
    ]


def as_csv(rows: list[Row]) -> bytes:
    """Write rows as a file, with the columns of the first."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


FETCH = partial(
    download, may_reach=lambda _address: True,
    limits=DownloadLimits(n_bytes=5_000_000, seconds=20, tries=2, first_wait=0.01, longest_wait=0.05),
)  # fmt: skip
"""Downloads from loopback, and tries again at once."""


@dataclass
class Site:
    """A bot's data and the publishers that it asks."""

    settings: Settings
    served: FakePublishers
    publishers: dict[str, Publisher]

    def serve(self, answer: Answer | list[Row], name: str = "weirdml") -> None:
        """Let a publisher's file be served from now on."""
        answer = answer if callable(answer) else page(as_csv(answer))
        self.served[self.served.path(refreshing.known_publishers()[name].addresses[0])] = answer

    def refresh(
        self, *names: str, now: datetime = NOON, dry_run: bool = False, accept: bool | str = False
    ) -> RefreshResult:
        """Ask publishers, WeirdML's by default; of what was held back, all is accepted or what is named."""
        names = names or ("weirdml",)
        chosen = [self.publishers[name] for name in names]
        accepted = (accept,) if isinstance(accept, str) else names if accept else ()
        return asyncio.run(
            refreshing.refresh(self.settings, chosen, now, dry_run=dry_run, accept=accepted, fetch=FETCH)
        )

    @property
    def in_use(self) -> Revision | None:
        return revisions.read_current(self.settings.data)

    @property
    def last(self) -> LastRefresh | None:
        return read_last_refresh(self.settings.data)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the evidence file."""
        with open_store(self.settings.db, self.settings.data) as store:
            return store.rows(query, values)


def states(result: RefreshResult) -> dict[str, str]:
    """Return what came of each publisher."""
    return {outcome.series: outcome.state for outcome in result.outcomes}


@pytest.fixture
def site(unopened_file: Path, tmp_path: Path) -> Iterator[Site]:
    """Data before their first refresh."""
    shutil.copyfile(unopened_file, tmp_path / "evidence.db")
    settings = Settings(tmp_path / "evidence.db", tmp_path / "data", f"sqlite:///{tmp_path / 'state.db'}")
    with FakePublishers() as served:
        declared = {name: served.plays(publisher) for name, publisher in refreshing.known_publishers().items()}
        yield Site(settings, served, declared)
