"""Place labels beside the ends of lines and near points, without overlaps."""

from collections.abc import Sequence

import numpy as np
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from core.charts.lettering import LINE_HEIGHT, fit_line, fit_lines, height, width
from core.charts.page import Page
from core.dataclass import dataclass

FloatArray = NDArray[np.float64]

_COLUMN_WIDTHS = 255, 165
"""The maximum width of the column of end labels, in pixels: on a landscape page and on a portrait page."""
_OFFSET = 26
"""The distance between the plot and the end labels, in pixels."""
_GAP = 12
_GRID_STEPS = (8, 6)
"""The grid on which places for a label are tried: its horizontal and vertical step, in pixels."""
_ANCHOR_WEIGHT = 2
"""The weight of the distance from the anchor; the distance from the wanted place has weight 1."""


@dataclass(frozen=True)
class EndLabel:
    """The label at the end of a line: the line's name, further texts, and the line's colour."""

    name: str
    more: tuple[str, ...]
    color: str


class EndLabels:
    """A column of labels to the right of a plot; `width` is the width of the column, in pixels."""

    def __init__(self, page: Page, labels: Sequence[EndLabel], room: float) -> None:
        self.page, self.labels = page, labels
        column = _COLUMN_WIDTHS[page.is_portrait]
        for largest in page.sizes(page.shape.label):
            self.blocks = [_fit_label(label, page.sizes(largest), column) for label in labels]
            if sum(block.height + _GAP for block in self.blocks) <= room:
                break
        else:
            self.blocks = [block.cut_to_one_line(column) for block in self.blocks]
        self.width = _OFFSET + max((block.width for block in self.blocks), default=0)

    def draw(self, plot: Bbox, places: Sequence[tuple[float, float]]) -> None:
        """Write the labels to the right of a plot; connect each label to the end of its line (`places`, in pixels)."""
        heights = [block.height + _GAP for block in self.blocks]
        middles = stack_blocks([y for _, y in places], heights, plot.y0, plot.y1)
        left = plot.x1 + _OFFSET
        for label, block, (x, y), middle in zip(self.labels, self.blocks, places, middles, strict=True):
            top = middle + block.height / 2
            name, size = block.name
            self.page.draw_line((x, y), (left - 6, top - size * LINE_HEIGHT / 2), label.color, dotted=True)
            top = self.page.write_lines(left, top, name, size, color=label.color, bold=True)
            for lines, size in block.more:
                top = self.page.write_lines(left, top, lines, size)


@dataclass(frozen=True)
class _Block:
    """The texts of a label, fitted: the lines and the font size of each text."""

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

    def cut_to_one_line(self, column: int) -> "_Block":
        """Return the block with each text cut to one line."""
        name, *more = (([fit_line(" ".join(lines), size, column)], size) for lines, size in (self.name, *self.more))
        return _Block(([fit_line(name[0][0], name[1], column, True)], name[1]), tuple(more))


def _fit_label(label: EndLabel, sizes: Sequence[int], column: int) -> _Block:
    name = fit_lines(label.name, column, sizes, 2, bold=True)
    return _Block(name, tuple(fit_lines(text, column, sizes[1:] or sizes, 3) for text in label.more if text))


def stack_blocks(positions: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return the middles of blocks stacked without overlaps, each block near its wanted middle.

    The blocks stay between `low` and `high` if they all fit.
    """
    order = sorted(range(len(positions)), key=lambda n: positions[n])
    middles = [0.0] * len(positions)
    floor = low
    for n in order:
        middles[n] = max(positions[n], floor + heights[n] / 2)
        floor = middles[n] + heights[n] / 2
    ceiling = high
    for n in reversed(order):
        middles[n] = min(middles[n], ceiling - heights[n] / 2)
        ceiling = middles[n] - heights[n] / 2
    return middles


class LabelSpace:
    """The part of a page where labels may be placed, and the boxes already reserved in it."""

    def __init__(self, bounds: Bbox) -> None:
        self.bounds = bounds
        self._reserved_boxes: list[tuple[float, ...]] = []

    def reserve(self, *boxes: Bbox) -> None:
        """Reserve boxes: no label is placed over them."""
        self._reserved_boxes += [box.extents for box in boxes]

    def place(self, box: Bbox, anchor: Bbox, farthest: float) -> Bbox | None:
        """Reserve and return the free box nearest to the wanted box; None if no box is free.

        The box is at most `farthest` pixels from its anchor; closer is better.
        """
        moves = _grid_moves(farthest + box.width + anchor.width, farthest + box.height + anchor.height)
        boxes = np.tile(moves, 2) + box.extents
        gap = measure_distances(boxes, anchor)
        inside = (boxes[:, :2] >= self.bounds.min).all(axis=1) & (boxes[:, 2:] <= self.bounds.max).all(axis=1)
        near = np.flatnonzero(inside & (gap <= farthest))
        order = near[np.argsort(np.hypot(*moves[near].T) + _ANCHOR_WEIGHT * gap[near], kind="stable")]
        boxes = boxes[order]
        for area in self._reserved_boxes:
            boxes = boxes[(boxes[:, :2] >= area[2:]).any(axis=1) | (boxes[:, 2:] <= area[:2]).any(axis=1)]
        if not len(boxes):
            return None
        place = Bbox.from_extents(*boxes[0])
        self.reserve(place)
        return place

    def place_over(self, box: Bbox) -> Bbox:
        """Reserve and return the wanted box, moved within the bounds, even if it covers reserved boxes."""
        x = max(min(box.x0, self.bounds.x1 - box.width), self.bounds.x0)
        y = max(min(box.y0, self.bounds.y1 - box.height), self.bounds.y0)
        place = Bbox.from_extents(x, y, x + box.width, y + box.height)
        self.reserve(place)
        return place


def _grid_moves(max_x: float, max_y: float) -> FloatArray:
    """Return the moves to try, at most `max_x` and `max_y` in either direction: (n, 2), x and y in pixels."""
    rights, ups = (
        np.arange(-(limit // step), limit // step + 1) * step
        for limit, step in zip((max_x, max_y), _GRID_STEPS, strict=True)
    )
    return np.stack(np.meshgrid(rights, ups), axis=-1).reshape(-1, 2)


def measure_distances(boxes: FloatArray, anchor: Bbox) -> FloatArray:
    """Return the distance of each box (n, 4: left, low, right, high) from an anchor: (n,), zero if they touch."""
    distances = np.maximum(0, np.maximum(anchor.min - boxes[:, 2:], boxes[:, :2] - anchor.max))
    return np.asarray(np.hypot(distances[:, 0], distances[:, 1]))
