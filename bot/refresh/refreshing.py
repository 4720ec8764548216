"""A refresh: ask every publisher, check each snapshot, compile the tables, and switch to them atomically.

A fault in a publisher's server or file is reported and keeps only that publisher's data as they were.
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
from bot.refresh.board_files import ScoreFiles, unpack_files
from bot.refresh.downloading import Fetch, NotModified, Offload, OnReach, download, download_listed, download_pages
from bot.refresh.effects import Effects, compare_answers, find_held_models
from bot.refresh.last_refresh import Outcome, add_held_models
from bot.settings import Settings
from core.errors import DataError, GapbriefError, NoNetworkError, TableError, UsageError
from core.evidence import curated
from core.evidence.importers import epoch_hub
from core.evidence.importers.epoch_hub import DeclaredBoard
from core.evidence.importers.rows import FileContent
from core.questions.question import prepare
from core.refresh import revisions, table_changes
from core.refresh.publishers import PublishedFile, Publisher, read_publishers
from core.refresh.revisions import KeptSnapshot, RefusedSeries, Revision
from core.refresh.snapshot_checks import Finding
from core.store.making import make_file, publish_file
from core.store.tables import Tables, is_of_another_release, shipped_folder, table_folder
from core.words import and_list

_Compiled = Iterator[tuple[Revision, Path, Path, Tables]]
_NewFiles = Mapping[str, revisions.Files]
"""The rows of snapshots that are not saved yet, by file."""
_AT_ONCE = 4
_HOSTS_TRIED = 3
"""After this many unreachable hosts, and no reachable one, the network itself is down."""
_MOST_SECONDS = 300.0
"""For everything behind one address of a publisher, in any number of pieces."""


@dataclass(frozen=True)
class RefreshResult:
    """The result of a refresh; `number` is the revision now in use, None if nothing changed."""

    outcomes: tuple[Outcome, ...]
    changes: tuple[table_changes.Change, ...]
    effects: Effects | None
    number: int | None


@dataclass(frozen=True)
class _Result:
    """A publisher's outcome, with its snapshot if that is new."""

    outcome: Outcome
    digest: str = ""
    files: tuple[tuple[str, FileContent], ...] = ()
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def known_publishers() -> dict[str, Publisher]:
    """Return the publishers that gapbrief knows, by name."""
    return read_publishers(shipped_folder() / "publishers")


def choose_publishers(names: Sequence[str], publishers: Mapping[str, Publisher]) -> list[Publisher]:
    """Return publishers by name, SERIES or SERIES:FILE, all by default; raises UsageError for an unknown one."""
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
    offload: Offload = asyncio.to_thread,
) -> RefreshResult:
    """Ask publishers for new data, and use what is sound; with `dry_run`, only report what that would do.

    `accept` names what is used although it was held back, as SERIES or SERIES:FILE. `note` is called with each step;
    `offload` runs the long work, by default in a thread.
    Raises NoNetworkError if no publisher can be reached, DataError if another process is changing the data or they
    can't be written; the old data stay in use.
    """
    with revisions.lock_data(settings.data), tempfile.TemporaryDirectory(prefix="gapbrief-") as folder:
        current = await asyncio.to_thread(revisions.read_current, settings.data) or Revision()
        if not dry_run:
            last_refresh.save_attempt(settings.data, now)
        versions = {} if accept else current.served
        try:
            files, versions = await _download_all(Path(folder), publishers, versions, now.date(), fetch, offload, note)
        except NoNetworkError as error:
            if not dry_run:
                last_refresh.save_no_network(settings.data, now, str(error))
            raise
        note("checking and compiling")
        application = _Application(settings, publishers, current, now, accept)
        result: RefreshResult = await offload(partial(application.apply, files, versions, dry_run=dry_run))
        if not dry_run:
            last_refresh.save_outcomes(settings.data, now, result.outcomes)
        return result


def undo(settings: Settings, now: datetime) -> RefreshResult:
    """Go back to the data before the last change; raises DataError if there is none."""
    with revisions.lock_data(settings.data):
        last = revisions.read_current(settings.data) or Revision()
        return _compile_and_switch(settings, now, revisions.undo_revision(settings.data, last, now.date()))


