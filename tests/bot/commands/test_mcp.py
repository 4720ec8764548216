"""The questions as tools of an MCP server: the real command, asked by the SDK's own client."""

import json
import subprocess
import sys
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

import core
from bot.web.mcp_server import LARGEST
from core.questions import QUESTIONS
from tests.bot.conftest import COMMAND, Cli, Run

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


def client(cli: Cli, **settings: str) -> Client:
    """A client of the command, in a process of its own."""
    server = StdioServerParameters(
        command=str(COMMAND), args=["mcp"], env={**cli.environment, **settings}, cwd=cli.folder
    )
    return Client(server, read_timeout_seconds=60)


def text(result: Any) -> str:
    [block] = result.content
    return str(block.text)


@pytest.mark.slow
async def test_every_question_is_a_tool_that_only_reads(cli: Cli) -> None:
    async with client(cli) as asked:
        tools = (await asked.list_tools()).tools
        assert asked.server_info.name == "gapbrief"
        assert asked.server_info.version == core.__version__
    assert [tool.name for tool in tools] == list(QUESTIONS)
    for tool in tools:
        assert (tool.description or "").startswith(QUESTIONS[tool.name].summary)
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert tool.annotations.open_world_hint is False
    supposed = next(tool for tool in tools if tool.name == "what_if").input_schema
    assert supposed["required"] == ["benchmark", "score"]
    assert supposed["properties"]["score"] == {
        "type": "number",
        "description": "The supposed score in percent; METR's in minutes.",
        "examples": [45.0],
    }
    assert supposed["properties"]["benchmark"]["maxLength"] == 100


@pytest.mark.slow
async def test_answers_are_those_of_every_other_face_and_errors_are_sentences(cli: Cli) -> None:
    async with client(cli) as asked:
        answer = await asked.call_tool("what_if", {"benchmark": "frontiermath", "score": 45, "known_by": None})
        assert not answer.is_error
        assert answer.structured_content["text"] == text(answer)
        printed = json.loads(cli.process("what-if", "frontiermath", "45", "--json")[1])
        shown_facts = [fact for fact in printed.pop("facts") if fact["shown"] in printed["text"]]
        facts = answer.structured_content.pop("facts")
        assert facts == [
            {name: value for name, value in fact.items() if value not in (None, "")} for fact in shown_facts
        ]
        assert answer.structured_content == printed
        former = [await asked.call_tool(name, {"access": "private"}) for name in ("waiting", "unmatched")]
        assert former[0].structured_content == former[1].structured_content

        for name, arguments, says in (
            ("gap", {"benchmark": "nope"}, 'No test is called "nope". Did you mean Commit0 (OpenHands Index), '),
            ("gap", {"tests": "all"}, 'The question gap has no parameter "tests"; it takes benchmark, access, '),
            ("gap", {"benchmark": ["gpqa"]}, 'The "benchmark" is neither text nor a number; give one of these, '),
            ("what_if", {"benchmark": "gpqa", "score": True}, 'The "score" is neither text nor a number; '),
            ("what_if", {"benchmark": "gpqa"}, 'The score is missing; give one, such as "45".'),
            ("run_shell", {}, 'No question is called "run_shell"; ask gap, best, frontier, '),
        ):
            refused = await asked.call_tool(name, arguments)
            assert refused.is_error
            assert text(refused).startswith(says)
            assert "\n" not in text(refused)
            assert refused.structured_content["error"] == text(refused)


@pytest.mark.slow
async def test_what_is_too_long_for_a_client_is_left_out_and_named(cli: Cli) -> None:
    async with client(cli) as asked:
        answer = (await asked.call_tool("gap", {})).structured_content
    assert answer["left_out"] == ["trend", "points"]
    assert all(len(json.dumps(value)) <= LARGEST for value in answer.values())
    assert {"key", "value", "shown"} <= answer["facts"][0].keys()
    assert all(fact["shown"] in answer["text"] for fact in answer["facts"])
    assert all(value not in (None, "") for fact in answer["facts"] for value in fact.values())


@pytest.mark.slow
async def test_data_that_cant_be_read_are_an_error_of_the_tool(cli: Cli) -> None:
    (cli.folder / "broken.db").write_bytes(b"rubbish" * 1000)
    async with client(cli, GAPBRIEF_DB=str(cli.folder / "broken.db")) as asked:
        refused = await asked.call_tool("gap", {})
    assert refused.is_error
    assert text(refused).startswith("The evidence file ")


@pytest.mark.slow
def test_what_can_not_be_read_is_answered_with_an_error(cli: Cli) -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "gap", "arguments": {"a": "\ud800"}}}
    lines = [json.dumps(hello), json.dumps(call), "this is no JSON", json.dumps({**call, "id": "\ud800"}), "[1]"]
    ended = subprocess.run(
        [COMMAND, "mcp"], input="".join(f"{line}\n" for line in lines), env=cli.environment, cwd=cli.folder,
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    messages = [json.loads(line) for line in ended.stdout.splitlines()]
    assert messages[0]["result"]["serverInfo"]["name"] == "gapbrief"
    assert all(message["jsonrpc"] == "2.0" for message in messages)
    assert "Traceback" not in ended.stderr
    errors = [message for message in messages if "error" in message]
    assert [(message["id"], message["error"]["code"]) for message in errors] == [(2, -32700), *[(None, -32700)] * 3]
    assert errors[0]["error"]["message"] == (
        "The message can't be read as JSON-RPC in UTF-8; send it without halves of a surrogate pair."
    )


def test_without_the_extra_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.stdio", None)
    result = run("mcp")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "Serving MCP clients needs their SDK; `uv sync --extra mcp`, or pip install 'gapbrief[mcp]', adds it.\n"
    )
