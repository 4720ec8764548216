"""LiveBench: the mean of its categories' means, a version per release, efforts in brackets."""

import shutil
from pathlib import Path

import pytest

from core.errors import TableError
from core.evidence.importers import livebench
from core.evidence.importers.rows import effort_in_brackets

TABLE = "livebench/table_2026_01_08.csv"


@pytest.fixture
def table(raw: Path, tmp_path: Path) -> Path:
    """A copy of the table beside its categories, to spoil."""
    return Path(shutil.copytree(raw / "livebench", tmp_path / "livebench")) / "table_2026_01_08.csv"


def test_a_model_without_all_tasks_has_no_score(table: Path):
    text = table.read_text(encoding="utf-8").splitlines()
    last = text[-1].split(",")
    table.write_text("\n".join([*text[:-1], ",".join([last[0], "", *last[2:]])]) + "\n", encoding="utf-8")
    imported = livebench.read(table)
    assert [(drop.line, drop.reason) for drop in imported.dropped] == [(len(text), "no score")]
    assert len(imported.models) == imported.rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "is not LiveBench's list of categories"),
        ("[]", "is not LiveBench's list of categories"),
        ('{"Coding": ["no_such"]}', "is missing"),
        ("{", "is not JSON"),
    ],
)
def test_categories_that_fit_no_table_are_refused(table: Path, text: str, message: str):
    table.with_name("categories_2026_01_08.json").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=message):
        livebench.read(table)


def test_a_table_without_a_release_is_refused(table: Path):
    with pytest.raises(TableError, match="is not named by its release"):
        livebench.read(table.rename(table.with_name("table.csv")))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("claude-opus-4-6-thinking-auto-high-effort", "claude-opus-4-6 (high)"),
        ("gpt-5.4-xhigh", "gpt-5.4 (xhigh)"),
        ("kimi-k2.6-thinking", "kimi-k2.6 (thinking)"),
        ("claude-opus-4-5-20251101-thinking-32k", "claude-opus-4-5-20251101 (thinking 32k)"),
        ("gpt-5.1-2025-11-13-nothinking", "gpt-5.1-2025-11-13 (no thinking)"),
        ("glm-5", "glm-5"),
        ("claude-opus-5-max-effort", "claude-opus-5 (max)"),
        ("qwen3.8-max", "qwen3.8-max"),  # a model's own name
        ("qwen3-30b-a3b-thinking-2507", "qwen3-30b-a3b-thinking-2507"),  # a model of its own
    ],
)
def test_an_effort_at_the_end_of_a_name_is_put_in_brackets(name: str, written: str):
    assert effort_in_brackets(name) == written
