"""Both sides' records on a test: two lines of steps, the newest leaders' names, and the lag as an arrow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from matplotlib.patches import FancyArrowPatch
from matplotlib.transforms import Bbox

from core.answer import Chart, Series, Span
from core.charts.ends import Column, End
from core.charts.labels import Ground
from core.charts.lettering import shortened, width
from core.charts.page import Page, around, points
from core.charts.scales import Plot, Tick, extent, figure, over_time, power_ticks, value_ticks
from core.charts.theme import Look

_NAME = 21
_WIDEST_NAME, _NAME_SHARE = 420, 0.7
"""How wide a leader's name may be: in pixels, and as a share of the plot."""
_MOST_NAMES = 4
"""How many earlier leaders a line names at most."""
_MARK = 12
_HIGH = 1.2
"""The height of a line of text, in its size: that of an accented capital, the highest."""
_NEAR = 14
"""How far a name may stand from its corner, in pixels."""
_FAR, _FARTHEST = 20, 200
"""From where on an arrow is joined to its label, and how far they may be apart, in pixels."""
_START = 9
"""Half the height of the mark where an arrow starts, in pixels."""
_CLEAR = 7
"""How far names stay away from lines, in pixels."""
_LOG_FROM = 100
"""From this ratio of the largest to the smallest length of time on, minutes are shown by their powers of ten."""
_FROM_ZERO = 0.25
"""A scale starts at zero unless its smallest value is more than this share of the largest."""


@dataclass(frozen=True)
class _Steps:
    """A side's records: its line in pixels, and the leaders' names at the corners where it rises."""

    series: Series
    look: Look
    days: tuple[int, ...]
    values: tuple[float, ...]
    names: tuple[str, ...]

    @property
    def leader(self) -> str:
        """Return the name of the last leader."""
        return next((name for name in reversed(self.names) if name), "")


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw the steps; the last leader is named at a line's end, earlier ones where there is room."""
    sides = [_steps(series, page.theme.look(series.role)) for series in chart.series]
    sides = [side for side in sides if side.days]
    values = [*(value for side in sides for value in side.values), *(span.level for span in chart.spans)]
    is_log = "minutes" in chart.y_label and min(values) > 0 and max(values) / min(values) > _LOG_FROM
    y_range, ticks = _log_scale(values) if is_log else _scale(values)
    top = page.aside(room.y1, chart.y_label)
    column = Column(
        page,
        [End(side.series.label, (side.leader, _score(chart, side.values[-1])), side.look.color) for side in sides],
        top - room.y0,
    )
    box = Bbox.from_extents(room.x0, room.y0, room.x1 - column.width, top)
    days = [
        *(day for side in sides for day in side.days),
        *(_day(end) for span in chart.spans for end in (span.start, span.end)),
    ]
    plot = over_time(page, chart.x_label, box, days, y_range, ticks, is_log=is_log)
    ground = Ground(plot.box)
    for side in sides:
        _draw_steps(plot, side)
        ground.take(*_corners(plot, side))
    for span in chart.spans:
        _arrow(plot, ground, span)
    column.draw(plot.box, [plot.at(side.days[-1], side.values[-1]) for side in sides])
    _names(plot, ground, sides, chart.spans)


def _score(chart: Chart, value: float) -> str:
    """Write a score in the unit that the axis names."""
    return f"{figure(round(value, 1))} {chart.y_label.rpartition(', ')[2]}".strip()


def _steps(series: Series, look: Look) -> _Steps:
    names = series.notes or ("",) * len(series.x)
    columns = zip(series.x, series.y, names, strict=True)
    known = [(_day(day), value, name) for day, value, name in columns if value is not None]
    days, values, notes = zip(*known, strict=True) if known else ((), (), ())
    return _Steps(series, look, days, values, notes)


