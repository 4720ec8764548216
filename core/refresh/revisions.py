"""Refreshed data: tables of its own beside the evidence file, a revision a change, one of them in use.

    current                    the number of the revision in use
    revisions/7/               tables of `data/`, and `revision.json`: what they were compiled of, and why
    revisions/7/own/           what the operator says of models: core/refresh/own_rows.py
    snapshots/weirdml/…        what was read of publishers, in rows of our own; written once

Tables are compiled of the shipped ones' snapshots and these. A revision is made aside and then switched to by one
renaming, so a process that is killed leaves the old one or the new one in use, whole.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import core
from core.errors import DataError, TableError
from core.evidence import curated, snapshots
from core.evidence.build import compile_tables, read_imported
from core.evidence.curated import Source
from core.evidence.importers.rows import Imported, copy_imported
from core.refresh import own_rows
from core.refresh.own_rows import OwnRow, OwnRows
from core.refresh.publishers import read_one
from core.store.tables import CURRENT, Openness, OpennessGrade, revision, shipped, table_folder

MOST_KEPT = 30
"""How many revisions keep their tables, to go back to; of older ones the log alone is kept."""
_MANIFEST = "revision.json"
Files = list[tuple[str, Imported]]
"""What was read of a snapshot's files, by their names."""


@dataclass(frozen=True)
class Kept:
    """A snapshot that a revision holds: its source, and the file of its rows, under `snapshots/`."""

    source: Source
    file: str
    digest: str


@dataclass(frozen=True)
class Held:
    """A model (its id): what it is taken for meanwhile, and by what evidence; `publishers` say otherwise, or alone.

    Where the grade is `held`, it is left out of all figures. `why` says so in a sentence, with the command that
    settles it.
    """

    model: str
    openness: Openness
    grade: OpennessGrade
    publishers: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Refused:
    """Data of a series that is not taken: why, since which day, and the hash by which it is known again."""

    why: str
    since: str
    digest: str


@dataclass(frozen=True)
class Revision:
    """A state of the refreshed data; number 0 is the shipped data, `parent` what undoing this one leads back to.

    `shipped` is the revision of the shipped tables that it was compiled with; `served` what each publisher's server
    said last, by address (its validators and the day); `refused` what is in quarantine or was undone, by series;
    `told` what changed, for people; `own` the operator's own rows, which every later revision has too; `columns` those
    that a person took for others whose names are gone, by SERIES:FILE; `held` what of open and closed waits for a
    person, `waited` the models that ever did, left out. A `quiet` one changed nothing that could be undone.
    """

    number: int = 0
    parent: int = 0
    made: str = ""
    why: str = ""
    shipped: str = ""
    snapshots: tuple[Kept, ...] = ()
    served: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refused: Mapping[str, Refused] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    own: OwnRows = field(default_factory=OwnRows)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    held: tuple[Held, ...] = ()
    waited: tuple[str, ...] = ()
    quiet: bool = False

    def with_row(self, row: OwnRow) -> "Revision":
        """Return the revision with one more own row."""
        return replace(self, own=self.own.with_row(row))

    def with_snapshot(self, added: Kept) -> "Revision":
        """Return the revision with one more snapshot, in the place of one of the same day."""
        others = (each for each in self.snapshots if each.source.source_id != added.source.source_id)
        return replace(self, snapshots=(*others, added))

    def newest(self, series: str) -> Kept | None:
        """Return the newest snapshot of a series."""
        return max(
            (each for each in self.snapshots if each.source.series == series),
            key=lambda each: each.source.snapshot,
            default=None,
        )


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Let one process at a time change refreshed data; raises DataError where another one does."""
    from filelock import FileLock, Timeout

    try:
        data.mkdir(parents=True, exist_ok=True)
        with FileLock(data / "lock", timeout=0):
            yield
    except Timeout:
        raise DataError(f"The data in {data} is being changed by another process; try again in a minute.") from None
    except OSError as error:
        raise DataError(f"The data in {data} can't be changed ({error.strerror}); see who may write there.") from error


def current(data: Path) -> Revision | None:
    """Return the revision in use; None where there was no refresh yet."""
    folder = table_folder(data)
    return _read(folder) if (folder / _MANIFEST).exists() else None


def log(data: Path) -> list[Revision]:
    """Return all revisions, in order; one that went on without news as it is now."""
    return list({(each.parent, each.made, each.why): each for each in _all(data)}.values())


def _all(data: Path) -> list[Revision]:
    folders = [path for path in (data / "revisions").glob("*") if path.name.isdecimal()]
    return [_read(path) for path in sorted(folders, key=lambda path: int(path.name))]


def tables_of(data: Path, number: int) -> Path:
    """Return the folder of a revision's tables (0: the shipped ones); raises DataError where they are not kept."""
    folder = data / "revisions" / str(number) if number else shipped()
    if not (folder / "sources.csv").exists():
        raise DataError(f"There is no revision {number} to be read; `gapbrief data log` lists those that are kept.")
    return folder


