"""Rows with a dot on a bar: each test's lag with its smallest and largest result, each model's index with its range."""

from matplotlib.transforms import Bbox

from core.answer import Chart
from core.charts.lettering import shortened, width
from core.charts.page import Page, points
from core.charts.row_groups import Rows, groups

_MOST = 18
"""More rows than this can't be read on a phone."""
_NOTE = 20
_NOTES_ARE = {"best": "size"}
"""What the notes of a kind of chart are, where they don't say it themselves."""
_NOTES = 0.24
"""How wide the column of notes may be, as a share of the room."""


def draw(page: Page, chart: Chart, room: Bbox) -> None:
    """Draw the rows in a group per class of tests, with the notes in a column to the right."""
    top = page.aside(room.y1, " · ".join(filter(None, (chart.x_label, chart.y_label))))
    inner = Bbox.from_extents(room.x0, room.y0, room.x1, top)
    shown = groups(page, chart, inner, _MOST)
    rows = [row for group in shown for row in group.rows]
    notes = min(max(width(row.note, _NOTE) for row in rows), _NOTES * room.width)
    laid = Rows(page, shown, inner, column=notes + 24, from_zero=chart.kind != "best")
    size = min(_NOTE, laid.size)
    heading = _NOTES_ARE.get(chart.kind, "")
    page.text(room.x1, laid.top - laid.pitch / 2, heading, size, color=page.theme.muted, align="right", rise="center")
    for row, y in laid.places():
        color = row.look.color
        laid.plot.axes.plot([row.low, row.high], [y, y], color=color, linewidth=points(6), solid_capstyle="round")
        laid.plot.axes.plot(
            [row.value], [y], row.look.marker, color=color, markersize=points(0.7 * laid.size),
            markeredgecolor=page.theme.ground, markeredgewidth=points(2), clip_on=False,
        )  # fmt: skip
        note = shortened(row.note, size, notes)
        page.text(room.x1, y, note, size, color=page.theme.muted, align="right", rise="center")
