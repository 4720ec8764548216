"""What Discord shows where a link to a page is pasted: its finding, card and buttons, in a block of JSON on the page.

Discord's limits (developers/link-previews/component-embeds in its documentation): 3,000 bytes, 40 components, buttons
that are links. Where a page's do not fit, the page has no block, and Discord reads its Open Graph tags.
"""

import json
import re

from markupsafe import Markup

from bot.links import Links
from bot.web.markup import UNSEEN
from core.palette import EMBED

_BUTTON, _ROW, _TEXT, _GALLERY, _CONTAINER = 2, 1, 10, 12, 17
_LINK_STYLE = 5
_MOST_BYTES, _MOST_ALT = 3000, 300
_LEADS = {"trust": "How sure?", "method": "Method", "briefs": "Briefs"}
"""The pages that a preview leads to, besides its own."""
_MARK = re.compile(r"[\\*_~|`<>\[\]]|(?<=:)//|^(?=[#-])")
"""What Discord would read as markup, wherever it stands."""


def component_embed(links: Links, title: str, finding: str, picture: str, alt: str) -> Markup | None:
    """Return a page's preview for Discord; None for a page without a picture, or without an address for others."""
    address = links.absolute()
    if not address or not picture:
        return None
    others = {label: links.absolute(path) for path, label in _LEADS.items() if path != links.here}
    leads = {"Open": address, **others}
    shown_alt = UNSEEN.sub(" ", alt)[:_MOST_ALT]
    parts = [
        {"type": _TEXT, "content": f"## {_escape(title)}\n{_escape(finding)}"},
        {"type": _GALLERY, "items": [{"media": {"url": links.absolute(picture)}, "description": shown_alt}]},
        {"type": _ROW, "components": [_button(label, url) for label, url in leads.items()]},
    ]
    container = {"type": _CONTAINER, "accent_color": int(EMBED.removeprefix("#"), 16), "components": parts}
    written = json.dumps({"component": container}, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(written) if len(written.encode()) <= _MOST_BYTES else None  # noqa: S704 (no "<" is left in it)


def _button(label: str, url: str | None) -> dict[str, object]:
    return {"type": _BUTTON, "style": _LINK_STYLE, "label": label, "url": url}


def _escape(text: str) -> str:
    """Return a text such that Discord shows it as it is."""
    return _MARK.sub(r"\\\g<0>", UNSEEN.sub(" ", text))
