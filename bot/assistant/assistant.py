"""The assistant: reads free text by rules or with a language model, and answers its questions.

All faces use it. The rules read first; a text that they fully understand is answered at once. Otherwise the model
reads it, within the day's budget, and returns the questions it asks or why there are none; core writes the answer.
If anything fails, the person gets the rules' answer, within `Limits.total` and the time of the rules.
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
from bot.assistant.models import LIMITS, Limits, SpentError, UnusableError, has_model
from bot.assistant.reading import BRIEF, NEW, Context, Reading, Reply, field_texts, question_reading
from bot.assistant.text import clean_text
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

_MODEL_FAILED = "The language model gave no answer, so rules read your question; they understand fewer phrasings."
_NO_BUDGET = "The budget of the language model can't be read; answers come by rules."
_DECLINE_SENTENCES = {
    "not_in_data": "That is not in the data.",
    "forecast": "Nothing is forecast here.",
    "unknown_name": "The data know no such name.",
}
"""The sentence for a model's reason not to answer; other subjects get the rules' sentence."""
_MOST_NEAR = 2

P = ParamSpec("P")
T = TypeVar("T")

Ask = Callable[[Question], Awaitable[Answer]]
"""Answers a question; raises UsageError if it can't be asked."""


class Assistant:
    """Answers free text; `ask` answers a question.

    Without `memory` each text stands alone; without `budget` the model is used without limit. Without `rules_first`
    the model reads all texts, to measure it. `note` is called with the error if the model's reading is not used; by
    default the error is logged.
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
        self._note = note or _log_error
        self._timeouts: set[asyncio.Timeout] = set()
        self._stopping = False

    async def reply(self, text: str, key: ConversationKey, now: datetime, context: Context = NEW) -> Reply:
        """Answer a text in its context, by default that of the remembered conversation.

        Raises DataError if the evidence can't be read.
        """
        today = self._today()
        turns = await self._recall(key, now) if has_model(self._settings) else ()
        if not context.questions:
            context = replace(context, questions=tuple(filter(None, map(_parse_turn, turns[-2:]))))
        reading = await asyncio.to_thread(self._read_text, text, today, context)
        if reading.is_brief or (reading.is_certain and self._rules_first) or not has_model(self._settings):
            return await self._remember(key, now, await self.answer_reading(reading))
        reply = await self._reply_by_model(text, today, key, now, context.previous, reading)
        return await self._remember(key, now, reply)

    def make_readings(self, questions: Iterable[Question]) -> tuple[Reading, ...]:
        """Return questions as readings; raises DataError if the evidence can't be read."""
        with open_evidence(self._settings) as store:
            return tuple(question_reading(question, name_index(store)) for question in questions)

    def stop(self) -> None:
        """Stop waiting for the model: rules answer all texts from now on, also those in progress."""
        self._stopping = True
        for timeout in self._timeouts:
            timeout.reschedule(asyncio.get_running_loop().time())

    async def forget(self, key: ConversationKey) -> int:
        """Forget a conversation, and its person's questions elsewhere; return how many turns."""
        return 0 if self._memory is None else await asyncio.to_thread(self._memory.forget, key)

    # ---- the rules

    def _read_text(self, text: str, today: date, context: Context) -> Reading:
        with open_evidence(self._settings) as store:
            return reader.read_text(text, store, today, context)

    async def answer_reading(self, reading: Reading) -> Reply:
        """Answer a reading, with its aspect first; a refusal becomes one sentence."""
        if reading.question is None:
            return Reply(reading, sentence=reading.sentence)
        try:
            answer = await self._ask(reading.question)
            return Reply(reading, answer.about(reading.aspect) if reading.aspect else answer)
        except UsageError as error:
            return Reply(reading, sentence=str(error))

    # ---- the model

    async def _reply_by_model(
        self, text: str, today: date, key: ConversationKey, now: datetime, previous: Question | None, reading: Reading
    ) -> Reply:
        """Return the reply to a text as the model reads it, or as the rules did if the model fails. Never raises."""
        from bot.assistant.budget import ANSWERED, FAILED, FALLBACK
        from bot.assistant.model_calls import Tally

        reserve = partial(self._budget.reserve, key, now) if self._budget else None
        tally, outcome = Tally(self._settings.llm_model or "", reserve), ANSWERED
        try:
            async with self._wait_for_model():
                reply = await self._read_by_model(text, today, previous, reading, tally)
        except (SpentError, DataError) as error:
            outcome = FAILED
            notice = str(error) if isinstance(error, SpentError) else _NO_BUDGET
            reply = replace(await self.answer_reading(reading), notice=notice)
        except Exception as error:
            outcome = FALLBACK if isinstance(error, UnusableError) else FAILED
            self._note(error)
            reply = await self.answer_reading(reading)
            if outcome == FAILED and reply.answer is None and not reading.alternatives:
                reply = replace(reply, notice=_MODEL_FAILED)
        if not tally.calls:
            return reply
        usage = tally.usage("answer", outcome, now)
        if self._budget is not None:
            await _try_state("what was used could not be counted", None, self._budget.count_usage, usage)
        return replace(reply, usage=usage)

    @asynccontextmanager
    async def _wait_for_model(self) -> AsyncIterator[None]:
        """Wait for the model until `stop` is called; raises TimeoutError then."""
        async with asyncio.timeout(0 if self._stopping else None) as timeout:
            self._timeouts.add(timeout)
            try:
                yield
            finally:
                self._timeouts.discard(timeout)

    async def _read_by_model(
        self, text: str, today: date, previous: Question | None, reading: Reading, tally: "Tally"
    ) -> Reply:
        """Answer a text as the model reads it; raises FailedError or TimeoutError if it can't."""
        asked_before = _question_values(previous) if previous else None
        system = await asyncio.to_thread(self._build_prompt, today, asked_before)  # imports slow modules
        from bot.assistant import model_reader
        from bot.assistant.model_calls import connect_models, model_client

        async with model_client() as client:
            chats = await asyncio.to_thread(connect_models, self._settings, client)
            result = await model_reader.read_text(chats, clean_text(text), system, self._limits, tally)
        words = f"{clean_text(text)} {json.dumps(asked_before, ensure_ascii=False)}"
        if result.decline:
            return await asyncio.to_thread(self._decline, result, words, today, reading)
        is_narrowed = any(question.is_narrowed for question in result.questions)
        if reading.question is None and reading.extras and not is_narrowed:
            return await self.answer_reading(reading)  # the rules found an unknown name, which the model dropped
        questions = result.questions[: model_reader.MOST_QUESTIONS]
        replies = [await self._answer_question(question, words) for question in questions]
        first, *other_replies = sorted(replies, key=lambda reply: reply.answer is None)
        offers = (reading, *reading.near)
        near = tuple(offer for offer in offers if offer.question and offer.question != first.reading.question)
        return replace(first, reading=replace(first.reading, near=near), other_replies=tuple(other_replies))

    def _build_prompt(self, today: date, previous: dict[str, Any] | None) -> str:
        from bot.assistant.model_reader import build_prompt

        with open_evidence(self._settings) as store:
            return build_prompt(today, queries.newest_data(store, queries.known_days(store)[1]), previous)

    async def _answer_question(self, question: "AskedQuestion", words: str) -> Reply:
        """Answer a question that the model read; a refusal becomes one sentence.

        Raises UnusableError if the sentence would repeat words that are not the person's.
        """
        reading = await asyncio.to_thread(self._make_reading, question, words)
        reply = await self.answer_reading(reading)
        if reply.answer is None and not question.is_quoted(words):
            raise UnusableError("the language model read names that nobody said")
        return reply

    def _make_reading(self, question: "AskedQuestion", words: str) -> Reading:
        try:
            parsed_question = make_question(question.question, question.field_words(words))
        except UsageError as error:
            return Reading(question.question, understood=question.question.replace("_", " "), sentence=str(error))
        with open_evidence(self._settings) as store:
            return replace(question_reading(parsed_question, name_index(store)), aspect=question.aspect)

    def _decline(self, result: "ModelReading", words: str, today: date, reading: Reading) -> Reply:
        """Return why there is no answer, the rules' reason if they have one, with near questions."""
        near = [offer for question in result.questions if (offer := self._near_reading(question, words, today))]
        is_declined = reading.question is None and not reading.alternatives
        by_rules = reading if is_declined else reader.make_refusal()
        sentence = by_rules.sentence
        if reader.is_unread(by_rules):
            sentence = _DECLINE_SENTENCES.get(result.decline or "", sentence)
        return Reply(Reading(near=tuple(near[:_MOST_NEAR]), sentence=sentence), sentence=sentence)

    def _near_reading(self, question: "AskedQuestion", words: str, today: date) -> Reading | None:
        """Return the reading of a near question, None if it can't be asked."""
        reading = self._make_reading(question, words)
        with open_evidence(self._settings) as store:
            return reading if reader.can_be_asked(reading.question, store, today) else None

    # ---- memory and budget: answers do without them if the state can't be used

    async def _recall(self, key: ConversationKey, now: datetime) -> "tuple[Turn, ...]":
        if self._memory is None:
            return ()
        return await _try_state("earlier turns could not be read", (), self._memory.recall, key, now)

    async def _remember(self, key: ConversationKey, now: datetime, reply: Reply) -> Reply:
        """Remember a reply if it is an answer; return it."""
        question = reply.reading.question
        if self._memory is None or reply.answer is None or question is None or not has_model(self._settings):
            return reply
        await _try_state("a turn could not be kept", None, self._memory.remember, key, _question_values(question), now)
        return reply


