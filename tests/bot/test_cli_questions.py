"""How a question becomes a command: its fields as options and by place, what is refused, its tables as CSV."""

import csv
import io
import json
from dataclasses import field
from datetime import date
from typing import Any, ClassVar, Literal

import pytest
from click.testing import CliRunner, Result

from bot import cli
from bot.answers import Answers
from core.answer import Answer, Line
from core.dataclass import dataclass
from core.evidence.evidence import Evidence
from core.questions import QUESTIONS, Question
from core.questions.unmatched import UnmatchedQuestion
from core.store.store import Store
from tests.bot.conftest import Run
from tests.bot.test_cli import answer, refusal

ANSWER = Answer(
    question={}, method="", parameters={}, revision="r", as_of="2026-08-22", known_by="2026-08-22",
    newest_data="2026-08-22", lines=(Line("", "It has."),), facts=(), tables=(), charts=(),
    data={"passed": True}, sources=(),
)  # fmt: skip


@dataclass(frozen=True)
class HasPassed(Question):
    """A question with two fields that may be given by place, one of them needed."""

    name: ClassVar[str] = "has_passed"
    summary: ClassVar[str] = "Whether a model has passed a level."
    phrasings: ClassVar[tuple[str, ...]] = ("Has R1 passed 50?",)

    model: str = field(metadata={"description": "A model.", "examples": ["GPT-4"], "by_place": True})
    level: float | None = field(
        default=None, metadata={"description": "A level.", "examples": ["45"], "by_place": True}
    )
    side: Literal["open", "closed"] | None = field(default=None, metadata={"description": "A side."})
    as_of: date | None = field(default=None, metadata={"description": "A day.", "examples": ["2026-05-22"]})
    twice: Literal["yes", "no"] = field(default="no", metadata={"description": "Passed twice."})

    def resolved(self, store: Store, today: date) -> "HasPassed":
        return self

    def answer(self, evidence: Evidence) -> Answer:
        return ANSWER


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """What was asked, in order; every answer is "It has."."""
    questions: list[Question] = []

    def answer(_: Answers, question: Question) -> Answer:
        questions.append(question)
        return ANSWER

    monkeypatch.setattr(Answers, "compute", answer)
    return questions


@pytest.fixture(autouse=True)
def _has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUESTIONS, HasPassed.name, HasPassed)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.main, list(words), prog_name="gapbrief")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("R1",), HasPassed("R1")),
        (("R1", "50 %"), HasPassed("R1", 50.0)),
        (("--model", "R1"), HasPassed("R1")),
        (("--model", "R1", "--level", "50"), HasPassed("R1", 50.0)),
        (("R1", "--level", "50"), HasPassed("R1", 50.0)),
        (("--level", "50", "R1"), HasPassed("R1", 50.0)),
        (("R1", "--side", "Open", "--as-of", "22 May 2026"), HasPassed("R1", None, "open", date(2026, 5, 22))),
        (("--", "-R1"), HasPassed("-R1")),
        (("R1", "--twice"), HasPassed("R1", twice="yes")),
    ],
)
def test_a_field_is_given_by_its_place_or_by_its_name(asked: list[Question], words: Any, meant: Question) -> None:
    result = run("has-passed", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "It has.\n", "")
    assert asked == [meant]


