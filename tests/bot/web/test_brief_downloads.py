"""A brief's other forms as they are served: each with its correction at the top, its sources and its citation."""

import json

import pytest

from bot.web.site import BRIEF_FORMS
from core.answer import unique_citations
from tests.bot.newsroom.test_formats import of_page
from tests.bot.web.conftest import Web, entry

NOTE = "Corrected on 14 June 2026: the title now says “"


def taken(web: Web, ending: str) -> str:
    """Return the words of the corrected brief in a form."""
    corrected = entry(web, "2026-06-12")
    text = web.client.get(f"/{corrected.path}.{ending}").text
    return " ".join(text.split()) if ending == "txt" else of_page(text, BRIEF_FORMS[ending]).text


@pytest.mark.parametrize("ending", ["md", "txt", "email.html"])
def test_a_correction_stands_right_under_title_and_deck(web: Web, ending: str) -> None:
    text, brief = taken(web, ending), entry(web, "2026-06-12").brief
    assert f"{brief.title} {brief.deck} {NOTE}" in text
    assert text.count("Corrected on") == 1
    assert text.index(NOTE) < text.index("In brief")


def test_json_has_the_correction_sources_and_citation_as_values(web: Web) -> None:
    brief = json.loads(web.client.get(f"/{entry(web, '2026-06-12').path}.json").text)
    assert [note.startswith(NOTE) for note in brief["notes"]] == [True]
    assert "Corrected" not in brief["foot"]
    citations = unique_citations(source["citation"] for source in brief["sources"])
    assert brief["citation"].split("; data: ")[1].split("; ") == citations
