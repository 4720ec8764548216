"""A refresh: every publisher asked, each snapshot checked, the tables compiled anew, and switched to whole.

What a publisher's server or file has wrong keeps that publisher's data as they were, and says so; the others go on.
"""

import asyncio
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import core
from bot.refresh import last_refresh
from bot.refresh.board_files import Files, unpack_files
from bot.refresh.downloading import Aside, Fetch, NotModified, Reached, download, download_listed, download_pages
from bot.refresh.effects import Looks, compare_answers, find_held
from bot.refresh.last_refresh import Outcome, with_held
from bot.settings import Settings
from core.errors import DataError, GapbriefError, NoNetworkError, TableError, UsageError
from core.evidence import curated
from core.evidence.importers import epoch_hub
from core.evidence.importers.epoch_hub import DeclaredBoard
from core.evidence.importers.rows import FileContent
from core.questions.question import prepare
from core.refresh import revisions, table_changes
from core.refresh.publishers import PublishedFile, Publisher, read_publishers
from core.refresh.revisions import HeldModel, KeptSnapshot, RefusedSeries, Revision
from core.refresh.snapshot_checks import Finding
from core.store.making import make_file, publish_file
from core.store.tables import is_of_another_release, shipped_folder, table_folder
from core.words import and_list

_AT_ONCE = 4
_HOSTS_TRIED = 3
"""Where so many hosts of different owners can't be reached, and none was, it is the network that lacks."""
_MOST_SECONDS = 300.0
"""For all that a publisher serves under one address, in however many pieces."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: `number` is the revision that is in use since, None where nothing is changed."""

    outcomes: tuple[Outcome, ...]
    changes: tuple[table_changes.Change, ...]
    looks: Looks | None
    number: int | None


@dataclass(frozen=True)
class _Result:
    """What came of a publisher, with its snapshot where that is new."""

    outcome: Outcome
    digest: str = ""
    files: tuple[tuple[str, FileContent], ...] = ()
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def declared() -> dict[str, Publisher]:
    """Return the publishers that gapbrief knows, by name."""
    return read_publishers(shipped_folder() / "publishers")


def choose_publishers(names: Sequence[str], publishers: Mapping[str, Publisher]) -> list[Publisher]:
    """Return the publishers of some names, SERIES or SERIES:FILE, all by default; raises UsageError for none such."""
    series = [name.partition(":")[0] for name in names]
    for name in series:
        if name not in publishers:
            raise UsageError(f'"{name}" is not a publisher; choose from {", ".join(sorted(publishers))}.')
    return [publishers[name] for name in dict.fromkeys(series or sorted(publishers))]


async def refresh(
    settings: Settings,
    publishers: Sequence[Publisher],
    now: datetime,
    *,
    dry_run: bool = False,
    accept: Collection[str] = (),
    fetch: Fetch = download,
    note: Callable[[str], None] = lambda _text: None,
    aside: Aside = asyncio.to_thread,
) -> Refreshed:
    """Ask publishers for new data, and put in use what is sound of it; with `dry_run` only say what that would do.

    What a person `accept`s, SERIES or SERIES:FILE, is taken although it was held back. `note` is told what is being
    done; `aside` does the long work, in a thread unless another process is to.
    Raises NoNetworkError where no publisher can be reached, DataError where another process changes the data, or they
    can't be written; the old data stay in use.
    """
    with revisions.lock_data(settings.data), tempfile.TemporaryDirectory(prefix="gapbrief-") as folder:
        before = await asyncio.to_thread(revisions.read_current, settings.data) or Revision()
        if not dry_run:
            last_refresh.note_attempt(settings.data, now)
        last_served = {} if accept else before.served
        try:
            files, served = await _download_all(Path(folder), publishers, last_served, now.date(), fetch, aside, note)
        except NoNetworkError as error:
            if not dry_run:
                last_refresh.note_no_network(settings.data, now, str(error))
            raise
        note("checking and compiling")
        work = _Work(settings, publishers, before, now, accept)
        done: Refreshed = await aside(partial(work.apply, files, served, dry_run=dry_run))
        if not dry_run:
            last_refresh.note(settings.data, now, done.outcomes)
        return done


def undo(settings: Settings, now: datetime) -> Refreshed:
    """Go back to the data before the last change; raises DataError where there is none."""
    with revisions.lock_data(settings.data):
        last = revisions.read_current(settings.data) or Revision()
        return _compile_and_switch(settings, now, revisions.undo_revision(settings.data, last, now.date()))


