"""Where labels go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts.labels import stack_blocks


def test_labels_that_have_room_stand_where_they_are_wanted() -> None:
    assert stack_blocks([50, 150], [40, 40], 0, 300) == [50, 150]


@pytest.mark.parametrize(
    ("wanted", "middles"),
    [([100, 110], [100, 140]), ([290, 295], [240, 280]), ([5, 0], [60, 20]), ([10, 10], [20, 60])],
)
def test_labels_that_would_touch_stand_one_above_the_other(wanted: list[float], middles: list[float]) -> None:
    assert stack_blocks(wanted, [40, 40], 0, 300) == middles


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(5, 60)), min_size=1, max_size=5))
def test_labels_stay_apart_inside_and_in_order(labels: list[tuple[float, float]]) -> None:
    wanted, heights = (list(column) for column in zip(*labels, strict=True))
    middles = stack_blocks(wanted, heights, 0, 300)
    order = sorted(range(len(labels)), key=lambda n: middles[n])
    assert [wanted[n] for n in order] == sorted(wanted)
    low = 0.0
    for n in order:
        assert middles[n] - heights[n] / 2 >= low - 1e-6
        low = middles[n] + heights[n] / 2
    assert low <= 300 + 1e-6
