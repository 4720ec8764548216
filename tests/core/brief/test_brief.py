"""What a brief says of worlds whose figures are known: what is new, how it stands, which way it may err."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from core.answer import Fact
from core.brief import Brief, bullets, compose, gather, month_before
from core.brief.brief import MOST_BULLETS, MOST_WORDS, fit_bullets
from core.brief.bullets import Draft, draft_deck, draft_titles
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions.shared_facts import CATCH_UP
from core.text import slots
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


def test_news_is_grouped_by_model_and_led_by_the_one_of_most_tests(shipped: Write) -> None:
    brief = shipped(date(2025, 1, 31))
    assert brief.title == "DeepSeek-R1 sets open records on three private and three public tests"
    assert brief.bullets[0].text == (
        "DeepSeek-R1 (DeepSeek, China) came out on 20 January 2025. It set open records on three private and three"
        " public tests. On WeirdML, a private test of unusual machine-learning tasks, it reached 35 %. The closed model"
        " o1-preview (OpenAI, United States) got there about 4 months earlier."
    )
    assert brief.bullets[0].remark == (
        "Across the 13 results since 31 December 2024, the typical catch-up took about 4 months, from 1.1 to 9. Other"
        " open models set records too: DeepSeek-R1-Distill-Llama-70B (DeepSeek, China) on OTIS Mock AIME and"
        " DeepSeek-R1-Distill-Qwen-14B (DeepSeek, China) on MATH Level 5. Closed models moved on too: o3-mini (OpenAI,"
        " United States) on two public tests."
    )


def test_a_result_that_stands_alone_is_the_title_with_both_models_and_the_lag(shipped: Write) -> None:
    brief = shipped(date(2025, 9, 29), date(2025, 9, 19))
    assert brief.title == "DeepSeek-V3.2-Exp matches o1 at 85 % on MMLU-Pro, about 9 months later"
    assert "the first open model to reach 85 % on MMLU-Pro, a public test of harder exam" in brief.bullets[0].text
    assert brief.bullets[0].remark is None


def test_the_deck_says_how_things_stand_with_both_ranges_and_up_to_which_month(shipped: Write) -> None:
    assert shipped(date(2026, 8, 22)).deck == (
        "Open models stand 7.4 months behind on private tests (likely 5 to 10) and 5.7 months behind on public ones"
        " (likely 3 to 8), on average over six months to August 2026."
    )


def test_figures_of_different_months_have_each_its_own() -> None:
    facts = {
        f"{key}.{name}": Fact(f"{key}.{name}", 5.0, "months", "", shown, measure=CATCH_UP)
        for name, shown in (("private", "May 2026"), ("public", "April 2026"))
        for key in ("deck", "range", "month")
    }
    assert draft_deck(facts) == (
        "By catch-up time open models are {deck.private} on private tests ({range.private}, to {month.private}) and"
        " {deck.public} on public ones ({range.public}, to {month.public})."
    )


def test_a_figure_of_few_live_tests_is_about_so_many_months_without_a_decimal(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.gap.index_figure.FEWEST_LIVE", 4)
    brief = compose(gather(replace(evidence), date(2026, 8, 22), None, TODAY))
    assert "7.4 months behind on private tests (likely 5 to 10) and about 6 months behind on public ones" in brief.deck
    assert "On public tests they stand about 6 months behind, likely 3 to 8;" in text(brief)


def test_what_others_published_since_is_one_line(shipped: Write) -> None:
    assert bullet(shipped(date(2026, 5, 29), date(2026, 5, 22)), "another view").endswith(
        "Epoch AI published another view on 29 May 2026. It measures the gap on Epoch's capabilities index. It says 4"
        " months, or 6 by a stricter match."
    )
    assert "another view" not in text(shipped(TODAY))


def test_what_is_matched_in_time_is_told_of_private_and_public_tests_apart(shipped: Write) -> None:
    assert bullet(shipped(TODAY), "of closed scores within six months") == (
        "On private tests open models match 18 % of closed scores within six months and 92 % within a year. On public"
        " tests it is 63 % and 86 %. Still unmatched: 22 private scores and 2 public scores."
    )


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
        "That it is open rests on one outside list. Across the 11 results since 22 July 2026, the typical catch-up took"
        " about 7.5 months, from 3 to 14. Closed models moved on too: Claude Opus 5 (Anthropic, United States) on"
        " ARC-AGI-2."
    )


def test_without_a_result_the_closed_model_of_most_tests_is_told_and_how_near_the_best_open_one_is(
    evidence: Evidence,
) -> None:
    brief = compose(gather(evidence, date(2026, 5, 22), None, TODAY))
    assert brief.title == "GPT-5.5 sets new records on two private tests"
    assert brief.bullets[0].text == (
        "GPT-5.5 (OpenAI, United States) came out on 23 April 2026. It set records on two private tests that no open"
        " model has matched. On ARC-AGI-2, a private test of harder hidden grid puzzles, it reached 85 %. Kimi K2.5"
        " (Moonshot, China) has 11.8 %, the best open score there."
    )
    assert brief.bullets[0].remark == (
        "No open model set one since 22 April 2026. Closed models moved on too: GPT-5.5 Pro (OpenAI, United States) on"
        " OTIS Mock AIME."
    )


def test_new_scores_alone_are_no_news(shipped: Write) -> None:
    brief = shipped(date(2026, 6, 1))
    assert brief.title == "A quiet month: 110 new scores, no open record since April 2026"
    assert "No model has set a record since 1 May 2026. " in brief.bullets[0].text
    assert "came into the data" in brief.bullets[0].text


# ---- silence is not quiet


def days(since: date, newest: date, *more: str) -> dict[str, Fact]:
    """State the days of a brief of 25 November 2026 whose data are complete to a day, and more facts."""
    known = {"published": TODAY, "since": since, "newest.day": newest}
    facts = {key: Fact(key, None, "date", "", str(at), day=at.isoformat()) for key, at in known.items()}
    return facts | {key: Fact(key, None, "", "", key) for key in more}


@pytest.mark.parametrize(("passed", "period"), [(1, "day"), (7, "week"), (31, "month"), (50, "time")])
def test_a_quiet_time_is_called_by_its_length(passed: int, period: str) -> None:
    [title, *_] = draft_titles(days(TODAY - timedelta(passed), TODAY, "last.day"))
    assert title == f"A quiet {period}: no open record since {{last.open}} in {{last.month}}"


@pytest.mark.parametrize(
    ("since", "more", "title"),
    [
        (date(2026, 10, 25), (), "No new data since {newest.day}"),
        (date(2026, 9, 28), ("last.day",), "No new data since {newest.day}"),
        (date(2026, 9, 15), ("last.day",), "No open record from {since} to {newest.day}"),
        (date(2026, 9, 15), ("scores", "last.day"), "{scores}, no open record among them"),
    ],
)
def test_past_the_last_day_of_data_nothing_is_said_to_be_absent(since: date, more: tuple[str, ...], title: str) -> None:
    assert draft_titles(days(since, date(2026, 9, 28), *more)) == [title]


def test_scores_that_came_are_told_without_a_word_on_days_without_data(shipped: Write) -> None:
    brief = shipped(date(2026, 10, 15))
    assert brief.title == "121 new scores, no open record among them"
    assert brief.bullets[0].text.startswith("From 15 September 2026 to 28 September 2026 no model set a record. ")


def test_without_new_data_that_is_said_with_what_a_reader_can_read_instead(shipped: Write) -> None:
    brief = shipped(TODAY)
    assert brief.title == "No new data since 28 September 2026"
    assert brief.bullets[0].text == (
        "No new data since 28 September 2026: the figures below are 58 days old. The brief of that day has the last"
        " news. The last open record was of Kimi K3 (Moonshot, China), out on 27 July 2026. It reached 80 % on WeirdML,"
        " a private test of unusual machine-learning tasks."
    )
    assert not re.search(r"quiet|no open record|No model|no model", f"{brief.title} {text(brief)}")
    assert len(brief.bullets) == 5
    assert brief.as_of == brief.newest_data == date(2026, 9, 28)


def test_material_of_days_without_data_is_silent(evidence: Evidence) -> None:
    for published, is_silent in ((TODAY, True), (date(2026, 10, 15), False), (date(2026, 9, 28), False)):
        assert gather(evidence, published, None, TODAY).is_silent == is_silent


def test_that_no_open_model_set_a_record_is_said_of_days_with_data_alone(evidence: Evidence) -> None:
    known = replace(evidence, board_days=np.full(len(evidence.boards), date(2026, 5, 10).toordinal()))
    brief = compose(gather(known, date(2026, 5, 22), None, TODAY))
    assert (brief.bullets[0].remark or "").startswith("No open model set one from 22 April 2026 to 10 May 2026.")


def test_a_model_goes_by_its_name_without_the_address_for_programs() -> None:
    world = race(100)
    models = tuple(replace(model, name=f"{model.name} ({model.name.lower()}-2025-08-07)") for model in world.models)
    assert "closed-Board-" in text(of(replace(world, models=models)))
    assert "2025-08-07" not in text(of(replace(world, models=models)))


def test_a_result_where_open_led_is_told_as_one() -> None:
    news = of(race(-60), published=date(2025, 10, 1), since=date(2025, 6, 1)).bullets[0]
    assert "got there about 2 months later." in news.text
    assert "about 2 months ahead each time" in (news.remark or "")


# ---- how it stands


def test_both_figures_are_given_apart_with_what_the_tests_are() -> None:
    brief = of(race(120, boards=6, private=3))
    assert bullet(brief, "whose questions are secret").startswith("On private tests, whose questions are secret, open ")
    assert bullet(brief, "training towards these").startswith("On public tests they stand 3.9 months behind, ")


def test_a_lead_is_called_one_and_what_flatters_open_models_makes_it_look_larger() -> None:
    brief = of(race(-60), published=date(2025, 8, 1))
    assert brief.deck.startswith("Open models stand 2.0 months ahead on public tests (likely 1.2 to 2.8 ahead)")
    public = bullet(brief, "On public tests open models stand 2.0 months ahead")
    assert public.endswith("training towards these can make their lead look larger.")


def test_a_class_without_a_figure_says_why() -> None:
    brief = of(race(120, boards=6, private=2))
    assert "Private tests, whose questions are secret, give no figure yet: too few " in text(brief)
    assert brief.deck.startswith("Open models stand 4.0 months behind on public tests")


def test_no_figure_no_brief() -> None:
    with pytest.raises(UsageError, match=r"too little data for a figure as of 17 December 2025; ask for the brief"):
        of(race(120, boards=2))


def test_whether_the_gap_grows_is_answered_of_all_tests_together_with_its_range(shipped: Write) -> None:
    assert bullet(shipped(date(2026, 8, 22)), "Is the gap growing?").startswith(
        "Is the gap growing? Probably: on all tests together it is 3.1 months wider (likely 0.3 narrower to 6.4 months"
        " wider) than in January 2025. Past year too close to call."
    )
    assert bullet(shipped(date(2025, 1, 31)), "Is the gap growing?").startswith("Is the gap growing? Too early to say.")


def test_everything_matched_leaves_nothing_to_wait_for() -> None:
    brief = of(race(30, boards=4), published=date(2026, 3, 1))
    assert "Open models have matched every score that counts" in text(brief)


def test_what_waits_is_named_with_how_long_the_data_reaches() -> None:
    waiting = bullet(of(race(100, waiting=3)), "To watch: ")
    assert re.search(r"closed-Board-\S+ got there on .*\. By .*, about .* months later, open-Board-\S+ has ", waiting)


def test_one_level_to_watch_is_named_with_its_holder_its_age_and_the_nearest_open_model(shipped: Write) -> None:
    assert bullet(shipped(TODAY), "To watch") == (
        "To watch: SimpleBench (everyday trick questions) at 75 %. Gemini 3 Pro (Google DeepMind, United States) got"
        " there on 18 November 2025. By 12 August 2026, about 9 months later, DeepSeek V4 Flash 0731 (DeepSeek, China)"
        " has 61.1 %, the best open score there. A match would raise catch-up time on private tests."
    )


# ---- how old it is


def test_news_hides_no_data_that_is_older_than_a_month(shipped: Write) -> None:
    assert "The newest complete data is of 28 September 2026, 58 days old: the figures below may be out of date." in [
        each.text for each in shipped(TODAY, date(2026, 1, 1)).bullets
    ]
    assert "days old" in text(shipped(date(2026, 10, 29)))
    assert "out of date" not in text(shipped(date(2026, 10, 28)))
    assert "out of date" not in text(shipped(date(2026, 8, 22)))


# ---- what may be wrong


def test_the_tests_that_carry_most_are_named_with_why_labs_may_see_them(evidence: Evidence) -> None:
    caution = {
        published: next(each.text for each in gather(evidence, published, None, TODAY).offered if "vendor" in each.text)
        for published in (date(2026, 5, 22), date(2026, 8, 22))
    }
    assert "OpenAI funded it and has seen questions from it, which can make " in caution[date(2026, 5, 22)]
    assert "The secret questions pass through labs' servers, which can " in caution[date(2026, 8, 22)]


@pytest.mark.parametrize(("effect", "other"), [("smaller", "larger"), ("larger", "smaller")])
def test_a_caveat_points_where_the_data_says(effect: str, other: str) -> None:
    biases = tuple(replace(bias, effect=effect) for bias in BIASES)
    brief = compose(gather(replace(told(race(120, boards=6, private=3)), biases=biases), LATE, None, TODAY))
    assert f"training towards these can make the gap look {effect}." in text(brief)
    assert f"look {other}" not in text(brief)


def test_shipped_caveats_keep_their_direction(shipped: Write) -> None:
    for published in (date(2025, 1, 31), date(2026, 5, 22), date(2026, 8, 22)):
        found = text(shipped(published))
        assert "training towards these can make the gap look smaller." in found
        assert "look larger" not in found.replace("which can make the gap look larger.", "")


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
        "newest_data", "foot", "facts", "written_by", "deck",
    ]  # fmt: skip
    assert {tuple(each) for each in found["bullets"]} == {("text", "remark")}
    assert {tuple(each) for each in found["terms"]} == {("term", "definition")}
    assert {tuple(each) for each in found["more"]} == {("title", "url")}
    assert {tuple(each)[:5] for each in found["facts"]} == {("key", "value", "unit", "subject", "shown")}
    assert tuple(found["read_more"]) == ("label", "url", "lead")
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


# ---- its tables


def test_every_sentence_has_a_place_and_every_place_a_weight() -> None:
    parts = {part for part, _, _ in bullets._BULLETS}
    assert parts == set(bullets._WEIGHTS)
    assert {part.removesuffix(", remark") for part in parts} == {*bullets._WITH_NEWS, *bullets._WITHOUT_NEWS}


def test_a_sentence_stands_by_signs_that_there_are() -> None:
    """Each sign follows from the facts, or is the key of one: else its sentence would never be seen."""
    sentences = (*bullets._BULLETS, *bullets._TITLES)
    signs = {sign.removeprefix("-") for part, signs, _ in sentences for sign in signs.split()}
    keys = {key for _, _, template in sentences for key in slots(template)}
    assert signs <= keys | set(bullets._derive_signs(days(TODAY, TODAY))) | {"gap.private", "gap.public"}


# ---- its length

FACTS = (Fact("long", None, "", "words", "word " * 100), Fact("short", None, "", "words", "word"))


def test_what_has_the_least_weight_is_taken_first_and_the_order_stays() -> None:
    drafted = [Draft("a {long}", None, 3), Draft("b {long}", "c {short}", 1, 4), Draft("d {long}", "e {short}", 2, 5)]
    chosen = fit_bullets(drafted, FACTS)
    assert [(each.text, each.remark) for each in chosen] == [("b {long}", "c {short}"), ("d {long}", "e {short}")]
    assert sum(len(each.text.replace("{long}", "word " * 100).split()) for each in chosen) <= MOST_WORDS


def test_a_remark_never_stands_without_its_bullet() -> None:
    assert fit_bullets([Draft("{long} {long} {long}", "{short}", 1, 2)], FACTS) == []


def test_bullets_are_eight_at_most() -> None:
    assert len(fit_bullets([Draft(f"{{short}} {letter}") for letter in "abcdefghij"], FACTS)) == MOST_BULLETS


def test_a_bullet_without_its_fact_is_no_bullet() -> None:
    with pytest.raises(KeyError):
        fit_bullets([Draft("{nothing}")], FACTS)


# ---- its figures


def test_a_test_with_five_open_models_is_needed_so_a_small_world_has_no_brief() -> None:
    rows: dict[str, Sequence[toy.Row]] = {"A": [("c", "2024-01-01", "closed", 50), ("o", "2024-06-01", "open", 50)]}
    with pytest.raises(UsageError, match="too little data"):
        of(toy.evidence(rows), published=date(2024, 7, 1))
