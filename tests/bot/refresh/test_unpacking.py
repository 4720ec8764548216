"""Unpacking a publisher's zip: the named files and nothing else, wherever the zip says that they belong."""

import io
import stat
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from bot.refresh import board_files
from bot.refresh.board_files import unpack
from core.errors import DataError
from tests.fakes.publishers import zipped

ROWS = b"Model version,Score\n" + b"".join(b"model-%d,%d\n" % (n, n * 7919 % 1000) for n in range(2000))


@pytest.fixture
def unpacked(tmp_path: Path):
    """Unpack a.csv and b.csv of a zip with this content; returns what came of it, by name."""

    def do(content: bytes) -> dict[str, bytes]:
        (tmp_path / "scores.zip").write_bytes(content)
        places = unpack(tmp_path / "scores.zip", tmp_path / "out", ["a.csv", "b.csv"])
        assert {path.name for path in tmp_path.iterdir()} == {"scores.zip", "out"}
        assert set((tmp_path / "out").iterdir()) == set(places.values())
        return {name: path.read_bytes() for name, path in places.items()}

    return do


@pytest.mark.parametrize("folder", ["", "benchmark_data/", "a/b/"])
def test_the_named_files_come_out_of_whatever_folder(unpacked, folder: str):
    files = {f"{folder}a.csv": ROWS, f"{folder}b.csv": b"", f"{folder}other.csv": ROWS, f"{folder}x/": b""}
    assert unpacked(zipped(files)) == {"a.csv": ROWS, "b.csv": b""}


def test_a_file_that_the_zip_lacks_is_left_out(unpacked):
    assert unpacked(zipped({"a.csv": ROWS})) == {"a.csv": ROWS}


def linked() -> bytes:
    """A zip of which a file is a link."""
    entry = zipfile.ZipInfo("a.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO(zipped({"b.csv": ROWS}))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(entry, "/etc/passwd")
    return made.getvalue()


def locked() -> bytes:
    """A zip whose every file says that it has a password."""
    content = bytearray(zipped({"a.csv": ROWS, "b.csv": ROWS}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + place] |= 1
    return bytes(content)


WHOLE = {"a.csv": ROWS, "b.csv": ROWS}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped({"c.csv": ROWS}), "does not hold a.csv or b.csv"),
        (zipped({"a.csv/": b"", "b.csv/": b""}), "does not hold a.csv or b.csv"),
        (zipped([*WHOLE.items(), ("b.csv", b"other")]), "holds b.csv twice"),
        (zipped({**WHOLE, "old/b.csv": b"other"}), "holds b.csv twice"),
        (zipped({**WHOLE, "../evil.csv": b"x"}), 'holds a file outside of its folder ("../evil.csv")'),
        (zipped({"../../a.csv": ROWS, "b.csv": ROWS}), 'holds a file outside of its folder ("../../a.csv")'),
        (zipped({"/etc/a.csv": ROWS, "b.csv": ROWS}), 'holds a file outside of its folder ("/etc/a.csv")'),
        (zipped({"..\\a.csv": ROWS, "b.csv": ROWS}), 'holds a file outside of its folder ("..\\a.csv")'),
        (zipped({"C:\\a.csv": ROWS, "b.csv": ROWS}), 'holds a file outside of its folder ("C:\\a.csv")'),
        (linked(), 'holds a link ("a.csv")'),
        (zipped({"a.csv": b"0" * 3_000_000, "b.csv": ROWS}), "holds a file that unpacks to over 200 times its size"),
        (zipped({f"{n}.csv": b"" for n in range(2001)}), "holds 2001 files"),
        (locked(), "can't be unpacked"),
        (zipped(WHOLE)[:-30], "can't be unpacked"),
        (b"<!DOCTYPE html>", "can't be unpacked (File is not a zip file)"),
        (b"", "can't be unpacked (File is not a zip file)"),
    ],
)
def test_what_a_zip_of_tables_has_no_need_of_is_refused(unpacked, tmp_path: Path, content: bytes, said: str):
    with pytest.raises(DataError) as told:
        unpacked(content)
    assert str(told.value).startswith(f"The zip {said}")
    assert str(told.value).endswith("; see whether its publisher changed it.")
    assert {path.name for path in tmp_path.iterdir()} <= {"scores.zip", "out"}


@pytest.mark.parametrize("at", [60, 500, 3000])
def test_a_damaged_byte_is_seen(unpacked, at: int):
    content = bytearray(zipped(WHOLE))
    content[at] ^= 0xFF
    with pytest.raises(DataError, match="can't be unpacked"):
        unpacked(bytes(content))


@pytest.mark.parametrize(("n_more", "is_refused"), [(0, False), (1, True)])
def test_all_files_together_have_a_limit(unpacked, monkeypatch: pytest.MonkeyPatch, n_more: int, is_refused: bool):
    monkeypatch.setattr(board_files, "_MOST_BYTES", len(ROWS))
    with pytest.raises(DataError, match="unpacks to 0 MB") if is_refused else nullcontext():
        unpacked(zipped({"a.csv": ROWS, "b.csv": b"x" * n_more}))
