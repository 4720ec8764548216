"""From an answer to what Discord shows of it: the one renderer. No number is computed here.

An answer is a run of pages: its text on the first, and on more where one embed can't hold it; then its tables, made for
a phone: those of figures as aligned lines of a code block, those of words as entries. Nothing is cut in silence: a
table that is too wide is shown a few columns at a time. No page is over Discord's limits, whatever the answer.
"""

import io
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

import discord

from bot.discord import limits
from bot.spreadsheet import write_csv
from core.answer import Answer, Chart, Line, Table
from core.evidence.evidence import Term
from core.palette import EMBED
from core.words import CLASSES, begin_sentence

T = TypeVar("T")

# ---- tables for a phone


WIDTH = 29
"""Letters of a line that a code block in an embed shows on a phone 390 pixels wide."""
_KEY_WIDTH = 14
"""Letters to which the first column may be folded, where others stand beside it."""
_SHORT_CELL = 12
_KIND_COLUMN = "Kind"
_NUMBER = re.compile(r"[−-]?[\d,.]+(?: ?%)?|–")
_PERCENT = ", %"
"""What ends the title of a column of percentages."""

Entry = tuple[str, list[tuple[str, str]]]
"""A row's first cell, and the titles and cells of the others that say something."""


@dataclass(frozen=True)
class Sheet:
    """A table, or some of its columns: the lines of its head, and of each row."""

    head: list[str]
    rows: list[list[str]]


@dataclass
class _Column:
    """A column with the width at which it is written; figures go to the right."""

    title: str
    cells: list[str]
    width: int
    is_figures: bool


def is_of_figures(table: Table) -> bool:
    """Whether all cells but a row's first are short."""
    return all(len(cell) <= _SHORT_CELL for row in table.rows for cell in row[1:])


def split_by_kind(table: Table) -> dict[str, Table]:
    """Return a table's private and public tests apart, without the column that says it; "" for one that has none."""
    if _KIND_COLUMN not in table.columns:
        return {"": table}
    at = table.columns.index(_KIND_COLUMN)
    parts: dict[str, list[tuple[str, ...]]] = {}
    for row in table.rows:
        parts.setdefault(row[at], []).append(row[:at] + row[at + 1 :])
    columns = table.columns[:at] + table.columns[at + 1 :]
    return {kind: Table(table.title, columns, tuple(rows)) for kind, rows in parts.items()}


def write_sheets(table: Table) -> list[Sheet]:
    """Return a table of figures as sheets of lines, each at most `WIDTH` wide."""
    key, *others = [_measure_column(title, [row[n] for row in table.rows]) for n, title in enumerate(table.columns)]
    groups: list[list[_Column]] = []
    for column in others:
        if not groups or min(key.width, _KEY_WIDTH) + sum(each.width + 1 for each in (*groups[-1], column)) > WIDTH:
            groups.append([])
        groups[-1].append(column)
    return [_write_sheet(key, group) for group in groups or [[]]]


def write_entries(table: Table) -> list[Entry]:
    """Return a table of words as entries: a row's first cell, and the others with their columns' titles."""
    title, percent, _ = table.columns[0].partition(_PERCENT)
    is_figures = all(_NUMBER.fullmatch(row[0]) for row in table.rows)
    before, after = (f"{title} ", " %" * bool(percent)) if is_figures else ("", "")
    titles = table.columns[1:] if len(table.columns) > 2 else ("",)
    return [
        (before + first + after, [each for each in zip(titles, others, strict=True) if each[1] not in ("", "–")])
        for first, *others in table.rows
    ]


def csv_files(tables: Sequence[Table]) -> list[tuple[str, bytes]]:
    """Return each table, whole, as a CSV file's name and content."""
    return [(f"gapbrief-{n}.csv", write_csv([table.columns, *table.rows])) for n, table in enumerate(tables, 1)]


def _measure_column(title: str, cells: list[str]) -> _Column:
    width = max(map(len, (*cells, *title.split())), default=1)
    return _Column(title, cells, width, all(map(_NUMBER.fullmatch, cells)))


def _write_sheet(key: _Column, group: list[_Column]) -> Sheet:
    """Write columns side by side; the key is folded where they need its room, titles where there is none to spare."""
    beside = sum(column.width + 1 for column in group)
    shelf = [_Column(key.title, key.cells, min(key.width, WIDTH - beside), key.is_figures), *group]
    spare = WIDTH - beside - shelf[0].width
    for column in shelf:
        lacks = len(column.title) - column.width
        if 0 < lacks <= spare:
            column.width += lacks
            spare -= lacks
    gap = "  " if spare >= len(group) else " "
    head = _write_row(shelf, [column.title for column in shelf], gap, low=True)
    rule = "─" * max(map(len, head))
    return Sheet(
        [*head, rule], [_write_row(shelf, [each.cells[n] for each in shelf], gap) for n in range(len(key.cells))]
    )


