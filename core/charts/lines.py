"""Draw the gap over time: one line with a band per access class, labelled at its end."""

from datetime import date

import numpy as np
from matplotlib.transforms import Bbox

from core.answer import Chart, Series
from core.chart_rows import describe
from core.charts.labels import EndLabel, EndLabels
from core.charts.page import Page, points
from core.charts.scales import Plot, make_time_plot, ticks_height
from core.ticks import value_range, value_ticks
from core.words import capitalize, lag_text, likely_lag


def draw(page: Page, chart: Chart, room: Bbox) -> str:
    """Draw lines with their bands, and describe them; a single value between missing values is a dot."""
    shown_series = [series for series in chart.series if any(value is not None for value in series.y)]
    values = [value for series in shown_series for value in (*series.y, *series.low, *series.high) if value is not None]
    low, high = value_range([0.0, *values])
    has_band = any(value is not None for series in shown_series for value in series.low)
    notes = (
        chart.y_label,
        "shaded: the likely range" if has_band else "",
        "a break: too few tests" if any(_has_break(series) for series in shown_series) else "",
        "below 0: open models ahead" if low < 0 else "",
        *(
            f"{series.label}: {series.notes[-1]}"
            for series in chart.series
            if series not in shown_series and series.notes
        ),
    )
    top = page.write_note(room.y1, " · ".join(filter(None, notes)))
    colors = [page.theme.color(series.role) for series in shown_series]
    labels = [_end_label(series, color) for series, color in zip(shown_series, colors, strict=True)]
    column = EndLabels(page, labels, top - room.y0 - ticks_height(page) - page.shape.text / 2)
    box = Bbox.from_extents(room.x0, room.y0, room.x1 - column.width, top)
    days = [day for series in shown_series for day, _ in _points(series)]
    plot = make_time_plot(page, box, days, (low, high), value_ticks(low, high, in_months=True))
    for series, color in zip(shown_series, colors, strict=True):
        dash = "--" if series.role == "public" and len(shown_series) > 1 else "-"  # two differ without colours too
        _draw_line(plot, series, color, dash)
    column.draw(plot.box, [plot.pixels(*_points(series)[-1]) for series in shown_series])
    return describe(chart)


def _draw_line(plot: Plot, series: Series, color: str, dash: str) -> None:
    """Draw a line with its band and the band's edges, a marker at its end, and dots for single values."""
    x, y = [date.fromisoformat(day).toordinal() for day in series.x], _numbers(series.y)
    if series.low and series.high:
        low, high = _numbers(series.low), _numbers(series.high)
        plot.axes.fill_between(x, low, high, color=color, alpha=0.13, linewidth=0)
        for edge in (low, high):
            plot.axes.plot(x, edge, color=color, linewidth=points(1.5), linestyle=dash)
    plot.axes.plot(x, y, color=color, linewidth=points(5.5), linestyle=dash)
    is_known = ~np.isnan(y)
    is_alone = is_known & ~np.r_[False, is_known[:-1]] & ~np.r_[is_known[1:], False]
    day, value = _points(series)[-1]
    dots_x, dots_y = [*np.array(x)[is_alone], day], [*y[is_alone], value]
    plot.axes.plot(dots_x, dots_y, "o", color=color, markersize=points(13), clip_on=False)


def _end_label(series: Series, color: str) -> EndLabel:
    """Label a line with its last figure, or with the reason why there is none today (its last note)."""
    last = max(n for n, value in enumerate(series.y) if value is not None)
    value = series.y[last] or 0.0
    low = series.low[last] if series.low else None
    high = series.high[last] if series.high else None
    spread = "" if low is None or high is None else likely_lag(low, high)
    more = series.notes[-1:] if any(series.notes[-1:]) else (lag_text(value), spread)
    return EndLabel(capitalize(series.label), more, color)


def _has_break(series: Series) -> bool:
    places = [n for n, value in enumerate(series.y) if value is not None]
    return places[-1] - places[0] >= len(places)


def _points(series: Series) -> list[tuple[int, float]]:
    """Return the days (ordinals) that have a value, and the values."""
    pairs = zip(series.x, series.y, strict=True)
    return [(date.fromisoformat(day).toordinal(), value) for day, value in pairs if value is not None]


def _numbers(values: tuple[float | None, ...]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
