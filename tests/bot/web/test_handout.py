"""Briefs as files for other tools: front matter that their parsers read, chart, sources and citation beside it."""

import asyncio
import csv
import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from bot.web.handout import FORMS, _cell, export_briefs
from core.errors import UsageError
from tests.bot.web.conftest import PUBLIC, Web
from tests.bot.web.test_pages import Page

MAY = "2026-05-22-open-models-about-9-months-behind-on-private-tests-5-on-public"


def export(web: Web, folder: Path, form: str, since: date | None = None) -> str:
    """Export and return the text of May's brief."""
    asyncio.run(export_briefs(web.site, folder, form, since))
    return (folder / f"{MAY}.{FORMS[form][0]}").read_text()


def test_markdown_has_front_matter_for_hugo_jekyll_and_ghost(public: Web, tmp_path: Path) -> None:
    text = export(public, tmp_path, "md")
    _, front, body = text.split("---\n", 2)
    assert yaml.safe_load(front) == {
        "title": "Open models about 9 months behind on private tests, 5 on public",
        "date": date(2026, 5, 22),
        "slug": MAY,
        "description": yaml.safe_load(front)["description"],
        "tags": ["AI", "open weights", "benchmarks"],
        "canonical_url": f"{PUBLIC}/briefs/{MAY}",
    }
    assert yaml.safe_load(front)["description"].startswith("No open model has matched a new level")
    html = MarkdownIt("commonmark").render(body)
    assert "<h1>" not in html, "the theme writes the title"
    assert f'<img src="{MAY}.png"' in html
    assert "<h2>Sources</h2>" in html
    assert "Cite as: gapbrief" in html
    assert (tmp_path / f"{MAY}.png").read_bytes().startswith(b"\x89PNG")


def test_without_a_public_address_there_is_no_canonical_one(web: Web, tmp_path: Path) -> None:
    assert "canonical" not in export(web, tmp_path, "md").split("---\n")[1]


def test_text_names_sources_citation_and_chart(web: Web, tmp_path: Path) -> None:
    text = export(web, tmp_path, "text")
    for part in ("\nSources\n- ", "\nCite as: gapbrief", f"\nChart: {MAY}.png"):
        assert part in text


def test_html_is_a_fragment_with_the_chart(public: Web, tmp_path: Path) -> None:
    found = Page(export(public, tmp_path, "html"))
    assert [each["src"] for each in found.all("img")] == [f"{MAY}.png"]
    assert not found.all("html")
    assert "Sources" in found.text
    assert f"{PUBLIC}/briefs/{MAY}" in found.links()


def test_the_email_is_a_whole_document_under_what_mail_readers_cut_off(web: Web, tmp_path: Path) -> None:
    text = export(web, tmp_path, "email")
    assert text.startswith("<!DOCTYPE html>")
    assert len(text) < 102_000


def test_json_holds_the_brief_its_sources_and_where_it_is(public: Web, tmp_path: Path) -> None:
    found = json.loads(export(public, tmp_path, "json"))
    assert found["slug"] == MAY
    assert found["canonical_url"] == f"{PUBLIC}/briefs/{MAY}"
    assert found["chart"] == f"{MAY}.png"
    assert found["facts"]
    assert {"publisher", "citation", "licence", "url"} <= set(found["sources"][0])
    assert found["citation"].startswith("gapbrief ")


def test_csv_holds_every_fact(web: Web, tmp_path: Path) -> None:
    rows = list(csv.DictReader(export(web, tmp_path, "csv").splitlines()))
    brief = json.loads(web.client.get(f"/briefs/{MAY}.json").text)
    assert [row["key"] for row in rows] == [fact["key"] for fact in brief["facts"]]
    assert {row["brief"] for row in rows} == {MAY}
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
