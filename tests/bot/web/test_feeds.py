"""Feeds, read back by a feed reader's library: ids never change, what was withdrawn is marked."""

import asyncio
from calendar import timegm
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from PIL import Image

from bot.links import Links
from bot.newsroom.formats import defuse
from bot.newsroom.monthly_archive import mark_written_later
from bot.pictures import brand_line
from bot.state import briefs, guilds
from bot.state.briefs import StoredBrief
from bot.web import feeds
from bot.web.replies import BusyError
from bot.web.site import Site
from core.charts import describe
from tests.bot.web.conftest import POSTED, PUBLIC, TODAY, Archive, Starter, Web, at, entry

XML = ("rss", "atom")


def read(web: Web, form: str) -> feedparser.FeedParserDict:
    """Read a feed, which must be well formed."""
    feed = feedparser.parse(web.client.get(f"/feed.{form}").content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def titles(web: Web, form: str) -> list[str]:
    if form == "json":
        return [item["title"] for item in web.client.get("/feed.json").json()["items"]]
    return [entry.title for entry in read(web, form).entries]


def ids(web: Web, form: str) -> list[str]:
    return [entry.id for entry in read(web, form).entries]


@pytest.mark.parametrize("form", XML)
def test_a_feed_holds_the_archive_the_newest_first_and_says_where_it_is(public: Web, form: str) -> None:
    feed, brief = read(public, form), entry(public, "2026-09-30").brief
    assert feed.version in ("rss20", "atom10")
    assert feed.feed.title == "gapbrief: how far open AI models trail closed ones"
    assert feed.feed.link == f"{PUBLIC}/" or form == "atom"
    links = {link.rel: link.href for link in feed.feed.links}
    assert (links["self"], links["alternate"]) == (f"{PUBLIC}/feed.{form}", f"{PUBLIC}/")
    days = [timegm(entry.published_parsed) for entry in feed.entries]
    assert len(days) == len(POSTED) + 1
    assert days == sorted(days, reverse=True)
    newest = feed.entries[0]
    assert newest.title == brief.title
    assert newest.link == f"{PUBLIC}/briefs/2026-09-30-brief"
    assert newest.summary == brief.deck
    words = unescape(newest.content[0].value)
    assert all(bullet.text in words for bullet in brief.bullets)


@pytest.mark.parametrize(("form", "kind"), [("rss", "rss+xml"), ("atom", "atom+xml"), ("json", "feed+json")])
def test_a_feed_is_of_its_own_type_and_the_same_each_time(public: Web, form: str, kind: str) -> None:
    first, second = public.client.get(f"/feed.{form}"), public.client.get(f"/feed.{form}")
    assert first.headers["content-type"].startswith(f"application/{kind}")
    assert first.content == second.content
    assert public.get(f"/feed.{form}", **{"if-none-match": first.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("form", XML)
def test_the_chart_is_enclosed_as_media_of_its_size_with_its_words(public: Web, form: str) -> None:
    shown = read(public, form).entries[0]
    [enclosure] = shown.enclosures
    picture = public.client.get(enclosure.href.removeprefix(PUBLIC)).content
    image = Image.open(BytesIO(picture))
    assert (enclosure.type, enclosure.length, image.format) == ("image/png", str(len(picture)), "PNG")
    assert shown.media_content == [
        {"url": enclosure.href, "filesize": str(len(picture)), "type": "image/png", "medium": "image",
         "width": str(image.width), "height": str(image.height)}
    ]  # fmt: skip
    root = ElementTree.fromstring(public.client.get(f"/feed.{form}").content)  # noqa: S314 (it is ours)
    answer = public.site.services.answers.compute(entry(public, "2026-09-30").chart_question)
    description = root.findtext(".//{*}content/{http://search.yahoo.com/mrss/}description")
    assert description == defuse(describe(answer.charts[0], brand=brand_line(PUBLIC)))


@pytest.mark.slow
def test_ids_are_tags_and_the_same_in_every_form_and_at_every_address(
    public: Web, web: Web, start_web: Starter
) -> None:
    moved, tags = start_web("https://moved.example.net/gap"), ids(public, "rss")
    assert tags == ids(public, "atom") == [item["id"] for item in public.client.get("/feed.json").json()["items"]]
    assert all(tag.startswith("tag:gapbrief,2026:") for tag in tags)
    assert len(set(tags)) == len(tags)
    assert tags == ids(moved, "atom") == ids(web, "atom")
    assert read(moved, "rss").entries[0].link == "https://moved.example.net/gap/briefs/2026-09-30-brief"


@pytest.mark.parametrize("form", XML)
def test_without_a_public_address_links_are_where_it_was_fetched(web: Web, form: str) -> None:
    feed = read(web, form)
    links = [feed.feed.link, *(entry.link for entry in feed.entries)]
    assert {urlsplit(link).netloc for link in links} == {"testserver"}
    assert web.client.get(urlsplit(feed.entries[0].link).path).status_code == 200
    assert web.client.get(feed.entries[0].enclosures[0].href).content.startswith(b"\x89PNG")


@pytest.mark.parametrize("form", feeds.TYPES)
def test_a_request_can_not_choose_where_links_lead(web: Web, form: str) -> None:
    before = web.client.get(f"/feed.{form}").content
    reply = web.get(f"/feed.{form}", host="localhost:1")
    assert (reply.status_code, reply.content) == (200, before)
    assert web.get(f"/feed.{form}", host="evil.example").status_code == 421


@pytest.mark.parametrize("form", XML)
def test_a_withdrawn_brief_is_marked_and_gives_its_text_no_more(public: Web, form: str) -> None:
    [entry] = [entry for entry in read(public, form).entries if entry.title.startswith("Withdrawn: ")]
    assert entry.content[0].value == "<p>This brief was withdrawn on 3 July 2026; don't quote it.</p>"
    assert not entry.enclosures
    assert "media_content" not in entry
    assert [tag.term for tag in entry.tags] == ["withdrawn"]
    if form == "atom":
        assert datetime.fromtimestamp(timegm(entry.updated_parsed), UTC) == at(POSTED[2].replace(day=3))


@pytest.mark.slow
def test_correcting_and_withdrawing_change_an_entry_and_never_its_id(start_web: Starter, archive: Archive) -> None:
    kept, web = archive.post(POSTED[0]), start_web(PUBLIC, archive.url)
    before = read(web, "atom").entries[-1]
    archive.correct(kept, at(POSTED[1]))
    corrected = read(web, "atom").entries[-1]
    assert (corrected.id, corrected.link, corrected.published) == (before.id, before.link, before.published)
    assert corrected.updated > before.updated
    assert corrected.title.endswith("as known then")
    assert "Corrected on 12 June 2026" in corrected.content[0].value
    archive.withdraw(kept, at(POSTED[2]))
    withdrawn = read(web, "atom").entries[-1]
    assert withdrawn.id == before.id
    assert withdrawn.title.startswith("Withdrawn: ")
    assert withdrawn.updated > corrected.updated


@pytest.fixture
def many(archive: Archive) -> list[StoredBrief]:
    """The briefs of an archive of 45, of a day each, the last one of the day before today."""
    made = archive.written(POSTED[0])
    days = [TODAY - timedelta(days=number) for number in range(45, 0, -1)]
    return [archive.post(replace(made, brief=replace(made.brief, published=day))) for day in days]


@pytest.mark.slow
def test_one_that_is_no_more_among_the_newest_is_told_of_when_it_is_corrected_or_withdrawn(
    start_web: Starter, archive: Archive, many: list[StoredBrief]
) -> None:
    web = start_web(PUBLIC, archive.url)
    assert [len(titles(web, form)) for form in feeds.TYPES] == [20] * 3
    archive.correct(many[1], at(TODAY - timedelta(days=2)))
    archive.withdraw(many[2], at(TODAY - timedelta(days=3)))
    archive.withdraw(many[3], at(TODAY - timedelta(days=31)))
    title = many[1].brief.title
    for form in feeds.TYPES:
        assert titles(web, form)[20:] == [f"Withdrawn: {title}", f"{title}, as known then"]
    assert len(set(ids(web, "atom"))) == 22


@pytest.mark.slow
def test_of_the_older_ones_the_last_twenty_that_changed_are_told(
    start_web: Starter, archive: Archive, many: list[StoredBrief]
) -> None:
    for number, kept in enumerate(reversed(many)):
        archive.withdraw(kept, at(TODAY - timedelta(days=1)) + timedelta(minutes=number))
    items = start_web(PUBLIC, archive.url).client.get("/feed.json").json()["items"]
    assert [item["url"] for item in items[20:]] == [f"{PUBLIC}/briefs/{kept.slug}" for kept in many[19::-1]]


@pytest.mark.parametrize("problem", [BusyError, BrokenExecutor])
@pytest.mark.slow
def test_without_its_picture_an_item_comes_all_the_same_and_with_it_later(
    start_web: Starter, public: Web, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    async def refuse(*_: object, **__: object) -> bytes:
        raise problem

    fresh = start_web(PUBLIC)
    with monkeypatch.context() as patched:
        patched.setattr(Site, "draw", refuse)
        replies = [fresh.client.get(f"/feed.{form}") for form in feeds.TYPES]
        assert {reply.status_code for reply in replies} == {200}
        assert not any(b"image/png" in reply.content for reply in replies)
        assert [len(titles(fresh, form)) for form in feeds.TYPES] == [len(POSTED) + 1] * 3
    for form in feeds.TYPES:
        assert fresh.client.get(f"/feed.{form}").content == public.client.get(f"/feed.{form}").content


@pytest.mark.slow
def test_what_two_servers_posted_is_one_item_whatever_one_of_them_does_to_it(
    start_web: Starter, archive: Archive
) -> None:
    made = archive.written(POSTED[0])
    with archive.state.begin() as connection:
        assert all(guilds.make_public(connection, guild, at(POSTED[0])) for guild in (5, 6))
    first, _ = [archive.post(made, guild_id=guild) for guild in (5, 6)]
    web = start_web(PUBLIC, archive.url)
    before = ids(web, "atom")
    archive.correct(first, at(POSTED[1]))
    assert ids(web, "atom") == before
    archive.withdraw(first, at(POSTED[2]))
    assert ids(web, "atom") == before
    assert titles(web, "atom")[-1] == f"Withdrawn: {made.brief.title}, as known then"


def test_the_json_feed_is_as_its_standard_has_it(public: Web) -> None:
    feed = public.client.get("/feed.json").json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["feed_url"], feed["home_page_url"]) == (f"{PUBLIC}/feed.json", f"{PUBLIC}/")
    for item in feed["items"]:
        assert item["url"].startswith(f"{PUBLIC}/briefs/")
        assert datetime.fromisoformat(item["date_modified"]) >= datetime.fromisoformat(item["date_published"])
        assert item["content_html"].startswith("<")
    assert feed["items"][0]["attachments"][0]["mime_type"] == "image/png"


@pytest.mark.slow
def test_two_archives_have_different_ids(start_web: Starter, archive: Archive, web: Web) -> None:
    archive.fill()
    assert not set(ids(start_web(state_url=archive.url), "atom")) & set(ids(web, "atom"))


def days(web: Web, form: str) -> list[datetime]:
    """Return when the items of a feed were published, the last first."""
    if form == "json":
        items = web.client.get("/feed.json").json()["items"]
        return [datetime.fromisoformat(item["date_published"]) for item in items]
    return [datetime.fromtimestamp(timegm(entry.published_parsed), UTC) for entry in read(web, form).entries]


@pytest.mark.slow
def test_what_was_written_later_carries_its_own_day_and_changes_when_it_is_withdrawn(
    start_web: Starter, archive: Archive
) -> None:
    month = date(2026, 5, 31)
    archive.post(POSTED[1])
    with archive.state.begin() as connection:
        written = mark_written_later(archive.written(month))
        added = briefs.add(connection, written, at=at(TODAY), guild_id=None, by=None, status="posted")
        kept = briefs.get(connection, added)
    assert kept is not None
    web = start_web(PUBLIC, archive.url)
    for form in feeds.TYPES:
        assert days(web, form)[-2:] == [at(POSTED[1]), at(month, 0)]
    assert datetime.fromtimestamp(timegm(read(web, "atom").feed.updated_parsed), UTC).date() < TODAY
    archive.withdraw(kept, at(TODAY))
    last = read(web, "atom").entries[-1]
    changes = [timegm(last.published_parsed), timegm(last.updated_parsed)]
    assert changes == [at(month, 0).timestamp(), at(TODAY).timestamp()]


def test_the_archive_and_its_feed_go_by_the_briefs_own_days(start_web: Starter, late: Archive) -> None:
    archive = start_web(state_url=late.url).site.archive
    entries, newest = asyncio.run(archive.all()), asyncio.run(archive.newest())
    assert [entry.brief.published.isoformat() for entry in entries] == ["2026-10-20", "2026-09-30", "2026-05-22"]
    assert asyncio.run(archive.feed_entries(date(2026, 10, 21))) == entries
    assert newest == entries[1]


@pytest.mark.slow
def test_feeds_are_made_before_somebody_asks_and_once_however_many_ask(
    start_web: Starter, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = feeds.write_feed

    async def count(site: Site, links: Links, form: str) -> bytes:
        made.append(form)
        return await make(site, links, form)

    async def ask_often() -> list[bytes]:
        return await asyncio.gather(*(feeds.cached_feed(site, Links("feed.rss", PUBLIC), "rss") for _ in range(200)))

    monkeypatch.setattr(feeds, "write_feed", count)
    site = start_web(PUBLIC, archive.url).site
    asyncio.run(feeds.make_ahead(site))
    assert made == list(feeds.TYPES)
    archive.post(POSTED[0])
    [feed] = set(asyncio.run(ask_often()))
    assert made == [*feeds.TYPES, "rss"]
    assert b"2026-05-22" in feed
