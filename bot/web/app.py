"""The web application: pages, briefs in every form, feeds, the API, charts, health and metrics."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

import core
from bot.links import Links
from bot.refresh.last_refresh import read_last_refresh
from bot.services import Services
from bot.state.protection import StateGoneError
from bot.web import answer_page, metrics, pages
from bot.web.api import McpEndpoint, add_api, chart
from bot.web.archive import LONGEST_SEARCH, Entry
from bot.web.catalogue import Catalogue, Item
from bot.web.feeds import TYPES as FEED_TYPES
from bot.web.feeds import cached_feed, find_feed, write_feed
from bot.web.guard import Guard, Limit, only_here
from bot.web.page_table import robots, sitemap
from bot.web.replies import (
    FOR_ALL,
    GONE,
    MCP,
    NO_PAGE,
    BusyError,
    NotFoundError,
    busy,
    is_json,
    query_of,
    refusal,
    reply,
    status_of,
)
from bot.web.site import BRIEF_FORMS, BRIEF_TYPES, Site, card_of_brief, write_brief
from core.errors import GapbriefError, UsageError
from core.words import one_line, quote

log = structlog.get_logger("gapbrief.web")

Health = Callable[[], dict[str, Any]]
"""Returns the service's state; its `ok` says whether it works."""

_NOT_NOW = "The data can't be read just now. Try again in a few seconds."
_READ_ONLY = "This address can only be read; nothing can be written here."
_FOR_PROGRAMS = "This address is for MCP clients, which post their messages to it; add it to yours as a server."
_FEEDS = "there are /feed.rss, /feed.atom and /feed.json"
_STATIC = Path(__file__).parent / "static"
_STATIC_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".js": "text/javascript"}
_HTML = "text/html"


def make_app(health: Health, services: Services, *, limit: Limit | None = None) -> FastAPI:
    """Return the application, which is read-only but for MCP."""
    site, counters = Site(services), metrics.Metrics()
    services.answers.watch = counters.count_answer
    app = FastAPI(
        title="gapbrief", version=core.__version__, openapi_url=None, docs_url=None, redoc_url=None,
        description="How far open-weights AI models trail closed ones, in months, with the evidence.",
        servers=[{"url": site.public_url}] if site.public_url else None, redirect_slashes=False,
        middleware=[
            Middleware(Guard, public_url=site.public_url, limit=limit or Limit(), hosts=services.settings.hosts)
        ],
    )  # fmt: skip
    app.state.site = site

    @app.api_route("/healthz", methods=["GET", "HEAD"], include_in_schema=False)
    async def healthz(request: Request) -> JSONResponse:
        only_here(request)
        state = health()
        return JSONResponse(state, 200 if state["ok"] else 503, {"Cache-Control": "no-store"})

    @app.api_route("/metrics", methods=["GET", "HEAD"], include_in_schema=False)
    async def show_metrics(request: Request) -> Response:
        only_here(request)
        return await metrics.show(counters, services.state, health())

    add_pages(app, site)
    add_api(app, site)
    app.router.routes.append(Route(MCP, McpEndpoint(site, _sentence_of), methods=["POST"]))
    app.add_exception_handler(HTTPException, _error_handler(site))
    app.add_exception_handler(GapbriefError, _error_handler(site))
    return app


def add_pages(app: FastAPI, site: Site) -> None:
    """Add every route outside the API."""

    def add(path: str, endpoint: Callable[[Site, Request], Awaitable[Response]]) -> None:
        async def respond(request: Request) -> Response:
            return await endpoint(site, request)

        app.add_route(path, respond, methods=["GET"])

    for path, page in pages.STATIC_PAGES.items():
        add(f"/{path}", _page_endpoint(page))
    add("/data", _data)
    add("/ask", _ask)
    add("/models", _models)
    add("/best/{name}", _best)
    add("/compare/{left}/{right}", _compare)
    add("/briefs", _briefs)
    add("/briefs/{name}", _brief)
    add("/benchmarks/{name:path}", _catalogue_endpoint(Catalogue.test, pages.benchmark))
    add("/models/{name:path}", _catalogue_endpoint(Catalogue.model, pages.model))
    add("/feed.{form}", _feed)
    add("/feeds/{kind}/{name}.{form}", _feed_about)
    add("/embed.json", _oembed)
    add("/charts/{name}.{form}", chart)
    add("/static/{name}", _static)
    add("/robots.txt", _robots)
    add("/sitemap.xml", _sitemap)


def _links(site: Site, request: Request) -> Links:
    return site.links(request.url.path.lstrip("/"))


def _page_endpoint(page: pages.Page) -> Callable[[Site, Request], Awaitable[Response]]:
    async def respond(site: Site, request: Request) -> Response:
        links = _links(site, request)
        return await _reply_cached(site, request, (page, links.here), lambda: page(site, links))

    return respond


