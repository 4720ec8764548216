"""Completion: at most 25 names, the best first, whatever is typed."""

import pytest

from bot.completion import best
from core.names.names import Name

NAMES = [
    Name((f"m{number}",), shown, aliases)
    for number, (shown, aliases) in enumerate(
        [("Kimi K2", ("K2",)), ("K2-Think", ()), ("GPT-4", ("gpt4",)), ("o1", ("OpenAI o1",)), ("DeepSeek-R1", ("R1",))]
    )
]


def shown(typed: str) -> list[str]:
    return [name.shown for name in best(typed, NAMES)]


def test_a_whole_name_or_alias_goes_before_a_beginning_and_that_before_what_is_within() -> None:
    assert shown("k2")[:2] == ["Kimi K2", "K2-Think"]
    assert shown("kimi")[0] == "Kimi K2"
    assert shown("seek")[0] == "DeepSeek-R1"
    assert shown("openai")[0] == "o1"


@pytest.mark.parametrize("typed", ["kimmi k2", "Kimi-K2", "KIMI K2", "kimik2", "kimi k"])
def test_a_slip_of_typing_case_and_marks_do_not_matter(typed: str) -> None:
    assert shown(typed)[0] == "Kimi K2"


def test_without_anything_typed_the_first_are_offered() -> None:
    assert shown("") == [name.shown for name in NAMES]
    assert len(best("", NAMES * 20)) == 25
