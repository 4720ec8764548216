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
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.commands.refresh_screen import Known, refresh_lines
from bot.publish import milestone_posts
from bot.publish.writing import Writer
from bot.refresh import last_refresh, refreshing
from bot.refresh.downloading import Limits, download
from bot.refresh.refreshing import Refreshed
from bot.settings import Settings
from bot.state import briefs
from bot.state.database import open_state
from bot.state.guilds import Newsroom
from core.evidence.table_changes import changes_of
from core.questions.effects import Effect
from core.store.store import open_store
from core.store.tables import table_folder
from tests.bot.kept import set_newsroom
from tests.bot.refresh import epoch_zip
from tests.bot.refresh.conftest import NOON, Row
from tests.bot.refresh.epoch_zip import DECLARED, INDEX, METADATA, Tables
from tests.conftest import ROOT
from tests.fakes.publishers import Answer, FakePublishers, html, page

pytestmark = pytest.mark.slow

SERIES = ("epoch-hub", "epoch-index")
GPQA, OTIS, METR, WEIRDML = (
    "gpqa_diamond.csv",
    "otis_mock_aime_2024_2025.csv",
    "metr_time_horizons_external.csv",
    "weirdml_external.csv",
)
SCORE, BEST, VERSION = "mean_score", "Best score (across scorers)", "Model version"
GUILD, CHANNEL = 5, 55
DAY = timedelta(days=1)
MOST_MOVED = 0.5
"""Months that no refresh moves a headline by what nobody has looked at."""
PAGE, BEGINS, ENDS = ROOT / "docs" / "replay.md", "<!-- year -->", "<!-- /year -->"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
UNSAID = ("Now", "Newest day", "Private gap", "Public gap")
"""Lines of the screen that say the same of each event, or move with the day alone."""
Spoil = Callable[[Tables], Answer | None]
Changes = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Event:
    """What happens upstream, and what must come of it.

    `spoil` changes the files, or returns an answer to serve instead of the zip. `brings` are the changes, of anything
    but the index and the new `board`, as kinds and models; `news` the milestones; `moves` the classes of the headline
    that may move. The operator sees each text of `sees`.
    """

    name: str
    spoil: Spoil
    states: tuple[str, str] = ("new", "unchanged")
    brings: Changes = frozenset()
    news: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()
    board: str = "eci"


# ---- what happens


def first(files: Tables, name: str, spelling: str) -> Row:
    """Return the row of a spelling on a board."""
    return next(row for row in files[name] if row[VERSION] == spelling)


def add(files: Tables, name: str, spelling: str, score: str, maker: str = "OpenAI", day: str = "2026-11-20") -> Row:
    """Let a board list one more model, and return its row."""
    row = dict.fromkeys(files[name][0], "") | {VERSION: spelling, "Release date": day, "Organization": maker}
    row |= {column: score for column in (SCORE, BEST, "Accuracy") if column in row}
    files[name].append(row)
    return row


def describe(
    files: Tables, spelling: str, group: str, word: str, maker: str = "OpenAI", day: str = "2026-11-20"
) -> None:
    """Let the list of models hold one more."""
    files[METADATA].append(
        {"model_version": spelling, "model_group": group, "date": day, "organization": maker, "accessibility": word}
    )


def rename_column(files: Tables) -> None:
    files[GPQA] = [
        {{SCORE: "score", BEST: "best"}.get(key, key): cell for key, cell in row.items()} for row in files[GPQA]
    ]


def rename_model(files: Tables) -> None:
    for name, rows in files.items():
        column = {METADATA: "model_version", INDEX: "Model"}.get(name, VERSION)
        for row in rows:
            if row.get(column) == "gpt-5-2025-08-07_high":
                row[column] = "gpt-5-2025-08-07-high"


def bring_out_version(files: Tables) -> None:
    """FrontierMath gets a third version: a file of its own, declared to succeed the second."""
    rows = [dict(row) for row in files["frontiermath_tiers_1_3_v2.csv"]]
    files["frontiermath_tiers_1_3_v3.csv"] = rows
    for row in files[DECLARED]:
        if row["source_file"] == "frontiermath_tiers_1_3_v2.csv":
            row["superseded_by"] = "frontiermath_tiers_1_3_v3"
            new = {**row, "benchmark": "frontiermath_tiers_1_3_v3", "source_file": "frontiermath_tiers_1_3_v3.csv"}
    files[DECLARED].append({**new, "superseded_by": ""})


