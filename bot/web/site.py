"""The site behind pages, feeds and API: answers, catalogue, archive, templates; and briefs in every form."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from bot.links import Form, Links, Shape, chart_table
from bot.newsroom import Extras, correction_notes, render, unique_sources
from bot.services import Services
from bot.web import catalogue
from bot.web.archive import Archive, Entry
from bot.web.catalogue import Catalogue
from bot.web.markup import environment
from bot.web.metadata import component_embed
from bot.web.replies import WorkQueue
from core.answer import Answer, Chart
from core.brief import Brief, Earlier
from core.chart_course import Course, read_course
from core.chart_rows import Rows, read_ranges, read_rows
from core.errors import UsageError
from core.questions import GapQuestion, Question
from core.questions.sources import SourcesQuestion
from core.words import day, shorten_title

MENU = (("briefs", "Briefs"), ("best", "Best"), ("benchmarks", "Tests"), ("method", "Method"))
FURTHER = (
    ("models", "Models"), ("glossary", "Glossary"), ("sources", "Sources and licences"), ("data", "Data"),
    ("editors", "For editors"), ("api", "API"), ("feed.rss", "RSS"), ("feed.atom", "Atom"), ("feed.json", "JSON feed"),
)  # fmt: skip
"""Pages linked from every page's head, in one row on a phone, and from its foot."""
_QUESTIONS = (2, 12, 4.0, 12)
"""Questions computed at a time, questions that may wait, for how many seconds, and the most requests under way: beyond
them, requests that the cache can answer come first."""
_PICTURES = (1, 5, 4.0, 12)
"""The same for pictures, which one process draws."""
_BRIEFS = (1, 2, 4.0, 12)
"""The same for briefs written from data: few, so that a flood of days leaves the questions' queue free."""
_DESCRIPTION = 300
PAGE_SHAPES: tuple[Shape, ...] = "page", "phone"
"""Shapes of a chart within a page."""
MOST_ROWS = 8
"""Rows of a chart on a page."""
CARD: Literal["card"] = "card"
"""The kind, and shape, of the chart in a page's link preview."""


@dataclass(frozen=True)
class Head:
    """A page's metadata; `picture` is the path of its card; `hidden` keeps search engines away.

    `data` is its schema.org description, `finding` its uncut description.
    """

    title: str
    description: str
    picture: str = ""
    picture_alt: str = ""
    published: date | None = None
    hidden: bool = False
    data: dict[str, Any] | None = None
    finding: str = ""

    @classmethod
    def of(cls, title: str, description: str, picture: "Picture | None" = None, **more: Any) -> "Head":
        """Build a head with a shortened description, and a card as its picture."""
        text = " ".join(description.split())
        short = text if len(text) <= _DESCRIPTION else f"{text[: _DESCRIPTION - 1].rsplit(' ', 1)[0]}…"
        card = (picture.light, picture.alt) if picture else ()
        return cls(title, short, *card, **{"finding": text, **more})


@dataclass(frozen=True)
class Picture:
    """A chart on a page: the paths of its pictures, for desktop and phone, and its texts.

    A chart with `rows` or a `course` is rendered in HTML instead. `csv` is the path of its table, `columns` the path of
    the table's metadata.
    """

    alt: str
    light: str = ""
    dark: str = ""
    portrait: str = ""
    portrait_dark: str = ""
    png: str = ""
    svg: str = ""
    csv: str = ""
    columns: str = ""
    rows: Rows | None = None
    course: Course | None = None
    title: str = ""
    note: str = ""
    foot: str = ""


@dataclass(frozen=True)
class Part:
    """A section with an answer, or the reason for its absence."""

    title: str
    answer: Answer | None
    sentence: str


