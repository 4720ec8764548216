"""Draw both sides' records on a test: two step lines that end at their leaders, and the lag as a span."""

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from core.answer import Chart, Series, Span
from core.chart_rows import describe
from core.charts.labels import EndLabel, EndLabels
from core.charts.lettering import LINE_HEIGHT, drop_id, fit_lines, split_words, width
from core.charts.page import Page, points
from core.charts.scales import Plot, make_time_plot, ticks_height, ticks_width
from core.ticks import is_log_scale, score_scale, tick_text
from core.words import capitalize

_MARKER_SIZE = 12
_END_MARK, _TRIES = 12, 24
"""Half the height of the marks at a span's ends, in pixels, and how many places are tried for its label each way."""
_RAISE = 0.6
"""A span's label takes at most this share of the height, and of the width where there is no room at its left."""
_CLEARANCE = 14
"""The distance between a span and its label, in pixels."""
_NAMES, _MOST = 0.85, 6
"""The maximum width of a span's label, as a share of the room at its left, and its number of lines."""


def draw(page: Page, chart: Chart, room: Bbox) -> str:
    """Draw the steps; name each side's leader at its line's end, and the first closed model at a span's start.

    Returns what the picture shows, in words.
    """
    sides = [side for side in map(_known, chart.series) if side.x]
    values = [*(value or 0.0 for side in sides for value in side.y), *(span.level for span in chart.spans)]
    is_log = is_log_scale(values, chart.y_label)
    top = page.write_note(room.y1, " · ".join(filter(None, (chart.y_label, chart.x_label))))
    unit = chart.y_label.rpartition(", ")[2]
    colors = [page.theme.color(side.role) for side in sides]
    column = EndLabels(page, [_end_label(side, color, unit) for side, color in zip(sides, colors, strict=True)],
                       top - room.y0 - ticks_height(page) - page.shape.text / 2)  # fmt: skip
    box = Bbox.from_extents(room.x0, room.y0, room.x1 - column.width, top)
    days = [_parse_day(day) for side in sides for day in side.x]
    days += [_parse_day(day) for span in chart.spans for day in (span.start, span.end)]
    y_range, ticks = score_scale(values, is_log=is_log)
    inner = box.width - ticks_width(page, ticks)
    tall, line = box.height - ticks_height(page), page.shape.text * LINE_HEIGHT
    most = max(min(int((tall - _CLEARANCE) / line), _MOST), 0)
    labels = [
        _label_span(page, sides, span, _NAMES * inner * _place(span, days), _RAISE * inner)[:most]
        for span in chart.spans
    ]
    share = min((max(map(len, labels), default=0) * line + _CLEARANCE) / tall, _RAISE)
    for span in chart.spans:
        y_range = y_range[0], max(y_range[1], _raise(y_range[0], span.level, share, is_log=is_log))
    plot = make_time_plot(page, box, days, y_range, ticks, is_log=is_log)
    for side, color in zip(sides, colors, strict=True):
        _draw_steps(plot, side, color)
    for span, lines in zip(chart.spans, labels, strict=True):
        _draw_span(plot, span, lines, [_trace(plot, side) for side in sides])
    column.draw(plot.box, [plot.pixels(_parse_day(side.x[-1]), side.y[-1] or 0.0) for side in sides])
    return " ".join((describe(chart), *(f"{', '.join(_name_span(sides, span))}." for span in chart.spans)))


def _known(series: Series) -> Series:
    """Return a series without its missing values; its notes are empty where a step has no new leader."""
    columns = zip(series.x, series.y, series.notes or ("",) * len(series.x), strict=True)
    steps = [step for step in columns if step[1] is not None]
    days, values, names = zip(*steps, strict=True) if steps else ((), (), ())
    return Series(series.label, series.role, days, values, notes=names)


def _end_label(side: Series, color: str, unit: str) -> EndLabel:
    leader = next((name for name in reversed(side.notes) if name), "")
    return EndLabel(capitalize(side.label), (leader, f"{tick_text(round(side.y[-1] or 0.0, 1))} {unit}".strip()), color)


