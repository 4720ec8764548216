"""The page that answers a question in a reader's own words: by rules alone, without a language model."""

import asyncio
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from bot.assistant import reader
from bot.assistant.assistant import Assistant, count_misread
from bot.assistant.reading import Reading, Reply
from bot.evidence_file import open_evidence
from bot.links import Links
from bot.web import answer_page
from bot.web.archive import Entry
from bot.web.site import Head, Part, Site
from core.errors import UsageError
from core.questions import QUESTIONS
from core.words import quote

LONGEST = 200
_EXAMPLES = 4
_UNREAD = "Can't tell what you ask"


async def ask(site: Site, links: Links, typed: str, chosen: str = "") -> str | Entry:
    """Return the page that answers a text, or says why not, with the questions nearest to it; or the brief it asks for.

    `chosen` is the number (from 1) of one of the readings that the text was offered, or 0 where its answer is none that
    was asked. Raises UsageError for a text that is too long, and for a reading that there is not.
    """
    if len(typed) > LONGEST:
        raise UsageError(f"A question has at most {LONGEST} characters here; give fewer words.")
    typed = " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
    reply = await site.working_out.do(lambda: _reply(site, typed, chosen)) if typed else Reply(Reading())
    if reply.reading.is_brief:
        return await _brief(site, reply.reading.brief_day)
    sentence = reply.sentence or reply.reading.sentence or ""
    if reply.answer and reply.reading.question:
        part = Part("", reply.answer, "")
        return await answer_page.show(
            site, links, reply.reading.question, part, reply.answer.lines[0].text, typed=typed, hidden=True,
            understood=reply.understood, longest=LONGEST, not_asked="" if chosen else path(typed, "0"),
        )  # fmt: skip
    offered = [(each.label, path(typed, str(number))) for number, each in enumerate(reply.reading.offers, 1)]
    title = "Choose a question" if offered else _UNREAD if typed else "Ask a question"
    near = offered or examples()[: _EXAMPLES if typed else None]
    return await site.render(
        "ask.html.j2", links, Head.of(title, sentence or title, hidden=True), typed=typed, sentence=sentence,
        near=near, longest=LONGEST, is_offered=bool(offered),
    )  # fmt: skip


async def _reply(site: Site, typed: str, chosen: str) -> Reply:
    settings, today = site.services.settings, site.services.answers.today

    def read() -> Reading:
        with open_evidence(settings) as store:
            return reader.read(typed, store, today())

    found = await asyncio.to_thread(read)
    if chosen:
        readings = found.alternatives or found.near
        numbers = {str(number): each for number, each in enumerate(readings, 1)} | {"0": reader.misread(found)}
        if chosen not in numbers:
            raise UsageError(f"{quote(chosen)} is not a reading of this question; ask it again.")
        if chosen == "0" and found.name:
            await count_misread(site.services.state, found.name, datetime.now(UTC))
        found = numbers[chosen]
    return await Assistant(settings, site.services.answers.answer, today=today).answered(found)


async def _brief(site: Site, published: date | None) -> Entry:
    """Return the brief of a day, None for the newest; raises UsageError where there is none."""
    found = await (site.archive.find(published.isoformat()) if published else site.archive.newest())
    if found is None:
        raise UsageError(await site.archive.why_none(published.isoformat()) if published else "There is no brief yet.")
    return found


def examples() -> list[tuple[str, str]]:
    """Return the first example of each question, and its path."""
    return [(phrasing, path(phrasing)) for phrasing, *_ in (each.phrasings for each in QUESTIONS.values())]


def path(typed: str, chosen: str = "") -> str:
    """Return the path of the answer to a text."""
    return f"ask?{urlencode({'q': typed} | ({'as': chosen} if chosen else {}))}"