def make_assistant(
    settings: Settings,
    ask: Ask,
    state: "State | None",
    today: Callable[[], date] = utc_today,
    *,
    is_remembered: bool = True,
    note: Callable[[Exception], None] | None = None,
) -> Assistant:
    """Return an assistant, with memory and budgets if there is a model and a state to store them."""
    if state is None or not has_model(settings):
        return Assistant(settings, ask, today=today, note=note)
    from bot.assistant.budget import Budget
    from bot.state.conversations import Memory

    memory = Memory(state) if is_remembered else None
    return Assistant(settings, ask, memory=memory, budget=Budget(state, settings), today=today, note=note)


async def count_misread(state: "State", name: str, now: datetime) -> None:
    """Count a misread question anonymously, by its name only.

    Unknown names, as from a forged button, are not counted.
    """
    from bot.state.usage import MISREAD, Usage, add

    if name not in QUESTIONS and name != BRIEF:
        return

    def count() -> None:
        with state.begin() as connection:
            add(connection, Usage(now.date(), MISREAD, "", name, 1, 0, 0, 0, 0.0))

    await _try_state("a misread text could not be counted", None, count)


def _question_values(question: Question) -> dict[str, Any]:
    """Return a question's name and its set fields, for JSON."""
    return {"question": question.name, "fields": field_texts(question)}


def _parse_turn(turn: "Turn") -> Question | None:
    """Return the question of a turn, None if this version can't read it."""
    try:
        return QUESTIONS[current(turn["question"])].from_words(**turn["fields"])
    except (KeyError, TypeError, UsageError):
        return None


async def _try_state(event: str, default: T, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Work with the state in a thread; if it can't be used, log that and return the default."""
    try:
        return await asyncio.to_thread(work, *args, **kwargs)
    except DataError as error:
        _warn(event, reason=str(error))
        return default


def _log_error(error: Exception) -> None:
    _warn("the model's reading was not used", reason=type(error).__name__, about=str(error)[:300])


def _warn(event: str, **details: str) -> None:
    import structlog  # importing it takes longer than an answer by rules

    structlog.get_logger("gapbrief.assistant").warning(event, **details)
