"""The charts of real answers."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from core.answer import Chart
from core.charts import figure
from core.errors import UsageError
from core.evidence.evidence import Evidence, load
from core.questions import QUESTIONS
from core.store.store import open_store
from tests.conftest import ROOT

Charts = Callable[..., list[Chart]]
Drawn = list[tuple[Chart, Figure]]


@pytest.fixture(scope="session")
def shipped(evidence_file: Path) -> Evidence:
    """The shipped evidence, as it is known now."""
    with open_store(evidence_file, ROOT / "data") as store:
        records = load(store)
    return records.known_by(records.last_known)


@pytest.fixture(scope="session")
def real(shipped: Evidence) -> Charts:
    """Return the charts of a real answer; none where the question can't be asked: real("frontier", benchmark=...)."""

    @cache
    def of(question: str, **fields: object) -> list[Chart]:
        if question == "gap":
            fields = {"method": "index-2", **fields}
        try:
            return list(QUESTIONS[question](**fields).answer(shipped).charts)
        except UsageError:
            return []

    return of


@pytest.fixture(scope="session")
def frontiers(real: Charts, shipped: Evidence) -> Drawn:
    """The frontier of every benchmark, each with its picture."""
    benchmarks = [f"{board.benchmark_id} {board.version}" for board in shipped.boards]
    charts = [chart for benchmark in benchmarks for chart in real("frontier", benchmark=benchmark)]
    return [(chart, figure(chart)) for chart in charts]
