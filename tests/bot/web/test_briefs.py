"""Briefs on the web: the archive, its search, a brief in every form, corrected and withdrawn ones."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.links import chart_path
from bot.web.archive import PER_PAGE
from bot.web.site import chart_of_brief
from tests.bot.web.conftest import PUBLIC, Archive, Starter, Web, at, entry
from tests.bot.web.test_pages import Page, meta, page


def slug(web: Web, day: str = "2026-05-22") -> str:
    """Return the last part of the address of a day's brief."""
    return entry(web, day).slug


def hosts(text: str) -> set[str]:
    """Return the machines that a text names."""
    return set(re.findall(r"https?://([^/\s\"<>]+)", text))


def publishers(web: Web) -> set[str]:
    """Return where the story and the sources of the brief of May are."""
    may = entry(web, "2026-05-22")
    answer, _ = asyncio.run(chart_of_brief(web.site, may))
    assert answer is not None
    return hosts(" ".join([may.brief.read_more.url, *(source["url"] for source in answer.sources)]))


def test_the_archive_lists_every_brief_the_newest_first(web: Web) -> None:
    brief_days = days(page(web, "/briefs"))
    assert brief_days == ["2026-09-30", "2026-08-22", "2026-07-01", "2026-06-12", "2026-05-22"]


def days(archive_page: Page) -> list[str]:
    """Return the days of the briefs to which a page leads, in its order."""
    return [link[9:19] for link in archive_page.links() if "/briefs/2026" in link]


def test_what_was_withdrawn_of_a_later_day_stands_above_what_the_data_give(
    start_web: Starter, archive: Archive
) -> None:
    day = date(2026, 10, 20)
    archive.withdraw(archive.post(day), at(day, 11))
    assert days(page(start_web(state_url=archive.url), "/briefs")) == ["2026-10-20", "2026-09-30"]


def test_search_finds_words_in_titles_and_bullets(web: Web) -> None:
    shown = page(web, "/briefs?q=as KNOWN the")
    assert days(shown) == ["2026-06-12"]
    assert "1 brief has the words" in shown.text
    assert [field.get("value") for field in shown.all("input")] == ["as KNOWN the"]
    assert re.search(r"\d briefs have the word “private”\.", page(web, "/briefs?q=private").text)
    assert re.search(r"\d briefs have the words “private tests”\.", page(web, "/briefs?q=private tests").text)


@pytest.mark.parametrize("words", ["zebra", "\N{GRINNING FACE}", '"', "-", "_"])
def test_a_search_without_a_hit_says_so(web: Web, words: str) -> None:
    shown = Page(web.client.get("/briefs", params={"q": words}).text)
    assert f"No brief has the word “{words}”;" in shown.text
    assert not days(shown)


@pytest.mark.parametrize("words", ['"', "' OR 1=1 --", "<script>alert(1)</script>", "*", "a" * 200, "NEAR(", "\x00"])
def test_what_is_searched_for_is_only_ever_text(web: Web, words: str) -> None:
    reply = web.client.get("/briefs", params={"q": words})
    assert (reply.status_code, "<script>" in reply.text) == (200, False)


def test_a_brief_has_its_parts(web: Web) -> None:
    text, brief = page(web, f"/briefs/{slug(web)}").text, entry(web, "2026-05-22").brief
    headings = ("Research · 22 May 2026", "Two terms", "Use this brief", "Method: after", "More briefs", "Cite as")
    bullets, definitions = (bullet.text for bullet in brief.bullets), (term.definition for term in brief.terms)
    for words in (*headings, brief.title, *bullets, *definitions):
        assert words in text.replace("\N{NO-BREAK SPACE}", " ")


FORMS = {
    ".md": ("text/markdown", "Research"), ".txt": ("text/plain", "Research"),
    ".email.html": ("text/html", "<!DOCTYPE html>"), ".json": ("application/json", "{"),
}  # fmt: skip
"""A brief's other forms by their endings: the type of each, and how it begins."""
EVERY_FORM = pytest.mark.parametrize("ending", FORMS)


