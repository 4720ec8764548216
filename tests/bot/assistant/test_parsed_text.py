"""What stands in a text besides names: prices in words and in figures."""

import pytest

from tests.bot.assistant.conftest import Read


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("for under two bucks a million tokens what's the best open model", 2.0),
        ("at 0.30 per million tokens, what is the best open model?", 0.3),
        ("best open model at 5 US dollars per million tokens", 5.0),
        ("best open model for 50 cents per million tokens", 0.5),
        ("best open model under 50ct per million tokens", 0.5),
    ],
)
def test_a_price_is_read_in_words_and_in_figures(reading: Read, text: str, price: float) -> None:
    got = reading(text)
    assert got.name == "best"
    assert got.fields == {"price": price}
