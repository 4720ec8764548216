"""An operator's own data as rows of evidence: find the model by name, and refuse what can't be."""

from datetime import date, datetime
from typing import Literal, cast
from urllib.parse import urlsplit

from bot.refresh import refreshing
from bot.refresh.refreshing import RefreshResult
from bot.settings import Settings
from core.errors import UsageError
from core.evidence import curated
from core.evidence.declared_boards import OwnBenchmark
from core.evidence.importers.epoch_hub import DECLARED_VERSION
from core.evidence.plausibility import FIRST_YEAR
from core.names import names
from core.refresh import own_rows, own_scores, revisions
from core.refresh.own_rows import OwnAccess, OwnAlias, OwnOpenness, OwnReleaseDate
from core.refresh.own_scores import OwnScores, Unit
from core.store import queries
from core.store.store import open_store
from core.store.tables import OWN_VERSION, shipped_folder
from core.words import quote


def make_openness(settings: Settings, model: str, openness: str, evidence: str, today: date) -> OwnOpenness:
    """Make the row that says a model is open or closed; raises UsageError for an unknown model or a bad address."""
    side = cast(Literal["open", "closed"], openness)
    return OwnOpenness(_find_model(settings, model), side, _check_address(evidence), today)


def make_alias(settings: Settings, spelling: str, model: str, group: str, today: date) -> OwnAlias:
    """Make the row that says a spelling means a model; raises UsageError if it adds nothing or a name is unknown."""
    model_id, spelling = _find_model(settings, model), " ".join(spelling.split())
    groups = own_rows.alias_groups(curated.read_curated(shipped_folder() / "curated").sources.values())
    if group and group not in groups:
        raise UsageError(f"No source is called {quote(group)}; there are {', '.join(groups)}.")
    if not spelling or spelling == model_id:
        raise UsageError(f"The alias {quote(spelling)} adds nothing to {model_id}; give another spelling.")
    return OwnAlias(spelling, group, model_id, today)


def make_release_date(settings: Settings, model: str, released: date, evidence: str, today: date) -> OwnReleaseDate:
    """Make the row that says when a model was released; raises UsageError for an impossible day."""
    if not FIRST_YEAR <= released.year or released > today:
        raise UsageError(f"The release date {released} can't be; give a day from {FIRST_YEAR} to {today}.")
    return OwnReleaseDate(_find_model(settings, model), released, _check_address(evidence), today)


def make_access(settings: Settings, name: str, access: str, today: date) -> OwnAccess:
    """Make the row that lets a benchmark count which only its publisher declares; raises UsageError for another."""
    with open_store(settings.db, settings.data) as store:
        boards = {row[0]: row for row in queries.boards(store)}
        benchmark_id = name if name in boards else names.find("benchmark", name, names.benchmarks(store)).key[0]
    row = boards[benchmark_id]
    if row[1] != DECLARED_VERSION:
        raise UsageError(f"{row[2]} is a {row[3]} test already; only a board that its publisher declares needs this.")
    return OwnAccess(benchmark_id, cast(Literal["private", "public"], access), today)


def make_benchmark(settings: Settings, name: str, unit: Unit | None, access: str, today: date) -> OwnBenchmark:
    """Make the operator's own benchmark for scores: on the tasks of a standard one, or new.

    Raises UsageError if the unit differs from the standard one's.
    """
    with open_store(settings.db, settings.data) as store:
        boards = {row[2].casefold(): row for row in queries.boards(store) if row[1] != OWN_VERSION}
    board = boards.get(" ".join(name.split()).casefold())
    standard = board and OwnBenchmark(board[0], board[2], board[3], board[5], board[6], today)
    return own_scores.make_benchmark(name, standard, unit, access, today)


def import_scores(
    settings: Settings, now: datetime, own: OwnScores, benchmark: OwnBenchmark, unit: Unit | None, *, dry_run: bool
) -> RefreshResult:
    """Use the scores of a file, under the operator's own benchmark."""
    source = own_scores.make_source(benchmark, own.path, now.date())
    files = [(own.path.name, own_scores.parse_scores(own, benchmark, unit))]
    snapshot = revisions.make_snapshot(source, revisions.hash_files([own.path]))
    reason = f"import {own.path.name} as {benchmark.name}"
    return refreshing.change(
        settings, now, reason, lambda last: last.with_row(benchmark).with_snapshot(snapshot), {snapshot.file: files},
        dry_run=dry_run,
    )  # fmt: skip


def _find_model(settings: Settings, name: str) -> str:
    """Return the id of a model by name, found as questions find it."""
    with open_store(settings.db, settings.data) as store:
        return names.find("model", name, names.models(store)).key[0]


def _check_address(address: str) -> str:
    try:
        url = urlsplit(address)
        is_web_page = url.scheme in ("http", "https") and url.hostname and address.isprintable() and " " not in address
    except ValueError:
        is_web_page = False
    if not is_web_page:
        raise UsageError(f"{quote(address)} is not a page's address; give evidence such as https://example.org/model.")
    return address
