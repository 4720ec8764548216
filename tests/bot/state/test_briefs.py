"""Briefs in the state: read back as they were, with their versions; the archive and what is found in it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from bot.state import audit, briefs, guilds
from bot.state.briefs import StoredBrief
from bot.state.database import State
from core.brief import Bullet
from core.questions import GapQuestion
from tests.bot.newsroom.newsroom import BRIEF, DAY, HOUR, NOW, made


def add(
    state: State, title: str = BRIEF.title, *, guild_id: int | None = None, status: str = "posted",
    at: datetime = NOW, focus: str | None = None,
) -> int:  # fmt: skip
    with state.begin() as connection:
        return briefs.add(connection, made(title, focus=focus), at=at, guild_id=guild_id, by=7, status=status)


def add_and_read(state: State, title: str = BRIEF.title, **options: Any) -> StoredBrief:
    return briefs.by_id(state, add(state, title, **options))


def titles(stored: list[StoredBrief]) -> list[str]:
    return [brief.brief.title for brief in stored]


def test_a_brief_is_read_back_as_it_was(state: State) -> None:
    stored = add_and_read(state, status="draft")
    assert stored.brief == BRIEF
    assert (stored.status, stored.kind, stored.version, stored.made_by) == ("draft", "brief", 1, 7)
    assert (stored.made_at, stored.changed_at, stored.posted_at) == (NOW, NOW, None)
    assert (stored.since, stored.known_by, stored.revision) == (date(2026, 10, 25), date(2026, 9, 30), "r1")
    assert briefs.by_slug(state, stored.slug) == stored
    assert briefs.by_id(state, 99) is None


def test_its_address_is_its_day_and_title_no_two_are_the_same_and_a_servers_can_not_be_guessed(state: State) -> None:
    first, second = add_and_read(state), add_and_read(state)
    assert first.slug == "2026-11-25-open-models-about-7-5-months-behind-on-private-tests-5-on-public"
    assert second.slug == f"{first.slug}-2"
    strange = add_and_read(state, "Ünï / ../../x?" + " long" * 40)
    assert strange.slug.startswith("2026-11-25-uni-x-long-long")
    assert len(strange.slug) < 100
    assert add_and_read(state, "名").slug == "2026-11-25"
    suffixes = {add_and_read(state, guild_id=guild_id).slug.rpartition("-")[2] for guild_id in (5, 6)}
    assert [len(suffix) for suffix in suffixes] == [8, 8]


def test_every_version_stays_and_its_corrections_stand_beside_the_brief(state: State) -> None:
    stored = add_and_read(state)
    for number, title in enumerate(("Another title", "A third title"), 2):
        with state.begin() as connection:
            at, new = NOW + number * DAY, replace(BRIEF, title=title)
            note = f"Note {number}."
            assert number == briefs.change(connection, stored, new, at=at, by=8, what="corrected", note=note)
        stored = briefs.by_id(state, stored.id)
        assert (stored.version, stored.changed_at, stored.brief) == (number, at, new)
    assert stored.corrections == ((NOW + 2 * DAY, "Note 2."), (NOW + 3 * DAY, "Note 3."))
    assert [
        (version.number, version.brief.title, version.what, version.note)
        for version in briefs.list_versions(state, stored.id)
    ] == [
        (1, BRIEF.title, "made", None),
        (2, "Another title", "corrected", "Note 2."),
        (3, "A third title", "corrected", "Note 3."),
    ]


@pytest.mark.parametrize("focus", [None, "private", "public"])
def test_its_chart_is_of_its_tests_its_news_and_what_was_known_then(state: State, focus: str | None) -> None:
    stored = add_and_read(state, focus=focus)
    days = {"as_of": date(2026, 8, 22), "known_by": date(2026, 9, 30), "shown_since": stored.since}
    assert stored.chart_question == GapQuestion(access=focus, **days)


def test_briefs_of_a_server_of_the_service_and_of_all(state: State) -> None:
    add(state, "of the service")
    add(state, "of five", guild_id=5)
    add(state, "draft of six", guild_id=6, status="draft")
    for options, expected in (
        ({}, ["draft of six", "of five", "of the service"]),
        ({"guild_id": 5}, ["of five"]),
        ({"guild_id": None}, ["of the service"]),
        ({"statuses": ["draft"]}, ["draft of six"]),
        ({"limit": 1}, ["draft of six"]),
    ):
        assert titles(briefs.list_briefs(state, **options)) == expected


# ---- the archive


@pytest.fixture(autouse=True)
def _public_servers(state: State) -> None:
    """Let the operator make the briefs of servers 5, 6 and 7 public."""
    with state.begin() as connection:
        assert all(guilds.make_public(connection, server, NOW) for server in (5, 6, 7))


def withdraw(state: State, brief_id: int, at: datetime) -> None:
    with state.begin() as connection:
        briefs.set_status(connection, brief_id, "withdrawn", at)
        audit.add_entry(connection, at, "withdrawn", guild_id=None, who=None, brief_id=brief_id)


def correct(state: State, brief_id: int, title: str, at: datetime) -> None:
    stored = briefs.by_id(state, brief_id)
    with state.begin() as connection:
        brief = replace(stored.brief, title=title)
        briefs.change(connection, stored, brief, at=at, by=None, what="corrected", note="The title.")
        audit.add_entry(connection, at, "corrected", guild_id=None, who=None, brief_id=brief_id)


def archived(state: State) -> list[tuple[int, str, str]]:
    rows = [(stored.id, stored.status, stored.brief.title) for stored in briefs.search_archive(state)]
    assert briefs.count_archive(state) == len(rows)
    return rows


def test_what_a_server_posts_is_public_only_while_the_operator_makes_it_so(state: State) -> None:
    stranger, own = add_and_read(state, "a stranger's", guild_id=8), add_and_read(state, "our own")
    assert (stranger.is_public, own.is_public) == (False, True)
    assert [row[0] for row in archived(state)] == [own.id]
    for change, more, ids in (
        (guilds.make_public, (NOW,), {own.id, stranger.id}),
        (guilds.make_private, (), {own.id}),
    ):
        with state.begin() as connection:
            assert change(connection, 8, *more)
            assert not change(connection, 8, *more)
        assert {row[0] for row in archived(state)} == ids


def test_no_draft_is_in_the_archive_whether_it_is_discarded_or_not(state: State) -> None:
    add(state, "a draft", status="draft")
    discarded = add(state, "a discarded draft", status="draft")
    with state.begin() as connection:
        briefs.set_status(connection, discarded, "withdrawn", NOW)
    assert archived(state) == []


EQUAL_BRIEFS = {
    "a stranger who posts our text first does not keep it out": ("post 8, post us", "1 shared"),
    "what servers share is the one that was posted first": ("post 5, post 6, post 7", "0 shared"),
    "what the first server corrects is corrected": ("post 5, post 6, correct 0", "0 better"),
    "another's correction is not seen": ("post 5, post 6, correct 0, correct 1", "0 better"),
    "another's withdrawal is not seen": ("post 5, post 6, withdraw 1", "0 shared"),
    "what the first server withdraws is withdrawn": ("post 5, post 6, withdraw 1, withdraw 0", "0 withdrawn"),
    "what it then posts again comes up": ("post 5, post 6, withdraw 0, post 5, post 5", "2 shared, 0 withdrawn"),
    "what we then post again too": ("post us, post 6, withdraw 0, post us, post us", "2 shared, 0 withdrawn"),
    "of one server's twins the first is shown": ("post 5, post 5, post 5", "0 shared"),
    "the second once the first is corrected": ("post 5, post 5, post 5, correct 0", "1 shared, 0 better"),
    "the third after that": ("post 5, post 5, post 5, correct 0, withdraw 1", "2 shared, 1 withdrawn, 0 better"),
    "a server that removes gapbrief takes none away": ("post 5, withdraw 0, post 5, forget 5", "1 shared, 0 withdrawn"),
}
"""What happens hour by hour (`post` by a server or us, the rest to the post of a number), and what is then shown."""


@pytest.mark.parametrize(("steps", "expected"), EQUAL_BRIEFS.values(), ids=EQUAL_BRIEFS)
def test_of_equal_briefs_the_archive_shows_the_one_that_stands(state: State, steps: str, expected: str) -> None:
    ids: list[int] = []
    for hour, (action, value) in enumerate(step.split() for step in steps.split(", ")):
        at = NOW + hour * HOUR
        if action == "post":
            ids.append(add(state, "shared", guild_id=None if value == "us" else int(value), at=at))
        elif action == "correct":
            correct(state, ids[int(value)], "better", at)
        elif action == "withdraw":
            withdraw(state, ids[int(value)], at)
        else:
            guilds.forget(state, int(value))
    rows = ((ids.index(row[0]), row[2] if row[1] == "posted" else row[1]) for row in archived(state))
    assert ", ".join(f"{number} {word}" for number, word in rows) == expected


def test_a_brief_that_is_posted_later_takes_nobodys_place_unless_a_moderator_edited_it(state: State) -> None:
    draft, edited = (add_and_read(state, "shared", guild_id=5, status="draft") for _ in range(2))
    first = add(state, "shared", guild_id=6, at=NOW + HOUR)
    with state.begin() as connection:
        briefs.set_status(connection, draft.id, "posted", NOW + DAY)
    assert archived(state) == [(first, "posted", "shared")]
    with state.begin() as connection:
        brief = replace(edited.brief, title="edited")
        briefs.change(connection, edited, brief, at=NOW, by=8, what="edited", note=None)
        briefs.set_status(connection, edited.id, "posted", NOW + DAY)
    assert archived(state) == [(edited.id, "posted", "edited"), (first, "posted", "shared")]


def test_what_was_corrected_or_withdrawn_since_a_day_is_listed_the_last_change_first(state: State) -> None:
    ids = [add(state, title, at=NOW) for title in ("one", "two", "three", "four")]
    correct(state, ids[0], "one, corrected", NOW + DAY)
    withdraw(state, ids[1], NOW + 2 * DAY)
    correct(state, ids[2], "three, corrected", NOW + 3 * DAY)
    for since, limit, changed in ((NOW + 2 * DAY, 9, [2, 1]), (NOW, 9, [2, 1, 0]), (NOW, 1, [2])):
        listed = briefs.list_changed(state, since, limit=limit)
        assert [stored.id for stored in listed] == [ids[number] for number in changed]


# ---- the search in it


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("private", ["about tests", "second"]),
        ("PRIVATE tests", ["about tests", "second"]),
        ("tests remark", ["second"]),
        ("kimi", ["about tests"]),
        ("kimi second", []),
        ("nothing like it", []),
        ("", ["about tests", "second"]),
        ('" OR 1=1 --', []),
        (" ", ["about tests", "second"]),
        ("***", []),
        ("_", []),
        ("\N{GRINNING FACE}", []),
        ('NEAR("private")', []),
        ("50%", []),
    ],
)
def test_all_words_are_in_the_title_or_the_bullets(state: State, words: str, expected: list[str]) -> None:
    for title, text in (("second", "Private tests, remarkable."), ("about tests", "Kimi K2 on private ones.")):
        brief = replace(BRIEF, title=title, bullets=(Bullet(text),), facts=())
        with state.begin() as connection:
            briefs.add(connection, replace(made(), brief=brief), at=NOW, guild_id=None, by=None, status="posted")
    assert titles(briefs.search_archive(state, words=words)) == expected


def test_what_a_correction_changed_is_found_and_what_it_took_away_is_not(state: State) -> None:
    correct(state, add(state, "Zebra"), "Okapi", NOW)
    assert titles(briefs.search_archive(state, words="okapi")) == ["Okapi"]
    assert briefs.search_archive(state, words="zebra") == []
