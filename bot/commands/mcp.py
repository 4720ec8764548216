"""`gapbrief mcp`: the questions as tools for any MCP client, over stdin and stdout, by the official SDK (an extra)."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

import core
from bot.answers import Answers
from bot.extras import how_to_add
from bot.settings import Settings
from core.answer import Answer
from core.errors import GapbriefError, UsageError
from core.questions import QUESTIONS, Question, current
from core.words import listed, quoted

if TYPE_CHECKING:
    from mcp import types
    from mcp.server import Server, ServerRequestContext

LARGEST = 24_000
"""Letters of JSON that one of an answer's figures may have; a client's model could not read much more."""
_MISSING = f"Serving MCP clients needs their SDK; {how_to_add('mcp')} adds it."


@click.command(
    short_help="Serve the questions to an MCP client, over stdin and stdout.",
    epilog="Example: gapbrief mcp",
)
def mcp() -> None:
    """Serve the questions to an MCP client, which starts this command and talks to it over stdin and stdout."""
    try:
        from mcp.server.stdio import stdio_server
    except ModuleNotFoundError:
        raise UsageError(_MISSING) from None

    async def serve() -> None:
        server = make_server(Answers(Settings.read()))
        async with stdio_server() as (received, sent):
            await server.run(received, sent, server.create_initialization_options())

    with suppress(KeyboardInterrupt):
        asyncio.run(serve())


def make_server(answers: Answers) -> "Server[Any]":
    """Return a server with a tool for each question; an answer is worked out in a thread."""
    from mcp import types
    from mcp.server import Server

    from bot.assistant.prompts import load

    async def list_tools(
        _: "ServerRequestContext[Any]", __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(question) for question in QUESTIONS.values()])

    async def call_tool(_: "ServerRequestContext[Any]", call: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            answer = await asyncio.to_thread(_answer, answers, call.name, call.arguments or {})
        except GapbriefError as error:
            found = {"error": str(error), "suggestions": list(getattr(error, "suggestions", ()))}
            return _result(str(error), found, is_error=True)
        return _result(answer.text, _figures(answer))

    return Server(
        "gapbrief", version=core.__version__, instructions=load("mcp").render(),
        on_list_tools=list_tools, on_call_tool=call_tool,
    )  # fmt: skip


def _tool(question: type[Question]) -> "types.Tool":
    from mcp import types

    from bot.schema import json_schema

    return types.Tool(
        name=question.name,
        description=f"{question.summary}\nAnswers questions like: {' · '.join(question.phrasings)}",
        input_schema=json_schema(question),
        annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def _answer(answers: Answers, name: str, arguments: Mapping[str, Any]) -> Answer:
    from bot.schema import question_of, words_of

    name = current(name)
    if name not in QUESTIONS:
        raise UsageError(f"No question is called {quoted(name)}; ask {listed(list(QUESTIONS), most=99)}.")
    return answers.now(question_of(name, words_of(arguments)))


def _figures(answer: Answer) -> dict[str, Any]:
    """Return an answer as its JSON, with the facts that its text tells, each without what says nothing.

    What is too long for a client is named in `left_out`.
    """
    found = answer.to_json()
    told = (fact for fact in found["facts"] if fact["shown"] in answer.text)
    found["facts"] = [{name: value for name, value in fact.items() if value not in (None, "")} for fact in told]
    long = [name for name, value in found.items() if len(json.dumps(value)) > LARGEST]
    kept = {name: value for name, value in found.items() if name not in long}
    return kept | ({"left_out": long} if long else {})


def _result(text: str, figures: dict[str, Any], *, is_error: bool = False) -> "types.CallToolResult":
    from mcp import types

    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=figures, is_error=is_error
    )
