"""An article from a page of the web or a file: its text, title, site and day, without what stands around it."""

import asyncio
import re
from datetime import date
from pathlib import Path

from bot.assistant.article import LEAST_WORDS, Article, extract_text, read
from bot.assistant.fetching import Page, fetch
from bot.guarded_session import read_address
from bot.response_body import MOST_BYTES
from core.errors import UsageError
from core.words import quote

_SHOWN = 80
_LONGEST_TITLE, _LONGEST_SITE = 200, 60


def of_web(address: str) -> Article:
    """Read an article from the web; raises UsageError for what may not be read, and for what is no article. Blocks."""
    return of_page(asyncio.run(fetch(address)))


def of_file(name: str) -> Article:
    """Read an article from a file of HTML or plain text; raises UsageError for one that can't be read."""
    path = Path(name)
    try:
        path = path.expanduser()
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such place"
        raise UsageError(
            f"{quote(name, _SHOWN)} can't be read ({reason}); give a web address (https://…) or a file."
        ) from None
    if len(content) > MOST_BYTES:
        raise UsageError(f"{quote(name, _SHOWN)} is larger than {MOST_BYTES // 1_000_000} MB; give an article alone.")
    if b"\x00" in content:
        raise UsageError(f"{quote(name, _SHOWN)} is no text; give an article as HTML or plain text.")
    is_html = re.search(rb"<(?:!doctype|html|head|body|article|p|div)\b", content[:5000], re.IGNORECASE) is not None
    return of_page(Page("", content, is_html), name=path.stem)


def of_page(page: Page, name: str = "") -> Article:
    """Return the article of a page; raises UsageError for one that has too little text to be briefed.

    `name` is its title where it has none of its own.
    """
    article = _read_html(page) if page.is_html else _read_plain_text(page)
    if article is None or len(article.text.split()) < LEAST_WORDS or len(article.sentences) < 3:
        said = quote(page.url or name, _SHOWN)
        raise UsageError(
            f"{said} holds too little text for a brief; give an article that can be read without signing in."
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
    return read(title, site, _own_address(url), _day(article["date"]), text)


def _read_plain_text(page: Page) -> Article:
    """Read plain text: its first line is the title where it is short."""
    try:
        text = page.content.decode(page.charset or "utf-8", errors="replace")
    except LookupError:
        text = page.content.decode("utf-8", errors="replace")
    first, _, rest = text.strip().partition("\n")
    is_title = len(first.split()) <= 20 and not first.rstrip().endswith(".")
    return read(first.lstrip("# ") if is_title else "", "", "", None, rest if is_title else text)


def _own_address(text: str | None) -> str:
    """Return the address that a page says is its own, if it is one of the web."""
    try:
        return str(read_address(text)) if text else ""
    except UsageError:
        return ""


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
