"""Dear figures: measured once for an evidence, and kept with it in its file as plain values."""

import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import numpy as np

from core.evidence.evidence import Board, Evidence, IntArray, Model
from core.gap.parameters import METHODS, Parameters

_PACKAGE = "core.gap."


class OfBoards(Protocol):
    """What figures are measured from, and the benchmarks (indices) that it is about."""

    @property
    def boards(self) -> IntArray:
        """Return the benchmarks."""
        ...


_P = ParamSpec("_P")
_Of = TypeVar("_Of", bound=IntArray | OfBoards)
_Found = TypeVar("_Found")
_Figure = Callable[Concatenate[Evidence, _Of, int, Parameters, _P], _Found]


@dataclass(frozen=True)
class _Kept:
    """A figure as it is kept: read when it is asked for."""

    plain: Any


def once(evidence: Evidence, key: str, make: Callable[[], _Found]) -> _Found:
    """Return what stands under a key for an evidence: found before, kept in its file, or made now.

    What can't be read is made anew.
    """
    found: Any = evidence.found.get(key, evidence)  # None may have been found
    if isinstance(found, _Kept):
        plain, found = found.plain, evidence
        with suppress(ValueError, LookupError, TypeError, AttributeError):
            found = _figure(plain, evidence)
    if found is evidence:
        found = make()
    evidence.found[key] = found
    return found  # type: ignore[no-any-return] # under a key stands what its one maker made


def measured_once(figure: _Figure[_Of, _P, _Found]) -> _Figure[_Of, _P, _Found]:
    """Measure once for an evidence what is asked of it by default: on its newest complete day, of all open models.

    Only by a published method, whose name says all of its parameters, and of several boards: one is quickly measured.
    """

    def known_or_measured(
        evidence: Evidence, of: _Of, as_of: int, parameters: Parameters, /, *rest: _P.args, **named: _P.kwargs
    ) -> _Found:
        boards = of if isinstance(of, np.ndarray) else of.boards
        is_default = as_of == evidence.newest_data.toordinal() and METHODS.get(parameters.name) == parameters
        if not is_default or len(boards) < 2 or any(each is not None for each in (*rest, *named.values())):
            return figure(evidence, of, as_of, parameters, *rest, **named)
        key = " ".join(map(str, (figure.__name__, parameters.name, *boards.tolist())))
        return once(evidence, key, lambda: figure(evidence, of, as_of, parameters, *rest, **named))

    update_wrapper(known_or_measured, figure)
    return known_or_measured


def as_kept(evidence: Evidence) -> dict[str, Any]:
    """Return what was found once for an evidence as plain values, by key; arrays as their bytes."""
    found = evidence.found.copy()  # other threads may add meanwhile
    numbers: dict[Any, int] = {model.model_id: n for n, model in enumerate(evidence.models)}
    numbers |= {(board.benchmark_id, board.version): n for n, board in enumerate(evidence.boards)}
    return {
        key: figure.plain if isinstance(figure, _Kept) else _plain(figure, numbers) for key, figure in found.items()
    }


def recall(evidence: Evidence, plain: dict[str, Any]) -> None:
    """Give an evidence what was kept for it."""
    evidence.found.update({key: _Kept(each) for key, each in plain.items()})


def _plain(value: Any, numbers: dict[Any, int]) -> Any:
    """Return a figure as plain values: models and boards as their numbers."""
    if isinstance(value, np.ndarray):
        return {"array": value.dtype.str, "shape": value.shape, "bytes": b64encode(value.tobytes()).decode()}
    if isinstance(value, Model):
        return {"model": numbers[value.model_id]}
    if isinstance(value, Board):
        return {"board": numbers[value.benchmark_id, value.version]}
    if is_dataclass(value):
        kind = type(value)
        named = {each.name: _plain(getattr(value, each.name), numbers) for each in fields(value)}
        return {"kind": [kind.__module__.removeprefix(_PACKAGE), kind.__name__], "fields": named}
    if isinstance(value, dict):
        return {"mapping": [[_plain(key, numbers), _plain(each, numbers)] for key, each in value.items()]}
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    return [_plain(each, numbers) for each in value] if isinstance(value, tuple) else value


def _figure(plain: Any, evidence: Evidence) -> Any:
    """Return the value, with the models and boards of the evidence.

    Raises ValueError, LookupError, TypeError or AttributeError for what is no value of ours.
    """
    if isinstance(plain, list):
        return tuple(_figure(each, evidence) for each in plain)
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        raw = b64decode(plain["bytes"], validate=True)
        return np.frombuffer(raw, np.dtype(plain["array"])).reshape(plain["shape"])
    if "mapping" in plain:
        return {_figure(key, evidence): _figure(each, evidence) for key, each in plain["mapping"]}
    if "set" in plain:
        return frozenset(plain["set"])
    if "model" in plain:
        return evidence.models[plain["model"]]
    if "board" in plain:
        return evidence.boards[plain["board"]]
    module, name = plain["kind"]
    kind = getattr(sys.modules[_PACKAGE + module], name)  # loaded: whoever asks for a figure knows its kind
    if not (isinstance(kind, type) and is_dataclass(kind)):
        raise TypeError(f"{name} is no kind of figure")
    return kind(**{each: _figure(value, evidence) for each, value in plain["fields"].items()})
