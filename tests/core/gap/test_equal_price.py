"""Both sides' best at a price: whose prices are known, who is best of them, and how far apart they stand."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.evidence.evidence import Evidence, FloatArray, IntArray, Price
from core.gap.equal_price import equal_prices, prices
from core.gap.index_figure import Scale, scale_of
from core.gap.model_index import model_index
from core.gap.parameters import DEFAULT
from core.gap.ranking import rank_models

CAPS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 1000.0)


def listed(known: Evidence, *rows: tuple[str, str, float, float]) -> FloatArray:
    """Return the prices where the first model alone has rows: provider, day, dollars read and written."""
    model = known.models[0].model_id
    assert known.records
    records = replace(known.records, prices=tuple(Price(model, *row, "list") for row in rows))
    return prices(replace(known, records=records), known.newest_data.toordinal())


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
    known: Evidence, rows: list[tuple[str, str, float, float]], price: float | None
) -> None:
    costs = listed(known, *rows)
    assert costs[0] == (np.inf if price is None else price)
    assert np.isinf(costs[1:]).all()


def test_at_any_price_the_best_open_model_is_that_of_the_ranking(
    known: Evidence, boards: IntArray, newest: int
) -> None:
    costs = prices(known, newest)
    for cap in CAPS:
        [found] = equal_prices(known, boards, newest, DEFAULT, costs, [cap])
        ranked = rank_models(known, boards, newest, DEFAULT, open_models=costs <= cap, most=1)
        assert found
        assert found.open == (ranked[0].model if ranked else None)
        assert all(usd is None or usd <= cap for usd in (found.open_usd, found.closed_usd))
        for model, usd in ((found.open, found.open_usd), (found.closed, found.closed_usd)):
            assert usd == (None if model is None else costs[known.models.index(model)])


def test_who_may_cost_more_is_no_worse_and_more_are_counted(known: Evidence, boards: IntArray, newest: int) -> None:
    costs, scale = prices(known, newest), scale_of(known, boards, DEFAULT)
    assert isinstance(scale, Scale)
    models = [known.models[n] for n in scale.model.tolist()]
    ability = dict(zip(models, scale.fit.ability.tolist(), strict=True))
    found = equal_prices(known, boards, newest, DEFAULT, costs, CAPS)
    for less, more in pairwise(found):
        assert less
        assert more
        assert (less.n_open, less.n_closed) <= (more.n_open, more.n_closed)
        for side in ("open", "closed"):
            first, second = getattr(less, side), getattr(more, side)
            assert first is None or ability[first] <= ability[second]


def test_the_months_are_those_of_both_models_on_the_index(known: Evidence, boards: IntArray, newest: int) -> None:
    [found] = equal_prices(known, boards, newest, DEFAULT, prices(known, newest), [6.0])
    assert found
    assert None not in (found.open, found.closed, found.months, found.low, found.high)
    numbers = (known.models.index(model) for model in (found.open, found.closed))
    placed = [model_index(known, number, boards, newest, DEFAULT) for number in numbers]
    assert (found.open_months, found.closed_months) == (placed[0].months, placed[1].months)
    assert found.months == pytest.approx(found.open_months - found.closed_months)
    assert found.low <= found.months <= found.high


def test_where_no_price_is_known_nobody_is_compared(known: Evidence, boards: IntArray, newest: int) -> None:
    [found] = equal_prices(known, boards, newest, DEFAULT, np.full(len(known.models), np.inf), [5.0])
    assert found
    assert (found.open, found.closed, found.months, found.n_open, found.n_closed) == (None, None, None, 0, 0)
    assert equal_prices(known, boards[:1], newest, DEFAULT, prices(known, newest), [5.0]) == []
