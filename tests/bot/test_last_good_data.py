"""With tables of `data/` that can't be used, the last good data stay in use in every face, and the operator is told."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from mcp import Client
from structlog.testing import capture_logs

import gapbrief
from bot.answers import Answers
from bot.doctor import examine
from bot.newsroom.writing import Writer
from bot.services import Services, check_files
from bot.settings import Settings
from bot.state.database import State, open_state
from bot.web.app import make_app
from bot.web.mcp_server import make_server
from bot.web.server import health_of
from bot.web.site import Site
from core.errors import DataError
from core.questions import GapQuestion
from core.store.file import OWN
from core.store.tables import TABLES
from tests.bot.conftest import Cli
from tests.bot.discord.conftest import started_anew
from tests.conftest import ROOT

TODAY = date(2026, 12, 1)


@dataclass(frozen=True)
class Broken:
    """Settings whose tables can't be used, and the one sentence that says why."""

    settings: Settings
    why: str

    @property
    def environment(self) -> dict[str, str]:
        return {"GAPBRIEF_DB": str(self.settings.db), "GAPBRIEF_DATA": str(self.settings.data)}


def copy_tables(data: Path) -> None:
    data.mkdir(exist_ok=True)
    for table in TABLES:
        shutil.copyfile(table.path(ROOT / "data"), table.path(data))


def spoil(data: Path) -> str:
    scores = data / "scores.csv"
    scores.write_text(scores.read_text(encoding="utf-8").replace(",41.8,", ",101,", 1), encoding="utf-8")
    return 'scores.csv, line 2, column score: "101" is no score in percent. The last good data stays in use.'


def remove(data: Path) -> str:
    shutil.rmtree(data)
    return (
        f"The data in {data} are gone; restore them, or delete {data.parent / 'home' / 'evidence.db'} to use"
        " the data that came with gapbrief."
    )


def note_own_tables(db: Path) -> None:
    """Let an evidence file say that it was made of a folder of its own, as one of refreshed data is."""
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'made_of'", (OWN,))


@pytest.fixture(params=[spoil, remove])
def broken(request: pytest.FixtureRequest, unopened_file: Path, tmp_path: Path) -> Broken:
    """The shipped evidence file, and a copy of the shipped tables that somebody broke since."""
    data, db = tmp_path / "tables", tmp_path / "home" / "evidence.db"
    copy_tables(data)
    db.parent.mkdir()
    shutil.copyfile(unopened_file, db)
    note_own_tables(db)
    why = request.param(data)
    return Broken(Settings(db, data, f"sqlite:///{tmp_path / 'state.db'}"), why)


@pytest.fixture
def state(broken: Broken) -> Iterator[State]:
    opened = open_state(broken.settings.state_url)
    yield opened
    opened.close()


@pytest.mark.slow
def test_the_command_answers_and_says_why_on_standard_error(cli: Cli, broken: Broken) -> None:
    for words in (("gap",), ("gap", "--json"), ("frontier", "gpqa"), ("sources",)):
        good, bad = cli.process(*words), cli.process(*words, **broken.environment)
        assert bad == (0, good[1], f"{broken.why}\n")
    code, shown, why = cli.process("data", "status", **broken.environment)
    assert (code, why) == (0, f"{broken.why}\n")
    assert "Evidence file" in shown


def test_the_python_face_answers_and_warns(monkeypatch: pytest.MonkeyPatch, broken: Broken) -> None:
    for name, value in broken.environment.items():
        monkeypatch.setenv(name, value)
    for ask, least in ((lambda: gapbrief.gap().frame(), 2), (gapbrief.scores, 1000)):
        with pytest.warns(UserWarning, match=r"\.csv|are gone") as caught:
            assert len(ask()) >= least
        [warning] = caught
        assert (str(warning.message), warning.filename) == (broken.why, __file__)


@pytest.mark.slow
def test_pages_and_the_api_answer_and_the_health_says_why(broken: Broken, state: State) -> None:
    services = Services(broken.settings, state, lambda: TODAY)
    asyncio.run(services.answers.refresh())
    with TestClient(make_app(lambda: health_of(services, TODAY), services), base_url="http://127.0.0.1") as client:
        for path in ("/", "/benchmarks/weirdml", "/api/gap", "/feed.rss", "/charts/gap.svg"):
            assert client.get(path).status_code == 200, path
    health = health_of(services, TODAY)
    assert health["ok"]
    assert health["data"]["problem"] == broken.why
    services.close()


async def test_a_tool_of_mcp_answers(broken: Broken, state: State) -> None:
    services = Services(broken.settings, state, lambda: TODAY)
    async with Client(make_server(Site(services))) as asked:
        answer = (await asked.call_tool("gap", {})).structured_content
    assert answer["text"].startswith("Open models trail ")  # type: ignore[index]
    services.close()


async def test_discord_answers(broken: Broken, state: State) -> None:
    bot = started_anew(broken.settings, state)
    await bot.renew()
    assert (await bot.services.answers.answer(GapQuestion())).text.startswith("Open models trail ")
    assert (await bot.services.answers.brief(date(2026, 8, 22))).bullets


def test_a_brief_is_written(broken: Broken) -> None:
    assert Writer(broken.settings).write(date(2026, 8, 22), None, None).brief.bullets


async def test_the_service_says_it_in_its_log_once(broken: Broken) -> None:
    answers = Answers(broken.settings, lambda: TODAY)
    with capture_logs() as logged:
        check_files(broken.settings)
        for _ in range(3):
            await answers.refresh()
    assert [(event["log_level"], event["reason"]) for event in logged] == [("warning", broken.why)]


def test_the_doctor_says_it(broken: Broken) -> None:
    checks = {check.name: check for check in examine(broken.settings, TODAY)}
    assert (checks["data tables"].state, checks["data tables"].text) == ("wrong", broken.why)
    assert checks["evidence"].state == "well"


async def test_mended_tables_are_used_by_the_next_look(broken: Broken) -> None:
    answers = Answers(broken.settings, lambda: TODAY)
    await answers.refresh()
    assert answers.warning == broken.why
    copy_tables(broken.settings.data)
    await answers.refresh()
    assert (answers.warning, answers.names.warning) == ("", "")


@pytest.mark.parametrize("broken", [spoil], indirect=True)
@pytest.mark.slow
def test_where_there_are_no_last_good_data_the_command_says_what_is_wrong(cli: Cli, broken: Broken) -> None:
    broken.settings.db.unlink()
    code, shown, why = cli.process("gap", **broken.environment)
    assert (code, shown, why) == (1, "", f"{broken.why}\n")
    with pytest.raises(DataError):
        Answers(broken.settings).compute(GapQuestion())
