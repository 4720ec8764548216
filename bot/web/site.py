"""What pages are made from: answers, the catalogue, the archive, the templates; and briefs in every form."""

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
from bot.web.replies import Turns
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
"""The pages that every page leads to: from its head, as many as one row of a phone holds, and from its foot."""
_QUESTIONS = (2, 12, 4.0, 12)
"""How many questions the pages have worked out at a time, how many may wait for that, and for how many seconds; and
beside how many requests: where there are more, those that are answered from memory go before."""
_PICTURES = (1, 5, 4.0, 12)
"""The same of pictures, which one process draws one after another."""
_BRIEFS = (1, 2, 4.0, 12)
"""The same of briefs that the data give: so few that who asks for many days leaves the turns of questions to others."""
_DESCRIPTION = 300
PAGE_SHAPES: tuple[Shape, ...] = "page", "phone"
"""The shapes of a chart within a page, which has its title."""
MOST_ROWS = 8
"""How many rows of a chart a page shows."""
CARD_HEIGHT = 630
CARD: Literal["card"] = "card"
"""The kinds of chart that stand for an answer, and for a shared page."""


@dataclass(frozen=True)
class Head:
    """What a page says of itself; `picture` is the path of a PNG, 1200 wide; `hidden` keeps it from search engines.

    `data` is what it says to programs, as schema.org has it; `finding` is its description whole.
    """

    title: str
    description: str
    picture: str = ""
    picture_alt: str = ""
    picture_height: int = 0
    published: date | None = None
    hidden: bool = False
    data: dict[str, Any] | None = None
    finding: str = ""

    @classmethod
    def of(cls, title: str, description: str, picture: "Picture | None" = None, **more: Any) -> "Head":
        """Make a head with a description of a fit length, and a card or a chart as its picture."""
        text = " ".join(description.split())
        short = text if len(text) <= _DESCRIPTION else f"{text[: _DESCRIPTION - 1].rsplit(' ', 1)[0]}…"
        card = (picture.light, picture.alt, picture.height) if picture else ()
        return cls(title, short, *card, **{"finding": text, **more})


@dataclass(frozen=True)
class Picture:
    """A chart on a page: the paths of its pictures, for a phone too unless it is a card, and its words.

    A chart that has `rows` or a `course` is written as these, below its title and note. `csv` is the path of what it
    draws, `columns` that of what describes this.
    """

    alt: str
    light: str = ""
    dark: str = ""
    portrait: str = ""
    portrait_dark: str = ""
    height: int = 675
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
    """A section that shows an answer, or the sentence why there is none."""

    title: str
    answer: Answer | None
    sentence: str


@dataclass
class Site:
    """Everything that pages, feeds and the API are made from."""

    services: Services
    make_links: Callable[[str, str | None], Links] = Links
    """How the page at a path writes addresses, given the public one."""
    archive: Archive = field(init=False)
    _catalogue: Catalogue = field(default_factory=Catalogue, init=False)
    working_out: Turns = field(default_factory=lambda: Turns(*_QUESTIONS), init=False)
    drawing: Turns = field(default_factory=lambda: Turns(*_PICTURES), init=False)

    def __post_init__(self) -> None:
        services = self.services
        self.archive = Archive(services.settings, services.state, lambda: self.revision, Turns(*_BRIEFS))

    @property
    def public_url(self) -> str | None:
        """Return the address under which people outside reach this site, None where none is set."""
        return self.services.settings.public_url

    def links(self, path: str) -> Links:
        """Return how the page at a path writes addresses."""
        return self.make_links(path, self.public_url)

    @property
    def revision(self) -> str:
        """Return the revision of the data, "" before they are read for the first time."""
        return self.services.answers.names.revision

    async def catalogue(self) -> Catalogue:
        """Return the tests and models of the data as they are."""
        if not self.revision:
            await self.services.answers.refresh()
        if self._catalogue.revision != self.revision:
            self._catalogue = await asyncio.to_thread(catalogue.read, self.services.settings)
        return self._catalogue

    async def answer(self, question: Question) -> Answer:
        """Answer a question, from memory where it can.

        Raises GapbriefError as every face does, BusyError where too many wait to be worked out.
        """
        answer = self.services.answers.cached(question)
        if answer is None:
            answer = await self.working_out.do(lambda: self.services.answers.answer(question))
        return answer

    async def warm(self) -> None:
        """Read what changed, and work out what the front page shows, with its card."""
        await self.services.answers.refresh(self._draw)
        await self.catalogue()
        await self._draw(await self.answer(GapQuestion()))

    async def _draw(self, answer: Answer) -> None:
        if self.public_url:
            await self.services.pictures.picture(card_of(answer), dark=False, shape="card")

    async def part(self, title: str, question: Question) -> Part:
        """Answer a question for a section, or say why it can't be answered."""
        try:
            return Part(title, await self.answer(question), "")
        except UsageError as error:
            return Part(title, None, str(error))

    async def draw(self, chart: Chart, *, dark: bool = False, shape: Shape = "wide", form: Form = "png") -> bytes:
        """Return a chart's picture; raises BusyError where too many wait to be drawn."""
        pictures = self.services.pictures
        picture = pictures.cached(chart, dark=dark, shape=shape, form=form)
        if picture is None:
            picture = await self.drawing.do(lambda: pictures.picture(chart, dark=dark, shape=shape, form=form))
        return picture

    def picture(self, links: Links, question: Question, answer: Answer, kind: str = "") -> Picture | None:
        """Return an answer's chart, None where it has none with anything in it.

        Its title is never the page's headline over another figure.
        """
        chart = chart_of(answer, kind)
        if chart is None or chart.is_empty:
            return None

        def path(**form: Any) -> str:
            return links.chart(question, answer.revision, kind=kind, **form)

        title = "" if answer.lines[0].text.startswith(chart.title) else chart.title
        rows, notes = read_rows(chart, MOST_ROWS), [note for note in (chart.x_label, chart.y_label) if note]
        title, course = title or (notes.pop(0) if rows else ""), read_course(chart)
        is_drawn = not (rows or course)
        shown = [path(shape=shape, dark=dark) for shape in PAGE_SHAPES for dark in (False, True) if is_drawn]
        light, dark, portrait, portrait_dark = shown or [""] * 4
        return Picture(
            chart.alt or title, light, dark, portrait, portrait_dark, png=path(), svg=path(form="svg"),
            csv=links.data(question, "csv", chart_table(chart.kind)),
            columns=links.data(question, "metadata.json", chart_table(chart.kind)),
            rows=rows, course=course, title=title, note=" · ".join(notes), foot=chart.foot,
        )  # fmt: skip

    def card(self, links: Links, question: Question, answer: Answer) -> Picture | None:
        """Return the card of a page that shows an answer; none where nobody elsewhere can load it."""
        if links.absolute() is None:
            return None
        path = links.chart(question, answer.revision, kind=CARD, shape=CARD)
        return Picture(card_of(answer).alt, path, height=CARD_HEIGHT)

    async def render(self, template: str, links: Links, head: Head, **parts: Any) -> str:
        """Fill a page's template."""
        known = await self.catalogue()
        names = {"menu": MENU, "further": FURTHER, "paths": known.paths, "addresses": known.addresses}
        picture = "" if head.hidden else head.picture
        preview = component_embed(links, head.title, head.finding, picture, head.picture_alt)
        return environment().get_template(template).render(head=head, links=links, preview=preview, **names, **parts)


