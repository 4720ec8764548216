"""What goes wrong with the state or the data is said to nobody in Discord with a path of the machine or an address."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from bot.state.database import State
from bot.state.protection import NO_KEYS
from core.errors import DataError
from tests.bot.discord.conftest import words
from tests.bot.discord.newsroom.conftest import Room
from tests.bot.discord.newsroom.test_rights import commands, use

PLACE = "/srv/planted-folder/state.db"
PASSWORD = "planted-hunter2"  # noqa: S105 (opens nothing)
ADDRESS = f"postgresql+psycopg://gapbrief:{PASSWORD}@127.0.0.1:1/planted_db"
TOLD = re.compile(
    r"planted|/srv|sqlite|postgres|psycopg|SELECT|INSERT|127\.0\.0\.1|OperationalError|\.db\b", re.IGNORECASE
)

pytestmark = [pytest.mark.simcord(check_errors=False), pytest.mark.usefixtures("logged")]


def raising(error: Exception) -> Callable[[], State]:
    """Return a state whose every use fails by an error."""

    class Broken(State):
        def begin(self) -> Any:
            raise error

        reading = begin

    return lambda: Broken(create_engine("sqlite://"), None, NO_KEYS)


BROKEN = {
    "no folder": lambda: State(create_engine(f"sqlite:///{PLACE}"), None, NO_KEYS),
    "no server": raising(DataError(f"The state at {ADDRESS} can't be used (connection refused).")),
    "a right that lacks": raising(PermissionError(13, "Permission denied", PLACE)),
    "a full disk": raising(OSError(28, "No space left on device", PLACE)),
    "SQLAlchemy's own": raising(OperationalError("SELECT * FROM planted", {"url": ADDRESS}, Exception(PLACE))),
    "SQLite's own": raising(sqlite3.OperationalError(f"unable to open database file {PLACE}")),
}


@pytest.mark.slow
async def test_no_command_button_or_question_tells_where_our_files_or_databases_are(room: Room) -> None:
    card = await room.posted()
    history = await room.answer("history")
    for name, broken in BROKEN.items():
        with closing(broken()) as state:
            shown = await use_all(room, state, card, history)
        assert len([text for text in shown if "(ref " in text]) > 10, (name, shown)
        assert [text for text in shown if TOLD.search(text)] == [], name
    assert TOLD.search(str(room.world.callbacks())) is None


async def use_all(room: Room, state: State, card: Any, history: Any) -> list[str]:
    """Use everything on a state, and return what is then shown."""
    vars(room.world.bot.services)["state"] = state
    room.world.bot.channels.state = state
    room.world.bot.channels.invalidate(room.world.guild.id)
    shown = [words(await use(room, name, room.alice)) for name in commands(room) if name != "story"]
    shown += [words(message) for label in ("Correct", "Withdraw") for message in seen(await room.press(card, label))]
    shown += [words(message) for message in seen(await room.alice.select(history, ["1"], custom_id="news:open"))]
    shown += [words(await room.world.slash(name)) for name in ("gap", "brief", "forget")]
    return [*shown, words(await room.world.mention("what is the gap?"))]


def seen(came: Any) -> list[Any]:
    """Return the messages that came of something."""
    return [message for message in (came.response, *came.followups) if message is not None]
