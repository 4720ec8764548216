"""`gapbrief doctor`: what works, what is missing, and how to turn it on."""

import asyncio
import json
import os
import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from aiohttp import web
from click.testing import Result

import bot.doctor
import bot.health_checks
from bot.doctor import _check_running, examine
from bot.newsroom import workflow
from bot.newsroom.targets import RefusedError
from bot.newsroom.targets.webhook import new_secret
from bot.refresh.last_refresh import save_no_network
from bot.settings import Settings
from bot.state import target_rows
from bot.state.database import open_state
from bot.state.protection import StateGoneError
from tests.bot.conftest import Cli, Run
from tests.bot.kept import send_due
from tests.bot.newsroom.listener import listening
from tests.bot.newsroom.newsroom import FakeTarget, made, raising
from tests.conftest import ROOT
from tests.fakes.endless import Endless, Kind

TODAY = date(2026, 10, 20)
"""A day on which the shipped data, complete to 28 September, are not old."""


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bot.conftest.TODAY", TODAY)


@pytest.fixture(autouse=True)
def _refresh_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what other tests must have off be as nobody set it: nothing here asks a publisher."""
    monkeypatch.delenv("GAPBRIEF_REFRESH")


@pytest.fixture(autouse=True)
def _as_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be no root who looks, whoever runs the tests."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.mark.parametrize(("user", "warned"), [(0, True), (1000, False)])
def test_root_is_warned(monkeypatch: pytest.MonkeyPatch, run: Run, user: int, warned: bool) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    result = run("doctor")
    assert result.exit_code == 0
    assert ("–      user             root, who can read and change everything here" in result.stdout) is warned


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the optional packages."""
    monkeypatch.setattr(bot.health_checks, "find_spec", lambda name: None)


@pytest.mark.usefixtures("bare")
def test_a_bare_machine_is_told_in_fifteen_lines_what_works_and_what_each_missing_thing_adds(
    evidence_file: Path, tmp_path: Path
) -> None:
    checks = examine(Settings(evidence_file, ROOT / "data", f"sqlite:///{tmp_path / 'state.db'}"), TODAY)
    assert [(check.state, check.name) for check in checks] == [
        ("well", "gapbrief"), ("well", "evidence"), ("well", "data age"),
        ("missing", "standing still"), ("missing", "old tests"), ("missing", "refresh"),
        ("well", "state"), ("missing", "secret key"),
        ("well", "web pages"), ("missing", "Discord"), ("missing", "model"), ("missing", "public address"),
        ("missing", "services"), ("missing", "articles"), ("missing", "MCP"),
    ]  # fmt: skip
    of_data = ("standing still", "old tests")
    missing = {check.name: check.text for check in checks if check.state == "missing" and check.name not in of_data}
    for what, wanted in (("Discord", "DISCORD_TOKEN"), ("model", "GAPBRIEF_LLM_MODEL"), ("model", "OPENAI_API_KEY"),
                         ("public address", "GAPBRIEF_PUBLIC_URL"), ("services", "pip install 'gapbrief[notify]'"),
                         ("articles", "pip install 'gapbrief[articles]'"),
                         ("MCP", "pip install 'gapbrief[mcp]'")):  # fmt: skip
        assert wanted in missing[what]
    assert all(" adds " in says for says in missing.values())
    assert not (tmp_path / "state.db").exists()


def test_all_is_well_with_the_shipped_data(run: Run, evidence_file: Path) -> None:
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    looked_at, set_ = result.stdout.split("\n\n")
    lines = [line.split(maxsplit=2) for line in (*looked_at.splitlines(), *set_.splitlines())]
    assert len(looked_at.splitlines()) == 15, looked_at
    assert {line[0] for line in lines} <= {"ok", "–"}
    assert "data age         newest complete snapshot 2026-09-28, 22 days old" in result.stdout
    assert ["ok", "GAPBRIEF_DB", f"{evidence_file} (from the environment)"] in lines


