"""A publisher's files, each read and checked by itself; one that can't be used stays as its last snapshot had it."""

import csv
import shlex
import shutil
import stat
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from core.errors import DataError, TableError
from core.evidence.importers import IMPORTERS, epoch_hub
from core.evidence.importers.rows import FileContent, without_rows
from core.evidence.plausibility import check_rows
from core.refresh.publishers import Publisher
from core.refresh.snapshot_checks import Finding, check_snapshot, find_new_efforts, is_nearly_same
from core.words import count

_MOST_ROWS = 20_000
"""Of a publisher, in all its files: 44 of the 88 boards that Epoch AI declares, the most of any, have 5,055."""
_MISSING = "the column is missing"
_MOST_COLUMNS = 50
"""How many columns are tried for one that is gone, each by reading the file; Epoch's widest board has some twenty."""
_MOST_BAD_SHARE, _MOST_BAD = 0.1, 50
"""A table with more bad rows has changed its form, and reading it once for each bad row would take too long."""
_MOST_ENTRIES = 2_000
_MOST_BYTES = 200_000_000
"""Of all wanted files together, unpacked."""
_MOST_PACKED = 200
"""How many times smaller a file may be in its zip than out of it: tables of scores are 3 to 20 times smaller."""


@dataclass(frozen=True)
class BoardFile:
    """What came of one file: its rows, those of the last snapshot where there is a `why` not to take its own.

    It `failed` where a person can't accept it either: there is nothing to be read. `columns` are those that a person
    let take the place of others, each with the one that it was taken for.
    """

    name: str
    imported: FileContent | None
    findings: tuple[Finding, ...] = ()
    why: str = ""
    failed: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Files:
    """The files of a publisher that hold scores, by name, with the number of rows that a first one must have.

    `contents` says where those lie that it serves, `last` what its last snapshot held of each, and `accepted` which
    are to be taken although something stops them; `columns` are those that were accepted before, by file. Of the
    boards that a publisher declares, one that was never read may be missing.
    """

    publisher: Publisher
    contents: Mapping[str, Path]
    least: Mapping[str, int]
    last: Mapping[str, FileContent]
    accepted: frozenset[str]
    columns: Mapping[str, Mapping[str, str]]
    today: date
    units: Mapping[tuple[str, str], str]

    def read(self) -> list[BoardFile]:
        """Read all files; raises DataError where there is none, and for an accepted one that is none of them."""
        for name in sorted(self.accepted - self.least.keys()):
            raise DataError(f'{self.publisher.name} has no file "{name}"; there are {", ".join(sorted(self.least))}.')
        files, n_rows = [], 0
        for name in self.least:
            file = self._read_file(name, _MOST_ROWS - n_rows)
            n_rows += _size(file.imported) if file and file.imported and not file.why else 0
            files += [file] if file else []
        if not any(file.imported or file.why for file in files):
            raise DataError(f"{self.publisher.name} serves no file with scores; see whether its files are renamed.")
        read = [(file.name, file.imported) for file in files if file.imported]
        efforts = find_new_efforts(read, list(self.last.items()))
        files[-1] = replace(files[-1], findings=(*files[-1].findings, *efforts))
        return files

    def accept_text(self, file: BoardFile) -> str:
        """Return what to type to take a file in spite of what stops it."""
        if file.failed and file.name in self.contents:
            return ""
        does = "takes it as it is" if file.name in self.contents else "does without it"
        return f"; `gapbrief data refresh {shlex.quote(f'{self.publisher.name}:{file.name}')} --accept` {does}"

    def _read_file(self, name: str, most: int) -> BoardFile | None:
        old, is_accepted = self.last.get(name), name in self.accepted
        is_new = old is None and bool(self.publisher.declares)
        if name not in self.contents:
            if is_new or is_accepted:
                return None
            return BoardFile(name, old, why=f"{name} is gone; see whether its publisher renamed it", failed=True)
        columns = dict(self.columns.get(name, {}))
        try:
            imported, findings = self._import(name, columns)
        except TableError as error:
            column = self._find_moved_column(name, error) if old else ""
            if not column or not is_accepted:
                if is_new:
                    why = _without_command(f"{error.where} is new and can't be used: {error.problem}")
                    return BoardFile(name, None, (Finding("warn", why),))
                why = f'{error.where}: {error.problem}, and what it held stands in "{column}"' if column else str(error)
                return BoardFile(name, old, why=_without_command(why), failed=not column)
            columns[column] = str(error.column)
            imported, findings = self._import(name, columns)
        if _size(imported) > most:
            problem = f"has too many rows: more than {_MOST_ROWS:,} with those before"
            return BoardFile(name, old, why=str(TableError(self.contents[name], problem)), failed=True)
        if old is None and imported.rows < self.least[name]:
            problem = f"has {imported.rows} rows where it had {self.least[name]}; it is cut short or its form changed"
            findings.append(Finding("stop", f"{name} {problem}"))
        findings += check_snapshot([(name, imported)], [(name, old)] if old else [], self.units)
        findings += self._find_new_boards(name, imported)
        stops = "; ".join(finding.what for finding in findings if finding.level == "stop")
        if stops and not is_accepted:
            return BoardFile(name, old, tuple(findings), stops)
        return BoardFile(name, imported, tuple(findings), columns=columns)

    def _import(self, name: str, columns: Mapping[str, str]) -> tuple[FileContent, list[Finding]]:
        """Read one file without its bad rows; returns what it holds, and a finding for each of those."""

        def read(path: Path) -> FileContent:
            imported = IMPORTERS[self.publisher.declared.importer](path)
            check_rows(path, imported, self.today, self.units)
            return imported

        if columns:
            _rename_columns(self.contents[name], columns)
        imported, errors = read_good_rows(self.contents[name], read)
        whys = [_without_command(f"{error.where}: {error.problem}; the row is left out") for error in errors]
        return imported, [Finding("warn", why) for why in whys]

    def _find_moved_column(self, name: str, error: TableError) -> str:
        """Return the column that holds what a missing one held; empty where there is none, or several."""
        path, content = self.contents[name], self.contents[name].read_bytes()
        if error.problem != _MISSING or error.column is None or error.path != path or path.suffix != ".csv":
            return ""
        columns = []
        for column in _read_header(path)[:_MOST_COLUMNS]:
            try:
                imported, _ = self._import(name, {column: error.column})
                columns += [column] if is_nearly_same(imported, self.last[name]) else []
            except TableError:  # a column of something else
                pass
            finally:
                path.write_bytes(content)
        return columns[0] if len(columns) == 1 else ""

    def _find_new_boards(self, name: str, imported: FileContent) -> list[Finding]:
        if name in self.last:
            return []
        rows = count(len(imported.scores), "row")
        return [
            Finding("warn", f"new board: {board.name}, {rows}; {how_to_count(board.benchmark)}")
            for board in imported.boards
        ]


