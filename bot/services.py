"""What every face is handed: one small object with what answers and briefs are made with."""

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
    """The settings, the state, and what works with them: each is made when it is first used, and is then the one.

    `today` tells the day, the clock's by default; `note` is told why a brief is not in a language model's words.
    """

    settings: Settings
    state: "State"
    today: Callable[[], date] | None = None
    note: "Note | None" = None

    @cached_property
    def answers(self) -> Answers:
        """Answers to questions."""
        return Answers(self.settings, self.today)

    @cached_property
    def assistant(self) -> "Assistant":
        """What reads free text."""
        from bot.assistant.assistant import assistant

        return assistant(self.settings, self.answers.answer, self.state, self.answers.today)

    @cached_property
    def pictures(self) -> "Pictures":
        """Charts as pictures."""
        from bot.pictures import Pictures

        return Pictures(self.settings.public_url)

    @cached_property
    def scheduler(self) -> "Scheduler":
        """The clock of background work."""
        from bot.scheduler import Scheduler

        return Scheduler()

    @cached_property
    def writer(self) -> "Writer":
        """What writes briefs."""
        from bot.newsroom.writing import build_writer

        return build_writer(self.settings, self.state, self.note)

    def stop(self) -> None:
        """Let the rules answer what a language model has not yet."""
        if "assistant" in vars(self):
            self.assistant.stop()

    def close(self) -> None:
        """End what draws, and leave the state."""
        if "pictures" in vars(self):
            self.pictures.close()
        self.state.close()


def look_over(settings: Settings) -> None:
    """Look at the files before a service starts: a damaged evidence file is made anew, a damaged state is refused.

    Raises DataError for the second, and where the first can't be done.
    """
    import structlog

    from bot.answers import mend_evidence
    from bot.state.database import check_integrity

    if mend_evidence(settings):
        structlog.get_logger("gapbrief").warning("the evidence file was damaged and has been rebuilt")
    check_integrity(settings.state_url)


@contextmanager
def opened(settings: Settings, note: "Note | None" = None) -> Iterator[Services]:
    """Open the state of the settings, and close it at the end with all that was made."""
    services = Services(settings, open_state_of(settings), note=note)
    try:
        yield services
    finally:
        services.close()


def open_state_of(settings: Settings) -> "State":
    """Open the state of the settings, made where there was none, its secrets encrypted.

    Raises DataError where it is gone (an empty one would pass for it) or can't be used.
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
