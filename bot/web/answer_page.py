"""The one page of an answer: best, unmatched, trust, others, compare, a model, a test, and a reader's own question."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from bot.links import Links
from bot.web import markup
from bot.web.linked_data import dataset
from bot.web.site import MOST_ROWS, Head, Part, Site
from core.answer import Answer, Line, Table
from core.chart_rows import read_ranges, read_rows
from core.questions import Question
from core.words import CLASSES, day

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
    lines = [", ".join(markup.pieces(line.text)) for line in answer.lines if not line.is_day]
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
