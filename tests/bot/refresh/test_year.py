"""A year at a publisher: what may happen to Epoch AI's zip, an event at a time, and what the operator then sees.

Each event comes to data that have had their first refresh. It changes what it must and nothing else: no other board, no
headline, no milestone, no id; and `data undo` puts every table back. docs/replay.md holds the table of them:

    python -m tests.bot.refresh.test_year --write
"""

import asyncio
import re
import shutil
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.refresh_screen import Names, refresh_lines
from bot.newsroom import milestone_posts
from bot.newsroom.writing import Writer
from bot.refresh import last_refresh, refreshing
from bot.refresh.effects import Effect
from bot.refresh.refreshing import RefreshResult
from bot.settings import Settings
from bot.state import briefs
from bot.state.database import open_state
from bot.state.guilds import NewsroomSettings
from core.refresh.table_changes import compare_tables
from core.store.store import open_store
from core.store.tables import table_folder
from tests.bot.kept import set_newsroom
from tests.bot.refresh import epoch_zip
from tests.bot.refresh.conftest import FETCH, NOON, states
from tests.bot.refresh.epoch_zip import Tables
from tests.bot.refresh.life import settings_in
from tests.bot.refresh.year_events import EVENTS, Event
from tests.conftest import ROOT
from tests.fakes.publishers import Answer, FakePublishers, page

pytestmark = pytest.mark.slow

SERIES = ("epoch-hub", "epoch-index")
GUILD, CHANNEL = 5, 55
DAY = timedelta(days=1)
DAYS_MOVE, MOST_MOVED = 0.15, 0.5
"""Months that a day may add to a figure, and that no refresh moves a headline by what nobody has looked at."""
PAGE, BEGINS, ENDS = ROOT / "docs" / "replay.md", "<!-- year -->", "<!-- /year -->"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
UNSAID = ("Now", "Newest day", "Private gap", "Public gap")
"""Lines of the screen that say the same of each event, or move with the day alone."""


@dataclass(frozen=True)
class Seen:
    """What came of an event: what the refresh did, its screen, the milestones' titles, and if `undo` put all back."""

    done: RefreshResult
    screen: tuple[str, ...]
    titles: tuple[str, ...]
    kept_ids: bool
    undone: bool


def tables_in(settings: Settings) -> dict[str, bytes]:
    """Return all tables but the list of sources, which says until when they were seen."""
    paths = sorted(table_folder(settings.data).glob("*.csv"))
    return {path.name: path.read_bytes() for path in paths if path.name != "sources.csv"}


def ids_in(settings: Settings) -> dict[tuple[str, str], str]:
    """Return the id that each source's spelling has."""
    with open_store(settings.db, settings.data) as store:
        return {row[:2]: row[2] for row in store.rows("SELECT source_id, spelling, model_id FROM aliases")}


def ask(settings: Settings, answer: Answer, on: int) -> RefreshResult:
    """Ask the publisher, so many days after the first time."""
    with FakePublishers() as served:
        asked = [served.plays(refreshing.known_publishers()[name]) for name in SERIES]
        served[served.path(refreshing.known_publishers()[SERIES[0]].addresses[0])] = answer
        return asyncio.run(refreshing.refresh(settings, asked, NOON + on * DAY, fetch=FETCH))


def find_milestones(settings: Settings, on: int) -> tuple[str, ...]:
    """Look for milestones, and return the titles of all that were ever posted."""
    with closing(open_state(settings.state_url)) as state:
        milestone_posts.post_milestones(state, NOON + on * DAY, Writer(settings))
        return tuple(stored.brief.title for stored in briefs.list_briefs(state, limit=1_000))


def play(event: Event, files: Tables, settings: Settings) -> Seen:
    """Let an event happen to data that have had their first refresh, and go back."""
    before, ids = tables_in(settings), ids_in(settings)
    answer = event.spoil(files) or page(epoch_zip.as_zip(files))
    done = ask(settings, answer, on=1)
    last = last_refresh.read_last_refresh(settings.data)
    lines = refresh_lines(done, last, Names.read(settings))
    screen = tuple(f"{line.label}: {line.text}" if line.label else line.text for line in lines)
    titles, now = find_milestones(settings, on=1), ids_in(settings)
    kept_ids = all(now.get(key, model_id) == model_id for key, model_id in ids.items())
    if done.number is None:  # nothing is new, so there is nothing to undo
        return Seen(done, screen, titles, kept_ids, undone=True)
    refreshing.undo(settings, NOON + 2 * DAY)
    return Seen(done, screen, titles, kept_ids, undone=tables_in(settings) == before)


