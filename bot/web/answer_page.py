"""The page of an answer: best, unmatched, trust, others, compare, a model, a test, or a reader's own question.

A reader's question is parsed by rules alone, without a language model.
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
from bot.assistant.reading import Reading, Reply, apologize, brief_reading, make_reading
from bot.links import Links
from bot.web.archive import Entry
from bot.web.metadata import dataset
from bot.web.site import MOST_ROWS, Head, Part, Site
from core.answer import Answer, Line, Table
from core.chart_rows import read_ranges, read_rows
from core.errors import UsageError
from core.names.name_index import NameIndex, name_index
from core.questions import QUESTIONS, Question
from core.words import CLASSES, begin_sentence, day, one_line, quote

_FIGURES = {"gap": "gap", "model": "index"}
"""Prefix of the facts that an answer shows as two ranges on one axis."""
_EXPECTED_COLUMNS = re.compile("months|behind|gap|later|likely|figure|release|first|reached", re.IGNORECASE)
"""Columns that the headline mentions: on a phone they come next to the names."""
_ROWS, _COLUMNS_SHOWN, _LINES = 10, 4, 3
"""Rows, columns and lines that a page shows before anything is unfolded."""
_LONG = 60
"""A table with a longer cell shows half as many rows."""
_REST = "Every fact and row"
_FOLDS = {
    "How sure is this?": {"sure", "explain", "choices", "why", "Basis", "Rests on", "Ranges", "Rough", "Moving gap",
                          "Tested", "Biases", "In simulations"},
    _REST: set[str](),
    "What is left out": {"Left out", "Not counted", "Ended"},
}  # fmt: skip
"""Folds below a first look, with the aspects and labels of their lines; `_REST` has all other lines."""


def fold(answer: Answer, first_look: Iterable[Line]) -> dict[str, list[Line]]:
    """Return an answer's other lines, grouped by fold."""
    folds: dict[str, list[Line]] = {title: [] for title in _FOLDS}
    for line in answer.lines[1:]:
        if line not in first_look and (line.detail or not line.is_day):
            titles = (title for title, words in _FOLDS.items() if words & {*line.aspects, line.label})
            folds[next(titles, _REST)].append(line)
    return folds


