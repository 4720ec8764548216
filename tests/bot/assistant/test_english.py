"""The words of a reader: short forms written out, other languages in English, slips mended, words that are known."""

import re

import pytest

from bot.assistant import english, patterns
from bot.assistant.text import fold_text, stem


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("what's up", "what is up"),
        ("wat is rn", "what is right now"),
        ("how r u", "how are you"),
        ("til 2025", "until 2025"),
        ("behnid", "behind"),
        ("modles", "models"),
        ("chnaged", "changed"),
        ("toher", "other"),
        ("wating", "waiting"),
        ("wich", "which"),
        ("hwo relieable", "how reliable"),
        ("wats new sinse", "what is new since"),
        ("relyable resoning", "reliable reasoning"),
    ],
)
def test_short_forms_are_written_out_and_slips_mended(text: str, written: str) -> None:
    assert english.to_plain_english(text) == written


@pytest.mark.parametrize(
    "word", ["train", "movie", "weather", "trial", "production", "internal", "game", "store", "theme", "chance"]
)
def test_words_of_their_own_are_no_slips(word: str) -> None:
    assert english.to_plain_english(f"the {word} here") == f"the {word} here"


@pytest.mark.parametrize(
    "text", ["change of sources", "the war is on", "son of a day", "plus more", "gap on 1 mai", "hi", "", "8 9 ? !"]
)
def test_an_english_text_stays_as_it_is(text: str) -> None:
    assert english.to_plain_english(text) == text


@pytest.mark.parametrize(
    ("forms", "root"),
    [
        ("reach reached reaches reaching", "reach"),
        ("lag lags lagging lagged", "lag"),
        ("move moved moves", "move"),
        ("study studies studied", "study"),
        ("measure measured measuring", "measur"),
        ("bias biases", "bias"),
        ("run runs running", "run"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str, root: str) -> None:
    assert {stem(word) for word in forms.split()} == {root}


def test_little_words_and_telling_words_are_known_in_all_forms() -> None:
    assert all(english.is_little(word) for word in ("the", "roughly", "hours", "showing"))
    assert all(english.is_known(word) for word in ("trailing", "narrowed", "sources"))
    assert not any(english.is_known(word) for word in ("weather", "museum", "pizza", "mind"))


# ---- other languages

FILES = tuple(f"languages/{name}.txt" for name in ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("wann erreichten offene modelle", "when reached open models"),
        ("quoi de neuf depuis mars", "what is new since mars"),
        ("modelos abiertos", "models open"),
        ("wie weit hinter", "how far behind"),
        ("Liegt Google vorn?", "is google in front?"),
        ("il y a d'autres études", "ago other studies"),
        ("der Abstand vor einem Jahr", "gap a year ago"),
        ("hace un año", "a year ago"),
        ("sont-ils en retard", "are behind"),
        ("hoe ver lopen open modellen achter", "how far lag open models behind"),
        ("który otwarty model jest najlepszy", "which open model is best"),
        ("¿Y si un modelo abierto llega al 60 %", "¿what if model open gets 60 %"),
    ],
)
def test_words_and_phrases_are_put_into_english(text: str, written: str) -> None:
    assert english.to_plain_english(fold_text(text)) == written


def test_a_beginning_stands_for_all_words_that_begin_so() -> None:
    for word in ("zuverlassig", "zuverlassige", "zuverlassigen"):
        assert english.translate_line("de", word) == ("how reliable", [word])
    assert english.translate_line("de", "zuver, weather") == ("zuver, weather", [])


@pytest.mark.parametrize("name", FILES)
def test_no_word_has_two_meanings_and_all_are_as_they_are_looked_for(name: str) -> None:
    words = [word for words in patterns.read_groups(name).values() for word in words]
    assert len(words) == len(set(words))
    for line in patterns.read_lines(name):
        assert len(line) <= 120, line
        assert re.fullmatch(r"[a-z0-9'*_: -]+", line), line
    assert all(len(word) > 4 for word in words if word[-1] == "*")
