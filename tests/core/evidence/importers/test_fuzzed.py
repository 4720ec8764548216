"""Whatever a publisher's file has become: an importer reads it, or says in one sentence which file is wrong where."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import TableError
from core.evidence.importers import IMPORTERS
from tests.core.evidence.importers.test_every_importer import ALL, FIXTURES

SERVED = [("models-dev", "models.json"), ("helm", "model_metadata.yaml"), ("mmlu-pro", "results.csv")]
PIECES = [
    b"", b"nan", b"inf", b"-1", b"1e999", b"9" * 5000, b"0x" + b"f" * 5000, b"2026-13-45", b"2026-01", b"0001-01-01",
    b"\x00", b"\xff\xfe", b'"', b"'", b",", b"\n", b"\r", b"{", b"}", b"[", b"]", b": ", b"null", b"~", b"true",
    b"!!python/object:os.system x", b"&a *a", b"*a", b"<<: {models: []}", b"- ", b"\t", b"1_000", b"\xe2\x80\xae",
    b"\xed\xa0\x80", b"?", b"12:30:45", b"2026-01-01T00:00:00Z", b"!!set {a}", b"\xef\xbb\xbf", b"models: [1]\n",
]  # fmt: skip
WORD = re.compile(rb"[\w.\-]+")


@st.composite
def spoiled(draw: st.DrawFn, whole: bytes) -> bytes:
    """A file with a few words, lines or bytes changed, cut off, or in another encoding."""
    body = whole
    for _ in range(draw(st.integers(1, 4))):
        at, piece = draw(st.integers(0, len(body))), draw(st.sampled_from(PIECES) | st.binary(max_size=4))
        lines = body.split(b"\n")
        line = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("word", "insert", "without a line", "line twice", "cut", "UTF-16"))):
            case "word":
                found = WORD.search(body, at)
                body = body[: found.start()] + piece + body[found.end() :] if found else piece + body
            case "insert":
                body = body[:at] + piece + body[at:]
            case "without a line":
                body = b"\n".join(lines[:line] + lines[line + 1 :])
            case "line twice":
                body = b"\n".join([*lines[: line + 1], *lines[line:]])
            case "cut":
                body = body[:at]
            case "UTF-16":
                body = body.decode(errors="replace").encode("utf-16")
    return body


@pytest.fixture
def whole(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The file of this name, alone with what lies beside it; of the three that are served in another form, in that."""
    name: str = request.param
    if "/" in name:
        return Path(shutil.copytree((FIXTURES / name).parent, tmp_path / "beside")) / Path(name).name
    path = tmp_path / name
    if name == "results.csv":
        path.write_text("Models,Data Source,Overall,Biology\nA,TIGER-Lab,0.5,0.4\nB,Self-Reported,0.6\n", "utf-8")
        return path
    folder = "models_dev/models_metadata.csv" if name == "models.json" else "helm/model_metadata.csv"
    with (FIXTURES / folder).open(encoding="utf-8", newline="") as file:
        rows = [{**row, "creator_organization_name": row.get("creator")} for row in csv.DictReader(file)]
    by_id = {str(row.get("id")): {**row, "open_weights": True} for row in rows}
    path.write_text(json.dumps(by_id, indent=0) if name == "models.json" else yaml.safe_dump({"models": rows}), "utf-8")
    return path


@pytest.mark.parametrize(("importer", "whole"), [*ALL, *SERVED], indirect=["whole"])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_spoiled_file_is_read_or_refused_in_one_sentence(importer: str, whole: Path, data: st.DataObject):
    path = whole.with_name("spoiled") / whole.name
    if not path.exists():
        shutil.copytree(whole.parent, path.parent, ignore=shutil.ignore_patterns("spoiled"))
    path.write_bytes(data.draw(spoiled(whole.read_bytes())))
    try:
        imported = IMPORTERS[importer](path)
    except TableError as error:
        refused, said = error, str(error)
    else:
        assert imported.rows >= len(imported.dropped)
        return
    assert refused.path.parent == path.parent
    assert said.startswith(refused.path.name)
    assert "\n" not in said
    assert len(said) < 400
