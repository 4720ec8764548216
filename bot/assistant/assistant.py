"""The assistant: free text read by rules or by a language model, and answered by the questions.

One way for every face: the rules read first; what they understood wholly is answered at once. Else the model reads the
text, within the day's budget, and says which questions it asks or why none fits; the words of the answer are core's.
Whatever goes wrong, the rules' answer reaches the person, within `Limits.whole` and the time of the rules.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from bot.answers import open_evidence, utc_today
from bot.assistant import reader
from bot.assistant.models import LIMITS, Limits, SpentError, UnusableError, is_set
from bot.assistant.reading import BRIEF, NEW, Context, Reading, Reply, reading_of, values_of
from bot.assistant.text import cleaned
from bot.schema import make_question
from bot.settings import Settings
from bot.state.conversation_key import ConversationKey
from core.answer import Answer
from core.errors import DataError, UsageError
from core.names.name_index import name_index
from core.questions import QUESTIONS, Question, current
from core.store import queries

if TYPE_CHECKING:
    from bot.assistant.budget import Budget
    from bot.assistant.model_calls import Tally
    from bot.assistant.model_reader import AskedQuestion, ModelReading
    from bot.state.conversations import Memory, Turn
    from bot.state.database import State

_UNREAD = "The language model gave no answer, so rules read your question; they understand fewer phrasings."
_UNKNOWN = "The budget of the language model can't be read; answers come by rules."
_DECLINED = {
    "not_in_data": "That is not in the data.",
    "forecast": "Nothing is forecast here.",
    "unknown_name": "The data know no such name.",
}
"""Why a model says that a text can't be answered; any other subject gets the rules' sentence."""
_MOST_NEAR = 2

P = ParamSpec("P")
T = TypeVar("T")

Ask = Callable[[Question], Awaitable[Answer]]
"""Answers a question; raises UsageError for one that can't be asked."""


