"""A verdict on the direction that is another than the last brief's is a fact of its own, whatever changed it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.answer import Fact
from core.brief import Brief, compose
from core.brief.verdicts import CANT_TELL, Verdict, said, turns, verdict_facts
from core.evidence.evidence import Evidence
from core.gap.parameters import DEFAULT
from core.words import CLASSES

DAY, THEN = date(2026, 9, 28), date(2026, 8, 22)
WORDS = st.sampled_from([CANT_TELL, "wider", "narrower", "worse for open models"])
VERDICTS = st.dictionaries(st.sampled_from(CLASSES), st.builds(Verdict, WORDS, st.dates()))
METHOD = Fact("method", DEFAULT.name, "", "method", DEFAULT.name)


def bullet(brief: Brief) -> str:
    return next((each.text for each in brief.bullets if each.text.startswith("The verdict ")), "")


@given(VERDICTS)
def test_what_a_brief_said_is_read_from_its_facts(told: dict[str, Verdict]) -> None:
    facts = [*verdict_facts(told, ()), METHOD]
    assert (said(facts, DEFAULT.name) or {}) == told
    assert said(facts, "clustered-2") is None
    assert said(facts[:-1], DEFAULT.name) is None
    assert said(facts, DEFAULT.name, "turned") is None


@given(VERDICTS, VERDICTS)
def test_only_another_word_is_a_change_and_the_earlier_one_is_kept_with_its_day(
    before: dict[str, Verdict], now: dict[str, Verdict]
) -> None:
    found = turns(before, now)
    both = before.keys() & now.keys()
    assert {each.access for each in found} == {name for name in both if before[name].word != now[name].word}
    facts = [*verdict_facts(now, found), METHOD]
    assert (said(facts, DEFAULT.name, "turned") or {}) == {each.access: each.before for each in found}


def test_a_brief_is_held_against_what_the_last_one_said_though_no_day_went_by(evidence: Evidence) -> None:
    last = {"private": Verdict("wider", DAY), "public": Verdict(CANT_TELL, DAY)}
    brief = compose(evidence, DAY, DAY - timedelta(days=1), DAY, last)
    assert bullet(brief) == (
        "The verdict on the gap since January 2025 changed with newer data, both as of 28 September 2026. On"
        " private tests “wider” became “can't tell”."
    )
    assert not brief.title.startswith("No news")
    kept = said(brief.facts, DEFAULT.name)
    assert kept is not None
    assert {name: each.word for name, each in kept.items()} == {"private": CANT_TELL, "public": CANT_TELL}
    assert bullet(compose(evidence, DAY, DAY - timedelta(days=1), DAY, kept)) == ""


def test_without_what_it_said_the_verdict_of_its_day_stands_for_it(evidence: Evidence) -> None:
    assert "On public tests “wider” became “can't tell”." in bullet(
        compose(evidence, date(2026, 5, 22), date(2026, 3, 31), date(2026, 5, 22))
    )
    assert bullet(compose(evidence, DAY, THEN, DAY)) == ""


def test_a_brief_without_news_keeps_its_verdicts_too(evidence: Evidence) -> None:
    later = compose(evidence, date(2026, 11, 25), date(2026, 11, 18), date(2026, 11, 25))
    assert later.title.startswith("No news")
    assert {fact.key for fact in later.facts} >= {"verdict.private", "verdict.public"}
