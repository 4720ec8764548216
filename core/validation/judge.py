"""The judge: what each figure that a person is told does in worlds whose truth is known (method.md, "The judge").

A world is one row of a cell, drawn from a seed of its own, so that the rows are the same however they are shared out
among processes.
"""

import math
import zlib
from collections.abc import Iterable
from dataclasses import astuple

import numpy as np

from core.gap.analysis import analyse
from core.gap.head_to_head import head_to_head, verdict
from core.gap.parameters import CLUSTERED_2
from core.validation.estimates import FIGURES
from core.validation.grades import COLUMNS, Cell
from core.validation.private_public import permutation_p
from core.validation.worlds import DESIGNS, MONTHS, RIVALS, World, make_world, true_lag
from core.words import CLASSES

WORLDS = (*DESIGNS, *RIVALS)
_METHOD = CLUSTERED_2


def judge(world: str, numbers: Iterable[int]) -> Cell:
    """Draw the worlds of these numbers, and measure each by every figure. Raises KeyError on an unknown world."""
    design = {**DESIGNS, **RIVALS}[world]
    rows, p_values, ahead = [], [], []
    for number in numbers:
        made = make_world(design, np.random.default_rng([zlib.crc32(world.encode()), number]))
        is_rival = world in RIVALS
        rows.append(np.full((len(FIGURES), len(COLUMNS)), math.nan) if is_rival else np.array(_measure(made)))
        p_values.append(math.nan if is_rival else _private_public_p_value(made))
        ahead.append(_is_called_ahead(made) if is_rival else math.nan)
    return Cell(world, np.array(rows), np.array(p_values), np.array(ahead))


def _measure(world: World) -> list[tuple[float, ...]]:
    """Measure one world's private boards by every figure, beside what is true: a row of COLUMNS for each."""
    mean = world.true_mean(world.as_of)
    now = float(true_lag(world.design, np.array([float(MONTHS)]))[0])
    truths = mean, now, mean - world.true_mean(_METHOD.since.toordinal())
    boards = world.boards[: world.design.private]
    return [(*astuple(figure(world.evidence, boards, world.as_of)), *truths) for figure in FIGURES.values()]


def _private_public_p_value(world: World) -> float:
    """Return the p-value of private against public tests; NaN where there is one class."""
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


def _is_called_ahead(world: World) -> float:
    """Say whether one group of open models is called ahead of its twins."""
    of_open = np.flatnonzero(world.evidence.model_is_open)
    left, right = (np.isin(np.arange(len(world.ability)), of_open[first::2]) for first in (0, 1))
    meetings = head_to_head(world.evidence, world.boards.tolist(), world.as_of, left, right)
    return float(verdict(meetings).ahead != 0)
