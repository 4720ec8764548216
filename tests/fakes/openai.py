"""A server that plays a language model: OpenAI's chat completions on loopback, scripted step by step.

The real openai SDK and ChatOpenAI talk to it, unpatched.

    with FakeOpenAI(reads(("gap", {"benchmark": "GPQA Diamond"}))) as model:
        settings = replace(settings, llm_model="fake", llm_base_url=model.url)
        ...
    assert "GPQA" in model.asked[0].text    # every request that came, in order

Each request takes the next step of the script. A step is a reply, or a function that makes one from what was asked
(`Asked`), for a model that reads:

    FakeOpenAI(lambda asked: text(f"You said: {asked.text}"))

`always(step)` ends a script: that step answers every further request. Without it a request after the last step gets a
500, and counts in `model.asked`. The replies:

    text("…")                     ordinary text, finish_reason "stop"
    structured({...})             JSON for `response_format` (a dict, a list or a pydantic model)
    reads(("gap", {...}), ("trust", {}), aspect="who")    a text read as these questions
    declines("forecast", ("gap", {}))    a text that can't be answered, with questions that are near
    unknown_tool()                a call of a tool that was not offered
    too_many(retry_after=30)      429; `error(500)`, `error(503)`, `error(401)` likewise
    hang()                        no answer until the client gives up (or the server closes)
    slow("…", seconds=0.5)        answers, but only after so long
    drip("…", seconds=0.2)        headers at once, then a word each so many seconds
    cut("…")                      closes the connection in the middle, without finish_reason
    empty()  refusal()  content_filter()  too_long("…")     finish_reason as OpenAI gives it
    html()                        200 with a web page
    not_json()  huge("…")         200 with broken JSON; an answer of 100 kB

Usage is counted in words of the messages, and of what is said. Each reply has an id of its own.
"""

