"""Templates with their filters, and Markdown as HTML."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from bot.links import web_url
from bot.web.catalogue import plain
from core.answer import Table
from core.words import begin_sentence, day, parameter_count

if TYPE_CHECKING:
    from markdown_it.token import Token

_UNBREAKABLE = re.compile(r"(?<=\d) (?=%|(?:month|minute|point|day|result|test|model)s?\b)|(?<=[○◉●■□]) | (?=·)")
"""Spaces that must not break: before a unit, after a mark, before a dot."""
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_TOKEN = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:)])|(?<![\w-])(\d{4}-\d\d-\d\d)(?![\w-])|([A-Z]+-\d[\d.]*)\b")
"""An address, a day, or a name with a number: never broken."""
_LIKELY = re.compile(r" \(likely [^()]*\)")
_BRACKETS = re.compile(r"( \((?=[a-z]+ )[^()]*\))")
_TURN = re.compile(r"[;:] ")
_PART = re.compile(r"[;:,] | (?=\(the first )")
_ROLE = re.compile(r"[A-Z][^.:?,]{1,40}[:?](?= )|Overall,")
_CLAUSE, _LONGEST_TITLE = 4, 12
"""Spaces before a colon that ends a clause, and the most words of a large title."""
_ID = re.compile(r" \(([^()]+)\)$")
_FIGURE = re.compile(r"[+−-]?[\d,.]+(?: (?:%|points|minutes|months)| to [\d.]+)?(?: or more)?|–|")


@cache
def environment() -> Environment:
    """Return the template environment, with autoescaping."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=_strip_unseen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "day": _day, "short": _short_day, "linked": _linked, "kind": _kind, "web": web_url,
        "sentence": begin_sentence, "size": parameter_count, "text": _to_html, "headline": headline,
        "table_title": table_title, "lead": lead, "share": "{:.1%}".format,
    }  # fmt: skip
    return templates


def _strip_unseen(value: Any) -> Any:
    """Remove invisible and direction-changing characters from plain text."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return UNSEEN.sub(" ", value) if is_plain else value


def to_html(text: str, addresses: Collection[str] = ()) -> Markup:
    """Convert text to HTML: figures keep to their units, days and "GPT-5" are not broken, known addresses are links.

    Other addresses, which could be a stranger's, are not linked.
    """
    parts, last = [], 0
    bound = _UNBREAKABLE.sub("\N{NO-BREAK SPACE}", _strip_unseen(text))
    for match in _TOKEN.finditer(bound):
        parts.append(escape(bound[last : match.start()]))
        form = '<a href="{0}">{0}</a>' if match[1] in addresses else "{0}"
        form = '<time datetime="{0}">{0}</time>' if match[2] else '<span class="whole">{0}</span>' if match[3] else form
        parts.append(Markup(form).format(match[0]))  # noqa: S704 (the form is ours, what stands in it is escaped)
        last = match.end()
    return Markup().join((*parts, escape(bound[last:])))


def headline(text: str, *, is_plain: bool = False) -> Markup:
    """Render an answer's first line as a page's title: the finding large, the rest and brackets small.

    `is_plain` leaves out likely ranges, which the page shows elsewhere.
    """
    text = begin_sentence(_LIKELY.sub("", text) if is_plain else text)
    turns = (turn for turn in _TURN.finditer(text) if turn[0] != ": " or text.count(" ", 0, turn.start()) >= _CLAUSE)
    turn = next(turns, None)
    is_long = len(_BRACKETS.sub("", text[: turn.start() if turn else None]).split()) > _LONGEST_TITLE
    style = Markup(' class="long"') if is_long else ""
    return Markup('<h1 id="headline"{}>{}</h1>').format(style, _split_turn(text, turn))


def table_title(title: str) -> Markup:
    """Render a table's title: its subject large, the rest small."""
    return _split_turn(title, _PART.search(title))


