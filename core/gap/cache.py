"""Cache expensive results: they are computed once per data revision and stored in its evidence file."""

import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, Evidence, Model
from core.gap.parameters import METHODS

_PACKAGE = "core.gap."
_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")


@dataclass(frozen=True)
class _StoredResult:
    """A result as plain values from the evidence file; it is parsed on first use."""

    plain: Any


def cached(evidence: Evidence, compute: Callable[[], _Result], *key: object) -> _Result:
    """Return the result cached under a key, in memory or in the evidence file; compute it if it is missing.

    A stored result that can't be parsed is computed again.
    """
    name = " ".join(map(str, key))
    result: Any = evidence.cache.get(name, evidence)  # None is a result too
    if isinstance(result, _StoredResult):
        plain, result = result.plain, evidence
        with suppress(ValueError, LookupError, TypeError, AttributeError):
            result = _from_plain(plain, evidence)
    if result is evidence:
        result = compute()
    evidence.cache[name] = result
    return result  # type: ignore[no-any-return] # only one function writes under a key


def cached_by_default(estimator: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Cache the result of an estimator for its default arguments: the newest complete day and all open models.

    The estimator takes evidence, boards, day, method and open models. Only published methods are cached, because their
    name determines every parameter. Single boards are not cached, because they are cheap.
    """

    @wraps(estimator)
    def read_or_measure(*scope: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        def measure() -> _Result:
            return estimator(*scope, **options)

        evidence, boards, as_of, parameters, *rest = cast("tuple[Any, ...]", scope)
        is_default = as_of == evidence.newest_data.toordinal() and METHODS.get(parameters.name) == parameters
        if not is_default or len(boards) < 2 or any(value is not None for value in (*rest, *options.values())):
            return measure()
        return cached(evidence, measure, estimator.__name__, parameters.name, *boards.tolist())

    return read_or_measure


def dump_cache(evidence: Evidence) -> dict[str, Any]:
    """Return the cached results as plain values, by key; arrays as bytes."""
    results = evidence.cache.copy()  # other threads may add results meanwhile
    indices: dict[Any, int] = {model.model_id: n for n, model in enumerate(evidence.models)}
    indices |= {(board.benchmark_id, board.version): n for n, board in enumerate(evidence.boards)}
    return {
        key: result.plain if isinstance(result, _StoredResult) else _to_plain(result, indices)
        for key, result in results.items()
    }


def load_cache(evidence: Evidence, plain: dict[str, Any]) -> None:
    """Load the stored results of an evidence file into its cache."""
    evidence.cache.update({key: _StoredResult(value) for key, value in plain.items()})


def _to_plain(value: Any, indices: dict[Any, int]) -> Any:
    """Return a result as plain values; models and boards become indices."""
    if isinstance(value, np.ndarray):
        return {"array": value.dtype.str, "shape": value.shape, "bytes": b64encode(value.tobytes()).decode()}
    if isinstance(value, Model):
        return {"model": indices[value.model_id]}
    if isinstance(value, Board):
        return {"board": indices[value.benchmark_id, value.version]}
    if is_dataclass(value):
        result_type = type(value)
        values = {field.name: _to_plain(getattr(value, field.name), indices) for field in fields(value)}
        return {"kind": [result_type.__module__.removeprefix(_PACKAGE), result_type.__name__], "fields": values}
    if isinstance(value, dict):
        return {"mapping": [[_to_plain(key, indices), _to_plain(item, indices)] for key, item in value.items()]}
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    return [_to_plain(item, indices) for item in value] if isinstance(value, tuple) else value


def _from_plain(plain: Any, evidence: Evidence) -> Any:
    """Return the result for plain values, with the models and boards of the evidence.

    Raises ValueError, LookupError, TypeError or AttributeError if the plain values are invalid.
    """
    if isinstance(plain, list):
        return tuple(_from_plain(item, evidence) for item in plain)
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        data = b64decode(plain["bytes"], validate=True)
        return np.frombuffer(data, np.dtype(plain["array"])).reshape(plain["shape"])
    if "mapping" in plain:
        return {_from_plain(key, evidence): _from_plain(item, evidence) for key, item in plain["mapping"]}
    if "set" in plain:
        return frozenset(plain["set"])
    if "model" in plain:
        return evidence.models[plain["model"]]
    if "board" in plain:
        return evidence.boards[plain["board"]]
    module, name = plain["kind"]
    result_type = getattr(sys.modules[_PACKAGE + module], name)  # already imported: the caller uses this type
    if not (isinstance(result_type, type) and is_dataclass(result_type)):
        raise TypeError(f"{name} is no kind of result")
    return result_type(**{field: _from_plain(value, evidence) for field, value in plain["fields"].items()})
