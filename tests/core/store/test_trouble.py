"""Places that can't be written, disks with no room, files that others hold: one sentence, and all stays as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

import pytest

from core.errors import DataError
from core.store import file, making, queries, store
from core.store.store import open_store
from core.store.tables import hash_tables
from tests.core.store.world import (
    LEFT,
    NEWER,
    PRELUDE,
    ROOT,
    alter,
    finish,
    refusal,
    revision_of,
    run,
    start,
    surroundings,
    write_world,
)  # fmt: skip

LOCKED = "The scores are being refreshed and the file is locked. Try again in a few seconds; nothing was changed."


def test_a_folder_or_a_device_instead_of_a_file_is_not_replaced(tmp_path: Path, data: Path) -> None:
    for path in (tmp_path, Path("/dev/null")):
        assert refusal(path, data) == (
            f"{path} is not a file; set GAPBRIEF_DB to a file's name, such as {path / 'evidence.db'}."
        )
    assert Path("/dev/null").is_char_device()


def test_a_file_where_the_folder_should_be(tmp_path: Path, data: Path) -> None:
    (tmp_path / "home").write_text("")
    for path in (tmp_path / "home" / "evidence.db", tmp_path / "home" / "sub" / "evidence.db"):
        assert refusal(path, data) == denied(path, "a file is where its folder should be")


@pytest.mark.parametrize("name", ["evi dence?.db", "a#b%41é漢.db", "file:x?mode=memory", "'\";.db"])
def test_any_name_will_do_and_folders_on_the_way_are_made(tmp_path: Path, data: Path, name: str) -> None:
    home = tmp_path / "on the way" / "home"
    for _ in range(2):
        open_store(home / name, data).close()
        assert set(os.listdir(home)) == {name, name + ".lock"}


def test_a_name_that_is_too_long(tmp_path: Path, data: Path) -> None:
    assert "can't be used (File name too long)" in refusal(tmp_path / ("x" * 300), data)


def test_a_link_stays_a_link(tmp_path: Path, data: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "real" / "evidence.db")
    open_store(link, data).close()
    assert link.is_symlink()
    write_world(data, **NEWER)
    open_store(link, data).close()
    assert set(os.listdir(tmp_path / "real")) == LEFT
    assert revision_of(link) == hash_tables(data)


NOBODY = """
scratch, path, data = sys.argv[1:]
become_nobody(scratch, data)
"""


def as_nobody(shared: Path, scratch: Path, code: str = "print(attempt(path, data))") -> str:
    """Run code as a user whom permission bits bind, be the tests run by root or not."""
    return run(NOBODY + code, scratch, shared / "home" / "evidence.db", shared / "data").rstrip("\n")


def denied(path: Path, reason: str = "Permission denied") -> str:
    return (
        f"The evidence file {path} can't be used ({reason}); "
        "make room and allow writing there, or set GAPBRIEF_DB to another place."
    )


@pytest.fixture
def read_only(shared: Path) -> Path:
    """A store's file that only its owner may change, in a folder that nobody may write to."""
    path = shared / "home" / "evidence.db"
    open_store(path, shared / "data").close()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    return path


@pytest.mark.slow
def test_a_folder_that_cannot_be_written(shared: Path, tmp_path: Path) -> None:
    home = shared / "home"
    home.chmod(0o555)
    assert as_nobody(shared, tmp_path) == denied(home / "evidence.db")
    assert os.listdir(home) == []


@pytest.mark.slow
def test_a_read_only_file_is_read_and_keeps_no_results(shared: Path, read_only: Path, tmp_path: Path) -> None:
    before = read_only.read_bytes()
    code = """
with open_store(Path(path), Path(data)) as store:
    store.keep_result("key", {"months": 8.8})
    print(store.can_write, store.kept_result("key"), len(store.rows("SELECT * FROM score_list")))
"""
    assert as_nobody(shared, tmp_path, code) == "False None 3"
    os.utime(shared / "data" / "scores.csv", (1, 1))  # touched tables are no trouble
    assert as_nobody(shared, tmp_path, code) == "False None 3"
    assert read_only.read_bytes() == before
    assert set(os.listdir(read_only.parent)) == LEFT


