"""What programs get: answers as JSON, their tables, charts as pictures, and MCP over HTTP."""

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
    """An answer; beside these it holds the question's own figures, under their names."""

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
    """Why a question can't be answered: a sentence, and names that may have been meant, the best first."""

    error: str
    suggestions: list[str] = []


def _later(description: str) -> dict[str, Any]:
    after = {"description": "Seconds to wait before the next try", "schema": {"type": "integer"}}
    return {"model": ErrorForm, "description": description, "headers": {"Retry-After": after}}


_RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "Unchanged since it was last fetched"},
    404: {"model": ErrorForm, "description": "There is nothing at this address"},
    422: {"model": ErrorForm, "description": "The question has a mistake"},
    429: _later("Too many requests came from one address"),
    500: {"model": ErrorForm, "description": "Something went wrong here, and the error is logged"},
    503: _later("The data can't be read just now"),
}


_THE_ANSWER = "The answer; {0}.csv has a table of it, and {0}.metadata.json says what stands in its columns"


def add_api(app: FastAPI, site: Site) -> None:
    """Add an address for each question, one that describes them all, and one that says what there is for all others."""
    for question in QUESTIONS.values():
        path, endpoint = f"/api/{question.name}", _endpoint(site, question)
        app.add_api_route(
            path, endpoint, methods=["GET"], operation_id=question.name, summary=question.summary, tags=["questions"],
            description="Answers questions like: " + " · ".join(question.phrasings),
            responses={200: {"model": AnswerForm, "description": _THE_ANSWER.format(path)}, **_RESPONSES},
            openapi_extra={"parameters": [each.openapi() for each in parameters(question)]},
        )  # fmt: skip
        app.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)
        former = [name for name, now in FORMER_NAMES.items() if now == question.name]
        for name in (*former, *{question.name.replace("_", "-")} - {question.name}):  # as the command line writes it
            app.add_api_route(f"/api/{name}", endpoint, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/api/openapi.json", _description(app), methods=["GET", "HEAD"], include_in_schema=False)
    for form in TABLE_TYPES:
        app.add_route(f"/api/{{name}}.{form}", _table(site, form), methods=["GET"])
    app.add_api_route("/api/{name:path}", _unknown, methods=["GET", "HEAD"], include_in_schema=False)


def _endpoint(site: Site, question: type[Question]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        answer = await site.answer(make_question(question.name, query_of(request)))
        body = json.dumps(answer.to_json(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return reply(request, body, "application/json", headers=FOR_ALL)

    return answered


def _table(site: Site, form: DataForm) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        name = current(request.path_params["name"].replace("-", "_"))
        return await (data_file(site, request, name, form) if name in QUESTIONS else _unknown(name))

    return answered


def _description(app: FastAPI) -> Callable[[Request], Awaitable[Response]]:
    async def described(request: Request) -> Response:
        body = json.dumps(app.openapi(), ensure_ascii=False, separators=(",", ":"))
        return reply(request, body, "application/json", headers=FOR_ALL)

    return described


async def _unknown(name: str) -> Response:
    raise NotFoundError(
        f"No question is called {quote(name)}; ask {and_list(list(QUESTIONS), most=99)}.", tuple(QUESTIONS)
    )


# ---- tables


TABLE_TYPES: dict[DataForm, str] = {"csv": "text/csv", "metadata.json": "application/csvm+json"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTHS = "months"
_IN_UNIT = {"score", "threshold", "value"}
"""Columns whose unit stands in the column `unit`, if there is one."""


async def data_file(site: Site, request: Request, name: str, form: DataForm) -> Response:
    """Give a table of a question's answer; the query holds its fields, and which table if not the headline."""
    words = query_of(request)
    table = words.pop(TABLE, "")
    question = make_question(name, words)
    answer = await site.answer(question)
    path = site.links(request.url.path.lstrip("/")).data(question, "csv", table)
    body = await asyncio.to_thread(write_table, answer, form, table, path)
    headers = dict(FOR_ALL)
    if form == "csv":
        described = _beside(data_path(question, "metadata.json", table))
        headers["Link"] = f'<{described}>; rel="describedby"; type="{TABLE_TYPES["metadata.json"]}"'
    return reply(request, body, TABLE_TYPES[form], headers=headers)


def _beside(path: str) -> str:
    """Return how a file leads to another in its folder."""
    return path.rpartition("/")[2]


def write_table(answer: Answer, form: DataForm, table: str, path: str) -> bytes:
    """Write a table as CSV, or what describes the one at a path; raises UsageError for one that there is not."""
    chart = next((each for each in answer.charts if chart_table(each.kind) == table), None)
    figures = answer.to_json()
    rows = flatten(figures, table_of(figures, table or None) if chart is None else _drawn(chart))
    if form == "csv":
        return write_rows_csv(rows)
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
    url = web_url(source["url"])
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


# ---- charts


SHAPES = get_args(Shape)
_PICTURE_TYPES: dict[Form, str] = {"png": "image/png", "svg": "image/svg+xml"}


async def chart(site: Site, request: Request) -> Response:
    """Draw a question's chart; the query holds its fields, `kind`, `theme`, `shape`, and as `v` of which data it is."""
    name, form = current(request.path_params["name"]), request.path_params["form"]
    words = query_of(request)
    revision, theme, kind, shape = (words.pop(each, "") for each in (DATA, THEME, KIND, SHAPE))
    if name not in QUESTIONS or form not in _PICTURE_TYPES:
        raise NotFoundError("There is no such chart; /charts/gap.png is the gap's.")
    if theme not in ("", "light", "dark"):
        raise UsageError(f"The theme can't be {quote(theme)}; choose light or dark.", ("light", "dark"))
    if shape not in ("", *SHAPES):
        raise UsageError(f"The shape can't be {quote(shape)}; choose {or_list(SHAPES)}.", SHAPES)
    answer = await site.answer(make_question(name, words))
    drawing = chart_of(answer, current(kind))
    if drawing is None:
        kinds = tuple(each.kind for each in answer.charts)
        raise UsageError(
            f"This answer has no such chart; choose {and_list(kinds)}." if kinds else "This answer has no chart.", kinds
        )
    shape = CARD if kind == CARD else shape or "wide"
    picture = await site.draw(drawing, dark=theme == "dark", shape=cast(Shape, shape), form=form)
    is_of_it = len(revision) >= 8 and answer.revision.startswith(revision)
    return reply(request, picture, _PICTURE_TYPES[form], cache=FOREVER if is_of_it else FOR_NOW, headers=FOR_ALL)


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
        async with manager.run():  # it ends with the request, as there are no sessions
            await manager.handle_request(scope, receive, send)

    def _start(self) -> "Server[Any]":
        from bot.web.mcp_server import make_server

        return make_server(self._site, self._sentence_of)
