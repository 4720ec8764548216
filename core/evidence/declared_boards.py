"""Benchmarks that only a publisher or the operator declares, as rows of the table of benchmarks.

Publishers don't declare whether the questions of a board are secret. Its access is therefore unknown, and it counts in
no class and no headline until a person decides.
"""

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from core.dataclass import dataclass
from core.evidence.curated import Source
from core.evidence.identity import normal_form
from core.evidence.importers import epoch_hub
from core.evidence.importers.rows import FileContent, RawBoard
from core.store.tables import OWN_VERSION
from core.words import UNKNOWN

_GRID = "5:100:5"


@dataclass(frozen=True)
class OwnBenchmark:
    """A benchmark of the operator; the grid gives its levels."""

    benchmark_id: str
    name: str
    access: str
    unit: str
    grid: str
    day: date

    @property
    def version(self) -> str:
        """Return the only version."""
        return OWN_VERSION

    def values(self) -> dict[str, str]:
        """Return the row for the table of benchmarks; the benchmark counts in no headline."""
        return {
            "benchmark_id": self.benchmark_id, "version": self.version, "name": self.name, "access": self.access,
            "headline": "false", "unit": self.unit, "grid": self.grid,
            "description": "Your own scores, imported by hand.", "family": self.benchmark_id,
        }  # fmt: skip


def assign_known_boards(files: Iterable[tuple[Source, FileContent]]) -> None:
    """Move the scores of declared boards to the benchmarks that this release of gapbrief knows."""
    boards = epoch_hub.known_boards()
    boards_by_id = {epoch_hub.declared_id(file): (board.benchmark, board.version) for file, board in boards.items()}
    for _, content in files:
        if any(board.benchmark in boards_by_id for board in content.boards):
            content.boards[:] = [board for board in content.boards if board.benchmark not in boards_by_id]
            keys = [boards_by_id.get(score.benchmark, (score.benchmark, score.version)) for score in content.scores]
            content.scores[:] = [
                replace(score, benchmark=benchmark, version=version)
                for score, (benchmark, version) in zip(content.scores, keys, strict=True)
            ]


def newest_boards(
    files: Iterable[tuple[Source, FileContent]], curated: Collection[tuple[str, str]]
) -> dict[RawBoard, Source]:
    """Return the declared boards of snapshots (in order), as named by the newest snapshot."""
    newest: dict[str, tuple[RawBoard, Source]] = {}
    for source, content in files:
        for board in content.boards:
            if (board.benchmark, board.version) not in curated:
                newest[board.benchmark] = board, source
    return dict(newest.values())


def _declared_values(board: RawBoard, source: Source, access: str, used_names: Collection[str]) -> dict[str, str]:
    """Return the row of a declared board for the table of benchmarks; with unknown access it counts in no headline.

    If the normal form of its name is among `used_names`, the name gets its publisher in brackets.
    """
    return {
        "benchmark_id": board.benchmark, "version": board.version, "access": access,
        "name": f"{board.name} ({source.publisher})" if normal_form(board.name) in used_names else board.name,
        "headline": "false" if access == UNKNOWN else "true", "unit": "percent", "grid": _GRID,
        "aliases": "" if normal_form(board.alias) in used_names else board.alias,
        "description": f"As {source.publisher} declares it.", "url": source.url, "family": board.benchmark,
    }  # fmt: skip


def add_benchmarks(
    path: Path, own: Sequence[OwnBenchmark], boards: Mapping[RawBoard, Source], access: Mapping[str, str],
    used_names: set[str],
) -> None:  # fmt: skip
    """Add own and declared benchmarks to the table of benchmarks; `used_names` are the names of other things."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header, rows = reader.fieldnames or (), list(reader)
    spellings = (spelling for row in rows for spelling in (row["name"], *row["aliases"].split(";")))
    used_names = used_names | set(map(normal_form, spellings))
    rows += [benchmark.values() for benchmark in own]
    for board, source in boards.items():
        rows.append(_declared_values(board, source, access.get(board.benchmark, UNKNOWN), used_names))
        used_names.add(normal_form(board.name))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
