"""Catch-ups: a line each from the closed model that was first to the open one that matched it, both named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile

from matplotlib.transforms import Bbox

from core.answer import Chart, Series
from core.charts.lettering import PITCH, shortened, width
from core.charts.page import Page, points
from core.charts.scales import Plot, day_ticks, under
from core.charts.theme import Look
from core.words import cell, count

_SIZE, _TALLEST = 21, 40.0
"""The size of text in a row, and how high a row is at most, in pixels."""
_NAMES = 0.3
"""How wide the column of tests may be, as a share of the room."""
_GAP = 14
"""From text to what it stands beside, in pixels."""
_LINES = 0.3
"""How much of the plot lines have at least, where the names beside them are long, as a share."""
_BAR = 14
"""How high a line is below its words, on a portrait, in pixels."""
_UNMATCHED = 3
"""One row of so many of a class is kept for what is unmatched."""
_NEW = 0.1
_NOBODY = "none yet"


@dataclass(frozen=True)
class _Row:
    """A catch-up: its test and level, its days (ordinals), both models, and how long it took, or takes at least."""

    name: str
    start: int
    end: int
    first: str
    second: str
    months: float | None
    so_far: float | None
    look: Look

    @property
    def figure(self) -> str:
        """Return how long it took; "9.8+" where it is not over, "new" where it has just begun."""
        if self.months is not None:
            return cell(self.months)
        return f"{cell(self.so_far)}+" if (self.so_far or 0.0) >= _NEW else "new"

    @property
    def test(self) -> str:
        """Return the test without the level."""
        return self.name.removesuffix(" %").rsplit(" ", 1)[0]

    @property
    def ends(self) -> tuple[str, str]:
        """Return the names at the left and at the right end."""
        return (self.first, self.second) if self.start <= self.end else (self.second, self.first)


@dataclass(frozen=True)
class _Group:
    name: str
    rows: tuple[_Row, ...]
    more: int


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw the lines in a group per class of tests; names stand at their ends, or above them on a portrait."""
    top = page.aside(room.y1, chart.x_label) - 4
    size = page.sizes(min(_SIZE, page.shape.label))[-1 if page.is_portrait else 0]
    high = PITCH * size + (_BAR if page.is_portrait else 0)
    groups = _groups(page, chart, int((top - room.y0 - under(page)) / high))
    n_lines = sum(1 + len(group.rows) for group in groups)
    pitch = min(max(_TALLEST, high), (top - room.y0 - under(page)) / n_lines)
    bottom = top - pitch * n_lines
    rows = [row for group in groups for row in group.rows]
    column = width("00.0+", size, True) + _GAP
    left = room.x0
    if not page.is_portrait:
        left += min(max(width(row.name, size) for row in rows) + 1, _NAMES * room.width) + _GAP
    box = Bbox.from_extents(left, bottom, room.x1 - (0 if page.is_portrait else column), top)
    plot = Plot(page, box, _range(page, rows, box.width, size), (bottom, top))
    first, last = min(min(row.start, row.end) for row in rows), max(max(row.start, row.end) for row in rows)
    plot.verticals(day_ticks(first, last, page.shape.days), ruled=True)
    y = top
    for group in groups:
        _heading(page, group, room, y - pitch / 2, size, is_first=group is groups[0])
        for row in group.rows:
            y -= pitch
            if page.is_portrait:
                _above(plot, row, room, y, size)
            else:
                _beside(plot, row, room, y - pitch / 2, size)
        y -= pitch


