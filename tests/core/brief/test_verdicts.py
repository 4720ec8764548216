"""A verdict on the direction is read off one path; what changed since the last brief is news, or a correction."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer import Fact
from core.brief import Brief, compose, gather
from core.brief.milestones import Told, brief_of, find_milestones
from core.brief.verdicts import NOTHING_STATED, Turn, Verdict, find_turn, verdict_before, verdict_facts, verdict_of
from core.evidence.evidence import Evidence
from core.gap.direction import NOTHING
from core.gap.parameters import DEFAULT
from core.questions import GapQuestion
from core.questions.changes import ChangesQuestion
from tests.directions import JULY, JUNE, walk

EARLIER, NOW = date(2026, 8, 22), date(2026, 9, 28)
METHOD = Fact("method", DEFAULT.name, "", "method", DEFAULT.name)
STATES = st.sampled_from([1, 0, -1])
Walk = Callable[[int, int, int], None]


@pytest.fixture
def let_path_be(monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Let the path of the shipped data be another one."""

    def of(*states: int) -> None:
        monkeypatch.setattr("core.gap.analysis.find_direction", lambda *_: walk(*states))

    return of


def write(evidence: Evidence, stated: Verdict | None = None, since: date = EARLIER) -> Brief:
    return compose(gather(evidence, NOW, since, NOW, stated))


def turns(milestones: Iterable[object]) -> list[Turn]:
    return [milestone for milestone in milestones if isinstance(milestone, Turn)]


def says(brief: Brief) -> str:
    return "\n".join((brief.title, *(bullet.text for bullet in brief.bullets)))


# ---- the states of two days


@pytest.mark.parametrize(
    ("day", "state"), [(date(2026, 6, 29), 0), (JUNE, 1), (date(2026, 7, 30), 1), (JULY, 0), (NOW, -1)]
)
def test_the_state_of_a_day_is_that_after_the_last_month_end(day: date, state: int) -> None:
    assert walk(1, 0, -1).path.state_on(day.toordinal()) == state


def test_the_verdict_of_another_method_is_neither_news_nor_corrected() -> None:
    assert find_turn(walk(0, 0, 1), EARLIER, NOTHING_STATED) is None
    assert find_turn(walk(0, 0, 0), EARLIER, NOTHING_STATED) is None


def test_without_a_path_there_is_nothing_to_compare() -> None:
    assert find_turn(NOTHING, EARLIER, Verdict(1, EARLIER)) is None


@given(STATES, STATES, STATES, st.none() | STATES)
def test_a_turn_is_the_difference_of_the_path_and_of_what_was_stated(
    june: int, july: int, august: int, stated: int | None
) -> None:
    """What readers were told already is no news though its day moved; what revised data change is a correction."""
    since, verdict = (EARLIER, None) if stated is None else (date.min, Verdict(stated, EARLIER))
    turn = find_turn(walk(june, july, august), since, verdict)
    is_news = august not in (july, stated)
    is_corrected = stated is not None and stated != july
    assert turn == (Turn(EARLIER, july, august, stated) if is_news or is_corrected else None)
    assert turn is None or (turn.is_news, turn.is_corrected) == (is_news, is_corrected)


# ---- what a brief keeps


@given(STATES, st.none() | STATES, st.dates())
def test_what_a_brief_stated_is_read_from_its_facts(state: int, before: int | None, day: date) -> None:
    facts = [*verdict_facts(walk(0, 0, state), day, Verdict(before, EARLIER), None, "January 2025"), METHOD]
    assert verdict_of(facts, DEFAULT.name) == Verdict(state, day)
    assert verdict_before(facts) == Verdict(before, EARLIER)
    assert verdict_of(facts, "index-1") == verdict_of(facts[:-1], DEFAULT.name) == NOTHING_STATED


def test_before_the_first_brief_nothing_was_stated() -> None:
    assert verdict_of((), DEFAULT.name) is None
    assert verdict_before([METHOD]) is None


def test_every_brief_keeps_its_verdict_with_the_day_of_its_data(evidence: Evidence) -> None:
    for published in (date(2025, 9, 30), NOW, date(2026, 11, 25)):
        brief = compose(gather(evidence, published, None, published))
        stated = verdict_of(brief.facts, DEFAULT.name)
        assert stated == Verdict(0, min(published, evidence.newest_data))


# ---- what a brief says of it


def test_a_state_that_is_entered_is_the_title_with_its_range(evidence: Evidence, let_path_be: Walk) -> None:
    let_path_be(0, 0, 1)
    brief = write(evidence)
    assert brief.title == "Open models slip: the gap is wider than in January 2025"
    assert brief.bullets[0].text == (
        "Across all tests the gap is about 3 months wider than in January 2025 (likely 1 to 6)."
    )
    assert brief.deck.startswith("On 22 August the data could not say so. Open models are those that anyone can ")
    assert (
        "In plain terms: on private tests, whose questions are secret, open models now do what closed ones did around "
    ) in says(brief)
    assert "Is the gap growing?" not in says(brief)


def test_a_state_that_is_left_is_told_as_no_longer_so(evidence: Evidence, let_path_be: Walk) -> None:
    let_path_be(1, 1, 0)
    brief = write(evidence)
    assert brief.title == "It is no longer clear that the gap is wider than in January 2025"
    assert brief.bullets[0].text == (
        "On 22 August the gap was wider than in January 2025. Now it is too close to call."
    )
    assert "Is the gap growing? The data can't say" in says(brief)


