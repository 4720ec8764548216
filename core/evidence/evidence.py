"""The evidence as arrays: all records of the file, and the records known on a day."""

import re
from collections.abc import Collection
from dataclasses import field, replace
from datetime import date
from functools import cache, cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.dataclass import dataclass
from core.store import queries
from core.store.store import Store
from core.store.tables import OWN_VERSION

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

COLUMNS = ("board", "model", "day", "is_open", "score", "known_from", "standard_error", "self_reported")
"""The arrays of scores in Evidence and in Records."""
_OF_EVERY_DAY = ("revision", "boards", "models", "sources", "last_known", "terms", "published", "biases")
_API_ID = re.compile(r"\s*\((?=[^)]*\d)\w[\w.:]*-[\w.:-]*\)$")


@dataclass(frozen=True)
class Board:
    """One version of a benchmark, with its levels and the levels that the study accepted, if known.

    `study_levels` are the levels that the study measured, by default the same.
    Benchmarks of one `family` share tasks or makers, so they are one cluster; most benchmarks have their own family. A
    new version of a benchmark `succeeds` an older version, and `joins` is the day (ordinal) from which it was known (0
    for others). `asks` describes the questions in a few words; it and `domain` are "" if unknown. `is_whole` is true if
    one source has the whole board, not a part.
    """

    benchmark_id: str
    version: str
    name: str
    access: str
    headline: bool
    unit: str
    levels: tuple[float, ...] = field(hash=False)  # long, and boards are keys
    accepted: frozenset[float] | None = None
    description: str = ""
    url: str = ""
    family: str = ""
    succeeds: str = ""
    joins: int = 0
    study_levels: tuple[float, ...] = field(default=(), hash=False)
    domain: str = ""
    asks: str = ""
    is_whole: bool = True

    def __post_init__(self) -> None:
        if not self.family:
            object.__setattr__(self, "family", self.benchmark_id)
        if not self.study_levels:
            object.__setattr__(self, "study_levels", self.levels)


@dataclass(frozen=True)
class Model:
    """A model that can be compared: released (on `day`, an ordinal), and known to be open or closed.

    `licences` holds its sources' words for the licence or terms of its weights. `parameters_b` is the number of
    parameters of an open model in billions and `active_b` the number used per token, if known. `is_disputed` is true if
    more publishers contradict its class (open or closed) than confirm it. The class has been known since
    `openness_from` (ordinal).
    """

    model_id: str
    name: str
    lab_id: str = ""
    country: str = ""
    openness_grade: str = ""
    lab: str = ""
    day: int = 0
    is_open: bool = False
    licences: tuple[str, ...] = ()
    parameters_b: float | None = None
    active_b: float | None = None
    is_disputed: bool = False
    openness_from: int = 0

    @property
    def called(self) -> str:
        """Return the name for people: "GPT-5 (gpt-5-2025-08-07)" without the API id in brackets."""
        return _API_ID.sub("", self.name) or self.name

    @property
    def side(self) -> Literal["open", "closed"]:
        """Return the side of the model."""
        return "open" if self.is_open else "closed"


@dataclass(frozen=True)
class Excluded:
    """A model with a score on a board that can't count in a gap, and the reason; `day` is its release, if known."""

    board: int
    model_id: str
    day: int | None
    reason: str


@dataclass(frozen=True)
class Source:
    """A source of scores or of facts about models, for citation; `rows_used` is the number of its rows in use."""

    source_id: str
    publisher: str
    title: str
    snapshot: str
    licence: str
    citation: str
    url: str
    rows_used: int = 0


@dataclass(frozen=True)
class Term:
    """An entry of the glossary; `see_also` holds the ids of related entries."""

    term_id: str
    term: str
    aliases: tuple[str, ...]
    definition: str
    see_also: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """A figure published by others: its months, what it measures, and its rule.

    `comparable` is whether our figure can be compared with it: same, partly or no; `why` gives the reason.
    """

    figure_id: str
    source: str
    published: str
    measures: str
    rule: str
    months_low: float | None
    months_high: float | None
    figure: str
    direction: str
    url: str
    comparable: str
    why: str


@dataclass(frozen=True)
class Price:
    """The price of a model at a provider from a day on (ISO), in US dollars per million input and output tokens."""

    model_id: str
    provider: str
    day: str
    input_usd: float
    output_usd: float
    source_id: str


@dataclass(frozen=True)
class Bias:
    """A known caveat and its effect: whether the measured gap is `larger` or `smaller` than the true gap."""

    bias_id: str
    caveat: str
    effect: str
    remark: str
    access: str


