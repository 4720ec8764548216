"""Cards that stand for a page where somebody shares it: its title, and of one catch-up the months and both models.

Of a level that no open model has matched it is who reached it.
"""

from matplotlib.transforms import Bbox

from core.answer import Chart
from core.charts.lettering import PITCH, fitting, shortened, width
from core.charts.page import Page, points
from core.words import lag_text

_FIGURE, _NAMES = 76, 36
_GAP = 20
_UNMATCHED, _NOBODY = "Not matched", "no open model yet"


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw the first catch-up large, in the lower part of the room; nothing where there is none."""
    series = next((each for each in chart.series if each.y), None)
    if series is None:
        return
    look, months, is_over = page.theme.look(series.role), series.y[-1] or 0.0, series.y[-1] is not None
    before, after = series.notes if months >= 0 else reversed(series.notes)
    y = room.y0 + (_FIGURE + 2 * _NAMES) * PITCH + _GAP
    shown = lag_text(abs(months)) if is_over else _UNMATCHED
    figure = page.text(room.x0, y, shown, _FIGURE, color=look.color, bold=True)
    way = ("behind " if months >= 0 else "ahead ") if is_over else ""
    test, beside = f"{way}on {series.label}, a {series.role} test", room.x1 - figure.x1 - _GAP
    size = fitting(test, beside, page.sizes(_NAMES))
    page.text(figure.x1 + _GAP, figure.y0, shortened(test, size, beside), size, color=page.theme.muted, rise="bottom")
    least = 4 * _GAP
    size = fitting(before + (after or _NOBODY), room.width - 2 * _GAP - least, page.sizes(_NAMES))
    half = (room.width - 2 * _GAP - least) / 2
    left = page.text(room.x0, room.y0 + _NAMES * PITCH, shortened(before, size, half), size)
    words = shortened(after or _NOBODY, size, half)
    right = page.text(room.x1 - width(words, size), room.y0 + _NAMES * PITCH, words, size)
    axes = page.axes(Bbox.from_extents(left.x1 + _GAP, left.y0, right.x0 - _GAP, left.y1))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    style = "-" if is_over else (0, (2, 1))
    axes.plot([0.0, 1.0], [0.5, 0.5], color=look.color, linewidth=points(8), linestyle=style, clip_on=False)
    axes.plot([0.0], [0.5], "o", color=look.color, markersize=points(22), clip_on=False)
    axes.plot([1.0], [0.5], "s" if is_over else ">", color=look.color, markersize=points(22), clip_on=False)
