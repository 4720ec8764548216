"""A page to draw on, 1200 by 675 pixels: text on it is literal, measured, wrapped and kept inside."""

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Affine2D, Bbox

from core.charts.lettering import DPI, PITCH, fitted, font, height, literal, width
from core.charts.theme import Dash, Theme

WIDTH, HEIGHT = 1200, 675
MARGIN = 36
LABEL, TICK, SMALL = 25, 24, 18
"""Sizes of text in pixels: beside data, along axes, and at the foot. A phone shows a third of them."""

_TITLE_SIZES = (38, 35, 32, 29, 26, 24, 22, 20, 18, 16, 14, 12)
_LARGE = 3
"""How many of these sizes are large enough for a title on one line, where a larger one would take two."""
_SMALL_SIZES = (SMALL, 16, 14, 12)
Align = Literal["left", "center", "right"]
Rise = Literal["top", "center", "bottom"]


class Page:
    """A figure with text on it; x and y are pixels from the lower left corner, sizes are pixels too."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=theme.ground)
        self.pixels = Affine2D().scale(1 / WIDTH, 1 / HEIGHT) + self.figure.transFigure
        FigureCanvasAgg(self.figure)

    def axes(self, box: Bbox) -> Axes:
        """Return axes without a frame in a box."""
        axes = self.figure.add_axes((box.x0 / WIDTH, box.y0 / HEIGHT, box.width / WIDTH, box.height / HEIGHT))
        axes.set_axis_off()
        return axes

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = LABEL,
        *,
        color: str | None = None,
        bold: bool = False,
        align: Align = "left",
        rise: Rise = "top",
    ) -> Bbox:
        """Write one line as it stands, and return the box that it takes up."""
        self.figure.text(
            x, y, literal(words), transform=self.pixels, parse_math=False, fontproperties=font(size, bold),
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
        """Write the title on at most two lines, and return the y below it."""
        room = WIDTH - 2 * MARGIN
        lines, size = fitted(title, room, _TITLE_SIZES[:_LARGE], 1, bold=True)
        if len(lines) > 1:
            lines, size = fitted(title, room, _TITLE_SIZES, 2, bold=True)
        return self.lines(MARGIN, HEIGHT - 28, lines, size, bold=True)

    def aside(self, top: float, words: str) -> float:
        """Write a remark below the title, and return the y below it."""
        lines, size = fitted(words, WIDTH - 2 * MARGIN, (22, 20, *_SMALL_SIZES), 1)
        return self.lines(MARGIN, top - 6, lines, size, color=self.theme.muted)

    def foot(self, words: str) -> float:
        """Write the foot at the bottom, and return the y above it."""
        lines, size = fitted(words, WIDTH - 2 * MARGIN, _SMALL_SIZES, 2)
        top = 18 + height(lines, size)
        self.lines(MARGIN, top, lines, size, color=self.theme.muted)
        return top


def points(pixels: float) -> float:
    """Return a length of pixels in points, the unit of lines and markers."""
    return pixels * 72 / DPI


def around(x: float, y: float, wide: float, high: float, align: Align = "left", rise: Rise = "top") -> Bbox:
    """Return the box of a size that is aligned to a point."""
    left = x - wide * {"left": 0, "center": 0.5, "right": 1}[align]
    low = y - high * {"bottom": 0, "center": 0.5, "top": 1}[rise]
    return Bbox.from_extents(left, low, left + wide, low + high)
