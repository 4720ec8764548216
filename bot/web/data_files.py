"""The tables of answers and the rows of their charts as CSV, each with its description: /api/gap.csv?table=points.

A description is metadata of CSV on the Web (W3C), to which the file leads by its `Link`: /api/gap.metadata.json.
"""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.links import TABLE, DataForm, chart_table, data_path, of_the_web
from bot.schema import question_of
from bot.spreadsheet import flatten, rows_csv, table_of
from bot.web.replies import FOR_ALL, query_of, reply
from bot.web.site import Site
from core.answer import Answer, Chart

TYPES: dict[DataForm, str] = {"csv": "text/csv", "metadata.json": "application/csvm+json"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTHS = "months"
_IN_UNIT = {"score", "threshold", "value"}
"""Columns whose unit stands in the column `unit`, if there is one."""


async def data_file(site: Site, request: Request, name: str, form: DataForm) -> Response:
    """Give a table of a question's answer; the query holds its fields, and which table if not the headline."""
    words = query_of(request)
    table = words.pop(TABLE, "")
    question = question_of(name, words)
    answer = await site.answer(question)
    body = await asyncio.to_thread(write_table, answer, form, table, data_path(question, "csv", table))
    headers = dict(FOR_ALL)
    if form == "csv":
        described = _beside(data_path(question, "metadata.json", table))
        headers["Link"] = f'<{described}>; rel="describedby"; type="{TYPES["metadata.json"]}"'
    return reply(request, body, TYPES[form], headers=headers)


def _beside(path: str) -> str:
    """Return how a file leads to another in its folder."""
    return path.rpartition("/")[2]


def write_table(answer: Answer, form: DataForm, table: str, path: str) -> bytes:
    """Write a table as CSV, or what describes the one at a path; raises UsageError for one that there is not."""
    chart = next((each for each in answer.charts if chart_table(each.kind) == table), None)
    whole = answer.to_json()
    rows = flatten(whole, table_of(whole, table or None) if chart is None else _drawn(chart))
    if form == "csv":
        return rows_csv(rows)
    return (json.dumps(_describe(answer, chart, rows, _beside(path)), ensure_ascii=False, indent=1) + "\n").encode()


def _drawn(chart: Chart) -> Iterator[dict[str, Any]]:
    """Yield what a chart draws, a row for each entry of its series."""
    for series in chart.series:
        columns = (series.x, series.y, series.low, series.high, series.notes)
        for x, y, low, high, note in zip_longest(*columns):
            yield {"series": series.label, "role": series.role, "x": x, "y": y, "low": low, "high": high, "note": note}


def _describe(answer: Answer, chart: Chart | None, rows: Sequence[dict[str, Any]], url: str) -> dict[str, Any]:
    shown = (chart.title, chart.alt, chart.x_label, chart.y_label) if chart else (answer.lines[0].text,)
    title, *described = filter(None, shown)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": title,
        **({"dc:description": described} if described else {}),
        "dc:publisher": "gapbrief",
        "dc:date": answer.as_of,
        "dc:license": list(dict.fromkeys(source["licence"] for source in answer.sources)),
        "dc:source": [_source(source) for source in answer.sources],
        "dc:bibliographicCitation": answer.citation,
        "schema:version": answer.revision,
        "tableSchema": {"columns": list(_columns(rows))},
    }


def _source(source: dict[str, Any]) -> dict[str, Any]:
    url = of_the_web(source["url"])
    words = {"dc:title": "title", "dc:publisher": "publisher", "dc:license": "licence", "dc:date": "snapshot"}
    return ({"@id": url} if url else {}) | {term: source[key] for term, key in words.items()}


def _columns(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the columns; bounds are in the unit of the figure that they follow."""
    unit, names = "", rows[0] if rows else {}
    for name in names:
        last = name.rpartition(".")[2]
        unit = _MONTHS if _MONTHS in last or (unit and last in ("low", "high")) else ""
        column: dict[str, Any] = {"name": name, "titles": name, "datatype": _datatype(row[name] for row in rows)}
        if unit:
            column["schema:unitText"] = unit
        elif last in _IN_UNIT and "unit" in names:
            column["dc:description"] = "In the unit that the column unit gives."
        yield column


def _datatype(cells: Iterable[Any]) -> str | dict[str, str]:
    """Return the narrowest type that all cells of a column have which are not empty."""
    cells = [cell for cell in cells if cell is not None]
    kinds = {type(cell) for cell in cells}
    if kinds == {bool}:
        return {"base": "boolean", "format": "True|False"}
    if kinds and kinds <= {int, float}:
        return "integer" if kinds == {int} else "number"
    if kinds == {str} and all(_DAY.fullmatch(cell) for cell in cells):
        return "date"
    return "json" if kinds == {list} else "string"
