"""What changed between two revisions of the data, row by row; and the export of the tables in use."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.answer import Table as Shown
from core.errors import DataError, UsageError
from core.refresh import own_rows
from core.refresh.revisions import find_tables, read_current
from core.store.tables import BY_NAME, TABLES, Value, read_tables, table_folder
from core.words import count

SUMMARY = "CHANGES.md"

Kind = Literal["new score", "revised score", "score gone", "new model", "model gone", "release date", "openness"]
KINDS: tuple[Kind, ...] = (
    "new score", "revised score", "score gone", "new model", "model gone", "release date", "openness",
)  # fmt: skip
_Tables = Mapping[str, list[tuple[Value, ...]]]


@dataclass(frozen=True)
class Change:
    """A change of a model; for scores the `subject` is a benchmark's version."""

    kind: Kind
    model: str
    subject: str
    before: Value
    after: Value


def compare_tables(before: Path, after: Path) -> list[Change]:
    """List the changes between two folders of tables, by kind and name; raises TableError."""
    old, new = read_tables(before), read_tables(after)
    changes = [*_score_changes(old, new), *_model_changes(old, new)]
    return sorted(changes, key=lambda change: (KINDS.index(change.kind), change.subject, change.model))


def count_by_kind(changes: Sequence[Change]) -> dict[str, int]:
    """Count changes by kind, in the order of kinds."""
    counts = Counter(change.kind for change in changes)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def to_table(changes: Sequence[Change]) -> Shown:
    """Return changes as a table for people."""
    rows = tuple(
        (change.kind, change.model, change.subject, _value_text(change.before), _value_text(change.after))
        for change in changes
    )
    return Shown("What changed", ("Change", "Model", "Test", "Before", "After"), rows)


def _value_text(value: Value) -> str:
    return "–" if value is None or value == "" else f"{value:g}" if isinstance(value, float) else str(value)


def _select(tables: _Tables, name: str, *columns: str) -> Iterator[tuple[Value, ...]]:
    places = [[column.name for column in BY_NAME[name].columns].index(column) for column in columns]
    return (tuple(row[place] for place in places) for row in tables[name])


def _score_changes(old: _Tables, new: _Tables) -> Iterator[Change]:
    before, after = _current_scores(old), _current_scores(new)
    for key in before.keys() | after.keys():
        model, *rest = key
        subject = " ".join(str(part) for part in rest if part)
        (was, was_gone), (is_now, is_gone) = before.get(key, (None, None)), after.get(key, (None, None))
        if was is None:
            yield Change("new score", str(model), subject, None, is_now)
        elif is_now is None or (is_gone and not was_gone):
            yield Change("score gone", str(model), subject, was, None)
        elif was != is_now:
            yield Change("revised score", str(model), subject, was, is_now)


def _current_scores(tables: _Tables) -> dict[tuple[Value, ...], tuple[Value, Value]]:
    """Return the scores that are not superseded, by what they measure, with the day since which one is gone."""
    rows = _select(
        tables, "scores", "model_id", "benchmark_id", "version", "variant", "setting", "score", "gone_from",
        "superseded_from",
    )  # fmt: skip
    return {row[:5]: (row[5], row[6]) for row in rows if row[7] is None}


def _model_changes(old: _Tables, new: _Tables) -> Iterator[Change]:
    before, after = (
        {
            str(model): (released, f"{openness}, left out" if grade == "held" else openness)
            for model, released, openness, grade in _select(
                tables, "models", "model_id", "release_date", "openness", "openness_grade"
            )
        }
        for tables in (old, new)
    )
    for model in after.keys() - before.keys():
        yield Change("new model", model, "", None, after[model][1])
    for model in before.keys() - after.keys():
        yield Change("model gone", model, "", before[model][1], None)
    for model in before.keys() & after.keys():
        kinds: tuple[Kind, Kind] = ("release date", "openness")
        for kind, was, is_now in zip(kinds, before[model], after[model], strict=True):
            if was != is_now:
                yield Change(kind, model, "", was, is_now)


# ---- for a pull request


def export(data: Path, into: Path) -> list[Change]:
    """Write the tables in use, own rows and a summary into a new folder, for a pull request.

    Returns what differs from the shipped data. Raises UsageError if the folder is not empty, DataError if it can't be
    written.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into} is there and not empty; name a new folder.")
    folder, in_use = table_folder(data), read_current(data)
    changes = compare_tables(find_tables(data, 0), folder)
    try:
        (into / "data").mkdir(parents=True)
        for table in TABLES:
            shutil.copyfile(table.path(folder), table.path(into / "data"))
        if (folder / own_rows.FOLDER).exists():
            shutil.copytree(folder / own_rows.FOLDER, into / own_rows.FOLDER)
        summary = _write_summary(in_use.number if in_use else 0, changes, own_rows.to_tables(own_rows.read(folder)))
        (into / SUMMARY).write_text(summary, encoding="utf-8")
    except OSError as error:
        raise DataError(f"{into} can't be written ({error.strerror}).") from error
    return changes


def _write_summary(number: int, changes: list[Change], own: list[Shown]) -> str:
    parts = [
        f"# Revision {number} of the data, against the data that came with gapbrief",
        f"{count(len(changes), 'change')}.",
        "\n".join(f"- {kind}: {n}" for kind, n in count_by_kind(changes).items()),
        *map(_markdown, [*own, to_table(changes)]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown(table: Shown) -> str:
    if not table.rows:
        return ""
    rows = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    return f"## {table.title}\n\n" + "\n".join(f"| {' | '.join(map(_escape, row))} |" for row in rows)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