async def _reply_cached(
    site: Site, request: Request, key: tuple[Any, ...], page: Callable[[], Awaitable[str]]
) -> Response:
    """Serve a page from the cache, which renders it once a day unless something changes."""

    async def make() -> bytes:
        return (await page()).encode()

    return reply(request, await site.archive.memoize((*key, site.services.answers.today()), make), _HTML)


async def _data(site: Site, request: Request) -> Response:
    last = await asyncio.to_thread(read_last_refresh, site.services.settings.data)
    key = pages.data, last and last.at
    return await _reply_cached(site, request, key, lambda: pages.data(site, _links(site, request), last))


async def _ask(site: Site, request: Request) -> Response:
    words = query_of(request)
    page = await answer_page.answer_typed(site, _links(site, request), words.get("q", ""), words.get("as", ""))
    if isinstance(page, Entry):
        return RedirectResponse(f"./{page.path}", 303)
    return reply(request, page, _HTML)


async def _models(site: Site, request: Request) -> Response:
    number, words = _read_search(request)
    side = request.query_params.get("side", "")
    if side not in ("", "open", "closed"):
        raise UsageError(f"The side can't be {quote(side)}; choose open or closed.", ("open", "closed"))
    make = partial(pages.models, site, _links(site, request), number, words, side)
    if words:
        return reply(request, await make(), _HTML)
    return await _reply_cached(site, request, ("models", number, side), make)


async def _briefs(site: Site, request: Request) -> Response:
    number, words = _read_search(request)
    return reply(request, await pages.briefs(site, _links(site, request), number, words), _HTML)


def _read_search(request: Request) -> tuple[int, str]:
    """Return a list's requested page (from 0) and search words."""
    words, number = request.query_params.get("q", ""), request.query_params.get("page", "1")
    if len(words) > LONGEST_SEARCH:
        raise UsageError(f"The search has at most {LONGEST_SEARCH} characters; give fewer words.")
    if not (number.isascii() and number.isdigit() and 0 < int(number[:9])):
        raise UsageError(f"{quote(number)} is not a page; pages start at 1.")
    return int(number[:9]) - 1, one_line(words)


async def _brief(site: Site, request: Request) -> Response:
    name = request.path_params["name"]
    slug, _, ending = name.partition(".")
    entry = await site.archive.find(slug)
    if entry is None or (ending and ending not in BRIEF_FORMS and ending != "png"):
        if ending == "html":
            raise HTTPException(404)
        raise NotFoundError(await site.archive.say_missing(name))
    links = site.links(entry.path)
    if slug != entry.slug:
        return RedirectResponse(f"./{entry.slug}{f'.{ending}' if ending else ''}", 307)
    if not ending:
        return reply(request, await pages.brief(site, links, entry), _HTML)
    if entry.withdrawn_at is not None:
        return refusal(request.url.path, 410, GONE)
    if ending == "png":
        card = await card_of_brief(site, entry)
        return reply(request, await site.draw(card, shape="card"), "image/png", headers=FOR_ALL)
    form = BRIEF_FORMS[ending]
    return reply(request, await write_brief(site, links, entry, form), BRIEF_TYPES[form], headers=FOR_ALL)


def _catalogue_endpoint(
    find: Callable[[Catalogue, str], Item], page: Callable[[Site, Links, Item], Awaitable[str]]
) -> Callable[[Site, Request], Awaitable[Response]]:
    """Return the endpoint of a test's or model's page, which redirects from its other names."""

    async def respond(site: Site, request: Request) -> Response:
        name = request.path_params["name"]
        with _as_not_found(name):
            item = find(await site.catalogue(), name)
        if name != item.slug:
            return RedirectResponse(_relative_links(request).to(item.path), 307)
        return reply(request, await page(site, _links(site, request), item), _HTML)

    return respond


async def _best(site: Site, request: Request) -> Response:
    path = f"best/{request.path_params['name']}"
    return reply(request, await pages.best(site, _links(site, request), path), _HTML)


async def _compare(site: Site, request: Request) -> Response:
    left, right = request.path_params["left"], request.path_params["right"]
    with _as_not_found(f"{left}/{right}"):
        page = await pages.compare(site, _links(site, request), left, right)
    return reply(request, page, _HTML)


@contextlib.contextmanager
def _as_not_found(name: str) -> Any:
    """Turn an unknown name into a 404."""
    if name == "" or name.endswith(("/", ".html")):
        raise HTTPException(404)
    try:
        yield
    except UsageError as error:
        raise NotFoundError(str(error), error.suggestions) from error


async def _feed(site: Site, request: Request) -> Response:
    form, links = _read_feed_form(site, request)
    return reply(request, await cached_feed(site, links, form), FEED_TYPES[form], headers=FOR_ALL)


