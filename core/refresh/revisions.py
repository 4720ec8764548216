"""Refreshed data: separate tables beside the evidence file. Each change is a revision; one revision is in use.

    current                    the number of the revision in use
    revisions/7/               tables as in `data/`, and `revision.json`: their inputs and the reason
    revisions/7/own/           the operator's own rows: core/refresh/own_rows.py
    snapshots/weirdml/…        what was read from publishers, in our own format; written once

Tables are compiled from the shipped snapshots and these snapshots. A revision is written to a draft folder and put in
use by renaming one file, so a killed process leaves a complete revision in use, the old or the new one.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import core
from core.dataclass import dataclass
from core.errors import DataError, TableError
from core.evidence import curated, snapshots
from core.evidence.build import Compilation, read_inputs
from core.evidence.curated import Source
from core.evidence.importers.rows import FileContent, copy_rows
from core.refresh import own_rows
from core.refresh.own_rows import OwnRow, OwnRows
from core.refresh.publishers import read_publisher
from core.store.file import explain_write_error
from core.store.tables import CURRENT, Openness, OpennessGrade, Tables, hash_tables, shipped_folder, table_folder

MOST_KEPT = 30
"""This many revisions keep their tables, so that they can be restored; older ones are only in the log."""
_MANIFEST = "revision.json"
Files = list[tuple[str, FileContent]]
"""The names of a snapshot's files, with the rows read from them."""


@dataclass(frozen=True)
class KeptSnapshot:
    """A snapshot in a revision: its source, and the file with its rows, under `snapshots/`."""

    source: Source
    file: str
    digest: str


@dataclass(frozen=True)
class HeldModel:
    """A model (its id) whose openness a person has to decide, and what it counts as until then.

    Its `publishers` disagree with that, or are the only evidence. A model with the grade `held` is left out of all
    figures. `why` is a sentence with the command that settles the question.
    """

    model: str
    openness: Openness
    grade: OpennessGrade
    publishers: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class RefusedSeries:
    """Data of a series that are not used: why, since when, and their hash, to recognise them."""

    why: str
    since: str
    digest: str


@dataclass(frozen=True)
class Revision:
    """A state of the refreshed data. Number 0 is the shipped data; undo restores `parent`.

    `shipped`: the revision of the shipped tables that it was compiled with. `served`: each server's last validators and
    day, by address. `refused`: data in quarantine or undone, by series. `told`: what changed, for people. `own`: the
    operator's own rows, which later revisions keep. `columns`: a person's replacements for missing columns, by
    SERIES:FILE. `held`: the models whose openness a person has to decide; `waited`: all models ever held. A `quiet`
    revision changed nothing that could be undone.
    """

    number: int = 0
    parent: int = 0
    made: str = ""
    why: str = ""
    shipped: str = ""
    snapshots: tuple[KeptSnapshot, ...] = ()
    served: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refused: Mapping[str, RefusedSeries] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    own: OwnRows = field(default_factory=OwnRows)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    held: tuple[HeldModel, ...] = ()
    waited: tuple[str, ...] = ()
    quiet: bool = False

    def with_row(self, row: OwnRow) -> "Revision":
        """Return the revision with one more own row."""
        return replace(self, own=self.own.with_row(row))

    def with_snapshot(self, new: KeptSnapshot) -> "Revision":
        """Return the revision with one more snapshot; it replaces a snapshot of the same series and day."""
        others = (snapshot for snapshot in self.snapshots if snapshot.source.source_id != new.source.source_id)
        return replace(self, snapshots=(*others, new))

    def newest(self, series: str) -> KeptSnapshot | None:
        """Return the newest snapshot of a series."""
        of_series = (snapshot for snapshot in self.snapshots if snapshot.source.series == series)
        return max(of_series, key=lambda snapshot: snapshot.source.snapshot, default=None)


@contextmanager
def lock_data(data: Path) -> Iterator[None]:
    """Lock the refreshed data for this process; raises DataError if another process is changing them."""
    from filelock import FileLock, Timeout

    try:
        data.mkdir(parents=True, exist_ok=True)
        with FileLock(data / "lock", timeout=0):
            yield
    except Timeout:
        raise DataError(f"The data in {data} is being changed by another process; try again in a minute.") from None
    except OSError as error:
        reason = explain_write_error(error)
        raise DataError(f"The data in {data} can't be changed: {reason}, or set GAPBRIEF_DATA to another.") from error


def read_current(data: Path) -> Revision | None:
    """Return the revision in use; None before the first refresh."""
    folder = table_folder(data)
    return _read_manifest(folder) if (folder / _MANIFEST).exists() else None


def read_log(data: Path) -> list[Revision]:
    """Return all revisions, in order; a revision continued without news appears once, in its latest form."""
    return list({(revision.parent, revision.made, revision.why): revision for revision in _read_all(data)}.values())


