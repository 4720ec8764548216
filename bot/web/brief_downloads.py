"""A brief in the forms in which it leaves this machine: with public addresses, or with the publishers' alone."""

from dataclasses import replace

from bot.links import Links
from bot.newsroom import Around, corrections, render, works
from bot.web.archive import Entry
from bot.web.site import Site, card_of, chart_of
from core.answer import Answer, Chart
from core.brief import Brief, Earlier
from core.errors import UsageError
from core.questions.sources import SourcesQuestion

FORMS = {"md": "md", "txt": "text", "json": "json", "email.html": "email"}
"""What a brief's address may end in, and the form that it gives."""
TYPES = {"md": "text/markdown", "text": "text/plain", "json": "application/json", "email": "text/html"}
_MORE = 3


async def take(site: Site, links: Links, entry: Entry, form: str, *, beside: str = "") -> str:
    """Write a brief in a form of `bot.newsroom`, with what belongs around it.

    That is its own public address and its chart's, where it has them, what was corrected, sources and citation.
    `beside` is a file of the chart that takes the place of its address.
    """
    page, (chart, alt) = links.absolute(entry.path) or "", ("", "")
    answer, found = await chart_of_brief(site, entry)
    if found is not None and (page or beside):
        chart = beside or links.absolute(links.chart(entry.chart_question, entry.revision)) or ""
        alt = found.alt or found.title
    sources = works(answer) if answer else ()
    around = Around(page, chart, alt, corrections(entry.corrected), sources, await cite(site, answer))
    return render(await linked(site, links, entry), form, around)


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


async def linked(site: Site, links: Links, entry: Entry) -> Brief:
    """Return a brief as it is corrected, with the briefs before it by their public addresses, where those are known."""
    entries, _ = await site.archive.page()
    before = [
        Earlier(each.brief.title, links.absolute(each.path) or "", each.brief.published)
        for each in entries
        if (each.brief.published, each.posted_at) < (entry.brief.published, entry.posted_at)
        and each.withdrawn_at is None
    ]
    return replace(entry.brief, more=tuple(before[:_MORE]) if links.public_url else ())
