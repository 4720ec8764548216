"""The best open models on the index of a class of tests, and which can't be distinguished (method.md, E6)."""

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import BoolArray, Evidence, IntArray, Model
from core.gap.cache import cached
from core.gap.figures import normal_half
from core.gap.index_figure import Scale, reading_day, scale_of
from core.gap.model_index import ModelIndex, model_index
from core.gap.parameters import Parameters

FEWEST_TRIED = 2
"""Families of tests that must have tested a model: one is not enough to call it best."""


@dataclass(frozen=True)
class RankedModel:
    """An open model with its place on the index, and the number of families of tests that have tested it.

    `is_apart` is true if the first of the ranking is above it by more than chance; it is false for the first itself.
    """

    model: Model
    index: ModelIndex
    n_families: int
    is_apart: bool


def rank_models(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, *,
    open_models: BoolArray | None = None, of_labs: bool = False, most: int = 10,
) -> tuple[RankedModel, ...]:  # fmt: skip
    """Return the open models released by a day (ordinal) with the highest index on some boards, best first.

    `open_models` (one flag per model) narrows them; `of_labs` keeps only the best model of each lab. Models tested by
    fewer than two families of tests are left out. Empty if the boards have no index. Two models are apart if the
    interval of their difference by draws, at the method's level, excludes 0.
    """
    scale = scale_of(evidence, boards, parameters)
    if scale is None:
        return ()
    n_families = _count_families(evidence, scale)
    places = _sort_places(scale, reading_day(evidence, as_of, parameters), open_models)
    places = places[n_families[places] >= FEWEST_TRIED]
    if of_labs:
        labs = [evidence.models[number].lab for number in scale.model[places].tolist()]
        places = places[[bool(lab) and labs.index(lab) == n for n, lab in enumerate(labs)]]
    ranked_models = []
    for place in places[:most].tolist():
        model = int(scale.model[place])
        index = model_index(evidence, model, boards, as_of, parameters)
        if index is not None:
            is_apart = _is_apart(scale, int(places[0]), place, parameters.level)
            ranked_models.append(RankedModel(evidence.models[model], index, int(n_families[place]), is_apart))
    return tuple(ranked_models)


def list_untried(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> list[int]:
    """Return the models (indices) above all that `rank_models` ranks, best first, which too few families have tested.

    Where it ranks none, these are all models.
    """
    scale = scale_of(evidence, boards, parameters)
    if scale is None:
        return []
    places = _sort_places(scale, reading_day(evidence, as_of, parameters), open_models)
    is_above = np.cumsum(tried_enough(evidence, scale)[places]) == 0
    return [int(number) for number in scale.model[places[is_above]]]


def _sort_places(scale: Scale, at: int, open_models: BoolArray | None) -> IntArray:
    """Return the open models of a scale (positions) released by a day, highest first, narrowed to `open_models`."""
    is_counted = scale.is_open & (scale.day <= at)
    if open_models is not None:
        is_counted &= open_models[scale.model]
    places = np.flatnonzero(is_counted)
    return np.asarray(places[np.argsort(-scale.fit.ability[places], kind="stable")])


def _count_families(evidence: Evidence, scale: Scale) -> IntArray:
    """Count the families of tests that have tested each model of a scale: (models,)."""

    def count() -> IntArray:
        is_used = np.isin(evidence.board, scale.boards)
        families = evidence.families[evidence.board[is_used]]
        pairs = set(zip(evidence.model[is_used].tolist(), families.tolist(), strict=True))
        number = np.bincount([model for model, _ in pairs], minlength=len(evidence.models))
        return np.asarray(number[scale.model])

    return cached(evidence, count, "tried", *scale.boards.tolist())


def tried_enough(evidence: Evidence, scale: Scale) -> BoolArray:
    """Return which models of a scale at least two families of tests have tested: (models,)."""
    return np.asarray(_count_families(evidence, scale) >= FEWEST_TRIED)


def _is_apart(scale: Scale, first: int, other: int, level: float) -> bool:
    """Return whether one model of a scale (a position) is above another by more than chance."""
    above, draws = (ability[..., first] - ability[..., other] for ability in (scale.fit.ability, scale.draws))
    return first != other and bool(above > normal_half(level) * draws.std())
