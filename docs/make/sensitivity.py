"""How far the study's figures move under other defensible assumptions: the tables of docs/method.md.

`python -m docs.make.sensitivity --write` renews them from the shipped data; without `--write` it prints the tables.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from core.evidence.classification import SourceWord, classify
from core.evidence.curated import read_curated as read_curated
from core.evidence.evidence import Evidence, IntArray, read_records
from core.gap.analysis import analyse
from core.gap.catch_up import Trend, smooth_points
from core.gap.crossings import Points, find_crossings
from core.gap.parameters import STUDY_1, Parameters
from core.store import queries
from core.store.store import Store
from core.words import CLASSES
from docs.make.pages import METHOD, ROOT, Part, shipped
from tests.core.gap.whole import headline_boards

DAY = date(2026, 5, 22)
PART = Part(METHOD, "sensitivity")
LOWEST = (date(2024, 11, 1), date(2025, 4, 30))  # "around January 2025"
PUBLISHED = {"private": (8.0, 10.0), "public": (4.0, 6.0)}
STUDY = replace(STUDY_1, draws=2, forward_draws=2)  # the bands are not read here
AS_ASSUMED = "as assumed"

Edit = Callable[[Store], None]


@dataclass(frozen=True)
class Figures:
    """What one set of assumptions gives: per class the right end and the minimum, each (months, day) or None."""

    right_end: dict[str, tuple[float, date] | None]
    minimum: dict[str, tuple[float, date] | None]
    n_points: int
    n_benchmarks: int

    def cells(self) -> list[str]:
        ends = [written(self.right_end[access], PUBLISHED[access]) for access in CLASSES]
        lowest = [written(self.minimum[access]) for access in CLASSES]
        return [*ends, *lowest, str(self.n_points), str(self.n_benchmarks)]


def written(figure: tuple[float, date] | None, published: tuple[float, float] | None = None) -> str:
    """One decimal and the date; bold where it lies outside the published range."""
    if figure is None:
        return "none"
    months = f"{figure[0]:.1f}"
    if published and not published[0] <= float(months) <= published[1]:
        months = f"**{months}**"
    return f"{months}, {figure[1]}"


# The changes


@dataclass(frozen=True)
class Change:
    """One assumption changed. `edit` alters a copy of the evidence file that is rolled back afterwards."""

    group: str
    name: str
    parameters: dict[str, Any] = field(default_factory=dict)
    known_by: date = DAY
    edit: Edit | None = None
    evidence: Callable[[Evidence], Evidence] | None = None
    boards: Callable[[Evidence, IntArray], IntArray] | None = None
    points: Callable[[Evidence, IntArray], Points] | None = None


def sql(*statements: str) -> Edit:
    def edit(store: Store) -> None:
        for statement in statements:
            store.connection.execute(statement)

    return edit


def reclassify_without_overrides(store: Store) -> None:
    """Decide open or closed again, as the build does, with the study's audited words taken away."""
    sources = read_curated(ROOT / "data" / "curated").sources
    words: dict[str, set[SourceWord]] = defaultdict(set)
    for model, source_id, claim, raw in store.rows("SELECT model_id, source_id, claim, raw FROM classifications"):
        source = sources[source_id]
        if source.role != "override":
            words[model].add(SourceWord(source.rank, source_id, source.role, claim, raw, source.publisher))
    for (model,) in store.rows("SELECT model_id FROM models"):
        openness, grade, _ = classify(words[model])
        store.connection.execute(
            "UPDATE models SET openness = ?, openness_grade = ? WHERE model_id = ?", (openness, grade, model)
        )


def accept(every: bool, *, listed_too: bool) -> Callable[[Evidence], Evidence]:
    """Take the floor away (every level counts) or the lists; `listed_too`: also where there is a list."""

    def change(evidence: Evidence) -> Evidence:
        return replace(
            evidence,
            boards=tuple(
                replace(board, accepted=frozenset(board.study_levels) if every else None)
                if listed_too or board.accepted is None
                else board
                for board in evidence.boards
            ),
        )

    return change


def with_a_list(evidence: Evidence, boards: IntArray) -> IntArray:
    return np.array([board for board in boards.tolist() if evidence.boards[board].accepted is not None])


def suite_1_0(evidence: Evidence, boards: IntArray) -> IntArray:
    """METR's suite 1.0 in the place of the mixed board."""
    place = {(board.benchmark_id, board.version): number for number, board in enumerate(evidence.boards)}
    mixed, pure = place["metr-time-horizons", "mixed"], place["metr-time-horizons", "1.0"]
    return np.sort(np.where(boards == mixed, pure, boards))


