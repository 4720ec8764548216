"""The gap at an equal price: the best open and the best closed model that cost as much or less (method.md, E13)."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, IntArray
from core.gap.index_figure import FEWEST_FAMILIES, Scale, reading_day, scale_of
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.ranking import difference, tried_enough

READ_PER_WRITTEN = 3.0
"""Tokens that are read for one that is written: in these parts a price is the mean of both."""


@dataclass(frozen=True)
class EqualPrice:
    """The best model (an index) of each side at a price or less, in US dollars per million tokens.

    `months` is how much further the closed one stands along the closed side's records, negative where the open one
    does, with its interval; None where no closed model is as able as the open one, or one side has none. `n_open` and
    `n_closed` are how many there are.
    """

    cap: float
    open: int | None
    closed: int | None
    months: float | None
    low: float | None
    high: float | None
    n_open: int
    n_closed: int


def prices(evidence: Evidence, as_of: int) -> dict[int, float]:
    """Return what each model (an index) costs on a day (ordinal), where that is known: dollars per million tokens.

    It is the lowest among its providers, each by its newest list price by then; one of zero is a trial, not a price.
    """
    number = {model.model_id: n for n, model in enumerate(evidence.models)}
    newest: dict[tuple[int, str], tuple[str, float]] = {}
    for each in evidence.records.prices if evidence.records else ():
        mean = (READ_PER_WRITTEN * each.input_usd + each.output_usd) / (READ_PER_WRITTEN + 1)
        if each.model_id in number and date.fromisoformat(each.day).toordinal() <= as_of:
            key = number[each.model_id], each.provider
            newest[key] = max(newest.get(key, ("", 0.0)), (each.day, mean))
    found: dict[int, float] = {}
    for (model, _), (_, price) in newest.items():
        if price > 0:
            found[model] = min(price, found.get(model, np.inf))
    return found


def flags(evidence: Evidence, known: dict[int, float], cap: float) -> BoolArray:
    """Return a flag per model that says whether it is known to cost so much or less."""
    found = np.zeros(len(evidence.models), dtype=np.bool_)
    found[[model for model, price in known.items() if price <= cap]] = True
    return found


def equal_price(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, known: dict[int, float], cap: float,
) -> EqualPrice | None:  # fmt: skip
    """Hold the best open and the best closed model at a price or less against each other; None without an index.

    Those count that two families of tests or more have tried. The interval is that of the difference of both abilities,
    as in the ranking, read off the closed side's records.
    """
    scale, as_of = scale_of(evidence, boards, parameters), reading_day(evidence, as_of, parameters)
    if scale is None or scale.n_families < FEWEST_FAMILIES:
        return None
    counted = (scale.day <= as_of) & tried_enough(evidence, scale) & flags(evidence, known, cap)[scale.model]
    open_, closed = (np.flatnonzero(counted & (scale.is_open == is_open)) for is_open in (True, False))
    (first, first_model), (second, second_model) = _best(scale, open_), _best(scale, closed)
    if first_model is None or second_model is None:
        return EqualPrice(cap, first_model, second_model, None, None, None, len(open_), len(closed))
    by, half = difference(scale, second, first, parameters.level)
    level = float(scale.fit.ability[second])
    there = _since(scale, level, as_of)
    months, low, high = (_apart(_since(scale, level - each, as_of), there) for each in (by, by - half, by + half))
    return EqualPrice(cap, first_model, second_model, months, low, high, len(open_), len(closed))


def _best(scale: Scale, places: IntArray) -> tuple[int, int | None]:
    """Return the place and the model of the best of some places of a scale; -1 and None where there is none."""
    if not len(places):
        return -1, None
    place = int(places[scale.fit.ability[places].argmax()])
    return place, int(scale.model[place])


def _since(scale: Scale, level: float, as_of: int) -> int | None:
    """Return the first day on which a closed model was at or above a level, None where none was by a day."""
    there = (scale.fit.ability >= level - 1e-9) & ~scale.is_open & (scale.day <= as_of)
    return int(scale.day[there].min()) if there.any() else None


def _apart(first: int | None, second: int | None) -> float | None:
    return None if first is None or second is None else (second - first) / MONTH_DAYS
