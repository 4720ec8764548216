"""What a stranger can write stays words, whatever reads it: in each form of a brief, in feeds, and on every page.

Each form is read back by what people read it with; nothing of what was planted may run, load, or lead anywhere.
"""

import asyncio
import json
import re
import shutil
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import feedparser
import pytest
import yaml
from markdown_it import MarkdownIt

from bot.links import web_url
from bot.newsroom.formats import Extras, defuse, render
from bot.state import briefs
from bot.web.export import export_briefs
from core.answer import Fact
from core.brief import Brief, Bullet, Earlier, ReadMore
from core.words import one_line
from tests.bot.newsroom.newsroom import BRIEF
from tests.bot.web.conftest import PUBLIC, TODAY, Archive, Starter, Web, at, opened
from tests.bot.web.test_pages import Page

ATTACKS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]><script>alert(1)</script>",
    "<![CDATA[<b>x</b>]]>", "](javascript:alert(1))", "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)", "<https://evil.example>", "https://evil.example/x", "www.evil.example",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;img src=x onerror=alert(1)&#62;", "&#x3c;b&#x3e;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;", "\x00\x07\x1b[31m\x9b", "\u202egnp.exe\u2066\u200b\ufeff",
    "\n\n<script>alert(1)</script>", "\n[x]: javascript:alert(1)\n[x]", '" onmouseover="alert(1)',
    "'><svg onload=alert(1)>", "</title></article><iframe src=https://evil.example>", "`<b>`", "<!-- ", "--><b>x</b>",
    "---\ntitle: pwned\n---", "\\[x](https://evil.example)", "\\<b>x", "<a href='https://evil.example'>x</a>",
    "[x]( https://evil.example )", "mailto:eve@evil.example", "# pwned", "> pwned", "javascript:alert(1)",
)  # fmt: skip
"""What was tried: each in every field of a brief, and of what stands around one."""
STORY = "https://story.example/a"
RUNS = {"script", "iframe", "object", "embed", "svg", "b", "style", "base"}
"""Tags that nothing of ours has in a brief."""
OWN_SCRIPTS = (
    {"src": "../static/copy.js", "defer": None}, {"type": "application/ld+json"},
    {"id": "discord:component-embed", "type": "application/json"},
    *({"src": f"{up}static/charts.js", "defer": None} for up in ("./", "../", "../../")),
)  # fmt: skip
"""The scripts of pages, as they may stand there, and blocks of data, which no browser runs."""
DARK = re.findall(r"<style>.*?</style>", render(BRIEF, "email"), re.DOTALL)[0]
"""The one style that a mail has, as it is where nothing is planted."""
READERS = [MarkdownIt("commonmark", {"html": True}), MarkdownIt("gfm-like", {"html": True, "linkify": False})]


def planted(attack: str) -> Brief:
    """Return a brief with an attack in every text, and in every address that is none of the web."""
    word, url = f"Planted {attack} here", STORY if web_url(attack) else attack
    return replace(
        BRIEF, title=word, category=word, source=word, bullets=(Bullet(word, word), Bullet(attack, attack)),
        terms=tuple(replace(term, term=word, definition=word) for term in BRIEF.terms), foot=word,
        read_more=ReadMore(word, url), more=(Earlier(word, url, date(2026, 10, 25)),),
        facts=(Fact("title", 7.5, "months", word, word),), written_by="moderator",
    )  # fmt: skip


def around(attack: str) -> Extras:
    """Return what stands around a brief, with an attack in what is no address of ours."""
    source = dict.fromkeys(("citation", "licence", "publisher", "title", "source_id"), attack)
    source["url"] = STORY if web_url(attack) else attack
    return Extras(f"{PUBLIC}/briefs/x", f"{PUBLIC}/chart.png", attack, (attack,), (source,), f"{attack} cited")


def harm(html: str, *own: str) -> list[str]:
    """Return what of some HTML would run, load or lead to anything but pages of ours, the story, and `own`."""
    page = Page(html)
    tags = [(tag, given) for tag, given in page.tags if tag != "script" or given not in OWN_SCRIPTS]
    threats = [tag for tag, given in tags if tag in RUNS and not (given.get("class") or "").startswith("marks")]
    threats += [name for _, given in page.tags for name in given if name.startswith("on")]
    return threats + [link for link in page.links() if not link.startswith((PUBLIC, "#", "./", "../", STORY, *own))]


def unseen(text: str) -> list[str]:
    """Return the letters of a text that nobody sees, or that turn others."""
    return [hex(ord(letter)) for letter in text if unicodedata.category(letter) in ("Cc", "Cf") and letter != "\n"]


# ---- a brief's forms


@pytest.mark.parametrize("attack", ATTACKS)
def test_in_no_form_of_a_brief_does_a_planted_text_run_or_lead_anywhere(attack: str) -> None:
    forms = {form: render(planted(attack), form, around(attack)) for form in ("html", "email", "md", "text", "json")}
    assert [form for form, text in forms.items() if unseen(text)] == []
    for form in ("html", "email"):
        assert harm(forms[form].replace(DARK, "")) == []
        assert one_line(attack) in one_line(Page(forms[form]).text), "what was written is there as words"
    assert [harm(reader.render(forms["md"])) for reader in READERS] == [[], []]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_title_stays_words_for_a_reader_that_takes_it_for_html_or_markdown(attack: str) -> None:
    title = defuse(planted(attack).title)
    for text in (title, unescape(title), unescape(unescape(title)), *(reader.render(title) for reader in READERS)):
        assert harm(text) == []
        assert unseen(text) == []


