"""The one renderer from answers to Discord embeds. No number is computed here.

An answer becomes pages: its text, on several if one embed can't hold it, then its tables, laid out for a phone. Tables
of figures are aligned lines in a code block, tables of words are entries. Nothing is cut silently: a wide table is
shown a few columns at a time. No page exceeds Discord's limits.
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
from bot.pictures import read_alt
from bot.spreadsheet import write_csv
from core.answer import Answer, Chart, Line, Table
from core.evidence.evidence import Term
from core.palette import EMBED
from core.words import CLASSES, begin_sentence

T = TypeVar("T")

# ---- tables for a phone


WIDTH = 29
"""Characters per line of an embed's code block on a phone 390 pixels wide."""
_KEY_WIDTH = 14
"""Width to which the first column may be folded beside others."""
_SHORT_CELL = 12
_KIND_COLUMN = "Kind"
_NUMBER = re.compile(r"[−-]?[\d,.]+(?: ?%)?|–")
_PERCENT = ", %"
"""End of the title of a percentage column."""

Entry = tuple[str, list[tuple[str, str]]]
"""A row's first cell, and the titles and texts of its other non-empty cells."""


@dataclass(frozen=True)
class Sheet:
    """A table, or some of its columns, as lines: the head's, and each row's."""

    head: list[str]
    rows: list[list[str]]


@dataclass
class _Column:
    """A column and its width; figures are right-aligned."""

    title: str
    cells: list[str]
    width: int
    is_figures: bool


def is_of_figures(table: Table) -> bool:
    """Whether all cells after the first column are short."""
    return all(len(cell) <= _SHORT_CELL for row in table.rows for cell in row[1:])


def split_by_kind(table: Table) -> dict[str, Table]:
    """Split a table by its column of private and public; a table without the column has the key ""."""
    if _KIND_COLUMN not in table.columns:
        return {"": table}
    place = table.columns.index(_KIND_COLUMN)
    parts: dict[str, list[tuple[str, ...]]] = {}
    for row in table.rows:
        parts.setdefault(row[place], []).append(row[:place] + row[place + 1 :])
    columns = table.columns[:place] + table.columns[place + 1 :]
    return {kind: Table(table.title, columns, tuple(rows)) for kind, rows in parts.items()}


def write_sheets(table: Table) -> list[Sheet]:
    """Lay out a table of figures as sheets at most `WIDTH` wide."""
    key, *columns = [_measure_column(title, [row[n] for row in table.rows]) for n, title in enumerate(table.columns)]
    groups: list[list[_Column]] = []
    for column in columns:
        if not groups or min(key.width, _KEY_WIDTH) + sum(member.width + 1 for member in (*groups[-1], column)) > WIDTH:
            groups.append([])
        groups[-1].append(column)
    return [_write_sheet(key, group) for group in groups or [[]]]


def write_entries(table: Table) -> list[Entry]:
    """Lay out a table of words as entries."""
    title, percent, _ = table.columns[0].partition(_PERCENT)
    is_figures = all(_NUMBER.fullmatch(row[0]) for row in table.rows)
    prefix, suffix = (f"{title} ", " %" * bool(percent)) if is_figures else ("", "")
    titles = table.columns[1:] if len(table.columns) > 2 else ("",)
    return [
        (prefix + first + suffix, [pair for pair in zip(titles, cells, strict=True) if pair[1] not in ("", "–")])
        for first, *cells in table.rows
    ]


def csv_files(tables: Sequence[Table]) -> list[tuple[str, bytes]]:
    """Return each full table as a CSV file's name and content."""
    return [(f"gapbrief-{n}.csv", write_csv([table.columns, *table.rows])) for n, table in enumerate(tables, 1)]


def _measure_column(title: str, cells: list[str]) -> _Column:
    width = max(map(len, (*cells, *title.split())), default=1)
    return _Column(title, cells, width, all(map(_NUMBER.fullmatch, cells)))


