"""Briefs of toy worlds with known figures: the news, the gap, and which way it may err.

How briefs of the shipped data read from the title to the end is in docs/briefs.md and monthly.md, held by
test_briefs_page.py.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.answer import Fact
from core.brief import Brief, bullets, compose, gather, month_before
from core.brief.brief import fit_bullets
from core.brief.bullets import Draft, draft_bullets, draft_titles
from core.brief.facts import _spoken_day, _spoken_month
from core.brief.prose import count_numbers
from core.errors import UsageError
from core.evidence.evidence import Evidence, load
from core.store.store import open_store
from core.text import render, slots
from tests.conftest import ROOT
from tests.core.brief.conftest import TODAY, Write, with_caveats
from tests.core.questions.worlds import race

LATE = date(2025, 12, 20)


def of(evidence: Evidence, published: date = LATE, since: date | None = None) -> Brief:
    return compose(gather(with_caveats(evidence), published, since, TODAY))


def text(brief: Brief) -> str:
    return "\n".join(bullet.text for bullet in brief.bullets)


def bullet(brief: Brief, *words: str) -> str:
    [matching] = [line for line in text(brief).splitlines() if all(word in line for word in words)]
    return matching


# ---- what is new


def test_a_figure_of_few_live_tests_is_about_so_many_months_too(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.gap.index_figure.FEWEST_LIVE", 4)
    brief = compose(gather(replace(evidence), date(2026, 8, 22), None, TODAY))
    assert "Public tests say about 6 (likely 3 to 8), but" in text(brief)


@pytest.mark.parametrize(("name", "has_caution"), [("Kimi K3", True), ("GPT-5.2 Pro", False)])
def test_a_model_that_leads_and_that_only_a_third_party_calls_open_is_a_caution(
    evidence: Evidence, name: str, has_caution: bool
) -> None:
    doubted = (replace(one, openness_grade="third-party") if one.name == name else one for one in evidence.models)
    brief = compose(gather(replace(evidence, models=tuple(doubted)), date(2026, 8, 22), date(2026, 7, 22), TODAY))
    assert (f"A caution: that {name} is open rests on one outside list." in text(brief)) == has_caution
    assert ("outside list" in text(brief)) == has_caution


# ---- days as they are spoken


@pytest.mark.parametrize(
    ("at", "day_text", "month_text"),
    [
        (date(2026, 2, 9), "9 February", "in February"),
        (date(2025, 12, 20), "20 December", "last December"),
        (date(2025, 10, 20), "20 October 2025", "last October"),
        (date(2025, 1, 20), "20 January 2025", "in January 2025"),
        (date(2024, 11, 20), "20 November 2024", "in November 2024"),
    ],
)
def test_a_day_is_said_without_the_briefs_own_year_and_a_month_of_the_last_year_as_last(
    evidence: Evidence, at: date, day_text: str, month_text: str
) -> None:
    look = gather(evidence, date(2026, 2, 10), None, TODAY).look
    assert (_spoken_day(look, at), _spoken_month(look, at, "in ")) == (day_text, month_text)


# ---- silence is not quiet


def days(since: date, newest: date, *more: str) -> dict[str, Fact]:
    """State the days of a brief of 25 November 2026 whose data are complete to a day, and more facts."""
    dates = {"published": TODAY, "since": since, "newest.day": newest}
    facts = {key: Fact(key, None, "date", "", str(at), day=at.isoformat()) for key, at in dates.items()}
    facts["verdict"] = Fact("verdict", "can't say", "", "", "too close to call")
    return facts | {key: Fact(key, None, "", "", key) for key in more}


@pytest.mark.parametrize(("passed", "period"), [(1, "day"), (7, "week"), (31, "month"), (50, "time")])
def test_a_quiet_time_is_called_by_its_length(evidence: Evidence, passed: int, period: str) -> None:
    material = gather(evidence, date(2026, 6, 5), date(2026, 6, 5) - timedelta(passed), TODAY)
    assert render("{period}", material.facts) == period


def test_past_the_last_day_of_data_nothing_is_said_to_be_absent() -> None:
    assert draft_titles(days(date(2026, 9, 15), date(2026, 9, 28)))[0] == "No new data since {newest.day}"


def test_material_of_days_without_data_is_silent(evidence: Evidence) -> None:
    for published, is_silent in ((TODAY, True), (date(2026, 10, 15), False), (date(2026, 9, 28), False)):
        assert gather(evidence, published, None, TODAY).is_silent == is_silent


def test_that_nobody_caught_up_is_said_of_days_with_data_alone(evidence: Evidence) -> None:
    absent = "No catch-up has been counted since 28 February."
    published, since = date(2025, 3, 31), date(2025, 2, 28)
    assert absent in text(compose(gather(evidence, published, since, TODAY)))
    stale = replace(evidence, board_days=np.full(len(evidence.boards), date(2025, 3, 28).toordinal()))
    assert absent not in text(compose(gather(stale, published, since, TODAY)))


def test_a_model_goes_by_its_name_without_the_address_for_programs() -> None:
    world = race(100)
    models = tuple(replace(model, name=f"{model.name} ({model.name.lower()}-2025-08-07)") for model in world.models)
    brief = of(replace(world, models=models))
    assert "closed-Board-" in text(brief)
    assert "2025-08-07" not in text(brief)


def test_a_result_where_open_led_is_told_as_one() -> None:
    brief = of(race(-60), published=date(2025, 10, 1), since=date(2025, 6, 1))
    assert "a closed model, got there about 2 months later." in text(brief)
    assert "That wait" not in text(brief)
    assert "trail" not in brief.title


# ---- the gap


def test_a_lead_is_called_one() -> None:
    brief = of(race(-60), published=date(2025, 8, 1))
    assert brief.deck == (
        "On public tests, whose questions anyone can read, models that anyone can download are ahead of closed ones,"
        " which stay with their makers."
    )
    assert "Overall, open models lead by about 2 months on public tests (likely 1.2 to 2.8), but models can train" in (
        text(brief)
    )


def test_everything_matched_leaves_nothing_to_wait_for() -> None:
    brief = of(race(30, boards=4), published=date(2026, 3, 1))
    assert "To watch: the next closed record. Open models have matched all that count here." in text(brief)


def test_what_waits_is_named_with_its_holder_and_the_nearest_open_model() -> None:
    waiting = bullet(of(race(100, waiting=3)), "To watch: ")
    assert re.search(r"closed-Board-\S+ reached .* in .*\. The best open score, by open-Board-\S+, is ", waiting)


def test_what_is_watched_is_on_another_test_than_the_news(shipped: Write) -> None:
    brief = shipped(date(2025, 12, 5))
    assert "75 % on ARC-AGI, a private test" in text(brief)
    assert not bullet(brief, "To watch").startswith("To watch: ARC-AGI.")


# ---- what may be wrong


def test_shipped_caveats_keep_their_direction(shipped: Write) -> None:
    for published in (date(2025, 1, 31), date(2026, 5, 22), date(2026, 8, 22)):
        body = text(shipped(published))
        assert ", but models can train for those." in body
        assert "look larger" not in body.replace("which can make the gap look larger.", "")


def test_without_caveats_none_is_made_up() -> None:
    brief = compose(gather(race(120, boards=6, private=3), LATE, None, TODAY))
    assert not re.search("look|train for", text(brief))


# ---- its frame


def test_the_foot_has_the_day_of_the_figures_and_where_not_all_data_reach_it_the_day_of_the_complete_data(
    evidence_file: Path,
) -> None:
    day = date(2026, 8, 22)
    with open_store(evidence_file, ROOT / "data") as store:
        brief = compose(gather(load(store).known_by(day), day, None, day))
    assert brief.as_of == day
    assert brief.foot.startswith("Data to 22 August 2026, complete to 19 April 2026, as known on 22 August, 19 tests;")


def test_earlier_briefs_are_named_with_the_titles_that_they_have(shipped: Write) -> None:
    brief = shipped(TODAY)
    assert [earlier.published for earlier in brief.more] == [date(2026, 9, 28), date(2026, 8, 22), date(2026, 7, 1)]
    for earlier in brief.more:
        assert earlier.title == shipped(earlier.published).title
        assert earlier.url == ""


def test_the_json_contract(shipped: Write) -> None:
    brief = shipped(date(2026, 5, 22)).to_json()
    assert list(brief) == [
        "title", "category", "published", "source", "reading_minutes", "bullets", "terms", "read_more", "more", "as_of",
        "newest_data", "foot", "facts", "written_by", "deck",
    ]  # fmt: skip
    assert {tuple(bullet) for bullet in brief["bullets"]} == {("text", "remark")}
    assert {tuple(term) for term in brief["terms"]} == {("term", "definition")}
    assert {tuple(link) for link in brief["more"]} == {("title", "url")}
    assert {tuple(fact)[:5] for fact in brief["facts"]} == {("key", "value", "unit", "subject", "shown")}
    assert tuple(brief["read_more"]) == ("label", "url", "lead")
    assert (brief["published"], brief["as_of"], brief["newest_data"]) == ("2026-05-22", "2026-05-22", "2026-09-28")
    assert (brief["category"], brief["source"], brief["written_by"]) == ("Written later", "gapbrief", "template")


@pytest.mark.parametrize(
    ("boards", "days", "reason"),
    [
        (4, {"since": LATE}, "is not before the brief's day, 2025-12-20; give an earlier one"),
        (4, {"published": date.min}, "The data begins with models of"),
        (2, {}, "too little data for a figure as of 17 December 2025; ask for the brief"),
    ],
)
def test_days_that_can_have_no_brief_are_refused(boards: int, days: dict[str, date], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        of(race(120, boards=boards), **days)


@pytest.mark.parametrize(
    ("published", "before"),
    [
        ("2026-11-25", "2026-10-25"), ("2026-03-31", "2026-02-28"), ("2024-03-30", "2024-02-29"),
        ("2026-01-01", "2025-12-01"), ("0001-01-01", "0001-01-01"),
    ],
)  # fmt: skip
def test_a_month_before_is_the_same_day_or_the_months_last(published: str, before: str) -> None:
    assert month_before(date.fromisoformat(published)).isoformat() == before


# ---- its tables


def test_every_sentence_has_a_place_and_every_place_a_rank() -> None:
    parts = {part for part, _, _ in bullets._BULLETS}
    assert parts == set(bullets._RANKS) == {*bullets._WITH_NEWS, *bullets._WITHOUT_NEWS}


def test_a_sentence_stands_by_signs_that_there_are() -> None:
    """Each sign follows from the facts, or is the key of one: else its sentence would never be seen."""
    sentences = (*bullets._BULLETS, *bullets._TITLES, *bullets._DECKS)
    signs = {sign.removeprefix("-") for part, signs, _ in sentences for sign in signs.split()}
    keys = {key for _, _, template in sentences for key in slots(template)}
    assert signs <= keys | set(bullets._derive_signs(days(TODAY, TODAY))) | {"none.private", "none.public"}


# ---- its length


def drafts(*ranks: int, text: str = "{long}") -> list[Draft]:
    return [Draft(f"{letter} {text}", None, letter, rank) for letter, rank in zip("abcdefghij", ranks, strict=False)]


def fit_text(drafted: Sequence[Draft], most: int = 7, head: str = "head") -> str:
    facts = (Fact("long", None, "", "words", "word " * 90), Fact("number", 1.0, "", "", "1 2 3 4 5"))
    return "".join(draft.role for draft in fit_bullets(drafted, facts, head, most))


def test_the_bullet_of_the_highest_rank_goes_until_the_words_fit_and_the_order_stays() -> None:
    assert fit_text(drafts(3, 1, 2)) == "bc"
    assert fit_text(drafts(1, 2), head="{long}") == "a"


def test_the_numbers_must_fit_too() -> None:
    assert fit_text(drafts(1, 5, 2, 3, 4, text="{number}")) == "acde"


def test_bullets_are_seven_at_most_and_four_in_a_quiet_time() -> None:
    many = drafts(*range(10), text="")
    assert (fit_text(many), fit_text(many, 4)) == ("abcdefg", "abcd")


def test_a_bullet_that_is_too_long_goes_without_what_its_test_is() -> None:
    dates = days(date(2026, 5, 1), TODAY, "last", "last.level", "last.test", "last.what")
    for words, what in ((3, ", last.what"), (40, "")):
        dates["last.what"] = replace(dates["last.what"], shown="word " * words)
        [quiet, *_] = draft_bullets(dates, is_news=False)
        assert ("{last.what}" in quiet.text) == bool(what)


def test_a_bullet_without_its_fact_is_no_bullet() -> None:
    with pytest.raises(KeyError):
        fit_bullets([Draft("{nothing}"), Draft("{nothing}")], (), "", 7)


def test_numbers_are_counted_in_digits_and_words_and_never_in_names() -> None:
    assert count_numbers("GPT-5.2 Pro took 7.5 months, 1,200 scores and six tests", ["GPT-5.2 Pro"]) == 3
