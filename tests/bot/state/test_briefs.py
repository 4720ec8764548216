"""Briefs in the state: read back as they were, with their versions; the archive and what is found in it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.state import briefs
from bot.state.briefs import Kept
from bot.state.state import State
from core.brief import Bullet
from tests.bot.publish.newsroom import BRIEF, DAY, NOW, made


def add(state: State, title: str = BRIEF.title, *, guild_id: int | None = None, status: str = "posted") -> int:
    with state.begin() as connection:
        return briefs.add(connection, made(title), at=NOW, guild_id=guild_id, by=7, status=status)


def kept(state: State, brief_id: int) -> Kept:
    found = briefs.by_id(state, brief_id)
    assert found is not None
    return found


def titles(found: list[Kept]) -> list[str]:
    return [each.brief.title for each in found]


def test_a_brief_is_read_back_as_it_was(state: State) -> None:
    found = kept(state, add(state, status="draft"))
    assert found.brief == found.plain == BRIEF
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
    assert (now.version, now.changed_at, now.plain) == (2, NOW + DAY, new)
    assert [(each.number, each.brief.title, each.what, each.note) for each in briefs.versions(state, found.id)] == [
        (1, BRIEF.title, "made", None),
        (2, "Another title", "corrected", "The title."),
    ]


def test_readers_see_what_was_corrected_and_when_the_newest_first(state: State) -> None:
    found = kept(state, add(state))
    for number, note in enumerate(("One.", "Two."), 1):
        with state.begin() as connection:
            briefs.change(connection, found, found.plain, at=NOW + number * DAY, by=None, what="corrected", note=note)
        found = kept(state, found.id)
    assert found.brief.foot == (
        "Corrected on 27 November 2026: Two. Corrected on 26 November 2026: One. Figures as of 22 August 2026."
    )
    assert found.plain.foot == BRIEF.foot


def test_briefs_of_a_server_of_the_service_and_of_all(state: State) -> None:
    (
        add(state, "of the service"),
        add(state, "of five", guild_id=5),
        add(state, "draft of six", guild_id=6, status="draft"),
    )
    assert titles(briefs.listed(state)) == ["draft of six", "of five", "of the service"]
    assert titles(briefs.listed(state, guild_id=5)) == ["of five"]
    assert titles(briefs.listed(state, guild_id=None)) == ["of the service"]
    assert titles(briefs.listed(state, statuses=["draft"])) == ["draft of six"]
    assert titles(briefs.listed(state, limit=1, offset=1)) == ["of five"]


def test_the_archive_holds_what_was_posted_and_what_servers_share_once(state: State) -> None:
    first = [add(state, "shared", guild_id=guild) for guild in (5, 6, 7)]
    add(state, "a draft", status="draft")
    discarded = add(state, "a discarded draft", status="draft")
    with state.begin() as connection:
        briefs.set_status(connection, discarded, "withdrawn", NOW)
    assert [each.id for each in briefs.archive(state)] == first[:1]
    with state.begin() as connection:
        briefs.set_status(connection, first[0], "withdrawn", NOW)
    assert [(each.id, each.status) for each in briefs.archive(state)] == [(first[1], "posted")]
    with state.begin() as connection:
        briefs.set_status(connection, first[1], "withdrawn", NOW)
        briefs.set_status(connection, first[2], "withdrawn", NOW)
    assert [(each.id, each.status) for each in briefs.archive(state)] == [(first[0], "withdrawn")]
    assert briefs.archive_size(state) == 1


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
        ("***", ["about tests", "second"]),
        ('NEAR("private")', []),
        ("50%", []),
    ],
)
def test_all_words_are_in_the_title_or_the_bullets(state: State, words: str, expected: list[str]) -> None:
    for title, text in (("second", "Private tests, remarkable."), ("about tests", "Kimi K2 on private ones.")):
        brief = replace(BRIEF, title=title, bullets=(Bullet(text),), facts=())
        with state.begin() as connection:
            briefs.add(connection, replace(made(), brief=brief), at=NOW, guild_id=None, by=None, status="posted")
    assert titles(briefs.archive(state, words=words)) == expected


def test_what_a_correction_changed_is_found_and_what_it_took_away_is_not(state: State) -> None:
    found = kept(state, add(state, "Zebra"))
    with state.begin() as connection:
        briefs.change(
            connection, found, replace(found.plain, title="Okapi"), at=NOW, by=None, what="corrected", note="x"
        )
    assert titles(briefs.archive(state, words="okapi")) == ["Okapi"]
    assert briefs.archive(state, words="zebra") == []
