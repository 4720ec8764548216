"""A page's text out of a process of its own: what it gives, and that no page holds us up."""

import sys

import pytest

from bot.assistant.article import extract_text
from core.errors import UsageError
from tests.bot.assistant.stories import DAY, PARAGRAPHS, SITE, TITLE, URL, html


def test_a_page_gives_its_parts() -> None:
    found = extract_text(html().encode(), URL)
    assert found is not None
    assert (found["title"], found["sitename"], found["url"], found["date"]) == (TITLE, SITE, URL, DAY.isoformat())
    assert PARAGRAPHS[-1] in (found["text"] or "")


def test_a_page_that_takes_for_ever_is_given_up() -> None:
    slow = "<p " + " ".join(f"a{number}=1" for number in range(60_000)) + ">x"
    assert extract_text(slow.encode(), URL, seconds=3.0) is None


def test_a_page_that_breaks_the_parser_is_no_article() -> None:
    assert extract_text(b"<table><tr><td>" * 100_000, URL) is None


def test_without_the_package_it_says_how_to_add_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(UsageError, match=r"^Reading an article's page needs trafilatura; `uv sync --extra articles`"):
        extract_text(html().encode(), URL)