@pytest.fixture(scope="module")
def first_day(unopened_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data that have had their first refresh, and milestones that have had their first look."""
    folder = tmp_path_factory.mktemp("first-day")
    shutil.copyfile(unopened_file, folder / "evidence.db")
    begin(folder)
    return folder


def begin(folder: Path) -> None:
    """Let data have their first refresh in a folder, and milestones their first look."""
    settings = settings_in(folder)
    with closing(open_state(settings.state_url)) as state:
        set_newsroom(state, GUILD, NewsroomSettings(milestones_per_day=9, milestones_channel_id=CHANNEL))
    first = ask(settings, page(epoch_zip.as_zip(epoch_zip.tables())), on=0)
    assert states(first) == dict.fromkeys(SERIES, "new")
    assert find_milestones(settings, on=0) == ()


@pytest.fixture
def settings(first_day: Path, tmp_path: Path) -> Settings:
    shutil.copytree(first_day, tmp_path / "bot")
    return settings_in(tmp_path / "bot")


def move(effect: Effect) -> float:
    """Return by how much a figure moved; infinity where it came or went."""
    before, after = effect.before, effect.after
    return float("inf") if (before is None) != (after is None) else abs((before or 0.0) - (after or 0.0))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_changes_what_it_must_and_nothing_else(event: Event, settings: Settings) -> None:
    seen = play(event, epoch_zip.tables(), settings)
    done = seen.done
    findings = [finding.what for outcome in done.outcomes for finding in outcome.findings]
    others = [change for change in done.changes if change.subject.split()[:1] not in (["eci"], [event.board])]
    assert {(change.kind, change.model) for change in others} == event.brings
    assert (event.board == "eci") or len(others) < len(done.changes)
    assert [text for text in event.sees if text not in "\n".join(findings)] == []
    figures = done.effects.figures if done.effects else ()
    assert {figure.access for figure in figures if move(figure) > DAYS_MOVE} <= set(event.moves)
    assert [figure for figure in figures if figure.measure == "gap" and move(figure) > MOST_MOVED] == []
    assert seen.titles == ()
    assert seen.kept_ids
    assert seen.undone
    assert row_of(event, seen) in PAGE.read_text("utf-8").splitlines()


def test_a_year_of_faults_one_after_the_other_leaves_no_trace(settings: Settings, tmp_path: Path) -> None:
    """Each is mended when the next one comes; at last every score, model, day and class is what it was."""
    before = shutil.copytree(table_folder(settings.data), tmp_path / "before")
    faults = [event for event in EVENTS if not event.brings and event.board == "eci"]
    for number, event in enumerate(faults):
        files = epoch_zip.tables()
        ask(settings, event.spoil(files) or page(epoch_zip.as_zip(files)), on=7 * number + 1)
    ask(settings, page(epoch_zip.as_zip(epoch_zip.tables())), on=7 * len(faults) + 1)
    assert len(faults) > 10
    assert compare_tables(before, table_folder(settings.data)) == []
    assert find_milestones(settings, on=7 * len(faults) + 1) == ()


# ---- the table of docs/replay.md


def row_of(event: Event, seen: Seen) -> str:
    """Write what came of an event as a row: what happened, what that changed, and what the operator saw."""
    kinds = Counter(change.kind for change in seen.done.changes)
    parts = [f"{kind}: {number}" for kind, number in kinds.items()] or ["nothing changed"]
    parts += [f"milestone: {title}" for title in seen.titles]
    seen_lines = (
        ADDRESS.sub("the address", line).replace("\n", "<br>")
        for line in seen.screen
        if line.partition(":")[0] not in UNSAID
    )
    return f"| {event.name} | {'; '.join(parts)} | {'<br>'.join(seen_lines)} |"


def write() -> None:
    """Play all events, and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder, "first")
        first.mkdir()
        begin(first)
        rows = []
        for number, event in enumerate(EVENTS):
            shutil.copytree(first, place := Path(folder, str(number)))
            rows.append(row_of(event, play(event, epoch_zip.tables(), settings_in(place))))
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGINS)
    after = rest.partition(ENDS)[2]
    table = ["| What happens | What it changes | What the operator sees |", "| --- | --- | --- |", *rows]
    PAGE.write_text(f"{before}{BEGINS}\n\n{chr(10).join(table)}\n\n{ENDS}{after}", "utf-8")


if __name__ == "__main__":
    write()
