"""Briefs in the state: read back as they were, with their versions; the archive and what is found in it."""

from dataclasses import replace
from datetime import date, datetime

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


def kept(state: State, brief_id: int) -> StoredBrief:
    found = briefs.by_id(state, brief_id)
    assert found is not None
    return found


def titles(found: list[StoredBrief]) -> list[str]:
    return [each.brief.title for each in found]


def test_a_brief_is_read_back_as_it_was(state: State) -> None:
    found = kept(state, add(state, status="draft"))
    assert found.brief == BRIEF
    assert (found.status, found.kind, found.version, found.made_by) == ("draft", "brief", 1, 7)
    assert (found.made_at, found.changed_at, found.posted_at) == (NOW, NOW, None)
    assert (found.since, found.known_by, found.revision) == (date(2026, 10, 25), date(2026, 9, 30), "r1")
    assert briefs.by_slug(state, found.slug) == found
    assert briefs.by_id(state, 99) is None


def test_its_address_is_its_day_and_title_and_no_two_are_the_same(state: State) -> None:
    first, second = kept(state, add(state)), kept(state, add(state))
    assert first.slug == "2026-11-25-open-models-about-7-5-months-behind-on-private-tests-5-on-public"
    assert second.slug == f"{first.slug}-2"
    strange = kept(state, add(state, "Ünï / ../../x?" + " long" * 40))
    assert strange.slug.startswith("2026-11-25-uni-x-long-long")
    assert len(strange.slug) < 100
    assert kept(state, add(state, "名")).slug == "2026-11-25"


def test_the_address_of_a_servers_brief_can_not_be_guessed(state: State) -> None:
    one, other = kept(state, add(state, guild_id=5)), kept(state, add(state, guild_id=6))
    assert one.slug != other.slug
    assert len(one.slug.rpartition("-")[2]) == 8


def test_every_version_stays(state: State) -> None:
    found = kept(state, add(state))
    with state.begin() as connection:
        new = replace(BRIEF, title="Another title")
        assert briefs.change(connection, found, new, at=NOW + DAY, by=8, what="corrected", note="The title.") == 2
    now = kept(state, found.id)
    assert (now.version, now.changed_at, now.brief) == (2, NOW + DAY, new)
    assert [
        (each.number, each.brief.title, each.what, each.note) for each in briefs.list_versions(state, found.id)
    ] == [
        (1, BRIEF.title, "made", None),
        (2, "Another title", "corrected", "The title."),
    ]


def test_what_was_corrected_and_when_stands_beside_the_brief(state: State) -> None:
    found = kept(state, add(state))
    for number, note in enumerate(("One.", "Two."), 1):
        with state.begin() as connection:
            briefs.change(connection, found, found.brief, at=NOW + number * DAY, by=None, what="corrected", note=note)
        found = kept(state, found.id)
    assert found.corrections == ((NOW + DAY, "One."), (NOW + 2 * DAY, "Two."))
    assert found.brief == BRIEF


@pytest.mark.parametrize("focus", [None, "private", "public"])
def test_its_chart_is_of_its_tests_its_news_and_what_was_known_then(state: State, focus: str | None) -> None:
    found = kept(state, add(state, focus=focus))
    days = {"as_of": date(2026, 8, 22), "known_by": date(2026, 9, 30), "shown_since": found.since}
    assert found.chart_question == GapQuestion(access=focus, **days)  # type: ignore[arg-type]


def test_briefs_of_a_server_of_the_service_and_of_all(state: State) -> None:
    add(state, "of the service")
    add(state, "of five", guild_id=5)
    add(state, "draft of six", guild_id=6, status="draft")
    assert titles(briefs.list_briefs(state)) == ["draft of six", "of five", "of the service"]
    assert titles(briefs.list_briefs(state, guild_id=5)) == ["of five"]
    assert titles(briefs.list_briefs(state, guild_id=None)) == ["of the service"]
    assert titles(briefs.list_briefs(state, statuses=["draft"])) == ["draft of six"]
    assert titles(briefs.list_briefs(state, limit=1, offset=1)) == ["of five"]


# ---- the archive


@pytest.fixture(autouse=True)
def _public_servers(state: State) -> None:
    """Let the operator make the briefs of servers 5, 6 and 7 public."""
    with state.begin() as connection:
        assert all(guilds.make_public(connection, server, NOW) for server in (5, 6, 7))


def test_what_a_server_posts_is_public_only_while_the_operator_makes_it_so(state: State) -> None:
    stranger, own = add(state, "a stranger's", guild_id=8), add(state, "our own", guild_id=None)
    assert [each[0] for each in shown(state)] == [own]
    assert (kept(state, stranger).is_public, kept(state, own).is_public) == (False, True)
    with state.begin() as connection:
        assert guilds.make_public(connection, 8, NOW)
        assert not guilds.make_public(connection, 8, NOW)
    assert {each[0] for each in shown(state)} == {own, stranger}
    with state.begin() as connection:
        assert guilds.make_private(connection, 8)
        assert not guilds.make_private(connection, 8)
    assert [each[0] for each in shown(state)] == [own]


def test_a_stranger_who_posts_our_text_first_does_not_keep_it_out_of_the_archive(state: State) -> None:
    _, own = posted_alike(state, 8, None)
    assert shown(state) == [(own, "posted", "shared")]


def posted_alike(state: State, *guilds: int | None) -> list[int]:
    """Post the same text in some servers, one after the other."""
    return [add(state, "shared", guild_id=guild, at=NOW + number * HOUR) for number, guild in enumerate(guilds)]


