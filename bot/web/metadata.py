"""Metadata of pages: schema.org for search engines, and link previews for Discord.

For schema.org a brief is a NewsArticle, an answer a Dataset. Discord builds a preview with a page's finding, card and
buttons from a block of JSON. Its limits (developers/link-previews/component-embeds in its documentation) are 3,000
bytes, 40 components, and buttons that are links. A page over the limits has no block, and Discord falls back to its
Open Graph tags. Pages without a public address have no metadata.
"""

import json
import re
from typing import Any

from markupsafe import Markup

from bot.links import Links, web_url
from bot.newsroom import correction_notes
from bot.newsroom.formats import defuse
from bot.web.archive import Entry
from bot.web.markup import UNSEEN
from core.answer import Answer
from core.palette import EMBED
from core.questions import Question

Data = dict[str, Any] | None


def article(links: Links, entry: Entry, picture: str) -> Data:
    """Describe a brief; `picture` is its picture's path or "". None if withdrawn."""
    if entry.withdrawn:
        return None
    return _describe(
        links, "NewsArticle", headline=defuse(entry.title), description=defuse(entry.brief.summary), inLanguage="en",
        datePublished=entry.brief.published.isoformat(), dateModified=entry.updated.isoformat(),
        image=picture and links.absolute(picture), author=_us(links), publisher=_us(links),
        correction=[defuse(note) for note in correction_notes(entry.corrected)],
    )  # fmt: skip


def dataset(links: Links, question: Question, answer: Answer, name: str, description: str) -> Data:
    """Describe an answer with its table and its sources."""
    table = links.absolute(links.data(question, "csv"))
    based_on = [
        {"@type": "Dataset", "name": source["title"], "publisher": source["publisher"], "license": source["licence"],
         "url": web_url(source["url"])}
        for source in answer.sources
    ]  # fmt: skip
    return _describe(
        links, "Dataset", name=defuse(name), description=defuse(description), temporalCoverage=answer.as_of,
        version=answer.revision, creator=_us(links), creditText=defuse(answer.citation), isBasedOn=based_on,
        distribution={"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": table},
    )  # fmt: skip


def _describe(links: Links, kind: str, **properties: Any) -> Data:
    if (url := links.absolute()) is None:
        return None
    head = {"@context": "https://schema.org", "@type": kind, "url": url, "isAccessibleForFree": True}
    return head | {name: value for name, value in properties.items() if value}


def _us(links: Links) -> dict[str, Any]:
    return {"@type": "Organization", "name": "gapbrief", "url": links.absolute("")}


_BUTTON, _ROW, _TEXT, _GALLERY, _CONTAINER = 2, 1, 10, 12, 17
_LINK_STYLE = 5
_MOST_BYTES, _MOST_ALT = 3000, 300
_LEADS = {"trust": "How sure?", "method": "Method", "briefs": "Briefs"}
"""Other pages that a preview links."""
_MARK = re.compile(r"[\\*_~|`<>\[\]]|(?<=:)//|^(?=[#-])")
"""Characters that Discord would read as markup."""


def component_embed(links: Links, title: str, finding: str, picture: str, alt: str) -> Markup | None:
    """Return a page's preview for Discord, None without a picture or a public address."""
    address = links.absolute()
    if not address or not picture:
        return None
    other_pages = {label: links.absolute(path) for path, label in _LEADS.items() if path != links.here}
    leads = {"Open": address, **other_pages}
    shown_alt = UNSEEN.sub(" ", alt)[:_MOST_ALT]
    parts = [
        {"type": _TEXT, "content": f"## {_escape(title)}\n{_escape(finding)}"},
        {"type": _GALLERY, "items": [{"media": {"url": links.absolute(picture)}, "description": shown_alt}]},
        {"type": _ROW, "components": [_button(label, url) for label, url in leads.items()]},
    ]
    container = {"type": _CONTAINER, "accent_color": int(EMBED.removeprefix("#"), 16), "components": parts}
    text = json.dumps({"component": container}, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(text) if len(text.encode()) <= _MOST_BYTES else None  # noqa: S704 (no "<" is left in it)


def _button(label: str, url: str | None) -> dict[str, object]:
    return {"type": _BUTTON, "style": _LINK_STYLE, "label": label, "url": url}


def _escape(text: str) -> str:
    """Escape Discord's markup."""
    return _MARK.sub(r"\\\g<0>", UNSEEN.sub(" ", text))
