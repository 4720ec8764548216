"""A page to draw on, landscape or portrait: its text is drawable, measured, wrapped and kept inside."""

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Affine2D, Bbox

from core.charts.lettering import DPI, LINE_HEIGHT, fit_lines, font, height, make_drawable, needs_fallback, width
from core.charts.theme import Dash, Theme
from core.dataclass import dataclass

_SIZES = (54, 50, 46, 42, 38, 35, 32, 29, 26, 24, 22, 20, 19, 18, 16, 14, 12)
"""The possible text sizes, largest first."""
_LARGE = 0.8
"""A title that fits on one line at more than this share of its largest size is not wrapped to make it larger."""
_BRAND_GAP = 24
Align = Literal["left", "center", "right"]
Rise = Literal["top", "center", "bottom"]


@dataclass(frozen=True)
class Shape:
    """The shape of a page; the image has `scale` times as many pixels.

    Text sizes: `label` beside data, `tick` along axes, `small` in the foot, never below `least`; `title` is the maximum
    in the title, which has up to `title_lines` lines. An axis of days has fewer than `days` ticks.
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
"""1080 by 1350 pixels: on a phone 390 pixels wide, no text is smaller than 12."""


class Page:
    """A figure to write and draw on; x and y are pixels from the lower left corner."""

    def __init__(self, theme: Theme, shape: Shape = WIDE) -> None:
        self.theme, self.shape = theme, shape
        size = shape.width / DPI, shape.height / DPI
        self.figure = Figure(figsize=size, dpi=DPI * shape.scale, facecolor=theme.ground)
        self.pixels = Affine2D().scale(1 / shape.width, 1 / shape.height) + self.figure.transFigure
        FigureCanvasAgg(self.figure)

    @property
    def is_portrait(self) -> bool:
        """Whether the page is portrait: names are then above what they name, not beside it."""
        return self.shape.height > self.shape.width

    @property
    def room(self) -> int:
        """Return the maximum width of a line."""
        return self.shape.width - 2 * self.shape.margin

    def sizes(self, largest: float) -> list[int]:
        """Return the sizes of text up to `largest`, largest first; only the smallest if all are too large."""
        least = self.shape.least
        sizes = [int(largest), *(size for size in _SIZES if size < int(largest))]
        return [size for size in sizes if size >= least] or [least]

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
        """Write a line, by default in the size of a label, and return its box.

        If it `is_clear`, the plot's rules do not cross it.
        """
        size = size or self.shape.label
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
        align: Align = "left", rise: Rise = "top",
    ) -> float:  # fmt: skip
        """Write lines one below the other, the first at `y`, and return the y below them."""
        for number, line in enumerate(lines):
            at = y - number * size * LINE_HEIGHT
            self.write(x, at, line, size, color=color, bold=bold, align=align, rise=rise)
        return y - height(lines, size)

    def draw_line(
        self, start: tuple[float, float], end: tuple[float, float], color: str, *, dotted: bool = False
    ) -> None:
        """Draw a thin line: a tick, or the connection from a label to what it names."""
        style: Dash = (0, (1, 2)) if dotted else "-"
        line = Line2D(*zip(start, end, strict=True), color=color, linewidth=points(2), linestyle=style)
        line.set_transform(self.pixels)
        self.figure.add_artist(line)

    def write_title(self, title: str) -> float:
        """Write the title in a large size on as few lines as possible, and return the y below it."""
        shape, sizes = self.shape, self.sizes(self.shape.title)
        large = [size for size in sizes if size > _LARGE * shape.title]
        lines, size = fit_lines(title, self.room, large, 1, bold=True)
        if len(lines) > 1:
            lines, size = fit_lines(title, self.room, sizes, shape.title_lines, bold=True)
        return self.write_lines(shape.margin, shape.height - 0.75 * shape.margin, lines, size, bold=True)

    def write_note(self, top: float, note: str) -> float:
        """Write a note below the title, on two lines rather than in small letters; return the y below it."""
        sizes = [size for size in self.sizes(22) if size >= self.shape.small]
        lines, size = fit_lines(note, self.room, sizes, 1)
        if len(lines) > 1:
            lines, size = fit_lines(note, self.room, self.sizes(sizes[0]), 2)
        return self.write_lines(self.shape.margin, top - 6, lines, size, color=self.theme.muted)

    def write_foot(self, foot: str, brand: str) -> float:
        """Write the foot at the bottom with the brand on the right, and return the y above both."""
        shape, sizes, muted = self.shape, self.sizes(self.shape.small), self.theme.muted
        brand_lines, brand_size = fit_lines(brand, self.room, sizes, 1, bold=True)
        brand_width = max(width(line, brand_size, True) for line in brand_lines)
        brand_height = height(brand_lines, brand_size)
        if self.is_portrait:  # the brand gets its own line
            lines, size = fit_lines(foot, self.room, sizes, 3)
            foot_height = height(lines, size) + brand_height
        else:
            lines, size = fit_lines(foot, self.room - brand_width - _BRAND_GAP, sizes, 2)
            foot_height = max(height(lines, size), brand_height)
        bottom = 0.5 * shape.margin
        self.write_lines(shape.margin, bottom + foot_height, lines, size, color=muted)
        self.write_lines(
            shape.width - shape.margin, bottom + brand_height, brand_lines, brand_size,
            color=muted, bold=True, align="right",
        )  # fmt: skip
        return bottom + foot_height


def points(pixels: float) -> float:
    """Convert a length from pixels to points, the unit of lines and markers."""
    return pixels * 72 / DPI


def box_at(x: float, y: float, wide: float, high: float, align: Align = "left", rise: Rise = "top") -> Bbox:
    """Return a box of a size, aligned to a point."""
    left = x - wide * {"left": 0, "center": 0.5, "right": 1}[align]
    low = y - high * {"bottom": 0, "center": 0.5, "top": 1}[rise]
    return Bbox.from_extents(left, low, left + wide, low + high)