def chart_of(answer: Answer, kind: str = "") -> Chart | None:
    """Return an answer's chart of a kind, or its card; the first one for "", None where there is none."""
    if kind == CARD:
        return card_of(answer)
    return next((chart for chart in answer.charts if kind in ("", chart.kind)), None)


def card_of(answer: Answer, title: str = "") -> Chart:
    """Return the card of an answer: its figures of today with their ranges if it has a course, else its chart's rows.

    With a title it is the card of a brief, which has the rows of the brief's chart.
    """
    shown = chart_of(answer)
    if chart_of(answer, "index") is not None and not title:
        shown, title = read_ranges(answer), answer.lines[0].text
    title = shorten_title(title or shown.title) if shown else title or answer.lines[0].text
    shown = shown or Chart("ranges", "", "", "", ())
    foot = f"{day(date.fromisoformat(answer.as_of))} · {answer.basis_of(is_ranged=shown.is_ranged)}".removesuffix(" · ")
    return replace(shown, title=title, foot=foot, alt=title)


# ---- briefs


BRIEF_FORMS = {"md": "md", "txt": "text", "json": "json", "email.html": "email"}
"""What a brief's address may end in, and the form that it gives."""
BRIEF_TYPES = {"md": "text/markdown", "text": "text/plain", "json": "application/json", "email": "text/html"}
_MORE = 3


async def write_brief(site: Site, links: Links, entry: Entry, form: str, *, beside: str = "") -> str:
    """Write a brief in a form of `bot.newsroom`, with what belongs around it.

    That is its own public address and its chart's, where it has them, what was corrected, sources and citation.
    `beside` is a file of the chart that takes the place of its address.
    """
    page, (chart, alt) = links.absolute(entry.path) or "", ("", "")
    answer, drawing = await chart_of_brief(site, entry)
    if drawing is not None and (page or beside):
        chart = beside or links.absolute(links.chart(entry.chart_question, entry.revision)) or ""
        alt = drawing.alt or drawing.title
    sources = unique_sources(answer) if answer else ()
    around = Extras(page, chart, alt, correction_notes(entry.corrected), sources, await cite(site, answer))
    return render(await _with_earlier(site, links, entry), form, around)


async def cite(site: Site, cited: Answer | None = None) -> str:
    """Return the line by which an answer is cited, without one gapbrief and all its data."""
    if cited is not None:
        return cited.citation
    answer = await site.answer(SourcesQuestion())
    return next((line.text for line in answer.lines if line.label == "Cite gapbrief"), answer.lines[0].text)


async def chart_of_brief(site: Site, entry: Entry) -> tuple[Answer | None, Chart | None]:
    """Return the answer that a brief's chart belongs to, and the chart; None for what there is not."""
    try:
        answer = await site.answer(entry.chart_question)
    except UsageError:
        return None, None
    chart = chart_of(answer)
    return answer, None if chart is None or chart.is_empty else chart


async def card_of_brief(site: Site, entry: Entry) -> Chart:
    """Return the card of a brief's page: its title, and the newest catch-up of its chart."""
    answer = await site.answer(entry.chart_question)
    return card_of(answer, entry.title)


async def _with_earlier(site: Site, links: Links, entry: Entry) -> Brief:
    """Return a brief as it is corrected, with the briefs before it by their public addresses, where those are known."""
    entries, _ = await site.archive.page()
    before = [
        Earlier(each.brief.title, links.absolute(each.path) or "", each.brief.published)
        for each in entries
        if (each.brief.published, each.posted_at) < (entry.brief.published, entry.posted_at)
        and each.withdrawn_at is None
    ]
    return replace(entry.brief, more=tuple(before[:_MORE]) if links.public_url else ())
