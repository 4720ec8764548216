"""Feeds (RSS, Atom, JSON Feed) of the archive, and of milestones about a model, lab, test or field of work.

A feed's links are absolute, below the public address. Without one, a served feed uses its connection's address (not the
request's Host header), and a static site has no feeds.

An entry's id is a tag: URI (RFC 4151), which no change of public address, title or text affects.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
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
"""Size of an entry's picture in pixels."""
_EVENT_DAYS = ("news.open.day", "raised.closed.day")
"""The facts of a milestone that have its day."""
_NONE_YET = " There is none yet: the service writes them when new data come."
_NO_PICTURE = "", 0, ""
_ID_YEAR = "2026"
"""The year in every id, fixed for good."""


@dataclass(frozen=True)
class Feed:
    """A feed with its page; `subject` is the subject of its milestones, "" for the whole archive."""

    path: str = "feed"
    page: str = ""
    title: str = TITLE
    subtitle: str = SUBTITLE
    subject: str = ""


ARCHIVE = Feed()


async def find_feed(site: Site, kind: str, name: str) -> Feed:
    """Return the feed of a subject; raises UsageError for an unknown one."""
    catalogue = await site.catalogue()
    if kind == "models":
        model = catalogue.model(name)
        path, page, label, subject = model.path, model.path, model.shown, f"model:{model.model_id}"
    elif kind == "benchmarks":
        test = catalogue.test(name)
        path, page, label, subject = test.path, test.path, test.board.name, f"benchmark:{test.name}"
    else:
        prefix = {"labs": "lab:", "fields": "domain:"}.get(kind, "/")
        subjects = {
            plain(subject_name.key[0].partition(":")[2]): subject_name
            for subject_name in site.services.answers.names.subjects
            if subject_name.key[0].startswith(prefix)
        }
        if name not in subjects:
            raise UsageError(f"There is no feed of {kind} called {quote(name, LONGEST_SHOWN)}.")
        label, subject = subjects[name].shown, subjects[name].key[0]
        path, page = f"{kind}/{name}", "best" if kind == "fields" else f"models?{urlencode({'q': label})}"
    subtitle = f"Milestones of open and closed AI models: what is about {label}."
    return Feed(f"feeds/{path}", page, f"gapbrief: {label}", subtitle, subject)


@dataclass(frozen=True)
class Item:
    """A feed's entry; `is_whole` is False if its picture could not be drawn."""

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


async def cached_feed(site: Site, links: Links, form: str) -> bytes:
    """Return the archive's feed from the cache."""
    return await site.archive.memoize(("feed", form, links.public_url), lambda: write_feed(site, links, form))


async def make_ahead(site: Site) -> None:
    """Fill the feeds' cache in advance, if the public address is known."""
    for form in TYPES if site.public_url else ():
        await cached_feed(site, site.links(f"feed.{form}"), form)


async def write_feed(site: Site, links: Links, form: str, feed: Feed = ARCHIVE) -> bytes:
    """Write a feed as rss, atom or json: the archive's newest briefs and recent changes, or milestones.

    `links` must know a public address. A feed that lacks a picture is `ForNow`.
    """
    name = await site.archive.feed_id()
    archive, today = site.archive, site.services.answers.today()
    entries = await (archive.milestones_about(feed.subject) if feed.subject else archive.feed_entries(today))
    items = [await _make_item(site, links, entry, name, is_short=bool(feed.subject)) for entry in entries]
    feed = feed if entries or not feed.subject else replace(feed, subtitle=feed.subtitle + _NONE_YET)
    text = _json(links, items, feed) if form == "json" else _xml(links, items, name, form, feed)
    return text if all(item.is_whole for item in items) else ForNow(text)


def entry_id(feed_id: str, entry: Entry) -> str:
    """Return an entry's permanent id."""
    return f"tag:gapbrief,{_ID_YEAR}:{feed_id}:{entry.slug}"


