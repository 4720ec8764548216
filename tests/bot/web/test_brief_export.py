"""Briefs as files for other tools: front matter that their parsers read, chart, sources and citation in every form."""

import asyncio
import csv
import json
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from bot.links import chart_path
from bot.state.briefs import StoredBrief
from bot.web.archive import Entry
from bot.web.export import FORMS, Exported, export_briefs
from bot.web.site import Site
from core.answer import unique_citations
from core.errors import UsageError
from tests.bot.web.conftest import PUBLIC, Archive, Starter, Web, at, entry
from tests.bot.web.test_pages import Page


@pytest.fixture(scope="module")
def may(web: Web) -> Entry:
    """The brief of 22 May 2026."""
    return entry(web, "2026-05-22")


@pytest.fixture(scope="module")
def address(public: Web, may: Entry) -> str:
    """Where that brief's chart is on the web."""
    return f"{PUBLIC}/{chart_path(may.chart_question, public.site.revision)}"


def export(web: Web, folder: Path, form: str) -> str:
    """Export all briefs and return the text of May's."""
    asyncio.run(export_briefs(web.site, folder, form, None))
    slug, ending = entry(web, "2026-05-22").slug, FORMS[form][0]
    file = folder / slug / "index.md"
    return (file if file.exists() else folder / f"{slug}.{ending}").read_text(encoding="utf-8-sig")


def pictures(text: str) -> list[str]:
    """Return the addresses of the pictures in HTML."""
    return [str(image["src"]) for image in Page(text).all("img")]


def from_markdown(text: str) -> str:
    """Return the HTML of what follows the front matter."""
    return str(MarkdownIt("commonmark").render(text.split("---\n", 2)[2]))


# ---- in every form


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_the_brief_sources_licences_citation_and_a_picture_of_its_chart_beside_it(
    web: Web, tmp_path: Path, form: str
) -> None:
    text = export(web, tmp_path, form)
    words = " ".join(unescape(text).split()).replace("\\", "").replace('""', '"')
    brief = json.loads(web.client.get("/briefs/2026-05-22.json").text)
    for part in (brief["title"], brief["bullets"][0]["text"], "Epoch AI, AI Benchmarking Hub", "Apache-2.0",
                 "https://epoch.ai/benchmarks", brief["citation"]):  # fmt: skip
        assert part in words
    pictures = {path.relative_to(tmp_path).as_posix(): path for path in tmp_path.rglob("*.png")}
    assert len(pictures) == 4, "one for each that stands, and for the one that the data give"
    for name, path in pictures.items():
        assert path.read_bytes().startswith(b"\x89PNG")
        assert not name.startswith("2026-05-22") or path.name in text, "and says so"


@pytest.mark.parametrize("form", FORMS)
def test_with_a_public_address_the_chart_is_shown_from_there(
    public: Web, tmp_path: Path, form: str, address: str
) -> None:
    text = unescape(export(public, tmp_path, form))
    assert address in text
    assert ".png" not in text.replace(address, "")


# ---- Markdown


def test_markdown_has_front_matter_for_hugo_jekyll_and_ghost(
    public: Web, tmp_path: Path, may: Entry, address: str
) -> None:
    text = export(public, tmp_path, "md")
    assert (tmp_path / f"{may.slug}.md").is_file(), "named as Jekyll wants posts to be: day, then title"
    assert yaml.safe_load(text.split("---\n")[1]) == {
        "title": may.brief.title, "date": date(2026, 5, 22), "slug": may.slug, "description": may.brief.deck,
        "tags": ["AI", "open weights", "benchmarks"], "written_by": "template",
        "canonical_url": f"{PUBLIC}/briefs/{may.slug}",
    }  # fmt: skip
    html = from_markdown(text)
    assert pictures(html) == [address]
    assert "<h1>" not in html, "the theme writes the title"
    assert "<h2>Sources</h2>" in html
    assert "Cite as: gapbrief" in html


def test_markdown_without_a_public_address_is_a_leaf_bundle(web: Web, tmp_path: Path, may: Entry) -> None:
    """Hugo shows it at SLUG/, from where chart.png is SLUG/chart.png; so does Jekyll with a page."""
    text = export(web, tmp_path, "md")
    assert "canonical" not in text.split("---\n")[1]
    assert pictures(from_markdown(text)) == ["chart.png"]
    assert {path.name for path in (tmp_path / may.slug).iterdir()} == {"index.md", "chart.png"}
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


