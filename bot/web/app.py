"""The web application: health and pictures now; pages, feeds and the API join them here."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from bot.answers import Answers
from bot.pictures import Pictures, chart_of
from core.errors import DataError, GapbriefError, UsageError
from core.questions import QUESTIONS

Health = Callable[[], dict[str, Any]]
"""What is known of the service's state; `ok` in it says whether it works."""

_FOREVER = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=300"


def make_app(health: Health, answers: Answers, pictures: Pictures) -> FastAPI:
    """Return the application."""
    app = FastAPI(title="gapbrief", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        found = health()
        return JSONResponse(found, 200 if found["ok"] else 503)

    @app.get("/charts/{name}.png")
    async def chart(name: str, request: Request) -> Response:
        """Draw a question's chart; the query holds its fields, and as `v` the data that it is of."""
        words = dict(request.query_params)
        revision = words.pop("v", None)
        if name not in QUESTIONS:
            raise UsageError("There is no such chart; /charts/gap.png is the gap's.")
        answer = await answers.answer(QUESTIONS[name].from_words(**words))
        shown = chart_of(answer)
        if shown is None:
            raise UsageError("This answer has no chart.")
        is_of_it = revision is not None and answer.revision.startswith(revision)
        png = await pictures.picture(shown)
        return Response(png, media_type="image/png", headers={"Cache-Control": _FOREVER if is_of_it else _FOR_NOW})

    @app.exception_handler(GapbriefError)
    async def refused(_request: Request, error: GapbriefError) -> PlainTextResponse:
        return PlainTextResponse(f"{error}\n", 503 if isinstance(error, DataError) else 404)

    return app