def list_of_suite_1_0(evidence: Evidence) -> Evidence:
    """Give suite 1.0 the accepted list of the mixed board."""
    metr = {board.version: board for board in evidence.boards if board.benchmark_id == "metr-time-horizons"}
    pure = replace(metr["1.0"], accepted=metr["mixed"].accepted)
    return replace(evidence, boards=tuple(pure if board == metr["1.0"] else board for board in evidence.boards))


def in_steps_of_five(evidence: Evidence) -> Evidence:
    """Give every board in percent the 5 % grid."""
    grid = tuple(float(level) for level in range(5, 101, 5))
    return replace(
        evidence,
        boards=tuple(
            replace(board, study_levels=grid) if board.unit == "percent" else board for board in evidence.boards
        ),
    )


def ties_reversed(evidence: Evidence) -> Evidence:
    """Turn the order of scores round among models of one day."""
    order = np.lexsort((-np.arange(len(evidence.day)), evidence.day, evidence.board))
    columns = ("board", "model", "day", "is_open", "score")
    return replace(evidence, **{name: getattr(evidence, name)[order] for name in columns})


def without(benchmark_id: str) -> Callable[[Evidence, IntArray], IntArray]:
    def choose(evidence: Evidence, boards: IntArray) -> IntArray:
        return np.array([board for board in boards.tolist() if evidence.boards[board].benchmark_id != benchmark_id])

    return choose


def every_level(evidence: Evidence, boards: IntArray) -> Points:
    """Each level as a point of its own: no pair is merged."""
    point_sets: list[Points] = []
    for board in boards.tolist():
        for level in evidence.boards[board].study_levels:
            narrow = replace(evidence.boards[board], study_levels=(level,))
            one = replace(evidence, boards=(*evidence.boards[:board], narrow, *evidence.boards[board + 1 :]))
            point_sets.append(find_crossings(one, np.array([board]), DAY.toordinal(), STUDY).points)
    columns = [column.name for column in fields(Points) if column.name != "reason"]
    reason = tuple(reason for points in point_sets for reason in points.reason)
    return Points(
        **{name: np.concatenate([getattr(points, name) for points in point_sets]) for name in columns}, reason=reason
    )


def one_level_per_pair(place: int) -> Callable[[Evidence, IntArray], Points]:
    """One level speaks for a merged pair: the lowest (0) or the highest (-1) alone must be accepted."""

    def choose(evidence: Evidence, boards: IntArray) -> Points:
        points = every_level(evidence, boards)
        rows: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for row, pair in enumerate(zip(points.board, points.closed, points.open, strict=True)):
            rows[pair].append(row)
        mask = np.zeros(len(points.months), dtype=np.bool_)
        mask[[levels[place] for levels in rows.values()]] = True
        return points.select(mask)

    return choose


WEIRDML_OF_THE_HUB = sql(
    "DELETE FROM scores WHERE benchmark_id = 'weirdml' AND source_id NOT LIKE 'epoch-hub-%'",
    "UPDATE scores SET superseded_from = NULL WHERE benchmark_id = 'weirdml'",
)
WEIRDML_OF_JUNE = sql(
    "UPDATE scores SET known_from = min(known_from, '2026-05-22'),"
    " superseded_from = CASE WHEN superseded_from <= '2026-06-01' THEN '2026-05-22' ELSE superseded_from END"
    " WHERE benchmark_id = 'weirdml' AND known_from <= '2026-06-01'"
)
EFFORT_IS_A_MODEL = sql(
    "INSERT OR IGNORE INTO models SELECT DISTINCT s.model_id || ' @' || s.variant, m.name, m.release_date,"
    " m.date_source, m.lab_id, m.organization, m.country, m.openness, m.openness_grade,"
    " m.openness_from"
    " FROM scores AS s JOIN models AS m USING (model_id)",
    "UPDATE scores SET model_id = model_id || ' @' || variant",
)
DATES_OF_MODELS_DEV = sql(
    "UPDATE models SET release_date = c.other FROM conflicts AS c WHERE c.model_id = models.model_id"
    " AND c.kind = 'release date' AND c.other_source LIKE 'models-dev-%' AND models.date_source LIKE 'epoch-index-%'"
)
NO_THIRD_PARTY = sql("UPDATE models SET openness = 'unknown' WHERE openness_grade = 'third-party'")

NOTHING = Change(AS_ASSUMED, AS_ASSUMED)
LEVELS, RULES, DATA = "Which levels count", "Other rules", "Data"
BENCHMARKS, MODELS = "Without one benchmark", "Without one open model"

