"""A question and a chart that gapbrief does not have: each is what is in this file, and one line in its registry.

Run as a script, it is the command line with both.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from matplotlib.transforms import Bbox

from core.answer import Answer, Chart, Fact, Line, Series
from core.charts import drawing
from core.charts.page import Page
from core.questions import QUESTIONS, fields, selection
from core.questions.question import Question
from core.text import render

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence


@dataclass(frozen=True)
class CensusQuestion(Question):
    """How many open and closed models have a score on a test."""

    name: ClassVar[str] = "census"
    phrasings: ClassVar[tuple[str, ...]] = ("Take a census of GPQA", "How many models were tested on GPQA?")
    charts: ClassVar[Mapping[str, str]] = {"heads": "how many models of each side"}

    benchmark: str | None = fields.benchmark()

    def answer(self, evidence: "Evidence") -> Answer:
        boards = selection.boards(evidence, self.benchmark, None)
        rows = [row for board in boards.tolist() for row in range(evidence.bounds[board], evidence.bounds[board + 1])]
        heads = {side: len({int(evidence.model[row]) for row in rows if evidence.is_open[row] == is_open})
                 for side, is_open in (("open", True), ("closed", False))}  # fmt: skip
        facts = tuple(Fact(side, n, "models", side, f"{n} {side}", "count", side=side) for side, n in heads.items())
        title = Line("", "{open} and {closed} models have a score there")
        finding = render(title.text, facts)
        series = (Series("models", "open", tuple(heads), tuple(map(float, heads.values()))),)
        chart = Chart("heads", finding, "side", "models", series, alt=finding)
        return selection.answered(
            self, evidence, evidence.newest_data, (title,), facts, charts=(chart,), data=dict(heads)
        )


def draw_heads(page: Page, chart: Chart, room: Bbox) -> None:
    page.text(room.x0, room.y0, f"heads: {chart.series[0].y}", color=page.theme.muted)


def register() -> None:
    """Do as its file in core/questions, its line in the registry, and the chart's line would."""
    sys.modules[f"core.questions.{CensusQuestion.name}"] = sys.modules[CensusQuestion.__module__]
    QUESTIONS._names[CensusQuestion.name] = None
    drawing.KINDS["heads"] = draw_heads


if __name__ == "__main__":
    register()
    from bot.cli import main

    main()
