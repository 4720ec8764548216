"""Rows below each other, in a group per series: their names, and the plot to the right of these."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.transforms import Bbox

from core.answer import Chart, Series
from core.charts.lettering import fitting, shortened, width
from core.charts.page import Page
from core.charts.scales import Plot, extent, under, value_ticks
from core.charts.theme import Look

_TALLEST = 64
"""How far rows stand apart at most, in pixels."""
_NAMES = 0.36, 0.42
"""How wide the column of names may be, as a share of the room: on a wide page, and on a portrait."""
_BETWEEN = 0.35
"""The room between two groups, in rows."""
_APART = 1.22
"""How far rows stand apart at least, in sizes of the smallest text."""
_LEAST = 16
"""The smallest text of a row, in pixels."""
_GAP = 16
_UNDER_ASIDE = 8
_NOTES = 0.4
"""How much of the plot is kept free for notes behind bars at most, as a share."""


@dataclass(frozen=True)
class Row:
    """One row: a test or a level, its value with the range around it, and a word on it."""

    name: str
    value: float
    low: float
    high: float
    note: str
    look: Look


@dataclass(frozen=True)
class Group:
    """The rows of a series under its name; `more` counts those that there is no room for."""

    name: str
    rows: tuple[Row, ...]
    more: int
    look: Look

    @property
    def told(self) -> str:
        """Return what stands for the rows without room, "" where there are none."""
        return f"and {self.more} more" if self.more else ""

    @property
    def n_lines(self) -> int:
        """Return how many lines the group takes, that with its name included."""
        return 1 + len(self.rows) + bool(self.more)


def groups(page: Page, chart: Chart, room: Bbox, most: int) -> list[Group]:
    """Return the rows of a chart that have a value, as many as can be read in a room and at `most` so many."""
    looks = [page.theme.look(series.role) for series in chart.series]
    named = [(series.label, _rows(series, look), look) for series, look in zip(chart.series, looks, strict=True)]
    named = [group for group in named if group[1]]
    lines = (room.height - under(page) - _UNDER_ASIDE) / (_APART * max(page.shape.least, _LEAST)) - (
        2 + _BETWEEN
    ) * len(named)
    shares = _shares([len(rows) for _, rows, _ in named], min(most, int(lines)))
    return [
        Group(label, tuple(rows[:share]), len(rows) - share, look)
        for (label, rows, look), share in zip(named, shares, strict=True)
    ]


def _rows(series: Series, look: Look) -> list[Row]:
    nothing = (None,) * len(series.x)
    columns = (series.y, series.low or nothing, series.high or nothing, series.notes or ("",) * len(series.x))
    return [
        Row(name, value, value if low is None else low, value if high is None else high, note, look)
        for name, value, low, high, note in zip(series.x, *columns, strict=True)
        if value is not None
    ]


def _shares(counts: Sequence[int], most: int) -> list[int]:
    """Share out the rows that there is room for: evenly, and what one group leaves goes to the others."""
    shares, left = [0] * len(counts), most
    for place, n in enumerate(sorted(range(len(counts)), key=lambda n: counts[n])):
        shares[n] = min(counts[n], max(left // (len(counts) - place), 1))
        left -= shares[n]
    return shares


class Rows:
    """Rows on a page, with their names written; the plot beside them has pixels for y."""

    def __init__(
        self, page: Page, shown: Sequence[Group], room: Bbox, *, column: float = 0, note: float = 0,
        from_zero: bool = True,
    ) -> None:  # fmt: skip
        """Lay the rows out in a room, with `column` pixels kept free to the right of the plot.

        Where `note` is a size of text, the range of values leaves room for each row's note behind its bar. Values are
        months, counted from zero on, or others, of which only their own range is shown.
        """
        self.page, self.groups = page, shown
        rows = [row for group in shown for row in group.rows]
        n_lines = sum(group.n_lines for group in shown) + _BETWEEN * (len(shown) - 1)
        inner_height = room.height - under(page) - _UNDER_ASIDE
        self.pitch = min(_TALLEST, inner_height / n_lines)
        self.size = page.sizes(min(page.shape.label, self.pitch * 0.82))[0]
        self.top = room.y1 - _UNDER_ASIDE - (inner_height - self.pitch * n_lines) / 2
        self.left = room.x0
        names = [width(name, self.size) for name in (*(row.name for row in rows), *(group.told for group in shown))]
        left, bottom = (
            room.x0 + min(max(names), _NAMES[page.is_portrait] * room.width) + _GAP,
            self.top - self.pitch * n_lines,
        )
        inner = Bbox.from_extents(left, bottom, room.x1 - column, self.top)
        low, high = _range(rows, inner.width, note, from_zero=from_zero)
        self.plot = Plot(page, inner, (low, high), (bottom, self.top))
        self.plot.verticals(value_ticks(low, high, in_months=from_zero), ruled=True)

    def places(self) -> Iterator[tuple[Row, float]]:
        """Write the names, and return each row with its y in pixels."""
        top = self.top
        room = self.plot.box.x0 - _GAP - self.left
        for group in self.groups:
            self._name(group.name, top - self.pitch / 2, self.plot.box.x1 - self.left, group.look.color, bold=True)
            for row in group.rows:
                top -= self.pitch
                self._name(row.name, top - self.pitch / 2, room, self.page.theme.ink)
                yield row, top - self.pitch / 2
            if group.told:
                top -= self.pitch
                self._name(group.told, top - self.pitch / 2, room, self.page.theme.muted)
            top -= self.pitch * (1 + _BETWEEN)

    def _name(self, name: str, y: float, room: float, color: str, *, bold: bool = False) -> None:
        size = fitting(name, room, self.page.sizes(self.size), bold)
        words = shortened(name, size, room, bold)
        self.page.text(self.left, y, words, size, color=color, bold=bold, rise="center", is_clear=bold)


def _range(rows: Sequence[Row], wide: float, note: float, *, from_zero: bool) -> tuple[float, float]:
    """Return the range of values for a plot so wide, with room for notes of a size behind the bars, if there is one."""
    ends = [end for row in rows for end in (row.low, row.value, row.high)]
    if not from_zero:
        room = 0.05 * (max(ends) - min(ends)) or 1.0
        return min(ends) - room, max(ends) + room
    low, high = extent([0.0, *ends])
    if not note:
        return low, high
    shares = [min((width(row.note, note) + _GAP) / wide, _NOTES) for row in rows]
    ends = [max(row.value, 0.0) for row in rows]
    return low, max(high, *((end - share * low) / (1 - share) for end, share in zip(ends, shares, strict=True)))
