"""Without a network a refresh ends soon, in one sentence; one host that can't be reached stops nobody else."""

import asyncio
import json
import socket
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.refresh import last_refresh, refreshing
from bot.refresh.refreshing import RefreshResult
from core.errors import NoNetworkError
from core.refresh.publishers import Publisher
from tests.bot.conftest import Run, free_port
from tests.bot.refresh.conftest import FETCH, NOON, Site, weirdml

SENTENCE = r"and try again; the data stay as they are\."


def at(publisher: Publisher, address: str) -> Publisher:
    """The publisher with all its files at an address."""
    files = tuple(replace(file, address=address, listing=None, page=None) for file in publisher.files)
    return replace(publisher, files=files)


def refresh(site: Site, publishers: Sequence[Publisher], *, dry_run: bool = False) -> RefreshResult:
    return asyncio.run(refreshing.refresh(site.settings, publishers, NOON, fetch=FETCH, dry_run=dry_run))


@pytest.fixture
def refusing(site: Site) -> list[Publisher]:
    """All publishers, each at one of five loopback addresses that refuse."""
    port = free_port()
    return [
        at(publisher, f"http://127.0.0.{2 + number % 5}:{port}/{name}")
        for number, (name, publisher) in enumerate(site.publishers.items())
    ]


def test_where_no_host_can_be_connected_to_one_sentence_says_so_and_what_to_do(
    site: Site, refusing: list[Publisher]
) -> None:
    with pytest.raises(NoNetworkError, match=rf"^No publisher can be reached \(127\.0\.0\..*{SENTENCE}$"):
        refresh(site, refusing, dry_run=True)
    assert (site.in_use, last_refresh.read_attempt(site.settings.data)) == (None, None), "a dry run keeps nothing"


def test_where_no_name_is_resolved_it_ends_at_the_first_tries(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fail(host: str, *_: object, **__: object) -> None:
        asked.append(host)
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    began = time.monotonic()
    with pytest.raises(NoNetworkError, match=r"raw\.githubusercontent\.com"):
        asyncio.run(refreshing.refresh(site.settings, [*refreshing.known_publishers().values()], NOON))
    assert time.monotonic() - began < 2, "it waits for no further try"
    assert len(asked) <= 8


@pytest.mark.slow
def test_that_is_kept_for_the_operator_and_tried_again_before_a_day_is_over(
    site: Site, refusing: list[Publisher]
) -> None:
    for _ in range(3):
        with pytest.raises(NoNetworkError):
            refresh(site, refusing)
    [doubt] = last_refresh.find_doubts(site.settings.data, NOON)
    assert doubt.startswith("2026-11-28 at 12:00 UTC: No publisher can be reached")
    attempt = last_refresh.read_attempt(site.settings.data)
    assert attempt.number == 1, "nothing was stopped, so the next try waits no longer than the last one"
    site.serve(weirdml())
    site.refresh(now=NOON + timedelta(hours=1))
    assert last_refresh.find_doubts(site.settings.data, NOON) == []


@pytest.mark.slow
def test_hosts_that_are_down_stop_nobody_where_another_one_answers(site: Site, refusing: list[Publisher]) -> None:
    site.serve(weirdml())
    others = [publisher for publisher in refusing if publisher.name != "weirdml"][:2]
    done = refresh(site, [site.publishers["weirdml"], *others])
    assert [outcome.state for outcome in done.outcomes] == ["new", "failed", "failed"]


def test_one_publisher_alone_is_that_publishers_fault(site: Site, refusing: list[Publisher]) -> None:
    [outcome] = refresh(site, refusing[:1]).outcomes
    assert outcome.state == "failed"
    assert "can't be read (it can't be reached)" in outcome.why


def test_who_runs_it_reads_one_line(
    site: Site, refusing: list[Publisher], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "known_publishers", lambda: {publisher.name: publisher for publisher in refusing})
    monkeypatch.setattr(refreshing, "refresh", partial(refreshing.refresh, fetch=FETCH))
    result = run("data", "refresh", GAPBRIEF_DB=str(site.settings.db))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert json.loads((site.settings.data / "refresh_attempt.json").read_text())["no_network"] in result.stderr
