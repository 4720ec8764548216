"""The gap at an equal price: the best open and the best closed model at a price or less (method.md, E13)."""

from collections.abc import Iterable
from datetime import date
from functools import cache

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Evidence, FloatArray, IntArray, Model, Price
from core.gap.index_figure import reading_day, scale_of
from core.gap.model_index import months_behind
from core.gap.parameters import Parameters
from core.gap.quantiles import finite_or_none, nearest_value
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
    lowest = lowest_prices(evidence, as_of)
    return np.array(
        [mean_price(lowest[model.model_id]) if model.model_id in lowest else np.inf for model in evidence.models]
    )


def lowest_prices(evidence: Evidence, as_of: int) -> dict[str, Price]:
    """Return the lowest of the providers' newest list prices by a day (ordinal) of each model with one, by its id."""
    newest: dict[tuple[str, str], Price] = {}
    for offer in evidence.records.prices if evidence.records else ():
        if date.fromisoformat(offer.day).toordinal() <= as_of:
            key = offer.model_id, offer.provider
            newest[key] = max(newest.get(key, offer), offer, key=lambda price: (price.day, mean_price(price)))
    lowest: dict[str, Price] = {}
    for offer in newest.values():
        if mean_price(offer) > 0:
            lowest[offer.model_id] = min(lowest.get(offer.model_id, offer), offer, key=mean_price)
    return lowest


def mean_price(price: Price) -> float:
    """Return the mean of a price's input and output dollars, weighted as texts are read and written."""
    return (READ_PER_WRITTEN * price.input_usd + price.output_usd) / (READ_PER_WRITTEN + 1)


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
    is_counted = (scale.day <= at) & tried_enough(evidence, scale)

    @cache  # one model can be the best at several prices
    def behind(place: int) -> tuple[FloatArray, FloatArray]:
        return months_behind(scale, scale.mode, place, at), months_behind(scale, scale.draws, place, at)

    pairs = []
    for cap in caps:
        is_affordable = is_counted & (costs[scale.model] <= cap)
        sides = [np.flatnonzero(is_affordable & (scale.is_open == is_open)) for is_open in (True, False)]
        best = [int(places[scale.fit.ability[places].argmax()]) if len(places) else None for places in sides]
        models = [None if place is None else evidence.models[scale.model[place]] for place in best]
        usd = [None if place is None else float(costs[scale.model[place]]) for place in best]
        months = [None if place is None else finite_or_none(behind(place)[0][0]) for place in best]
        apart = low = high = None
        if best[0] is not None and best[1] is not None:
            mode, draws = (open_ - closed for open_, closed in zip(behind(best[0]), behind(best[1]), strict=True))
            apart = finite_or_none(mode[0])
            low, high = (finite_or_none(nearest_value(draws, share)) for share in (tail, 100 - tail))
        (open_, closed), n = models, [len(places) for places in sides]
        pairs.append(EqualPrice(cap, open_, closed, months[0], months[1], apart, low, high, n[0], n[1], usd[0], usd[1]))
    return pairs
