"""Draw rows: months as lines from one zero, dots on their ranges, or two ends; each kind of test under its name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from matplotlib.transforms import Bbox

from core.answer import Chart, Series
from core.charts.lettering import LINE_HEIGHT, fit_line, width
from core.charts.page import Page, points
from core.charts.scales import Plot, Tick, ticks_height, value_range, value_ticks
from core.words import capitalize, cell

_UNMATCHED = 3
"""One in this many rows of a group is reserved for an unmatched score."""
_NEW = 0.1
"""An unmatched score younger than this many months is "new"."""
_NAMES, _FIGURES = 0.44, 0.5
"""The maximum width of names beside a plot, and of figures, as a share of the room."""
_GAP = 16
"""The distance between text and what is beside it, in pixels."""
_STRIP, _APART = 25, 8
"""The height of a row's marks, and the distance between rows on a wide page, in pixels."""
_HEADING = 1.2
"""The height of a group's name, in lines."""
_SPREAD = 1.5
"""Few rows are spread by at most this factor."""
_MARKER = 15
_BRACKETS = re.compile(r" \([^()]*\)")
_MARKS = {
    "○": ("o", "closed", False),
    "●": ("o", "", True),
    "■": ("s", "", True),
    "□": ("s", "", False),
    "◉": ("o", "closed", True),
}
"""The marks that a subtitle may name: the marker, its role ("" for the row's own), and whether it is filled."""


@dataclass(frozen=True)
class Row:
    """A test, model or level, what is said under its name, its value with a range, and the text at its right.

    The value is None if there is only a reason, which is then the note. An unmatched row has no end yet.
    """

    name: str
    note: str
    figure: str
    color: str
    value: float | None
    low: float | None = None
    high: float | None = None
    is_unmatched: bool = False

    @property
    def ends(self) -> tuple[float, ...]:
        """Return the values that the row draws."""
        return tuple(end for end in (self.value, self.low, self.high) if end is not None)


