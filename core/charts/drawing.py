"""Pictures of charts, PNG or SVG: 1200 by 675 pixels, as a portrait 1080 by 1350, a card 1200 by 630."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from io import BytesIO
from typing import Literal

import matplotlib
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from core.answer import Chart
from core.charts import bars, catch_ups, dots, lines, share_cards, steps
from core.charts.lettering import PITCH, fitted, printable
from core.charts.page import CARD, PORTRAIT, WIDE, Page
from core.charts.theme import DARK, LIGHT

Form = Literal["png", "svg"]
BRAND = "gapbrief"

NOTHING = "There is nothing to draw: the data give no value for this chart."

KINDS: dict[str, Callable[[Page, Chart, Bbox], None]] = {
    "index": lines.draw,
    "benchmarks": dots.draw,
    "best": dots.draw,
    "compare": dots.draw,
    "frontier": steps.draw,
    "unmatched": bars.draw,
    "catch-up": catch_ups.draw,
    "card": share_cards.draw,
}
"""How each kind of chart is drawn."""
_LOCK = threading.Lock()


def draw(chart: Chart, *, dark: bool = False, portrait: bool = False, form: Form = "png", brand: str = BRAND) -> bytes:
    """Return the picture of a chart; the same chart gives the same bytes.

    `brand` says at the foot whose picture it is, and where more is found. Its alt text goes along: as the PNG's
    Description, and in the SVG's <desc>. Raises ValueError for a kind of chart that is not known.
    """
    with _own_settings():
        page = _drawn(chart, dark=dark, portrait=portrait, brand=brand)
        return _svg(page, chart) if form == "svg" else _png(page, chart)


def figure(chart: Chart, *, dark: bool = False, portrait: bool = False, brand: str = BRAND) -> Figure:
    """Return a chart as matplotlib's figure, for those who look at its parts."""
    with _own_settings():
        return _drawn(chart, dark=dark, portrait=portrait, brand=brand).figure


@contextmanager
def _own_settings() -> Iterator[None]:
    """Draw by matplotlib's own defaults, whatever a user's settings say, and put those back.

    The settings are of the whole process, so only one picture is drawn at a time.
    """
    ours = {
        **{key: value for key, value in matplotlib.rcParamsDefault.items() if not key.startswith(("backend", "date"))},
        "svg.fonttype": "none",
        "svg.hashsalt": "gapbrief",
        "font.sans-serif": ["DejaVu Sans", "Verdana", "Geneva"],
    }
    with _LOCK, matplotlib.rc_context(ours):
        yield


def _drawn(chart: Chart, *, dark: bool, portrait: bool, brand: str) -> Page:
    if chart.kind not in KINDS:
        raise ValueError(f"no chart is of the kind {chart.kind}")
    shape = CARD if chart.kind == "card" else PORTRAIT if portrait else WIDE
    page = Page(DARK if dark else LIGHT, shape)
    left, right, middle = page.shape.margin, page.shape.width - page.shape.margin, page.shape.height / 2
    room = Bbox.from_extents(left, page.foot(chart.foot, brand) + 12, right, page.head(chart.title))
    if chart.is_empty and chart.kind != "card":
        lines, size = fitted(NOTHING, page.room, page.sizes(page.shape.label), 2)
        for number, line in enumerate(lines):
            y = middle - number * size * PITCH
            page.text(page.shape.width / 2, y, line, size, color=page.theme.muted, align="center", rise="center")
    else:
        KINDS[chart.kind](page, chart, room)
    return page


def _png(page: Page, chart: Chart) -> bytes:
    out = BytesIO()
    metadata = {"Title": printable(chart.title), "Description": printable(chart.alt or chart.title), "Software": None}
    page.figure.savefig(out, format="png", dpi="figure", metadata=metadata)
    return out.getvalue()


def _svg(page: Page, chart: Chart) -> bytes:
    """Return an SVG that a screen reader reads out by its title and description."""
    out, shape = BytesIO(), page.shape
    page.figure.savefig(out, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    _, _, body = out.getvalue().decode().partition("<svg ")
    attributes, _, body = body.partition(">")
    view = re.search(r'viewBox="[^"]*"', attributes)
    title, alt = (escape(printable(text), quote=False) for text in (chart.title, chart.alt or chart.title))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {view and view[0]}'
        f' width="{shape.width * shape.scale:g}" height="{shape.height * shape.scale:g}" role="img"'
        f' aria-labelledby="{chart.kind}-title {chart.kind}-alt">'
        f'\n <title id="{chart.kind}-title">{title}</title>\n <desc id="{chart.kind}-alt">{alt}</desc>'
    )
    return (head + body).encode()
