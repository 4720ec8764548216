"""The gap at an equal price: the best open and the best closed model at a price or less (method.md, E13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from core.evidence.evidence import Evidence, FloatArray, IntArray, Model
from core.gap.index_figure import reading_day, scale_of
from core.gap.model_index import months_behind
from core.gap.parameters import Parameters
from core.gap.quantiles import finite, nearest
from core.gap.ranking import tried_enough

READ_PER_WRITTEN = 3.0
"""Input tokens per output token: a price is the mean of the input and the output price, weighted by this ratio."""


@dataclass(frozen=True)
class EqualPrice:
    """The best model of each side at a price or less, and what the two cost, in US dollars per million tokens.

    `open_months` and `closed_months` are the models' months behind on the index (H3); None above all closed models.
    `months` is how much further behind the open model is (negative if the closed model is), with its interval by draws.
    `n_open` and `n_closed` are the numbers of models at the price or less.
    """

    cap: float
    open: Model | None
    closed: Model | None
    open_months: float | None
    closed_months: float | None
    months: float | None
    low: float | None
    high: float | None
    n_open: int
    n_closed: int
    open_usd: float | None
    closed_usd: float | None


def prices(evidence: Evidence, as_of: int) -> FloatArray:
    """Return the price of each model on a day (ordinal), in dollars per million tokens: (models,), infinite if unknown.

    The price is the lowest of its providers' newest list prices by the day. A price of zero is ignored as a trial.
    """
    number = {model.model_id: n for n, model in enumerate(evidence.models)}
    newest: dict[tuple[int, str], tuple[str, float]] = {}
    for each in evidence.records.prices if evidence.records else ():
        mean = (READ_PER_WRITTEN * each.input_usd + each.output_usd) / (READ_PER_WRITTEN + 1)
        if each.model_id in number and date.fromisoformat(each.day).toordinal() <= as_of:
            key = number[each.model_id], each.provider
            newest[key] = max(newest.get(key, ("", 0.0)), (each.day, mean))
    lowest = np.full(len(evidence.models), np.inf)
    for (model, _), (_, price) in newest.items():
        if price > 0:
            lowest[model] = min(price, lowest[model])
    return lowest


def equal_prices(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, costs: FloatArray, caps: Iterable[float],
) -> list[EqualPrice]:  # fmt: skip
    """Compare the best open and the best closed model at each price or less; empty without an index.

    `costs` is the result of `prices`. Only models that at least two families of tests have tested count.
    """
    scale, at = scale_of(evidence, boards, parameters), reading_day(evidence, as_of, parameters)
    if scale is None:
        return []
    tail = 100 * (1 - parameters.level) / 2
    counted = (scale.day <= at) & tried_enough(evidence, scale)

    @cache  # one model can be the best at several prices
    def behind(place: int) -> tuple[FloatArray, FloatArray]:
        return months_behind(scale, scale.mode, place, at), months_behind(scale, scale.draws, place, at)

    pairs = []
    for cap in caps:
        affordable = counted & (costs[scale.model] <= cap)
        sides = [np.flatnonzero(affordable & (scale.is_open == is_open)) for is_open in (True, False)]
        best = [int(places[scale.fit.ability[places].argmax()]) if len(places) else None for places in sides]
        models = [None if place is None else evidence.models[scale.model[place]] for place in best]
        usd = [None if place is None else float(costs[scale.model[place]]) for place in best]
        months = [None if place is None else finite(behind(place)[0][0]) for place in best]
        apart = low = high = None
        if best[0] is not None and best[1] is not None:
            mode, drawn = (opened - closed for opened, closed in zip(behind(best[0]), behind(best[1]), strict=True))
            apart = finite(mode[0])
            low, high = (finite(nearest(drawn, share)) for share in (tail, 100 - tail))
        (opened, closed), n = models, [len(places) for places in sides]
        pairs.append(
            EqualPrice(cap, opened, closed, months[0], months[1], apart, low, high, n[0], n[1], usd[0], usd[1])
        )
    return pairs
