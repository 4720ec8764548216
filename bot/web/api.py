"""For programs: answers as JSON, tables, charts as pictures, and MCP over HTTP."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, cast, get_args

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.links import DATA, KIND, SHAPE, TABLE, THEME, DataForm, Form, Shape, chart_table, data_path, web_url
from bot.memo import Memo
from bot.schema import make_question, parameters
from bot.spreadsheet import flatten, table_of, write_rows_csv
from bot.web.replies import FOR_ALL, FOR_NOW, FOREVER, MCP, NotFoundError, query_of, refusal, reply
from bot.web.site import CARD, Site, chart_of
from core.answer import Answer, Chart, Fact
from core.errors import GapbriefError, UsageError
from core.questions import FORMER_NAMES, QUESTIONS, Question, current
from core.words import and_list, or_list, quote

if TYPE_CHECKING:
    from mcp.server import Server

# ---- answers


class AnswerForm(BaseModel):
    """An answer; the question's own figures are additional fields."""

    model_config = ConfigDict(extra="allow")

    contract: int
    question: dict[str, Any]
    method: str
    parameters: dict[str, Any]
    revision: str
    as_of: str
    known_by: str
    newest_data: str
    stale_days: int | None
    text: str
    facts: list[Fact]
    sources: list[dict[str, Any]]


class ErrorForm(BaseModel):
    """Why a question can't be answered, and similar names, best first."""

    error: str
    suggestions: list[str] = []


def _retry_response(description: str) -> dict[str, Any]:
    retry_after = {"description": "Seconds to wait before the next try", "schema": {"type": "integer"}}
    return {"model": ErrorForm, "description": description, "headers": {"Retry-After": retry_after}}


_RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "Unchanged since it was last fetched"},
    404: {"model": ErrorForm, "description": "There is nothing at this address"},
    422: {"model": ErrorForm, "description": "The question has a mistake"},
    429: _retry_response("Too many requests came from one address"),
    500: {"model": ErrorForm, "description": "Something went wrong here, and the error is logged"},
    503: _retry_response("The data can't be read just now"),
}


_THE_ANSWER = "The answer; {0}.csv has a table of it, and {0}.metadata.json says what stands in its columns"


def add_api(app: FastAPI, site: Site) -> None:
    """Add a route for each question, the OpenAPI description, and a helpful 404 for everything else."""
    for question in QUESTIONS.values():
        path, endpoint = f"/api/{question.name}", _answer_endpoint(site, question)
        app.add_api_route(
            path, endpoint, methods=["GET"], operation_id=question.name, summary=question.summary, tags=["questions"],
            description="Answers questions like: " + " · ".join(question.phrasings),
            responses={200: {"model": AnswerForm, "description": _THE_ANSWER.format(path)}, **_RESPONSES},
            openapi_extra={"parameters": [parameter.openapi() for parameter in parameters(question)]},
        )  # fmt: skip
        former_names = [name for name, new_name in FORMER_NAMES.items() if new_name == question.name]
        for name in {question.name, question.name.replace("_", "-"), *former_names}:  # with "-" as on the command line
            app.add_api_route(f"/api/{name}", endpoint, methods=["GET", "HEAD"], include_in_schema=False)

    async def describe(request: Request) -> Response:
        return _reply_json(request, app.openapi())

    app.add_api_route("/api/openapi.json", describe, methods=["GET", "HEAD"], include_in_schema=False)
    for form in TABLE_TYPES:
        app.add_route(f"/api/{{name}}.{form}", _table_endpoint(site, form), methods=["GET"])
    app.add_api_route("/api/{name:path}", _refuse_unknown, methods=["GET", "HEAD"], include_in_schema=False)