@dataclass(frozen=True)
class Evidence:
    """All scores of comparable models that were known on one day.

    Shape: `board` and `model` (indices into `boards` and `models`), `day` (release, as ordinal), `is_open` and
    `score` (in the board's unit) are (n,), sorted by board, then day; rows of one day keep the source's order.
    `known_from` (n,) is the day (ordinal) from which a score is known, `standard_error` (n,) is in the score's unit, or
    NaN if not published, `self_reported` (n,) is true if only the model's maker reports the score. `board_days`
    (boards,) is the day (ordinal) up to which the board's newest snapshot is complete, or 0 without a snapshot. These
    four may be empty. `assumed` is the row of a supposed score (what if), or None.
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
    known_from: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    standard_error: FloatArray = field(default_factory=lambda: np.zeros(0))
    self_reported: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    terms: tuple[Term, ...] = ()
    published: tuple[Published, ...] = ()
    biases: tuple[Bias, ...] = ()
    board_days: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    records: "Records | None" = None
    assumed: int | None = None
    cache: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Expensive results computed on this evidence (core/gap/cache.py); a changed copy starts with an empty cache."""

    def as_known_by(self, day: date) -> "Evidence":
        """Return the evidence as known on another day."""
        return self if self.records is None else self.records.known_by(day)

    def without(self, models: Collection[int]) -> "Evidence":
        """Return the evidence as if these models (indices) had no score."""
        left_out = np.zeros(len(self.models), dtype=np.bool_)
        left_out[list(models)] = True
        return self.select(~left_out[self.model])

    def select(self, mask: BoolArray) -> "Evidence":
        """Return the evidence with only the scores that the mask flags."""
        assumed = self.assumed
        if assumed is not None:
            assumed = int(mask[:assumed].sum()) if mask[assumed] else None
        return replace(self, **{name: column[mask] for name, column in self.columns.items()}, assumed=assumed)

    @property
    def columns(self) -> dict[str, Any]:
        """Return the arrays of scores by name, except the empty arrays."""
        return {name: column for name in COLUMNS if len(column := getattr(self, name)) == len(self.score)}

    @property
    def complete_until(self) -> IntArray:
        """Return the day (ordinal) up to which each board is complete: by its newest snapshot, or `newest_data`."""
        newest = np.full(len(self.boards), self.newest_data.toordinal())
        return np.where(self.board_days > 0, self.board_days, newest) if len(self.board_days) else newest

    @property
    def model_days(self) -> IntArray:
        """Return the release day (ordinal) of each model."""
        return np.array([model.day for model in self.models], dtype=np.int64)

    @property
    def model_is_open(self) -> BoolArray:
        """Return whether each model is open."""
        return np.array([model.is_open for model in self.models], dtype=np.bool_)

    def switch_sides(self, models: Collection[int]) -> "Evidence":
        """Return the evidence with these models (indices) moved to the other side."""
        models_on_sides = tuple(
            replace(model, is_open=model.is_open ^ (n in models)) for n, model in enumerate(self.models)
        )
        return replace(self, is_open=self.is_open ^ np.isin(self.model, list(models)), models=models_on_sides)

    def redate(self, model: int, day: int) -> "Evidence":
        """Return the evidence with a model (index) released on another day (ordinal)."""
        models = tuple(replace(other, day=day) if n == model else other for n, other in enumerate(self.models))
        new = replace(self, day=np.where(self.model == model, day, self.day), models=models)
        in_order = np.lexsort((new.day, self.board))
        assumed = None if self.assumed is None else int(np.flatnonzero(in_order == self.assumed)[0])
        return replace(new, **{name: column[in_order] for name, column in new.columns.items()}, assumed=assumed)

    def excluded_from(self, boards: Collection[int], as_of: int) -> dict[str, str]:
        """Return the models excluded from these boards as of a day (ordinal), with the reasons."""
        return {
            excluded.model_id: excluded.reason
            for excluded in self.excluded
            if excluded.board in boards and (excluded.day is None or excluded.day <= as_of)
        }

    @cached_property
    def newest_row(self) -> date:
        """Return the newest day on which another score than an own one became known; `known_by` without own scores."""
        own = [number for number, board in enumerate(self.boards) if board.version == OWN_VERSION]
        others = self.known_from[~np.isin(self.board, own)] if own else self.known_from[:0]
        return date.fromordinal(int(others.max())) if len(others) else self.known_by

    @cached_property
    def families(self) -> IntArray:
        """Return the code of each board's family."""
        return np.unique([board.family for board in self.boards], return_inverse=True)[1].astype(np.int64)

    @cached_property
    def bounds(self) -> IntArray:
        """Return the start of each board's rows, plus the end of the last: (boards + 1,)."""
        return np.searchsorted(self.board, np.arange(len(self.boards) + 1))


