"""What every question makes of its Result: the JSON by one serialiser, tables by one helper, lines for each class.

A Result is a frozen dataclass. In the JSON its fields stand in their order under their own names, unless its
`json_keys` give another, or leave one out; properties that these name stand after them. A name may go through parts:
"left.at"; where there is no such part, it is None.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from core.answer import Line, Table
from core.words import capitalize, cell

if TYPE_CHECKING:
    from core.evidence.evidence import Model

Keys = Mapping[str, str | Mapping[str, str] | None]
"""A field's key in the JSON; of a Model, a Board or another part several, each with the attribute that it holds; None
for no key."""
MODEL = {"model": "model_id", "name": "name", "date": "day"}
BOARD = {"benchmark": "benchmark_id", "version": "version"}
NAMED_BOARD = {**BOARD, "name": "name", "access": "access", "domain": "domain", "unit": "unit"}
"""The keys of a model and of a benchmark in the JSON, each with the attribute that it holds."""
DAYS = frozenset({"at", "day", "newest_data", "newest_day", "newest_result", "since", "window_from"})
"""The fields that hold a day as an ordinal: ISO dates in the JSON."""
_THRESHOLD: Keys = {
    "board": {**BOARD, "access": "access"},
    "closed": {"closed_model": "model_id", "closed_date": "day"},
}
KEYS: dict[str, Keys] = {
    "ModelIndex": {
        "at_release": "months_at_release",
        "other": {"closed_model": "model_id", "closed_name": "name"},
    },
    "EqualPrice": {"open_usd": None, "closed_usd": None},
    "Share": {"fraction": "share"},
    "Change": {"direction": None},
    "Forward": {"n_unmatched": "n_waiting"},
    "FirstCrossing": {
        "closed": {"closed_model": "model_id", "closed_name": "name", "closed_date": "day"},
        "open": {"open_model": "model_id", "open_name": "name", "open_date": "day"},
        "months": "gap_months",
    },
    "ModelLag": {
        "board": NAMED_BOARD,
        "other": {"other_model": "model_id", "other_name": "name", "other_date": "day"},
        "between": "months_between",
        "newest_day": "newest_data",
        "reason": "reason",
    },
    "State": {"day": None, "evidence": {"known_by": "known_by"}, "crossings": None, "figures": None},
    "GapMove": {"total": {"months": "months", "low": "low", "high": "high"}, "news": "new_models"},
    "Threshold": _THRESHOLD,
    "Crossing": {**_THRESHOLD, "open": {"open_model": "model_id", "open_date": "day"}, "months": "gap_months"},
    "Leader": {"board": NAMED_BOARD},
    "Record": {"model": MODEL},
    "FirstPlace": {
        "other": {"other_model": "model_id", "other_date": "day"},
        "displaced": {"displaced_model": "model_id", "displaced_date": "day"},
    },
    "Headline": {"no_interval": None, "n_effective": None, "is_about": "about"},
}
"""The `json_keys` of classes of core/gap, which knows no JSON, by their names."""


def as_json(value: Any) -> Any:
    """Return a value as JSON has it; raises TypeError for a kind of value that has no form there.

    A dataclass is an object of its fields, a Model its id, a Board its id and version; days are ISO dates, and a float
    that is no number is None.
    """
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(part) for part in value]
    if hasattr(value, "tolist"):  # an array; numpy is not imported for it
        return as_json(value.tolist())
    if hasattr(value, "model_id"):
        return value.model_id
    if hasattr(value, "benchmark_id"):
        return _project(value, BOARD)
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} has no form in JSON")
    return _write_fields(value)


def _write_fields(value: Any) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for name, key in _keys_of(value.__class__):
        if isinstance(key, Mapping):
            written |= _project(_read(value, name), key)
        elif key is not None:
            written[key] = _write(name, _read(value, name))
    return written


@cache
def _keys_of(kind: type) -> list[tuple[str, str | Mapping[str, str] | None]]:
    """Return the fields of a dataclass with their keys, and what else its `json_keys` name."""
    keys: Keys = getattr(kind, "json_keys", None) or KEYS.get(kind.__name__, {})
    names = dict.fromkeys([*(part.name for part in fields(kind)), *keys])
    return [(name, keys.get(name, name)) for name in names]


def _project(value: Any, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return attributes of a Model or Board under their keys; None where it has none, or where there is nobody."""
    return {key: None if (part := _read(value, name)) == "" else _write(name, part) for key, name in keys.items()}


def _read(value: Any, path: str) -> Any:
    if "." not in path:
        return None if value is None else getattr(value, path)
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return value


def _write(name: str, value: Any) -> Any:
    return (
        date.fromordinal(value).isoformat()
        if name.split(".")[-1] in DAYS and isinstance(value, int)
        else as_json(value)
    )


# ---- tables and lines


def table(title: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> Table:
    """Make a table, its columns apart by bars: "Model | Lab | Size".

    A model or test is written by its name, months to a tenth, and nothing as a dash.
    """
    return Table(title, tuple(columns.split(" | ")), tuple(tuple(map(_cell_text, row)) for row in rows))


def _cell_text(value: Any) -> str:
    if isinstance(value, float | None):
        return cell(value)
    return str(getattr(value, "name", value)) or "–"


def size_text(model: "Model") -> str:
    """Write a model's size for a table: "32B", "?" where it is not known."""
    return "?" if model.parameters_b is None else f"{model.parameters_b:g}B"


def per_class(classes: Iterable[str], *lines: Line) -> Iterator[Line]:
    """Yield lines for each class of tests, its name in place of "@" in their labels and slots."""
    for name in classes:
        for line in lines:
            yield replace(line, label=capitalize(line.label.replace("@", name)), text=line.text.replace("@", name))