@dataclass
class Site:
    """The source of pages, feeds and API."""

    services: Services
    make_links: Callable[[str, str | None], Links] = Links
    """Makes the links of the page at a path, given the public address."""
    archive: Archive = field(init=False)
    _catalogue: Catalogue = field(default_factory=Catalogue, init=False)
    answer_queue: WorkQueue = field(default_factory=lambda: WorkQueue(*_QUESTIONS), init=False)
    picture_queue: WorkQueue = field(default_factory=lambda: WorkQueue(*_PICTURES), init=False)

    def __post_init__(self) -> None:
        services = self.services
        self.archive = Archive(services.settings, services.state, lambda: self.revision, WorkQueue(*_BRIEFS))

    @property
    def public_url(self) -> str | None:
        """The public address, if set."""
        return self.services.settings.public_url

    def links(self, path: str) -> Links:
        """Return the links of the page at a path."""
        return self.make_links(path, self.public_url)

    @property
    def revision(self) -> str:
        """The data's revision, "" before they are first read."""
        return self.services.answers.names.revision

    async def catalogue(self) -> Catalogue:
        """Return the current tests and models."""
        if not self.revision:
            await self.services.answers.refresh()
        if self._catalogue.revision != self.revision:
            self._catalogue = await asyncio.to_thread(catalogue.read_catalogue, self.services.settings)
        return self._catalogue

    async def answer(self, question: Question) -> Answer:
        """Answer a question, from the cache if possible; raises GapbriefError, and BusyError if too many wait."""
        answer = self.services.answers.cached(question)
        if answer is None:
            answer = await self.answer_queue.do(lambda: self.services.answers.answer(question))
        return answer

    async def warm(self) -> None:
        """Load changed data, and prepare the front page's answer and card."""
        await self.services.answers.refresh(self._draw)
        await self.catalogue()
        await self._draw(await self.answer(GapQuestion()))

    async def _draw(self, answer: Answer) -> None:
        if self.public_url:
            await self.services.pictures.picture(card_of(answer), dark=False, shape="card")

    async def part(self, title: str, question: Question) -> Part:
        """Answer a question for a section, or give the reason why not."""
        try:
            return Part(title, await self.answer(question), "")
        except UsageError as error:
            return Part(title, None, str(error))

    async def draw(self, chart: Chart, *, dark: bool = False, shape: Shape = "wide", form: Form = "png") -> bytes:
        """Return a chart's picture; raises BusyError if too many wait."""
        pictures = self.services.pictures
        picture = pictures.cached(chart, dark=dark, shape=shape, form=form)
        if picture is None:
            picture = await self.picture_queue.do(lambda: pictures.picture(chart, dark=dark, shape=shape, form=form))
        return picture

    def picture(self, links: Links, question: Question, answer: Answer) -> Picture | None:
        """Return an answer's first chart, None if missing or empty.

        Its title is left out if it would repeat the page's headline.
        """
        chart = chart_of(answer)
        if chart is None or chart.is_empty:
            return None

        def path(**form: Any) -> str:
            return links.chart(question, answer.revision, **form)

        title = "" if answer.lines[0].text.startswith(chart.title) else chart.title
        rows, notes = read_rows(chart, MOST_ROWS), [note for note in (chart.x_label, chart.y_label) if note]
        title, course = title or (notes.pop(0) if rows else ""), read_course(chart)
        is_drawn = not (rows or course)
        paths = [path(shape=shape, dark=dark) for shape in PAGE_SHAPES for dark in (False, True) if is_drawn]
        light, dark, portrait, portrait_dark = paths or [""] * 4
        return Picture(
            chart.alt or title, light, dark, portrait, portrait_dark, png=path(), svg=path(form="svg"),
            csv=links.data(question, "csv", chart_table(chart.kind)),
            columns=links.data(question, "metadata.json", chart_table(chart.kind)),
            rows=rows, course=course, title=title, note=" · ".join(notes), foot=chart.foot,
        )  # fmt: skip

    def card(self, links: Links, question: Question, answer: Answer) -> Picture | None:
        """Return an answer's card, None without a public address."""
        if links.absolute() is None:
            return None
        path = links.chart(question, answer.revision, kind=CARD, shape=CARD)
        return Picture(card_of(answer).alt, path)

    async def render(self, template: str, links: Links, head: Head, **parts: Any) -> str:
        """Render a page's template."""
        catalogue = await self.catalogue()
        names = {"menu": MENU, "further": FURTHER, "paths": catalogue.paths, "addresses": catalogue.addresses}
        picture = "" if head.hidden else head.picture
        preview = component_embed(links, head.title, head.finding, picture, head.picture_alt)
        return environment().get_template(template).render(head=head, links=links, preview=preview, **names, **parts)


