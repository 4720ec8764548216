"""Renders a brief as plain text, Markdown, an HTML fragment, an e-mail or JSON; each escapes what comes from data."""

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

from bot.links import web_url
from core.answer import Answer
from core.brief import Brief
from core.palette import PALETTE
from core.words import day

if TYPE_CHECKING:
    from jinja2 import Environment

FORMS = ("text", "md", "html", "email", "json")
WIDTH = 72
"""Columns of the plain text; only addresses, on lines of their own, may be longer."""
_NO_BREAK = "\N{NO-BREAK SPACE}"
_UNIT_SPACE = re.compile(r"(?<=\d) (?=%|months?\b)")
_MARKS = re.compile(r"([\\`*_{}\[\]<>|~&#@$]|(?<=[a-z]):(?=//)|(?<=\bwww)\.)", re.IGNORECASE)
"""What Markdown or a common extension would read as markup or as an address anywhere in a text."""
_LOOK_ALIKE = {
    ord("<"): "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    ord(">"): "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
}
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BLOCK_MARK = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
"""What would start a list or a rule at the beginning of a paragraph."""


@dataclass(frozen=True)
class Extras:
    """What accompanies a brief's own text; empty where there is nothing.

    `page` and `chart` are public addresses. `notes` go under the title, such as a correction. `sources` are entries of
    `Answer.sources`; `citation` is how to cite the brief.
    """

    page: str = ""
    chart: str = ""
    chart_alt: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
    citation: str = ""


NO_EXTRAS = Extras()


def correction_notes(corrections: Iterable[tuple[datetime, str]]) -> tuple[str, ...]:
    """Write a note on each correction, given its time and text; the latest comes first."""
    notes = [f"Corrected on {day(at.date())}{f': {what}' if what else '.'}" for at, what in corrections]
    return tuple(reversed(notes))


def unique_sources(answer: Answer) -> tuple[dict[str, Any], ...]:
    """Return an answer's sources without duplicate citations."""
    return tuple({source["citation"]: source for source in answer.sources}.values())


def render(brief: Brief, form: str, extras: Extras = NO_EXTRAS, *, ascii_only: bool = False) -> str:
    """Render a brief in one of FORMS; `ascii_only` escapes all other letters in JSON.

    An e-mail is a complete document with inlined styles (except those for dark mode) that loads nothing but the chart.
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
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")  # readable in any encoding


def data_url(picture: bytes) -> str:
    """Return a PNG as a data URL, for HTML that must not load anything."""
    return f"data:image/png;base64,{b64encode(picture).decode()}"


def defuse(text: str) -> str:
    """Make a text harmless even if a reader takes it for HTML, escaped twice, or for Markdown.

    Many feed readers do so with titles and summaries, and many themes with front matter.
    """
    return _ENTITY.sub("\N{FULLWIDTH AMPERSAND}", _clean(text).translate(_LOOK_ALIKE)).replace("](", "] (")


def strip_title(markdown: str) -> str:
    """Return a brief's Markdown without its title, for places that show the title themselves."""
    return re.sub(r"^# .*\n\n?", "", markdown, count=1, flags=re.MULTILINE)


def _fill_template(kind: str, template: str, brief: Brief, extras: Extras) -> str:
    """Render a template with the brief's parts; its days and addresses are formatted for people."""
    parts = _clean(brief.to_json() | asdict(extras))
    for part, other in zip(parts["more"], brief.more, strict=True):
        part["day"] = day(other.published)
    for part in (parts["read_more"], *parts["more"], *parts["sources"]):
        part["url"] = web_url(part["url"])
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
    """Put every string in a JSON value on one line, without unprintable characters."""
    if isinstance(value, str):
        return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list | tuple) else value


def _wrap(text: str, first: str = "", then: str | None = None) -> str:
    """Wrap a text, keeping figures and units together."""
    return textwrap.fill(
        _UNIT_SPACE.sub(_NO_BREAK, text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if then is None else then,
        break_on_hyphens=False,
    ).replace(_NO_BREAK, " ")


def _escape_markdown(value: Any) -> Any:
    """Escape what Markdown would read as markup."""
    from markupsafe import Markup

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _BLOCK_MARK.sub(r"\1\\\2\3", _MARKS.sub(r"\\\1", value))


def _link_target(url: str) -> Any:
    """Escape an address for a Markdown link."""
    from markupsafe import Markup

    return Markup(url.replace("(", "%28").replace(")", "%29").replace("\\", "%5C"))  # noqa: S704 (no markup is left)
