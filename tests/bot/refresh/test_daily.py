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
from core.evidence.snapshot_checks import Finding
from tests.bot.refresh.conftest import NOON, Site, weirdml
from tests.fakes import publishers as fake

FAILED = Outcome("aider", "failed", "Aider answers with 500; try again later.")
HELD = Outcome("weirdml", "held back", "each row is there twice")
ODD = Finding("warn", "gpt-5.5 on weirdml 2 moved from 84.9 to 80")
WAITS = Finding("warn", "new board: OSWorld 2, 16 rows", "gapbrief data refresh epoch-hub --accept")


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


def test_what_is_odd_stays_until_there_are_newer_data_or_something_else_is_odd(site: Site) -> None:
    site.settings.data.mkdir()

    def after(state: str, *findings: Finding) -> dict[str, list[Finding]]:
        last_refresh.note(site.settings.data, NOON, [Outcome("weirdml", state, findings=findings)])  # type: ignore[arg-type]
        last = last_refresh.last_refresh(site.settings.data)
        assert last is not None
        return last.findings

    assert after("new", ODD, WAITS) == {"weirdml": [ODD, WAITS]}
    for state in ("unchanged", "failed", "held back"):
        assert after(state) == {"weirdml": [ODD, WAITS]}
    assert after("unchanged", WAITS) == {"weirdml": [WAITS]}
    assert after("new") == {}


def test_however_much_is_odd_little_of_it_is_kept(site: Site) -> None:
    site.settings.data.mkdir()
    odd = tuple(Finding("warn", f"{number} \x1b\u202e" + "x" * 10_000) for number in range(10_000))
    last_refresh.note(site.settings.data, NOON, [Outcome("weirdml", "new", findings=odd)])
    assert (site.settings.data / "last_refresh.json").stat().st_size < 20_000
    last = last_refresh.last_refresh(site.settings.data)
    assert last is not None
    assert all(finding.what.isprintable() for finding in last.findings["weirdml"])


def test_the_operator_sees_what_waits_with_its_command_and_how_much_is_odd(site: Site) -> None:
    site.settings.data.mkdir()
    last_refresh.note(site.settings.data, datetime.now(UTC), [Outcome("weirdml", "new", findings=(ODD, WAITS, ODD))])
    checks = [(each.state, each.what, each.says) for each in examine(site.settings, NOON.date())]
    assert ("missing", "waits for you", f"{WAITS.what}; `{WAITS.settle}`") in checks
    odd = "2 remarks on the newest data of weirdml; `gapbrief data status` lists all"
    assert ("missing", "odd data", odd) in checks


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
        assert "gapbrief_refresh_waiting 0.0" in text
        assert "gapbrief_refresh_timestamp_seconds" in text
    finally:
        services.close()