@dataclass(frozen=True)
class Group:
    """The rows of a kind under its name; `more` counts those that are not drawn."""

    name: str
    color: str
    rows: tuple[Row, ...]
    more: int = 0

    @property
    def heading(self) -> str:
        """Return the name with the number of rows that are not drawn."""
        return f"{self.name}, {self.more} more not shown" if self.more else self.name

    def limit(self, most: int, *, is_line: bool) -> "Group":
        """Return the group with at most so many rows: of lines the shortest, the longest and some unmatched ones."""
        rows = self.rows[:most]
        if is_line:
            unmatched = [row for row in self.rows if row.is_unmatched]
            matched = sorted((row for row in self.rows if not row.is_unmatched), key=lambda row: row.value or 0.0)
            n_leading = sum(1 for _ in takewhile(lambda row: row.is_unmatched, self.rows))
            n_unmatched = min(len(unmatched), max(most // _UNMATCHED, most - len(matched), min(n_leading, most)))
            left = min(most - n_unmatched, len(matched))
            longest = matched[len(matched) - left // 2 :]
            rows = (*matched[: left - left // 2], *longest, *unmatched[:n_unmatched])
        return replace(self, rows=rows, more=len(self.rows) - len(rows))


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw each row with its figure at the right, on a wide page beside its text, on a narrow page below it."""
    top = page.write_note(room.y1, " · ".join(filter(None, (chart.x_label, chart.y_label))))
    is_line, size = chart.kind in ("catch-up", "unmatched"), page.shape.text
    heading = _HEADING * size * LINE_HEIGHT
    bottom = room.y0 + (0 if is_line else ticks_height(page))
    layout = _Layout(page, list(_read_groups(page, chart)), room)
    inner = top - bottom - heading * len(layout.groups)
    shares = share_out(
        [len(group.rows) for group in layout.groups], min(page.shape.rows, int(inner / layout.row_height))
    )
    groups = [group.limit(share, is_line=is_line) for group, share in zip(layout.groups, shares, strict=True)]
    rows = [row for group in groups for row in group.rows]
    layout.row_height *= max(min(inner / (layout.row_height * len(rows)), _SPREAD), 1.0)
    height = heading * len(groups) + layout.row_height * len(rows)
    box = Bbox.from_extents(layout.plot_left, top - height, layout.plot_right, top)
    low, high = value_range([0.0, *(end for row in rows for end in row.ends)])
    plot = Plot(page, box, (low, high), (box.y0, top))
    ticks: list[Tick] = [] if is_line else value_ticks(low, high, in_months=True)
    marks = [mark for mark in chart.y_label if mark in _MARKS]
    y = top
    for group in groups:
        text = fit_line(group.heading, size, room.width, True)
        page.write(room.x0, y - heading / 2, text, size, color=group.color, bold=True, rise="center")
        y -= heading
        for row in group.rows:
            middle = layout.write(row, y)
            for value, _ in ticks:
                plot.axes.plot([value] * 2, [middle - _STRIP / 2, middle + _STRIP / 2], color=page.theme.rule,
                               linewidth=points(1.5), zorder=0)  # fmt: skip
            _draw_marks(plot, row, middle, marks, is_line=is_line)
            y -= layout.row_height
    plot.draw_x_ticks(ticks)


class _Layout:
    """Where the parts of a row are: the text at the left, the figure at the right, the plot between or below."""

    def __init__(self, page: Page, groups: Sequence[Group], room: Bbox) -> None:
        self.page, self.groups, self.room = page, groups, room
        self.size = page.shape.text
        rows = [row for group in groups for row in group.rows]
        self.figures = min(max(width(row.figure, self.size, True) for row in rows), _FIGURES * room.width) + _GAP
        self.names = room.width - self.figures if page.is_narrow else _NAMES * room.width
        self.is_beside = all(self._width(row) <= self.names for row in rows)
        n_lines = 1 if self.is_beside or not any(row.note for row in rows) else 2
        self.text_height = n_lines * self.size * LINE_HEIGHT
        self.row_height = self.text_height + (_STRIP if page.is_narrow else _APART)
        self.plot_left, self.plot_right = room.x0 + _MARKER / 2, room.x1 - _MARKER / 2
        if not page.is_narrow:
            self.names = min(max(map(self._width, rows)), self.names)
            self.plot_left += self.names + _GAP
            self.plot_right -= self.figures

    def _width(self, row: Row) -> float:
        return width(f"{row.name}  {row.note}", self.size)

    def write(self, row: Row, top: float) -> float:
        """Write a row's texts below `top`, and return where its marks are."""
        size, muted, step = self.size, self.page.theme.muted, self.size * LINE_HEIGHT
        first = top - (self.row_height - _STRIP * self.page.is_narrow - self.text_height) / 2 - step / 2
        name = self.page.write(self.room.x0, first, fit_line(row.name, size, self.names), size, rise="center")
        if self.is_beside:
            self.page.write(name.x1 + 2 * self.size / 3, first, row.note, size, color=muted, rise="center")
        else:
            note_room = self.room.width if self.page.is_narrow else self.names
            note = row.note if width(row.note, size) <= note_room else _BRACKETS.sub("", row.note)
            note = fit_line(note, size, note_room)
            self.page.write(self.room.x0, first - step, note, size, color=muted, rise="center")
        middle = top - self.row_height / 2
        at = first if self.page.is_narrow else middle
        figure = fit_line(row.figure, size, self.figures, True)
        self.page.write(self.room.x1, at, figure, size, color=row.color, bold=True, align="right", rise="center")
        return first + step / 2 - self.text_height - _STRIP / 2 if self.page.is_narrow else middle


def _draw_marks(plot: Plot, row: Row, y: float, marks: Sequence[str], *, is_line: bool) -> None:
    """Draw a line from zero, two ends, or a dot on its range; nothing if there is only a reason."""
    axes, color = plot.axes, row.color
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
    if len(marks) == 2:
        axes.plot([low, high], [y, y], color=color, linewidth=points(3))
        _draw_mark(plot, marks[1], high if row.value == low else low, y, color)
    else:
        axes.plot([low, high], [y, y], color=color, linewidth=points(11), alpha=0.45, solid_capstyle="butt")
    if row.value is not None:
        _draw_mark(plot, marks[0] if len(marks) == 2 else "●", row.value, y, color)


def _draw_mark(plot: Plot, mark: str, x: float, y: float, color: str) -> None:
    theme = plot.page.theme
    marker, role, is_filled = _MARKS[mark]
    color = theme.color(role) if role else color
    plot.axes.plot(
        [x], [y], marker, color=color, markersize=points(_MARKER), clip_on=False,
        markerfacecolor=color if is_filled else theme.ground, markeredgewidth=points(3),
        markeredgecolor=theme.ground if mark == "●" else color,
    )  # fmt: skip


def _read_groups(page: Page, chart: Chart) -> Iterator[Group]:
    """Yield each group of a chart that has rows."""
    key = (lambda series: f"{series.role} tests") if chart.kind == "catch-up" else (lambda series: series.label)
    for label, series in groupby(chart.series, key=key):
        of_group = list(series)
        rows = tuple(row for one in of_group for row in _read_rows(chart, one, page.theme.color(one.role)))
        if rows:
            yield Group(capitalize(label), page.theme.color(of_group[0].role), rows)


def _read_rows(chart: Chart, series: Series, color: str) -> Iterator[Row]:
    if chart.kind == "catch-up":
        months, so_far = series.y[-1], series.low[-1] if series.low else None
        first, second = series.notes or ("", "")
        names = [first, second or "none yet"][:: -1 if (months or 0.0) < 0 else 1]
        if series.x:
            yield _make_line(series.label, " → ".join(names), color, months, so_far)
        return
    none, notes = (None,) * len(series.x), series.notes or ("",) * len(series.x)
    for name, value, low, high, note in zip(
        series.x, series.y, series.low or none, series.high or none, notes, strict=True
    ):
        if chart.kind == "unmatched" and value is not None:
            yield _make_line(name, note, color, None, value)
        elif value is None and low is None:
            yield from [Row(name, note, "–", color, None)] if note else []
        elif chart.kind in ("compare", "others") and note:
            yield Row(name, "", note, color, value, low, high)
        else:
            yield Row(name, note, cell(value), color, value, low, high)


def _make_line(name: str, note: str, color: str, months: float | None, so_far: float | None) -> Row:
    """Make the row of a catch-up: "9.8+" if unmatched, "new" if just reached."""
    if months is not None:
        return Row(name, note, cell(months), color, months)
    figure = f"{cell(so_far)}+" if (so_far or 0.0) >= _NEW else "new"
    return Row(name, note, figure, color, so_far or 0.0, is_unmatched=True)


def share_out(counts: Sequence[int], most: int) -> list[int]:
    """Share `most` rows evenly, an odd one to the first; rows that a group does not need go to the others."""
    shares, left = [0] * len(counts), most
    for place, n in enumerate(sorted(range(len(counts)), key=lambda n: (counts[n], -n))):
        shares[n] = min(counts[n], max(left // (len(counts) - place), 1))
        left -= shares[n]
    return shares