def _write_sheet(key: _Column, group: list[_Column]) -> Sheet:
    """Write columns side by side, folding the key or titles if space is short."""
    group_width = sum(column.width + 1 for column in group)
    shelf = [_Column(key.title, key.cells, min(key.width, WIDTH - group_width), key.is_figures), *group]
    spare = WIDTH - group_width - shelf[0].width
    for column in shelf:
        shortfall = len(column.title) - column.width
        if 0 < shortfall <= spare:
            column.width += shortfall
            spare -= shortfall
    gap = "  " if spare >= len(group) else " "
    head = _write_row(shelf, [column.title for column in shelf], gap, low=True)
    rule = "─" * max(map(len, head))
    return Sheet(
        [*head, rule], [_write_row(shelf, [column_.cells[n] for column_ in shelf], gap) for n in range(len(key.cells))]
    )


def _write_row(shelf: list[_Column], cells: list[str], gap: str, *, low: bool = False) -> list[str]:
    """Write cells side by side, each folded in its column; `low` aligns short ones to the bottom."""
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
    """Fold a cell between words, and a long name before a capital: "FictionLive-", "Bench"."""
    part = rf"\b(?=\w{{{width + 1}}})(\w{{0,{max(width - 2, 0)}}}[a-z])(?=[A-Z])"
    return textwrap.wrap(re.sub(part, r"\1-", cell), width) or [""]


# ---- answers


COLOUR = discord.Colour.from_str(EMBED)
_DETAILS = "Details"
_FIGURE = re.compile(r"((?:about )?\d[\d.]* months?(?: behind| ahead)?)(?:,? \(?(likely [^,;()]+)\)?)?[,;]? ?(.*)")
"""A line that begins with months: the months, their range, and the rest."""
_TO, _AGE = re.compile(r"(?<=\d) to (?=\d)"), re.compile(r" \d{4}, (\d{1,3} days) old")
_PAGE_ROWS, _PAGE_LINES, _HEAD_LINES, _PAGE_LETTERS = 10, 30, 8, 1500
"""Most rows, lines, head lines and characters on a page: about a phone's screen."""
_LONG_CELL = 40
"""A longer cell begins a new line."""
_MOST_TERMS = 10
_BLANK = "\u200b"
_FILE = "chart.png"


@dataclass(frozen=True)
class MessageParts:
    """A message's contents; `chart` is added by an edit once the message is sent."""

    embed: discord.Embed
    view: discord.ui.View | None
    chart: Chart | None = None
    note: str | None = None


def write_text_pages(answer: Answer) -> list[discord.Embed]:
    """Render an answer's first look, titled by its first line, then its details, one field each."""
    title, *lines = answer.first_look or (Line("", ""),)
    typed = " ".join(str(value) for value in answer.question.values())
    first = discord.Embed(title=limits.shorten(title.text, limits.TITLE), colour=COLOUR)
    is_cut = len(limits.escape(title.text)) > limits.TITLE
    parts = [
        *(limits.split(title.text, limits.FIELD_VALUE, typed) if is_cut else []),
        *(part for line in lines if not line.is_day for part in _write_line(line, typed)),
    ]
    n_shown = 0
    while n_shown < len(parts) and len("\n".join(parts[: n_shown + 1])) <= limits.DESCRIPTION:
        n_shown += 1
    first.description = "\n".join(parts[:n_shown]) or None
    if foot := write_foot(answer, answer.basis):
        first.set_footer(text=foot)
    pages = [first]
    for part in parts[n_shown:]:
        _add_field(pages, _BLANK, part)
    for number, line in enumerate(answer.details):
        if number == 0:
            pages.append(discord.Embed(title=_DETAILS, colour=COLOUR))
        for part_number, part in enumerate(limits.split(begin_sentence(line.text), limits.FIELD_VALUE, typed)):
            _add_field(pages, limits.shorten(line.label, limits.FIELD_NAME) if part_number == 0 else _BLANK, part)
    return pages


def write_foot(answer: Answer, basis: str) -> str:
    """Return the basis of an answer or a table: "Data to 28 September · 64 days · 19 tests · likely = 90 %"."""
    days = "\n".join(f"{line.label} {line.text}" for line in answer.first_look[1:] if line.is_day)
    return " · ".join(filter(None, (limits.clean_lines(_AGE.sub(r" · \1", days)), basis)))