def test_a_question_is_asked_by_its_former_name_too_which_help_does_not_list(asked: list[Question]) -> None:
    result = run("waiting", "--access", "private")
    assert (result.exit_code, result.stdout) == (0, "It has.\n")
    assert asked == [UnmatchedQuestion(access="private")]
    assert "waiting" not in run("--help").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("R1", "--model", "K2"), 'The model is given twice, as "R1" and as "K2".'),
        (("R1", "50", "--level", "60"), 'The level is given twice, as "50" and as "60".'),
        ((), 'The model is missing; give one, such as "GPT-4".'),
        (("--level", "50"), 'The model is missing; give one, such as "GPT-4".'),
        (("",), "The model is empty; give one, or leave it out."),
        (("R1", "half"), 'The level "half" is no number; write it as 45 or 45.5.'),
        (("R1", "50", "--side", "left"), 'The side can\'t be "left"; choose open or closed.'),
        (("R1", "50", "60"), "Got unexpected extra argument (60); put quotes around words that belong together."),
    ],
)
def test_what_is_given_twice_or_missing_or_too_much_is_refused(
    asked: list[Question], words: Any, sentence: str
) -> None:
    result = run("has-passed", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{sentence}\n")
    assert asked == []


@pytest.mark.parametrize("name", ["has-passed", "has_passed"])
def test_a_command_is_found_with_a_hyphen_and_by_its_questions_name(asked: list[Question], name: str) -> None:
    assert run(name, "R1").exit_code == 0
    assert asked == [HasPassed("R1")]


def test_the_help_says_what_may_be_given_and_how() -> None:
    shown = run("has-passed", "--help").stdout
    assert shown.startswith("Usage: gapbrief has-passed [OPTIONS] [MODEL] [LEVEL]\n")
    for part in ("--model NAME", "--level NUMBER", "--side open|closed", "--as-of DATE", "“Has R1 passed 50?”"):
        assert part in shown
    assert 'Example: gapbrief has-passed "GPT-4"' in shown
    assert "_by_place" not in shown
    assert "--points" not in shown  # its answers hold no single results


def test_json_without_points_is_whole(asked: list[Question]) -> None:
    result = run("has-passed", "R1", "--json")
    assert result.exit_code == 0
    assert '"passed": true' in result.stdout


def test_a_model_against_another_is_their_comparison(asked: list[Question]) -> None:
    shown = CliRunner().invoke(cli.main, ["model", "Kimi K3", "--against", "GPT-5.5", "--as-of", "2026-08-22"])
    assert shown.exit_code == 0
    assert asked == [QUESTIONS["compare"].from_words(left="Kimi K3", right="GPT-5.5", as_of="2026-08-22")]
    refused = CliRunner().invoke(cli.main, ["model", "Kimi K3", "--against", "GPT-5.5", "--benchmark", "gpqa"])
    assert (refused.exit_code, len(asked)) == (2, 1)
    assert "leave the benchmark out" in refused.output


def table(run: Run, *words: str) -> list[dict[str, str]]:
    result = run(*words, "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))


def test_csv_begins_with_the_headline_its_range_its_day_and_its_count(run: Run) -> None:
    rows, headline = table(run, "gap"), answer(run)["access"]
    assert [row["access"] for row in rows] == ["private", "public"]
    for row in rows:
        index = headline[row["access"]]["index"]
        for part in ("months", "low", "high", "at", "n_families"):
            assert row[f"index.{part}"] == str(index[part])


def test_csv_of_one_test_begins_with_its_standing_gap(run: Run) -> None:
    (row,), (test,) = table(run, "gap", "gpqa"), answer(run, "gpqa")["benchmarks"]
    assert (row["benchmark"], row["standing.months"]) == ("gpqa-diamond", str(test["standing"]["months"]))


@pytest.mark.parametrize(
    ("words", "column"),
    [
        ("trust", "index.months"), ("changes 2026-06-12", "after.months"), ("what-if frontiermath 45", "after.months"),
        ("model kimi-k3", "months"), ("compare china us", "months"), ("best", "index.months"),
    ],
)  # fmt: skip
def test_csv_of_other_questions_begins_with_their_figures_by_class(run: Run, words: str, column: str) -> None:
    first = table(run, *words.split())[0]
    assert first["access"] == "private"
    assert float(first[column])


@pytest.mark.parametrize("name", ["access", "benchmarks", "facts"])
def test_each_row_of_csv_says_its_days_and_the_method(run: Run, name: str) -> None:
    json_answer = answer(run)
    days_and_method = {key: json_answer[key] for key in ("as_of", "known_by", "method")}
    assert all(row | days_and_method == row for row in table(run, "gap", "--table", name))


def test_csv_has_the_parts_of_parts_as_columns(run: Run) -> None:
    rows, tests = table(run, "gap", "--table", "benchmarks"), answer(run)["benchmarks"]
    assert [row["benchmark"] for row in rows] == [test["benchmark"] for test in tests]
    shown = [(row["standing.months"], json.loads(row["levels_left"])) for row in rows]
    assert shown == [(str(test["standing"]["months"] or ""), test["levels_left"]) for test in tests]


def test_csv_of_another_table_by_its_name(run: Run) -> None:
    rows = table(run, "gap", "--table", "index_trend")
    private = [row for row in rows if row["access"] == "private"]
    assert float(private[-1]["months"]) == answer(run)["access"]["private"]["index"]["months"]
    facts = answer(run)["facts"]
    assert [row["key"] for row in table(run, "gap", "--table", "facts")] == [fact["key"] for fact in facts]
    assert len(table(run, "gap", "--points", "all")) > len(table(run, "gap", "--table", "points"))


def test_a_table_of_both_classes_has_them_in_a_column(run: Run) -> None:
    rows = {(row["access"], row["name"]) for row in table(run, "best")}
    assert rows >= {("private", "Kimi K3"), ("public", "Kimi K3")}


@pytest.mark.parametrize("words", ["others", "terms", "sources", "trust", "roster", "unmatched", "frontier weirdml"])
def test_every_question_has_csv(run: Run, words: str) -> None:
    assert table(run, *words.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--format csv --table trends", 'The answer has no table "trends"; choose access, benchmarks, trend, '),
        ("--table trend", "--table is for CSV; give --format csv too, or leave it out."),
    ],
)
def test_a_table_that_is_not_there_is_refused(run: Run, words: str, sentence: str) -> None:
    assert refusal(run, "gap", *words.split()).startswith(sentence)


def test_one_answer_has_one_format(run: Run) -> None:
    result = run("gap", "--json", "--format", "csv")
    assert (result.exit_code, result.stderr) == (2, "--json and --format csv can't both be; leave one out.\n")