def test_a_state_that_goes_on_is_no_title_and_answers_whether_the_gap_grows(
    evidence: Evidence, let_path_be: Walk
) -> None:
    let_path_be(1, 1, 1)
    assert write(evidence).title == "GPT-6 Astra takes two records that no open model has matched"
    assert (
        "Is the gap growing? Yes: across all tests it is about 3 months wider than in January 2025 (likely 1 to 6)."
    ) in says(write(evidence))


def test_probably_is_a_word_of_an_answer_and_never_of_a_title_or_a_state(evidence: Evidence) -> None:
    brief = write(evidence)
    assert "Is the gap growing? Probably: across all tests it is " in says(brief)
    assert "robably" not in brief.title
    assert [fact.value for fact in brief.facts if fact.key.startswith("verdict")] == ["can't say"]


def test_a_correction_says_what_was_stated_and_leaves_the_title_to_what_is_new(
    evidence: Evidence, let_path_be: Walk
) -> None:
    let_path_be(0, 0, 0)
    brief = write(evidence, Verdict(1, EARLIER))
    assert brief.title == "GPT-6 Astra takes two records that no open model has matched"
    correction = "A correction: on 22 August we called the gap {}. By corrected data it was {}."
    assert correction.format("wider than in January 2025", "too close to call") in says(brief)
    let_path_be(0, 1, 1)
    brief = write(evidence, Verdict(0, EARLIER))
    assert correction.format("too close to call", "wider than in January 2025") in says(brief)


def test_a_correction_leads_where_nothing_else_is_new(evidence: Evidence, let_path_be: Walk) -> None:
    late, stated = date(2026, 11, 25), NOW
    for states, word, title in (
        ((0, 0, 0), 1, "A correction: the gap was too close to call on 28 September"),
        ((0, 0, 1), 0, "A correction: the gap was wider than in January 2025 on 28 September"),
    ):
        let_path_be(*states)
        brief = compose(gather(evidence, late, stated, late, Verdict(word, stated)))
        assert brief.title == title
        assert brief.bullets[0].text.startswith("A correction: on 28 September we ")


def test_after_an_upgrade_nothing_is_told_of_verdicts(evidence: Evidence, let_path_be: Walk) -> None:
    let_path_be(0, 0, 1)
    assert write(evidence, NOTHING_STATED).title == "GPT-6 Astra takes two records that no open model has matched"
    milestones, state = find_milestones(evidence, NOW, Told())
    assert not turns(milestones)
    assert state.verdict == Verdict(1, NOW)


def test_a_milestone_of_a_state_is_told_once(evidence: Evidence, let_path_be: Walk) -> None:
    let_path_be(0, 0, 1)
    [turn, *_], state = find_milestones(evidence, NOW, Told(verdict=Verdict(0, EARLIER)))
    assert turn == Turn(EARLIER, 0, 1, 0)
    assert brief_of(evidence, NOW, turn).title == "Open models slip: the gap is wider than in January 2025"
    again, _ = find_milestones(evidence, NOW + timedelta(days=1), state)
    assert not turns(again)


def test_what_revised_data_change_is_no_milestone(evidence: Evidence, let_path_be: Walk) -> None:
    let_path_be(0, 0, 0)
    milestones, state = find_milestones(evidence, NOW, Told(verdict=Verdict(1, EARLIER)))
    assert not turns(milestones)
    assert state.verdict == Verdict(0, NOW)


# ---- no two faces disagree

WEEKS = [date(2025, 1, 5) + timedelta(weeks=week) for week in range(95)]
"""Each Sunday from January 2025 to October 2026."""


@pytest.mark.slow
def test_no_two_faces_disagree_on_the_verdict_of_a_day_and_a_state_stands_to_the_next_month_end(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is the shipped data enter no state; with lower bounds they enter one, and leave it."""

    def state_at(week: date) -> int:
        at = min(week, evidence.newest_data)
        return GapQuestion(as_of=at, method=DEFAULT.name).analysis(evidence).direction.state

    assert {state_at(week) for week in WEEKS} == {0}
    monkeypatch.setattr("core.gap.direction.ENTERS", 1.3)
    monkeypatch.setattr("core.gap.direction.LEAVES", 1.2)
    evidence = replace(evidence)  # what was measured is kept with it
    names = {1: "wider", -1: "narrower", 0: None}
    states: dict[str, int] = {}
    before, record = None, Told()
    for week in WEEKS:
        at = min(week, evidence.newest_data)
        state = state_at(week)
        brief = compose(gather(evidence, week, None, week, before))
        stated = verdict_of(brief.facts, DEFAULT.name)
        assert stated == Verdict(state, at)
        milestones, record = find_milestones(evidence, week, record)
        assert record.verdict == stated
        is_turn = before is not None and before.state != state
        assert bool(turns(milestones)) == ("wider than in" in brief.title) == is_turn
        if before is not None and before.day < at:
            both = ChangesQuestion(before.day, at, evidence.known_by).answer(evidence).data["direction"]
            assert (both["since"], both["until"]) == (names[before.state or 0], names[state])
        before = stated
        last_end = (at + timedelta(days=1)).replace(day=1).isoformat()
        assert states.setdefault(last_end, state) == state
    assert set(states.values()) == {0, 1}