def _place(span: Span, days: Sequence[int]) -> float:
    """Return where a span begins, as a share of the days that are drawn."""
    return (_parse_day(min(span.start, span.end)) - min(days)) / max(max(days) - min(days), 1)


def _name_span(sides: Sequence[Series], span: Span) -> list[str]:
    """Return the first closed model of a span, if known, and the span's label."""
    names = {day: name for side in sides if side.role == "closed" for day, name in zip(side.x, side.notes, strict=True)}
    return [text for text in (drop_id(names.get(span.start, "")), span.label) if text]


def _label_span(page: Page, sides: Sequence[Series], span: Span, room: float, wide: float) -> list[str]:
    """Return the lines that label a span, the model at its start and the span, in the room at its left or wide."""
    size, texts = page.shape.text, _name_span(sides, span)
    if any(width(word, size, True) > room for text in texts for word in split_words(text)):
        room = wide
    lines = [fit_lines(text, room, [size], 2, bold=True)[0] for text in texts]
    return [line for of_text in lines for line in of_text]


def _raise(low: float, level: float, share: float, *, is_log: bool) -> float:
    """Return the upper end of a scale that leaves a share of its height above a level."""
    if is_log:
        return math.exp(math.log(low) + (math.log(level) - math.log(low)) / (1 - share))
    return low + (level - low) / (1 - share)


def _parse_day(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _draw_steps(plot: Plot, side: Series, color: str) -> None:
    """Draw a side's line, with a hollow circle at each record of a closed model and a square at an open one's."""
    is_closed, days = side.role == "closed", [_parse_day(day) for day in side.x]
    values = [value or 0.0 for value in side.y]
    plot.axes.step(days, values, where="post", color=color, linewidth=points(4.5), clip_on=False)
    records = [(day, value) for day, value, name in zip(days, values, side.notes, strict=True) if name]
    plot.axes.plot(
        [day for day, _ in records], [value for _, value in records], "o" if is_closed else "s", linestyle="none",
        color=color, markersize=points(_MARKER_SIZE), markerfacecolor=plot.page.theme.ground if is_closed else color,
        markeredgewidth=points(3), clip_on=False,
    )  # fmt: skip


def _draw_span(plot: Plot, span: Span, lines: Sequence[str], paths: Sequence[Path]) -> None:
    """Draw a span as a line between two marks, on its first day and its last, its label near where no line is."""
    page, ink = plot.page, plot.page.theme.ink
    (start, y), (end, _) = (plot.pixels(_parse_day(day), span.level) for day in (span.start, span.end))
    for x in (start, end):
        page.draw_line((x, y - _END_MARK), (x, y + _END_MARK), ink)
    page.draw_line((start, y), (end, y), ink)
    size, box = page.shape.text, plot.box
    wide, high = max((width(line, size, True) for line in lines), default=0.0), len(lines) * size * LINE_HEIGHT
    left = min(start, end) - _CLEARANCE
    rights = [left, *np.linspace(box.x1 - _CLEARANCE, min(box.x0 + wide, box.x1 - _CLEARANCE), _TRIES)]
    tops = [y + high + 10, *np.linspace(box.y1, box.y0 + high + 4, _TRIES)]
    places = [Bbox.from_extents(x - wide, top - high, x, top) for x in rights for top in tops]
    inside = [place for place in places if place.x0 >= box.x0 and place.y0 >= box.y0 and place.y1 <= box.y1]
    free = [
        place for place in inside if not any(path.intersects_bbox(place.padded(12), filled=False) for path in paths)
    ]
    place = min(free or inside or places, key=lambda place: math.hypot(place.x1 - left, place.y0 - y - 10))
    page.write_lines(place.x1, place.y1, lines, size, bold=True, align="right", is_clear=True)
    if abs(place.y0 - y) > high:
        page.draw_line((place.x1, place.y0 if place.y0 > y else place.y1), (start, y), ink, dotted=True)


def _trace(plot: Plot, side: Series) -> Path:
    """Return a side's line in pixels."""
    corners = [plot.pixels(_parse_day(day), value or 0.0) for day, value in zip(side.x, side.y, strict=True)]
    return Path([point for (_, y), (x, to) in pairwise([corners[0], *corners]) for point in ((x, y), (x, to))])
