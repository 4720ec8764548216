"""A page to draw on, landscape or portrait: its text is drawable, measured, wrapped and kept inside."""

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D, Bbox

from core.charts.lettering import (
    DPI,
    LINE_HEIGHT,
    fit_line,
    fit_lines,
    font,
    height,
    make_drawable,
    needs_fallback,
    width,
    wrap_note,
)
from core.charts.theme import Theme
from core.dataclass import dataclass

_SIZES = (54, 50, 46, 42, 38, 35, 32, 29, 26, 24, 22, 20, 19, 18, 16, 14, 12)
"""The possible text sizes, largest first."""
_LARGE = 0.8
"""A title that fits on one line at more than this share of its largest size is not wrapped to make it larger."""
_ALONE, _ALONE_LINES = 72, 5
"""The size of a title with nothing below it, and its maximum number of lines."""
Align = Literal["left", "center", "right"]
Rise = Literal["top", "center", "bottom"]


@dataclass(frozen=True)
class Shape:
    """The shape of a page; the image has `scale` times as many pixels.

    `text` is the size of all text but the title, which has at most `title` and is on the page around the image if that
    is 0. A chart has at most `rows` rows, whose names take at most the share `names` of the width where the plot is
    beside them. An axis of days has fewer than `days` ticks.
    """

    width: int
    height: int
    scale: float
    margin: int
    text: int
    title: int
    rows: int
    days: int
    names: float = 0.44


SHAPES = {
    "wide": Shape(1200, 675, 1.0, 36, 25, 38, 8, 6),
    "square": Shape(640, 640, 1.6875, 20, 24, 28, 6, 4),
    "portrait": Shape(600, 750, 1.8, 20, 21, 27, 8, 4),
    "page": Shape(1200, 675, 1.0, 8, 25, 0, 8, 6),
    "phone": Shape(600, 750, 1.8, 4, 21, 0, 8, 4),
    "card": Shape(1200, 630, 1.0, 48, 25, 50, 6, 6, 0.6),
}
"""Images of their own (wide, square for messages, portrait), those in a page on a desktop and a phone, and cards.

A letter of 12 pixels on a page 584 pixels wide, or on a phone 350 pixels wide; of 10 in a message 270 pixels wide.
"""


