"""A brief about private tests alone, or about public ones."""

import pytest

from bot.newsroom.writing import parse_focus, select_class
from core.brief import complete_day
from core.errors import UsageError
from core.evidence.evidence import load
from core.store.store import Store
from tests import toy


@pytest.mark.parametrize(
    ("typed", "access"), [("private", "private"), (" Public tests ", "public"), ("private TEST", "private")]
)
def test_a_focus_is_read_with_or_without_the_word_tests(typed: str, access: str) -> None:
    assert parse_focus(typed) == access


@pytest.mark.parametrize("typed", ["", "tests", "secret", "gpqa"])
def test_what_is_no_kind_of_tests_is_refused_with_both_offered(typed: str) -> None:
    with pytest.raises(UsageError, match=r"No focus is called .*; choose private or public tests") as caught:
        parse_focus(typed)
    assert caught.value.suggestions == ("private", "public")


def test_only_headline_tests_of_the_kind_are_left_and_no_score_goes() -> None:
    row = ("m", "2024-01-01", "open", 20.0)
    evidence = toy.evidence({"secret": [row], "known": [row]}, private=["secret"])
    for access, headline in (("private", [True, False]), ("public", [False, True])):
        of_class = select_class(evidence, access)
        assert [board.headline for board in of_class.boards] == headline
        assert len(of_class.score) == 2


def test_a_focus_is_on_the_same_day_as_the_gap_of_all_tests(store: Store) -> None:
    records = load(store)
    evidence = records.known_by(records.last_known)
    for access in ("private", "public"):
        assert complete_day(select_class(evidence, access)) == complete_day(evidence)
