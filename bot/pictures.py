"""Pictures of charts, drawn in a worker process and cached."""

from concurrent.futures import BrokenExecutor

from bot.links import Form, Shape
from bot.memo import Memo
from bot.processes import Worker
from core.answer import Answer, Chart

CATCH_UP = "catch-up"
"""The kind of chart that shows which models matched which."""
_KEPT_BYTES = 64 * 2**20
_KEPT_TEXTS = 500
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
        """Return the alt text of a chart's picture."""
        key = (chart, shape)
        return await self._texts.get(key, lambda: self._worker.do(describe, *key, self._brand))

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


def describe(chart: Chart, shape: Shape = "wide", brand: str = "gapbrief") -> str:
    """Return the alt text of a chart's picture; this imports the drawing library."""
    from core.charts import describe

    return describe(chart, shape=shape, brand=brand)


def _draw(chart: Chart, dark: bool, shape: Shape, form: Form, brand: str) -> bytes:
    """Draw in the worker, the only process that imports the drawing library."""
    from core.charts import draw

    return draw(chart, dark=dark, shape=shape, form=form, brand=brand)
