"""What every face goes through: settings and today's date in, an answer out."""

from datetime import UTC, date, datetime

from bot.settings import Settings
from core.answer import Answer
from core.questions import Question, ask
from core.store.store import open_store


def today() -> date:
    """Return today's date (UTC): the one clock, read by faces alone."""
    return datetime.now(UTC).date()


def answer(question: Question, settings: Settings, on: date) -> Answer:
    """Answer a question as read on a day, from the evidence file of the settings."""
    with open_store(settings.db, settings.data) as store:
        return ask(question, store, on)
