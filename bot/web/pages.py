"""The pages as HTML: each a function of the site and its links."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

import core
from bot.links import Links
from bot.newsroom import correction_notes
from bot.refresh.last_refresh import LastRefresh, drop_command
from bot.schema import Parameter, parameters
from bot.web import answer_page, markup
from bot.web.archive import LONGEST_SEARCH, PER_PAGE, Entry
from bot.web.catalogue import ListedModel, Test
from bot.web.metadata import article, dataset
from bot.web.replies import NotFoundError
from bot.web.site import MOST_ROWS, Head, Part, Picture, Site, chart_of_brief, cite, write_brief
from core.answer import Table
from core.chart_rows import read_ranges, read_rows
from core.questions import QUESTIONS, GapQuestion, Question
from core.questions.best import BestQuestion
from core.questions.compare import CompareQuestion
from core.questions.frontier import FrontierQuestion
from core.questions.model import ModelQuestion
from core.questions.sources import SourcesQuestion
from core.questions.timeline import TimelineQuestion
from core.questions.unmatched import UnmatchedQuestion
from core.store.board_ages import STILL_DAYS, age_table, still_boards
from core.words import CLASSES, UNKNOWN, Domain, capitalize, count, day

Page = Callable[[Site, Links], Awaitable[str]]

ENDINGS = (
    (".md", "Markdown"), (".txt", "Plain text"), (".email.html", "HTML for e-mail"), (".json", "JSON, with every fact"),
)  # fmt: skip
"""Endings of a brief's address, and the forms that they serve."""
FRAME = 600, 320
"""Width and height of the embeddable frame in pixels."""
_MORE, _LINKED = 3, 6
"""Other briefs linked from a brief's page, and answers linked from the front page."""
_CLIPBOARD = {"text/html": "html", "text/plain": "text"}
"""Forms of a copied brief by clipboard type."""
_END = re.compile(r";|, so| \(")
"""End of the short form of a test's stage."""
MODELS_A_PAGE = 40
"""Models on a page of the list."""
QUESTION_PAGES = {
    "best": "Best open models", "unmatched": "Not matched yet", "trust": "How sure is this?",
    "others": "What others say",
}  # fmt: skip
"""Pages that answer a question without fields: question and title."""
SIZES = {"8b": ("8", "fits a small card"), "32b": ("32", "fits a large card"), "80b": ("80", "fits a workstation"),
         "250b": ("250", "fits a server")}  # fmt: skip
"""Sizes with a list of the best models, by slug."""
COMPARED = {
    "compare/china/united-states": "China and the US",
    "compare/alibaba/moonshot": "Qwen and Kimi",
    "compare/mistral-ai/deepseek": "Mistral and DeepSeek",
    "compare/private/public": "Private and public",
}
"""Comparisons that pages link; any other has a page too."""


async def front(site: Site, links: Links) -> str:
    """Render today's gap, its newest catch-ups, the newest brief, and the evidence."""
    question = GapQuestion()
    answer, entry = await asyncio.gather(site.answer(question), site.archive.newest())
    look = [line for line in answer.first_look if "direction" in line.aspects]
    title, summary = answer.lines[0].text, answer_page.summary(answer)
    data = dataset(links, question, answer, title, summary)
    head = Head.of(title, summary, site.card(links, question, answer), data=data)
    return await site.render(
        "front.html.j2", links, head, question=question, answer=answer, look=look, longest=answer_page.LONGEST_QUESTION,
        ranges=read_rows(read_ranges(answer), MOST_ROWS), picture=site.picture(links, question, answer), entry=entry,
        folded=answer_page.fold(answer, look), asked=[*QUESTION_PAGES.items(), *COMPARED.items()][:_LINKED],
    )  # fmt: skip