# ---- the others


def test_html_is_a_fragment_with_the_chart_and_one_part_of_sources_that_leads_to_its_page(
    web: Web, public: Web, tmp_path: Path, may: Entry
) -> None:
    text = export(web, tmp_path, "html")
    assert pictures(text) == [f"{may.slug}.png"]
    assert not Page(text).all("html")
    assert text.count("<h2>Sources</h2>") == text.count("Cite as: ") == 1
    assert f"{PUBLIC}/briefs/{may.slug}" in Page(export(public, tmp_path, "html")).links()


def test_json_holds_the_brief_its_own_sources_and_no_others_and_where_it_is(
    public: Web, tmp_path: Path, may: Entry
) -> None:
    brief = json.loads(export(public, tmp_path, "json"))
    assert (brief["slug"], brief["canonical_url"]) == (may.slug, f"{PUBLIC}/briefs/{may.slug}")
    assert brief["facts"]
    assert {"publisher", "citation", "licence", "url"} <= set(brief["sources"][0])
    cited, _, data = brief["citation"].partition("; data: ")
    assert cited.startswith("gapbrief ")
    assert len(brief["sources"]) > 1
    assert data.split("; ") == unique_citations(source["citation"] for source in brief["sources"])


def rows(web: Web, folder: Path, part: str) -> list[dict[str, str]]:
    """Return the rows of a part in the CSV of May's brief."""
    return [row for row in csv.DictReader(export(web, folder, "csv").splitlines()) if row["part"] == part]


def test_csv_holds_every_fact(web: Web, tmp_path: Path, may: Entry) -> None:
    facts = rows(web, tmp_path, "fact")
    brief = json.loads(web.client.get(f"/briefs/{may.slug}.json").text)
    assert [row["key"] for row in facts] == [fact["key"] for fact in brief["facts"]]
    assert {(row["brief"], row["published"]) for row in facts} == {(may.slug, "2026-05-22")}


def test_csv_holds_the_words_by_their_parts(public: Web, tmp_path: Path, may: Entry, address: str) -> None:
    def cells(part: str, *columns: str) -> list[tuple[str, ...]]:
        return [tuple(row[column] for column in columns) for row in rows(public, tmp_path, part)]

    bullets = [(str(number), bullet) for number, bullet in enumerate(may.brief.bullets, 1)]
    assert cells("title", "shown") == [(may.brief.title,)]
    assert cells("bullet", "key", "shown") == [(key, bullet.text) for key, bullet in bullets]
    assert cells("remark", "key", "shown") == [(key, bullet.remark) for key, bullet in bullets if bullet.remark]
    assert cells("chart", "value") == [(address,)]
    assert rows(public, tmp_path, "source")[0] | {"value": ""} == {
        "brief": may.slug, "published": "2026-05-22", "as_of": "2026-05-22", "part": "source",
        "key": "aider-2026-05-22", "value": "", "unit": "", "subject": "Aider",
        "shown": "Aider polyglot leaderboard (Apache-2.0)",
    }  # fmt: skip
    [(citation, page)] = cells("citation", "shown", "value")
    assert (citation[:9], page) == ("gapbrief ", f"{PUBLIC}/briefs/{may.slug}")


def test_csv_says_what_was_corrected(web: Web, tmp_path: Path) -> None:
    asyncio.run(export_briefs(web.site, tmp_path, "csv", None))
    text = (tmp_path / f"{entry(web, '2026-06-12').slug}.csv").read_text(encoding="utf-8-sig")
    notes = [row["shown"] for row in csv.DictReader(text.splitlines()) if row["part"] == "note"]
    assert [note[:26] for note in notes] == ["Corrected on 14 June 2026:"]


def test_csv_says_its_encoding_and_is_harmless_in_a_spreadsheet(web: Web, tmp_path: Path, may: Entry) -> None:
    worst = replace(may, brief=replace(may.brief, title="=1+1"))
    text = json.dumps(worst.brief.to_json() | {"citation": "@x"})
    content = FORMS["csv"][1](worst, text, "")
    assert isinstance(content, bytes)
    assert content.startswith(b"\xef\xbb\xbf")
    shown_by_part = {row["part"]: row["shown"] for row in csv.DictReader(content.decode("utf-8-sig").splitlines())}
    assert (shown_by_part["title"], shown_by_part["citation"]) == ("'=1+1", "'@x")


