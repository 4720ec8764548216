"""The archive as a site of files, which any host can serve from any folder."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import core
from bot.files import write_whole
from bot.links import DataForm, Form, Links, Shape, chart_path, data_path
from bot.web import feeds, pages
from bot.web.archive import PER_PAGE, Entry
from bot.web.brief_downloads import FORMS, card_of_brief, take
from bot.web.catalogue import plain
from bot.web.chart_images import draw
from bot.web.data_files import write_table
from bot.web.site import Site, chart_of
from bot.web.sitemap import robots, sitemap
from core.answer import Chart
from core.errors import UsageError
from core.questions import Question
from core.words import quote

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
    """Write the site into a folder; what else is in it stays. `note` is told what is being made.

    Each file is replaced whole, and one that leads to another comes after it. Raises UsageError where a file can't be
    written.
    """
    entries = await site.archive.all()
    tests = (await site.catalogue()).tests
    made: dict[str, pages.Page] = {
        **{test.path: partial(pages.benchmark, test=test) for test in tests},
        **{path: partial(pages.best, path=path) for path in pages.best_paths(tests)},
        **{
            path: partial(pages.compare, left=left, right=right)
            for path, (_, left, right) in ((path, path.split("/")) for path in pages.COMPARED)
        },
        **pages.OF_THEMSELVES,
        "data": pages.data,
    }
    archive_pages = [f"briefs-{n + 1}" if n else "briefs" for n in range(max(1, -(-len(entries) // PER_PAGE)))]
    shelf = Shelf(
        {"", *archive_pages, *(each.path for each in entries), *made},
        {*(f"feed.{form}" for form in feeds.TYPES), "embed.json"} if site.public_url else set(),
    )

    def at(path: str) -> FileLinks:
        return FileLinks(path, site.public_url, shelf)

    files: dict[str, str | bytes] = {}
    for number, entry in enumerate(entries, 1):
        note(f"page {number}: {entry.slug}")
        forms = {} if entry.withdrawn_at else FORMS  # one that was withdrawn has its page alone
        files |= {f"{entry.path}.{name}": await take(site, at(entry.path), entry, form) for name, form in forms.items()}
        files[f"{entry.path}.html"] = await pages.brief(site, at(entry.path), entry)
    for number, (path, page) in enumerate(made.items(), len(entries) + 1):
        note(f"page {number}: {path}")
        files[f"{path}.html"] = await page(site, at(path))
    for number, path in enumerate(archive_pages):
        files[f"{path}.html"] = await pages.briefs(site, at(path), number, searchable=False)
    files["index.html"] = await pages.front(site, at(""))
    if site.public_url:
        files |= {"sitemap.xml": await sitemap(site, at("sitemap.xml")), "robots.txt": robots(at("robots.txt"))}
    changed = sum(write(folder / "static" / each.name, each.read_bytes()) for each in sorted(_STATIC.iterdir()))
    changed += await _draw(site, await _pictures(site, shelf, entries), folder, note)
    files |= {name: await _feed(site, at(name)) for name in sorted(shelf.feeds)}
    for path, (question, form, table) in shelf.tables.items():
        described = _file_of(data_path(question, "csv", table), "csv")
        files[path] = write_table(await site.answer(question), form, table, described)
    changed += sum(write(folder / path, content) for path, content in files.items())
    for path in _withdrawn(entries):
        with suppress(OSError):
            (folder / path).unlink()
    return Written(len(entries), len(shelf.charts), changed)


def _withdrawn(entries: Iterable[Entry]) -> list[str]:
    """Return the files of briefs that were withdrawn since they were written."""
    return [f"{each.path}.{ending}" for each in entries if each.withdrawn_at for ending in (*FORMS, "png")]


async def _feed(site: Site, links: FileLinks) -> str | bytes:
    form = links.here.removeprefix("feed.")
    if form in feeds.TYPES:
        return await feeds.feed(site, links, form)
    return json.dumps(await pages.oembed(site, links), indent=1) + "\n"


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
            site.services.pictures.keep((folder / path).read_bytes(), chart, dark=dark, shape=shape, form=form)
            continue
        note(f"chart {number} of {len(pictures)}: {path}")
        changed += write(folder / path, await draw(site, chart, dark=dark, shape=shape, form=form))
    write(folder / _DRAWN, json.dumps(now, indent=1) + "\n")
    return changed


async def _pictures(site: Site, shelf: Shelf, entries: Iterable[Entry]) -> list[_Wanted]:
    """Return the pictures that the pages of a site show, and those that stand for its briefs."""
    found: list[_Wanted] = []
    for path, (question, kind, dark, shape, form) in shelf.charts.items():
        chart = chart_of(await site.answer(question), kind)
        if chart is None:
            raise LookupError(f"{question} has no {kind} chart, though a page shows it")
        found.append((path, chart, dark, shape, form))
    for entry in entries:
        if entry.path in shelf.cards:
            found.append((f"{entry.path}.png", await card_of_brief(site, entry), False, "card", "png"))
    return found


def _drawn_of(path: Path) -> dict[str, str]:
    """Return of what each chart was drawn the last time, nothing where that is not known."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(path: Path, content: str | bytes) -> bool:
    """Write a file whole or not at all, and return whether it changed; raises UsageError where it can't be."""
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise UsageError(f"{quote(str(path), 80)} can't be written ({error.strerror}); give another folder.") from error
    return True
