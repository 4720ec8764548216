"""A specification curve: a figure under every combination of choices, sorted, with the choices marked beneath."""

from collections.abc import Sequence
from itertools import groupby

from matplotlib.transforms import Bbox

from core.answer import Chart, Series
from core.charts.lettering import fitting, shortened, width
from core.charts.page import Page, points
from core.charts.scales import Plot, value_ticks
from core.charts.theme import Look

_LARGEST = 22
"""The size of the choices' names, in pixels."""
_NAMES = 0.36
"""How wide the column of names may be, as a share of the room."""
_TALLEST = 34.0
"""How far rows stand apart at most, in pixels."""
_APART = 1.25
"""How far rows stand apart at least, in sizes of the smallest text."""
_CURVE = 0.45
"""How much of the height the curves have at least, as a share."""
_GAP, _BETWEEN = 16, 36
"""From names to plots, and from one plot to the next, in pixels."""
_BAR = 0.6
"""How high a mark is, in rows."""
_ROOM = 0.08
"""Room above and below all values, as a share of their range."""
_DOT = 15


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw the curves side by side on one scale, and under each a row per choice, with a mark where it is taken."""
    shown = [series for series in chart.series if any(value is not None for value in series.y)]
    low, high = _range(shown)
    has_range = any(value is not None for series in shown for value in (*series.low, *series.high))
    remarks = (chart.y_label, chart.x_label, "dot: as shown", "shaded: its likely range" if has_range else "")
    top = page.aside(room.y1, " · ".join(filter(None, remarks)))
    ticks = value_ticks(low, high, in_months=True)
    most = int((1 - _CURVE) * (top - room.y0) / (_APART * page.shape.least))
    names = list(dict.fromkeys(mark.label for mark in chart.marks))[:most]
    pitch = min(_TALLEST, (1 - _CURVE) * (top - room.y0) / max(len(names), 1))
    bottom = room.y0 + pitch * len(names)
    column = _names(page, names, Bbox.from_extents(room.x0, room.y0, room.x0 + _NAMES * room.width, bottom), pitch)
    left = room.x0 + max(column, *(width(label, page.shape.tick) for _, label in ticks)) + _GAP
    wide = (room.x1 - left - _BETWEEN * (len(shown) - 1)) / len(shown)
    for n, series in enumerate(shown):
        look, x = page.theme.look(series.role), left + n * (wide + _BETWEEN)
        marks = {mark.label: frozenset(mark.places) for mark in chart.marks if mark.role == series.role}
        under = _heading(page, series, look, Bbox.from_extents(x, room.y0, x + wide, top))
        curve = Plot(page, Bbox.from_extents(x, bottom + _GAP, x + wide, under), _ends(series), (low, high))
        curve.rules(ticks if n == 0 else [(value, "") for value, _ in ticks])
        _curve(curve, series, look, frozenset().union(*marks.values()))
        rows = Plot(page, Bbox.from_extents(x, room.y0, x + wide, bottom), _ends(series), (len(names) or 1, 0))
        for row, name in enumerate(names):
            _row(rows, row + 0.5, marks.get(name, frozenset()), look)


def _range(shown: Sequence[Series]) -> tuple[float, float]:
    """Return a range that holds all values, with room above and below."""
    values = [value for series in shown for value in (*series.y, *series.low, *series.high) if value is not None]
    room = _ROOM * (max(values) - min(values)) or 1.0
    return min(values) - room, max(values) + room


def _ends(series: Series) -> tuple[float, float]:
    return -0.5, len(series.y) - 0.5


def _names(page: Page, names: Sequence[str], box: Bbox, pitch: float) -> float:
    """Write the names of the rows, and return how wide they are."""
    sizes = page.sizes(min(_LARGEST, int(0.8 * pitch)))
    widest = 0.0
    for row, name in enumerate(names):
        fits = fitting(name, box.width, sizes)
        written = shortened(name, fits, box.width)
        page.text(box.x0, box.y1 - (row + 0.5) * pitch, written, fits, rise="center")
        widest = max(widest, width(written, fits))
    return widest


def _heading(page: Page, series: Series, look: Look, box: Bbox) -> float:
    """Write a curve's name above it, and return the y below it."""
    size = fitting(series.label, box.width, page.sizes(page.shape.label), True)
    words = shortened(series.label, size, box.width, True)
    return page.lines(box.x0, box.y1 - 8, [words], size, color=look.color, bold=True)


def _curve(plot: Plot, series: Series, look: Look, chosen: frozenset[int]) -> None:
    """Draw a figure per combination, and a large dot at the one of which no choice was changed."""
    if series.low and series.high:
        bounds = [pair for pair in zip(series.low, series.high, strict=True) if None not in pair]
        for low, high in bounds[:1]:
            plot.axes.axhspan(low or 0.0, high or 0.0, color=look.color, alpha=0.16, linewidth=0)
    known = [(place, value) for place, value in enumerate(series.y) if value is not None]
    places, values = zip(*known, strict=True)
    plot.axes.step(places, values, where="mid", color=look.color, linewidth=points(3))
    for place, value in known:
        if place not in chosen:
            plot.axes.plot(
                [place], [value], look.marker, color=look.color, markersize=points(_DOT),
                markeredgecolor=plot.page.theme.ground, markeredgewidth=points(2), clip_on=False, zorder=3,
            )  # fmt: skip
            break


def _row(plot: Plot, y: float, places: frozenset[int], look: Look) -> None:
    """Mark the combinations of a row, those beside each other as one bar."""
    plot.axes.axhline(y, color=plot.page.theme.grid, linewidth=points(1.5), zorder=0)
    runs = [list(run) for _, run in groupby(enumerate(sorted(places)), key=lambda each: each[1] - each[0])]
    bars = [(run[0][1] - 0.5, len(run)) for run in runs]
    plot.axes.broken_barh(bars, (y - _BAR / 2, _BAR), facecolor=look.color, linewidth=0)
