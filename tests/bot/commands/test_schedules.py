"""Schedules from the command line, as an operator meets them."""

from collections.abc import Callable
from pathlib import Path

from bot.state import outbox, schedules
from tests.bot.commands.conftest import state


def test_a_schedule_shows_its_next_three_times_in_its_own_zone(newsroom: Callable[..., str], tmp_path: Path) -> None:
    shown = newsroom(
        "schedule", "every Monday at 09:00", "--zone", "Europe/Berlin", "--channel", "123", "--server", "5"
    )
    lines = shown.splitlines()
    assert lines[0] == "Schedule 1: at 09:00 on Monday (Europe/Berlin), to channel 123, only with news."
    assert len(lines) == 5
    assert all(line.startswith("  Monday, ") and line.endswith(", 09:00") for line in lines[1:4])
    assert lines[4].startswith("Channel 123 can't be checked, as DISCORD_TOKEN is not set here")
    assert "at 09:00 on Monday" in newsroom("list")
    opened = state(tmp_path)
    (schedule,) = schedules.listed(opened)
    opened.close()
    assert (schedule.guild_id, schedule.channel_id, schedule.rule) == (5, 123, "0 9 * * MON")


def test_a_schedule_is_run_paused_resumed_and_removed(newsroom: Callable[..., str], tmp_path: Path) -> None:
    newsroom("schedule", "daily", "--channel", "123", "--always")
    assert "Brief 1 is made" in newsroom("run-now", "1")
    assert "a moment ago" in newsroom("run-now", "1", fails=True)
    opened = state(tmp_path)
    assert [item.target for item in outbox.of_brief(opened, 1)] == ["discord:123"]
    opened.close()
    assert newsroom("pause", "1") == "Schedule 1 is paused.\n"
    assert "paused: a moderator paused it" in newsroom("list")
    assert newsroom("resume", "1") == "Schedule 1 goes on with its next time.\n"
    assert newsroom("remove", "#1") == (
        "Schedule 1 is removed; what it posted stays. What waited to be sent of brief 1 is not sent any more;"
        " `gapbrief newsroom send-again 1` sends it.\n"
    )
    newsroom("schedule", "daily", "--channel", "123")
    assert newsroom("remove", "2") == "Schedule 2 is removed; what it posted stays.\n"
    assert "no schedule 1" in newsroom("remove", "1", fails=True)


def test_a_draft_that_a_schedule_asks_about_goes_where_the_schedule_posts(
    newsroom: Callable[..., str], tmp_path: Path
) -> None:
    newsroom("schedule", "daily", "--channel", "123", "--ask-first", "--review-channel", "66")
    newsroom("run-now", "1")
    newsroom("post", "1")
    opened = state(tmp_path)
    assert [(item.action, item.target) for item in outbox.of_brief(opened, 1)] == [
        ("review", "discord:66"), ("post", "discord:123"),
    ]  # fmt: skip
    opened.close()
