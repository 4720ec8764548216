"""A brief as plain text, Markdown, an HTML fragment, an e-mail and JSON; what comes from data is escaped in each."""

import json
import re
import textwrap
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.links import of_the_web
from core.answer import Answer
from core.brief import Brief
from core.palette import PALETTE
from core.words import day

if TYPE_CHECKING:
    from jinja2 import Environment

FORMS = ("text", "md", "html", "email", "json")
WIDTH = 72
"""Columns of the plain text; an address stands on a line of its own, and may be longer."""
_NO_BREAK = "\N{NO-BREAK SPACE}"
_UNIT_SPACE = re.compile(r"(?<=\d) (?=%|months?\b)")
_MARKS = re.compile(r"([\\`*_{}\[\]<>|~&#@$]|(?<=[a-z]):(?=//)|(?<=\bwww)\.)", re.IGNORECASE)
"""What Markdown, or what a renderer adds to it, would read as a mark or an address wherever it stands."""
_LOOK_ALIKE = {
    ord("<"): "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    ord(">"): "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
}
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BLOCK_MARK = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
"""What would begin a list or a rule at the start of a paragraph."""


@dataclass(frozen=True)
class Extras:
    """What stands around a brief's own words; "" or nothing for what it has not.

    `page` and `chart` are the public addresses of its page and its chart. `notes` stand under the title: that it was
    corrected, and how. `sources` are those of `Answer.sources`, `citation` is the line by which it is cited.
    """

    page: str = ""
    chart: str = ""
    chart_alt: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
    citation: str = ""


NO_EXTRAS = Extras()


def correction_notes(corrections: Iterable[tuple[datetime, str]]) -> tuple[str, ...]:
    """Return the notes on what was corrected, from when and what it was; the last correction comes first."""
    notes = [f"Corrected on {day(at.date())}{f': {what}' if what else '.'}" for at, what in corrections]
    return tuple(reversed(notes))


def unique_sources(answer: Answer) -> tuple[dict[str, Any], ...]:
    """Return the sources of an answer, each that is to be cited once."""
    return tuple({each["citation"]: each for each in answer.sources}.values())


def render(brief: Brief, form: str, extras: Extras = NO_EXTRAS, *, ascii_only: bool = False) -> str:
    """Write a brief in one of FORMS; `ascii_only` lets JSON say letters beyond ASCII by their number.

    An e-mail is a whole document with its styles at each element, but for those of the dark; only the chart would have
    to be loaded.
    """
    if form == "json":
        content = brief.to_json() | {key: value for key, value in asdict(extras).items() if value}
        return json.dumps(_clean(content), ensure_ascii=ascii_only, indent=2) + "\n"
    if form in ("text", "md"):
        return _fill_template(form, "brief.txt.j2" if form == "text" else "brief.md.j2", brief, extras)
    page = _fill_template("html", f"{'brief' if form == 'html' else form}.html.j2", brief, extras)
    if form == "email":
        import css_inline

        page = css_inline.inline(page, keep_at_rules=True, load_remote_stylesheets=False).rstrip() + "\n"
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")  # whatever encoding it is read in


def data_url(picture: bytes) -> str:
    """Return a PNG as an address that holds it, for HTML without anything to load."""
    return f"data:image/png;base64,{b64encode(picture).decode()}"


def defuse_markup(text: str) -> str:
    """Return a text that stays words for a reader that takes plain text for HTML, twice escaped, or for Markdown.

    So are titles and summaries in many feed readers, and front matter in many themes.
    """
    return _ENTITY.sub("\N{FULLWIDTH AMPERSAND}", _clean(text).translate(_LOOK_ALIKE)).replace("](", "] (")


def strip_title(markdown: str) -> str:
    """Return a brief's Markdown without the line of its title, for what shows the title by itself."""
    return re.sub(r"^# .*\n\n?", "", markdown, count=1, flags=re.MULTILINE)


def _fill_template(kind: str, template: str, brief: Brief, extras: Extras) -> str:
    """Fill a template with the brief's parts, and what people read where JSON has an ISO day or an address."""
    parts = _clean(brief.to_json() | asdict(extras))
    for shown, each in zip(parts["more"], brief.more, strict=True):
        shown["day"] = day(each.published)
    for linked in (parts["read_more"], *parts["more"], *parts["sources"]):
        linked["url"] = of_the_web(linked["url"])
    return _environment(kind).get_template(template).render(parts, day=day(brief.published), **PALETTE)


@cache
def _environment(kind: str) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=kind == "html",  # noqa: S701 (text and Markdown are no HTML; Markdown is escaped by `finalize`)
        finalize=_escape_markdown if kind == "md" else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"wrapped": _wrap, "address": _link_target}
    return environment


def _clean(value: Any) -> Any:
    """Return values with every text on one line and without letters that can't be seen."""
    if isinstance(value, str):
        return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list | tuple) else value


def _wrap(text: str, first: str = "", then: str | None = None) -> str:
    """Break a text into lines; a figure stays beside its unit."""
    return textwrap.fill(
        _UNIT_SPACE.sub(_NO_BREAK, text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if then is None else then,
        break_on_hyphens=False,
    ).replace(_NO_BREAK, " ")


def _escape_markdown(value: Any) -> Any:
    """Escape what Markdown would read as a mark."""
    from markupsafe import Markup

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _BLOCK_MARK.sub(r"\1\\\2\3", _MARKS.sub(r"\\\1", value))


def _link_target(url: str) -> Any:
    """Return an address as a Markdown link takes it."""
    from markupsafe import Markup

    return Markup(url.replace("(", "%28").replace(")", "%29").replace("\\", "%5C"))  # noqa: S704 (no markup is left)
