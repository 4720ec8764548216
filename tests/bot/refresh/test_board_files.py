"""A publisher's files: unpacked from its zip and nothing else; a row that can't be read costs itself alone."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
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
@pytest.mark.parametrize("held", [{"a.csv": ROWS, "b.csv": b""}, {"a.csv": ROWS}], ids=["both", "one alone"])
def test_the_named_files_that_a_zip_holds_come_out_of_whatever_folder(unpacked, folder: str, held: dict[str, bytes]):
    files = {**held, "other.csv": ROWS, "x/": b""}
    assert unpacked(zipped({f"{folder}{name}": content for name, content in files.items()})) == held


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
    ("content", "problem"),
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
def test_what_a_zip_of_tables_has_no_need_of_is_refused(unpacked, tmp_path: Path, content: bytes, problem: str):
    with pytest.raises(DataError) as error:
        unpacked(content)
    assert str(error.value).startswith(f"The zip {problem}")
    assert str(error.value).endswith("; see whether its publisher changed it.")
    assert {path.name for path in tmp_path.iterdir()} <= {"scores.zip", "out"}


@pytest.mark.parametrize("at", [60, 500, 3000])
def test_a_damaged_byte_is_seen(unpacked, at: int):
    content = bytearray(zipped(WHOLE))
    content[at] ^= 0xFF
    with pytest.raises(DataError, match="can't be unpacked"):
        unpacked(bytes(content))


def test_all_files_together_have_a_limit(unpacked, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(board_files, "_MOST_BYTES", len(ROWS))
    unpacked(zipped({"a.csv": ROWS, "b.csv": b""}))
    with pytest.raises(DataError, match="unpacks to 0 MB"):
        unpacked(zipped({"a.csv": ROWS, "b.csv": b"x"}))


GOOD = 20


def cells(bad: object, good: object) -> dict[str, object]:
    """The cell of each model: of one it can't be read."""
    return {"bad": bad, **{f"model-{number}": good for number in range(GOOD)}}


def as_csv(bad: object) -> str:
    return "\n".join(["display_name,avg_acc", *(f"{name},{cell}" for name, cell in cells(bad, 0.5).items())]) + "\n"


def aider(bad: object) -> str:
    return yaml.safe_dump([{"model": name, "pass_rate_2": cell} for name, cell in cells(bad, 50.0).items()])


def metr(bad: object) -> str:
    horizons = {name: {"p50_horizon_length": {"estimate": cell}} for name, cell in cells(bad, 5.0).items()}
    results = {name: {"metrics": metrics} for name, metrics in horizons.items()}
    return yaml.safe_dump({"benchmark_name": "METR-Horizon-v1.1", "results": results})


def arena(bad: object) -> str:
    return json.dumps([{"model_name": name, "rating": cell} for name, cell in cells(bad, 1400.5).items()])


def models_dev(bad: object) -> str:
    about = {"name": "A", "open_weights": True}
    return json.dumps({f"lab/{name}": {**about, "release_date": day} for name, day in cells(bad, "2026-09-03").items()})


def helm(bad: object) -> str:
    about = {"creator_organization_name": "A", "access": "open"}
    days = cells(bad, "2026-09-03").items()
    models = [{**about, "name": name, "display_name": name, "release_date": day} for name, day in days]
    return yaml.safe_dump({"models": models})


def openhands(bad: object) -> str:
    run = {"agent_name": "OpenHands", "model": "A", "openness": "open_weights"}
    results = [{"benchmark": "gaia", "score": cell} for cell in cells(bad, 50.0).values()]
    return json.dumps({"a/metadata.json": run, "a/scores.json": results})


def tau2(bad: object) -> str:
    about = {"submitting_organization": "A", "submission_date": "2026-09-03"}
    results = {name: {"retail": {"pass_1": cell}} for name, cell in cells(bad, 50.0).items()}
    return json.dumps({name: {**about, "model_name": name, "results": scores} for name, scores in results.items()})


def weirdml_v3(bad: object) -> str:
    return json.dumps({"models": [{"id": name, "name": name, "score": cell} for name, cell in cells(bad, 0.5).items()]})


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
    assert "bad" not in {model.spelling for model in imported.models}
    assert len(imported.models) == GOOD


@pytest.mark.parametrize("bad", ["3", "null", "[1]", '"text"'])
def test_an_entry_of_another_kind_costs_itself(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "models.json"
    path.write_text(models_dev("2026-09-03").replace("{", f'{{"lab/odd": {bad}, ', 1), encoding="utf-8")
    imported, [error] = read_good_rows(path, IMPORTERS["models-dev"])
    assert (error.line, error.problem) == (1, "is not an entry with keys and values")
    assert len(imported.models) == GOOD + 1


HALF_BAD = "display_name,avg_acc\n" + "a,{0}\nb,0.5\n" * 10


@pytest.mark.parametrize(
    ("importer", "text", "problem"),
    [
        ("weirdml", HALF_BAD.format("soon"), 'line 2, column avg_acc: "soon" is not a number'),
        ("weirdml", HALF_BAD.format("n/a"), 'line 2, column avg_acc: "n/a" is not a number'),
        ("models-dev", "{\n,", "line 2: is not JSON"),
    ],
)
def test_a_file_of_which_all_or_more_than_a_tenth_cant_be_read_is_refused(
    tmp_path: Path, importer: str, text: str, problem: str
) -> None:
    path = tmp_path / FORMS[importer][0]
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=problem):
        read_good_rows(path, IMPORTERS[importer])
