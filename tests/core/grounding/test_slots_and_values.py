"""Texts say only what facts say: no slot without a fact, no number outside a slot, and none that no fact backs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer import Fact
from core.grounding import GroundingError, render, slots, ungrounded

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


def test_the_slots_of_a_template_are_its_facts_in_order() -> None:
    assert slots("{newest.open} trails by {gap.private}") == ("newest.open", "gap.private")


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


# ---- the check by value

KNOWN = (
    Fact("gap", 8.79, "months", "private tests", "8.8 months"),
    Fact("range", "7.0 to 10.6", "months", "private tests", "likely between 7 and 11"),
    Fact("half", 6.94, "months", "levels", "half of such levels took longer than about 7 months"),
    Fact("share", 0.68, "share", "of the figure", "68 %"),
    Fact("level", 50.0, "percent", "GPQA Diamond", "50 %"),
    Fact("results", 60, "results", "private tests", "60 results on 8 tests"),
    Fact("day", "2026-05-22", "date", "as of", "22 May 2026"),
    Fact("model", "Claude Opus 4.6", "", "a model", "Claude Opus 4.6"),
    Fact("board", "FrontierMath Tier 4", "", "a test", "FrontierMath Tier 4"),
)


@pytest.mark.parametrize(
    "text",
    [
        "Open models trail by about 9 months.",
        "Open models trail by nine months, likely between seven and eleven.",
        "A 9-month gap, likely 7–11 months.",
        "a range of 7 to 11 months",
        "It was 8.79 months, or 8.8.",
        "60 private results, sixty results on eight tests",
        "68 % of it, 68 percent, sixty-eight per cent",
        "Half of the levels took seven months; it reached 50%, that is half.",
        "On 22 May 2026, on May 22, 2026, on 2026-05-22, in May 2026, in 2026, on the 22nd of May",
        "Claude Opus 4.6's score on FrontierMath Tier 4",
        "GPT-4o, R1, Qwen2.5-72B, ARC-AGI-2, o3 and gpt-5 are no numbers.",
        "No one was first; closed ones came at first.",
        "",
    ],
)
def test_a_number_that_a_fact_backs_is_grounded_in_digits_and_in_words(text: str) -> None:
    assert ungrounded(text, KNOWN) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Open models trail by about 10 months.", ["10"]),
        ("by ten months, likely between six and eleven", ["ten", "six"]),
        ("eight to ten months", ["eight", "ten"]),
        ("8–10 months", ["8", "10"]),
        ("It was 8.9 months, or 8.78.", ["8.9", "8.78"]),
        ("60 months", ["60"]),
        ("9 results on 7 tests", ["9", "7"]),
        ("9 % of the levels", ["9"]),
        ("twice as long, doubled, a dozen, once", ["twice", "doubled", "dozen", "once"]),
        ("a third of them, two thirds, the third model", ["a third", "two thirds", "third"]),
        ("two and a half months", ["two and a half"]),
        ("a quarter, ¼", ["a quarter", "¼"]),
        ("the 2nd and the second", ["2nd", "second"]),
        ("twenty-one, one hundred and five, 1,234.5", ["twenty-one", "one hundred and five", "1,234.5"]),
        ("on 23 May 2026, in June 2026, in 2025, 2026-05-23", ["23 May 2026", "June 2026", "2025", "2026-05-23"]),
        ("mid-2025 and the top-5", ["2025", "5"]),
        ("Claude Opus 4.7 on FrontierMath Tier 3", ["4.7", "3"]),
        ("Claude Opus 4.65", ["4.65"]),
        ("1 time in 2", ["1", "2"]),
        ("٣ months", ["٣"]),
    ],
)
def test_a_number_that_no_fact_backs_is_named_as_it_stands(text: str, wrong: list[str]) -> None:
    assert ungrounded(text, KNOWN) == wrong


def test_without_facts_no_number_is_grounded() -> None:
    assert ungrounded("8.8 months, half, 22 May 2026", ()) == ["8.8", "half", "22 May 2026"]


@pytest.mark.parametrize("word", NUMBER_WORDS)
def test_what_render_refuses_outside_a_slot_is_a_number_in_a_text_too(word: str) -> None:
    assert ungrounded(f"trail by {word} months", ()) != []


@given(st.floats(1, 99), st.sampled_from(["results", "months", "levels"]))
def test_a_fact_backs_what_it_shows_and_its_value_to_any_decimal(value: float, unit: str) -> None:
    fact = Fact("a", value, unit, "something", f"{value:.1f} {unit}")
    for said in (
        fact.shown,
        f"{value:.2f} {unit}",
        f"about {value:.0f} {unit}",
        f"between {value:.1f} and {value:.1f}",
    ):
        assert ungrounded(said, [fact]) == []


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_a_whole_number_backs_only_itself(told: int, said: int) -> None:
    fact = Fact("a", told, "results", "something", f"{told} results")
    assert (ungrounded(f"{said} results", [fact]) == []) == (told == said)


@given(st.integers(1, 999_999))
def test_words_and_digits_are_the_same_number(number: int) -> None:
    tens = dict(zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True))
    small = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    ones = [*small.split(), "seventeen", "eighteen", "nineteen"]

    def words(n: int) -> str:
        if n < 20:
            return ones[n]
        if n < 100:
            return tens[n - n % 10] + (f"-{ones[n % 10]}" if n % 10 else "")
        if n < 1000:
            return f"{ones[n // 100]} hundred" + (f" and {words(n % 100)}" if n % 100 else "")
        return f"{words(n // 1000)} thousand" + (f" {words(n % 1000)}" if n % 1000 else "")

    fact = Fact("a", number, "models", "something", f"{number:,} models")
    assert ungrounded(f"{words(number)} models", [fact]) == []
    assert ungrounded(f"{words(number)} models", [replace(fact, value=number + 1, shown="")]) != []


@given(st.text(max_size=80))
def test_any_text_can_be_checked(text: str) -> None:
    assert all(isinstance(number, str) and number for number in ungrounded(text, KNOWN))