CHANGES = (
    *(
        Change(LEVELS, f"floor at the {share}th percentile", {"floor_percentile": float(share)})
        for share in (0, 5, 15, 20, 25)
    ),
    Change(LEVELS, "no floor (the lists stay)", evidence=accept(True, listed_too=False)),
    Change(LEVELS, "the floor for all benchmarks (no lists)", evidence=accept(False, listed_too=True)),
    Change(LEVELS, "every level (no lists, no floor)", evidence=accept(True, listed_too=True)),
    Change(LEVELS, "only the five benchmarks with a list", boards=with_a_list),
    Change(LEVELS, "a pair counts by its highest level alone", points=one_level_per_pair(-1)),
    Change(LEVELS, "a pair counts by its lowest level alone", points=one_level_per_pair(0)),
    Change(LEVELS, "every level is a point of its own (no merging)", points=every_level),
    Change(LEVELS, "5 % steps on ARC-AGI-2 and FrontierMath Tier 4", evidence=in_steps_of_five),
    Change(RULES, "1 open model is enough (HLE comes in)", {"min_open_models": 1}),
    Change(RULES, "3 open models are enough", {"min_open_models": 3}),
    Change(RULES, "8 open models are needed", {"min_open_models": 8}),
    Change(RULES, "kernel of 45 days", {"bandwidth_days": 45.0}),
    Change(RULES, "kernel of 90 days", {"bandwidth_days": 90.0}),
    Change(RULES, "weight of 1 point is enough to read", {"min_weight": 1.0}),
    Change(RULES, "weight of 3 points is needed to read", {"min_weight": 3.0}),
    Change(RULES, "each reasoning effort is a model of its own", edit=EFFORT_IS_A_MODEL),
    Change(RULES, "ties of one day in the reverse order", evidence=ties_reversed),
    Change(DATA, "scores known by 2026-04-19 (the hub alone)", known_by=date(2026, 4, 19)),
    Change(DATA, "all scores known now", known_by=date.max),
    Change(DATA, "WeirdML as the hub of 2026-04-19 has it", edit=WEIRDML_OF_THE_HUB),
    Change(DATA, "WeirdML as its board of 2026-06-01 has it", edit=WEIRDML_OF_JUNE),
    Change(DATA, "METR suite 1.0, same list", evidence=list_of_suite_1_0, boards=suite_1_0),
    Change(DATA, "METR suite 1.0, floor", boards=suite_1_0),
    Change(
        DATA,
        "MMLU-Pro: rows of TIGER's board alone",
        edit=sql("DELETE FROM scores WHERE benchmark_id = 'mmlu-pro' AND source_id NOT LIKE 'mmlu-pro-tiger-%'"),
    ),
    Change(
        DATA,
        "MMLU-Pro: measured rows alone",
        edit=sql("DELETE FROM scores WHERE benchmark_id = 'mmlu-pro' AND grade = 'self-reported'"),
    ),
    Change(
        DATA,
        "no self-reported and no collected scores",
        edit=sql("DELETE FROM scores WHERE grade IN ('self-reported', 'collected')"),
    ),
    Change(DATA, "no model that a third party alone classifies", edit=NO_THIRD_PARTY),
    Change(DATA, "openness without the study's overrides", edit=reclassify_without_overrides),
    Change(DATA, "models.dev's dates where they differ from the index", edit=DATES_OF_MODELS_DEV),
    *(
        Change(MODELS, f"without {model}", edit=sql(f"DELETE FROM scores WHERE model_id = '{model}'"))  # noqa: S608 (own names)
        for model in ("DeepSeek-R1", "gemma-4-31b-it", "glm-5", "glm-5.1", "kimi-k2.5", "kimi-k2.6")
    ),
)


# The figures


def evidence_of(store: Store, change: Change) -> Evidence:
    if change.edit:
        change.edit(store)
    known_by = min(change.known_by, queries.known_days(store)[1])
    evidence = replace(read_records(store).known_by(known_by), newest_data=known_by)  # the store is altered: never kept
    store.connection.rollback()
    return change.evidence(evidence) if change.evidence else evidence


def figures(store: Store, change: Change) -> Figures:
    evidence = evidence_of(store, change)
    boards = headline_boards(evidence)
    if change.boards:
        boards = change.boards(evidence, boards)
    parameters = replace(STUDY, **change.parameters)
    if change.points:
        return read(trends_of(evidence, change.points(evidence, boards), parameters))
    analysis = analyse(evidence, boards, DAY.toordinal(), parameters)
    return read({access: (gap.points, gap.catch_up.trend) for access, gap in analysis.classes.items()})


def trends_of(evidence: Evidence, points: Points, parameters: Parameters) -> dict[str, tuple[Points, Trend]]:
    trends = {}
    for access in CLASSES:
        of_class = np.array([evidence.boards[board].access == access for board in points.board.tolist()])
        chosen = points.select(points.accepted & of_class)
        trends[access] = chosen, smooth_points(chosen, parameters)
    return trends


