"""A page to draw on, wide or portrait: text on it is literal, measured, wrapped and kept inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Affine2D, Bbox

from core.charts.lettering import DPI, PITCH, fitted, font, height, literal, needs_further, width
from core.charts.theme import Dash, Theme

_SIZES = (54, 50, 46, 42, 38, 35, 32, 29, 26, 24, 22, 20, 19, 18, 16, 14, 12)
"""Sizes that text may have, the largest first."""
_LARGE = 0.8
"""A title of more than this share of the largest size is on one line, where a larger one would take two."""
_BRAND_APART = 24
Align = Literal["left", "center", "right"]
Rise = Literal["top", "center", "bottom"]


@dataclass(frozen=True)
class Shape:
    """A form of page: its sides and sizes of text in pixels, of which a picture has `scale` times as many.

    `label` is the size beside data, `tick` along axes, `small` at the foot, `least` the smallest of all, `title` the
    largest. A title has `title_lines`, an axis of days fewer than so many ticks.
    """

    width: int
    height: int
    scale: float
    margin: int
    label: int
    tick: int
    small: int
    least: int
    title: int
    title_lines: int
    days: int


WIDE = Shape(1200, 675, 1.0, 36, 25, 24, 18, 12, 38, 2, 6)
CARD = Shape(1200, 630, 1.0, 60, 32, 24, 26, 24, 54, 4, 6)
PORTRAIT = Shape(600, 750, 1.8, 22, 21, 19, 19, 19, 26, 4, 3)
"""1080 by 1350 pixels, which a phone 390 pixels wide shows with no text below 12."""


class Page:
    """A figure with text on it; x and y are pixels from the lower left corner, sizes are pixels too."""

    def __init__(self, theme: Theme, shape: Shape = WIDE) -> None:
        self.theme, self.shape = theme, shape
        size = shape.width / DPI, shape.height / DPI
        self.figure = Figure(figsize=size, dpi=DPI * shape.scale, facecolor=theme.ground)
        self.pixels = Affine2D().scale(1 / shape.width, 1 / shape.height) + self.figure.transFigure
        FigureCanvasAgg(self.figure)

    @property
    def is_portrait(self) -> bool:
        """Whether the page is higher than it is wide: names stand above what they name, not beside it."""
        return self.shape.height > self.shape.width

    def sizes(self, largest: float) -> list[int]:
        """Return the sizes of text up to one, the largest first; the smallest alone where even that is too large."""
        least = self.shape.least
        sizes = [int(largest), *(size for size in _SIZES if size < int(largest))]
        return [size for size in sizes if size >= least] or [least]

    def axes(self, box: Bbox) -> Axes:
        """Return axes without a frame in a box."""
        width, height = self.shape.width, self.shape.height
        axes = self.figure.add_axes((box.x0 / width, box.y0 / height, box.width / width, box.height / height))
        axes.set_axis_off()
        return axes

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float | None = None,
        *,
        color: str | None = None,
        bold: bool = False,
        align: Align = "left",
        rise: Rise = "top",
        is_clear: bool = False,
    ) -> Bbox:
        """Write one line as it stands, by default in the size of a label, and return the box that it takes up.

        No rule of the plot goes through words that are `is_clear`.
        """
        size = size or self.shape.label
        shown = literal(words)
        ground = {"facecolor": self.theme.ground, "edgecolor": "none", "pad": points(2)} if is_clear else None
        self.figure.text(
            x, y, shown, bbox=ground, transform=self.pixels, parse_math=False,
            fontproperties=font(size, bold, needs_further(shown)),
            color=color or self.theme.ink, horizontalalignment=align, verticalalignment=rise,
        )  # fmt: skip
        return around(x, y, width(words, size, bold), size, align, rise)

    def lines(
        self, x: float, top: float, lines: Sequence[str], size: float, *, color: str | None = None, bold: bool = False
    ) -> float:
        """Write lines one below the other, and return the y below them."""
        for number, line in enumerate(lines):
            self.text(x, top - number * size * PITCH, line, size, color=color, bold=bold)
        return top - height(lines, size)

    def line(self, start: tuple[float, float], end: tuple[float, float], color: str, *, dotted: bool = False) -> None:
        """Draw a fine line: a tick, or what joins a thing to its name."""
        style: Dash = (0, (1, 2)) if dotted else "-"
        line = Line2D(*zip(start, end, strict=True), color=color, linewidth=points(2), linestyle=style)
        line.set_transform(self.pixels)
        self.figure.add_artist(line)

    def head(self, title: str) -> float:
        """Write the title on as few lines as hold it in a large size, and return the y below it."""
        shape, sizes = self.shape, self.sizes(self.shape.title)
        large = [size for size in sizes if size > _LARGE * shape.title]
        lines, size = fitted(title, self.room, large, 1, bold=True)
        if len(lines) > 1:
            lines, size = fitted(title, self.room, sizes, shape.title_lines, bold=True)
        return self.lines(shape.margin, shape.height - 0.75 * shape.margin, lines, size, bold=True)

    @property
    def room(self) -> int:
        """Return how wide a line may be, in pixels."""
        return self.shape.width - 2 * self.shape.margin

    def aside(self, top: float, words: str) -> float:
        """Write a remark below the title, on two lines rather than in small letters, and return the y below it."""
        sizes = [size for size in self.sizes(22) if size >= self.shape.small]
        lines, size = fitted(words, self.room, sizes, 1)
        if len(lines) > 1:
            lines, size = fitted(words, self.room, self.sizes(sizes[0]), 2)
        return self.lines(self.shape.margin, top - 6, lines, size, color=self.theme.muted)

    def foot(self, words: str, brand: str) -> float:
        """Write the foot at the bottom, whose picture it is at the right, and return the y above both."""
        shape, sizes = self.shape, self.sizes(self.shape.small)
        brands, of_brand = fitted(brand, self.room, sizes, 1, bold=True)
        beside = max(width(line, of_brand, True) for line in brands) + _BRAND_APART
        below = height(brands, of_brand) if self.is_portrait else 0
        lines, size = fitted(words, self.room if below else self.room - beside, sizes, 3 if self.is_portrait else 2)
        top = 0.5 * shape.margin + max(height(lines, size) + below, height(brands, of_brand))
        self.lines(shape.margin, top, lines, size, color=self.theme.muted)
        ends = 0.5 * shape.margin + height(brands, of_brand)
        for number, line in enumerate(brands):
            y = ends - number * of_brand * PITCH
            self.text(shape.width - shape.margin, y, line, of_brand, color=self.theme.muted, bold=True, align="right")
        return top


def points(pixels: float) -> float:
    """Return a length of pixels in points, the unit of lines and markers."""
    return pixels * 72 / DPI


def around(x: float, y: float, wide: float, high: float, align: Align = "left", rise: Rise = "top") -> Bbox:
    """Return the box of a size that is aligned to a point."""
    left = x - wide * {"left": 0, "center": 0.5, "right": 1}[align]
    low = y - high * {"bottom": 0, "center": 0.5, "top": 1}[rise]
    return Bbox.from_extents(left, low, left + wide, low + high)
