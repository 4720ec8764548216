"""E9: how much each figure of a class depends on choices: the same figure over a grid of defensible ones."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.class_gap import newest_reading
from core.gap.crossings import Points, crossings, joined
from core.gap.index_figure import class_index
from core.gap.influence import WEAK_GRADES
from core.gap.kept import measured_once
from core.gap.parameters import MONTH_DAYS, Measure, Parameters
from core.gap.standing import standing_gaps
from core.gap.standing_figure import figure_of
from core.words import CLASSES

_OF_DATA: dict[str, tuple[str, ...]] = {
    "openness": ("any-evidence", "strong-evidence"),
    "disputed": ("as-counted", "other-side"),
    "scores": ("any", "measured"),
    "open-models": ("all", "China"),
}
_OF_LEVELS: dict[str, tuple[str, ...]] = {
    "levels": ("accepted", "all"),
    "results": ("merged", "each-level"),
    "window": ("all", "since-2025", "recent"),
    "floor": ("10", "25"),
}
CHOICES = _OF_DATA | _OF_LEVELS
"""The options of each choice (method.md, E9), what the default does first. The first half concerns every measure, the
second the levels that catch-up time is read from."""
CHINA = "China"
HIGH_FLOOR = 25.0


@dataclass(frozen=True)
class Move:
    """What one option does against the default of its choice: the median move over all pairs, in months."""

    choice: str
    option: str
    months: float


@dataclass(frozen=True)
class Robust:
    """One figure of a class over all combinations of choices.

    Shape: `months` (n,), NaN where a combination has no figure; `options` (n, choices) numbers each one's options in
    CHOICES. The first row is the default. `moves` has each option but the defaults', the largest move first.
    """

    measure: Measure
    access: str
    choices: tuple[str, ...]
    months: FloatArray
    options: IntArray
    moves: tuple[Move, ...]

    def chosen(self, place: int) -> dict[str, str]:
        """Return the option of each choice in the combination at a place."""
        options = self.options[place].tolist()
        return {name: CHOICES[name][option] for name, option in zip(self.choices, options, strict=True)}

    @property
    def spread(self) -> tuple[float, float, float] | None:
        """Return the smallest figure, the median and the largest, None where no combination has one."""
        known = self.months[np.isfinite(self.months)]
        return (float(known.min()), float(np.median(known)), float(known.max())) if len(known) else None


_Same = tuple[int, ...]
"""What names the rows of a board: two that are named alike are the same."""


@dataclass(frozen=True)
class _Seen:
    """The evidence by one option of each choice of data, and the open models that are counted.

    `touched` (choices, boards) says which boards have a row that a choice changes, of the choices that were made.
    """

    options: tuple[int, ...]
    evidence: Evidence
    open_models: BoolArray | None
    touched: BoolArray

    def same(self, boards: IntArray) -> tuple[_Same, ...]:
        """Return what names the rows of each board: the choices that touch it, and which open models count."""
        counted = self.options[-1:] if self.open_models is not None else ()
        return tuple((board, *self.touched[:, board].tolist(), *counted) for board in boards.tolist())


@dataclass(frozen=True)
class _Known:
    """What was found already: most choices change few boards."""

    points: dict[tuple[_Same, int, int], Points]
    standing: dict[tuple[_Same, ...], dict[Measure, float]]
    read: dict[bytes, float | None]


@measured_once
def robust(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> tuple[Robust, ...]:
    """Measure each class under every combination of choices, as of a day (ordinal): every measure that a method tells.

    `open_models` (one flag per model) narrows the open side, which is no choice then; nor is the side of disputed
    models, where there are none. Source of the form: Simonsohn, Simmons and Nelson 2020, "Specification curve
    analysis".
    """
    access = np.array([board.access for board in evidence.boards])
    classes = {name: boards[access[boards] == name] for name in CLASSES if (access[boards] == name).any()}
    disputed = _disputed(evidence, boards)
    of_data = [name for name in _OF_DATA if _applies(name, disputed, open_models)]
    found: dict[tuple[Measure, str], dict[tuple[int, ...], float]] = {}
    known = _Known({}, {}, {})
    for seen in _seen(evidence, of_data, disputed, open_models):
        points = dict(_points(seen, boards, as_of, parameters, known.points))
        for name, of_class in classes.items():
            if parameters.interval != "points":  # the study knows one measure
                figures = _standing(seen, of_class, as_of, parameters, known.standing)
                for measure, months in figures.items():
                    found.setdefault((measure, name), {})[seen.options] = months
            readings = _readings(points, access == name, as_of, parameters, known.read, single=len(of_class) == 1)
            found.setdefault(("catch_up", name), {}).update({(*seen.options, *of): months for of, months in readings})
    return tuple(
        _robust(measure, name, (*of_data, *(_OF_LEVELS if measure == "catch_up" else ())), months)
        for (measure, name), months in found.items()
    )


def _disputed(evidence: Evidence, boards: IntArray) -> list[int]:
    """Return the models with a score on these boards of which more publishers say the other of open and closed."""
    scored = np.bincount(evidence.model[np.isin(evidence.board, boards)], minlength=len(evidence.models))
    return [n for n, model in enumerate(evidence.models) if model.is_disputed and scored[n]]


def _applies(choice: str, disputed: list[int], open_models: BoolArray | None) -> bool:
    return {"open-models": open_models is None, "disputed": bool(disputed)}.get(choice, True)


def _seen(
    evidence: Evidence, choices: list[str], disputed: list[int], open_models: BoolArray | None
) -> Iterator[_Seen]:
    """Yield the evidence by each combination of the choices of data; each is made once for an evidence."""
    weak = [n for n, model in enumerate(evidence.models) if model.openness_grade in WEAK_GRADES]
    chinese = np.array([model.country == CHINA for model in evidence.models], dtype=np.bool_)
    rows = {
        "openness": np.isin(evidence.model, weak),
        "disputed": np.isin(evidence.model, disputed),
        "scores": evidence.self_reported if len(evidence.self_reported) else np.zeros(len(evidence.score), np.bool_),
    }
    on_boards = {name: np.bincount(evidence.board[of], minlength=len(evidence.boards)) > 0 for name, of in rows.items()}
    for options in itertools.product((0, 1), repeat=len(choices)):
        other = {choice for choice, option in zip(choices, options, strict=True) if option}
        changed = tuple(sorted(other - {"open-models"}))
        if changed and changed not in evidence.varied:
            varied = evidence.turned(disputed) if "disputed" in other else evidence
            left_out = [rows[name] for name in ("openness", "scores") if name in other]
            evidence.varied[changed] = varied.where(~np.any(left_out, axis=0)) if left_out else varied
        yield _Seen(
            options,
            evidence.varied[changed] if changed else evidence,
            chinese if "open-models" in other else open_models,
            np.array([touched & (name in other) for name, touched in on_boards.items()]),
        )


def _standing(
    seen: _Seen,
    boards: IntArray,
    as_of: int,
    parameters: Parameters,
    known: dict[tuple[_Same, ...], dict[Measure, float]],
) -> dict[Measure, float]:
    """Measure the standing gap of a class on the index and test by test, NaN where there is none."""
    same = seen.same(boards)
    if same in known:
        return known[same]
    gaps = standing_gaps(seen.evidence, boards, as_of, parameters, seen.open_models)
    figures: dict[Measure, float | None] = {
        "index": class_index(seen.evidence, boards, as_of, parameters, seen.open_models).figure.months,
        "standing": figure_of(seen.evidence, gaps, parameters, single=len(boards) == 1).months,
    }
    known[same] = {measure: np.nan if months is None else months for measure, months in figures.items()}
    return known[same]


def _points(
    seen: _Seen, boards: IntArray, as_of: int, parameters: Parameters, known: dict[tuple[_Same, int, int], Points]
) -> Iterator[tuple[tuple[int, int], Points]]:
    """Yield the points by how results are counted and by the floor."""
    for each, floor in itertools.product((0, 1), (0, 1)):
        method = replace(
            parameters, merges_levels=not each, floor_percentile=HIGH_FLOOR if floor else parameters.floor_percentile
        )
        parts = []
        for same in seen.same(boards):
            key = same, each, floor
            if key not in known:
                known[key] = crossings(seen.evidence, np.array(same[:1]), as_of, method, seen.open_models).points
            parts.append(known[key])
        yield (each, floor), joined(*parts)


def _readings(
    points: dict[tuple[int, int], Points],
    of_class: BoolArray,
    as_of: int,
    parameters: Parameters,
    read: dict[bytes, float | None],
    *,
    single: bool,
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield catch-up time by each combination of the choices of levels, NaN where there is none.

    `of_class` has one flag per board. `read` keeps what was read of the same points before: most choices change few.
    """
    begins = (0, parameters.since.toordinal(), round(as_of - parameters.window_months * MONTH_DAYS))
    for (each, floor), found in points.items():
        for levels, (window, begin) in itertools.product((0, 1), enumerate(begins)):
            kept = of_class[found.board] & (found.open_day >= begin)
            chosen = kept if levels else kept & found.accepted
            key = b"".join(column[chosen].tobytes() for column in (found.board, found.open_day, found.months))
            if key not in read:
                read[key] = newest_reading(found.where(chosen), parameters, single=single)
            yield (levels, each, window, floor), np.nan if (months := read[key]) is None else months


def _robust(measure: Measure, access: str, choices: tuple[str, ...], of: dict[tuple[int, ...], float]) -> Robust:
    options = np.array(sorted(of), dtype=np.int64)
    months = np.array([of[tuple(row)] for row in options.tolist()])
    moves = []
    for place, choice in enumerate(choices):
        of_default = months[options[:, place] == 0]  # in the same order of all other choices as of any option
        for number, option in enumerate(CHOICES[choice][1:], 1):
            apart = months[options[:, place] == number] - of_default
            apart = apart[np.isfinite(apart)]
            if len(apart):
                moves.append(Move(choice, option, float(np.median(apart))))
    return Robust(measure, access, choices, months, options, tuple(sorted(moves, key=lambda each: -abs(each.months))))
