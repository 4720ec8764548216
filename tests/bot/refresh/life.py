"""A bot that lives day by day, by a clock that the test sets: it asks publishers on loopback, looks for milestones, and
writes a brief each Monday, of data that knew nothing of those days when they began.
"""

import asyncio
import csv
import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.newsroom import milestone_posts
from bot.newsroom.writing import Writer, write_after
from bot.refresh import refreshing
from bot.refresh.refreshing import RefreshResult
from bot.settings import Settings
from bot.state import briefs
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from bot.state.schedules import LastBrief
from core.brief import Brief
from core.evidence import curated, snapshots
from core.evidence.build import compile_tables, read_inputs
from core.evidence.curated import Source
from core.evidence.importers import IMPORTERS
from core.evidence.merge import same_value
from core.refresh.publishers import PublishedFile, Publisher
from core.store import tables
from core.store.store import open_store
from tests.bot.kept import set_newsroom
from tests.bot.refresh.conftest import FETCH, as_csv
from tests.conftest import ROOT
from tests.fakes.publishers import FakePublishers, page

HOUR = time(6, tzinfo=UTC)
MONDAY = 0
_GUILD, _CHANNEL, _PER_DAY, _ALL = 5, 55, 9, 10_000
_ALIASES = "SELECT spelling, model_id, variant FROM aliases WHERE source_id LIKE '{}-%'"

EPOCH = Publisher(
    Source(
        "", "Epoch AI and METR", "Scores of the day", "epoch-daily", date.min, complete=True, sets_day=True,
        role="third-party", rank=8, spellings="metr", author_of="", licence="CC BY 4.0; METR data as published",
        citation="Epoch AI, AI Benchmarking Hub; METR, Time Horizons", url="https://epoch.ai/benchmarks",
        series="epoch-daily",
    ),
    is_zip=False,
    files=(PublishedFile("scores.csv", "https://epoch.example/scores.csv", 1),),
)  # fmt: skip
"""The file of the day, which is served nowhere."""


def as_known(day: date, folder: Path, sources: Collection[str] = ()) -> None:
    """Make a folder like `data/` of what was read of publishers by a day, and of the hand-kept tables.

    All of them, or some sources alone.
    """
    data = ROOT / "data"
    shutil.copytree(data / "publishers", folder / "publishers")
    shutil.copytree(data / "curated", folder / "curated")
    known = {
        source.source_id: source.snapshot
        for source in curated.read_curated(data / "curated").sources.values()
        if source.snapshot <= day and source.source_id in (sources or (source.source_id,))
    }
    for table in ("sources", "files", "openness"):
        _keep(folder / "curated" / f"{table}.csv", lambda row: row["source_id"] in known)
    _keep(folder / "curated" / "published.csv", lambda row: row["published"] <= str(max(known.values())))
    (folder / snapshots.FOLDER).mkdir()
    for path in (data / snapshots.FOLDER).iterdir():
        if path.stem in known:
            shutil.copyfile(path, folder / snapshots.FOLDER / path.name)
    by_hand = curated.read_curated(folder / "curated")
    compile_tables(by_hand, read_inputs(folder, by_hand), folder / "curated", folder)


