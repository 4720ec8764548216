"""Draw rows: months as lines from one zero, dots on their ranges, or two ends; each kind of test under its name."""

import re
from collections.abc import Sequence

from matplotlib.transforms import Bbox

from core.answer import Chart
from core.chart_rows import LINES, Row, describe, read_ends, read_groups
from core.charts.lettering import LINE_HEIGHT, fit_line, width
from core.charts.page import Page, points
from core.charts.scales import Plot, ticks_height
from core.ticks import Tick, value_range, value_ticks

_FIGURES, _PLOT = 0.5, 0.1
"""The maximum width of figures, and the minimum width of the plot between names and figures, as shares of the room."""
_GAP = 16
"""The distance between text and what is beside it, in pixels."""
_STRIP, _APART = 25, 8
"""The height of a row's marks, and the distance between rows on a wide page, in pixels."""
_HEADING = 1.2
"""The height of a group's name, in lines."""
_SPREAD, _LARGE = 1.5, 1.6
"""Few rows are spread by at most this factor; two ranges alone are so many times larger."""
_MARKER = 15
_BRACKETS = re.compile(r" \([^()]*\)")
_MARKS = {
    "○": ("o", "closed", False),
    "●": ("o", "", True),
    "■": ("s", "", True),
    "□": ("s", "", False),
    "◉": ("o", "closed", True),
}
"""How marks are drawn: the marker, its role ("" for the row's own), and whether it is filled."""


def draw(page: Page, chart: Chart, room: Bbox) -> str:
    """Draw each row with its figure at the right, on a wide page beside its text, on a narrow page below it.

    Returns what the picture shows, in words.
    """
    top = page.write_note(room.y1, " · ".join(filter(None, (chart.x_label, chart.y_label))))
    is_line, size, ends = chart.kind in LINES, page.shape.text, read_ends(chart)
    bottom = room.y0 + (0 if is_line else ticks_height(page))
    groups = read_groups(chart, page.shape.rows)
    is_large = chart.kind == "ranges"
    layout = _Layout(page, [row for group in groups for row in group.rows], room, _LARGE if is_large else 1)
    heading = 0.0 if is_large else _HEADING * size * LINE_HEIGHT
    most = max(int((top - bottom) / (heading + layout.row_height)), 1)  # groups that have room for a row
    inner = top - bottom - heading * min(len(groups), most)
    if int(inner / layout.row_height) < page.shape.rows:
        groups = read_groups(chart, int(inner / layout.row_height))
    groups = groups[:most]
    rows = [row for group in groups for row in group.rows]
    layout.row_height *= max(min(inner / (layout.row_height * len(rows)), _SPREAD * layout.scale), 1.0)
    height = heading * len(groups) + layout.row_height * len(rows)
    box = Bbox.from_extents(layout.plot_left, top - height, layout.plot_right, top)
    low, high = value_range([0.0, *(end for row in rows for end in row.ends)])
    plot = Plot(page, box, (low, high), (box.y0, top))
    ticks: list[Tick] = [] if is_line else value_ticks(low, high, in_months=True)
    y = top
    for group in groups:
        if heading:
            text, color = fit_line(group.heading, size, room.width, True), page.theme.color(group.role)
            page.write(room.x0, y - heading / 2, text, size, color=color, bold=True, rise="center")
        y -= heading
        for row in group.rows:
            middle = layout.write(row, y)
            for value, _ in ticks:
                plot.axes.plot([value] * 2, [middle - _STRIP / 2, middle + _STRIP / 2], color=page.theme.rule,
                               linewidth=points(1.5), zorder=0)  # fmt: skip
            _draw_marks(plot, row, middle, ends, layout.scale, is_line=is_line)
            y -= layout.row_height
    plot.draw_x_ticks(ticks)
    return describe(chart, groups)


