"""From an answer to what Discord shows of it: the one renderer. No number is computed here.

An answer is a run of pages: its text on the first, and on more where one embed can't hold it; then its tables.
Nothing is cut in silence, and no page is over Discord's limits, whatever the answer.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

import discord

from bot.discord import limits, phone_tables
from core.answer import Answer, Chart, Line, Table
from core.evidence.evidence import Term
from core.palette import EMBED
from core.words import CLASSES, begin_sentence

COLOUR = discord.Colour.from_str(EMBED)
_DETAILS = "Details"
_FIGURE = re.compile(r"((?:about )?\d[\d.]* months?(?: behind| ahead)?)(?:,? \(?(likely [^,;()]+)\)?)?[,;]? ?(.*)")
"""A line that begins with its months: these, their range, and the rest."""
_TO, _AGE = re.compile(r"(?<=\d) to (?=\d)"), re.compile(r" \d{4}, (\d{1,3} days) old")
_ROWS, _LINES, _HEAD, _LETTERS = 10, 30, 8, 1500
"""A page's most rows and lines of figures, of their head, and letters of words: about a phone's screen."""
_ASIDE = 40
"""A cell of words that is longer begins a line."""
_MOST_TERMS = 10
_NOTHING = "\u200b"
_FILE = "chart.png"

T = TypeVar("T")


@dataclass(frozen=True)
class MessageParts:
    """What a message holds; `chart` is drawn once it is sent, and put into it by an edit."""

    embed: discord.Embed
    view: discord.ui.View | None
    chart: Chart | None = None
    note: str | None = None


def text_pages(answer: Answer) -> list[discord.Embed]:
    """Show an answer's first look, the first line as its title; then its details, a field each."""
    title, *others = answer.first_look or (Line("", ""),)
    typed = " ".join(str(value) for value in answer.question.values())
    first = discord.Embed(title=limits.short(title.text, limits.TITLE), colour=COLOUR)
    is_cut = len(limits.escaped(title.text)) > limits.TITLE
    said = [
        *(limits.parts(title.text, limits.FIELD_VALUE, typed) if is_cut else []),
        *(part for line in others if not line.is_day for part in _said(line, typed)),
    ]
    shown = 0
    while shown < len(said) and len("\n".join(said[: shown + 1])) <= limits.DESCRIPTION:
        shown += 1
    first.description = "\n".join(said[:shown]) or None
    if foot := data_foot(answer, answer.basis):
        first.set_footer(text=foot)
    found = [first]
    for part in said[shown:]:
        _add(found, _NOTHING, part)
    for number, line in enumerate(answer.details):
        if number == 0:
            found.append(discord.Embed(title=_DETAILS, colour=COLOUR))
        for part_number, part in enumerate(limits.parts(begin_sentence(line.text), limits.FIELD_VALUE, typed)):
            _add(found, limits.short(line.label, limits.FIELD_NAME) if part_number == 0 else _NOTHING, part)
    return found


def data_foot(answer: Answer, basis: str) -> str:
    """Say what an answer or a part of it rests on: "Data to 28 September · 64 days · 19 tests · likely = 90 %"."""
    days = "\n".join(f"{line.label} {line.text}" for line in answer.first_look[1:] if line.is_day)
    return " · ".join(filter(None, (limits.visible_lines(_AGE.sub(r" · \1", days)), basis)))


def table_pages(answer: Answer) -> list[discord.Embed]:
    """Show tables as pages, each above what it rests on: figures as aligned lines, words as entries."""
    found = []
    for table in answer.tables:
        title = limits.short(table.title, limits.TITLE)
        texts = _figure_texts(table) if phone_tables.is_of_figures(table) else _word_texts(table)
        foot = data_foot(answer, answer.basis_of(is_ranged=table.is_ranged))
        found += [(discord.Embed(title=title, description=text, colour=COLOUR), foot) for text in texts]
    for number, (page, foot) in enumerate(found, 1):
        if parts := [part for part in (foot, f"Page {number} of {len(found)}" * (len(found) > 1)) if part]:
            page.set_footer(text=" · ".join(parts))
    return [page for page, _ in found]


def with_picture(embed: discord.Embed, address: str, alt: str) -> discord.Embed:
    """Return an embed that shows the picture at an address, with its alt text."""
    return discord.Embed.from_dict({**embed.to_dict(), "image": {"url": address, "description": alt_text(alt)}})


