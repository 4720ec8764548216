"""The one table of pages: the site of files, the list for search engines (sitemaps.org) and cards are made from it."""

import asyncio
import time
from dataclasses import dataclass
from datetime import date
from html import escape

from bot.links import Links
from bot.web.archive import Entry
from bot.web.pages import COMPARED, OF_QUESTIONS, best_paths
from bot.web.replies import NotFoundError
from bot.web.site import FURTHER, MENU, Site, card_of
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.questions.compare import CompareQuestion
from core.questions.model import ModelQuestion

_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /ask\nDisallow: /briefs?\nDisallow: /models?\n"
_UNCHANGED = ("method", "editors", "api")
"""Pages that no data change."""
_SERVED = ("models", "api")
"""Pages that lead to what can't be in files."""
_REST = 3
"""For so many times as long as a card took nothing is drawn: whoever waits for a picture comes first."""


@dataclass(frozen=True)
class ListedPage:
    """A page: the day on which it changed, None where no data change it; the question whose chart is its card.

    `title` is a brief's. `in_files` says whether the site of files has it, `is_hidden` whether search engines are kept
    from it.
    """

    changed: date | None
    question: Question | None = None
    title: str = ""
    in_files: bool = True
    is_hidden: bool = False


async def list_pages(site: Site) -> dict[str, ListedPage]:
    """Return every page for readers by its path."""
    known, entries = await site.catalogue(), await site.archive.all()
    sides = {path: path.replace("-", " ").split("/")[1:] for path in COMPARED}
    questions: dict[str, Question] = {
        **{name: QUESTIONS[name]() for name in OF_QUESTIONS},
        **{path: question for path, (question, _) in best_paths(known.tests).items()},
        **{path: CompareQuestion(left, right) for path, (left, right) in sides.items()},
    }
    newest = max([known.changed, *(entry.updated.date() for entry in entries if not entry.withdrawn)])
    return {
        **{
            path: ListedPage(None if path in _UNCHANGED else known.changed, in_files=path not in _SERVED)
            for path, _ in (*MENU, *FURTHER)
            if "." not in path
        },
        **{path: ListedPage(known.changed, question) for path, question in questions.items()},
        **{test.path: ListedPage(known.changed) for test in known.tests},
        **{
            model.path: ListedPage(known.changed, ModelQuestion(model=model.model_id), in_files=False)
            for model in known.models
        },
        **{path: ListedPage(newest) for path in ("", "briefs")},
        **{entry.path: _list_brief(entry) for entry in entries},
        "embed": ListedPage(known.changed, is_hidden=True),
    }


def _list_brief(entry: Entry) -> ListedPage:
    question = None if entry.withdrawn else entry.chart_question
    return ListedPage(entry.updated.date(), question, entry.title, is_hidden=bool(entry.withdrawn))


# ---- for search engines


def robots(links: Links) -> str:
    """Say what search engines need not read, and where the public pages are listed."""
    address = links.absolute("sitemap.xml")
    return f"{_ROBOTS}\nSitemap: {address}\n" if address else _ROBOTS


async def sitemap(site: Site, links: Links) -> bytes:
    """List the pages that there are; raises NotFoundError where no public address is set."""
    if links.absolute() is None:
        raise NotFoundError("A list of all pages needs a public address; its operator sets GAPBRIEF_PUBLIC_URL.")
    urls = []
    for path, page in (await list_pages(site)).items():
        if links.has(path) and not page.is_hidden:
            changed = f"<lastmod>{page.changed.isoformat()}</lastmod>" if page.changed is not None else ""
            urls.append(f"<url><loc>{escape(links.absolute(path) or '')}</loc>{changed}</url>")
    return f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(urls)}</urlset>'.encode()


# ---- cards, drawn before somebody shares a page


async def draw_cards(site: Site) -> None:
    """Draw every card that is not drawn yet, one after the other; none where no page has a public address.

    Those of briefs come first, those of models last and the newest first.
    """
    if not site.public_url:
        return
    for page in sorted((await list_pages(site)).values(), key=lambda page: not page.title):
        if page.question is None:
            continue
        try:
            card = card_of(await site.answer(page.question), page.title)
        except UsageError:  # the page says why there is no answer, and has no card
            continue
        if site.services.pictures.cached(card, dark=False, shape="card") is None:
            began = time.monotonic()
            await site.services.pictures.picture(card, dark=False, shape="card")
            await asyncio.sleep(_REST * (time.monotonic() - began))
