"""The evidence file of the settings: opened, and where it is made, made with what answers read."""

from datetime import UTC, datetime

from bot.settings import Settings
from core.questions.question import prepare
from core.store.store import Store, open_store
from core.store.tables import is_of_another_release


def open_evidence(settings: Settings) -> Store:
    """Open the evidence file, of refreshed data that fit this release; raises DataError where it can't be."""
    if is_of_another_release(settings.data):
        from bot.refresh.refreshing import merge_release

        merge_release(settings, datetime.now(UTC))
    return open_store(settings.db, settings.data, prepare)


def mend_evidence(settings: Settings) -> bool:
    """Make the evidence file anew where it is damaged, and return whether it was; raises DataError."""
    from core.store.making import mend_file

    return mend_file(settings.db, settings.data, prepare)
