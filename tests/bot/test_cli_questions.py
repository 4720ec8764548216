"""How a question becomes a command: its name, its fields as options and by place, and what is refused."""

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

SAID = Answer(
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
        return SAID


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """What was asked, in order; every answer is "It has."."""
    found: list[Question] = []

    def answer(_: Answers, question: Question) -> Answer:
        found.append(question)
        return SAID

    monkeypatch.setattr(Answers, "now", answer)
    return found


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
    ],
)
def test_what_is_given_twice_or_missing_is_refused(asked: list[Question], words: Any, sentence: str) -> None:
    result = run("has-passed", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{sentence}\n")
    assert asked == []


def test_more_words_than_places_are_refused(asked: list[Question]) -> None:
    result = run("has-passed", "R1", "50", "60")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "unexpected extra argument (60)" in result.stderr
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
