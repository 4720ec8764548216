"""Once a day while the service runs: what came of it is kept, seen by the operator, and shown to whoever asks next."""

import asyncio
import shlex
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from structlog.testing import capture_logs

from bot.doctor import examine
from bot.refresh import daily, last_refresh, own_changes, refreshing
from bot.refresh.last_refresh import Outcome
from bot.services import Services
from bot.state.database import open_state
from bot.web.metrics import Metrics
from bot.web.server import health_of
from core.errors import NoNetworkError
from core.refresh.snapshot_checks import Finding
from tests.bot.refresh.conftest import FETCH, NOON, Site, weirdml
from tests.fakes import publishers as fake

FAILED = Outcome("aider", "failed", "Aider answers with 500; try again later.")
HELD = Outcome("weirdml", "held back", "each row is there twice")
ODD = Finding("warn", "gpt-5.5 on weirdml 2 moved from 84.9 to 80")
MORE = Finding("warn", "o3 on weirdml 2 moved from 50 to 60")
WAITS = Finding("warn", "OSWorld 2 is new, 16 rows; to count it: `gapbrief data count osworld private`")
HELD_MODEL = Finding("warn", "kimi-k4 waits; `gapbrief data classify kimi-k4 open|closed --evidence URL` settles it")


def save(site: Site, *outcomes: Outcome, at: datetime = NOON) -> None:
    """Keep what came of a refresh."""
    site.settings.data.mkdir(exist_ok=True)
    last_refresh.save_outcomes(site.settings.data, at, outcomes)


def refresh_checks(site: Site) -> list[tuple[str, str]]:
    """What the operator sees of the refresh: the state and the text of each row."""
    return [(check.state, check.text) for check in examine(site.settings, NOON.date()) if check.name == "refresh"]


def test_what_came_of_the_last_time_is_kept_until_that_publisher_is_asked_again(site: Site) -> None:
    assert (site.last, last_refresh.find_doubts(site.settings.data, NOON)) == (None, [])
    save(site, FAILED, HELD)
    save(site, Outcome("aider", "unchanged"), at=NOON + timedelta(hours=1))
    assert (site.last.failed, site.last.held_back) == ({}, {"weirdml": "each row is there twice"})
    held_back = "weirdml is held back: each row is there twice; `gapbrief data refresh weirdml --accept` takes it"
    assert last_refresh.find_doubts(site.settings.data, NOON) == [held_back]
    first, *_ = last_refresh.find_doubts(site.settings.data, NOON + timedelta(days=4))
    assert first.startswith("publishers were last asked 3 days ago")


def findings_after(site: Site, state: str, *findings: Finding) -> list[str]:
    """What is kept of WeirdML's findings after an outcome."""
    save(site, Outcome("weirdml", state, findings=findings))
    return site.last.findings.get("weirdml", [])


def test_what_is_odd_stays_until_there_are_newer_data(site: Site) -> None:
    assert findings_after(site, "new", ODD, WAITS) == [ODD.what, WAITS.what]
    for state in ("unchanged", "failed", "held back"):
        assert findings_after(site, state) == [ODD.what, WAITS.what]
    assert findings_after(site, "unchanged", WAITS) == [WAITS.what, ODD.what]
    assert findings_after(site, "new") == []
    stop = Finding("stop", "each row is there twice")
    assert findings_after(site, "held back", stop) == [], "its reason says so"


def test_what_is_held_of_open_and_closed_is_told_while_it_is_found(site: Site) -> None:
    assert findings_after(site, "new", HELD_MODEL, ODD) == [HELD_MODEL.what, ODD.what]
    assert findings_after(site, "unchanged", HELD_MODEL) == [HELD_MODEL.what, ODD.what]
    assert findings_after(site, "unchanged") == [ODD.what], "a second publisher has agreed"


@pytest.mark.slow
def test_what_a_person_has_settled_waits_no_more(site: Site) -> None:
    row = own_changes.make_openness(site.settings, "gpt-5", "closed", "https://example.org/gpt-5", NOON.date())
    what = f"{row.model} waits; `gapbrief data classify {row.model} open|closed --evidence URL` settles it"
    save(site, Outcome("weirdml", "new", findings=(Finding("warn", what), WAITS)))
    refreshing.change(site.settings, NOON, f"classify {row.model} closed", lambda last: last.with_row(row))
    assert site.last.waiting == [WAITS.what]