def test_tests_that_stand_still_are_named_by_publisher_and_old_ones_counted(run: Run) -> None:
    shown = run("doctor").stdout
    still = "5 tests served for 60 days without a new score: METR Time Horizons (Epoch AI and"
    assert f"–      standing still   {still}" in shown
    assert "; tau2-bench Airline, tau2-bench Retail, tau2-bench Telecom (Sierra); MATH Level 5 (Epoch AI)\n" in shown
    old = r"\d+ tests without a new score for 60 days, and not served since: WeirdML, "
    assert re.search(rf"–      old tests +{old}", shown)


def test_what_is_set_is_shown_with_where_and_no_secret_is(run: Run) -> None:
    shown = run(
        "doctor", OPENAI_API_KEY="sk-geheim", GAPBRIEF_PORT="9000", GAPBRIEF_STATE_URL="postgresql://gap:pw1@h/gap"
    ).stdout
    assert "ok     OPENAI_API_KEY     set (from the environment)\n" in shown
    assert "ok     GAPBRIEF_PORT      9000 (from the environment)\n" in shown
    assert "ok     GAPBRIEF_STATE_URL set (from the environment)\n" in shown
    assert "ok     web pages        `" in shown, "the settings have columns of their own"
    assert "`gapbrief serve` shows them at http://127.0.0.1:9000" in shown
    assert "geheim" not in shown
    assert "pw1" not in shown


@pytest.mark.slow
def test_the_dotenv_that_is_read_is_named_and_others_who_can_read_its_secrets(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.env"
    file.write_text("DISCORD_TOKEN=\nGAPBRIEF_PORT=9000\n")
    file.chmod(0o644)
    assert f"ok     .env             {file}\n" in run("doctor", GAPBRIEF_ENV_FILE=str(file)).stdout, "no secret in it"
    file.write_text("OPENAI_API_KEY=sk-geheim\n")
    opened = run("doctor", GAPBRIEF_ENV_FILE=str(file))
    assert opened.exit_code == 1
    assert (
        f"wrong  .env             {file} holds secrets, and others on this machine can read it;"
        f" `chmod 600 {file}` fixes that\n" in opened.stdout
    )
    file.chmod(0o600)
    closed = run("doctor", GAPBRIEF_ENV_FILE=str(file))
    assert closed.exit_code == 0
    assert f"ok     OPENAI_API_KEY     set (from {file})" in closed.stdout


def test_a_dotenv_of_the_current_folder_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GAPBRIEF_LLM_BASE_URL=http://127.0.0.1:6/v1\n")
    result = run("doctor", OPENAI_API_KEY="sk-geheim")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"–      .env             {tmp_path}/.env is not read; move it to " in result.stdout


def test_a_key_whose_address_is_from_another_place_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GAPBRIEF_LLM_BASE_URL=http://127.0.0.1:6/v1\n")
    result = run("--env-file", ".env", "doctor", OPENAI_API_KEY="sk-geheim", GAPBRIEF_ENV_FILE=None)
    assert result.exit_code == 1
    assert "wrong  OPENAI_API_KEY        is from the environment and GAPBRIEF_LLM_BASE_URL from " in result.stdout
    assert "sk-geheim" not in result.stdout


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"OPENAI_API_KEY": "k"}, "off despite OPENAI_API_KEY; a model's name in GAPBRIEF_LLM_MODEL, with "),
        (
            {"GAPBRIEF_LLM_BASE_URL": "http://127.0.0.1:9/v1", "GAPBRIEF_LLM_FALLBACK": "n"},
            "off despite GAPBRIEF_LLM_BASE_URL and GAPBRIEF_LLM_FALLBACK; a model's name in GAPBRIEF_LLM_MODEL, with ",
        ),
        ({"GAPBRIEF_LLM_MODEL": "m"}, "m has no server; set OPENAI_API_KEY, or GAPBRIEF_LLM_BASE_URL for another\n"),
        (
            {"GAPBRIEF_LLM_MODEL": "m", "GAPBRIEF_LLM_FALLBACK": "n", "OPENAI_API_KEY": "k"},
            "not tried yet: m, then n at OpenAI; `gapbrief doctor --llm` tries it\n",
        ),
        (
            {"GAPBRIEF_LLM_MODEL": "m", "GAPBRIEF_LLM_BASE_URL": "http://127.0.0.1:11434/v1"},
            "not tried yet: m at http://127.0.0.1:11434/v1; `gapbrief doctor --llm` tries it\n",
        ),
    ],
)  # fmt: skip
def test_a_model_that_is_set_by_half_is_told_what_lacks(run: Run, environment: dict[str, str], says: str) -> None:
    assert f"–      model            {says}" in run("doctor", **environment).stdout


