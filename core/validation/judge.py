"""The judge: measure every figure in simulated worlds whose true gap is known (method.md, "The judge").

A world is one row of a cell and has its own seed, so the rows do not depend on how processes share them.
"""

import math
import zlib
from collections.abc import Iterable
from dataclasses import astuple

import numpy as np
from numpy.typing import ArrayLike

from core.gap.analysis import analyse
from core.gap.head_to_head import head_to_head, verdict
from core.gap.parameters import CLUSTERED_2
from core.validation.estimates import FIGURES
from core.validation.grades import COLUMNS, Cell
from core.validation.worlds import DESIGNS, MONTHS, RIVALS, World, make_world, true_lag
from core.words import CLASSES

WORLDS = (*DESIGNS, *RIVALS)
_METHOD = CLUSTERED_2
_MOST_BENCHMARKS = 22
"""With more, the 2^n sums of the exact permutation test do not fit in memory; the study has 17."""


def judge(world: str, numbers: Iterable[int]) -> Cell:
    """Draw the worlds with these numbers, and measure every figure in each. Raises KeyError for an unknown world."""
    design = {**DESIGNS, **RIVALS}[world]
    rows, p_values, ahead = [], [], []
    for number in numbers:
        world_drawn = make_world(design, np.random.default_rng([zlib.crc32(world.encode()), number]))
        is_rival = world in RIVALS
        rows.append(np.full((len(FIGURES), len(COLUMNS)), math.nan) if is_rival else np.array(_measure(world_drawn)))
        p_values.append(math.nan if is_rival else _private_public_p_value(world_drawn))
        ahead.append(_called_ahead(world_drawn) if is_rival else math.nan)
    return Cell(world, np.array(rows), np.array(p_values), np.array(ahead))


def _measure(world: World) -> list[tuple[float, ...]]:
    """Measure every figure on a world's private boards; return a row of COLUMNS per figure, with the truth."""
    mean = world.true_mean(world.as_of)
    now = float(true_lag(world.design, np.array([float(MONTHS)]))[0])
    truths = mean, now, mean - world.true_mean(_METHOD.since.toordinal())
    boards = world.boards[: world.design.private]
    return [(*astuple(figure(world.evidence, boards, world.as_of)), *truths) for figure in FIGURES.values()]


def _private_public_p_value(world: World) -> float:
    """Return the p-value for private against public tests; NaN if there is only one class."""
    if world.design.private == world.design.boards:
        return math.nan
    classes = analyse(world.evidence, world.boards, world.as_of, _METHOD).classes
    recent = [gap.catch_up.recent for gap in classes.values()]
    if len(recent) < len(CLASSES):
        return math.nan
    units = [np.unique(points.cluster, return_inverse=True)[1] for points in recent]
    means = [np.bincount(unit, points.months) / np.bincount(unit) for unit, points in zip(units, recent, strict=True)]
    is_private = np.arange(sum(map(len, means))) < len(means[0])
    p_value = permutation_p(np.concatenate(means), is_private)
    return math.nan if p_value is None else p_value


def _called_ahead(world: World) -> float:
    """Return 1 if one group of open models is reported as ahead of its twins, else 0."""
    of_open = np.flatnonzero(world.evidence.model_is_open)
    left, right = (np.isin(np.arange(len(world.ability)), of_open[first::2]) for first in (0, 1))
    meetings = head_to_head(world.evidence, world.boards.tolist(), world.as_of, left, right)
    return float(verdict(meetings).ahead != 0)


def permutation_p(means: ArrayLike, is_first: ArrayLike) -> float | None:
    """Return the p-value of the difference between two sets of benchmarks, by permuting labels (method.md, E8).

    Shape: means (months) and is_first are (G,), one entry per benchmark. Two-sided and exact: over every way to choose
    the first set (24,310 for 8 of 17), by the sums of all subsets of that size. None if a set is empty or there are too
    many benchmarks. Source: Fisher 1935.
    """
    values, first = np.asarray(means, dtype=np.float64), np.asarray(is_first, dtype=np.bool_)
    n, n_first = len(values), int(first.sum())
    if not 0 < n_first < n or n > _MOST_BENCHMARKS:
        return None
    sums, sizes = np.zeros(1), np.zeros(1, dtype=np.int8)
    for value in values.tolist():
        sums = np.concatenate((sums, sums + value))
        sizes = np.concatenate((sizes, sizes + np.int8(1)))
    chosen_sums = sums[sizes == n_first]
    total = float(values.sum())
    differences = chosen_sums / n_first - (total - chosen_sums) / (n - n_first)
    observed_difference = abs(float(values[first].mean() - values[~first].mean()))
    return float((np.abs(differences) >= observed_difference - 1e-9).mean())
