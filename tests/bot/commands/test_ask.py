"""`gapbrief ask` and `chat` as people and programs use them."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import answers
from bot.cli import main
from core.questions import QUESTIONS
from tests.bot.conftest import COMMAND, STYLE, TODAY, Cli, Run
from tests.fakes.openai import FakeOpenAI, always, declines, reads

# ---- ask


def test_the_first_line_says_how_it_was_understood_and_the_answer_follows(run: Run) -> None:
    got = run("ask", "when did open models reach 80 % on GPQA?")
    assert got.exit_code == 0
    understood, title, *_ = got.output.splitlines()
    assert understood == "Understood: timeline · GPQA Diamond · 80 %"
    assert title.startswith("GPQA Diamond, 80 %: first closed")
    asked = run("timeline", "GPQA Diamond", "80")
    assert got.output == f"{understood}\n{asked.output}"


def test_the_answer_begins_with_what_was_asked_of_it(run: Run) -> None:
    _, first, *others = run("ask", "are open models catching up?").output.splitlines()
    assert first.startswith("Widening? Probably: ")
    assert others[0].startswith("In short    Open models trail closed ones by ")


def test_words_may_be_given_without_quotation_marks(run: Run) -> None:
    quoted, unquoted = run("ask", "who leads on gpqa"), run("ask", "who", "leads", "on", "gpqa")
    assert quoted.output == unquoted.output
    assert run("ask", "gap", "--on", "gpqa").output.startswith("Understood: gap · GPQA Diamond\n")


def test_several_readings_are_offered_as_commands_to_type(run: Run) -> None:
    got = run("ask", "how far behind is deepseek v4")
    assert (got.exit_code, got.stdout) == (2, "")
    first, *commands = got.stderr.splitlines()
    assert first == "That can mean several things; choose one."
    assert "  gapbrief model --model 'DeepSeek V4 Flash 0731'" in commands
    for command in commands:
        words = re.findall(r"'[^']*'|\S+", command)
        assert run(*(word.strip("'") for word in words[1:])).exit_code == 0, command


@pytest.mark.parametrize("text", ["where do my backups go", "the doctor says disk almost full"])
def test_who_asks_about_the_installation_is_sent_to_its_doctor(run: Run, text: str) -> None:
    got = run("ask", text)
    assert got.exit_code == 2
    assert "`gapbrief doctor`" in got.stderr


def test_several_questions_are_offered_as_commands_to_type(run: Run) -> None:
    got = run("ask", "gap on private tests and who leads on GPQA?")
    assert got.stderr.splitlines() == [
        "You ask several things; choose what to begin with.",
        "  gapbrief gap --access private",
        "  gapbrief frontier --benchmark 'GPQA Diamond'",
    ]


def test_what_cant_be_asked_is_one_sentence_with_exit_code_2(run: Run) -> None:
    got = run("ask", "what's the weather in Berlin?")
    assert (got.exit_code, got.stdout) == (2, "")
    assert got.stderr.startswith("I can't answer that. Ask how far behind open AI models are")
    assert len(got.stderr.splitlines()) == 1


def test_what_cant_be_answered_says_what_was_understood_and_why_not(run: Run) -> None:
    got = run("ask", "how far behind is Kimi K9?")
    assert got.exit_code == 2
    assert got.stdout == "Understood: model · Kimi K9\n"
    assert got.stderr.startswith('No model is called "Kimi K9". Did you mean')


@pytest.mark.parametrize("words", [(), ("",), ("  ",), ("?",), ("gap " * 200,)])
def test_no_question_is_no_error_of_the_program(run: Run, words: tuple[str, ...]) -> None:
    got = run("ask", *words)
    assert got.exit_code == 2
    assert len(got.stderr.splitlines()) == 1


# ---- ask --json


def test_json_holds_what_was_understood_and_the_answer(run: Run) -> None:
    got = run("ask", "--json", "gap on gpqa for china last March")
    assert got.exit_code == 0
    found = json.loads(got.stdout)
    assert found["question"] == "gap"
    assert found["fields"] == {"benchmark": "GPQA Diamond", "country": "China", "as_of": "2026-03-31"}
    assert found["understood"] == "gap · GPQA Diamond · China · as of 31 March 2026"
    assert (found["alternatives"], found["sentence"]) == ([], None)
    same = run("gap", "--benchmark", "gpqa", "--country", "china", "--as-of", "2026-03-31", "--points", "all", "--json")
    assert found["answer"] == json.loads(same.stdout)


def test_who_asks_for_a_brief_reads_it_as_by_its_own_command(run: Run) -> None:
    got = run("ask", "show me the brief of 22 May 2026")
    assert got.exit_code == 0
    assert got.stdout == "Understood: the brief of 22 May 2026\n" + run("brief", "--as-of", "2026-05-22").stdout
    found = json.loads(run("ask", "show me the brief of 22 May 2026", "--json").stdout)
    assert found["fields"] == {"as_of": "2026-05-22"}
    assert found["brief"] == json.loads(run("brief", "--as-of", "2026-05-22", "--format", "json").stdout)


def test_a_day_that_can_have_no_brief_says_so(run: Run) -> None:
    got = run("ask", "show me the brief of 22 May 2019")
    assert (got.exit_code, got.stdout) == (2, "Understood: the brief of 22 May 2019\n")
    assert "2019" in got.stderr


@pytest.mark.parametrize(
    "text", ["how far behind is deepseek v4", "hello", "what if an open model got 90 %?", "gap in 2018"]
)
def test_json_has_the_same_keys_where_there_is_no_answer(run: Run, text: str) -> None:
    got = run("ask", text, "--json")
    assert got.exit_code == 2
    found = json.loads(got.stdout)
    assert list(found) == [
        "question", "fields", "understood", "alternatives", "answer", "brief", "sentence", "worded", "figures",
        "others", "near", "notice",
    ]  # fmt: skip
    assert found["answer"] is None
    assert found["sentence"]
    assert all(each.keys() == {"question", "fields", "understood"} for each in found["alternatives"])


# ---- on a terminal


def test_on_a_terminal_the_first_line_is_dim(cli: Cli) -> None:
    shown = cli.terminal(100, "ask", "gap on gpqa")
    assert shown.startswith("\x1b[2mUnderstood: gap · GPQA Diamond\x1b[0m\n")
    plain = cli.terminal(100, "ask", "gap on gpqa", "--no-color")
    assert plain.startswith("Understood: gap · GPQA Diamond\nOpen models stand")
    assert not STYLE.search(plain)
    assert not STYLE.search(cli.terminal(100, "ask", "gap on gpqa", NO_COLOR="1"))


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

    def typed(*lines: str) -> Result:
        text = "".join(f"{line}\n" for line in lines)
        return CliRunner().invoke(main, ["chat"], input=text, env=environment)

    return typed


def test_a_chat_shows_a_brief_or_says_why_there_is_none(chat: Run) -> None:
    got = chat("the brief of 22 May 2019", "the brief of 22 May 2026", "exit")
    assert got.exit_code == 0
    assert "2019" in got.output
    assert "22 May 2026 · gapbrief" in got.output


def test_a_chat_goes_on_from_what_was_asked_before(chat: Run) -> None:
    got = chat("how far behind are open models?", "and on private ones?", "what about China?", "exit", "never read")
    assert got.exit_code == 0
    assert re.findall("^Understood: (.*)$", got.output, re.MULTILINE) == [
        "gap", "gap · private tests", "gap · private tests · China",
    ]  # fmt: skip
    assert "Open models from China trail closed ones by" in got.output


@pytest.mark.parametrize("end", [("exit",), ("quit",), ("EXIT",), ()])
def test_a_chat_ends_with_a_word_or_with_the_input(chat: Run, end: tuple[str, ...]) -> None:
    got = chat("", *end)
    assert (got.exit_code, got.output) == (0, "")


def test_help_in_a_chat_says_how_to_ask_each_question(chat: Run) -> None:
    got = chat("help")
    assert all(question.phrasings[0] in got.output for question in QUESTIONS.values())


def test_a_choice_in_a_chat_is_made_by_its_number(chat: Run) -> None:
    got = chat("how far behind is deepseek v4", "2", "and on weirdml?")
    assert "That can mean several things; choose one.\n  1  model · " in got.output
    assert "Type a number.\n" in got.output
    offered = re.findall(r"^  \d  (.*)$", got.output, re.MULTILINE)
    understood = re.findall("^Understood: (.*)$", got.output, re.MULTILINE)
    assert understood == [offered[1], f"{offered[1]} · WeirdML"]


def test_a_number_that_was_not_offered_is_a_text_like_others(chat: Run) -> None:
    got = chat("how far behind is deepseek v4", "9")
    assert "I can't answer that" in got.output


def test_what_a_chat_cant_answer_does_not_end_it(chat: Run) -> None:
    got = chat("what's the weather?", "how far behind is kimi k9", "gap on gpqa")
    assert got.exit_code == 0
    assert "I can't answer that" in got.output
    assert 'No model is called "kimi k9"' in got.output
    assert "Understood: gap · GPQA Diamond" in got.output


def test_a_chat_is_quiet_when_piped_and_prompts_on_a_terminal(cli: Cli) -> None:
    code, out, err = cli.process("chat")  # standard input is at its end
    assert (code, out, err) == (0, "", "")


def test_bytes_that_are_no_text_are_no_error(cli: Cli) -> None:
    done = subprocess.run(
        [COMMAND, "chat"],
        cwd=cli.folder,
        env=cli.environment,
        input=b"\xff\xfe gap\ngap on gpqa\n",
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().count("Understood: gap") == 2
    assert cli.process("ask", "gap on gpqa \udcff")[0] == 0


# ---- with a language model


UNSURE = "how far behind are open models, is the moat gone?"


def test_what_a_model_read_is_answered_in_our_words(run: Run, of_model: dict[str, str]) -> None:
    got = run("ask", UNSURE, **of_model)
    assert got.exit_code == 0, got.output
    assert got.stdout.startswith("Understood: gap\nOpen models trail closed ones by ")
    found = json.loads(run("ask", UNSURE, "--json", **of_model).stdout)
    assert (found["worded"], found["figures"], found["others"], found["notice"]) == (None, None, [], None)
    assert found["answer"]["question"]["benchmark"] is None


def test_several_questions_are_answered_by_their_first_lines(run: Run, of_model: dict[str, str]) -> None:
    with FakeOpenAI(always(reads(("gap", {}), ("frontier", {"benchmark": "weirdml"})))) as model:
        of_model = {**of_model, "GAPBRIEF_LLM_BASE_URL": model.url}
        got = run("ask", UNSURE, **of_model)
        found = json.loads(run("ask", UNSURE, "--json", **of_model).stdout)
    assert got.exit_code == 0, got.output
    understood, gap, frontier, day, full = got.stdout.splitlines()
    assert understood == "Understood: gap + frontier · WeirdML"
    assert gap.startswith("gap: Open models trail closed ones by ")
    assert frontier.startswith("frontier · WeirdML: ")
    assert day == "Data: to 28 September 2026, 64 days old"
    assert full == "In full: gapbrief gap && gapbrief frontier --benchmark WeirdML"
    assert [each["question"] for each in found["others"]] == ["frontier"]


def test_a_reason_against_an_answer_names_what_is_near(run: Run, of_model: dict[str, str]) -> None:
    with FakeOpenAI(always(declines("forecast", ("gap", {"country": "China"})))) as model:
        of_model = {**of_model, "GAPBRIEF_LLM_BASE_URL": model.url}
        got = run("ask", UNSURE, **of_model)
        found = json.loads(run("ask", UNSURE, "--json", **of_model).stdout)
    assert (got.exit_code, got.stderr) == (2, "Nothing is forecast here.\nNear:\n  gapbrief gap --country China\n")
    assert found["answer"] is None
    assert found["near"] == [{"question": "gap", "fields": {"country": "China"}, "understood": "gap · China"}]


def test_what_rules_understand_wholly_asks_no_model(run: Run, model: FakeOpenAI, of_model: dict[str, str]) -> None:
    assert "Private" in run("ask", "how far behind are open models?", **of_model).stdout
    assert model.asked == []


def test_a_model_that_can_not_be_reached_is_said_in_a_sentence(run: Run, of_model: dict[str, str]) -> None:
    with FakeOpenAI() as gone:
        pass
    got = run("ask", UNSURE, **{**of_model, "GAPBRIEF_LLM_BASE_URL": gone.url})
    assert got.exit_code == 0
    assert got.stderr == "The language model can't be reached; see that it runs. Rules answer.\n"
    assert got.stdout.startswith("Understood: gap\n")


def test_a_spent_budget_is_said_above_the_rules_answer(run: Run, of_model: dict[str, str]) -> None:
    got = run("ask", UNSURE, GAPBRIEF_LLM_TOKENS="0", **of_model)
    assert got.exit_code == 0
    first, second, *_ = got.stdout.splitlines()
    assert first == "The language model is not used here; answers come by rules."
    assert second == "Understood: gap"


def test_a_chat_remembers_until_it_is_told_to_forget(
    chat: Run, model: FakeOpenAI, of_model: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in of_model.items():
        monkeypatch.setenv(name, value)
    got = chat(UNSURE, "and where nobody may peek beforehand?", "forget", "and where nobody could peek at it?")
    assert got.exit_code == 0, got.output
    assert "Forgotten: what you ask next stands on its own." in got.output
    assert ["The last question was" in asked.system for asked in model.asked] == [False, True, False]
