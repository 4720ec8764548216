"""Opens the state: a database at an SQLAlchemy address, migrated to the latest schema by alembic."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout
from sqlalchemy import (
    Connection,
    Engine,
    Table,
    column,
    create_engine,
    delete,
    event,
    inspect,
    make_url,
    select,
    table,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError

from bot.health_checks import how_to_add
from bot.settings import NO_DATABASE
from bot.state.protection import NO_KEYS, Keys, OpenedFile, has_content, make_folder, make_private, restrict_files
from bot.state.state_tables import NOTES
from core.errors import DataError
from core.store.file import LEAST_ROOM, explain_write_error, is_disk_full

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""SQLite's errors for a damaged file, or one that is no database."""
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
"""SQLite's errors for a file or folder that it can't write to."""
_WRITE_PROBE = "can be written"
"""The note that is written and removed to check whether the state can be written to."""
_BUSY_SECONDS = 5.0
_BEGIN_WRITE = "BEGIN IMMEDIATE"
"""Takes the write lock at the start, where waiting is possible; later a conflict would be an error."""
_NO_ADDRESS = f"GAPBRIEF_STATE_URL {NO_DATABASE}"
_NO_DRIVER = f"GAPBRIEF_STATE_URL names PostgreSQL, whose driver is not installed; {how_to_add('postgres')} adds it."
ELSEWHERE = "name another place in GAPBRIEF_STATE_URL"
"""What to do about a place that the state can't be in."""
_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATING = 0x6761706272696566
"""The key of PostgreSQL's lock for migrations: "gapbrief" as a number."""
_VERSION = table("alembic_version", column("version_num"))
"""Alembic's table of the latest migration; read directly, since alembic takes a while to load."""


class State:
    """An open state; safe to share between threads."""

    def __init__(self, engine: Engine, file: OpenedFile | None, keys: Keys) -> None:
        engine = engine.execution_options(keys=keys)
        self.engine = engine
        self._reading = engine.execution_options(only_reads=True)
        self._file = file
        self._has_failed_write = False

    def begin(self) -> AbstractContextManager[Connection]:
        """Open a transaction, committed at the end; raises DataError if the database can't be used."""
        return self._transaction(self.engine)

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a read-only transaction, which waits for no writer; raises DataError as `begin` does."""
        return self._transaction(self._reading)

    def check(self) -> None:
        """Raise DataError if the state's file was deleted or replaced."""
        if self._file is not None:
            self._file.check()

    def check_writing(self) -> None:
        """Raise DataError as `check` does, or if a write failed for lack of space or rights and still does."""
        self.check()
        if self._has_failed_write:
            with self.begin() as connection:
                _write_and_remove(connection)
            self._has_failed_write = False

    def sweep(self) -> bool:
        """Rewrite an SQLite file without deleted data; database servers do so themselves.

        Return False if another transaction prevented it.
        """
        if self._file is None:
            return True
        connection = self.engine.raw_connection()  # VACUUM doesn't work within a transaction
        try:
            for statement in ("PRAGMA secure_delete = ON", "VACUUM"):
                connection.cursor().execute(statement)
            (is_busy, *_) = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() or (1,)
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()
        return not is_busy

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        if self._file is not None:
            self._file.close()
            self._file = None

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        self.check()
        try:
            with engine.begin() as connection:
                yield connection
                self.check()  # a commit to a deleted file would be lost
        except (DatabaseError, InterfaceError) as error:
            self._has_failed_write |= _code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, *_READ_ONLY)
            raise DataError(_error_sentence(engine.url, error)) from error


