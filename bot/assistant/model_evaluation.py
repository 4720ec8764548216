"""The set of questions read by the model that is set: how well it reads, what that costs, and how long it takes."""

import asyncio
import statistics
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.answers import Answers
from bot.assistant.assistant import Assistant
from bot.assistant.budget import ANSWERED, FAILED, FALLBACK
from bot.assistant.evaluation import Entry, Outcome, Score, meant
from bot.assistant.models import LIMITS, Limits
from bot.assistant.place import Place
from bot.assistant.prices import cost
from bot.assistant.reader import read
from bot.assistant.reply import Reply
from bot.settings import Settings
from core.questions import Question
from core.store.store import open_store

_AT_ONCE = 4


@dataclass(frozen=True)
class ModelScore:
    """The outcomes of a set, with the seconds that each took."""

    score: Score
    seconds: tuple[float, ...]
    model: str

    def lines(self) -> list[str]:
        """Say what the model did: how much it read, its tokens and what they cost, its time."""
        used = [each.reply.used for each in self.score.outcomes if each.reply.used]
        outcomes = Counter(each.outcome for each in used)
        read, said = sum(each.tokens_in for each in used), sum(each.tokens_out for each in used)
        spent, number = cost(self.model, read, said), max(len(self.seconds), 1)
        money = "its price is not known" if spent is None else f"{spent:.4f} US$, {spent / number:.6f} a question"
        return [
            f"Read by {self.model}: {outcomes[ANSWERED]} of {len(used)}; by rules instead: {outcomes[FALLBACK]} since"
            f" what it said could not be used, {outcomes[FAILED]} since it failed",
            f"Tokens: {read:,} read and {said:,} written; {money}",
            f"Time a question: {statistics.median(self.seconds or (0.0,)):.1f} s in the middle,"
            f" {max(self.seconds, default=0.0):.1f} s at most",
        ]


def run(entries: list[Entry], settings: Settings, today: date, limits: Limits = LIMITS) -> ModelScore:
    """Ask every entry of the model as typed on the day `today`, each after the text before it where it has one."""
    return asyncio.run(_run(entries, settings, today, limits))


async def _run(entries: list[Entry], settings: Settings, today: date, limits: Limits) -> ModelScore:
    answers = Answers(settings, lambda: today)
    assistant = Assistant(settings, answers.answer, today=answers.today, limits=limits, rules_first=False)
    few = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int, entry: Entry) -> tuple[Outcome, float]:
        async with few:
            known, previous = await asyncio.to_thread(_prepared, entry, settings, today)
            began = time.monotonic()
            reply = await assistant.reply(entry.text, Place(f"evaluation:{number}"), datetime.now(UTC), previous)
            return _best(known, reply), time.monotonic() - began

    done = await asyncio.gather(*(one(number, entry) for number, entry in enumerate(entries)))
    return ModelScore(Score(tuple(each for each, _ in done)), tuple(took for _, took in done), settings.llm_model or "")


def _prepared(entry: Entry, settings: Settings, today: date) -> tuple[Entry, Question | None]:
    """Return an entry with its names as they are shown, and the question that it goes on from."""
    with open_store(settings.db, settings.data) as store:
        previous = read(entry.after, store, today).question if entry.after is not None else None
        return meant(entry, store), previous


def _best(entry: Entry, reply: Reply) -> Outcome:
    """Return the outcome of the question that was meant, where the model asked several."""
    outcomes = [Outcome(entry, each) for each in (reply, *reply.others)]
    best = next((each for each in outcomes if each.is_right), outcomes[0])
    return Outcome(entry, replace(best.reply, used=reply.used))
