"""Tables as CSV with their metadata: what stands in the file is what the description says, and what the answer has."""

import csv
import io
import json
from datetime import date
from typing import Any
from urllib.parse import urljoin

import pytest

from bot.web.api import write_table
from core.answer import Answer
from core.questions import GapQuestion
from core.questions.best import BestQuestion
from tests.bot.web.conftest import Web
from tests.bot.web.test_pages import Page

READ = {"integer": int, "number": float, "date": date.fromisoformat, "json": json.loads, "string": str}
"""What reads a cell of each type of CSV on the Web that we name."""
ASKED = (
    "gap", "gap?benchmark=gpqa", "gap?table=points", "gap?table=chart-catch-up", "gap?table=chart-index",
    "gap?table=facts", "best", "best?table=chart-best", "unmatched", "trust?table=robust", "others", "roster",
    "sources", "terms", "compare?left=china&right=us&table=tests", "model?model=kimi-k3",
    "frontier?benchmark=weirdml&table=chart-frontier",
)  # fmt: skip


def table(web: Web, asked: str) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """Return the rows of a file, and the description to which it leads."""
    name, mark, query = asked.partition("?")
    file = web.get(f"/api/{name}.csv{mark}{query}")
    assert (file.status_code, file.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    target, *parts = file.headers["link"].split("; ")
    assert parts == ['rel="describedby"', 'type="application/csvm+json"']
    described = web.get(urljoin(f"/api/{name}.csv", target.strip("<>")))
    assert described.headers["content-type"] == "application/csvm+json"
    assert urljoin("/api/", described.json()["url"]) == f"/api/{name}.csv{mark}{query}"
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))), described.json()


@pytest.mark.parametrize("asked", ASKED)
def test_a_table_is_as_it_is_described(web: Web, asked: str) -> None:
    rows, described = table(web, asked)
    columns = described["tableSchema"]["columns"]
    assert list(rows[0]) == [description["titles"] for description in columns]
    for column in columns:
        cells = [row[column["titles"]] for row in rows]
        kind = column["datatype"]
        if isinstance(kind, dict):
            assert kind == {"base": "boolean", "format": "True|False"}
            assert set(cells) <= {"True", "False", ""}
            continue
        for cell in filter(None, cells):
            READ[kind](cell)


def test_a_description_says_whose_data_it_is_of_which_day_and_under_which_licence(web: Web) -> None:
    _, described = table(web, "gap?benchmark=gpqa")
    answer = web.site.services.answers.compute(GapQuestion(benchmark="gpqa"))
    assert described["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    assert (described["dc:title"], described["dc:date"]) == (answer.lines[0].text, "2026-09-28")
    assert described["dc:bibliographicCitation"] == answer.citation
    assert described["dc:license"] == ["CC BY 4.0; METR data as published", "CC BY 4.0"]
    assert described["dc:source"][0] == {
        "@id": "https://epoch.ai/benchmarks", "dc:title": "Scores of the day", "dc:publisher": "Epoch AI and METR",
        "dc:license": "CC BY 4.0; METR data as published", "dc:date": "2026-05-22",
    }  # fmt: skip


def values_of(described: dict[str, Any], key: str) -> dict[str, Any]:
    """Return what a description says under a key of the columns that have it."""
    return {column["name"]: column[key] for column in described["tableSchema"]["columns"] if key in column}


def test_months_are_said_to_be_months_and_points_of_the_index_are_not(web: Web) -> None:
    gap = dict.fromkeys(["index.months", "index.low", "index.high", "catch_up.months", "catch_up.low", "catch_up.high"])
    assert values_of(table(web, "gap")[1], "schema:unitText") == dict.fromkeys(gap, "months")
    best = values_of(table(web, "best")[1], "schema:unitText")
    assert {"index.months", "index.months_low", "index.months_high"} <= set(best)
    assert not {"index.points", "index.low", "index.high"} & set(best)


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        ("unmatched", {"threshold"}),
        ("model?model=kimi-k3&table=tests", {"score"}),
        ("gap?table=facts", {"value"}),  # its level is in the test's unit, its unit that of the value
        ("compare?left=china&right=us&table=tests", set()),  # its difference is in months
    ],
)
def test_what_is_in_the_unit_of_its_row_is_said_to_be(web: Web, asked: str, columns: set[str]) -> None:
    sentences = values_of(table(web, asked)[1], "dc:description")
    assert sentences == dict.fromkeys(columns, "In the unit that the column unit gives.")


def test_the_table_of_a_chart_has_what_it_draws(web: Web) -> None:
    rows, described = table(web, "best?table=chart-best")
    answer = web.site.services.answers.compute(BestQuestion())
    chart = answer.charts[0]
    drawn = [(series.label, x, str(y)) for series in chart.series for x, y in zip(series.x, series.y, strict=True)]
    assert [(row["series"], row["x"], row["y"]) for row in rows] == drawn
    assert {(row["as_of"], row["method"]) for row in rows} == {(answer.as_of, answer.method)}
    assert described["dc:title"] == chart.title
    assert described["dc:description"] == [chart.alt, chart.x_label, chart.y_label]


def test_the_table_of_the_command_line_is_the_same(web: Web) -> None:
    rows, _ = table(web, "gap")
    figures = web.client.get("/api/gap").json()["access"]
    assert [(row["access"], row["index.months"]) for row in rows] == [
        (access, str(figures[access]["index"]["months"])) for access in ("private", "public")
    ]


@pytest.mark.parametrize(
    "path", ["/", "/best", "/trust", "/models/kimi-k3", "/benchmarks/weirdml", "/compare/china/united-states"]
)
def test_an_answers_page_leads_to_its_table_and_to_its_charts(web: Web, path: str) -> None:
    links = [urljoin(path, link) for link in Page(web.client.get(path).text).links()]
    for ending in (".csv", ".metadata.json"):
        led = [link for link in links if link.startswith("/api/") and ending in link]
        assert [("table=chart-" in link) for link in led] == [True, False]
        assert {web.get(link).status_code for link in led} == {200}


def test_a_brief_leads_to_the_table_of_its_chart_as_it_was_on_its_day(web: Web) -> None:
    path = "/briefs/2026-09-30-brief"
    links = [urljoin(path, link) for link in Page(web.client.get(path).text).links() if ".csv" in link]
    assert len(links) == 1
    rows, _ = table(web, links[0].removeprefix("/api/").replace(".csv", ""))
    assert {row["known_by"] for row in rows} == {"2026-09-30"}


def test_what_a_publisher_wrote_begins_no_formula_and_stays_words(web: Web) -> None:
    hostile = '=HYPERLINK("https://evil.example")'
    answer = web.site.services.answers.compute(GapQuestion())
    parts = {**answer.to_dict(), "data": {"tests": [{"model": hostile, "month": -1.5, "is_open": True, "of": ["<b>"]}]}}
    planted = Answer(**parts)
    rows = list(csv.DictReader(io.StringIO(write_table(planted, "csv", "tests", "").decode("utf-8-sig"))))
    assert rows[0]["model"] == f"'{hostile}"
    described = json.loads(write_table(planted, "metadata.json", "tests", "api/gap.csv?table=tests"))
    kinds = values_of(described, "datatype")
    assert (kinds["of"], kinds["is_open"]) == ("json", {"base": "boolean", "format": "True|False"})
    assert described["url"] == "gap.csv?table=tests"
