"""A language model fills in a form: bounded in time and budget, checked, and mended once where something is wrong.

For what is written in the background, such as briefs; never on an event loop.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel

from bot.assistant import prompts
from bot.assistant.budget import ANSWERED, FAILED, FALLBACK, Budget, Used
from bot.assistant.conversation_key import ConversationKey
from bot.assistant.failures import FailedError
from bot.assistant.models import models
from bot.assistant.structured import Tally, filled_in
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

SECONDS = 45.0
"""How long all calls for one form may take."""
_LONGEST = 4000
"""Tokens that a model may write for a form, with what it thinks before."""
_REST_SECONDS = 600.0
"""How long a model that failed is not asked again."""
_SLOW = "the language model did not answer in time"

F = TypeVar("F", bound=BaseModel)
T = TypeVar("T")


@dataclass(frozen=True)
class FilledForm(Generic[F]):
    """A form that holds, with the model that filled it in; or None, and why there is none, in a clause.

    `is_written` says that the model wrote one, which does not hold: with another text it may do better.
    """

    form: F | None
    model: str = ""
    why: str = ""
    is_written: bool = False


@dataclass
class FormModel:
    """Asks the models of the settings; one that failed has a rest. Safe to share between threads."""

    settings: Settings
    budget: Budget | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    seconds: float = SECONDS
    _rests_until: float = field(default=0.0, init=False)
    _stopped: bool = field(default=False, init=False)
    _running: dict["asyncio.Task[Any]", asyncio.AbstractEventLoop] = field(default_factory=dict, init=False)

    def stop(self) -> None:
        """Give up what is being filled in, in whatever thread: its `fill` raises CancelledError; no other begins."""
        self._stopped = True
        for task, loop in list(self._running.items()):
            with suppress(RuntimeError):  # it just ended
                loop.call_soon_threadsafe(task.cancel)

    def fill(
        self, form: type[F], messages: Sequence[tuple[str, str]], check: Callable[[F], list[str]], purpose: str,
        key: ConversationKey,
    ) -> FilledForm[F]:  # fmt: skip
        """Have a form filled in, so that `check` finds no fault in it; messages are pairs of a role and a text.

        Blocks for `seconds` at most. Raises UsageError where no model is set.
        """
        if self._stopped:
            raise asyncio.CancelledError
        now = self.clock()
        spent = self.budget.refusal(key, now) if self.budget else None
        if spent:
            return FilledForm(None, why="today's share of the language model is used up")
        if time.monotonic() < self._rests_until:
            return FilledForm(None, why="the language model failed a moment ago")
        tally, began = Tally(), time.monotonic()
        filled, outcome = asyncio.run(self._noted(self._filled(form, messages, check, tally)))
        if outcome == FAILED:
            self._rests_until = time.monotonic() + _REST_SECONDS
        if self.budget:
            seconds = time.monotonic() - began
            used = Used(purpose, tally.model, tally.read, tally.said, seconds, outcome, tally.calls)
            self.budget.spend(key, used, now)
        return filled

    async def _noted(self, work: Coroutine[Any, Any, T]) -> T:
        """Do a piece of work so that `stop` can end it."""
        task = asyncio.current_task()
        if task is None:
            return await work
        self._running[task] = asyncio.get_running_loop()
        try:
            return await work
        finally:
            del self._running[task]

    async def _filled(
        self, form: type[F], messages: Sequence[tuple[str, str]], check: Callable[[F], list[str]], tally: Tally
    ) -> tuple[FilledForm[F], str]:
        from openai import DefaultAsyncHttpxClient

        why = _SLOW
        try:
            async with asyncio.timeout(self.seconds), DefaultAsyncHttpxClient() as client:
                known = models(self.settings, seconds=self.seconds, longest=_LONGEST, client=client)
                for model in known:
                    try:
                        async with asyncio.timeout(self.seconds / len(known)):
                            return await _by(model, form, messages, check, tally)
                    except TimeoutError:
                        why = _SLOW
                    except FailedError as error:
                        why = str(error)
        except TimeoutError:
            why = _SLOW
        return FilledForm(None, tally.model, why), FAILED


async def _by(
    model: "ChatOpenAI", form: type[F], messages: Sequence[tuple[str, str]], check: Callable[[F], list[str]],
    tally: Tally,
) -> tuple[FilledForm[F], str]:  # fmt: skip
    """Have one model fill in a form, and mend it once; raises FailedError where it can't be had."""
    tally.model = model.model_name
    said: list[Any] = list(messages)
    faults: list[str] = []
    for _ in range(2):
        message, found = await filled_in(model, form, said, tally)
        faults = check(found)
        if not faults:
            return FilledForm(found, model.model_name), ANSWERED
        said += [message, ("human", prompts.load("brief-repair").render(faults=faults))]
    why = f"the language model's words do not hold: {faults[0]}"
    return FilledForm(None, model.model_name, why, is_written=True), FALLBACK
