"""What a person's text says that no fact has."""

from datetime import date

import pytest

from core.answer import Fact
from core.brief import Brief, compose, gather
from core.evidence.evidence import Evidence
from core.names.name_index import NameIndex
from core.text.findings import findings

FACTS = (
    Fact("private", 7.5, "months", "private tests", "7.5 months", "lag", 5.0, 10.0, "private"),
    Fact("public", 5.1, "months", "public tests", "5.1 months", "lag", 4.1, 6.0, "public"),
    Fact("closed", 85.0, "percent", "best closed score on ARC-AGI-2", "85.0 %", side="closed", model="GPT-5.5"),
    Fact("open", 61.4, "percent", "best open score on ARC-AGI-2", "61.4 %", "score", side="open", model="Kimi K3"),
    Fact("unmatched", 29, "levels", "reached by closed models only", "29 of 162 levels", "count"),
    Fact("as_of", "2026-08-22", "date", "as of", "22 August 2026", "day", day="2026-08-22"),
)


def unbacked_words(text: str, names: NameIndex, *own: str) -> list[str]:
    return [finding.words for finding in findings(text, FACTS, own=own, names=names)]


@pytest.mark.parametrize(
    "text",
    [
        "Open models trail closed ones by about 7.5 months on private tests.",
        "On private tests closed models lead by seven and a half months, on public ones by 5.",
        "Closed models are ahead of open-weights ones by 7.5 months.",
        "The gap between closed and open models is 7.5 months.",
        "Private tests: 7.5 months (likely 5 to 10). Public tests: 5.1 months.",
        "GPT-5.5 scored 85 %, Kimi K3 61.4 %, as of August 2026.",
        "As of 22 Aug 2026, OpenAI's GPT-5.5 leads by more than seven months, and nobody may know why.",
        "Open models trail by 33 weeks on private tests.",
        "Open Models Are Still Behind On Private Tests",
        "",
    ],
)
def test_what_the_facts_have_is_no_finding(text: str, names: NameIndex) -> None:
    assert unbacked_words(text, names) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Open models trail by about 9 months.", "9 months"),
        ("Open models trail by twelve months.", "twelve months"),
        ("The gap is 7.5 points.", "7.5 points"),
        ("The gap is 6 weeks.", "6 weeks"),
        ("The gap is about a year.", "a year"),
        ("As of 22 August 2025.", "22 August 2025"),
        ("As of September 2026.", "September 2026"),
        ("Claude Opus 4.6 scored 85 %.", "Claude Opus 4.6"),
        ("GPT-9 scored 85 %.", "GPT-9"),
        ("The best is by Zephyron, they say.", "Zephyron"),
    ],
)
def test_what_no_fact_has_is_found_where_it_stands(text: str, expected: str, names: NameIndex) -> None:
    (finding,) = findings(text, FACTS, names=names)
    assert (finding.words, text[finding.start :][: len(expected)]) == (expected, expected)
    assert finding.text.startswith(f"“{expected}”: ")


def test_a_finding_says_what_the_facts_have_the_nearest_first(names: NameIndex) -> None:
    text = "It is 9 months, as of 22 August 2025; Kimi K9."
    assert [finding.text for finding in findings(text, FACTS, names=names)] == [
        "“9 months”: no fact has this figure; the facts have “7.5 months” (private tests).",
        "“22 August 2025”: no fact has this date; the facts have “22 August 2026” (as of).",
        "“Kimi K9”: no fact names it; the facts have Kimi K3 and GPT-5.5.",
    ]


def test_the_machines_own_words_are_none(names: NameIndex) -> None:
    own = "Closed models trail open ones by 9 months. Zephyron came on 1 May 2024."
    assert unbacked_words(own, names, own) == []
    assert unbacked_words("They say that Zephyron took 9 months.", names, own) == []
    assert unbacked_words("Zephyron took 19 months.", names, own) == ["19 months"]


@pytest.fixture(scope="module")
def brief(evidence: Evidence) -> Brief:
    return compose(gather(evidence, date(2026, 8, 22), None, date(2026, 11, 25)))


@pytest.mark.slow
def test_a_brief_has_no_findings_and_an_altered_one_has(brief: Brief, names: NameIndex) -> None:
    text = "\n".join(brief.texts)
    assert findings(text, brief.facts, own=[", ".join(fact.shown for fact in brief.facts)], names=names) == ()
    altered = f"{text}\nOn public tests open models trail by 47 months."
    (finding,) = findings(altered, brief.facts, own=[text], names=names)
    assert (finding.kind, finding.words) == ("number", "47 months")
