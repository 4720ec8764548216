"""Texts in other languages: which one they are in, and their words in English."""

import re

import pytest

from bot.assistant import cues, languages, lexicon
from bot.assistant.text import folded

FILES = tuple(f"languages/{name}.txt" for name in ("de", "fr", "es", "it", "pt"))


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("wann erreichten offene modelle", "when reached open models"),
        ("quoi de neuf depuis mars", "what is new since mars"),
        ("modelos abiertos", "open models"),
        ("wie weit hinter", "how far behind"),
        ("Liegt Google vorn?", "is google in front?"),
        ("il y a d'autres études", "ago other studies"),
        ("l'écart d'il y a trois mois", "gap three months ago"),
        ("les trois derniers mois", "last three months"),
        ("der Abstand vor einem Jahr", "gap a year ago"),
        ("hace un año", "a year ago"),
        ("sont-ils en retard", "are behind"),
        ("¿Y si un modelo abierto llega al 60 %", "¿what if open model gets 60 %"),
    ],
)
def test_words_and_phrases_are_put_into_english_in_its_order(text: str, english: str) -> None:
    assert lexicon.plain_english(folded(text)) == (english, True)


@pytest.mark.parametrize(
    "text",
    [
        "how far behind are open models",
        "what's an open weights model",
        "write me a poem about the sea",
        "who is in front on arc agi",
        "gap on 1 mai",
        "the war is on",
        "hi",
        "",
        "8 9 ? !",
    ],
)
def test_an_english_text_is_in_no_other_language(text: str) -> None:
    assert lexicon.plain_english(text)[1] is False


def test_a_beginning_stands_for_all_words_that_begin_so() -> None:
    german = languages.languages()[0]
    assert {german.meaning(word) for word in ("zuverlassig", "zuverlassige", "zuverlassigen")} == {"how reliable"}
    assert german.meaning("zuver") is None
    assert german.meaning("weather") is None


@pytest.mark.parametrize("name", FILES)
def test_no_word_has_two_meanings_and_all_are_as_they_are_looked_for(name: str) -> None:
    words = [word.lstrip("!") for words in cues.groups(name).values() for word in words]
    assert len(words) == len(set(words))
    for line in cues.lines(name):
        assert len(line) <= 120, line
        assert re.fullmatch(r"[a-z'!*_: -]+", line), line
    assert all(len(word) > 4 for word in words if word[-1] == "*")
