"""The state's file: its owner's alone from its first byte on; and nothing is written once it is another one."""

import base64
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result

from bot.newsroom import workflow
from bot.newsroom.targets.webhook import new_secret
from bot.newsroom.workflow import OPERATOR
from bot.services import open_state_of
from bot.settings import Settings
from bot.state import outbox, target_rows
from bot.state.backups import make_backup, restore_backup
from bot.state.database import State, open_state
from bot.state.notes import keep_note, read_note
from bot.state.protection import Keys, StateGoneError
from core.errors import DataError
from tests.bot.conftest import Run
from tests.bot.kept import send_due
from tests.bot.newsroom.listener import listening
from tests.bot.newsroom.newsroom import HOUR, NOW, add_target, made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made" / "below"


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / "state.db"


@pytest.fixture
def opened(file: Path) -> Iterator[State]:
    with closing(open_state(f"sqlite:///{file}")) as state:
        keep_note(state, "name", "kept")
        yield state


@pytest.fixture
def permissive() -> Iterator[None]:
    """A process whose files are everybody's, unless it asks for less."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights(folder: Path) -> dict[str, int]:
    return {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in (folder, *folder.iterdir())}


# ---- its owner's alone


@pytest.mark.usefixtures("permissive")
def test_the_state_and_all_beside_it_are_made_for_their_owner_alone(folder: Path, file: Path, opened: State) -> None:
    assert rights(folder.parent) == {"made": 0o700, "below": 0o700}
    modes = rights(folder)
    assert modes.keys() >= {"state.db", "state.db-wal", "state.db-shm"}
    assert {modes.pop("below"), *modes.values()} == {0o700, 0o600}


@pytest.mark.usefixtures("permissive")
def test_it_is_so_from_the_first_byte_on(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    connect = sqlite3.dbapi2.connect

    def spy(*words: object, **options: object) -> sqlite3.Connection:
        seen.append(stat.S_IMODE(file.stat().st_mode))
        return connect(*words, **options)

    monkeypatch.setattr(sqlite3.dbapi2, "connect", spy)
    open_state(f"sqlite:///{file}").close()
    assert set(seen) == {0o600}


@pytest.mark.usefixtures("permissive")
def test_copies_are_too_also_where_they_take_the_place_of_an_open_one(
    opened: State, file: Path, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"")
    copy.chmod(0o644)
    make_backup(f"sqlite:///{file}", copy, overwrite=True)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    opened.close()
    restore_backup(f"sqlite:///{file}", copy, NOW)
    modes = rights(folder)
    assert {"state.db", f"state.db.before-{NOW:%Y%m%d-%H%M%S}"} <= modes.keys()
    assert {modes.pop("below"), *modes.values()} == {0o700, 0o600}


@pytest.mark.usefixtures("permissive")
def test_a_copy_that_is_kept_before_a_migration_is_too(file: Path, folder: Path, opened: State) -> None:
    opened.close()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 's006'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.state.database.list_migrations", lambda: ["s006", "s999"])
        patch.setattr("alembic.command.upgrade", lambda *_: None)
        open_state(f"sqlite:///{file}").close()
    assert rights(folder)["state.db.s006"] == 0o600


@pytest.mark.usefixtures("permissive")
def test_what_an_older_edition_left_open_is_closed_at_the_next_start(file: Path, folder: Path, opened: State) -> None:
    opened.close()
    (folder / "other.db").write_bytes(b"")
    names = ("state.db", "state.db.lock", "state.db.s003", "state.db.before-20261101-090000")
    for name in names:
        (folder / name).touch()
        (folder / name).chmod(0o644)
    open_state(f"sqlite:///{file}").close()
    modes = rights(folder)
    assert {modes[name] for name in names} == {0o600}
    assert modes["other.db"] == 0o666, "it is not ours"


# ---- deleted, or another one


def replace(file: Path) -> None:
    other = file.with_name("other.db")
    open_state(f"sqlite:///{other}").close()
    other.replace(file)


def move_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


ATTACKS: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "its log deleted": lambda file: Path(f"{file}-wal").unlink(),
    "all files deleted": lambda file: [path.unlink() for path in file.parent.glob("state.db*")],
    "emptied": lambda file: os.truncate(file, 0),
    "replaced": replace,
    "its folder moved": move_folder,
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_nothing_is_written_or_read_once_the_file_is_another_one_or_gone(
    opened: State, file: Path, attack: Callable[[Path], object]
) -> None:
    attack(file)
    before = sorted(file.parent.glob("*")) if file.parent.exists() else None
    for work in (lambda: keep_note(opened, "name", "lost"), lambda: read_note(opened, "name"), opened.check):
        with pytest.raises(DataError) as refused:
            work()
        assert str(refused.value) == str(StateGoneError())
        assert str(file.parent) not in str(StateGoneError())
    assert before == (sorted(file.parent.glob("*")) if file.parent.exists() else None), "none is made in its place"


def test_what_was_under_way_is_not_written_either(opened: State, file: Path) -> None:
    kept = file.with_name("kept.db")

    def write_and_lose() -> None:
        with opened.begin() as connection:
            connection.exec_driver_sql("UPDATE notes SET value = 'lost'")
            file.rename(kept)

    with pytest.raises(DataError, match="was deleted or replaced"):
        write_and_lose()
    kept.rename(file)
    assert read_note(opened, "name") == "kept"


def test_work_goes_on_when_the_same_file_is_back(opened: State, file: Path) -> None:
    move_folder(file)
    with pytest.raises(DataError):
        keep_note(opened, "name", "lost")
    file.parent.with_name("elsewhere").rename(file.parent)
    opened.check()
    keep_note(opened, "name", "later")
    assert read_note(opened, "name") == "later"


def test_who_leaves_last_and_who_comes_back_take_nothing_from_those_who_stay(opened: State, file: Path) -> None:
    for number in range(3):
        with closing(open_state(f"sqlite:///{file}")) as other:
            keep_note(other, "name", str(number))
        opened.check()
        assert read_note(opened, "name") == str(number)
        opened.engine.dispose()


# ---- addresses and secrets of targets are encrypted where the operator set a key, and nothing is lost without it


WEBHOOK, SIGNING, MAIL = "https://example.org/hook/planted-path", "whsec_planted", "mailtos://me:planted-password@x.org"
KEY, OTHER = (base64.urlsafe_b64encode(byte * 32).decode() for byte in (b"k", b"o"))


@pytest.fixture
def open_with(tmp_path: Path, address: str) -> Iterator[Callable[..., State]]:
    """Opens the state with keys, as a start does: open_with(KEY)."""
    states = []

    def open_keys(*keys: str) -> State:
        settings = Settings(tmp_path / "evidence.db", tmp_path, address, secret_keys=keys)
        states.append(open_state_of(settings))
        return states[-1]

    yield open_keys
    for state in states:
        state.close()


def add_targets(state: State) -> None:
    add_target(state, "webhook", WEBHOOK, SIGNING)
    add_target(state, "apprise", MAIL, None, guild_id=5)


def target_values(state: State) -> list[tuple[str, str | None]]:
    return [(target.address, target.secret) for target in target_rows.list_targets(state)]


def same(state: State, *keys: str) -> State:
    """The same state, opened with keys."""
    return open_state(state.engine.url.render_as_string(hide_password=False), Keys(keys))


def planted(folder: Path) -> list[str]:
    """The files below a folder in which anything secret can be read."""
    return [entry.name for entry in folder.rglob("*") if entry.is_file() and b"planted" in entry.read_bytes()]


ALL = [(WEBHOOK, SIGNING), (MAIL, None)]


def test_with_a_key_no_file_shows_them_and_they_are_used_as_before(
    open_with: Callable[..., State], tmp_path: Path, address: str
) -> None:
    state = open_with(KEY)
    add_targets(state)
    assert target_values(state) == ALL
    make_backup(address, tmp_path / "copy.db")
    assert planted(tmp_path) == []
    described = [str(target) for target in target_rows.list_targets(state)]
    assert described == ["webhook https://example.org/…", "apprise mailtos://…@x.org"]


def test_what_was_kept_without_a_key_is_encrypted_at_the_start_with_one_and_swept_from_the_file(
    open_with: Callable[..., State], tmp_path: Path
) -> None:
    state = open_with()
    add_targets(state)
    gone = add_target(state, "webhook", f"{WEBHOOK}/gone", SIGNING)
    with state.begin() as connection:
        target_rows.remove(connection, gone)
    assert target_values(state) == ALL
    state.close()
    assert planted(tmp_path) == ["state.db"], "so what is looked for can be found"
    again = open_with(KEY)
    assert target_values(again) == ALL
    assert planted(tmp_path) == []
    again.close()
    assert planted(tmp_path) == []


@pytest.mark.slow
def test_the_sweep_that_somebody_held_up_is_made_up_for(open_with: Callable[..., State], tmp_path: Path) -> None:
    state = open_with()
    add_targets(state)
    with state.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM guild_targets").fetchone()
        open_with(KEY).close()
    state.close()
    assert target_values(open_with(KEY)) == ALL
    assert planted(tmp_path) == []


def test_a_new_key_takes_over_from_an_older_one(open_with: Callable[..., State]) -> None:
    add_targets(open_with(KEY))
    assert target_values(open_with(OTHER, KEY)) == ALL
    assert target_values(open_with(OTHER)) == ALL
    assert target_values(open_with(KEY)) == [("", None), ("", None)]
    assert target_values(open_with(KEY, OTHER)) == ALL


def test_a_new_key_takes_over_in_any_database(state: State) -> None:
    add_targets(state)
    with closing(same(state, KEY)) as keyed:
        target_rows.encrypt_all(keyed)
        assert target_values(keyed) == ALL
    assert target_values(state) == [("", None), ("", None)]
    with closing(same(state, OTHER, KEY)) as keyed:
        target_rows.encrypt_all(keyed)
    with closing(same(state, OTHER)) as keyed:
        assert target_values(keyed) == ALL


def test_beside_encrypted_secrets_none_is_stored_in_the_clear(open_with: Callable[..., State], tmp_path: Path) -> None:
    add_targets(open_with(KEY))
    state = open_with()
    with pytest.raises(DataError) as refused:
        add_targets(state)
    assert str(refused.value) == (
        "The secrets in the state are encrypted, and GAPBRIEF_SECRET_KEY is not set here, so nothing was stored; try"
        " again with the settings of the service, which hold that key."
    )
    assert len(target_values(state)) == len(ALL)
    assert planted(tmp_path) == []


@pytest.mark.parametrize("keys", [(), (OTHER,)])
def test_without_the_key_all_else_works_and_nothing_is_lost(
    open_with: Callable[..., State], keys: tuple[str, ...]
) -> None:
    add_targets(open_with(KEY))
    state = open_with(*keys)
    assert target_rows.missing_key_sentence(state) == (
        "2 targets can't be used: of each, its address is encrypted with a key that GAPBRIEF_SECRET_KEY does not have;"
        " put that key back, after a comma if there is a newer one."
    )
    new = [(f"{WEBHOOK}/new", SIGNING)] if keys else []  # without any key it would be in the clear
    for address, secret in new:
        add_target(state, "webhook", address, secret)
    assert target_values(state) == [("", None), ("", None), *new]
    brief = workflow.add_draft(state, made(), OPERATOR, NOW)
    workflow.post(state, brief.id, None, OPERATOR, NOW)
    assert [item.status for item in outbox.list_items(state, brief.id)] == ["pending"] * (1 + len(new))
    back = open_with(KEY, *keys)
    assert (target_values(back), target_rows.missing_key_sentence(back)) == ([*ALL, *new], None)


def test_what_was_changed_by_somebody_else_is_not_believed(open_with: Callable[..., State]) -> None:
    state = open_with(KEY)
    add_targets(state)
    with state.begin() as connection:
        connection.exec_driver_sql("UPDATE guild_targets SET address = secret, secret = substr(secret, 2) WHERE id = 1")
        connection.exec_driver_sql("UPDATE guild_targets SET address = substr(address, 9) WHERE id = 2")
    assert target_values(state) == [(SIGNING, None), ("", None)]


async def test_a_brief_waits_for_the_key_of_its_webhook(open_with: Callable[..., State], tmp_path: Path) -> None:
    async def deliver(state: State, at: datetime) -> str:
        await send_due(state, tmp_path, at)
        (item,) = outbox.list_items(state, 1)
        return f"{item.status}: {item.error}"

    async with listening() as listener:
        first = open_with(KEY)
        add_target(first, "webhook", listener.url, new_secret())
        workflow.post(first, workflow.add_draft(first, made(), OPERATOR, NOW).id, None, OPERATOR, NOW)
        assert await deliver(open_with(OTHER), NOW) == f"pending: {target_rows.UNREADABLE}"
        assert listener.requests == []
        assert await deliver(open_with(OTHER, KEY), NOW + HOUR) == "sent: None"
        assert len(listener.requests) == 1


# ---- from the command line


@pytest.fixture
def call(run: Run, address: str) -> Callable[..., Result]:
    """A command on that state: call("newsroom", "list", key=KEY)."""
    return lambda *words, key="": run(*words, GAPBRIEF_STATE_URL=address, GAPBRIEF_SECRET_KEY=key)


def test_a_key_is_made_set_changed_and_missed(call: Callable[..., Result], tmp_path: Path) -> None:
    first, second = (call("state", "key").stdout.strip() for _ in range(2))
    assert first != second
    assert call("newsroom", "target", "add", WEBHOOK, key=first).exit_code == 0
    assert planted(tmp_path) == []
    again = call("newsroom", "target", "add", WEBHOOK, key=f"{second},{first}")
    assert (again.exit_code, " has this address already" in again.stderr) == (2, True)
    shown = call("newsroom", "list", key=first)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "webhook (its address is encrypted with a key that GAPBRIEF_SECRET_KEY does not have)" in shown.stdout
    assert "webhook https://example.org/…" in call("newsroom", "list", key=second).stdout


@pytest.mark.parametrize("key", ["planted", "planted" * 7, f"{KEY},planted", f"{KEY} {OTHER}", ","])
def test_what_is_no_key_is_said_and_not_shown(call: Callable[..., Result], key: str) -> None:
    refused = call("newsroom", "list", key=key)
    assert refused.exit_code == 1
    assert refused.output == (
        "GAPBRIEF_SECRET_KEY in the environment holds something that is not a key; `gapbrief state key` makes one.\n"
    )


def test_a_key_of_openssl_is_taken(call: Callable[..., Result]) -> None:
    standard = "+/" * 21 + "8="
    assert call("newsroom", "target", "add", WEBHOOK, key=standard).exit_code == 0
    assert "example.org" in call("newsroom", "list", key=standard.replace("+", "-").replace("/", "_")).stdout


def test_a_copy_keeps_its_key_and_says_so_when_it_is_put_back(
    call: Callable[..., Result], open_with: Callable[..., State], address: str, tmp_path: Path
) -> None:
    state = open_with(KEY)
    add_targets(state)
    make_backup(address, tmp_path / "copy.db")
    state.close()
    put_back = call("state", "restore", "copy.db", key=OTHER)
    assert put_back.exit_code == 0
    assert "2 targets can't be used: of each, its address is encrypted with a key" in put_back.stdout
    assert "2 targets" not in call("state", "restore", "copy.db", key=f"{OTHER},{KEY}").stdout
    assert target_values(open_with(OTHER)) == ALL


@pytest.mark.slow
def test_doctor_says_what_a_key_would_add_and_which_one_is_missing(
    call: Callable[..., Result], open_with: Callable[..., State]
) -> None:
    def read_check(key: str) -> str:
        shown = call("doctor", key=key).stdout
        return next(line for line in shown.splitlines() if " secret key " in line)

    off = "–      secret key       off; GAPBRIEF_SECRET_KEY adds encryption"
    assert read_check("").startswith(off)
    add_targets(open_with(KEY))
    assert read_check("").startswith("wrong  secret key       2 targets can't be used: of each, ")
    assert read_check(OTHER).startswith("wrong  secret key       2 targets can't be used: of each, ")
    assert (
        read_check(KEY) == "ok     secret key       targets' addresses and signing secrets are encrypted in the state"
    )
    assert target_values(open_with(KEY)) == ALL