class Page:
    """A figure to write and draw on, with its alt text; x and y are pixels from the lower left corner."""

    def __init__(self, theme: Theme, shape: Shape) -> None:
        self.theme, self.shape, self.alt = theme, shape, ""
        self.figure = Figure((shape.width / DPI, shape.height / DPI), DPI * shape.scale, facecolor=theme.ground)
        self.pixels = Affine2D().scale(1 / shape.width, 1 / shape.height) + self.figure.transFigure
        FigureCanvasAgg(self.figure)

    @property
    def is_narrow(self) -> bool:
        """Whether names are above what they name, not beside it."""
        return self.shape.height >= self.shape.width

    @property
    def room(self) -> int:
        """Return the maximum width of a line."""
        return self.shape.width - 2 * self.shape.margin

    def sizes(self, largest: float) -> list[int]:
        """Return the sizes of text up to `largest`, largest first; only the smallest if all are too large."""
        sizes = [int(largest), *(size for size in _SIZES if size < int(largest))]
        return [size for size in sizes if size >= self.shape.text] or [self.shape.text]

    def add_axes(self, box: Bbox) -> Axes:
        """Return axes without a frame in a box."""
        width, height = self.shape.width, self.shape.height
        axes = self.figure.add_axes((box.x0 / width, box.y0 / height, box.width / width, box.height / height))
        axes.set_axis_off()
        return axes

    def write(
        self, x: float, y: float, text: str, size: float | None = None, *, color: str | None = None,
        bold: bool = False, align: Align = "left", rise: Rise = "top", is_clear: bool = False,
    ) -> Bbox:  # fmt: skip
        """Write a line, by default in the size of all text, and return its box.

        If it `is_clear`, the plot's rules do not cross it.
        """
        size = size or self.shape.text
        drawable = make_drawable(text)
        ground = {"facecolor": self.theme.ground, "edgecolor": "none", "pad": points(2)} if is_clear else None
        self.figure.text(
            x, y, drawable, bbox=ground, transform=self.pixels, parse_math=False,
            fontproperties=font(size, bold, needs_fallback(drawable)),
            color=color or self.theme.ink, horizontalalignment=align, verticalalignment=rise,
        )  # fmt: skip
        return box_at(x, y, width(text, size, bold), size, align, rise)

    def write_lines(
        self, x: float, y: float, lines: Sequence[str], size: float, *, color: str | None = None, bold: bool = False,
        align: Align = "left", rise: Rise = "top", is_clear: bool = False,
    ) -> float:  # fmt: skip
        """Write lines one below the other, the first at `y`, and return the y below them."""
        for number, line in enumerate(lines):
            at = y - number * size * LINE_HEIGHT
            self.write(x, at, line, size, color=color, bold=bold, align=align, rise=rise, is_clear=is_clear)
        return y - height(lines, size)

    def draw_line(
        self, start: tuple[float, float], end: tuple[float, float], color: str, *, dotted: bool = False
    ) -> None:
        """Draw a thin line: a tick, or the connection from a label to what it names."""
        line = Line2D(*zip(start, end, strict=True), color=color, linewidth=points(2), linestyle=":" if dotted else "-")
        line.set_transform(self.pixels)
        self.figure.add_artist(line)

    def write_title(self, top: float, title: str, *, is_alone: bool = False) -> float:
        """Write the title in a large size on as few lines as possible, and return the y below it.

        If it `is_alone`, with nothing below it, it is larger and may have more lines.
        """
        shape = self.shape
        if not shape.title:
            return top
        sizes = self.sizes(_ALONE if is_alone else shape.title)
        lines, size = fit_lines(title, self.room, [size for size in sizes if size > _LARGE * sizes[0]], 1, bold=True)
        if len(lines) > 1:
            lines, size = fit_lines(title, self.room, sizes, _ALONE_LINES if is_alone else 2, bold=True)
        return self.write_lines(shape.margin, top, lines, size, bold=True) - 6

    def write_note(self, top: float, note: str) -> float:
        """Write a note below the title, and return the y below it."""
        size = self.shape.text
        lines = wrap_note(note, size, self.room)
        return self.write_lines(self.shape.margin, top, lines, size, color=self.theme.muted) - 6

    def write_foot(self, foot: str) -> float:
        """Write the foot at the bottom, and return the y above it."""
        shape, size = self.shape, self.shape.text
        lines = wrap_note(foot, size, self.room)
        top = 0.5 * shape.margin + height(lines, size)
        self.write_lines(shape.margin, top, lines, size, color=self.theme.muted)
        return top + 12

    def write_brand(self, brand: str) -> float:
        """Write the mark and the brand at the top of a card, and return the y below them."""
        shape, side, top = self.shape, self.shape.text, self.shape.height - self.shape.margin
        for role, rise in (("private", 0.5), ("public", 0.0)):
            corner, color = (shape.margin, top - side + rise * side), self.theme.color(role)
            self.figure.add_artist(Rectangle(corner, side, side / 2, color=color, transform=self.pixels))
        if width(brand, side) > self.room - 2 * side:  # the address goes first
            brand = " · ".join(part for part in brand.split(" · ") if "." not in part)
        line = fit_line(brand, side, self.room - 2 * side)
        self.write(shape.margin + 1.5 * side, top - side / 2, line, color=self.theme.muted, rise="center")
        return top - 1.8 * side


def points(pixels: float) -> float:
    """Convert a length from pixels to points, the unit of lines and markers."""
    return pixels * 72 / DPI


def box_at(x: float, y: float, wide: float, high: float, align: Align = "left", rise: Rise = "top") -> Bbox:
    """Return a box of a size, aligned to a point."""
    left = x - wide * {"left": 0, "center": 0.5, "right": 1}[align]
    low = y - high * {"bottom": 0, "center": 0.5, "top": 1}[rise]
    return Bbox.from_extents(left, low, left + wide, low + high)