def chart_of(answer: Answer, kind: str = "") -> Chart | None:
    """Return an answer's chart of a kind ("" for the first), or its card; None if there is none."""
    if kind == CARD:
        return card_of(answer)
    return next((chart for chart in answer.charts if kind in ("", chart.kind)), None)


def card_of(answer: Answer, title: str = "") -> Chart:
    """Return an answer's card: its current figures with ranges if it has an index chart, else its chart's rows.

    A title makes it a brief's card, with the rows of the brief's chart.
    """
    chart = chart_of(answer)
    if chart_of(answer, "index") is not None and not title:
        chart, title = read_ranges(answer), answer.lines[0].text
    title = shorten_title(title or chart.title) if chart else title or answer.lines[0].text
    chart = chart or Chart("ranges", "", "", "", ())
    foot = f"{day(date.fromisoformat(answer.as_of))} · {answer.basis_of(is_ranged=chart.is_ranged)}".removesuffix(" · ")
    return replace(chart, title=title, foot=foot, alt=title)


# ---- briefs


BRIEF_FORMS = {"md": "md", "txt": "text", "json": "json", "email.html": "email"}
"""Forms by the ending of a brief's address."""
BRIEF_TYPES = {"md": "text/markdown", "text": "text/plain", "json": "application/json", "email": "text/html"}
_MORE = 3


async def write_brief(site: Site, links: Links, entry: Entry, form: str, *, local_chart: str = "") -> str:
    """Render a brief in a form of `bot.newsroom`, with its addresses, corrections, sources and citation.

    `local_chart` is a chart's file, used instead of its address.
    """
    page, (chart, alt) = links.absolute(entry.path) or "", ("", "")
    answer, drawing = await chart_of_brief(site, entry)
    if drawing is not None and (page or local_chart):
        chart = local_chart or links.absolute(links.chart(entry.chart_question, entry.revision)) or ""
        alt = await site.services.pictures.describe(drawing)
    sources = unique_sources(answer) if answer else ()
    around = Extras(page, chart, alt, correction_notes(entry.corrected), sources, await cite(site, answer))
    return render(await _with_earlier(site, links, entry), form, around)


async def cite(site: Site, cited: Answer | None = None) -> str:
    """Return the citation of an answer, or of gapbrief and all its data."""
    if cited is not None:
        return cited.citation
    answer = await site.answer(SourcesQuestion())
    return next((line.text for line in answer.lines if line.label == "Cite gapbrief"), answer.lines[0].text)


async def chart_of_brief(site: Site, entry: Entry) -> tuple[Answer | None, Chart | None]:
    """Return the answer behind a brief's chart, and the chart, each None if missing."""
    try:
        answer = await site.answer(entry.chart_question)
    except UsageError:
        return None, None
    chart = chart_of(answer)
    return answer, None if chart is None or chart.is_empty else chart


async def card_of_brief(site: Site, entry: Entry) -> Chart:
    """Return a brief's card."""
    answer = await site.answer(entry.chart_question)
    return card_of(answer, entry.title)


async def _with_earlier(site: Site, links: Links, entry: Entry) -> Brief:
    """Return a brief that links earlier ones, if there is a public address."""
    entries, _ = await site.archive.page()
    earlier = [
        Earlier(other.brief.title, links.absolute(other.path) or "", other.brief.published)
        for other in entries
        if (other.brief.published, other.posted_at) < (entry.brief.published, entry.posted_at)
        and other.withdrawn_at is None
    ]
    return replace(entry.brief, more=tuple(earlier[:_MORE]) if links.public_url else ())
