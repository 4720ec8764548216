"""Both sides' best at a price: which prices are known, which model is best, and the months apart."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.evidence.evidence import Evidence, FloatArray, IntArray, Price
from core.gap.equal_price import equal_prices, prices
from core.gap.index_figure import scale_of
from core.gap.model_index import model_index
from core.gap.parameters import DEFAULT
from core.gap.ranking import rank_models

CAPS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 1000.0)


def listed(evidence: Evidence, *rows: tuple[str, str, float, float]) -> FloatArray:
    """Return the prices where the first model alone has rows: provider, day, dollars read and written."""
    model = evidence.models[0].model_id
    assert evidence.records
    records = replace(evidence.records, prices=tuple(Price(model, *row, "list") for row in rows))
    return prices(replace(evidence, records=records), evidence.newest_data.toordinal())


@pytest.mark.parametrize(
    ("rows", "price"),
    [
        ([("Maker", "2026-03-01", 1.0, 5.0)], 2.0),  # three read for one written
        ([("Maker", "2026-03-01", 1.0, 5.0), ("Maker", "2026-06-01", 2.0, 6.0)], 3.0),  # the newest of a provider
        ([("Maker", "2026-06-01", 2.0, 6.0), ("Host", "2026-03-01", 1.0, 1.0)], 1.0),  # the lowest of all
        ([("Maker", "2026-03-01", 1.0, 5.0), ("Host", "2026-03-01", 0.0, 0.0)], 2.0),  # a trial is no price
        ([("Maker", "2029-03-01", 1.0, 5.0)], None),  # not yet known
    ],
)
def test_a_price_is_the_lowest_of_the_newest(
    evidence: Evidence, rows: list[tuple[str, str, float, float]], price: float | None
) -> None:
    costs = listed(evidence, *rows)
    assert costs[0] == (np.inf if price is None else price)
    assert np.isinf(costs[1:]).all()


def test_at_any_price_the_best_open_model_is_that_of_the_ranking(
    evidence: Evidence, boards: IntArray, newest: int
) -> None:
    costs = prices(evidence, newest)
    for cap in CAPS:
        [price] = equal_prices(evidence, boards, newest, DEFAULT, costs, [cap])
        ranked = rank_models(evidence, boards, newest, DEFAULT, open_models=costs <= cap, most=1)
        assert price.open == (ranked[0].model if ranked else None)
        assert all(usd is None or usd <= cap for usd in (price.open_usd, price.closed_usd))
        for model, usd in ((price.open, price.open_usd), (price.closed, price.closed_usd)):
            assert usd == (None if model is None else costs[evidence.models.index(model)])


def test_who_may_cost_more_is_no_worse_and_more_are_counted(evidence: Evidence, boards: IntArray, newest: int) -> None:
    costs, scale = prices(evidence, newest), scale_of(evidence, boards, DEFAULT)
    models = [evidence.models[n] for n in scale.model.tolist()]
    ability = dict(zip(models, scale.fit.ability.tolist(), strict=True))
    by_cap = equal_prices(evidence, boards, newest, DEFAULT, costs, CAPS)
    for less, more in pairwise(by_cap):
        assert (less.n_open, less.n_closed) <= (more.n_open, more.n_closed)
        for side in ("open", "closed"):
            first, second = getattr(less, side), getattr(more, side)
            assert first is None or ability[first] <= ability[second]


def test_the_months_are_those_of_both_models_on_the_index(evidence: Evidence, boards: IntArray, newest: int) -> None:
    [price] = equal_prices(evidence, boards, newest, DEFAULT, prices(evidence, newest), [6.0])
    assert None not in (price.open, price.closed, price.months, price.low, price.high)
    numbers = (evidence.models.index(model) for model in (price.open, price.closed))
    placed = [model_index(evidence, number, boards, newest, DEFAULT) for number in numbers]
    assert (price.open_months, price.closed_months) == (placed[0].months, placed[1].months)
    assert price.months == pytest.approx(price.open_months - price.closed_months)
    assert price.low <= price.months <= price.high


def test_where_no_price_is_known_nobody_is_compared(evidence: Evidence, boards: IntArray, newest: int) -> None:
    [price] = equal_prices(evidence, boards, newest, DEFAULT, np.full(len(evidence.models), np.inf), [5.0])
    assert (price.open, price.closed, price.months, price.n_open, price.n_closed) == (None, None, None, 0, 0)
    assert equal_prices(evidence, boards[:1], newest, DEFAULT, prices(evidence, newest), [5.0]) == []
