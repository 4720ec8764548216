"""The one table of pages, from which the static site, the sitemap and the cards are made."""

import asyncio
import time
from dataclasses import dataclass
from datetime import date
from html import escape

from bot.links import Links
from bot.web.archive import Entry
from bot.web.pages import COMPARED, QUESTION_PAGES, best_paths
from bot.web.replies import NotFoundError
from bot.web.site import FURTHER, MENU, Site, card_of
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.questions.compare import CompareQuestion
from core.questions.model import ModelQuestion

_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /ask\nDisallow: /briefs?\nDisallow: /models?\n"
_TIMELESS = ("method", "editors", "api")
"""Pages that data never change."""
_SERVER_ONLY = ("models", "api")
"""Pages that need a server."""
_REST = 3
"""Pause after each card, as a multiple of its drawing time, so that visitors' pictures come first."""


@dataclass(frozen=True)
class ListedPage:
    """A page: `changed_on` is None if data never change it, `question`'s chart is its card, `title` is a brief's.

    `in_files` says whether the static site has it, `is_hidden` whether search engines may not index it.
    """

    changed_on: date | None
    question: Question | None = None
    title: str = ""
    in_files: bool = True
    is_hidden: bool = False


async def list_pages(site: Site) -> dict[str, ListedPage]:
    """Return all pages by path."""
    catalogue, entries = await site.catalogue(), await site.archive.all()
    sides = {path: path.replace("-", " ").split("/")[1:] for path in COMPARED}
    questions: dict[str, Question] = {
        **{name: QUESTIONS[name]() for name in QUESTION_PAGES},
        **{path: question for path, (question, _) in best_paths(catalogue.tests).items()},
        **{path: CompareQuestion(left, right) for path, (left, right) in sides.items()},
    }
    newest = max([catalogue.changed_on, *(entry.updated.date() for entry in entries if not entry.withdrawn)])
    return {
        **{
            path: ListedPage(None if path in _TIMELESS else catalogue.changed_on, in_files=path not in _SERVER_ONLY)
            for path, _ in (*MENU, *FURTHER)
            if "." not in path
        },
        **{path: ListedPage(catalogue.changed_on, question) for path, question in questions.items()},
        **{test.path: ListedPage(catalogue.changed_on) for test in catalogue.tests},
        **{
            model.path: ListedPage(catalogue.changed_on, ModelQuestion(model=model.model_id), in_files=False)
            for model in catalogue.models
        },
        **{path: ListedPage(newest) for path in ("", "briefs")},
        **{entry.path: _list_brief(entry) for entry in entries},
        "embed": ListedPage(catalogue.changed_on, is_hidden=True),
    }


def _list_brief(entry: Entry) -> ListedPage:
    question = None if entry.withdrawn else entry.chart_question
    return ListedPage(entry.updated.date(), question, entry.title, is_hidden=bool(entry.withdrawn))


# ---- search engines


def robots(links: Links) -> str:
    """Write robots.txt."""
    address = links.absolute("sitemap.xml")
    return f"{_ROBOTS}\nSitemap: {address}\n" if address else _ROBOTS


async def sitemap(site: Site, links: Links) -> bytes:
    """Write the sitemap (sitemaps.org); raises NotFoundError without a public address."""
    if links.absolute() is None:
        raise NotFoundError("A list of all pages needs a public address; its operator sets GAPBRIEF_PUBLIC_URL.")
    urls = []
    for path, page in (await list_pages(site)).items():
        if links.has(path) and not page.is_hidden:
            lastmod = f"<lastmod>{page.changed_on.isoformat()}</lastmod>" if page.changed_on is not None else ""
            urls.append(f"<url><loc>{escape(links.absolute(path) or '')}</loc>{lastmod}</url>")
    return f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(urls)}</urlset>'.encode()


# ---- cards


async def draw_cards(site: Site) -> None:
    """Draw all missing cards before somebody shares a page; none without a public address.

    Briefs' cards come first, models' last.
    """
    if not site.public_url:
        return
    for page in sorted((await list_pages(site)).values(), key=lambda page: not page.title):
        if page.question is None:
            continue
        try:
            card = card_of(await site.answer(page.question), page.title)
        except UsageError:  # a page without an answer has no card
            continue
        if site.services.pictures.cached(card, dark=False, shape="card") is None:
            began = time.monotonic()
            await site.services.pictures.picture(card, dark=False, shape="card")
            await asyncio.sleep(_REST * (time.monotonic() - began))
