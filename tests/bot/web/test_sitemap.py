"""The list of all pages for search engines: whole, with none that is hidden, each with the day on which it changed."""

import asyncio
from xml.etree import ElementTree

import pytest

from tests.bot.web.conftest import PUBLIC, Web, entry
from tests.bot.web.test_pages import Page, meta

NAMES = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def days(text: str) -> dict[str, str | None]:
    """Return the addresses of a list of pages, with their days."""
    root = ElementTree.fromstring(text)  # noqa: S314 (it is ours)
    return {element.findtext("loc", "", NAMES): element.findtext("lastmod", None, NAMES) for element in root}


def addresses(text: str) -> list[str]:
    return list(days(text))


def listed(web: Web) -> dict[str, str | None]:
    got = web.get("/sitemap.xml")
    assert (got.status_code, got.headers["content-type"]) == (200, "application/xml")
    return {address.removeprefix(PUBLIC): day for address, day in days(got.text).items()}


def test_it_has_every_brief_answer_model_and_test(public: Web) -> None:
    paths, known = listed(public), asyncio.run(public.site.catalogue())
    briefs = [brief for brief in asyncio.run(public.site.archive.all()) if not brief.withdrawn]
    assert {f"/{item.path}" for item in (*known.tests, *known.models, *briefs)} <= set(paths)
    lists = {"/", "/briefs", "/benchmarks", "/models", "/best", "/best/32b", "/best/coding", "/trust", "/unmatched"}
    others = {"/others", "/compare/china/united-states", "/method", "/glossary", "/sources", "/data", "/api"}
    assert lists | others <= set(paths)
    assert not any(path.startswith(("/briefs/2026-07-01", "/feed", "/ask", "/embed", "/charts")) for path in paths)


@pytest.mark.slow
def test_all_that_it_lists_is_there_and_for_search_engines(public: Web) -> None:
    paths = list(listed(public))
    some = [path for path in paths if path.count("/") == 1] + [path for path in paths if path.count("/") > 1][::25]
    assert len(some) > 30
    for path in some:
        got = public.get(path)
        assert got.status_code == 200, path
        assert "robots" not in meta(Page(got.text)), path


def test_a_page_changes_with_the_data_or_its_brief_and_what_is_written_by_hand_has_no_day(public: Web) -> None:
    dates = listed(public)
    assert dates["/models/kimi-k3"] == dates["/benchmarks/weirdml"] == dates["/best"] == dates["/"] == "2026-09-30"
    assert dates[f"/{entry(public, '2026-06-12').path}"] == "2026-06-14", "it was corrected then"
    assert (dates["/method"], dates["/api"], dates["/editors"]) == (None, None, None)


def test_robots_are_led_to_it(public: Web, web: Web) -> None:
    assert f"Sitemap: {PUBLIC}/sitemap.xml\n" in public.client.get("/robots.txt").text
    assert "Sitemap" not in web.client.get("/robots.txt").text
