"""The evidence file of the settings: opened, and where it is made, made with what answers read."""

from bot.settings import Settings
from core.questions.prepared import prepare
from core.store.store import Store, open_store


def open_evidence(settings: Settings) -> Store:
    """Open the evidence file; raises DataError where it can't be."""
    return open_store(settings.db, settings.data, prepare)


def mend_evidence(settings: Settings) -> bool:
    """Make the evidence file anew where it is damaged, and return whether it was; raises DataError."""
    from core.store.making import mend

    return mend(settings.db, settings.data, prepare)
