"""The one page of an answer: best, unmatched, trust, others, compare, a model, a test, and a reader's own question.

That is read by rules alone, without a language model.
"""

import asyncio
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from bot.answers import open_evidence
from bot.assistant import reader
from bot.assistant.assistant import Assistant, count_misread
from bot.assistant.reading import Reading, Reply
from bot.links import Links
from bot.web import markup
from bot.web.archive import Entry
from bot.web.metadata import dataset
from bot.web.site import MOST_ROWS, Head, Part, Site
from core.answer import Answer, Line, Table
from core.chart_rows import read_ranges, read_rows
from core.errors import UsageError
from core.questions import QUESTIONS, Question
from core.words import CLASSES, begin_sentence, day, quote

_FIGURES = {"gap": "gap", "model": "index"}
"""What the facts begin with that a question's answer shows as two ranges on one axis."""
_PROMISED = re.compile("months|behind|gap|later|likely|figure|release|first|reached", re.IGNORECASE)
"""The columns that an answer promised: on a phone they come next to the names."""
_ROWS, _COLUMNS_SHOWN, _LINES = 10, 4, 3
"""How much an answer's page shows before anything is unfolded."""
_LONG = 60
"""Of a table with a cell of more characters, half as many rows are shown."""
_REST = "Every fact and row"
_FOLDS = {
    "How sure is this?": {"sure", "explain", "choices", "why", "Basis", "Rests on", "Ranges", "Rough", "Moving gap",
                          "Tested", "Biases", "In simulations"},
    _REST: set[str](),
    "What is left out": {"Left out", "Not counted", "Ended"},
}  # fmt: skip
"""The folds below a first look, with the aspects and labels of the lines in them; the rest has all other lines."""


def fold(answer: Answer, shown: Iterable[Line]) -> dict[str, list[Line]]:
    """Return what an answer says beyond the lines shown, by the fold in which it stands."""
    folded: dict[str, list[Line]] = {title: [] for title in _FOLDS}
    for line in answer.lines[1:]:
        if line not in shown and (line.detail or not line.is_day):
            fits = (title for title, words in _FOLDS.items() if words & {*line.aspects, line.label})
            folded[next(fits, _REST)].append(line)
    return folded


