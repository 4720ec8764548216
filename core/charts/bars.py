"""Levels that no open model has matched: a bar per level, with the closed model that reached it at its end."""

from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from core.answer import Chart
from core.charts.lettering import shortened, width
from core.charts.page import Page
from core.charts.row_groups import Row, Rows, groups

_MOST = 15
"""More rows than this can't be read on a phone."""
_BAR = 0.72
"""How high a bar is, in rows."""
_SIZE = 20.0
"""The size of a note, in pixels."""
_GAP = 8


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw the bars in a group per class of tests, each with its note beside it, or in it where there is no room."""
    inner = Bbox.from_extents(room.x0, room.y0, room.x1, page.aside(room.y1, chart.x_label))
    laid = Rows(page, groups(page, chart, inner, _MOST), inner, note=_SIZE)
    for row, y in laid.places():
        height = laid.pitch * _BAR
        low, high = sorted((0.0, row.value))
        bar = Rectangle((low, y - height / 2), high - low, height, color=row.look.color, linewidth=0)
        laid.plot.axes.add_patch(bar)
        _note(laid, row, y)


def _note(laid: Rows, row: Row, y: float) -> None:
    """Write a bar's note beside its end, or in it, where more of it fits."""
    page, size = laid.page, laid.page.sizes(min(_SIZE, laid.pitch * _BAR))[0]
    zero, _ = laid.plot.at(0, y)
    end, _ = laid.plot.at(max(row.value, 0), y)
    beside, inside = laid.plot.box.x1 - end - _GAP, end - zero - 2 * _GAP
    note = shortened(row.note, size, max(beside, inside))
    if width(note, size) <= beside or beside >= inside:
        page.text(end + _GAP, y, note, size, rise="center")
    else:
        page.text(end - _GAP, y, note, size, color=page.theme.ground, align="right", rise="center")
