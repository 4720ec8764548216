"""The gap by method `index-1`, kept so that its published figures can be run again; `index-2` replaced it.

Open models are drawn to one line, the figure is that of the mode, and its range is a jackknife over families of tests.
"""

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.figures import NO_FIGURE, Headline, headline_of
from core.gap.index_figure import FEWEST_FAMILIES, MONTH_ENDS, read_days, scale_of
from core.gap.index_fit import Cells, Form, Index, fit_index
from core.gap.parameters import MONTH_DAYS, Parameters


def measure_index_1(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> Headline:
    """Measure the gap of a class at the newest release by the day `as_of` (ordinal), with t(families - 1) range."""
    scale = scale_of(evidence, boards, parameters, Form("line"))
    if scale is None or scale.n_families < FEWEST_FAMILIES or not (scale.day <= as_of).any():
        return NO_FIGURE
    at = int(scale.day[scale.day <= as_of].max())
    ability = np.concatenate(
        (scale.mode, abilities_without_families(scale.cells, scale.fit, evidence.families[scale.boards]))
    )
    ends = at - np.round(np.arange(MONTH_ENDS) * MONTH_DAYS).astype(np.int64)
    gaps = read_days(scale.of(open_models), ability, ends)
    if not np.isfinite(gaps).all():  # without one family there may be no open model as yet
        return NO_FIGURE
    means, swing = gaps.mean(axis=1), gaps[0].std(ddof=1) / np.sqrt(MONTH_ENDS)
    error = float(np.hypot(jackknife_error(means[1:]), swing))
    return headline_of(means[0], error, scale.n_families - 1.0, at, float(scale.n_families), parameters.level)


def abilities_without_families(cells: Cells, fit: Index, family: IntArray) -> FloatArray:
    """Refit without each family of boards in turn: abilities (families, models), -inf without a score elsewhere.

    One step from the whole fit, near enough to it. `family` (boards,) holds integer codes.
    """
    names, code = np.unique(family, return_inverse=True)
    abilities = np.full((len(names), len(cells.models)), -np.inf)
    for n in range(len(names)):
        weight = (code != n).astype(np.float64)[cells.board]
        seen = np.bincount(cells.model, weights=weight, minlength=len(cells.models)) > 0
        if seen.any():
            abilities[n, seen] = fit_index(cells, weight, fit, 1, 1).ability[seen]
    return abilities


def jackknife_error(values: FloatArray) -> float:
    """Return the standard error of a figure from its values without each family (Tukey 1958)."""
    number = len(values)
    return float(np.sqrt((number - 1) / number * ((values - values.mean()) ** 2).sum())) if number > 1 else float("nan")
