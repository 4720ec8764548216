"""The assistant: free text answered by a language model over the questions, and by rules wherever that is no help.

One way for every face: the rules read first; what they understood wholly is answered at once. Else the model asks the
questions as tools and words their answers, within the day's budget; its words are checked before anybody sees them.
Whatever goes wrong, the rules' answer reaches the person, within `Limits.whole` and the time of the rules.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import core
from bot.answers import utc_today
from bot.assistant import prompts, reader
from bot.assistant.certainty import is_certain
from bot.assistant.figures import figures
from bot.assistant.models import LIMITS, Limits, is_set, models
from bot.assistant.offer import Offer, caveats, offer, used
from bot.assistant.place import Place
from bot.assistant.reading import Reading, reading_of, values_of
from bot.assistant.reply import Reply
from bot.assistant.text import cleaned
from bot.assistant.tools import Ask, Run
from bot.settings import Settings
from core import grounding, words
from core.errors import DataError, UsageError
from core.glossary import terms_in
from core.questions import QUESTIONS, Question, current
from core.store import queries
from core.store.store import open_store

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage

    from bot.assistant.agent import Tokens
    from bot.assistant.budget import Budget, Used
    from bot.assistant.memory import Memory, Turn
    from bot.state.state import State
    from core.evidence.evidence import Bias

_UNREAD = "The language model gave no answer, so rules read your question; they understand fewer phrasings."
_LONGEST_SAID = 700
"""Letters that the model is told an answer may have."""


@dataclass(frozen=True)
class _Given:
    """What the model is given besides the text, and the names that it may say only where an answer holds them."""

    system: str
    biases: "tuple[Bias, ...]"
    names: frozenset[str]


class Assistant:
    """Answers free text. `ask` answers a question.

    Without `memory` each text stands alone; without `budget` the model may be used without end. Without `rules_first`
    the model is asked whatever the rules have understood, which is for measuring it. `note` is told what went wrong
    where the model's answer is not used; by default that is logged.
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

    async def reply(self, typed: str, place: Place, now: datetime, previous: Question | None = None) -> Reply:
        """Answer a text, after the question `previous` or what was said in this place before.

        Raises DataError where the evidence can't be read.
        """
        today = self._today()
        turns = await self._recall(place, now) if is_set(self._settings) else ()
        previous = previous or _question_of(turns)
        read, certain = await asyncio.to_thread(self._read, typed, today, previous)
        if (certain and self._rules_first) or not is_set(self._settings):
            return await self._told(place, now, typed, await self.by_rules(read))
        spent = await self._refusal(place, now)
        if spent is not None:
            return await self._told(place, now, typed, replace(await self.by_rules(read), notice=spent))
        found = await self._by_model(typed, today, place, now, turns)
        if found.worded is None:
            found = await self._instead(read, found)
        return await self._told(place, now, typed, found)

    def stop(self) -> None:
        """Wait for the model no more: the rules answer what is under way, and whatever still comes."""
        self._stopping = True
        for each in self._patience:
            each.reschedule(asyncio.get_running_loop().time())

    async def forget(self, place: Place) -> int:
        """Forget what was said in a place, and what its person asked elsewhere; return how many turns."""
        return 0 if self._memory is None else await asyncio.to_thread(self._memory.forget, place)

    # ---- the rules

    def _read(self, typed: str, today: date, previous: Question | None) -> tuple[Reading, bool]:
        with open_store(self._settings.db, self._settings.data) as store:
            read = reader.read(typed, store, today, previous)
            return read, is_certain(typed, read, store, today)

    async def by_rules(self, read: Reading) -> Reply:
        """Answer a reading, what of it was asked first; what it can't be answered with becomes one sentence."""
        if read.question is None:
            return Reply(read, sentence=read.sentence)
        try:
            answer = await self._ask(read.question)
            return Reply(read, answer.about(read.aspect) if read.aspect else answer)
        except UsageError as error:
            return Reply(read, sentence=str(error))

    async def _instead(self, read: Reading, found: Reply) -> Reply:
        """Return the rules' reply where the model has none that can be shown.

        Where they have no answer either, it is that of the question which the model asked, or the reason against it.
        """
        instead = await self.by_rules(read)
        if instead.answer is not None or read.alternatives:
            return replace(instead, used=found.used)
        if found.answer or found.sentence:
            return found
        failed = found.used is not None and found.used.outcome == "failed"
        return replace(instead, notice=_UNREAD if failed else None, used=found.used)

    # ---- the model

    async def _by_model(self, typed: str, today: date, place: Place, now: datetime, turns: "Sequence[Turn]") -> Reply:
        """Return the model's reply; one without `worded` where it has none that can be shown. Never raises."""
        from bot.assistant.agent import NotWordedError, Tokens
        from bot.assistant.budget import ANSWERED, FAILED, FALLBACK, Used

        tokens, began = Tokens(), time.monotonic()
        run, outcome, found = Run(self._ask), FAILED, Reply(Reading())
        try:
            async with self._patient():
                found = await self._worded(typed, today, turns, run, tokens)
            outcome = ANSWERED if found.worded is not None else FALLBACK
        except Exception as error:
            outcome = FALLBACK if isinstance(error, NotWordedError) else FAILED
            self._note(error)
            found = await self._asked(run)
        model = self._settings.llm_model or ""
        spent = Used("answer", model, tokens.read, tokens.said, time.monotonic() - began, outcome, tokens.calls)
        if tokens.calls:
            await self._spend(place, spent, now)
        return replace(found, used=spent)

    @asynccontextmanager
    async def _patient(self) -> AsyncIterator[None]:
        """Wait for the model until we are stopped; raises TimeoutError then."""
        async with asyncio.timeout(0 if self._stopping else None) as patience:
            self._patience.add(patience)
            try:
                yield
            finally:
                self._patience.discard(patience)

    async def _worded(self, typed: str, today: date, turns: "Sequence[Turn]", run: Run, tokens: "Tokens") -> Reply:
        messages = _messages(turns, cleaned(typed))
        given = await asyncio.to_thread(self._given, today, " ".join(str(each.content) for each in messages))
        run.caveats = caveats(given.biases)
        template = await self._template(given, messages, run, tokens)
        return await (self._asked(run) if template is None else self._shown(template, run))

    async def _template(
        self, given: _Given, messages: "Sequence[AnyMessage]", run: Run, tokens: "Tokens"
    ) -> str | None:
        """Return the text with slots that is kept for just this, or the model's, which is kept from now on."""
        from openai import DefaultAsyncHttpxClient

        from bot.assistant import agent

        key = _key(self._settings, given.system, messages)
        kept = await self._kept(key, run)
        if kept is not None:
            return kept
        async with DefaultAsyncHttpxClient() as client:
            template = await agent.word(
                models(self._settings, client=client), given.system, messages, run,
                tokens=tokens, limits=self._limits, known_names=given.names,
            )  # fmt: skip
        if template is not None:
            await asyncio.to_thread(self._keep, key, template, run)
        return template

    async def _shown(self, template: str, run: Run) -> Reply:
        """Return the reply that a checked text with slots is, with the answers of which it speaks."""
        from bot.assistant import wording

        offers = used(run.told.values(), template)
        first, *others = await asyncio.to_thread(self._replies, offers)
        return replace(
            first,
            others=tuple(others),
            worded=wording.shown(template, run),
            figures=figures(offers, template, [each.reading.understood for each in (first, *others)]),
        )

    async def _asked(self, run: Run) -> Reply:
        """Return the answer of what the model asked last, without its words; or why that could not be asked."""
        if run.told:
            return (await asyncio.to_thread(self._replies, [run.told[max(run.told)]]))[0]
        return Reply(Reading(), sentence=str(run.refused[-1]) if run.refused else None)

    def _given(self, today: date, said: str) -> _Given:
        """Read what the model is given besides what was said: the prompt, the caveats, and every name that there is.

        Of the glossary it gets the terms that were said, and those that the questions are about.
        """
        from core.evidence.evidence import load

        with open_store(self._settings.db, self._settings.data) as store:
            records = load(store)
            as_of = queries.newest_data(store, queries.known_days(store)[1])
            system = prompts.load("assistant").render(
                today=words.day(today), as_of=words.day(as_of), longest=_LONGEST_SAID,
                terms=[(each.term, each.definition) for each in terms_in(f"{said} {_about()}", records.terms)],
                biases=[(f"caveat.{each.bias_id}", each.caveat, each.effect, each.remark) for each in records.biases],
            )  # fmt: skip
            return _Given(system, records.biases, grounding.all_names(store))

    def _replies(self, offers: Sequence[Offer]) -> list[Reply]:
        with open_store(self._settings.db, self._settings.data) as store:
            return [Reply(reading_of(each.question, store), each.answer) for each in offers]

    # ---- worded answers that are kept, in the evidence file: they are made anew with it

    async def _kept(self, key: str, run: Run) -> str | None:
        """Return the text that is kept for just this, its answers asked again; None where there is none."""
        kept = await asyncio.to_thread(self._kept_result, key)
        if kept is None:
            return None
        from bot.assistant import wording

        try:
            for number, name, fields in kept["asked"]:
                question = QUESTIONS[name].from_words(**fields)
                run.told[number] = offer(number, question, await self._ask(question))
            template = str(kept["template"])
            if not wording.faults(template, run):
                return template
        except (KeyError, TypeError, ValueError, UsageError) as error:
            _warn("a kept answer was not used", reason=type(error).__name__)
        run.told.clear()
        return None

    def _kept_result(self, key: str) -> dict[str, Any] | None:
        with open_store(self._settings.db, self._settings.data) as store:
            return store.kept_result(key)

    def _keep(self, key: str, template: str, run: Run) -> None:
        asked = [(number, each.question.name, values_of(each.question)) for number, each in run.told.items()]
        with open_store(self._settings.db, self._settings.data) as store:
            store.keep_result(key, {"template": template, "asked": asked})

    # ---- memory and budget: where the state can't be used, answers go on without

    async def _recall(self, place: Place, now: datetime) -> "tuple[Turn, ...]":
        if self._memory is None:
            return ()
        try:
            return await asyncio.to_thread(self._memory.recall, place, now)
        except DataError as error:
            _warn("earlier turns could not be read", reason=str(error))
            return ()

    async def _told(self, place: Place, now: datetime, typed: str, found: Reply) -> Reply:
        """Remember a reply that is an answer, and return it."""
        if self._memory is None or found.answer is None or found.reading.question is None or not is_set(self._settings):
            return found
        question = found.reading.question
        said = found.worded or found.answer.lines[0].text
        from bot.assistant.memory import Turn

        turn = Turn(cleaned(typed), said, {"question": question.name, "fields": values_of(question)})
        try:
            await asyncio.to_thread(self._memory.remember, place, turn, now)
        except DataError as error:
            _warn("a turn could not be kept", reason=str(error))
        return found

    async def _refusal(self, place: Place, now: datetime) -> str | None:
        if self._budget is None:
            return None
        try:
            return await asyncio.to_thread(self._budget.refusal, place, now)
        except DataError as error:
            _warn("the budget could not be read", reason=str(error))
            return "The budget of the language model can't be read; answers come by rules."

    async def _spend(self, place: Place, spent: "Used", now: datetime) -> None:
        if self._budget is None:
            return
        try:
            await asyncio.to_thread(self._budget.spend, place, spent, now)
        except DataError as error:
            _warn("what was used could not be counted", reason=str(error))


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
    from bot.assistant.memory import Memory

    memory = Memory(state) if is_remembered else None
    return Assistant(settings, ask, memory=memory, budget=Budget(state, settings), today=today, note=note)


