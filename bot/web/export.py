"""The archive as files: as a site that any host can serve from any folder, and each brief in a form for other tools."""

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

_DRAWN = ".drawn.json"
"""The file that says of what each chart was drawn."""
_STATIC = Path(__file__).parent / "static"


_Wanted = tuple[str, Chart, bool, Shape, Form]
"""A picture: its path and chart, whether light on dark, its shape, and its form."""


@dataclass
class Shelf:
    """What a site of files holds: the paths of its pages and feeds, the charts that they show, and the tables."""

    pages: set[str]
    feeds: set[str]
    charts: dict[str, tuple[Question, str, bool, Shape, Form]] = field(default_factory=dict)
    tables: dict[str, tuple[Question, DataForm, str]] = field(default_factory=dict)
    cards: set[str] = field(default_factory=set)
    """The paths of briefs with a card."""


class FileLinks(Links):
    """How a page in a file writes addresses: to other files, and only to those that there are."""

    is_served = False

    def __init__(self, here: str, public_url: str | None, shelf: Shelf) -> None:
        super().__init__(here, public_url)
        self.shelf = shelf

    def has(self, path: str) -> bool:
        """Whether there is a page or feed at a path."""
        return path.partition("#")[0] in self.shelf.pages | self.shelf.feeds

    def file(self, path: str) -> str:
        """Return where a page's file is, below the root."""
        page, mark, part = path.partition("#")
        return f"{page or 'index'}.html{mark}{part}" if page in self.shelf.pages else path

    def archive(self, number: int, words: str = "") -> str:
        """Return the path of a page of the archive (counted from 0); files can't be searched."""
        return f"briefs-{number + 1}" if number else "briefs"

    def card(self, path: str) -> str:
        """Return the path of the card of a brief's page, which is then drawn with the site."""
        self.shelf.cards.add(path)
        return super().card(path)

    def chart(
        self, question: Question, revision: str, *, kind: str = "", dark: bool = False, shape: Shape = "wide",
        form: Form = "png",
    ) -> str:  # fmt: skip
        """Return the path of a picture, which is then drawn with the site."""
        file = _file_of(chart_path(question, kind=kind, dark=dark, shape=shape), form)
        self.shelf.charts[file] = (question, kind, dark, shape, form)
        return file

    def data(self, question: Question, form: DataForm, table: str = "") -> str:
        """Return the path of a table, which is then written with the site."""
        file = _file_of(data_path(question, form, table), form)
        self.shelf.tables[file] = (question, form, table)
        return file


def _file_of(path: str, form: str) -> str:
    """Return the file for an address with a query."""
    path, _, query = path.partition("?")
    words = "".join(f".{plain(word)}" for word in query.split("&") if word)
    return f"{path.partition('.')[0]}{words}.{form}"


@dataclass(frozen=True)
class Written:
    """What was written: so many briefs and charts, and so many files that are new or changed."""

    briefs: int
    charts: int
    changed: int


