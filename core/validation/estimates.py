"""The estimators that the judge compares with the truth; each is a function of the evidence and a class's boards.

To add one, write a function and add a line to FIGURES. HEADLINE names the estimator that the page and `trust` are
about.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import analyse
from core.gap.direction import follow_changes
from core.gap.figures import NORMAL_DF, Headline
from core.gap.index_figure import FORM, measure_index_1, read_gaps, scale_of
from core.gap.index_fit import Form
from core.gap.intervals import t_quantile
from core.gap.parameters import CLUSTERED_2, INDEX_1, INDEX_2

_SINCE = INDEX_2.since.toordinal()


@dataclass(frozen=True)
class Estimate:
    """An estimator's results in one world; NaN if it has none.

    The figure and its change since January 2025 are in months; each has a standard error and the degrees of freedom of
    its interval (infinite for a normal interval). `direction` is the gap's direction on the last day: 1 wider, -1
    narrower, 0 neither. `flips_a_year` counts the changes of direction between calendar month ends.
    """

    months: float = math.nan
    error: float = math.nan
    df: float = math.nan
    change: float = math.nan
    change_error: float = math.nan
    change_df: float = math.nan
    direction: float = math.nan
    flips_a_year: float = math.nan


Estimator = Callable[[Evidence, IntArray, int], Estimate]
"""Takes a world's evidence, the boards (indices) of the measured class, and the last day (ordinal)."""


def gap_by_form(evidence: Evidence, boards: IntArray, as_of: int, form: Form = FORM) -> Estimate:
    """Measure the gap on a scale, and follow its direction along month ends (method index-2)."""
    scale = scale_of(evidence, boards, INDEX_2, form)
    if scale is None:
        return Estimate()
    path = follow_changes(evidence, scale, as_of, INDEX_2)
    gaps_ = read_gaps(scale, np.array([as_of, _SINCE]))
    error = gaps_.error(0, scale.family_error)
    change, change_error = float(gaps_.months[0] - gaps_.months[1]), gaps_.change_error(0, 1)
    months = float(gaps_.months[0])
    if not len(path.states):
        return Estimate(months, error, NORMAL_DF, change, change_error, NORMAL_DF)
    state, flips = float(path.states[-1]), flips_a_year(path.states)
    return Estimate(months, error, NORMAL_DF, change, change_error, NORMAL_DF, state, flips)


def flips_a_year(states: IntArray) -> float:
    """Return how often the state changes per year; it starts as "can't say".

    Shape: states (month ends,), in order.
    """
    return float((np.diff(states, prepend=0) != 0).sum()) * 12 / len(states)


def gap_by_index_1(evidence: Evidence, boards: IntArray, as_of: int) -> Estimate:
    """Measure the gap by the previous method, index-1."""
    return _from_range(measure_index_1(evidence, boards, as_of, INDEX_1))


def catch_up_time(evidence: Evidence, boards: IntArray, as_of: int) -> Estimate:
    """Return the catch-up time on the last day on which it can be measured."""
    [gap] = analyse(evidence, boards, as_of, CLUSTERED_2).classes.values()
    return _from_range(gap.catch_up.figure)


def _from_range(figure: Headline) -> Estimate:
    """Return the estimate of a figure, with the standard error derived from its 90 % range."""
    if figure.months is None or figure.low is None or figure.high is None:
        return Estimate()
    df = max((figure.n_effective or 0.0) - 1, 0.5)
    return Estimate(figure.months, (figure.high - figure.low) / 2 / float(t_quantile(0.95, df)), df)


HEADLINE = "the gap"
"""The headline's name."""
FIGURES: dict[str, Estimator] = {
    HEADLINE: gap_by_form,
    "the gap, prior of index-1": partial(gap_by_form, form=Form("line")),
    "the gap, frontiers of both sides": partial(gap_by_form, form=Form("both-frontiers", widened=2.0)),
    "the gap by index-1": gap_by_index_1,
    "catch-up time": catch_up_time,
}
"""The estimators by name."""