# ---- which briefs


def test_only_briefs_of_a_day_and_later_that_stand_are_written(web: Web, tmp_path: Path) -> None:
    assert asyncio.run(export_briefs(web.site, tmp_path, "text", date(2026, 6, 12))) == Exported(3)
    assert sorted(path.name[:10] for path in tmp_path.glob("*.txt")) == ["2026-06-12", "2026-08-22", "2026-09-30"]


def test_no_brief_since_a_day_says_of_when_the_newest_is_that_could_be_written(
    web: Web, start_web: Starter, late: Archive, tmp_path: Path
) -> None:
    """Neither one that was withdrawn, nor the one that was posted last of an earlier day."""
    for site in (web.site, start_web(state_url=late.url).site):
        with pytest.raises(UsageError, match=r"since 1 November 2026; the newest is from 30 September 2026\."):
            asyncio.run(export_briefs(site, tmp_path / "out", "md", date(2026, 11, 1)))
    assert not (tmp_path / "out").exists()


# ---- what an earlier export left


def test_a_brief_is_there_in_one_layout_alone(web: Web, public: Web, tmp_path: Path, may: Entry) -> None:
    export(web, tmp_path, "md")
    (tmp_path / "notes").mkdir()
    result = asyncio.run(export_briefs(public.site, tmp_path, "md", None))
    assert f"{may.slug}/index.md" in result.removed
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"notes"}
    result = asyncio.run(export_briefs(web.site, tmp_path, "md", None))
    assert f"{may.slug}.md" in result.removed
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
    assert asyncio.run(export_briefs(web.site, tmp_path, "md", None)) == Exported(4)


def test_a_chart_stays_for_the_other_forms_that_it_belongs_to(
    web: Web, public: Web, tmp_path: Path, may: Entry
) -> None:
    export(public, tmp_path, "md")
    export(public, tmp_path, "text")
    export(web, tmp_path, "md")
    assert {path.name for path in tmp_path.glob(f"{may.slug}.*")} == {f"{may.slug}.txt", f"{may.slug}.png"}


def test_briefs_of_other_days_stay_as_they_are(web: Web, public: Web, tmp_path: Path, may: Entry) -> None:
    export(web, tmp_path, "md")
    asyncio.run(export_briefs(public.site, tmp_path, "md", date(2026, 6, 1)))
    assert (tmp_path / may.slug / "index.md").is_file()


@dataclass(frozen=True)
class Exports:
    """An archive of one brief, and a folder to which it is exported again and again."""

    archive: Archive
    kept: StoredBrief
    site: Site
    out: Path

    def export(self, form: str, since: date | None = None) -> Exported:
        return asyncio.run(export_briefs(self.site, self.out, form, since))

    def withdraw(self) -> None:
        self.archive.withdraw(self.kept, at(date(2026, 8, 24)))


@pytest.fixture
def exports(start_web: Starter, archive: Archive, tmp_path: Path) -> Exports:
    kept = archive.post(date(2026, 8, 22))
    return Exports(archive, kept, start_web(state_url=archive.url).site, tmp_path / "out")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.slow
def test_of_a_brief_that_was_withdrawn_nothing_stays_that_we_wrote(exports: Exports, form: str) -> None:
    exports.export(form)
    assert list(exports.out.glob(f"{exports.kept.slug}*"))
    exports.withdraw()
    result = exports.export(form)
    assert (len(result.removed), result.left) == (1, ())
    assert not list(exports.out.glob(f"{exports.kept.slug}*"))


@pytest.mark.slow
def test_what_others_put_there_stays_and_is_named(exports: Exports) -> None:
    exports.export("md")
    slug, out = exports.kept.slug, exports.out
    (out / slug / "photo.jpg").write_bytes(b"mine")
    (out / f"{slug}.txt").write_text("What an editor wrote.")
    exports.withdraw()
    result = exports.export("md")
    assert (result.removed, result.left) == ((f"{slug}/index.md",), (f"{slug}.txt",))
    assert [path.name for path in (out / slug).iterdir()] == ["photo.jpg"]


@pytest.mark.slow
def test_what_was_withdrawn_goes_also_where_nothing_else_is_written(exports: Exports) -> None:
    exports.export("md")
    exports.withdraw()
    assert exports.export("md", date(2026, 11, 1)) == Exported(0, (f"{exports.kept.slug}/index.md",))
