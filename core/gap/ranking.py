"""The best open models on the index of a class of tests, and which of them can't be told apart (method.md, E6)."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, IntArray, Model
from core.gap.cache import cached
from core.gap.figures import normal_half
from core.gap.index_figure import Scale, reading_day, scale_of
from core.gap.model_index import ModelIndex, model_index
from core.gap.parameters import Parameters

FEWEST_TRIED = 2
"""Families of tests that must have tried a model: one is too little to call it best."""


@dataclass(frozen=True)
class Ranked:
    """An open model with its place on the index, and how many families of tests have tried it.

    `is_apart` says whether the first of the ranking stands above it by more than chance; the first itself is not apart.
    """

    model: Model
    index: ModelIndex
    n_families: int
    is_apart: bool


def ranking(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, *,
    open_models: BoolArray | None = None, of_labs: bool = False, most: int = 10,
) -> tuple[Ranked, ...]:  # fmt: skip
    """Return the open models out on a day (ordinal) that stand highest on the index of some boards, the best first.

    `open_models` (one flag per model) narrows them; `of_labs` leaves the best of each lab. Models that fewer than two
    families of tests have tried are left out; there are none where the boards have no index. Two are told apart where
    the interval of their difference by draws, at the method's level, leaves 0 out.
    """
    known = scale_of(evidence, boards, parameters)
    if known is None:
        return ()
    n_families = _families(evidence, known)
    counted = known.is_open & (known.day <= reading_day(evidence, as_of, parameters)) & (n_families >= FEWEST_TRIED)
    if open_models is not None:
        counted &= open_models[known.model]
    places = np.flatnonzero(counted)
    places = places[np.argsort(-known.fit.ability[places], kind="stable")]
    if of_labs:
        labs = [evidence.models[number].lab for number in known.model[places].tolist()]
        places = places[[bool(lab) and labs.index(lab) == n for n, lab in enumerate(labs)]]
    found = []
    for place in places[:most].tolist():
        model = int(known.model[place])
        index = model_index(evidence, model, boards, as_of, parameters)
        if index is not None:
            apart = _is_apart(known, int(places[0]), place, parameters.level)
            found.append(Ranked(evidence.models[model], index, int(n_families[place]), apart))
    return tuple(found)


def _families(evidence: Evidence, known: Scale) -> IntArray:
    """Count the families of tests that have tried each model of a scale: (models,)."""

    def count() -> IntArray:
        on = np.isin(evidence.board, known.boards)
        pairs = set(zip(evidence.model[on].tolist(), evidence.families[evidence.board[on]].tolist(), strict=True))
        number = np.bincount([model for model, _ in pairs], minlength=len(evidence.models))
        return np.asarray(number[known.model])

    return cached(evidence, count, "tried", *known.boards.tolist())


def tried_enough(evidence: Evidence, known: Scale) -> BoolArray:
    """Return which models of a scale two families of tests or more have tried: (models,)."""
    return np.asarray(_families(evidence, known) >= FEWEST_TRIED)


def _is_apart(known: Scale, first: int, other: int, level: float) -> bool:
    """Whether one model of a scale (a place) stands above another by more than chance."""
    by, half = difference(known, first, other, level)
    return first != other and by > half


def difference(known: Scale, first: int, other: int, level: float) -> tuple[float, float]:
    """Return how far one model of a scale (a place) stands above another, and half the interval of that, by draws."""
    apart = known.draws[:, first] - known.draws[:, other]
    return float(known.fit.ability[first] - known.fit.ability[other]), normal_half(level) * float(apart.std())
