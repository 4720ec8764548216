"""The API: an address per question, made from the question's own fields; answers as every face's `--json`."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from bot.links import DataForm
from bot.schema import parameters, question_of
from bot.web.data_files import TYPES, data_file
from bot.web.replies import FOR_ALL, NotFoundError, query_of, reply
from bot.web.site import Site
from core.answer import Fact
from core.questions import FORMER_NAMES, QUESTIONS, Question, current
from core.words import and_list, quote


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
    for form in TYPES:
        app.add_api_route(f"/api/{{name}}.{form}", _table(site, form), methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/api/{name:path}", _unknown, methods=["GET", "HEAD"], include_in_schema=False)


def _endpoint(site: Site, question: type[Question]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        answer = await site.answer(question_of(question.name, query_of(request)))
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
