"""Where labels go."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.transforms import Bbox

from core.charts.labels import LabelSpace, measure_distances, stack_blocks


def box(x: float, y: float, wide: float = 60, high: float = 20) -> Bbox:
    return Bbox.from_extents(x, y, x + wide, y + high)


GROUND = box(0, 0, 400, 300)


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
    wanted, heights = (list(each) for each in zip(*labels, strict=True))
    middles = stack_blocks(wanted, heights, 0, 300)
    order = sorted(range(len(labels)), key=lambda n: middles[n])
    assert [wanted[n] for n in order] == sorted(wanted)
    low = 0.0
    for n in order:
        assert middles[n] - heights[n] / 2 >= low - 1e-6
        low = middles[n] + heights[n] / 2
    assert low <= 300 + 1e-6


def test_a_free_place_is_taken_as_wanted() -> None:
    space = LabelSpace(GROUND)
    found = space.place(box(100, 100), box(100, 90, 60, 10), 50)
    assert found.extents.tolist() == box(100, 100).extents.tolist()


def test_the_second_label_keeps_off_the_first() -> None:
    space = LabelSpace(GROUND)
    first, second = (space.place(box(100, 100), box(90, 90, 5, 5), 50) for _ in range(2))
    assert not second.count_overlaps([first])
    assert measure_distances(np.array([second.extents]), box(90, 90, 5, 5))[0] <= 50


def test_a_label_stays_near_its_anchor_or_is_not_placed() -> None:
    space = LabelSpace(GROUND)
    space.reserve(box(0, 0, 300, 300))
    assert space.place(box(100, 100), box(90, 90, 5, 5), 50) is None
    found = space.place(box(100, 100), box(90, 90, 5, 5), 250)
    assert found.x0 >= 300


def test_a_label_that_must_stand_is_moved_inside() -> None:
    space = LabelSpace(GROUND)
    assert space.place_over(box(390, -30)).extents.tolist() == box(340, 0).extents.tolist()
    assert space.place(box(340, 0), box(340, 0), 0) is None


def test_the_distance_is_between_edges() -> None:
    apart = measure_distances(
        np.array([[10, 0, 20, 10], [3, 13, 5, 20], [13, 14, 20, 20]], dtype=float), Bbox.from_extents(0, 0, 10, 10)
    )
    assert apart.tolist() == [0, 3, 5]
