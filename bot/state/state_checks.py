"""Checks of the state for `gapbrief doctor`: its file and disk, its backups, and its encryption key."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.health_checks import Check
from bot.settings import Settings
from bot.state import backups, database, target_rows
from bot.state.database import ELSEWHERE, State
from bot.state.protection import Keys, explain_unwritable, find_nearest, is_exposed, list_exposed
from core.errors import DataError, GapbriefError

_CLOCK_SECONDS = 2.0
"""How far this machine's clock may differ from the database server's."""
_LEAST_FREE = 32 * 2**20
"""Bytes that must be free on the state's disk: its journal grows to a few megabytes."""


def check_state(settings: Settings) -> list[Check]:
    """Check the state; one that doesn't exist yet is fine."""
    address = settings.state_url
    if not address:
        return []
    try:
        backups.check_not_lost(address, settings.backup_dir)
        database.check_integrity(address)
        schema, newest = database.read_schemas(address)
        if schema == newest:
            database.check_writable(address)
    except GapbriefError as error:
        return [Check("wrong", "state", str(error))]
    file, folder = database.file_of(address), backups.backup_folder(address, settings.backup_dir)
    if schema is None:
        return _check_first_start(file, folder)
    if schema > newest:
        mend = "install the newest release to read it, or restore a backup with `gapbrief state restore FILE`"
        return [Check("wrong", "state", f"made by a newer gapbrief; {mend}")]
    text = "up to date" if schema == newest else "from an older gapbrief; `gapbrief run` migrates it"
    copies = backups.list_daily_backups(folder) if folder else []
    of_file = [*_check_disk(file), *_check_rights(file, copies)] if file else _check_clock(address)
    return [Check("well", "state", text), *of_file, _check_backups(folder, copies)]


def _check_first_start(file: Path | None, backup_folder: Path | None) -> list[Check]:
    """Check whether a state that does not exist yet, and its backups, can be made."""
    if file and (reason := explain_unwritable(file.parent)):
        return [Check("wrong", "state", f"can't be made in {file.parent}: {reason}, or {ELSEWHERE}")]
    state_check = Check("well", "state", "none yet; `gapbrief run` makes it when it first starts")
    checks = [state_check, *(_check_disk(file) if file else ()), _check_backups(backup_folder, [])]
    return [check for check in checks if check.state != "missing"]


def _check_disk(file: Path) -> list[Check]:
    """Warn if the state's disk is almost full."""
    free = shutil.disk_usage(find_nearest(file.parent)).free
    if free >= _LEAST_FREE:
        return []
    text = f"only {free / 2**20:.0f} MB are free where the state is; free some space, or soon nothing can be stored"
    return [Check("wrong", "disk", text)]


def _check_clock(address: str) -> list[Check]:
    """Warn if this machine's clock differs from the database server's: leases depend on it."""
    offset = database.measure_clock_offset(address)
    if abs(offset) < _CLOCK_SECONDS:
        return []
    direction = "ahead of" if offset > 0 else "behind"
    text = (
        f"{abs(offset):.0f} seconds {direction} the database server's; processes share work by it, so set both by NTP"
    )
    return [Check("wrong", "clock", text)]


def _check_rights(file: Path, copies: list[backups.DailyBackup]) -> list[Check]:
    """Warn of state files and backups that others on this machine can read or change."""
    files = [*list_exposed(file), *filter(is_exposed, (copy.file for copy in copies))]
    if not files:
        return []
    names = ", ".join(path.name for path in files)
    text = f"others on this machine may read {names}; chmod 600 fixes that, and the next start fixes the state's files"
    return [Check("wrong", "state's rights", text)]


def _check_backups(folder: Path | None, copies: list[backups.DailyBackup]) -> Check:
    """Report the age of the latest daily backup."""
    if folder is None:
        return Check("missing", "backups", "none by gapbrief; use the database server's own tools, such as pg_dump")
    try:
        backups.check_folder(folder)
    except DataError as error:
        return Check("wrong", "backups", str(error))
    if not copies:
        return Check("missing", "backups", f"none yet; `gapbrief run` makes one a day in {folder}")
    age = datetime.now(UTC) - copies[0].at
    text = f"the newest is {round(age.total_seconds() / 3600)} hours old, in {folder}"
    if age > backups.OVERDUE_AFTER:
        return Check("wrong", "backups", f"{text}; `gapbrief run` makes one a day while it runs")
    return Check("well", "backups", text)


def check_secret_key(settings: Settings) -> list[Check]:
    """Report whether the state's secrets are encrypted, and if a key is missing."""
    with suppress(GapbriefError), open_unchanged(settings) as state:  # check_state reports the error
        missing = target_rows.missing_key_sentence(state) if state else None
        if missing is not None:
            return [Check("wrong", "secret key", missing)]
    secrets = "targets' addresses and signing secrets"
    if settings.secret_keys:
        return [Check("well", "secret key", f"{secrets} are encrypted in the state")]
    text = f"off; GAPBRIEF_SECRET_KEY adds encryption of {secrets} in the state; `gapbrief state key` makes one"
    return [Check("missing", "secret key", text)]


@contextmanager
def open_unchanged(settings: Settings) -> Iterator[State | None]:
    """Open the state without migrating it; None if it doesn't exist or has another schema."""
    schema, newest = database.read_schemas(settings.state_url)
    if schema != newest:
        yield None
        return
    with closing(database.open_as_is(settings.state_url, Keys(settings.secret_keys))) as state:
        yield state
