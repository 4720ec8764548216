"""The state of the settings, opened: never an empty one in the place of one that is gone."""

from bot.settings import Settings
from bot.state.daily_backup import refuse_to_begin_anew
from bot.state.database import State, open_state


def open_state_of(settings: Settings) -> State:
    """Open the state of the settings, made where there was none; raises DataError where it is gone or can't be used."""
    refuse_to_begin_anew(settings.state_url, settings.backup_dir)
    return open_state(settings.state_url)
