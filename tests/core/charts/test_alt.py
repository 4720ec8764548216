"""What a picture's alt text says: the rows that the picture draws, all of them and no other, in English."""

import re
from dataclasses import replace

import pytest

from core.answer import Chart, Series
from core.chart_rows import COURSES, LINES, Group, read_groups
from core.chart_rows import describe as describe_rows
from core.charts import describe, figure
from core.charts.page import SHAPES
from tests.core.charts import made
from tests.core.charts.conftest import Charts
from tests.core.charts.reading import words

ASKED: tuple[tuple[str, dict[str, object]], ...] = (
    ("gap", {}), ("gap", {"drawn_first": "gpt-6-astra"}), ("unmatched", {}), ("best", {}), ("trust", {}),
    ("others", {}), ("model", {"model": "kimi-k3"}), ("frontier", {"benchmark": "simplebench 1"}),
    ("compare", {"left": "model:kimi-k3", "right": "model:gpt-5.5"}),
)  # fmt: skip
EVERY_ROW = 1000


def speak(name: str, kind: str) -> str:
    return re.sub(r"^(.+) ([\d.,]+ \S+)$", r"\2 on \1", name) if kind in LINES else name


def is_drawn(name: str, texts: list[str]) -> bool:
    """Whether a row's name is drawn, if need be shortened."""
    return any(text == name or (text.endswith("…") and name.startswith(text[:-1].rstrip())) for text in texts)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("question", "fields"), ASKED)
def test_the_names_in_the_alt_are_those_drawn(
    real: Charts, question: str, fields: dict[str, object], shape: str
) -> None:
    charts = real(question, **fields)
    assert charts
    for chart in charts:
        texts, alt = words(figure(chart, shape=shape)), describe(chart, shape=shape)
        rows = {row.name for group in read_groups(chart, EVERY_ROW) for row in group.rows}
        kept = [line.strip() for line in re.split(r"[;.(] |: ", alt)]
        for name in rows:
            assert is_drawn(name, texts) == (speak(name, chart.kind) in kept), (name, alt)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_group_says_how_many_of_its_rows_are_drawn(real: Charts, shape: str) -> None:
    [chart] = [chart for chart in real("gap") if chart.kind == "catch-up"]
    headings = [text for text in words(figure(chart, shape=shape)) if re.search(r", \d+ of \d+ scores$", text)]
    alt = describe(chart, shape=shape)
    for heading in headings:
        drawn, _, scores = heading.partition(", ")
        assert re.search(rf"{drawn} \({scores} (is|are) drawn\): ", alt)


def test_the_frontiers_alt_names_who_was_there_first(real: Charts) -> None:
    [chart] = real("frontier", benchmark="simplebench 1")
    assert "Gemini 2.5 Pro (Jun 2025), 14.2 months earlier." in describe(chart)


def test_a_score_on_a_test_is_said_in_that_order() -> None:
    matched = made.caught_up("ARC-AGI-2 95 %", "private", 0, 300, ("Shut", "Free"), 9.8)
    waiting = made.open_ended("GPQA 90 %", "private", 0, 200, "Shut", 6.6)
    chart = made.catch_up(matched, waiting, title="No open model has matched Shut on GPQA 90 %")
    alt = describe(chart)
    assert alt.startswith("No open model has matched Shut at 90 % on GPQA. From the first closed model to ")
    assert "Private tests: 95 % on ARC-AGI-2: Shut, then Free after 9.8 months; 90 % on GPQA: Shut, no open" in alt
    assert not re.search("[○◉●■□→+]", alt)


def test_a_model_that_was_ahead_comes_first() -> None:
    chart = made.catch_up(made.caught_up("GPQA 90 %", "private", 300, 239, ("Shut", "Free"), -2.0))
    assert "90 % on GPQA: Free, then Shut after 2.0 months." in describe(chart)


def test_without_a_layout_only_the_title_and_what_is_measured_are_said(real: Charts) -> None:
    for chart in real("gap"):
        rows = [] if chart.kind in COURSES else [row for group in read_groups(chart, EVERY_ROW) for row in group.rows]
        rest = describe_rows(chart).replace(chart.alt if chart.kind in COURSES else chart.title, "")
        assert not any(f"{speak(row.name, chart.kind)}: " in rest for row in rows)


def test_a_row_without_a_figure_says_why() -> None:
    rows = (Group("Private tests", "private", read_groups(_with_a_reason(), 9)[0].rows),)
    assert describe_rows(_with_a_reason(), rows).endswith("Private tests: One: 5.0; Two: too few models.")


def _with_a_reason() -> Chart:
    series = Series("private tests", "private", ("One", "Two"), (5.0, None), notes=("", "too few models"))
    return replace(made.benchmarks(series), title="By test")
