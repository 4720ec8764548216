"""What holds for the brief of any day: its length, its words, and that every number is a fact's."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import textstat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.brief import Brief
from core.brief.prose import count_title_words
from core.evidence.evidence import Evidence
from core.glossary import terms_in
from core.names.name_index import NameIndex
from core.words import day
from tests.core.brief.conftest import GOLDEN_DAYS, Write, unbacked

DAYS = st.dates(date(2024, 6, 1), date(2026, 8, 31))
BEFORE = st.sampled_from([1, 7, 14, 31, 61, 92, 365])
HOLLOW = r"underscore|landscape|game.changer|remains to be seen|impressive|crucial|notably|open.source|±|\bCI\b|p-value"
many = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def said(brief: Brief) -> str:
    """Return the bullets and remarks."""
    return " ".join(brief.texts[1:])


def whole(brief: Brief) -> str:
    """Return all that a reader sees."""
    return "\n".join(
        [
            f"{brief.category} · {day(brief.published)} · {brief.source} · {brief.reading_minutes} min brief",
            brief.title,
            brief.deck,
            said(brief),
            *(f"{term.term}: {term.definition}" for term in brief.terms),
            brief.read_more.label,
            *(f"{day(each.published)} {each.title}" for each in brief.more),
            brief.foot,
        ]
    )


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) +", text)


def check(brief: Brief, names: NameIndex) -> None:
    """Hold a brief against what a brief must be."""
    text = said(brief)
    assert unbacked(f"{brief.title}\n{brief.deck}\n{said(brief)}", brief.facts, names) == []
    own = whole(replace(brief, more=()))  # titles of earlier briefs have facts of their own
    assert [each.words for each in unbacked(own, brief.facts, names) if each.kind != "name"] == []
    assert 120 <= len(text.split()) <= 280
    assert max(len(sentence.split()) for sentence in sentences(text)) <= 25
    whole_figures = re.sub(r"(\d)\.(\d)", r"\1\2", text)  # so that a decimal point ends no sentence
    assert min(textstat.flesch_reading_ease(text), textstat.flesch_reading_ease(whole_figures)) >= 60
    assert 5 <= len(brief.bullets) <= 8
    assert 2 <= len(brief.terms) <= 4
    assert count_title_words(brief.title) <= 12
    assert brief.reading_minutes == 1
    assert all(len(sentences(term.definition)) <= 2 for term in brief.terms)
    assert {term.term_id for term in brief.terms} <= {term.term_id for term in terms_in(text, brief.terms)}
    assert not re.search(HOLLOW, whole(brief), re.IGNORECASE)
    assert not re.search(r"[{}]|\bNone\b|\bnan\b|  ", whole(brief))
    assert len({fact.key for fact in brief.facts}) == len(brief.facts)


@pytest.mark.parametrize("name", GOLDEN_DAYS)
def test_each_brief_that_was_read_is_one(shipped: Write, names: NameIndex, name: str) -> None:
    check(shipped(GOLDEN_DAYS[name]), names)


@many
@given(DAYS, BEFORE)
def test_the_brief_of_any_day_is_one(shipped: Write, names: NameIndex, published: date, days: int) -> None:
    check(shipped(published, published - timedelta(days=days)), names)


@many
@given(DAYS, st.integers(0, 200), st.floats(1.7, 40))
def test_a_number_that_is_altered_is_noticed(
    shipped: Write, names: NameIndex, published: date, which: int, factor: float
) -> None:
    brief = shipped(published)
    text = said(brief)
    numbers = list(re.finditer(r"(?<![\w.-])\d+(?:\.\d)?(?= (?:months|%|levels|of))", text))
    number = numbers[which % len(numbers)]
    altered = f"{float(number[0]) * factor + 400:.1f}"
    changed = f"{text[: number.start()]}{altered}{text[number.end() :]}"
    [found] = [each for each in unbacked(changed, brief.facts, names) if each.kind == "number"]
    assert found.words.startswith(altered)


@many
@given(DAYS, st.sampled_from(["nine hundred days", "two thousand and one", "1999", "31 July 1999", "the thousandth"]))
def test_a_number_in_words_or_a_date_that_is_slipped_in_is_noticed(
    shipped: Write, names: NameIndex, published: date, number: str
) -> None:
    brief = shipped(published)
    assert len(unbacked(f"{said(brief)} It took {number}.", brief.facts, names)) == 1


@many
@given(DAYS)
def test_facts_are_those_that_the_brief_says(shipped: Write, published: date) -> None:
    brief = shipped(published)
    text = whole(brief)
    for fact in brief.facts:
        assert fact.shown in text or fact.key.startswith("verdict"), fact  # kept for the next brief


@many
@given(DAYS)
def test_private_and_public_figures_stand_apart(shipped: Write, published: date) -> None:
    brief = shipped(published)
    for name in ("private", "public"):
        assert [bullet for bullet in brief.bullets if f"{name} tests" in bullet.text.lower()]
    for sentence in sentences(said(brief)):
        assert not re.search(r"\d months[^.]*private[^.]*\d months[^.]*public", sentence)


@many
@given(DAYS)
def test_a_change_in_doubt_is_never_called_one(shipped: Write, published: date) -> None:
    brief = shipped(published)
    facts = {fact.key: fact for fact in brief.facts}
    is_sure = facts["verdict"].value != "can't say"
    assert is_sure or not re.search("(wider|narrower) than in", brief.title)
    if "growing" in facts:
        assert (facts["growing"].shown in ("Yes", "No")) == is_sure
        assert ("direction.range" in facts) == (facts["growing"].shown != "Too early to say")


@many
@given(DAYS, BEFORE)
def test_what_is_new_came_after_the_last_brief(shipped: Write, published: date, days: int) -> None:
    since = published - timedelta(days=days)
    facts = {fact.key: fact for fact in shipped(published, since).facts}
    for key in ("news.day", "raised.day"):
        if key in facts:
            assert since.isoformat() < str(facts[key].value) <= published.isoformat()
    brief = shipped(published, since)
    lead = brief.chart_question(since).drawn_first
    told = [facts[key] for key in ("news.open", "raised.closed") if key in facts]
    assert [fact.value for fact in told] in ([], [lead])
    assert not told or told[0].shown in said(brief)


@many
@given(DAYS)
def test_the_day_of_writing_changes_only_the_foot(shipped: Write, published: date) -> None:
    one, other = (shipped(published, today=today) for today in (date(2026, 11, 25), date(2027, 2, 1)))
    assert (one.title, one.bullets, one.terms, one.more) == (other.title, other.bullets, other.terms, other.more)
    assert "25 November 2026" in one.foot
    assert one.foot.replace("25 November 2026", "1 February 2027") == other.foot


@pytest.mark.parametrize("name", GOLDEN_DAYS)
def test_figures_are_those_of_the_gap(shipped: Write, evidence: Evidence, name: str) -> None:
    from core.gap.parameters import DEFAULT
    from core.questions import GapQuestion

    brief = shipped(GOLDEN_DAYS[name])
    answer = GapQuestion(as_of=brief.as_of, method=DEFAULT.name).answer(evidence)
    facts = {fact.key: fact.value for fact in brief.facts}
    for access, found in answer.data["access"].items():
        assert facts[f"deck.{access}"] == found[answer.data["leads"]]["months"]
