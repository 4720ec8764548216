"""Words for a brief that the template did not choose: those that hold, and every way in which they may not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.brief import Material, Words, compose, gather
from core.brief.bullets import Draft
from core.brief.checks import check, form_of, required
from core.evidence.evidence import Evidence
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
    assert brief.title == "Open models: private tests about 7 months behind, public 6"
    assert brief.bullets[0].text == (
        "Kimi K3, out on 27 July 2026, is the first open model to solve 80 % of WeirdML, which is a private test."
        " GPT-5.5, a closed model, got there about 3 months earlier."
    )
    assert [term.term_id for term in brief.terms] == ["open-weights", "private-test", "likely-range"]


@pytest.mark.parametrize("name", GOLDEN_DAYS)
def test_the_templates_own_words_hold_on_every_day(evidence: Evidence, name: str) -> None:
    for since in (None, GOLDEN_DAYS[name] - timedelta(days=7)):
        found = gather(evidence, GOLDEN_DAYS[name], since, TODAY)
        assert check(found.words, found) == []


def test_what_is_new_both_figures_and_their_direction_must_be_said(material: Material) -> None:
    assert required(material) == (
        "news.open", "news.day", "news.level", "news.test", "news.kind", "news.closed", "news.lag", "about.private",
        "range.private", "about.public", "range.public", "training-to-test.effect", "change.private.range",
        "change.public.range",
    )  # fmt: skip


def test_without_news_there_are_five_bullets_at_most(evidence: Evidence) -> None:
    form = form_of(gather(evidence, TODAY, None, TODAY))
    assert (form.least_bullets, form.most_bullets) == (5, 5)


PRIVATE, PUBLIC, MOVE, WAIT, VENDORS, WATCH = 1, 2, 3, 4, 5, 6


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        # numbers and slots
        (PRIVATE, "The gap is 9 months, {about.private}, {range.private}.", "“9” stands"),
        (PRIVATE, "The gap is nine months, {about.private}, {range.private}.", "“nine”"),
        (MOVE, "The change: {made.up}; {change.private.range}; {change.public.range}.", "made.up"),
        (MOVE, "The change: {change.private.range}.", "“change.public.range” is missing"),
        (PRIVATE, "The gap is {about.private}, {about.private}, {range.private}.", "more than once"),
        (WATCH, "To watch: closed models set {older} months on {older.access} tests.", "“months”"),
        (WATCH, "To watch: by {published}, closed models set {older} on {older.access} {tests.", "brace"),
        # whose figure it is
        (PRIVATE, "On public tests, the gap is {about.private}, {range.private}.", "must stand with"),
        (MOVE, "The public change: {change.private.range}; {change.public.range}.", "must stand with"),
        (VENDORS, "{vendors.arc} {vendors.arc.share} of private catch-up time. {waiting.median}.", "belong to"),
        (WATCH, "To watch: {wait.closed} and {older} on {older.access} tests.", "belong to"),
        (WATCH, "To watch: the next results.", "says no fact of its own"),
        # of whom it is said
        (WATCH, "To watch: open models set {older} on {older.access} tests.", "is said of closed models"),
        (WAIT, "{wait.closed} reached {wait.level} on {wait.test}. An open model did by {wait.until}.", "of closed"),
        (0, "{news.open} reached {news.level} on {news.test}, a {news.kind} test, on {news.day}. It got there"
            " {news.lag}; {news.closed} too.", "{news.lag} is said of closed models"),
        # directions, denials, reasons, names, words that say nothing
        (MOVE, "The gap has widened: {change.private.range}; {change.public.range}.", "widened"),
        (PRIVATE, "Closed models trail open ones by {about.private}, {range.private}.", "“trail”"),
        (PRIVATE, "The gap is not {about.private}, {range.private}.", "“not”"),
        (PUBLIC, "The gap is {about.public}, {range.public}. It never makes {training-to-test.effect}.", "never"),
        (PUBLIC, "The gap is {about.public}, {range.public}. The true gap is smaller.", "“true” and “smaller”"),
        (WATCH, "To watch: closed models set {older} on {older.access} tests, because they pay.", "because"),
        (WATCH, "To watch: as closed models set {older} on {older.access} tests, the gap falls.", "falls"),
        (WATCH, "To watch: Mistral and others set {older} on {older.access} tests long ago.", "mistral"),
        (WATCH, "To watch: closed models set {older} on {older.access} tests, which underscores much.", "underscores"),
        (WATCH, "To watch: visit https://evil.example for {older} on {older.access} tests.", "an address or a mark"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named(material: Material, number: int, text: str, said: str) -> None:
    assert said in faults(changed(number, text), material)


def test_roles_can_not_be_swapped(material: Material) -> None:
    text = (
        "{news.closed}, out on {news.day}, is the first open model to solve {news.level} of {news.test}, which is a"
        " {news.kind} test. {news.open}, a closed model, did so {news.lag}."
    )
    assert "{news.closed} is a model of the closed side" in faults(changed(0, text), material)
    assert "{news.open} is a model of the open side" in faults(changed(0, text), material)


def test_the_title_says_the_templates_figures(material: Material) -> None:
    assert "“title.public.short” is missing" in faults(replace(GOOD, title="Open models {title.private}"), material)
    assert "The title has" in faults(replace(GOOD, title=f"{GOOD.title} and this and that as well"), material)


def test_a_bullet_that_is_said_twice_or_left_out_is_named(material: Material) -> None:
    again = replace(GOOD, bullets=(*GOOD.bullets, Draft(GOOD.bullets[WAIT].text, 0)))
    assert "Two parts say the same" in faults(again, material)
    assert "There are 3 bullets; write 5 to 8." in faults(replace(GOOD, bullets=GOOD.bullets[:3]), material)


def test_terms_that_the_text_does_not_use_are_not_defined(material: Material) -> None:
    brief = compose(material, replace(GOOD, terms=("bootstrap", "no-such-term", "open-weights")))
    assert "bootstrap" not in {term.term_id for term in brief.terms}
    assert 2 <= len(brief.terms) <= 4