def change(
    settings: Settings,
    now: datetime,
    why: str,
    edit: Callable[[Revision], Revision],
    new_files: _NewFiles | None = None,
    *,
    dry_run: bool = False,
) -> RefreshResult:
    """Apply an operator's edit of the revision and use the result.

    Raises DataError if it can't be written, TableError if it breaks the tables' contract.
    """
    with revisions.lock_data(settings.data):
        last = revisions.read_current(settings.data) or Revision()
        revision = replace(edit(last), parent=last.number, why=why, quiet=False)
        result = _compile_and_switch(settings, now, revision, new_files=new_files or {}, dry_run=dry_run)
        if not dry_run:
            last_refresh.drop_settled(settings.data, why)
        return result


def merge_release(settings: Settings, now: datetime) -> None:
    """Recompile refreshed data with the tables of this release, unless that is done already.

    Raises DataError if another process is changing the data or they can't be written; the old data stay in use.
    """
    with revisions.lock_data(settings.data):
        last = revisions.read_current(settings.data)
        if last is not None and is_of_another_release(settings.data):
            revision = replace(last, parent=last.number, why=f"gapbrief {core.__version__}", told={}, quiet=True)
            with _compile(settings, revision, {}) as (_, draft, evidence_file, _tables):
                _switch_to(settings, (draft, evidence_file), replace(revision, made=_stamp(now)))


@contextmanager
def _compile(settings: Settings, revision: Revision, new_files: _NewFiles, *, finds_held: bool = False) -> _Compiled:
    """Compile a revision in temporary folders; yield it, the folder of its tables, its evidence file, and its tables.

    With `finds_held`, models whose openness would move the figures too far wait for a person.
    """
    with (
        revisions.draft_revision(settings.data, revision, new_files) as (draft, write_tables),
        tempfile.TemporaryDirectory(prefix="gapbrief-") as folder,
    ):
        evidence_file, tables = Path(folder) / "evidence.db", write_tables(revision)
        make_file(evidence_file, draft, tables=tables)
        if finds_held and (held_models := find_held_models(evidence_file, draft, settings.data)):
            waiting = {*revision.waited, *(model.model for model in held_models if model.grade == "held")}
            revision = replace(revision, held=held_models, waited=tuple(sorted(waiting)))
            evidence_file, tables = Path(folder) / "held.db", write_tables(revision)
            make_file(evidence_file, draft, tables=tables)
        prepare(evidence_file, draft)
        yield revision, draft, evidence_file, tables


def _switch_to(settings: Settings, compiled: tuple[Path, Path], draft_revision: Revision) -> int:
    """Use a compiled revision, and return its number."""
    (draft, evidence_file), data = compiled, settings.data
    revision = replace(draft_revision, number=revisions.next_number(data), shipped=revisions.shipped_revision())
    publish_file(evidence_file, settings.db, lambda: revisions.switch_to(data, draft, revision))
    return revision.number


def _compile_and_switch(
    settings: Settings,
    now: datetime,
    revision: Revision,
    outcomes: tuple[Outcome, ...] = (),
    new_files: _NewFiles = MappingProxyType({}),
    *,
    current: Revision | None = None,
    dry_run: bool = False,
    finds_held: bool = False,
) -> RefreshResult:
    """Compile a revision, compare it with the data in use, and use it.

    If nothing changed but the day of the last reading, there is no new revision: the `current` one continues.
    """
    compiling = _compile(settings, revision, new_files, finds_held=finds_held)
    with compiling as (revision, draft, evidence_file, tables):
        outcomes = add_held_models(outcomes, revision.held, known_publishers())
        changes = tuple(table_changes.compare_tables(table_folder(settings.data), tables))
        effects = compare_answers((settings.db, settings.data), (evidence_file, draft), now.date())
        if dry_run:
            return RefreshResult(outcomes, changes, effects, None)
        is_quiet = current is not None and not changes
        if current and current.number and is_quiet and not new_files and current.shipped == revision.shipped:
            revision = revisions.continue_revision(current, revision)
        else:
            counts = table_changes.count_by_kind(changes)
            report = {"outcomes": [asdict(outcome) for outcome in outcomes], "changes": counts, **asdict(effects)}
            revision = replace(revision, made=_stamp(now), told=report, quiet=is_quiet or revision.quiet)
        for name, files in new_files.items():
            revisions.write_snapshot(settings.data, name, files)
        number = _switch_to(settings, (draft, evidence_file), revision)
        return RefreshResult(outcomes, changes, effects, None if is_quiet else number)


