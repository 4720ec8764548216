"""The README shows what the product prints, and names what is there."""

import re
import shlex
import tomllib
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import answers
from bot.cli import main
from bot.evaluation import scoring as evaluation
from bot.settings import Settings
from core.questions import QUESTIONS, Question, ask
from core.store.store import open_store

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
READ_ON = date(2026, 11, 25)
"""The day on which the README's examples were printed."""
EXAMPLES = re.findall(r"^```\n\$ (gapbrief .*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block.splitlines()[0])
def test_its_examples_are_real(block: str, evidence_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each begins as the command prints it; "…" stands for the rest."""
    monkeypatch.setattr(answers, "utc_today", lambda: READ_ON)
    monkeypatch.setenv("GAPBRIEF_DB", str(evidence_file))
    command, shown = block.split("\n", 1)
    printed = CliRunner().invoke(main, shlex.split(command)[1:]).stdout
    assert printed.startswith(shown.removesuffix("…\n")), f"README.md should show:\n{printed}"


@pytest.mark.parametrize("page", ["README.md", "docs/asking.md", "docs/newsroom.md", "docs/operating.md"])
def test_no_page_holds_an_age_that_is_another_tomorrow(page: str) -> None:
    assert not re.search(r"\b\d+ (day|month)s old", (ROOT / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_the_json_contract_names_every_key(question: type[Question], evidence_file: Path) -> None:
    words = {
        parameter.name: parameter.metadata["examples"][0]
        for parameter in fields(question)
        if parameter.default is MISSING
    }
    words |= {"benchmark": "gpqa"} if question.name == "timeline" else {}
    with open_store(evidence_file, ROOT / "data") as store:
        answer = ask(question.from_words(**words), store, READ_ON)
    contract = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in contract.splitlines() if line.startswith("|")]
    of_all = {name for row in rows if len(row) == 4 for name in re.findall(r"`([a-z_]+)", row[1])}
    own = {name for row in rows if len(row) == 5 and row[1].strip() == question.name
           for name in re.findall(r"`([a-z_]+)", row[2])}  # fmt: skip
    assert set(answer.to_json()) <= of_all | own


@pytest.mark.slow
def test_it_tells_the_scores_of_the_reader_as_they_are(evidence_file: Path) -> None:
    asking = (ROOT / "docs" / "asking.md").read_text(encoding="utf-8")
    section = " ".join(asking.split("## How well free text is read")[1].split("\n## ")[0].split())
    settings = Settings(evidence_file, ROOT / "data", "sqlite://")
    own, strangers, blind = (
        evaluation.run(evaluation.load(ROOT / "tests" / "eval" / name), settings, READ_ON)
        for name in ("questions.yml", "development.yml", "blind.yml")
    )
    for scores, says in (
        ((own, strangers), "it reads {} of {} right and answers {} of {} that are no question of ours."),
        ((blind,), "never tuned to, it reads {} of {} right and answers {} of {}."),
    ):
        right, asked = (sum(part) for part in zip(*(score.answerable for score in scores), strict=True))
        others = sum(len(score.outcomes) for score in scores) - asked
        assert says.format(right, asked, sum(score.wrongly_answered for score in scores), others) in section


def test_ci_runs_its_test_command_word_for_word() -> None:
    commands = [line for line in README.splitlines() if line.startswith("pip install uv")]
    assert commands == ["pip install uv && uv run gapbrief gap", "pip install uv && uv run --group dev pytest"]
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_layout_names_every_folder_and_module_of_core_and_bot() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = page.split("## Rooms")[1].split("\n## ")[0]
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
