"""Render charts as PNG or SVG, in the shapes of `page.SHAPES`."""

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
from core.charts import lines, row_charts, steps
from core.charts.lettering import clean_text, fit_lines
from core.charts.page import SHAPES, Page
from core.charts.theme import DARK, LIGHT

Form = Literal["png", "svg"]
BRAND = "gapbrief"
NOTHING = "There is nothing to draw: the data give no value for this chart."
KINDS: dict[str, Callable[[Page, Chart, Bbox], str]] = {
    "index": lines.draw,
    "frontier": steps.draw,
    **dict.fromkeys(
        ("catch-up", "ranges", "benchmarks", "best", "compare", "unmatched", "trust", "others"), row_charts.draw
    ),
}
"""The function that draws each kind of chart, and returns what the picture shows."""
_LOCK = threading.Lock()


def draw(chart: Chart, *, dark: bool = False, shape: str = "wide", form: Form = "png", brand: str = BRAND) -> bytes:
    """Return a chart's image; the same chart gives the same bytes.

    The foot names the `brand`, which may be a link. The alt text becomes the PNG's Description and the SVG's <desc>.
    Raises ValueError for an unknown kind of chart.
    """
    with _our_settings():
        page = _draw_page(chart, dark=dark, shape=shape, brand=brand)
        return _save_svg(page, chart) if form == "svg" else _save_png(page, chart)


def describe(chart: Chart, *, shape: str = "wide", brand: str = BRAND) -> str:
    """Return a picture's alt text: what `draw` draws of the chart in this shape, and no more."""
    with _our_settings():
        return _draw_page(chart, dark=False, shape=shape, brand=brand).alt


def figure(chart: Chart, *, dark: bool = False, shape: str = "wide", brand: str = BRAND) -> Figure:
    """Return a chart as matplotlib's figure, to inspect its parts."""
    with _our_settings():
        return _draw_page(chart, dark=dark, shape=shape, brand=brand).figure


@contextmanager
def _our_settings() -> Iterator[None]:
    """Draw with matplotlib's defaults whatever the user's settings are, and restore the settings afterwards.

    Settings belong to the whole process, so only one chart is drawn at a time.
    """
    settings = {
        **{key: value for key, value in matplotlib.rcParamsDefault.items() if not key.startswith(("backend", "date"))},
        "svg.fonttype": "none",
        "svg.hashsalt": "gapbrief",
        "font.sans-serif": ["DejaVu Sans", "Verdana", "Geneva"],
    }
    with _LOCK, matplotlib.rc_context(settings):
        yield


def _draw_page(chart: Chart, *, dark: bool, shape: str, brand: str) -> Page:
    if chart.kind not in KINDS:
        raise ValueError(f"no chart is of the kind {chart.kind}")
    page = Page(DARK if dark else LIGHT, SHAPES[shape])
    left, right = page.shape.margin, page.shape.width - page.shape.margin
    if shape == "card":
        top, bottom = page.write_brand(" · ".join(filter(None, (brand, chart.foot)))), float(page.shape.margin)
    else:
        top = page.shape.height - 0.75 * page.shape.margin
        bottom = page.write_foot(" · ".join(filter(None, (chart.foot, brand))))
    is_alone = shape == "card" and chart.is_empty
    room = Bbox.from_extents(left, bottom, right, page.write_title(top, chart.title, is_alone=is_alone))
    page.alt = clean_text(chart.alt or chart.title)
    if not chart.is_empty:
        page.alt = clean_text(KINDS[chart.kind](page, chart, room))
    elif not is_alone:
        lines, size = fit_lines(NOTHING, page.room, [page.shape.text], 2)
        center = page.shape.width / 2, page.shape.height / 2
        page.write_lines(*center, lines, size, color=page.theme.muted, align="center", rise="center")
    return page


def _save_png(page: Page, chart: Chart) -> bytes:
    out = BytesIO()
    metadata = {"Title": clean_text(chart.title), "Description": page.alt, "Software": None}
    page.figure.savefig(out, format="png", dpi="figure", metadata=metadata)
    return out.getvalue()


def _save_svg(page: Page, chart: Chart) -> bytes:
    """Return an SVG with a title and description that screen readers read."""
    out, shape = BytesIO(), page.shape
    page.figure.savefig(out, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    _, _, body = out.getvalue().decode().partition("<svg ")
    attributes, _, body = body.partition(">")
    view = re.search(r'viewBox="[^"]*"', attributes)
    title, alt = (escape(text, quote=False) for text in (clean_text(chart.title), page.alt))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {view and view[0]}'
        f' width="{shape.width * shape.scale:g}" height="{shape.height * shape.scale:g}" role="img"'
        f' aria-labelledby="{chart.kind}-title {chart.kind}-alt">'
        f'\n <title id="{chart.kind}-title">{title}</title>\n <desc id="{chart.kind}-alt">{alt}</desc>'
    )
    return (head + body).encode()
