"""Feeds: RSS, Atom and JSON Feed, of the archive, and of the milestones about a model, lab, test or field of work.

A feed's links are whole addresses, below the public one. Without a public address a feed that is served has the one
at which it was fetched (of the connection, not the one that the request names), and a site of files has no feeds.

An entry's id is a tag: address (RFC 4151) that no change of the public address, the title or the text touches.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import structlog

import core
from bot.links import Links
from bot.newsroom.formats import defuse
from bot.web.archive import LONGEST_SHOWN, Entry, ForNow
from bot.web.catalogue import plain
from bot.web.site import Site, chart_of_brief, write_brief
from core.brief import WRITTEN_LATER
from core.errors import UsageError
from core.words import quote

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

log = structlog.get_logger("gapbrief.web")

TITLE = "gapbrief: how far open AI models trail closed ones"
SUBTITLE = "What changed in the gap between open-weights and closed AI models, in a minute's reading."
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
_WIDTH, _HEIGHT = "1200", "675"
"""How large the picture of an entry is, in pixels."""
_NO_PICTURE = "", 0, ""
_SINCE = "2026"
"""The year in which these ids began: part of every one of them."""


@dataclass(frozen=True)
class Feed:
    """A feed: its path, the page that it belongs to, and what its milestones are about, "" for the whole archive."""

    path: str = "feed"
    page: str = ""
    title: str = TITLE
    subtitle: str = SUBTITLE
    subject: str = ""


ARCHIVE = Feed()


async def feed_about(site: Site, kind: str, name: str) -> Feed:
    """Return the feed at an address below /feeds; raises UsageError where none of that kind is called so."""
    known = await site.catalogue()
    if kind == "models":
        listed = known.model(name)
        path, page, shown, subject = listed.path, listed.path, listed.shown, f"model:{listed.model_id}"
    elif kind == "benchmarks":
        test = known.test(name)
        path, page, shown, subject = test.path, test.path, test.board.name, f"benchmark:{test.name}"
    else:
        begin = {"labs": "lab:", "fields": "domain:"}.get(kind, "/")
        subjects = {
            plain(each.key[0].partition(":")[2]): each
            for each in site.services.answers.names.subjects
            if each.key[0].startswith(begin)
        }
        if name not in subjects:
            raise UsageError(f"There is no feed of {kind} called {quote(name, LONGEST_SHOWN)}.")
        shown, subject = subjects[name].shown, subjects[name].key[0]
        path, page = f"{kind}/{name}", "best" if kind == "fields" else f"models?{urlencode({'q': shown})}"
    about = f"Milestones of open and closed AI models: what is about {shown}."
    return Feed(f"feeds/{path}", page, f"gapbrief: {shown}", about, subject)


@dataclass(frozen=True)
class Item:
    """An entry as feeds have it; `url` is its page. `is_whole` says that its picture is there, if it has any.

    `alt` says in words what the picture shows.
    """

    id: str
    url: str
    title: str
    html: str
    summary: str
    published: datetime
    updated: datetime
    picture: str
    picture_bytes: int
    alt: str
    status: str
    is_whole: bool = True


async def write_kept_feed(site: Site, links: Links, form: str) -> bytes:
    """Return a feed as `feed` makes it, made once until something changes."""
    return await site.archive.memoize(("feed", form, links.public_url), lambda: feed(site, links, form))


async def make_ahead(site: Site) -> None:
    """Make the feeds before somebody asks, where it is known under which address that will be."""
    for form in TYPES if site.public_url else ():
        await write_kept_feed(site, site.links(f"feed.{form}"), form)


async def feed(site: Site, links: Links, form: str, of: Feed = ARCHIVE) -> bytes:
    """Write the newest briefs, and what was done of late to others, or milestones, as a feed: rss, atom or json.

    `links` must know a public address. One without a picture that can't be drawn just now is `ForNow`.
    """
    name = await site.archive.feed_id()
    archive, today = site.archive, site.services.answers.today()
    entries = await (archive.about(of.subject) if of.subject else archive.of_feeds(today))
    items = [await _item(site, links, each, name, is_short=bool(of.subject)) for each in entries]
    text = _json(links, items, of) if form == "json" else _xml(links, items, name, form, of)
    return text if all(item.is_whole for item in items) else ForNow(text)


def entry_id(feed: str, entry: Entry) -> str:
    """Return an entry's id, the same for good."""
    return f"tag:gapbrief,{_SINCE}:{feed}:{entry.slug}"


