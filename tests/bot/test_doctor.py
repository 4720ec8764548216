"""`gapbrief doctor`: what works, what is missing, and how to turn it on."""

import os
from datetime import date
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.settings import Settings
from tests.bot.conftest import Cli
from tests.bot.test_cli_surroundings import Run
from tests.conftest import ROOT

TODAY = date(2026, 12, 1)


def test_all_is_well_with_the_shipped_data(run: Run, evidence_file: Path) -> None:
    result = run("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert {line[0] for line in lines} == {"ok"}
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
    assert [check.what for check in found if check.state == "missing"] == ["kept answers"]
    assert "set GAPBRIEF_DB" in next(check.says for check in found if check.state == "missing")


def test_the_real_command(cli: Cli) -> None:
    code, out, err = cli.process("doctor")
    assert (code, err) == (0, "")
    assert out.startswith("ok     gapbrief         0.1.0, Python 3.")


def test_a_misspelt_setting_is_named(run: Run) -> None:
    says = "no such setting; gapbrief knows GAPBRIEF_DATA and GAPBRIEF_DB (from the environment)"
    assert f'–      "GAPBRIEF_DATABASE" {says}' in run("doctor", GAPBRIEF_DATABASE="/somewhere").stdout
