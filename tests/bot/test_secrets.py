"""Secrets that are planted in the settings and the state stand in no output that can be driven.

The signing secret of a webhook is shown once, to whoever adds it, and left out here.
"""

import base64
import http.client
import json
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import Result
from sqlalchemy.exc import IntegrityError

from bot.newsroom import workflow
from bot.services import open_state_of
from bot.settings import Settings
from bot.state import outbox, target_rows
from bot.state.state_tables import GUILD_TARGETS
from tests.bot.conftest import Cli, Run, free_port
from tests.bot.newsroom.newsroom import NOW, made

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise loads it
T = TypeVar("T")
TOKEN, KEY = "MTIzPLANTEDbot.token.x", "sk-PLANTEDkey"
HOOK, SMTP, QUERY = "PLANTEDhooktoken", "PLANTEDsmtp", "PLANTEDquery"
GHOST, BUTTONDOWN = f"ab12:{'5e' * 32}", "PLANTEDbuttondown"
KIT, WORDPRESS = "PLANTEDkit", "ann:PLAN TEDw ordp ress 1234 5678"
SECRET_KEY = base64.b64encode(b"PLANTEDSECRETKEY" * 2).decode()
MALFORMED = [
    "postgresql+psycopg://gap:PLANTEDpw@127.0.0.1:port/db", "postgresql+psycopg://gap:p@PLANTEDpw@127.0.0.1:1/db",
    "postgresql+psycopg://gap:PLANTEDpw/x@127.0.0.1:1/db", "postgresql//gap:PLANTEDpw@h/db", "gap:PLANTEDpw@h",
    "mysql://gap:PLANTEDpw@127.0.0.1:1/db", "postgresql+psycopg://gap@127.0.0.1:1/db?password=PLANTEDpw",
    "postgresql+psycopg://gap:PLANTEDpw@127.0.0.1:1/db?PLANTEDpw=1", "postgresql+psycopg://PLANTEDpw@127.0.0.1:1/db",
    "postgresql+psycopg://gap:PLANTEDpw@127.0.0.1:1", "postgresql+psycopg://gap:[PLANTEDpw@127.0.0.1:1/db",
    "nothing://gap:PLANTEDpw@h/db",
]  # fmt: skip


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "OPENAI_API_KEY": KEY,
        "GAPBRIEF_LLM_MODEL": "fake",
        "GAPBRIEF_LLM_BASE_URL": f"http://127.0.0.1:{free_port()}/v1",
        "GAPBRIEF_SECRET_KEY": SECRET_KEY,
        "GAPBRIEF_STATE_URL": f"sqlite:///{tmp_path / 'state.db'}",
        "GAPBRIEF_PORT": str(free_port()),
    }


@pytest.fixture
def planted(run: Run, environment: dict[str, str], evidence_file: Path) -> list[str]:
    """Targets with secrets, and a posted brief that is still to be sent to them; returns all that must not be shown."""
    closed = free_port()
    for address in (
        f"http://127.0.0.1:{closed}/services/{HOOK}/x?token={QUERY}",
        f"mailto://user:{SMTP}@127.0.0.1:{closed}?from=news@example.org&to=reader@example.org&mode=insecure",
    ):
        assert run("newsroom", "target", "add", address, **environment).exit_code == 0
    here = f"http://127.0.0.1:{closed}"
    for words in (
        ["ghost", here, "--key", GHOST], ["buttondown", "--key", BUTTONDOWN], ["kit", here, "--key", KIT],
        ["wordpress", here, "--key", WORDPRESS],
    ):  # fmt: skip
        assert run("newsroom", "target", "add", *words, **environment).exit_code == 0
    settings = Settings.read({**environment, "GAPBRIEF_DB": str(evidence_file), "GAPBRIEF_ENV_FILE": "/dev/null"})
    now = datetime.now(UTC)
    with closing(open_state_of(settings)) as state:
        kept = workflow.add_draft(state, made(), workflow.OPERATOR, now, guild_id=None)
        workflow.post(state, kept.id, None, workflow.OPERATOR, now)
        assert len(outbox.list_items(state, kept.id)) == 6
        signing = [row.secret for row in target_rows.list_targets(state) if row.kind == "webhook" and row.secret]
    assert len(signing) == 1
    return [
        TOKEN, KEY, HOOK, SMTP, QUERY, SECRET_KEY, GHOST, GHOST[5:], BUTTONDOWN, KIT, WORDPRESS, WORDPRESS[4:],
        signing[0], signing[0].removeprefix("whsec_"),
    ]  # fmt: skip


def whole(result: Result) -> str:
    """Return all that a command shows; what it did not expect is a traceback at its top."""
    return f"{result.stdout}{result.stderr}{result.exception or ''}"