def read_good_rows(path: Path, read: Callable[[Path], FileContent]) -> tuple[FileContent, list[TableError]]:
    """Read a table without its bad rows, whatever its form; return what was read, and the rows' errors.

    Raises TableError for what is wrong with the file as a whole, and where more than a tenth of its rows are bad.
    """
    errors: dict[int, TableError] = {}
    while True:
        try:
            with without_rows(path, errors):
                imported = read(path)
        except TableError as error:
            if error.path != path or error.line is None:
                raise
            if error.line in errors or len(errors) == _MOST_BAD:
                raise next(iter(errors.values())) from None
            errors[error.line] = error
            continue
        if len(errors) > max(1, _MOST_BAD_SHARE * imported.rows):
            raise next(iter(errors.values()))
        return imported, list(errors.values())


def unpack_files(publisher: Publisher, places: Mapping[str, Path], last: Sequence[str]) -> dict[str, Path]:
    """Return where each file of a publisher lies, of what was downloaded from its addresses to some places.

    Of a zip that declares its boards, all of these and those of the `last` snapshot are unpacked.
    """
    folder = next(iter(places.values())).with_suffix(f".{publisher.name}")
    if publisher.is_zip:
        (archive,) = places.values()
        names = [file.name for file in publisher.files]
        if publisher.declares:
            names += last
            unpack(archive, folder, names)
            names += epoch_hub.read_declared_beside(folder / publisher.declares, publisher.declares)
        return unpack(archive, folder, list(dict.fromkeys(names)))
    folder.mkdir()
    for file in publisher.files:
        shutil.copyfile(places[file.address], folder / file.name)
    return {file.name: folder / file.name for file in publisher.files}


