"""Where labels go: beside the ends of lines, and near points, without touching what is there."""

from collections.abc import Sequence

import numpy as np
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_STEPS = (8, 6)
"""How fine places are tried, across and up, in pixels."""
_CLOSER = 2
"""How much a place's distance from the anchor counts, against that from where it is wanted."""


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return the middles of blocks that stand one above the other, each as near as may be to where it is wanted.

    Blocks have these heights and stay between `low` and `high`, if all of them fit in there.
    """
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    middles = [0.0] * len(wanted)
    floor = low
    for n in order:
        middles[n] = max(wanted[n], floor + heights[n] / 2)
        floor = middles[n] + heights[n] / 2
    ceiling = high
    for n in reversed(order):
        middles[n] = min(middles[n], ceiling - heights[n] / 2)
        ceiling = middles[n] - heights[n] / 2
    return middles


class Ground:
    """A part of the page where labels may stand, and what of it is taken."""

    def __init__(self, inside: Bbox) -> None:
        self.inside = inside
        self._taken: list[tuple[float, ...]] = []

    def take(self, *boxes: Bbox) -> None:
        """Keep labels away from boxes."""
        self._taken += [box.extents for box in boxes]

    def nearest(self, wanted: Bbox) -> Bbox:
        """Return a box moved to within the ground, and take it, whatever is there."""
        x = max(min(wanted.x0, self.inside.x1 - wanted.width), self.inside.x0)
        y = max(min(wanted.y0, self.inside.y1 - wanted.height), self.inside.y0)
        place = Bbox.from_extents(x, y, x + wanted.width, y + wanted.height)
        self.take(place)
        return place

    def place(self, wanted: Bbox, anchor: Bbox, farthest: float) -> Bbox | None:
        """Return the free box of a size that is nearest to where it is wanted, and take it; None where none is free.

        It stands no farther than `farthest` pixels from its anchor, and rather close to it.
        """
        moves = _grid(farthest + wanted.width + anchor.width, farthest + wanted.height + anchor.height)
        boxes = np.tile(moves, 2) + wanted.extents
        gap = gaps(boxes, anchor)
        inside = (boxes[:, :2] >= self.inside.min).all(axis=1) & (boxes[:, 2:] <= self.inside.max).all(axis=1)
        near = np.flatnonzero(inside & (gap <= farthest))
        order = near[np.argsort(np.hypot(*moves[near].T) + _CLOSER * gap[near], kind="stable")]
        boxes = boxes[order]
        for taken in self._taken:
            boxes = boxes[(boxes[:, :2] >= taken[2:]).any(axis=1) | (boxes[:, 2:] <= taken[:2]).any(axis=1)]
        place = Bbox.from_extents(*boxes[0]) if len(boxes) else None
        self.take(*([place] if place else []))
        return place


def _grid(across: float, up: float) -> FloatArray:
    """Return moves to try, (n, 2: right, up), as far as `across` and `up` to each side."""
    right, high = (
        np.arange(-(most // step), most // step + 1) * step for most, step in zip((across, up), _STEPS, strict=True)
    )
    return np.stack(np.meshgrid(right, high), axis=-1).reshape(-1, 2)


def gaps(boxes: FloatArray, anchor: Bbox) -> FloatArray:
    """Return how far boxes (n, 4: left, low, right, high) are from an anchor, zero where they touch it; (n,)."""
    apart = np.maximum(0, np.maximum(anchor.min - boxes[:, 2:], boxes[:, :2] - anchor.max))
    return np.asarray(np.hypot(apart[:, 0], apart[:, 1]))