def change(
    settings: Settings,
    now: datetime,
    why: str,
    edit: Callable[[Revision], Revision],
    fresh: Mapping[str, revisions.Files] | None = None,
    *,
    dry_run: bool = False,
) -> Refreshed:
    """Put in use what the operator says; `fresh` are the rows of snapshots that are not written yet, by file.

    Raises DataError where that can't be written, TableError where it breaks the tables' contract.
    """
    with revisions.lock_data(settings.data):
        last = revisions.read_current(settings.data) or Revision()
        wanted = replace(edit(last), parent=last.number, why=why, quiet=False)
        done = _compile_and_switch(settings, now, wanted, fresh=fresh or {}, dry_run=dry_run)
        if not dry_run:
            last_refresh.drop_settled(settings.data, why)
        return done


def merge_release(settings: Settings, now: datetime) -> None:
    """Compile refreshed data anew with the tables that came with this release; nothing where that was done.

    Raises DataError where another process changes the data, or they can't be written; the old data stay in use.
    """
    with revisions.lock_data(settings.data):
        last = revisions.read_current(settings.data)
        if last is not None and is_of_another_release(settings.data):
            wanted = replace(last, parent=last.number, why=f"gapbrief {core.__version__}", told={}, quiet=True)
            with _compile(settings, wanted, {}) as compiled:
                _switch_to(settings, compiled, replace(wanted, made=_stamp(now)))


@contextmanager
def _compile(settings: Settings, wanted: Revision, fresh: Mapping[str, revisions.Files]) -> Iterator[tuple[Path, Path]]:
    """Compile a revision aside, and yield its tables and its evidence file, with what answers read."""
    with (
        revisions.draft_revision(settings.data, wanted, fresh) as draft,
        tempfile.TemporaryDirectory(prefix="gapbrief-") as folder,
    ):
        new = Path(folder) / "evidence.db"
        make_file(new, draft, prepare)
        yield draft, new


def _switch_to(settings: Settings, compiled: tuple[Path, Path], wanted: Revision) -> int:
    """Put in use what was compiled, and return its number."""
    (draft, new), data = compiled, settings.data
    revision = replace(wanted, number=revisions.next_number(data), shipped=revisions.shipped_revision())
    publish_file(new, settings.db, lambda: revisions.switch_to(data, draft, revision))
    return revision.number


def _compile_and_switch(
    settings: Settings,
    now: datetime,
    wanted: Revision,
    outcomes: tuple[Outcome, ...] = (),
    fresh: Mapping[str, revisions.Files] = MappingProxyType({}),
    *,
    before: Revision | None = None,
    dry_run: bool = False,
    finds_held: bool = False,
) -> Refreshed:
    """Compile a revision aside, see what it does, and put it in use.

    Where it `finds_held`, what of open and closed moves too much waits for a person, and the rest goes on. Where
    nothing is new but the day to which publishers were read, that is none: the one in use `before` goes on.
    """
    data, held = settings.data, tuple[HeldModel, ...]()
    wanted = replace(wanted, held=()) if finds_held else wanted
    with _compile(settings, wanted, fresh) as (draft, new):
        if finds_held:
            held = find_held(new, draft, data)
        if not held:
            changes = tuple(table_changes.compare_tables(table_folder(data), draft))
            effects = compare_answers((settings.db, data), (new, draft), now.date())
            if dry_run:
                return Refreshed(outcomes, changes, effects, None)
            is_quiet = before is not None and not changes
            if before is not None and before.number and is_quiet and not fresh and before.shipped == wanted.shipped:
                revision = revisions.continue_revision(before, wanted)
            else:
                counts = table_changes.count_by_kind(changes)
                told = {"outcomes": [asdict(outcome) for outcome in outcomes], "changes": counts, **asdict(effects)}
                revision = replace(wanted, made=_stamp(now), told=told, quiet=is_quiet or wanted.quiet)
            for name, files in fresh.items():
                revisions.write_snapshot(data, name, files)
            number = _switch_to(settings, (draft, new), revision)
            return Refreshed(outcomes, changes, effects, None if is_quiet else number)
    waited = {*wanted.waited, *(model.model for model in held if model.grade == "held")}
    wanted = replace(wanted, held=held, waited=tuple(sorted(waited)))
    outcomes = with_held(outcomes, held, declared())
    return _compile_and_switch(settings, now, wanted, outcomes, fresh, before=before, dry_run=dry_run)


