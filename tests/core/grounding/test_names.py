"""Words for what is a country's, "Swiss labs": they name it, as its own name does."""

import csv

import pytest

from core.answer import Fact
from core.grounding import unsupported
from core.grounding.names import _DEMONYMS, demonyms, fact_index
from core.questions.selection import country_name
from tests.conftest import ROOT

with (ROOT / "data" / "countries.csv").open(encoding="utf-8", newline="") as file:
    COUNTRIES = frozenset(row["country"] for row in csv.DictReader(file))
WITHOUT = {"Hong Kong"}
"""Whose things are called by its name alone."""


def test_every_country_of_the_data_has_its_demonym() -> None:
    assert set(_DEMONYMS.values()) - {"Europe"} == COUNTRIES - WITHOUT


@pytest.mark.parametrize(("word", "country"), [each for each in _DEMONYMS.items() if each[1] in COUNTRIES])
def test_a_demonym_names_its_country_where_the_facts_speak_of_it_and_is_refused_where_not(
    word: str, country: str
) -> None:
    facts = (Fact("country", country, "", "only open models from", country_name(country)),)
    text = f"{word} labs are behind."
    [mention] = demonyms(text, fact_index(facts, COUNTRIES))
    assert (mention.text, bool(mention.names)) == (word, True)
    assert "name" not in {each.kind for each in unsupported(text, facts, known_names=COUNTRIES)}
    assert [each.said for each in unsupported(text, (), known_names=COUNTRIES) if each.kind == "name"] == [word]