def _keep(path: Path, is_kept: Callable[[Mapping[str, str]], bool]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = [row for row in reader if is_kept(row)], reader.fieldnames or ()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@contextmanager
def ships(folder: Path) -> Iterator[None]:
    """Let gapbrief come with the tables of a folder."""
    original = tables.shipped_folder
    with pytest.MonkeyPatch.context() as patch:
        for module in list(sys.modules.values()):
            if getattr(module, "shipped_folder", None) is original:
                patch.setattr(module, "shipped_folder", lambda: folder)
        yield


@dataclass(frozen=True)
class Lived:
    """What a day brought: what the refresh did, the milestones that were posted, and the brief where one is due."""

    day: date
    done: RefreshResult
    milestones: tuple[Brief, ...]
    brief: Brief | None
    has_news: bool


@dataclass
class Life:
    """A bot, the files that publishers serve it, and what it told so far."""

    settings: Settings
    state: State
    served: FakePublishers
    publishers: Sequence[Publisher]
    last: LastBrief | None = None
    days: list[Lived] = field(default_factory=list)

    def serve(self, day: date, files: Mapping[str, bytes]) -> None:
        """Serve what is new of a day, by publisher."""
        for publisher in self.publishers:
            if publisher.name in files:
                body = files[publisher.name]
                self.served[self.served.path(publisher.files[0].address)] = page(body, etag=f'"{publisher.name} {day}"')

    def refresh(self, day: date, files: Mapping[str, bytes], *, accept: bool = False) -> RefreshResult:
        """Serve what is new of a day, and ask all publishers."""
        self.serve(day, files)
        asked = [self.served.plays(publisher) for publisher in self.publishers]
        now = datetime.combine(day, HOUR)
        accepted = [publisher.name for publisher in asked] if accept else ()
        return asyncio.run(refreshing.refresh(self.settings, asked, now, fetch=FETCH, accept=accepted))

    def look(self, day: date) -> tuple[Brief, ...]:
        """Look for milestones, and return those that are posted."""
        before = {stored.id for stored in briefs.list_briefs(self.state, limit=_ALL)}
        milestone_posts.post_milestones(self.state, datetime.combine(day, HOUR), Writer(self.settings))
        now = briefs.list_briefs(self.state, limit=_ALL)
        new = sorted((stored for stored in now if stored.id not in before), key=lambda stored: stored.id)
        return tuple(stored.brief for stored in new)

    def live(self, day: date, files: Mapping[str, bytes]) -> Lived:
        """Live through a day on which publishers serve some files anew."""
        done = self.refresh(day, files)
        milestones, brief, has_news = self.look(day), None, False
        if day.weekday() == MONDAY:
            made = write_after(Writer(self.settings), self.last, day, None)
            brief, has_news = made.brief, made.has_news
            self.last = LastBrief(made.revision, brief.as_of, made.known_by, day, brief.facts)
        self.days.append(Lived(day, done, milestones, brief, has_news))
        return self.days[-1]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the evidence file."""
        with open_store(self.settings.db, self.settings.data) as store:
            return store.rows(query)


def settings_in(folder: Path) -> Settings:
    """Return the settings of a bot whose data lie in a folder."""
    return Settings(folder / "evidence.db", folder / "data", f"sqlite:///{folder / 'state.db'}")


@contextmanager
def life(folder: Path, state: State, publishers: Sequence[Publisher], ships_with: Path) -> Iterator[Life]:
    """Begin a life in a folder, with the tables of another."""
    settings = settings_in(folder)
    set_newsroom(state, _GUILD, NewsroomSettings(milestones_per_day=_PER_DAY, milestones_channel_id=_CHANNEL))
    with ships(ships_with), FakePublishers() as served:
        yield Life(settings, state, served, publishers)


def lenient(publisher: Publisher, min_rows: int) -> Publisher:
    """Return a declaration for files of earlier years, which were shorter."""
    return replace(publisher, files=tuple(replace(file, min_rows=min_rows) for file in publisher.files))


class DayFile:
    """The file of the day, as rows that were added, changed and taken away make it."""

    def __init__(self, base: Path) -> None:
        with base.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.columns = list(rows[0])
        self._rows: dict[tuple[str, ...], dict[str, str]] = {}
        for row in rows:
            key = row["benchmark"], row["model"], row["release_date"]
            occurrence = sum((*key, str(number)) in self._rows for number in range(9))
            self._rows[*key, str(occurrence)] = row

    def apply(self, changes: Sequence[Mapping[str, str]]) -> None:
        """Apply one day's changes."""
        for change in changes:
            key = change["benchmark"], change["model"], change["release_date"], change["occurrence"]
            if change["change"] == "gone":
                del self._rows[key]
                continue
            assert (key in self._rows) == (change["change"] == "changed"), key
            self._rows[key] = {column: change[column] for column in self.columns}

    def rows(self) -> list[dict[str, str]]:
        """Return the rows, board by board."""
        return sorted(self._rows.values(), key=lambda row: row["benchmark"])


def played(changes: Path, base: Path, began: date) -> dict[date, bytes]:
    """Return the file of the day, for each day on which it changed."""
    days: dict[date, list[dict[str, str]]] = {}
    with changes.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            days.setdefault(date.fromisoformat(row["day"]), []).append(row)
    of_day = DayFile(base)
    files = {began: as_csv(of_day.rows())}
    for day in sorted(days):
        of_day.apply(days[day])
        files[day] = as_csv(of_day.rows())
    return files


def missing(bot: Life, publisher: Publisher, body: bytes) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Hold a publisher's file against the scores that stand: which it alone has, and which the store alone has.

    The store's are rows of the boards of that file: benchmark, version, model, effort, score, whether it is gone, and
    the source.
    """
    path = bot.settings.db.parent / publisher.files[0].name
    path.write_bytes(body)
    imported = IMPORTERS[publisher.declared.importer](path)
    standing = bot.rows(
        "SELECT benchmark_id, version, model_id, variant, score, gone_from IS NOT NULL, source_id FROM scores"
        " WHERE superseded_from IS NULL"
    )
    names = {str(row[0]): row[1:] for row in bot.rows(_ALIASES.format(publisher.name))}
    left, absent = list(standing), []
    for raw in imported.scores:
        cell = (raw.benchmark, raw.version, *names.get(raw.spelling, (raw.spelling, "")))
        matches = [row for row in standing if row[:4] == cell and same_value(row[4], raw.score) and not row[5]]
        left = [row for row in left if row not in matches]
        if not matches:
            absent.append(f"{raw.spelling} on {raw.benchmark}, {raw.score:g}")
    boards = {(raw.benchmark, raw.version) for raw in imported.scores}
    return absent, [row for row in left if row[:2] in boards]
