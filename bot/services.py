"""The services that every face gets: one small object with everything for answers and briefs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from bot.answers import Answers
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.assistant.assistant import Assistant
    from bot.newsroom.writing import Note, Writer
    from bot.pictures import Pictures
    from bot.scheduler import Scheduler
    from bot.state.database import State


@dataclass(frozen=True)
class Services:
    """The settings, the state, and what works with them, each made on first use.

    `today` replaces the clock; `note` is called with the reason if a brief is not in a language model's words.
    """

    settings: Settings
    state: "State"
    today: Callable[[], date] | None = None
    note: "Note | None" = None

    @cached_property
    def answers(self) -> Answers:
        """Answers questions."""
        return Answers(self.settings, self.today)

    @cached_property
    def assistant(self) -> "Assistant":
        """Reads free text."""
        from bot.assistant.assistant import make_assistant

        return make_assistant(self.settings, self.answers.answer, self.state, self.answers.today)

    @cached_property
    def pictures(self) -> "Pictures":
        """Draws charts."""
        from bot.pictures import Pictures

        return Pictures(self.settings.public_url)

    @cached_property
    def scheduler(self) -> "Scheduler":
        """Runs background jobs."""
        from bot.scheduler import Scheduler

        return Scheduler()

    @cached_property
    def writer(self) -> "Writer":
        """What writes briefs."""
        from bot.newsroom.writing import build_writer

        return build_writer(self.settings, self.state, self.note)

    def stop(self) -> None:
        """Let the rules answer what waits for a language model."""
        if "assistant" in vars(self):
            self.assistant.stop()

    def close(self) -> None:
        """End the drawing process, and close the state."""
        if "pictures" in vars(self):
            self.pictures.close()
        self.state.close()


def check_files(settings: Settings) -> None:
    """Before a service starts, log misspelt settings and rebuild a damaged evidence file.

    Raises DataError for a damaged state.
    """
    import structlog

    from bot.answers import repair_evidence
    from bot.settings import find_unknown
    from bot.state.database import check_integrity

    log = structlog.get_logger("gapbrief")
    if unknown := find_unknown():
        names = [f"{name} (did you mean {near}?)" if near else name for name, (_, near) in unknown.items()]
        log.warning("settings that do not exist have no effect", names=names)
    if repair_evidence(settings):
        log.warning("the evidence file was damaged and has been rebuilt")
    check_integrity(settings.state_url)


@contextmanager
def open_services(settings: Settings, note: "Note | None" = None) -> Iterator[Services]:
    """Open the services on the settings' state, and close them at the end."""
    services = Services(settings, open_state_of(settings), note=note)
    try:
        yield services
    finally:
        services.close()


def open_state_of(settings: Settings) -> "State":
    """Open the state of the settings, created if there never was one, with its secrets encrypted.

    Raises DataError if it was lost (a new one would hide that) or can't be used.
    """
    from bot.state import target_rows
    from bot.state.backups import check_not_lost
    from bot.state.database import open_state
    from bot.state.protection import Keys

    check_not_lost(settings.state_url, settings.backup_dir)
    state = open_state(settings.state_url, Keys(settings.secret_keys))
    try:
        target_rows.encrypt_all(state)
    except BaseException:
        state.close()
        raise
    return state
