"""The state of the settings, opened: never an empty one in the place of one that is gone, its secrets encrypted."""

from bot.settings import Settings
from bot.state import target_rows
from bot.state.daily_backup import refuse_to_begin_anew
from bot.state.database import State, open_state
from bot.state.encryption import Keys


def open_state_of(settings: Settings) -> State:
    """Open the state of the settings, made where there was none; raises DataError where it is gone or can't be used."""
    refuse_to_begin_anew(settings.state_url, settings.backup_dir)
    state = open_state(settings.state_url, Keys(settings.secret_keys))
    try:
        target_rows.encrypt_all(state)
    except BaseException:
        state.close()
        raise
    return state
