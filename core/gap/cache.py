"""Expensive results, computed once for a data revision: cached with its evidence, and stored in its file."""

import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np

from core.evidence.evidence import Board, Evidence, IntArray, Model
from core.gap.parameters import METHODS, Parameters

_PACKAGE = "core.gap."
_Result = TypeVar("_Result")
_Rest = ParamSpec("_Rest")
_Estimator = Callable[Concatenate[Evidence, IntArray, int, Parameters, _Rest], _Result]


@dataclass(frozen=True)
class _Stored:
    """A result as plain values, as its file holds it: read when it is asked for."""

    plain: Any


def cached(evidence: Evidence, compute: Callable[[], _Result], *key: object) -> _Result:
    """Return what is cached under a key for an evidence, in memory or in its file; computed where nothing is.

    What can't be read is computed again.
    """
    name = " ".join(map(str, key))
    result: Any = evidence.cache.get(name, evidence)  # None is a result too
    if isinstance(result, _Stored):
        plain, result = result.plain, evidence
        with suppress(ValueError, LookupError, TypeError, AttributeError):
            result = _read(plain, evidence)
    if result is evidence:
        result = compute()
    evidence.cache[name] = result
    return result  # type: ignore[no-any-return] # one function alone writes under a key


def cached_by_default(estimator: _Estimator[_Rest, _Result]) -> _Estimator[_Rest, _Result]:
    """Cache what an estimator returns for what is asked by default: on the newest complete day, of all open models.

    Only by a published method, whose name says all of its parameters, and of several boards: one is quickly measured.
    """

    def read_or_measure(
        evidence: Evidence,
        boards: IntArray,
        as_of: int,
        parameters: Parameters,
        /,
        *rest: _Rest.args,
        **named: _Rest.kwargs,
    ) -> _Result:
        def measure() -> _Result:
            return estimator(evidence, boards, as_of, parameters, *rest, **named)

        is_default = as_of == evidence.newest_data.toordinal() and METHODS.get(parameters.name) == parameters
        if not is_default or len(boards) < 2 or any(value is not None for value in (*rest, *named.values())):
            return measure()
        return cached(evidence, measure, estimator.__name__, parameters.name, *boards.tolist())

    update_wrapper(read_or_measure, estimator)
    return read_or_measure


def dump_cache(evidence: Evidence) -> dict[str, Any]:
    """Return what is cached for an evidence as plain values, by key; arrays as their bytes."""
    results = evidence.cache.copy()  # other threads may add meanwhile
    numbers: dict[Any, int] = {model.model_id: n for n, model in enumerate(evidence.models)}
    numbers |= {(board.benchmark_id, board.version): n for n, board in enumerate(evidence.boards)}
    return {
        key: result.plain if isinstance(result, _Stored) else _write(result, numbers) for key, result in results.items()
    }


def load_cache(evidence: Evidence, plain: dict[str, Any]) -> None:
    """Give an evidence what its file holds for it."""
    evidence.cache.update({key: _Stored(value) for key, value in plain.items()})


def _write(value: Any, numbers: dict[Any, int]) -> Any:
    """Return a result as plain values: models and boards as their numbers."""
    if isinstance(value, np.ndarray):
        return {"array": value.dtype.str, "shape": value.shape, "bytes": b64encode(value.tobytes()).decode()}
    if isinstance(value, Model):
        return {"model": numbers[value.model_id]}
    if isinstance(value, Board):
        return {"board": numbers[value.benchmark_id, value.version]}
    if is_dataclass(value):
        kind = type(value)
        values = {field.name: _write(getattr(value, field.name), numbers) for field in fields(value)}
        return {"kind": [kind.__module__.removeprefix(_PACKAGE), kind.__name__], "fields": values}
    if isinstance(value, dict):
        return {"mapping": [[_write(key, numbers), _write(item, numbers)] for key, item in value.items()]}
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    return [_write(item, numbers) for item in value] if isinstance(value, tuple) else value


def _read(plain: Any, evidence: Evidence) -> Any:
    """Return the value, with the models and boards of the evidence.

    Raises ValueError, LookupError, TypeError or AttributeError for what is no value of ours.
    """
    if isinstance(plain, list):
        return tuple(_read(item, evidence) for item in plain)
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        raw = b64decode(plain["bytes"], validate=True)
        return np.frombuffer(raw, np.dtype(plain["array"])).reshape(plain["shape"])
    if "mapping" in plain:
        return {_read(key, evidence): _read(item, evidence) for key, item in plain["mapping"]}
    if "set" in plain:
        return frozenset(plain["set"])
    if "model" in plain:
        return evidence.models[plain["model"]]
    if "board" in plain:
        return evidence.boards[plain["board"]]
    module, name = plain["kind"]
    kind = getattr(sys.modules[_PACKAGE + module], name)  # loaded: the caller knows the kind that it asks for
    if not (isinstance(kind, type) and is_dataclass(kind)):
        raise TypeError(f"{name} is no kind of result")
    return kind(**{field: _read(value, evidence) for field, value in plain["fields"].items()})
