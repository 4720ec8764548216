"""A question in a custom_id: what was packed is what is read, and nothing else is."""

from contextlib import suppress
from dataclasses import fields
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.custom_ids import Tokens, make_token, number36, pack, unpack
from core.errors import UsageError
from core.questions import QUESTIONS, GapQuestion, Question
from core.questions.unmatched import UnmatchedQuestion

NAMES = ["GPQA Diamond", "gpqa-diamond 1", "United Kingdom of Great Britain and Northern Ireland", "日本", "~#", "a~b"]
KNOWN = Tokens([*NAMES, "a name that is longer than a custom id may be" * 5])
TEXTS = st.sampled_from([*NAMES, "o1", "GPT-4", "private", "day:2026-05-22", "country:China"])


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Draw what a field of a type can hold."""
    kinds = (hint, *get_args(hint))
    literal = [kind for kind in kinds if get_origin(kind) is Literal]
    if literal:
        strategy: st.SearchStrategy[Any] = st.sampled_from(get_args(literal[0]))
    elif date in kinds:
        strategy = st.dates()
    elif float in kinds:
        strategy = st.floats(allow_nan=False)
    else:
        strategy = TEXTS
    return st.none() | strategy if type(None) in kinds else strategy


@st.composite
def questions(draw: st.DrawFn) -> Question:
    kind = QUESTIONS[draw(st.sampled_from(list(QUESTIONS)))]
    hints = get_type_hints(kind)
    return kind(**{field.name: draw(values(hints[field.name])) for field in fields(kind)})


@given(questions())
def test_what_was_packed_is_read_again(question: Question) -> None:
    packed = pack(question, KNOWN)
    if packed is not None:
        assert unpack(packed, KNOWN) == question
        assert len(packed) <= 80
        assert packed.isprintable()


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_two_letters_tell_a_questions_fields_apart(question: type[Question]) -> None:
    names = [field.name[:2] for field in fields(question)]
    assert len(set(names)) == len(names)


def test_a_question_with_nothing_set_is_its_name() -> None:
    assert pack(GapQuestion(), KNOWN) == "gap"
    assert unpack("gap", KNOWN) == GapQuestion()
    assert unpack("gap~be", KNOWN) == GapQuestion(benchmark="")


def test_buttons_of_before_ask_a_question_by_its_former_name() -> None:
    assert unpack("waiting~acprivate", KNOWN) == UnmatchedQuestion(access="private")


def test_a_long_name_is_a_token_and_a_short_one_itself() -> None:
    assert pack(GapQuestion("o1"), KNOWN) == "gap~beo1"
    assert pack(GapQuestion("GPQA Diamond"), KNOWN) == f"gap~be#{make_token('GPQA Diamond')}"


def test_a_text_that_is_no_name_makes_no_button_where_it_is_long_or_strange() -> None:
    assert pack(GapQuestion("x" * 30), KNOWN) is None
    assert pack(GapQuestion("a|b"), KNOWN) is None


@given(st.text(max_size=100))
def test_what_nobody_packed_is_refused_or_a_question(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(unpack(text, KNOWN), Question)


@pytest.mark.parametrize(
    "packed",
    ["", "nothing", "gap~zz1", "gap~be#nothing0", "gap~aszzzzzzz", "timeline~le-", "gap~as", "model", "gap~"],
)
def test_fields_that_are_gone_or_broken_are_refused(packed: str) -> None:
    with pytest.raises(UsageError, match="Please ask again"):
        unpack(packed, KNOWN)


@given(st.integers(0, 2**64))
def test_numbers_in_base_36(number: int) -> None:
    assert int(number36(number), 36) == number
