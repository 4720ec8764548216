"""A publisher's files, each read and checked by itself; an unusable one stays as it was in the last snapshot."""

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
"""In all files of a publisher; Epoch AI has the most: 44 of its 88 boards have 5,055."""
_MISSING = "the column is missing"
_MOST_COLUMNS = 50
"""Columns tried in place of a missing one, each by reading the file; Epoch's widest board has about twenty."""
_MOST_BAD_SHARE, _MOST_BAD = 0.1, 50
"""A table with more bad rows has a new format, and rereading it for every bad row would take too long."""
_MOST_ENTRIES = 2_000
_MOST_BYTES = 200_000_000
"""Of all unpacked files together."""
_MOST_PACKED = 200
"""The highest compression ratio allowed; score tables reach 3 to 20."""


@dataclass(frozen=True)
class BoardFile:
    """A file's content, or the last snapshot's if it has a `problem`.

    `failed` means that nobody can accept it: nothing is readable. `columns` maps each column that a person accepted to
    the missing one that it replaces.
    """

    name: str
    content: FileContent | None
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    failed: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ScoreFiles:
    """A publisher's score files.

    `paths` locates the served files; `min_rows` names all files, with the rows that a first version must have.
    `last_contents` is from the last snapshot. `accepted` files are used despite their problems; `columns` were accepted
    earlier, by file. A declared board may be missing if it was never read.
    """

    publisher: Publisher
    paths: Mapping[str, Path]
    min_rows: Mapping[str, int]
    last_contents: Mapping[str, FileContent]
    accepted: frozenset[str]
    columns: Mapping[str, Mapping[str, str]]
    today: date
    units: Mapping[tuple[str, str], str]

    def read(self) -> list[BoardFile]:
        """Read all files; raises DataError if there are none, or if an accepted file is unknown."""
        for name in sorted(self.accepted - self.min_rows.keys()):
            names = ", ".join(sorted(self.min_rows))
            raise DataError(f'{self.publisher.name} has no file "{name}"; there are {names}.')
        files, n_rows = [], 0
        for name in self.min_rows:
            file = self._read_file(name, _MOST_ROWS - n_rows)
            n_rows += _count_rows(file.content) if file and file.content and not file.problem else 0
            files += [file] if file else []
        if not any(file.content or file.problem for file in files):
            raise DataError(f"{self.publisher.name} serves no file with scores; see whether its files are renamed.")
        contents = [(file.name, file.content) for file in files if file.content]
        efforts = find_new_efforts(contents, list(self.last_contents.items()))
        files[-1] = replace(files[-1], findings=(*files[-1].findings, *efforts))
        return files

    def explain_kept(self, file: BoardFile) -> Finding:
        """Return the finding for a file that stays as it was, with the command that accepts the new one, if any."""
        text = f"{file.name} stays as it was: {file.problem}"
        if not (file.failed and file.name in self.paths):
            effect = "takes it as it is" if file.name in self.paths else "does without it"
            text += f"; `gapbrief data refresh {shlex.quote(f'{self.publisher.name}:{file.name}')} --accept` {effect}"
        return Finding("warn", text)

    def _read_file(self, name: str, most: int) -> BoardFile | None:
        old, is_accepted = self.last_contents.get(name), name in self.accepted
        is_new = old is None and bool(self.publisher.declares)
        if name not in self.paths:
            if is_new or is_accepted:
                return None
            return BoardFile(name, old, problem=f"{name} is gone; see whether its publisher renamed it", failed=True)
        columns = dict(self.columns.get(name, {}))
        try:
            content, findings = self._import(name, columns)
        except TableError as error:
            column = self._find_moved_column(name, error) if old else ""
            if not column or not is_accepted:
                if is_new:
                    problem = _escape_backticks(f"{error.where} is new and can't be used: {error.problem}")
                    return BoardFile(name, None, (Finding("warn", problem),))
                moved_column = f'{error.where}: {error.problem}, and what it held stands in "{column}"'
                problem = _escape_backticks(moved_column if column else str(error))
                return BoardFile(name, old, problem=problem, failed=not column)
            columns[column] = str(error.column)
            content, findings = self._import(name, columns)
        if _count_rows(content) > most:
            problem = f"has too many rows: more than {_MOST_ROWS:,} with those before"
            return BoardFile(name, old, problem=str(TableError(self.paths[name], problem)), failed=True)
        if old is None and content.rows < self.min_rows[name]:
            problem = f"has {content.rows} rows where it had {self.min_rows[name]}; it is cut short or its form changed"
            findings.append(Finding("stop", f"{name} {problem}"))
        findings += check_snapshot([(name, content)], [(name, old)] if old else [], self.units)
        findings += self._find_new_boards(name, content)
        stop_reasons = "; ".join(finding.what for finding in findings if finding.level == "stop")
        if stop_reasons and not is_accepted:
            return BoardFile(name, old, tuple(findings), stop_reasons)
        return BoardFile(name, content, tuple(findings), columns=columns)

    def _import(self, name: str, columns: Mapping[str, str]) -> tuple[FileContent, list[Finding]]:
        """Read a file without its bad rows; return its content, and a finding for each bad row."""

        def read(path: Path) -> FileContent:
            content = IMPORTERS[self.publisher.declared.importer](path)
            check_rows(path, content, self.today, self.units)
            return content

        if columns:
            _rename_columns(self.paths[name], columns)
        content, errors = read_good_rows(self.paths[name], read)
        whys = [_escape_backticks(f"{error.where}: {error.problem}; the row is left out") for error in errors]
        return content, [Finding("warn", problem) for problem in whys]

    def _find_moved_column(self, name: str, error: TableError) -> str:
        """Return the column that now holds a missing column's values; empty if none does, or several do."""
        path, raw = self.paths[name], self.paths[name].read_bytes()
        if error.problem != _MISSING or error.column is None or error.path != path or path.suffix != ".csv":
            return ""
        columns = []
        for column in _read_header(path)[:_MOST_COLUMNS]:
            try:
                content, _ = self._import(name, {column: error.column})
                columns += [column] if is_nearly_same(content, self.last_contents[name]) else []
            except TableError:  # an unrelated column
                pass
            finally:
                path.write_bytes(raw)
        return columns[0] if len(columns) == 1 else ""

    def _find_new_boards(self, name: str, content: FileContent) -> list[Finding]:
        if name in self.last_contents:
            return []
        rows = count(len(content.scores), "row")
        return [
            Finding("warn", f"new board: {board.name}, {rows}; {how_to_count(board.benchmark)}")
            for board in content.boards
        ]


