"""Names of models, benchmarks, labs and countries in a text."""

import pytest

from core.text.names import Names


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        ("Claude Opus 4.6's score", "Claude Opus 4.6", "Claude Opus 4.6"),
        ("on gpqa-diamond (GPQA)", "GPQA", "GPQA Diamond"),
        ("the GPT 5.5 of last month", "GPT 5.5", "GPT-5.5"),
        ("a Chinese lab", "Chinese", "China"),
        ("a lab such as Meta", "Meta", "Meta AI"),
    ],
)
def test_a_name_is_found_as_it_is_written(names: Names, text: str, said: str, name: str) -> None:
    mention = next(each for each in names.mentions(text) if each.text == said)
    assert name in mention.names
    assert text[mention.start : mention.end] == said


@pytest.mark.parametrize("text", ["Coding is hard", "it takes a meta view", "GPT-5.55", "Kimi-K3x", ""])
def test_an_ordinary_word_or_another_name_is_none(names: Names, text: str) -> None:
    assert [each.text for each in names.mentions(text) if each.text.lower() != "kimi"] == []
