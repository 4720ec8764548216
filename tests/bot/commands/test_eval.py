"""`gapbrief eval`: how well free text is read, by rules and by a model."""

import re
from pathlib import Path

import pytest
import yaml

from core.questions import QUESTIONS
from tests.bot.conftest import Run
from tests.conftest import ROOT


@pytest.mark.slow
def test_a_set_is_scored_per_kind_and_per_question(run: Run, tmp_path: Path) -> None:
    rows = yaml.safe_load((ROOT / "tests" / "eval" / "questions.yml").read_text(encoding="utf-8"))
    first_of_each = {(row["kind"], row["question"]): row for row in reversed(rows)}
    path = tmp_path / "set.yml"
    path.write_text(yaml.safe_dump([*first_of_each.values()]), encoding="utf-8")
    result = run("eval", str(path))
    assert result.exit_code == 0, result.output
    right = r"^Read right: \d+ of \d+ that can be answered, \d+ % \(the bar: 90 %\)$"
    assert re.search(right, result.output, re.MULTILINE)
    assert result.output.endswith("Out of scope but answered: 0 (the bar: 0)\n")
    assert re.search(r"^hostile +\d+ +\d+$", result.output, re.MULTILINE)
    assert all(re.search(rf"^{name} +\d+ +\d+$", result.output, re.MULTILINE) for name in QUESTIONS)


def test_below_the_bar_it_lists_what_failed_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "set.yml"
    path.write_text(
        "- {text: gap on gpqa, question: frontier, kind: plain, fields: {benchmark: SimpleBench}}\n"
        "- {text: 'and china?', after: 'how far behind are open models?', question: gap, fields: {country: France}}\n"
        "- {text: 'how far behind are open models?', question: null, kind: off-topic}\n"
    )
    result = run("eval", str(path))
    assert result.exit_code == 1
    wrong = "Wrong: 'gap on gpqa'\n  expected  frontier, benchmark SimpleBench\n  got       gap, benchmark GPQA"
    assert wrong in result.output
    assert "Wrong: 'and china?' (after 'how far behind are open models?')" in result.output
    assert "Read right: 0 of 2 that can be answered, 0 %" in result.output
    assert "Out of scope but answered: 1 (the bar: 0)" in result.output


def test_the_day_of_reading_may_be_another(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "set.yml"
    path.write_text("- {text: gap last March, question: gap, fields: {as_of: 2025-03-31}}\n")
    assert run("eval", str(path)).exit_code == 1
    assert run("eval", str(path), "--on", "2026-01-10").exit_code == 0


def test_a_file_that_is_no_set_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("eval", str(tmp_path / "absent.yml"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == '"absent.yml" can\'t be read as a set of questions; give a YAML file.\n'


# ---- with a language model


def test_measuring_a_model_needs_one(run: Run) -> None:
    result = run("eval", "--llm")
    assert result.exit_code == 2
    assert result.stderr.startswith("No language model can be used; name one in GAPBRIEF_LLM_MODEL")


def test_a_model_is_measured_on_a_set(run: Run, of_model: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "set.yml").write_text("- {text: how far behind are they, question: gap, kind: plain}\n")
    result = run("eval", str(tmp_path / "set.yml"), "--llm", **of_model)
    assert result.exit_code == 0, result.output
    assert "Read right: 1 of 1 that can be answered, 100 %" in result.stdout
    assert "Read by fake: 1 of 1; by rules instead: 0 since" in result.stdout
    assert "its price is not known" in result.stdout
