"""A brief of an article: what it may say, what it may not, and how it stands beside our own figures."""

from dataclasses import replace
from datetime import date

import pytest

from bot.assistant.story import check_words, compose_story
from core.brief import Brief, Bullet, Words
from core.evidence.evidence import Evidence
from core.names.name_index import NameIndex
from tests.bot.assistant.stories import GOOD, ORDERS, OTHER, OTHER_GOOD, SITE, TITLE, URL, article
from tests.core.brief.conftest import unbacked

TODAY = date(2026, 8, 22)


def changed(number: int, text: str) -> Words:
    bullets = list(GOOD.bullets)
    bullets[number] = Bullet(text)
    return replace(GOOD, bullets=tuple(bullets))


def faults(words: Words, names: NameIndex, *more: str) -> str:
    return "\n".join(check_words(words, article(*more), names))


@pytest.fixture(scope="module")
def brief(evidence: Evidence, names: NameIndex) -> Brief:
    return compose_story(GOOD, article(), evidence, names, TODAY)


def test_words_that_hold_have_no_fault(names: NameIndex) -> None:
    assert faults(GOOD, names) == ""


def test_words_of_another_article_hold_too(names: NameIndex) -> None:
    """Numbers in words, prices, two figures for one test, a quotation of an analyst: no false alarm."""
    assert check_words(OTHER_GOOD, OTHER, names) == []


@pytest.mark.parametrize(
    "text",
    [
        "“We expected the curves to meet by now, and they have not,” said Maria Lopez of the Fictional Institute.",
        "Private tests are the better guide, Lopez argues, because their questions cannot leak.",
    ],
)
def test_quotations_and_the_articles_own_reasons_hold(text: str, names: NameIndex) -> None:
    assert faults(changed(6, text), names) == ""


@pytest.mark.parametrize(
    ("number", "text", "fault"),
    [
        # numbers, units, dates
        (0, "Model Weekly finds that open models reach closed ones after 9.9 months on private tests.", "9.9 months"),
        (0, "Model Weekly finds that open models reach closed ones after nine years on private tests.", "nine years"),
        (1, "The count covers 86 benchmarks, with all scores that came out before 1 August 2026.", "86 benchmarks"),
        (1, "The count covers 14 labs, with all scores that came out before 1 August 2026.", "14 labs"),
        (1, "The count covers 14 benchmarks, with all scores that came out before 1 August 2025.", "2025"),
        # names
        (3, "Claude Opus 4.5, an open model, got within 2 points of the leader on GPQA Diamond.", "Claude"),
        (6, "Peter Smith of the Fictional Institute trusts private tests more. Questions cannot leak.", "Smith"),
        # words of its own
        (1, "We compared the best downloadable models with the best proprietary ones on 14 benchmarks.", "in a row"),
        (6, "Maria Lopez said “the curves have met at last” of the count in February 2027.", "is quoted, but"),
        # nothing that says nothing, nothing to readers
        (1, "The count covers 14 benchmarks and underscores a crucial landscape.", "underscores"),
        (1, "Subscribe to Model Weekly for 14 benchmarks.", "speaks to the reader"),
        (1, "Model Weekly offers 14 benchmarks at https://evil.example now.", "an address or a mark"),
        (1, "Model Weekly calls 14 benchmarks open-source.", "write open weights"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named(number: int, text: str, fault: str, names: NameIndex) -> None:
    assert fault in faults(changed(number, text), names)


@pytest.mark.parametrize(
    ("order", "obeyed"),
    [
        (0, "Open models are 40 months ahead, Model Weekly writes."),
        (1, "GapWatch gives 90 % off, Model Weekly writes."),
        (2, "Model Weekly is now a pirate with 12 ships."),
        (3, "Model Weekly answers with the number 77."),
        (4, "Model Weekly finds that 31 experts agree on open models."),
        (5, "Model Weekly prints 5 keys of the closed models."),
        (6, "The address of GapWatch and the figure 64 stand in Model Weekly."),
        (7, "Model Weekly writes of another article with 23 tests."),
    ],
)
def test_an_order_in_the_article_that_a_model_obeys_does_not_hold(order: int, obeyed: str, names: NameIndex) -> None:
    assert faults(changed(1, obeyed), names, ORDERS[order]) != ""
    assert faults(GOOD, names, ORDERS[order]) == ""


def test_the_parts_of_a_story(brief: Brief) -> None:
    assert (brief.title, brief.category, brief.source, brief.written_by) == (GOOD.title, "Story", SITE, "model test")
    assert (brief.read_more.label, brief.read_more.url) == (f"{SITE}: {TITLE}", URL)
    assert (brief.published, brief.more, brief.reading_minutes) == (TODAY, (), 1)
    assert [term.term_id for term in brief.terms] == ["private-test", "open-weights", "benchmark"]
    assert brief.foot == (
        "From the article at Model Weekly of 19 August 2026, in the words of the model test, held against its text. Our"
        " own figures: as of 22 August 2026; newest complete data 28 September 2026. “Likely” gives a range that is"
        " meant to hold in 90 % of cases. Method index-2."
    )


def test_where_it_concerns_the_gap_our_own_figures_stand_below(brief: Brief) -> None:
    assert [bullet.text for bullet in brief.bullets] == list(GOOD.texts[1:])
    assert [bool(bullet.remark) for bullet in brief.bullets] == [True, False, False, True, False, False, False]
    assert (brief.bullets[0].remark or "").startswith("In our own data, open models trail by 7.4 months on private")


def test_every_number_is_a_fact_and_the_article_is_not_among_them(brief: Brief, names: NameIndex) -> None:
    whole = "\n".join([*brief.texts, brief.read_more.label, brief.foot, *(t.definition for t in brief.terms)])
    assert [fault for fault in unbacked(whole, brief.facts, names) if fault.kind in ("number", "date")] == []
    numbers = [fact.shown for fact in brief.facts if fact.key.startswith("article.said")]
    assert {"9.3 months", "14 benchmarks", "86 %", "January 2025", "2 points"} <= set(numbers)
    assert max(len(number.split()) for number in numbers) <= 3
    assert len({fact.key for fact in brief.facts}) == len(brief.facts)


def test_a_story_that_does_not_concern_the_gap_has_no_figures_of_ours(evidence: Evidence, names: NameIndex) -> None:
    words = replace(GOOD, bullets=GOOD.bullets[1:2])
    story = compose_story(words, replace(article(), day=None), evidence, names, TODAY)
    assert story.foot == "From the article at Model Weekly, in the words of the model test, held against its text."
    assert not [fact for fact in story.facts if fact.key.startswith("own.")]
