"""How pages are written: the templates with their filters, and Markdown as HTML."""

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

_APART = re.compile(r"\s{2,}")
_JOINED = re.compile(r"(?<=\d) (?=%|(?:month|minute|point|day|result|test|model)s?\b)|(?<=[○◉●■□]) | (?=·)")
"""Where no line may end: before a unit, behind a mark, before a dot."""
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_WHOLE = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:)])|(?<![\w-])(\d{4}-\d\d-\d\d)(?![\w-])|([A-Z]+-\d[\d.]*)\b")
"""An address, a day, or a name with a number: no line ends inside one."""
_LIKELY = re.compile(r" \(likely [^()]*\)")
_ASIDE = re.compile(r"( \((?=[a-z]+ )[^()]*\))")
_TURN = re.compile(r"[;:] ")
_PART = re.compile(r"[;:,] | (?=\(the first )")
_ROLE = re.compile(r"[A-Z][^.:?,]{1,40}[:?](?= )|Overall,")
_CLAUSE, _LONGEST_TITLE = 4, 12
"""How many spaces are in what a colon ends, so that it says something alone; and how many words a title has."""
_ID = re.compile(r" \(([^()]+)\)$")
_FIGURE = re.compile(r"[+−-]?[\d,.]+(?: (?:%|points|minutes|months)| to [\d.]+)?(?: or more)?|–|")


@cache
def environment() -> Environment:
    """Return the templates, with everything that comes from data escaped."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "day": _day, "short": _short_day, "pieces": pieces, "linked": _linked, "kind": _kind, "web": web_url,
        "begun": begin_sentence, "size": parameter_count, "said": _said, "headline": headline, "parted": parted,
        "lead": lead, "share": "{:.1%}".format,
    }  # fmt: skip
    return templates


def _seen(value: Any) -> Any:
    """Return what is shown, a text without letters that nobody sees or that turn others."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return UNSEEN.sub(" ", value) if is_plain else value


def pieces(text: str) -> list[str]:
    """Return the parts of an answer's line that stand in columns on a terminal."""
    return [part for part in _APART.split(text.strip()) if part]


def said(text: str, addresses: Collection[str] = ()) -> Markup:
    """Write a text: a figure stays beside its unit, a day and "GPT-5" on a line, and known `addresses` lead there.

    No other does: it could be a stranger's, in a brief or a name.
    """
    parts, last = [], 0
    joined = _JOINED.sub("\N{NO-BREAK SPACE}", _seen(text))
    for match in _WHOLE.finditer(joined):
        parts.append(escape(joined[last : match.start()]))
        form = '<a href="{0}">{0}</a>' if match[1] in addresses else "{0}"
        form = '<time datetime="{0}">{0}</time>' if match[2] else '<span class="whole">{0}</span>' if match[3] else form
        parts.append(Markup(form).format(match[0]))  # noqa: S704 (the form is ours, what stands in it is escaped)
        last = match.end()
    return Markup().join((*parts, escape(joined[last:])))


def headline(text: str, *, is_plain: bool = False) -> Markup:
    """Write an answer's first line as a page's title: its finding large, what follows or stands in brackets small.

    `is_plain` leaves out likely ranges, where the page shows them beside their figures.
    """
    text = begin_sentence(_LIKELY.sub("", text) if is_plain else text)
    turns = (turn for turn in _TURN.finditer(text) if turn[0] != ": " or text.count(" ", 0, turn.start()) >= _CLAUSE)
    turn = next(turns, None)
    is_long = len(_ASIDE.sub("", text[: turn.start() if turn else None]).split()) > _LONGEST_TITLE
    return Markup('<h1 id="headline"{}>{}</h1>').format(Markup(' class="long"') if is_long else "", _turned(text, turn))


def parted(title: str) -> Markup:
    """Write a table's title: what is in it large, the rest small."""
    return _turned(title, _PART.search(title))