def _read_all(data: Path) -> list[Revision]:
    folders = [path for path in (data / "revisions").glob("*") if path.name.isdecimal()]
    return [_read_manifest(path) for path in sorted(folders, key=lambda path: int(path.name))]


def find_tables(data: Path, number: int) -> Path:
    """Return the folder of a revision's tables (0: the shipped ones); raises DataError if they are gone."""
    folder = data / "revisions" / str(number) if number else shipped_folder()
    if not (folder / "sources.csv").exists():
        raise DataError(f"There is no revision {number} to read; `gapbrief data log` lists the kept ones.")
    return folder


def make_snapshot(source: Source, digest: str) -> KeptSnapshot:
    """Return the snapshot of a source; `write_snapshot` writes its file."""
    return KeptSnapshot(source, f"{source.series}/{source.snapshot}-{digest[:12]}.jsonl.gz", digest)


def write_snapshot(data: Path, name: str, files: Files) -> None:
    """Write the rows of a snapshot into the data."""
    path = data / "snapshots" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}")
    snapshots.write_rows(temporary, files)
    os.replace(temporary, path)


def read_snapshot(data: Path, snapshot: KeptSnapshot) -> Files:
    """Read the rows of a snapshot."""
    return snapshots.read_rows(data / "snapshots" / snapshot.file)


def read_predecessor(series: str) -> Files:
    """Read the rows of the shipped snapshot that a series continues; empty if there is none."""
    source_id = predecessor_id(series)
    return snapshots.read_rows(shipped_folder() / snapshots.FOLDER / f"{source_id}.jsonl") if source_id else []


@contextmanager
def draft_revision(
    data: Path, target: Revision, unwritten: Mapping[str, Files]
) -> Iterator[tuple[Path, Callable[[Revision], Tables]]]:
    """Compile a revision in a draft folder, which is removed unless it becomes a revision.

    Yield the folder, and a function that writes the revision's tables to it, with the held models of its argument, and
    returns what they hold. `unwritten` has the rows of snapshots that are not written yet, by file. Raises TableError
    if the tables break their contract, DataError if they can't be written.
    """
    base, temporary = shipped_folder(), data / "revisions" / ".draft"
    try:
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        by_hand = own_rows.add_own_rows(curated.read_curated(base / "curated"), target.own)
        series_names = {snapshot.source.series for snapshot in target.snapshots}
        series_of = {predecessor_id(series): series for series in series_names}
        inputs = [
            (replace(source, series=series_of.get(source.source_id, "")), content)
            for source, content in read_inputs(base, by_hand)
        ]
        for snapshot in target.snapshots:
            files = unwritten[snapshot.file] if snapshot.file in unwritten else read_snapshot(data, snapshot)
            inputs += [(snapshot.source, copy_rows(content)) for _, content in files]  # compiling drops rows
        by_hand = own_rows.add_own_aliases(by_hand, target.own, inputs)
        access = {row.benchmark_id: row.access for row in target.own.access}
        before = find_tables(data, target.number)  # the tables in use, or those that an undo restores
        compilation = Compilation(by_hand, inputs, before)
        own_rows.write_rows(target.own, temporary)

        def write_tables(revision: Revision) -> Tables:
            held = {model.model: (model.openness, model.grade) for model in revision.held}
            compilation.curated = replace(compilation.curated, held=held, waited=frozenset(revision.waited))
            return compilation.write_tables(base / "curated", temporary, target.own.benchmarks, access)

        yield temporary, write_tables
    except OSError as error:
        raise DataError(f"The data in {data} can't be written: {explain_write_error(error)}.") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def predecessor_id(series: str) -> str:
    """Return the id of the shipped snapshot that a series continues; "" if there is none.

    It is the snapshot that the series declares, else the newest whose id is the series' name and a number.
    """
    declaration, folder = shipped_folder() / "publishers" / f"{series}.toml", shipped_folder() / snapshots.FOLDER
    predecessor = read_publisher(declaration).follows if declaration.exists() else ""
    if predecessor and (folder / f"{predecessor}.jsonl").exists():
        return predecessor
    of_series = re.compile(re.escape(series) + r"-\d.*")
    ids = [path.stem for path in folder.glob(f"{series}-*.jsonl")]
    return max((source_id for source_id in ids if of_series.fullmatch(source_id)), default="")


def continue_revision(before: Revision, target: Revision) -> Revision:
    """Return the revision in use, continued: only the days on which publishers were read are new."""
    return replace(target, parent=before.parent, made=before.made, why=before.why, told=before.told, quiet=before.quiet)