def as_kept(source: Source, digest: str) -> Kept:
    """Return how a snapshot of a source is held; `write_kept` writes its file."""
    return Kept(source, f"{source.series}/{source.snapshot}-{digest[:12]}.jsonl.gz", digest)


def write_kept(data: Path, name: str, files: Files) -> None:
    """Write what was read of a snapshot into the data, for revisions to hold."""
    path = data / "snapshots" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}")
    snapshots.write(aside, files)
    os.replace(aside, path)


def read_kept(data: Path, each: Kept, known: snapshots.Rows | None = None) -> Files:
    """Read the rows of a snapshot; those that are `known` are not read again."""
    return snapshots.read(data / "snapshots" / each.file, known)


def read_followed(series: str) -> Files:
    """Read the rows of the shipped snapshot that a series goes on from; none where there is none."""
    known = followed(series)
    return snapshots.read(shipped() / snapshots.FOLDER / f"{known}.jsonl") if known else []


@contextmanager
def drafted(data: Path, wanted: Revision, fresh: Mapping[str, Files]) -> Iterator[Path]:
    """Compile the tables of a revision aside, and yield their folder; nothing stays of what `switch` did not take.

    `fresh` is what was read of snapshots, by file, that are not written yet.
    Raises TableError where the tables break their contract, DataError where they can't be written.
    """
    base, aside = shipped(), data / "revisions" / ".draft"
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        by_hand = own_rows.with_own(curated.read(base / "curated"), wanted.own)
        waiting = {each.model: (each.openness, each.grade) for each in wanted.held}
        by_hand = replace(by_hand, held=waiting, waited=frozenset(wanted.waited))
        goes_on = {followed(series): series for series in {each.source.series for each in wanted.snapshots}}
        held = [
            (replace(source, series=goes_on.get(source.source_id, "")), imported)
            for source, imported in read_imported(base, by_hand)
        ]
        known: snapshots.Rows = {}
        for each in wanted.snapshots:
            files = fresh[each.file] if each.file in fresh else read_kept(data, each, known)
            held += [(each.source, copy_imported(imported)) for _, imported in files]  # compiling drops rows
        by_hand = own_rows.with_own_aliases(by_hand, wanted.own, held)
        access = {row.benchmark_id: row.access for row in wanted.own.access}
        before = tables_of(data, wanted.number)  # the last ones; those that an undo goes back to
        compile_tables(by_hand, held, base / "curated", aside, wanted.own.benchmarks, before, access)
        own_rows.write(wanted.own, aside)
        yield aside
    except OSError as error:
        raise DataError(f"The data in {data} can't be written ({error.strerror}); what was in use stays.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def followed(series: str) -> str:
    """Return the id of the shipped snapshot that a series goes on from, "" where there is none.

    It is the one that the series declares, else the newest whose id is the name of the series, then a number.
    """
    declaration, folder = shipped() / "publishers" / f"{series}.toml", shipped() / snapshots.FOLDER
    declared = read_one(declaration).follows if declaration.exists() else ""
    if declared and (folder / f"{declared}.jsonl").exists():
        return declared
    of_series = re.compile(re.escape(series) + r"-\d.*")
    ids = [path.stem for path in folder.glob(f"{series}-*.jsonl")]
    return max((each for each in ids if of_series.fullmatch(each)), default="")


def gone_on(before: Revision, wanted: Revision) -> Revision:
    """Return what a revision in use goes on as where nothing is new but the day to which publishers were read."""
    return replace(wanted, parent=before.parent, made=before.made, why=before.why, told=before.told, quiet=before.quiet)


def undone(data: Path, last: Revision, today: date) -> Revision:
    """Return the revision that goes back to the one before the last change; what it brought is refused till it changes.

    What came since of other publishers, and changed nothing, stays. Raises DataError where nothing was changed, or the
    one before is too old.
    """
    known = {each.number: each for each in log(data)}
    changed = last
    while changed.quiet and changed.parent:
        changed = known[changed.parent]
    if changed.quiet or not (changed.parent or changed.snapshots or changed.own):
        raise DataError("There is nothing to undo: the data are those that came with gapbrief.")
    parent = known.get(changed.parent, Revision())
    if changed.parent and not (data / "revisions" / str(changed.parent) / "sources.csv").exists():
        raise DataError(f"Revision {changed.parent}, before revision {changed.number}, is too old to go back to.")
    taken, back = list[Kept](), set[str]()
    for series in {each.source.series for each in changed.snapshots}:
        was, is_now, newest = parent.newest(series), changed.newest(series), last.newest(series)
        if is_now and newest and (was is None or was.digest != is_now.digest):
            back.add(series)
            taken += [newest] if newest.source.publisher != own_rows.PUBLISHER else []  # nobody serves that again
    held = [each for each in parent.snapshots if each.source.series in back]
    held += [each for each in last.snapshots if each.source.series not in back]
    refused = {each.source.series: Refused(f"undone on {today}", str(today), each.digest) for each in taken}
    return replace(
        parent,
        snapshots=tuple(held),
        refused={**last.refused, **refused},
        held=(*parent.held, *(each for each in last.held if each not in changed.held)),
        served=last.served,
        why=f"undo of {changed.number}",
        told={},
        quiet=parent.quiet or not parent.number,
    )


def switch(data: Path, draft: Path, made: Revision) -> None:
    """Put a drafted revision in use, and forget the tables of those that are too old to go back to.

    Of one that went on the last tables stay until the next switch: somebody may be reading them.
    """
    (draft / _MANIFEST).write_text(json.dumps(_plain(made), indent=1), encoding="utf-8")
    folder = data / "revisions" / str(made.number)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(draft, folder)
    use(data, made.number)
    _prune(data)


def note(data: Path, made: Revision) -> None:
    """Write what a revision in use knows of publishers anew: of its tables nothing changes."""
    path = table_folder(data) / _MANIFEST
    aside = path.with_name(f".{path.name}")
    aside.write_text(json.dumps(_plain(made), indent=1), encoding="utf-8")
    os.replace(aside, path)


def use(data: Path, number: int) -> None:
    """Put a revision that is there in use, by one renaming."""
    aside = data / f".{CURRENT}"
    with aside.open("w", encoding="utf-8") as file:
        file.write(f"{number} {core.__version__}\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, data / CURRENT)


def shipped_revision() -> str:
    """Return the revision of the tables that came with gapbrief."""
    return revision(shipped())


def next_number(data: Path) -> int:
    """Return the number of the next revision: one that was undone or half made is never used again."""
    return max((int(path.name) for path in (data / "revisions").glob("*") if path.name.isdecimal()), default=0) + 1


def digest_of(files: Iterable[Path]) -> str:
    """Return the hash by which a snapshot's files are known again."""
    return sha256(b"".join(sha256(path.read_bytes()).digest() for path in files)).hexdigest()


def _prune(data: Path) -> None:
    """Forget the tables of old revisions, and the snapshots that no revision holds."""
    made = log(data)
    numbers = {each.number for each in made}
    gone_on_from = [each.number for each in _all(data) if each.number not in numbers]
    for number in gone_on_from[:-1]:
        shutil.rmtree(data / "revisions" / str(number))
    for old in made[:-MOST_KEPT]:
        folder = data / "revisions" / str(old.number)
        for path in folder.glob("*.csv"):
            path.unlink()
        if old.snapshots:
            (folder / _MANIFEST).write_text(json.dumps(_plain(replace(old, snapshots=())), indent=1), encoding="utf-8")
    held = {each.file for revision in made[-MOST_KEPT:] for each in revision.snapshots}
    for path in (data / "snapshots").glob("*/*.jsonl.gz"):
        if f"{path.parent.name}/{path.name}" not in held:
            path.unlink()


def _plain(made: Revision) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(asdict(made), default=str))
    del told["own"]  # in tables of its own
    return told


def _read(folder: Path) -> Revision:
    path = folder / _MANIFEST
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        held = tuple(Kept(_source(each["source"]), each["file"], each["digest"]) for each in told.pop("snapshots"))
        refused = {series: Refused(**each) for series, each in told.pop("refused").items()}
        waiting = tuple(Held(**{**each, "publishers": tuple(each["publishers"])}) for each in told.pop("held", ()))
        told["waited"] = tuple(told.get("waited", ()))
        return Revision(**told, snapshots=held, refused=refused, own=own_rows.read(folder), held=waiting)
    except OSError as error:
        raise TableError(path, f"can't be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TableError(path, "is no account of a revision") from error


def _source(told: dict[str, Any]) -> Source:
    days = {name: date.fromisoformat(told[name]) if told[name] else None for name in ("snapshot", "held_until")}
    return Source(**{**told, **days})