@pytest.mark.slow
def test_a_read_only_file_that_is_older_than_the_tables_is_said_and_stays(
    shared: Path, read_only: Path, tmp_path: Path
) -> None:
    before = read_only.read_bytes()
    write_world(shared / "data", **NEWER)
    assert as_nobody(shared, tmp_path) == denied(read_only)
    assert read_only.read_bytes() == before


@pytest.mark.slow
def test_a_reader_sees_what_the_owner_has_just_written(shared: Path, tmp_path: Path) -> None:
    """It is in the log beside the file, which a reader of the file alone would miss."""
    home, path = shared / "home", shared / "home" / "evidence.db"
    open_store(path, shared / "data").close()
    with open_store(path, shared / "data"):  # the owner keeps it open, so the log is not written back
        write_world(shared / "data", **NEWER)
        open_store(path, shared / "data").close()
        home.chmod(0o555)
        for file in home.iterdir():
            file.chmod(0o444)
        code = """
with open_store(Path(path), Path(data)) as store:
    print(store.can_write, store.rows("SELECT max(score) FROM scores"))
"""
        assert as_nobody(shared, tmp_path, code) == "False [(51.5,)]"
        home.chmod(0o755)
        for file in home.iterdir():
            file.chmod(0o644)


@pytest.mark.slow
def test_a_file_that_cannot_be_read(shared: Path, read_only: Path, tmp_path: Path) -> None:
    read_only.chmod(0)
    assert as_nobody(shared, tmp_path) == denied(read_only, "unable to open database file")


# No room


LIMITED = """
import resource
path, data = map(Path, sys.argv[1:])
open_store(path.with_name("warm.db"), data).close()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # else the kernel ends the process
for limit in (0, 3000, 100_000, 400_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    before = path.exists() and path.read_bytes()
    print(attempt(path, data))
    print(before == (path.exists() and path.read_bytes()), path.with_name(path.name + ".new").exists())
"""


@pytest.mark.parametrize("renewed", [False, True])
@pytest.mark.slow
def test_a_file_that_may_not_grow_is_said_and_nothing_is_left(
    tmp_path: Path, path: Path, data: Path, *, renewed: bool
) -> None:
    if renewed:
        open_store(path, data).close()
    rows = "".join(f"term{number},Term {number},,{'word ' * 100},\n" for number in range(1000))
    big = write_world(tmp_path / "big", glossary="term_id,term,aliases,definition,see_also\n" + rows)
    assert run(LIMITED, path, big).splitlines() == [denied(path, "disk I/O error"), "True False"] * 4
    warm = {"warm.db", "warm.db.lock"}
    if not renewed:
        assert set(os.listdir(path.parent)) == {"evidence.db.lock"} | warm
        return
    # SQLite could not even tidy up its log; the next one does.
    assert set(os.listdir(path.parent)) <= LEFT | warm | {"evidence.db-wal", "evidence.db-shm"}
    open_store(path, data).close()
    assert set(os.listdir(path.parent)) == LEFT | warm


FULL = """
set -e
mount -t tmpfs -o size="$1"k tmpfs "$2"
cd "$5"
"$4" -c "$6" "$2" "$3"
"""

ON_A_FULL_DISK = """
disk, data = map(Path, sys.argv[1:])
path, ballast = disk / "evidence.db", disk / "ballast"
def leave(kilobytes):
    ballast.unlink(missing_ok=True)
    room = os.statvfs(disk)
    ballast.write_bytes(bytes(room.f_bavail * room.f_frsize - kilobytes * 1024))
leave(40)
print(attempt(path, data), sorted(os.listdir(disk)))
ballast.unlink()
print(attempt(path, data))
before, size = path.read_bytes(), path.stat().st_size // 1024
(data / "countries.csv").write_text("country,aliases\\nSpain,\\nFrance,\\n")
for room in (40, size // 2, size + 8, size + size // 2):  # the new file does not fit; then its copy does not
    leave(room)
    print(attempt(path, data), sorted(os.listdir(disk)), path.read_bytes() == before)
leave(4 * size)
with open_store(path, data) as store:
    leave(0)
    for number in range(50):
        store.keep_result(str(number), {"text": "x" * 5000})
    print(store.rows("SELECT count(*) FROM scores"), store.rows("SELECT country FROM countries ORDER BY 1"))
leave(0)
with open_store(path, data) as store:
    print(store.can_write, store.rows("SELECT count(*) FROM scores"))
"""