def _stamp(now: datetime) -> str:
    return now.isoformat(timespec="seconds")


async def _download_all(
    folder: Path,
    publishers: Sequence[Publisher],
    served: Mapping[str, Mapping[str, str]],
    today: date,
    fetch: Fetch,
    aside: Aside,
    note: Callable[[str], None],
) -> tuple[dict[str, Path | str | None], dict[str, dict[str, str]]]:
    """Download each address once: a file, None where it is what it was, or why it can't be had.

    Returns too what each server said of what it served. Of several files that are one snapshot, all are downloaded
    where one may be new. Raises NoNetworkError, and asks no further, once several hosts can't be reached and none was.
    """
    turns, n_asked = asyncio.Semaphore(_AT_ONCE), 0
    files: dict[str, Path | str | None] = {}
    now_served: dict[str, dict[str, str]] = {}

    async def ask(number: int, file: PublishedFile, name: str, last: Mapping[str, str]) -> None:
        nonlocal n_asked
        into, address = folder / str(number), file.address
        get = fetch
        if file.listing is not None:
            get = partial(download_listed, fetch, wanted=file.listing, aside=aside, today=today)
        elif file.page is not None:
            get = partial(download_pages, fetch, page=file.page, aside=aside)
        async with turns:
            n_asked += 1
            note(f"asking {name} ({n_asked} of {len(wanted)})")
            try:
                known = {key: last.get(key) for key in ("etag", "modified")}
                async with asyncio.timeout(_MOST_SECONDS):
                    reply = await get(address, into=into, publisher=name, **known)
            except NoNetworkError:
                raise
            except (GapbriefError, MemoryError, TimeoutError) as error:
                files[address] = _explain_error(error, f"{name}: {address}")
                return
        if isinstance(reply, NotModified):
            files[address] = None
        else:
            files[address], now_served[address] = into, {"etag": reply.etag, "modified": reply.modified}

    wanted: dict[str, tuple[PublishedFile, str, Mapping[str, str]]] = {}
    for publisher in publishers:
        for file in publisher.files:
            last = served.get(file.address, {}) if len(publisher.addresses) == 1 else {}
            wanted[file.address] = file, publisher.name, last
    hosts = {urlsplit(address).hostname for address in wanted}
    fetch = partial(fetch, reached=_stop_without_network(max(2, min(_HOSTS_TRIED, len(hosts)))))
    try:
        async with asyncio.TaskGroup() as group:
            for number, file_wanted in enumerate(wanted.values()):
                group.create_task(ask(number, *file_wanted))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return files, now_served


def _stop_without_network(n_hosts: int) -> Reached:
    """Return what is told of hosts whether they can be reached, and raises NoNetworkError where none of so many is."""
    unreached: dict[str, None] = {}
    is_online = False

    def note(host: str, is_reached: bool) -> None:
        nonlocal is_online
        is_online |= is_reached
        unreached[host] = None
        if not is_online and len(unreached) >= n_hosts:
            raise NoNetworkError(
                f"No publisher can be reached ({and_list(list(unreached))} were tried): see that this machine"
                " is online, and try again; the data stay as they are."
            )

    return note


def _explain_error(error: Exception, what: str) -> str:
    """Say why what a publisher serves can't be used."""
    if isinstance(error, MemoryError):
        return f"{what} takes too much memory to read; see whether its format has changed."
    if isinstance(error, TimeoutError):
        return f"{what} took longer than {_MOST_SECONDS:g} seconds; try again later."
    return str(error)


def _name_fault(error: Exception) -> str:
    """Name the place of an error that nobody foresaw."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    return f"a fault of gapbrief's ({what}); please report it"


def _is_fault_of_data(error: Exception) -> bool:
    """Whether data that were to be compiled are at fault, and not this machine's disk or memory."""
    if isinstance(error, DataError):
        return isinstance(error, TableError)
    return not isinstance(error, OSError | MemoryError)


