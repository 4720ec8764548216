"""Draw charts of rows, one group per series, with names on the left: dots with ranges, and bars.

Dots show each test's lag with its smallest and largest result, or each model's score; bars show what is unmatched.
"""

from collections.abc import Iterator, Sequence

from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from core.answer import Chart, Series
from core.charts.lettering import fit_line, fit_size, width
from core.charts.page import Page, points
from core.charts.scales import Plot, ticks_height, value_range, value_ticks
from core.charts.theme import Look
from core.dataclass import dataclass

_MOST_DOTS, _MOST_BARS = 18, 15
"""More rows can't be read on a phone."""
_TALLEST = 64
"""The maximum distance between rows, in pixels."""
_APART = 1.22
"""The minimum distance between rows, as a multiple of the smallest text size."""
_LEAST = 16
"""The smallest text of a row, in pixels."""
_NAMES = 0.36, 0.42
"""The maximum width of the column of names, as a share of the room: on a landscape page and on a portrait page."""
_BETWEEN = 0.35
"""The space between groups, in rows."""
_GAP, _ABOVE = 16, 8
_NOTE = 20
"""The size of a row's note, in pixels."""
_NOTES_RIGHT, _NOTES_BEHIND = 0.24, 0.4
"""The maximum width of notes: as a share of the room if in a column on the right, of the plot if behind bars."""
_NOTE_HEADINGS = {"best": "size"}
"""The heading of the notes, for kinds of charts whose notes need one."""
_BAR = 0.72
"""The height of a bar, in rows."""
_BAR_GAP = 8


@dataclass(frozen=True)
class Row:
    """A test, model or level: its value with a range, and a note."""

    name: str
    value: float
    low: float
    high: float
    note: str
    look: Look


@dataclass(frozen=True)
class Group:
    """The rows of a series under its name; `more` counts the rows that do not fit."""

    name: str
    rows: tuple[Row, ...]
    more: int
    look: Look

    @property
    def more_label(self) -> str:
        """Return the label for the rows that do not fit; "" if all fit."""
        return f"and {self.more} more" if self.more else ""

    @property
    def n_lines(self) -> int:
        """Return the number of lines of the group, including its name."""
        return 1 + len(self.rows) + bool(self.more)


