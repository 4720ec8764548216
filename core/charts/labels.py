"""Where labels go: beside the ends of lines, and near points, without touching what is there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from core.charts.lettering import LINE_HEIGHT, fit_line, fit_lines, height, width
from core.charts.page import Page

FloatArray = NDArray[np.float64]

_COLUMN_WIDTHS = 255, 165
"""How wide the column of end labels may be, in pixels: on a wide page, and on a portrait."""
_LEAD = 26
"""From the plot to the end labels, in pixels."""
_APART = 12
_STEPS = (8, 6)
"""The steps at which places for a label are tried, across and up, in pixels."""
_ANCHOR_WEIGHT = 2
"""The weight of a place's distance from the anchor; that from the wanted place has 1."""


@dataclass(frozen=True)
class EndLabel:
    """The label at the end of a line: its name and more texts, and the line's colour."""

    name: str
    more: tuple[str, ...]
    color: str


class EndLabels:
    """A column of labels to the right of a plot; `width` is what they need, in pixels."""

    def __init__(self, page: Page, labels: Sequence[EndLabel], room: float) -> None:
        self.page, self.labels = page, labels
        column = _COLUMN_WIDTHS[page.is_portrait]
        for largest in page.sizes(page.shape.label):
            self.blocks = [_fit_label(label, page.sizes(largest), column) for label in labels]
            if sum(block.height + _APART for block in self.blocks) <= room:
                break
        else:
            self.blocks = [block.first_lines(column) for block in self.blocks]
        self.width = _LEAD + max((block.width for block in self.blocks), default=0)

    def draw(self, plot: Bbox, places: Sequence[tuple[float, float]]) -> None:
        """Write the labels to the right of a plot, each connected to the place (pixels) where its line ends."""
        heights = [block.height + _APART for block in self.blocks]
        middles = spread([y for _, y in places], heights, plot.y0, plot.y1)
        left = plot.x1 + _LEAD
        for label, block, (x, y), middle in zip(self.labels, self.blocks, places, middles, strict=True):
            top = middle + block.height / 2
            name, size = block.name
            self.page.draw_line((x, y), (left - 6, top - size * LINE_HEIGHT / 2), label.color, dotted=True)
            top = self.page.write_lines(left, top, name, size, color=label.color, bold=True)
            for lines, size in block.more:
                top = self.page.write_lines(left, top, lines, size)


@dataclass(frozen=True)
class _Block:
    """A label's texts, each as its lines and their size."""

    name: tuple[list[str], int]
    more: tuple[tuple[list[str], int], ...]

    @property
    def height(self) -> float:
        return sum(height(lines, size) for lines, size in (self.name, *self.more))

    @property
    def width(self) -> float:
        name, size = self.name
        widths = [width(line, size, True) for line in name]
        widths += [width(line, size) for lines, size in self.more for line in lines]
        return max(widths, default=0)

    def first_lines(self, column: int) -> "_Block":
        """Return the block with each text on one line."""
        name, *more = (([fit_line(" ".join(lines), size, column)], size) for lines, size in (self.name, *self.more))
        return _Block(([fit_line(name[0][0], name[1], column, True)], name[1]), tuple(more))


def _fit_label(label: EndLabel, sizes: Sequence[int], column: int) -> _Block:
    name = fit_lines(label.name, column, sizes, 2, bold=True)
    return _Block(name, tuple(fit_lines(text, column, sizes[1:] or sizes, 3) for text in label.more if text))


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return the middles of blocks that stand one above the other, each as near as possible to the wanted one.

    They stay between `low` and `high`, if all of them fit there.
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


class LabelSpace:
    """A part of the page where labels may stand, and what is taken there."""

    def __init__(self, inside: Bbox) -> None:
        self.inside = inside
        self._taken: list[tuple[float, ...]] = []

    def take(self, *boxes: Bbox) -> None:
        """Keep labels away from boxes."""
        self._taken += [box.extents for box in boxes]

    def place(self, wanted: Bbox, anchor: Bbox, farthest: float) -> Bbox | None:
        """Take and return the free box nearest to the wanted one; None if none is free.

        It is at most `farthest` pixels from its anchor, and preferably close to it.
        """
        moves = _grid(farthest + wanted.width + anchor.width, farthest + wanted.height + anchor.height)
        boxes = np.tile(moves, 2) + wanted.extents
        gap = distances(boxes, anchor)
        inside = (boxes[:, :2] >= self.inside.min).all(axis=1) & (boxes[:, 2:] <= self.inside.max).all(axis=1)
        near = np.flatnonzero(inside & (gap <= farthest))
        order = near[np.argsort(np.hypot(*moves[near].T) + _ANCHOR_WEIGHT * gap[near], kind="stable")]
        boxes = boxes[order]
        for taken in self._taken:
            boxes = boxes[(boxes[:, :2] >= taken[2:]).any(axis=1) | (boxes[:, 2:] <= taken[:2]).any(axis=1)]
        if not len(boxes):
            return None
        place = Bbox.from_extents(*boxes[0])
        self.take(place)
        return place

    def place_over(self, wanted: Bbox) -> Bbox:
        """Take and return the wanted box, moved inside, whatever is there."""
        x = max(min(wanted.x0, self.inside.x1 - wanted.width), self.inside.x0)
        y = max(min(wanted.y0, self.inside.y1 - wanted.height), self.inside.y0)
        place = Bbox.from_extents(x, y, x + wanted.width, y + wanted.height)
        self.take(place)
        return place


def _grid(across: float, up: float) -> FloatArray:
    """Return the moves to try, up to `across` and `up` to each side: (n, 2), to the right and up."""
    rights, ups = (
        np.arange(-(most // step), most // step + 1) * step for most, step in zip((across, up), _STEPS, strict=True)
    )
    return np.stack(np.meshgrid(rights, ups), axis=-1).reshape(-1, 2)


def distances(boxes: FloatArray, anchor: Bbox) -> FloatArray:
    """Return how far boxes (n, 4: left, low, right, high) are from an anchor, zero if they touch it: (n,)."""
    apart = np.maximum(0, np.maximum(anchor.min - boxes[:, 2:], boxes[:, :2] - anchor.max))
    return np.asarray(np.hypot(apart[:, 0], apart[:, 1]))
