"""E8: private against public benchmarks, by exact permutation of the labels over benchmarks (method.md, E8)."""

import numpy as np
from numpy.typing import ArrayLike

_MOST_BENCHMARKS = 22
"""Above this the exact permutation's 2^n sums no longer fit; the study has 17."""


def permutation_p(means: ArrayLike, is_first: ArrayLike) -> float | None:
    """Return the chance that two sets of benchmarks lie at least so far apart by their labels alone.

    Shape: means (months) and is_first are (G,), one entry per benchmark. Two-sided and exact: every way to call that
    many benchmarks the first (24,310 with 8 of 17), by the sums of all subsets of the right size. None where a set is
    empty, or with too many benchmarks. Source: Fisher 1935.
    """
    values, first = np.asarray(means, dtype=np.float64), np.asarray(is_first, dtype=np.bool_)
    n, n_first = len(values), int(first.sum())
    if not 0 < n_first < n or n > _MOST_BENCHMARKS:
        return None
    sums, sizes = np.zeros(1), np.zeros(1, dtype=np.int8)
    for value in values.tolist():
        sums = np.concatenate((sums, sums + value))
        sizes = np.concatenate((sizes, sizes + np.int8(1)))
    chosen = sums[sizes == n_first]
    total = float(values.sum())
    differences = chosen / n_first - (total - chosen) / (n - n_first)
    observed = abs(float(values[first].mean() - values[~first].mean()))
    return float((np.abs(differences) >= observed - 1e-9).mean())
