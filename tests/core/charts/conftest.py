"""The charts of real answers."""

from collections.abc import Callable
from functools import cache

import pytest
from matplotlib.figure import Figure

from core.answer import Chart
from core.charts import figure
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions import QUESTIONS

Charts = Callable[..., list[Chart]]
Drawn = list[tuple[Chart, Figure]]


@pytest.fixture(scope="session")
def real(evidence: Evidence) -> Charts:
    """Return the charts of a real answer; none where the question can't be asked: real("frontier", benchmark=...)."""

    @cache
    def of(question: str, **fields: object) -> list[Chart]:
        if question == "gap":
            fields = {"method": "index-2", **fields}
        try:
            return list(QUESTIONS[question](**fields).answer(evidence).charts)
        except UsageError:
            return []

    return of


@pytest.fixture(scope="session")
def frontiers(real: Charts, evidence: Evidence) -> Drawn:
    """The frontier of every benchmark, each with its picture."""
    benchmarks = [f"{board.benchmark_id} {board.version}" for board in evidence.boards]
    charts = [chart for benchmark in benchmarks for chart in real("frontier", benchmark=benchmark)]
    return [(chart, figure(chart)) for chart in charts]
