"""What a brief says of worlds whose figures are known: what is new, how it stands, which way it may err."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.answer import Fact
from core.brief import Brief, compose, gather, month_before
from core.brief.brief import MOST_BULLETS, MOST_WORDS, fitting
from core.brief.bullets import Draft, drafts
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions.shared_facts import CATCH_UP, STANDING
from tests import toy
from tests.core.brief.conftest import BIASES, TODAY, Write, told
from tests.core.questions.worlds import race

LATE = date(2025, 12, 20)


def widening(closed: date) -> int:
    return 90 if closed < date(2024, 11, 1) else 260


def of(evidence: Evidence, published: date = LATE, since: date | None = None) -> Brief:
    return compose(gather(told(evidence), published, since, TODAY))


def text(brief: Brief) -> str:
    return "\n".join(f"{bullet.text} {bullet.remark or ''}".strip() for bullet in brief.bullets)


def bullet(brief: Brief, *words: str) -> str:
    [found] = [line for line in text(brief).splitlines() if all(word in line for word in words)]
    return found


# ---- what is new


def test_a_new_result_names_both_models_and_when(shipped: Write) -> None:
    brief = shipped(date(2025, 1, 31))
    assert brief.bullets[0].text == (
        "DeepSeek-R1 came out on 20 January 2025. It is the first open model to reach 90 % on MATH Level 5, a public"
        " test. The closed model o1 got there about 1.1 months earlier."
    )
    assert brief.bullets[0].remark == "In all, 13 such results came since 31 December 2024, 1.1 to 9.4 months behind."


def test_a_result_that_stands_alone_says_so(shipped: Write) -> None:
    brief = shipped(date(2025, 9, 29), date(2025, 9, 19))
    assert brief.bullets[0].remark == "It is the only such result since 19 September 2025."


def doubting(evidence: Evidence, *names: str) -> Evidence:
    """Return the evidence as if a third party alone called these models open, which the index does."""
    return replace(
        evidence,
        models=tuple(
            replace(model, openness_grade="third-party") if model.name in names else model for model in evidence.models
        ),
    )


def test_a_model_that_only_a_third_party_calls_open_is_doubted(evidence: Evidence) -> None:
    brief = compose(gather(doubting(evidence, "Kimi K3"), date(2026, 8, 22), date(2026, 7, 22), TODAY))
    assert brief.bullets[0].remark == (
        "Only a third party says that it is open. In all, 11 such results came since 22 July 2026, 3.1 to 13.7 months"
        " behind."
    )


def test_without_a_result_the_newest_closed_level_is_told(shipped: Write) -> None:
    assert shipped(date(2026, 5, 22)).bullets[0].text == (
        "Since 22 April 2026 no open model has matched a score that only closed ones had reached. GPT-5.5 Pro moved"
        " further: out on 23 April 2026, it is the first to reach 100 % on OTIS Mock AIME."
    )


def test_new_scores_alone_are_news(shipped: Write) -> None:
    brief = shipped(date(2026, 10, 15))
    assert "No model has reached a new level since 15 September 2026. But " in brief.bullets[0].text
    assert not brief.title.startswith("No news")


def test_nothing_new_is_said_in_one_bullet_and_the_brief_stops_at_five(shipped: Write) -> None:
    brief = shipped(TODAY)
    assert brief.title.startswith("No news: open models about 7.5 months behind")
    assert brief.bullets[0].text == (
        "Nothing new has come into our data since 25 October 2026: no model, no score. The newest complete data is of"
        " 28 September 2026, 58 days old: the figures below may be out of date."
    )
    assert len(brief.bullets) == 5
    assert brief.as_of == brief.newest_data == date(2026, 9, 28)


def test_a_model_goes_by_its_name_without_the_address_for_programs() -> None:
    world = race(100)
    models = tuple(replace(model, name=f"{model.name} ({model.name.lower()}-2025-08-07)") for model in world.models)
    assert "closed-Board-" in text(of(replace(world, models=models)))
    assert "2025-08-07" not in text(of(replace(world, models=models)))


def test_a_result_where_open_led_is_told_as_one() -> None:
    news = of(race(-60), published=date(2025, 10, 1), since=date(2025, 6, 1)).bullets[0]
    assert "got there about 2 months later." in news.text
    assert "months ahead" in (news.remark or "")


# ---- how it stands


def test_both_figures_are_given_apart_with_what_the_tests_are() -> None:
    brief = of(race(120, boards=6, private=3))
    assert re.fullmatch(r"Open models about [\d.]+ months behind on private tests, [\d.]+ on public", brief.title)
    assert bullet(brief, "whose questions are secret").startswith(
        "Open-weights models stand behind closed ones by about "
    )
    assert bullet(brief, "which developers can train towards").startswith("Open models stand behind by about ")


def test_a_lead_is_called_one_and_what_flatters_open_models_makes_it_look_larger() -> None:
    brief = of(race(-60), published=date(2025, 10, 1))
    assert brief.title == "No news: open models about 2 months ahead on public tests"
    public = bullet(brief, "Open models lead by about 2 months", "on public tests")
    assert public.endswith("Such training can make their lead look larger.")
    assert "push it up" not in text(brief)


def test_a_class_without_a_figure_says_why() -> None:
    brief = of(race(120, boards=6, private=2))
    assert "Private tests, whose questions are secret, give no figure as yet. So far: can't tell: " in text(brief)
    assert re.fullmatch(r"Open models about \d(\.\d)? months behind on public tests", brief.title)


def test_no_figure_no_brief() -> None:
    with pytest.raises(UsageError, match=r"too little data for a figure as of 17 December 2025; ask for the brief"):
        of(race(120, boards=2))


def test_a_change_beyond_doubt_is_called_wider(shipped: Write) -> None:
    assert "The gap is wider than in January 2025 by " in text(shipped(date(2026, 5, 22)))


def test_a_change_in_doubt_is_not_called_one(shipped: Write) -> None:
    assert ("Which way the gap went since January 2025, nobody can tell. The ranges: private likely ") in text(
        shipped(date(2026, 8, 22))
    )


def test_everything_matched_leaves_nothing_to_wait_for() -> None:
    brief = of(race(30, boards=4), published=date(2026, 3, 1))
    assert "Open models have matched every score that counts" in text(brief)


def test_what_waits_is_named_with_how_long_the_data_reaches() -> None:
    waiting = bullet(of(race(100, waiting=3)), "no open model tried there has matched that")
    assert waiting.startswith("closed-Board-")
    assert "Up to " in waiting


def test_what_to_watch_would_raise_catch_up_time(shipped: Write) -> None:
    assert bullet(shipped(TODAY), "To watch") == (
        "To watch: closed models reached 9 levels on private tests longer ago than catch-up took of late, still"
        " unmatched. A match would raise catch-up time."
    )


# ---- how old it is


def test_news_hides_no_data_that_is_older_than_a_month(shipped: Write) -> None:
    assert shipped(TODAY, date(2026, 1, 1)).bullets[1].text == (
        "The newest complete data is of 28 September 2026, 58 days old: the figures below may be out of date."
    )
    assert "days old" in text(shipped(date(2026, 10, 29)))
    assert "out of date" not in text(shipped(date(2026, 10, 28)))
    assert "out of date" not in text(shipped(date(2026, 8, 22)))


def test_a_figure_of_late_has_no_month(shipped: Write) -> None:
    brief = shipped(date(2026, 8, 22))
    assert brief.title == "Open models about 7 months behind on private tests, 6 on public"
    assert "Open models stand behind by about 6 months on public tests, which" in text(brief)


@pytest.mark.parametrize(
    ("measure", "remark"),
    [
        (CATCH_UP, "It can't be read for a later month: {ends.public.why}."),
        (STANDING, "None of these tests has a newer model."),
    ],
)
def test_a_figure_of_long_ago_says_why_and_blames_missing_models_only_where_they_are_why(
    measure: str, remark: str
) -> None:
    facts = {
        key: Fact(key, 5.1, "months", "public tests", "5.1 months", measure=measure)
        for key in ("gap.public", "about.public", "range.public", "title.public.month", "ends.public.why")
    }
    assert [draft.remark for draft in drafts(facts, is_news=False) if "{about.public}" in draft.text] == [remark]


# ---- what may be wrong


def test_tests_that_carry_little_are_not_named(shipped: Write) -> None:
    assert bullet(shipped(date(2026, 8, 22)), "AI labs may see") == (
        "ARC-AGI-2 and ARC-AGI carry 48 % of private catch-up time. AI labs may see the questions during tests."
        " FrontierMath v2 and FrontierMath Tier 4 v2 carry 21 % of private catch-up time. OpenAI funded it and has seen"
        " questions from it."
        " Both can make the gap look larger."
    )
    both = bullet(shipped(date(2026, 5, 22)), "AI labs may see")
    assert "FrontierMath carries 35 % of private catch-up time. OpenAI funded it" in both
    assert both.endswith("Both can make the gap look larger.")


@pytest.mark.parametrize(
    ("without", "begin"), [(7.0, "No single test, model or"), (8.6, "Nothing moves these figures more")]
)
def test_what_moves_little_is_not_called_decisive(without: float, begin: str) -> None:
    facts = {
        "index.private": Fact("index.private", 7.5, "months", "private tests", "7.5 months"),
        "leans.without": Fact("leans.without", without, "months", "without it", f"{without} months", access="private"),
    }
    assert any(draft.text.startswith(begin) for draft in drafts(facts, is_news=False))


def test_what_would_turn_the_direction_is_told_with_it(shipped: Write) -> None:
    found = text(shipped(date(2026, 8, 31)))
    assert "Nothing moves these figures more than ARC-AGI and ARC-AGI-2. Without them the gap on private" in found
    assert "and wider than in January 2025 by" in found


@pytest.mark.parametrize(("effect", "other"), [("smaller", "larger"), ("larger", "smaller")])
def test_a_caveat_points_where_the_data_says(effect: str, other: str) -> None:
    biases = tuple(replace(bias, effect=effect) for bias in BIASES)
    brief = compose(gather(replace(told(race(120, boards=6, private=3)), biases=biases), LATE, None, TODAY))
    assert f"Such training can make the gap look {effect}." in text(brief)
    assert f"look {other}" not in text(brief)


def test_shipped_caveats_keep_their_direction(shipped: Write) -> None:
    for published in (date(2025, 1, 31), date(2026, 5, 22), date(2026, 8, 22)):
        found = text(shipped(published))
        assert "Such training can make the gap look smaller." in found
        assert "can make the gap look larger." in found


def test_without_caveats_none_is_made_up() -> None:
    assert "look" not in text(compose(gather(race(120, boards=6, private=3), LATE, None, TODAY)))


# ---- its frame


def test_a_brief_of_an_earlier_day_says_that_it_uses_todays_data(shipped: Write) -> None:
    foot = shipped(date(2026, 5, 22)).foot
    assert foot.endswith(
        "Written on 25 November 2026 with today's data: it uses scores that were not known on 22 May 2026."
    )
    assert "Written on" not in shipped(TODAY).foot


def test_earlier_briefs_are_named_with_the_titles_that_they_have(shipped: Write) -> None:
    brief = shipped(TODAY)
    assert [each.published for each in brief.more] == [date(2026, 9, 28), date(2026, 8, 22), date(2026, 7, 1)]
    for each in brief.more:
        assert each.title == shipped(each.published).title
        assert each.url == ""


def test_the_json_contract(shipped: Write) -> None:
    found = shipped(date(2026, 5, 22)).to_json()
    assert list(found) == [
        "title", "category", "published", "source", "reading_minutes", "bullets", "terms", "read_more", "more", "as_of",
        "newest_data", "foot", "facts", "written_by",
    ]  # fmt: skip
    assert {tuple(each) for each in found["bullets"]} == {("text", "remark")}
    assert {tuple(each) for each in found["terms"]} == {("term", "definition")}
    assert {tuple(each) for each in found["more"]} == {("title", "url")}
    assert {tuple(each)[:5] for each in found["facts"]} == {("key", "value", "unit", "subject", "shown")}
    assert tuple(found["read_more"]) == ("label", "url")
    assert (found["published"], found["as_of"], found["newest_data"]) == ("2026-05-22", "2026-05-22", "2026-09-28")
    assert (found["category"], found["source"], found["written_by"]) == ("Research", "gapbrief", "template")


@pytest.mark.parametrize("since", [LATE, LATE + timedelta(days=1)])
def test_the_last_brief_came_before(since: date) -> None:
    with pytest.raises(UsageError, match="is not before the brief's day, 2025-12-20; give an earlier one"):
        of(race(100), since=since)


def test_a_day_before_all_data_is_refused() -> None:
    with pytest.raises(UsageError, match="The data begins with models of"):
        of(race(100), published=date.min)


@pytest.mark.parametrize(
    ("published", "before"),
    [
        (date(2026, 11, 25), date(2026, 10, 25)),
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2024, 3, 30), date(2024, 2, 29)),
        (date(2026, 1, 1), date(2025, 12, 1)),
        (date.min, date.min),
    ],
)
def test_a_month_before_is_the_same_day_or_the_months_last(published: date, before: date) -> None:
    assert month_before(published) == before


# ---- its length

FACTS = (Fact("long", None, "", "words", "word " * 100), Fact("short", None, "", "words", "word"))


def test_what_has_the_least_weight_is_taken_first_and_the_order_stays() -> None:
    drafted = [Draft("a {long}", 3), Draft("b {long}", 1, "c {short}", 4), Draft("d {long}", 2, "e {short}", 5)]
    chosen = fitting(drafted, FACTS)
    assert [(each.text, each.remark) for each in chosen] == [("b {long}", "c {short}"), ("d {long}", "e {short}")]
    assert sum(len(each.text.replace("{long}", "word " * 100).split()) for each in chosen) <= MOST_WORDS


def test_a_remark_never_stands_without_its_bullet() -> None:
    assert fitting([Draft("{long} {long} {long}", 1, "{short}", 2)], FACTS) == []


def test_bullets_are_eight_at_most() -> None:
    assert len(fitting([Draft(f"{{short}} {letter}", 1) for letter in "abcdefghij"], FACTS)) == MOST_BULLETS


def test_a_bullet_without_its_fact_is_no_bullet() -> None:
    with pytest.raises(KeyError):
        fitting([Draft("{nothing}", 1)], FACTS)


# ---- its figures


def test_a_test_with_five_open_models_is_needed_so_a_small_world_has_no_brief() -> None:
    rows: dict[str, Sequence[toy.Row]] = {"A": [("c", "2024-01-01", "closed", 50), ("o", "2024-06-01", "open", 50)]}
    with pytest.raises(UsageError, match="too little data"):
        of(toy.evidence(rows), published=date(2024, 7, 1))
