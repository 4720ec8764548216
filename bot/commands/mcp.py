"""`gapbrief mcp`: the questions as tools for any MCP client, over stdin and stdout, by the official SDK (an extra)."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
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
from core.words import and_list, quote

if TYPE_CHECKING:
    from mcp import types
    from mcp.server import Server, ServerRequestContext
    from mcp.shared._stream_protocols import ReadStream, WriteStream
    from mcp.shared.message import SessionMessage

    Received = SessionMessage | Exception

LARGEST = 24_000
"""Letters of JSON that one of an answer's figures may have; a client's model could not read much more."""
_NO_MESSAGE = "The message can't be read as JSON-RPC in UTF-8; send it without halves of a surrogate pair."
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
            options = server.create_initialization_options()
            await server.run(_AnsweredStream(received, sent), sent, options)

    with suppress(KeyboardInterrupt):
        asyncio.run(serve())


class _AnsweredStream:
    """What a client sends, where what can't be read is answered with an error: the SDK leaves it without a reply."""

    def __init__(self, received: "ReadStream[Received]", sent: "WriteStream[SessionMessage]") -> None:
        self._received, self._sent = received, sent

    async def receive(self) -> "Received":
        """Return the next message that can be read."""
        return await self._read_from(self._received.receive)

    async def aclose(self) -> None:
        """Close it."""
        await self._received.aclose()

    def __aiter__(self) -> "_AnsweredStream":
        return self

    async def __anext__(self) -> "Received":
        return await self._read_from(self._received.__anext__)

    async def _read_from(self, receive: "Callable[[], Awaitable[Received]]") -> "Received":
        while isinstance(message := await receive(), Exception):
            await self._sent.send(_unreadable(message))
        return message

    async def __aenter__(self) -> "_AnsweredStream":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _unreadable(error: Exception) -> "SessionMessage":
    """Return the answer to a message that can't be read, with its id where Python's JSON can read that."""
    from mcp import types
    from mcp.shared.message import SessionMessage
    from pydantic import ValidationError

    found: object = None
    if isinstance(error, ValidationError):
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            found = json.loads(error.errors()[0]["input"]).get("id")
    reference = found if type(found) is int or (isinstance(found, str) and found.isprintable()) else None
    fault = types.ErrorData(code=types.PARSE_ERROR, message=_NO_MESSAGE)
    return SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=reference, error=fault))


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
        raise UsageError(f"No question is called {quote(name)}; ask {and_list(list(QUESTIONS), most=99)}.")
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
