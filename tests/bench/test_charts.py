"""How fast pictures are, as ratios to an empty one in the same run; `-m bench -s` prints them."""

from io import BytesIO

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from core.answer import Chart
from core.charts import draw
from core.charts.drawing import Form
from core.evidence.evidence import load
from core.questions import QUESTIONS
from core.store.store import Store
from tests.bench.test_speed import timed

pytestmark = pytest.mark.bench

ASKED = {"gap": {"method": "clustered-2"}, "frontier": {"benchmark": "weirdml 2"}, "unmatched": {}, "trust": {}}


@pytest.fixture(scope="module")
def charts(store: Store) -> list[Chart]:
    records = load(store)
    evidence = records.known_by(records.last_known)
    return [chart for name, fields in ASKED.items() for chart in QUESTIONS[name](**fields).answer(evidence).charts]


def empty() -> None:
    figure = Figure(figsize=(12, 6.75), dpi=100)
    FigureCanvasAgg(figure)
    figure.savefig(BytesIO(), format="png")


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_against_an_empty_one(charts: list[Chart], form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    bare = timed(empty, 20)
    costs = {chart.kind: timed(lambda chart=chart: draw(chart, form=form), 15) for chart in charts}
    with capsys.disabled():
        print(f"\nan empty picture {bare:.0f} ms")
        for kind, cost in costs.items():
            print(f"{kind} as {form} {cost:.0f} ms (bar 250): {cost / bare:.1f} times")
    assert max(costs.values()) < 20 * bare