def upsert_into(connection: Connection, into: Table) -> "postgresql.Insert | sqlite.Insert":
    """Start an INSERT with support for ON CONFLICT, since another process may insert the same row."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(into)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(into)


def keys_of(connection: Connection) -> Keys:
    """Return the keys with which the state was opened."""
    keys: Keys = connection.get_execution_options()["keys"]
    return keys


def open_as_is(address: str, keys: Keys) -> State:
    """Open an existing state without migrating it."""
    return State(_engine(address), None, keys)


def open_state(address: str, keys: Keys = NO_KEYS) -> State:
    """Open the state at an SQLAlchemy address, creating or migrating it; a file is copied before a migration.

    `keys` encrypt its secrets. Raises DataError for an invalid address, an unusable database, or a newer schema.
    """
    engine, file = _engine(address), file_of(address)
    try:
        with lock_state(address):
            if file is not None:
                make_private(file)
                restrict_files(file)
            _migrate(engine)
            return State(engine, OpenedFile(file) if file else None, keys)
    except (DatabaseError, InterfaceError) as error:
        engine.dispose()
        raise DataError(_error_sentence(engine.url, error)) from error
    except BaseException:
        engine.dispose()
        raise


def read_schemas(address: str) -> tuple[str | None, str]:
    """Return a state's schema (None if there is no state yet) and the latest known one, without changing anything.

    Raises DataError as `open_state` does.
    """
    newest = list_migrations()[-1]
    file = file_of(address)
    if file is not None and not has_content(file):
        return None, newest
    with _connect_once(address) as engine:
        return read_schema(engine), newest


def check_integrity(address: str) -> None:
    """Check a state's file for damage, not a database server; raises DataError if it is damaged."""
    file = file_of(address)
    if file is None or not has_content(file):
        return
    with _connect_once(address) as engine, engine.connect() as connection:
        problems = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    if problems != ["ok"]:
        raise DataError(_damage_sentence(_url(address)))


def check_writable(address: str) -> None:
    """Raise DataError if a state can't be written to."""
    with _connect_once(address) as engine, engine.begin() as connection:
        _write_and_remove(connection)


def _write_and_remove(connection: Connection) -> None:
    row = upsert_into(connection, NOTES).values(name=_WRITE_PROBE, value=" " * LEAST_ROOM)
    connection.execute(row.on_conflict_do_nothing())
    connection.execute(delete(NOTES).where(NOTES.c.name == _WRITE_PROBE))


def measure_clock_offset(address: str) -> float:
    """Return how many seconds this machine's clock is ahead of the database server's, 0 for a file.

    Raises DataError as `open_state` does.
    """
    if file_of(address) is not None:
        return 0.0
    with _connect_once(address) as engine, engine.connect() as connection:
        server_time: datetime = connection.exec_driver_sql("SELECT now()").scalar_one()
        return (datetime.now(UTC) - server_time).total_seconds()


@contextmanager
def _connect_once(address: str) -> Iterator[Engine]:
    """Yield an engine for a single use; raises DataError if the database can't be used."""
    engine = _engine(address)
    try:
        yield engine
    except (DatabaseError, InterfaceError) as error:
        raise DataError(_error_sentence(engine.url, error)) from error
    finally:
        engine.dispose()


@contextmanager
def lock_state(address: str) -> Iterator[None]:
    """Hold the lock for migrating or replacing a state's file; raises DataError if it stays taken."""
    file = file_of(address)
    if file is None:
        yield
        return
    try:
        make_folder(file.parent)
        with FileLock(f"{file}.lock", timeout=_BUSY_SECONDS * 6, mode=0o600):
            yield
    except Timeout as error:
        raise DataError(f"The state at {file} is being migrated by another gapbrief; try again.") from error
    except OSError as error:
        raise DataError(
            f"The state can't be written to {file}: {explain_write_error(error)}, or {ELSEWHERE}."
        ) from error


def file_of(address: str) -> Path | None:
    """Return an SQLite address's file, None for other databases; raises DataError for an invalid address."""
    return _file(_url(address))


def password_of(address: str) -> str:
    """Return the password in an SQLAlchemy address, or ""."""
    try:
        return make_url(address).password or ""
    except (ArgumentError, ValueError):
        return ""


def read_schema(engine: Engine) -> str | None:
    """Return the number of a database's latest migration."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return None
        number: str | None = connection.execute(select(_VERSION.c.version_num)).scalar()
        return number


def list_migrations() -> list[str]:
    """Return the numbers of all migrations in order: each file's name begins with one."""
    return sorted(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("s*.py"))


