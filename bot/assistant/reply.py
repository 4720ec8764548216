"""The reply to free text: what was understood, and the answer, or one sentence. Every face calls this."""

from dataclasses import dataclass
from datetime import date

from bot.assistant.reader import read
from bot.assistant.reading import Reading
from core.answer import Answer
from core.errors import UsageError
from core.questions import Question, ask
from core.store.store import Store


@dataclass(frozen=True)
class Reply:
    """A reading with its answer; `sentence` stands where there is none."""

    reading: Reading
    answer: Answer | None = None
    sentence: str | None = None


def reply(typed: str, store: Store, today: date, previous: Question | None = None) -> Reply:
    """Read a text, after the question `previous` if there was one, and answer it.

    What can't be asked, or answered, becomes one sentence. Raises DataError where the evidence can't be read.
    """
    return answered(read(typed, store, today, previous), store, today)


def answered(reading: Reading, store: Store, today: date) -> Reply:
    """Answer a reading; what it can't be answered with becomes one sentence."""
    if reading.question is None:
        return Reply(reading, sentence=reading.sentence)
    try:
        return Reply(reading, ask(reading.question, store, today))
    except UsageError as error:
        return Reply(reading, sentence=str(error))
