"""The gap over time: a line per access class with the band of its interval, named at its end."""

from datetime import date

import numpy as np
from matplotlib.transforms import Bbox

from core.answer import Chart, Series
from core.charts.ends import Column, End
from core.charts.page import Page, points
from core.charts.scales import Plot, extent, over_time, value_ticks
from core.charts.theme import Look
from core.words import lag_text, likely_lag


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw lines with their bands; a value that stands alone between gaps is a dot."""
    shown = [series for series in chart.series if any(value is not None for value in series.y)]
    values = [value for series in shown for value in (*series.y, *series.low, *series.high) if value is not None]
    low, high = extent([0.0, *values])
    has_band = any(value is not None for series in shown for value in series.low)
    remarks = (
        chart.y_label,
        "shaded: the likely range" if has_band else "",
        "a break: too few tests" if any(_breaks(series) for series in shown) else "",
        "below 0: open models ahead" if low < 0 else "",
    )
    top = page.aside(room.y1, " · ".join(remark for remark in remarks if remark))
    looks = [page.theme.look(series.role) for series in shown]
    column = Column(page, [_end(series, look) for series, look in zip(shown, looks, strict=True)], top - room.y0)
    box = Bbox.from_extents(room.x0, room.y0, room.x1 - column.width, top)
    days = [day for series in shown for day, value in zip(_days(series), series.y, strict=True) if value is not None]
    plot = over_time(page, chart.x_label, box, days, (low, high), value_ticks(low, high, in_months=True))
    for series, look in zip(shown, looks, strict=True):
        _line(plot, series, look)
    column.draw(plot.box, [plot.at(*_last(series)) for series in shown])


def _line(plot: Plot, series: Series, look: Look) -> None:
    """Draw a line with its band, whose edges are lines too, and a marker at its end."""
    x, y = _days(series), _numbers(series.y)
    if series.low and series.high:
        low, high = _numbers(series.low), _numbers(series.high)
        plot.axes.fill_between(x, low, high, color=look.color, alpha=0.16, linewidth=0)
        for edge in (low, high):
            plot.axes.plot(x, edge, color=look.color, linewidth=points(1.5), linestyle=look.dash)
    plot.axes.plot(x, y, color=look.color, linewidth=points(5.5), linestyle=look.dash)
    known = ~np.isnan(y)
    alone = known & ~np.r_[False, known[:-1]] & ~np.r_[known[1:], False]
    at, value = _last(series)
    dots_x, dots_y = [*np.array(x)[alone], at], [*y[alone], value]
    plot.axes.plot(dots_x, dots_y, look.marker, color=look.color, markersize=points(13), clip_on=False)


def _end(series: Series, look: Look) -> End:
    """Say what a line ends at, with its interval."""
    place = max(n for n, value in enumerate(series.y) if value is not None)
    value = series.y[place] or 0.0
    low = series.low[place] if series.low else None
    high = series.high[place] if series.high else None
    return End(
        series.label, (lag_text(value), "" if low is None or high is None else likely_lag(low, high)), look.color
    )


def _breaks(series: Series) -> bool:
    """Whether a line stops and goes on later."""
    known = [n for n, value in enumerate(series.y) if value is not None]
    return known[-1] - known[0] >= len(known)


def _last(series: Series) -> tuple[int, float]:
    return [(day, value) for day, value in zip(_days(series), series.y, strict=True) if value is not None][-1]


def _days(series: Series) -> list[int]:
    return [date.fromisoformat(day).toordinal() for day in series.x]


def _numbers(values: tuple[float | None, ...]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