import asyncio
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from tests.fakes.served import SECONDS, Served


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def messages(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.body["messages"]
        return messages

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def text(self) -> str:
        """The last message's words."""
        return _content(self.messages[-1])

    @property
    def system(self) -> str:
        """The system prompt."""
        return "\n".join(_content(message) for message in self.messages if message["role"] in ("system", "developer"))

    @property
    def everything(self) -> str:
        """All messages' words."""
        return "\n".join(_content(message) for message in self.messages)


@dataclass(frozen=True)
class Reply:
    """What the model answers to one request."""

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    finish: str = "stop"
    refusal: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    page: str | None = None
    wait: float = 0.0
    pace: float = 0.0
    is_cut: bool = False


Step = Reply | Callable[[Asked], Reply]


@dataclass(frozen=True)
class Always:
    """The step that answers all further requests."""

    step: Step


def always(step: Step) -> Always:
    return Always(step)


def text(words: str) -> Reply:
    return Reply(words)


def structured(value: Any) -> Reply:
    return Reply(value.model_dump_json() if isinstance(value, BaseModel) else json.dumps(value))


def reads(*asked: tuple[str, dict[str, Any]], aspect: str | None = None, decline: str | None = None) -> Reply:
    questions = [
        {
            "question": name,
            "fields": [{"name": field, "value": str(value)} for field, value in fields.items()],
            "aspect": aspect,
        }
        for name, fields in asked
    ]
    return structured({"questions": questions, "decline": decline})


def declines(reason: str, *near: tuple[str, dict[str, Any]]) -> Reply:
    return reads(*near, decline=reason)


def unknown_tool(name: str = "run_shell") -> Reply:
    return Reply(calls=((name, json.dumps({"command": "cat .env"})),), finish="tool_calls")


def error(status: int, message: str = "The server had an error.") -> Reply:
    return Reply(message, status=status)


def too_many(retry_after: float = 60) -> Reply:
    return Reply("Rate limit reached.", status=429, headers={"retry-after": f"{retry_after:g}"})


def hang() -> Reply:
    return Reply(wait=SECONDS)


def slow(words: str, seconds: float) -> Reply:
    return Reply(words, wait=seconds)


def drip(words: str, seconds: float) -> Reply:
    return Reply(words, pace=seconds)


def cut(words: str) -> Reply:
    return Reply(words, is_cut=True)


def empty() -> Reply:
    return Reply()


def refusal(words: str = "I can't help with that.") -> Reply:
    return Reply(refusal=words)


def content_filter() -> Reply:
    return Reply(finish="content_filter")


def too_long(words: str) -> Reply:
    return Reply(words, finish="length")


def html() -> Reply:
    return Reply(page="<!doctype html><title>Sign in</title><p>Your session has ended.")


def not_json() -> Reply:
    return Reply(page='{"id": "chatcmpl-1", "choices": [{"mess')


def huge(words: str) -> Reply:
    return Reply(words + " and so on" * (100_000 // len(" and so on")))


class FakeOpenAI(Served):
    """The server; see the module's docstring. `asked` holds the requests, `given_up` counts clients that hung up."""

    def __init__(self, *script: Step | Always) -> None:
        self.asked: list[Asked] = []
        self.given_up = 0
        self._script = iter(script)
        self._always: Step | None = None
        self._ids = itertools.count(1)

    @property
    def url(self) -> str:
        """The address for `GAPBRIEF_LLM_BASE_URL`."""
        return f"http://127.0.0.1:{self.port}/v1"

    def application(self) -> web.Application:
        app = web.Application(client_max_size=16 * 2**20)
        app.router.add_post("/v1/chat/completions", self._completions)
        return app

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        call = Asked(await request.json(), dict(request.headers))
        self.asked.append(call)
        step = self._next()
        reply = step(call) if callable(step) else step
        try:
            await asyncio.sleep(reply.wait)
            return await self._answer(request, call, reply)
        except (asyncio.CancelledError, ConnectionError):
            self.given_up += 1
            raise

    def _next(self) -> Step:
        if self._always is None:
            reply = next(self._script, error(500, "The script has no further step."))
            if not isinstance(reply, Always):
                return reply
            self._always = reply.step
        return self._always

    async def _answer(self, request: web.Request, call: Asked, reply: Reply) -> web.StreamResponse:
        if reply.page is not None:
            kind = "text/html" if reply.page.startswith("<") else "application/json"
            return web.Response(text=reply.page, content_type=kind)
        if reply.status != 200:
            problem = {"message": reply.text, "type": "server_error", "param": None, "code": None}
            return web.json_response({"error": problem}, status=reply.status, headers=reply.headers)
        number = next(self._ids)
        body = json.dumps(_completion(call, reply, number))
        if not (reply.pace or reply.is_cut):
            return web.Response(text=body, content_type="application/json")
        return await self._in_pieces(request, reply, re.findall(r"\S+\s*", body))

    async def _in_pieces(self, request: web.Request, reply: Reply, pieces: list[str]) -> web.StreamResponse:
        """Send the body piece by piece, at the reply's pace; one that is cut ends in its middle."""
        response = web.StreamResponse(headers={"content-type": "application/json"})
        await response.prepare(request)
        for piece in pieces[: max(len(pieces) // 2, 1)] if reply.is_cut else pieces:
            await response.write(piece.encode())
            await asyncio.sleep(reply.pace)
        if reply.is_cut and request.transport is not None:
            request.transport.abort()
        return response


def _content(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _usage(call: Asked, reply: Reply) -> dict[str, int]:
    prompt = len(call.everything.split())
    completion = len(" ".join((reply.text, *itertools.chain(*reply.calls))).split())
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _completion(call: Asked, reply: Reply, number: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None, "refusal": reply.refusal}
    if reply.calls:
        message["tool_calls"] = [
            {"id": f"call_{number}_{place}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for place, (name, arguments) in enumerate(reply.calls)
        ]
    return {
        "id": f"chatcmpl-{number}", "object": "chat.completion", "created": 1_790_000_000 + number,
        "model": call.model, "usage": _usage(call, reply),
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish, "logprobs": None}],
    }  # fmt: skip