class Assistant:
    """Answers free text. `ask` answers a question.

    Without `memory` each text stands alone; without `budget` the model may be used without end. Without `rules_first`
    the model is asked whatever the rules have understood, which is for measuring it. `note` is told what went wrong
    where the model's reading is not used; by default that is logged.
    """

    def __init__(
        self,
        settings: Settings,
        ask: Ask,
        *,
        memory: "Memory | None" = None,
        budget: "Budget | None" = None,
        today: Callable[[], date] = utc_today,
        limits: Limits = LIMITS,
        rules_first: bool = True,
        note: Callable[[Exception], None] | None = None,
    ) -> None:
        self._settings, self._ask, self._today, self._limits = settings, ask, today, limits
        self._memory, self._budget, self._rules_first = memory, budget, rules_first
        self._note = note or _log
        self._patience: set[asyncio.Timeout] = set()
        self._stopping = False

    async def reply(self, typed: str, key: ConversationKey, now: datetime, context: Context = NEW) -> Reply:
        """Answer a text, after what is known of what was said before, or is kept of this conversation.

        Raises DataError where the evidence can't be read.
        """
        today = self._today()
        turns = await self._recall(key, now) if is_set(self._settings) else ()
        if not context.questions:
            context = replace(context, questions=tuple(filter(None, map(_question_of, turns[-2:]))))
        read = await asyncio.to_thread(self._read, typed, today, context)
        if read.is_brief or (read.is_certain and self._rules_first) or not is_set(self._settings):
            return await self._remember(key, now, typed, await self.answered(read))
        return await self._remember(
            key, now, typed, await self._reply_by_model(typed, today, key, now, context.previous, read)
        )

    def readings_of(self, questions: Iterable[Question]) -> tuple[Reading, ...]:
        """Return the readings that questions are; raises DataError where the evidence can't be read."""
        with open_evidence(self._settings) as store:
            return tuple(reading_of(question, name_index(store)) for question in questions)

    def stop(self) -> None:
        """Wait for the model no more: the rules answer what is under way, and whatever still comes."""
        self._stopping = True
        for each in self._patience:
            each.reschedule(asyncio.get_running_loop().time())

    async def forget(self, key: ConversationKey) -> int:
        """Forget what was said in a conversation, and what its person asked elsewhere; return how many turns."""
        return 0 if self._memory is None else await asyncio.to_thread(self._memory.forget, key)

    # ---- the rules

    def _read(self, typed: str, today: date, context: Context) -> Reading:
        with open_evidence(self._settings) as store:
            return reader.read(typed, store, today, context)

    async def answered(self, read: Reading) -> Reply:
        """Answer a reading, what of it was asked first; what it can't be answered with becomes one sentence."""
        if read.question is None:
            return Reply(read, sentence=read.sentence)
        try:
            answer = await self._ask(read.question)
            return Reply(read, answer.about(read.aspect) if read.aspect else answer)
        except UsageError as error:
            return Reply(read, sentence=str(error))

    # ---- the model

    async def _reply_by_model(
        self, typed: str, today: date, key: ConversationKey, now: datetime, previous: Question | None, read: Reading
    ) -> Reply:
        """Return the reply to a text as the model reads it, or as the rules did where it gave nothing. Never raises."""
        from bot.assistant.budget import ANSWERED, FAILED, FALLBACK
        from bot.assistant.model_calls import Tally

        reserve = partial(self._budget.reserve, key, now) if self._budget else None
        tally, outcome = Tally(self._settings.llm_model or "", reserve), ANSWERED
        try:
            async with self._wait_for_model():
                reply = await self._read_by_model(typed, today, previous, read, tally)
        except (SpentError, DataError) as error:
            outcome = FAILED
            reply = replace(await self.answered(read), notice=str(error) if isinstance(error, SpentError) else _UNKNOWN)
        except Exception as error:
            outcome = FALLBACK if isinstance(error, UnusableError) else FAILED
            self._note(error)
            reply = await self.answered(read)
            if outcome == FAILED and reply.answer is None and not read.alternatives:
                reply = replace(reply, notice=_UNREAD)
        if not tally.calls:
            return reply
        used = tally.used("answer", outcome, now)
        if self._budget is not None:
            await _try_state("what was used could not be counted", None, self._budget.count, used)
        return replace(reply, used=used)

    @asynccontextmanager
    async def _wait_for_model(self) -> AsyncIterator[None]:
        """Wait for the model until we are stopped; raises TimeoutError then."""
        async with asyncio.timeout(0 if self._stopping else None) as patience:
            self._patience.add(patience)
            try:
                yield
            finally:
                self._patience.discard(patience)

    async def _read_by_model(
        self, typed: str, today: date, previous: Question | None, read: Reading, tally: "Tally"
    ) -> Reply:
        """Have a text read by the model, and answer that; raises FailedError and TimeoutError where that can't be."""
        asked_before = _as_values(previous) if previous else None
        system = await asyncio.to_thread(self._prompt, today, asked_before)  # there, what takes long to import is
        from bot.assistant import model_reader
        from bot.assistant.model_calls import connect_models, model_client

        async with model_client() as client:
            chats = await asyncio.to_thread(connect_models, self._settings, client)
            found = await model_reader.read(chats, cleaned(typed), system, self._limits, tally)
        said = f"{cleaned(typed)} {json.dumps(asked_before, ensure_ascii=False)}"
        if found.decline:
            return await asyncio.to_thread(self._declined, found, said, today, read)
        if read.question is None and read.aside and not any(each.is_narrowed for each in found.questions):
            return await self.answered(read)  # the rules met a name that nothing has, which the model dropped
        replies = [await self._reply_to(each, said) for each in found.questions[: model_reader.MOST]]
        first, *others = sorted(replies, key=lambda reply: reply.answer is None)
        near = (each for each in (read, *read.near) if each.question and each.question != first.reading.question)
        return replace(first, reading=replace(first.reading, near=tuple(near)), others=tuple(others))

    def _prompt(self, today: date, previous: dict[str, Any] | None) -> str:
        from bot.assistant.model_reader import prompt

        with open_evidence(self._settings) as store:
            return prompt(today, queries.newest_data(store, queries.known_days(store)[1]), previous)

    async def _reply_to(self, asked: "AskedQuestion", said: str) -> Reply:
        """Answer a question as the model read it; what it can't be answered with becomes one sentence.

        Raises UnusableError where the sentence would repeat words that the person did not say.
        """
        reading = await asyncio.to_thread(self._reading_of, asked, said)
        reply = await self.answered(reading)
        if reply.answer is None and not asked.is_quoted(said):
            raise UnusableError("the language model read names that nobody said")
        return reply

    def _reading_of(self, asked: "AskedQuestion", said: str) -> Reading:
        try:
            question = make_question(asked.question, asked.words(said))
        except UsageError as error:
            return Reading(asked.question, understood=asked.question.replace("_", " "), sentence=str(error))
        with open_evidence(self._settings) as store:
            return replace(reading_of(question, name_index(store)), aspect=asked.aspect)

    def _declined(self, found: "ModelReading", said: str, today: date, read: Reading) -> Reply:
        """Return the reason against an answer, the rules' own where they have one, with what is near."""
        near = [reading for each in found.questions if (reading := self._near(each, said, today))]
        is_declined = read.question is None and not read.alternatives
        by_rules = read if is_declined else reader.refuse()
        sentence = by_rules.sentence
        if reader.is_unread(by_rules):
            sentence = _DECLINED.get(found.decline or "", sentence)
        return Reply(Reading(near=tuple(near[:_MOST_NEAR]), sentence=sentence), sentence=sentence)

    def _near(self, asked: "AskedQuestion", said: str, today: date) -> Reading | None:
        """Return the reading of a question that is near, None where it can't be asked."""
        reading = self._reading_of(asked, said)
        with open_evidence(self._settings) as store:
            return reading if reader.can_be_asked(reading.question, store, today) else None

    # ---- memory and budget: where the state can't be used, answers go on without

    async def _recall(self, key: ConversationKey, now: datetime) -> "tuple[Turn, ...]":
        if self._memory is None:
            return ()
        return await _try_state("earlier turns could not be read", (), self._memory.recall, key, now)

    async def _remember(self, key: ConversationKey, now: datetime, typed: str, found: Reply) -> Reply:
        """Remember a reply that is an answer, and return it."""
        question = found.reading.question
        if self._memory is None or found.answer is None or question is None or not is_set(self._settings):
            return found
        await _try_state("a turn could not be kept", None, self._memory.remember, key, _as_values(question), now)
        return found


