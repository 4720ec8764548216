"""Damaged files of publishers: an importer reads one, or names in one sentence the file and place at fault."""

import json
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import TableError
from core.evidence.importers import IMPORTERS
from tests.core.evidence.csv_tables import read_rows
from tests.core.evidence.importers import test_served_forms as served_forms
from tests.core.evidence.importers.test_every_importer import ALL, FIXTURES
from tests.core.evidence.spoiling import FUZZED, spoiled

SERVED = [
    ("models-dev", "models.json"), ("helm", "model_metadata.yaml"), ("mmlu-pro", "results.csv"),
    ("openhands", "results.json"), ("tau2", "submissions.json"),
]  # fmt: skip
LIVEBENCH = "livebench/table_2026_01_08.csv"
TRIED = [*ALL, *SERVED, ("livebench", LIVEBENCH), ("livebench", "livebench/categories_2026_01_08.json")]
"""Each importer with a file to spoil: of LiveBench the table, which it reads, and what lies beside it."""


@pytest.fixture
def original(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a file and the files beside it; a file served in another form is written in that form."""
    name: str = request.param
    if "/" in name:
        return Path(shutil.copytree((FIXTURES / name).parent, tmp_path / "beside")) / Path(name).name
    path = tmp_path / name
    if name == "results.csv":
        path.write_text("Models,Data Source,Overall,Biology\nA,TIGER-Lab,0.5,0.4\nB,Self-Reported,0.6\n", "utf-8")
        return path
    writers = {
        "results.json": lambda: served_forms.runs(read_rows(FIXTURES, served_forms.OPENHANDS)),
        "submissions.json": lambda: served_forms.submissions(read_rows(FIXTURES, served_forms.TAU2)),
    }
    if name in writers:
        path.write_text(writers[name](), "utf-8")
        return path
    table = "models_dev/models_metadata" if name == "models.json" else "helm/model_metadata"
    rows = [{**row, "creator_organization_name": row.get("creator")} for row in read_rows(FIXTURES, table)]
    by_id = {str(row.get("id")): {**row, "open_weights": True} for row in rows}
    path.write_text(json.dumps(by_id, indent=0) if name == "models.json" else yaml.safe_dump({"models": rows}), "utf-8")
    return path


importer_cases = pytest.mark.parametrize(("importer", "original"), TRIED, indirect=["original"])


def test_each_importer_is_tried() -> None:
    assert {importer for importer, _ in TRIED} == set(IMPORTERS)


@importer_cases
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_spoiled_file_is_read_or_refused_in_one_sentence(importer: str, original: Path, data: st.DataObject):
    read_or_refused(importer, original, data.draw(spoiled(original.read_bytes())))


@pytest.mark.slow
@importer_cases
@settings(max_examples=FUZZED, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_many_spoiled_files_are_read_or_refused_in_one_sentence(importer: str, original: Path, data: st.DataObject):
    read_or_refused(importer, original, data.draw(spoiled(original.read_bytes())))


def read_or_refused(importer: str, original: Path, body: bytes) -> None:
    """Hold that a file with other content is read, or that one sentence says what is wrong with it."""
    path = original.with_name("spoiled") / original.name
    if not path.exists():
        shutil.copytree(original.parent, path.parent, ignore=shutil.ignore_patterns("spoiled"))
    path.write_bytes(body)
    try:
        imported = IMPORTERS[importer](path.with_name(Path(LIVEBENCH).name) if importer == "livebench" else path)
    except TableError as error:
        refusal, message = error, str(error)
    else:
        assert imported.rows >= len(imported.dropped)
        return
    assert refusal.path.parent == path.parent
    assert message.startswith(refusal.path.name)
    assert "\n" not in message
    assert len(message) < 400
