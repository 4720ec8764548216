"""The README shows what the product prints, and names what is there."""

import re
import tomllib
from datetime import date
from pathlib import Path

from bot.terminal import plain_table
from core.answer import Answer
from core.questions import GapQuestion, ask
from core.store.store import open_store

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
READ_ON = date(2026, 11, 25)
"""The day on which the README's example was printed."""


def example(tmp_path: Path) -> Answer:
    with open_store(tmp_path / "evidence.db", ROOT / "data") as store:
        return ask(GapQuestion(), store, READ_ON)


def test_its_example_is_real(tmp_path: Path) -> None:
    answer = example(tmp_path)
    printed = f"$ gapbrief gap\n{answer.text}\n\n{plain_table(answer.table)}\n"
    assert printed in README, f"README.md should show:\n{printed}"


def test_its_json_table_names_every_key(tmp_path: Path) -> None:
    section = README.split("## JSON")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+)", "".join(line.split("|")[1] for line in section.splitlines() if "|" in line)))
    named |= set(re.findall(r"`, `([a-z_]+)", section))
    assert set(example(tmp_path).to_json()) <= named


def test_ci_runs_its_test_command_word_for_word() -> None:
    commands = [line for line in README.splitlines() if line.startswith("pip install uv")]
    assert commands == ["pip install uv && uv run gapbrief gap", "pip install uv && uv run pytest"]
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_its_layout_names_every_folder_and_module_of_core_and_bot() -> None:
    section = README.split("## Layout")[1].split("\n## ")[0]
    for folder in sorted(path.name for path in (ROOT / "core").iterdir() if path.is_dir() and path.name[0] != "_"):
        assert f"{folder}/" in section
    for module in (ROOT / "core").glob("[a-z]*.py"):
        assert module.name in section
    for module in (ROOT / "bot").glob("[a-z]*.py"):
        assert module.stem in section


def test_every_source_of_the_data_is_named_with_its_licence() -> None:
    import csv

    named = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    with (ROOT / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            line = next(line for line in named.splitlines() if line.startswith(f"| {row['source_id']} |"))
            assert row["licence"] in line
            assert row["snapshot"] in line
            assert f"| {int(row['rows_read']):,} | {int(row['rows_used']):,} |" in line


def test_the_version_has_a_place_in_the_changelog() -> None:
    import core

    assert f"## {core.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "version" in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dynamic"]