def test_a_damaged_file_is_wrong_and_the_exit_code_says_so(run: Run, tmp_path: Path) -> None:
    db = tmp_path / "evidence.db"
    db.write_bytes(b"rubbish" * 1000)
    result = run("doctor", GAPBRIEF_DB=str(db))
    assert result.exit_code == 1
    assert "wrong  evidence         The evidence file " in result.stdout
    assert "move it away" in result.stdout


@pytest.mark.slow
def test_a_hole_in_the_evidence_file_is_said_and_mended(run: Run, unopened_file: Path, tmp_path: Path) -> None:
    db = tmp_path / "evidence.db"
    whole = bytearray(unopened_file.read_bytes())
    whole[50 * 4096 : 51 * 4096] = bytes(4096)
    db.write_bytes(whole)
    result = run("doctor", GAPBRIEF_DB=str(db))
    assert result.exit_code == 1
    assert f"wrong  evidence file    {db} was damaged and has been rebuilt; check its disk\n" in result.stdout
    assert run("doctor", GAPBRIEF_DB=str(db)).exit_code == 0


@pytest.mark.parametrize("hole", [slice(0, 4096), slice(2 * 4096, 3 * 4096), slice(6 * 4096, None)])
def test_a_hole_in_the_state_is_said_and_nothing_is_changed(run: Run, tmp_path: Path, hole: slice) -> None:
    file = tmp_path / "state.db"
    open_state(f"sqlite:///{file}").close()
    whole = bytearray(file.read_bytes())
    whole[hole] = bytes(len(whole[hole])) if hole.stop else b""
    file.write_bytes(whole)
    result = run("doctor")
    assert result.exit_code == 1
    assert (
        f"wrong  state            The state at sqlite:///{file} is damaged;"
        " stop gapbrief, and restore a backup with `gapbrief state restore FILE`.\n"
    ) in result.stdout
    assert file.read_bytes() == whole


