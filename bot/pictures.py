"""Pictures of charts, drawn in a worker process and cached."""

import struct
from concurrent.futures import BrokenExecutor

import structlog

from bot.links import Form, Shape
from bot.memo import Memo
from bot.processes import Worker
from core.answer import Answer, Chart
from core.chart_rows import describe as describe_rows

CATCH_UP = "catch-up"
"""The kind of chart that shows which models matched which."""
_KEPT_BYTES, _KEPT_TEXTS = 64 * 2**20, 500
_SIGNATURE, _CHUNK = 8, struct.Struct(">I4s")
"""The length of a PNG's beginning, and what begins each of its chunks: the length and kind of what follows."""
_DESCRIPTION = b"Description\0"
log = structlog.get_logger("gapbrief.pictures")
_Key = tuple[Chart, bool, Shape, Form]
"""A chart, whether light on dark, its shape, and the form."""


def choose_chart(answer: Answer) -> Chart | None:
    """Return the chart for an answer: the first of catch-ups or with more than one value."""
    return next(
        (
            chart for chart in answer.charts
            if (chart.kind == CATCH_UP and not chart.is_empty)
            or sum(y is not None for series in chart.series for y in series.y) > 1
        ),
        None,
    )  # fmt: skip


def brand_line(public_url: str | None) -> str:
    """Return the footer of a picture: our name, with the public address if there is one."""
    return f"gapbrief · {public_url.partition('://')[2]}" if public_url else "gapbrief"


class Pictures:
    """Cached pictures of charts, each with our name and public address, if any; `close` ends the worker."""

    def __init__(self, public_url: str | None = None) -> None:
        self._brand = brand_line(public_url)
        self._worker = Worker()
        self._cache: Memo[_Key, bytes] = Memo(_KEPT_BYTES, len)
        self._texts: Memo[tuple[Chart, Shape], str] = Memo(_KEPT_TEXTS)

    def cached(self, chart: Chart, *, dark: bool = True, shape: Shape = "square", form: Form = "png") -> bytes | None:
        """Return the cached picture, if any."""
        return self._cache.cached((chart, dark, shape, form))

    async def picture(self, chart: Chart, *, dark: bool = True, shape: Shape = "square", form: Form = "png") -> bytes:
        """Return a chart as a picture, restarting a dead worker once."""
        key = (chart, dark, shape, form)
        return await self._cache.get(key, lambda: self._draw(key))

    def put(
        self, picture: bytes, chart: Chart, *, dark: bool = True, shape: Shape = "square", form: Form = "png"
    ) -> None:
        """Cache a chart's picture that was drawn earlier."""
        self._cache.put((chart, dark, shape, form), picture)

    async def describe(self, chart: Chart, *, shape: Shape = "wide") -> str:
        """Return the alt text of a chart's picture, which need not be drawn yet; of all rows if that fails."""
        if (png := self.cached(chart, dark=False, shape=shape)) is not None:
            return read_alt(png, chart)
        try:
            return await self._texts.get((chart, shape), lambda: self._worker.do(describe, chart, shape, self._brand))
        except Exception as error:
            log.warning("no picture to describe", kind=chart.kind, exc_info=error)
            return describe_rows(chart)

    async def _draw(self, key: _Key) -> bytes:
        try:
            return await self._draw_in_worker(key)
        except BrokenExecutor:
            self.close()
            return await self._draw_in_worker(key)

    async def _draw_in_worker(self, key: _Key) -> bytes:
        return await self._worker.do(_draw, *key, self._brand)

    def close(self) -> None:
        """End the worker without waiting for a picture."""
        self._worker.close()


def read_alt(png: bytes, chart: Chart) -> str:
    """Return the alt text that a drawn PNG carries as its description, else all the chart's rows."""
    place = _SIGNATURE
    while place + _CHUNK.size <= len(png):
        length, kind = _CHUNK.unpack_from(png, place)
        body = png[place + _CHUNK.size :][:length]
        if kind == b"tEXt" and body.startswith(_DESCRIPTION):
            return body.removeprefix(_DESCRIPTION).decode("latin-1")
        if kind == b"iTXt" and body.startswith(_DESCRIPTION):  # two bytes on compression, then language and keyword
            return body.removeprefix(_DESCRIPTION)[2:].split(b"\0", 2)[2].decode()
        place += _CHUNK.size + length + 4  # a checksum
    return describe_rows(chart)


def describe(chart: Chart, shape: Shape = "wide", brand: str = "gapbrief") -> str:
    """Return the alt text of a chart's picture; this imports the drawing library."""
    from core.charts import describe

    return describe(chart, shape=shape, brand=brand)


def _draw(chart: Chart, dark: bool, shape: Shape, form: Form, brand: str) -> bytes:
    """Draw in the worker, the only process that imports the drawing library."""
    from core.charts import draw

    return draw(chart, dark=dark, shape=shape, form=form, brand=brand)