@pytest.mark.parametrize("model", ["Claude Instant", "o'mini", "x"])
def test_what_waits_is_settled_by_its_own_command_alone(site: Site, model: str) -> None:
    findings = [
        f"{name} waits; `gapbrief data classify {shlex.quote(name)} open|closed --evidence URL` settles it"
        for name in ("Claude Instant", "Claude", "o'mini", "x")
    ]
    save(site, Outcome("weirdml", "new", findings=tuple(Finding("warn", what) for what in findings)))
    last_refresh.drop_settled(site.settings.data, f"classify {model} closed, by https://example.org")
    dropped = set(findings) - set(site.last.waiting)
    assert {what.partition(" waits")[0] for what in dropped} - {"Claude"} == {model}


@pytest.mark.slow
def test_however_much_is_odd_little_of_it_is_kept(site: Site) -> None:
    odd = tuple(Finding("warn", f"{number} \x1b\u202e" + "x" * 10_000) for number in range(10_000))
    findings = findings_after(site, "new", *odd)
    assert (site.settings.data / "last_refresh.json").stat().st_size < 20_000
    assert findings
    assert all(what.isprintable() for what in findings)


def test_a_damaged_account_counts_as_none(site: Site) -> None:
    site.settings.data.mkdir()
    (site.settings.data / "last_refresh.json").write_text("{", encoding="utf-8")
    assert site.last is None


@pytest.mark.slow
def test_the_operator_sees_when_it_was_what_is_not_used_what_waits_and_how_much_is_odd(site: Site) -> None:
    never = "never yet; `gapbrief data refresh` adds new scores, as `gapbrief run` does once a day"
    assert refresh_checks(site) == [("missing", never)]
    now = datetime.now(UTC)
    save(site, FAILED, Outcome("weirdml", "new", findings=(ODD, WAITS, MORE)), at=now)
    assert refresh_checks(site) == [
        ("well", f"publishers were asked on {now:%Y-%m-%d at %H:%M} UTC"),
        ("wrong", "no data from aider: Aider answers with 500; try again later."),
    ]
    checks = [(check.state, check.name, check.text) for check in examine(site.settings, NOON.date())]
    odd = "2 remarks on the newest data of weirdml; `gapbrief data status` lists all"
    assert {("missing", "waits for you", WAITS.what), ("missing", "odd data", odd)} <= {*checks}


@pytest.mark.slow
def test_a_refresh_that_reached_nobody_is_known_after_a_restart_in_one_row(site: Site) -> None:
    sentence, now = "No publisher can be reached (a.example was tried): try again.", datetime.now(UTC)
    site.settings.data.mkdir()
    last_refresh.save_no_network(site.settings.data, now, sentence)
    services = Services(site.settings, open_state(site.settings.state_url))
    try:
        with pytest.raises(NoNetworkError, match="No publisher can be reached") as raised:
            asyncio.run(daily.refresh_when_due(services))  # not due yet
        assert str(raised.value) == sentence
    finally:
        services.close()
    assert refresh_checks(site) == [("wrong", f"{now:%Y-%m-%d at %H:%M} UTC: {sentence}")]


@pytest.mark.slow
def test_the_service_asks_when_a_day_is_over_and_its_health_says_what_came_of_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve([{**row, "avg_acc": "0.8"} if row["display_name"] == "gpt-5.5 (xhigh)" else row for row in weirdml()])
    site.serve(fake.status(500), "aider")
    monkeypatch.setattr(
        refreshing, "known_publishers", lambda: {name: site.publishers[name] for name in ("aider", "weirdml")}
    )
    monkeypatch.setattr(refreshing.refresh, "__kwdefaults__", {**refreshing.refresh.__kwdefaults__, "fetch": FETCH})
    state = open_state(site.settings.state_url)
    services = Services(site.settings, state)
    try:
        monkeypatch.setattr(daily, "log", structlog.get_logger())  # one that no other test has set up
        with capture_logs() as logged:
            for _ in range(2):
                asyncio.run(daily.refresh_when_due(services))
        assert len([asked for asked in site.served.asked if "weirdml" in asked.path]) == 1
        assert [(entry["publisher"], entry["what"]) for entry in logged if "what" in entry] == [
            ("weirdml", "gpt-5.5 (xhigh) on weirdml 2 moved from 84.915 to 80")
        ]
        assert [entry["publisher"] for entry in logged if "why" in entry] == ["aider"]
        health = health_of(services)
        assert health["data"]["refresh"]["failed"].keys() == {"aider"}
        text = Metrics().text(state, health).decode()
        assert 'gapbrief_refresh_without_data{state="failed"} 1.0' in text
        assert "gapbrief_refresh_waiting 0.0" in text
        assert "gapbrief_refresh_timestamp_seconds" in text
    finally:
        services.close()