def test_a_file_that_cant_be_written_works_and_says_what_is_lost(
    evidence_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # root may write everywhere
    [kept] = [check for check in examine(Settings(evidence_file, ROOT / "data"), TODAY) if check.name == "kept answers"]
    assert kept.state == "missing"
    assert "set GAPBRIEF_DB" in kept.text


@pytest.mark.slow
def test_every_line_fits_the_terminal_and_hangs_below_its_beginning(cli: Cli, tmp_path: Path) -> None:
    damaged = tmp_path / "state.db"  # that something is wrong is no matter of the day
    damaged.write_text("no database, but longer than SQLite's own hundred bytes of a header: " + "x" * 100)
    shown = cli.terminal(
        80, "doctor", ends=1, GAPBRIEF_STATE_URL=f"sqlite:///{damaged}", GAPBRIEF_LLM_MODEL="m",
        GAPBRIEF_LLM_GUILD_TOKENS="5", GAPBRIEF_PORT="9000",
    )  # fmt: skip
    lines = [line.rstrip() for line in shown.splitlines()]
    assert all(len(line) <= 80 or str(tmp_path.parent) in line for line in lines)
    looked_at, set_ = lines[: lines.index("")], lines[lines.index("") + 1 :]
    for block, begin in ((looked_at, 24), (set_, 33)):
        assert all(line[begin - 1] == " " != line[begin] for line in block)
    assert any(line.startswith(" " * 24) for line in looked_at)


@pytest.mark.parametrize(
    ("schema", "state", "says"),
    [
        (None, "well", "none yet; `gapbrief run` makes it when it first starts"),
        ("s003", "well", "from an older gapbrief; `gapbrief run` migrates it"),
        ("s006", "well", "up to date"),
        (
            "s007", "wrong",
            "made by a newer gapbrief; install the newest release to read it, or restore a backup with `gapbrief state"
            " restore FILE`",
        ),
    ],
)  # fmt: skip
def test_the_state_is_as_this_gapbrief_needs_it_or_not(
    evidence_file: Path, monkeypatch: pytest.MonkeyPatch, schema: str | None, state: str, says: str
) -> None:
    monkeypatch.setattr("bot.state.database.read_schemas", lambda _: (schema, "s006"))
    monkeypatch.setattr("bot.state.database.check_writable", lambda _: None)
    monkeypatch.setattr("bot.doctor._check_targets", lambda _: [])
    checks = examine(Settings(evidence_file, ROOT / "data", "sqlite:///state.db"), TODAY)
    assert [(check.state, check.text) for check in checks if check.name == "state"] == [(state, says)]


@pytest.mark.usefixtures("bare")
@pytest.mark.slow
def test_lines_begin_alike(evidence_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = examine(Settings(evidence_file, ROOT / "data"), TODAY)
    monkeypatch.setattr(bot.health_checks, "find_spec", lambda name: name)
    checks = (*bare, *examine(Settings(evidence_file, ROOT / "data"), TODAY))
    assert not [check for check in checks if check.text[0].isupper()]


KNOWN = "No publisher can be reached (a.example was tried): try again."


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (None, "deleted or replaced while gapbrief runs, so gapbrief starts nothing new; "),
        (str(StateGoneError()), "deleted or replaced while gapbrief runs, so gapbrief starts nothing new; "),
        ("The disk that the state is on is full.", "The disk that the state is on is full.\n"),
    ],
)
@pytest.mark.slow
def test_the_jobs_of_a_gapbrief_that_runs_are_told(run: Run, tmp_path: Path, problem: str | None, says: str) -> None:
    soon = {"last_run": None, "next_run": "2026-12-01T09:05:00+00:00"}
    jobs = {
        "outbox": {**soon, "last_run": "2026-12-01T09:00:00+00:00", "last_error": None},
        "data": {**soon, "last_error": "There is no file."},
        "refresh": {**soon, "last_error": KNOWN},
    }
    health = {"ok": False, "state": {"ok": False, "problem": problem}, "jobs": jobs}
    (tmp_path / "data").mkdir()
    save_no_network(tmp_path / "data", datetime(2026, 12, 1, 8, 5, tzinfo=UTC), KNOWN)

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503)
            self.end_headers()
            self.wfile.write(json.dumps(health).encode())

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Health) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        result = run("doctor", GAPBRIEF_PORT=str(server.server_port), GAPBRIEF_DATA=str(tmp_path / "data"))
        server.shutdown()
    assert result.exit_code == 1
    assert f"ok     web pages        shown at http://127.0.0.1:{server.server_port}\n" in result.stdout
    outbox = "last run 2026-12-01 at 09:00 UTC, next run 2026-12-01 at 09:05 UTC\n"
    assert f"ok     outbox           {outbox}" in result.stdout
    assert "wrong  data             There is no file; next run 2026-12-01 at 09:05 UTC\n" in result.stdout
    assert f"wrong  running state    {says}" in result.stdout
    [row] = [line for line in result.stdout.splitlines() if "No publisher" in line]
    assert row == f"wrong  refresh          2026-12-01 at 08:05 UTC: {KNOWN}", "once, though the job says so too"