def unpack(archive: Path, into: Path, names: Sequence[str]) -> dict[str, Path]:
    """Unpack the files of some names, whatever folder of the zip they lie in, into a folder; returns their places.

    A file that the zip lacks is left out. Raises DataError, one sentence, for what is no whole zip, for one that lacks
    all files or holds one twice, and for
    whatever a zip of tables has no need of: a path out of its folder, a link, a password, a file that unpacks to
    hundreds of times its size.
    """
    into.mkdir(exist_ok=True)
    try:
        with ZipFile(archive) as opened:
            wanted = _choose_entries(opened.infolist(), names)
            for name, entry in wanted.items():
                with opened.open(entry) as packed, (into / name).open("wb") as file:
                    shutil.copyfileobj(packed, file)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _refuse_zip(f"can't be unpacked ({error})") from error
    return {name: into / name for name in names if name in wanted}


def _choose_entries(entries: Sequence[ZipInfo], names: Sequence[str]) -> dict[str, ZipInfo]:
    """Return the entry of each name; raises DataError where the zip is not one of tables alone."""
    if len(entries) > _MOST_ENTRIES:
        raise _refuse_zip(f"holds {len(entries)} files")
    chosen: dict[str, ZipInfo] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            raise _refuse_zip(f'holds a file outside of its folder ("{entry.filename[:60]}")')
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _refuse_zip(f'holds a link ("{entry.filename[:60]}")')
        if path.name in names and not entry.is_dir():
            if path.name in chosen:
                raise _refuse_zip(f"holds {path.name} twice")
            chosen[path.name] = entry
    if not chosen:
        raise _refuse_zip(f"does not hold {' or '.join(names[:3])}")
    if any(entry.file_size > _MOST_PACKED * entry.compress_size for entry in chosen.values()):
        raise _refuse_zip(f"holds a file that unpacks to over {_MOST_PACKED} times its size")
    n_bytes = sum(entry.file_size for entry in chosen.values())
    if n_bytes > _MOST_BYTES:
        raise _refuse_zip(f"unpacks to {n_bytes // 1_000_000} MB")
    return chosen


def _refuse_zip(why: str) -> DataError:
    return DataError(f"The zip {why}; see whether its publisher changed it.")


def how_to_count(board: str) -> str:
    """Say how a person lets a board (its id) count that its publisher alone declares."""
    return f"to count it as private or public: `gapbrief data count {shlex.quote(board)} private`, or `public`"


def _without_command(why: str) -> str:
    """Return what is wrong with no command in it: a cell may hold one, for a person to run."""
    return why.replace("`", "'")


def _size(imported: FileContent) -> int:
    return max(imported.rows, len(imported.scores))


def _read_header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def _rename_columns(path: Path, columns: Mapping[str, str]) -> None:
    """Give columns of a file other names, where no column has these; what is wrong with the file its importer says."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, rows = next(csv.reader(file), []), file.read()
    except (UnicodeDecodeError, csv.Error):
        return
    renamed = [columns[column] if columns.get(column, column) not in header else column for column in header]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(renamed)
        file.write(rows)