def _answer_endpoint(site: Site, question: type[Question]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        answer = await site.answer(make_question(question.name, query_of(request)))
        return _reply_json(request, answer.to_json())

    return endpoint


def _table_endpoint(site: Site, form: DataForm) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        name = current(request.path_params["name"].replace("-", "_"))
        return await (data_file(site, request, name, form) if name in QUESTIONS else _refuse_unknown(name))

    return endpoint


def _reply_json(request: Request, figures: dict[str, Any]) -> Response:
    body = json.dumps(figures, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return reply(request, body, "application/json", headers=FOR_ALL)


async def _refuse_unknown(name: str) -> Response:
    sentence = f"No question is called {quote(name)}; ask {and_list(list(QUESTIONS), most=99)}."
    raise NotFoundError(sentence, tuple(QUESTIONS))


# ---- tables


TABLE_TYPES: dict[DataForm, str] = {"csv": "text/csv", "metadata.json": "application/csvm+json"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTHS = "months"
_IN_UNIT = {"score", "threshold", "value"}
"""Columns whose unit is in the column `unit`, if there is one."""


async def data_file(site: Site, request: Request, name: str, form: DataForm) -> Response:
    """Serve a table of an answer; the query holds the question's fields, and a table other than the headline's."""
    words = query_of(request)
    table = words.pop(TABLE, "")
    question = make_question(name, words)
    answer = await site.answer(question)
    path = site.links(request.url.path.lstrip("/")).data(question, "csv", table)
    body = await asyncio.to_thread(write_table, answer, form, table, path)
    headers = dict(FOR_ALL)
    if form == "csv":
        metadata_file = _file_name(data_path(question, "metadata.json", table))
        headers["Link"] = f'<{metadata_file}>; rel="describedby"; type="{TABLE_TYPES["metadata.json"]}"'
    return reply(request, body, TABLE_TYPES[form], headers=headers)


def _file_name(path: str) -> str:
    """Return a path's last part, a link from within the same folder."""
    return path.rpartition("/")[2]


def write_table(answer: Answer, form: DataForm, table: str, path: str) -> bytes:
    """Write a table as CSV, or its metadata (`path` is the table's); raises UsageError for an unknown table."""
    chart = next((drawing for drawing in answer.charts if chart_table(drawing.kind) == table), None)
    figures = answer.to_json()
    rows = flatten(figures, table_of(figures, table or None) if chart is None else _chart_rows(chart))
    if form == "csv":
        return write_rows_csv(rows)
    return (json.dumps(_describe(answer, chart, rows, _file_name(path)), ensure_ascii=False, indent=1) + "\n").encode()


def _chart_rows(chart: Chart) -> Iterator[dict[str, Any]]:
    """Yield a row for each point of a chart's series."""
    for series in chart.series:
        columns = (series.x, series.y, series.low, series.high, series.notes)
        for x, y, low, high, note in zip_longest(*columns):
            yield {"series": series.label, "role": series.role, "x": x, "y": y, "low": low, "high": high, "note": note}


def _describe(answer: Answer, chart: Chart | None, rows: Sequence[dict[str, Any]], url: str) -> dict[str, Any]:
    texts = (chart.title, chart.alt, chart.x_label, chart.y_label) if chart else (answer.lines[0].text,)
    title, *description = filter(None, texts)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": title,
        **({"dc:description": description} if description else {}),
        "dc:publisher": "gapbrief",
        "dc:date": answer.as_of,
        "dc:license": list(dict.fromkeys(source["licence"] for source in answer.sources)),
        "dc:source": [_source(source) for source in answer.sources],
        "dc:bibliographicCitation": answer.citation,
        "schema:version": answer.revision,
        "tableSchema": {"columns": list(_columns(rows))},
    }


def _source(source: dict[str, Any]) -> dict[str, Any]:
    url = web_url(source["url"])
    words = {"dc:title": "title", "dc:publisher": "publisher", "dc:license": "licence", "dc:date": "snapshot"}
    return ({"@id": url} if url else {}) | {term: source[key] for term, key in words.items()}


def _columns(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield column descriptions; bounds have the unit of the figure before them."""
    unit, names = "", rows[0] if rows else {}
    for name in names:
        suffix = name.rpartition(".")[2]
        unit = _MONTHS if _MONTHS in suffix or (unit and suffix in ("low", "high")) else ""
        column: dict[str, Any] = {"name": name, "titles": name, "datatype": _datatype(row[name] for row in rows)}
        if unit:
            column["schema:unitText"] = unit
        elif suffix in _IN_UNIT and "unit" in names:
            column["dc:description"] = "In the unit that the column unit gives."
        yield column


def _datatype(cells: Iterable[Any]) -> str | dict[str, str]:
    """Return the narrowest type of a column's non-empty cells."""
    cells = [cell for cell in cells if cell is not None]
    kinds = {type(cell) for cell in cells}
    if kinds == {bool}:
        return {"base": "boolean", "format": "True|False"}
    if kinds and kinds <= {int, float}:
        return "integer" if kinds == {int} else "number"
    if kinds == {str} and all(_DAY.fullmatch(cell) for cell in cells):
        return "date"
    return "json" if kinds == {list} else "string"


# ---- charts


SHAPES = get_args(Shape)
_PICTURE_TYPES: dict[Form, str] = {"png": "image/png", "svg": "image/svg+xml"}


async def chart(site: Site, request: Request) -> Response:
    """Draw a question's chart; the query holds its fields, `kind`, `theme`, `shape`, and `v`, the data's revision."""
    name, form = current(request.path_params["name"]), request.path_params["form"]
    words = query_of(request)
    revision, theme, kind, shape = (words.pop(key, "") for key in (DATA, THEME, KIND, SHAPE))
    if name not in QUESTIONS or form not in _PICTURE_TYPES:
        raise NotFoundError("There is no such chart; /charts/gap.png is the gap's.")
    if theme not in ("", "light", "dark"):
        raise UsageError(f"The theme can't be {quote(theme)}; choose light or dark.", ("light", "dark"))
    if shape not in ("", *SHAPES):
        raise UsageError(f"The shape can't be {quote(shape)}; choose {or_list(SHAPES)}.", SHAPES)
    answer = await site.answer(make_question(name, words))
    drawing = chart_of(answer, current(kind))
    if drawing is None:
        kinds = tuple(drawn.kind for drawn in answer.charts)
        sentence = f"This answer has no such chart; choose {and_list(kinds)}." if kinds else "This answer has no chart."
        raise UsageError(sentence, kinds)
    shape = CARD if kind == CARD else shape or "wide"
    picture = await site.draw(drawing, dark=theme == "dark", shape=cast(Shape, shape), form=form)
    is_current = len(revision) >= 8 and answer.revision.startswith(revision)
    return reply(request, picture, _PICTURE_TYPES[form], cache=FOREVER if is_current else FOR_NOW, headers=FOR_ALL)


# ---- MCP


_MISSING = "This service does not serve MCP: its operator has not installed the package for it."


class McpEndpoint:
    """The ASGI application at /mcp."""

    def __init__(self, site: Site, sentence_of: Callable[[GapbriefError], str]) -> None:
        self._site, self._sentence_of = site, sentence_of
        self._servers: Memo[str, Server[Any]] = Memo(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message."""
        try:
            server = await self._servers.get(MCP, lambda: asyncio.to_thread(self._start))
        except ModuleNotFoundError:
            await refusal(scope["path"], 501, _MISSING)(scope, receive, send)
            return
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        async with manager.run():  # sessionless, so it ends with the request
            await manager.handle_request(scope, receive, send)

    def _start(self) -> "Server[Any]":
        from bot.web.mcp_server import make_server

        return make_server(self._site, self._sentence_of)