@pytest.mark.slow
def test_a_full_disk_is_said_and_the_file_stays(tmp_path: Path, data: Path) -> None:
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "-Urm", "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine lets no user mount a small disk of their own")
    (tmp_path / "disk").mkdir()
    process = subprocess.run(
        [unshare, "-Urm", "bash", "-c", FULL, "-", "4000", str(tmp_path / "disk"), str(data), sys.executable,
         str(ROOT), PRELUDE + ON_A_FULL_DISK],
        check=False, capture_output=True, text=True, env=surroundings(),
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    path = tmp_path / "disk" / "evidence.db"
    full = (
        f"The evidence file {path} can't be written, because the disk is full; "
        "make room, or set GAPBRIEF_DB to another place."
    )
    first, second, *renewals, last, reading = process.stdout.splitlines()
    assert (first, second) == (f"{full} ['ballast', 'evidence.db.lock']", "3")
    assert len(renewals) == 4
    for renewal in renewals:
        assert renewal.startswith(f"The evidence file {path} can't be ")
        assert "make room" in renewal
        assert renewal.endswith(" ['ballast', 'evidence.db', 'evidence.db.lock'] True")
    assert last == "[(3,)] [('France',), ('Spain',)]"
    assert reading == "False [(3,)]", "a whole file is still read"


# Locked by another process


@contextmanager
def holding(code: str, *arguments: object) -> Iterator[None]:
    """Let another process run code and hold what it took until the block ends."""
    holder = start(f'{code}\nprint("held", flush=True)\nsys.stdin.read()\n', *arguments)
    assert holder.stdout.readline() == "held\n"
    try:
        yield
    finally:
        finish(holder)


def lock(path: Path, *statements: str) -> AbstractContextManager[None]:
    """Let another process hold the file by SQL."""
    code = """
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement)
"""
    return holding(code, path, *statements)


WHOLLY = ("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "UPDATE meta SET value = value")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(making, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(making, "LOCK_SECONDS", 0.1)


@pytest.mark.usefixtures("hasty")
def test_a_file_that_is_wholly_locked_is_said(file: Path, data: Path) -> None:
    before = file.read_bytes()
    with lock(file, *WHOLLY):
        assert refusal(file, data) == LOCKED
    open_store(file, data).close()
    assert file.read_bytes() == before


@pytest.mark.usefixtures("hasty")
def test_a_file_that_another_writes_can_be_read_but_not_renewed(file: Path, data: Path) -> None:
    """And the wait is bounded: left to itself, Python's backup would try for ever."""
    with lock(file, "BEGIN EXCLUSIVE"):
        with open_store(file, data) as store:
            assert len(store.rows("SELECT * FROM scores")) == 3
        before = file.read_bytes()
        write_world(data, **NEWER)
        assert refusal(file, data) == LOCKED
        assert file.read_bytes() == before
        assert not Path(f"{file}.new").exists()
    open_store(file, data).close()
    assert revision_of(file) == hash_tables(data)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that nobody can write in")
def test_a_folder_that_can_not_be_written_is_said_at_once(data: Path) -> None:
    path = Path("/proc/evidence.db")
    assert refusal(path, data) == denied(path, "its folder can't be written")


@pytest.mark.usefixtures("hasty")
def test_one_who_waits_too_long_for_the_maker_is_told(path: Path, data: Path) -> None:
    code = """
import filelock
Path(sys.argv[1]).parent.mkdir()
lock = filelock.FileLock(sys.argv[1] + ".lock")
lock.acquire()
"""
    with holding(code, path):
        assert refusal(path, data) == (
            f"The evidence file {path} is being made by another process; try again in a few seconds."
        )
        assert not path.exists()


@pytest.mark.parametrize("shown", ["n", "max(n)"])
def test_a_view_without_an_end_is_given_up(file: Path, data: Path, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_MOST_SECONDS", 0.5)
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)"
    view = f"CREATE VIEW score_list AS {numbers} SELECT {shown} FROM numbers"  # noqa: S608 (own words)
    alter(file, "DROP VIEW score_list", view)
    before = time.process_time()
    with open_store(file, data) as opened, pytest.raises(DataError, match="never stops returning rows; delete it"):
        queries.view_rows(opened, "score_list")
    assert time.process_time() - before < 5
    with open_store(file, data) as opened:
        assert queries.newest_data(opened, date(2026, 1, 1))  # what others ask goes on
