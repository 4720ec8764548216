"""E9: what the gap of a class rests on, and how much it depends on choices: the figure computed with other evidence."""

import itertools
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Literal

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, IntArray, Model
from core.gap.cache import cached_by_default
from core.gap.crossings import by_class
from core.gap.figures import Headline
from core.gap.index_figure import (
    FEWEST_FAMILIES,
    FORM,
    Scale,
    class_index,
    fit_scale,
    models_rested_on,
    month_ends,
    read_days,
    read_gaps,
    reading_day,
    scale_of,
    scale_without,
)
from core.gap.index_fit import Form
from core.gap.parameters import Parameters
from core.words import CLASSES

Kind = Literal["family", "model", "grade"]

_DRAWS = 100
"""Enough for a move, because both figures are read on similar draws."""
WEAK_GRADES = ("registry", "third-party")
"""The grades of evidence that a sceptic would exclude; without the stronger grades hardly any model is classified."""


@dataclass(frozen=True)
class Influence:
    """An input left out of a class as if it had no score, and the figure of the class without it.

    `boards` holds the boards of a family, `grade` is a grade of evidence; the fields of other kinds are empty. `moved`
    is by how many months the figure moves on the same day; None if the figure can't be read. `months` is the figure
    without the input, or None if it was not asked for.
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
        """Return how far the figure moves; infinity if it can't be read."""
        return float("inf") if self.moved is None else abs(self.moved)

    @property
    def family(self) -> str:
        """Return the family of the boards; empty if the input is not a family."""
        return self.boards[0].family if self.boards else ""

    @property
    def model(self) -> Model | None:
        """Return the model; None if the input is not a model."""
        return self.models[0] if self.kind == "model" else None

    def with_figure(self, figure: Headline) -> "Influence":
        """Return the influence with `months`, computed from a figure of the class."""
        if figure.months is None or self.moved is None:
            return self
        return replace(self, months=figure.months + self.moved)


