"""Words for a brief that the template did not choose: those that hold, and every way in which they may not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.brief import Bullet, Material, Words, compose, gather
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
    assert brief.title == "Kimi K3 sets open records on six private tests"
    assert brief.bullets[0].text == (
        "Kimi K3 (Moonshot, China) came out on 27 July 2026. It set open records on six private tests. It reached 90 %"
        " on ARC-AGI, which is a private test of hidden grid puzzles. GPT-5.2 Pro, a closed model (OpenAI, United"
        " States), got there about 7.5 months earlier."
    )
    assert [term.term_id for term in brief.terms] == ["open-weights", "private-test", "likely-range"]


@pytest.mark.parametrize("name", GOLDEN_DAYS)
def test_the_templates_own_words_hold_on_every_day(evidence: Evidence, name: str) -> None:
    for since in (None, GOLDEN_DAYS[name] - timedelta(days=7)):
        found = gather(evidence, GOLDEN_DAYS[name], since, TODAY)
        assert check(found.words, found) == []


def test_what_is_new_both_figures_and_their_direction_must_be_said(material: Material) -> None:
    assert required(material) == (
        "news.open", "news.open.maker", "news.day", "news.tests", "news.test", "news.kind", "news.asks", "news.level",
        "news.closed", "news.closed.maker", "news.lag", "deck.private", "range.private", "deck.public", "range.public",
        "training-to-test.effect", "growing", "direction.range", "growing.year",
    )  # fmt: skip


def test_without_news_there_are_five_bullets_at_most(evidence: Evidence) -> None:
    form = form_of(gather(evidence, TODAY, None, TODAY))
    assert (form.least_bullets, form.most_bullets) == (5, 5)


PRIVATE, PUBLIC, MOVE, WAIT, MATCHES, STILL = 1, 2, 3, 4, 5, 6


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        # numbers and slots
        (PRIVATE, "On private tests the gap is 9 months, {deck.private}, {range.private}.", "“9” stands"),
        (PRIVATE, "On private tests the gap is nine months, {deck.private}, {range.private}.", "“nine”"),
        (MOVE, "The change: {made.up}.", "made.up"),
        (PUBLIC, "On public tests open models are {deck.public}.", "“range.public” is missing"),
        (PRIVATE, "On private tests they are {deck.private}, {deck.private}, {range.private}.", "more than once"),
        (WAIT, "By {published}, {wait.closed} had {wait.level} on {wait.test.", "brace"),
        # whose figure it is
        (MATCHES, "{vendors.arc} {vendors.arc.share} of private catch-up time. {wait.closed}.", "belong to"),
        (STILL, "{unmatched.private} are unmatched, {wait.closed} of them.", "belong to"),
        (STILL, "To watch: the next results.", "says no fact of its own"),
        # words that say nothing
        (WAIT, "{wait.closed} had {wait.level} on {wait.test}, which underscores much.", "underscores"),
        (WAIT, "Visit https://evil.example for {wait.closed} on {wait.test}.", "an address or a mark"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named(material: Material, number: int, text: str, said: str) -> None:
    assert said in faults(changed(number, text), material)


ROLES = (
    "{news.closed}, out on {news.day}, is the first open model to solve {news.level} of {news.test}, which is a"
    " {news.kind} test. {news.open}, a closed model, did so {news.lag}."
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (PRIVATE, "On public tests, the gap is {deck.private}, {range.private}."),
        (STILL, "On private tests open models match {within.6.public} of closed scores."),
        (WAIT, "{wait.closed} had {wait.level} months on {wait.test}."),
        (WAIT, "{wait.closed} reached {wait.level} on {wait.test}. An open model did by {wait.until}."),
        (0, ROLES),
        (MOVE, "The gap has narrowed since {start}."),
        (PRIVATE, "Closed models trail open ones by {deck.private}, {range.private}."),
        (PRIVATE, "The gap is not {deck.private}, {range.private}."),
        (PUBLIC, "They are {deck.public}, {range.public}. It never makes {training-to-test.effect}."),
        (PUBLIC, "They are {deck.public}, {range.public}. The true gap is smaller."),
        (WAIT, "{wait.closed} had {wait.level} on {wait.test}, because they pay."),
        (WAIT, "As {wait.closed} had {wait.level} on {wait.test}, the gap falls."),
        (WAIT, "Mistral and {wait.closed} had {wait.level} on {wait.test}."),
    ],
)
def test_what_the_slots_do_not_hold_is_unchecked(material: Material, number: int, text: str, names: NameIndex) -> None:
    brief, written = compose(material, changed(number, text)), compose(material)
    sentences = mark_sentences(brief.texts, written.texts, brief.facts, names).sentences
    assert "unchecked" in {sentence.mark for sentence in sentences if sentence.text in brief.bullets[number].text}


def test_the_title_says_the_templates_figures(material: Material) -> None:
    assert "“news.tests” is missing" in faults(replace(GOOD, title="{news.open} sets open records"), material)
    assert "The title has" in faults(replace(GOOD, title=f"{GOOD.title} and this and that as well"), material)


def test_a_bullet_that_is_said_twice_or_left_out_is_named(material: Material) -> None:
    again = replace(GOOD, bullets=(*GOOD.bullets, Bullet(GOOD.bullets[WAIT].text)))
    assert "Two parts say the same" in faults(again, material)
    assert "There are 3 bullets; write 5 to 8." in faults(replace(GOOD, bullets=GOOD.bullets[:3]), material)


def test_terms_that_the_text_does_not_use_are_not_defined(material: Material) -> None:
    brief = compose(material, replace(GOOD, terms=("bootstrap", "no-such-term", "open-weights")))
    assert "bootstrap" not in {term.term_id for term in brief.terms}
    assert 2 <= len(brief.terms) <= 4
