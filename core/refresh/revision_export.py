"""The tables in use, the operator's own rows and what differs from the shipped data: files for a pull request."""

import shutil
from pathlib import Path

from core.answer import Table as Shown
from core.errors import DataError, UsageError
from core.refresh import own_rows, table_changes
from core.refresh.revisions import current, tables_of
from core.store.tables import TABLES, table_folder
from core.words import count

SUMMARY = "CHANGES.md"


def export(data: Path, into: Path) -> list[table_changes.Change]:
    """Write the tables in use, own rows and a summary into a new folder; returns what differs from the shipped data.

    Raises UsageError for a folder that holds something, DataError where it can't be written.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into} is there and not empty; name a new folder.")
    folder, in_use = table_folder(data), current(data)
    changes = table_changes.changes_of(tables_of(data, 0), folder)
    try:
        (into / "data").mkdir(parents=True)
        for table in TABLES:
            shutil.copyfile(table.path(folder), table.path(into / "data"))
        if (folder / own_rows.FOLDER).exists():
            shutil.copytree(folder / own_rows.FOLDER, into / own_rows.FOLDER)
        number = in_use.number if in_use else 0
        (into / SUMMARY).write_text(_summary(number, changes, own_rows.shown(own_rows.read(folder))), encoding="utf-8")
    except OSError as error:
        raise DataError(f"{into} can't be written ({error.strerror}).") from error
    return changes


def _summary(number: int, changes: list[table_changes.Change], own: list[Shown]) -> str:
    counted = table_changes.counted(changes)
    told = [f"- {kind}: {n}" for kind, n in counted.items()]
    parts = [
        f"# Revision {number} of the data, against the data that came with gapbrief",
        f"{count(len(changes), 'change')}.",
        "\n".join(told),
        *map(_markdown, [*own, table_changes.shown(changes)]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown(table: Shown) -> str:
    if not table.rows:
        return ""
    lines = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    return f"## {table.title}\n\n" + "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")
