"""A verdict on the direction that is another than the last brief's is a fact of its own, whatever changed it."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer import Fact
from core.brief import Brief, compose, gather
from core.brief.milestones import Told, milestones
from core.brief.verdicts import CANT_TELL, Turn, Verdict, held, said, turns, verdict_facts, with_causes
from core.evidence.evidence import Evidence
from core.gap.parameters import DEFAULT
from core.words import CLASSES

DAY, THEN = date(2026, 9, 28), date(2026, 8, 22)
WORDS = st.sampled_from([CANT_TELL, "wider", "narrower", "worse for open models"])
MONTHS = st.tuples(st.floats(-20, 20), st.floats(-20, 20)).map(sorted)
VERDICT = st.builds(lambda word, day, ends: Verdict(word, day, *ends), WORDS, st.dates(), MONTHS)
VERDICTS = st.dictionaries(st.sampled_from(CLASSES), VERDICT)
WIDER = Verdict("wider", THEN, 1.0, 8.0)
METHOD = Fact("method", DEFAULT.name, "", "method", DEFAULT.name)


def bullet(brief: Brief) -> str:
    """The bullet on verdicts that changed."""
    return next((each.text for each in brief.bullets if re.search(r"now nobody can tell|is now wider", each.text)), "")


@given(VERDICTS)
def test_what_a_brief_said_is_read_from_its_facts(told: dict[str, Verdict]) -> None:
    facts = [*verdict_facts(told, {}, ()), METHOD]
    assert (said(facts, DEFAULT.name) or {}) == told
    assert said(facts, "clustered-2") is None
    assert said(facts[:-1], DEFAULT.name) is None
    assert said(facts, DEFAULT.name, "verdict.before") is None


@given(VERDICTS, VERDICTS)
def test_only_another_word_is_a_change_and_the_earlier_one_is_kept_with_its_day(
    before: dict[str, Verdict], now: dict[str, Verdict]
) -> None:
    found = turns(before, now)
    both = before.keys() & now.keys()
    assert {each.access for each in found} == {name for name in both if before[name].word != now[name].word}
    facts = [*verdict_facts(now, before, found), METHOD]
    assert (said(facts, DEFAULT.name, "verdict.before") or {}) == {name: before[name] for name in both}


@given(VERDICTS, VERDICTS)
def test_what_was_told_holds_while_newer_data_tell_nothing_and_the_figure_is_in_the_range_it_was_told_with(
    before: dict[str, Verdict], now: dict[str, Verdict]
) -> None:
    kept = held(before, now)
    assert kept.keys() == now.keys()
    for name, verdict in now.items():
        if name not in before or verdict.word != CANT_TELL or before[name].word == CANT_TELL:
            assert kept[name] == verdict
    assert held(kept, now) == kept


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (Verdict(CANT_TELL, DAY, 0.6, 7.1), "wider"),
        (Verdict(CANT_TELL, DAY, -3.0, 11.0), "wider"),
        (Verdict(CANT_TELL, DAY, -3.0, 3.0), CANT_TELL),
        (Verdict("narrower", DAY, -8.0, -1.0), "narrower"),
    ],
)
def test_a_verdict_is_news_where_another_is_told_or_the_figure_left_the_range_of_the_last(
    now: Verdict, word: str
) -> None:
    kept = held({"public": WIDER}, {"public": now})
    assert kept["public"].word == word
    assert [each.now.word for each in turns({"public": WIDER}, kept)] == [word] * (word != "wider")


def test_a_direction_that_is_sometimes_just_told_and_sometimes_just_not_is_news_once() -> None:
    weeks = [(0.9, 7.9, "wider"), (0.6, 7.1, CANT_TELL), (0.8, 7.2, CANT_TELL), (1.1, 6.9, "wider")] * 4
    last, told = {"public": Verdict(CANT_TELL, THEN, 0.4, 7.5)}, []
    for number, (low, high, word) in enumerate(weeks):
        now = held(last, {"public": Verdict(word, THEN + timedelta(weeks=number), low, high)})
        told += turns(last, now)
        last = now
    assert [each.now.word for each in told] == ["wider"]


def test_a_verdict_of_an_earlier_release_without_its_range_gives_way_to_another() -> None:
    now = {"public": Verdict(CANT_TELL, DAY, 0.6, 7.1)}
    assert held({"public": Verdict("wider", THEN)}, now) == now


def test_a_brief_is_held_against_what_the_last_one_said_though_no_day_went_by(evidence: Evidence) -> None:
    last = {"private": Verdict("wider", DAY, 8.0, 20.0), "public": Verdict(CANT_TELL, DAY, -1.0, 1.0)}
    brief = compose(gather(evidence, DAY, DAY - timedelta(days=1), DAY, last))
    assert bullet(brief) == (
        "On 28 September 2026 the private gap read wider than in January 2025; now nobody can tell. By what is now"
        " known of who is open, that was so then already, on private tests."
    )
    assert brief.title == "The verdict on the private gap changed with corrected data"
    kept = said(brief.facts, DEFAULT.name)
    assert kept is not None
    assert {name: each.word for name, each in kept.items()} == {"private": CANT_TELL, "public": CANT_TELL}
    assert bullet(compose(gather(evidence, DAY, DAY - timedelta(days=1), DAY, kept))) == ""


def test_what_a_correction_of_who_is_open_turned_is_said_to_be_so_and_is_no_milestone(evidence: Evidence) -> None:
    """By the scores of 22 August and what is known now nothing could be told then: no score turned the verdict."""
    last = {"private": Verdict("wider", THEN, 8.0, 20.0), "public": Verdict(CANT_TELL, THEN, -1.0, 1.0)}
    brief = compose(gather(evidence, DAY, THEN, DAY, last))
    assert bullet(brief).endswith(
        "now nobody can tell. By what is now known of who is open, that was so then already, on private tests."
    )
    assert brief.title == "GPT-6 Astra sets new records on two private tests"
    found, seen = milestones(evidence, DAY, Told(verdicts=last))
    assert not any(isinstance(each, Turn) for each in found)
    assert seen.verdicts["private"].word == CANT_TELL


@pytest.mark.parametrize(("then", "corrected"), [(CANT_TELL, True), ("wider", False)])
def test_a_verdict_is_corrected_where_the_scores_of_then_tell_it_too(then: str, corrected: bool) -> None:
    found = turns({"public": Verdict("wider", THEN)}, {"public": Verdict(CANT_TELL, DAY)})
    asked: list[date] = []

    def measured(day: date) -> dict[str, Verdict]:
        asked.append(day)
        return {"public": Verdict(then, day)}

    assert [each.is_corrected for each in with_causes(found, measured)] == [corrected]
    assert asked == [THEN]
    assert with_causes((), pytest.fail) == ()


def test_what_holds_is_said_with_its_day_and_the_range_of_today_and_is_no_news(evidence: Evidence) -> None:
    last = {"public": Verdict("wider", THEN, -20.0, 20.0)}
    brief = compose(gather(evidence, DAY, THEN, DAY, last))
    assert bullet(brief) == ""
    assert (
        "On 22 August 2026 the gap on public tests read wider than in January 2025; nothing since says otherwise."
        " Whether it has grown since January 2025 on private tests, nobody can tell."
    ) in [each.text for each in brief.bullets]
    assert (said(brief.facts, DEFAULT.name) or {})["public"] == last["public"]
    assert (said(brief.facts, DEFAULT.name, "verdict.before") or {}) == last


def test_what_holds_of_both_classes_alike_is_one_sentence(evidence: Evidence) -> None:
    last = dict.fromkeys(CLASSES, Verdict("wider", THEN, -20.0, 20.0))
    brief = compose(gather(evidence, DAY, THEN, DAY, last))
    assert (
        "On 22 August 2026 the gap on both kinds of tests read wider than in January 2025; nothing since says"
        " otherwise."
    ) in [each.text for each in brief.bullets]


def test_without_what_it_said_the_verdict_of_its_day_stands_for_it(evidence: Evidence) -> None:
    assert "the public gap read wider than in January 2025; now nobody can tell." in bullet(
        compose(gather(evidence, date(2026, 5, 22), date(2026, 3, 31), date(2026, 5, 22)))
    )
    assert bullet(compose(gather(evidence, DAY, THEN, DAY))) == ""


def test_a_brief_without_news_keeps_its_verdicts_too(evidence: Evidence) -> None:
    later = compose(gather(evidence, date(2026, 11, 25), date(2026, 11, 18), date(2026, 11, 25)))
    assert later.title.startswith("A quiet week")
    assert {fact.key for fact in later.facts} >= {"verdict.private", "verdict.public"}