def write_table_pages(answer: Answer) -> list[discord.Embed]:
    """Render tables as pages, each with its basis in the footer."""
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
    """Add the picture at an address, with its alt text, to an embed."""
    return discord.Embed.from_dict(
        {**embed.to_dict(), "image": {"url": address, "description": limits.fit(alt, limits.ALT)}}
    )


def with_file(embed: discord.Embed, png: bytes, chart: Chart) -> tuple[discord.Embed, discord.File]:
    """Add a drawn chart with its alt text to an embed; return it with the file to attach."""
    alt = read_alt(png, chart)
    file = discord.File(io.BytesIO(png), _FILE, description=limits.fit(alt, limits.ALT))
    return with_picture(embed, f"attachment://{_FILE}", alt), file


def show_sentence(text: str) -> discord.Embed:
    """Render one sentence, such as an error."""
    return discord.Embed(description=limits.shorten(text, limits.DESCRIPTION), colour=COLOUR)


def show_lines(lines: Sequence[Line]) -> discord.Embed:
    """Render labelled lines."""
    return discord.Embed(description="\n".join(part for line in lines for part in _write_line(line, "")), colour=COLOUR)


def show_terms(terms: Sequence[Term]) -> discord.Embed:
    """Render terms with their definitions, up to a limit."""
    embed = discord.Embed(title="Terms", colour=COLOUR)
    for term in terms[:_MOST_TERMS]:
        value = limits.shorten(term.definition, 480)
        embed.add_field(name=limits.shorten(term.term, 80), value=value, inline=False)
    if len(terms) > _MOST_TERMS:
        embed.set_footer(text=f"{len(terms) - _MOST_TERMS} more terms: /terms explains them.")
    return embed


def _write_line(line: Line, typed: str) -> list[str]:
    """Write a first look's line with its label or months in bold; very long lines become several parts."""
    figure = _FIGURE.fullmatch(line.text) if line.label.lower().startswith(CLASSES) else None
    if figure and len(line.text) < limits.FIELD_VALUE // 2:
        months, likely, rest = (limits.keep_links(part, typed) for part in figure.groups(default=""))
        likely = _TO.sub("–\N{WORD JOINER}", f" · {likely}" * bool(likely))
        return [f"**{months}** {line.label.lower()}{likely}", *([begin_sentence(rest)] if rest else [])]
    first, *further = limits.split(line.text, limits.FIELD_VALUE, typed)
    return [f"**{limits.shorten(line.label, limits.FIELD_NAME)}** {first}" if line.label else first, *further]


def _add_field(pages: list[discord.Embed], name: str, value: str) -> None:
    """Add a field to the last page, or to a new page if that is full."""
    page, name, value = pages[-1], name.strip() or _BLANK, value.strip() or _BLANK
    if len(page.fields) == limits.EMBED_FIELDS or len(page) + len(name) + len(value) > limits.EMBED_TOTAL:
        pages.append(page := discord.Embed(colour=COLOUR))
    page.add_field(name=name, value=value, inline=False)


def _count_lines(row: list[str]) -> int:
    """Count a row's lines, with a minimum that limits the rows on a page."""
    return max(len(row), _PAGE_LINES // _PAGE_ROWS)


def _figure_texts(table: Table) -> Iterator[str]:
    """Write a table's sheets, for each sheet private tests before public ones."""
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
    """Write a row of words as one text, or several if it exceeds a page."""
    text = f"**{limits.escape(first)}**"
    for title, cell in cells:
        part = limits.keep_links(f"{title}: {cell}" if title else cell)
        text += ("\n" if len(part) > _LONG_CELL or text.count("\n") == 0 else " · ") + part
    if len(text) <= _PAGE_LETTERS:
        return [text]
    return limits.split(" · ".join([first, *(f"{title} {cell}" for title, cell in cells)]), _PAGE_LETTERS)


def _share_out(rows: Sequence[T], size: Callable[[T], int], most: int) -> list[list[T]]:
    """Distribute rows to pages of a maximum size, in order."""
    shares: list[list[T]] = [[]]
    room = most
    for row in rows:
        if shares[-1] and size(row) > room:
            shares.append([])
            room = most
        shares[-1].append(row)
        room -= size(row)
    return shares
