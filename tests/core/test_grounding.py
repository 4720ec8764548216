"""Texts say only what facts say: no slot without a fact, no number outside a slot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer import Fact
from core.grounding import GroundingError, render

FACTS = (
    Fact("gap.private", 8.8, "months", "private tests", "8.8 months"),
    Fact("newest.open", "Kimi K2.5", "", "model", "Kimi K2.5"),
    Fact("odd", "{gap.private}", "", "a name with braces", "{gap.private}"),
)
NUMBER_WORDS = "zero one two three seven ten eleven twelve fifteen twenty ninety hundred thousand million".split()
NUMBER_WORDS += "half third thirds quarter twice thrice double triple dozen couple once".split()
PLAIN = st.text(st.sampled_from("abc xyz,.;:–·()'%"), max_size=30)


def test_slots_are_filled_with_facts_as_they_are_shown() -> None:
    assert render("Open models trail by {gap.private}: {newest.open}.", FACTS) == (
        "Open models trail by 8.8 months: Kimi K2.5."
    )


def test_what_a_fact_shows_is_not_read_as_a_slot() -> None:
    assert render("{odd} stays", FACTS) == "{gap.private} stays"


@given(PLAIN, PLAIN)
def test_words_around_a_slot_stay_as_they_are(before: str, after: str) -> None:
    assert render(f"{before}{{gap.private}}{after}", FACTS) == f"{before}8.8 months{after}"


@given(
    st.text(st.characters(exclude_characters="{}"), max_size=20).filter(lambda key: key not in {f.key for f in FACTS})
)
def test_a_slot_without_a_fact_is_refused(key: str) -> None:
    with pytest.raises(GroundingError):
        render(f"by {{{key}}}", FACTS)


@given(PLAIN, st.characters(categories=["Nd"]), PLAIN)
def test_a_digit_outside_a_slot_is_refused_in_every_script(before: str, digit: str, after: str) -> None:
    with pytest.raises(GroundingError, match="stands outside a slot"):
        render(f"{before}{digit}{after} {{gap.private}}", FACTS)


@pytest.mark.parametrize("word", NUMBER_WORDS)
def test_a_number_word_outside_a_slot_is_refused(word: str) -> None:
    for written in (word, word.upper(), word.capitalize()):
        with pytest.raises(GroundingError, match=written):
            render(f"trail by {written} months", FACTS)


@pytest.mark.parametrize(
    "word", ["often", "none", "someone", "tone", "weight", "attend", "halfway", "onceover", "freight"]
)
def test_words_that_hold_a_number_word_are_words(word: str) -> None:
    assert render(f"{word} {{gap.private}}", FACTS) == f"{word} 8.8 months"


@pytest.mark.parametrize("template", ["{", "}", "{gap.private", "gap.private}", "{{gap.private}}", "{}", "{a{b}c}"])
def test_a_stray_brace_is_refused(template: str) -> None:
    with pytest.raises(GroundingError):
        render(template, FACTS)


@given(st.text(max_size=60))
def test_any_template_is_grounded_or_refused(template: str) -> None:
    try:
        text = render(template, FACTS)
    except GroundingError:
        return
    rest = text
    for fact in FACTS:
        rest = rest.replace(fact.shown, "")
    assert not any(letter.isdecimal() for letter in rest)
