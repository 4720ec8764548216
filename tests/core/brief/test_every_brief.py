"""What holds for the brief of any day: its length, its words, and that every number is a fact's."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
import textstat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.brief import Brief, Material, compose, gather
from core.brief.news import first_model
from core.brief.prose import count_numbers, count_words
from core.evidence.evidence import Evidence
from core.gap.crossings import Crossing, Unmatched
from core.glossary import terms_in
from core.names.name_index import NameIndex
from core.text import slots
from core.words import day
from tests.core.brief.conftest import GOLDEN_DAYS, TODAY, Write, unbacked

DAYS = st.dates(date(2024, 6, 1), date(2026, 8, 31))
BEFORE = st.sampled_from([1, 7, 14, 31, 61, 92, 365])
HOLLOW = r"underscore|landscape|game.changer|remains to be seen|impressive|crucial|notably|open.source|±|\bCI\b|p-value"
BANNED = (
    r"(?<!-)\blevel\b|\bmark|threshold|closed frontier|famil|reads wider|nobody can tell|tests skip|data can't tell"
    r"|\btold\b"
)
FIGURES = ("lag", "change", "share", "score", "level", "duration")
many = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def body(brief: Brief) -> str:
    """Return the bullets."""
    return " ".join(brief.texts[1:])


def message(brief: Brief) -> str:
    """Return what is read first: the title, the deck and the bullets."""
    return "\n".join((brief.title, brief.deck, *brief.texts[1:]))


def names_of(brief: Brief) -> list[str]:
    return [fact.shown for fact in brief.facts if fact.kind == "name"]


def page(brief: Brief) -> str:
    """Return all that a reader sees."""
    kicker = f"{brief.category} · {day(brief.published)} · {brief.source} · {brief.reading_minutes} min brief"
    more = [f"{day(earlier.published)} {earlier.title}" for earlier in brief.more]
    return "\n".join([kicker, message(brief), *brief.term_lines, brief.read_more.label, *more, brief.foot])


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) +", text)


def check(brief: Brief, names: NameIndex) -> None:
    """Hold a brief against what a brief must be."""
    text = body(brief)
    assert unbacked(message(brief), brief.facts, names) == []
    own = page(replace(brief, more=()))  # titles of earlier briefs have facts of their own
    assert [finding.words for finding in unbacked(own, brief.facts, names) if finding.kind != "name"] == []
    assert 80 <= count_words(text)
    assert count_words(message(brief)) <= 200
    assert count_numbers(message(brief), names_of(brief)) <= 22
    assert max(count_words(bullet.text) for bullet in brief.bullets) <= 30
    assert max(len(sentence.split()) for sentence in sentences(text)) <= 25
    whole_figures = re.sub(r"(\d)\.(\d)", r"\1\2", text)  # so that a decimal point ends no sentence
    assert min(textstat.flesch_reading_ease(text), textstat.flesch_reading_ease(whole_figures)) >= 65
    assert 4 <= len(brief.bullets) <= (4 if re.search("quiet|No new", brief.title) else 7)
    assert len(brief.terms) == 2
    assert count_words(brief.title) <= 14
    assert not re.search(BANNED, message(brief))
    assert not re.search(r"\((?!likely )", message(brief)), "brackets are around ranges alone"
    assert not any(bullet.remark for bullet in brief.bullets)
    assert brief.reading_minutes == 1
    assert all(len(sentences(term.definition)) <= 2 for term in brief.terms)
    assert {term.term_id for term in brief.terms} <= {term.term_id for term in terms_in(text, brief.terms)}
    assert not re.search(HOLLOW, page(brief), re.IGNORECASE)
    assert not re.search(r"[{}]|\bNone\b(?! of )|\bnan\b|  ", page(brief))
    assert len({fact.key for fact in brief.facts}) == len(brief.facts)


@pytest.mark.parametrize("name", GOLDEN_DAYS)
def test_each_brief_that_was_read_is_one(shipped: Write, names: NameIndex, name: str) -> None:
    check(shipped(GOLDEN_DAYS[name]), names)


# ---- what holds beside its form


def check_facts_are_shown(brief: Brief, _: Material) -> None:
    text = page(brief)
    for fact in brief.facts:
        assert fact.shown in text or fact.key.startswith("verdict"), fact  # kept for the next brief


def check_figures_stand_once(_: Brief, material: Material) -> None:
    kinds = {fact.key: fact.kind for fact in material.facts}
    templates = " ".join((material.deck, *material.words.texts[1:]))  # the first bullet says the title's again
    figures = Counter(key for key in slots(templates) if kinds[key] in FIGURES)
    assert [key for key, number in figures.items() if number > 1] == []


def check_deck_gives_the_meaning_without_a_figure(brief: Brief, _: Material) -> None:
    assert not re.search("month|%|likely", brief.deck)
    for passage in ("anyone can download", "stay with their makers", "whose questions"):
        assert passage in brief.deck, "open, closed and private are explained where they are first named"


def check_days_go_without_the_own_year(brief: Brief, _: Material) -> None:
    text = message(brief)
    for name in sorted(names_of(brief), key=len, reverse=True):
        text = text.replace(name, "_")
    assert str(brief.published.year) not in text


def check_private_and_public_figures_stand_apart(brief: Brief, _: Material) -> None:
    """In one bullet, private first."""
    [overall] = [bullet.text for bullet in brief.bullets if bullet.text.startswith("Overall")]
    private, public = (overall.lower().index(name) for name in ("private tests", "public tests"))
    assert private < public or "give no figure" in overall
    for sentence in sentences(overall):
        assert not re.search(r"\d months[^.]*private[^.]*\d months[^.]*public", sentence)


def check_a_change_in_doubt_is_never_called_one(brief: Brief, _: Material) -> None:
    facts = {fact.key: fact for fact in brief.facts}
    is_sure = facts["verdict"].value != "can't say"
    assert is_sure or not re.search("(wider|narrower) than in", brief.title)
    if "growing" in facts:
        assert (facts["growing"].shown in ("Yes", "No")) == is_sure
        assert ("change.either" in facts) <= (facts["growing"].shown == "The data can't say")


def check_what_is_new_came_after_the_last_brief(brief: Brief, material: Material) -> None:
    since, facts = material.look.since, {fact.key: fact for fact in brief.facts}
    for key in ("news.open.day", "raised.closed.day"):
        if key in facts:
            assert since.isoformat() < str(facts[key].value) <= brief.published.isoformat()
    lead = brief.chart_question(since).drawn_first
    leads = [facts[key] for key in ("news.open", "raised.closed") if key in facts]
    assert [fact.value for fact in leads] in ([], [lead])
    assert not leads or leads[0].shown in body(brief)


def check_a_record_is_held_at_the_end_of_its_day(_: Brief, material: Material) -> None:
    news = material.look.news
    reached: tuple[Crossing | Unmatched, ...] = (*news.matched, *news.raised)
    for level in news.records:
        side, model = first_model(level)
        rivals = [(*first_model(other), other.threshold) for other in reached if other.board == level.board]
        own = max(threshold for of_side, rival, threshold in rivals if (of_side, rival) == (side, model))
        of_day = [threshold for of_side, rival, threshold in rivals if (of_side, rival.day) == (side, model.day)]
        assert own == max(of_day)
    assert news.is_any == bool(news.records or news.turn)


def check_what_is_watched_has_the_month_in_which_it_came(brief: Brief, _: Material) -> None:
    watch = next(bullet.text for bullet in brief.bullets if bullet.text.startswith("To watch: "))
    assert re.search(r" reached \S+(?: \S+)* (?:in|last) [A-Z]\w+(?: \d{4})?\.", watch)


LAWS = [law for name, law in globals().items() if name.startswith("check_")]


@settings(many)
@given(DAYS, BEFORE)
@pytest.mark.slow
def test_the_brief_of_any_day_keeps_every_law(evidence: Evidence, names: NameIndex, published: date, days: int) -> None:
    material = gather(evidence, published, published - timedelta(days=days), TODAY)
    brief = compose(material)
    check(brief, names)
    for law in LAWS:
        law(brief, material)


@many
@given(DAYS, st.integers(0, 200), st.floats(1.7, 40))
@pytest.mark.slow
def test_a_number_that_is_altered_is_noticed(
    shipped: Write, names: NameIndex, published: date, which: int, factor: float
) -> None:
    brief = shipped(published)
    text = body(brief)
    numbers = list(re.finditer(r"(?<![\w.-])\d+(?:\.\d)?(?= (?:months|%|minutes))", text))
    number = numbers[which % len(numbers)]
    altered = f"{float(number[0]) * factor + 400:.1f}"
    changed = f"{text[: number.start()]}{altered}{text[number.end() :]}"
    [unbacked_number] = [finding for finding in unbacked(changed, brief.facts, names) if finding.kind == "number"]
    assert unbacked_number.words.startswith(altered)


@many
@given(DAYS, st.sampled_from(["nine hundred days", "two thousand and one", "1999", "31 July 1999", "the thousandth"]))
@pytest.mark.slow
def test_a_number_in_words_or_a_date_that_is_slipped_in_is_noticed(
    shipped: Write, names: NameIndex, published: date, number: str
) -> None:
    brief = shipped(published)
    assert len(unbacked(f"{body(brief)} It took {number}.", brief.facts, names)) == 1


@many
@given(DAYS)
@pytest.mark.slow
def test_the_day_of_writing_changes_only_the_foot(shipped: Write, published: date) -> None:
    november, other = (shipped(published, today=today) for today in (date(2026, 11, 25), date(2027, 2, 1)))
    for part in ("title", "deck", "bullets", "terms", "more"):
        assert getattr(november, part) == getattr(other, part)
    assert "25 November 2026" in november.foot
    assert november.foot.replace("25 November 2026", "1 February 2027") == other.foot


@pytest.mark.parametrize("name", GOLDEN_DAYS)
def test_figures_are_those_of_the_gap(shipped: Write, evidence: Evidence, name: str) -> None:
    from core.gap.parameters import DEFAULT
    from core.questions import GapQuestion

    brief = shipped(GOLDEN_DAYS[name])
    answer = GapQuestion(as_of=brief.as_of, method=DEFAULT.name).answer(evidence)
    facts = {fact.key: fact.value for fact in brief.facts}
    for access, figures in answer.data["access"].items():
        assert facts[f"deck.{access}"] == figures[answer.data["leads"]]["months"]
