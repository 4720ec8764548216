"""What the standing gap on the index rests on: the tests, the model and the grade of evidence that move it most."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.evidence.evidence import BoolArray, Evidence
from core.gap.class_gap import ClassGap
from core.gap.figures import NO_CHANGE, Change, change_of
from core.gap.index_figure import Scale, abilities_without, holders, mean_of_ends, on_scale, scale_of
from core.gap.influence import WEAK_GRADES, Influence, Kind
from core.gap.parameters import Parameters
from core.gap.standing_figure import FEWEST_FAMILIES


@dataclass(frozen=True)
class _Part:
    """What is left out, and the models (indices) that are, where it is models."""

    influence: Influence
    models: tuple[int, ...] = ()


def index_influences(
    evidence: Evidence, classes: dict[str, ClassGap], parameters: Parameters, open_models: BoolArray | None = None
) -> tuple[Influence, ...]:
    """Find, per class and kind, what moves the standing gap on the index most when it is left out; the largest first.

    Each family of tests is left out, each model between which the gap lies at one of its six days, and all models whose
    side only weak evidence tells; the scale is fitted anew without their scores. The largest of each class has its
    change since the fixed day too.
    """
    found: list[Influence] = []
    for access, gap in classes.items():
        whole = scale_of(evidence, gap.boards, parameters)
        if whole is None or gap.index.figure.months is None:
            continue
        largest: dict[Kind, _Part] = {}
        for part in _tried(evidence, access, gap, whole, open_models):
            kind = part.influence.kind
            if kind not in largest or part.influence.size > largest[kind].influence.size:
                largest[kind] = part
        first, *rest = sorted(largest.values(), key=lambda part: -part.influence.size)
        change = _change(evidence, gap, whole, first, parameters, open_models)
        found += [replace(first.influence, change=change), *(part.influence for part in rest)]
    return tuple(sorted(found, key=lambda each: -each.size))


def _tried(
    evidence: Evidence, access: str, gap: ClassGap, whole: Scale, open_models: BoolArray | None
) -> Iterator[_Part]:
    """Leave out one thing after the other, and read the figure without it on the same days."""
    at = gap.index.figure.at or 0
    parts = list(_parts(evidence, access, whole, holders(whole.of(open_models), at)))
    rows = [abilities_without(evidence, whole, models=part.models, boards=part.influence.boards) for part in parts]
    without = replace(whole, ability=np.stack(rows)).of(open_models)
    for part, months in zip(parts, mean_of_ends(without, at)[0].tolist(), strict=True):
        few = part.influence.kind == "family" and whole.n_families <= FEWEST_FAMILIES
        if few or not np.isfinite(months):
            yield part
        else:
            moved = months - (gap.index.figure.months or 0.0)
            yield replace(part, influence=replace(part.influence, months=months, moved=moved, at=at))


def _parts(evidence: Evidence, access: str, whole: Scale, models: set[int]) -> Iterator[_Part]:
    """Yield each family of boards, each of some models, and the models of each weak grade of evidence."""
    for family in _families(evidence, whole):
        boards = _of_family(evidence, whole, family)
        yield _Part(Influence("family", access, measure="index", boards=boards))
    for model in sorted(models):
        yield _Part(Influence("model", access, measure="index", model=model), (model,))
    for grade in WEAK_GRADES:
        weak = tuple(n for n in np.sort(whole.model).tolist() if evidence.models[n].openness_grade == grade)
        if weak:
            sides = frozenset("open" if evidence.models[n].is_open else "closed" for n in weak)
            yield _Part(Influence("grade", access, measure="index", grade=grade, sides=sides), weak)


def _families(evidence: Evidence, whole: Scale) -> list[int]:
    return sorted(set(evidence.families[whole.boards].tolist()))  # np.unique would load numpy's masked arrays


def _of_family(evidence: Evidence, whole: Scale, family: int) -> tuple[int, ...]:
    return tuple(whole.boards[evidence.families[whole.boards] == family].tolist())


def _change(
    evidence: Evidence, gap: ClassGap, whole: Scale, part: _Part, parameters: Parameters, open_models: BoolArray | None
) -> Change:
    """Measure the change since the fixed day without a thing as with it: over families of tests, each left out too."""
    left_out = part.influence.boards
    others = [boards for family in _families(evidence, whole)
              if (boards := _of_family(evidence, whole, family)) != left_out]  # fmt: skip
    if part.influence.at is None or len(others) < FEWEST_FAMILIES:
        return NO_CHANGE
    rows = [
        abilities_without(evidence, whole, models=part.models, boards=(*left_out, *boards)) for boards in ((), *others)
    ]
    found = on_scale(replace(whole, ability=np.stack(rows)).of(open_models), part.influence.at, gap.since)
    if not np.isfinite(found.change):
        return NO_CHANGE
    return change_of(found.change, found.change_error, found.df, parameters.level)