def parse_grid(grid: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Parse a grid: "5:95:5|98|99" is a range (from, to, step) and two more levels.

    Returns today's levels, and the study's levels (after the word "study", by default the same).
    """
    now, _, study = grid.partition(" study ")
    return _parse_levels(now), _parse_levels(study or now)


def _parse_levels(grid: str) -> tuple[float, ...]:
    levels: list[float] = []
    for part in grid.split("|"):
        first, *rest = map(float, part.split(":"))
        last, step = rest if rest else (first, 1.0)
        levels += (first + step * number for number in range(round((last - first) / step) + 1))
    return tuple(levels)


@dataclass(frozen=True)
class Records:
    """All records of the evidence file, for all days; `known_by` returns the evidence of one day.

    Shape: the arrays are as in Evidence, plus `superseded_from` (ordinals; the last possible day if a score is still
    valid), all (n,). `data_days` are the days of complete snapshots, and before the first snapshot the days of scores,
    sorted. `with_held` are the records including held models, or None if no model is held. `board_sources` holds board,
    source, the first day with scores, and the number of scores. `complete_days` holds the complete snapshots of boards:
    board, day, and the last day on which it was served unchanged.
    """

    revision: str
    boards: tuple[Board, ...]
    models: tuple[Model, ...]
    board: IntArray
    model: IntArray
    day: IntArray
    is_open: BoolArray
    score: FloatArray
    known_from: IntArray
    superseded_from: IntArray
    standard_error: FloatArray
    self_reported: BoolArray
    excluded: tuple[tuple[Excluded, int], ...]
    sources: tuple[Source, ...]
    board_sources: tuple[tuple[int, int, int, int], ...]
    data_days: tuple[date, ...]
    first_known: date
    last_known: date
    terms: tuple[Term, ...]
    published: tuple[Published, ...]
    biases: tuple[Bias, ...]
    prices: tuple[Price, ...] = ()
    complete_days: tuple[tuple[int, int, int], ...] = ()
    with_held: "Records | None" = None
    _days: dict[date, Evidence] = field(default_factory=dict, repr=False, compare=False)

    def known_by(self, day: date) -> Evidence:
        """Return the evidence as known on a day; a few days are cached."""
        if day not in self._days:
            if len(self._days) >= _CACHED_DAYS:
                self._days.clear()
            self._days[day] = self._known_by(day)
        return self._days[day]

    def newest_data(self, day: date) -> date:
        """Return the day of the newest complete snapshot known on a day.

        Before the first snapshot, it is the day of the newest score; before the first score, the day itself.
        """
        return max((data_day for data_day in self.data_days if data_day <= day), default=day)

    def _known_by(self, day: date) -> Evidence:
        at = day.toordinal()
        is_known = (self.known_from <= at) & (self.superseded_from > at)
        sources_by_board: list[set[int]] = [set() for _ in self.boards]
        for board, source, since, _ in self.board_sources:
            if since <= at:
                sources_by_board[board].add(source)
        complete = np.zeros(len(self.boards), dtype=np.int64)
        for board, snapshot, until in self.complete_days:
            if snapshot <= at:
                complete[board] = max(complete[board], min(until, at))
        return Evidence(
            known_by=day,
            newest_data=self.newest_data(day),
            excluded=tuple(excluded for excluded, since in self.excluded if since <= at),
            board_sources=tuple(frozenset(numbers) for numbers in sources_by_board),
            board_days=complete,
            records=self,
            **{name: getattr(self, name)[is_known] for name in COLUMNS},
            **{name: getattr(self, name) for name in _OF_EVERY_DAY},
        )


_CACHED_DAYS = 8
_NEVER = date.max.isoformat()
_cache: dict[str, Records] = {}


def load(store: Store) -> Records:
    """Read all records of the evidence file; the records of the last revision are cached."""
    if store.revision not in _cache:
        records = read_records(store)
        if queries.held_models(store):
            records = replace(records, with_held=read_records(store, with_held=True))
        _cache.clear()
        _cache[store.revision] = records
    return _cache[store.revision]


def read_records(store: Store, *, all_released: bool = False, with_held: bool = False) -> Records:
    """Read all records of the evidence file; `with_held` includes held models.

    `all_released` also includes models that can't count in a gap; models of unknown openness then count as closed.
    """
    boards = _read_boards(store)
    models = tuple(
        Model(
            model_id, name, lab_id, country, grade, lab, _ordinal(day), bool(is_open),
            tuple(dict.fromkeys(raw.splitlines())), total, active, bool(is_disputed),
            _ordinal(since) if since else 0,
        )
        for model_id, name, lab_id, country, grade, lab, day, is_open, raw, total, active, is_disputed, since
        in queries.models(store, all_released=all_released, with_held=with_held)
    )  # fmt: skip
    board_index = {(board.benchmark_id, board.version): number for number, board in enumerate(boards)}
    model_index = {model.model_id: number for number, model in enumerate(models)}
    rows = [row for row in queries.scores(store) if row[2] in model_index]
    benchmark_ids, versions, model_ids, scores, known_days, last_days, errors, reported = (
        zip(*rows, strict=True) if rows else [()] * 8
    )
    board = np.array([board_index[key] for key in zip(benchmark_ids, versions, strict=True)], dtype=np.int64)
    model = np.array([model_index[model_id] for model_id in model_ids], dtype=np.int64)
    day = np.array([model.day for model in models], dtype=np.int64)[model]
    is_open = np.array([model.is_open for model in models], dtype=np.bool_)[model]
    in_order = np.lexsort((day, board))  # stable: models of one day keep the source's order
    sources = queries.sources(store)
    source_index = {row[0]: number for number, row in enumerate(sources)}
    first_known, last_known = queries.known_days(store)
    return Records(
        revision=store.revision,
        boards=boards,
        models=models,
        board=board[in_order],
        model=model[in_order],
        day=day[in_order],
        is_open=is_open[in_order],
        score=np.array(scores, dtype=np.float64)[in_order],
        known_from=np.array(list(map(_ordinal, known_days)), dtype=np.int64)[in_order],
        superseded_from=np.array([_ordinal(until or _NEVER) for until in last_days], dtype=np.int64)[in_order],
        standard_error=np.array([np.nan if error is None else error for error in errors], dtype=np.float64)[in_order],
        self_reported=np.array(reported, dtype=np.bool_)[in_order],
        excluded=tuple(
            (
                Excluded(board_index[benchmark_id, version], model_id, released and _ordinal(released), reason),
                _ordinal(since),
            )
            for benchmark_id, version, model_id, released, reason, since in queries.excluded_models(store)
        ),
        sources=tuple(Source(*row) for row in sources),
        board_sources=tuple(
            (board_index[benchmark_id, version], source_index[source_id], _ordinal(since), scores_)
            for benchmark_id, version, source_id, since, scores_ in queries.board_sources(store)
        ),
        data_days=tuple(date.fromisoformat(day) for day in queries.data_days(store)),
        first_known=first_known,
        last_known=last_known,
        terms=tuple(
            Term(term_id, term, _split_list(aliases), definition, _split_list(see_also))
            for term_id, term, aliases, definition, see_also in queries.glossary(store)
        ),
        published=tuple(Published(*row) for row in queries.published_figures(store)),
        prices=tuple(Price(*row) for row in queries.model_prices(store)),
        biases=tuple(Bias(*row) for row in queries.biases(store)),
        complete_days=tuple(
            (board_index[benchmark_id, version], _ordinal(snapshot), _ordinal(until))
            for benchmark_id, version, snapshot, until in queries.complete_days(store)
        ),
    )


@cache
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _read_boards(store: Store) -> tuple[Board, ...]:
    accepted_levels: dict[tuple[str, str], set[float]] = {}
    for benchmark_id, version, threshold in queries.thresholds(store):
        accepted_levels.setdefault((benchmark_id, version), set()).add(threshold)
    return tuple(
        Board(
            benchmark_id, version, name, access, bool(headline), unit, parse_grid(grid)[0],
            frozenset(accepted_levels[benchmark_id, version]) if (benchmark_id, version) in accepted_levels else None,
            description, url, family, succeeds, _ordinal(joins) if joins else 0, parse_grid(grid)[1],
            domain, asks, bool(is_whole),
        )
        for (
            benchmark_id, version, name, access, headline, unit, grid, _, description, url, family, succeeds,
            joins, domain, asks, is_whole,
        ) in queries.boards(store)
    )  # fmt: skip


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)
