"""The site of files: whole, with no link that leads nowhere, and safe to write again and again."""

import asyncio
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import feedparser
import pytest

from bot.pictures import Pictures
from bot.web.export import export_site, write
from bot.web.site import Site
from core.answer import Chart
from core.errors import UsageError
from tests.bot.web.chromium import chromium
from tests.bot.web.conftest import POSTED, PUBLIC, Archive, Starter, Web, at, entry
from tests.bot.web.test_app import UNDER, paths
from tests.bot.web.test_pages import MOST_BYTES, Page
from tests.bot.web.test_sitemap import addresses

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(start_web: Starter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site under a public address, written once; of charts of a kind one is drawn for all, since that takes long."""
    drawer = Site.draw
    path, drawn = tmp_path_factory.mktemp("site"), dict[tuple[object, ...], bytes]()

    async def draw(site: Site, chart: Chart, **how: Any) -> bytes:
        key = (chart.kind, *how.items())
        if key not in drawn:
            drawn[key] = await drawer(site, chart, **how)
        site.services.pictures.put(drawn[key], chart, **how)
        return drawn[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Site, "draw", draw)
        asyncio.run(export_site(start_web(PUBLIC).site, path))
    return path


def local(folder: Path, path: Path, link: str) -> tuple[Path, str]:
    """Return the file, and the place in it, to which a link on a page leads."""
    target, part = urldefrag(urljoin(path.as_uri(), link))
    return Path(urlsplit(target).path), part


@cache
def ids(path: Path) -> set[str | None]:
    """Return the ids on a page."""
    return {tag.get("id") for _, tag in Page(path.read_text()).tags}


def test_every_link_leads_to_a_file_of_the_site(folder: Path) -> None:
    pages = [path for path in folder.rglob("*.html") if not path.name.endswith(".email.html")]
    assert len(pages) > 40
    for path in pages:
        parsed_page = Page(path.read_text())
        assert len(path.read_bytes()) < MOST_BYTES
        for link in parsed_page.links():
            if urlsplit(link).netloc:
                continue
            target, part = local(folder, path, link)
            assert target.is_file(), f"{link} in {path.name}"
            assert target.is_relative_to(folder)
            if part:
                assert part in ids(target), f"{link} in {path.name}"


def test_it_holds_the_archive_in_every_form(folder: Path, web: Web) -> None:
    names = {path.name for path in (folder / "briefs").iterdir()}
    may = entry(web, "2026-05-22").slug
    assert {f"{may}.{ending}" for ending in ("html", "md", "txt", "json", "email.html")} <= names
    assert not any(name.startswith("2026-07-01") and not name.endswith(".html") for name in names), "it was withdrawn"


def test_feeds_and_pictures_lead_to_where_the_files_will_be(folder: Path) -> None:
    for form in ("rss", "atom"):
        feed = feedparser.parse((folder / f"feed.{form}").read_bytes())
        assert not feed.bozo
        for item in feed.entries:
            for address in (item.link, *(enclosed.href for enclosed in item.enclosures)):
                assert address.startswith(f"{PUBLIC}/")
                assert (folder / address.removeprefix(f"{PUBLIC}/")).is_file()
    assert json.loads((folder / "embed.json").read_text())["html"].startswith(f'<iframe src="{PUBLIC}/embed.html"')


def test_it_lists_its_own_pages_and_leads_to_the_list(folder: Path) -> None:
    listing = addresses((folder / "sitemap.xml").read_text())
    listed = {address.removeprefix(f"{PUBLIC}/") or "index.html" for address in listing}
    assert {path for path in listed if not (folder / path).is_file()} == set()
    assert {"index.html", "briefs.html", "best/32b.html", "benchmarks/weirdml.html"} <= listed
    assert not any(path.startswith("briefs/2026-07-01") for path in listed), "it was withdrawn"
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in (folder / "robots.txt").read_text()


def test_tables_lie_beside_what_describes_them(folder: Path) -> None:
    described = sorted((folder / "api").glob("*.metadata.json"))
    assert len(described) > 40
    for path in described:
        table = folder / "api" / json.loads(path.read_text())["url"]
        columns = json.loads(path.read_text())["tableSchema"]["columns"]
        assert table.read_text(encoding="utf-8-sig").splitlines()[0] == ",".join(column["titles"] for column in columns)


def test_charts_are_whole_pictures(folder: Path) -> None:
    pictures = list((folder / "charts").iterdir())
    assert len(pictures) > 50
    for path in pictures:
        begins = b"\x89PNG" if path.suffix == ".png" else b"<svg"
        assert path.read_bytes().startswith(begins)


def test_what_can_not_be_in_files_is_not_offered(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        text = path.read_text()
        assert 'role="search"' not in text
        assert "models/" not in text
        assert not re.search(r'href="[./]*api(?!/[^"?]+\.(?:csv|metadata\.json)")', text), "tables alone are files"


def test_written_again_nothing_changes_or_is_drawn_and_what_is_not_ours_stays(
    start_web: Starter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def draw(*_: object, **__: object) -> bytes:
        raise AssertionError("drawn again")

    monkeypatch.setattr(Pictures, "_draw", draw)
    (folder / "CNAME").write_text("gap.example.org")
    notes: list[str] = []
    written = asyncio.run(export_site(start_web(PUBLIC).site, folder, notes.append))
    assert written.changed == 0
    assert notes[0].startswith("page 1: ")
    assert (folder / "CNAME").read_text() == "gap.example.org"


@pytest.mark.usefixtures("undrawn")
def test_under_an_address_with_a_path_it_leads_to_its_own_files(start_web: Starter, tmp_path: Path) -> None:
    asyncio.run(export_site(start_web(UNDER).site, tmp_path))
    files = [path for path in tmp_path.rglob("*") if path.suffix in (".html", ".md", ".txt", ".json", ".rss", ".atom")]
    assert files
    for file in files:
        for address in paths(file.read_text()):
            assert (tmp_path / (address.strip("/") or "index.html")).is_file(), f"{address} in {file.name}"


def test_it_works_from_a_folder(folder: Path) -> None:
    with chromium() as browser:
        page, failed = browser.new_page(), []
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.goto((folder / "index.html").as_uri(), wait_until="networkidle")
        for label in ("Briefs", "Best", "Tests", "Method", "Glossary", "Sources and licences", "For editors"):
            page.get_by_label("Pages").get_by_role("link", name=label, exact=True).click()
            page.wait_for_load_state("networkidle")
            assert page.locator("h1").count() == 1
        assert failed == []


@pytest.mark.usefixtures("undrawn")
def test_without_a_public_address_there_are_no_feeds_and_a_brief_withdrawn_later_loses_its_other_forms(
    start_web: Starter, archive: Archive, tmp_path: Path
) -> None:
    kept, folder = archive.post(POSTED[0]), tmp_path / "site"
    site = start_web(None, archive.url).site
    asyncio.run(export_site(site, folder))
    assert not list(folder.glob("feed.*"))
    assert "feed.rss" not in (folder / "index.html").read_text()
    assert (folder / "briefs" / f"{kept.slug}.md").is_file()
    archive.withdraw(kept, at(POSTED[1]))
    asyncio.run(export_site(site, folder))
    assert not (folder / "briefs" / f"{kept.slug}.md").exists()
    assert "was withdrawn" in (folder / "briefs" / f"{kept.slug}.html").read_text()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a" / "page.html"
    assert write(path, "before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.files.os.replace", full)
    with pytest.raises(UsageError, match=r"can't be written \(No space left on device\); give another folder\."):
        write(path, "after")
    assert path.read_text() == "before"
    assert [child.name for child in path.parent.iterdir()] == ["page.html"]
