"""Once a day while the service runs: what came of it is kept, seen by the operator, and shown to whoever asks next."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.doctor import examine
from bot.refresh import daily, last_refresh, refreshing
from bot.refresh.downloading import Limits, download
from bot.refresh.last_refresh import Outcome
from bot.services import Services
from bot.state.database import open_state
from bot.web.metrics import Metrics
from bot.web.server import health_of
from tests.bot.refresh.conftest import NOON, Site, weirdml
from tests.fakes import publishers as fake

FAILED = Outcome("aider", "failed", "Aider answers with 500; try again later.")
HELD = Outcome("weirdml", "held back", "each row is there twice")


def test_before_the_first_time_there_is_nothing_to_tell(site: Site) -> None:
    assert last_refresh.last_refresh(site.settings.data) is None
    assert last_refresh.doubts(site.settings.data, NOON) == []


def test_what_came_of_the_last_time_is_kept_until_that_publisher_is_asked_again(site: Site) -> None:
    site.settings.data.mkdir()
    last_refresh.note(site.settings.data, NOON, [FAILED, HELD])
    last_refresh.note(site.settings.data, NOON + timedelta(hours=1), [Outcome("aider", "unchanged")])
    last = last_refresh.last_refresh(site.settings.data)
    assert last is not None
    assert (last.failed, last.held_back) == ({}, {"weirdml": "each row is there twice"})
    assert last_refresh.doubts(site.settings.data, NOON) == [
        "weirdml is held back: each row is there twice; `gapbrief data refresh weirdml --accept` takes it"
    ]
    assert last_refresh.doubts(site.settings.data, NOON + timedelta(days=4))[0].startswith(
        "publishers were asked last 3 days ago"
    )


def test_a_damaged_account_counts_as_none(site: Site) -> None:
    site.settings.data.mkdir()
    (site.settings.data / "last_refresh.json").write_text("{", encoding="utf-8")
    assert last_refresh.last_refresh(site.settings.data) is None


def test_the_operator_sees_when_it_was_and_what_is_not_used(site: Site) -> None:
    checks = {(each.state, each.says) for each in examine(site.settings, NOON.date()) if each.what == "refresh"}
    assert checks == {
        ("missing", "never yet; `gapbrief data refresh` adds new scores, as `gapbrief run` does once a day")
    }
    site.settings.data.mkdir()
    now = datetime.now(UTC)
    last_refresh.note(site.settings.data, now, [FAILED])
    checks = {(each.state, each.says) for each in examine(site.settings, NOON.date()) if each.what == "refresh"}
    assert checks == {
        ("well", f"publishers were asked on {now:%Y-%m-%d at %H:%M} UTC"),
        ("wrong", "aider can't be had: Aider answers with 500; try again later."),
    }


def test_the_service_asks_when_a_day_is_over_and_its_health_says_what_came_of_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve(weirdml())
    site.serve(fake.status(500), "aider")
    quick = partial(download, may_reach=lambda _address: True, limits=Limits(tries=1))
    monkeypatch.setattr(refreshing, "declared", lambda: {name: site.publishers[name] for name in ("aider", "weirdml")})
    monkeypatch.setattr(refreshing.refresh, "__kwdefaults__", {**refreshing.refresh.__kwdefaults__, "fetch": quick})
    state = open_state(site.settings.state_url)
    services = Services(site.settings, state)
    try:
        for _ in range(2):
            asyncio.run(daily.refresh_when_due(services))
        assert len([asked for asked in site.served.asked if "weirdml" in asked.path]) == 1
        health = health_of(services)
        assert health["data"]["refresh"]["failed"].keys() == {"aider"}
        text = Metrics().text(state, health).decode()
        assert 'gapbrief_refresh_without_data{state="failed"} 1.0' in text
        assert "gapbrief_refresh_timestamp_seconds" in text
    finally:
        services.close()
