"""A language model fills in a form: bounded in time and budget, checked, and mended once where something is wrong.

For what is written in the background, such as briefs; never on an event loop.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from bot.assistant import prompts
from bot.assistant.budget import ANSWERED, FAILED, FALLBACK, Budget
from bot.assistant.failures import FailedError, FaultyError, SpentError
from bot.assistant.models import models
from bot.assistant.structured import Tally, by_first, filled_in
from bot.settings import Settings
from bot.state.conversation_key import ConversationKey

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

SECONDS = 45.0
"""How long all calls for one form may take."""
_LONGEST = 4000
"""Tokens that a model may write for a form, with what it thinks before."""
_REST_SECONDS = 600.0
"""How long a model that failed is not asked again."""

F = TypeVar("F", bound=BaseModel)
T = TypeVar("T")


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
    ) -> tuple[F, str]:  # fmt: skip
        """Return a form in which `check` finds no fault, and the model that filled it in.

        Messages are pairs of a role and a text. Blocks for `seconds` at most. Raises FaultyError for a form that does
        not hold, any other FailedError where no model filled one in, and UsageError where none is set.
        """
        if self._stopped:
            raise asyncio.CancelledError
        now = self.clock()
        if time.monotonic() < self._rests_until:
            raise FailedError("the language model failed a moment ago")
        tally, outcome = Tally(reserve=partial(self.budget.reserve, key, now) if self.budget else None), FAILED
        try:
            found = asyncio.run(self._noted(self._filled(form, messages, check, tally)))
            outcome = ANSWERED
        except FaultyError:
            outcome = FALLBACK
            raise
        except SpentError:
            raise FailedError("today's share of the language model is used up") from None
        except FailedError:
            self._rests_until = time.monotonic() + _REST_SECONDS
            raise
        finally:
            if self.budget and tally.calls:
                self.budget.count(tally.used(purpose, outcome, now))
        return found, tally.model

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
    ) -> F:
        """Have the first of the models that can fill in a form, each in its part of the time."""
        from bot.assistant.model_client import model_client

        async def step(model: "ChatOpenAI") -> F:
            return await _by(model, form, messages, check, tally)

        try:
            async with asyncio.timeout(self.seconds), model_client() as client:
                known = models(self.settings, client, seconds=self.seconds, longest=_LONGEST)
                return await by_first(known, step, self.seconds / len(known))
        except TimeoutError:
            raise FailedError("the language model did not answer in time") from None


async def _by(
    model: "ChatOpenAI", form: type[F], messages: Sequence[tuple[str, str]], check: Callable[[F], list[str]],
    tally: Tally,
) -> F:  # fmt: skip
    """Have one model fill in a form, and mend it once."""
    said: list[Any] = list(messages)
    for _ in range(2):
        message, found = await filled_in(model, form, said, tally)
        faults = check(found)
        if not faults:
            return found
        said += [message, ("human", prompts.load("brief-repair").render(faults=faults))]
    raise FaultyError(f"the language model's words do not hold: {faults[0]}")