def undo_revision(data: Path, last: Revision, today: date) -> Revision:
    """Return the revision that undoes the last change; its data are refused until the publisher changes them.

    Later data from other publishers that changed nothing are kept. Raises DataError if there is nothing to undo, or if
    the previous revision is too old.
    """
    by_number = {revision.number: revision for revision in read_log(data)}
    undone = last
    while undone.quiet and undone.parent:
        undone = by_number[undone.parent]
    if undone.quiet or not (undone.parent or undone.snapshots or undone.own):
        raise DataError("There is nothing to undo: the data in use came with gapbrief.")
    parent = by_number.get(undone.parent, Revision())
    if undone.parent and not (data / "revisions" / str(undone.parent) / "sources.csv").exists():
        raise DataError(f"Revision {undone.parent}, before revision {undone.number}, is too old to go back to.")
    refusals, series_back = list[KeptSnapshot](), set[str]()
    for series in {snapshot.source.series for snapshot in undone.snapshots}:
        before, is_now, newest = parent.newest(series), undone.newest(series), last.newest(series)
        if is_now and newest and (before is None or before.digest != is_now.digest):
            series_back.add(series)
            refusals += [newest] if newest.source.publisher != own_rows.PUBLISHER else []  # never served again
    snapshots = [snapshot for snapshot in parent.snapshots if snapshot.source.series in series_back]
    snapshots += [snapshot for snapshot in last.snapshots if snapshot.source.series not in series_back]
    why = f"undone on {today}"
    refused = {snapshot.source.series: RefusedSeries(why, str(today), snapshot.digest) for snapshot in refusals}
    return replace(
        parent,
        snapshots=tuple(snapshots),
        refused={**last.refused, **refused},
        held=(*parent.held, *(model for model in last.held if model not in undone.held)),
        served=last.served,
        why=f"undo of {undone.number}",
        told={},
        quiet=parent.quiet or not parent.number,
    )


def switch_to(data: Path, draft: Path, revision: Revision) -> None:
    """Put a drafted revision in use, and remove tables that are too old to restore.

    The previous tables of a continued revision are kept until the next switch: somebody may be reading them.
    """
    (draft / _MANIFEST).write_text(_to_json(revision), encoding="utf-8")
    folder = data / "revisions" / str(revision.number)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(draft, folder)
    _replace_text(data / CURRENT, f"{revision.number} {core.__version__}\n")
    _prune(data)


def rewrite_manifest(data: Path, revision: Revision) -> None:
    """Rewrite the manifest of the revision in use, with news about publishers; its tables stay."""
    _replace_text(table_folder(data) / _MANIFEST, _to_json(revision))


def _replace_text(path: Path, text: str) -> None:
    """Replace a file once the new one is complete."""
    temporary = path.with_name(f".{path.name}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def shipped_revision() -> str:
    """Return the revision of the shipped tables."""
    return hash_tables(shipped_folder())


def next_number(data: Path) -> int:
    """Return the number of the next revision; numbers of undone or unfinished revisions are not reused."""
    return max((int(path.name) for path in (data / "revisions").glob("*") if path.name.isdecimal()), default=0) + 1


def hash_files(files: Iterable[Path]) -> str:
    """Return a hash of a snapshot's files, to recognise them."""
    return sha256(b"".join(sha256(path.read_bytes()).digest() for path in files)).hexdigest()


def _prune(data: Path) -> None:
    """Remove the tables of old revisions, and snapshots that no kept revision uses."""
    revisions = read_log(data)
    numbers = {revision.number for revision in revisions}
    continued_numbers = [revision.number for revision in _read_all(data) if revision.number not in numbers]
    for number in continued_numbers[:-1]:
        shutil.rmtree(data / "revisions" / str(number))
    for old in revisions[:-MOST_KEPT]:
        folder = data / "revisions" / str(old.number)
        for path in folder.glob("*.csv"):
            path.unlink()
        if old.snapshots:
            (folder / _MANIFEST).write_text(_to_json(replace(old, snapshots=())), encoding="utf-8")
    in_use = {snapshot.file for revision in revisions[-MOST_KEPT:] for snapshot in revision.snapshots}
    for path in (data / "snapshots").glob("*/*.jsonl.gz"):
        if f"{path.parent.name}/{path.name}" not in in_use:
            path.unlink()


def _to_json(revision: Revision) -> str:
    manifest = asdict(revision)
    del manifest["own"]  # own rows have their own tables
    return json.dumps(manifest, default=str, indent=1)


def _read_manifest(folder: Path) -> Revision:
    path = folder / _MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        snapshots = tuple(
            KeptSnapshot(_parse_source(row["source"]), row["file"], row["digest"]) for row in manifest.pop("snapshots")
        )
        refused = {series: RefusedSeries(**row) for series, row in manifest.pop("refused").items()}
        held = tuple(HeldModel(**{**row, "publishers": tuple(row["publishers"])}) for row in manifest.pop("held", ()))
        manifest["waited"] = tuple(manifest.get("waited", ()))
        return Revision(**manifest, snapshots=snapshots, refused=refused, own=own_rows.read_rows(folder), held=held)
    except OSError as error:
        raise TableError(path, f"can't be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TableError(path, "is not a record of a revision") from error


def _parse_source(row: dict[str, Any]) -> Source:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("snapshot", "held_until")}
    return Source(**{**row, **days})
