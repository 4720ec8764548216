"""A publisher's files: unpacked from its zip and nothing else; a row that can't be read costs itself alone."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
import yaml

from bot.refresh import board_files
from bot.refresh.board_files import read_good_rows, unpack
from core.errors import DataError, TableError
from core.evidence.importers import IMPORTERS
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


GOOD = 20
NAMES = [f"model-{number}" for number in range(GOOD)]


def as_csv(bad: object) -> str:
    rows = [f"{name},0.5" for name in NAMES]
    return "\n".join(["display_name,avg_acc", *rows[:3], f"bad,{bad}", *rows[3:]]) + "\n"


def aider(bad: object) -> str:
    runs = [{"model": name, "pass_rate_2": 50.0} for name in NAMES]
    return yaml.safe_dump([*runs[:3], {"model": "bad", "pass_rate_2": bad}, *runs[3:]])


def metr(bad: object) -> str:
    results = {name: {"metrics": {"p50_horizon_length": {"estimate": 5.0}}} for name in NAMES}
    return yaml.safe_dump({
        "benchmark_name": "METR-Horizon-v1.1",
        "results": {"bad": {"metrics": {"p50_horizon_length": {"estimate": bad}}}, **results},
    })  # fmt: skip


def arena(bad: object) -> str:
    rows = [{"model_name": name, "rating": 1400.5} for name in NAMES]
    return json.dumps([*rows[:3], {"model_name": "bad", "rating": bad}, *rows[3:]])


def models_dev(bad: object) -> str:
    def entry(day: object) -> dict[str, object]:
        return {"name": "A", "release_date": day, "open_weights": True}

    return json.dumps({"lab/bad": entry(bad), **{f"lab/{name}": entry("2026-09-03") for name in NAMES}})


def helm(bad: object) -> str:
    def entry(name: str, day: object) -> dict[str, object]:
        return {
            "name": name, "display_name": name, "creator_organization_name": "A", "access": "open",
            "release_date": day,
        }  # fmt: skip

    return yaml.safe_dump({"models": [entry("bad", bad), *(entry(name, "2026-09-03") for name in NAMES)]})


def openhands(bad: object) -> str:
    run = {"agent_name": "OpenHands", "model": "A", "openness": "open_weights"}
    results = [{"benchmark": "gaia", "score": 50.0} for _ in NAMES]
    return json.dumps({"a/metadata.json": run, "a/scores.json": [{"benchmark": "gaia", "score": bad}, *results]})


def tau2(bad: object) -> str:
    def entry(name: str, score: object) -> dict[str, object]:
        return {
            "model_name": name, "submitting_organization": "A", "submission_date": "2026-09-03",
            "results": {"retail": {"pass_1": score}},
        }  # fmt: skip

    return json.dumps({"bad": entry("bad", bad), **{name: entry(name, 50.0) for name in NAMES}})


def weirdml_v3(bad: object) -> str:
    rows = [{"id": name, "name": name, "score": 0.5} for name in NAMES]
    return json.dumps({"models": [*rows, {"id": "bad", "name": "bad", "score": bad}]})


FORMS: dict[str, tuple[str, Callable[[object], str]]] = {
    "weirdml": ("weirdml_data.csv", as_csv),
    "aider": ("polyglot_leaderboard.yml", aider),
    "metr": ("benchmark_results_1_1.yaml", metr),
    "arena": ("text_latest.json", arena),
    "models-dev": ("models.json", models_dev),
    "helm": ("model_metadata.yaml", helm),
    "openhands": ("results.json", openhands),
    "tau2": ("submissions.json", tau2),
    "weirdml-v3": ("weirdml_v3.json", weirdml_v3),
}


@pytest.mark.parametrize("importer", FORMS)
def test_a_value_that_cant_be_read_costs_its_row(tmp_path: Path, importer: str) -> None:
    name, make = FORMS[importer]
    path = tmp_path / name
    path.write_text(make("soon"), encoding="utf-8")
    imported, [error] = read_good_rows(path, IMPORTERS[importer])
    assert '"soon" is not a' in error.problem
    assert error.line is not None
    assert imported.rows == GOOD + 1
    assert "bad" not in {each.spelling for each in imported.models}
    assert len(imported.models) == GOOD


@pytest.mark.parametrize("bad", ["3", "null", "[1]", '"text"'])
def test_an_entry_of_another_kind_costs_itself(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "models.json"
    path.write_text(models_dev("2026-09-03").replace("{", f'{{"lab/odd": {bad}, ', 1), encoding="utf-8")
    imported, [error] = read_good_rows(path, IMPORTERS["models-dev"])
    assert (error.line, error.problem) == (1, "is not an entry with keys and values")
    assert len(imported.models) == GOOD + 1


@pytest.mark.parametrize("text", ["soon", "n/a"])
def test_a_file_of_which_more_than_a_tenth_cant_be_read_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weirdml_data.csv"
    path.write_text("display_name,avg_acc\n" + f"a,{text}\nb,0.5\n" * 10, encoding="utf-8")
    with pytest.raises(TableError, match=f'line 2, column avg_acc: "{text}" is not a number'):
        read_good_rows(path, IMPORTERS["weirdml"])


def test_what_is_wrong_with_a_whole_file_is_no_row_of_it(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    path.write_text("{\n,", encoding="utf-8")
    with pytest.raises(TableError, match="line 2: is not JSON"):
        read_good_rows(path, IMPORTERS["models-dev"])
