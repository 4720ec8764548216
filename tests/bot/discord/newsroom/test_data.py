"""`/data`: how fresh the data are, for moderators, and asking for newer ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.discord.cogs import newsroom as cog
from bot.refresh import last_refresh
from bot.refresh.effects import Effects, FirstCrosser
from bot.refresh.last_refresh import Outcome
from bot.refresh.refreshing import RefreshResult
from core.refresh.snapshot_checks import Finding
from core.refresh.table_changes import Change
from tests.bot.discord.conftest import words
from tests.bot.discord.newsroom.conftest import Room

HELD = Outcome("weirdml", "held back", "each row is there twice")


@pytest.fixture
def own_data(room: Room, tmp_path: Path) -> Path:
    """A folder of refreshed data for the bot, before its first refresh."""
    services = room.world.bot.services
    folder = tmp_path / "own"
    folder.mkdir()
    object.__setattr__(services, "settings", replace(services.settings, data=folder))
    return folder


async def ask(room: Room, who: object = None) -> object:
    return (await (who or room.alice).slash(room.world.channel, "data")).response  # type: ignore[attr-defined]


async def test_each_publisher_is_told_with_what_is_held_back(room: Room, own_data: Path) -> None:
    assert words(await ask(room)).startswith("Publishers, not asked yet")
    last_refresh.save_outcomes(own_data, datetime(2026, 11, 28, 8, tzinfo=UTC), [HELD])
    lines = words(await ask(room)).splitlines()
    assert lines[0] == "Publishers, last asked on 2026-11-28 at 08:00 UTC"
    assert "**weirdml** · came with gapbrief · each row is there twice" in lines


async def test_tests_that_stand_still_and_what_waits_are_told_without_a_command(room: Room, own_data: Path) -> None:
    finding = Finding("warn", "OSWorld 2 is new, 16 rows; to count it: `gapbrief data count osworld private`")
    last_refresh.save_outcomes(
        own_data, datetime(2026, 11, 28, 8, tzinfo=UTC), [Outcome("epoch-hub", "new", "", (finding,))]
    )
    text = words(await ask(room))
    assert "No new score for 60 days, though served\nMETR Time Horizons, tau2-bench Airline, " in text
    assert "Waits for the operator\nOSWorld 2 is new, 16 rows" in text
    assert "gapbrief data" not in text


async def test_it_is_for_moderators(room: Room, own_data: Path) -> None:
    assert "for this server's moderators" in words(await ask(room, room.dave))


async def test_a_moderator_asks_publishers_once_an_hour_and_reviews_who_is_newly_first(
    room: Room,
    own_data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = FirstCrosser("weirdml", "2", 90.0, "kimi-k4", "")
    done = RefreshResult(
        (), (Change("new score", "kimi-k4", "weirdml 2", None, 90.5),), Effects((), (first,), ("", "")), 2
    )
    asked: list[datetime] = []

    async def refresh_now(_services: object, now: datetime) -> RefreshResult:
        asked.append(now)
        last_refresh.save_outcomes(own_data, now, [])
        return done

    monkeypatch.setattr(cog.daily, "refresh_now", refresh_now)
    shown = await ask(room)
    after = words((await room.press(shown, "Refresh now")).response)
    assert "1 change. Please review: kimi-k4 is newly first at 90 on weirdml." in after
    again = words((await room.press(shown, "Refresh now")).response)
    assert "Publishers were asked 0 minutes ago; once an hour is enough." in again
    assert len(asked) == 1
    last_refresh.save_outcomes(own_data, datetime(2026, 11, 28, 8, tzinfo=UTC), [])
    last_refresh.save_attempt(own_data, datetime.now(UTC))  # which may run, or was killed
    assert "once an hour is enough" in words((await room.press(shown, "Refresh now")).response)
    assert len(asked) == 1
    assert datetime.now(UTC) - asked[0] < timedelta(minutes=5)