async def _item(site: Site, links: Links, entry: Entry, feed: str, *, is_short: bool) -> Item:
    """Make the item of an entry; a short one has its sentences alone, so that nothing is worked out or drawn for it."""
    brief = entry.brief
    title, url = defuse(entry.title), links.absolute(entry.path) or ""
    picture: tuple[str, int, str] | None = _NO_PICTURE
    if entry.withdrawn:
        summary = f"{entry.withdrawn}; don't quote it."
        html, status = f"<p>{summary}</p>", "withdrawn"
    else:
        sentences = [escape(defuse(" ".join(bullet.parts))) for bullet in brief.bullets]
        html = f"<p>{'</p><p>'.join(sentences)}</p>" if is_short else await write_brief(site, links, entry, "html")
        summary = defuse(brief.summary)
        status = "from the data" if entry.id is None else "corrected" if entry.corrected else "posted"
        status = brief.category.lower() if brief.category == WRITTEN_LATER else status
        picture = picture if is_short else await _picture(site, links, entry)
    return Item(
        entry_id(feed, entry), url, title, html, summary, entry.posted_at, entry.updated, *(picture or _NO_PICTURE),
        status, is_whole=picture is not None,
    )  # fmt: skip


async def _picture(site: Site, links: Links, entry: Entry) -> tuple[str, int, str] | None:
    """Return the public address of a brief's chart, its size in bytes and its words, "" where it has none.

    Returns None where it can't be drawn just now: a feed must not fail for that.
    """
    _, chart = await chart_of_brief(site, entry)
    if chart is None:
        return _NO_PICTURE
    try:
        size = len(await site.draw(chart))
    except Exception as error:
        log.warning("no picture in the feed", brief=entry.slug, error=repr(error))
        return None
    return (
        links.absolute(links.chart(entry.chart_question, entry.revision)) or "",
        size,
        defuse(chart.alt or chart.title),
    )


def _xml(links: Links, items: Sequence[Item], name: str, form: str, of: Feed) -> bytes:
    """Write RSS or Atom."""
    from feedgen.feed import FeedGenerator

    generator = FeedGenerator()
    generator.load_extension("media")
    generator.id(":".join(filter(None, [f"tag:gapbrief,{_SINCE}", name, of.subject])))
    generator.title(defuse(of.title))
    generator.subtitle(defuse(of.subtitle))
    generator.description(defuse(of.subtitle))
    generator.language("en")
    generator.author({"name": "gapbrief"})
    generator.generator("gapbrief", version=core.__version__)
    generator.link(href=links.absolute(f"{of.path}.{form}"), rel="self", type=TYPES[form])
    generator.link(href=links.absolute(of.page), rel="alternate")  # the last link is the one that RSS has
    updated = max((item.updated for item in items), default=datetime(int(_SINCE), 1, 1, tzinfo=UTC))
    generator.updated(updated)
    generator.lastBuildDate(updated)
    for item in items:
        _add(generator, item)
    text: bytes = generator.rss_str(pretty=True) if form == "rss" else generator.atom_str(pretty=True)
    return text


def _add(generator: "FeedGenerator", item: Item) -> None:
    entry = generator.add_entry(order="append")
    entry.id(item.id)
    entry.guid(item.id, permalink=False)
    entry.title(item.title)
    entry.published(item.published)
    entry.updated(item.updated)
    if item.picture:
        size = str(item.picture_bytes)
        entry.enclosure(item.picture, size, "image/png")
        entry.media.content(
            url=item.picture, fileSize=size, type="image/png", medium="image", width=_WIDTH, height=_HEIGHT, group=None
        )
        entry.register_extension("pictured", _pictured(item))
    entry.link(href=item.url, rel="alternate")
    entry.description(item.summary, isSummary=True)
    entry.content(item.html, type="html")
    entry.category(term=item.status)


def _pictured(item: Item) -> type:
    """Return what feedgen lacks: the words of a picture, and in Atom an enclosure with more than its address."""
    from feedgen.ext.base import BaseEntryExtension
    from feedgen.ext.media import MEDIA_NS
    from feedgen.util import xml_elem

    class Pictured(BaseEntryExtension):  # type: ignore[misc]  # it has no types
        def extend_atom(self, entry: Any) -> Any:
            size = str(item.picture_bytes)
            xml_elem("link", entry, href=item.picture, rel="enclosure", type="image/png", length=size)
            return self.extend_rss(entry)

        def extend_rss(self, entry: Any) -> Any:
            xml_elem(f"{{{MEDIA_NS}}}description", entry.find(f"{{{MEDIA_NS}}}content")).text = item.alt
            return entry

    return Pictured


def _json(links: Links, items: Sequence[Item], of: Feed) -> bytes:
    """Write JSON Feed 1.1."""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1", "title": of.title, "description": of.subtitle, "language": "en",
        "authors": [{"name": "gapbrief"}], "home_page_url": links.absolute(of.page),
        "feed_url": links.absolute(f"{of.path}.json"), "items": [_json_item(item) for item in items],
    }  # fmt: skip
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json_item(item: Item) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": item.id, "url": item.url, "title": item.title, "content_html": item.html, "summary": item.summary,
        "date_published": item.published.isoformat(), "date_modified": item.updated.isoformat(), "tags": [item.status],
    }  # fmt: skip
    if item.picture:
        document["image"] = item.picture
        document["attachments"] = [{"url": item.picture, "mime_type": "image/png", "size_in_bytes": item.picture_bytes}]
    return document