@pytest.mark.slow
def test_no_command_shows_one(
    run: Run, environment: dict[str, str], planted: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def account(*_: object) -> list[tuple[bool, str]]:
        return [(True, "gapbrief, in 1 server")]

    monkeypatch.setattr("bot.discord.setup.as_bot", account)
    hook = f"http://127.0.0.1:1/services/{HOOK}"
    commands = (
        ["doctor"], ["doctor", "--llm"], ["usage"], ["usage", "--json"], ["newsroom", "list"], ["newsroom", "history"],
        ["newsroom", "audit"], ["newsroom", "settings"], ["newsroom", "target", "remove", "9"],
        ["newsroom", "target", "add", f"{hook} x"], ["newsroom", "target", "add", f"{hook}\x00"],
        ["newsroom", "target", "add", f"https://user:{HOOK}@example org/"],
        ["newsroom", "target", "add", f"slck://{HOOK}/x"], ["newsroom", "target", "add", f"mailto://user:{SMTP}@"],
        ["newsroom", "target", "add", f"user:{SMTP}@example.org"],
        ["newsroom", "target", "add", "ghost", "example.org", "--key", GHOST],
        ["newsroom", "target", "add", "ghost", f"https://a.org/{HOOK} x", "--key", f"{GHOST}x"],
        ["newsroom", "target", "add", hook, "--key", BUTTONDOWN], ["newsroom", "target", "test", "ghost-127.0.0.1-1"],
        ["newsroom", "target", "test", "kit-127.0.0.1-1"], ["newsroom", "target", "test", "wordpress-127.0.0.1-1"],
        ["newsroom", "target", "add", "wordpress", "https://a.org", "--key", f"{WORDPRESS} x"],
        ["newsroom", "target", "add", "buttondown", "--key", f"{BUTTONDOWN} x"], ["brief", "send", "--to", "3"],
        ["brief", "send", "--to", f"nothing://u:{SMTP}@h"],
        ["brief", "send", "--to", f"user:{SMTP}@example.org"], ["newsroom", "target", "test", f"{hook} x"],
        ["brief", "send", "--to", f"mailto://user:{SMTP}@127.0.0.1:1?to=a@example.org", "--as-of", "2026-05-22"],
        ["brief", "story", f"https://me:{SMTP}@example.org/"], ["ask", "how far behind, is the moat gone?"],
        ["gap", "--json"], ["brief", "export", "--out", str(tmp_path / "out"), "--since", "2026-01-01"],
        ["brief", "export", "--out", str(tmp_path / "site"), "--site"], ["state", "backup", str(tmp_path / "copy.db")],
        ["data", "status"], ["discord", "check"], ["chart", "--out", "/nowhere/x.png"], ["nothing", KEY],
    )  # fmt: skip
    for words in commands:
        shown = whole(run(*words, DISCORD_TOKEN=TOKEN, **environment))
        assert shown, words
        echoed = [secret for secret in planted if secret in shown and words != ["nothing", KEY]]
        assert not echoed, (words, shown)
    for file in (path for folder in ("out", "site") for path in (tmp_path / folder).rglob("*") if path.is_file()):
        assert not [secret for secret in planted if secret.encode() in file.read_bytes()], file


@pytest.mark.parametrize("address", MALFORMED)
@pytest.mark.parametrize("words", ["doctor", "newsroom list"])
@pytest.mark.slow
def test_an_address_of_the_state_shows_no_password(run: Run, address: str, words: str) -> None:
    shown = whole(run(*words.split(), GAPBRIEF_STATE_URL=address))
    assert "PLANTED" not in shown
    assert "state" in shown.lower()


@pytest.mark.parametrize("name", ["GAPBRIEF_PUBLIC_URL", "GAPBRIEF_LLM_BASE_URL", "GAPBRIEF_DB", "GAPBRIEF_DATA"])
@pytest.mark.parametrize("address", ["https://me:PLANTED@h", "me:PLANTED@h x", "postgresql://me:PLANTED@h/db"])
def test_doctor_shows_a_malformed_address_without_its_password(run: Run, name: str, address: str) -> None:
    shown = whole(run("doctor", **{name: address}))
    assert name in shown
    assert "PLANTED" not in shown


def test_a_traceback_of_the_database_shows_no_values(planted: list[str], environment: dict[str, str]) -> None:
    """What was to be written is no part of an error: a log would hold it."""
    settings = Settings.read({**environment, "GAPBRIEF_DB": "/nowhere/x.db", "GAPBRIEF_ENV_FILE": "/dev/null"})
    row = {"id": 1, "kind": "webhook", "address": HOOK, "secret": "whsec_PLANTED", "made_at": NOW}
    with closing(open_state_of(settings)) as state, state.engine.begin() as connection:
        with pytest.raises(IntegrityError) as error:  # there is one of this number
            connection.execute(GUILD_TARGETS.insert().values(row))
    assert "INSERT INTO" in str(error.value)
    assert "PLANTED" not in str(error.value)


@pytest.mark.slow
def test_the_service_shows_none_on_its_pages_and_in_its_logs(
    cli: Cli, run: Run, environment: dict[str, str], planted: list[str]
) -> None:
    """The real process, in debug mode, while it tries to send what it has to send."""
    service = cli.start("run", "--debug", **environment)
    try:
        pages = _until(lambda: _page(environment, "/healthz"))
        _until(lambda: "the service did not take it" in whole(run("newsroom", "history", **environment)))
        for path in ("/", "/metrics", "/feed.json", "/nothing"):
            pages += _page(environment, path) or ""
    finally:
        service.terminate()
        out, err = service.communicate(timeout=60)
    assert json.loads(err.splitlines()[0])
    assert "Traceback" not in out
    for secret in planted:
        assert secret not in f"{pages}{out}{err}"


def _page(environment: dict[str, str], path: str) -> str | None:
    asked = http.client.HTTPConnection("127.0.0.1", int(environment["GAPBRIEF_PORT"]), timeout=20)
    try:
        asked.request("GET", path)
        response = asked.getresponse()
        return f"{response.headers}{response.read().decode(errors='replace')}"
    except OSError:
        return None
    finally:
        asked.close()


def _until(look: Callable[[], T]) -> T:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if result := look():
            return result
        time.sleep(0.2)
    raise AssertionError("it did not come")