def _stamp(now: datetime) -> str:
    return now.isoformat(timespec="seconds")


async def _download_all(
    folder: Path,
    publishers: Sequence[Publisher],
    last_versions: Mapping[str, Mapping[str, str]],
    today: date,
    fetch: Fetch,
    offload: Offload,
    note: Callable[[str], None],
) -> tuple[dict[str, Path | str | None], dict[str, dict[str, str]]]:
    """Download each address once: to a file, None if it is unchanged, or the reason for a failure.

    Also return the version headers by address. If one snapshot has several files, all are downloaded. Raises
    NoNetworkError, and stops, once several hosts and no other could be reached.
    """
    slots, n_asked = asyncio.Semaphore(_AT_ONCE), 0
    files: dict[str, Path | str | None] = {}
    versions: dict[str, dict[str, str]] = {}

    async def ask(number: int, file: PublishedFile, name: str, last: Mapping[str, str]) -> None:
        nonlocal n_asked
        into, address = folder / str(number), file.address
        fetch_file = fetch
        if file.listing is not None:
            fetch_file = partial(download_listed, fetch, wanted=file.listing, offload=offload, today=today)
        elif file.page is not None:
            fetch_file = partial(download_pages, fetch, page=file.page, offload=offload)
        async with slots:
            n_asked += 1
            note(f"asking {name} ({n_asked} of {len(requests)})")
            try:
                conditions = {key: last.get(key) for key in ("etag", "modified")}
                async with asyncio.timeout(_MOST_SECONDS):
                    reply = await fetch_file(address, into=into, publisher=name, **conditions)
            except NoNetworkError:
                raise
            except (GapbriefError, MemoryError, TimeoutError) as error:
                files[address] = _explain_error(error, f"{name}: {address}")
                return
        if isinstance(reply, NotModified):
            files[address] = None
        else:
            files[address], versions[address] = into, {"etag": reply.etag, "modified": reply.modified}

    requests: dict[str, tuple[PublishedFile, str, Mapping[str, str]]] = {}
    for publisher in publishers:
        for file in publisher.files:
            last = last_versions.get(file.address, {}) if len(publisher.addresses) == 1 else {}
            requests[file.address] = file, publisher.name, last
    hosts = {urlsplit(address).hostname for address in requests}
    fetch = partial(fetch, on_reach=_stop_without_network(max(2, min(_HOSTS_TRIED, len(hosts)))))
    try:
        async with asyncio.TaskGroup() as group:
            for number, request in enumerate(requests.values()):
                group.create_task(ask(number, *request))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return files, versions


def _stop_without_network(n_hosts: int) -> OnReach:
    """Return a callback for each try to reach a host, which raises NoNetworkError if `n_hosts` all fail."""
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


def _explain_error(error: Exception, label: str) -> str:
    """Say why a publisher's data can't be used."""
    if isinstance(error, MemoryError):
        return f"{label} takes too much memory to read; see whether its format has changed."
    if isinstance(error, TimeoutError):
        return f"{label} took longer than {_MOST_SECONDS:g} seconds; try again later."
    return str(error)


def _name_fault(error: Exception) -> str:
    """Name the place of an unforeseen error."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    fault = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    return f"a fault of gapbrief's ({fault}); please report it"


def _is_fault_of_data(error: Exception) -> bool:
    """Whether the compiled data are at fault, and not this machine's disk or memory."""
    if isinstance(error, DataError):
        return isinstance(error, TableError)
    return not isinstance(error, OSError | MemoryError)


