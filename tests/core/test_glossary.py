"""The glossary: every entry found by each of its names, and the entries that a text uses."""

import csv
import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import glossary
from core.evidence.evidence import Term
from core.names.names import Name
from tests.conftest import ROOT


@cache
def entries() -> tuple[Term, ...]:
    """The shipped glossary."""
    with (ROOT / "data" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Term(
                row["term_id"],
                row["term"],
                tuple(filter(None, row["aliases"].split(";"))),
                row["definition"],
                tuple(filter(None, row["see_also"].split(";"))),
            )
            for row in csv.DictReader(file)
        )


NAMES = [(name, term.term_id) for term in entries() for name in (term.term, *term.aliases)]
NAMED = [Name((term.term_id,), term.term, term.aliases) for term in entries()]


def used(text: str) -> list[str]:
    return [term.term_id for term in glossary.terms_in(text, entries())]


# ---- by name


@pytest.mark.slow
def test_every_entry_is_found_by_its_name_and_each_alias() -> None:
    for name, term_id in NAMES:
        for typed in (name, name.upper(), f" {name.lower()} "):
            assert glossary.find_id(NAMED, typed) == term_id


@pytest.mark.parametrize(
    ("typed", "term_id"),
    [
        ("open sorce", "open-source-model"),
        ("harnesses", "harness"),
        ("pass rates", "pass-rate"),
        ("kaplan", "kaplan-meier"),
        ("winners curse", "winners-curse"),
    ],
)
def test_names_are_forgiving(typed: str, term_id: str) -> None:
    assert glossary.find_id(NAMED, typed) == term_id


# ---- in a text


def test_every_entry_is_seen_in_a_text_by_each_of_its_names() -> None:
    for name, term_id in NAMES:
        plain = name.split(" (")[0]
        for text in (plain, f"So, {plain}?", f"“{plain.upper()}”", f"Of the {plain}: nothing."):
            assert used(text) == [term_id], text


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("Private tests keep questions secret; other tests do not.", ["private-test", "benchmark"]),
        ("Tests first, then private tests, then tests.", ["benchmark", "private-test"]),
        ("Open\nweights", ["open-weights"]),
        ("a private, tested idea", []),
        ("Is it private? Tests say so.", ["benchmark"]),
        ("testing, retests, contest, gapless", []),
        ("the winner’s curse", ["winners-curse"]),
        ("snake_case_gap and gap_year", ["gap"]),
        ("harnesses of agents", ["harness"]),
    ],
)
def test_whole_words_longest_first_each_as_it_first_occurs(text: str, terms: list[str]) -> None:
    assert used(text) == terms


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    terms = used(text)
    assert len(terms) == len(set(terms))


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=12))
def test_entries_come_in_the_order_of_the_text_each_but_once(names: list[tuple[str, str]]) -> None:
    text = ". ".join(name.split(" (")[0] for name, _ in names)
    assert used(text) == list(dict.fromkeys(term_id for _, term_id in names))


# ---- what entries say


def test_a_definition_holds_no_claim_about_the_gap() -> None:
    """No figure of months, no side that leads or catches up, no cause: a definition says what a word means."""
    claim = r"\d|\b(?:trail|trailing|catch(?:ing)? up|lags?|far behind|ahead|faster|slower|resources|usually behind)\b"
    assert [term.term_id for term in entries() if re.search(claim, term.definition, re.IGNORECASE)] == []


def test_an_entry_is_whole() -> None:
    term_ids = {entry.term_id for entry in entries()}
    for term in entries():
        assert term.definition.endswith("."), term
        assert 1 <= term.definition.count(". ") + 1 <= 3, term
        assert set(term.see_also) <= term_ids - {term.term_id}, term
        assert "open source" not in term.definition.lower(), term


def test_no_name_means_two_entries() -> None:
    meant: dict[str, str] = {}
    for name, term_id in NAMES:
        assert meant.setdefault(re.sub(r"[^a-z0-9]", "", name.lower()), term_id) == term_id