async def export_site(site: Site, folder: Path, note: Callable[[str], None] = lambda _: None) -> Written:
    """Write the site into a folder, each file as our own application serves it; what else is in the folder stays.

    `note` is called with what is being made. Each file is replaced whole, and what pages show is written before them.
    Raises UsageError where a file can't be written.
    """
    entries = await site.archive.all()
    standing = [entry for entry in entries if not entry.withdrawn]  # one that was withdrawn has its page alone
    addresses = {path: path for path, page in (await list_pages(site)).items() if page.in_files}
    addresses |= {f"briefs-{number}": f"briefs?page={number}" for number in range(2, -(-len(entries) // PER_PAGE) + 1)}
    feed_paths = {*(f"feed.{form}" for form in feeds.TYPES), "embed.json"} if site.public_url else set()
    shelf = Shelf(set(addresses), feed_paths)
    files_site = Site(site.services, partial(FileLinks, shelf=shelf))
    app = FastAPI()
    add_pages(app, files_site)
    add_api(app, files_site)
    # the router alone: what guards it from the network would hold back whoever takes all of it, and reword what fails
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
        others = [f"{entry.path}.{ending}" for entry in standing for ending in BRIEF_FORMS]
        others += ["sitemap.xml", "robots.txt"] if site.public_url else []
        files = {path: await fetch(path) for path in [*(f"static/{file.name}" for file in _STATIC.iterdir()), *others]}
        changed = await _draw(site, await _pictures(site, shelf, entries), folder, note)
        files |= {path: await fetch(path) for path in sorted(feed_paths)}  # they say how large the pictures are
        tables = {path: await fetch(data_path(*table)) for path, table in list(shelf.tables.items())}
    changed += sum(write(folder / path, content) for path, content in (files | tables | pages).items())
    for entry in entries:
        for ending in (*BRIEF_FORMS, "png") if entry.withdrawn else ():
            with suppress(OSError):
                (folder / f"{entry.path}.{ending}").unlink()
    return Written(len(entries), len(shelf.charts), changed)


async def _draw(site: Site, pictures: Sequence[_Wanted], folder: Path, note: Callable[[str], None]) -> int:
    """Draw the charts that are not in the folder as they would be drawn, and return how many files changed.

    A file beside them says of what each was drawn: to draw them takes most of the time that a site takes.
    """
    drawn, changed = _drawn_of(folder / _DRAWN), 0
    now: dict[str, str] = {}
    for number, (path, chart, dark, shape, form) in enumerate(pictures, 1):
        of = repr((core.__version__, site.public_url, chart, dark, shape, form))
        now[path] = hashlib.sha256(of.encode()).hexdigest()
        if drawn.get(path) == now[path] and (folder / path).is_file():
            site.services.pictures.put((folder / path).read_bytes(), chart, dark=dark, shape=shape, form=form)
            continue
        note(f"chart {number} of {len(pictures)}: {path}")
        changed += write(folder / path, await site.draw(chart, dark=dark, shape=shape, form=form))
    write(folder / _DRAWN, json.dumps(now, indent=1) + "\n")
    return changed


async def _pictures(site: Site, shelf: Shelf, entries: Iterable[Entry]) -> list[_Wanted]:
    """Return the pictures that the pages of a site show, and those that stand for its briefs."""
    pictures: list[_Wanted] = []
    for path, (question, kind, dark, shape, form) in shelf.charts.items():
        chart = chart_of(await site.answer(question), kind)
        if chart is None:
            raise LookupError(f"{question} has no {kind} chart, though a page shows it")
        pictures.append((path, chart, dark, shape, form))
    for entry in entries:
        if entry.path in shelf.cards:
            pictures.append((f"{entry.path}.png", await card_of_brief(site, entry), False, "card", "png"))
    return pictures


def _drawn_of(path: Path) -> dict[str, str]:
    """Return of what each chart was drawn the last time, nothing where that is not known."""
    try:
        hashes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return hashes if isinstance(hashes, dict) else {}


def write(path: Path, content: str | bytes) -> bool:
    """Write a file whole or not at all, and return whether it changed; raises UsageError where it can't be."""
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
class ExportedBrief:
    """A brief as `bot.newsroom` writes it, and its public address, "" where it has none."""

    entry: Entry
    text: str
    url: str


@dataclass(frozen=True)
class Exported:
    """How many briefs were written, and what an earlier export left: what was removed, and what may be others' work."""

    briefs: int
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


async def export_briefs(site: Site, folder: Path, form: str, since: date | None) -> Exported:
    """Write the briefs of a day and later into a folder.

    Of what we wrote there before, all goes of briefs that were withdrawn, and what shows a brief in another layout than
    now, so that nobody publishes it from there. Raises UsageError where there is no brief, or where a file can't be
    written.
    """
    archive = await site.archive.all()
    standing = [each for each in archive if each.withdrawn_at is None]
    entries = [each for each in standing if since is None or each.brief.published >= since]
    stale = [path for each in archive if each.withdrawn_at for path in _all_files(each.slug)]
    for entry in entries:
        files = await _files(site, entry, form)
        for path, content in files.items():
            write(folder / path, content)
        if form == "md":
            stale += [path for path in _markdown_files(entry.slug) if path not in files]
    removed, left = _remove(folder, stale)
    if not (entries or removed or left):
        if not standing:
            raise UsageError("There is no brief yet; the data give none.")
        newest = max(each.brief.published for each in standing)
        raise UsageError(f"There is no brief since {day(since or date.min)}; the newest is from {day(newest)}.")
    return Exported(len(entries), removed, left)


async def _files(site: Site, entry: Entry, form: str) -> dict[str, str | bytes]:
    """Return a brief's file and its chart's, by their paths; the brief shows the chart from the web where it can.

    Markdown that can't is a folder with both, as Hugo's leaf bundles: site generators give a page a folder of its own,
    and only a picture that is in it is found from there.
    """
    links = Links(entry.path, site.public_url)
    ending, written = FORMS[form]
    file, picture = f"{entry.slug}.{ending}", f"{entry.slug}.png"
    if form == "md" and not links.public_url:
        file, picture = f"{entry.slug}/index.md", f"{entry.slug}/chart.png"
    beside = "" if links.public_url else Path(picture).name
    text = await write_brief(site, links, entry, _BASES.get(form, form), beside=beside)
    _, chart = await chart_of_brief(site, entry)
    files: dict[str, str | bytes] = {picture: await site.draw(chart)} if chart else {}
    return files | {file: written(ExportedBrief(entry, text, links.absolute() or ""))}


# ---- what an earlier export left


def _markdown_files(slug: str) -> tuple[str, str]:
    return f"{slug}.md", f"{slug}/index.md"


def _all_files(slug: str) -> list[str]:
    others = (f"{slug}.{ending}" for form, (ending, _) in FORMS.items() if form != "md")
    return [*_markdown_files(slug), *others]


def _remove(folder: Path, paths: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove those of some files that we wrote, with their charts; return these, and the others that are there."""
    removed, left = [], []
    for path in paths:
        file = folder / path
        if not file.is_file():
            continue
        if not _is_ours(file):
            left.append(path)
            continue
        try:
            file.unlink()
        except OSError:
            left.append(path)
            continue
        removed.append(path)
        _remove_chart(folder, path)
    return tuple(removed), tuple(left)


def _remove_chart(folder: Path, path: str) -> None:
    """Remove the chart that lay beside a file, unless another form of the brief has it too; and a folder left empty."""
    slug, _, rest = path.partition("/")
    with suppress(OSError):
        if rest:
            (folder / slug / "chart.png").unlink(missing_ok=True)
            (folder / slug).rmdir()
        else:
            slug = slug.partition(".")[0]
            if not any((folder / f"{slug}.{ending}").exists() for ending, _ in FORMS.values()):
                (folder / f"{slug}.png").unlink(missing_ok=True)


def _is_ours(file: Path) -> bool:
    """Whether a file that is named as ours also reads so: each form has our citation, Markdown its slug in front."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError):
        return False
    if _CITED.search(text) is None:
        return False
    slug = file.parent.name if file.name == "index.md" else file.stem
    return file.suffix != ".md" or f"\nslug: {slug}\n" in text.partition("\n---\n")[0] + "\n"


# ---- the forms


def _as_it_is(exported: ExportedBrief) -> str:
    return exported.text


def _markdown(exported: ExportedBrief) -> str:
    """Write Markdown with front matter as Hugo, Jekyll and Ghost's importers read it; the theme shows the title."""
    brief = exported.entry.brief
    matter: dict[str, Any] = {
        "title": defuse(brief.title), "date": brief.published, "slug": exported.entry.slug,
        "description": defuse(brief.summary), "tags": list(TAGS),
        "written_by": brief.written_by,
    }  # fmt: skip
    if exported.url:
        matter["canonical_url"] = exported.url
    front = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{strip_title(exported.text)}"


def _json(exported: ExportedBrief) -> str:
    brief = json.loads(exported.text) | {"slug": exported.entry.slug, "canonical_url": exported.url or None}
    return json.dumps(brief, ensure_ascii=False, indent=2) + "\n"


def _csv(exported: ExportedBrief) -> bytes:
    """Write what a brief says, a row each; the column `part` tells its words, facts and sources apart."""
    brief = json.loads(exported.text)
    of = (exported.entry.slug, brief["published"], brief["as_of"])
    return write_csv([_HEAD, *((*of, *row) for row in _rows(brief))])


def _rows(brief: dict[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """Yield each part of a brief: which it is, key, value, unit, subject, and how it is shown."""

    def words(part: str, shown: str, key: Cell = "", value: Cell = "") -> tuple[Cell, ...]:
        return part, key, value, "", "", shown

    yield words("title", brief["title"])
    if brief["deck"]:
        yield words("deck", brief["deck"])
    for note in brief.get("notes", ()):
        yield words("note", note)
    for number, bullet in enumerate(brief["bullets"], 1):
        yield words("bullet", bullet["text"], number)
        if bullet["remark"]:
            yield words("remark", bullet["remark"], number)
    yield words("story", brief["read_more"]["label"], value=brief["read_more"]["url"])
    yield words("foot", brief["foot"])
    for fact in brief["facts"]:
        yield "fact", fact["key"], fact["value"], fact["unit"], fact["subject"], fact["shown"]
    if "chart" in brief:
        yield words("chart", brief["chart_alt"], value=brief["chart"])
    for each in brief.get("sources", ()):
        shown = f"{each['citation']} ({each['licence']})"
        yield "source", each["source_id"], each["url"], "", each["publisher"], shown
    yield words("citation", brief["citation"], value=brief.get("page", ""))


FORMS: dict[str, tuple[str, Callable[[ExportedBrief], str | bytes]]] = {
    "text": ("txt", _as_it_is), "md": ("md", _markdown), "html": ("html", _as_it_is),
    "email": ("email.html", _as_it_is), "json": ("json", _json), "csv": ("csv", _csv),
}  # fmt: skip
"""Every form by its name: how its file ends, and how it is written."""
_BASES = {"csv": "json"}
"""The form of `bot.newsroom` on which a form rests, where it has another name."""