def _main_tables(answer: Answer) -> list[Table]:
    """Return the first table, or the pair for private and public tests, cut to a phone's rows and columns."""
    pair = [table for table in answer.tables[:2] if table.columns == answer.tables[0].columns]
    return [_cut_table(table, _ROWS // len(pair)) for table in pair]


def _cut_table(table: Table, most: int) -> Table:
    names, longest = table.columns, max((len(cell) for row in table.rows for cell in row), default=0)
    most = most // 2 if longest > _LONG else most
    places = sorted(range(len(names)), key=lambda place: (place > 0, not _EXPECTED_COLUMNS.search(names[place]), place))
    title = f"{table.title} (the first {most} of {len(table.rows)})" if most < len(table.rows) else table.title
    columns, *rows = [tuple(row[place] for place in places[:_COLUMNS_SHOWN]) for row in (names, *table.rows[:most])]
    return Table(title, columns, tuple(rows))


def summary(answer: Answer) -> str:
    """Summarize an answer in a few lines, for link previews."""
    lines = [begin_sentence(line.text) for line in answer.lines if not line.is_day]
    return f"{'. '.join(lines[:3])}. As of {day(date.fromisoformat(answer.as_of))}."


async def show(
    site: Site, links: Links, question: Question, part: Part, name: str, *, hidden: bool = False, **more: Any
) -> str:
    """Render an answer, or the reason for its absence, with its evidence in folds."""
    content: dict[str, Any] = {"folded": {}}
    answer, card, data = part.answer, None, None
    if answer is not None:
        figures = _FIGURES.get(question.name)
        ranges = read_rows(read_ranges(answer, figures), MOST_ROWS) if figures else None
        skipped = {name.capitalize() for name in CLASSES} if ranges else ()  # the figures show these lines
        look = [line for line in answer.first_look[1:] if not line.is_day and line.label not in skipped]
        look = look[: _LINES - (ranges is not None)]
        picture, card = site.picture(links, question, answer), site.card(links, question, answer)
        content = {"look": look, "ranges": ranges, "picture": picture, "main": _main_tables(answer),
                 "folded": fold(answer, look)}  # fmt: skip
        data = None if hidden else dataset(links, question, answer, name, summary(answer))
    head = Head.of(name, summary(answer) if answer else part.sentence, card, hidden=hidden, data=data)
    return await site.render("answer.html.j2", links, head, name=name, question=question, part=part, **content, **more)


# ---- a reader's own question


LONGEST_QUESTION = 200
_EXAMPLES = 4
_UNREAD = "Can't tell what you ask"


async def answer_typed(site: Site, links: Links, text: str, choice: str = "") -> str | Entry:
    """Return the page that answers a text, or offers similar questions; or the brief that the text asks for.

    `choice` is the number (from 1) of an offered reading, or 0 for "not what I asked". Raises UsageError for a long
    text or an unknown choice.
    """
    if len(text) > LONGEST_QUESTION:
        raise UsageError(f"A question has at most {LONGEST_QUESTION} characters here; give fewer words.")
    text = one_line(text)
    reply = await site.answer_queue.do(lambda: _read_and_answer(site, text, choice)) if text else Reply(Reading())
    if reply.reading.is_brief:
        return await _find_brief(site, reply.reading.brief_day)
    sentence = reply.sentence or reply.reading.sentence or ""
    if reply.answer and reply.reading.question:
        part = Part("", reply.answer, "")
        return await show(
            site, links, reply.reading.question, part, reply.answer.lines[0].text, typed=text, hidden=True,
            understood=reply.understood, longest=LONGEST_QUESTION, not_asked="" if choice else path(text, "0"),
        )  # fmt: skip
    offers = [(reading.label, path(text, str(number))) for number, reading in enumerate(reply.reading.offers, 1)]
    title = "Choose a question" if offers else _UNREAD if text else "Ask a question"
    near = offers or examples()[: _EXAMPLES if text else None]
    return await site.render(
        "ask.html.j2", links, Head.of(title, sentence or title, hidden=True), typed=text, sentence=sentence,
        near=near, longest=LONGEST_QUESTION, is_offered=bool(offers),
    )  # fmt: skip


async def _read_and_answer(site: Site, text: str, choice: str) -> Reply:
    settings, today = site.services.settings, site.services.answers.today

    def read_text() -> Reading:
        with open_evidence(settings) as store:
            reading = reader.read_text(text, store, today())
            return _offer_pages(reading, name_index(store)) if reading.brief_since else reading

    reading = await asyncio.to_thread(read_text)
    if choice:
        readings = reading.alternatives or reading.near
        options = {str(number): option for number, option in enumerate(readings, 1)} | {"0": apologize(reading)}
        if choice not in options:
            raise UsageError(f"{quote(choice)} is not a reading of this question; ask it again.")
        if choice == "0" and reading.name:
            await count_misread(site.services.state, reading.name, datetime.now(UTC))
        reading = options[choice]
    return await Assistant(settings, site.services.answers.answer, today=today).answer_reading(reading)


def _offer_pages(reading: Reading, names: NameIndex) -> Reading:
    """Offer the nearest pages to a brief with the news since another day, which has none of its own."""
    days = {"since": reading.brief_since, "until": reading.brief_day}
    changes = make_reading("changes", {key: str(day) for key, day in days.items() if day}, names)
    sentence = "A brief's page has the news of its month; choose what changed since then, or that brief."
    return Reading(alternatives=(changes, brief_reading(reading.brief_day)), sentence=sentence)


async def _find_brief(site: Site, brief_day: date | None) -> Entry:
    """Return a day's brief (None: the newest); raises UsageError if there is none."""
    entry = await (site.archive.find(brief_day.isoformat()) if brief_day else site.archive.newest())
    if entry is None:
        raise UsageError(
            await site.archive.say_missing(brief_day.isoformat()) if brief_day else "There is no brief yet."
        )
    return entry


def examples() -> list[tuple[str, str]]:
    """Return each question's first example, with its path."""
    return [(phrasing, path(phrasing)) for phrasing, *_ in (question.phrasings for question in QUESTIONS.values())]


def path(text: str, choice: str = "") -> str:
    """Return the path of a text's answer."""
    return f"ask?{urlencode({'q': text} | ({'as': choice} if choice else {}))}"