@cached_by_default
def find_influences(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> tuple[Influence, ...]:
    """Find the input of each kind that moves the gap of a class most when left out, as of a day (ordinal).

    The inputs are each family of tests, each model that the reading at one of the six month ends rests on, and all
    models with only weak evidence of being open or closed. The scale is refitted without their scores, and both figures
    are read on few draws. Empty if the boards have no scale.
    """
    scale, at = scale_of(evidence, boards, parameters), reading_day(evidence, as_of, parameters)
    if scale is None:
        return ()
    scale, ends = replace(scale, n_draws=_DRAWS), month_ends(np.array([at]))[0]
    months = _read_figure(scale, ends, open_models)
    largest: dict[Kind, Influence] = {}
    for part, part_boards, part_models in _parts(evidence, scale, models_rested_on(scale.restrict(open_models), at)):
        keeps = part.kind != "model"  # figures rest on other models on other days
        reduced_scale = scale_without(evidence, scale, models=part_models, boards=part_boards, keeps=keeps)
        move = _read_figure(reduced_scale, ends, open_models) - months
        influence = replace(part, moved=move) if np.isfinite(move) else part
        if influence.kind not in largest or influence.size > largest[influence.kind].size:
            largest[influence.kind] = influence
    return tuple(largest.values())


def _read_figure(scale: Scale, ends: IntArray, open_models: BoolArray | None) -> float:
    """Read the figure of a scale; NaN if it can't be read."""
    if scale.n_families < FEWEST_FAMILIES:
        return float("nan")
    return float(read_days(scale.restrict(open_models), scale.draws, ends).mean())


def _parts(
    evidence: Evidence, scale: Scale, rested_on: Collection[int]
) -> Iterator[tuple[Influence, tuple[int, ...], tuple[int, ...]]]:
    """Yield each family of boards, each model in `rested_on`, and the models of each weak grade, with their indices."""
    family, models = evidence.families[scale.boards], evidence.models
    access = evidence.boards[scale.boards[0]].access
    for code in sorted(set(family.tolist())):
        boards = tuple(scale.boards[family == code].tolist())
        yield Influence("family", access, boards=tuple(evidence.boards[board] for board in boards)), boards, ()
    for model in sorted(rested_on):
        yield Influence("model", access, models=(models[model],)), (), (model,)
    for grade in WEAK_GRADES:
        weak = tuple(n for n in np.sort(scale.model).tolist() if models[n].openness_grade == grade)
        if weak:
            yield Influence("grade", access, models=tuple(models[n] for n in weak), grade=grade), (), weak


DATA_CHOICES = ("openness", "disputed", "scores", "open-models")
"""Only models with strong evidence; disputed models on the other side; no self-reported scores; only China's open
models."""
MODEL_CHOICES: dict[str, Form] = {
    "prior-line": Form("line"),
    "prior-both": Form("both-frontiers", widened=2.0),
    "frontier-narrow": replace(FORM, frontier_years=0.15),
    "frontier-wide": replace(FORM, frontier_years=1.5),
    "no-offsets": replace(FORM, has_offsets=False),
    "ranks": replace(FORM, scores="rank"),
    "ceiling": replace(FORM, scores="ceiling"),
}
"""Other forms of the fit, applied one at a time."""
CHINA = "China"


@dataclass(frozen=True)
class Move:
    """The effect of one choice on the figure, in months; for data, the median over combinations of other choices."""

    choice: str
    months: float


@dataclass(frozen=True)
class Combination:
    """The choices made differently, and the resulting figure in months; NaN if there is none."""

    choices: tuple[str, ...]
    months: float


@dataclass(frozen=True)
class Robust:
    """The smallest, the median and the largest figure of a class under other choices.

    `moves` holds the choices, largest move first. The first of `combinations` has no choices: it is the figure itself.
    """

    access: str
    low: float
    median: float
    high: float
    moves: tuple[Move, ...]
    combinations: tuple[Combination, ...]


@cached_by_default
def robust(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> tuple[Robust, ...]:
    """Measure the gap of each class under all combinations of data choices, and under other forms of the fit.

    As of a day (ordinal). `open_models` (one flag per model) narrows the open side, which is then not a choice. The
    side of disputed models is not a choice if no model is disputed. Source of the form: Simonsohn, Simmons and Nelson
    2020, "Specification curve analysis".
    """
    n_scores = np.bincount(evidence.model[np.isin(evidence.board, boards)], minlength=len(evidence.models))
    disputed_models = [n for n, model in enumerate(evidence.models) if model.is_disputed and n_scores[n]]
    applies = {"disputed": bool(disputed_models), "open-models": open_models is None}
    choices = [name for name in DATA_CHOICES if applies.get(name, True)]
    results = []
    for name, class_boards in by_class(evidence, boards).items():
        if name not in CLASSES or len(class_boards) < 2:
            continue
        figure = class_index(evidence, class_boards, as_of, parameters, open_models).figure
        if figure.months is None or figure.at is None:
            continue
        months: dict[tuple[str, ...], float] = {(): figure.months}
        for combination, variant, is_counted in _vary_data(evidence, choices, disputed_models, open_models):
            months[combination] = _read_form(variant, class_boards, figure.at, parameters, is_counted, FORM)
        moves = [Move(choice, _median_move(months, choice)) for choice in choices]
        for choice, form in MODEL_CHOICES.items():
            months[choice,] = _read_form(evidence, class_boards, figure.at, parameters, open_models, form)
            moves.append(Move(choice, months[choice,] - figure.months))
        moves = sorted((move for move in moves if np.isfinite(move.months)), key=lambda move: -abs(move.months))
        values = [value for value in months.values() if np.isfinite(value)]
        combinations = tuple(Combination(combination, value) for combination, value in months.items())
        results.append(Robust(name, min(values), float(np.median(values)), max(values), tuple(moves), combinations))
    return tuple(results)


def _read_form(
    evidence: Evidence, boards: IntArray, at: int, parameters: Parameters, is_counted: BoolArray | None, form: Form
) -> float:
    """Read the figure of a form of the fit on a day; NaN if there is none."""
    scale = fit_scale(evidence, boards, parameters, form)
    if scale is None:
        return float("nan")
    return float(read_gaps(scale.restrict(is_counted), np.array([at])).months[0])


def _median_move(months: dict[tuple[str, ...], float], choice: str) -> float:
    """Return the move of a data choice: the median over pairs of combinations that differ only in this choice."""
    moves = [value - months[tuple(other for other in combination if other != choice)]
             for combination, value in months.items() if choice in combination]  # fmt: skip
    finite_moves = [move for move in moves if np.isfinite(move)]
    return float(np.median(finite_moves)) if finite_moves else float("nan")


def _vary_data(
    evidence: Evidence, choices: list[str], disputed_models: list[int], open_models: BoolArray | None
) -> Iterator[tuple[tuple[str, ...], Evidence, BoolArray | None]]:
    """Yield each non-empty combination of data choices, with its evidence and open models."""
    weak = [n for n, model in enumerate(evidence.models) if model.openness_grade in WEAK_GRADES]
    chinese = np.array([model.country == CHINA for model in evidence.models], dtype=np.bool_)
    left_out = {
        "openness": np.isin(evidence.model, weak),
        "scores": evidence.self_reported if len(evidence.self_reported) else np.zeros(len(evidence.score), np.bool_),
    }
    for number in range(1, len(choices) + 1):
        for combination in itertools.combinations(choices, number):
            rows = [left_out[name] for name in combination if name in left_out]
            variant = evidence.switch_sides(disputed_models) if "disputed" in combination else evidence
            variant = variant.select(~np.any(rows, axis=0)) if rows else variant
            yield combination, variant, chinese if "open-models" in combination else open_models
