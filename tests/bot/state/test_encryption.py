"""Addresses and secrets of targets are encrypted where the operator set a key, and nothing is lost without it."""

import base64
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result

from bot.newsroom import workflow
from bot.newsroom.delivery import Delivery
from bot.newsroom.targets.webhook import WebhookTarget, new_secret
from bot.newsroom.workflow import OPERATOR
from bot.settings import Settings
from bot.state import outbox, target_rows
from bot.state.backup import backup
from bot.state.database import State, open_state
from bot.state.encryption import Keys
from bot.state.opening import open_state_of
from tests.bot.conftest import Run
from tests.bot.newsroom.listener import listening
from tests.bot.newsroom.newsroom import HOUR, NOW, made

WEBHOOK, SIGNING, MAIL = "https://example.org/hook/planted-path", "whsec_planted", "mailtos://me:planted-password@x.org"
SETTINGS = Settings(Path("x"), Path("x"))
KEY, OTHER = (base64.urlsafe_b64encode(each * 32).decode() for each in (b"k", b"o"))


@pytest.fixture
def opened(tmp_path: Path, address: str) -> Iterator[Callable[..., State]]:
    """Opens the state with keys, as a start does: opened(KEY)."""
    states = []

    def open_with(*keys: str) -> State:
        settings = Settings(tmp_path / "evidence.db", tmp_path, address, secret_keys=keys)
        states.append(open_state_of(settings))
        return states[-1]

    yield open_with
    for each in states:
        each.close()


def add_targets(state: State) -> None:
    with state.begin() as connection:
        target_rows.add(connection, kind="webhook", address=WEBHOOK, secret=SIGNING, at=NOW)
        target_rows.add(connection, kind="apprise", address=MAIL, secret=None, at=NOW, guild_id=5)


def kept(state: State) -> list[tuple[str, str | None]]:
    return [(each.address, each.secret) for each in target_rows.listed(state)]


def same(state: State, *keys: str) -> State:
    """The same state, opened with keys."""
    return open_state(state.engine.url.render_as_string(hide_password=False), Keys(keys))


def planted(folder: Path) -> list[str]:
    """The files below a folder in which anything secret can be read."""
    return [each.name for each in folder.rglob("*") if each.is_file() and b"planted" in each.read_bytes()]


ALL = [(WEBHOOK, SIGNING), (MAIL, None)]


def test_without_a_key_they_are_kept_in_the_clear(opened: Callable[..., State], tmp_path: Path) -> None:
    state = opened()
    add_targets(state)
    assert kept(state) == ALL
    state.close()
    assert planted(tmp_path) == ["state.db"], "so what is looked for can be found"


def test_with_a_key_no_file_shows_them_and_they_are_used_as_before(
    opened: Callable[..., State], tmp_path: Path, address: str
) -> None:
    state = opened(KEY)
    add_targets(state)
    assert kept(state) == ALL
    backup(address, tmp_path / "copy.db")
    assert planted(tmp_path) == []
    assert [str(each) for each in target_rows.listed(state)] == [
        "webhook https://example.org/…",
        "apprise mailtos://…@x.org",
    ]


def test_what_was_kept_before_is_encrypted_at_the_next_start_and_swept_from_the_file(
    opened: Callable[..., State], tmp_path: Path
) -> None:
    state = opened()
    add_targets(state)
    with state.begin() as connection:
        gone = target_rows.add(connection, kind="webhook", address=f"{WEBHOOK}/gone", secret=SIGNING, at=NOW)
        target_rows.remove(connection, gone)
    state.close()
    again = opened(KEY)
    assert kept(again) == ALL
    assert planted(tmp_path) == []
    again.close()
    assert planted(tmp_path) == []


def test_the_sweep_that_somebody_held_up_is_made_up_for(opened: Callable[..., State], tmp_path: Path) -> None:
    state = opened()
    add_targets(state)
    with state.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM guild_targets").fetchone()
        opened(KEY).close()
    state.close()
    assert kept(opened(KEY)) == ALL
    assert planted(tmp_path) == []


def test_a_new_key_takes_over_from_an_older_one(opened: Callable[..., State]) -> None:
    add_targets(opened(KEY))
    assert kept(opened(OTHER, KEY)) == ALL
    assert kept(opened(OTHER)) == ALL
    assert kept(opened(KEY)) == [("", None), ("", None)]
    assert kept(opened(KEY, OTHER)) == ALL


