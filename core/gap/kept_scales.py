"""The scales of an evidence as plain values, so that they can be kept with it: each is fitted once a revision."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from core.evidence.evidence import Evidence, FloatArray
from core.gap.index_figure import Scale
from core.gap.index_fit import Index


def as_kept(evidence: Evidence) -> dict[str, Any]:
    """Return the scales that were fitted to an evidence, by what they were fitted for; arrays as their bytes."""
    fitted = evidence.scales.copy()  # other threads may fit meanwhile
    return {" ".join(map(str, key)): _plain(found) for key, found in fitted.items()}


def recall(evidence: Evidence, kept: Mapping[str, Any]) -> None:
    """Give an evidence the scales that were kept for it; raises ValueError, KeyError or TypeError for anything else."""
    evidence.scales.update({tuple(map(int, key.split())): _found(plain) for key, plain in kept.items()})


def _found(plain: Any) -> Scale | FloatArray | None:
    """Return a scale, abilities alone, or that there is no scale."""
    if plain is None or isinstance(plain, list):
        return None if plain is None else _array(plain)
    read = {each.name: _value(plain[each.name]) for each in fields(Scale)}
    return Scale(**{**read, "fit": Index(**{each.name: _value(plain["fit"][each.name]) for each in fields(Index)})})


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [value.dtype.str, value.shape, b64encode(value.tobytes()).decode()]
    if isinstance(value, Scale | Index):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value


def _value(plain: Any) -> Any:
    """Return an array, or what is plain: a pair of numbers is a tuple."""
    if isinstance(plain, list):
        return _array(plain) if isinstance(plain[0], str) else tuple(plain)
    return plain


def _array(plain: list[Any]) -> FloatArray:
    kind, shape, raw = plain
    return np.frombuffer(b64decode(raw, validate=True), np.dtype(kind)).reshape(shape)