def _split_turn(text: str, turn: re.Match[str] | None) -> Markup:
    """Render text before a turn large, except brackets, and text after it small on its own line."""
    small = Markup('<span class="rest">{}</span>')
    parts = [to_html(part) for part in _BRACKETS.split(text[: turn.start() if turn else None])]
    html = Markup().join(small.format(part) if number % 2 else part for number, part in enumerate(parts))
    if turn is None:
        return html
    second_line = Markup('{}<span class="unseen">{}</span> <span class="rest below">{}</span>')
    return second_line.format(html, turn[0].strip(), to_html(text[turn.end() :]))


def lead(text: str) -> Markup:
    """Render a bullet with its role ("To watch:") in bold."""
    role = _ROLE.match(text)
    return (
        to_html(text) if role is None else Markup("<strong>{}</strong>{}").format(role[0], to_html(text[role.end() :]))
    )


def _day(value: date | str) -> str:
    return day(date.fromisoformat(value) if isinstance(value, str) else value)


def _short_day(value: date) -> str:
    return f"{value.day}\N{NO-BREAK SPACE}{day(value).split()[1][:3]}"


@pass_context
def _to_html(context: Context, text: str) -> Markup:
    """Convert our own text, with links to the sources."""
    return to_html(text, context["addresses"])


@pass_context
def _linked(context: Context, cell: str, links: Any) -> str:
    """Render a table's cell, with a link if the name has a page."""
    paths: Mapping[str, str] = context["paths"]
    path = paths.get(cell)
    if path is None or not links.has(path):
        return _to_html(context, cell)
    name = re.sub(_ID, lambda match: "" if path == f"models/{plain(match[1])}" else match[0], cell)
    return to_html(name) if path == links.here else Markup('<a href="{}">{}</a>').format(links.to(path), to_html(name))


def _kind(column: int, table: Table) -> Markup:
    """Return a column's class attribute: figures are right-aligned."""
    cells = [row[column] for row in table.rows]
    return Markup(' class="n"' if cells and all(_FIGURE.fullmatch(cell) for cell in cells) else "")  # noqa: S704


def markdown(text: str) -> tuple[str, Markup, Sequence[tuple[str, str]]]:
    """Return a Markdown text's title, its body as HTML, and its sections' ids and names.

    Raw HTML is escaped.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    title, sections = "", []
    for number, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = _heading_text(tokens[number + 1])
        if token.tag == "h1" and not title:
            title = words
            for part in tokens[number : number + 3]:
                part.hidden = True
            tokens[number + 1].children = []
            continue
        token.attrSet("id", re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-"))
        if token.tag == "h2":
            sections.append((str(token.attrGet("id")), words))
    _wrap_tables(tokens)
    html = parser.renderer.render([part for part in tokens if not part.hidden], parser.options, {})
    return title, Markup(html), sections  # noqa: S704 (the parser escapes what it is given)


def _heading_text(token: "Token") -> str:
    """Return a heading's plain text."""
    return "".join(child.content for child in token.children or ())


def _wrap_tables(tokens: "list[Token]") -> None:
    """Wrap tables in scrollable regions, labelled by the heading before; right-align figures."""
    from markdown_it.token import Token

    heading, number, counts = "", 0, Counter[str]()
    while number < len(tokens):
        token = tokens[number]
        if token.type == "heading_open":
            heading = _heading_text(tokens[number + 1])
        elif token.type in ("th_open", "td_open"):
            is_figure = "right" in str(token.attrs.pop("style", ""))  # the CSP forbids inline styles
            token.attrs |= {"class": "n"} if is_figure else {}
        elif token.type == "table_open":
            counts[heading] += 1
            label = escape(f"Table: {heading}{f', part {counts[heading]}' if counts[heading] > 1 else ''}")
            opening = f'<div class="scroll" role="region" aria-label="{label}" tabindex="0">\n'
            tokens.insert(number, Token("html_block", "", 0, content=opening))
            number += 1
        elif token.type == "table_close":
            tokens.insert(number + 1, Token("html_block", "", 0, content="</div>\n"))
        number += 1