def read_good_rows(path: Path, read: Callable[[Path], FileContent]) -> tuple[FileContent, list[TableError]]:
    """Read a table of any format without its bad rows; return its content, and the rows' errors.

    Raises TableError if the whole file is unusable, or more than a tenth of its rows are bad.
    """
    errors: dict[int, TableError] = {}
    while True:
        try:
            with without_rows(path, errors):
                content = read(path)
        except TableError as error:
            if error.path != path or error.line is None:
                raise
            if error.line in errors or len(errors) == _MOST_BAD:
                raise next(iter(errors.values())) from None
            errors[error.line] = error
            continue
        if len(errors) > max(1, _MOST_BAD_SHARE * content.rows):
            raise next(iter(errors.values()))
        return content, list(errors.values())


def unpack_files(publisher: Publisher, places: Mapping[str, Path], last: Sequence[str]) -> dict[str, Path]:
    """Return the path of each of a publisher's files; `places` has the downloads by address.

    From a zip that declares its boards, these and the files of the `last` snapshot are unpacked.
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


def unpack(archive: Path, folder: Path, names: Sequence[str]) -> dict[str, Path]:
    """Unpack files by name, from any folder of the zip, into a folder; return their paths without missing ones.

    Raises DataError for a broken zip, one that lacks all the files or has one twice, and one with anything that a zip
    of tables does not need: a path outside, a link, a password, a file that unpacks to hundreds of times its size.
    """
    folder.mkdir(exist_ok=True)
    try:
        with ZipFile(archive) as zip_file:
            entries = _choose_entries(zip_file.infolist(), names)
            for name, entry in entries.items():
                with zip_file.open(entry) as packed, (folder / name).open("wb") as file:
                    shutil.copyfileobj(packed, file)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _zip_error(f"can't be unpacked ({error})") from error
    return {name: folder / name for name in names if name in entries}


def _choose_entries(entries: Sequence[ZipInfo], names: Sequence[str]) -> dict[str, ZipInfo]:
    """Return the entry of each name; raises DataError if the zip holds anything suspicious."""
    if len(entries) > _MOST_ENTRIES:
        raise _zip_error(f"holds {len(entries)} files")
    by_name: dict[str, ZipInfo] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            raise _zip_error(f'holds a file outside of its folder ("{entry.filename[:60]}")')
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _zip_error(f'holds a link ("{entry.filename[:60]}")')
        if path.name in names and not entry.is_dir():
            if path.name in by_name:
                raise _zip_error(f"holds {path.name} twice")
            by_name[path.name] = entry
    if not by_name:
        raise _zip_error(f"does not hold {' or '.join(names[:3])}")
    if any(entry.file_size > _MOST_PACKED * entry.compress_size for entry in by_name.values()):
        raise _zip_error(f"holds a file that unpacks to over {_MOST_PACKED} times its size")
    n_bytes = sum(entry.file_size for entry in by_name.values())
    if n_bytes > _MOST_BYTES:
        raise _zip_error(f"unpacks to {n_bytes // 1_000_000} MB")
    return by_name


def _zip_error(problem: str) -> DataError:
    return DataError(f"The zip {problem}; see whether its publisher changed it.")


def how_to_count(board: str) -> str:
    """Say how to make a board count (by id) that only its publisher declares."""
    return f"to count it as private or public: `gapbrief data count {shlex.quote(board)} private`, or `public`"


def _escape_backticks(problem: str) -> str:
    """Replace backticks, as a cell could hold a command for a person to run."""
    return problem.replace("`", "'")


def _count_rows(content: FileContent) -> int:
    return max(content.rows, len(content.scores))


def _read_header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def _rename_columns(path: Path, columns: Mapping[str, str]) -> None:
    """Rename columns of a file, unless a column has the name already; its importer reports a broken file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, rows = next(csv.reader(file), []), file.read()
    except (UnicodeDecodeError, csv.Error):
        return
    renamed = [columns[column] if columns.get(column, column) not in header else column for column in header]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(renamed)
        file.write(rows)
