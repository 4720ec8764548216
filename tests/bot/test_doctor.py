"""`gapbrief doctor`: what works, what is missing, and how to turn it on."""

import os
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

import core
from bot.doctor import examine
from bot.settings import Settings, variable
from tests.bot.conftest import Cli
from tests.bot.test_cli_surroundings import Run
from tests.conftest import ROOT

TODAY = date(2026, 12, 1)


def test_all_is_well_with_the_shipped_data(run: Run, evidence_file: Path) -> None:
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert {line[0] for line in lines} <= {"ok", "–"}
    assert all(line[2].startswith("not set; ") for line in lines if line[0] == "–")
    assert "data age         newest complete snapshot 2026-08-22, 101 days old" in result.stdout
    assert f"GAPBRIEF_DB      {evidence_file} (from the environment)" in result.stdout
    assert f"GAPBRIEF_DATA    {ROOT / 'data'} (default)" in result.stdout


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
    found = examine(Settings(evidence_file, ROOT / "data"), TODAY)
    missing = [check for check in found if check.state == "missing" and not check.says.startswith("not set; ")]
    assert [check.what for check in missing] == ["kept answers"]
    assert "set GAPBRIEF_DB" in missing[0].says


def test_the_real_command(cli: Cli) -> None:
    code, out, err = cli.process("doctor")
    assert (code, err) == (0, "")
    assert out.startswith(f"ok     gapbrief         {core.__version__}, Python 3.")


def test_a_misspelt_setting_is_named(run: Run) -> None:
    shown = run("doctor", GAPBRIEF_DATABASE="/somewhere").stdout
    [line] = [line for line in shown.splitlines() if line.startswith('–      "GAPBRIEF_DATABASE" no such setting; ')]
    assert all(variable(each.name) in line for each in fields(Settings))
    assert line.endswith(" (from the environment)")