class _Layout:
    """Where the parts of a row are: the text at the left, the figure at the right, the plot between or below."""

    def __init__(self, page: Page, rows: Sequence[Row], room: Bbox, scale: float) -> None:
        self.page, self.room, self.scale, self.size = page, room, scale, page.shape.text * scale
        self.figures = min(max(width(row.figure, self.size, True) for row in rows), _FIGURES * room.width) + _GAP
        beside = room.width * (1 - _PLOT) - self.figures - _GAP
        self.names = room.width - self.figures if page.is_narrow else min(page.shape.names * room.width, beside)
        self.is_beside = all(self._width(row) <= self.names for row in rows)
        n_lines = 1 if self.is_beside or not any(row.note for row in rows) else 2
        self.text_height = n_lines * self.size * LINE_HEIGHT
        self.row_height = self.text_height + (_STRIP if page.is_narrow else _APART)
        self.plot_left, self.plot_right = room.x0 + _MARKER / 2, room.x1 - _MARKER / 2
        if not page.is_narrow:
            texts = [text for row in rows for text in (row.name, row.note)]
            widths = map(self._width, rows) if self.is_beside else (width(text, self.size) for text in texts)
            self.names = min(max(widths) + 1, self.names)
            self.plot_left += self.names + _GAP
            self.plot_right -= self.figures

    def _width(self, row: Row) -> float:
        return width(f"{row.name}  {self._note(row, row.name)}", self.size)

    def _note(self, row: Row, name: str = "") -> str:
        """Return a row's note, without brackets if it is too long for its line."""
        room = self.room.width if self.page.is_narrow else self.names
        return row.note if width(name + row.note, self.size) <= room else _BRACKETS.sub("", row.note)

    def write(self, row: Row, top: float) -> float:
        """Write a row's texts below `top`, and return where its marks are."""
        size, muted, step = self.size, self.page.theme.muted, self.size * LINE_HEIGHT
        first = top - (self.row_height - _STRIP * self.page.is_narrow - self.text_height) / 2 - step / 2
        name = self.page.write(self.room.x0, first, fit_line(row.name, size, self.names), size, rise="center")
        if self.is_beside:
            self.page.write(
                name.x1 + 2 * self.size / 3, first, self._note(row, row.name), size, color=muted, rise="center"
            )
        else:
            note = fit_line(self._note(row), size, self.room.width if self.page.is_narrow else self.names)
            self.page.write(self.room.x0, first - step, note, size, color=muted, rise="center")
        middle, color = top - self.row_height / 2, self.page.theme.color(row.role)
        at = first if self.page.is_narrow else middle
        figure = fit_line(row.figure, size, self.figures, True)
        self.page.write(self.room.x1, at, figure, size, color=color, bold=True, align="right", rise="center")
        return first + step / 2 - self.text_height - _STRIP / 2 if self.page.is_narrow else middle


def _draw_marks(plot: Plot, row: Row, y: float, ends: str, scale: float, *, is_line: bool) -> None:
    """Draw a line from zero, two ends, or a dot on its range; nothing if there is only a reason."""
    axes, color = plot.axes, plot.page.theme.color(row.role)
    if not row.ends:
        return
    if is_line and row.value is not None:
        dash = (0, (1.2, 0.8)) if row.is_unmatched else "-"
        axes.plot([0, row.value], [y, y], color=color, linewidth=points(6), linestyle=dash)
        _draw_mark(plot, "○", 0, y, color)
        if not row.is_unmatched:
            _draw_mark(plot, "■", row.value, y, color)
        return
    low, high = min(row.ends), max(row.ends)
    if ends:
        axes.plot([low, high], [y, y], color=color, linewidth=points(3))
        _draw_mark(plot, ends[1], high if row.value == low else low, y, color)
    else:
        axes.plot([low, high], [y, y], color=color, linewidth=points(11 * scale), alpha=0.45, solid_capstyle="butt")
    if row.value is not None:
        _draw_mark(plot, ends[0] if ends else "●", row.value, y, color)


def _draw_mark(plot: Plot, mark: str, x: float, y: float, color: str) -> None:
    theme = plot.page.theme
    marker, role, is_filled = _MARKS[mark]
    color = theme.color(role) if role else color
    plot.axes.plot(
        [x], [y], marker, color=color, markersize=points(_MARKER), clip_on=False,
        markerfacecolor=color if is_filled else theme.ground, markeredgewidth=points(3),
        markeredgecolor=theme.ground if mark == "●" else color,
    )  # fmt: skip