class _Work:
    """What follows the download: reading and checks, then tables and the switch."""

    def __init__(
        self,
        settings: Settings,
        publishers: Sequence[Publisher],
        before: Revision,
        now: datetime,
        accept: Collection[str],
    ) -> None:
        self.settings, self.publishers, self.before, self.accept = settings, publishers, before, accept
        self.now, self.today = now, now.date()
        self.units = curated.read_curated(shipped_folder() / "curated").units

    def apply(
        self, files: Mapping[str, Path | str | None], served: Mapping[str, Mapping[str, str]], *, dry_run: bool
    ) -> Refreshed:
        """Read, check and compile what was downloaded, and put in use what compiles."""
        results = [self._read_or_fail(publisher, files) for publisher in self.publishers]
        try:
            return self._put_in_use(results, served, dry_run=dry_run)
        except Exception as error:
            if not _is_fault_of_data(error):
                raise
            return self._put_in_use(self._drop_breaking(results, served), served, dry_run=dry_run)

    def _drop_breaking(self, results: Sequence[_Result], served: Mapping[str, Mapping[str, str]]) -> list[_Result]:
        """Return the results, those as failed that do not compile with what came before them."""
        added = [number for number, result in enumerate(results) if result.outcome.state == "new"]
        sound = list(results)
        for number in added:
            sound[number] = _Result(Outcome(results[number].outcome.series, "failed"))
        for number in added:
            left_out, sound[number] = sound[number], results[number]
            try:
                self._put_in_use(sound, served, dry_run=True)
            except Exception as error:
                if not _is_fault_of_data(error):
                    raise
                why = f"{error.where}: {error.problem}" if isinstance(error, TableError) else _name_fault(error)
                series = left_out.outcome.series
                why = f"What {series} serves can't be compiled with the other data, so its old data stay: {why}."
                sound[number] = _Result(replace(left_out.outcome, why=why))
        return sound

    def _put_in_use(
        self, results: Sequence[_Result], served: Mapping[str, Mapping[str, str]], *, dry_run: bool
    ) -> Refreshed:
        before, outcomes = self.before, tuple(result.outcome for result in results)
        wanted = self._make_revision(results, served)
        is_new_release = before.number > 0 and wanted.shipped != before.shipped
        is_same = replace(wanted, shipped=before.shipped) == before
        if not is_new_release and (is_same or (before.number and wanted.snapshots == before.snapshots)):
            if not (is_same or dry_run):
                revisions.rewrite_manifest(self.settings.data, wanted)
            return Refreshed(with_held(outcomes, before.held, declared()), (), None, None)
        new = (result for result in results if result.outcome.state == "new")
        fresh = {self._make_snapshot(result).file: list(result.files) for result in new}
        wanted = replace(wanted, parent=before.number, why="refresh", quiet=False)
        how = {"dry_run": dry_run, "finds_held": True}
        return _compile_and_switch(self.settings, self.now, wanted, outcomes, fresh, before=before, **how)

    def _make_revision(self, results: Sequence[_Result], served: Mapping[str, Mapping[str, str]]) -> Revision:
        """Return the revision that follows from the results: snapshots added or still held, and those refused."""
        held, refused, columns = list(self.before.snapshots), dict(self.before.refused), dict(self.before.columns)
        for result in results:
            series, state = result.outcome.series, result.outcome.state
            last = self.before.newest(series)
            if state == "held back" and result.digest:
                refused[series] = RefusedSeries(result.outcome.why, str(self.today), result.digest)
            if state in ("new", "unchanged"):
                refused.pop(series, None)
            if state == "unchanged" and last and last.source.snapshot < self.today:
                held[held.index(last)] = replace(last, source=replace(last.source, held_until=self.today))
            if state == "new":
                columns |= result.columns
                added = self._make_snapshot(result)
                held = [snapshot for snapshot in held if snapshot.source.source_id != added.source.source_id] + [added]
        failed = {result.outcome.series for result in results if result.outcome.state == "failed"}
        again = {
            address for publisher in self.publishers if publisher.name in failed for address in publisher.addresses
        }
        now_served = {**self.before.served, **served}
        return replace(
            self.before,
            snapshots=tuple(held),
            refused=refused,
            served={address: version for address, version in now_served.items() if address not in again},
            columns=columns,
            shipped=revisions.shipped_revision(),
        )

    def _make_snapshot(self, result: _Result) -> KeptSnapshot:
        publisher = next(publisher for publisher in self.publishers if publisher.name == result.outcome.series)
        return revisions.make_snapshot(publisher.source(self.today), result.digest)

    def _read_or_fail(self, publisher: Publisher, files: Mapping[str, Path | str | None]) -> _Result:
        """Read one publisher's files; whatever goes wrong with them is that publisher's alone."""
        try:
            return self._read(publisher, files)
        except (DataError, MemoryError) as error:
            why = _explain_error(error, f"What {publisher.name} serves")
        except Exception as error:  # a publisher may serve what nobody foresaw, and the others go on
            why = f"What {publisher.name} serves hit {_name_fault(error)}. Its old data stay."
        return _Result(Outcome(publisher.name, "failed", why))

    def _read(self, publisher: Publisher, files: Mapping[str, Path | str | None]) -> _Result:
        """Read one publisher's files, and say what came of it."""
        name, last = publisher.name, self.before.newest(publisher.name)
        refused = self.before.refused.get(name)
        downloads = [files[address] for address in publisher.addresses]
        whys = [why for why in downloads if isinstance(why, str)]
        if whys:
            return _Result(Outcome(name, "failed", whys[0]))
        if None in downloads:
            return _Result(Outcome(name, "held back", refused.why) if refused else Outcome(name, "unchanged"))
        places = {address: Path(str(files[address])) for address in publisher.addresses}
        contents = unpack_files(publisher, places, list(self._last_files(publisher, ())))
        digest = revisions.hash_files(contents.values())
        is_accepted = any(accepted.partition(":")[0] == name for accepted in self.accept)
        if refused and refused.digest == digest and not is_accepted:
            return _Result(Outcome(name, "held back", refused.why))
        if last and last.digest == digest:
            return _Result(Outcome(name, "unchanged"))
        of_declarations = list[Finding]()
        board_files = self._board_files(publisher, contents, of_declarations)
        boards = board_files.read()
        findings = (*of_declarations, *(finding for board in boards for finding in board.findings))
        unusable = [board for board in boards if board.why]
        if not any(board.imported and not board.why for board in boards):
            if unusable[0].failed:
                return _Result(Outcome(name, "failed", unusable[0].why, findings))
            return _Result(Outcome(name, "held back", "; ".join(board.why for board in unusable), findings), digest)
        if unusable:  # they are part of the digest: a person may accept them later
            digest = sha256("\n".join([digest, *(board.name for board in unusable)]).encode()).hexdigest()
            whys = [f"{board.name} stays as it was: {board.why}{board_files.accept_text(board)}" for board in unusable]
            findings = (*(Finding("warn", why) for why in whys), *findings)
        if refused and refused.digest == digest and not is_accepted:
            return _Result(Outcome(name, "held back", refused.why, findings))
        if last and last.digest == digest:
            return _Result(Outcome(name, "unchanged", findings=findings))
        taken = tuple((board.name, board.imported) for board in boards if board.imported)
        columns = {f"{name}:{board.name}": board.columns for board in boards if board.columns}
        return _Result(Outcome(name, "new", findings=findings), digest, taken, columns)

    def _board_files(self, publisher: Publisher, contents: Mapping[str, Path], findings: list[Finding]) -> Files:
        """Return a publisher's files to read; `findings` get what is odd of the table that declares them."""
        least = {file.name: file.min_rows for file in publisher.files if file.min_rows is not None}
        last, boards = self._last_files(publisher, least), dict[str, DeclaredBoard]()
        if publisher.declares:
            try:
                boards = epoch_hub.read_declared(contents.get(publisher.declares, Path(publisher.declares)))
                findings += [Finding("warn", line) for line in epoch_hub.propose_successors(boards)]
            except DataError as error:
                why = f"{error} Only boards that are known without it are read.".replace("`", "'")
                findings.append(Finding("warn", why))
            least = dict.fromkeys([*last, *boards], 0)
        names = [name.partition(":") for name in self.accept]
        accepted = frozenset(file for series, _, file in names if series == publisher.name and file)
        if publisher.name in self.accept:
            accepted = frozenset(least)
        columns = {file: self.before.columns.get(f"{publisher.name}:{file}", {}) for file in least}
        return Files(publisher, contents, least, last, accepted, columns, self.today, self.units)

    def _last_files(self, publisher: Publisher, scored: Collection[str]) -> dict[str, FileContent]:
        """Return what the last snapshot held, the shipped one at first, by the names of today's files."""
        last = self.before.newest(publisher.name)
        old = revisions.read_snapshot(self.settings.data, last) if last else revisions.read_predecessor(publisher.name)
        if len(old) == len(scored) == 1:
            return {next(iter(scored)): old[0][1]}
        return {name: content for name, content in old if content.scores or content.models}
