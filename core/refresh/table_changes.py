"""Compare two revisions of the data row by row, and export the tables in use."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from core.answer import Table as AnswerTable
from core.dataclass import dataclass
from core.errors import DataError, UsageError
from core.refresh import own_rows
from core.refresh.revisions import find_tables, read_current
from core.store.file import explain_write_error
from core.store.table_files import read_tables
from core.store.tables import BY_NAME, TABLES, Tables, Value, table_folder
from core.words import count

SUMMARY = "CHANGES.md"

Kind = Literal["new score", "revised score", "score gone", "new model", "model gone", "release date", "openness"]
KINDS: tuple[Kind, ...] = (
    "new score", "revised score", "score gone", "new model", "model gone", "release date", "openness",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A change to one model; for a score, `subject` is the version of the benchmark."""

    kind: Kind
    model: str
    subject: str
    before: Value
    after: Value


def compare_tables(before: Path, after: Path | Tables) -> list[Change]:
    """List the changes between two folders' tables (or those read of one), by kind and name; raises TableError."""
    old, new = read_tables(before), read_tables(after) if isinstance(after, Path) else after
    changes = [*_score_changes(old, new), *_model_changes(old, new)]
    return sorted(changes, key=lambda change: (KINDS.index(change.kind), change.subject, change.model))


def count_by_kind(changes: Sequence[Change]) -> dict[str, int]:
    """Count the changes of each kind, in the order of `KINDS`."""
    counts = Counter(change.kind for change in changes)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def to_table(changes: Sequence[Change]) -> AnswerTable:
    """Return changes as a table for people."""
    rows = tuple(
        (change.kind, change.model, change.subject, _value_text(change.before), _value_text(change.after))
        for change in changes
    )
    return AnswerTable("What changed", ("Change", "Model", "Test", "Before", "After"), rows)


def _value_text(value: Value) -> str:
    return "–" if value is None or value == "" else f"{value:g}" if isinstance(value, float) else str(value)


def _select_columns(tables: Tables, name: str, *columns: str) -> Iterator[tuple[Value, ...]]:
    indices = [[column.name for column in BY_NAME[name].columns].index(column) for column in columns]
    return (tuple(row[index] for index in indices) for row in tables[name])


def _score_changes(old: Tables, new: Tables) -> Iterator[Change]:
    before, after = _current_scores(old), _current_scores(new)
    for key in before.keys() | after.keys():
        model, *rest = key
        subject = " ".join(str(part) for part in rest if part)
        old_score, old_gone_from = before.get(key, (None, None))
        new_score, new_gone_from = after.get(key, (None, None))
        if old_score is None:
            yield Change("new score", str(model), subject, None, new_score)
        elif new_score is None or (new_gone_from and not old_gone_from):
            yield Change("score gone", str(model), subject, old_score, None)
        elif old_score != new_score:
            yield Change("revised score", str(model), subject, old_score, new_score)


def _current_scores(tables: Tables) -> dict[tuple[Value, ...], tuple[Value, Value]]:
    """Return current scores by model, benchmark and setting, each with the day it was withdrawn (None if it stands)."""
    rows = _select_columns(
        tables, "scores", "model_id", "benchmark_id", "version", "variant", "setting", "score", "gone_from",
        "superseded_from",
    )  # fmt: skip
    return {row[:5]: (row[5], row[6]) for row in rows if row[7] is None}


def _model_changes(old: Tables, new: Tables) -> Iterator[Change]:
    before, after = (
        {
            str(model): (released, f"{openness}, left out" if grade == "held" else openness)
            for model, released, openness, grade in _select_columns(
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
        for kind, old_value, new_value in zip(kinds, before[model], after[model], strict=True):
            if old_value != new_value:
                yield Change(kind, model, "", old_value, new_value)


# ---- for a pull request


def export_tables(data: Path, into: Path) -> list[Change]:
    """Write the tables in use, the own rows and a summary into a new folder, for a pull request.

    Returns the changes since the shipped data. Raises UsageError if the folder is not empty, DataError if it can't be
    written.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into} exists and is not empty; name a new folder.")
    folder, revision = table_folder(data), read_current(data)
    changes = compare_tables(find_tables(data, 0), folder)
    try:
        (into / "data").mkdir(parents=True)
        for table in TABLES:
            shutil.copyfile(table.path(folder), table.path(into / "data"))
        if (folder / own_rows.FOLDER).exists():
            shutil.copytree(folder / own_rows.FOLDER, into / own_rows.FOLDER)
        own = own_rows.to_tables(own_rows.read_rows(folder))
        summary = _build_summary(revision.number if revision else 0, changes, own)
        (into / SUMMARY).write_text(summary, encoding="utf-8")
    except OSError as error:
        raise DataError(f"{into} can't be written: {explain_write_error(error)}.") from error
    return changes


def _build_summary(number: int, changes: list[Change], own: list[AnswerTable]) -> str:
    parts = [
        f"# Revision {number} of the data, against the data that came with gapbrief",
        f"{count(len(changes), 'change')}.",
        "\n".join(f"- {kind}: {n}" for kind, n in count_by_kind(changes).items()),
        *map(_to_markdown, [*own, to_table(changes)]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _to_markdown(table: AnswerTable) -> str:
    if not table.rows:
        return ""
    rows = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    return f"## {table.title}\n\n" + "\n".join(f"| {' | '.join(map(_escape_cell, row))} |" for row in rows)


def _escape_cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
