"""What holds for any facts: what they show is supported, and no number but theirs is."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.answer import Fact
from core.grounding import unsupported, violations
from tests.core.grounding.facts import GAP, NAMES

MONTHS = st.integers(10, 300).map(lambda tenth: tenth / 10)
ACCESS = st.sampled_from(["private", "public"])


def gap(access: str, months: float) -> Fact:
    return Fact(f"gap.{access}", months, "months", f"{access} tests", f"{months:.1f} months")


@given(st.permutations(GAP))
def test_what_facts_show_is_supported_in_any_order(facts: list[Fact]) -> None:
    for fact in facts:
        if fact.key == "leans.without":
            continue  # what a figure is without must be said around it
        assert violations(f"{{{fact.key}}}.", facts, known_names=NAMES) == []


@given(ACCESS, MONTHS)
def test_a_figure_is_supported_at_each_rounding(access: str, months: float) -> None:
    facts = (gap(access, months),)
    for said in (f"{months:.1f} months", f"about {months:.0f} months", f"{months:.2f} months"):
        assert unsupported(f"Open models trail by {said} on {access} tests.", facts) == []


@given(ACCESS, MONTHS, st.floats(0.6, 40))
def test_a_number_altered_beyond_its_rounding_is_refused(access: str, months: float, off: float) -> None:
    facts = (gap(access, months),)
    for said in (months + off, months - off):
        if said > 0:
            found = unsupported(f"Open models trail by {said:.1f} months on {access} tests.", facts)
            assert {each.kind for each in found} <= {"number", "unit"}
            assert found


@given(MONTHS, MONTHS.filter(bool))
def test_figures_of_two_classes_can_not_be_swapped(one: float, other: float) -> None:
    facts = (gap("private", one), gap("public", other))
    text = f"Private tests: {other:.1f} months. Public tests: {one:.1f} months."
    assert (unsupported(text, facts) == []) == (f"{one:.1f}" == f"{other:.1f}")


@given(MONTHS, st.booleans(), ACCESS)
def test_who_is_behind_follows_the_sign(months: float, is_ahead: bool, access: str) -> None:
    fact = replace(gap(access, months), value=-months if is_ahead else months)
    behind = unsupported(f"Open models are {months:.1f} months behind on {access} tests.", [fact])
    ahead = unsupported(f"Open models are {months:.1f} months ahead on {access} tests.", [fact])
    assert (bool(behind), bool(ahead)) == (is_ahead, not is_ahead)


@given(st.floats(-9, 9), st.floats(0, 9), st.sampled_from(["wider", "narrower"]))
def test_a_change_in_doubt_backs_no_direction(change: float, spread: float, word: str) -> None:
    shown = f"can't tell on private tests (likely {spread:.0f} narrower to {spread:.0f} wider)"
    fact = Fact("change.private", change, "months", "private tests", shown)
    assert {each.kind for each in unsupported(f"The private gap has become {word}.", [fact])} == {"direction"}


@given(st.text(max_size=120))
def test_any_text_and_any_template_can_be_checked(text: str) -> None:
    for found in (unsupported(text, GAP, known_names=NAMES), violations(text, GAP, known_names=NAMES)):
        assert all(each.kind and each.why for each in found)


@given(
    st.lists(
        st.sampled_from(
            "open closed private tests 7.5 months trail by because { } {gap.private} 5 to 10 GPT-9 .".split()
        )
    )
)
def test_words_of_the_subject_in_any_order_can_be_checked(words: list[str]) -> None:
    text = " ".join(words)
    assert isinstance(unsupported(text, GAP, known_names=NAMES), list)
    assert isinstance(violations(text, GAP, known_names=NAMES), list)