def _write_row(shelf: list[_Column], cells: list[str], gap: str, *, low: bool = False) -> list[str]:
    """Write cells side by side, each folded in its column; `low` puts what is short at the bottom."""
    folded = [_fold(cell, column.width) for column, cell in zip(shelf, cells, strict=True)]
    high = max(map(len, folded))
    padded = [[""] * (high - len(cell)) + cell if low else cell + [""] * (high - len(cell)) for cell in folded]
    return [
        gap.join(
            part.rjust(column.width) if column.is_figures else part.ljust(column.width)
            for column, part in zip(shelf, line, strict=True)
        ).rstrip()
        for line in zip(*padded, strict=True)
    ]


def _fold(cell: str, width: int) -> list[str]:
    """Fold a cell between words; a name too long for a line is parted before a capital: "FictionLive-", "Bench"."""
    part = rf"\b(?=\w{{{width + 1}}})(\w{{0,{max(width - 2, 0)}}}[a-z])(?=[A-Z])"
    return textwrap.wrap(re.sub(part, r"\1-", cell), width) or [""]


# ---- answers


COLOUR = discord.Colour.from_str(EMBED)
_DETAILS = "Details"
_FIGURE = re.compile(r"((?:about )?\d[\d.]* months?(?: behind| ahead)?)(?:,? \(?(likely [^,;()]+)\)?)?[,;]? ?(.*)")
"""A line that begins with its months: these, their range, and the rest."""
_TO, _AGE = re.compile(r"(?<=\d) to (?=\d)"), re.compile(r" \d{4}, (\d{1,3} days) old")
_PAGE_ROWS, _PAGE_LINES, _HEAD_LINES, _PAGE_LETTERS = 10, 30, 8, 1500
"""A page's most rows and lines of figures, of their head, and letters of words: about a phone's screen."""
_ASIDE = 40
"""A cell of words that is longer begins a line."""
_MOST_TERMS = 10
_NOTHING = "\u200b"
_FILE = "chart.png"


@dataclass(frozen=True)
class MessageParts:
    """What a message holds; `chart` is drawn once it is sent, and put into it by an edit."""

    embed: discord.Embed
    view: discord.ui.View | None
    chart: Chart | None = None
    note: str | None = None


def write_text_pages(answer: Answer) -> list[discord.Embed]:
    """Show an answer's first look, the first line as its title; then its details, a field each."""
    title, *others = answer.first_look or (Line("", ""),)
    typed = " ".join(str(value) for value in answer.question.values())
    first = discord.Embed(title=limits.shorten(title.text, limits.TITLE), colour=COLOUR)
    is_cut = len(limits.escape(title.text)) > limits.TITLE
    parts = [
        *(limits.split(title.text, limits.FIELD_VALUE, typed) if is_cut else []),
        *(part for line in others if not line.is_day for part in _write_line(line, typed)),
    ]
    shown = 0
    while shown < len(parts) and len("\n".join(parts[: shown + 1])) <= limits.DESCRIPTION:
        shown += 1
    first.description = "\n".join(parts[:shown]) or None
    if foot := write_foot(answer, answer.basis):
        first.set_footer(text=foot)
    pages = [first]
    for part in parts[shown:]:
        _add_field(pages, _NOTHING, part)
    for number, line in enumerate(answer.details):
        if number == 0:
            pages.append(discord.Embed(title=_DETAILS, colour=COLOUR))
        for part_number, part in enumerate(limits.split(begin_sentence(line.text), limits.FIELD_VALUE, typed)):
            _add_field(pages, limits.shorten(line.label, limits.FIELD_NAME) if part_number == 0 else _NOTHING, part)
    return pages


def write_foot(answer: Answer, basis: str) -> str:
    """Say what an answer or a part of it rests on: "Data to 28 September · 64 days · 19 tests · likely = 90 %"."""
    days = "\n".join(f"{line.label} {line.text}" for line in answer.first_look[1:] if line.is_day)
    return " · ".join(filter(None, (limits.clean_lines(_AGE.sub(r" · \1", days)), basis)))


def write_table_pages(answer: Answer) -> list[discord.Embed]:
    """Show tables as pages, each above what it rests on: figures as aligned lines, words as entries."""
    pages = []
    for table in answer.tables:
        title = limits.shorten(table.title, limits.TITLE)
        texts = _figure_texts(table) if is_of_figures(table) else _word_texts(table)
        foot = write_foot(answer, answer.basis_of(is_ranged=table.is_ranged))
        pages += [(discord.Embed(title=title, description=text, colour=COLOUR), foot) for text in texts]
    for number, (page, foot) in enumerate(pages, 1):
        if parts := [part for part in (foot, f"Page {number} of {len(pages)}" * (len(pages) > 1)) if part]:
            page.set_footer(text=" · ".join(parts))
    return [page for page, _ in pages]


