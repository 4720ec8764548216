"""Place labels beside the ends of lines, without overlaps."""

from collections.abc import Sequence

from matplotlib.transforms import Bbox

from core.charts.lettering import LINE_HEIGHT, fit_line, fit_lines, width
from core.charts.page import Page
from core.dataclass import dataclass

_COLUMN_WIDTHS = 255, 190
"""The maximum width of the column of end labels, in pixels: on a wide page and on a narrow one."""
_OFFSET = 26
"""The distance between the plot and the end labels, in pixels."""
_GAP = 12


@dataclass(frozen=True)
class EndLabel:
    """The label at the end of a line: the line's name, further texts, and the line's colour."""

    name: str
    more: tuple[str, ...]
    color: str


class EndLabels:
    """A column of labels to the right of a plot; `width` is the width of the column, in pixels."""

    def __init__(self, page: Page, labels: Sequence[EndLabel], room: float) -> None:
        self.page, self.labels, self._size = page, labels, page.shape.text
        self._line = self._size * LINE_HEIGHT
        column = _COLUMN_WIDTHS[page.is_narrow]
        self._names = [self._fit(label.name, column, True) for label in labels]
        self._texts = [
            [line for text in label.more if text for line in self._fit(text, column, False)] for label in labels
        ]
        if sum(self._heights()) > room:
            self._names = [[fit_line(label.name, self._size, column, True)] for label in labels]
            self._texts = [[fit_line(text, self._size, column) for text in label.more[:1]] for label in labels]
        if sum(self._heights()) > room:  # the names alone, and only those that have room
            most = max(int(room / (self._line + _GAP)), 0)
            self.labels, self._names, self._texts = labels[:most], self._names[:most], [[]] * min(most, len(labels))
        widths = [width(line, self._size, True) for lines in self._names for line in lines]
        widths += [width(line, self._size) for lines in self._texts for line in lines]
        self.width = _OFFSET + max(widths, default=0)

    def _fit(self, text: str, column: int, bold: bool) -> list[str]:
        return fit_lines(text, column, [self._size], 3, bold)[0]

    def _heights(self) -> list[float]:
        blocks = zip(self._names, self._texts, strict=True)
        return [(len(names) + len(texts)) * self._line + _GAP for names, texts in blocks]

    def draw(self, plot: Bbox, places: Sequence[tuple[float, float]]) -> None:
        """Write the labels to the right of a plot; connect each label to the end of its line (`places`, in pixels)."""
        heights, places = self._heights(), places[: len(self.labels)]
        middles = stack_blocks([y for _, y in places], heights, plot.y0, plot.y1)
        left = plot.x1 + _OFFSET
        for n, (label, (x, y)) in enumerate(zip(self.labels, places, strict=True)):
            top = middles[n] + (heights[n] - _GAP) / 2
            self.page.draw_line((x, y), (left - 6, top - self._line / 2), label.color, dotted=True)
            top = self.page.write_lines(left, top, self._names[n], self._size, color=label.color, bold=True)
            self.page.write_lines(left, top, self._texts[n], self._size)


def stack_blocks(positions: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return the middles of blocks stacked without overlaps, each block near its wanted middle.

    The blocks stay between `low` and `high` if they all fit.
    """
    order = sorted(range(len(positions)), key=lambda n: positions[n])
    middles, floor = [0.0] * len(positions), low
    for n in order:
        middles[n] = max(positions[n], floor + heights[n] / 2)
        floor = middles[n] + heights[n] / 2
    ceiling = high
    for n in reversed(order):
        middles[n] = min(middles[n], ceiling - heights[n] / 2)
        ceiling = middles[n] - heights[n] / 2
    return middles
