"""Draw catch-ups as lines from the first closed model at a score to the open model that matched it, or as one card."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby, takewhile

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from core.answer import Chart, Series
from core.charts.lettering import LINE_HEIGHT, fit_line, fit_size, width
from core.charts.page import Page, points
from core.charts.row_charts import share_out
from core.charts.scales import Plot, day_ticks, ticks_height
from core.charts.theme import Look
from core.dataclass import dataclass
from core.words import cell, count, lag_text

_SIZE, _TALLEST = 21, 40.0
"""The text size in a row, and the maximum height of a row, in pixels."""
_NAMES = 0.3
"""The maximum width of the column of tests, as a share of the room."""
_GAP = 14
"""The distance between text and what is beside it, in pixels."""
_LINES = 0.3
"""The lines get at least this share of the plot, however long the names beside them are."""
_BAR = 14
"""The height of a line below its text, on a portrait page, in pixels."""
_UNMATCHED = 3
"""One in this many rows of a class is reserved for an unmatched score."""
_NEW = 0.1
"""An unmatched score younger than this many months is "new"."""
_CARD_FIGURE, _CARD_NAMES, _CARD_GAP = 76, 36, 20


@dataclass(frozen=True)
class _Row:
    """A catch-up: test and score, days (ordinals), both models, and its months (so far, if unmatched)."""

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
        """Return the months it took: "9.8+" if unmatched, "new" if just reached."""
        if self.months is not None:
            return cell(self.months)
        return f"{cell(self.so_far)}+" if (self.so_far or 0.0) >= _NEW else "new"

    @property
    def test(self) -> str:
        """Return the test without the score."""
        return self.name.removesuffix(" %").rsplit(" ", 1)[0]

    @property
    def names_at_ends(self) -> tuple[str, str]:
        """Return the names at the left and the right end."""
        return (self.first, self.second) if self.start <= self.end else (self.second, self.first)


@dataclass(frozen=True)
class _Group:
    """The rows of a class of tests under its name; `more` counts the rows that do not fit."""

    name: str
    rows: tuple[_Row, ...]
    more: int


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw the lines in one group per class of tests; names are at their ends, or above them on a portrait page."""
    top = page.write_note(room.y1, chart.x_label) - 4
    size = page.sizes(min(_SIZE, page.shape.label))[-1 if page.is_portrait else 0]
    least = LINE_HEIGHT * size + (_BAR if page.is_portrait else 0)
    height = top - room.y0 - ticks_height(page)
    groups = _make_groups(page, chart, int(height / least))
    rows = [row for group in groups for row in group.rows]
    n_lines = len(groups) + len(rows)
    pitch = min(max(_TALLEST, least), height / n_lines)
    bottom = top - pitch * n_lines
    left, right = room.x0, room.x1
    if not page.is_portrait:
        left += min(max(width(row.name, size) for row in rows) + 1, _NAMES * room.width) + _GAP
        right -= width("00.0+", size, True) + _GAP
    box = Bbox.from_extents(left, bottom, right, top)
    first, last = min(min(row.start, row.end) for row in rows), max(max(row.start, row.end) for row in rows)
    plot = Plot(page, box, _day_range(page, rows, first, last, box.width, size), (bottom, top))
    plot.draw_x_ticks(day_ticks(first, last, page.shape.days), with_rules=True)
    y = top
    for group in groups:
        heading = f"{group.name}, {count(group.more, 'more score')} not shown" if group.more else group.name
        color = group.rows[0].look.color
        page.write(room.x0, y - pitch / 2, heading, size, color=color, bold=True, rise="center", is_clear=True)
        if y == top:
            page.write(room.x1, y - pitch / 2, "months", size, color=page.theme.muted, align="right", rise="center")
        for row in group.rows:
            y -= pitch
            if page.is_portrait:
                _draw_below(plot, row, room, y, size)
            else:
                _draw_beside(plot, row, room, y - pitch / 2, size)
        y -= pitch