def _messages(turns: "Sequence[Turn]", asked: str) -> "list[AnyMessage]":
    """Return what was asked before, each with the question that answered it, and what is asked now.

    What was answered is left out: its figures are asked for again where they are needed.
    """
    from langchain_core.messages import AIMessage, HumanMessage

    found: list[AnyMessage] = []
    for turn in turns:
        found += [HumanMessage(turn.asked), AIMessage(f"[answered: {json.dumps(turn.question, ensure_ascii=False)}]")]
    return [*found, HumanMessage(asked)]


def _key(settings: Settings, system: str, messages: "Sequence[AnyMessage]") -> str:
    """Return what names a worded answer among kept ones: all that the model was given, and the version of each part."""
    said = [str(message.content) for message in messages]
    models_ = [settings.llm_model, settings.llm_fallback, settings.llm_base_url]
    parts = [core.__version__, prompts.load("repair").version, *models_, system, *said]
    return f"worded:{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"


def _question_of(turns: "Sequence[Turn]") -> Question | None:
    """Return the question of the last turn that had one; None where another version of gapbrief wrote it."""
    last = next((turn.question for turn in reversed(turns) if turn.question), None)
    try:
        return QUESTIONS[current(last["question"])].from_words(**last["fields"]) if last else None
    except (KeyError, TypeError, UsageError):
        return None


def _log(error: Exception) -> None:
    _warn("the model's answer was not used", reason=type(error).__name__, about=str(error)[:300])


def _warn(event: str, **about: str) -> None:
    import structlog  # which takes longer than an answer by rules

    structlog.get_logger("gapbrief.assistant").warning(event, **about)


@cache
def _about() -> str:
    return " ".join(text for each in QUESTIONS.values() for text in (each.summary, *each.phrasings))