def _turned(text: str, turn: re.Match[str] | None) -> Markup:
    """Write what is before a turn large, but brackets, and what is after it small on a line of its own."""
    aside = Markup('<span class="rest">{}</span>')
    parts = [said(part) for part in _ASIDE.split(text[: turn.start() if turn else None])]
    html = Markup().join(aside.format(part) if number % 2 else part for number, part in enumerate(parts))
    if turn is None:
        return html
    below = Markup('{}<span class="unseen">{}</span> <span class="rest below">{}</span>')
    return below.format(html, turn[0].strip(), said(text[turn.end() :]))


def lead(text: str) -> Markup:
    """Write a bullet, its role in bold: "To watch:"."""
    role = _ROLE.match(text)
    return said(text) if role is None else Markup("<strong>{}</strong>{}").format(role[0], said(text[role.end() :]))


def _day(value: date | str) -> str:
    return day(date.fromisoformat(value) if isinstance(value, str) else value)


def _short_day(value: date) -> str:
    return f"{value.day}\N{NO-BREAK SPACE}{day(value).split()[1][:3]}"


@pass_context
def _said(context: Context, text: str) -> Markup:
    """Write a text of ours, in which the sources' addresses lead there."""
    return said(text, context["addresses"])


@pass_context
def _linked(context: Context, cell: str, links: Any) -> str:
    """Write a table's cell; a name that has a page leads to it."""
    paths: Mapping[str, str] = context["paths"]
    path = paths.get(cell)
    if path is None or not links.has(path):
        return _said(context, cell)
    name = re.sub(_ID, lambda match: "" if path == f"models/{plain(match[1])}" else match[0], cell)
    return said(name) if path == links.here else Markup('<a href="{}">{}</a>').format(links.to(path), said(name))


def _kind(column: int, table: Table) -> Markup:
    """Return the class of a column: figures stand to the right."""
    cells = [row[column] for row in table.rows]
    return Markup(' class="n"' if cells and all(_FIGURE.fullmatch(cell) for cell in cells) else "")  # noqa: S704


def markdown(text: str) -> tuple[str, Markup, Sequence[tuple[str, str]]]:
    """Return the title of a Markdown text, the rest as HTML, and the ids and names of its sections.

    Raw HTML in it is shown as text.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    title, sections = "", []
    for number, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = _plain(tokens[number + 1])
        if token.tag == "h1" and not title:
            title = words
            for each in tokens[number : number + 3]:
                each.hidden = True
            tokens[number + 1].children = []
            continue
        token.attrSet("id", re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-"))
        if token.tag == "h2":
            sections.append((str(token.attrGet("id")), words))
    _wrap_tables(tokens)
    html = parser.renderer.render([each for each in tokens if not each.hidden], parser.options, {})
    return title, Markup(html), sections  # noqa: S704 (the parser escapes what it is given)


def _plain(token: "Token") -> str:
    """Return the words of a heading, without its marks."""
    return "".join(each.content for each in token.children or ())


def _wrap_tables(tokens: "list[Token]") -> None:
    """Let wide tables scroll by themselves, each named by the heading before it; figures stand to the right."""
    from markdown_it.token import Token

    heading, number, named = "", 0, Counter[str]()
    while number < len(tokens):
        token = tokens[number]
        if token.type == "heading_open":
            heading = _plain(tokens[number + 1])
        elif token.type in ("th_open", "td_open"):
            is_figure = "right" in str(token.attrs.pop("style", ""))  # no page has styles of its own
            token.attrs |= {"class": "n"} if is_figure else {}
        elif token.type == "table_open":
            named[heading] += 1
            label = escape(f"Table: {heading}{f', part {named[heading]}' if named[heading] > 1 else ''}")
            before = f'<div class="scroll" role="region" aria-label="{label}" tabindex="0">\n'
            tokens.insert(number, Token("html_block", "", 0, content=before))
            number += 1
        elif token.type == "table_close":
            tokens.insert(number + 1, Token("html_block", "", 0, content="</div>\n"))
        number += 1
