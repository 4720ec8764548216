"""Texts fitted into Discord's limits, and shown as they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord import limits

WORDS = st.text(st.characters(codec="utf-8"), max_size=300)


@given(WORDS, st.integers(2, 100))
def test_a_fitted_text_is_short_enough_and_a_cut_is_seen(text: str, most: int) -> None:
    fitted = limits.fit(text, most)
    assert len(fitted) <= most
    assert fitted == text or fitted.endswith("…")


def test_a_text_is_cut_at_a_word() -> None:
    assert limits.fit("Open models trail, by far", 20) == "Open models trail…"
    assert limits.fit("Open models", 20) == "Open models"


@given(WORDS)
def test_an_escaped_text_holds_no_markup_mention_link_or_hidden_letter(text: str) -> None:
    shown = limits.escape(text)
    assert len(shown) <= 2 * len(text) + 1
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~|`<]", shown.replace("\\\\", ""))
    assert not re.search(r"@(everyone|here)\b|(?<!\\)<@|<@[!&]?\d{17}|https?://", shown)
    assert all(letter.isprintable() or letter in "\u200b\N{NO-BREAK SPACE}" for letter in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GPQA Diamond, 80 %", "GPQA Diamond, 80\N{NO-BREAK SPACE}%"),
        ("**bold** _it_", r"\*\*bold\*\* \_it\_"),
        ("[here](https://evil.example)", r"\[here](https:\//evil.example)"),
        (r"\[here](x)", r"\\\[here](x)"),
        ("<@123456789012345678> <#1> <t:0:R> </gap:1>", "\\<@\u200b123456789012345678> \\<#1> \\<t:0:R> \\</gap:1>"),
        ("@everyone", "@\u200beveryone"),
        ("> quoted\n# big", r"\> quoted # big"),
        ("# big", r"\# big"),
        ("a\u202eb\u200bc\x00d\te", "abcd e"),
    ],
)
def test_escaped(text: str, shown: str) -> None:
    assert limits.escape(text) == shown


def test_our_own_links_stay_links_and_those_that_a_person_typed_do_not() -> None:
    text = "Read https://example.org/a_b?c=d. And more_"
    assert limits.keep_links("[a](https://example.org)") == r"\[a](https://example.org)"
    assert limits.keep_links(text) == r"Read https://example.org/a_b?c=d. And more\_"
    assert "https://" not in limits.keep_links(text, "suppose https://example.org/a_b?c=d")
    assert "http://" not in limits.keep_links("http://example.org")


@given(st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=3000), st.integers(40, 300))
def test_parts_are_short_enough_and_hold_the_whole(text: str, most: int) -> None:
    parts = limits.split(text, most)
    assert all(len(part) <= most for part in parts)
    assert len(parts) == 1 or all(parts)


def test_parts_hold_every_word() -> None:
    text = " ".join(str(number) for number in range(1000))
    assert " ".join(limits.split(text, 200)) == text


@given(WORDS, st.integers(4, 200))
def test_short_is_escaped_and_short_enough(text: str, most: int) -> None:
    assert len(limits.shorten(text, most)) <= most


@given(WORDS)
def test_nothing_in_a_line_of_code_ends_its_block(text: str) -> None:
    assert "```" not in limits.escape_code(text)
    assert "\n" not in limits.escape_code(text)
