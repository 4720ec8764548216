"""The scales of an evidence as plain values, so that they can be kept with it: each is fitted once a revision."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from core.evidence.evidence import Evidence
from core.gap.index_figure import Scale


def as_kept(evidence: Evidence) -> dict[str, Any]:
    """Return the scales that were fitted to an evidence, by what they were fitted for; arrays as their bytes."""
    return {
        " ".join(map(str, key)): None
        if scale is None
        else {each.name: _plain(getattr(scale, each.name)) for each in fields(Scale)}
        for key, scale in evidence.scales.items()
    }


def recall(evidence: Evidence, kept: Mapping[str, Any]) -> None:
    """Give an evidence the scales that were kept for it; raises ValueError, KeyError or TypeError for anything else."""
    evidence.scales.update({tuple(map(int, key.split())): _scale(plain) for key, plain in kept.items()})


def _scale(plain: Mapping[str, Any] | None) -> Scale | None:
    return None if plain is None else Scale(**{each.name: _value(plain[each.name]) for each in fields(Scale)})


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [value.dtype.str, value.shape, b64encode(value.tobytes()).decode()]
    return value


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        kind, shape, raw = plain
        return np.frombuffer(b64decode(raw, validate=True), np.dtype(kind)).reshape(shape)
    return plain
