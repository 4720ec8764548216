"""The archive as files: a static site for any host and folder, and briefs in forms for other tools."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

import core
from bot.files import write_atomically
from bot.links import DataForm, Form, Links, Shape, chart_path, data_path
from bot.newsroom.formats import defuse, strip_title
from bot.spreadsheet import Cell, write_csv
from bot.web import feeds
from bot.web.api import add_api
from bot.web.app import add_pages
from bot.web.archive import PER_PAGE, Entry
from bot.web.catalogue import plain
from bot.web.page_table import list_pages
from bot.web.site import BRIEF_FORMS, Site, card_of_brief, chart_of, chart_of_brief, write_brief
from core.answer import Chart
from core.errors import UsageError
from core.questions import Question
from core.words import day, quote

_HASHES = ".drawn.json"
"""The file with the hash of each chart's inputs."""
_STATIC = Path(__file__).parent / "static"


_PictureOrder = tuple[str, Chart, bool, Shape, Form]
"""A picture to draw: path, chart, whether dark, shape and form."""


@dataclass
class Shelf:
    """A static site's contents: paths of pages and feeds, and the charts and tables that they link."""

    pages: set[str]
    feeds: set[str]
    charts: dict[str, tuple[Question, str, bool, Shape, Form]] = field(default_factory=dict)
    tables: dict[str, tuple[Question, DataForm, str]] = field(default_factory=dict)
    cards: set[str] = field(default_factory=set)
    """The paths of briefs with a card."""


class FileLinks(Links):
    """Links between files, only to files that exist."""

    is_served = False

    def __init__(self, here: str, public_url: str | None, shelf: Shelf) -> None:
        super().__init__(here, public_url)
        self.shelf = shelf

    def has(self, path: str) -> bool:
        """Whether a path is a page or feed of the site."""
        return path.partition("#")[0] in self.shelf.pages | self.shelf.feeds

    def file(self, path: str) -> str:
        """Return a page's file, relative to the root."""
        page, mark, part = path.partition("#")
        return f"{page or 'index'}.html{mark}{part}" if page in self.shelf.pages else path

    def archive(self, number: int, words: str = "") -> str:
        """Return the path of a page (from 0) of the archive; files can't be searched."""
        return f"briefs-{number + 1}" if number else "briefs"

    def card(self, path: str) -> str:
        """Return the path of a brief's card, and register it for drawing."""
        self.shelf.cards.add(path)
        return super().card(path)

    def chart(
        self, question: Question, revision: str, *, kind: str = "", dark: bool = False, shape: Shape = "wide",
        form: Form = "png",
    ) -> str:  # fmt: skip
        """Return the path of a picture, and register it for drawing."""
        file = _file_of(chart_path(question, kind=kind, dark=dark, shape=shape), form)
        self.shelf.charts[file] = (question, kind, dark, shape, form)
        return file

    def data(self, question: Question, form: DataForm, table: str = "") -> str:
        """Return the path of a table, and register it for writing."""
        file = _file_of(data_path(question, form, table), form)
        self.shelf.tables[file] = (question, form, table)
        return file


def _file_of(path: str, form: str) -> str:
    """Return the file name for a path with a query."""
    path, _, query = path.partition("?")
    words = "".join(f".{plain(word)}" for word in query.split("&") if word)
    return f"{path.partition('.')[0]}{words}.{form}"


@dataclass(frozen=True)
class ExportedSite:
    """Counts of briefs, charts, and new or changed files."""

    briefs: int
    charts: int
    changed: int