def bring_out_board(files: Tables) -> None:
    files["osworld_2.csv"] = [
        {
            **dict.fromkeys(row, ""),
            VERSION: row[VERSION],
            SCORE: row[SCORE],
            "Release date": row["Release date"],
            "Organization": row["Organization"],
        }
        for row in files[GPQA][:60]
    ]
    files[DECLARED].append(
        {
            "benchmark": "OSWorld 2",
            "source_file": "osworld_2.csv",
            "score_column": SCORE,
            "scale": "1",
            "superseded_by": "",
        }
    )


def retire_board(files: Tables) -> None:
    del files[GPQA]


def change_scale(files: Tables) -> None:
    for row in files[GPQA]:
        for column in (SCORE, BEST):
            row[column] = str(float(row[column]) / 100) if row[column] else ""


def date_in_2062(files: Tables) -> None:
    add(files, GPQA, "gpt-9_high", "0.99", day="2062-09-03")


def date_without_noughts(files: Tables) -> None:
    first(files, GPQA, "gpt-5-2025-08-07_high")["Release date"] = "2025-8-7"


def retract(files: Tables) -> None:
    files[OTIS] = [row for row in files[OTIS] if row[VERSION] != "gpt-5-2025-08-07_high"]


def double_rows(files: Tables) -> None:
    files[GPQA] = [row for row in files[GPQA] for _ in (1, 2)]


def new_effort(files: Tables) -> None:
    add(files, OTIS, "gpt-5-2025-08-07_hyper", "0.2", day="2025-08-07")


def open_later(files: Tables) -> None:
    """A model whose scores set no record gets an open licence."""
    for row in files[METADATA]:
        if row["model_version"].startswith("gpt-4o-mini"):
            row["accessibility"] = "Open weights (unrestricted)"


def open_ten(files: Tables) -> None:
    """Whoever writes the list takes ten leading closed models for open ones."""
    for row in files[METADATA]:
        if row["model_version"].startswith(("gpt-5", "claude-opus-4")):
            row["accessibility"] = "Open weights (unrestricted)"


def new_lab(files: Tables) -> None:
    add(files, OTIS, "aurora-1_high", "0.3", maker="Aurora Labs")
    describe(files, "aurora-1_high", "Aurora 1", "API access", maker="Aurora Labs")


def new_suite(files: Tables) -> None:
    files[METR][0]["METR version"] = "METR-Horizon-v1.2"


def index_without_openness(files: Tables) -> None:
    files[INDEX] = [{key: cell for key, cell in row.items() if key != "Model accessibility"} for row in files[INDEX]]


def double_ids(files: Tables) -> None:
    """The list names one version twice, of another group the second time."""
    row = next(row for row in files[METADATA] if row["model_version"] == "gpt-5-2025-08-07_high")
    files[METADATA].append({**row, "model_group": "GPT-5 mini"})


def empty_file(files: Tables) -> None:
    files[GPQA] = [dict.fromkeys(files[GPQA][0], "")]


def spoil_a_name(files: Tables) -> None:
    add(files, OTIS, "gpt-\x007_high", "0.99")


def correct_a_score(files: Tables) -> None:
    row = first(files, OTIS, "gpt-5-2025-08-07_high")
    row |= {column: "0.905" for column in (SCORE, BEST) if column in row}


def add_a_twin(files: Tables) -> None:
    """One more run of a model that is listed under two spellings: it must rename none."""
    add(files, GPQA, "gpt-5.5-pro-pre-release_medium", "0.2", day="2026-04-23")
    describe(files, "gpt-5.5-pro-pre-release_medium", "GPT-5.5 Pro", "API access", day="2026-04-23")


def set_a_record(files: Tables) -> None:
    add(files, WEIRDML, "gpt-7_high", "0.999")
    describe(files, "gpt-7_high", "GPT-7", "API access")


