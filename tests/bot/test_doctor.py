"""`gapbrief doctor`: what works, what is missing, and how to turn it on."""

import os
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

import bot.doctor
import core
from bot.doctor import examine
from bot.settings import Settings, variable
from tests.bot.conftest import Cli
from tests.bot.test_cli_surroundings import Run
from tests.conftest import ROOT

TODAY = date(2026, 12, 1)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the optional packages."""
    monkeypatch.setattr(bot.doctor, "find_spec", lambda name: None)


@pytest.mark.usefixtures("bare")
def test_a_bare_machine_is_told_in_ten_lines_what_works_and_what_each_missing_thing_adds(
    evidence_file: Path, tmp_path: Path
) -> None:
    found = examine(Settings(evidence_file, ROOT / "data", f"sqlite:///{tmp_path / 'state.db'}"), TODAY)
    assert [(check.state, check.what) for check in found] == [
        ("well", "gapbrief"), ("well", "evidence"), ("well", "data age"), ("well", "state"), ("well", "web pages"),
        ("missing", "Discord"), ("missing", "model"), ("missing", "public address"), ("missing", "services"),
        ("missing", "MCP"),
    ]  # fmt: skip
    missing = {check.what: check.says for check in found if check.state == "missing"}
    for what, wanted in (("Discord", "DISCORD_TOKEN"), ("model", "GAPBRIEF_LLM_MODEL"), ("model", "OPENAI_API_KEY"),
                         ("public address", "GAPBRIEF_PUBLIC_URL"), ("services", "pip install 'gapbrief[notify]'"),
                         ("MCP", "pip install 'gapbrief[mcp]'")):  # fmt: skip
        assert wanted in missing[what]
    assert all(" adds " in says for says in missing.values())
    assert not (tmp_path / "state.db").exists()


def test_all_is_well_with_the_shipped_data(run: Run, evidence_file: Path) -> None:
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert {line[0] for line in lines} <= {"ok", "–"}
    assert "data age         newest complete snapshot 2026-08-22, 101 days old" in result.stdout
    assert lines[-1] == ["ok", "GAPBRIEF_DB", f"{evidence_file} (from the environment)"]


def test_what_is_set_is_shown_with_where_and_no_secret_is(run: Run) -> None:
    shown = run(
        "doctor", OPENAI_API_KEY="sk-geheim", GAPBRIEF_PORT="9000", GAPBRIEF_STATE_URL="postgresql://gap:pw1@h/gap"
    ).stdout
    assert "ok     OPENAI_API_KEY   set (from the environment)\n" in shown
    assert "ok     GAPBRIEF_PORT    9000 (from the environment)\n" in shown
    assert "`gapbrief serve` shows them at http://127.0.0.1:9000" in shown
    assert "geheim" not in shown
    assert "pw1" not in shown


@pytest.mark.parametrize(
    ("environment", "state", "says"),
    [
        ({"OPENAI_API_KEY": "k"}, "–", "OPENAI_API_KEY is set, but no model; name one in GAPBRIEF_LLM_MODEL"),
        (
            {"GAPBRIEF_LLM_MODEL": "m"}, "–",
            "m has no server; set OPENAI_API_KEY, or GAPBRIEF_LLM_BASE_URL for another",
        ),
        (
            {"GAPBRIEF_LLM_MODEL": "m", "GAPBRIEF_LLM_FALLBACK": "n", "OPENAI_API_KEY": "k"}, "ok",
            "m, then n at OpenAI; `gapbrief doctor --llm` tries it",
        ),
        (
            {"GAPBRIEF_LLM_MODEL": "m", "GAPBRIEF_LLM_BASE_URL": "http://127.0.0.1:11434/v1"}, "ok",
            "m at http://127.0.0.1:11434/v1; `gapbrief doctor --llm` tries it",
        ),
    ],
)  # fmt: skip
def test_a_model_that_is_set_by_half_is_told_what_lacks(
    run: Run, environment: dict[str, str], state: str, says: str
) -> None:
    assert f"{state:<6} model            {says}\n" in run("doctor", **environment).stdout


def test_a_damaged_file_is_wrong_and_the_exit_code_says_so(run: Run, tmp_path: Path) -> None:
    db = tmp_path / "evidence.db"
    db.write_bytes(b"rubbish" * 1000)
    result = run("doctor", GAPBRIEF_DB=str(db))
    assert result.exit_code == 1
    assert "wrong  evidence         The evidence file " in result.stdout
    assert "move it away" in result.stdout


def test_a_file_that_cant_be_written_works_and_says_what_is_lost(
    evidence_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # root may write everywhere
    [kept] = [check for check in examine(Settings(evidence_file, ROOT / "data"), TODAY) if check.what == "kept answers"]
    assert kept.state == "missing"
    assert "set GAPBRIEF_DB" in kept.says


def test_the_real_command(cli: Cli) -> None:
    code, out, err = cli.process("doctor")
    assert (code, err) == (0, "")
    assert out.startswith(f"ok     gapbrief         {core.__version__}, Python 3.")


def test_a_misspelt_setting_is_named(run: Run) -> None:
    shown = run("doctor", GAPBRIEF_DATABASE="/somewhere").stdout
    [line] = [line for line in shown.splitlines() if line.startswith('–      "GAPBRIEF_DATABASE" no such setting; ')]
    assert all(variable(each.name) in line for each in fields(Settings))
    assert line.endswith(" (from the environment)")


def test_settings_that_can_not_be_read_are_named_beside_all_the_rest(run: Run) -> None:
    result = run("doctor", GAPBRIEF_PORT="x", GAPBRIEF_LLM_TOKENS="many")
    assert (result.exit_code, result.stderr) == (1, "")
    assert 'wrong  GAPBRIEF_PORT    is "x"; give a number from 1 to 65535.\n' in result.stdout
    assert 'wrong  GAPBRIEF_LLM_TOKENS is "many"; give a number of tokens' in result.stdout
    assert "ok     evidence " in result.stdout
