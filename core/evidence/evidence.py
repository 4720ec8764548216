"""The evidence as arrays: what the estimators work on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.store import queries
from core.store.store import Store

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Board:
    """A benchmark in one version: the levels that are looked at, and those that the study accepted, if known."""

    benchmark_id: str
    version: str
    name: str
    access: str
    headline: bool
    unit: str
    levels: tuple[float, ...]
    accepted: frozenset[float] | None = None


@dataclass(frozen=True)
class Model:
    """A model that can be compared: released, and known to be open or closed."""

    model_id: str
    name: str
    lab_id: str = ""
    country: str = ""
    openness_grade: str = ""
    lab: str = ""


@dataclass(frozen=True)
class Excluded:
    """A model with a score on a board that no gap can count, and why; `day` is its release, where known."""

    board: int
    model_id: str
    day: int | None
    reason: str


@dataclass(frozen=True)
class Source:
    """A source of scores, for citation."""

    source_id: str
    publisher: str
    title: str
    snapshot: str
    licence: str
    citation: str
    url: str


@dataclass(frozen=True)
class Evidence:
    """All scores of models that can be compared, known on one day.

    Shape: `board` and `model` (indices into `boards` and `models`), `day` (release, as ordinal), `is_open` and
    `score` (in the board's unit) are (n,), sorted by board, then day; on one day the source's order stays.
    """

    revision: str
    known_by: date
    newest_data: date
    boards: tuple[Board, ...]
    models: tuple[Model, ...]
    board: IntArray
    model: IntArray
    day: IntArray
    is_open: BoolArray
    score: FloatArray
    excluded: tuple[Excluded, ...] = ()
    sources: tuple[Source, ...] = ()
    board_sources: tuple[frozenset[int], ...] = ()
    last_known: date | None = None

    def excluded_from(self, boards: Collection[int], as_of: int) -> dict[str, str]:
        """Return the models that these boards leave out as of a day (ordinal), with the reason of each."""
        return {
            each.model_id: each.reason
            for each in self.excluded
            if each.board in boards and (each.day is None or each.day <= as_of)
        }

    @cached_property
    def bounds(self) -> IntArray:
        """Return where each board's rows begin; one more entry than boards."""
        return np.searchsorted(self.board, np.arange(len(self.boards) + 1))


def levels_of(grid: str) -> tuple[float, ...]:
    """Read a grid: "5:100:5" is from, to, step; "2|5|10" lists the levels."""
    if "|" in grid:
        return tuple(float(level) for level in grid.split("|"))
    first, last, step = (float(part) for part in grid.split(":"))
    return tuple(first + step * number for number in range(round((last - first) / step) + 1))


def load(store: Store, known_by: date, newest_data: date) -> Evidence:
    """Read the evidence as it was known on the day `known_by`."""
    accepted: dict[tuple[str, str], set[float]] = {}
    for benchmark_id, version, threshold in queries.thresholds(store):
        accepted.setdefault((benchmark_id, version), set()).add(threshold)
    boards = tuple(
        Board(
            benchmark_id,
            version,
            name,
            access,
            bool(headline),
            unit,
            levels_of(grid),
            frozenset(accepted[benchmark_id, version]) if (benchmark_id, version) in accepted else None,
        )
        for benchmark_id, version, name, access, headline, unit, grid, *_ in queries.boards(store)
    )
    models = tuple(Model(*row) for row in queries.models(store))
    board_index = {(board.benchmark_id, board.version): number for number, board in enumerate(boards)}
    model_index = {model.model_id: number for number, model in enumerate(models)}
    rows = queries.scores(store, known_by.isoformat())
    benchmark_ids, versions, model_ids, days, is_open, scores = zip(*rows, strict=True) if rows else [()] * 6
    sources = queries.sources(store)
    source_index = {row[0]: number for number, row in enumerate(sources)}
    used: list[set[int]] = [set() for _ in boards]
    for benchmark_id, version, source_id in queries.board_sources(store, known_by.isoformat()):
        used[board_index[benchmark_id, version]].add(source_index[source_id])
    return Evidence(
        store.revision,
        known_by,
        newest_data,
        boards,
        models,
        np.array([board_index[key] for key in zip(benchmark_ids, versions, strict=True)], dtype=np.int64),
        np.array([model_index[model_id] for model_id in model_ids], dtype=np.int64),
        np.array(days, dtype=np.int64),
        np.array(is_open, dtype=np.bool_),
        np.array(scores, dtype=np.float64),
        tuple(
            Excluded(board_index[benchmark_id, version], *rest)
            for benchmark_id, version, *rest in queries.excluded(store, known_by.isoformat())
        ),
        tuple(Source(row[0], row[1], row[2], row[3], *row[5:]) for row in sources),
        tuple(frozenset(numbers) for numbers in used),
        queries.known_days(store)[1],
    )