def assistant(
    settings: Settings,
    ask: Ask,
    state: "State | None",
    today: Callable[[], date] = utc_today,
    *,
    is_remembered: bool = True,
    note: Callable[[Exception], None] | None = None,
) -> Assistant:
    """Return the assistant of some settings: with memory and budgets where a model is set, and a state to keep them."""
    if state is None or not is_set(settings):
        return Assistant(settings, ask, today=today, note=note)
    from bot.assistant.budget import Budget
    from bot.state.conversations import Memory

    memory = Memory(state) if is_remembered else None
    return Assistant(settings, ask, memory=memory, budget=Budget(state, settings), today=today, note=note)


async def count_misread(state: "State", name: str, now: datetime) -> None:
    """Count, with nobody's name and no word, that a question was answered which was not asked.

    A name that is no question's, as a forged button may have, is not counted.
    """
    from bot.state.usage import MISREAD, Usage, add

    if name not in QUESTIONS and name != BRIEF:
        return

    def count() -> None:
        with state.begin() as connection:
            add(connection, Usage(now.date(), MISREAD, "", name, 1, 0, 0, 0, 0.0))

    await _try_state("a misread text could not be counted", None, count)


def _as_values(question: Question) -> dict[str, Any]:
    """Return a question as plain values: its name and the fields that are set."""
    return {"question": question.name, "fields": values_of(question)}


def _question_of(turn: "Turn") -> Question | None:
    """Return the question of a turn; None where another version of gapbrief wrote it."""
    try:
        return QUESTIONS[current(turn["question"])].from_words(**turn["fields"])
    except (KeyError, TypeError, UsageError):
        return None


async def _try_state(event: str, instead: T, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do some work with the state in a thread; where it can't be used, log that and return something `instead`."""
    try:
        return await asyncio.to_thread(work, *args, **kwargs)
    except DataError as error:
        _warn(event, reason=str(error))
        return instead


def _log(error: Exception) -> None:
    _warn("the model's reading was not used", reason=type(error).__name__, about=str(error)[:300])


def _warn(event: str, **about: str) -> None:
    import structlog  # which takes longer than an answer by rules

    structlog.get_logger("gapbrief.assistant").warning(event, **about)
