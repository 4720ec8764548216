"""What stands around a brief that is sent: its page, its chart, what was corrected, the sources."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import structlog

from bot.answers import Answers
from bot.links import chart_path
from bot.newsroom.formats import Extras, correction_notes, unique_sources
from bot.pictures import chart_of
from bot.settings import Settings
from core.answer import Answer, Chart
from core.brief import Brief
from core.questions import GapQuestion
from core.words import day

if TYPE_CHECKING:
    from bot.state.briefs import StoredBrief

log = structlog.get_logger("gapbrief.newsroom")


def build_extras(public_url: str | None, page: str, question: GapQuestion, answer: Answer) -> Extras:
    """Return what stands around a brief that is sent: its page, and the chart, sources and citation of an answer.

    The chart's address is the public one, if there is one.
    """
    chart, address, alt = chart_of(answer), "", ""
    if chart:
        path, alt = chart_path(question, answer.revision, kind=chart.kind), chart.alt or chart.title
        address = f"{public_url}/{path}" if public_url else ""
    return Extras(page, address, alt, sources=unique_sources(answer), citation=answer.citation)


def load_extras(settings: Settings, stored: "StoredBrief") -> tuple[Extras, Chart | None]:
    """Return what stands around a kept brief, and its chart; page and notes alone where the others can't be had."""
    page, question, chart = brief_url(settings, stored), stored.chart_question, None
    try:
        answer = Answers(settings).now(question)
    except Exception as error:
        log.warning("no chart and sources", brief=stored.id, exc_info=error)
        extras = Extras(page)
    else:
        extras, chart = build_extras(settings.public_url, page, question, answer), chart_of(answer)
    return replace(extras, notes=correction_notes(stored.corrections)), chart


def brief_url(settings: Settings, stored: "StoredBrief") -> str:
    """Return the public address of a kept brief's page, "" where it has none."""
    return f"{settings.public_url}/briefs/{stored.slug}" if settings.public_url and stored.is_public else ""


def write_withdrawal(brief: Brief, at: date) -> str:
    """Return the sentence that a brief was withdrawn on a day."""
    return f"The brief “{brief.title}” was withdrawn on {day(at)}; please don't quote it."
