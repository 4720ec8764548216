"""Words for a brief by another writer: words that hold, and every way in which words may fail."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.brief import Material, Words, compose, gather
from core.brief.checks import check, form_of, required
from core.evidence.evidence import Evidence
from core.names.name_index import NameIndex
from core.text.marks import mark_sentences
from tests.core.brief.conftest import GOLDEN_DAYS, TODAY
from tests.core.brief.worded import GOOD, changed


@pytest.fixture(scope="session")
def material(evidence: Evidence) -> Material:
    """What the brief of 22 August 2026 is written from."""
    return gather(evidence, date(2026, 8, 22), None, date(2026, 8, 22))


def faults(words: Words, material: Material) -> str:
    return "\n".join(check(words, material))


def test_words_that_hold_have_no_fault_and_make_a_brief(material: Material) -> None:
    assert faults(GOOD, material) == ""
    brief = compose(material, GOOD)
    assert brief.written_by == "model test"
    assert brief.title == "Kimi K3 takes six open records"
    assert brief.bullets[1].text == (
        "Its sharpest result is 90 % on ARC-AGI, a private test of hidden grid puzzles. GPT-5.2 Pro, OpenAI's closed"
        " model, got there about 7.5 months earlier."
    )
    assert [term.term_id for term in brief.terms] == ["open-weights", "likely-range"]


@pytest.mark.parametrize("name", GOLDEN_DAYS)
def test_the_templates_own_words_hold_on_every_day(evidence: Evidence, name: str) -> None:
    for since in (None, GOLDEN_DAYS[name] - timedelta(days=7)):
        material = gather(evidence, GOLDEN_DAYS[name], since, TODAY)
        assert check(material.words, material) == []


def test_what_is_new_both_figures_and_their_direction_must_be_said(material: Material) -> None:
    assert required(material) == (
        "news.open.from", "news.open", "news.open.day", "records.tests", "news.open.level", "news.open.test",
        "news.open.what", "first.whose", "first", "first.lag", "deck.private", "range.private", "deck.public",
        "range.public", "training-to-test", "growing", "tests", "change", "year.unsure",
    )  # fmt: skip


def test_without_news_there_are_four_bullets(evidence: Evidence) -> None:
    form = form_of(gather(evidence, TODAY, None, TODAY))
    assert (form.least_bullets, form.most_bullets) == (4, 4)


NEWS, SHARPEST, OVERALL, MOVE, WATCH, MATCHES = range(6)
BOTH = "On private tests open models {deck.private} ({range.private})."


@pytest.mark.parametrize(
    ("number", "text", "message"),
    [
        # numbers and slots
        (OVERALL, "On private tests the gap is 9 months, {deck.private}, {range.private}.", "“9” stands"),
        (OVERALL, "On private tests the gap is nine months, {deck.private}, {range.private}.", "“nine”"),
        (MOVE, "The change: {made.up}.", "made.up"),
        (OVERALL, f"{BOTH} On public tests it is {{deck.public}}.", "“range.public” is missing"),
        (OVERALL, f"{BOTH} They {{deck.private}}.", "more than once"),
        (WATCH, "By {published}, {watch} had {watch.level} on {watch.test.", "brace"),
        # whose figure it is
        (MATCHES, "{within} have {within.6}, and {watch} is there.", "belong to"),
        (MATCHES, "That wait is {wait}, and {watch} is there.", "belong to"),
        (MATCHES, "To watch: the next results.", "says no fact of its own"),
        # words that say nothing
        (WATCH, "{watch} had {watch.level} on {watch.test}, which underscores much.", "underscores"),
        # length
        (NEWS, "{news.open.from} released {news.open} on {news.open.day}. It set open records on {records.tests}. "
         + "It is an open model of the tests. " * 3, "A bullet has more than 30 words; shorten it"),
        (MATCHES, "{time.6} and {time.12}: {within.6} and {within.12} of {records}, {watch.near.score}, {watch.level},"
         " {records}, {records}, {records}, {records}, {records}.", "numbers; keep to 22."),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named(material: Material, number: int, text: str, message: str) -> None:
    assert message in faults(changed(number, text), material)


ROLES = (
    "{first} is the first open model to solve {news.open.level} of {news.open.test}, {news.open.what}. {news.open},"
    " a closed model, did so {first.lag}."
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (OVERALL, "On public tests, open models {deck.private}, {range.private}."),
        (SHARPEST, ROLES),
        (MOVE, "The gap has narrowed since {start}."),
        (OVERALL, "The gap is not {deck.private}, {range.private}."),
        (WATCH, "{watch} had {watch.level} on {watch.test}, because they pay."),
        (WATCH, "Mistral and {watch} had {watch.level} on {watch.test}."),
    ],
)
def test_what_the_slots_do_not_hold_is_unchecked(material: Material, number: int, text: str, names: NameIndex) -> None:
    brief, written = compose(material, changed(number, text)), compose(material)
    sentences = mark_sentences(brief.texts, written.texts, brief.facts, names).sentences
    assert "unchecked" in {sentence.mark for sentence in sentences if sentence.text in brief.bullets[number].text}


def test_the_title_says_the_templates_figures(material: Material) -> None:
    assert "“records” is missing" in faults(replace(GOOD, title="{news.open} sets open records"), material)
    long = f"{GOOD.title} and this and that and so on as well here"
    assert "The title has" in faults(replace(GOOD, title=long), material)


def test_terms_that_the_text_does_not_use_are_not_defined(material: Material) -> None:
    brief = compose(material, replace(GOOD, terms=("bootstrap", "no-such-term", "open-weights")))
    assert "bootstrap" not in {term.term_id for term in brief.terms}
    assert len(brief.terms) == 2