@EVERY_FORM
def test_a_brief_has_its_other_forms_at_the_same_address(web: Web, ending: str) -> None:
    reply, (kind, start) = web.client.get(f"/briefs/{slug(web)}{ending}"), FORMS[ending]
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, "*")
    assert reply.headers["content-type"].startswith(kind)
    assert reply.text.startswith(start)
    assert " ".join(entry(web, "2026-05-22").brief.title.split()[:4]) in reply.text
    assert hosts(reply.text) == publishers(web), "without a public address it names no machine of ours"
    assert "<img" not in reply.text


def test_with_one_they_lead_to_earlier_briefs_under_it(start_web: Starter) -> None:
    public = start_web(PUBLIC)
    document = json.loads(public.client.get(f"/briefs/{slug(public, '2026-08-22')}.json").text)
    urls = [brief_link["url"] for brief_link in document["more"]]
    assert urls[-1] == f"{PUBLIC}/briefs/{slug(public)}"
    assert not any("2026-07-01" in url for url in urls), "it was withdrawn"


def test_a_day_alone_finds_its_brief_posted_or_not(web: Web) -> None:
    for day, leads_to in (("2026-05-22", slug(web)), ("2026-09-30", "2026-09-30-brief")):
        response = web.get(f"/briefs/{day}.md")
        assert (response.status_code, response.headers["location"]) == (307, f"./{leads_to}.md")


def test_a_corrected_brief_says_what_changed_and_when_and_keeps_both(web: Web) -> None:
    seen = page(web, f"/briefs/{slug(web, '2026-06-12')}")
    assert "Corrected on 14 June 2026" in seen.text
    assert "as known then" in seen.text
    assert "As it read until 14 June 2026" in seen.text
    assert len(seen.all("summary")) == len(seen.all("details")) == 4
    assert "Whose words these are" in seen.text
    assert ", as known then the editor's, unchecked" in " ".join(seen.text.split())


@pytest.mark.slow
def test_one_that_was_corrected_twice_says_the_last_correction_first(start_web: Starter, archive: Archive) -> None:
    kept = archive.post(date(2026, 5, 22))
    archive.correct(kept, at(date(2026, 5, 23)), "as known")
    archive.correct(kept, at(date(2026, 5, 24)))
    text = page(start_web(None, archive.url), f"/briefs/{kept.slug}").text
    for first, then in (("Corrected on 24 May 2026: ", "Corrected on 23 May 2026: "), ("until 24 May", "until 23 May")):
        assert 0 < text.index(first) < text.index(then)


def test_a_withdrawn_brief_is_marked_and_can_not_be_taken_away(web: Web) -> None:
    name = slug(web, "2026-07-01")
    seen = page(web, f"/briefs/{name}")
    assert "This brief was withdrawn on 3 July 2026." in seen.text
    assert "Use this brief" not in seen.text
    for ending in FORMS:
        gone = web.client.get(f"/briefs/{name}{ending}")
        assert gone.status_code == 410
        assert "This brief was withdrawn" in (gone.json()["error"] if ending == ".json" else gone.text)
    assert "Withdrawn: " in page(web, "/briefs").text


@pytest.mark.parametrize("name", ["web", "public"])
def test_a_link_to_a_withdrawn_brief_shows_that_it_was_and_no_figure(name: str, request: pytest.FixtureRequest) -> None:
    site: Web = request.getfixturevalue(name)
    text = site.client.get(f"/briefs/{slug(site, '2026-07-01')}").text
    withdrawn_page, tags = Page(text), meta(Page(text))
    title = f"Withdrawn: {entry(site, '2026-07-01').brief.title}"
    assert f"<title>{title}" in text
    assert tags["og:title"] == tags["twitter:title"] == title
    for description in ("description", "og:description", "twitter:description"):
        assert tags[description] == "This brief was withdrawn on 3 July 2026."
    assert tags["robots"] == "noindex"
    assert tags["twitter:card"] == "summary"
    assert not [tag for tag in tags if "image" in tag]
    assert not withdrawn_page.all("img")


