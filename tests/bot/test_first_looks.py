"""What a person sees first: every question's first look fits a phone, and nothing is wider than the terminal."""

from dataclasses import MISSING, fields
from textwrap import wrap

import pytest

from bot import terminal
from core.answer import Answer
from core.questions import QUESTIONS, ask
from core.store.store import Store
from tests.bot.conftest import STYLE
from tests.test_readme import READ_ON

SIDES = (
    ("private", "public"), ("china", "us"), ("qwen", "kimi"), ("Kimi K3", "GPT-5.5"), ("Kimi K3", "GLM-4.6"),
    ("gpqa", "metr"), ("May 2025", "September 2026"), ("up to 40B", "over 40B"),
)  # fmt: skip
ASKED = [
    *(
        (name, {parameter.name: str(parameter.metadata["examples"][0]) for parameter in fields(QUESTIONS[name])
                if parameter.default is MISSING})
        for name in QUESTIONS if name not in ("compare", "timeline")
    ),
    ("timeline", {"benchmark": "gpqa"}),
    ("frontier", {"benchmark": "weirdml"}),
    ("model", {"model": "GPT-5"}),
    *(("compare", {"left": left, "right": right}) for left, right in SIDES),
]  # fmt: skip
"""Every question with the fields that it needs, and those whose answers differ in kind."""


@pytest.fixture(params=ASKED, ids=str, scope="module")
def answer(request: pytest.FixtureRequest, store: Store) -> Answer:
    name, words = request.param
    return ask(QUESTIONS[name].from_words(**words), store, READ_ON)


def test_a_first_look_has_at_most_seven_lines_and_twelve_rows_on_a_phone(answer: Answer) -> None:
    rows = [wrap(f"{line.label}: {line.text}" if line.label else line.text, 45) for line in answer.first_look]
    assert len(rows) <= 7
    assert sum(map(len, rows)) <= 12
    left_out = {line.label for line in answer.lines if not line.detail and line not in answer.first_look}
    assert left_out <= {"Closest"}  # for which a model with a long name leaves no room


def test_the_first_look_and_the_details_are_the_whole_answer(answer: Answer) -> None:
    assert {*answer.first_look, *answer.details} == {*answer.lines}
    assert answer.first_look[0] == answer.lines[0]
    assert any(line.is_day for line in answer.first_look) or "terms" in answer.data


@pytest.mark.parametrize("width", [20, 45, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal_and_none_is_cut(
    answer: Answer, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(width))
    for details in (False, True):
        terminal.show_answer(answer, color=True, more="`gapbrief gap --details` shows more", details=details)
    shown = STYLE.sub("", capsys.readouterr().out)
    assert "…" not in shown
    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ({"robust": "yes"}, "gapbrief gap --robust --details"),
        ({"as_of": "2026-05-22", "lab": "Mistral AI"}, "gapbrief gap --as-of 2026-05-22 --lab 'Mistral AI' --details"),
    ],
)
def test_the_command_for_more_can_be_typed_as_it_stands(words: dict[str, str], command: str) -> None:
    assert terminal.describe_more(QUESTIONS["gap"], words).startswith(f"`{command}` shows ")
