"""Briefs as files for other tools: front matter that their parsers read, chart, sources and citation beside it."""

import asyncio
import csv
import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from bot.web.archive import Entry
from bot.web.handout import FORMS, _cell, export_briefs
from core.answer import whose
from core.errors import UsageError
from tests.bot.web.conftest import PUBLIC, Web, entry
from tests.bot.web.test_pages import Page


@pytest.fixture(scope="module")
def may(web: Web) -> Entry:
    """The brief of 22 May 2026."""
    return entry(web, "2026-05-22")


def export(web: Web, folder: Path, form: str) -> str:
    """Export all briefs and return the text of May's."""
    asyncio.run(export_briefs(web.site, folder, form, None))
    return (folder / f"{entry(web, '2026-05-22').slug}.{FORMS[form][0]}").read_text()


def test_markdown_has_front_matter_for_hugo_jekyll_and_ghost(public: Web, tmp_path: Path, may: Entry) -> None:
    text = export(public, tmp_path, "md")
    _, front, body = text.split("---\n", 2)
    assert yaml.safe_load(front) == {
        "title": may.brief.title,
        "date": date(2026, 5, 22),
        "slug": may.slug,
        "description": may.brief.bullets[0].text,
        "tags": ["AI", "open weights", "benchmarks"],
        "written_by": "template",
        "canonical_url": f"{PUBLIC}/briefs/{may.slug}",
    }
    html = MarkdownIt("commonmark").render(body)
    assert "<h1>" not in html, "the theme writes the title"
    assert f'<img src="{may.slug}.png"' in html
    assert "<h2>Sources</h2>" in html
    assert "Cite as: gapbrief" in html
    assert (tmp_path / f"{may.slug}.png").read_bytes().startswith(b"\x89PNG")


def test_without_a_public_address_there_is_no_canonical_one(web: Web, tmp_path: Path) -> None:
    assert "canonical" not in export(web, tmp_path, "md").split("---\n")[1]


def test_text_names_sources_citation_and_chart(web: Web, tmp_path: Path, may: Entry) -> None:
    text = export(web, tmp_path, "text")
    for part in ("\nSources\n- ", "\nCite as: gapbrief", f"\nChart: {may.slug}.png"):
        assert part in text


def test_a_brief_cites_its_own_sources_and_no_others(web: Web, tmp_path: Path) -> None:
    found = json.loads(export(web, tmp_path, "json"))
    assert len(found["sources"]) > 1
    assert found["citation"].split("; data: ")[1].split("; ") == whose(each["citation"] for each in found["sources"])


def test_html_is_a_fragment_with_the_chart(public: Web, tmp_path: Path, may: Entry) -> None:
    found = Page(export(public, tmp_path, "html"))
    assert [each["src"] for each in found.all("img")] == [f"{may.slug}.png"]
    assert not found.all("html")
    assert "Sources" in found.text
    assert f"{PUBLIC}/briefs/{may.slug}" in found.links()


def test_the_email_is_a_whole_document_under_what_mail_readers_cut_off(web: Web, tmp_path: Path) -> None:
    text = export(web, tmp_path, "email")
    assert text.startswith("<!DOCTYPE html>")
    assert len(text) < 102_000


def test_json_holds_the_brief_its_sources_and_where_it_is(public: Web, tmp_path: Path, may: Entry) -> None:
    found = json.loads(export(public, tmp_path, "json"))
    assert found["slug"] == may.slug
    assert found["canonical_url"] == f"{PUBLIC}/briefs/{may.slug}"
    assert found["chart"] == f"{may.slug}.png"
    assert found["facts"]
    assert {"publisher", "citation", "licence", "url"} <= set(found["sources"][0])
    assert found["citation"].startswith("gapbrief ")


def test_csv_holds_every_fact(web: Web, tmp_path: Path, may: Entry) -> None:
    rows = list(csv.DictReader(export(web, tmp_path, "csv").splitlines()))
    brief = json.loads(web.client.get(f"/briefs/{may.slug}.json").text)
    assert [row["key"] for row in rows] == [fact["key"] for fact in brief["facts"]]
    assert {row["brief"] for row in rows} == {may.slug}
    assert {row["published"] for row in rows} == {"2026-05-22"}


def test_a_cell_that_a_spreadsheet_would_work_out_is_kept_from_it() -> None:
    assert [_cell(value) for value in ("=1+1", "@x", "a=1", -2.5, None)] == ["'=1+1", "'@x", "a=1", -2.5, None]


def test_only_briefs_of_a_day_and_later_that_stand_are_written(web: Web, tmp_path: Path) -> None:
    assert asyncio.run(export_briefs(web.site, tmp_path, "text", date(2026, 6, 12))) == 3
    assert sorted(path.name[:10] for path in tmp_path.glob("*.txt")) == ["2026-06-12", "2026-08-22", "2026-09-30"]


def test_no_brief_since_a_day_says_of_when_the_newest_is(web: Web, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"since 1 November 2026; the newest is of 30 September 2026\."):
        asyncio.run(export_briefs(web.site, tmp_path, "md", date(2026, 11, 1)))
    assert not list(tmp_path.iterdir())
