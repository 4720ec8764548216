"""`gapbrief doctor` on places that can't be written, and on settings that can't be read or don't exist."""

import errno
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.doctor import examine
from bot.settings import Settings
from bot.state.database import open_state
from tests.bot.conftest import Run
from tests.bot.test_doctor import TODAY, wrong
from tests.conftest import ROOT

MEGABYTE = 2**20


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bot.conftest.TODAY", TODAY)


# ---- places


def refuse_in(folder: Path) -> Callable[..., TemporaryDirectory[str]]:
    """A stand-in for a folder in which nothing can be made, also by root."""

    def make(*, prefix: str, dir: Path) -> TemporaryDirectory[str]:
        if dir == folder:
            raise PermissionError(errno.EACCES, "Permission denied")
        return TemporaryDirectory(prefix=prefix, dir=dir)

    return make


def test_a_state_that_could_not_be_made_is_wrong_before_it_is_needed(
    evidence_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.state.protection.tempfile.TemporaryDirectory", refuse_in(tmp_path))
    checks = examine(Settings(evidence_file, ROOT / "data", f"sqlite:///{tmp_path}/below/state.db"), TODAY)
    [state] = [(check.state, check.text) for check in checks if check.name == "state"]
    assert state == (
        "wrong",
        f"can't be made in {tmp_path}/below: Permission denied; let gapbrief's user write there, or name another place"
        " in GAPBRIEF_STATE_URL",
    )


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_of_backups_that_cant_be_written_is_wrong_before_one_is_due(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    address, folder = f"sqlite:///{tmp_path / 'state.db'}", tmp_path / "other"
    folder.mkdir()
    if is_there:
        open_state(address).close()
    monkeypatch.setattr("bot.state.protection.tempfile.TemporaryDirectory", refuse_in(folder))
    assert wrong(run("doctor", GAPBRIEF_BACKUP_DIR=str(folder / "below"))) == [
        f"backups          Backups can't be written to {folder / 'below'}: Permission denied; let gapbrief's user write"
        " there, or set GAPBRIEF_BACKUP_DIR to another."
    ]


def mounted(*words: str) -> bool:
    return subprocess.run(["/bin/mount", *words], capture_output=True).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own with a state on it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted("-t", "tmpfs", "-o", "size=40m", "none", str(folder)):
        pytest.skip("only root may mount a disk")
    try:
        open_state(f"sqlite:///{folder / 'state.db'}").close()
        yield folder
    finally:
        subprocess.run(["/bin/umount", "--lazy", folder], check=True)


@pytest.mark.slow
def test_a_state_that_can_only_be_read_is_wrong(run: Run, disk: Path) -> None:
    address = f"sqlite:///{disk / 'state.db'}"
    assert wrong(run("doctor", GAPBRIEF_STATE_URL=address)) == []
    assert mounted("-o", "remount,ro", str(disk))
    (fault,) = wrong(run("doctor", GAPBRIEF_STATE_URL=address))
    assert fault.startswith(f"state            The state at {address} can't be written (")
    assert fault.endswith(
        "let gapbrief's user write to it and its folder, or name another place in GAPBRIEF_STATE_URL."
    )


@pytest.mark.slow
def test_a_full_disk_is_wrong_and_one_that_soon_will_be(run: Run, disk: Path) -> None:
    address = f"sqlite:///{disk / 'state.db'}"
    with (disk / "much").open("wb") as file:
        file.write(bytes(20 * MEGABYTE))
    (fault,) = wrong(run("doctor", GAPBRIEF_STATE_URL=address))
    assert re.fullmatch(r"disk +only \d+ MB are free where the state is; free some space, or .*", fault)
    with (disk / "more").open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    (fault,) = wrong(run("doctor", GAPBRIEF_STATE_URL=address))
    assert fault == (
        f"state            The disk that the state at {address} is on is full; free some space. Nothing was changed."
    )


# ---- settings


def test_settings_that_can_not_be_read_are_named_beside_all_the_rest(run: Run) -> None:
    result = run("doctor", GAPBRIEF_PORT="x", GAPBRIEF_LLM_TOKENS="many")
    assert (result.exit_code, result.stderr) == (1, "")
    assert 'wrong  GAPBRIEF_PORT       in the environment is "x"; give a number from 1 to 65535.\n' in result.stdout
    assert 'wrong  GAPBRIEF_LLM_TOKENS in the environment is "many"; give a number of tokens' in result.stdout
    assert "ok     evidence " in result.stdout


def test_where_a_setting_cant_be_read_no_row_is_about_its_default(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.env"
    lines = (
        "PORT=89x45 SECRET_KEY=short PUBLIC_URL=gap STATE_URL=gap BACKUP_DIR=/etc/passwd DATA=a://b LLM_BASE_URL=here"
    )
    file.write_text("".join(f"GAPBRIEF_{line}\n" for line in lines.split()) + "DISCORD_TOKEN='a b'\n")
    file.chmod(0o600)
    result = run("doctor", GAPBRIEF_ENV_FILE=str(file), GAPBRIEF_STATE_URL=None, GAPBRIEF_DATA=None, GAPBRIEF_PORT=None)
    faults = wrong(result)
    assert len(faults) == 8
    assert all(f" in {file} " in fault for fault in faults)
    names = {line[7:].split("  ")[0] for line in result.stdout.splitlines()}
    assert not names & {"web pages", "secret key", "public address", "state", "backups", "refresh", "Discord", "model"}
    assert "GAPBRIEF_STATE_URL set" not in result.stdout


def test_a_misspelt_setting_is_named(run: Run) -> None:
    shown = run("doctor", GAPBRIEF_PROT="9000", GAPBRIEF_OPENAI_API_KEY="k", GAPBRIEF_SPEED="9").stdout
    for state, name, says in (
        ("wrong", "GAPBRIEF_PROT", "did you mean GAPBRIEF_PORT?"),
        ("wrong", "GAPBRIEF_OPENAI_API_KEY", "did you mean OPENAI_API_KEY?"),
        ("–", "GAPBRIEF_SPEED", ".env.example lists all settings"),
    ):
        quoted = f'"{name}"'
        assert f"{state:<6} {quoted:<25} no such setting; {says} (from the environment)\n" in shown
