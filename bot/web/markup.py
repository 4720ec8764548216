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

from bot.links import of_the_web
from core.answer import Table
from core.words import begin_sentence, day

if TYPE_CHECKING:
    from markdown_it.token import Token

_APART = re.compile(r"\s{2,}")
_KEPT_TOGETHER = re.compile(r"(?<=\d) (?=%|(?:months?|minutes?|points?|days?|results?|tests?)\b)")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_IN_TEXT = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:)])|(?<![\w-])(\d{4}-\d\d-\d\d)(?![\w-])")
"""An address, or a day, as texts have them."""
_FIGURE = re.compile(r"[+−-]?[\d,.]+(?: (?:%|points|minutes|months))?|–|")


@cache
def environment() -> Environment:
    """Return the templates, with everything that comes from data escaped."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": _day, "short": _short_day, "pieces": pieces, "linked": _linked, "kind": _kind, "web": of_the_web,
        "begun": begin_sentence, "said": _said, "spark": spark,
    }  # fmt: skip
    return made


def _seen(value: Any) -> Any:
    """Return what is shown, a text without letters that nobody sees or that turn others."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return _UNSEEN.sub(" ", value) if is_plain else value


def pieces(text: str) -> list[str]:
    """Return the parts of an answer's line that stand in columns on a terminal."""
    return [part for part in _APART.split(text.strip()) if part]


def said(text: str, addresses: Collection[str] = ()) -> Markup:
    """Write a text: a figure stays beside its unit, as a day does on one line, and known `addresses` lead there.

    No other does: it could be a stranger's, in a brief or a name.
    """
    parts, last = [], 0
    kept = _KEPT_TOGETHER.sub("\N{NO-BREAK SPACE}", _seen(text))
    for found in _IN_TEXT.finditer(kept):
        parts.append(escape(kept[last : found.start()]))
        form = '<a href="{0}">{0}</a>' if found[1] in addresses else "{0}"
        form = '<time datetime="{0}">{0}</time>' if found[2] else form
        parts.append(Markup(form).format(found[0]))  # noqa: S704 (the form is ours, what stands in it is escaped)
        last = found.end()
    return Markup().join((*parts, escape(kept[last:])))


def spark(results: Sequence[tuple[date, float]], role: str) -> Markup:
    """Draw results, their days and months in order, as a small line from left to right, higher where there are more."""
    (first, _), (last, newest) = results[0], results[-1]
    months = [each for _, each in results]
    low, high = min(0.0, *months), max(months)
    days, span = max((last - first).days, 1), (high - low) or 1.0
    places = [
        (2 + 96 * (day_ - first).days / days, 22 - 20 * (each - low) / span) for day_, each in results
    ]  # fmt: skip
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    label = f"Its results in order: from {min(months):.1f} to {high:.1f} months, the newest {newest:.1f}"
    return Markup(
        '<svg class="spark {}" viewBox="0 0 100 24" role="img" aria-label="{}" preserveAspectRatio="none">'
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        '<circle cx="{:.1f}" cy="{:.1f}" r="2" fill="currentColor"/></svg>'
    ).format(role, label, line, *places[-1])


def _day(value: date | str) -> str:
    return day(date.fromisoformat(value) if isinstance(value, str) else value)


def _short_day(value: date) -> str:
    return " ".join(day(value).split()[:2])


@pass_context
def _said(context: Context, text: str) -> Markup:
    """Write a text of ours, in which the sources' addresses lead there."""
    return said(text, context["addresses"])


@pass_context
def _linked(context: Context, cell: str, links: Any) -> str:
    """Write a table's cell; a name that has a page leads to it."""
    paths: Mapping[str, str] = context["paths"]
    path = paths.get(cell)
    if _FIGURE.fullmatch(cell):
        return escape(cell)  # it stays on one line by its column's style, but on a phone that has no room
    if path is None or path == links.here or not links.has(path):
        return _said(context, cell)
    return Markup('<a href="{}">{}</a>').format(links.to(path), cell)


def _kind(column: int, table: Table) -> Markup:
    """Return the class of a column: figures stand to the right, long texts get room."""
    cells = [row[column] for row in table.rows]
    if cells and all(_FIGURE.fullmatch(cell) for cell in cells):
        return Markup(' class="n"')
    longest = max((len(cell) for cell in cells), default=0)
    return Markup(' class="l"') if longest > 60 else Markup(' class="m"') if longest > 20 else Markup("")


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
