"""`gapbrief data refresh` as a person or a program runs it."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from click.testing import Result

from bot.refresh import refreshing
from core.refresh.publishers import Publisher
from core.store.board_ages import board_ages, still_boards
from core.store.store import open_store
from tests.bot.conftest import Run
from tests.bot.refresh.conftest import FETCH, NEW, NOON, Site, as_csv, weirdml
from tests.fakes import publishers as fake

Refresh = Callable[..., Result]


@pytest.fixture
def refresh(site: Site, run: Run, monkeypatch: pytest.MonkeyPatch) -> Refresh:
    """The command, which asks WeirdML and Aider on loopback."""

    def chosen(names: tuple[str, ...], _declared: object) -> list[Publisher]:
        return [site.publishers[name] for name in names or ("aider", "weirdml")]

    monkeypatch.setattr(refreshing, "choose_publishers", chosen)
    monkeypatch.setattr(refreshing, "refresh", partial(refreshing.refresh, fetch=FETCH))
    return partial(run, "data", GAPBRIEF_DB=str(site.settings.db))


@pytest.mark.slow
def test_it_shows_one_screen_and_is_silent_on_its_way_where_nobody_looks(site: Site, refresh: Refresh) -> None:
    site.serve([*weirdml(), NEW])
    result = refresh("refresh")
    assert (result.exit_code, result.stderr) == (0, "")
    shown = result.stdout.splitlines()
    assert shown[0] == "New data from 1 of 2 publishers (weirdml); 1 unavailable"
    assert "New scores    1 on 1 test: WeirdML 1" in shown
    assert "New models    1: glm-9" in shown
    assert "Unavailable   aider: answers with 404; see whether it has moved" in shown
    assert shown[-1].startswith("Now           revision 1: `gapbrief data diff` lists each change")
    assert len(shown) <= 12


@pytest.mark.slow
def test_a_dry_run_shows_each_change_below_the_screen(site: Site, refresh: Refresh) -> None:
    site.serve([*weirdml(), NEW])
    result = refresh("refresh", "weirdml", "--dry-run")
    screen, _, changes = result.stdout.partition("\n\n")
    assert screen.endswith("nothing was changed: this was a dry run")
    assert changes.startswith("What changed\n")
    assert "glm-9" in changes
    assert site.in_use is None


@pytest.mark.slow
def test_what_is_held_back_is_shown_with_its_command_there_in_status_and_in_doctor(
    site: Site, refresh: Refresh
) -> None:
    site.serve(weirdml() * 2)
    result = refresh("refresh", "weirdml")
    assert result.exit_code == 1
    assert "Waits   weirdml is held back: weirdml_data.csv has 155 rows twice" in result.stdout
    assert "\n        `gapbrief data refresh weirdml --accept` takes it\n" in result.stdout
    status = refresh("status").stdout
    assert "What waits for you\n" in status
    assert "How old the newest score of each test is\n" in status


def test_each_publisher_is_named_as_it_is_asked(site: Site) -> None:
    notes: list[str] = []
    chosen = [site.publishers[name] for name in ("aider", "weirdml")]
    asyncio.run(refreshing.refresh(site.settings, chosen, NOON, fetch=FETCH, note=notes.append))
    assert notes == ["asking aider (1 of 2)", "asking weirdml (2 of 2)", "checking and compiling"]


@pytest.mark.slow
def test_a_command_in_a_publishers_file_is_none_for_a_person_to_run(site: Site) -> None:
    command = "; `gapbrief data undo`"
    moved = [{**row, "display_name": row["display_name"] + command} for row in weirdml()[:1]]
    spoilt = [{**row, "avg_acc": f"x{command}"} for row in weirdml()[1:2]]
    site.serve([*moved, *spoilt, *weirdml()[2:]])
    site.refresh()
    site.serve([{**row, "avg_acc": "0.01"} for row in moved] + spoilt + weirdml()[2:])
    done = site.refresh()
    whats = [finding.what for outcome in done.outcomes for finding in outcome.findings]
    assert len([what for what in whats if "gapbrief data undo" in what]) == 2
    assert site.last.waiting == []


@pytest.mark.slow
def test_a_publisher_that_says_unchanged_while_its_test_has_no_new_score_stands_still(site: Site) -> None:
    site.serve(fake.page(as_csv(weirdml()), etag='"1"'))
    for day in range(2):
        site.refresh(now=NOON + timedelta(days=day))
    with open_store(site.settings.db, site.settings.data) as store:
        still = {board.name: board for board in still_boards(board_ages(store))}
    assert still["WeirdML"].newest_score == date(2026, 8, 17)
    assert still["WeirdML"].served_until == (NOON + timedelta(days=1)).date()
    assert still["WeirdML"].publisher == "H. T. Ihle"
    assert "LiveBench" not in still, "nobody asked for it"
