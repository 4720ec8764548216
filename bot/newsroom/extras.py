"""The extras of a brief as it is sent: its page, its chart, its corrections and its sources."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import structlog

from bot.answers import Answers
from bot.links import chart_path
from bot.newsroom.formats import Extras, correction_notes, unique_sources
from bot.pictures import brand_line, choose_chart, describe
from bot.processes import run_in_process
from bot.settings import Settings
from core.answer import Answer, Chart
from core.brief import Brief
from core.chart_rows import describe as describe_rows
from core.questions import GapQuestion
from core.words import day

if TYPE_CHECKING:
    from bot.state.briefs import StoredBrief

_SECONDS = 30.0
_KEPT = 32
log = structlog.get_logger("gapbrief.newsroom")


def build_extras(public_url: str | None, page: str, question: GapQuestion, answer: Answer) -> Extras:
    """Build the extras of a brief from its page's address and the answer behind its chart.

    The chart has an address only if the service has a public one; only the picture there is described row by row.
    """
    chart, address, alt = choose_chart(answer), "", ""
    if chart:
        path = chart_path(question, answer.revision, kind=chart.kind)
        address = f"{public_url}/{path}" if public_url else ""
        alt = _describe_picture(chart, brand_line(public_url)) if address else describe_rows(chart)
    return Extras(page, address, alt, sources=unique_sources(answer), citation=answer.citation)


@lru_cache(_KEPT)
def _describe_picture(chart: Chart, brand: str) -> str:
    """Describe the wide picture row by row; each target of a brief has the same one, and its process takes a second."""
    return run_in_process(describe, chart, "wide", brand, seconds=_SECONDS) or describe_rows(chart)


def load_extras(settings: Settings, stored: "StoredBrief") -> tuple[Extras, Chart | None]:
    """Load the extras and the chart of a stored brief; only its page and corrections if the chart can't be computed."""
    page, question, chart = brief_url(settings, stored), stored.chart_question, None
    try:
        answer = Answers(settings).compute(question)
    except Exception as error:
        log.warning("no chart and sources", brief=stored.id, exc_info=error)
        extras = Extras(page)
    else:
        extras, chart = build_extras(settings.public_url, page, question, answer), choose_chart(answer)
    return replace(extras, notes=correction_notes(stored.corrections)), chart


def brief_url(settings: Settings, stored: "StoredBrief") -> str:
    """Return the public address of a stored brief's page, or ""."""
    return f"{settings.public_url}/briefs/{stored.slug}" if settings.public_url and stored.is_public else ""


def write_withdrawal(brief: Brief, at: date) -> str:
    """Write the sentence that announces a withdrawal."""
    return f"The brief “{brief.title}” was withdrawn on {day(at)}; please don't quote it."