async def export_site(site: Site, folder: Path, note: Callable[[str], None] = lambda _: None) -> ExportedSite:
    """Write the site into a folder by fetching each page from our own application; other files there stay.

    `note` receives progress. Files are replaced atomically, and pages come after the files that they show. Raises
    UsageError if a file can't be written.
    """
    entries = await site.archive.all()
    live_entries = [entry for entry in entries if not entry.withdrawn]  # a withdrawn brief has only its page
    addresses = {path: path for path, page in (await list_pages(site)).items() if page.in_files}
    addresses |= {f"briefs-{number}": f"briefs?page={number}" for number in range(2, -(-len(entries) // PER_PAGE) + 1)}
    feed_paths = {*(f"feed.{form}" for form in feeds.TYPES), "embed.json"} if site.public_url else set()
    shelf = Shelf(set(addresses), feed_paths)
    files_site = Site(site.services, partial(FileLinks, shelf=shelf))
    app = FastAPI()
    add_pages(app, files_site)
    add_api(app, files_site)
    # only the router: the middleware would throttle the export, and reword errors
    async with AsyncClient(transport=ASGITransport(app.router), base_url="http://files") as client:

        async def fetch(path: str) -> bytes:
            response = await client.get(f"/{path}")
            if response.status_code != 200:
                raise LookupError(f"/{path} gives {response.status_code}, though the site of files has it")
            return response.content

        pages: dict[str, bytes] = {}
        for number, (path, address) in enumerate(addresses.items(), 1):
            note(f"page {number}: {path or 'index'}")
            pages[f"{path or 'index'}.html"] = await fetch(address)
        other_paths = [f"{entry.path}.{ending}" for entry in live_entries for ending in BRIEF_FORMS]
        other_paths += ["sitemap.xml", "robots.txt"] if site.public_url else []
        other_paths += [f"static/{file.name}" for file in _STATIC.iterdir()]
        files = {path: await fetch(path) for path in other_paths}
        n_changed = await _draw(site, await _pictures(site, shelf, entries), folder, note)
        # feeds come after the pictures, whose sizes they contain
        files |= {path: await fetch(path) for path in sorted(feed_paths)}
        tables = {path: await fetch(data_path(*table)) for path, table in list(shelf.tables.items())}
    n_changed += sum(write(folder / path, content) for path, content in (files | tables | pages).items())
    for entry in entries:
        for ending in (*BRIEF_FORMS, "png") if entry.withdrawn else ():
            with suppress(OSError):
                (folder / f"{entry.path}.{ending}").unlink()
    return ExportedSite(len(entries), len(shelf.charts), n_changed)


async def _draw(site: Site, pictures: Sequence[_PictureOrder], folder: Path, note: Callable[[str], None]) -> int:
    """Draw the charts whose inputs changed since the last export, and return the number of changed files.

    Drawing takes most of an export's time, so a file keeps the hash of each chart's inputs.
    """
    old_hashes, n_changed = _read_hashes(folder / _HASHES), 0
    hashes: dict[str, str] = {}
    for number, (path, chart, dark, shape, form) in enumerate(pictures, 1):
        inputs = repr((core.__version__, site.public_url, chart, dark, shape, form))
        hashes[path] = hashlib.sha256(inputs.encode()).hexdigest()
        if old_hashes.get(path) == hashes[path] and (folder / path).is_file():
            site.services.pictures.put((folder / path).read_bytes(), chart, dark=dark, shape=shape, form=form)
            continue
        note(f"chart {number} of {len(pictures)}: {path}")
        n_changed += write(folder / path, await site.draw(chart, dark=dark, shape=shape, form=form))
    write(folder / _HASHES, json.dumps(hashes, indent=1) + "\n")
    return n_changed


async def _pictures(site: Site, shelf: Shelf, entries: Iterable[Entry]) -> list[_PictureOrder]:
    """Return the pictures on the site's pages, and the briefs' cards."""
    pictures: list[_PictureOrder] = []
    for path, (question, kind, dark, shape, form) in shelf.charts.items():
        chart = chart_of(await site.answer(question), kind)
        if chart is None:
            raise LookupError(f"{question} has no {kind} chart, though a page shows it")
        pictures.append((path, chart, dark, shape, form))
    for entry in entries:
        if entry.path in shelf.cards:
            pictures.append((f"{entry.path}.png", await card_of_brief(site, entry), False, "card", "png"))
    return pictures


def _read_hashes(path: Path) -> dict[str, str]:
    """Return the hashes of the last export, empty if unknown."""
    try:
        hashes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return hashes if isinstance(hashes, dict) else {}


def write(path: Path, content: str | bytes) -> bool:
    """Write a file atomically, and return whether it changed; raises UsageError if it can't be written."""
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    except OSError as error:
        raise UsageError(f"{quote(str(path), 80)} can't be written ({error.strerror}); give another folder.") from error
    return True


TAGS = ("AI", "open weights", "benchmarks")
_CITED = re.compile(r"gapbrief\s+\S+,\s+as\s+of\s")
_HEAD = ("brief", "published", "as_of", "part", "key", "value", "unit", "subject", "shown")


@dataclass(frozen=True)
class Exported:
    """The number of briefs written, and stale files: those removed, and those left as possibly others' work."""

    briefs: int
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


async def export_briefs(site: Site, folder: Path, form: str, since: date | None) -> Exported:
    """Write the briefs since a day into a folder.

    Our earlier files of withdrawn briefs, or in another layout, are removed so that nobody publishes them. Raises
    UsageError if there is no brief or a file can't be written.
    """
    archive = await site.archive.all()
    live_entries = [entry for entry in archive if entry.withdrawn_at is None]
    entries = [entry for entry in live_entries if since is None or entry.brief.published >= since]
    stale = [path for entry in archive if entry.withdrawn_at for path in _all_files(entry.slug)]
    for entry in entries:
        files = await _brief_files(site, entry, form)
        for path, content in files.items():
            write(folder / path, content)
        if form == "md":
            stale += [path for path in _markdown_files(entry.slug) if path not in files]
    removed, left = _remove_stale(folder, stale)
    if not (entries or removed or left):
        if not live_entries:
            raise UsageError("There is no brief yet; the data give none.")
        newest = max(entry.brief.published for entry in live_entries)
        raise UsageError(f"There is no brief since {day(since or date.min)}; the newest is from {day(newest)}.")
    return Exported(len(entries), removed, left)


async def _brief_files(site: Site, entry: Entry, form: str) -> dict[str, str | bytes]:
    """Return a brief's file and its chart's by path; the brief links the public chart if there is one.

    Otherwise Markdown becomes a folder with both, like Hugo's leaf bundles: site generators give each page a folder,
    and only pictures in it are found.
    """
    links = Links(entry.path, site.public_url)
    ending, write_form = FORMS[form]
    file, picture = f"{entry.slug}.{ending}", f"{entry.slug}.png"
    if form == "md" and not links.public_url:
        file, picture = f"{entry.slug}/index.md", f"{entry.slug}/chart.png"
    local_chart = "" if links.public_url else Path(picture).name
    text = await write_brief(site, links, entry, "json" if form == "csv" else form, local_chart=local_chart)
    _, chart = await chart_of_brief(site, entry)
    files: dict[str, str | bytes] = {picture: await site.draw(chart)} if chart else {}
    return files | {file: write_form(entry, text, links.absolute() or "")}


# ---- stale files


def _markdown_files(slug: str) -> tuple[str, str]:
    return f"{slug}.md", f"{slug}/index.md"


def _all_files(slug: str) -> list[str]:
    other_files = (f"{slug}.{ending}" for form, (ending, _) in FORMS.items() if form != "md")
    return [*_markdown_files(slug), *other_files]


def _remove_stale(folder: Path, paths: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove our files among some paths, with their charts; return the removed paths, and those left."""
    removed, left = [], []
    for path in paths:
        if not (folder / path).is_file():
            continue
        if _remove_ours(folder / path):
            removed.append(path)
            _remove_chart(folder, path)
        else:
            left.append(path)
    return tuple(removed), tuple(left)


def _remove_chart(folder: Path, path: str) -> None:
    """Remove a file's chart unless another form of the brief uses it, and its empty folder."""
    slug, _, rest = path.partition("/")
    with suppress(OSError):
        if rest:
            (folder / slug / "chart.png").unlink(missing_ok=True)
            (folder / slug).rmdir()
        else:
            slug = slug.partition(".")[0]
            if not any((folder / f"{slug}.{ending}").exists() for ending, _ in FORMS.values()):
                (folder / f"{slug}.png").unlink(missing_ok=True)


def _remove_ours(file: Path) -> bool:
    """Remove a file if it is ours by its content: our citation, and in Markdown the slug in its front matter."""
    slug = file.parent.name if file.name == "index.md" else file.stem
    try:
        text = file.read_text(encoding="utf-8-sig")
        has_slug = file.suffix != ".md" or f"\nslug: {slug}\n" in text.partition("\n---\n")[0] + "\n"
        is_ours = has_slug and _CITED.search(text) is not None
        if is_ours:
            file.unlink()
    except (OSError, UnicodeError):
        return False
    return is_ours


# ---- forms


def _markdown(entry: Entry, text: str, url: str) -> str:
    """Write Markdown with front matter for Hugo, Jekyll and Ghost, whose themes show the title."""
    brief = entry.brief
    matter: dict[str, Any] = {
        "title": defuse(brief.title), "date": brief.published, "slug": entry.slug,
        "description": defuse(brief.summary), "tags": list(TAGS), "written_by": brief.written_by,
    }  # fmt: skip
    matter |= {"canonical_url": url} if url else {}
    front = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{strip_title(text)}"


def _json(entry: Entry, text: str, url: str) -> str:
    brief = json.loads(text) | {"slug": entry.slug, "canonical_url": url or None}
    return json.dumps(brief, ensure_ascii=False, indent=2) + "\n"


def _csv(entry: Entry, text: str, _url: str) -> bytes:
    """Write a brief's texts, facts and sources as rows, distinguished by the column `part`."""
    brief = json.loads(text)
    prefix = (entry.slug, brief["published"], brief["as_of"])
    return write_csv([_HEAD, *((*prefix, *row) for row in _rows(brief))])


def _rows(brief: dict[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each part of a brief: part, key, value, unit, subject, shown text."""

    def row(part: str, text: str, key: Cell = "", value: Cell = "") -> tuple[Cell, ...]:
        return part, key, value, "", "", text

    yield row("title", brief["title"])
    if brief["deck"]:
        yield row("deck", brief["deck"])
    for note in brief.get("notes", ()):
        yield row("note", note)
    for number, bullet in enumerate(brief["bullets"], 1):
        yield row("bullet", bullet["text"], number)
        if bullet["remark"]:
            yield row("remark", bullet["remark"], number)
    yield row("story", brief["read_more"]["label"], value=brief["read_more"]["url"])
    yield row("foot", brief["foot"])
    for fact in brief["facts"]:
        yield "fact", fact["key"], fact["value"], fact["unit"], fact["subject"], fact["shown"]
    if "chart" in brief:
        yield row("chart", brief["chart_alt"], value=brief["chart"])
    for source in brief.get("sources", ()):
        text = f"{source['citation']} ({source['licence']})"
        yield "source", source["source_id"], source["url"], "", source["publisher"], text
    yield row("citation", brief["citation"], value=brief.get("page", ""))


def _keep(_entry: Entry, text: str, _url: str) -> str:
    return text


FORMS: dict[str, tuple[str, Callable[[Entry, str, str], str | bytes]]] = {
    "text": ("txt", _keep), "md": ("md", _markdown), "html": ("html", _keep), "email": ("email.html", _keep),
    "json": ("json", _json), "csv": ("csv", _csv),
}  # fmt: skip
"""Forms by name: file ending, and what makes it of a brief, its text by `bot.newsroom`, and its public address."""