def test_a_new_key_takes_over_in_any_database(state: State) -> None:
    add_targets(state)
    with closing(same(state, KEY)) as keyed:
        target_rows.encrypt_all(keyed)
        assert kept(keyed) == ALL
    assert kept(state) == [("", None), ("", None)]
    with closing(same(state, OTHER, KEY)) as keyed:
        target_rows.encrypt_all(keyed)
    with closing(same(state, OTHER)) as keyed:
        assert kept(keyed) == ALL


@pytest.mark.parametrize("keys", [(), (OTHER,)])
def test_without_the_key_all_else_works_and_nothing_is_lost(
    opened: Callable[..., State], keys: tuple[str, ...]
) -> None:
    add_targets(opened(KEY))
    state = opened(*keys)
    assert target_rows.missing_key(state) == (
        "2 targets can't be used: of each, its address is encrypted with a key that GAPBRIEF_SECRET_KEY does not have;"
        " put that key back, after a comma if there is a newer one."
    )
    with state.begin() as connection:
        target_rows.add(connection, kind="webhook", address=f"{WEBHOOK}/new", secret=SIGNING, at=NOW)
    assert kept(state) == [("", None), ("", None), (f"{WEBHOOK}/new", SIGNING)]
    brief = workflow.make(state, made(), OPERATOR, NOW)
    workflow.post(state, brief.id, None, OPERATOR, NOW)
    assert [each.status for each in outbox.of_brief(state, brief.id)] == ["pending"] * 2
    back = opened(KEY, *keys)
    assert kept(back) == [*ALL, (f"{WEBHOOK}/new", SIGNING)]
    assert target_rows.missing_key(back) is None


def test_what_was_changed_by_somebody_else_is_not_believed(opened: Callable[..., State]) -> None:
    state = opened(KEY)
    add_targets(state)
    with state.begin() as connection:
        connection.exec_driver_sql("UPDATE guild_targets SET address = secret, secret = substr(secret, 2) WHERE id = 1")
        connection.exec_driver_sql("UPDATE guild_targets SET address = substr(address, 9) WHERE id = 2")
    assert kept(state) == [(SIGNING, None), ("", None)]


async def test_a_brief_waits_for_the_key_of_its_webhook(opened: Callable[..., State]) -> None:
    async def deliver(state: State, at: datetime) -> str:
        find = partial(target_rows.by_id, state)
        delivery = Delivery(state, {"webhook": WebhookTarget(find, SETTINGS)}, "worker", lambda: at)
        await delivery.work()
        await delivery.stop(1)
        (item,) = outbox.of_brief(state, 1)
        return f"{item.status}: {item.error}"

    async with listening() as listener:
        first = opened(KEY)
        with first.begin() as connection:
            target_rows.add(connection, kind="webhook", address=listener.url, secret=new_secret(), at=NOW)
        workflow.post(first, workflow.make(first, made(), OPERATOR, NOW).id, None, OPERATOR, NOW)
        assert await deliver(opened(OTHER), NOW) == f"pending: {target_rows.UNREADABLE}"
        assert listener.told == []
        assert await deliver(opened(OTHER, KEY), NOW + HOUR) == "sent: None"
        assert len(listener.told) == 1


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
    call: Callable[..., Result], opened: Callable[..., State], address: str, tmp_path: Path
) -> None:
    state = opened(KEY)
    add_targets(state)
    backup(address, tmp_path / "copy.db")
    state.close()
    put_back = call("state", "restore", "copy.db", key=OTHER)
    assert put_back.exit_code == 0
    assert "2 targets can't be used: of each, its address is encrypted with a key" in put_back.stdout
    assert "2 targets" not in call("state", "restore", "copy.db", key=f"{OTHER},{KEY}").stdout
    assert kept(opened(OTHER)) == ALL


def test_doctor_says_what_a_key_would_add_and_which_one_is_missing(
    call: Callable[..., Result], opened: Callable[..., State]
) -> None:
    def said(key: str) -> str:
        shown = call("doctor", key=key).stdout
        return next(line for line in shown.splitlines() if " secret key " in line)

    off = "–      secret key       off; GAPBRIEF_SECRET_KEY adds encryption"
    assert said("").startswith(off)
    add_targets(opened(KEY))
    assert said("").startswith("wrong  secret key       2 targets can't be used: of each, ")
    assert said(OTHER).startswith("wrong  secret key       2 targets can't be used: of each, ")
    assert said(KEY) == "ok     secret key       targets' addresses and signing secrets are encrypted in the state"
    assert kept(opened(KEY)) == ALL
