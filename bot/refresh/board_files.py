"""A publisher's files, each read and checked by itself; one that can't be used stays as its last snapshot had it."""

import csv
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from core.errors import DataError, TableError
from core.evidence.bad_rows import read_good_rows
from core.evidence.importers import IMPORTERS, epoch_boards
from core.evidence.importers.rows import Imported
from core.evidence.plausibility import check
from core.evidence.publishers import Publisher
from core.evidence.snapshot_checks import Finding, check_snapshot, new_efforts, says_the_same
from core.evidence.unpacking import unpack
from core.words import count

_MOST_ROWS = 20_000
"""Of a publisher, in all its files: 44 of the 88 boards that Epoch AI declares, the most of any, have 5,055."""
_MISSING = "the column is missing"
_MOST_COLUMNS = 50
"""How many columns are tried for one that is gone, each by reading the file; Epoch's widest board has some twenty."""


@dataclass(frozen=True)
class BoardFile:
    """What came of one file: its rows, those of the last snapshot where there is a `why` not to take its own.

    It `failed` where a person can't accept it either: there is nothing to be read. `columns` are those that a person
    let take the place of others, each with the one that it was taken for.
    """

    name: str
    imported: Imported | None
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
    last: Mapping[str, Imported]
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
        efforts = new_efforts(read, list(self.last.items()))
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
            return BoardFile(
                name, old, why=f"{name} is there no more; see whether its publisher renamed it", failed=True
            )
        columns = dict(self.columns.get(name, {}))
        try:
            imported, findings = self._import(name, columns)
        except TableError as error:
            column = self._moved_column(name, error) if old else ""
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
        findings += self._new_boards(name, imported)
        stops = "; ".join(finding.what for finding in findings if finding.level == "stop")
        if stops and not is_accepted:
            return BoardFile(name, old, tuple(findings), stops)
        return BoardFile(name, imported, tuple(findings), columns=columns)

    def _import(self, name: str, columns: Mapping[str, str]) -> tuple[Imported, list[Finding]]:
        """Read one file without its bad rows; returns what it holds, and a finding for each of those."""

        def read(path: Path) -> Imported:
            imported = IMPORTERS[self.publisher.declared.importer](path)
            check(path, imported, self.today, self.units)
            return imported

        if columns:
            _rename_columns(self.contents[name], columns)
        imported, errors = read_good_rows(self.contents[name], read)
        whys = [_without_command(f"{error.where}: {error.problem}; the row is left out") for error in errors]
        return imported, [Finding("warn", why) for why in whys]

    def _moved_column(self, name: str, error: TableError) -> str:
        """Return the column that holds what a missing one held; empty where there is none, or several."""
        path, whole = self.contents[name], self.contents[name].read_bytes()
        if error.problem != _MISSING or error.column is None or error.path != path or path.suffix != ".csv":
            return ""
        found = []
        for column in _header(path)[:_MOST_COLUMNS]:
            try:
                imported, _ = self._import(name, {column: error.column})
                found += [column] if says_the_same(imported, self.last[name]) else []
            except TableError:  # a column of something else
                pass
            finally:
                path.write_bytes(whole)
        return found[0] if len(found) == 1 else ""

    def _new_boards(self, name: str, imported: Imported) -> list[Finding]:
        if name in self.last:
            return []
        rows = count(len(imported.scores), "row")
        return [
            Finding("warn", f"new board: {board.name}, {rows}; {how_to_count(board.benchmark)}")
            for board in imported.boards
        ]


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
            names += epoch_boards.read_beside(folder / publisher.declares, publisher.declares)
        return unpack(archive, folder, list(dict.fromkeys(names)))
    folder.mkdir()
    for file in publisher.files:
        shutil.copyfile(places[file.address], folder / file.name)
    return {file.name: folder / file.name for file in publisher.files}


def how_to_count(board: str) -> str:
    """Say how a person lets a board (its id) count that its publisher alone declares."""
    return f"to count it as private or public: `gapbrief data count {shlex.quote(board)} private`, or `public`"


def _without_command(why: str) -> str:
    """Return what is wrong with no command in it: a cell may hold one, for a person to run."""
    return why.replace("`", "'")


def _size(imported: Imported) -> int:
    return max(imported.rows, len(imported.scores))


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def _rename_columns(path: Path, columns: Mapping[str, str]) -> None:
    """Give columns of a file other names, where no column has these; what is wrong with the file its importer says."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
            rest = file.read()
    except (UnicodeDecodeError, csv.Error):
        return
    renamed = [columns[column] if columns.get(column, column) not in header else column for column in header]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(renamed)
        file.write(rest)
