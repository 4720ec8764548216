"""Pictures for messages: drawn in a worker process, kept in memory, each drawn once however many ask."""

from concurrent.futures import BrokenExecutor

from bot.links import Form, Shape
from bot.memo import Memo
from bot.processes import Worker
from core.answer import Answer, Chart

CATCH_UP = "catch-up"
"""The kind of chart that shows who matched whom."""
_KEPT_BYTES = 64 * 2**20
_Wanted = tuple[Chart, bool, Shape, Form]
"""A chart, whether light on dark, its shape, and the form."""


def chart_of(answer: Answer) -> Chart | None:
    """Return the chart that shows an answer: the first of catch-ups, or that has more than one value to draw."""
    return next(
        (
            chart for chart in answer.charts
            if (chart.kind == CATCH_UP and not chart.is_empty)
            or sum(y is not None for each in chart.series for y in each.y) > 1
        ),
        None,
    )  # fmt: skip


def brand_of(public_url: str | None) -> str:
    """Return whose picture one is, for its foot: the name, with the address where more is found, if there is one."""
    return f"gapbrief · {public_url.partition('://')[2]}" if public_url else "gapbrief"


class Pictures:
    """The drawn charts, each with our name and public address, if there is one. `close` ends the worker."""

    def __init__(self, public_url: str | None = None) -> None:
        self._brand = brand_of(public_url)
        self._worker = Worker()
        self._kept: Memo[_Wanted, bytes] = Memo(_KEPT_BYTES, len)

    def at_hand(self, chart: Chart, *, dark: bool = True, shape: Shape = "square", form: Form = "png") -> bytes | None:
        """Return the picture that is in memory, if any."""
        return self._kept.at_hand((chart, dark, shape, form))

    async def picture(self, chart: Chart, *, dark: bool = True, shape: Shape = "square", form: Form = "png") -> bytes:
        """Return a chart as a picture; a worker that died is started again once."""
        wanted = (chart, dark, shape, form)
        return await self._kept.get(wanted, lambda: self._draw(wanted))

    def keep(
        self, picture: bytes, chart: Chart, *, dark: bool = True, shape: Shape = "square", form: Form = "png"
    ) -> None:
        """Take a chart's picture as it was drawn before."""
        self._kept.keep((chart, dark, shape, form), picture)

    async def _draw(self, wanted: _Wanted) -> bytes:
        try:
            return await self._in_worker(wanted)
        except BrokenExecutor:
            self.close()
            return await self._in_worker(wanted)

    async def _in_worker(self, wanted: _Wanted) -> bytes:
        return await self._worker.do(_draw, *wanted, self._brand)

    def close(self) -> None:
        """End the worker, without waiting for a picture that nobody will see."""
        self._worker.close()


def _draw(chart: Chart, dark: bool, shape: Shape, form: Form, brand: str) -> bytes:
    """Draw in the worker: the one place that imports the drawing library."""
    from core.charts import draw

    return draw(chart, dark=dark, shape=shape, form=form, brand=brand)
