"""Both sides' records on a test: two lines of steps, the newest leaders' names, and the lag as an arrow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from matplotlib.patches import FancyArrowPatch
from matplotlib.transforms import Bbox

from core.answer import Chart, Series, Span
from core.charts.labels import EndLabel, EndLabels, LabelSpace
from core.charts.lettering import fit_line, width
from core.charts.page import Page, box_at, points
from core.charts.scales import Plot, Tick, make_time_plot, power_ticks, tick_text, value_range, value_ticks
from core.charts.theme import Look

_NAME = 21
_WIDEST_NAME, _NAME_SHARE = 420, 0.7
"""How wide a leader's name may be: in pixels, and as a share of the plot."""
_MOST_NAMES = 4
"""A line names at most so many earlier leaders."""
_MARKER = 12
_TEXT_HEIGHT = 1.2
"""The height of a line of text, in its size: that of an accented capital."""
_NEAR = 14
"""How far a name may be from its corner, in pixels."""
_FAR, _FARTHEST = 20, 200
"""How far from its label an arrow is connected to it, and how far they may be apart, in pixels."""
_START = 9
"""Half the height of the mark where an arrow starts, in pixels."""
_CLEAR = 7
"""How far names stay away from lines, in pixels."""
_LOG_FROM = 100
"""Minutes have a logarithmic scale if the largest is more than this many times the smallest."""
_FROM_ZERO = 0.25
"""A scale starts at zero unless its smallest value is more than this share of the largest."""


@dataclass(frozen=True)
class _Side:
    """A side's line: the days (ordinals) and values of its steps, with a leader's name where it rises."""

    label: str
    look: Look
    days: tuple[int, ...]
    values: tuple[float, ...]
    names: tuple[str, ...]

    @property
    def leader(self) -> str:
        """Return the last leader's name."""
        return next((name for name in reversed(self.names) if name), "")

    @property
    def records(self) -> list[tuple[int, float, str]]:
        """Return the steps that have a leader: day, value, name."""
        steps = zip(self.days, self.values, self.names, strict=True)
        return [(day, value, name) for day, value, name in steps if name]


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw the steps; the last leader is named at a line's end, earlier ones where there is room."""
    sides = [_make_side(series, page.theme.look(series.role)) for series in chart.series]
    sides = [side for side in sides if side.days]
    values = [*(value for side in sides for value in side.values), *(span.level for span in chart.spans)]
    is_log = "minutes" in chart.y_label and min(values) > 0 and max(values) / min(values) > _LOG_FROM
    y_range, ticks = _log_scale(values) if is_log else _linear_scale(values)
    top = page.write_note(room.y1, chart.y_label)
    unit = chart.y_label.rpartition(", ")[2]
    labels = [
        EndLabel(side.label, (side.leader, f"{tick_text(round(side.values[-1], 1))} {unit}".strip()), side.look.color)
        for side in sides
    ]
    column = EndLabels(page, labels, top - room.y0)
    box = Bbox.from_extents(room.x0, room.y0, room.x1 - column.width, top)
    arrow_days = [_parse_day(end) for span in chart.spans for end in (span.start, span.end)]
    days = [*(day for side in sides for day in side.days), *arrow_days]
    plot = make_time_plot(page, chart.x_label, box, days, y_range, ticks, is_log=is_log)
    space = LabelSpace(plot.box)
    for side in sides:
        _draw_steps(plot, side)
        space.take(*_step_boxes(plot, side))
    for span in chart.spans:
        _draw_arrow(plot, space, span)
    column.draw(plot.box, [plot.pixels(side.days[-1], side.values[-1]) for side in sides])
    _write_names(plot, space, sides, arrow_days)


def _make_side(series: Series, look: Look) -> _Side:
    columns = zip(series.x, series.y, series.notes or ("",) * len(series.x), strict=True)
    steps = [(_parse_day(day), value, name) for day, value, name in columns if value is not None]
    days, values, names = zip(*steps, strict=True) if steps else ((), (), ())
    return _Side(series.label, look, days, values, names)


