"""The one object that faces are handed: each part is made when it is used, and is then the one."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from bot.services import check_files, open_services
from bot.settings import Settings
from bot.state.database import open_state
from bot.state.notes import keep_note
from bot.web.server import health_of
from core.errors import DataError
from core.questions import GapQuestion
from tests.bot.conftest import Cli, free_port
from tests.conftest import ROOT


@pytest.fixture
def settings(evidence_file: Path, tmp_path: Path) -> Settings:
    return Settings(evidence_file, ROOT / "data", f"sqlite:///{tmp_path / 'state.db'}")


async def test_each_part_is_made_when_it_is_used_and_is_then_the_one(settings: Settings) -> None:
    with open_services(settings) as services:
        services.stop()
        assert not {"answers", "assistant", "pictures", "writer"} & vars(services).keys()
        assert services.answers is services.answers
        assert services.writer.settings is services.answers.settings is settings
        answer = await services.answers.answer(GapQuestion())
        assert answer.lines == services.answers.compute(GapQuestion()).lines


def test_health_is_not_well_while_backups_cant_be_made(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_services(settings) as services:
        for job, is_well in (("backup", False), ("refresh", True)):
            jobs = {job: {"last_run": None, "last_error": "It can't be written.", "next_run": None}}
            monkeypatch.setitem(vars(services), "scheduler", SimpleNamespace(jobs=lambda jobs=jobs: jobs))
            health = health_of(services)
            assert (health["ok"], health["state"]["ok"], health["jobs"]) == (is_well, True, jobs)


def test_misspelt_settings_are_logged_in_one_line_before_a_service_starts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPBREIF_REFRESH", "off")
    monkeypatch.setenv("GAPBRIEF_LOG_LEVEL", "debug")
    with capture_logs() as logged:
        check_files(settings)
    [line] = [event for event in logged if "names" in event]
    assert line["event"] == "settings that do not exist have no effect"
    assert set(line["names"]) == {"GAPBREIF_REFRESH (did you mean GAPBRIEF_REFRESH?)", "GAPBRIEF_LOG_LEVEL"}


def test_health_tells_of_a_disk_without_room_until_there_is_some(settings: Settings) -> None:
    with open_services(settings) as services:
        assert health_of(services)["ok"]
        with services.state.begin() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(DataError):
            keep_note(services.state, "long", "x" * 1_000_000)
        health = health_of(services)
        assert (health["ok"], "is full; free some space" in health["state"]["problem"]) == (False, True)
        with services.state.begin() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        assert health_of(services)["ok"]


def with_a_hole(file: Path) -> bytes:
    """Zero one page in the middle of a file."""
    whole = bytearray(file.read_bytes())
    page = len(whole) // 2 // 4096
    whole[page * 4096 : (page + 1) * 4096] = bytes(4096)
    file.write_bytes(whole)
    return bytes(whole)


def test_before_a_service_starts_a_damaged_evidence_file_is_made_anew(
    settings: Settings, unopened_file: Path, tmp_path: Path
) -> None:
    db = tmp_path / "evidence.db"
    db.write_bytes(unopened_file.read_bytes())
    damaged = with_a_hole(db)
    own_settings = replace(settings, db=db)
    with capture_logs() as logged:
        check_files(own_settings)
        check_files(own_settings)
    assert [event["event"] for event in logged] == ["the evidence file was damaged and has been rebuilt"]
    assert db.read_bytes() != damaged
    assert not (tmp_path / "state.db").exists()


@pytest.mark.slow
def test_no_service_starts_on_a_damaged_state(cli: Cli, settings: Settings, tmp_path: Path) -> None:
    file, url = tmp_path / "state.db", settings.state_url
    open_state(url).close()
    damaged = with_a_hole(file)
    with pytest.raises(DataError, match="is damaged; stop gapbrief, and restore a backup with"):
        check_files(settings)
    for command in ("serve", "run"):
        code, shown, why = cli.process(command, GAPBRIEF_STATE_URL=url, GAPBRIEF_PORT=str(free_port()))
        assert (code, shown) == (1, "")
        assert why.splitlines()[-1] == (
            f"The state at {url} is damaged; stop gapbrief, and restore a backup with `gapbrief state restore FILE`."
        )
        assert "Traceback" not in why
    assert file.read_bytes() == damaged