def read(lines: dict[str, tuple[Points, Trend]]) -> Figures:
    """Read each class's trend at its last readable date and where it is lowest."""
    right_end: dict[str, tuple[float, date] | None] = dict.fromkeys(CLASSES)
    minimum: dict[str, tuple[float, date] | None] = dict.fromkeys(CLASSES)
    for access, (_, line) in lines.items():
        if line.last_readable() is None:
            continue
        readable = np.flatnonzero(line.readable)
        lowest = readable[line.band.months[readable].argmin()]
        for into, place in ((right_end, readable[-1]), (minimum, lowest)):
            into[access] = float(line.band.months[place]), date.fromordinal(int(line.day[place]))
    boards = {board for points, _ in lines.values() for board in points.board.tolist()}
    return Figures(right_end, minimum, sum(len(points.months) for points, _ in lines.values()), len(boards))


@cache
def results() -> dict[str, dict[str, Figures]]:
    """All figures, by group and name; the first group holds the study's reproduction."""
    outcomes: dict[str, dict[str, Figures]] = {AS_ASSUMED: {}}
    with shipped() as store:
        first = outcomes[AS_ASSUMED][AS_ASSUMED] = figures(store, NOTHING)
        for change in CHANGES:
            outcomes.setdefault(change.group, {})[change.name] = figures(store, change)
        headline = {
            (row[2], row[0]) for row in queries.boards(store) if row[4] and row[12] is None
        }  # the first versions
        left_out = {
            f"without {name}": figures(store, Change(BENCHMARKS, name, boards=without(benchmark_id)))
            for name, benchmark_id in sorted(headline, key=lambda board: board[0].casefold())
        }
    outcomes[BENCHMARKS] = {name: row for name, row in left_out.items() if row.n_benchmarks < first.n_benchmarks}
    outcomes[MODELS] = outcomes.pop(MODELS)
    return outcomes


# The document

HEAD = ("Changed", "Private", "Public", "Lowest private", "Lowest public", "Points", "Tests")


def block() -> str:
    """The generated part of the document: a summary, then a table per group."""
    outcomes = results()
    first = outcomes[AS_ASSUMED][AS_ASSUMED]
    parts = [summary(outcomes), table({AS_ASSUMED: first})]
    for group, rows in outcomes.items():
        if group != AS_ASSUMED:
            parts += [f"### {group}", table(rows)]
    return "\n\n".join(parts)


def table(rows: dict[str, Figures]) -> str:
    lines = [row_text(HEAD), row_text(["---"] * 3 + ["---"] * 2 + ["---:"] * 2)]
    return "\n".join([*lines, *(row_text([name, *outcome.cells()]) for name, outcome in rows.items())])


def row_text(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def summary(outcomes: dict[str, dict[str, Figures]]) -> str:
    """Say how far each class moves and by what, and which changes leave the published range or the minimum's window."""
    first = outcomes[AS_ASSUMED][AS_ASSUMED]
    groups = {group: rows for group, rows in outcomes.items() if group != AS_ASSUMED}
    changed = {name: row for rows in groups.values() for name, row in rows.items()}
    lines = [f"{len(changed)} changes, one at a time; names in the tables below.", ""]
    for access, (bottom, top) in PUBLISHED.items():
        start = months_of(first, access)
        ends = {name: months_of(row, access) for name, row in changed.items()}
        low, high = min(ends, key=ends.__getitem__), max(ends, key=ends.__getitem__)
        rules = {name: ends[name] for group in (LEVELS, RULES, DATA) for name in groups[group]}
        ranked = sorted(rules, key=lambda name: -abs(rules[name] - start))
        most = "; ".join(f"{name} ({signed(rules[name] - start)})" for name in ranked[:3])
        outside = "; ".join(f"{name} ({value:.1f})" for name, value in ends.items() if not bottom <= value <= top)
        moved = "; ".join(
            f"{name} ({row.minimum[access][1]})"  # type: ignore[index]
            for name, row in changed.items()
            if not LOWEST[0] <= row.minimum[access][1] <= LOWEST[1]  # type: ignore[index]
        )
        lines += [
            f"- **{access.capitalize()}**: {start:.1f} as assumed; from {ends[low]:.1f} ({low}) to {ends[high]:.1f}"
            f" ({high}).",
            f"  - Assumptions that move it most: {most}.",
            f"  - Outside {bottom:.0f}–{top:.0f} months: {outside or 'none'}.",
            f"  - Lowest before November 2024 or after April 2025: {moved or 'none'}.",
        ]
    return "\n".join(lines)


def signed(months: float) -> str:
    return f"{months:+.1f}".replace("-", "−")


def months_of(row: Figures, access: str) -> float:
    end = row.right_end[access]
    assert end is not None
    return round(end[0], 1)


if __name__ == "__main__":
    PART.put_out(block())
