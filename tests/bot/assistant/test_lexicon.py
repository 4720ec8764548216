"""The words of a reader: short forms written out, other languages in English, slips mended, words that are known."""

import re
from functools import cache
from pathlib import Path

import pytest

from bot.assistant import cues, lexicon
from bot.assistant.text import stem
from core.questions import QUESTIONS


@pytest.mark.parametrize(
    ("text", "english"),
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
        ("hwo relyable", "how reliable"),
        ("wats new sinse", "what is new since"),
    ],
)
def test_short_forms_are_written_out_and_slips_mended(text: str, english: str) -> None:
    assert lexicon.plain_english(text) == (english, False)


@pytest.mark.parametrize(
    "word", ["train", "movie", "weather", "trial", "production", "internal", "game", "store", "theme", "chance"]
)
def test_words_of_their_own_are_no_slips(word: str) -> None:
    assert lexicon.plain_english(f"the {word} here") == (f"the {word} here", False)


@pytest.mark.parametrize("text", ["change of sources", "the war is on", "son of a day", "plus more"])
def test_an_english_text_stays_as_it_is(text: str) -> None:
    assert lexicon.plain_english(text) == (text, False)


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


def test_little_words_and_the_words_of_cues_are_known_in_all_forms() -> None:
    assert all(lexicon.is_little(word) for word in ("the", "roughly", "hours", "showing"))
    assert all(lexicon.is_known(word) for word in ("trailing", "narrowed", "sources"))
    assert not any(lexicon.is_known(word) for word in ("weather", "museum", "pizza", "mind"))


# ---- the files of words

CUES = tuple(f"cues/{name}.txt" for name in QUESTIONS)
LISTS = ("little.txt", "no_slips.txt", "mended_too.txt")
"""The files that list words, and nothing besides."""


@cache
def groups() -> dict[str, list[str]]:
    return cues.groups("groups.txt")


def test_every_pattern_belongs_to_a_question_and_is_made_of_known_groups() -> None:
    tags = {"open", "closed", "private", "public", "rest", "now", "day", "future", "past", "level", "term"}
    tags |= {"benchmark", "model", "lab", "country", "publisher"}
    patterns = [pattern for each in cues.by_question().values() for _, pattern in each]
    patterns += [pattern for _, pattern in cues.not_answered()]
    assert set(cues.by_question()) <= set(QUESTIONS)
    pieces = (choices.lstrip("!") for pattern in patterns for choices in pattern.split())
    for piece in (piece for choices in pieces for piece in choices.split("|")):
        assert not piece.isupper() or piece in groups(), piece
        assert not piece.startswith("<") or piece[1:-1] in tags, piece


def test_no_word_is_listed_twice_and_lines_fit() -> None:
    for name in LISTS:
        words = [word for line in cues.lines(name) for word in line.split()]
        assert words
        assert len(words) == len(set(words)), name
    for name in (*LISTS, "groups.txt", "not_answered.txt", *CUES):
        assert all(len(line) <= 120 and line == line.rstrip() for line in cues.lines(name)), name


def test_words_are_in_the_form_in_which_they_are_looked_for() -> None:
    for name in ("little.txt", "no_slips.txt", "mended_too.txt"):
        for line in cues.lines(name):
            assert re.fullmatch(r"[a-z' -]+", line), line


def test_every_file_of_words_is_told_of_in_their_readme() -> None:
    folder = Path(cues.__file__).parent / "words"
    told = (folder / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in folder.glob("*.txt") if f"`{path.name}`" not in told] == []


def test_a_pattern_is_found_in_every_form_of_its_words() -> None:
    line = "when did <open:1> reach <level:0> on <benchmark:0> "
    present = cues.first_words(line)
    assert cues.matches("WHEN * REACH", line, present)
    assert cues.matches("REACH ~ <level>", line, present)
    assert cues.matches("<benchmark>|<model>", line, present)
    assert not cues.matches("REACH * WHEN", line, present)
    assert not cues.matches("<open> <level>", line, present)
    assert not cues.matches("<model>", line, present)
    assert cues.matches("REACH !<benchmark>", line, present)
    assert not cues.matches("REACH !<level>", line, present)
