"""Draw both sides' records on a test: two step lines, the names of leaders, and the lag as an arrow."""

from collections.abc import Iterator, Sequence
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
from core.dataclass import dataclass

_NAME_SIZE = 21
_MAX_NAME_WIDTH, _MAX_NAME_SHARE = 420, 0.7
"""The maximum width of a leader's name: in pixels, and as a share of the plot's width."""
_MAX_NAMES = 4
"""The most earlier leaders that are named on one line."""
_MARKER_SIZE = 12
_TEXT_HEIGHT = 1.2
"""The height of a line of text, as a multiple of its font size; leaves room for an accented capital."""
_MAX_NAME_DISTANCE = 14
"""The maximum distance between a name and its marker, in pixels."""
_CONNECTOR_FROM, _MAX_LABEL_DISTANCE = 20, 200
"""The distance above which an arrow's label gets a connector, and the maximum distance, in pixels."""
_START_MARK = 9
"""Half the height of the tick mark at an arrow's start, in pixels."""
_CLEARANCE = 7
"""The clearance between names and lines, in pixels."""
_LOG_RATIO = 100
"""A scale in minutes is logarithmic if the largest value exceeds the smallest by more than this factor."""
_ZERO_SHARE = 0.25
"""A scale starts at zero unless its smallest value exceeds this share of its upper end."""


@dataclass(frozen=True)
class _Side:
    """A side's line: the days (ordinals) and values of its steps; `names` is empty where a step has no new leader."""

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
    """Draw the steps; name the current leader at the end of its line, and earlier leaders if there is room."""
    sides = [_build_side(series, page.theme.look(series.role)) for series in chart.series]
    sides = [side for side in sides if side.days]
    values = [*(value for side in sides for value in side.values), *(span.level for span in chart.spans)]
    is_log = "minutes" in chart.y_label and min(values) > 0 and max(values) / min(values) > _LOG_RATIO
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
        space.reserve(*_step_boxes(plot, side))
    for span in chart.spans:
        _draw_arrow(plot, space, span)
    column.draw(plot.box, [plot.pixels(side.days[-1], side.values[-1]) for side in sides])
    _write_names(plot, space, sides, arrow_days)


def _build_side(series: Series, look: Look) -> _Side:
    columns = zip(series.x, series.y, series.notes or ("",) * len(series.x), strict=True)
    steps = [(_parse_day(day), value, name) for day, value, name in columns if value is not None]
    days, values, names = zip(*steps, strict=True) if steps else ((), (), ())
    return _Side(series.label, look, days, values, names)


def _parse_day(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _linear_scale(values: Sequence[float]) -> tuple[tuple[float, float], list[Tick]]:
    """Return the range of y and its ticks; the range starts at zero unless all values are well above zero."""
    low, high = value_range([0.0, *values])
    smallest = min(values)
    if smallest > max(_ZERO_SHARE * high, 0.1):
        low = max(smallest - max(0.1 * (high - smallest), 0.05 * smallest), 0)
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
        plot.axes.plot(days, values, side.look.marker, color=color, markersize=points(_MARKER_SIZE), clip_on=False)


def _step_boxes(plot: Plot, side: _Side) -> Iterator[Bbox]:
    """Yield the boxes of a line's steps and markers, including the clearance around them."""
    corners = [plot.pixels(day, value) for day, value in zip(side.days, side.values, strict=True)]
    for x, y in corners:
        yield box_at(x, y, _MARKER_SIZE + _CLEARANCE, _MARKER_SIZE + _CLEARANCE, "center", "center")
    for (x, y), (next_x, next_y) in pairwise(corners):
        yield Bbox.from_extents(x, y - _CLEARANCE, next_x, y + _CLEARANCE)
        yield Bbox.from_extents(next_x - _CLEARANCE, min(y, next_y), next_x + _CLEARANCE, max(y, next_y))


def _draw_arrow(plot: Plot, space: LabelSpace, span: Span) -> None:
    """Draw a span as an arrow from its first day to its last, with its label nearby."""
    page = plot.page
    (start, y), (end, _) = (plot.pixels(_parse_day(day), span.level) for day in (span.start, span.end))
    to_marker = points(min(_MARKER_SIZE / 2, abs(end - start) / 3))
    page.figure.add_artist(
        FancyArrowPatch(
            (start, y), (end, y), transform=page.pixels, arrowstyle="-|>", mutation_scale=points(24),
            shrinkA=0, shrinkB=to_marker, color=page.theme.ink, linewidth=points(3.5), zorder=3,
        )
    )  # fmt: skip
    page.draw_line((start, y - _START_MARK), (start, y + _START_MARK), page.theme.ink)
    left, right = sorted((start, end))
    arrow = Bbox.from_extents(left, y - _CLEARANCE, right, y + _CLEARANCE)
    space.reserve(arrow)
    size = page.shape.label
    label = fit_line(span.label, size, plot.box.width, bold=True)
    label_width, label_height = width(label, size, True), size * _TEXT_HEIGHT
    label_box = box_at((left + right) / 2, arrow.y1 + 2, label_width, label_height, "center", "bottom")
    place = space.place(label_box, arrow, _MAX_LABEL_DISTANCE) or space.place_over(label_box)
    page.write(place.x0, place.y1, label, bold=True)
    _draw_connector(page, space, place, arrow)


def _draw_connector(page: Page, space: LabelSpace, label: Bbox, arrow: Bbox) -> None:
    """Draw a line between an arrow and its label, unless they are close together."""
    y = (arrow.y0 + arrow.y1) / 2
    x = min(max((label.x0 + label.x1) / 2, arrow.x0 + _CLEARANCE), arrow.x1 - _CLEARANCE)
    from_x = min(max(x, label.x0 + page.shape.label), label.x1 - page.shape.label)
    from_y = label.y0 if label.y0 > y else label.y1
    if abs(from_y - y) > _CONNECTOR_FROM or from_x != x:
        page.draw_line((from_x, from_y), (x, y), page.theme.ink, dotted=True)
        for fraction in np.linspace(0, 1, 12):
            point = from_x + (x - from_x) * fraction, from_y + (y - from_y) * fraction
            space.reserve(box_at(*point, 8, 8, "center", "center"))


def _write_names(plot: Plot, space: LabelSpace, sides: Sequence[_Side], arrow_days: Sequence[int]) -> None:
    """Name earlier leaders: first the leaders at an arrow's ends, then the rest from newest to oldest."""
    records = [
        (day not in arrow_days, -day, side, plot.pixels(day, value), name)
        for side in sides
        for day, value, name in side.records
        if name != side.leader
    ]
    upper = max(sides, key=lambda side: side.values[-1])
    n_named = {side.label: 0 for side in sides}
    for _, _, side, (x, y), name in sorted(records, key=lambda record: record[:2]):
        if n_named[side.label] == _MAX_NAMES:
            continue
        text = fit_line(name, _NAME_SIZE, min(_MAX_NAME_WIDTH, _MAX_NAME_SHARE * plot.box.width))
        size = width(text, _NAME_SIZE), _NAME_SIZE * _TEXT_HEIGHT
        label_box = box_at(x - 14, y + 2, *size, "right", "center") if side is upper else box_at(x + 12, y - 12, *size)
        place = space.place(label_box, box_at(x, y, _MARKER_SIZE, _MARKER_SIZE, "center", "center"), _MAX_NAME_DISTANCE)
        if place:
            n_named[side.label] += 1
            plot.page.write(place.x0, place.y1, text, _NAME_SIZE, color=side.look.color)