def _groups(page: Page, chart: Chart, lines: int) -> list[_Group]:
    """Return the rows that there is room for: evenly of each class, and some of each are unmatched."""
    found: list[tuple[int, _Group]] = []
    classes = [(role, list(each)) for role, each in groupby(chart.series, key=lambda series: series.role)]
    left = lines - len(classes)
    for place, (role, of_class) in sorted(enumerate(classes), key=lambda each: len(each[1][1])):
        share = min(len(of_class), max(left // (len(classes) - len(found)), 1))
        left -= share
        matched = [series for series in of_class if series.y[-1] is not None]
        unmatched = [series for series in of_class if series.y[-1] is None]
        leading = sum(1 for _ in takewhile(lambda series: series.y[-1] is None, of_class))
        kept = min(len(unmatched), max(share // _UNMATCHED, share - len(matched), min(leading, share)))
        shown = [*matched[: share - kept], *unmatched[:kept]]
        rows = tuple(_row(series, page.theme.look(role)) for series in of_class if series in shown)
        found.append((place, _Group(f"{role.capitalize()} tests", rows, len(of_class) - share)))
    return [group for _, group in sorted(found, key=lambda each: each[0])]


def _row(series: Series, look: Look) -> _Row:
    start, end = (date.fromisoformat(day).toordinal() for day in series.x)
    first, second = series.notes or ("", "")
    so_far = series.low[-1] if series.low else None
    return _Row(series.label, start, end, first, second or _NOBODY, series.y[-1], so_far, look)


def _range(page: Page, rows: Sequence[_Row], wide: float, size: float) -> tuple[float, float]:
    """Return the range of days that leaves room for the names at both ends of all lines, as far as there is some."""
    first, last = min(min(row.start, row.end) for row in rows), max(max(row.start, row.end) for row in rows)
    span = max(last - first, 60)
    lines = wide - 2 * _GAP
    before = after = float(_GAP)
    if not page.is_portrait:
        for _ in range(4):
            for row in rows:
                low, high = sorted((row.start, row.end))
                start, end = ((day - first) / span * lines for day in (low, high))
                before = max(before, width(row.ends[0], size) + 2 * _GAP - start)
                after = max(after, width(row.ends[1], size) + 2 * _GAP - (lines - end))
            lines = max(wide - before - after, _LINES * wide)
        before, after = ((wide - lines) * part / (before + after) for part in (before, after))
    return first - before / lines * span, first + span + after / lines * span


def _heading(page: Page, group: _Group, room: Bbox, y: float, size: float, *, is_first: bool) -> None:
    """Name a class, with how many more lines there are; above the first, what the figures at the right are."""
    words = f"{group.name}, {count(group.more, 'more score')} not shown" if group.more else group.name
    page.text(room.x0, y, words, size, color=group.rows[0].look.color, bold=True, rise="center", is_clear=True)
    if is_first:
        page.text(room.x1, y, "months", size, color=page.theme.muted, align="right", rise="center")


def _line(plot: Plot, row: _Row, y: float) -> tuple[float, float]:
    """Draw a line, open at its end where nobody has matched it yet, and return the pixels of its ends."""
    color, axes, is_over = row.look.color, plot.axes, row.months is not None
    style = "-" if is_over else (0, (2, 1))
    axes.plot([row.start, row.end], [y, y], color=color, linewidth=points(5), linestyle=style)
    axes.plot([row.start], [y], "o", color=color, markersize=points(11), clip_on=False)
    axes.plot([row.end], [y], "s" if is_over else ">", color=color, markersize=points(11), clip_on=False)
    left, right = sorted(plot.at(day, y)[0] for day in (row.start, row.end))
    return left, right


def _beside(plot: Plot, row: _Row, room: Bbox, y: float, size: float) -> None:
    """Draw a row with its test to the left, the models at the ends of its line, and the months at the right."""
    page, (left, right) = plot.page, _line(plot, row, y)
    page.text(room.x0, y, shortened(row.name, size, plot.box.x0 - _GAP - room.x0), size, rise="center")
    page.text(room.x1, y, row.figure, size, color=row.look.color, bold=True, align="right", rise="center")
    before, after = row.ends
    before = shortened(before, size, max(left - _GAP - plot.box.x0, size))
    after = shortened(after, size, max(plot.box.x1 - right - _GAP, size))
    page.text(left - _GAP, y, before, size, align="right", rise="center", is_clear=True)
    color = page.theme.muted if row.months is None else page.theme.ink
    page.text(right + _GAP, y, after, size, color=color, rise="center", is_clear=True)


def _above(plot: Plot, row: _Row, room: Bbox, top: float, size: float) -> None:
    """Draw a row with its words above its line: the test, both models, and the months at the right."""
    page = plot.page
    figure = page.text(room.x1, top, row.figure, size, color=row.look.color, bold=True, align="right")
    wide = figure.x0 - _GAP - room.x0
    sentences = [f"{name}: {row.first} → {row.second}" for name in (row.name, row.test)]
    words = next((each for each in sentences if width(each, size) <= wide), sentences[-1])
    page.text(room.x0, top, shortened(words, size, wide), size, is_clear=True)
    _line(plot, row, top - PITCH * size - _BAR / 4)
