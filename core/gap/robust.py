"""E9: how much the gap of a class depends on choices: the same figure under other defensible ones."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, IntArray
from core.gap.index_figure import FORM, class_index, fit_scale, read_gaps
from core.gap.index_fit import Form
from core.gap.influence import WEAK_GRADES
from core.gap.kept import measured_once
from core.gap.parameters import Parameters
from core.words import CLASSES

DATA_CHOICES = ("openness", "disputed", "scores", "open-models")
"""Well-evidenced models alone; disputed models on their other side; no self-reported scores; China's open models."""
MODEL_CHOICES: dict[str, Form] = {
    "prior-line": Form("line"),
    "prior-both": Form("both-frontiers", widened=2.0),
    "frontier-narrow": replace(FORM, frontier_years=0.15),
    "frontier-wide": replace(FORM, frontier_years=1.5),
    "no-offsets": replace(FORM, has_offsets=False),
    "ranks": replace(FORM, scores="rank"),
    "ceiling": replace(FORM, scores="ceiling"),
}
"""Other forms of the fit, one at a time."""
CHINA = "China"


@dataclass(frozen=True)
class Move:
    """What one choice does to the figure, in months: of data the median over all combinations of the others."""

    choice: str
    months: float


@dataclass(frozen=True)
class Combination:
    """What was chosen otherwise, and the figure of it in months; NaN where there is none."""

    choices: tuple[str, ...]
    months: float


@dataclass(frozen=True)
class Robust:
    """The figure of a class under other choices: the smallest, the median and the largest.

    `moves` has each choice, the largest move first. The first of `combinations` chooses nothing: it is the figure.
    """

    access: str
    low: float
    median: float
    high: float
    moves: tuple[Move, ...]
    combinations: tuple[Combination, ...]


@measured_once
def robust(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> tuple[Robust, ...]:
    """Measure the gap of each class under all combinations of choices of data, and under other forms of the fit.

    As of a day (ordinal). `open_models` (one flag per model) narrows the open side, which is no choice then; nor is the
    side of disputed models, where there are none. Source of the form: Simonsohn, Simmons and Nelson 2020,
    "Specification curve analysis".
    """
    access = np.array([board.access for board in evidence.boards])
    scored = np.bincount(evidence.model[np.isin(evidence.board, boards)], minlength=len(evidence.models))
    disputed = [n for n, model in enumerate(evidence.models) if model.is_disputed and scored[n]]
    applies = {"disputed": bool(disputed), "open-models": open_models is None}
    choices = [name for name in DATA_CHOICES if applies.get(name, True)]
    found = []
    for name in CLASSES:
        of_class = boards[access[boards] == name]
        whole = class_index(evidence, of_class, as_of, parameters, open_models).figure if len(of_class) > 1 else None
        if whole is None or whole.months is None or whole.at is None:
            continue
        at = whole.at
        months: dict[tuple[str, ...], float] = {(): whole.months}
        for chosen, varied, counted in _vary_data(evidence, choices, disputed, open_models):
            months[chosen] = _read(varied, of_class, at, parameters, counted, FORM)
        moves = [Move(choice, _median_move(months, choice)) for choice in choices]
        for choice, form in MODEL_CHOICES.items():
            months[choice,] = _read(evidence, of_class, at, parameters, open_models, form)
            moves.append(Move(choice, months[choice,] - whole.months))
        moves = sorted((move for move in moves if np.isfinite(move.months)), key=lambda move: -abs(move.months))
        known = [value for value in months.values() if np.isfinite(value)]
        combinations = tuple(Combination(chosen, value) for chosen, value in months.items())
        found.append(Robust(name, min(known), float(np.median(known)), max(known), tuple(moves), combinations))
    return tuple(found)


def _read(
    evidence: Evidence, boards: IntArray, at: int, parameters: Parameters, counted: BoolArray | None, form: Form
) -> float:
    """Read the figure of a form of the fit at a day, NaN where there is none."""
    scale = fit_scale(evidence, boards, parameters, form)
    if scale is None:
        return float("nan")
    return float(read_gaps(scale.of(counted), np.array([at])).months[0])


def _median_move(months: dict[tuple[str, ...], float], choice: str) -> float:
    """Return what a choice of data moves: the median over pairs of combinations that differ in it alone."""
    moves = [value - months[tuple(each for each in chosen if each != choice)]
             for chosen, value in months.items() if choice in chosen]  # fmt: skip
    known = [move for move in moves if np.isfinite(move)]
    return float(np.median(known)) if known else float("nan")


def _vary_data(
    evidence: Evidence, choices: list[str], disputed: list[int], open_models: BoolArray | None
) -> Iterator[tuple[tuple[str, ...], Evidence, BoolArray | None]]:
    """Yield each combination of choices of data but none: its choices, the evidence by them, and the open models."""
    weak = [n for n, model in enumerate(evidence.models) if model.openness_grade in WEAK_GRADES]
    chinese = np.array([model.country == CHINA for model in evidence.models], dtype=np.bool_)
    left_out = {
        "openness": np.isin(evidence.model, weak),
        "scores": evidence.self_reported if len(evidence.self_reported) else np.zeros(len(evidence.score), np.bool_),
    }
    for number in range(1, len(choices) + 1):
        for chosen in itertools.combinations(choices, number):
            rows = [left_out[name] for name in chosen if name in left_out]
            varied = evidence.turned(disputed) if "disputed" in chosen else evidence
            varied = varied.where(~np.any(rows, axis=0)) if rows else varied
            yield chosen, varied, chinese if "open-models" in chosen else open_models
