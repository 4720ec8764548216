"""Schedules in the state, with what came of their due times; and the targets that they send to."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import StatementError

from bot.state import briefs, guilds, outbox, schedules, target_rows
from bot.state.database import State
from bot.state.schedules import LastBrief, Run
from core.errors import DataError
from tests.bot.newsroom.newsroom import DAY, HOUR, MINUTE, NOW, add_target, made


def add(state: State, guild_id: int | None = 5, channel_id: int | None = 55) -> int:
    with state.begin() as connection:
        new = schedules.NewSchedule("0 9 * * MON", "Europe/Berlin", channel_id=channel_id)
        return schedules.add(connection, new, NOW, guild_id=guild_id, by=7)


def test_a_schedule_is_read_back(state: State) -> None:
    schedule = schedules.by_id(state, add(state))
    assert (schedule.rule, schedule.timezone, schedule.checked_until) == ("0 9 * * MON", "Europe/Berlin", NOW)
    assert (schedule.paused, schedule.only_news, schedule.ask_first, schedule.grace_minutes) == (
        False,
        True,
        False,
        720,
    )
    assert schedules.by_id(state, 99) is None


def test_schedules_of_a_server_of_the_service_and_those_that_run(state: State) -> None:
    one, service = add(state), add(state, None, None)
    assert [listed.id for listed in schedules.list_schedules(state)] == [one, service]
    assert [listed.id for listed in schedules.list_schedules(state, guild_id=5)] == [one]
    assert [listed.id for listed in schedules.list_schedules(state, guild_id=None)] == [service]
    with state.begin() as connection:
        assert schedules.pause(connection, one, "the channel is gone")
        assert not schedules.pause(connection, one, "again")
    assert [listed.id for listed in schedules.list_active(state)] == [service]
    with state.begin() as connection:
        schedules.resume(connection, one, NOW + DAY)
    schedule = schedules.by_id(state, one)
    assert (schedule.paused, schedule.paused_why, schedule.checked_until) == (False, None, NOW + DAY)


def test_a_due_time_has_one_run(state: State) -> None:
    schedule_id = add(state)
    run = Run(schedule_id, "2026-11-30T09:00", NOW, "nothing-new", None, None)
    with state.begin() as connection:
        assert not schedules.has_run(connection, schedule_id, run.due)
        schedules.add_run(connection, run)
        assert schedules.has_run(connection, schedule_id, run.due)
    with pytest.raises(DataError), state.begin() as connection:
        schedules.add_run(connection, run)
    assert schedules.list_runs(state, schedule_id) == [run]


def test_the_last_brief_of_a_schedule_is_the_newest_that_nobody_discarded(state: State) -> None:
    schedule_id = add(state)
    with state.begin() as connection:
        assert schedules.find_last_brief(connection, schedule_id) is None
        ids = []
        for number in range(2):
            at = NOW + number * DAY
            ids.append(briefs.add(connection, made(revision=f"r{number}"), at=at, guild_id=5, by=None))
            schedules.add_run(connection, Run(schedule_id, f"day {number}", at, "made", ids[-1], None))
        brief, day = made().brief, (NOW + DAY).date()
        last = LastBrief("r1", brief.as_of, made().known_by, day, brief.facts)
        assert schedules.find_last_brief(connection, schedule_id) == last
        briefs.set_status(connection, ids[1], "withdrawn", NOW)
        assert schedules.find_last_brief(connection, schedule_id).revision == "r0"


def test_a_time_of_another_zone_is_the_same_moment_and_one_of_no_zone_is_refused(state: State) -> None:
    new = schedules.NewSchedule("0 9 * * *", "UTC")
    with pytest.raises((ValueError, StatementError), match="no zone"), state.begin() as connection:
        schedules.add(connection, new, datetime(2026, 1, 1))  # noqa: DTZ001
    with state.begin() as connection:
        schedule_id = schedules.add(connection, new, NOW.astimezone(ZoneInfo("Asia/Kolkata")))
    schedule = schedules.by_id(state, schedule_id)
    assert (schedule.made_at, schedule.made_at.tzinfo) == (NOW, UTC)


def test_what_was_on_its_way_to_a_target_that_is_removed_is_given_up(state: State) -> None:
    target = add_target(state, guild_id=5)
    with state.begin() as connection:
        brief_id = briefs.add(connection, made(), at=NOW, guild_id=5, by=7, status="posted")
        outbox.enqueue(connection, brief_id, 1, "post", [f"webhook:{target.id}", "discord:5"], NOW + HOUR + MINUTE)
        target_rows.remove(connection, target)
    assert [item.status for item in outbox.list_items(state, brief_id)] == ["failed", "pending"]
    assert target_rows.by_id(state, target.id) is None


def test_a_new_target_never_gets_the_id_of_one_that_is_gone(state: State) -> None:
    removed = add_target(state, guild_id=5)
    with state.begin() as connection:
        target_rows.remove(connection, removed)
    forgotten = add_target(state, guild_id=5)
    guilds.forget(state, 5)
    assert removed.id < forgotten.id < add_target(state, guild_id=6).id