def with_file(embed: discord.Embed, chart: Chart, png: bytes) -> tuple[discord.Embed, discord.File]:
    """Return an embed that shows a drawn chart, and the file that goes with it."""
    file = discord.File(io.BytesIO(png), _FILE, description=alt_text(chart.alt or chart.title))
    return with_picture(embed, f"attachment://{_FILE}", chart.alt), file


def alt_text(text: str) -> str:
    """Return an alt text of a length that Discord takes."""
    return limits.fitted(text, limits.ALT)


def sentence(text: str) -> discord.Embed:
    """Show one sentence, such as an error's."""
    return discord.Embed(description=limits.short(text, limits.DESCRIPTION), colour=COLOUR)


def lines(found: Sequence[Line]) -> discord.Embed:
    """Show a few lines, each after its label."""
    return discord.Embed(description="\n".join(part for line in found for part in _said(line, "")), colour=COLOUR)


def terms(found: Sequence[Term]) -> discord.Embed:
    """Show terms with their definitions, as many as an embed holds."""
    shown = discord.Embed(title="Terms", colour=COLOUR)
    for term in found[:_MOST_TERMS]:
        value = limits.short(term.definition, 480)
        shown.add_field(name=limits.short(term.term, 80), value=value, inline=False)
    if len(found) > _MOST_TERMS:
        shown.set_footer(text=f"{len(found) - _MOST_TERMS} more terms: /terms explains them.")
    return shown


def _said(line: Line, typed: str) -> list[str]:
    """Write a line of a first look: its label in bold, or a class's months; in parts where it is very long."""
    figure = _FIGURE.fullmatch(line.text) if line.label.lower().startswith(CLASSES) else None
    if figure and len(line.text) < limits.FIELD_VALUE // 2:
        months, likely, rest = (limits.linked(part, typed) for part in figure.groups(default=""))
        likely = _TO.sub("–\N{WORD JOINER}", f" · {likely}" * bool(likely))
        return [f"**{months}** {line.label.lower()}{likely}", *([begin_sentence(rest)] if rest else [])]
    first, *others = limits.parts(line.text, limits.FIELD_VALUE, typed)
    return [f"**{limits.short(line.label, limits.FIELD_NAME)}** {first}" if line.label else first, *others]


def _add(found: list[discord.Embed], name: str, value: str) -> None:
    """Add a field to the last page, or to a new one where that is full."""
    page, name, value = found[-1], name.strip() or _NOTHING, value.strip() or _NOTHING
    if len(page.fields) == limits.EMBED_FIELDS or len(page) + len(name) + len(value) > limits.EMBED_TOTAL:
        found.append(page := discord.Embed(colour=COLOUR))
    page.add_field(name=name, value=value, inline=False)


def _figure_texts(table: Table) -> Iterator[str]:
    """Write a table's first columns, of private tests and then of public ones, and so on."""
    kinds = phone_tables.by_kind(table)
    for sheets in zip_longest(*map(phone_tables.sheets, kinds.values())):
        for kind, sheet in zip(kinds, sheets, strict=True):
            heading = f"**{kind.capitalize()} tests**\n" * bool(kind)
            for share in _shares(sheet.rows, lambda row: max(len(row), _LINES // _ROWS), _LINES) if sheet else ():
                lines = [*sheet.head[:_HEAD], *(line for row in share for line in row)]
                yield "\n".join([f"{heading}```", *map(limits.in_code, lines), "```"])


def _word_texts(table: Table) -> Iterator[str]:
    texts = [part for first, cells in phone_tables.entries(table) for part in _entry(first, cells)]
    return map("\n".join, _shares(texts, len, _LETTERS))


def _entry(first: str, cells: list[tuple[str, str]]) -> list[str]:
    """Write a row of words as one text, or as several where it is longer than a page."""
    text = f"**{limits.escaped(first)}**"
    for title, cell in cells:
        said = limits.linked(f"{title}: {cell}" if title else cell)
        text += ("\n" if len(said) > _ASIDE or text.count("\n") == 0 else " · ") + said
    if len(text) <= _LETTERS:
        return [text]
    return limits.parts(" · ".join([first, *(f"{title} {cell}" for title, cell in cells)]), _LETTERS)


def _shares(rows: Sequence[T], size: Callable[[T], int], most: int) -> list[list[T]]:
    """Share rows out to pages of at most so much, in order."""
    found: list[list[T]] = [[]]
    room = most
    for row in rows:
        if found[-1] and size(row) > room:
            found.append([])
            room = most
        found[-1].append(row)
        room -= size(row)
    return found
