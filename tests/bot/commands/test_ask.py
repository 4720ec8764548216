"""`gapbrief ask` and `chat` as people and programs use them."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot import answers
from bot.cli import main
from core.questions import QUESTIONS
from tests.bot.conftest import COMMAND, STYLE, TODAY, Cli, Run
from tests.fakes.openai import FakeOpenAI, Reply, always, declines, reads

# ---- ask


def test_the_first_line_says_how_it_was_understood_and_the_answer_follows(run: Run) -> None:
    result = run("ask", "when did open models reach 80 % on GPQA?")
    assert result.exit_code == 0
    understood, title, *_ = result.output.splitlines()
    assert understood == "Understood: timeline · GPQA Diamond · 80 %"
    assert title.startswith("GPQA Diamond, 80 %: first closed")
    asked = run("timeline", "GPQA Diamond", "80")
    assert result.output == f"{understood}\n{asked.output}"


def test_the_answer_begins_with_what_was_asked_of_it(run: Run) -> None:
    _, first, *others = run("ask", "are open models catching up?").output.splitlines()
    assert first.startswith("Widening? Probably: ")
    assert others[0].startswith("In short    Open models trail closed ones by ")


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("draw me the gap over time", "`gapbrief chart index --out gap.png` draws it"),
        (
            "plot china against france",
            "`gapbrief chart compare --left China --right France --out compare.png` draws it",
        ),
    ],
)
def test_who_asks_for_a_chart_is_told_the_command_that_draws_it(run: Run, text: str, last: str) -> None:
    assert run("ask", text).output.splitlines()[-1] == last


def test_words_may_be_given_without_quotation_marks(run: Run) -> None:
    quoted, unquoted = run("ask", "who leads on gpqa"), run("ask", "who", "leads", "on", "gpqa")
    assert quoted.output == unquoted.output
    assert run("ask", "gap", "--on", "gpqa").output.startswith("Understood: gap · GPQA Diamond\n")


def test_several_readings_are_offered_as_commands_to_type(run: Run) -> None:
    result = run("ask", "how far behind is deepseek v4")
    assert (result.exit_code, result.stdout) == (2, "")
    first, *commands = result.stderr.splitlines()
    assert first == "That can mean several things; choose one."
    assert "  gapbrief model --model 'DeepSeek V4 Flash 0731'" in commands
    for command in commands:
        words = re.findall(r"'[^']*'|\S+", command)
        assert run(*(word.strip("'") for word in words[1:])).exit_code == 0, command


def test_several_questions_are_offered_as_commands_to_type(run: Run) -> None:
    result = run("ask", "gap on private tests and who leads on GPQA?")
    assert result.stderr.splitlines() == [
        "You ask several things; choose what to begin with.",
        "  gapbrief gap --access private",
        "  gapbrief frontier --benchmark 'GPQA Diamond'",
    ]


@pytest.mark.parametrize(
    ("words", "understood", "sentence"),
    [
        (["what's the weather in Berlin?"], "", "I can't answer that. Ask how far behind open AI models are"),
        (["how far behind is Kimi K9?"], "model · Kimi K9", 'No model is called "Kimi K9". Did you mean'),
        (["show me the brief of 22 May 2019"], "the brief of 22 May 2019", "The data begins with models of"),
        (["the doctor says disk almost full"], "", "I answer only about models and their tests; `gapbrief doctor`"),
        ([], "", "The question is missing"), (["  "], "", "The question is missing"), (["?"], "", ""),
        (["gap " * 200], "", ""),
    ],
)  # fmt: skip
def test_what_has_no_answer_is_one_sentence_with_exit_code_2(
    run: Run, words: list[str], understood: str, sentence: str
) -> None:
    result = run("ask", *words)
    assert (result.exit_code, result.stdout) == (2, f"Understood: {understood}\n" if understood else "")
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


# ---- ask --json


def test_json_holds_what_was_understood_and_the_answer(run: Run) -> None:
    result = run("ask", "--json", "gap on gpqa for china last March")
    assert result.exit_code == 0
    reply = json.loads(result.stdout)
    assert reply["question"] == "gap"
    assert reply["fields"] == {"benchmark": "GPQA Diamond", "country": "China", "as_of": "2026-03-31"}
    assert reply["understood"] == "gap · GPQA Diamond · China · as of 31 March 2026"
    assert (reply["alternatives"], reply["sentence"]) == ([], None)
    same = run("gap", "--benchmark", "gpqa", "--country", "china", "--as-of", "2026-03-31", "--points", "all", "--json")
    assert reply["answer"] == json.loads(same.stdout)


def test_who_asks_for_a_brief_reads_it_as_by_its_own_command(run: Run) -> None:
    result = run("ask", "show me the brief of 22 May 2026")
    assert result.exit_code == 0
    assert result.stdout == "Understood: the brief of 22 May 2026\n" + run("brief", "--as-of", "2026-05-22").stdout
    reply = json.loads(run("ask", "show me the brief of 22 May 2026", "--json").stdout)
    assert reply["fields"] == {"as_of": "2026-05-22"}
    assert reply["brief"] == json.loads(run("brief", "--as-of", "2026-05-22", "--format", "json").stdout)
    of_a_span = run("ask", "a brief from 1 March to 22 May 2026")
    own = run("brief", "--as-of", "2026-05-22", "--since", "2026-03-01").stdout
    assert of_a_span.stdout == f"Understood: the brief of 22 May 2026 since 1 March 2026\n{own}"
    impossible = run("ask", "a brief from 1 August to 1 August 2026")
    assert (impossible.exit_code, impossible.stderr.count("is not before the brief's day")) == (2, 1)


@pytest.mark.parametrize(
    "text", ["how far behind is deepseek v4", "hello", "what if an open model got 90 %?", "gap in 2018"]
)
def test_json_has_the_same_keys_where_there_is_no_answer(run: Run, text: str) -> None:
    result = run("ask", text, "--json")
    assert result.exit_code == 2
    reply = json.loads(result.stdout)
    assert list(reply) == [
        "question", "fields", "understood", "alternatives", "answer", "brief", "sentence", "worded", "figures",
        "others", "near", "notice",
    ]  # fmt: skip
    assert reply["answer"] is None
    assert reply["sentence"]
    assert all(reading.keys() == {"question", "fields", "understood"} for reading in reply["alternatives"])


# ---- on a terminal


@pytest.mark.slow
def test_on_a_terminal_the_first_line_is_dim(cli: Cli) -> None:
    shown = cli.terminal(100, "ask", "gap on gpqa")
    assert shown.startswith("\x1b[2mUnderstood: gap · GPQA Diamond\x1b[0m\n")
    plain = cli.terminal(100, "ask", "gap on gpqa", "--no-color")
    assert plain.startswith("Understood: gap · GPQA Diamond\nOpen models stand")
    assert not STYLE.search(plain)


@pytest.mark.slow
def test_another_encoding_gets_its_nearest_letters(cli: Cli) -> None:
    code, out, _ = cli.process("ask", "gap on gpqa", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert code == 0
    assert out.startswith("Understood: gap | GPQA Diamond\n")


# ---- chat


@pytest.fixture
def chat(evidence_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type lines into the chat, on 1 December 2026: chat("how far behind are open models?", "exit")."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(answers, "utc_today", lambda: TODAY)

    environment = {"GAPBRIEF_DB": str(evidence_file), "GAPBRIEF_STATE_URL": f"sqlite:///{tmp_path / 'state.db'}"}
    return lambda *lines: CliRunner().invoke(main, ["chat"], input="\n".join([*lines, ""]), env=environment)


def test_a_chat_shows_a_brief_or_says_why_there_is_none(chat: Run) -> None:
    result = chat("the brief of 22 May 2019", "the brief of 22 May 2026", "exit")
    assert result.exit_code == 0
    assert "2019" in result.output
    assert "22 May 2026 · gapbrief" in result.output


def test_a_chat_goes_on_from_what_was_asked_before(chat: Run) -> None:
    result = chat("how far behind are open models?", "and on private ones?", "what about China?", "exit", "never read")
    assert result.exit_code == 0
    assert re.findall("^Understood: (.*)$", result.output, re.MULTILINE) == [
        "gap", "gap · private tests", "gap · private tests · China",
    ]  # fmt: skip
    assert "Open models from China trail closed ones by" in result.output


@pytest.mark.parametrize("end", [("exit",), ("quit",), ("EXIT",), ()])
def test_a_chat_ends_with_a_word_or_with_the_input(chat: Run, end: tuple[str, ...]) -> None:
    result = chat("", *end)
    assert (result.exit_code, result.output) == (0, "")


def test_help_in_a_chat_says_how_to_ask_each_question(chat: Run) -> None:
    result = chat("help")
    assert all(question.phrasings[0] in result.output for question in QUESTIONS.values())


def test_a_choice_in_a_chat_is_made_by_its_number(chat: Run) -> None:
    result = chat("how far behind is deepseek v4", "2", "and on weirdml?")
    assert "That can mean several things; choose one.\n  1  model · " in result.output
    assert "Type a number.\n" in result.output
    offered = re.findall(r"^  \d  (.*)$", result.output, re.MULTILINE)
    understood = re.findall("^Understood: (.*)$", result.output, re.MULTILINE)
    assert understood == [offered[1], f"{offered[1]} · WeirdML"]


def test_what_a_chat_cant_answer_does_not_end_it(chat: Run) -> None:
    result = chat(
        "what's the weather?", "how far behind is kimi k9", "how far behind is deepseek v4", "9", "gap on gpqa"
    )
    assert result.exit_code == 0
    assert result.output.count("I can't answer that") == 2, "a number that was not offered is a text like others"
    assert 'No model is called "kimi k9"' in result.output
    assert "Understood: gap · GPQA Diamond" in result.output


@pytest.mark.slow
def test_a_chat_is_quiet_when_piped_and_prompts_on_a_terminal(cli: Cli) -> None:
    code, out, err = cli.process("chat")  # standard input is at its end
    assert (code, out, err) == (0, "", "")


@pytest.mark.slow
def test_bytes_that_are_no_text_are_no_error(cli: Cli) -> None:
    lines = b"\xff\xfe gap\ngap on gpqa\n"
    done = subprocess.run([COMMAND, "chat"], cwd=cli.folder, env=cli.environment, input=lines, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().count("Understood: gap") == 2
    assert cli.process("ask", "gap on gpqa \udcff")[0] == 0


# ---- with a language model


UNSURE = "how far behind are open models, is the moat gone?"


def ask_twice(run: Run, of_model: dict[str, str], step: Reply) -> tuple[Result, Any]:
    """Ask with a model that replies so, and return the result, and its JSON."""
    with FakeOpenAI(always(step)) as model:
        environment = {**of_model, "GAPBRIEF_LLM_BASE_URL": model.url}
        return run("ask", UNSURE, **environment), json.loads(run("ask", UNSURE, "--json", **environment).stdout)


def test_what_a_model_read_is_answered_in_our_words(run: Run, of_model: dict[str, str]) -> None:
    result, reply = ask_twice(run, of_model, reads(("gap", {})))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Understood: gap\nOpen models trail closed ones by ")
    assert (reply["worded"], reply["figures"], reply["others"], reply["notice"]) == (None, None, [], None)
    assert reply["answer"]["question"]["benchmark"] is None


def test_several_questions_are_answered_by_their_first_lines(run: Run, of_model: dict[str, str]) -> None:
    result, reply = ask_twice(run, of_model, reads(("gap", {}), ("frontier", {"benchmark": "weirdml"})))
    assert result.exit_code == 0, result.output
    understood, gap, frontier, day, full = result.stdout.splitlines()
    assert understood == "Understood: gap + frontier · WeirdML"
    assert gap.startswith("gap: Open models trail closed ones by ")
    assert frontier.startswith("frontier · WeirdML: ")
    assert day == "Data: to 28 September 2026, 64 days old"
    assert full == "In full: gapbrief gap && gapbrief frontier --benchmark WeirdML"
    assert [other["question"] for other in reply["others"]] == ["frontier"]


def test_a_reason_against_an_answer_names_what_is_near(run: Run, of_model: dict[str, str]) -> None:
    result, reply = ask_twice(run, of_model, declines("forecast", ("gap", {"country": "China"})))
    assert (result.exit_code, result.stderr) == (
        2,
        "Nothing is forecast here.\nNear:\n  gapbrief gap --country China\n",
    )
    assert reply["answer"] is None
    assert reply["near"] == [{"question": "gap", "fields": {"country": "China"}, "understood": "gap · China"}]


def test_what_rules_understand_wholly_asks_no_model(run: Run, model: FakeOpenAI, of_model: dict[str, str]) -> None:
    assert "Private" in run("ask", "how far behind are open models?", **of_model).stdout
    assert model.asked == []


def test_a_model_that_can_not_be_reached_is_said_in_a_sentence(run: Run, of_model: dict[str, str]) -> None:
    with FakeOpenAI() as gone:
        pass
    result = run("ask", UNSURE, **{**of_model, "GAPBRIEF_LLM_BASE_URL": gone.url})
    assert result.exit_code == 0
    assert result.stderr == "The language model can't be reached; see that it runs. Rules answer.\n"
    assert result.stdout.startswith("Understood: gap\n")


def test_a_spent_budget_is_said_above_the_rules_answer(run: Run, of_model: dict[str, str]) -> None:
    result = run("ask", UNSURE, GAPBRIEF_LLM_TOKENS="0", **of_model)
    assert result.exit_code == 0
    first, second, *_ = result.stdout.splitlines()
    assert first == "The language model is not used here; answers come by rules."
    assert second == "Understood: gap"


def test_a_chat_remembers_until_it_is_told_to_forget(
    chat: Run, model: FakeOpenAI, of_model: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in of_model.items():
        monkeypatch.setenv(name, value)
    result = chat(UNSURE, "and where nobody may peek beforehand?", "forget", "and where nobody could peek at it?")
    assert result.exit_code == 0, result.output
    assert "Forgotten: what you ask next stands on its own." in result.output
    assert ["The last question was" in asked.system for asked in model.asked] == [False, True, False]