def _migrate(engine: Engine) -> None:
    steps, current = list_migrations(), read_schema(engine)
    if current == steps[-1]:
        return
    if current is not None and current not in steps:
        raise DataError(
            f"The state at {_bare_address(engine.url)} was written by a newer gapbrief (schema {current});"
            " install that version, or restore a backup with `gapbrief state restore FILE`."
        )
    if current is not None:
        _copy(engine, current)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # processes that start at the same time wait until it is done
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _copy(engine: Engine, number: str) -> None:
    """Copy a file before it is migrated; database servers have backups of their own."""
    file = _file(engine.url)
    copy = file and file.with_name(f"{file.name}.{number}")
    if not copy or copy.exists():
        return
    partial = copy.with_name(f"{copy.name}.partial")  # an interrupted start must not leave half a copy
    partial.unlink(missing_ok=True)
    connection = engine.raw_connection()  # VACUUM doesn't work within a transaction
    try:
        make_private(partial)
        connection.cursor().execute("VACUUM INTO ?", (str(partial),))
    except sqlite3.Error as error:
        reason = "the disk is full; free some space" if is_disk_full(error, copy.parent) else str(error)
        raise DataError(f"The state can't be copied to {copy} before it is migrated: {reason}.") from error
    finally:
        connection.close()
    with partial.open("rb") as copy_file:
        os.fsync(copy_file.fileno())
    partial.replace(copy)


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise DataError(_NO_ADDRESS) from error
    if "@" in (url.host or ""):
        raise DataError("GAPBRIEF_STATE_URL has an “@” in its name or password; write it as %40 there.")
    return url


def _file(url: URL) -> Path | None:
    """Return an SQLite database's file, None for other databases."""
    is_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(url.database or "") if is_file else None


def _engine(address: str) -> Engine:
    url = _url(address)
    is_sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"pool_pre_ping": True, "hide_parameters": True}  # tracebacks would show parameters
    if is_sqlite:
        options = {"hide_parameters": True, "connect_args": {"timeout": _BUSY_SECONDS, "check_same_thread": False}}
    try:
        engine = create_engine(url, **options)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        has_no_driver = isinstance(error, ModuleNotFoundError) and error.name == "psycopg"
        raise DataError(_NO_DRIVER if has_no_driver else _NO_ADDRESS) from error
    if is_sqlite:
        _prepare_sqlite(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    """Set up SQLite so that writers wait, foreign keys are enforced, and commits survive a power failure."""
    file = _file(engine.url)

    @event.listens_for(engine, "do_connect")
    def _do_connect(_dialect: Any, _record: Any, words: list[Any], options: dict[str, Any]) -> None:
        """Never create the file: an empty one in place of a deleted one would pass for the state."""
        if file is not None:
            words[:] = [f"{file.resolve().as_uri()}?mode=rw"]
            options["uri"] = True

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("only_reads") else _BEGIN_WRITE)


def _bare_address(url: URL) -> str:
    """Write an address without its account and options, which may contain passwords."""
    bare = url.set(query={})
    return (bare if url.host is None else bare._replace(username=None, password=None)).render_as_string()


def _damage_sentence(url: URL) -> str:
    return (
        f"The state at {_bare_address(url)} is damaged; stop gapbrief, and restore a backup with"
        " `gapbrief state restore FILE`."
    )


def _code(error: DatabaseError | InterfaceError) -> int:
    code: int = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF


def _error_sentence(url: URL, error: DatabaseError | InterfaceError) -> str:
    reason = str(error.orig).splitlines()[0] if error.orig else type(error).__name__
    code = _code(error)
    if code in DAMAGE:
        return _damage_sentence(url)
    if (file := _file(url)) and error.orig and is_disk_full(error.orig, file.parent):
        return f"The disk that the state at {_bare_address(url)} is on is full; free some space. Nothing was changed."
    if code in _READ_ONLY and file and file.exists():
        return (
            f"The state at {_bare_address(url)} can't be written ({reason}); let gapbrief's user write to it and its"
            f" folder, or {ELSEWHERE}."
        )
    if "locked" in reason:
        return f"The state at {_bare_address(url)} is in use by another program. Try again in a few seconds."
    for secret in filter(None, (url.password, *url.query, *map(str, url.query.values()))):
        reason = reason.replace(str(secret), "***")
    return f"The state at {_bare_address(url)} can't be used ({reason}); nothing was changed."