@pytest.mark.slow
def test_a_clock_that_is_not_the_database_servers_is_said(
    run: Run, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "  clock " not in run("doctor", GAPBRIEF_STATE_URL=postgres_address).stdout
    monkeypatch.setattr("bot.state.database.measure_clock_offset", lambda _: -30.0)
    result = run("doctor", GAPBRIEF_STATE_URL=postgres_address)
    assert result.exit_code == 1
    behind = "30 seconds behind the database server's; processes share work by it"
    assert f"wrong  clock            {behind}" in result.stdout


@pytest.mark.slow
def test_files_of_the_state_that_others_may_read_are_named_until_the_next_start(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    address = f"sqlite:///{file}"
    open_state(address).close()
    assert "state's rights" not in run("doctor").stdout
    file.chmod(0o644)
    result = run("doctor")
    assert result.exit_code == 1
    assert "wrong  state's rights   others on this machine may read state.db; " in result.stdout
    open_state(address).close()
    assert "state's rights" not in run("doctor").stdout


def test_where_few_files_may_be_open_it_is_said(monkeypatch: pytest.MonkeyPatch, evidence_file: Path) -> None:
    monkeypatch.setattr(bot.doctor, "allow_open_files", lambda _: 256)
    texts = {check.name: check.text for check in examine(Settings(evidence_file, ROOT / "data"), TODAY)}
    assert texts["open files"] == (
        "256 may be open at once, so pages take fewer connections; raise `ulimit -n` to 1,024"
    )


@pytest.mark.parametrize("kind", ["chunked", "length", "gzip", "drip", "headers", "onward"])
def test_what_listens_on_our_port_in_our_place_is_given_up(kind: Kind) -> None:
    """A neighbour on the machine may have taken it."""
    with Endless(kind) as server:
        [check] = _check_running(Settings(Path("x"), Path("x"), port=server.port))
    assert check.text == f"`gapbrief serve` shows them at http://127.0.0.1:{server.port}"
    assert server.sent < 50_000_000


# ---- what is not well


def wrong(result: Result) -> list[str]:
    """What is wrong, a line each; the exit code says whether anything is."""
    faults = [line.removeprefix("wrong  ") for line in result.stdout.splitlines() if line.startswith("wrong")]
    assert result.exit_code == bool(faults)
    return faults


@pytest.mark.slow
def test_old_data_are_wrong_with_what_asks_for_newer_ones(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for day, is_old in ((date(2026, 10, 28), False), (date(2026, 10, 29), True)):
        monkeypatch.setattr("tests.bot.conftest.TODAY", day)
        faults = wrong(run("doctor"))
        assert len(faults) == is_old
    assert faults == [
        "data age         newest complete snapshot 2026-09-28, 31 days old; `gapbrief data refresh` asks publishers for"
        " newer ones, as `gapbrief run` does once a day"
    ]


@pytest.mark.slow
async def test_a_target_that_fails_is_named_until_a_brief_reaches_it(run: Run, tmp_path: Path) -> None:
    address, now = f"sqlite:///{tmp_path / 'state.db'}", datetime.now(UTC)

    async def doctor() -> list[str]:
        return wrong(await asyncio.to_thread(run, "doctor"))

    async def post(name: str, at: datetime, channel: int | None = None) -> int:
        brief = workflow.add_draft(state, made(name), workflow.OPERATOR, at)
        workflow.post(state, brief.id, channel, workflow.OPERATOR, at)
        await send_due(state, tmp_path, at, discord=FakeTarget(raising(RefusedError("I may not post there"))))
        return brief.id

    async with listening() as hook:
        with closing(open_state(address)) as state:
            with state.begin() as connection:
                target_rows.add(connection, kind="webhook", address=hook.url, secret=new_secret(), at=now, name="hook")
            hook.answer = lambda: web.Response(status=500)
            number = await post("One", now)
            assert await doctor() == [
                f"target           hook lacks brief {number}: the webhook did not take it (status 500);"
                " `gapbrief newsroom target test hook` tries it, gapbrief tries again"
            ]
            hook.answer = lambda: web.Response(status=410)
            number = await post("Two", now)
            (gone,) = await doctor()
            assert "(status 410)" in gone
            assert gone.endswith(f"once that is fixed, `gapbrief newsroom send-again {number}` sends it")
            hook.answer = web.Response
            await post("Three", now)
            assert await doctor() == []
            await post("Four", now - timedelta(days=32), 55)
            assert await doctor() == []
            number = await post("Five", now, 55)
            (channel,) = await doctor()
            assert channel.startswith(
                f"target           Discord channel 55 lacks brief {number}: I may not post there; "
            )
            workflow.withdraw(state, number, workflow.OPERATOR, now)
            assert await doctor() == []
