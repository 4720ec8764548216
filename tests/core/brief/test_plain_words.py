"""What a reader could take wrongly: whose record it is, which model is meant, what was known, how exact a figure is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.brief import WRITTEN_LATER, Brief, compose, gather
from core.brief.facts import _write_lengths
from core.brief.milestones import Told, find_milestones
from core.brief.news import glance, news_groups
from core.brief.verdicts import Turn
from core.evidence.evidence import Evidence
from core.gap.crossings import Unmatched
from tests.core.brief.conftest import TODAY, Write
from tests.core.brief.test_every_brief import BEFORE, many

MARCH = date(2026, 3, 31)


def bullet(brief: Brief, start: str) -> str:
    return next(bullet.text for bullet in brief.bullets if bullet.text.startswith(start))


# ---- what is a record


def test_what_a_model_of_the_same_day_beat_is_no_record(evidence: Evidence, shipped: Write) -> None:
    news = glance(evidence, MARCH, date(2026, 2, 28)).news
    frontiermath = {level.closed.called: level.threshold for level in news.raised if level.board.name == "FrontierMath"}
    assert frontiermath == {"GPT-5.4": 45.0, "GPT-5.4 Pro": 50.0}
    assert "GPT-5.4" not in {group.model.called for group in news_groups(news)}
    assert not any("OpenAI's GPT-5.4," in bullet.text for bullet in shipped(MARCH).bullets)
    milestones, _ = find_milestones(evidence, MARCH, Told({("", "", ""): 0.0}))
    reached = [milestone.reached for milestone in milestones if not isinstance(milestone, Turn)]
    assert "GPT-5.4" not in {level.closed.called for level in reached if isinstance(level, Unmatched)}


def test_a_brief_of_records_says_that_steps_count(shipped: Write) -> None:
    [term] = [term for term in shipped(date(2026, 8, 22)).terms if term.term == "Record"]
    assert "every five points" in term.definition
    assert "Record" not in {term.term for term in shipped(TODAY).terms}


# ---- which model


def test_two_models_of_one_name_are_told_apart(shipped: Write) -> None:
    brief = shipped(date(2023, 8, 1))
    assert "OpenAI's GPT-3.5 of November 2022, a closed model, got there about 8 months" in brief.bullets[1].text
    assert "GPT-3.5 reached 70 % in March 2022." in bullet(brief, "To watch: ")


@many
@given(st.dates(date(2023, 8, 1), date(2026, 8, 31)), BEFORE)
def test_no_two_models_of_a_brief_go_by_one_name(evidence: Evidence, published: date, days: int) -> None:
    facts = compose(gather(evidence, published, published - timedelta(days=days), TODAY)).facts
    named = [fact for fact in facts if fact.model and fact.kind == "name" and fact.key not in ("watch", "last")]
    assert len({fact.shown for fact in named}) == len({fact.value for fact in named}), [fact.shown for fact in named]


# ---- what was known


def test_a_brief_says_whether_it_was_written_later_or_from_what_was_known_then(evidence: Evidence) -> None:
    day = date(2026, 8, 22)
    then, later = (
        compose(gather(known, day, None, today))
        for known, today in ((evidence.as_known_by(day), day), (evidence, TODAY))
    )
    assert " as known on 22 August, " in then.foot
    assert then.category == "Research"
    assert later.foot.endswith(" Written later, on 25 November 2026, with scores not known on 22 August.")
    assert later.category == WRITTEN_LATER


# ---- how exact


@pytest.mark.parametrize(
    ("lengths", "texts"),
    [
        ((1.2, 5.9), ["1.2 months", "5.9 months"]),
        ((3.1, 7.5), ["3.1 months", "7.5 months"]),
        ((2.2, 5.9), ["2 months", "6 months"]),
    ],
)
def test_two_lengths_in_a_sentence_are_equally_exact(lengths: tuple[float, float], texts: list[str]) -> None:
    assert _write_lengths(*lengths) == texts


def test_no_share_is_called_0_per_cent(evidence: Evidence) -> None:
    matches = bullet(compose(gather(evidence, date(2023, 8, 1), None, TODAY)), "In plain terms: ")
    assert "open models match none of the closed scores on public tests within six months" in matches
