"""Files are written whole or not at all."""

import os
import resource
from pathlib import Path

import pytest

from bot.files import allow_open_files, write_atomically


def test_a_file_takes_the_place_of_an_older_one_and_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"older")
    path.chmod(0o600)
    write_atomically(path, b"newer")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"newer", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "there.txt", tmp_path / "link.txt"
    file.write_bytes(b"older")
    link.symlink_to(file)
    write_atomically(link, b"newer")
    assert (link.is_symlink(), file.read_bytes()) == (True, b"newer")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_stood_there_survives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.txt"
    path.write_bytes(b"older")
    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"newer")
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "allowed"),
    [(256, 4096, 1024, 1024), (256, 512, 1024, 512), (2048, 4096, 1024, 1024), (-1, -1, 1024, 1024)],
)
def test_as_many_files_may_be_open_as_are_wanted_or_the_system_allows(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, wanted: int, allowed: int
) -> None:
    limits = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, changed: limits.append(changed))
    assert allow_open_files(wanted) == allowed
    assert limits[-1] in ((allowed, hard), (soft, hard))
    assert (len(limits) == 1) == (soft >= wanted or soft == resource.RLIM_INFINITY)