def _main_tables(answer: Answer) -> list[Table]:
    """Return the first table, or both of a pair for private and public tests, cut to a phone's rows and columns."""
    pair = [table for table in answer.tables[:2] if table.columns == answer.tables[0].columns]
    return [_cut(table, _ROWS // len(pair)) for table in pair]


def _cut(table: Table, most: int) -> Table:
    names, longest = table.columns, max((len(cell) for row in table.rows for cell in row), default=0)
    most = most // 2 if longest > _LONG else most
    places = sorted(range(len(names)), key=lambda place: (place > 0, not _PROMISED.search(names[place]), place))
    title = f"{table.title} (the first {most} of {len(table.rows)})" if most < len(table.rows) else table.title
    columns, *rows = [tuple(row[place] for place in places[:_COLUMNS_SHOWN]) for row in (names, *table.rows[:most])]
    return Table(title, columns, tuple(rows))


def summary(answer: Answer) -> str:
    """Say an answer in a few lines, for those who see a link to it."""
    lines = [begin_sentence(", ".join(markup.pieces(line.text))) for line in answer.lines if not line.is_day]
    return f"{'. '.join(lines[:3])}. As of {day(date.fromisoformat(answer.as_of))}."


async def show(
    site: Site, links: Links, asked: Question, part: Part, name: str, *, hidden: bool = False, **more: Any
) -> str:
    """Show an answer, or the sentence why there is none, with what stands behind it in folds."""
    shown: dict[str, Any] = {"folded": {}}
    answer, card, data = part.answer, None, None
    if answer is not None:
        ranges = read_rows(read_ranges(answer, _FIGURES[asked.name]), MOST_ROWS) if asked.name in _FIGURES else None
        skipped = {name.capitalize() for name in CLASSES} if ranges else ()  # their figures say what is in these lines
        look = [line for line in answer.first_look[1:] if not line.is_day and line.label not in skipped]
        look = look[: _LINES - (ranges is not None)]
        picture, card = site.picture(links, asked, answer), site.card(links, asked, answer)
        shown = {"look": look, "ranges": ranges, "picture": picture, "main": _main_tables(answer),
                 "folded": fold(answer, look)}  # fmt: skip
        data = None if hidden else dataset(links, asked, answer, name, summary(answer))
    head = Head.of(name, summary(answer) if answer else part.sentence, card, hidden=hidden, data=data)
    return await site.render("answer.html.j2", links, head, name=name, question=asked, part=part, **shown, **more)


# ---- a question in a reader's own words


LONGEST_QUESTION = 200
_EXAMPLES = 4
_UNREAD = "Can't tell what you ask"


async def answer_typed(site: Site, links: Links, typed: str, chosen: str = "") -> str | Entry:
    """Return the page that answers a text, or says why not, with the questions nearest to it; or the brief it asks for.

    `chosen` is the number (from 1) of one of the readings that the text was offered, or 0 where its answer is none that
    was asked. Raises UsageError for a text that is too long, and for a reading that there is not.
    """
    if len(typed) > LONGEST_QUESTION:
        raise UsageError(f"A question has at most {LONGEST_QUESTION} characters here; give fewer words.")
    typed = " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
    reply = await site.working_out.do(lambda: _reply(site, typed, chosen)) if typed else Reply(Reading())
    if reply.reading.is_brief:
        return await _brief(site, reply.reading.brief_day)
    sentence = reply.sentence or reply.reading.sentence or ""
    if reply.answer and reply.reading.question:
        part = Part("", reply.answer, "")
        return await show(
            site, links, reply.reading.question, part, reply.answer.lines[0].text, typed=typed, hidden=True,
            understood=reply.understood, longest=LONGEST_QUESTION, not_asked="" if chosen else path(typed, "0"),
        )  # fmt: skip
    offered = [(each.label, path(typed, str(number))) for number, each in enumerate(reply.reading.offers, 1)]
    title = "Choose a question" if offered else _UNREAD if typed else "Ask a question"
    near = offered or examples()[: _EXAMPLES if typed else None]
    return await site.render(
        "ask.html.j2", links, Head.of(title, sentence or title, hidden=True), typed=typed, sentence=sentence,
        near=near, longest=LONGEST_QUESTION, is_offered=bool(offered),
    )  # fmt: skip


async def _reply(site: Site, typed: str, chosen: str) -> Reply:
    settings, today = site.services.settings, site.services.answers.today

    def read() -> Reading:
        with open_evidence(settings) as store:
            return reader.read(typed, store, today())

    reading = await asyncio.to_thread(read)
    if chosen:
        readings = reading.alternatives or reading.near
        numbers = {str(number): each for number, each in enumerate(readings, 1)} | {"0": reader.misread(reading)}
        if chosen not in numbers:
            raise UsageError(f"{quote(chosen)} is not a reading of this question; ask it again.")
        if chosen == "0" and reading.name:
            await count_misread(site.services.state, reading.name, datetime.now(UTC))
        reading = numbers[chosen]
    return await Assistant(settings, site.services.answers.answer, today=today).answered(reading)


async def _brief(site: Site, published: date | None) -> Entry:
    """Return the brief of a day, None for the newest; raises UsageError where there is none."""
    entry = await (site.archive.find(published.isoformat()) if published else site.archive.newest())
    if entry is None:
        raise UsageError(await site.archive.why_none(published.isoformat()) if published else "There is no brief yet.")
    return entry


def examples() -> list[tuple[str, str]]:
    """Return the first example of each question, and its path."""
    return [(phrasing, path(phrasing)) for phrasing, *_ in (each.phrasings for each in QUESTIONS.values())]


def path(typed: str, chosen: str = "") -> str:
    """Return the path of the answer to a text."""
    return f"ask?{urlencode({'q': typed} | ({'as': chosen} if chosen else {}))}"
