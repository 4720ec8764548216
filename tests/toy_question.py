"""A question and a chart that gapbrief does not have: each is what is in this file, and one line in its registry.

Run as a script, it is the command line with both.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from matplotlib.transforms import Bbox

from core.answer import Answer, Chart, Fact, Line, Series
from core.charts import drawing
from core.charts.page import Page
from core.dataclass import dataclass
from core.questions import QUESTIONS, fields, selection
from core.questions.question import Question
from core.questions.result import as_json
from core.questions.shared_facts import count_fact
from core.text import render

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence


@dataclass(frozen=True)
class Census:
    """How many models of each side have a score: the JSON of the answer."""

    open: int
    closed: int


@dataclass(frozen=True)
class CensusQuestion(Question):
    """How many open and closed models have a score on a test."""

    name: ClassVar[str] = "census"
    phrasings: ClassVar[tuple[str, ...]] = ("Take a census of GPQA", "How many models were tested on GPQA?")
    charts: ClassVar[Mapping[str, str]] = {"heads": "how many models of each side"}

    benchmark: str | None = fields.benchmark()

    def answer(self, evidence: "Evidence") -> Answer:
        census = self.find(evidence)
        title, stated = Line("", "{open} and {closed} models have a score there"), tuple(facts(census))
        chart = draw_chart(census, render(title.text, stated))
        return selection.build_answer(
            self, evidence, evidence.newest_data, (title,), stated, charts=(chart,), data=as_json(census)
        )

    def find(self, evidence: "Evidence") -> Census:
        boards = selection.boards(evidence, self.benchmark, None)
        rows = np.isin(evidence.board, boards)
        return Census(
            open=len(np.unique(evidence.model[rows & evidence.is_open])),
            closed=len(np.unique(evidence.model[rows & ~evidence.is_open])),
        )


def facts(census: Census) -> Iterator[Fact]:
    for side, heads in (("open", census.open), ("closed", census.closed)):
        yield count_fact(side, heads, "models", f"{heads} {side}", side, side=side)


def draw_chart(census: Census, title: str) -> Chart:
    series = (Series("models", "open", ("open", "closed"), (float(census.open), float(census.closed))),)
    return Chart("heads", title, "side", "models", series, alt=title)


def draw_heads(page: Page, chart: Chart, room: Bbox) -> str:
    page.write(room.x0, room.y0, f"heads: {chart.series[0].y}", color=page.theme.muted)
    return chart.alt


def register() -> None:
    """Do as its file in core/questions, its line in the registry, and the chart's line would."""
    sys.modules[f"core.questions.{CensusQuestion.name}"] = sys.modules[CensusQuestion.__module__]
    QUESTIONS[CensusQuestion.name] = None
    drawing.KINDS["heads"] = draw_heads


if __name__ == "__main__":
    register()
    from bot.cli import main

    main()