class _Application:
    """Everything after the download: read, check, compile, switch."""

    def __init__(
        self,
        settings: Settings,
        publishers: Sequence[Publisher],
        current: Revision,
        now: datetime,
        accept: Collection[str],
    ) -> None:
        self.settings, self.publishers, self.current, self.accept = settings, publishers, current, accept
        self.now, self.today = now, now.date()
        self.units = curated.read_curated(shipped_folder() / "curated").units

    def apply(
        self, files: Mapping[str, Path | str | None], versions: Mapping[str, Mapping[str, str]], *, dry_run: bool
    ) -> RefreshResult:
        """Read, check and compile the downloads, and use what compiles."""
        results = [self._read_or_fail(publisher, files) for publisher in self.publishers]
        try:
            return self._put_in_use(results, versions, dry_run=dry_run)
        except Exception as error:
            if not _is_fault_of_data(error):
                raise
            return self._put_in_use(self._drop_breaking(results, versions), versions, dry_run=dry_run)

    def _drop_breaking(self, results: Sequence[_Result], versions: Mapping[str, Mapping[str, str]]) -> list[_Result]:
        """Return the results, marking as failed those that do not compile with the ones before them."""
        new_numbers = [number for number, result in enumerate(results) if result.outcome.state == "new"]
        sound = list(results)
        for number in new_numbers:
            sound[number] = _Result(Outcome(results[number].outcome.series, "failed"))
        for number in new_numbers:
            left_out, sound[number] = sound[number], results[number]
            try:
                self._put_in_use(sound, versions, dry_run=True)
            except Exception as error:
                if not _is_fault_of_data(error):
                    raise
                reason = f"{error.where}: {error.problem}" if isinstance(error, TableError) else _name_fault(error)
                series = left_out.outcome.series
                reason = f"What {series} serves can't be compiled with the other data, so its old data stay: {reason}."
                sound[number] = _Result(replace(left_out.outcome, why=reason))
        return sound

    def _put_in_use(
        self, results: Sequence[_Result], versions: Mapping[str, Mapping[str, str]], *, dry_run: bool
    ) -> RefreshResult:
        current, outcomes = self.current, tuple(result.outcome for result in results)
        revision = self._make_revision(results, versions)
        is_new_release = current.number > 0 and revision.shipped != current.shipped
        is_same = replace(revision, shipped=current.shipped) == current
        if not is_new_release and (is_same or (current.number and revision.snapshots == current.snapshots)):
            if not (is_same or dry_run):
                revisions.rewrite_manifest(self.settings.data, revision)
            return RefreshResult(add_held_models(outcomes, current.held, known_publishers()), (), None, None)
        new = (result for result in results if result.outcome.state == "new")
        new_files = {self._make_snapshot(result).file: list(result.files) for result in new}
        revision = replace(revision, parent=current.number, why="refresh", held=(), quiet=False)
        flags = {"dry_run": dry_run, "finds_held": True}
        return _compile_and_switch(self.settings, self.now, revision, outcomes, new_files, current=current, **flags)

    def _make_revision(self, results: Sequence[_Result], versions: Mapping[str, Mapping[str, str]]) -> Revision:
        """Return the revision that the results lead to, with its snapshots and refusals."""
        snapshots, columns = list(self.current.snapshots), dict(self.current.columns)
        refusals = dict(self.current.refused)
        for result in results:
            series, state = result.outcome.series, result.outcome.state
            last = self.current.newest(series)
            if state == "held back" and result.digest:
                refusals[series] = RefusedSeries(result.outcome.why, str(self.today), result.digest)
            if state in ("new", "unchanged"):
                refusals.pop(series, None)
            if state == "unchanged" and last and last.source.snapshot < self.today:
                snapshots[snapshots.index(last)] = replace(last, source=replace(last.source, held_until=self.today))
            if state == "new":
                columns |= result.columns
                new = self._make_snapshot(result)
                snapshots = [old for old in snapshots if old.source.source_id != new.source.source_id] + [new]
        failed = {result.outcome.series for result in results if result.outcome.state == "failed"}
        urls = {url for publisher in self.publishers if publisher.name in failed for url in publisher.addresses}
        all_versions = {**self.current.served, **versions}
        return replace(
            self.current,
            snapshots=tuple(snapshots),
            refused=refusals,
            served={address: version for address, version in all_versions.items() if address not in urls},
            columns=columns,
            shipped=revisions.shipped_revision(),
        )

    def _make_snapshot(self, result: _Result) -> KeptSnapshot:
        publisher = next(publisher for publisher in self.publishers if publisher.name == result.outcome.series)
        return revisions.make_snapshot(publisher.source(self.today), result.digest)

    def _read_or_fail(self, publisher: Publisher, files: Mapping[str, Path | str | None]) -> _Result:
        """Read one publisher's files; any error affects only this publisher."""
        try:
            return self._read_publisher(publisher, files)
        except (DataError, MemoryError) as error:
            reason = _explain_error(error, f"What {publisher.name} serves")
        except Exception as error:  # a publisher may serve anything, and the others go on
            reason = f"What {publisher.name} serves hit {_name_fault(error)}. Its old data stay."
        return _Result(Outcome(publisher.name, "failed", reason))

    def _read_publisher(self, publisher: Publisher, files: Mapping[str, Path | str | None]) -> _Result:
        """Read one publisher's files."""
        name, last = publisher.name, self.current.newest(publisher.name)
        refusal = self.current.refused.get(name)
        downloads = [files[address] for address in publisher.addresses]
        problems = [problem for problem in downloads if isinstance(problem, str)]
        if problems:
            return _Result(Outcome(name, "failed", problems[0]))
        if None in downloads:
            return _Result(Outcome(name, "held back", refusal.why) if refusal else Outcome(name, "unchanged"))
        places = {address: Path(str(files[address])) for address in publisher.addresses}
        contents = unpack_files(publisher, places, list(self._read_last_files(publisher, ())))
        digest = revisions.hash_files(contents.values())
        is_accepted = any(entry.partition(":")[0] == name for entry in self.accept)
        if refusal and refusal.digest == digest and not is_accepted:
            return _Result(Outcome(name, "held back", refusal.why))
        if last and last.digest == digest:
            return _Result(Outcome(name, "unchanged"))
        declaration_findings = list[Finding]()
        board_files = self._prepare_files(publisher, contents, declaration_findings)
        boards = board_files.read()
        findings = (*declaration_findings, *(finding for board in boards for finding in board.findings))
        unusable = [board for board in boards if board.problem]
        if not any(board.content and not board.problem for board in boards):
            if unusable[0].failed:
                return _Result(Outcome(name, "failed", unusable[0].problem, findings))
            return _Result(Outcome(name, "held back", "; ".join(board.problem for board in unusable), findings), digest)
        if unusable:  # part of the digest, as a person may accept them later
            digest = sha256("\n".join([digest, *(board.name for board in unusable)]).encode()).hexdigest()
            findings = (*map(board_files.explain_kept, unusable), *findings)
        if refusal and refusal.digest == digest and not is_accepted:
            return _Result(Outcome(name, "held back", refusal.why, findings))
        if last and last.digest == digest:
            return _Result(Outcome(name, "unchanged", findings=findings))
        board_contents = tuple((board.name, board.content) for board in boards if board.content)
        columns = {f"{name}:{board.name}": board.columns for board in boards if board.columns}
        return _Result(Outcome(name, "new", findings=findings), digest, board_contents, columns)

    def _prepare_files(self, publisher: Publisher, contents: Mapping[str, Path], findings: list[Finding]) -> ScoreFiles:
        """Return a publisher's files to read; oddities of the table that declares them are added to `findings`."""
        min_rows = {file.name: file.min_rows for file in publisher.files if file.min_rows is not None}
        last, boards = self._read_last_files(publisher, min_rows), dict[str, DeclaredBoard]()
        if publisher.declares:
            try:
                boards = epoch_hub.read_declared(contents.get(publisher.declares, Path(publisher.declares)))
                findings += [Finding("warn", line) for line in epoch_hub.propose_successors(boards)]
            except DataError as error:
                problem = f"{error} Only boards that are known without it are read.".replace("`", "'")
                findings.append(Finding("warn", problem))
            min_rows = dict.fromkeys([*last, *boards], 0)
        names = [name.partition(":") for name in self.accept]
        accepted_files = frozenset(file for series, _, file in names if series == publisher.name and file)
        if publisher.name in self.accept:
            accepted_files = frozenset(min_rows)
        columns = {file: self.current.columns.get(f"{publisher.name}:{file}", {}) for file in min_rows}
        return ScoreFiles(publisher, contents, min_rows, last, accepted_files, columns, self.today, self.units)

    def _read_last_files(self, publisher: Publisher, score_files: Collection[str]) -> dict[str, FileContent]:
        """Return the last snapshot's contents, at first the shipped one's, by the names of today's files."""
        last = self.current.newest(publisher.name)
        old = revisions.read_snapshot(self.settings.data, last) if last else revisions.read_predecessor(publisher.name)
        if len(old) == len(score_files) == 1:
            return {next(iter(score_files)): old[0][1]}
        return {name: content for name, content in old if content.scores or content.models}