def _parse_day(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _linear_scale(values: Sequence[float]) -> tuple[tuple[float, float], list[Tick]]:
    """Return the range of y and its ticks; it starts at zero unless all values are well above."""
    low, high = value_range([0.0, *values])
    least = min(values)
    if least > max(_FROM_ZERO * high, 0.1):
        low = max(least - max(0.1 * (high - least), 0.05 * least), 0)
    return (low, high), value_ticks(low, high)


def _log_scale(values: Sequence[float]) -> tuple[tuple[float, float], list[Tick]]:
    low, high = min(values) / 1.4, max(values) * 1.4
    return (low, high), power_ticks(low, high)


def _draw_steps(plot: Plot, side: _Side) -> None:
    color, dash = side.look.color, side.look.dash
    plot.axes.step(
        side.days, side.values, where="post", color=color, linewidth=points(5), linestyle=dash, clip_on=False
    )
    if side.records:
        days, values, _ = zip(*side.records, strict=True)
        plot.axes.plot(days, values, side.look.marker, color=color, markersize=points(_MARKER), clip_on=False)


def _step_boxes(plot: Plot, side: _Side) -> Iterator[Bbox]:
    """Return the boxes of a line's steps and markers, with room around them."""
    corners = [plot.pixels(day, value) for day, value in zip(side.days, side.values, strict=True)]
    for x, y in corners:
        yield box_at(x, y, _MARKER + _CLEAR, _MARKER + _CLEAR, "center", "center")
    for (x, y), (next_x, next_y) in pairwise(corners):
        yield Bbox.from_extents(x, y - _CLEAR, next_x, y + _CLEAR)
        yield Bbox.from_extents(next_x - _CLEAR, min(y, next_y), next_x + _CLEAR, max(y, next_y))


def _draw_arrow(plot: Plot, space: LabelSpace, span: Span) -> None:
    """Draw a length of time as an arrow from its first day to its last, with its label nearby."""
    page = plot.page
    (start, y), (end, _) = (plot.pixels(_parse_day(day), span.level) for day in (span.start, span.end))
    to_marker = points(min(_MARKER / 2, abs(end - start) / 3))
    page.figure.add_artist(
        FancyArrowPatch(
            (start, y), (end, y), transform=page.pixels, arrowstyle="-|>", mutation_scale=points(24),
            shrinkA=0, shrinkB=to_marker, color=page.theme.ink, linewidth=points(3.5), zorder=3,
        )
    )  # fmt: skip
    page.draw_line((start, y - _START), (start, y + _START), page.theme.ink)
    left, right = sorted((start, end))
    arrow = Bbox.from_extents(left, y - _CLEAR, right, y + _CLEAR)
    space.take(arrow)
    size = page.shape.label
    label = fit_line(span.label, size, plot.box.width, bold=True)
    wide, high = width(label, size, True), size * _TEXT_HEIGHT
    wanted = box_at((left + right) / 2, arrow.y1 + 2, wide, high, "center", "bottom")
    place = space.place(wanted, arrow, _FARTHEST) or space.place_over(wanted)
    page.write(place.x0, place.y1, label, bold=True)
    _connect(page, space, place, arrow)


def _connect(page: Page, space: LabelSpace, label: Bbox, arrow: Bbox) -> None:
    """Connect an arrow's label to it, unless it is close by."""
    y = (arrow.y0 + arrow.y1) / 2
    x = min(max((label.x0 + label.x1) / 2, arrow.x0 + _CLEAR), arrow.x1 - _CLEAR)
    from_x = min(max(x, label.x0 + page.shape.label), label.x1 - page.shape.label)
    from_y = label.y0 if label.y0 > y else label.y1
    if abs(from_y - y) > _FAR or from_x != x:
        page.draw_line((from_x, from_y), (x, y), page.theme.ink, dotted=True)
        for share in np.linspace(0, 1, 12):
            at = from_x + (x - from_x) * share, from_y + (y - from_y) * share
            space.take(box_at(*at, 8, 8, "center", "center"))


def _write_names(plot: Plot, space: LabelSpace, sides: Sequence[_Side], arrow_days: Sequence[int]) -> None:
    """Name earlier leaders: those at an arrow's ends first, then from the newest to the oldest."""
    records = [
        (day not in arrow_days, -day, side, plot.pixels(day, value), name)
        for side in sides
        for day, value, name in side.records
        if name != side.leader
    ]
    upper = max(sides, key=lambda side: side.values[-1])
    n_named = {side.label: 0 for side in sides}
    for _, _, side, (x, y), name in sorted(records, key=lambda record: record[:2]):
        if n_named[side.label] == _MOST_NAMES:
            continue
        short = fit_line(name, _NAME, min(_WIDEST_NAME, _NAME_SHARE * plot.box.width))
        size = width(short, _NAME), _NAME * _TEXT_HEIGHT
        wanted = box_at(x - 14, y + 2, *size, "right", "center") if side is upper else box_at(x + 12, y - 12, *size)
        place = space.place(wanted, box_at(x, y, _MARKER, _MARKER, "center", "center"), _NEAR)
        if place:
            n_named[side.label] += 1
            plot.page.write(place.x0, place.y1, short, _NAME, color=side.look.color)