def _day(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _scale(values: Sequence[float]) -> tuple[tuple[float, float], list[Tick]]:
    """Return the range of y and its ticks; it begins at zero unless all values are well above."""
    low, high = extent([0.0, *values])
    least = min(values)
    if least > max(_FROM_ZERO * high, 0.1):
        low = max(least - max(0.1 * (high - least), 0.05 * least), 0)
    return (low, high), value_ticks(low, high)


def _log_scale(values: Sequence[float]) -> tuple[tuple[float, float], list[Tick]]:
    low, high = min(values) / 1.4, max(values) * 1.4
    return (low, high), power_ticks(low, high)


def _draw_steps(plot: Plot, side: _Steps) -> None:
    color, axes = side.look.color, plot.axes
    axes.step(
        side.days, side.values, where="post", color=color, linewidth=points(5), linestyle=side.look.dash, clip_on=False
    )
    records = [(day, value) for day, value, name in zip(side.days, side.values, side.names, strict=True) if name]
    if records:
        axes.plot(*zip(*records, strict=True), side.look.marker, color=color, markersize=points(_MARK), clip_on=False)


def _corners(plot: Plot, side: _Steps) -> Iterator[Bbox]:
    """Return the boxes of a line's steps, and of its markers, with room around them."""
    places = [plot.at(day, value) for day, value in zip(side.days, side.values, strict=True)]
    for x, y in places:
        yield around(x, y, _MARK + _CLEAR, _MARK + _CLEAR, "center", "center")
    for (x, y), (next_x, next_y) in pairwise(places):
        yield Bbox.from_extents(x, y - _CLEAR, next_x, y + _CLEAR)
        yield Bbox.from_extents(next_x - _CLEAR, min(y, next_y), next_x + _CLEAR, max(y, next_y))


def _arrow(plot: Plot, ground: Ground, span: Span) -> None:
    """Draw a length of time as an arrow from its first day to its last, with its label near by."""
    page = plot.page
    (start, y), (end, _) = plot.at(_day(span.start), span.level), plot.at(_day(span.end), span.level)
    to_marker = points(min(_MARK / 2, abs(end - start) / 3))
    page.figure.add_artist(
        FancyArrowPatch(
            (start, y), (end, y), transform=page.pixels, arrowstyle="-|>", mutation_scale=points(24),
            shrinkA=0, shrinkB=to_marker, color=page.theme.ink, linewidth=points(3.5), zorder=3,
        )
    )  # fmt: skip
    page.line((start, y - _START), (start, y + _START), page.theme.ink)
    left, right = sorted((start, end))
    arrow = Bbox.from_extents(left, y - _CLEAR, right, y + _CLEAR)
    ground.take(arrow)
    size = page.shape.label
    words = shortened(span.label, size, plot.box.width, bold=True)
    wanted = around((left + right) / 2, arrow.y1 + 2, width(words, size, True), size * _HIGH, "center", "bottom")
    place = ground.place(wanted, arrow, _FARTHEST) or ground.nearest(wanted)
    page.text(place.x0, place.y1, words, bold=True)
    _join(page, ground, place, arrow)


def _join(page: Page, ground: Ground, place: Bbox, arrow: Bbox) -> None:
    """Join an arrow's label to it, where it does not stand close by."""
    middle = (arrow.y0 + arrow.y1) / 2
    x = min(max((place.x0 + place.x1) / 2, arrow.x0 + _CLEAR), arrow.x1 - _CLEAR)
    from_x = min(max(x, place.x0 + page.shape.label), place.x1 - page.shape.label)
    from_y = place.y0 if place.y0 > middle else place.y1
    if abs(from_y - middle) > _FAR or from_x != x:
        page.line((from_x, from_y), (x, middle), page.theme.ink, dotted=True)
        for part in np.linspace(0, 1, 12):
            ground.take(
                around(from_x + (x - from_x) * part, from_y + (middle - from_y) * part, 8, 8, "center", "center")
            )


def _names(plot: Plot, ground: Ground, sides: Sequence[_Steps], spans: Sequence[Span]) -> None:
    """Name the leaders: those at an arrow's ends first, then from the newest to the oldest."""
    arrows = {_day(end) for span in spans for end in (span.start, span.end)}
    records = [
        (day not in arrows, -day, side, plot.at(day, value), name)
        for side in sides
        for day, value, name in zip(side.days, side.values, side.names, strict=True)
        if name and name != side.leader
    ]
    upper = max(sides, key=lambda side: side.values[-1])
    named = dict.fromkeys((side.series.label for side in sides), 0)
    for _, _, side, (x, y), name in sorted(records, key=lambda record: record[:2]):
        if named[side.series.label] == _MOST_NAMES:
            continue
        short = shortened(name, _NAME, min(_WIDEST_NAME, _NAME_SHARE * plot.box.width))
        size = width(short, _NAME), _NAME * _HIGH
        wanted = around(x - 14, y + 2, *size, "right", "center") if side is upper else around(x + 12, y - 12, *size)
        place = ground.place(wanted, around(x, y, _MARK, _MARK, "center", "center"), _NEAR)
        if place:
            named[side.series.label] += 1
            plot.page.text(place.x0, place.y1, short, _NAME, color=side.look.color)