def test_what_nobody_planted_stays_as_it_is() -> None:
    for text in (BRIEF.title, "A & B: 5–10 months, “so” (7.5)", "R&D, 80 % [GPQA]"):
        assert defuse(text) == text


# ---- the archive, as it is served


@pytest.fixture(scope="module")
def attacked(evidence_file: Path, tmp_path_factory: pytest.TempPathFactory, start_web: Starter) -> Iterator[Web]:
    """Pages of an archive in which each brief is an attack."""
    with opened(evidence_file, tmp_path_factory.mktemp("attacked")) as archive:
        fill(archive)
        yield start_web(PUBLIC, archive.url)


def fill(archive: Archive) -> None:
    made = archive.written(date(2026, 8, 22))
    with archive.state.begin() as connection:
        for number, attack in enumerate(ATTACKS):
            day = TODAY - timedelta(days=number)
            brief = replace(planted(attack), published=day, as_of=made.brief.as_of, newest_data=made.brief.newest_data)
            briefs.add(connection, replace(made, brief=brief), at=at(day), guild_id=None, by=None, status="posted")


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_feed_reader_runs_and_follows_nothing(attacked: Web, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(feedparser, "SANITIZE_HTML", 0)
    monkeypatch.setattr("feedparser.api.SANITIZE_HTML", 0, raising=False)
    raw = attacked.client.get(f"/feed.{form}")
    if form == "json":
        entries = [(entry["title"], entry["summary"], entry["content_html"]) for entry in raw.json()["items"]]
    else:
        read = feedparser.parse(raw.content, sanitize_html=False)
        assert not read.bozo, read.get("bozo_exception")
        entries = [(entry.title, entry.summary, entry.content[0].value) for entry in read.entries]
    assert len(entries) == 20
    for title, summary, html in entries:
        assert harm(html, *addresses(attacked)) == []
        for text in (title, summary):
            assert [harm(markup) for markup in (text, unescape(text), unescape(unescape(text)))] == [[], [], []]
    assert unseen(raw.text) == []


def addresses(web: Web) -> list[str]:
    """Return where the publishers of our data are."""
    return sorted(asyncio.run(web.site.catalogue()).addresses)


@pytest.mark.slow
def test_no_page_of_a_brief_runs_or_leads_anywhere(attacked: Web) -> None:
    paths = ["/", "/briefs", "/briefs?page=2", "/editors", "/embed"]
    paths += [f"/briefs/{brief.slug}" for brief in asyncio.run(attacked.site.archive.all())]
    assert len(paths) > len(ATTACKS)
    for path in paths:
        for ending in ("", ".email.html") if path.startswith("/briefs/") else ("",):
            text = attacked.client.get(path + ending).text
            assert harm(text.replace(DARK, ""), *addresses(attacked)) == [], path + ending
            assert unseen(text) == []


def test_what_a_page_says_to_programs_ends_where_it_should_and_is_words(attacked: Web) -> None:
    for brief in asyncio.run(attacked.site.archive.all()):
        [block] = re.findall('ld.json">(.*?)</script>', attacked.client.get(f"/{brief.path}").text)
        assert "<" not in block
        metadata = json.loads(block)
        assert metadata["headline"] == defuse(brief.title)
        assert harm(metadata["headline"] + unescape(metadata["description"])) == []
        assert unseen(metadata["headline"] + metadata["description"]) == []


def test_nor_does_exported_markdown_with_its_front_matter(attacked: Web, tmp_path: Path) -> None:
    asyncio.run(export_briefs(attacked.site, tmp_path, "md", None))
    files = sorted(tmp_path.rglob("*.md"))
    assert len(files) == len(ATTACKS)
    for file in files:
        _, front, text = file.read_text().split("---\n", 2)
        matter = yaml.safe_load(front)
        assert matter["title"].startswith("Planted")
        assert "pwned" not in matter
        for reader in READERS:
            assert harm(reader.render(text), *addresses(attacked)) == []
            for words in (matter["title"], matter["description"]):
                assert [harm(words), harm(unescape(words)), harm(reader.render(words))] == [[], [], []]


# ---- names in the data


@pytest.mark.slow
def test_nor_does_a_name_that_a_publisher_gave(start_web: Starter, unopened_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "evidence.db"
    shutil.copy(unopened_file, file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM results")
        connection.execute("UPDATE meta SET value = 'attacked' WHERE key = 'revision'")
        connection.create_function("attacked", 1, lambda row: f"{row} {one_line(ATTACKS[row % len(ATTACKS)])}")
        for table in ("models", "labs", "benchmarks"):
            connection.execute(f"UPDATE {table} SET name = attacked(rowid)")  # noqa: S608 (one of three of ours)
    web = start_web(PUBLIC, f"sqlite:///{tmp_path / 'state.db'}", evidence=file)
    known = asyncio.run(web.site.catalogue())
    paths = ["", "briefs", "briefs/2026-09-30-brief", "models", "benchmarks", "sources", "embed", "ask?q=gap"]
    paths += [listed.path for listed in (*known.tests[:12], *known.models[:40])]
    for path in paths:
        assert harm(web.client.get(f"/{path}").text, *known.addresses) == [], path
    assert Page(web.client.get("/models").text).text.count("alert(1)") > 10
    assert not feedparser.parse(web.client.get("/feed.rss").content).bozo