def _make_groups(page: Page, chart: Chart, n_lines: int) -> list[_Group]:
    """Return the rows that fit: shared evenly between classes, with some unmatched rows in each class."""
    classes = [(role, list(series)) for role, series in groupby(chart.series, key=lambda series: series.role)]
    shares = share_out([len(series) for _, series in classes], n_lines - len(classes))
    groups = []
    for (role, of_class), share in zip(classes, shares, strict=True):
        matched_rows = [series for series in of_class if series.y[-1] is not None]
        unmatched = [series for series in of_class if series.y[-1] is None]
        n_leading = sum(1 for _ in takewhile(lambda series: series.y[-1] is None, of_class))
        n_unmatched = min(len(unmatched), max(share // _UNMATCHED, share - len(matched_rows), min(n_leading, share)))
        shown_rows = [*matched_rows[: share - n_unmatched], *unmatched[:n_unmatched]]
        rows = tuple(_make_row(series, page.theme.look(role)) for series in of_class if series in shown_rows)
        groups.append(_Group(f"{role.capitalize()} tests", rows, len(of_class) - share))
    return groups


def _make_row(series: Series, look: Look) -> _Row:
    start, end = (date.fromisoformat(day).toordinal() for day in series.x)
    first, second = series.notes or ("", "")
    so_far = series.low[-1] if series.low else None
    return _Row(series.label, start, end, first, second or "none yet", series.y[-1], so_far, look)


def _day_range(
    page: Page, rows: Sequence[_Row], first: int, last: int, plot_width: float, size: float
) -> tuple[float, float]:
    """Return the range of days that leaves room for the names at both ends of every line, as far as possible."""
    span = max(last - first, 60)
    lines = plot_width - 2 * _GAP
    before = after = float(_GAP)
    if not page.is_portrait:
        for _ in range(4):
            for row in rows:
                low, high = sorted((row.start, row.end))
                start, end = ((day - first) / span * lines for day in (low, high))
                before = max(before, width(row.names_at_ends[0], size) + 2 * _GAP - start)
                after = max(after, width(row.names_at_ends[1], size) + 2 * _GAP - (lines - end))
            lines = max(plot_width - before - after, _LINES * plot_width)
        before, after = ((plot_width - lines) * part / (before + after) for part in (before, after))
    return first - before / lines * span, first + span + after / lines * span


def _draw_line(axes: Axes, ends: tuple[float, float], y: float, color: str, size: float, *, is_matched: bool) -> None:
    """Draw a catch-up with markers of the given size; dashed if unmatched."""
    marker = points(size)
    dash = "-" if is_matched else (0, (2, 1))
    thickness = 5 if size < 20 else 8
    axes.plot(ends, [y, y], color=color, linewidth=points(thickness), linestyle=dash)
    axes.plot(ends[:1], [y], "o", color=color, markersize=marker, clip_on=False)
    axes.plot(ends[1:], [y], "s" if is_matched else ">", color=color, markersize=marker, clip_on=False)


def _draw_row(plot: Plot, row: _Row, y: float) -> tuple[float, float]:
    """Draw a row's line; return the x of its left and right ends in pixels."""
    _draw_line(plot.axes, (row.start, row.end), y, row.look.color, 11, is_matched=row.months is not None)
    left, right = sorted(plot.pixels(day, y)[0] for day in (row.start, row.end))
    return left, right


def _draw_beside(plot: Plot, row: _Row, room: Bbox, y: float, size: float) -> None:
    """Draw a row: the test on the left, the models at the ends of the line, and the months on the right."""
    page, (left, right) = plot.page, _draw_row(plot, row, y)
    page.write(room.x0, y, fit_line(row.name, size, plot.box.x0 - _GAP - room.x0), size, rise="center")
    page.write(room.x1, y, row.figure, size, color=row.look.color, bold=True, align="right", rise="center")
    before, after = row.names_at_ends
    before = fit_line(before, size, max(left - _GAP - plot.box.x0, size))
    after = fit_line(after, size, max(plot.box.x1 - right - _GAP, size))
    page.write(left - _GAP, y, before, size, align="right", rise="center", is_clear=True)
    color = page.theme.muted if row.months is None else page.theme.ink
    page.write(right + _GAP, y, after, size, color=color, rise="center", is_clear=True)


def _draw_below(plot: Plot, row: _Row, room: Bbox, top: float, size: float) -> None:
    """Draw a row's line below its text: the test, both models, and the months on the right."""
    page = plot.page
    figure = page.write(room.x1, top, row.figure, size, color=row.look.color, bold=True, align="right")
    text_width = figure.x0 - _GAP - room.x0
    texts = [f"{name}: {row.first} → {row.second}" for name in (row.name, row.test)]
    text = next((text for text in texts if width(text, size) <= text_width), texts[-1])
    page.write(room.x0, top, fit_line(text, size, text_width), size, is_clear=True)
    _draw_row(plot, row, top - LINE_HEIGHT * size - _BAR / 4)


def draw_card(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw the first catch-up large, in the lower part of the card that is shown when somebody shares a page."""
    series = next((series for series in chart.series if series.y), None)
    if series is None:
        return
    color, months, is_matched = page.theme.look(series.role).color, series.y[-1] or 0.0, series.y[-1] is not None
    first, second = series.notes if months >= 0 else reversed(series.notes)
    second = second or "no open model yet"
    y = room.y0 + (_CARD_FIGURE + 2 * _CARD_NAMES) * LINE_HEIGHT + _CARD_GAP
    label = lag_text(abs(months)) if is_matched else "Not matched"
    figure = page.write(room.x0, y, label, _CARD_FIGURE, color=color, bold=True)
    direction = ("behind " if months >= 0 else "ahead ") if is_matched else ""
    test = f"{direction}on {series.label}, a {series.role} test"
    x = figure.x1 + _CARD_GAP
    size = fit_size(test, room.x1 - x, page.sizes(_CARD_NAMES))
    page.write(x, figure.y0, fit_line(test, size, room.x1 - x), size, color=page.theme.muted, rise="bottom")
    names_width = room.width - 6 * _CARD_GAP  # the line takes at least four gaps, plus one at each end
    size = fit_size(first + second, names_width, page.sizes(_CARD_NAMES))
    y = room.y0 + _CARD_NAMES * LINE_HEIGHT
    left = page.write(room.x0, y, fit_line(first, size, names_width / 2), size)
    second = fit_line(second, size, names_width / 2)
    right = page.write(room.x1 - width(second, size), y, second, size)
    axes = page.add_axes(Bbox.from_extents(left.x1 + _CARD_GAP, left.y0, right.x0 - _CARD_GAP, left.y1))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    _draw_line(axes, (0.0, 1.0), 0.5, color, 22, is_matched=is_matched)
