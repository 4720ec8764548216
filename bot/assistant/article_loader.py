"""Loads articles from web pages and files: text, title, site and day."""

import asyncio
import re
from datetime import date
from pathlib import Path

from bot.assistant.article import LEAST_WORDS, Article, extract_text, make_article
from bot.assistant.fetching import Page, fetch_page
from bot.guarded_session import read_address
from bot.response_body import MOST_BYTES
from core.errors import UsageError
from core.words import quote

_EXCERPT = 80
_LONGEST_TITLE, _LONGEST_SITE = 200, 60


def load_from_web(address: str) -> Article:
    """Load an article from the web; raises UsageError if it may not be read or is no article. Blocks."""
    return extract_article(asyncio.run(fetch_page(address)))


def load_from_file(name: str) -> Article:
    """Load an article from a file of HTML or plain text; raises UsageError if it can't be read."""
    path = Path(name)
    try:
        path = path.expanduser()
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such place"
        raise UsageError(
            f"{quote(name, _EXCERPT)} can't be read ({reason}); give a web address (https://…) or a file."
        ) from None
    if len(content) > MOST_BYTES:
        raise UsageError(f"{quote(name, _EXCERPT)} is larger than {MOST_BYTES // 1_000_000} MB; give an article alone.")
    if b"\x00" in content:
        raise UsageError(f"{quote(name, _EXCERPT)} is no text; give an article as HTML or plain text.")
    is_html = re.search(rb"<(?:!doctype|html|head|body|article|p|div)\b", content[:5000], re.IGNORECASE) is not None
    return extract_article(Page("", content, is_html), name=path.stem)


def extract_article(page: Page, name: str = "") -> Article:
    """Return the article of a page; raises UsageError if it has too little text for a brief.

    `name` is the title of a page without one.
    """
    article = _read_html(page) if page.is_html else _read_plain_text(page)
    if article is None or len(article.text.split()) < LEAST_WORDS or len(article.sentences) < 3:
        source = quote(page.url or name, _EXCERPT)
        raise UsageError(
            f"{source} holds too little text for a brief; give an article that can be read without signing in."
        )
    title = article.title or name.replace("-", " ") or article.sentences[0]
    site = article.site or (read_address(page.url).host if page.url else None) or "a file"
    url = page.url or article.url
    return Article(title[:_LONGEST_TITLE], site.removeprefix("www.")[:_LONGEST_SITE], url, article.day, article.text)


def _read_html(page: Page) -> Article | None:
    article = extract_text(page.content, page.url)
    if article is None:
        return None
    title, site, url, text = (article[name] or "" for name in ("title", "sitename", "url", "text"))
    text = text.removeprefix(f"{title}\n")
    return make_article(title, site, _canonical_address(url), _parse_day(article["date"]), text)


def _read_plain_text(page: Page) -> Article:
    """Read plain text; a short first line is the title."""
    try:
        text = page.content.decode(page.charset or "utf-8", errors="replace")
    except LookupError:
        text = page.content.decode("utf-8", errors="replace")
    first, _, rest = text.strip().partition("\n")
    is_title = len(first.split()) <= 20 and not first.rstrip().endswith(".")
    return make_article(first.lstrip("# ") if is_title else "", "", "", None, rest if is_title else text)


def _canonical_address(text: str | None) -> str:
    """Return the address that a page gives as its own, or "" if it is no web address."""
    try:
        return str(read_address(text)) if text else ""
    except UsageError:
        return ""


def _parse_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