async def briefs(site: Site, links: Links, number: int = 0, words: str = "") -> str:
    """Render a page of the archive, or of a search in it."""
    entries, total = await site.archive.page(number, words)
    _check_page(number, total, PER_PAGE)
    description = "What changed in the gap between open and closed AI models, brief by brief."
    return await site.render(
        "briefs.html.j2", links, Head.of("Briefs", description, hidden=bool(words or number)),
        entries=entries, total=total, number=number, words=words, searchable=links.is_served, longest=LONGEST_SEARCH,
        newer=links.archive(number - 1, words) if number else "",
        older=links.archive(number + 1, words) if (number + 1) * PER_PAGE < total else "",
    )  # fmt: skip


def _check_page(number: int, total: int, per_page: int) -> None:
    """Raise NotFoundError for a page (from 0) after a list's last one."""
    n_pages = max(1, -(-total // per_page))
    if number >= n_pages:
        raise NotFoundError(f"There is no page {number + 1:,}; the last one is page {n_pages:,}.")


async def brief(site: Site, links: Links, entry: Entry) -> str:
    """Render a brief, with its chart and downloads."""
    answer = None if entry.withdrawn else (await chart_of_brief(site, entry))[0]
    picture = site.picture(links, entry.chart_question, answer) if answer else None
    entries, _ = await site.archive.page()
    summary = f"{entry.withdrawn}." if entry.withdrawn else entry.brief.summary
    published = entry.brief.published
    card = Picture(entry.title, links.card(entry.path)) if answer and links.absolute() else None
    data = article(links, entry, card.light if card else "")
    head = Head.of(entry.title, summary, card, published=published, hidden=bool(entry.withdrawn), data=data)
    downloads = [(f"{entry.path}{ending}", label) for ending, label in ENDINGS]
    if picture:
        downloads += [(picture.png, "Chart (PNG)"), (picture.svg, "Chart (SVG)")]
    forms = {} if entry.withdrawn else _CLIPBOARD
    clipboard = {content_type: await write_brief(site, links, entry, form) for content_type, form in forms.items()}
    return await site.render(
        "brief.html.j2", links, head, entry=entry, picture=picture, forms=downloads, clipboard=clipboard,
        corrections=correction_notes(entry.corrected), earlier=await site.archive.earlier_versions(entry),
        cite=await cite(site, answer),
        more=[other for other in entries if other.slug != entry.slug and other.withdrawn_at is None][:_MORE],
    )  # fmt: skip


async def benchmarks(site: Site, links: Links) -> str:
    """List all tests: headline tests in tables with months or the reason for none, others by name."""
    catalogue, gap = await asyncio.gather(site.catalogue(), site.answer(GapQuestion()))
    reasons = {test["name"]: test["standing"]["reason"] or test["reason"] for test in gap.data["benchmarks"]}
    stages = {test.board.name: capitalize(_END.split(test.stage)[0]) for test in catalogue.tests if test.board.headline}
    tables = []
    for access in CLASSES:
        rows = [
            (name, months, newest, reasons[name] if (months, stages[name]) == ("–", "Active") else stages[name])
            for name, kind, months, *_, newest in gap.tables[0].rows
            if kind == access
        ]
        tables.append(Table(f"{capitalize(access)} tests", ("Test", "Months", "Newest", "Status"), tuple(rows)))
    head = Head.of("Tests", "Every test that gapbrief has scores for, private and public, each with its own page.")
    return await site.render(
        "benchmarks.html.j2", links, head, answer=gap, tables=tables,
        others=[test for test in catalogue.tests if test.sources and not test.board.headline],
    )  # fmt: skip


async def benchmark(site: Site, links: Links, test: Test) -> str:
    """Render a test: its leaders, gap, timeline, and unmatched scores."""
    question, board = FrontierQuestion(benchmark=test.name), test.board
    first, *parts = await asyncio.gather(
        site.part("Who leads", question),
        site.part("The gap on this test", GapQuestion(benchmark=test.name)),
        site.part("When each level was reached", TimelineQuestion(benchmark=test.name)),
        site.part("What waits for an open model", UnmatchedQuestion(benchmark=test.name)),
    )
    kind = "Test of unknown class" if board.access == UNKNOWN else f"{capitalize(board.access)} test"
    place = "" if board.headline else " · not in the headline figures"
    return await answer_page.show(
        site, links, question, first, board.name, parts=parts, back=("benchmarks", "All tests"),
        kicker=f"{board.name} · {kind} · {test.domain}{place}", deck=board.description, url=board.url,
        sources=test.sources, feed=f"feeds/{test.path}",
    )  # fmt: skip


async def models(site: Site, links: Links, number: int = 0, words: str = "", side: str = "") -> str:
    """List a page of the comparable models, newest first, filtered by side and words."""
    catalogue, search_words = await site.catalogue(), words.lower().split()
    rows = [
        model
        for model in catalogue.models
        if model.model and side in ("", "open" if model.model.is_open else "closed")
        and all(word in f"{model.shown} {model.model.lab} {model.model.country}".lower() for word in search_words)
    ]  # fmt: skip
    _check_page(number, len(rows), MODELS_A_PAGE)
    page = rows[number * MODELS_A_PAGE : (number + 1) * MODELS_A_PAGE]
    by_year = groupby(page, lambda model: model.released and model.released.year)
    years = [(year, list(group)) for year, group in by_year]
    months = {model.slug: await _index_months(site, model) for model in page}
    description = "Every AI model that gapbrief can compare, open and closed, each with its own page."
    return await site.render(
        "models.html.j2", links, Head.of("Models", description, hidden=bool(number or words or side)), years=years,
        newest=site.services.answers.names.newest_data, placed=months, total=len(rows), number=number,
        pages=-(-len(rows) // MODELS_A_PAGE), words=words, side=side, longest=LONGEST_SEARCH,
        newer=_models_path(number - 1, words, side), older=_models_path(number + 1, words, side),
    )  # fmt: skip


async def _index_months(site: Site, model: ListedModel) -> list[tuple[str, str]]:
    """Return a model's months on the index with their range, for private and public tests."""
    answer = (await site.part("", ModelQuestion(model=model.model_id))).answer
    facts = {fact.key: fact.shown for fact in answer.facts} if answer else {}
    keys = [f"index.{name}" for name in CLASSES]
    return [(facts.get(f"{key}.short", "–"), facts.get(f"{key}.range", "").removeprefix("likely ")) for key in keys]


def _models_path(number: int, words: str, side: str) -> str:
    """Return the path of a page of models."""
    query = {"q": words, "side": side, "page": str(number + 1) if number > 0 else ""}
    query_text = urlencode({key: value for key, value in query.items() if value})
    return f"models?{query_text}" if query_text else "models"


def best_paths(tests: Iterable[Test]) -> dict[str, tuple[BestQuestion, str]]:
    """Return the pages of best models by size and domain: question and name by path."""
    sizes = {f"best/{path}": (BestQuestion(size=size), f"Up to {size}B: {fit}") for path, (size, fit) in SIZES.items()}
    domains_used = {test.board.domain for test in tests if test.board.headline}
    domains = [test for test in get_args(Domain) if test in domains_used]
    return sizes | {f"best/{test.replace(' ', '-')}": (BestQuestion(domain=test), capitalize(test)) for test in domains}


async def show(site: Site, links: Links, question: Question, name: str, near: Mapping[str, str] | None = None) -> str:
    """Render a question's answer; `near` are related pages, by default all other answers."""
    part = Part(name, await site.answer(question), "")
    near = near or {path: label for path, label in {**QUESTION_PAGES, **COMPARED}.items() if path != links.here}
    return await answer_page.show(site, links, question, part, name, kicker=name, near=near)


def question_page(name: str) -> Page:
    """Return the page of a question without fields."""

    async def page(site: Site, links: Links) -> str:
        paths = best_paths((await site.catalogue()).tests) if name == "best" else {}
        near = {path: label.partition(":")[0] for path, (_, label) in paths.items()}
        return await show(site, links, QUESTIONS[name](), QUESTION_PAGES[name], near)

    return page


async def best(site: Site, links: Links, path: str) -> str:
    """Render the best open models of a size or domain; raises NotFoundError for anything else."""
    paths = best_paths((await site.catalogue()).tests)
    if path not in paths:
        raise NotFoundError(f"There is no list of the best models at /{path}; all are at /best.")
    question, label = paths[path]
    return await show(site, links, question, f"Best open models · {label}", {"best": QUESTION_PAGES["best"]})


async def compare(site: Site, links: Links, left: str, right: str) -> str:
    """Render a comparison of two sides, named with hyphens for spaces."""
    question = CompareQuestion(left.replace("-", " "), right.replace("-", " "))
    return await show(site, links, question, COMPARED.get(links.here, "Comparison"))


async def model(site: Site, links: Links, listed_model: ListedModel) -> str:
    """Render a model: how far behind it is, or when it was matched."""
    question, record = ModelQuestion(model=listed_model.model_id), listed_model.model
    part = await site.part("", question)
    side = "" if record is None else "Open weights" if record.is_open else "Closed model"
    kicker = " · ".join(text for text in (side, record.lab, record.country) if text) if record else ""
    return await answer_page.show(
        site, links, question, part, listed_model.shown, back=("models", "All models"), kicker=kicker,
        feed=f"feeds/{listed_model.path}",
    )  # fmt: skip


async def method(site: Site, links: Links) -> str:
    """Render the method."""
    title, html, sections = await asyncio.to_thread(_method)
    head = Head.of(title, "How gapbrief measures the gap between open and closed AI models, and what it can't tell.")
    return await site.render("text.html.j2", links, head, html=html, contents=sections)


@cache
def _method() -> tuple[str, Any, Any]:
    return markup.markdown((Path(core.__file__).parents[1] / "docs" / "method.md").read_text(encoding="utf-8"))


async def glossary(site: Site, links: Links) -> str:
    """Render the glossary, with an anchor for each term."""
    terms = (await site.catalogue()).terms
    head = Head.of("Glossary", "What the words mean: open weights, private test, months behind and others.")
    names = {term.term_id: term.term for term in terms}
    return await site.render("glossary.html.j2", links, head, terms=terms, names=names)


async def sources(site: Site, links: Links) -> str:
    """Render the sources, their licences and citations."""
    answer = await site.answer(SourcesQuestion())
    return await site.render("sources.html.j2", links, Head.of("Sources", answer.lines[0].text), answer=answer)


async def data(site: Site, links: Links, last: LastRefresh | None = None) -> str:
    """Render the data's freshness by test, and what is odd or waits for the operator."""
    await site.catalogue()
    names, today = site.services.answers.names, site.services.answers.today()
    deck = f"The data are complete to {day(names.newest_data)}, {count((today - names.newest_data).days, 'day')} old."
    refresh_note = f" Publishers were last asked on {day(last.at.date())}." if last else ""
    remarks = tuple((series, remark) for series, whats in (last.remarks if last else {}).items() for remark in whats)
    odd_table = Table("What is odd in publishers' newest data", ("Publisher", "Remark"), remarks)
    return await site.render(
        "data.html.j2", links, Head.of("How fresh the data are", deck), deck=deck + refresh_note,
        still=[board.name for board in still_boards(names.boards)], still_days=STILL_DAYS,
        waiting=[drop_command(remark) for remark in last.waiting] if last else [],
        failed=sorted(last.failed) if last else [],
        tables=[age_table(names.boards, today), *([odd_table] if remarks else [])],
    )  # fmt: skip


async def editors(site: Site, links: Links) -> str:
    """Render the page for editors: forms, charts and the snippet."""
    entry = await site.archive.newest()
    gap, unmatched = GapQuestion(), UnmatchedQuestion()
    charts = [
        (label, links.chart(question, "", kind=kind), links.chart(question, "", kind=kind, form="svg"))
        for label, question, kind in (
            ("The newest catch-ups", gap, ""),
            ("The gap over time", gap, "index"),
            ("Test by test", gap, "benchmarks"),
            ("Scores that no open model has matched", unmatched, ""),
        )
    ]
    head = Head.of("For editors", "Briefs as Markdown, text, e-mail HTML, feeds and JSON, with charts and sources.")
    return await site.render(
        "editors.html.j2", links, head, entry=entry, endings=ENDINGS, snippet=snippet(links),
        charts=charts, cite=await cite(site),
    )  # fmt: skip


def snippet(links: Links) -> str:
    """Return the HTML to embed our figure elsewhere, "" without a public address."""
    address = links.absolute("embed")
    if address is None:
        return ""
    return (
        f'<iframe src="{address}" title="How far open AI models trail closed ones" width="{FRAME[0]}"'
        f' height="{FRAME[1]}" style="border: 0; max-width: 100%" loading="lazy"></iframe>'
    )


async def embed(site: Site, links: Links) -> str:
    """Render the headline and its figures for a frame elsewhere."""
    answer = await site.answer(GapQuestion())
    ranges = read_rows(read_ranges(answer), MOST_ROWS)
    return await site.render("embed.html.j2", links, Head.of(answer.lines[0].text, ""), answer=answer, ranges=ranges)


async def api(site: Site, links: Links) -> str:
    """List every question of the API, with its parameters."""
    head = Head.of("API", "Every question that gapbrief answers, as JSON over HTTP.")
    questions = [
        {
            "name": name, "summary": question.summary, "parameters": parameters(question),
            "example": _example(question, parameters(question)),
        }
        for name, question in QUESTIONS.items()
    ]  # fmt: skip
    return await site.render("api.html.j2", links, head, questions=questions)


def _example(question: type[Question], fields: list[Parameter]) -> str:
    """Return an example's path, with required fields, else with the first field that has an example."""
    required = [field for field in fields if field.required]
    example_fields = required or [field for field in fields if field.example][:1]
    query = urlencode({field.name: field.example for field in example_fields})
    return f"api/{question.name}{f'?{query}' if query else ''}"


async def error(site: Site, links: Links, title: str, sentence: str, suggestions: tuple[str, ...] = ()) -> str:
    """Render an error's sentence, with suggestions."""
    paths = (await site.catalogue()).paths
    return await site.render(
        "error.html.j2", links, Head.of(title, sentence, hidden=True), sentence=sentence,
        suggestions=[(name, paths.get(name, "")) for name in suggestions],
    )  # fmt: skip


async def oembed(site: Site, links: Links) -> dict[str, Any]:
    """Return the snippet as oEmbed; raises NotFoundError without one."""
    html = snippet(links)
    if not html:
        raise NotFoundError("The code for other pages needs a public address; its operator sets GAPBRIEF_PUBLIC_URL.")
    answer = await site.answer(GapQuestion())
    picture = links.absolute(links.chart(GapQuestion(), answer.revision))
    return {
        "version": "1.0", "type": "rich", "title": answer.lines[0].text, "provider_name": "gapbrief",
        "provider_url": links.absolute(""), "html": html, "width": FRAME[0], "height": FRAME[1], "cache_age": 3600,
        "thumbnail_url": picture, "thumbnail_width": 1200, "thumbnail_height": 675,
    }  # fmt: skip


STATIC_PAGES: dict[str, Page] = {
    "": front, "benchmarks": benchmarks, "method": method, "sources": sources, "glossary": glossary,
    "editors": editors, "api": api, "embed": embed, **{name: question_page(name) for name in QUESTION_PAGES},
}  # fmt: skip
"""Pages without parameters, by path."""
