"""Copies of the state that are made without asking: one a day, of which the newest seven are kept."""

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.state.backup import ASIDE, backup
from bot.state.database import State, file_of
from bot.state.state_file import holds_something, make_folder
from core.errors import DataError

N_KEPT = 7
EVERY = timedelta(days=1)
LATE = EVERY * 2
"""The age of the newest one from which on something is wrong."""
_NAME = re.compile(r"state-(\d{8}-\d{6})\.db")
_TIME = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Kept:
    """One of the copies, and when it was made."""

    file: Path
    at: datetime


def folder_of(address: str, folder: Path | None) -> Path | None:
    """Return where the copies of a state go: a folder that is set, else one beside the state.

    None where a database server holds it, whose own tools copy it, or none is set. Raises DataError for no address.
    """
    file = file_of(address) if address else None
    return file and (folder or file.parent / "backups")


def kept(folder: Path) -> list[Kept]:
    """Return the copies in a folder, the newest one first; none where the folder can't be read."""
    found = []
    with suppress(OSError):
        for each in folder.iterdir():
            name = _NAME.fullmatch(each.name)
            if name:
                with suppress(ValueError):  # a name of somebody's own
                    found.append(Kept(each, datetime.strptime(name[1], _TIME).replace(tzinfo=UTC)))
    return sorted(found, key=lambda each: each.at, reverse=True)


def make_when_due(state: State, address: str, folder: Path, now: datetime) -> Path | None:
    """Copy the state where the newest copy is a day old, and remove all but the newest seven; return the new one.

    A clock that was put back counts for nothing: copies of a time to come stay, beside the seven. Raises GapbriefError
    where it can't be done: the copies of before stay then.
    """
    if any(now - EVERY < each.at <= now for each in kept(folder)):
        return None
    state.check()  # another file in its place is not what was at work
    try:
        make_folder(folder)
    except OSError as error:
        raise DataError(
            f"The folder {folder} can't be made ({error.strerror}); set GAPBRIEF_BACKUP_DIR to another."
        ) from error
    made = folder / f"state-{now.astimezone(UTC):{_TIME}}.db"
    backup(address, made, overwrite=True)
    _remove_halves(folder, now)
    for each in [each for each in kept(folder) if each.at <= now][N_KEPT:]:
        each.file.unlink(missing_ok=True)
    return made


def _remove_halves(folder: Path, now: datetime) -> None:
    """Remove what a copy that was cut short, as by a loss of power, left behind a day ago or more."""
    for each in folder.glob(f"{ASIDE}*"):
        if each.stat().st_mtime < (now - EVERY).timestamp():
            shutil.rmtree(each)


def refuse_to_begin_anew(address: str, folder: Path | None) -> None:
    """Raise DataError where a state is gone that there are copies of: an empty one would pass for it."""
    file, copies = file_of(address), folder_of(address, folder)
    if file is None or copies is None or holds_something(file):
        return
    newest = next(iter(kept(copies)), None)
    if newest is not None:
        raise DataError(
            f"The state {file} is gone, and there is a copy of {newest.at:%Y-%m-%d %H:%M} UTC:"
            f" `gapbrief state restore {newest.file}` puts it back, `gapbrief state new` begins without it."
        )
