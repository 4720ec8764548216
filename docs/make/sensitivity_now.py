"""How far the figures of the newest day move when one assumption is changed: a table of docs/method.md.

The assumptions are those of sensitivity.py that can be asked of that day. `python -m docs.make.sensitivity_now --write`
renews the document; without `--write` it prints the table.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from core.evidence.evidence import Evidence, read_records
from core.gap.analysis import analyse
from core.gap.index_figure import models_rested_on, scale_of
from core.gap.parameters import INDEX_2, Measure
from core.store.store import Store
from core.words import CLASSES
from docs.make.pages import METHOD, Part, shipped
from docs.make.sensitivity import (
    AS_ASSUMED,
    BENCHMARKS,
    CHANGES,
    DAY,
    MODELS,
    Change,
    evidence_of,
    in_steps_of_five,
    row_text,
    signed,
    sql,
    without,
)
from tests.core.gap.whole import headline_boards

PART = Part(METHOD, "sensitivity now")
MEASURES: dict[Measure, str] = {"index": "Gap", "catch_up": "Catch-up"}
HEAD = ("Changed", *(f"{name}, {access}" for name in MEASURES.values() for access in CLASSES))
MUCH = 0.5
"""A figure that moves by so many months or more is set in bold."""

Figures = tuple[float | None, ...]


def changes(evidence: Evidence, as_of: int) -> Iterator[Change]:
    """The changes of the study's table, but for those of its day, its grid, its copies and its points; and others."""
    for change in CHANGES:
        is_of_the_study = change.points or change.known_by != DAY or change.evidence is in_steps_of_five
        if not is_of_the_study and change.group != MODELS and "WeirdML" not in change.name:
            yield change
    boards = headline_boards(evidence)
    first = {board.benchmark_id: board.name for board in evidence.boards if not board.succeeds and board.headline}
    for benchmark_id, name in sorted(first.items(), key=lambda item: item[1].casefold()):
        yield Change(BENCHMARKS, f"without {name}", boards=without(benchmark_id))
    access = np.array([evidence.boards[board].access for board in boards.tolist()])
    scales = [scale_of(evidence, boards[access == name], INDEX_2) for name in CLASSES]
    heavy = {model for scale in scales if scale for model in models_rested_on(scale, as_of)}
    for model in sorted(evidence.models[number].model_id for number in heavy):
        delete = sql(f"DELETE FROM scores WHERE model_id = '{model}'")  # noqa: S608 (a name of our own data)
        yield Change(MODELS, f"without {model}", edit=delete)


def measured(store: Store, change: Change, as_of: int) -> Figures:
    """Return each measure, private and public, in months, with all scores known now."""
    evidence = evidence_of(store, replace(change, known_by=date.max))
    boards = headline_boards(evidence)
    boards = change.boards(evidence, boards) if change.boards else boards
    parameters = replace(INDEX_2, **change.parameters)
    classes = analyse(evidence, boards, as_of, parameters, whole_band=False).classes
    return tuple(classes[access].figure(measure).months for measure in MEASURES for access in CLASSES)


@cache
def results() -> tuple[date, dict[str, Figures]]:
    """Return the newest day of complete data, and all rows by their name, that of no change first."""
    with shipped() as store:
        last = evidence_of(store, Change(AS_ASSUMED, AS_ASSUMED, known_by=date.max))
        day = newest_day(store)
        rows = {AS_ASSUMED: measured(store, Change(AS_ASSUMED, AS_ASSUMED), day.toordinal())}
        for change in changes(last, day.toordinal()):
            rows[change.name] = measured(store, change, day.toordinal())
    return day, rows


def newest_day(store: Store) -> date:
    known = read_records(store)
    return known.known_by(known.last_known).newest_data


def block() -> str:
    """The generated part of the document: what moves each figure most, then the table."""
    day, rows = results()
    base = rows[AS_ASSUMED]
    lines = [f"As of {day}, {len(rows) - 1} changes, one at a time; bold: it moves by {MUCH} months or more.", ""]
    for place, name in enumerate(HEAD[1:]):
        start = base[place]
        ends = {changed: row[place] for changed, row in rows.items() if changed != AS_ASSUMED}
        if start is None:
            continue
        known_ends = {changed: end for changed, end in ends.items() if end is not None}
        low, high = min(known_ends, key=known_ends.__getitem__), max(known_ends, key=known_ends.__getitem__)
        lost = [changed for changed, end in ends.items() if end is None]
        gone = f"; none {' and '.join(lost)}" if lost else ""
        lines.append(
            f"- **{name}**: {start:.1f}; from {known_ends[low]:.1f} ({low}, {signed(known_ends[low] - start)})"
            f" to {known_ends[high]:.1f} ({high}, {signed(known_ends[high] - start)}){gone}."
        )
    table = [row_text(HEAD), row_text(["---", *["---:"] * (len(HEAD) - 1)])]
    table += [row_text([changed, *map(written, row, base)]) for changed, row in rows.items()]
    return "\n".join([*lines, "", *table])


def written(months: float | None, base: float | None) -> str:
    if months is None:
        return "–"
    is_moved = base is not None and abs(months - base) >= MUCH
    return f"**{months:.1f}**" if is_moved else f"{months:.1f}"


if __name__ == "__main__":
    PART.put_out(block())
