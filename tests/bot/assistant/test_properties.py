"""What holds for any text: it is read without an error, in bounded steps, and nothing off our subject gets a gap."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant.reader import read_text
from bot.assistant.reading import NEW, Context, Reading, field_texts
from bot.assistant.text import MOST_LETTERS, clean_text, fold_text
from core.questions import QUESTIONS
from core.store.store import Store
from tests.bot.assistant.conftest import TODAY

OFF_TOPIC = (
    "weather pizza museum tractor poem football recipe movie garden dentist bicycle umbrella salary mortgage hamster"
    " violin breakfast airport sandwich plumber wedding"
).split()
PIECES = st.sampled_from(
    (
        "gpqa|kimi k3|deepseek v4|o3|GPT-9|china|the us|open models|closed|private|80 %|2 hours|half of|since|yesterday"
        "|march 2026|31 june|when|reach|how far behind|gap|what if|compare|vs|others|who leads|and|<|>|'s|%|.|-|R1|2|?"
        "|ARC-AGI-|trust|mean|source"
    ).split("|")
)


def is_well_formed(reading: Reading) -> None:
    for choice in (reading, *reading.alternatives):
        assert choice.understood.isprintable()
        assert choice.question is None or choice.name == choice.question.name
        if choice.question is not None:
            assert choice.sentence is None
            assert QUESTIONS[choice.question.name].from_words(**field_texts(choice.question)) == choice.question
    assert (reading.question is None) == (reading.sentence is not None or reading.is_brief)
    assert not (reading.question and reading.alternatives)
    assert reading.sentence is None or reading.sentence.isprintable()


def after(typed: str, store: Store) -> Context:
    """Return the context after a text was typed."""
    got = read_text(typed, store, TODAY)
    return NEW.after_question(got.question, got) if got.question else NEW


@given(text=st.text(max_size=MOST_LETTERS + 50))
@settings(deadline=None)
@pytest.mark.slow
def test_any_text_is_read(store: Store, text: str) -> None:
    is_well_formed(read_text(text, store, TODAY))


@given(pieces=st.lists(PIECES, max_size=14))
def test_any_words_of_our_subject_are_read(store: Store, pieces: list[str]) -> None:
    is_well_formed(read_text(" ".join(pieces), store, TODAY))


@given(
    pieces=st.lists(PIECES, max_size=6),
    before=st.sampled_from([question.phrasings[0] for question in QUESTIONS.values()]),
)
@pytest.mark.slow
def test_any_words_after_a_question_are_read(store: Store, pieces: list[str], before: str) -> None:
    is_well_formed(read_text(" ".join(pieces), store, TODAY, after(before, store)))


@given(
    words=st.lists(st.sampled_from(OFF_TOPIC), min_size=1, max_size=6),
    opening=st.sampled_from(
        [
            "",
            "what is the ",
            "how far is the ",
            "how big is the gap in the ",
            "who leads the ",
            "compare the ",
            "and the ",
        ]
    ),
)
@settings(deadline=None)
@pytest.mark.slow
def test_words_off_our_subject_never_get_a_gap(store: Store, words: list[str], opening: str) -> None:
    for context in (NEW, after("how far behind are open models?", store)):
        got = read_text(opening + " ".join(words), store, TODAY, context)
        assert got.question is None, got
        assert not got.alternatives


@given(letters=st.text(string.ascii_letters + string.digits + " ", max_size=200))
def test_case_and_spaces_do_not_matter_to_words_that_are_no_names(store: Store, letters: str) -> None:
    assert clean_text(f"  {letters}  ") == " ".join(letters.split())


@given(text=st.text(max_size=300))
def test_a_cleaned_text_is_one_line_of_letters_that_can_be_seen(text: str) -> None:
    clean = clean_text(text)
    assert clean == clean_text(clean)
    assert clean == clean.strip()
    assert not any(letter in clean for letter in "\n\r\t\x00\u200b\u202e\ufeff")
    assert fold_text(clean) == fold_text(clean).lower()


@pytest.mark.parametrize(
    "text",
    [
        "\N{FULLWIDTH LATIN CAPITAL LETTER G}PQA gap",
        "g\u200bpqa gap",
        "GPQA\n\tgap",
        "gpqa gap https://example.org/x?y=z",
    ],
)
def test_strange_letters_and_addresses_do_not_hide_a_question(store: Store, text: str) -> None:
    assert read_text(text, store, TODAY).understood == "gap · GPQA Diamond"


def test_a_text_is_read_the_same_again(store: Store) -> None:
    for text in ("how far behnid is deepsek r1", "what changed since märz 2026", "deepseek v4"):
        assert read_text(text, store, TODAY) == read_text(text, store, TODAY)
