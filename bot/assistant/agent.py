"""The agent: a language model that asks the questions as tools, and words what they answer in slots.

Bounded in every way: in calls of the model and of tools, in the time of one call and of the whole. What it says is
checked before it leaves the graph; once, it may mend what was wrong.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    ModelCallLimitMiddleware,
    ModelFallbackMiddleware,
    ModelRequest,
    ModelResponse,
    ModelRetryMiddleware,
    ToolCallLimitMiddleware,
    ToolCallRequest,
)
from langchain.agents.middleware.types import hook_config
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langgraph.runtime import Runtime
from langgraph.types import Command
from openai import APIConnectionError, APITimeoutError, InternalServerError

from bot.assistant import prompts, tools, wording
from bot.assistant.models import Limits
from bot.assistant.tools import Run

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

MOST_CALLS = 6
"""Calls of the model in one run, the repair among them."""
_STEPS = 60
"""Of the graph; a round takes about six."""
_MOST_REPAIRS = 1
_FINISHED = ("stop", "tool_calls")
_RETRY_SECONDS = 0.2
_CHARACTERS_PER_TOKEN = 4
"""By which a call that nobody waited for is counted: its server may have read it all the same."""


class NotWordedError(Exception):
    """The model said nothing that can be shown: cut off, filtered, refused, or not grounded after its repair."""


@dataclass
class Tokens:
    """What a run used, also where it failed."""

    read: int = 0
    said: int = 0
    calls: int = 0


State = AgentState[Any]
_Handler = Callable[[ModelRequest[Run]], Awaitable[ModelResponse[Any]]]


class _Calls(AgentMiddleware[State, Run, Any]):
    """Each call of a model: bounded in time, counted, and whole."""

    def __init__(self, seconds: float, tokens: Tokens) -> None:
        super().__init__()
        self._seconds, self._tokens = seconds, tokens

    async def awrap_model_call(self, request: ModelRequest[Run], handler: _Handler) -> ModelResponse[Any]:
        """Call the model; raises TimeoutError, and NotWordedError for a message that is cut, empty or withheld."""
        self._tokens.calls += 1
        try:
            async with asyncio.timeout(self._seconds):
                response = await handler(request)
        except (TimeoutError, asyncio.CancelledError):
            self._count_unanswered(request)
            raise
        message = response.result[-1]
        if not isinstance(message, AIMessage):
            raise NotWordedError("no message")
        self._count(message)
        _see_that_whole(message)
        return response

    def _count(self, message: AIMessage) -> None:
        if message.usage_metadata:
            self._tokens.read += message.usage_metadata["input_tokens"]
            self._tokens.said += message.usage_metadata["output_tokens"]

    def _count_unanswered(self, request: ModelRequest[Run]) -> None:
        """Count about what a server read whose answer nobody waited for."""
        given = [request.system_prompt or "", *(str(each.content) for each in request.messages)]
        self._tokens.read += sum(map(len, given)) // _CHARACTERS_PER_TOKEN

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]
    ) -> ToolMessage | Command[Any]:
        """Run a tool; what goes wrong in it ends the run, and is not told to the model."""
        if request.tool is None:
            known = ", ".join(each.name for each in tools.tools())
            return _refused(request.tool_call["id"], f"There is no such tool; there are {known}.")
        return await handler(request)


def _see_that_whole(message: AIMessage) -> None:
    """Raise NotWordedError for a message that is cut, empty or withheld."""
    finish = message.response_metadata.get("finish_reason")
    if finish not in _FINISHED:
        raise NotWordedError(f"ended by {finish or 'a cut'}")
    if not (message.text.strip() or message.tool_calls or message.invalid_tool_calls):
        raise NotWordedError("empty")


class _Check(AgentMiddleware[State, Run, Any]):
    """What the model says: broken calls go back to it, and a text that can't be shown does once."""

    def __init__(self, known_names: Collection[str]) -> None:
        super().__init__()
        self._known_names = known_names

    @hook_config(can_jump_to=["model"])
    async def aafter_model(self, state: State, runtime: Runtime[Run]) -> dict[str, Any] | None:
        """Look at the newest message; raises NotWordedError where a repair did not help."""
        message = state["messages"][-1]
        if not isinstance(message, AIMessage):
            return None
        if message.invalid_tool_calls:
            broken = [_refused(each["id"], "The arguments are no JSON.") for each in message.invalid_tool_calls]
            return _back([*broken, *(_refused(each["id"], "Call it again.") for each in message.tool_calls)])
        run = runtime.context
        if message.tool_calls or not run.told:
            return None
        text = wording.tidy(message.text)
        found = await asyncio.to_thread(wording.faults, text, run, self._known_names)
        if not found:
            return None
        if run.repairs >= _MOST_REPAIRS:
            raise NotWordedError("; ".join(found))
        run.repairs += 1
        return _back([HumanMessage(prompts.load("repair").render(faults=found))])


def _refused(call: str | None, why: str) -> ToolMessage:
    return ToolMessage(f"Not answered: {why}", tool_call_id=call or "", status="error")


def _back(messages: Sequence[AnyMessage]) -> dict[str, Any]:
    return {"messages": list(messages), "jump_to": "model"}


def _is_passing(error: Exception) -> bool:
    """Whether a failure may be gone a moment later; a limit or a time-out is not."""
    return isinstance(error, APIConnectionError | InternalServerError) and not isinstance(error, APITimeoutError)


async def word(
    models: "Sequence[ChatOpenAI]",
    system: str,
    messages: Sequence[AnyMessage],
    run: Run,
    *,
    tokens: Tokens,
    limits: Limits,
    known_names: Collection[str] = (),
) -> str | None:
    """Let the models answer the last of some messages; return a checked text with slots of `run`.

    None where no tool answered: whatever the model said then is not shown. Raises whatever went wrong on the way:
    NotWordedError, TimeoutError, langchain's limits, openai's errors, and those of `run.ask`.
    """
    first, *others = models
    middleware: list[AgentMiddleware[Any, Any, Any]] = [
        _Check(known_names),  # first, so that it looks at a message last: the limits have counted it by then
        ModelCallLimitMiddleware(run_limit=MOST_CALLS, exit_behavior="error"),
        ToolCallLimitMiddleware(run_limit=tools.MOST, exit_behavior="error"),
        *([ModelFallbackMiddleware(*others)] if others else []),
        ModelRetryMiddleware(
            max_retries=1, retry_on=_is_passing, on_failure="error", initial_delay=_RETRY_SECONDS, jitter=False
        ),
        _Calls(limits.call if others else limits.whole, tokens),
    ]
    agent = create_agent(first, tools.tools(), system_prompt=system, context_schema=Run, middleware=middleware)
    async with asyncio.timeout(limits.whole):
        state = await agent.ainvoke({"messages": list(messages)}, {"recursion_limit": _STEPS}, context=run)
    return wording.tidy(state["messages"][-1].text) if run.told else None
