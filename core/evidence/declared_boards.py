"""Benchmarks that a publisher alone declares, or the operator, as rows of the table of benchmarks.

Whether the questions of a publisher's board are secret is not declared: its access is unknown, so that it counts in no
class and no headline until a person says which it is.
"""

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from core.evidence.curated import OWN_GROUP, Source
from core.evidence.identity import normal_form
from core.evidence.importers import epoch_hub
from core.evidence.importers.rows import Imported, RawBoard
from core.store.tables import OWN_VERSION
from core.words import UNKNOWN

_GRID = "5:100:5"


@dataclass(frozen=True)
class OwnBenchmark:
    """A benchmark of one's own; its levels are those of the grid."""

    benchmark_id: str
    name: str
    access: str
    unit: str
    grid: str
    day: date

    @property
    def version(self) -> str:
        """Return its one version."""
        return OWN_VERSION

    def row(self, header: Sequence[str], like: Mapping[str, str]) -> list[str]:
        """Return it as a row of the table of benchmarks, of no headline; what it lacks is as of the one `like` it."""
        own = {
            "benchmark_id": self.benchmark_id, "version": self.version, "name": self.name, "access": self.access,
            "headline": "false", "unit": self.unit, "grid": self.grid, "items": "", "aliases": "",
            "description": "Scores of one's own, imported by hand.", "url": "", "family": self.benchmark_id,
            "succeeds": "", "domain": "", "asks": "",
        }  # fmt: skip
        return [own.get(column, like.get(column, "")) for column in header]


def file_as_known(held: Iterable[tuple[Source, Imported]]) -> None:
    """File what was read of a declared board under the benchmark that a later release of gapbrief knows it as."""
    known = {
        epoch_hub.declared_id(file): (board.benchmark, board.version)
        for file, board in epoch_hub.known_boards().items()
    }
    for _, imported in held:
        if any(board.benchmark in known for board in imported.boards):
            imported.boards[:] = [board for board in imported.boards if board.benchmark not in known]
            filed = [known.get(raw.benchmark, (raw.benchmark, raw.version)) for raw in imported.scores]
            imported.scores[:] = [
                replace(raw, benchmark=benchmark, version=version)
                for raw, (benchmark, version) in zip(imported.scores, filed, strict=True)
            ]


def in_use(held: Iterable[tuple[Source, Imported]], curated: Collection[tuple[str, str]]) -> dict[RawBoard, Source]:
    """Return the declared boards of snapshots, given in order, as the newest one calls them."""
    newest: dict[str, tuple[RawBoard, Source]] = {}
    for source, imported in held:
        for board in imported.boards:
            if (board.benchmark, board.version) not in curated:
                newest[board.benchmark] = board, source
    return dict(newest.values())


def as_row(board: RawBoard, source: Source, access: str, taken: Collection[str], header: Sequence[str]) -> list[str]:
    """Return a declared board as a row of the table of benchmarks; of an unknown access it is of no headline.

    A name that is `taken`, in plain form, is told apart by its publisher.
    """
    name = f"{board.name} ({source.publisher})" if normal_form(board.name) in taken else board.name
    values = {
        "benchmark_id": board.benchmark, "version": board.version, "name": name, "access": access,
        "headline": "false" if access == UNKNOWN else "true", "unit": "percent", "grid": _GRID,
        "aliases": "" if normal_form(board.alias) in taken else board.alias,
        "description": f"As {source.publisher} declares it.", "url": source.url, "family": board.benchmark,
    }  # fmt: skip
    return [values.get(column, "") for column in header]


def add_benchmarks(
    path: Path, own: Sequence[OwnBenchmark], declared: Mapping[RawBoard, Source], access: Mapping[str, str],
    taken: set[str],
) -> None:  # fmt: skip
    """Add own and declared benchmarks to the table of benchmarks; `taken` are the names of other things."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    ids = {f"{OWN_GROUP}-{normal_form(row[header.index('name')])}": dict(zip(header, row, strict=True)) for row in rows}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *rows, *(each.row(header, ids.get(each.benchmark_id, {})) for each in own)])
        spelled = (";".join((row[header.index("name")], row[header.index("aliases")])).split(";") for row in rows)
        taken |= {normal_form(spelling) for spellings in spelled for spelling in spellings}
        for board, source in declared.items():
            of = access.get(board.benchmark, UNKNOWN)
            writer.writerow(as_row(board, source, of, taken, header))
            taken.add(normal_form(board.name))
