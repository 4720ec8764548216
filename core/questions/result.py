"""Turn a question's Result into JSON with one serialiser, into tables, and into lines for each class of tests.

A Result is a frozen dataclass. Its fields go into the JSON in order, under their own names, unless its `json_keys`
rename or omit them; properties that `json_keys` names follow. A name may be a path, such as "left.at"; its value is
None if a part on the way is None.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from core.answer import Line, Series, Table
from core.words import capitalize, cell, parameter_count

if TYPE_CHECKING:
    from core.evidence.evidence import Model

SeriesRow = tuple[str, float | None, float | None, float | None, str, *tuple[str, ...]]
"""A row of a chart's series: a name, a value, its lower and upper end, a note, and perhaps details."""
Keys = Mapping[str, str | Mapping[str, str] | None]
"""A field's key in the JSON, None to omit the field; a Model, a Board or another part may have several keys, each with
its attribute."""
MODEL = {"model": "model_id", "name": "name", "date": "day"}
BOARD = {"benchmark": "benchmark_id", "version": "version"}
NAMED_BOARD = {**BOARD, "name": "name", "access": "access", "domain": "domain", "unit": "unit"}
"""The JSON keys of a model and of a benchmark, each with its attribute."""
CHANGE = {"months": "months", "low": "low", "high": "high"}
"""The JSON keys of a change or a difference, each with its attribute."""
DAYS = frozenset({"at", "day", "newest_data", "newest_day", "newest_result", "since", "window_from"})
"""The fields that hold a day as an ordinal; the JSON has ISO dates."""
THRESHOLD: Keys = {
    "board": {**BOARD, "access": "access"},
    "closed": {"closed_model": "model_id", "closed_date": "day"},
}
REACHED: Keys = {**THRESHOLD, "open": {"open_model": "model_id", "open_date": "day"}}
"""The JSON keys of a level that open models have not reached, and of a level that they have reached."""
KEYS: dict[str, Keys] = {
    "ModelIndex": {"at_release": "months_at_release", "other": {"closed_model": "model_id", "closed_name": "name"}},
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
        "is_floor": None,
    },
    "State": {**dict.fromkeys(("day", "evidence", "crossings", "figures")), "known_by": "known_by"},
    "GapMove": {"total": CHANGE, "news": "new_models"},
    "Unmatched": {**THRESHOLD, **dict.fromkeys(("age_months", "newest_day", "cluster", "accepted", "reason"))},
    "Crossing": {**REACHED, "months": "gap_months"},
    "StandingGap": dict.fromkeys(("board", "closed", "open", "closed_score", "open_score", "since")),
    "Leader": {"board": NAMED_BOARD},
    "Record": {"model": MODEL},
    "FirstPlace": {
        "other": {"other_model": "model_id", "other_date": "day"},
        "displaced": {"displaced_model": "model_id", "displaced_date": "day"},
    },
    "Headline": {"no_interval": None, "n_effective": None, "is_about": "about"},
}
"""The `json_keys` of core/gap's classes, by class name; core/gap itself knows nothing of JSON."""


def as_json(value: Any) -> Any:
    """Convert a value for JSON; raises TypeError for a type that JSON can't hold.

    A dataclass becomes an object of its fields, a Model its id, a Board its id and version, a day an ISO date, and a
    NaN or infinite float None.
    """
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, tuple | list):
        return [as_json(part) for part in value]
    if is_dataclass(value):
        return _write_dataclass(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: as_json(part) for key, part in value.items()}
    if hasattr(value, "tolist"):  # an array; this avoids importing numpy
        return as_json(value.tolist())
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _write_dataclass(value: Any) -> Any:
    if hasattr(value, "model_id"):
        return value.model_id
    if hasattr(value, "benchmark_id"):
        return _project(value, BOARD)
    written: dict[str, Any] = {}
    for name, key in _keys_of(value.__class__):
        if isinstance(key, Mapping):
            written |= _project(_read(value, name), key)
        elif key is not None:
            written[key] = _write(name, _read(value, name))
    return written


@cache
def _keys_of(kind: type) -> list[tuple[str, str | Mapping[str, str] | None]]:
    """Return a dataclass's fields with their keys, then what else its `json_keys` names."""
    keys: Keys = getattr(kind, "json_keys", None) or KEYS.get(kind.__name__, {})
    names = dict.fromkeys([*(part.name for part in fields(kind)), *keys])
    return [(name, keys.get(name, name)) for name in names]


def _project(value: Any, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return attributes of a Model or Board under their keys; None for an empty attribute or a missing value."""
    return {key: None if (part := _read(value, name)) == "" else _write(name, part) for key, name in keys.items()}


def _read(value: Any, path: str) -> Any:
    if "." not in path:
        return None if value is None else getattr(value, path)
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return value


def _write(name: str, value: Any) -> Any:
    if isinstance(value, int) and name.rpartition(".")[2] in DAYS:
        return date.fromordinal(value).isoformat()
    return as_json(value)


# ---- tables and lines


def table(title: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> Table:
    """Make a table; `columns` are separated by bars: "Model | Lab | Size".

    A model or test is written as its name, a float to a tenth, and None as a dash.
    """
    return Table(title, tuple(columns.split(" | ")), tuple(tuple(map(_cell_text, row)) for row in rows))


def _cell_text(value: Any) -> str:
    if isinstance(value, float | None):
        return cell(value)
    return str(getattr(value, "name", value)) or "–"


def size_text(model: "Model") -> str:
    """Write a model's size for a table: "32B", or "?" if unknown."""
    return "?" if model.parameters_b is None else parameter_count(model.parameters_b)


def per_class(classes: Iterable[str], *lines: Line) -> Iterator[Line]:
    """Yield the lines once per class of tests, with "@" in labels and slots replaced by the class's name."""
    for name in classes:
        for line in lines:
            yield replace(line, label=capitalize(line.label.replace("@", name)), text=line.text.replace("@", name))


def build_series(label: str, role: str, rows: Sequence[SeriesRow]) -> Series:
    """Make a chart series from rows."""
    return Series(label, role, *(zip(*rows, strict=True) if rows else ((), ())))


def put_extremes_first(lines: list[Series]) -> list[Series]:
    """Put the shortest and the longest of a chart's catch-ups first, so that every picture shows them."""
    matched = sorted((line for line in lines if line.y[-1] is not None), key=lambda line: line.y[-1] or 0.0)
    extremes = [*matched[:1], *matched[1:][-1:]]
    return [*extremes, *(line for line in lines if line not in extremes)]