def withdraw(state: State, brief_id: int, at: datetime) -> None:
    with state.begin() as connection:
        briefs.set_status(connection, brief_id, "withdrawn", at)
        audit.add_entry(connection, at, "withdrawn", guild_id=None, who=None, brief_id=brief_id)


def correct(state: State, brief_id: int, title: str, at: datetime) -> None:
    found = kept(state, brief_id)
    with state.begin() as connection:
        brief = replace(found.brief, title=title)
        briefs.change(connection, found, brief, at=at, by=None, what="corrected", note="The title.")
        audit.add_entry(connection, at, "corrected", guild_id=None, who=None, brief_id=brief_id)


def shown(state: State) -> list[tuple[int, str, str]]:
    found = [(each.id, each.status, each.brief.title) for each in briefs.search_archive(state)]
    assert briefs.count_archive(state) == len(found)
    return found


def test_the_archive_holds_what_was_posted_and_what_servers_share_once(state: State) -> None:
    first, *_ = posted_alike(state, 5, 6, 7)
    add(state, "a draft", status="draft")
    discarded = add(state, "a discarded draft", status="draft")
    with state.begin() as connection:
        briefs.set_status(connection, discarded, "withdrawn", NOW)
    assert shown(state) == [(first, "posted", "shared")]


def test_what_servers_share_is_the_one_that_was_posted_first_and_stays_it(state: State) -> None:
    draft = add(state, "shared", guild_id=5, status="draft")
    first = add(state, "shared", guild_id=6, at=NOW + HOUR)
    assert [each[0] for each in shown(state)] == [first]
    with state.begin() as connection:
        briefs.set_status(connection, draft, "posted", NOW + DAY)
    assert [each[0] for each in shown(state)] == [first]


def test_what_the_first_server_corrects_is_corrected_and_no_other_comes_up(state: State) -> None:
    first, other = posted_alike(state, 5, 6)
    correct(state, first, "better", NOW + DAY)
    assert shown(state) == [(first, "posted", "better")]
    correct(state, other, "worse", NOW + 2 * DAY)
    assert shown(state) == [(first, "posted", "better")]


def test_what_the_first_server_withdraws_is_withdrawn_and_no_other_comes_up(state: State) -> None:
    first, other = posted_alike(state, 5, 6)
    withdraw(state, other, NOW + DAY)
    assert shown(state) == [(first, "posted", "shared")]
    withdraw(state, first, NOW + DAY)
    assert shown(state) == [(first, "withdrawn", "shared")]


@pytest.mark.parametrize("guild_id", [5, None])
def test_what_is_posted_again_after_it_was_withdrawn_comes_up_beside_that(state: State, guild_id: int | None) -> None:
    first, _ = posted_alike(state, guild_id, 6)
    withdraw(state, first, NOW + DAY)
    again = add(state, "shared", guild_id=guild_id, at=NOW + 2 * DAY)
    add(state, "shared", guild_id=guild_id, at=NOW + 3 * DAY)
    assert shown(state) == [(again, "posted", "shared"), (first, "withdrawn", "shared")]


def test_a_twin_of_before_comes_up_once_the_first_is_withdrawn_or_corrected(state: State) -> None:
    first, twin, third = posted_alike(state, 5, 5, 5)
    assert [each[0] for each in shown(state)] == [first]
    correct(state, first, "better", NOW + DAY)
    assert shown(state) == [(twin, "posted", "shared"), (first, "posted", "better")]
    withdraw(state, twin, NOW + DAY)
    assert [each[0] for each in shown(state)] == [third, twin, first]


def test_what_is_in_the_archive_stays_though_its_server_removes_gapbrief(state: State) -> None:
    (first,) = posted_alike(state, 5)
    withdraw(state, first, NOW + DAY)
    again = add(state, "shared", guild_id=5, at=NOW + 2 * DAY)
    guilds.forget(state, 5)
    assert [each[0] for each in shown(state)] == [again, first]


def test_one_that_a_moderator_edited_before_it_was_posted_is_another(state: State) -> None:
    edited = kept(state, add(state, "shared", guild_id=5, status="draft"))
    (first,) = posted_alike(state, 6)
    with state.begin() as connection:
        brief = replace(edited.brief, title="edited")
        briefs.change(connection, edited, brief, at=NOW, by=8, what="edited", note=None)
        briefs.set_status(connection, edited.id, "posted", NOW + DAY)
    assert shown(state) == [(edited.id, "posted", "edited"), (first, "posted", "shared")]


def test_what_was_corrected_or_withdrawn_since_a_day_is_found_the_last_change_first(state: State) -> None:
    ids = [add(state, title, at=NOW) for title in ("one", "two", "three", "four")]
    correct(state, ids[0], "one, corrected", NOW + DAY)
    withdraw(state, ids[1], NOW + 2 * DAY)
    correct(state, ids[2], "three, corrected", NOW + 3 * DAY)
    assert [each.id for each in briefs.list_changed(state, NOW + 2 * DAY, limit=9)] == [ids[2], ids[1]]
    assert [each.id for each in briefs.list_changed(state, NOW, limit=9)] == [ids[2], ids[1], ids[0]]
    assert [each.id for each in briefs.list_changed(state, NOW, limit=1)] == [ids[2]]


# ---- the search in it


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("private", ["about tests", "second"]),
        ("PRIVATE tests", ["about tests", "second"]),
        ("remarkable", ["second"]),
        ("tests remark", ["second"]),
        ("kimi", ["about tests"]),
        ("kimi second", []),
        ("nothing like it", []),
        ("", ["about tests", "second"]),
        ('" OR 1=1 --', []),
        (" ", ["about tests", "second"]),
        ("***", []),
        ('"', []),
        ("-", []),
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
