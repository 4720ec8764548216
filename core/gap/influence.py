"""What the gap of a class rests on: the tests, the model and the grade of evidence that move it most."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from core.evidence.evidence import Board, BoolArray, Evidence, IntArray, Model
from core.gap.class_gap import ClassGap
from core.gap.index_figure import (
    FEWEST_FAMILIES,
    Scale,
    models_rested_on,
    month_ends,
    read_days,
    scale_of,
    scale_without,
)
from core.gap.kept import OfBoards, measured_once
from core.gap.parameters import Parameters

Kind = Literal["family", "model", "grade"]

_DRAWS = 100
"""Enough for a move, as both sides are read on alike ones."""
WEAK_GRADES = ("registry", "third-party")
"""The grades of evidence that a sceptic would leave out: without the stronger ones hardly a model is classified."""


@dataclass(frozen=True)
class Influence:
    """One thing left out of a class as if it had no score, and the class's figure without it.

    `boards` are those of a family, `grade` is a grade of evidence; what is not of this kind is empty. `months` is the
    figure without it, on the same day, `moved` by how many months it moves; None where nothing is left to read.
    """

    kind: Kind
    access: str
    months: float | None = None
    moved: float | None = None
    boards: tuple[Board, ...] = ()
    models: tuple[Model, ...] = ()
    grade: str = ""

    @property
    def size(self) -> float:
        """Return how far the figure moves; where nothing is left to read, farther than all else."""
        return float("inf") if self.moved is None else abs(self.moved)


class Measured(OfBoards, Protocol):
    """The figures of the classes of some boards, as of a day."""

    @property
    def classes(self) -> Mapping[str, ClassGap]:
        """Return the figures of each class."""
        ...


@measured_once
def influences(
    evidence: Evidence, measured: Measured, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> tuple[Influence, ...]:
    """Find, per class and kind, what moves the gap as of a day (ordinal) most when it is left out; largest move first.

    Each family of tests is left out, each model on which the reading of one of the six month ends rests, and all models
    whose side only weak evidence tells; the scale is fitted anew without their scores, and both are read on few draws.
    """
    largest: list[Influence] = []
    for name, gap in measured.classes.items():
        figure, whole = gap.index.figure, scale_of(evidence, gap.boards, parameters)
        if whole is None or figure.months is None or figure.at is None:
            continue
        whole, ends = replace(whole, n_draws=_DRAWS), month_ends(np.array([figure.at]))[0]
        before = _read(whole, ends, open_models)
        by_kind: dict[Kind, Influence] = {}
        rested_on = models_rested_on(whole.of(open_models), figure.at)
        for part, boards, models in _parts(evidence, name, whole, rested_on):
            keeps = part.kind != "model"  # the models that figures rest on are others on other days
            without = scale_without(evidence, whole, models=models, boards=boards, keeps=keeps)
            moved = _read(without, ends, open_models) - before
            tried = replace(part, months=figure.months + moved, moved=moved) if np.isfinite(moved) else part
            if tried.kind not in by_kind or tried.size > by_kind[tried.kind].size:
                by_kind[tried.kind] = tried
        largest += by_kind.values()
    return tuple(sorted(largest, key=lambda part: -part.size))


def _read(scale: Scale, ends: IntArray, open_models: BoolArray | None) -> float:
    """Read the figure of a scale, NaN where it can't be read."""
    if scale.n_families < FEWEST_FAMILIES:
        return float("nan")
    return float(read_days(scale.of(open_models), scale.draws, ends).mean())


def _parts(
    evidence: Evidence, access: str, whole: Scale, rested_on: Collection[int]
) -> Iterator[tuple[Influence, tuple[int, ...], tuple[int, ...]]]:
    """Yield each family of boards, each of some models, and the models of each weak grade; each with its indices."""
    family, models = evidence.families[whole.boards], evidence.models
    for code in sorted(set(family.tolist())):
        boards = tuple(whole.boards[family == code].tolist())
        yield Influence("family", access, boards=tuple(evidence.boards[board] for board in boards)), boards, ()
    for model in sorted(rested_on):
        yield Influence("model", access, models=(models[model],)), (), (model,)
    for grade in WEAK_GRADES:
        weak = tuple(n for n in np.sort(whole.model).tolist() if models[n].openness_grade == grade)
        if weak:
            yield Influence("grade", access, models=tuple(models[n] for n in weak), grade=grade), (), weak
