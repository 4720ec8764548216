"""What every face goes through: settings and today's date in, an answer or a brief out."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from bot.settings import Settings
from core.answer import Answer
from core.questions import Question, ask
from core.store.store import open_store

if TYPE_CHECKING:
    from core.brief import Brief


def today() -> date:
    """Return today's date (UTC): the one clock, read by faces alone."""
    return datetime.now(UTC).date()


def answer(question: Question, settings: Settings, on: date) -> Answer:
    """Answer a question as read on a day, from the evidence file of the settings."""
    with open_store(settings.db, settings.data) as store:
        return ask(question, store, on)


def brief(settings: Settings, as_of: date | None, since: date | None, on: date) -> "Brief":
    """Write the brief of a day, None for the one on which it is read, from all that is known now.

    Raises UsageError for a day that can't have a brief.
    """
    from core.brief import compose
    from core.evidence.evidence import load
    from core.questions.fields import not_in_future

    if as_of is not None:
        not_in_future("as-of", as_of, on)
    with open_store(settings.db, settings.data) as store:
        records = load(store)
    return compose(records.known_by(records.last_known), as_of or on, since, on)