async def _feed_about(site: Site, request: Request) -> Response:
    (form, links), name = _read_feed_form(site, request), request.path_params["name"]
    with _as_not_found(name):
        subject_feed = await find_feed(site, request.path_params["kind"], name)
    if not subject_feed.path.endswith(f"/{name}"):
        return RedirectResponse(_relative_links(request).to(f"{subject_feed.path}.{form}"), 307)
    return reply(request, await write_feed(site, links, form, subject_feed), FEED_TYPES[form], headers=FOR_ALL)


def _read_feed_form(site: Site, request: Request) -> tuple[str, Links]:
    form = request.path_params["form"]
    if form not in FEED_TYPES:
        hint = "each ends in .rss, .atom or .json" if "kind" in request.path_params else _FEEDS
        raise NotFoundError(f"There is no such feed; {hint}.")
    links = _links(site, request)
    return form, links if site.public_url else Links(links.here, _own_address(request))


def _own_address(request: Request) -> str:
    """Return our own address of a connection; the request's Host header is not trusted."""
    host, port = request.scope["server"]
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}" if port in (None, 80) else f"http://{host}:{port}"


async def _oembed(site: Site, request: Request) -> Response:
    links = _links(site, request)
    form = await pages.oembed(site, links)
    return reply(request, json.dumps(form, indent=1) + "\n", "application/json", headers=FOR_ALL)


async def _static(_site: Site, request: Request) -> Response:
    path = _STATIC / Path(request.path_params["name"]).name
    if path.suffix not in _STATIC_TYPES or not path.is_file():
        raise NotFoundError("There is no such file.")
    return reply(request, path.read_bytes(), _STATIC_TYPES[path.suffix], cache="public, max-age=3600")


async def _robots(site: Site, request: Request) -> Response:
    return reply(request, robots(_links(site, request)), "text/plain")


async def _sitemap(site: Site, request: Request) -> Response:
    listing = await site.archive.memoize(sitemap, lambda: sitemap(site, _links(site, request)))
    return reply(request, listing, "application/xml")


# ---- errors


def _raw_path(request: Request) -> str:
    """Return the path as sent."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.split(b"?")[0].decode("ascii", "replace")


def _relative_links(request: Request) -> Links:
    """Return relative links for the depth of a request's path."""
    return Links("x/" * (_raw_path(request).count("/") - 1), None)


def _find_moved_page(request: Request) -> str | None:
    """Return the target for a path that ends in a slash or .html, None for any other."""
    path = _raw_path(request)
    if len(path) > 1 and path.endswith("/"):
        return f"../{path.rstrip('/').rsplit('/', 1)[-1]}" if path.strip("/") else None
    if path.endswith(".html"):
        last = path.rsplit("/", 1)[-1].removesuffix(".html")
        return f"./{'' if last == 'index' else last}"
    return None


def _sentence_of(error: GapbriefError, path: str = MCP) -> str:
    """Return an error's sentence for visitors; details for the operator, such as file names, are only logged.

    A lost state is reported as it is, since trying again does not help.
    """
    if status_of(error) != 503 or isinstance(error, BusyError):
        return str(error)
    log.error("data or state can't be read", error=str(error), path=path[:200])
    return str(error) if isinstance(error, StateGoneError) else _NOT_NOW


def _error_handler(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def respond(request: Request, error: Exception) -> Response:
        if isinstance(error, BusyError):
            return busy(request.url.path)
        headers: dict[str, str] = {}
        suggestions: tuple[str, ...] = getattr(error, "suggestions", ())
        if isinstance(error, GapbriefError):
            status, sentence = status_of(error), _sentence_of(error, request.url.path)
        elif isinstance(error, HTTPException) and error.status_code == 405:
            is_mcp = request.url.path == MCP
            status, sentence = 405, _FOR_PROGRAMS if is_mcp else _READ_ONLY
            headers["Allow"] = "POST" if is_mcp else "GET, HEAD"
        elif (address := _find_moved_page(request)) is not None:
            return RedirectResponse(address, 308)
        else:
            status, sentence = 404, NO_PAGE
        if status == 503 and not isinstance(error, StateGoneError):
            headers["Retry-After"] = "5"
        path = request.url.path
        if not (is_json(path) or path.startswith(("/charts/", "/static/", "/feed.", "/feeds/"))):
            with contextlib.suppress(GapbriefError):
                title = {404: "Not found", 422: "That question has a mistake"}.get(status, "Not now")
                html = await pages.error(site, _relative_links(request), title, sentence, suggestions)
                return Response(html, status, {"Cache-Control": "no-store", **headers}, _HTML)
        return refusal(path, status, sentence, headers, suggestions)

    return respond