def with_picture(embed: discord.Embed, address: str, alt: str) -> discord.Embed:
    """Return an embed that shows the picture at an address, with its alt text."""
    return discord.Embed.from_dict(
        {**embed.to_dict(), "image": {"url": address, "description": limits.fit(alt, limits.ALT)}}
    )


def with_file(embed: discord.Embed, chart: Chart, png: bytes) -> tuple[discord.Embed, discord.File]:
    """Return an embed that shows a drawn chart, and the file that goes with it."""
    file = discord.File(io.BytesIO(png), _FILE, description=limits.fit(chart.alt or chart.title, limits.ALT))
    return with_picture(embed, f"attachment://{_FILE}", chart.alt), file


def show_sentence(text: str) -> discord.Embed:
    """Show one sentence, such as an error's."""
    return discord.Embed(description=limits.shorten(text, limits.DESCRIPTION), colour=COLOUR)


def show_lines(shown: Sequence[Line]) -> discord.Embed:
    """Show a few lines, each after its label."""
    return discord.Embed(description="\n".join(part for line in shown for part in _write_line(line, "")), colour=COLOUR)


def show_terms(known: Sequence[Term]) -> discord.Embed:
    """Show terms with their definitions, as many as an embed holds."""
    shown = discord.Embed(title="Terms", colour=COLOUR)
    for term in known[:_MOST_TERMS]:
        value = limits.shorten(term.definition, 480)
        shown.add_field(name=limits.shorten(term.term, 80), value=value, inline=False)
    if len(known) > _MOST_TERMS:
        shown.set_footer(text=f"{len(known) - _MOST_TERMS} more terms: /terms explains them.")
    return shown


def _write_line(line: Line, typed: str) -> list[str]:
    """Write a line of a first look: its label in bold, or a class's months; in parts where it is very long."""
    figure = _FIGURE.fullmatch(line.text) if line.label.lower().startswith(CLASSES) else None
    if figure and len(line.text) < limits.FIELD_VALUE // 2:
        months, likely, rest = (limits.keep_links(part, typed) for part in figure.groups(default=""))
        likely = _TO.sub("–\N{WORD JOINER}", f" · {likely}" * bool(likely))
        return [f"**{months}** {line.label.lower()}{likely}", *([begin_sentence(rest)] if rest else [])]
    first, *others = limits.split(line.text, limits.FIELD_VALUE, typed)
    return [f"**{limits.shorten(line.label, limits.FIELD_NAME)}** {first}" if line.label else first, *others]


def _add_field(pages: list[discord.Embed], name: str, value: str) -> None:
    """Add a field to the last page, or to a new one where that is full."""
    page, name, value = pages[-1], name.strip() or _NOTHING, value.strip() or _NOTHING
    if len(page.fields) == limits.EMBED_FIELDS or len(page) + len(name) + len(value) > limits.EMBED_TOTAL:
        pages.append(page := discord.Embed(colour=COLOUR))
    page.add_field(name=name, value=value, inline=False)


def _count_lines(row: list[str]) -> int:
    """Count a row's lines: at least so many that a page has no more rows than a phone's screen."""
    return max(len(row), _PAGE_LINES // _PAGE_ROWS)


def _figure_texts(table: Table) -> Iterator[str]:
    """Write a table's first columns, of private tests and then of public ones, and so on."""
    kinds = split_by_kind(table)
    for abreast in zip_longest(*map(write_sheets, kinds.values())):
        for kind, sheet in zip(kinds, abreast, strict=True):
            if sheet is None:
                continue
            heading = f"**{kind.capitalize()} tests**\n" * bool(kind)
            for share in _share_out(sheet.rows, _count_lines, _PAGE_LINES):
                lines = [*sheet.head[:_HEAD_LINES], *(line for row in share for line in row)]
                yield "\n".join([f"{heading}```", *map(limits.escape_code, lines), "```"])


def _word_texts(table: Table) -> Iterator[str]:
    texts = [part for first, cells in write_entries(table) for part in _entry(first, cells)]
    return map("\n".join, _share_out(texts, len, _PAGE_LETTERS))


def _entry(first: str, cells: list[tuple[str, str]]) -> list[str]:
    """Write a row of words as one text, or as several where it is longer than a page."""
    text = f"**{limits.escape(first)}**"
    for title, cell in cells:
        part = limits.keep_links(f"{title}: {cell}" if title else cell)
        text += ("\n" if len(part) > _ASIDE or text.count("\n") == 0 else " · ") + part
    if len(text) <= _PAGE_LETTERS:
        return [text]
    return limits.split(" · ".join([first, *(f"{title} {cell}" for title, cell in cells)]), _PAGE_LETTERS)


def _share_out(rows: Sequence[T], size: Callable[[T], int], most: int) -> list[list[T]]:
    """Share rows out to pages of at most so much, in order."""
    shares: list[list[T]] = [[]]
    room = most
    for row in rows:
        if shares[-1] and size(row) > room:
            shares.append([])
            room = most
        shares[-1].append(row)
        room -= size(row)
    return shares
