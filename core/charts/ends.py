"""The names of lines, in a column to the right of where they end."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.transforms import Bbox

from core.charts.labels import spread
from core.charts.lettering import PITCH, fitted, height, shortened, width
from core.charts.page import Page

_COLUMN = 255, 165
"""The widest that the column may be, in pixels: on a wide page, and on a portrait."""
_LEAD = 26
"""From the plot to the names, in pixels."""
_APART = 12


@dataclass(frozen=True)
class End:
    """What is said of a line: its name and more, and how its line is drawn."""

    name: str
    more: tuple[str, ...]
    color: str


@dataclass(frozen=True)
class _Block:
    name: tuple[list[str], int]
    more: tuple[tuple[list[str], int], ...]

    @property
    def height(self) -> float:
        return sum(height(*each) for each in (self.name, *self.more))

    @property
    def width(self) -> float:
        name, size = self.name
        widths = [width(line, size, True) for line in name]
        widths += [width(line, size) for lines, size in self.more for line in lines]
        return max(widths, default=0)


class Column:
    """The names of some lines, laid out; `width` is what they need to the right of the plot."""

    def __init__(self, page: Page, ends: Sequence[End], room: float) -> None:
        self.page, self.ends = page, ends
        for most in page.sizes(page.shape.label):
            self.blocks = [_block(end, page.sizes(most), _COLUMN[page.is_portrait]) for end in ends]
            if sum(block.height + _APART for block in self.blocks) <= room:
                break
        else:
            self.blocks = [_cut(block, _COLUMN[page.is_portrait]) for block in self.blocks]
        self.width = _LEAD + max((block.width for block in self.blocks), default=0)

    def draw(self, plot: Bbox, places: Sequence[tuple[float, float]]) -> None:
        """Write the names to the right of a plot, each joined to the place (pixels) where its line ends."""
        heights = [block.height + _APART for block in self.blocks]
        middles = spread([y for _, y in places], heights, plot.y0, plot.y1)
        left = plot.x1 + _LEAD
        for end, block, (x, y), middle in zip(self.ends, self.blocks, places, middles, strict=True):
            lines, size = block.name
            top = middle + block.height / 2
            self.page.line((x, y), (left - 6, top - size * PITCH / 2), end.color, dotted=True)
            top = self.page.lines(left, top, lines, size, color=end.color, bold=True)
            for lines, size in block.more:
                top = self.page.lines(left, top, lines, size)


def _cut(block: _Block, column: int) -> _Block:
    """Return a block with one line of each of its texts."""
    cut = [([shortened(" ".join(lines), size, column)], size) for lines, size in (block.name, *block.more)]
    return _Block(([shortened(cut[0][0][0], cut[0][1], column, True)], cut[0][1]), tuple(cut[1:]))


def _block(end: End, sizes: Sequence[int], column: int) -> _Block:
    name = fitted(end.name, column, sizes, 2, bold=True)
    return _Block(name, tuple(fitted(words, column, sizes[1:] or sizes, 3) for words in end.more if words))
