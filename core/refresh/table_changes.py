"""What changed between two compiled revisions of the data, row by row, in words of the tables."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.answer import Table as Shown
from core.store.tables import BY_NAME, Value, read_tables

Kind = Literal["new score", "revised score", "score gone", "new model", "model gone", "release date", "openness"]
KINDS: tuple[Kind, ...] = (
    "new score", "revised score", "score gone", "new model", "model gone", "release date", "openness",
)  # fmt: skip
_Tables = Mapping[str, list[tuple[Value, ...]]]


@dataclass(frozen=True)
class Change:
    """A change: of which kind, of which model, on what (a benchmark's version, for scores), from what to what."""

    kind: Kind
    model: str
    subject: str
    before: Value
    after: Value


def changes_of(before: Path, after: Path) -> list[Change]:
    """List what changed between two folders of tables, by kind and in order of names; raises TableError."""
    old, new = read_tables(before), read_tables(after)
    found = [*_score_changes(old, new), *_model_changes(old, new)]
    return sorted(found, key=lambda each: (KINDS.index(each.kind), each.subject, each.model))


def counted(changes: Sequence[Change]) -> dict[str, int]:
    """Count changes by kind, in the order of kinds."""
    number = Counter(change.kind for change in changes)
    return {kind: number[kind] for kind in KINDS if number[kind]}


def shown(changes: Sequence[Change]) -> Shown:
    """Return changes as a table for people."""
    rows = tuple(
        (each.kind, each.model, each.subject, _word(each.before), _word(each.after))
        for each in changes
    )  # fmt: skip
    return Shown("What changed", ("Change", "Model", "Test", "Before", "After"), rows)


def _word(value: Value) -> str:
    return "–" if value is None or value == "" else f"{value:g}" if isinstance(value, float) else str(value)


def _picked(tables: _Tables, name: str, *columns: str) -> Iterator[tuple[Value, ...]]:
    places = [[column.name for column in BY_NAME[name].columns].index(column) for column in columns]
    return (tuple(row[place] for place in places) for row in tables[name])


def _score_changes(old: _Tables, new: _Tables) -> Iterator[Change]:
    before, after = _standing(old), _standing(new)
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


def _standing(tables: _Tables) -> dict[tuple[Value, ...], tuple[Value, Value]]:
    """Return the scores that stand, by what they are of, with the day from which a publisher lists one no more."""
    rows = _picked(
        tables, "scores", "model_id", "benchmark_id", "version", "variant", "setting", "score", "gone_from",
        "superseded_from",
    )  # fmt: skip
    return {row[:5]: (row[5], row[6]) for row in rows if row[7] is None}


def _model_changes(old: _Tables, new: _Tables) -> Iterator[Change]:
    before, after = (
        {
            str(model): (released, f"{openness}, left out" if grade == "held" else openness)
            for model, released, openness, grade in _picked(
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
