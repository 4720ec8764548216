"""Feeds of the milestones about a model, a lab, a test or a field of work."""

import asyncio
from dataclasses import replace
from html import unescape

import feedparser
import pytest

from bot.newsroom import workflow
from bot.state import audit, briefs, watches
from core.brief import Brief
from tests.bot.web.conftest import POSTED, PUBLIC, Archive, Starter, Web, at

PLACES = {
    "models/kimi-k3": ("model:kimi-k3", "Kimi K3", "models/kimi-k3"),
    "labs/moonshot": ("lab:moonshot", "Moonshot", "models?q=Moonshot"),
    "benchmarks/weirdml": ("benchmark:weirdml 2", "WeirdML", "benchmarks/weirdml"),
    "fields/long-context": ("domain:long context", "Long context", "best"),
}
TITLES = ("Kimi K3 matches GPT-5.5 at 80 % on WeirdML", "Kimi K3 matches GPT-6 at 90 %")


def tell(archive: Archive, title: str, subjects: list[str], day: int = 0) -> int:
    """Keep a milestone as the newsroom does."""
    new = archive.written(POSTED[0])
    made = replace(new, subjects=tuple(subjects), brief=replace(new.brief, title=title))
    with archive.state.begin() as connection:
        watches.store_milestone(connection, made, at(POSTED[day]))
        audit.add_entry(connection, at(POSTED[day]), "made", guild_id=None, who=None, detail="milestone")
    [kept, *_] = briefs.list_milestones(archive.state, subjects[0], limit=1)
    return kept.id


@pytest.fixture
def web(archive: Archive, start_web: Starter) -> Web:
    """Pages where one milestone is about all of the places, and the next about none but the first."""
    subjects = [subject for subject, _, _ in PLACES.values()]
    tell(archive, TITLES[0], subjects)
    tell(archive, TITLES[1], subjects[:1], 1)
    return start_web(PUBLIC, archive.url)


def read(web: Web, place: str, form: str) -> feedparser.FeedParserDict:
    feed = feedparser.parse(web.client.get(f"/feeds/{place}.{form}").content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_feed_holds_the_milestones_that_name_it_the_newest_first(web: Web, place: str, form: str) -> None:
    _, name, page = PLACES[place]
    feed = read(web, place, form)
    assert feed.feed.title == f"gapbrief: {name}"
    links = {link.rel: link.href for link in feed.feed.links}
    assert (links["self"], links["alternate"]) == (f"{PUBLIC}/feeds/{place}.{form}", f"{PUBLIC}/{page}")
    assert [entry.title for entry in feed.entries] == [TITLES[1], TITLES[0]][place != "models/kimi-k3" :]
    entry = feed.entries[-1]
    assert entry.link == f"{PUBLIC}/briefs/2026-05-22-kimi-k3-matches-gpt-5-5-at-80-on-weirdml"
    assert entry.id.startswith("tag:gapbrief,2026:")
    words = unescape(entry.content[0].value)
    assert all(" ".join(bullet.parts) in words for bullet in brief_of(web, entry.link).bullets)


def brief_of(web: Web, link: str) -> Brief:
    """Return the brief of a page, which is there."""
    assert web.client.get(link.removeprefix(PUBLIC)).status_code == 200
    posted_brief = asyncio.run(web.site.archive.find(link.rpartition("/")[2]))
    assert posted_brief is not None
    return posted_brief.brief


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_no_name_becomes_a_tag(archive: Archive, start_web: Starter, form: str) -> None:
    tell(archive, "<script>alert(1)</script>", ["model:kimi-k3"])
    text = start_web(PUBLIC, archive.url).client.get(f"/feeds/models/kimi-k3.{form}").text
    assert "script>" not in unescape(unescape(text))


def test_each_feed_has_an_id_of_its_own_and_an_entry_the_same_in_all(web: Web) -> None:
    feeds = [read(web, place, "atom") for place in PLACES]
    assert len({feed.feed.id for feed in feeds}) == len(PLACES)
    assert len({feed.entries[-1].id for feed in feeds}) == 1
    document = web.client.get("/feeds/models/kimi-k3.json").json()
    assert [item["id"] for item in document["items"]] == [item.id for item in feeds[0].entries]
    assert document["feed_url"] == f"{PUBLIC}/feeds/models/kimi-k3.json"
    assert document["home_page_url"] == f"{PUBLIC}/models/kimi-k3"


def test_a_name_without_a_milestone_has_a_feed_without_an_entry_that_says_so(web: Web) -> None:
    for place in ("models/gpt-4o", "fields/coding", "benchmarks/gpqa-diamond", "labs/openai"):
        empty = read(web, place, "rss")
        assert empty.entries == []
        assert empty.feed.subtitle.endswith(" There is none yet: the service writes them when new data come.")
    assert "none yet" not in read(web, "models/kimi-k3", "rss").feed.subtitle


def test_an_entry_has_its_own_description_and_the_day_of_its_event(archive: Archive, start_web: Starter) -> None:
    tell(archive, TITLES[0], ["model:kimi-k3"])
    [entry] = read(start_web(PUBLIC, archive.url), "models/kimi-k3", "atom").entries
    brief = archive.written(POSTED[0]).brief
    assert unescape(entry.summary) == brief.bullets[0].text != brief.deck
    [day] = [fact.day for fact in brief.facts if fact.key in ("news.open.day", "raised.closed.day")]
    assert entry.published.startswith(day)
    assert entry.updated.startswith(POSTED[0].isoformat()[:10])


def test_milestones_are_in_no_list_of_briefs(web: Web) -> None:
    for path in ("/feed.json", "/briefs", "/briefs?q=Kimi"):
        assert "Kimi K3 matches" not in web.client.get(path).text


def test_a_withdrawn_milestone_is_marked(archive: Archive, start_web: Starter) -> None:
    brief_id = tell(archive, TITLES[0], ["model:kimi-k3"])
    workflow.withdraw(archive.state, brief_id, workflow.OPERATOR, at(POSTED[1]))
    [entry] = read(start_web(PUBLIC, archive.url), "models/kimi-k3", "rss").entries
    assert entry.title == f"Withdrawn: {TITLES[0]}"


def test_the_pages_of_a_model_and_a_test_lead_to_theirs(web: Web) -> None:
    for page in ("models/kimi-k3", "benchmarks/weirdml"):
        html = web.client.get(f"/{page}").text
        for form, kind in (("rss", "rss+xml"), ("atom", "atom+xml"), ("json", "feed+json")):
            start = f'<link rel="alternate" type="application/{kind}" title="Milestones: '
            assert f'href="../feeds/{page}.{form}"' in html.partition(start)[2].partition(">")[0]
    assert "Milestones: " not in web.client.get("/").text