def test_a_link_to_a_brief_that_stands_shows_its_card(public: Web) -> None:
    tags = meta(page(public, f"/briefs/{slug(public)}"))
    assert tags["og:title"] == entry(public, "2026-05-22").brief.title
    assert tags["og:image"] == f"{PUBLIC}/briefs/{slug(public)}.png"
    assert "robots" not in tags


@pytest.mark.slow
def test_a_brief_on_one_kind_of_tests_has_their_chart_in_every_form(start_web: Starter, archive: Archive) -> None:
    kept = archive.post(archive.written(date(2026, 8, 22), "public"))
    focused = start_web(PUBLIC, archive.url)
    _, chart = asyncio.run(chart_of_brief(focused.site, entry(focused, "2026-08-22")))
    assert chart is not None
    assert {series.role for series in chart.series} == {"public"}
    asked = chart_path(kept.chart_question).partition("?")[2]
    assert asked == f"access=public&as_of=2026-08-22&known_by=2026-09-30&shown_since={kept.since}&drawn_first=Kimi+K2.6"
    for path in (f"/briefs/{kept.slug}", f"/briefs/{kept.slug}.md", "/feed.rss", "/feed.json"):
        text = focused.client.get(path).text.replace("&amp;", "&")
        assert f"/charts/gap.png?{asked}&v=" in text, path


@pytest.mark.slow
def test_an_archive_without_posted_briefs_begins_with_the_one_of_the_newest_data(
    start_web: Starter, archive: Archive
) -> None:
    empty = start_web(state_url=archive.url)
    assert days(page(empty, "/briefs")) == ["2026-09-30"]
    assert "30 September 2026" in page(empty, "/").text
    # new data make a newer brief; who was led to the one before still finds it
    assert "as of 22 August 2026" in page(empty, "/briefs/2026-08-22").text


@pytest.mark.slow
def test_many_briefs_are_shown_page_by_page_each_once(start_web: Starter, archive: Archive) -> None:
    made = archive.written(date(2026, 5, 22))
    for number in range(45):
        archive.post(replace(made, brief=replace(made.brief, published=date(2026, 3, 1) + timedelta(days=number))))
    many, seen = start_web(state_url=archive.url), []
    for number in (1, 2, 3):
        archive_page = page(many, f"/briefs?page={number}")
        links = list(dict.fromkeys(link for link in archive_page.links() if "/briefs/2026" in link))
        assert len(links) <= PER_PAGE
        assert (f"./briefs?page={number + 1}" in archive_page.links()) == (number < 3)
        seen += links
    assert len(seen) == len(set(seen)) == 46
    assert seen == sorted(seen, reverse=True)


@EVERY_FORM
def test_what_leaves_the_machine_has_its_page_and_chart_under_the_public_address(public: Web, ending: str) -> None:
    text = public.client.get(f"/briefs/{slug(public)}{ending}").text.replace("&amp;", "&")
    assert f"{PUBLIC}/briefs/{slug(public)}" in text
    chart = re.search(rf"{PUBLIC}(/charts/gap\.png\?[^\s\"<>)]+)", text)
    assert chart
    assert public.client.get(chart[1]).content.startswith(b"\x89PNG")
    assert hosts(text) == {"gap.example.org"} | publishers(public)


def test_the_email_shows_its_chart_with_words_for_who_does_not_see_it(public: Web) -> None:
    text = public.client.get(f"/briefs/{slug(public)}.email.html").text
    [picture] = Page(text).all("img")
    assert (picture["src"] or "").startswith(f"{PUBLIC}/")
    assert "are drawn): " in (picture["alt"] or "")
    assert len(text.encode()) < 102_000