def serve_half(files: Tables) -> Answer:
    whole = epoch_zip.as_zip(files)
    return page(whole[: len(whole) // 2])


EVENTS = (
    Event("a score column is renamed", rename_column, sees=("gpqa_diamond.csv stays as it was",)),
    Event(
        "a model is spelt another way",
        rename_model,
        states=("new", "new"),
        brings=frozenset({("score gone", "gpt-5-2025-08-07"), ("new score", "gpt-5-2025-08-07")}),
    ),
    Event(
        "a benchmark has a new version, in a file of its own",
        bring_out_version,
        board="epoch-frontiermath-tiers-1-3-v3",
        sees=("new board: frontiermath_tiers_1_3_v3, 108 rows", "proposed"),
    ),
    Event(
        "a new benchmark is declared", bring_out_board, sees=("new board: OSWorld 2, 60 rows",), board="epoch-osworld-2"
    ),
    Event("a benchmark's file is retired", retire_board, sees=("gpqa_diamond.csv is there no more",)),
    Event("scores come on another scale", change_scale, sees=("0.01 times what they were",)),
    Event("a model is dated 2062", date_in_2062, sees=("yet to come",)),
    Event("a day is written 2025-8-7", date_without_noughts),
    Event("a score is retracted", retract, brings=frozenset({("score gone", "gpt-5-2025-08-07")})),
    Event("every row comes twice", double_rows),
    Event("a score is corrected", correct_a_score, brings=frozenset({("revised score", "gpt-5-2025-08-07")})),
    Event(
        "an effort has a new word", new_effort, brings=frozenset({("new score", "gpt-5-2025-08-07")}), sees=("hyper",)
    ),
    Event(
        "a licence opens later",
        open_later,
        states=("unchanged", "new"),
        brings=frozenset({("openness", "gpt-4o-mini-2024-07-18")}),
        moves=("public",),
    ),
    Event(
        "ten leading models and more are called open",
        open_ten,
        states=("unchanged", "new"),
        brings=frozenset(
            ("openness", model)
            for model in (
                "claude-opus-4-8",
                "gpt-5-chat",
                "gpt-5-pro-2025-10-06",
                "gpt-5.2-2025-12-11",
                "gpt-5.2-codex",
                "gpt-5.5-pro",
            )
        ),
        moves=("private", "public"),
        sees=("claude-opus-4-6 stays closed, though publishers disagree", "`gapbrief data classify claude-opus-4-6"),
    ),
    Event(
        "a lab is new",
        new_lab,
        states=("new", "new"),
        brings=frozenset({("new model", "aurora-1"), ("new score", "aurora-1")}),
        moves=("public",),
    ),
    Event("METR has a new suite", new_suite, sees=('"METR-Horizon-v1.2" is no known suite',)),
    Event(
        "the index says no more who is open",
        index_without_openness,
        states=("unchanged", "new"),
        sees=("eci_scores.csv stays as it was",),
    ),
    Event("the list names a version twice", double_ids, states=("unchanged", "new")),
    Event("a file is empty", empty_file, sees=("gpqa_diamond.csv stays as it was",)),
    Event("a name holds a NUL", spoil_a_name, sees=("a text that nobody could read",)),
    Event(
        "one more run of a listed model",
        add_a_twin,
        states=("new", "new"),
        brings=frozenset({("new score", "gpt-5.5-pro")}),
    ),
    Event(
        "a closed model sets a record",
        set_a_record,
        states=("new", "new"),
        brings=frozenset({("new model", "gpt-7"), ("new score", "gpt-7")}),
        sees=("gpt-7 is left out: closed by Epoch AI alone, it would hold a record", "`gapbrief data classify gpt-7"),
    ),
    Event("a web page comes instead of the zip", lambda _: html(), states=("failed", "failed")),
    Event("half of the zip comes", serve_half, states=("failed", "failed")),
)


@dataclass(frozen=True)
class Seen:
    """What came of an event: what the refresh did, its screen, the milestones' titles, and if `undo` put all back."""

    done: Refreshed
    screen: tuple[str, ...]
    titles: tuple[str, ...]
    kept_ids: bool
    undone: bool


def tables_in(settings: Settings) -> dict[str, bytes]:
    """Return all tables but the list of sources, which says until when they were seen."""
    paths = sorted(table_folder(settings.data).glob("*.csv"))
    return {path.name: path.read_bytes() for path in paths if path.name != "sources.csv"}


def settings_in(folder: Path) -> Settings:
    return Settings(folder / "evidence.db", folder / "data", f"sqlite:///{folder / 'state.db'}")


def ids_in(settings: Settings) -> dict[tuple[str, str], str]:
    """Return the id that each source's spelling has."""
    with open_store(settings.db, settings.data) as store:
        rows = store.rows("SELECT source_id, spelling, model_id FROM aliases")
    return {(source, spelling): model_id for source, spelling, model_id in rows}


def ask(settings: Settings, answer: Answer, on: int) -> Refreshed:
    """Ask the publisher, so many days after the first time."""
    limits = Limits(n_bytes=5_000_000, seconds=20, tries=2, first_wait=0.01, longest_wait=0.05)
    fetch = partial(download, may_reach=lambda _address: True, limits=limits)
    with FakePublishers() as served:
        asked = [served.plays(refreshing.declared()[name]) for name in SERIES]
        served[served.path(refreshing.declared()[SERIES[0]].addresses[0])] = answer
        return asyncio.run(refreshing.refresh(settings, asked, NOON + on * DAY, fetch=fetch))


def find_milestones(settings: Settings, on: int) -> tuple[str, ...]:
    """Look for milestones, and return the titles of all that were ever posted."""
    with closing(open_state(settings.state_url)) as state:
        milestone_posts.look(state, NOON + on * DAY, Writer(settings))
        return tuple(each.brief.title for each in briefs.listed(state, limit=1_000))


def play(event: Event, files: Tables, settings: Settings) -> Seen:
    """Let an event happen to data that have had their first refresh, and go back."""
    before, ids = tables_in(settings), ids_in(settings)
    answer = event.spoil(files) or page(epoch_zip.as_zip(files))
    done = ask(settings, answer, on=1)
    last = last_refresh.last_refresh(settings.data)
    assert last is not None
    lines = refresh_lines(done, last, Known.read(settings))
    screen = tuple(f"{line.label}: {line.text}" if line.label else line.text for line in lines)
    titles, now = find_milestones(settings, on=1), ids_in(settings)
    kept_ids = all(now.get(key, model_id) == model_id for key, model_id in ids.items())
    if done.number is None:  # nothing is new, so there is nothing to undo
        return Seen(done, screen, titles, kept_ids, undone=True)
    refreshing.undo(settings, NOON + 2 * DAY)
    return Seen(done, screen, titles, kept_ids, undone=tables_in(settings) == before)


@pytest.fixture(scope="module")
def first_day(evidence_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data that have had their first refresh, and milestones that have had their first look."""
    folder = tmp_path_factory.mktemp("first-day")
    shutil.copyfile(evidence_file, folder / "evidence.db")
    begin(folder)
    return folder


def begin(folder: Path) -> None:
    """Let data have their first refresh in a folder, and milestones their first look."""
    settings = settings_in(folder)
    with closing(open_state(settings.state_url)) as state:
        set_newsroom(state, GUILD, Newsroom(milestones_per_day=9, milestones_channel_id=CHANNEL))
    assert [each.state for each in ask(settings, page(epoch_zip.as_zip(epoch_zip.tables())), on=0).outcomes] == [
        "new",
        "new",
    ]
    assert find_milestones(settings, on=0) == ()


@pytest.fixture
def settings(first_day: Path, tmp_path: Path) -> Settings:
    shutil.copytree(first_day, tmp_path / "bot")
    return settings_in(tmp_path / "bot")


def is_moved(effect: Effect) -> bool:
    """Say whether a figure moved by more than a day adds to it."""
    before, after = effect.before, effect.after
    return (before is None) != (after is None) or abs((before or 0.0) - (after or 0.0)) > 0.15


def findings_of(done: Refreshed) -> list[str]:
    return [
        text for outcome in done.outcomes for text in (outcome.why, *(each.what for each in outcome.findings)) if text
    ]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_changes_what_it_must_and_nothing_else(event: Event, settings: Settings) -> None:
    seen = play(event, epoch_zip.tables(), settings)
    done, lines = seen.done, findings_of(seen.done)
    assert tuple(each.state for each in done.outcomes) == event.states
    others = [each for each in done.changes if each.subject.split()[:1] not in (["eci"], [event.board])]
    assert {(each.kind, each.model) for each in others} == event.brings
    assert (event.board == "eci") or len(others) < len(done.changes)
    assert [text for text in event.sees if not any(text in line for line in (*lines, *seen.screen))] == []
    moved = {each.access for each in (done.looks.figures if done.looks else ()) if is_moved(each)}
    assert moved <= set(event.moves)
    gaps = [each for each in (done.looks.figures if done.looks else ()) if each.measure == "gap"]
    assert [each for each in gaps if abs((each.before or 0.0) - (each.after or 0.0)) > MOST_MOVED] == []
    assert seen.titles == event.news
    assert seen.kept_ids
    assert seen.undone
    assert row_of(event, seen) in PAGE.read_text("utf-8").splitlines()


def test_a_year_of_faults_one_after_the_other_leaves_no_trace(settings: Settings, tmp_path: Path) -> None:
    """Each is mended by its publisher a week later; at last every score, model, day and class is what it was."""
    before = shutil.copytree(table_folder(settings.data), tmp_path / "before")
    faults = [event for event in EVENTS if not event.brings and event.board == "eci"]
    for number, event in enumerate(faults):
        files = epoch_zip.tables()
        ask(settings, event.spoil(files) or page(epoch_zip.as_zip(files)), on=21 * number + 1)
        ask(settings, page(epoch_zip.as_zip(epoch_zip.tables())), on=21 * number + 8)
    assert len(faults) > 10
    assert changes_of(before, table_folder(settings.data)) == []
    assert find_milestones(settings, on=21 * len(faults)) == ()


# ---- the table of docs/replay.md


def row_of(event: Event, seen: Seen) -> str:
    """Write what came of an event as a row: what happened, what that changed, and what the operator saw."""
    kinds = Counter(each.kind for each in seen.done.changes)
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