def draw_dots(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw a dot on its range for each row, with the notes in a column on the right."""
    top = page.write_note(room.y1, " · ".join(filter(None, (chart.x_label, chart.y_label))))
    inner = Bbox.from_extents(room.x0, room.y0, room.x1, top)
    groups = make_groups(page, chart, inner, _MOST_DOTS)
    notes = min(max(width(row.note, _NOTE) for group in groups for row in group.rows), _NOTES_RIGHT * room.width)
    layout = RowLayout(page, groups, inner, column=notes + 24, from_zero=chart.kind != "best")
    size, muted = min(_NOTE, layout.size), page.theme.muted
    heading = _NOTE_HEADINGS.get(chart.kind, "")
    page.write(room.x1, layout.top - layout.pitch / 2, heading, size, color=muted, align="right", rise="center")
    for row, y in layout.write_names():
        color = row.look.color
        layout.plot.axes.plot([row.low, row.high], [y, y], color=color, linewidth=points(6), solid_capstyle="round")
        layout.plot.axes.plot(
            [row.value], [y], row.look.marker, color=color, markersize=points(0.7 * layout.size),
            markeredgecolor=page.theme.ground, markeredgewidth=points(2), clip_on=False,
        )  # fmt: skip
        note = fit_line(row.note, size, notes)
        page.write(room.x1, y, note, size, color=muted, align="right", rise="center")


def draw_bars(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw a bar for each row; its note is behind the bar, or inside if more of the note fits there."""
    inner = Bbox.from_extents(room.x0, room.y0, room.x1, page.write_note(room.y1, chart.x_label))
    layout = RowLayout(page, make_groups(page, chart, inner, _MOST_BARS), inner, note=_NOTE)
    height = layout.pitch * _BAR
    size = page.sizes(min(_NOTE, height))[0]
    for row, y in layout.write_names():
        low, high = sorted((0.0, row.value))
        bar = Rectangle((low, y - height / 2), high - low, height, color=row.look.color, linewidth=0)
        layout.plot.axes.add_patch(bar)
        (zero, _), (end, _) = layout.plot.pixels(0, y), layout.plot.pixels(max(row.value, 0), y)
        behind, inside = layout.plot.box.x1 - end - _BAR_GAP, end - zero - 2 * _BAR_GAP
        note = fit_line(row.note, size, max(behind, inside))
        if width(note, size) <= behind or behind >= inside:
            page.write(end + _BAR_GAP, y, note, size, rise="center")
        else:
            page.write(end - _BAR_GAP, y, note, size, color=page.theme.ground, align="right", rise="center")


def make_groups(page: Page, chart: Chart, room: Bbox, most: int) -> list[Group]:
    """Return the rows of a chart that have a value: as many as are readable in a room, up to `most`."""
    looks = [page.theme.look(series.role) for series in chart.series]
    groups = [(series.label, _make_rows(series, look), look) for series, look in zip(chart.series, looks, strict=True)]
    groups = [group for group in groups if group[1]]
    line_height = _APART * max(page.shape.least, _LEAST)
    n_lines = (room.height - ticks_height(page) - _ABOVE) / line_height - (2 + _BETWEEN) * len(groups)
    shares = share_out([len(rows) for _, rows, _ in groups], min(most, int(n_lines)))
    return [
        Group(label, tuple(rows[:share]), len(rows) - share, look)
        for (label, rows, look), share in zip(groups, shares, strict=True)
    ]


def _make_rows(series: Series, look: Look) -> list[Row]:
    no_bounds = (None,) * len(series.x)
    columns = (series.y, series.low or no_bounds, series.high or no_bounds, series.notes or ("",) * len(series.x))
    return [
        Row(name, value, value if low is None else low, value if high is None else high, note, look)
        for name, value, low, high, note in zip(series.x, *columns, strict=True)
        if value is not None
    ]


def share_out(counts: Sequence[int], most: int) -> list[int]:
    """Share `most` rows evenly among groups with these counts; rows that a group does not need go to the others."""
    shares, left = [0] * len(counts), most
    for place, n in enumerate(sorted(range(len(counts)), key=lambda n: counts[n])):
        shares[n] = min(counts[n], max(left // (len(counts) - place), 1))
        left -= shares[n]
    return shares


class RowLayout:
    """The places of a chart's rows on a page; the plot beside their names uses pixels for y."""

    def __init__(
        self, page: Page, groups: Sequence[Group], room: Bbox, *, column: float = 0, note: float = 0,
        from_zero: bool = True,
    ) -> None:  # fmt: skip
        """Lay the rows out in a room, with `column` pixels left free to the right of the plot.

        If `note` is a text size, the range of values leaves room for each row's note behind its bar. With `from_zero`,
        values are months and the range starts at zero; otherwise the range holds just the values.
        """
        self.page, self.groups, self.left = page, groups, room.x0
        rows = [row for group in groups for row in group.rows]
        n_lines = sum(group.n_lines for group in groups) + _BETWEEN * (len(groups) - 1)
        inner_height = room.height - ticks_height(page) - _ABOVE
        self.pitch = min(_TALLEST, inner_height / n_lines)
        self.size = page.sizes(min(page.shape.label, self.pitch * 0.82))[0]
        self.top = room.y1 - _ABOVE - (inner_height - self.pitch * n_lines) / 2
        bottom = self.top - self.pitch * n_lines
        names = [*(row.name for row in rows), *(group.more_label for group in groups)]
        names_width = min(max(width(name, self.size) for name in names), _NAMES[page.is_portrait] * room.width)
        inner = Bbox.from_extents(room.x0 + names_width + _GAP, bottom, room.x1 - column, self.top)
        low, high = _x_range(rows, inner.width, note, from_zero=from_zero)
        self.plot = Plot(page, inner, (low, high), (bottom, self.top))
        self.plot.draw_x_ticks(value_ticks(low, high, in_months=from_zero), with_rules=True)

    def write_names(self) -> Iterator[tuple[Row, float]]:
        """Write the names, and return each row with its y in pixels."""
        top, theme = self.top, self.page.theme
        room = self.plot.box.x0 - _GAP - self.left
        for group in self.groups:
            self._write_name(group.name, top, self.plot.box.x1 - self.left, group.look.color, bold=True)
            for row in group.rows:
                top -= self.pitch
                self._write_name(row.name, top, room, theme.ink)
                yield row, top - self.pitch / 2
            if group.more_label:
                top -= self.pitch
                self._write_name(group.more_label, top, room, theme.muted)
            top -= self.pitch * (1 + _BETWEEN)

    def _write_name(self, name: str, top: float, room: float, color: str, *, bold: bool = False) -> None:
        size = fit_size(name, room, self.page.sizes(self.size), bold)
        text = fit_line(name, size, room, bold)
        y = top - self.pitch / 2
        self.page.write(self.left, y, text, size, color=color, bold=bold, rise="center", is_clear=bold)


def _x_range(rows: Sequence[Row], plot_width: float, note: float, *, from_zero: bool) -> tuple[float, float]:
    """Return the range of values; if notes have a size, it leaves room for them behind the bars."""
    ends = [end for row in rows for end in (row.low, row.value, row.high)]
    if not from_zero:
        room = 0.05 * (max(ends) - min(ends)) or 1.0
        return min(ends) - room, max(ends) + room
    low, high = value_range([0.0, *ends])
    if note:
        for row in rows:
            share = min((width(row.note, note) + _GAP) / plot_width, _NOTES_BEHIND)
            high = max(high, (max(row.value, 0.0) - share * low) / (1 - share))
    return low, high