async def _make_item(site: Site, links: Links, entry: Entry, feed_id: str, *, is_short: bool) -> Item:
    """Build an entry's item.

    A short one, of a milestone, has only its sentences, which need no computing or drawing, and its event's day.
    """
    brief = entry.brief
    picture = _NO_PICTURE if is_short or entry.withdrawn else await _picture(site, links, entry)
    title, url = defuse(entry.title), links.absolute(entry.path) or ""
    days = [fact.day for fact in brief.facts if fact.key in _EVENT_DAYS] if is_short else []
    published = datetime.combine(date.fromisoformat(days[0]), time(), UTC) if days else entry.posted_at
    if entry.withdrawn:
        summary = f"{entry.withdrawn}; don't quote it."
        html, status = f"<p>{summary}</p>", "withdrawn"
    else:
        sentences = [escape(defuse(" ".join(bullet.parts))) for bullet in brief.bullets]
        html = f"<p>{'</p><p>'.join(sentences)}</p>" if is_short else await write_brief(site, links, entry, "html")
        summary = defuse(brief.bullets[0].text if is_short and brief.bullets else brief.summary)
        status = "from the data" if entry.id is None else "corrected" if entry.corrected else "posted"
        status = brief.category.lower() if brief.category == WRITTEN_LATER else status
    return Item(
        entry_id(feed_id, entry), url, title, html, summary, published, entry.updated, *(picture or _NO_PICTURE),
        status, is_whole=picture is not None,
    )  # fmt: skip


async def _picture(site: Site, links: Links, entry: Entry) -> tuple[str, int, str] | None:
    """Return the public address, size in bytes and alt text of a brief's chart, empty without a chart.

    Returns None if drawing fails, as a feed must not fail for that.
    """
    _, chart = await chart_of_brief(site, entry)
    if chart is None:
        return _NO_PICTURE
    try:
        size = len(await site.draw(chart))
    except Exception as error:
        log.warning("no picture in the feed", brief=entry.slug, error=repr(error))
        return None
    address = links.absolute(links.chart(entry.chart_question, entry.revision)) or ""
    return address, size, defuse(await site.services.pictures.describe(chart))


def _xml(links: Links, items: Sequence[Item], name: str, form: str, feed: Feed) -> bytes:
    """Write RSS or Atom."""
    from feedgen.feed import FeedGenerator

    generator = FeedGenerator()
    generator.load_extension("media")
    generator.id(":".join(filter(None, [f"tag:gapbrief,{_ID_YEAR}", name, feed.subject])))
    generator.title(defuse(feed.title))
    generator.subtitle(defuse(feed.subtitle))
    generator.description(defuse(feed.subtitle))
    generator.language("en")
    generator.author({"name": "gapbrief"})
    generator.generator("gapbrief", version=core.__version__)
    generator.link(href=links.absolute(f"{feed.path}.{form}"), rel="self", type=TYPES[form])
    generator.link(href=links.absolute(feed.page), rel="alternate")  # RSS takes the last link
    updated = max((item.updated for item in items), default=datetime(int(_ID_YEAR), 1, 1, tzinfo=UTC))
    generator.updated(updated)
    generator.lastBuildDate(updated)
    for item in items:
        _add_entry(generator, item)
    text: bytes = generator.rss_str(pretty=True) if form == "rss" else generator.atom_str(pretty=True)
    return text


def _add_entry(generator: "FeedGenerator", item: Item) -> None:
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
    """Return a feedgen extension for a picture's alt text, and for a full enclosure in Atom."""
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


def _json(links: Links, items: Sequence[Item], feed: Feed) -> bytes:
    """Write JSON Feed 1.1."""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1", "title": feed.title, "description": feed.subtitle,
        "language": "en", "authors": [{"name": "gapbrief"}], "home_page_url": links.absolute(feed.page),
        "feed_url": links.absolute(f"{feed.path}.json"), "items": [_json_item(item) for item in items],
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
